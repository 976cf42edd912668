"""One body: shaped, posed, and its pelvis turned to exactly the requested tilt."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from synthetic.body.model import BodyModel, Build, Flesh, load_body_model, phenotype_of
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
#: The tilt of every unposed pelvis of the usual bone shape, whatever the body around it: that
#: of these points on the default body. On others the same spots of skin lie at 8 (women) to 14
#: deg (men), an artefact of how Anny's shapes are made that a network would learn.
REST_TILT_DEG = 11.0

#: The triangle and barycentric weights that hold each point, left then right. Frozen: the
#: zero of every angle hangs on them (one ring of vertices further is up to 8 deg).
ASIS_VERTICES: NDArray[np.intp] = np.array([[10915, 10955, 10918], [4302, 4347, 4305]])
ASIS_WEIGHTS: NDArray[np.float64] = np.tile([0.70052688, 0.06910167, 0.23037145], (2, 1))
PSIS_VERTICES: NDArray[np.intp] = np.array([[10799, 10798, 10976], [4176, 4175, 4374]])
PSIS_WEIGHTS: NDArray[np.float64] = np.tile([0.61927834, 0.24478111, 0.13594055], (2, 1))
#: The surface around each point is taken as a parabola through vertices no further off in x
#: and z on the default body, and no deeper.
_AROUND_M, _AROUND_DEPTH_M = 0.045, 0.05


@dataclass(frozen=True, slots=True)
class Bones:
    """The shape of one person's pelvis, none of which shows on the skin.

    Attributes
    ----------
    shape_deg
        What the angle of ASIS and PSIS has more than others' with the pelvis held alike. In
        pelves held still it runs from 0 to 23 deg (Preece 2008; SD 4 to 5).
    asis_shift_m, psis_shift_m
        Where the points lie beside their usual places: outwards, up.
    asis_share
        Which part of the shape is due to a higher or lower ASIS, 0..1.
    """

    shape_deg: float = 0.0
    asis_shift_m: tuple[float, float] = (0.0, 0.0)
    psis_shift_m: tuple[float, float] = (0.0, 0.0)
    asis_share: float = 0.5


USUAL_BONES = Bones()


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
    outline_deg
        The tilt that the usual bone shape would have in this body: all that an outline shows.
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
    outline_deg: float
    height_m: float
    bmi: float
    model: BodyModel

    def joint(self, name: str) -> NDArray[np.float64]:
        """Return where a bone begins, shape (3,), m."""
        head: NDArray[np.float64] = self.skeleton.heads[self.model.bones[name]]
        return head


def pelvic_points(vertices: NDArray[np.float32]) -> PelvicPoints:
    """Return where the frozen spots of skin over the bony points lie; vertices (V, 3), m."""
    asis = np.einsum("sk,skc->sc", ASIS_WEIGHTS, vertices[ASIS_VERTICES].astype(np.float64))
    psis = np.einsum("sk,skc->sc", PSIS_WEIGHTS, vertices[PSIS_VERTICES].astype(np.float64))
    return PelvicPoints(asis, psis)


@lru_cache(maxsize=1)
def _around() -> tuple[NDArray[np.intp], ...]:
    """Return the vertices around left and right ASIS, then left and right PSIS."""
    rest = load_body_model().default_rest
    points = pelvic_points(rest)
    around = []
    for place in (*points.asis, *points.psis):
        off = np.abs(rest - place)
        is_near = (off[:, [0, 2]] < _AROUND_M).all(1) & (off[:, 1] < _AROUND_DEPTH_M)
        around.append(np.flatnonzero(is_near))
    return tuple(around)


def _on_surface(
    vertices: NDArray[np.float32], around: NDArray[np.intp], place: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return a place, shape (3,), moved along y onto the surface through vertices."""
    near = vertices[around].astype(np.float64)
    x, z = near[:, 0] - place[0], near[:, 2] - place[2]
    terms = np.stack([np.ones_like(x), x, z, x * x, x * z, z * z], axis=1)
    y = np.linalg.lstsq(terms, near[:, 1], rcond=None)[0][0]
    return np.array([place[0], y, place[2]])


def bony_points(vertices: NDArray[np.float32], bones: Bones) -> PelvicPoints:
    """Return the bony points of an unposed body.

    They lie under the skin near their usual places, ASIS and PSIS so much higher or lower
    that their tilt is :data:`REST_TILT_DEG` and the bones' own shape.

    Parameters
    ----------
    vertices
        Shape (V, 3), m.
    """
    usual = pelvic_points(vertices)
    outwards = np.array([[1.0], [-1.0]])
    shifts = bones.asis_shift_m, bones.psis_shift_m
    asis, psis = (
        points + np.hstack([outwards * shift[0], np.zeros((2, 1)), np.full((2, 1), shift[1])])
        for points, shift in zip((usual.asis, usual.psis), shifts, strict=True)
    )
    around = _around()
    wanted = math.tan(math.radians(REST_TILT_DEG + bones.shape_deg))
    for _ in range(4):
        asis = np.stack([_on_surface(vertices, around[k], asis[k]) for k in (0, 1)])
        psis = np.stack([_on_surface(vertices, around[2 + k], psis[k]) for k in (0, 1)])
        front, back = asis.mean(0), psis.mean(0)
        # By so much the PSIS has to rise against the ASIS.
        rise_m = wanted * (back[1] - front[1]) - (back[2] - front[2])
        asis[:, 2] -= bones.asis_share * rise_m
        psis[:, 2] += (1 - bones.asis_share) * rise_m
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
    hidden: tuple[Flesh | None, Bones] = (None, USUAL_BONES),
) -> Body:
    """Shape and pose a body.

    Parameters
    ----------
    tilt_deg
        Requested pelvic tilt, of the bones; + = anterior.
    hidden
        How the skin follows the pelvis (None as usual), and the pelvis's own shape.
    """
    flesh, bones = hidden
    model = load_body_model()
    vertices, heads = model.rest(*phenotype_of(build))
    rest = heads.astype(np.float64)
    points = bony_points(vertices, bones)
    turns = spine_turns(model, rest, stance, tilt_deg - points.tilt_deg)
    skeleton = connect(model, rest, turns, rest[0])
    turns.update(leg_turns(model, skeleton, stance))
    skeleton = connect(model, rest, turns, rest[0])
    torso = skeleton.skin(model, vertices, flesh)[torso_vertices(model)]
    turns.update(arm_turns(model, skeleton, torso, arms, arm_variation))
    skeleton = connect(model, rest, turns, rest[0])
    posed = skeleton.skin(model, vertices, flesh)
    root = model.bones["root"]
    pelvis = PelvicPoints(
        *(
            (part - rest[root]) @ skeleton.turns[root].T + skeleton.heads[root]
            for part in (points.asis, points.psis)
        )
    )
    shift = np.array([*pelvis.middle[:2], float(posed[:, 2].min())])
    posed = posed - shift.astype(np.float32)
    return Body(
        vertices=posed,
        skeleton=Skeleton(rest, skeleton.turns, skeleton.heads - shift),
        pelvis=PelvicPoints(pelvis.asis - shift, pelvis.psis - shift),
        outline_deg=tilt_deg - bones.shape_deg,
        height_m=float(np.ptp(vertices[:, 2])),
        bmi=body_mass_index(vertices, model.faces),
        model=model,
    )
