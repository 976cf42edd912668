"""Colours, icons, dates."""
