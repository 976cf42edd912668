"""A set as the diary keeps it, whoever counted."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.exercises import text__player_words as player_words
from app.exercises.catalogue import dose_of, name_of
from app.exercises.timer import hold_of
from app.history.diary import CountedBy, ExerciseSet
from vision.coach.events import CoachedExercise, LegSide

if TYPE_CHECKING:
    from app.history.diary import PlannedExercise
    from vision.coach.events import FinishedSet


def coached(planned: PlannedExercise) -> CoachedExercise | None:
    """Return what a camera can count of an exercise; None when it cannot."""
    known = {exercise.value: exercise for exercise in CoachedExercise}
    return known.get(planned.exercise)


def leg(side: str) -> LegSide | None:
    """Return the leg meant by ``left`` or ``right``; None for both."""
    return LegSide(side) if side else None


def exercise_name(planned: PlannedExercise) -> str:
    """Return what an exercise is called in the diary: its id, or its own name."""
    return planned.exercise or planned.name


def camera_set(planned: PlannedExercise, finished: FinishedSet, side: str) -> ExerciseSet:
    """Return a set that a camera has counted.

    Parameters
    ----------
    side
        As it was planned; where that is empty the side that the camera saw is kept.
    """
    holds_s = [repetition.hold_s for repetition in finished.repetitions]
    seen = finished.side.value if finished.side is not None else ""
    return ExerciseSet(
        exercise=exercise_name(planned),
        repetitions=len(finished.repetitions),
        hold_s=round(float(statistics.median(holds_s)), 1) if holds_s else 0.0,
        side=side or seen,
        load=planned.load,
        counted_by=CountedBy.CAMERA,
        faults={fault.value: count for fault, count in finished.faults.items() if count},
    )


def timed_set(
    planned: PlannedExercise,
    repetitions: int,
    hold_s: float,
    side: str,
    is_corrected: bool = False,
    before: FinishedSet | None = None,
) -> ExerciseSet:
    """Return a set that a timer led through.

    Parameters
    ----------
    hold_s
        For how long the timer had each repetition held.
    is_corrected
        Whether the person has said how many there were.
    before
        What a camera has counted of the same set before it failed.
    """
    faults = before.faults if before is not None else {}
    return ExerciseSet(
        exercise=exercise_name(planned),
        repetitions=repetitions,
        hold_s=round(hold_s, 1),
        side=side,
        load=planned.load,
        counted_by=CountedBy.PERSON if is_corrected else CountedBy.TIMER,
        faults={fault.value: count for fault, count in faults.items() if count},
    )


@dataclass(frozen=True, slots=True)
class SetAtHand:
    """One set.

    Attributes
    ----------
    sets_left
        How many there are to do, this one included.
    side
        ``left``, ``right``, or empty for both.
    is_timer_led
        Whether the timer leads, although a camera could count.
    before
        What a camera has counted of it before the timer went on.
    """

    planned: PlannedExercise
    sets_left: int
    side: str
    is_timer_led: bool = False
    before: FinishedSet | None = None

    @property
    def title(self) -> str:
        """The exercise's name, with the side."""
        return " · ".join(filter(None, (name_of(self.planned), player_words.side_name(self.side))))

    @property
    def sets(self) -> str:
        """How many sets there are to do."""
        return player_words.sets_left(self.sets_left)

    @property
    def dose(self) -> str:
        """How much is to be done."""
        return f"{dose_of(self.planned)}. {self.sets}."

    @property
    def exercise(self) -> CoachedExercise | None:
        """What a camera can count of it; None when it cannot."""
        return coached(self.planned)

    @property
    def exercise_name(self) -> str:
        """Id, or the name in a person's own list."""
        return exercise_name(self.planned)

    @property
    def wanted(self) -> int:
        """How many repetitions there are to be."""
        return max(1, self.planned.repetitions)

    @property
    def hold_s(self) -> float:
        """For how long each is to be held; 0 for not at all."""
        return hold_of(self.planned)

    @property
    def leg(self) -> LegSide | None:
        """The leg that is to work; None for both."""
        return leg(self.side)

    def follows(self, earlier: SetAtHand) -> bool:
        """Tell whether this comes after that in the same exercise."""
        is_same = self.exercise_name == earlier.exercise_name
        return is_same and self.sets_left < earlier.sets_left

    def timed(self, count: int, hold_s: float, is_corrected: bool) -> ExerciseSet:
        """Return it as it was done by the clock."""
        return timed_set(self.planned, count, hold_s, self.side, is_corrected, self.before)

    def counted(self, finished: FinishedSet) -> ExerciseSet:
        """Return it as a camera has counted it."""
        return camera_set(self.planned, finished, self.side)
