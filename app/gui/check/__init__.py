"""The Check page: one photograph, or several, measured."""
