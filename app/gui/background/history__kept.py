"""What a page is told once a check has been kept."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kept:
    """A check that is in the history now.

    Attributes
    ----------
    check_id
        Given by the database.
    change
        A sentence on the change since the last check measured the same way, or empty.
    """

    check_id: int
    change: str = ""
