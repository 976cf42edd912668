"""Figures on speed, memory and steadiness: ``python -m benchmarks`` lists them."""
