"""Which checks a list shows, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from vision.result import Method


class RowOrder(StrEnum):
    """How a list is sorted; checks that are alike in it come newest first."""

    NEWEST = "newest"
    OLDEST = "oldest"
    MOST_FORWARD = "most_forward"
    LEAST_FORWARD = "least_forward"
    METHOD = "method"
    METHOD_REVERSED = "method_reversed"
    GARMENT = "garment"
    GARMENT_REVERSED = "garment_reversed"
    ARMS = "arms"
    ARMS_REVERSED = "arms_reversed"
    NOTE = "note"
    NOTE_REVERSED = "note_reversed"


@dataclass(frozen=True, slots=True)
class RowQuery:
    """What a check must be to be in a list.

    Attributes
    ----------
    profile_id
        Whose checks; None for everybody's.
    method
        Only checks whose answer is by this method.
    garment
        Only checks in these very clothes; empty for those where nobody said.
    text
        Only checks whose garment or note holds this, in any case of letters.
    since, until
        Only checks taken then or later, or before then (aware).
    order
        How they are sorted.
    """

    profile_id: int | None
    method: Method | None = None
    garment: str | None = None
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None
    order: RowOrder = RowOrder.NEWEST
