"""Benchmarks: speed and memory beside bare MediaPipe."""
