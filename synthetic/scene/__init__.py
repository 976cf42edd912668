"""Scenes: drawn from a seed, lit, rendered, with their truth."""
