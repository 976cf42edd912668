"""Counts repetitions of lying exercises in front of a camera, and watches their form."""
