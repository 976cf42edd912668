"""What a person touches: the command line, and what it says."""
