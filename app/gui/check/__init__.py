"""The Check page: one photograph, measured."""
