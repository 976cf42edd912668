"""What there is to do today, worked out from the diary; no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.exercises.routine import (
    ROUTINE_MINUTES,
    exercise_of,
    exercise_text,
    key_of,
    minutes_of,
    progressed,
    usual_plan,
)
from app.history.change.experiment import Planned
from app.history.diary import EntryKind, ExerciseSet, Experiment, Plan
from app.history.progress import progress_of
from app.text.change import experiment, progress

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.history.diary import Entry, PlannedExercise
    from app.history.records import Squeeze


_SIDES = "left", "right"
#: For an exercise with a name of its own.
_REST_S = 60.0
#: Between the sides the one that worked rests while the other does.
_CHANGE_SIDES_S = 15.0


@dataclass(frozen=True, slots=True)
class DiaryNews:
    """What is known of one person; all of it oldest first.

    Attributes
    ----------
    entries
        Screenings, pains, self-checks, sets and lists.
    squeezes
        Squeeze tests with the camera.
    """

    entries: tuple[Entry, ...] = ()
    squeezes: tuple[Squeeze, ...] = ()

    def of(self, *kinds: EntryKind) -> tuple[Entry, ...]:
        """Return the entries of these kinds."""
        return tuple(entry for entry in self.entries if entry.kind in kinds)

    def newest(self, kind: EntryKind, now: datetime) -> Entry | None:
        """Return the newest entry of a kind.

        One from the future comes last: it was written before the clock was set back.
        """
        found = self.of(kind)
        past = [entry for entry in found if entry.at <= now]
        return past[-1] if past else found[-1] if found else None


@dataclass(frozen=True, slots=True)
class Turn:
    """One set that is to be done.

    Attributes
    ----------
    side
        ``left``, ``right``, or empty for both.
    sets_left
        How many there are to do of this exercise, this one included.
    """

    side: str
    sets_left: int


@dataclass(frozen=True, slots=True)
class Task:
    """One exercise of today.

    Attributes
    ----------
    planned
        Today's dose.
    why
        Why it is not the dose of last time; empty when it is.
    done
        Today's sets.
    hurt_at
        When it last hurt, if it has not been done on a later day since; else None.
    """

    planned: PlannedExercise
    why: str = ""
    done: tuple[ExerciseSet, ...] = ()
    hurt_at: datetime | None = None

    @property
    def key(self) -> str:
        """What sets and pains of it are kept under."""
        return key_of(self.planned)

    @property
    def wanted(self) -> int:
        """How many sets there are in all."""
        return self.planned.sets * (len(_SIDES) if self.planned.each_side else 1)

    @property
    def is_done(self) -> bool:
        """Whether there is no set left."""
        return not turns(self.planned, self.done)


@dataclass(frozen=True, slots=True)
class Day:
    """What there is to do and to know on a day.

    Attributes
    ----------
    tasks
        The exercises, in order.
    later
        Those that come another day.
    is_own
        Whether they are from a list that somebody typed in.
    habit
        On how many days of this week something was done; empty for none.
    planned
        Whether this week is one with exercises, where weeks were planned; else empty.
    checked_at, screened_at
        When the self-check and the questions before exercising were last answered.
    """

    tasks: tuple[Task, ...] = ()
    later: tuple[Task, ...] = ()
    is_own: bool = False
    habit: str = ""
    planned: str = ""
    checked_at: datetime | None = None
    screened_at: datetime | None = None

    @property
    def minutes(self) -> float:
        """How long all of it takes."""
        return _minutes(self.tasks)


def day_of(news: DiaryNews, now: datetime) -> Day:
    """Return the day that a diary leads to.

    A list that somebody typed in is shown as it was typed; only after a pain is there less.
    Of the usual routine a day holds less than ten minutes: once doses have grown, what was
    done most recently comes another day.

    Parameters
    ----------
    now
        Of this computer's clock, with its offset from UTC.
    """
    own = own_plan(news, now)
    plan = own if own is not None else usual_plan()
    made = tuple(_task(planned, news, now, is_own=own is not None) for planned in plan.exercises)
    today = made if own is not None else _in_ten_minutes(made, news, now)
    checks, screened = news.of(EntryKind.SELF_CHECK), news.newest(EntryKind.SCREENING, now)
    return Day(
        tasks=today,
        later=tuple(task for task in made if task not in today),
        is_own=own is not None,
        habit=progress.summary(progress_of(news.entries, news.squeezes), now.date()),
        planned=_planned_week(news, now),
        checked_at=checks[-1].at if checks else None,
        screened_at=None if screened is None else screened.at,
    )


def _planned_week(news: DiaryNews, now: datetime) -> str:
    """Say whether this is a week with exercises or without, if such weeks were planned."""
    entry = news.newest(EntryKind.EXPERIMENT, now)
    if entry is None or not isinstance(entry.content, Experiment):
        return ""
    plan = Planned(entry.id, entry.at.date(), entry.content.weeks)
    week = plan.week_of(now.date())
    return "" if week is None else experiment.describe_week(plan, week)


def next_after(day: Day, task: Task) -> Task | None:
    """Return the exercise that comes next after this one and is still to be done."""
    keys = [one.key for one in day.tasks]
    place = keys.index(task.key) + 1 if task.key in keys else 0
    order = [*day.tasks[place:], *day.tasks[:place]]
    return next(
        (one for one in order if one.key != task.key and not one.is_done and one.hurt_at is None),
        None,
    )


def own_plan(news: DiaryNews, now: datetime) -> Plan | None:
    """Return the person's own list; None for the usual routine."""
    entry = news.newest(EntryKind.PLAN, now)
    plan = None if entry is None else entry.content
    return plan if isinstance(plan, Plan) and plan.exercises else None


def turns(planned: PlannedExercise, done: Sequence[ExerciseSet] = ()) -> tuple[Turn, ...]:
    """Return the sets that are still to be done, in order; sides take turns.

    Parameters
    ----------
    done
        Sets of this exercise that count already.
    """
    sides = _SIDES if planned.each_side else ("",)
    if planned.each_side:
        counts = {side: sum(one.side == side for one in done) for side in sides}
        counts["left"] += sum(one.side not in sides for one in done)
    else:
        counts = {"": len(done)}
    order = [
        side for number in range(planned.sets) for side in sides if number >= counts.get(side, 0)
    ]
    return tuple(Turn(side, len(order) - place) for place, side in enumerate(order))


class Training:
    """The sets of one exercise that are left today, one after the other.

    Parameters
    ----------
    task
        What is to be done; when it is done already, all of it once more.
    profile_id
        Whose sets they are, whoever is shown later.
    """

    def __init__(self, task: Task, profile_id: int) -> None:
        self.task, self.profile_id = task, profile_id
        self.done: list[ExerciseSet] = []
        self._left = list(turns(task.planned, task.done) or turns(task.planned))

    @property
    def next(self) -> Turn | None:
        """The set that comes next; None when there is none left."""
        return self._left[0] if self._left else None

    @property
    def left(self) -> int:
        """How many sets are left."""
        return len(self._left)

    def take(self, done: ExerciseSet) -> None:
        """Count a set."""
        self.done.append(done)
        self._left = self._left[1:]

    @property
    def rest_s(self) -> float:
        """How long the rest before the next set is."""
        planned = self.task.planned
        text = exercise_text(planned)
        rest_s = _REST_S if text is None else text.rest_s
        changes = self.next is not None and self.next.side == "right"
        return min(rest_s, _CHANGE_SIDES_S) if changes else rest_s


def _in_ten_minutes(made: Sequence[Task], news: DiaryNews, now: datetime) -> tuple[Task, ...]:
    # What is begun stays; then comes what has waited longest.
    by_turn = sorted(made, key=lambda task: (not task.done, _last_day(task, news, now)))
    today: list[Task] = []
    for task in by_turn:
        more = [one for one in made if one in today or one is task]
        if not today or task.done or _minutes(more) < ROUTINE_MINUTES:
            today = more
    return tuple(today)


def _minutes(made: Sequence[Task]) -> float:
    return minutes_of(Plan(tuple(task.planned for task in made)))


def _last_day(task: Task, news: DiaryNews, now: datetime) -> date:
    """Return when an exercise was last done before today."""
    days = [
        entry.at.date()
        for entry in news.of(EntryKind.EXERCISE)
        if exercise_of(entry) == task.key and entry.at.date() < now.date()
    ]
    return max(days, default=date.min)


def _task(planned: PlannedExercise, news: DiaryNews, now: datetime, is_own: bool) -> Task:
    key, today = key_of(planned), now.date()
    about = [entry for entry in news.entries if exercise_of(entry) == key]
    hurt_at = _hurt_at(about)
    done_today = tuple(
        entry.content
        for entry in about
        if entry.at.date() == today and isinstance(entry.content, ExerciseSet)
    )
    if is_own and hurt_at is None:
        return Task(planned, "", done_today)
    # Sets of today change the dose of the next day only, pains that of today.
    before = [entry for entry in about if entry.at.date() != today or entry.kind is EntryKind.PAIN]
    dose = progressed(planned, before)
    return Task(dose.planned, dose.sentence, done_today, hurt_at)


def _hurt_at(about: Sequence[Entry]) -> datetime | None:
    pains = [entry.at for entry in about if entry.kind is EntryKind.PAIN]
    sets = [entry.at for entry in about if entry.kind is EntryKind.EXERCISE]
    if not pains or any(at.date() > pains[-1].date() for at in sets):
        return None
    return pains[-1]
