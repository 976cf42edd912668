"""Plays one set of an exercise, with the camera watching if wished."""
