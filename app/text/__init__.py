"""What is said, and with which words."""
