"""A picture with what was found in it, and marks to move."""
