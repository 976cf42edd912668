"""Work that must not hold up the screen."""
