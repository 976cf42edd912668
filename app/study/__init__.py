"""Agreement studies: the same photographs, several raters, several times."""
