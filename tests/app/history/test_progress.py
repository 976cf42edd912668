"""What was done, counted by day, week and month."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.history.diary import (
    Break,
    BreakKind,
    Content,
    Entry,
    ExerciseSet,
    Pain,
    Plan,
    Screening,
    ScreeningOutcome,
    SelfCheck,
)
from app.history.progress import Period, Progress, Unit, level_of, progress_of, read_progress
from app.history.records import Ability, Squeeze, SqueezeAnswers
from tests.app.history.made_up import WHEN
from vision.live.events import SqueezeResult

if TYPE_CHECKING:
    from app.history.records import Profile
    from app.history.store import History

BERLIN = ZoneInfo("Europe/Berlin")
YES = SqueezeAnswers(Ability.YES, Ability.YES, Ability.YES)
MIXED = SqueezeAnswers(Ability.YES, Ability.NO, None)
SET, TAKEN, AWAY = (
    ExerciseSet("glute_bridge", 10),
    Break(BreakKind.TAKEN),
    Break(BreakKind.AWAY, 6.0),
)


def at(day: int, hour: int = 12, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=BERLIN)


def entry(when: datetime, content: Content) -> Entry:
    return Entry(1, 1, when, content)


def squeeze(when: datetime, answers: SqueezeAnswers) -> Squeeze:
    return Squeeze(1, when, SqueezeResult(5.0, 3.0, 7.0, True, ()), answers, id=1, saved_at=when)


def test_without_entries_there_is_nothing() -> None:
    nothing = progress_of([])
    assert nothing == Progress()
    assert nothing.weeks_in_a_row(date(2026, 3, 4)) == 0
    assert nothing.week_of(date(2026, 3, 4)) == Period(
        Unit.WEEK, date(2026, 3, 2), date(2026, 3, 8)
    )


def test_a_day_counts_sets_exercises_breaks_and_the_last_answers() -> None:
    entries = [
        entry(at(4, 9), SET),
        entry(at(4, 9), ExerciseSet("leg_lift", 0, hold_s=20.0)),
        entry(at(4, 10), TAKEN),
        entry(at(4, 11), AWAY),
        entry(at(4, 12), AWAY),
        entry(at(4, 18), SelfCheck(MIXED)),
        entry(at(4, 8), SelfCheck(YES)),
    ]
    assert progress_of(entries).days == (
        Period(
            Unit.DAY,
            date(2026, 3, 4),
            date(2026, 3, 4),
            exercise_days=1,
            sets=2,
            exercises=2,
            breaks_taken=1,
            breaks_away=2,
            self_checks=2,
            answers=MIXED,
        ),
    )


def test_weeks_begin_on_monday_and_months_on_the_first() -> None:
    progress = progress_of([entry(at(1), SET), entry(at(2), SET), entry(at(31), SET)])
    assert [(one.first, one.last) for one in progress.weeks] == [
        (date(2026, 2, 23), date(2026, 3, 1)),
        (date(2026, 3, 2), date(2026, 3, 8)),
        (date(2026, 3, 30), date(2026, 4, 5)),
    ]
    (month,) = progress.months
    assert (month.first, month.last) == (date(2026, 3, 1), date(2026, 3, 31))
    assert (month.exercise_days, month.exercises) == (3, 1)
    assert progress.week_of(date(2026, 3, 8)) == progress.weeks[1]


@pytest.mark.parametrize(
    "content",
    [
        ExerciseSet("glute_bridge", 0),
        SelfCheck(SqueezeAnswers()),
        Pain("glute_bridge"),
        Screening(ScreeningOutcome.CLEAR),
        Plan(),
    ],
    ids=lambda content: type(content).__name__,
)
def test_what_was_not_done_is_not_counted(content: Content) -> None:
    assert progress_of([entry(at(4), content)]) == Progress()


def test_answers_of_squeeze_tests_are_self_checks() -> None:
    squeezes = [squeeze(at(5), YES), squeeze(at(6), SqueezeAnswers())]
    progress = progress_of([entry(at(3), SelfCheck(MIXED))], squeezes)
    assert [day.answers for day in progress.days] == [MIXED, YES]
    assert progress.weeks[0].self_checks == 2
    assert progress.weeks[0].answers == YES


def test_a_day_is_the_day_of_the_clock_on_the_wall() -> None:
    auckland, honolulu = timezone(timedelta(hours=13)), timezone(timedelta(hours=-10))
    progress = progress_of(
        [
            entry(datetime(2026, 3, 5, 0, 30, tzinfo=auckland), TAKEN),
            entry(datetime(2026, 3, 4, 23, 30, tzinfo=honolulu), TAKEN),
            entry(datetime(2026, 3, 4, 23, 59, 59, 999999, tzinfo=UTC), TAKEN),
        ]
    )
    assert [(day.first.day, day.breaks) for day in progress.days] == [(4, 2), (5, 1)]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "America/Santiago"])
def test_no_hour_is_lost_when_the_clock_changes(zone: str) -> None:
    """A break every hour of a year; Santiago changes its clock at midnight."""
    first = datetime(2026, 1, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    last = datetime(2027, 1, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    hours = (last - first) // timedelta(hours=1)
    moments = [(first + timedelta(hours=n)).astimezone(ZoneInfo(zone)) for n in range(hours)]
    progress = progress_of(entry(moment, TAKEN) for moment in moments)
    assert len(progress.days) == 365
    assert sorted({day.breaks for day in progress.days}) == [23, 24, 25]
    assert sum(day.breaks for day in progress.days) == hours
    assert len(progress.months) == 12
    assert all((b.first - a.first).days == 7 for a, b in itertools.pairwise(progress.weeks))


def test_weeks_in_a_row_wait_for_the_week_under_way() -> None:
    days = [3, 5, 10, 14, 16, 20]  # two in each of three weeks from 2 March on
    entries = [entry(at(day), SET) for day in days]
    progress = progress_of(entries)
    assert progress.weeks_in_a_row(date(2026, 3, 20)) == 3
    assert progress.weeks_in_a_row(date(2026, 3, 16)) == 3
    assert progress.weeks_in_a_row(date(2026, 3, 29)) == 3
    assert progress.weeks_in_a_row(date(2026, 3, 30)) == 0
    gap = progress_of([one for one in entries if one.at.day != 10])
    assert gap.weeks_in_a_row(date(2026, 3, 20)) == 1


def test_the_ends_of_the_calendar_do_no_harm() -> None:
    ends = [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]
    progress = progress_of([entry(end, SET) for end in ends])
    assert progress.weeks[0].first == date.min
    assert progress.weeks[1].last == date.max
    assert progress.weeks_in_a_row(date.min) == 0


@pytest.mark.parametrize(
    ("answers", "level"),
    [
        (YES, Ability.YES),
        (MIXED, Ability.PARTLY),
        (SqueezeAnswers(left=Ability.NO), Ability.NO),
        (SqueezeAnswers(Ability.PARTLY, Ability.PARTLY), Ability.PARTLY),
        (SqueezeAnswers(), None),
    ],
)
def test_answers_in_one_word(answers: SqueezeAnswers, level: Ability | None) -> None:
    assert level_of(answers) is level


CONTENTS = st.sampled_from([SET, TAKEN, AWAY, SelfCheck(YES), ExerciseSet("leg_lift", 3)])
OFFSETS = st.integers(-12 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=OFFSETS)


@given(st.lists(st.tuples(MOMENTS, CONTENTS), max_size=60), st.randoms(use_true_random=False))
def test_all_units_count_the_same(kept: list[tuple[datetime, Content]], random: object) -> None:
    entries = [entry(moment, content) for moment, content in kept]
    progress = progress_of(entries)
    random.shuffle(entries)  # type: ignore[attr-defined]
    again = progress_of(entries)
    for days, group in ((progress.days, again.days), (progress.weeks, again.weeks)):
        assert [(one.first, one.sets, one.breaks) for one in days] == [
            (one.first, one.sets, one.breaks) for one in group
        ]
    for group in (progress.days, progress.weeks, progress.months):
        contents = [content for _, content in kept]
        assert sum(one.breaks for one in group) == contents.count(TAKEN) + contents.count(AWAY)
        assert sum(one.sets for one in group) == sum(isinstance(c, ExerciseSet) for c in contents)
        assert sum(one.self_checks for one in group) == contents.count(SelfCheck(YES))
        assert sum(one.exercise_days for one in group) == len(
            {moment.date() for moment, content in kept if isinstance(content, ExerciseSet)}
        )
        assert all(a.last < b.first for a, b in itertools.pairwise(group))


def test_it_is_read_from_the_history(history: History, me: Profile) -> None:
    other = history.add_profile("Anna")
    history.note_all(me.id, [(WHEN, SET), (WHEN, AWAY), (WHEN, Pain())])
    history.note(other.id, WHEN, TAKEN)
    (day,) = read_progress(history, me.id).days
    assert (day.first, day.sets, day.breaks_taken, day.breaks_away) == (WHEN.date(), 1, 0, 1)
