"""What to say about a measurement, and with which words."""
