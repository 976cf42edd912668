"""What the command line gives to a desktop and to shells: menu entry and manual page."""
