"""How the reminder stands goes to the window as one line."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.breaks.protocol import ReminderState, state_from_json, state_to_json

_MINUTES = st.floats(0, 1e6)
_STATES = st.builds(
    ReminderState,
    is_on=st.booleans(),
    next_in_min=st.none() | _MINUTES,
    sitting_min=_MINUTES,
    is_due=st.booleans(),
    paused_until=st.none() | st.datetimes(datetime(1970, 1, 2), timezones=st.timezones()),
    is_quiet=st.booleans(),
    knows_idle=st.booleans(),
    has_tray=st.booleans(),
    suggestion=st.text(st.characters(exclude_categories=["Cs"])),
)


def _ended_twice(fold: int) -> datetime:
    """Return a time in the hour that occurs twice when summer time ends."""
    return datetime(2026, 10, 25, 2, 30, fold=fold, tzinfo=ZoneInfo("Europe/Berlin"))


@example(ReminderState(paused_until=_ended_twice(0)))
@example(ReminderState(paused_until=_ended_twice(1)))
@given(_STATES)
def test_a_state_is_the_same_after_its_way(state: ReminderState) -> None:
    line = state_to_json(state)
    assert "\n" not in line
    assert state_from_json(line) == state


@pytest.mark.parametrize("fold", [0, 1])
def test_the_hour_that_occurs_twice_stays_the_one_it_is(fold: int) -> None:
    until = state_from_json(
        state_to_json(ReminderState(paused_until=_ended_twice(fold)))
    ).paused_until
    assert until is not None
    assert until.timestamp() == _ended_twice(fold).timestamp()


@pytest.mark.parametrize(
    "line",
    [
        *("", "{", "[]", "null", '{"next_in_min": -1}', '{"is_on": 7}'),
        *('{"sitting_min": "NaN"}', '{"paused_until": "2026-06-01T10:00:00"}'),
    ],
)
def test_a_line_that_is_no_state_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="ReminderState"):
        state_from_json(line)
