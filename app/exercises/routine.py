"""Exercises and their doses: the usual routine, how it is told, how long it takes, how it grows."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from app.history.diary import ExerciseId, ExerciseSet, Pain, Plan, PlannedExercise
from app.text.language import texts
from app.text.languages.wording import number_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.history.diary import Entry
    from app.text.language import ExerciseTexts

#: A day's usual routine stays below this.
ROUTINE_MINUTES = 10.0
#: Up, down and a breath, beside the hold.
_REPETITION_S = 4.0
#: Between two sets of an exercise that is not known.
_REST_S = 30.0

#: How far doses grow: repetitions first, then hold, then load (docs/MEASUREMENT.md).
_MOST_REPETITIONS = 15
_LONGEST_HOLD_S = {
    ExerciseId.GLUTE_SQUEEZE: 10.0,
    ExerciseId.SINGLE_LEG_BRIDGE: 30.0,
    ExerciseId.LEG_LIFT: 2.0,
}
_USUAL_LONGEST_HOLD_S = 5.0
_NO_LOAD = frozenset({ExerciseId.GLUTE_SQUEEZE})
_STEP = 0.10
#: Training days in a row on which all of it was done, before there is more.
_FULL_DAYS = 2
#: A hold that the camera timed counts from this share of it on.
_HELD = 0.8
#: After pain.
_LESS = 0.8

_SETS_MOST, _REPETITIONS_MOST = 10, 50
_HOLD_LEAST_S, _HOLD_MOST_S = 1.0, 120.0
_MINUTES_MOST = 30.0


@dataclass(frozen=True, slots=True)
class NextDose:
    """The next dose.

    Attributes
    ----------
    planned
        The dose.
    sentence
        Why it is not the one of last time; empty when it is.
    """

    planned: PlannedExercise
    sentence: str = ""


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
    words, hold = texts().dose, number_text(planned.hold_s)
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


def usual_plan() -> Plan:
    """Return the routine for everybody; it takes less than ten minutes."""
    return Plan(tuple(usual_dose(exercise) for exercise in ExerciseId))


def minutes_of(plan: Plan) -> float:
    """Return about how long a routine takes, rests between the sets included."""
    work_s = sum(_work_s(one) for one in plan.exercises)
    rests_s = [_rest_s(one) for one in plan.exercises for _ in range(_sets(one))]
    return (work_s + sum(rests_s[:-1])) / 60.0


def exercise_of(entry: Entry) -> str | None:
    """Return the key of the exercise that a set or a pain is of; None for anything else."""
    content = entry.content
    return content.exercise if isinstance(content, ExerciseSet | Pain) else None


def progressed(planned: PlannedExercise, done: Sequence[Entry]) -> NextDose:
    """Return today's dose of an exercise, after all that was done so far.

    A dose grows by a tenth, and by one at least, when all of it was done on two training days
    in a row (the counter stops at the target, so reaching it stands for beating it). First
    repetitions, then the hold, then load. After pain there is less.

    Parameters
    ----------
    planned
        The dose that it all began with.
    done
        Sets and pains of the diary, oldest first, as far as they are to count; what belongs
        to other exercises is passed over.
    """
    now, full_days = NextDose(planned), 0
    own = [entry for entry in done if exercise_of(entry) == key_of(planned)]
    for _, entries in groupby(own, lambda entry: entry.at.date()):
        day = [entry.content for entry in entries]
        sets = [content for content in day if isinstance(content, ExerciseSet)]
        has_hurt = len(sets) < len(day)
        is_full = not has_hurt and _is_full(now.planned, sets)
        full_days = full_days + 1 if is_full else 0
        if has_hurt:
            now = _less(now.planned, planned)
        elif full_days == _FULL_DAYS:
            now, full_days = _more(now.planned, planned), 0
        else:
            now = NextDose(now.planned)
    return now


def check_dose(planned: PlannedExercise) -> tuple[str, ...]:
    """Say what of a dose makes no sense, and what would be usual; nothing when all is fine."""
    words = texts().dose
    said = []
    if planned.sets < 1:
        said.append(words.too_few_sets)
    elif planned.sets > _SETS_MOST:
        said.append(words.too_many_sets.format(sets=planned.sets))
    if planned.repetitions < 1:
        said.append(words.too_few_repetitions)
    elif planned.repetitions > _REPETITIONS_MOST:
        said.append(words.too_many_repetitions.format(repetitions=planned.repetitions))
    if not math.isfinite(planned.hold_s):
        said.append(words.no_number)
    elif planned.hold_s and planned.hold_s < _HOLD_LEAST_S:
        said.append(words.too_short_hold)
    elif planned.hold_s > _HOLD_MOST_S:
        said.append(words.too_long_hold.format(hold=number_text(planned.hold_s)))
    if not said and (minutes := minutes_of(Plan((planned,)))) > _MINUTES_MOST:
        said.append(words.too_long_in_all.format(minutes=round(minutes)))
    return tuple(said)


def _sets(planned: PlannedExercise) -> int:
    return planned.sets * (2 if planned.each_side else 1)


def _work_s(planned: PlannedExercise) -> float:
    # A list from a damaged file still has to be shown.
    hold_s = planned.hold_s if math.isfinite(planned.hold_s) else 0.0
    return _sets(planned) * planned.repetitions * (hold_s + _REPETITION_S)


def _rest_s(planned: PlannedExercise) -> float:
    text = exercise_text(planned)
    return _REST_S if text is None else text.rest_s


def _is_full(planned: PlannedExercise, sets: Sequence[ExerciseSet]) -> bool:
    """Tell whether all of a dose was done, on each side if so planned."""

    def is_whole(one: ExerciseSet) -> bool:
        held = one.hold_s >= _HELD * planned.hold_s
        return one.repetitions >= planned.repetitions and held

    sides = ("left", "right") if planned.each_side else (None,)
    return all(
        sum(is_whole(one) and side in (None, one.side) for one in sets) >= planned.sets
        for side in sides
    )


def _more(now: PlannedExercise, base: PlannedExercise) -> NextDose:
    words, known = texts().dose, known_id(now.exercise)
    if known is None:
        return NextDose(now)  # a physiotherapist's own exercise grows when they say so
    # What is one long hold from the start grows by its hold alone.
    if base.repetitions > 1 and now.repetitions < _MOST_REPETITIONS:
        more = min(_step(now.repetitions), _MOST_REPETITIONS - now.repetitions)
        text = words.one_more_repetition if more == 1 else words.more_repetitions
        return NextDose(replace(now, repetitions=now.repetitions + more), text.format(more=more))
    longest_s = _LONGEST_HOLD_S.get(known, _USUAL_LONGEST_HOLD_S)
    if now.hold_s < longest_s:
        more_s = min(_step(now.hold_s), longest_s - now.hold_s)
        sentence = words.longer_hold.format(more=number_text(more_s))
        return NextDose(replace(now, hold_s=now.hold_s + more_s), sentence)
    if known in _NO_LOAD or now.load:
        return NextDose(now)
    fewer, shorter_s = min(now.repetitions, base.repetitions), min(now.hold_s, base.hold_s)
    loaded = replace(now, load=words.light_load, repetitions=fewer, hold_s=shorter_s)
    return NextDose(loaded, words.more_load)


def _less(now: PlannedExercise, base: PlannedExercise) -> NextDose:
    """Take one step down, the other way round than :func:`_more` goes up."""
    words = texts().dose
    if now.load != base.load:
        return NextDose(replace(now, load=base.load), words.less)
    if now.repetitions > 1:
        fewer = max(1, int(now.repetitions * _LESS))
        return NextDose(replace(now, repetitions=fewer), words.less)
    if now.hold_s > _HOLD_LEAST_S:
        shorter_s = max(_HOLD_LEAST_S, float(int(now.hold_s * _LESS)))
        return NextDose(replace(now, hold_s=shorter_s), words.less)
    return NextDose(now, words.least)


def _step(value: float) -> int:
    return max(1, int(value * _STEP))
