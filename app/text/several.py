"""What is said where there are several: people in one picture, or pictures at once."""

from __future__ import annotations

WHICH_PERSON = "Click the person you mean"
PERSON_NUMBER = "Person {number}, from the left"
