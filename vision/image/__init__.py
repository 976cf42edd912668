"""Pictures: every file format, upright, in RGB."""
