"""Several pictures at once: a series of one stance, or a batch of checks."""
