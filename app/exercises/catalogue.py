"""The exercises that Beltline knows: their names, what is said about them, and usual doses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.history.diary import ExerciseId, PlannedExercise
from app.text.language import texts

if TYPE_CHECKING:
    from app.text.language import ExerciseTexts


def exercise_text(planned: PlannedExercise) -> ExerciseTexts | None:
    """Return what is said about an exercise.

    ``seen_from`` says where a camera has to be, after "it has to see you", and is empty where
    none can see it; ``hold_s`` and ``rest_s`` are seconds at the top and between two sets.

    Returns
    -------
    ExerciseTexts or None
        None for one with a name of its own, or that this version does not know.
    """
    known = known_id(planned.exercise)
    return None if known is None else texts().exercises[known]


def usual_dose(exercise: ExerciseId) -> PlannedExercise:
    """Return how much of an exercise one begins with."""
    found = texts().exercises[exercise]
    return PlannedExercise(
        exercise=exercise.value,
        sets=found.sets,
        repetitions=found.repetitions,
        hold_s=found.hold_s,
        each_side=found.each_side,
    )


def known_id(exercise: str) -> ExerciseId | None:
    """Return the exercise of this id, or None for one that this version does not know."""
    return ExerciseId(exercise) if exercise in set(ExerciseId) else None


def key_of(planned: PlannedExercise) -> str:
    """Return what sets and pains of an exercise are kept under: its id, or its own name."""
    return planned.exercise or planned.name


def name_of(planned: PlannedExercise) -> str:
    """Return the name of an exercise in a list."""
    text = exercise_text(planned)
    return text.name if text is not None else planned.name or planned.exercise


def dose_of(planned: PlannedExercise) -> str:
    """Say a dose, e.g. ``2 sets of 10, hold 3 s, each side``."""
    words, hold = texts().dose, f"{planned.hold_s:g}"
    is_held, is_hold = planned.hold_s > 0, planned.hold_s > 0 and planned.repetitions == 1
    if planned.sets == 1:
        sets = words.one_hold_of_one if is_hold else words.one_set
    else:
        sets = words.several_holds if is_hold else words.several_sets
    parts = [sets.format(sets=planned.sets, repetitions=planned.repetitions, hold=hold)]
    if is_held and not is_hold:
        parts.append(words.one_hold.format(hold=hold))
    if planned.each_side:
        parts.append(words.each_side)
    return ", ".join(parts)
