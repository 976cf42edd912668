"""Tests, arranged as the modules they test."""
