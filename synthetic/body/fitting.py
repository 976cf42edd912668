"""Measuring a posed body for its clothes: regions, centre lines, radii."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from synthetic.body.drape import STEP_M, Tube, measure, surface_points
from synthetic.body.mesh import vertex_normals
from synthetic.body.model import load_body_model

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from synthetic.body.person import Body

#: Stature of the default body, for scaling fixed lengths to a body.
_DEFAULT_STATURE_M = 1.626


@dataclass(frozen=True, slots=True)
class Regions:
    """Where on the body each vertex is; the same for every body. All shape (V,).

    Attributes
    ----------
    along_arm
        0 at the shoulder joint, 1 at the elbow, 2 at the wrist, negative on the trunk.
    arm, head, foot, hand
        Skinning weight of these parts, 0..1.
    neck_gap_m
        How far outside the neckline of a crew-neck shirt, on the default body.
    rest
        Shape (V, 3): the default body.
    crotch
        Index of the lowest vertex between the legs.
    """

    along_arm: NDArray[np.float32]
    arm: NDArray[np.float32]
    head: NDArray[np.float32]
    foot: NDArray[np.float32]
    hand: NDArray[np.float32]
    neck_gap_m: NDArray[np.float32]
    rest: NDArray[np.float32]
    crotch: int


@lru_cache(maxsize=1)
def regions() -> Regions:
    """Return the regions of the body mesh, computed once."""
    model = load_body_model()
    rest = model.default_rest
    weights = model.weights

    def weight_of(*parts: str) -> NDArray[np.float32]:
        chosen = [i for name, i in model.bones.items() if any(p in name for p in parts)]
        total: NDArray[np.float32] = weights[:, chosen].sum(1)
        return total

    _, heads = model.rest({}, {})
    shoulder, elbow, wrist = (
        heads[model.bones[f"{bone}.L"]] for bone in ("upperarm01", "lowerarm01", "wrist")
    )
    mirrored = rest * np.array([1, 1, 1], np.float32)
    mirrored[:, 0] = np.abs(mirrored[:, 0])
    upper = (
        (mirrored - shoulder) @ (elbow - shoulder) / float((elbow - shoulder) @ (elbow - shoulder))
    )
    fore = (mirrored - elbow) @ (wrist - elbow) / float((wrist - elbow) @ (wrist - elbow))
    arm = weight_of("arm0", "wrist", "finger", "meta")
    along = np.where(upper < 1.0, upper, 1.0 + np.maximum(fore, 0.0))
    along = np.where((arm > 0.02) | (rest[:, 2] > 0.43), along, -1.0)
    from_axis = np.hypot(rest[:, 0] / 1.05, rest[:, 1] + 0.005)
    between = (np.abs(rest[:, 0]) < 0.01) & (rest[:, 2] > -0.15) & (rest[:, 2] < 0.1)
    low = np.where(between, rest[:, 2], 9.0)
    return Regions(
        along_arm=along.astype(np.float32),
        arm=arm,
        head=weight_of("head", "eye", "neck03"),
        foot=weight_of("foot", "toe"),
        hand=weight_of("wrist", "finger", "meta"),
        neck_gap_m=np.minimum(
            np.maximum(from_axis - 0.08, 0.485 - rest[:, 2]), 0.56 - rest[:, 2]
        ).astype(np.float32),
        rest=rest,
        crotch=int(low.argmin()),
    )


@dataclass(frozen=True, slots=True)
class Figure:
    """A posed body measured for clothes; metres, body axes.

    Attributes
    ----------
    body
        The body.
    normals
        Shape (V, 3): outward unit normals of its skin.
    scale
        Its stature over the default one.
    crotch_m, armpit_m, knee_m, ankle_m, pelvis_m
        Heights; ``pelvis_m`` is that of the middle of the ASIS and PSIS.
    trunk, legs
        Radii of trunk with both legs, and of each half body (left, right) around its leg.
    """

    body: Body
    normals: NDArray[np.float32]
    scale: float
    crotch_m: float
    armpit_m: float
    knee_m: float
    ankle_m: float
    pelvis_m: float
    trunk: Tube
    legs: tuple[Tube, Tube]


def _centre_line(points: NDArray[np.float32], heights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the smoothed middle between front and back at each height, shape (n,)."""
    ring = np.clip(np.round((heights[0] - points[:, 2]) / STEP_M).astype(int), 0, len(heights) - 1)
    front, back = np.full(len(heights), 9.0), np.full(len(heights), -9.0)
    np.minimum.at(front, ring, points[:, 1])
    np.maximum.at(back, ring, points[:, 1])
    known = back > front
    middle = np.interp(-heights, -heights[known], ((front + back) / 2)[known])
    width = 9
    padded = np.pad(middle, width, mode="edge")
    smooth: NDArray[np.float64] = np.convolve(
        padded, np.ones(2 * width + 1) / (2 * width + 1), "valid"
    )
    return smooth


def _half_tube(
    points: NDArray[np.float32],
    heights: NDArray[np.float64],
    middle_y: NDArray[np.float64],
    joints: NDArray[np.float64],
) -> Tube:
    """Return radii of half a body around a line through hip, knee and ankle joints."""
    z = np.concatenate([[heights[0]], joints[:, 2]])
    x = np.concatenate([[0.8 * joints[0, 0]], joints[:, 0]])
    centre_x = np.interp(-heights, -z, x)
    leg_y = np.interp(-heights, -joints[:, 2], joints[:, 1])
    hip_z = joints[0, 2]
    part = np.clip((heights - (hip_z - 0.25)) / 0.25, 0.0, 1.0)
    centre_y = part * middle_y + (1 - part) * leg_y
    return measure(points, heights, np.stack([centre_x, centre_y], axis=1))


def measure_figure(body: Body) -> Figure:
    """Measure a body for clothes."""
    where = regions()
    faces = body.model.faces
    scale = body.height_m / _DEFAULT_STATURE_M
    trunk_face = ((where.arm < 0.25) & (where.head < 0.3))[faces].all(1)
    armpit_m = float(body.joint("upperarm01.L")[2] + body.joint("upperarm01.R")[2]) / 2
    heights = np.arange(armpit_m + 0.04 * scale, -0.005, -STEP_M)
    points = surface_points(body.vertices, faces[trunk_face])
    near = np.abs(points[:, 0]) < 0.11 * scale
    middle_y = _centre_line(points[near], heights)
    left_face = trunk_face & (where.rest[faces, 0].mean(1) > 0)
    right_face = trunk_face & ~left_face
    halves = []
    for side, chosen in (("L", left_face), ("R", right_face)):
        joints = np.stack([body.joint(f"{b}.{side}") for b in ("upperleg01", "lowerleg01", "foot")])
        half = surface_points(body.vertices, faces[chosen])
        halves.append(_half_tube(half, heights, middle_y, joints))
    centre = np.stack([np.zeros_like(middle_y), middle_y], axis=1)
    return Figure(
        body=body,
        normals=vertex_normals(body.vertices, faces),
        scale=scale,
        crotch_m=float(body.vertices[where.crotch, 2]),
        armpit_m=armpit_m - 0.07 * scale,
        knee_m=float(body.joint("lowerleg01.L")[2]),
        ankle_m=float(body.joint("foot.L")[2]),
        pelvis_m=float(body.pelvis.middle[2]),
        trunk=measure(points, heights, centre),
        legs=(halves[0], halves[1]),
    )
