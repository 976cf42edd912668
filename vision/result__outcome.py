"""What became of one photograph named on the command line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vision.result import Measured, Rejected

if TYPE_CHECKING:
    from pathlib import Path


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


@dataclass(frozen=True, slots=True)
class Kept:
    """What stays of one photograph besides its outcome.

    Attributes
    ----------
    overlay
        The picture that was drawn for it, or None.
    check_id
        Its number in the history, or None.
    """

    overlay: Path | None = None
    check_id: int | None = None
