"""What there is to do today, worked out from the diary; no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.exercises.catalogue import exercise_text, known_id
from app.exercises.routine import ROUTINE_MINUTES, minutes_of, progressed, usual_plan
from app.history.diary import EntryKind, ExerciseSet, Pain, Plan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.gui.exercises.diary import DiaryNews
    from app.history.diary import Entry, PlannedExercise


_SIDES = "left", "right"


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


def key_of(planned: PlannedExercise) -> str:
    """Return what sets and pains of an exercise are kept under."""
    return planned.exercise or planned.name


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


def tasks(news: DiaryNews, now: datetime) -> tuple[Task, ...]:
    """Return the exercises of today, in order; arguments as for :func:`plan_day`."""
    return plan_day(news, now)[0]


def plan_day(news: DiaryNews, now: datetime) -> tuple[tuple[Task, ...], tuple[Task, ...]]:
    """Return the exercises of today, in order, and those that come another day.

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
    made = [_task(planned, news, now, is_own=own is not None) for planned in plan.exercises]
    if own is not None:
        return tuple(made), ()
    # What is begun stays; then comes what has waited longest.
    by_turn = sorted(made, key=lambda task: (not task.done, _last_day(task, news, now)))
    today: list[Task] = []
    for task in by_turn:
        more = [one for one in made if one in today or one is task]
        if not today or task.done or _minutes(more) < ROUTINE_MINUTES:
            today = more
    return tuple(today), tuple(task for task in made if task not in today)


def _minutes(made: Sequence[Task]) -> float:
    return minutes_of(Plan(tuple(task.planned for task in made)))


def _last_day(task: Task, news: DiaryNews, now: datetime) -> date:
    """Return when an exercise was last done before today."""
    days = [
        entry.at.date()
        for entry in news.of(EntryKind.EXERCISE)
        if _key(entry) == task.key and entry.at.date() < now.date()
    ]
    return max(days, default=date.min)


def own_plan(news: DiaryNews, now: datetime) -> Plan | None:
    """Return the person's own list; None for the usual routine."""
    entry = news.newest(EntryKind.PLAN, now)
    plan = None if entry is None else entry.content
    return plan if isinstance(plan, Plan) and plan.exercises else None


def _task(planned: PlannedExercise, news: DiaryNews, now: datetime, is_own: bool) -> Task:
    key, today = key_of(planned), now.date()
    about = [entry for entry in news.entries if _key(entry) == key]
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
    progress = progressed(planned, before)
    return Task(progress.planned, progress.sentence, done_today, hurt_at)


def _key(entry: Entry) -> str | None:
    content = entry.content
    return content.exercise if isinstance(content, ExerciseSet | Pain) else None


def _hurt_at(about: Sequence[Entry]) -> datetime | None:
    pains = [entry.at for entry in about if entry.kind is EntryKind.PAIN]
    sets = [entry.at for entry in about if entry.kind is EntryKind.EXERCISE]
    if not pains or any(at.date() > pains[-1].date() for at in sets):
        return None
    return pains[-1]


#: For an exercise with a name of its own.
_REST_S = 60.0
#: Between the sides the one that worked rests while the other does.
_CHANGE_SIDES_S = 15.0


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
        known = known_id(planned.exercise)
        rest_s = _REST_S if known is None else exercise_text(known).rest_s
        changes = self.next is not None and self.next.side == "right"
        return min(rest_s, _CHANGE_SIDES_S) if changes else rest_s
