"""Clips of other movements: whatever is coached, there is no repetition in them."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from synthetic.exercises.clip import (
    ClipAttempt,
    ExerciseClip,
    Movement,
    Performer,
    Timeline,
    performer,
    seen_higher,
)
from synthetic.exercises.moves import (
    lying_skeleton,
    rolling_skeleton,
    sit_up_skeleton,
    squat_skeleton,
    walking_skeleton,
)
from synthetic.exercises.pose import Bridge, bridge_skeleton, resting_hip_deg
from synthetic.exercises.side import SideLying, side_skeleton
from vision.coach.events import CoachedExercise

if TYPE_CHECKING:
    from synthetic.body.pose import Skeleton
    from synthetic.exercises.limbs import Shape

_FIRST = 300
_LYING_M = (0.3, 1.0)
_BRIDGE, _LIFT = CoachedExercise.GLUTE_BRIDGE, CoachedExercise.LEG_LIFT


def _over_time(top: float, seconds: float, *, count: int = 3, start: float = 0.0) -> Timeline:
    """Return a few goes from one value to another, each as long as told."""
    return Timeline(start, (ClipAttempt(top, seconds, 0.5, seconds, 0.7),) * count)


def _squats(shape: Shape) -> Movement:
    timeline = _over_time(1.0, 1.1)
    return lambda t_s: squat_skeleton(shape, timeline.value(t_s))


def _walk(shape: Shape) -> Movement:
    def at(t_s: float) -> Skeleton:
        there = walking_skeleton(shape, math.sin(2 * math.pi * t_s / 1.1))
        ahead = np.array([0.0, 2.2 - 0.7 * t_s, 0.0])
        return replace(there, heads=there.heads + ahead)

    return at


def _march(shape: Shape) -> Movement:
    return lambda t_s: walking_skeleton(shape, math.sin(2 * math.pi * t_s / 1.5), knees_up=1.0)


def _still(shape: Shape) -> Movement:
    bridge = Bridge(resting_hip_deg(shape, 104.0), 104.0)
    there = bridge_skeleton(shape, bridge)
    return lambda t_s: there


def _straight_leg(shape: Shape) -> Movement:
    timeline = _over_time(55.0, 1.3)
    return lambda t_s: lying_skeleton(shape, legs_up_deg=(timeline.value(t_s), 0.0))


def _sit_ups(shape: Shape) -> Movement:
    timeline = _over_time(1.0, 1.3)
    return lambda t_s: sit_up_skeleton(shape, timeline.value(t_s))


def _rolls(shape: Shape) -> Movement:
    timeline = _over_time(90.0, 1.6, count=2)
    return lambda t_s: rolling_skeleton(shape, timeline.value(t_s))


def _arms(shape: Shape) -> Movement:
    timeline = _over_time(1.0, 1.0)
    return lambda t_s: lying_skeleton(shape, arms_up=timeline.value(t_s))


def _bridges(shape: Shape) -> Movement:
    timeline = _over_time(173.0, 1.2, start=resting_hip_deg(shape, 104.0))
    return lambda t_s: bridge_skeleton(shape, Bridge(timeline.value(t_s), 104.0))


def _leg_lifts(shape: Shape) -> Movement:
    timeline = _over_time(33.0, 1.2, start=-6.0)
    return lambda t_s: side_skeleton(shape, SideLying(timeline.value(t_s)))


def _other(
    index: int, kind: str, exercise: CoachedExercise, who: Performer, movement: Movement
) -> ExerciseClip:
    return ExerciseClip(
        name=f"other_{kind}_{index}",
        kind="other",
        exercise=exercise,
        view="side" if exercise is _BRIDGE else "front",
        performer=who,
        movement=movement,
        seconds=9.0,
        repetitions=0,
    )


def other_clips(first: int) -> tuple[ExerciseClip, ...]:
    """Return the clips of other movements, numbered from ``first``."""
    upright = {"squats": _squats, "walk": _walk, "march": _march}
    lying = {
        "still": _still,
        "straight_leg": _straight_leg,
        "sit_ups": _sit_ups,
        "rolls": _rolls,
        "arms": _arms,
    }
    plan = (
        ("squats", _BRIDGE, 0.0), ("leg_lifts", _BRIDGE, 180.0), ("sit_ups", _BRIDGE, 5.0),
        ("bridges", _LIFT, 0.0), ("walk", _BRIDGE, 0.0), ("straight_leg", _BRIDGE, 175.0),
        ("rolls", _LIFT, 180.0), ("still", _BRIDGE, 0.0), ("march", _BRIDGE, 180.0),
        ("arms", _BRIDGE, 0.0), ("straight_leg", _LIFT, 0.0), ("squats", _LIFT, 90.0),
        ("rolls", _BRIDGE, 8.0), ("sit_ups", _LIFT, 180.0),
    )  # fmt: skip
    movements = {**upright, **lying, "bridges": _bridges, "leg_lifts": _leg_lifts}
    clips = []
    for index, (kind, exercise, azimuth_deg) in enumerate(plan, first):
        who = performer(_FIRST + index, azimuth_deg, _LYING_M)
        who = seen_higher(who) if kind in upright else who
        clips.append(_other(index, kind, exercise, who, movements[kind](who.shape)))
    return tuple(clips)
