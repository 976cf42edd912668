"""Clips of side-lying leg lifts, well done and not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from synthetic.exercises.clip import (
    ClipAttempt,
    ExerciseClip,
    Performer,
    Timeline,
    performer,
    random_of,
)
from synthetic.exercises.side import SideLying, side_skeleton
from vision.coach.events import CoachedExercise, FormFault, LegSide

_LOW_M, _ANY_M = (0.3, 1.0), (0.6, 1.3)
#: Between the feet and the head, and high enough for a lifted foot.
_LIFT_AIM = (0.0, -0.5, 0.38)
#: Legs that lie on one another: the upper one hangs down a little from its hip.
_TOGETHER_DEG = -6.0


def _lifter(number: int, view: str, top: str) -> Performer:
    """Draw somebody on their side; the front is towards 180 deg, with the right side up 0."""
    random = random_of(number)
    off_deg = {
        "front": float(random.uniform(-12, 12)),
        "feet": float(random.uniform(42, 54)),
        "straight": float(random.uniform(82, 90)),
    }[view]
    azimuth_deg = 180.0 + off_deg if top == "L" else -off_deg
    who = performer(number, azimuth_deg, _LOW_M if view == "front" else _ANY_M)
    place = replace(who.place, aim=_LIFT_AIM, distance_m=max(who.place.distance_m, 3.1))
    return replace(who, place=place)


def _lifts(
    name: str,
    number: int,
    view: str,
    tops: tuple[float, ...],
    *,
    pace: tuple[float, float, float, float] = (1.1, 0.4, 1.2, 0.7),
    ahead_deg: float = -4.0,
    rolls_deg: float = 0.0,
    fault: FormFault | None = None,
    counted: int | None = None,
) -> ExerciseClip:
    """Return a clip of leg lifts that reach the given angles."""
    top = "L" if number % 2 else "R"
    who = _lifter(number, view, top)
    timeline = Timeline(_TOGETHER_DEG, tuple(ClipAttempt(reach, *pace) for reach in tops))
    bent = number // 2 % 2 == 1

    def movement_at(t_s: float) -> SideLying:
        lift_deg = timeline.value(t_s)
        share = (lift_deg - _TOGETHER_DEG) / (max(tops) - _TOGETHER_DEG)
        return SideLying(
            lift_deg,
            top,
            forward_deg=-4.0 + (ahead_deg + 4.0) * min(1.0, 2 * share),
            roll_deg=rolls_deg * share,
            lower_hip_deg=30.0 if bent else 0.0,
            lower_knee_deg=60.0 if bent else 0.0,
        )

    count = len(tops) if counted is None else counted
    return ExerciseClip(
        name=name,
        kind=name.rpartition("_")[0],
        exercise=CoachedExercise.LEG_LIFT,
        view="feet" if view == "straight" else view,
        performer=who,
        movement=lambda t_s: side_skeleton(who.shape, movement_at(t_s)),
        seconds=round(timeline.seconds, 1),
        repetitions=count,
        faults=() if fault is None else (fault,),
        holds_s=(pace[1],) * count,
        side=LegSide.LEFT if top == "L" else LegSide.RIGHT,
    )


def lift(index: int, view: str) -> ExerciseClip:
    """Return clean leg lifts seen from ``front``, ``feet`` or ``straight`` along the body."""
    number = {"feet": 200, "front": 220, "straight": 240}[view] + index
    random = random_of(number)
    pace = ((1.1, 0.4, 1.2, 0.7), (1.6, 0.5, 1.7, 0.5), (0.8, 0.4, 0.8, 0.8), (1.0, 2.0, 1.0, 1.0))
    attempts = int(np.clip(round(12 / sum(pace[index % 4])), 2, 4))
    tops = tuple(float(random.uniform(29, 35)) for _ in range(attempts))
    return _lifts(f"lift_{view}_{index}", number, view, tops, pace=pace[index % 4])


def lift_low(index: int) -> ExerciseClip:
    """Return leg lifts that stay below 25 deg."""
    view = ("front", "feet", "front")[index % 3]
    return _lifts(
        f"lift_low_{index}",
        250 + index,
        view,
        (15.0, 16.0, 14.0),
        fault=FormFault.NOT_HIGH_ENOUGH,
        counted=0,
    )


def lift_high(index: int) -> ExerciseClip:
    """Return leg lifts that go beyond 40 deg."""
    view = ("front", "feet", "front")[index % 3]
    tops = (54.0, 56.0, 57.0)
    return _lifts(f"lift_high_{index}", 260 + index, view, tops, fault=FormFault.TOO_HIGH)


def lift_forward(index: int) -> ExerciseClip:
    """Return leg lifts with the thigh far in front of the trunk."""
    return _lifts(
        f"lift_forward_{index}",
        270 + index,
        "feet",
        (32.0, 33.0, 32.0),
        ahead_deg=32.0,
        fault=FormFault.THIGH_FORWARD,
    )


def lift_rolls(index: int) -> ExerciseClip:
    """Return leg lifts in which the pelvis rolls backward with the leg."""
    return _lifts(
        f"lift_rolls_{index}",
        280 + index,
        ("feet", "front", "feet")[index % 3],
        (33.0, 34.0, 33.0),
        rolls_deg=38.0,
        fault=FormFault.PELVIS_ROLLS_BACK,
    )


def lift_fast(index: int) -> ExerciseClip:
    """Return leg lifts with hardly three pictures for each way."""
    return _lifts(
        f"lift_fast_{index}",
        290 + index,
        "front",
        (32.0,) * 5,
        pace=(0.3, 0.2, 0.3, 0.6),
        fault=FormFault.TOO_FAST,
        counted=0,
    )
