"""One body: shaped, posed, and its pelvis turned to exactly the requested tilt."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from synthetic.body.model import BodyModel, Build, load_body_model, phenotype_of
from synthetic.body.pose import (
    ArmPose,
    Skeleton,
    Stance,
    arm_turns,
    connect,
    leg_turns,
    spine_turns,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray


#: The bony points on the default body, (|x|, z) in metres in the frame of its unposed
#: vertices (the hip joint is at z = 0.039): ASIS on the front surface, PSIS on the back.
ASIS_XZ_M = (0.105, 0.102)
PSIS_XZ_M = (0.045, 0.132)

#: The triangle and barycentric weights that hold each point, left then right. Frozen: the
#: zero of every angle hangs on them (one ring of vertices further is up to 8 deg).
ASIS_VERTICES: NDArray[np.intp] = np.array([[10915, 10955, 10918], [4302, 4347, 4305]])
ASIS_WEIGHTS: NDArray[np.float64] = np.tile([0.70052688, 0.06910167, 0.23037145], (2, 1))
PSIS_VERTICES: NDArray[np.intp] = np.array([[10799, 10798, 10976], [4176, 4175, 4374]])
PSIS_WEIGHTS: NDArray[np.float64] = np.tile([0.61927834, 0.24478111, 0.13594055], (2, 1))


@dataclass(frozen=True, slots=True)
class PelvicPoints:
    """The four bony points of a body, metres, body axes (x left, y back, z up).

    Attributes
    ----------
    asis, psis
        Shape (2, 3): the person's left, then right.
    """

    asis: NDArray[np.float64]
    psis: NDArray[np.float64]

    @property
    def tilt_deg(self) -> float:
        """Angle of the mid-line PSIS to ASIS against the horizontal; + = ASIS lower."""
        asis, psis = self.asis.mean(0), self.psis.mean(0)
        return math.degrees(math.atan2(psis[2] - asis[2], psis[1] - asis[1]))

    @property
    def middle(self) -> NDArray[np.float64]:
        """The point between all four, shape (3,)."""
        middle: NDArray[np.float64] = (self.asis.mean(0) + self.psis.mean(0)) / 2
        return middle


@dataclass(frozen=True, slots=True)
class Body:
    """A standing body, metres; x to its left, y to its back, z up, the ground at z = 0.

    The point between the ASIS and PSIS lies above the origin.

    Attributes
    ----------
    vertices
        Shape (V, 3), float32: posed skin; triangles are ``model.faces``.
    skeleton
        Posed bones, in the same frame.
    pelvis
        The bony points.
    rest_tilt_deg
        Tilt of the same points on the unposed body.
    height_m
        Stature of the unposed body.
    bmi
        Body mass index from volume at 985 kg/m3.
    model
        The body model.
    """

    vertices: NDArray[np.float32]
    skeleton: Skeleton
    pelvis: PelvicPoints
    rest_tilt_deg: float
    height_m: float
    bmi: float
    model: BodyModel

    def joint(self, name: str) -> NDArray[np.float64]:
        """Return where a bone begins, shape (3,), m."""
        head: NDArray[np.float64] = self.skeleton.heads[self.model.bones[name]]
        return head


def pelvic_points(vertices: NDArray[np.float32]) -> PelvicPoints:
    """Return the bony points of a body given its vertices, shape (V, 3), m."""
    asis = np.einsum("sk,skc->sc", ASIS_WEIGHTS, vertices[ASIS_VERTICES].astype(np.float64))
    psis = np.einsum("sk,skc->sc", PSIS_WEIGHTS, vertices[PSIS_VERTICES].astype(np.float64))
    return PelvicPoints(asis, psis)


def body_mass_index(vertices: NDArray[np.float32], faces: NDArray[np.int32]) -> float:
    """Return mass over squared stature, kg/m2, of a closed mesh of density 985 kg/m3."""
    corners = vertices[faces].astype(np.float64)
    volume = np.einsum("ij,ij->i", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])).sum() / 6
    stature = float(np.ptp(vertices[:, 2]))
    return abs(float(volume)) * 985.0 / stature**2


def torso_vertices(model: BodyModel) -> NDArray[np.bool_]:
    """Return which vertices belong to trunk and legs, not to arms or head, shape (V,)."""
    away = ("arm0", "wrist", "finger", "meta", "head", "neck03", "eye")
    others = [i for name, i in model.bones.items() if any(part in name for part in away)]
    torso: NDArray[np.bool_] = model.weights[:, others].sum(1) < 0.35
    return torso


def make_body(
    build: Build,
    tilt_deg: float,
    stance: Stance,
    arms: ArmPose,
    arm_variation: tuple[float, float, float] = (0.5, 0.5, 0.5),
) -> Body:
    """Shape and pose a body.

    Parameters
    ----------
    tilt_deg
        Requested pelvic tilt; + = anterior.
    """
    model = load_body_model()
    vertices, heads = model.rest(*phenotype_of(build))
    rest = heads.astype(np.float64)
    rest_tilt_deg = pelvic_points(vertices).tilt_deg
    turns = spine_turns(model, rest, stance, tilt_deg - rest_tilt_deg)
    skeleton = connect(model, rest, turns, rest[0])
    turns.update(leg_turns(model, skeleton, stance))
    skeleton = connect(model, rest, turns, rest[0])
    torso = skeleton.skin(model, vertices)[torso_vertices(model)]
    turns.update(arm_turns(model, skeleton, torso, arms, arm_variation))
    skeleton = connect(model, rest, turns, rest[0])
    posed = skeleton.skin(model, vertices)
    middle = pelvic_points(posed).middle
    shift = np.array([middle[0], middle[1], float(posed[:, 2].min())])
    posed = posed - shift.astype(np.float32)
    return Body(
        vertices=posed,
        skeleton=Skeleton(rest, skeleton.turns, skeleton.heads - shift),
        pelvis=pelvic_points(posed),
        rest_tilt_deg=rest_tilt_deg,
        height_m=float(np.ptp(vertices[:, 2])),
        bmi=body_mass_index(vertices, model.faces),
        model=model,
    )
