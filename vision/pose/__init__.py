"""Landmarks of a body. Nothing else imports mediapipe."""
