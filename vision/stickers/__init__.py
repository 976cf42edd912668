"""Coloured stickers on the bony points."""
