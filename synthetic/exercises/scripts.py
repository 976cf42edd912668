"""Clips of exercises, well done and not, and of other movements: what a coach ought to see."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

import numpy as np

from synthetic.exercises.clip import (
    ClipAttempt,
    ExerciseClip,
    Movement,
    Performer,
    Timeline,
    performer,
    random_of,
    seen_higher,
)
from synthetic.exercises.pose import (
    Bridge,
    SideLying,
    bridge_skeleton,
    lying_skeleton,
    resting_hip_deg,
    rolling_skeleton,
    side_skeleton,
    sit_up_skeleton,
    squat_skeleton,
    walking_skeleton,
)
from synthetic.scene.film import ramp
from vision.coach.events import CoachedExercise, FormFault, LegSide

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from synthetic.body.pose import Skeleton
    from synthetic.exercises.limbs import Shape

    Pace = tuple[float, float, float, float]

_BRIDGE, _LIFT = CoachedExercise.GLUTE_BRIDGE, CoachedExercise.LEG_LIFT
#: Heights of the camera, m.
_LOW_M, _ANY_M = (0.3, 1.0), (0.6, 1.3)
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
_LIFT_PACES = (
    (1.1, 0.4, 1.2, 0.7),
    (1.6, 0.5, 1.7, 0.5),
    (0.8, 0.4, 0.8, 0.8),
    (1.0, 2.0, 1.0, 1.0),
)
_USUAL = (1.2, 0.8, 1.2, 0.7)
#: Hardly three pictures for each way.
_FAST = (0.3, 0.2, 0.3, 0.6)
#: A bridge or a lift that stays below is not complete, deg.
_FULL_BRIDGE_DEG, _FULL_LIFT_DEG = 165.0, 25.0
#: Between the feet and the head, and high enough for a lifted foot.
_LIFT_AIM = (0.0, -0.5, 0.38)
#: Legs that lie on one another: the upper one hangs down a little from its hip.
_TOGETHER_DEG = -6.0
_FIRST_OTHER = 300
_OTHER_KNEE_DEG = 104.0


def _drawn(random: np.random.Generator, low: float, high: float, count: int) -> tuple[float, ...]:
    return tuple(float(random.uniform(low, high)) for _ in range(count))


def _from_side(number: int) -> Performer:
    facing_deg = 180.0 if number % 2 else 0.0
    yaw_deg = float(random_of(number).uniform(-15, 15))
    return performer(number, facing_deg + yaw_deg, _LOW_M)


def _bridges(
    kind: str,
    first: int,
    index: int,
    tops: tuple[float, ...],
    pace: Pace = _USUAL,
    *,
    knee_deg: float = 104.0,
    fault: FormFault | None = None,
    counts: bool = True,
) -> ExerciseClip:
    """Return a clip of bridges that reach the given angles; those that are high enough count."""
    who = _from_side(first + index)
    start_deg = resting_hip_deg(who.shape, knee_deg)
    timeline = Timeline(start_deg, tuple(ClipAttempt(top, *pace) for top in tops))
    count = sum(top > _FULL_BRIDGE_DEG for top in tops) if counts else 0
    return ExerciseClip(
        name=f"{kind}_{index}",
        kind=kind,
        exercise=_BRIDGE,
        view="side",
        performer=who,
        movement=lambda t_s: bridge_skeleton(who.shape, Bridge(timeline.value(t_s), knee_deg)),
        seconds=round(timeline.seconds, 1),
        repetitions=count,
        faults=() if fault is None else (fault,),
        holds_s=(pace[1],) * count,
    )


def _bridge(index: int) -> ExerciseClip:
    random = random_of(index)
    pace = _PACES[index % len(_PACES)]
    attempts = 2 if pace[1] > 4 else int(np.clip(round(11 / sum(pace)), 3, 5))
    tops = _drawn(random, 169, 177, attempts)
    return _bridges("bridge", 0, index, tops, pace, knee_deg=float(random.uniform(97, 116)))


def _faulty_bridges(index: int) -> Iterator[ExerciseClip]:
    """Yield a clip of each kind of faulty bridge."""
    fault, pace = FormFault.NOT_HIGH_ENOUGH, _PACES[3]
    tops: tuple[float, ...] = (174.0, 151.0, 173.0, 175.0)
    tops = (150.0, 173.0, 152.0, 174.0, 175.0) if index % 2 else tops
    yield _bridges("bridge_half", 100, index, tops, pace, fault=fault)
    tops = _drawn(random_of(110 + index), 149, 153, 4)
    yield _bridges("bridge_low", 110, index, tops, pace, fault=fault)
    tops = _drawn(random_of(120 + index), 194, 200, 3)
    yield _bridges("bridge_arched", 120, index, tops, fault=FormFault.OVER_ARCHED)
    tops, fault = (173.0, 174.0, 172.0), FormFault.FEET_TOO_NEAR
    knee_deg = (72.0, 76.0, 68.0)[index % 3]
    yield _bridges("bridge_near", 130, index, tops, knee_deg=knee_deg, fault=fault)
    tops, fault = (176.0, 177.0, 176.0), FormFault.FEET_TOO_FAR
    knee_deg = 146.0 + 3 * (index % 2)
    # With the feet so far away the hips are never bent enough for a start.
    yield _bridges("bridge_far", 140, index, tops, knee_deg=knee_deg, fault=fault, counts=False)
    tops, fault = (173.0,) * 5, FormFault.TOO_FAST
    yield _bridges("bridge_fast", 150, index, tops, _FAST, fault=fault, counts=False)


def _single(index: int, *, drops: bool = False) -> ExerciseClip:
    who = _from_side((170 if drops else 160) + index)
    free = "L" if index // 2 % 2 else "R"
    knee_deg, up_deg = 102.0, (0.0, 18.0)[index % 2]
    top_deg, begin_s = 173.0, 1.5
    held_s, sunk_s = (3.5, 3.0) if drops else (6.0, 0.0)
    gone_s = begin_s + 1.4 + held_s
    start_deg = resting_hip_deg(who.shape, knee_deg)

    def bridge(t_s: float) -> Bridge:
        up = ramp(t_s, begin_s, begin_s + 1.4)
        sunk = ramp(t_s, gone_s, gone_s + 0.9) if drops else 0.0
        leave_s = gone_s + sunk_s
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
        seconds=round(gone_s + sunk_s + 2.8, 1),
        repetitions=1,
        faults=(FormFault.HIP_DROPS,) if drops else (),
        holds_s=(held_s,),
        side=LegSide.RIGHT if free == "L" else LegSide.LEFT,
    )


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
    kind: str,
    first: int,
    index: int,
    view: str,
    tops: tuple[float, ...],
    *,
    pace: Pace = _LIFT_PACES[0],
    ahead_deg: float = -4.0,
    rolls_deg: float = 0.0,
    fault: FormFault | None = None,
    counts: bool = True,
) -> ExerciseClip:
    """Return a clip of leg lifts that reach the given angles; those that are high enough count.

    They are seen from ``front``, ``feet`` or ``straight`` along the body; the thigh comes to be
    so far ahead of the trunk, and the pelvis rolls backward so far with it.
    """
    number = first + index
    top = "L" if number % 2 else "R"
    who = _lifter(number, view, top)
    timeline = Timeline(_TOGETHER_DEG, tuple(ClipAttempt(reach, *pace) for reach in tops))
    bent = number // 2 % 2 == 1

    def lying(t_s: float) -> SideLying:
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

    count = sum(reach > _FULL_LIFT_DEG for reach in tops) if counts else 0
    return ExerciseClip(
        name=f"{kind}_{index}",
        kind=kind,
        exercise=_LIFT,
        view="feet" if view == "straight" else view,
        performer=who,
        movement=lambda t_s: side_skeleton(who.shape, lying(t_s)),
        seconds=round(timeline.seconds, 1),
        repetitions=count,
        faults=() if fault is None else (fault,),
        holds_s=(pace[1],) * count,
        side=LegSide.LEFT if top == "L" else LegSide.RIGHT,
    )


def _lift(index: int, view: str) -> ExerciseClip:
    first = {"feet": 200, "front": 220, "straight": 240}[view]
    pace = _LIFT_PACES[index % 4]
    attempts = int(np.clip(round(12 / sum(pace)), 2, 4))
    tops = _drawn(random_of(first + index), 29, 35, attempts)
    return _lifts(f"lift_{view}", first, index, view, tops, pace=pace)


def _faulty_lifts(index: int) -> Iterator[ExerciseClip]:
    """Yield a clip of each kind of faulty leg lift."""
    view, fault = ("front", "feet", "front")[index % 3], FormFault.NOT_HIGH_ENOUGH
    yield _lifts("lift_low", 250, index, view, (15.0, 16.0, 14.0), fault=fault)
    fault = FormFault.TOO_HIGH
    yield _lifts("lift_high", 260, index, view, (54.0, 56.0, 57.0), fault=fault)
    tops, fault = (32.0, 33.0, 32.0), FormFault.THIGH_FORWARD
    yield _lifts("lift_forward", 270, index, "feet", tops, ahead_deg=32.0, fault=fault)
    tops, fault = (33.0, 34.0, 33.0), FormFault.PELVIS_ROLLS_BACK
    view = ("feet", "front", "feet")[index % 3]
    yield _lifts("lift_rolls", 280, index, view, tops, rolls_deg=38.0, fault=fault)
    fast, fault = (32.0,) * 5, FormFault.TOO_FAST
    yield _lifts("lift_fast", 290, index, "front", fast, pace=_FAST, fault=fault, counts=False)


def _goes(
    at: Callable[[Shape, float], Skeleton], top: float, seconds: float, count: int = 3
) -> Callable[[Shape], Movement]:
    """Return a few goes of a movement from 0 to a top, each way as long as told."""
    timeline = Timeline(0.0, (ClipAttempt(top, seconds, 0.5, seconds, 0.7),) * count)
    return lambda shape: lambda t_s: at(shape, timeline.value(t_s))


def _walk(shape: Shape) -> Movement:
    def at(t_s: float) -> Skeleton:
        there = walking_skeleton(shape, math.sin(2 * math.pi * t_s / 1.1))
        ahead = np.array([0.0, 2.2 - 0.7 * t_s, 0.0])
        return replace(there, heads=there.heads + ahead)

    return at


def _march(shape: Shape) -> Movement:
    return lambda t_s: walking_skeleton(shape, math.sin(2 * math.pi * t_s / 1.5), knees_up=1.0)


def _bridge_at(shape: Shape, share: float) -> Skeleton:
    rest_deg = resting_hip_deg(shape, _OTHER_KNEE_DEG)
    return bridge_skeleton(shape, Bridge(rest_deg + (173.0 - rest_deg) * share, _OTHER_KNEE_DEG))


def _still(shape: Shape) -> Movement:
    there = _bridge_at(shape, 0.0)
    return lambda t_s: there


_UPRIGHT = {"squats": _goes(squat_skeleton, 1.0, 1.1), "walk": _walk, "march": _march}
_OTHERS = _UPRIGHT | {
    "still": _still,
    "straight_leg": _goes(lambda s, deg: lying_skeleton(s, legs_up_deg=(deg, 0.0)), 55.0, 1.3),
    "sit_ups": _goes(sit_up_skeleton, 1.0, 1.3),
    "rolls": _goes(rolling_skeleton, 90.0, 1.6, count=2),
    "arms": _goes(lambda s, share: lying_skeleton(s, arms_up=share), 1.0, 1.0),
    "bridges": _goes(_bridge_at, 1.0, 1.2),
    "leg_lifts": _goes(lambda s, share: side_skeleton(s, SideLying(-6.0 + 39.0 * share)), 1.0, 1.2),
}
#: What is shown, what is to be coached meanwhile, and where the camera stands.
_OTHER_PLAN = (
    ("squats", _BRIDGE, 0.0), ("leg_lifts", _BRIDGE, 180.0), ("sit_ups", _BRIDGE, 5.0),
    ("bridges", _LIFT, 0.0), ("walk", _BRIDGE, 0.0), ("straight_leg", _BRIDGE, 175.0),
    ("rolls", _LIFT, 180.0), ("still", _BRIDGE, 0.0), ("march", _BRIDGE, 180.0),
    ("arms", _BRIDGE, 0.0), ("straight_leg", _LIFT, 0.0), ("squats", _LIFT, 90.0),
    ("rolls", _BRIDGE, 8.0), ("sit_ups", _LIFT, 180.0),
)  # fmt: skip


def _other(index: int, kind: str, exercise: CoachedExercise, azimuth_deg: float) -> ExerciseClip:
    """Return a clip of another movement: whatever is coached, there is no repetition in it."""
    who = performer(_FIRST_OTHER + index, azimuth_deg, _LOW_M)
    who = seen_higher(who) if kind in _UPRIGHT else who
    return ExerciseClip(
        name=f"other_{kind}_{index}",
        kind="other",
        exercise=exercise,
        view="side" if exercise is _BRIDGE else "front",
        performer=who,
        movement=_OTHERS[kind](who.shape),
        seconds=9.0,
        repetitions=0,
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

    bridges = zip(*map(_faulty_bridges, each(4)), strict=True)
    lifts = zip(*map(_faulty_lifts, each(3)), strict=True)
    # Of each fault as many as stand here, in the order in which the faults are yielded.
    kinds = (
        [_bridge(i) for i in each(12)],
        [_lift(i, "front") for i in each(6)],
        [_lift(i, "feet") for i in each(6)],
        [_single(i) for i in each(4)],
        *(clips[:n] for clips, n in zip(bridges, (4, 3, 3, 3, 2, 3), strict=True)),
        [_single(i, drops=True) for i in each(3)],
        *(clips[:n] for clips, n in zip(lifts, (3, 3, 2, 3, 2), strict=True)),
        [_other(i, *shown) for i, shown in enumerate(_OTHER_PLAN, first)],
        [_lift(i, "straight") for i in each(2)],
    )
    turns = chain.from_iterable(zip_longest(*kinds))
    return tuple(clip for clip in turns if clip is not None)
