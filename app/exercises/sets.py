"""A set as the diary keeps it, whoever counted."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

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
