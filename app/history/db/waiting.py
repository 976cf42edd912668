"""How long something has waited to be deleted for good, whatever the clock says.

What lies in the bin, or was set aside, goes after a number of days. By the clock alone a wrong
date would delete at once what was put away a minute ago. So the days are counted by the openings
of the history: a small file beside it says when the last one was, and how long each thing had
waited then. From one opening to the next a week at most is counted. A clock that was set
forward and back again takes back what it gave; a leap of more than a year is no time at all.
"""

from __future__ import annotations

import json
import math
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from app.history import values
from app.history.place import write_private_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_DAY_US = 24 * 3600 * 1_000_000
#: An opening that comes sooner after another one is not worth writing down.
_SOON_US = _DAY_US // 24
_MOST_US, _LEAP_US = 7 * _DAY_US, 366 * _DAY_US
_SEEN, _WAITED = "seen_us", "waited_us"


def count_waiting(path: Path, since_us: Mapping[str, int]) -> dict[str, float]:
    """Count the time since the last opening, and return how many days each thing has waited.

    Parameters
    ----------
    path
        Where that is kept; there is no such file while nothing waits.
    since_us
        What waits, by its name, and when it began to, microseconds since 1970 by the clock
        of that time.

    Raises
    ------
    OSError
        If it cannot be kept.
    """
    if not since_us:
        path.unlink(missing_ok=True)
        return {}
    now_us = values.utc_us(values.now())
    seen_us, known_us = _read(path)
    gone_us = _credible_us(now_us - seen_us)
    waited_us = {
        name: max(
            known_us[name] + gone_us if name in known_us else _credible_us(now_us - begun_us), 0
        )
        for name, begun_us in since_us.items()
    }
    if known_us.keys() != waited_us.keys() or not 0 <= now_us - seen_us < _SOON_US:
        text = json.dumps({_SEEN: now_us, _WAITED: waited_us})
        write_private_file(path, text.encode())
    return {name: waited / _DAY_US for name, waited in waited_us.items()}


def _credible_us(gap_us: int) -> int:
    if abs(gap_us) > _LEAP_US:
        return 0
    return max(-_MOST_US, min(gap_us, _MOST_US))


def _read(path: Path) -> tuple[int, dict[str, int]]:
    """Return when the last opening was and what had waited then; nothing of a broken file."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        found: Any = json.loads(path.read_bytes())
        known = {str(name): _whole(waited) for name, waited in dict(found[_WAITED]).items()}
        return _whole(found[_SEEN]), known
    return 0, {}


def _whole(number: Any) -> int:
    if not isinstance(number, int | float) or not math.isfinite(number):
        raise TypeError(number)
    return int(number)
