"""What a desktop is told of the program: its place in the menu, and starting with the session."""
