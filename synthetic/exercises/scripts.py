"""Clips of exercises, well done and not, and what a coach ought to make of them."""

from __future__ import annotations

from itertools import chain, zip_longest

import numpy as np

from synthetic.exercises.clip import (
    ClipAttempt,
    ExerciseClip,
    Performer,
    Timeline,
    performer,
    random_of,
)
from synthetic.exercises.lifts import (
    lift,
    lift_fast,
    lift_forward,
    lift_high,
    lift_low,
    lift_rolls,
)
from synthetic.exercises.others import other_clips
from synthetic.exercises.pose import Bridge, bridge_skeleton, resting_hip_deg
from synthetic.scene.film import ramp
from vision.coach.events import CoachedExercise, FormFault, LegSide

_LOW_M = (0.3, 1.0)
#: More than any clip's number, and whole turns of everything that goes by turns.
_A_CAST = 1200
#: Phases of a repetition, s: up, hold, down, rest.
_PACES = (
    (2.0, 0.5, 2.0, 0.6),
    (1.3, 2.0, 1.3, 0.8),
    (0.75, 0.4, 0.75, 0.7),
    (1.1, 0.3, 1.2, 0.5),
    (1.6, 5.0, 1.6, 0.6),
    (1.0, 0.5, 1.0, 2.4),
)
_USUAL = (1.2, 0.8, 1.2, 0.7)


def _from_side(number: int) -> Performer:
    facing_deg = 180.0 if number % 2 else 0.0
    yaw_deg = float(random_of(number).uniform(-15, 15))
    return performer(number, facing_deg + yaw_deg, _LOW_M)


def _bridges(
    name: str,
    number: int,
    tops: tuple[float, ...],
    pace: tuple[float, float, float, float],
    *,
    knee_deg: float = 104.0,
    fault: FormFault | None = None,
    counted: int | None = None,
) -> ExerciseClip:
    """Return a clip of bridges that reach the given angles."""
    who = _from_side(number)
    start_deg = resting_hip_deg(who.shape, knee_deg)
    timeline = Timeline(start_deg, tuple(ClipAttempt(top, *pace) for top in tops))
    count = len(tops) if counted is None else counted
    return ExerciseClip(
        name=name,
        kind=name.rpartition("_")[0],
        exercise=CoachedExercise.GLUTE_BRIDGE,
        view="side",
        performer=who,
        movement=lambda t_s: bridge_skeleton(who.shape, Bridge(timeline.value(t_s), knee_deg)),
        seconds=round(timeline.seconds, 1),
        repetitions=count,
        faults=() if fault is None else (fault,),
        holds_s=(pace[1],) * count,
    )


def _bridge(index: int) -> ExerciseClip:
    number = index
    random = random_of(number)
    pace = _PACES[index % len(_PACES)]
    attempts = 2 if pace[1] > 4 else int(np.clip(round(11 / sum(pace)), 3, 5))
    tops = tuple(float(random.uniform(169, 177)) for _ in range(attempts))
    return _bridges(f"bridge_{index}", number, tops, pace, knee_deg=float(random.uniform(97, 116)))


def _bridge_half(index: int) -> ExerciseClip:
    tops = ((174.0, 151.0, 173.0, 175.0), (150.0, 173.0, 152.0, 174.0, 175.0))[index % 2]
    full = sum(top > 165 for top in tops)
    return _bridges(
        f"bridge_half_{index}",
        100 + index,
        tops,
        _PACES[3],
        fault=FormFault.NOT_HIGH_ENOUGH,
        counted=full,
    )


def _bridge_low(index: int) -> ExerciseClip:
    random = random_of(110 + index)
    tops = tuple(float(random.uniform(149, 153)) for _ in range(4))
    return _bridges(
        f"bridge_low_{index}",
        110 + index,
        tops,
        _PACES[3],
        fault=FormFault.NOT_HIGH_ENOUGH,
        counted=0,
    )


def _bridge_arched(index: int) -> ExerciseClip:
    random = random_of(120 + index)
    tops = tuple(float(random.uniform(194, 200)) for _ in range(3))
    return _bridges(
        f"bridge_arched_{index}", 120 + index, tops, _USUAL, fault=FormFault.OVER_ARCHED
    )


def _bridge_near(index: int) -> ExerciseClip:
    knee_deg = (72.0, 76.0, 68.0)[index % 3]
    return _bridges(
        f"bridge_near_{index}",
        130 + index,
        (173.0, 174.0, 172.0),
        _USUAL,
        knee_deg=knee_deg,
        fault=FormFault.FEET_TOO_NEAR,
    )


def _bridge_far(index: int) -> ExerciseClip:
    return _bridges(
        f"bridge_far_{index}",
        140 + index,
        (176.0, 177.0, 176.0),
        _USUAL,
        knee_deg=146.0 + 3 * (index % 2),
        fault=FormFault.FEET_TOO_FAR,
        # With the feet so far away the hips are never bent enough for a start.
        counted=0,
    )


def _bridge_fast(index: int) -> ExerciseClip:
    return _bridges(
        f"bridge_fast_{index}",
        150 + index,
        (173.0,) * 5,
        (0.3, 0.2, 0.3, 0.6),
        fault=FormFault.TOO_FAST,
        counted=0,
    )


def _single(index: int, *, drops: bool = False) -> ExerciseClip:
    number = (170 if drops else 160) + index
    who = _from_side(number)
    free = "L" if index // 2 % 2 else "R"
    knee_deg, up_deg = 102.0, (0.0, 18.0)[index % 2]
    top_deg, begin_s = 173.0, 1.5
    held_s = 3.5 if drops else 6.0
    gone_s = begin_s + 1.4 + held_s
    start_deg = resting_hip_deg(who.shape, knee_deg)

    def bridge(t_s: float) -> Bridge:
        up = ramp(t_s, begin_s, begin_s + 1.4)
        sunk = ramp(t_s, gone_s, gone_s + 0.9) if drops else 0.0
        leave_s = gone_s + (3.0 if drops else 0.0)
        down = ramp(t_s, leave_s, leave_s + 1.3)
        hip_deg = top_deg - 18.0 * sunk
        hip_deg = start_deg + (hip_deg - start_deg) * (up - down)
        return Bridge(hip_deg, knee_deg, free, up_deg, 10.0 * sunk * (1 - down))

    kind = "single_drop" if drops else "single"
    return ExerciseClip(
        name=f"{kind}_{index}",
        kind=kind,
        exercise=CoachedExercise.SINGLE_LEG_BRIDGE,
        view="side",
        performer=who,
        movement=lambda t_s: bridge_skeleton(who.shape, bridge(t_s)),
        seconds=round(gone_s + (3.0 if drops else 0.0) + 2.8, 1),
        repetitions=1,
        faults=(FormFault.HIP_DROPS,) if drops else (),
        holds_s=(held_s,),
        side=LegSide.RIGHT if free == "L" else LegSide.LEFT,
    )


def all_clips(cast: int = 0) -> tuple[ExerciseClip, ...]:
    """Return every clip, kind by kind in turn, so that the first ones show every kind.

    Parameters
    ----------
    cast
        Each has bodies, clothes, rooms and cameras of its own; limits were chosen on 0 to 3.
    """
    first = _A_CAST * cast

    def each(count: int) -> range:
        return range(first, first + count)

    kinds = (
        [_bridge(i) for i in each(12)],
        [lift(i, "front") for i in each(6)],
        [lift(i, "feet") for i in each(6)],
        [_single(i) for i in each(4)],
        [_bridge_half(i) for i in each(4)],
        [_bridge_low(i) for i in each(3)],
        [_bridge_arched(i) for i in each(3)],
        [_bridge_near(i) for i in each(3)],
        [_bridge_far(i) for i in each(2)],
        [_bridge_fast(i) for i in each(3)],
        [_single(i, drops=True) for i in each(3)],
        [lift_low(i) for i in each(3)],
        [lift_high(i) for i in each(3)],
        [lift_forward(i) for i in each(2)],
        [lift_rolls(i) for i in each(3)],
        [lift_fast(i) for i in each(2)],
        list(other_clips(first)),
        [lift(i, "straight") for i in each(2)],
    )
    turns = chain.from_iterable(zip_longest(*kinds))
    return tuple(clip for clip in turns if clip is not None)
