"""Two times: one that nobody can set, sleep included, and the calendar's."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment.

    Attributes
    ----------
    elapsed_s
        Seconds, never falling, which pass while the computer sleeps, too. Only differences
        mean something.
    local
        By the calendar, with its offset from UTC; may be set to anything at any time.
    """

    elapsed_s: float
    local: datetime


def now() -> Instant:
    """Return this moment."""
    return Instant(elapsed_s(), datetime.now(UTC).astimezone())


def elapsed_s() -> float:
    """Return seconds that pass while the computer sleeps, too."""
    if sys.platform.startswith("linux"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":
        # Python's own monotonic clock stands still there during sleep; this one does not.
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.monotonic()
