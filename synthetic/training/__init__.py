"""The contour model's pictures and its training."""
