"""Judges the shipped program on bodies it never saw."""
