"""The sample pictures and their people."""
