"""What outlives the reminder's process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

# The names in annotations are looked up when a memory is read from text.
from pydantic import AwareDatetime, Field

#: A damaged file must not silence the reminder for longer than a day.
LONGEST_WAIT_S = 24 * 3600.0

_Count = Annotated[int, Field(ge=0)]
_Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
_Wait = Annotated[float, Field(ge=0, le=LONGEST_WAIT_S, allow_inf_nan=False)]


@dataclass(frozen=True, slots=True)
class Memory:
    """What outlives the process, for as long as it makes sense.

    Attributes
    ----------
    left_at
        When it was written, with its offset from UTC.
    sitting_s
        How long somebody had been sitting.
    number
        How often they had been reminded of it.
    wait_s
        How long no reminder was to come, after the last one or a snooze.
    paused_until
        When a pause ends by the calendar; None without one.
    """

    left_at: AwareDatetime
    sitting_s: _Seconds
    number: _Count
    wait_s: _Wait
    paused_until: AwareDatetime | None
