"""What helps somebody who is new or stuck."""
