"""What is said to somebody who is new."""
