"""The exercises in words, and doses in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.history.diary import ExerciseId, PlannedExercise
from app.text.language import texts

if TYPE_CHECKING:
    from app.text.language import DoseTexts


@dataclass(frozen=True, slots=True)
class ExerciseText:
    """One exercise.

    Attributes
    ----------
    id
        Which.
    name, purpose
        For lists; why one does it.
    seen_from
        From where a camera has to see it, after "it has to see you"; empty where none can.
    steps, faults
        How it goes, and what often goes wrong.
    dose
        The usual dose in words.
    sets, repetitions, hold_s, each_side, rest_s
        The usual dose; seconds at the top, and between two sets.
    """

    id: ExerciseId
    name: str
    purpose: str
    seen_from: str
    steps: tuple[str, ...]
    faults: tuple[str, ...]
    dose: str
    sets: int
    repetitions: int
    hold_s: float
    each_side: bool
    rest_s: float

    @property
    def planned(self) -> PlannedExercise:
        """The usual dose."""
        return PlannedExercise(
            exercise=self.id.value,
            sets=self.sets,
            repetitions=self.repetitions,
            hold_s=self.hold_s,
            each_side=self.each_side,
        )


def exercise_text(exercise: ExerciseId) -> ExerciseText:
    """Return what is said about an exercise."""
    found = texts().exercises[exercise]
    planned = PlannedExercise(
        exercise.value, "", found.sets, found.repetitions, found.hold_s, found.each_side
    )
    return ExerciseText(
        id=exercise,
        name=found.name,
        purpose=found.purpose,
        seen_from=found.seen_from,
        steps=found.steps,
        faults=found.faults,
        dose=dose_of(planned),
        sets=found.sets,
        repetitions=found.repetitions,
        hold_s=found.hold_s,
        each_side=found.each_side,
        rest_s=found.rest_s,
    )


def all_exercises() -> tuple[ExerciseText, ...]:
    """Return every exercise, the easiest first."""
    return tuple(exercise_text(one) for one in ExerciseId)


def known_id(exercise: str) -> ExerciseId | None:
    """Return the exercise of this id, or None for one that this version does not know."""
    return ExerciseId(exercise) if exercise in set(ExerciseId) else None


def name_of(planned: PlannedExercise) -> str:
    """Return the name of an exercise in a list."""
    known = known_id(planned.exercise)
    if known is not None:
        return texts().exercises[known].name
    return planned.name or planned.exercise


def dose_of(planned: PlannedExercise) -> str:
    """Say a dose, e.g. ``2 sets of 10, hold 3 s, each side``."""
    words = texts().dose
    parts = [_sets(planned, words)]
    if planned.repetitions != 1 and planned.hold_s > 0:
        parts.append(words.one_hold.format(hold=_seconds(planned.hold_s)))
    if planned.each_side:
        parts.append(words.each_side)
    return ", ".join(parts)


def _sets(planned: PlannedExercise, words: DoseTexts) -> str:
    is_hold = planned.repetitions == 1 and planned.hold_s > 0
    if is_hold:
        text = words.one_hold_of_one if planned.sets == 1 else words.several_holds
    else:
        text = words.one_set if planned.sets == 1 else words.several_sets
    hold = _seconds(planned.hold_s)
    return text.format(sets=planned.sets, repetitions=planned.repetitions, hold=hold)


def _seconds(seconds: float) -> str:
    return f"{seconds:g}"
