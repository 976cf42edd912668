"""Bodies in any position: trunk turned, feet planted or legs aimed, hands put somewhere.

World axes in metres: z up from the floor. Turns are from the unposed body, which stands
with x to its left, y to its back.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

from synthetic.body.model import Build, load_body_model, phenotype_of
from synthetic.body.pose import Matrix, Skeleton, Vector, about_axis, connect, frame, hinge, unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from synthetic.body.model import BodyModel

#: Left and right: the ending of the bones' names, and the sign of x.
SIDES = ("L", "R")
SIGNS = (1.0, -1.0)
_LEG = ("upperleg01", "lowerleg01", "foot")
_ARM = ("upperarm01", "lowerarm01", "wrist")
#: How much of the way from pelvis to chest, and from chest to head, each bone goes.
_SPINE = {"spine05": 0.0, "spine04": 0.25, "spine03": 0.5, "spine02": 0.75, "spine01": 1.0}
_NECK = {"neck01": 0.35, "neck02": 0.7, "neck03": 1.0, "head": 1.0}
_AHEAD = np.array([0.0, -1.0, 0.0])
_CURL_DEG = 12.0


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """An unposed body.

    Attributes
    ----------
    model
        The body model.
    vertices
        Shape (V, 3), float32, m.
    heads
        Shape (J, 3), m: where each bone begins.
    """

    model: BodyModel
    vertices: NDArray[np.float32]
    heads: NDArray[np.float64]

    def head(self, bone: str) -> Vector:
        """Return where a bone begins, shape (3,)."""
        at: Vector = self.heads[self.model.bones[bone]]
        return at

    @property
    def ankle_m(self) -> float:
        """How high the ankle is above the sole."""
        return float(self.head("foot.L")[2] - self.vertices[:, 2].min())

    def half_m(self, bone: str) -> float:
        """Return how far the left and right bone of a name begin from the middle."""
        return abs(float(self.head(f"{bone}.L")[0]))

    def lengths_m(self, side: str) -> tuple[float, float]:
        """Return the lengths of thigh and shin."""
        hip, knee, ankle = (self.head(f"{bone}.{side}") for bone in _LEG)
        return float(np.linalg.norm(knee - hip)), float(np.linalg.norm(ankle - knee))


@lru_cache(maxsize=8)
def shape_of(build: Build) -> Shape:
    """Return the unposed body of a build."""
    model = load_body_model()
    phenotype, local = phenotype_of(build)
    vertices, heads = model.rest(phenotype, local)
    return Shape(model, vertices, heads.astype(np.float64))


@dataclass(frozen=True, slots=True, eq=False)
class Trunk:
    """How pelvis, chest and head are turned; the spine bends evenly in between."""

    pelvis: Matrix
    chest: Matrix
    head: Matrix


@dataclass(frozen=True, slots=True, eq=False)
class Leg:
    """One leg: its foot planted, or its parts aimed.

    Attributes
    ----------
    pole
        Whither the kneecap points.
    ankle
        Where the ankle is put; None when the parts are aimed.
    thigh, shin
        Directions of both parts, for a leg without a planted foot.
    foot
        Turn of the foot; None: it goes on with the shin.
    """

    pole: Vector
    ankle: Vector | None = None
    thigh: Vector | None = None
    shin: Vector | None = None
    foot: Matrix | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Arm:
    """One arm: where the wrist goes (as near as it can), and whither the elbow points."""

    wrist: Vector
    pole: Vector


def between(first: Matrix, second: Matrix, share: float) -> Matrix:
    """Return the rotation a share of the way from one to another."""
    vector = np.asarray(cv2.Rodrigues(second @ first.T)[0], np.float64).ravel()
    angle = float(np.linalg.norm(vector))
    if angle < 1e-9:
        return first
    return about_axis(vector / angle, float(np.degrees(angle * share))) @ first


def trunk_turns(trunk: Trunk) -> dict[str, Matrix]:
    """Return the rotations of root, spine, neck and head."""
    turns = {"root": trunk.pelvis}
    for bone, share in _SPINE.items():
        turns[bone] = between(trunk.pelvis, trunk.chest, share)
    for bone, share in _NECK.items():
        turns[bone] = between(trunk.chest, trunk.head, share)
    return turns


def middle(model: BodyModel, heads: NDArray[np.float64], bone: str) -> Vector:
    """Return the point half-way between the left and right bone of a name, shape (3,)."""
    both: Vector = (heads[model.bones[f"{bone}.L"]] + heads[model.bones[f"{bone}.R"]]) / 2
    return both


def trunk_span(shape: Shape, trunk: Trunk) -> Vector:
    """Return the way from the middle of the hips to the middle of the shoulders."""
    heads = connect(shape.model, shape.heads, trunk_turns(trunk), np.zeros(3)).heads
    shoulders = middle(shape.model, heads, "upperarm01")
    span: Vector = shoulders - middle(shape.model, heads, "upperleg01")
    return span


def _leg_turns(shape: Shape, hip: Vector, side: str, leg: Leg) -> dict[str, Matrix]:
    rest_hip, rest_knee, rest_ankle = (shape.head(f"{bone}.{side}") for bone in _LEG)
    thigh, shin = leg.thigh, leg.shin
    if leg.ankle is not None:
        upper, lower = shape.lengths_m(side)
        span = leg.ankle - hip
        reach = min(float(np.linalg.norm(span)), 0.9995 * (upper + lower))
        ankle = hip + unit(span) * reach
        knee = hinge(hip, ankle, upper, lower, leg.pole)
        thigh, shin = knee - hip, ankle - knee
    if thigh is None or shin is None:
        raise ValueError("A leg needs a place for its foot or directions of its parts.")
    turns = {}
    axis, rest_axis = np.cross(leg.pole, thigh), np.cross(_AHEAD, rest_knee - rest_hip)
    for bone, part, rest_part in (
        ("upperleg01", thigh, rest_knee - rest_hip),
        ("lowerleg01", shin, rest_ankle - rest_knee),
    ):
        turns[f"{bone}.{side}"] = frame(part, axis) @ frame(rest_part, rest_axis).T
    if leg.foot is not None:
        turns[f"foot.{side}"] = leg.foot
    return turns


def _arm_turns(shape: Shape, shoulder: Vector, side: str, arm: Arm) -> dict[str, Matrix]:
    rest = [shape.head(f"{bone}.{side}") for bone in _ARM]
    rest_upper, rest_lower = rest[1] - rest[0], rest[2] - rest[1]
    upper, lower = float(np.linalg.norm(rest_upper)), float(np.linalg.norm(rest_lower))
    span = arm.wrist - shoulder
    distance = float(np.linalg.norm(span))
    reach = float(np.clip(distance, abs(upper - lower) + 0.05, 0.99 * (upper + lower)))
    wrist = shoulder + span * (reach / distance)
    elbow = hinge(shoulder, wrist, upper, lower, arm.pole)
    axis, rest_axis = np.cross(elbow - shoulder, wrist - elbow), np.cross(rest_upper, rest_lower)
    forearm = frame(wrist - elbow, axis) @ frame(rest_lower, rest_axis).T
    turns = {
        f"upperarm01.{side}": frame(elbow - shoulder, axis) @ frame(rest_upper, rest_axis).T,
        f"lowerarm01.{side}": forearm,
    }
    across = shape.head(f"metacarpal4.{side}") - shape.head(f"metacarpal1.{side}")
    knuckles = unit(across) * (1.0 if side == "L" else -1.0)
    for finger in (2, 3, 4, 5):
        for joint in (1, 2, 3):
            curl = about_axis(knuckles, _CURL_DEG * joint)
            turns[f"finger{finger}-{joint}.{side}"] = forearm @ curl
    return turns


def posed_skeleton(
    shape: Shape,
    trunk: Trunk,
    hips: Vector,
    legs: Sequence[Leg],
    arms: Sequence[Arm],
) -> Skeleton:
    """Return a skeleton in position.

    Parameters
    ----------
    hips
        Where the middle of the hip joints is.
    legs, arms
        Left, right.
    """
    model = shape.model
    turns = trunk_turns(trunk)
    root = hips - trunk.pelvis @ (middle(model, shape.heads, "upperleg01") - shape.heads[0])
    heads = connect(model, shape.heads, turns, root).heads
    for side, leg in zip(SIDES, legs, strict=True):
        turns.update(_leg_turns(shape, heads[model.bones[f"upperleg01.{side}"]], side, leg))
    for side, arm in zip(SIDES, arms, strict=True):
        turns.update(_arm_turns(shape, heads[model.bones[f"upperarm01.{side}"]], side, arm))
    return connect(model, shape.heads, turns, root)
