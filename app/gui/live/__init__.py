"""The Live page: a check in front of the camera."""
