"""Exercises: which there are, what is due today, the timer, questions before. No Qt here."""
