"""Films of people in motion."""
