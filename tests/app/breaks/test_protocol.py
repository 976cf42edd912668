"""What window and reminder say to each other arrives as it was said, and nothing else counts."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from app.breaks.preferences import ReminderPreferences
from app.breaks.protocol import (
    News,
    Order,
    ReminderState,
    Wanted,
    Word,
    news_line,
    read_news,
    read_wanted,
    wanted_line,
)

_AS_TEXT = TypeAdapter(ReminderState)
_MINUTES = st.floats(0, 1e6)
_STATES = st.builds(
    ReminderState,
    is_on=st.booleans(),
    next_in_min=st.none() | _MINUTES,
    sitting_min=_MINUTES,
    can_stand=st.booleans(),
    is_standing=st.booleans(),
    standing_min=_MINUTES,
    is_due=st.booleans(),
    paused_until=st.none() | st.datetimes(datetime(1970, 1, 2), timezones=st.timezones()),
    is_quiet=st.booleans(),
    knows_idle=st.booleans(),
    has_tray=st.booleans(),
    suggestion=st.text(st.characters(exclude_categories=["Cs"])),
    silence=st.text(st.characters(exclude_categories=["Cs"])),
)

PREFERENCES = ReminderPreferences(is_on=True, interval_min=30, quiet_days=(5, 6), profile_id=3)


@pytest.mark.parametrize(
    "order",
    [order for order in Order if order not in (Order.SNOOZE, Order.PAUSE, Order.PREFERENCES)],
)
def test_an_order_arrives(order: Order) -> None:
    assert read_wanted(wanted_line(Wanted(order))) == Wanted(order)


@given(minutes=st.integers(1, 1440), order=st.sampled_from((Order.SNOOZE, Order.PAUSE)))
def test_minutes_arrive(minutes: int, order: Order) -> None:
    assert read_wanted(wanted_line(Wanted(order, minutes))) == Wanted(order, minutes)


def test_preferences_arrive() -> None:
    line = wanted_line(Wanted(Order.PREFERENCES, preferences=PREFERENCES))
    wanted = read_wanted(line)
    assert wanted is not None
    assert b"\n" not in line
    assert wanted.preferences == PREFERENCES


@given(
    word=st.sampled_from((Word.STATE, Word.DUE)),
    next_in_min=st.none() | st.floats(0, 1e4),
    sitting_min=st.floats(0, 1e4),
    paused_until=st.none() | st.datetimes(timezones=st.just(UTC)),
    flags=st.lists(st.booleans(), min_size=5, max_size=5),
    suggestion=st.text(),
)
def test_a_state_arrives(
    word: Word,
    next_in_min: float | None,
    sitting_min: float,
    paused_until: datetime | None,
    flags: list[bool],
    suggestion: str,
) -> None:
    is_on, is_due, is_quiet, knows_idle, has_tray = flags
    state = ReminderState(
        is_on=is_on,
        next_in_min=next_in_min,
        sitting_min=sitting_min,
        is_due=is_due,
        paused_until=paused_until,
        is_quiet=is_quiet,
        knows_idle=knows_idle,
        has_tray=has_tray,
        suggestion=suggestion,
    )
    line = news_line(News(word, state))
    assert b"\n" not in line
    assert read_news(line) == News(word, state)


def test_a_farewell_arrives() -> None:
    assert read_news(news_line(News(Word.LEAVING))) == News(Word.LEAVING)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b"7",
        b"\xff\xfe",
        b"[" * 50_000,
        b'{"order": "dance"}',
        b'{"order": 3}',
        b'{"order": "snooze"}',
        b'{"order": "snooze", "minutes": "10"}',
        b'{"order": "snooze", "minutes": true}',
        b'{"order": "pause", "minutes": 0}',
        b'{"order": "pause", "minutes": 1441}',
        b'{"order": "preferences"}',
        b'{"order": "preferences", "preferences": [1]}',
        b'{"order": "preferences", "preferences": {"interval_min": 4}}',
    ],
)
def test_nonsense_is_no_order(line: bytes) -> None:
    assert read_wanted(line) is None


@given(line=st.binary(max_size=80))
def test_no_line_breaks_the_reader(line: bytes) -> None:
    assert read_wanted(line) is None
    assert read_news(line) is None


@pytest.mark.parametrize(
    "line",
    [b"{}", b'{"word": "state"}', b'{"word": "state", "state": {"paused_until": "never"}}'],
)
def test_nonsense_is_no_news(line: bytes) -> None:
    assert read_news(line) is None


def _ended_twice(fold: int) -> datetime:
    """Return a time in the hour that occurs twice when summer time ends."""
    return datetime(2026, 10, 25, 2, 30, fold=fold, tzinfo=ZoneInfo("Europe/Berlin"))


@example(ReminderState(paused_until=_ended_twice(0)))
@example(ReminderState(paused_until=_ended_twice(1)))
@given(_STATES)
def test_a_state_is_the_same_after_its_way(state: ReminderState) -> None:
    line = _AS_TEXT.dump_json(state)
    assert b"\n" not in line
    assert _AS_TEXT.validate_json(line) == state


@pytest.mark.parametrize("fold", [0, 1])
def test_the_hour_that_occurs_twice_stays_the_one_it_is(fold: int) -> None:
    line = _AS_TEXT.dump_json(ReminderState(paused_until=_ended_twice(fold)))
    until = _AS_TEXT.validate_json(line).paused_until
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
        _AS_TEXT.validate_json(line)
