"""The two bony points: marked by hand or by stickers, and the angle between them."""
