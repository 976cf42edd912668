"""Exercises: the catalogue, what is due today, the timer, questions before. No Qt here."""
