"""What a person did, day by day, week by week and month by month; values only, no database.

An entry belongs to the day that its own clock showed, so that neither travelling nor a change
to or from summer time moves it to another.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from app.history.diary import Break, BreakKind, EntryKind, ExerciseSet, SelfCheck
from app.history.records import Ability, SqueezeAnswers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.history.diary import Content, Entry
    from app.history.records import Squeeze
    from app.history.store import History

#: On so many days a week at least, exercises count as kept up (MEASUREMENT.md, section 7).
DAYS_A_WEEK = 2
_WEEK_DAYS = 7


class Unit(StrEnum):
    """What is counted together."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """What was done in a day, a week from Monday on, or a month.

    Attributes
    ----------
    unit
        Which of these it is.
    first, last
        Its days, both included.
    exercise_days
        On how many of them there was a set.
    sets
        Sets with at least one repetition or hold.
    exercises
        How many different exercises they were of.
    breaks_taken, breaks_away
        Breaks that the person said they took, and that keyboard and mouse told of.
    self_checks
        How often the self-check was answered, by itself or with a squeeze test.
    answers
        The last answers, or None.
    """

    unit: Unit
    first: date
    last: date
    exercise_days: int = 0
    sets: int = 0
    exercises: int = 0
    breaks_taken: int = 0
    breaks_away: int = 0
    self_checks: int = 0
    answers: SqueezeAnswers | None = None

    @property
    def breaks(self) -> int:
        """All breaks."""
        return self.breaks_taken + self.breaks_away


@dataclass(frozen=True, slots=True)
class Progress:
    """Periods in which something was done, oldest first."""

    days: tuple[Period, ...] = ()
    weeks: tuple[Period, ...] = ()
    months: tuple[Period, ...] = ()

    def week_of(self, day: date) -> Period:
        """Return the week that a day lies in, whether or not something was done in it."""
        week = _empty(Unit.WEEK, day)
        return next((one for one in reversed(self.weeks) if one.first == week.first), week)

    def weeks_in_a_row(self, today: date) -> int:
        """Return for how many weeks up to now there were exercises on two days or more.

        The week that is under way counts once it has them, and breaks no row before.
        """
        kept_up = {
            week.first.toordinal() for week in self.weeks if week.exercise_days >= DAYS_A_WEEK
        }
        monday, count = _empty(Unit.WEEK, today).first.toordinal(), 0
        if monday not in kept_up:
            monday -= _WEEK_DAYS
        while monday - count * _WEEK_DAYS in kept_up:
            count += 1
        return count


def read_progress(history: History, profile_id: int) -> Progress:
    """Read what a person did from the history; takes a while, so call from a thread."""
    wanted = EntryKind.EXERCISE, EntryKind.BREAK, EntryKind.SELF_CHECK
    return progress_of(history.entries(profile_id, *wanted), history.squeezes(profile_id))


def progress_of(entries: Iterable[Entry], squeezes: Iterable[Squeeze] = ()) -> Progress:
    """Count what entries of the diary and the answers of squeeze tests tell of one person.

    Parameters
    ----------
    entries
        In any order; those about other things are passed over.
    squeezes
        Those without any answer are passed over.
    """
    done = [(entry.at, entry.content) for entry in entries]
    done += [(one.taken_at, SelfCheck(one.answers)) for one in squeezes]
    days: dict[date, list[Content]] = {}
    for at, content in sorted(done, key=lambda one: (one[0].date(), one[0])):
        if _counts(content):
            days.setdefault(at.date(), []).append(content)
    return Progress(*(_periods(unit, days) for unit in Unit))


def level_of(answers: SqueezeAnswers) -> Ability | None:
    """Return what a self-check says in one word; None where nothing was said.

    Yes and no only where all that was said is the same.
    """
    said = {answers.both, answers.left, answers.right} - {None}
    if not said:
        return None
    return said.pop() if len(said) == 1 else Ability.PARTLY


def _counts(content: Content) -> bool:
    """Tell whether something was done; a set that was left at once was not."""
    if isinstance(content, ExerciseSet):
        return content.repetitions > 0 or content.hold_s > 0
    if isinstance(content, SelfCheck):
        return level_of(content.answers) is not None
    return isinstance(content, Break) and content.how is not BreakKind.STOOD


def _periods(unit: Unit, days: dict[date, list[Content]]) -> tuple[Period, ...]:
    found: dict[Period, list[list[Content]]] = {}
    for day, contents in days.items():
        found.setdefault(_empty(unit, day), []).append(contents)
    return tuple(_counted(period, contents) for period, contents in found.items())


def _counted(period: Period, days: list[list[Content]]) -> Period:
    """Return a period with what was done on its days."""
    contents = [one for day in days for one in day]
    sets = [one for one in contents if isinstance(one, ExerciseSet)]
    breaks = [one.how for one in contents if isinstance(one, Break)]
    answers = [one.answers for one in contents if isinstance(one, SelfCheck)]
    return replace(
        period,
        exercise_days=sum(any(isinstance(one, ExerciseSet) for one in day) for day in days),
        sets=len(sets),
        exercises=len({one.exercise for one in sets}),
        breaks_taken=breaks.count(BreakKind.TAKEN),
        breaks_away=breaks.count(BreakKind.AWAY),
        self_checks=len(answers),
        answers=answers[-1] if answers else None,
    )


def _empty(unit: Unit, day: date) -> Period:
    """Return the period that a day lies in, with nothing done."""
    if unit is Unit.DAY:
        return Period(unit, day, day)
    if unit is Unit.MONTH:
        last = monthrange(day.year, day.month)[1]
        return Period(unit, day.replace(day=1), day.replace(day=last))
    monday = day.toordinal() - day.weekday()  # year 1 began with a Monday
    sunday = min(monday + _WEEK_DAYS - 1, date.max.toordinal())
    return Period(unit, date.fromordinal(monday), date.fromordinal(sunday))
