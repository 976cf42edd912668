"""People in clips: posed anew for every picture, never quite still, turned and moved about."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from synthetic.body.mesh import NamedMesh
from synthetic.body.person import PelvicPoints
from synthetic.body.pose import ArmPose, about_z
from synthetic.scene.arrangement import BodyScene, Person, build_person

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Move = Callable[[NDArray[np.float64]], NDArray[np.float64]]

#: Breaths a second, and how far chest and shoulders move: 1 % of a trunk of half a metre.
_BREATH_HZ = 0.25
_BREATH_M = 0.005
#: Sway of a quiet stance at the height of the hips: frequencies, and amplitudes to the
#: front and to the side (a few mm in all).
_SWAY_HZ = (0.17, 0.43, 0.71)
_SWAY_M = ((0.0025, 0.0012), (0.0012, 0.0008), (0.0006, 0.0004))
#: Fists are raised along the trunk: shares of the way at which the kind of arm changes, and
#: where :data:`ArmPose.BELLY` begins and ends if it is allowed beyond its usual 0..1.
_SWUNG, _RAISED = 0.3, 0.97
_FROM_BELLY, _TO_COLLAR = 2.0, -5.6
_SWING = 1.5


@dataclass(frozen=True, slots=True)
class Pose:
    """What one person does at one moment.

    Attributes
    ----------
    tilt_deg
        Pelvic tilt; + = anterior.
    yaw_deg
        Turned about the body's own axis; + = the front towards the camera.
    ahead_m, nearer_m
        Moved towards the edge of the picture that is faced, and towards the camera.
    stride_m
        How far the left foot is put ahead of the right, beside the usual stance.
    straddle_m
        How far the feet are put further apart.
    fists_up
        0 = arms as they hung, 1 = fists on the collar-bones.
    """

    tilt_deg: float
    yaw_deg: float = 0.0
    ahead_m: float = 0.0
    nearer_m: float = 0.0
    stride_m: float = 0.0
    straddle_m: float = 0.0
    fists_up: float = 1.0


def _arms_on_the_way(scene: BodyScene, share: float) -> BodyScene:
    """Return a scene with the arms between how they hang and the collar-bones."""
    if share <= 0.0:
        return scene
    if share >= _RAISED:
        return replace(scene, arms=ArmPose.COLLAR_BONES, arm_variation=(0.5, 0.4, 0.5))
    u, v, w = scene.arm_variation
    if share < _SWUNG and scene.arms is ArmPose.HANGING:
        return replace(scene, arm_variation=(u + _SWING * share / _SWUNG, v, w))
    height = float(np.interp(share, (_SWUNG, _RAISED), (_FROM_BELLY, _TO_COLLAR)))
    if scene.arms is ArmPose.BELLY:
        height = float(np.interp(share, (0.0, _RAISED), (u, _TO_COLLAR)))
    return replace(scene, arms=ArmPose.BELLY, arm_variation=(height, v, w))


@lru_cache(maxsize=6)
def _standing(scene: BodyScene) -> Person:
    """Return the person of a scene; several are at hand, since clips show up to two."""
    return build_person(scene)


def _feet_m(person: Person) -> float:
    """Return how far back the ankles are."""
    return float(person.body.joint("foot.L")[1] + person.body.joint("foot.R")[1]) / 2


def _smooth(x: NDArray[np.float64], low: float, high: float) -> NDArray[np.float64]:
    t = np.clip((x - low) / (high - low), 0.0, 1.0)
    return np.asarray(t * t * (3 - 2 * t))


def breathing(person: Person, t_s: float, phase: float = 0.0) -> Move:
    """Return how a breath moves each point: shoulders up, the chest's front forward.

    The pelvis and all below the waist stay where they are.

    Parameters
    ----------
    phase
        Of the breath, in turns.
    """
    breath_m = _BREATH_M * math.sin(2 * math.pi * (_BREATH_HZ * t_s + phase))
    hips_m, shoulders_m = float(person.hips[2]), float(person.shoulders[2])
    waist_m = hips_m + 0.4 * (shoulders_m - hips_m)
    middle_m = float(person.shoulders[1])

    def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
        above = _smooth(points[:, 2], waist_m, shoulders_m)
        in_front = 1 - _smooth(points[:, 1] - middle_m, -0.10, 0.04)
        chest = above * (1 - _smooth(points[:, 2], shoulders_m + 0.02, shoulders_m + 0.12))
        moved = points.copy()
        moved[:, 1] -= breath_m * chest * in_front
        moved[:, 2] += breath_m * above
        return moved

    return move


def swaying(t_s: float, phase: float = 0.0) -> Move:
    """Return how quiet sway moves each point: the further above the feet, the more.

    Heights stay as they are, and with them the tilt (but for thousandths of a degree).
    """
    turns = [2 * math.pi * (hz * t_s + phase * (k + 1)) for k, hz in enumerate(_SWAY_HZ)]
    ahead_m = sum(m[0] * math.sin(turn) for m, turn in zip(_SWAY_M, turns, strict=True))
    aside_m = sum(m[1] * math.cos(turn) for m, turn in zip(_SWAY_M, turns, strict=True))

    def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(points + points[:, 2:] * np.array([aside_m, -ahead_m, 0.0]))

    return move


def _placing(scene: BodyScene, pose: Pose, feet_back_m: float) -> Move:
    """Return how a person is turned and moved; ``feet_back_m`` keeps the feet in place."""
    side = 1.0 if scene.facing == "left" else -1.0
    turn = about_z(side * pose.yaw_deg)
    place = np.array([side * pose.nearer_m, -pose.ahead_m, 0.0])

    def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray((points + np.array([0.0, feet_back_m, 0.0])) @ turn.T + place)

    return move


def _moved(person: Person, *moves: Move) -> Person:
    def all_moved(points: NDArray[np.floating]) -> NDArray[np.float64]:
        result = np.asarray(points, np.float64)
        for move in moves:
            result = move(result)
        return result

    ring = person.belt_ring
    return Person(
        meshes=tuple(
            NamedMesh(m.name, all_moved(m.vertices).astype(np.float32), m.faces, m.rgb, m.material)
            for m in person.meshes
        ),
        pelvis=PelvicPoints(all_moved(person.pelvis.asis), all_moved(person.pelvis.psis)),
        belt_ring=None if ring is None else all_moved(ring),
        shoulders=all_moved(person.shoulders[None])[0],
        hips=all_moved(person.hips[None])[0],
        body=person.body,
    )


def posed(scene: BodyScene, pose: Pose, t_s: float) -> Person:
    """Return the person of a scene as they are at a moment.

    A new tilt, step or arm gives a new body in new folds of its clothes. Breath and sway
    move what is there, clothes included, so that nothing else changes from one picture to
    the next.

    Parameters
    ----------
    scene
        The person as they stand; the arms are those that hang.
    pose
        What they do.
    t_s
        For breath and sway, which nobody can stop.
    """
    stance = replace(
        scene.stance,
        stagger_m=scene.stance.stagger_m + pose.stride_m,
        stance_m=scene.stance.stance_m + pose.straddle_m,
    )
    now = replace(scene, tilt_deg=pose.tilt_deg, stance=stance)
    person = _standing(_arms_on_the_way(now, pose.fists_up))
    usual = _standing(_arms_on_the_way(scene, 1.0))
    phase = (scene.seed % 97) / 97
    return _moved(
        person,
        breathing(person, t_s, phase),
        swaying(t_s, phase),
        _placing(scene, pose, _feet_m(usual) - _feet_m(person)),
    )
