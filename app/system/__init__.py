"""What differs by desktop, and other processes."""
