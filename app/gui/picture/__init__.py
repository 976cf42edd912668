"""A picture with what was found in it."""
