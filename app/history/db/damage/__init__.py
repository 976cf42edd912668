"""What can happen to a database file by itself, and what to do about it."""
