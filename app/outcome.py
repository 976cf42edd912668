"""What became of one photograph named on the command line."""

from __future__ import annotations

from dataclasses import dataclass

from vision.result import Measured, Rejected


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that gave no result: no picture came from it, or measuring it failed.

    Attributes
    ----------
    code
        For programs: ``unreadable``, ``too_large`` or ``internal_error``.
    message, fix
        One plain sentence each: what is wrong, and what to do about it.
    """

    code: str
    message: str
    fix: str


Outcome = Measured | Rejected | Unreadable
