"""Marking the bony points and a plumb line on a picture."""
