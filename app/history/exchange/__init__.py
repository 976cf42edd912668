"""The history as files: written, read, merged."""
