"""The parametric body (Anny) as plain arrays, and the builds it is shaped to.

Axes of the body, in metres: x to the person's left, y to the back (the front is -y), z up.
"""

from __future__ import annotations

import logging
import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

#: Anny's local shape changes that are varied; each runs from -1 to 1.
LOCAL_CHANGES: tuple[str, ...] = (
    "buttocks-volume-incr",
    "stomach-pregnant-incr",
    "stomach-tone-incr",
    "hip-scale-horiz-incr",
    "hip-scale-depth-incr",
    "hip-trans-forward",
    "torso-scale-depth-incr",
    "torso-scale-horiz-incr",
    "torso-vshape-incr",
    "torso-scale-vert-incr",
    "torso-muscle-pectoral-incr",
    "torso-muscle-dorsi-incr",
    "breast-volume-vert-up",
    "breast-point-incr",
    "breast-trans-up",
    "measure-waist-circ-incr",
    "measure-hips-circ-incr",
    "measure-thigh-circ-incr",
    "measure-calf-circ-incr",
    "upperlegs-height-incr",
    "lowerlegs-height-incr",
    "neck-scale-depth-incr",
    "head-scale-depth-incr",
    "nose-scale-depth-incr",
)

_BAND_HALF_WIDTH_M = 0.27


@dataclass(frozen=True, slots=True)
class Flesh:
    """How the skin around the pelvis follows the bone, which nobody has measured.

    Anny's own skin lags behind (10 of 15 deg); between a lower edge, from the groin in front to
    the fold of the buttocks, and an upper one at the waist it is bound to the bone instead. The
    values of one body are a draw; those set here served the first training and all scenes that
    are written down.

    Attributes
    ----------
    low_front_m, low_back_m, top_front_m, top_back_m
        Heights (m, default body, whose hip joint is at 0.039) over which the skin goes from
        following its own bones to following the pelvis, and back: where it begins and ends.
    share
        How much of the pelvis's turn the skin within takes part in, 0..1.
    is_round
        Whether following fades with the distance from the middle of the pelvis instead, as no
        body that is trained on has it: heights then are those at the front and at the back.
    """

    low_front_m: tuple[float, float] = (-0.01, 0.07)
    low_back_m: tuple[float, float] = (-0.11, 0.01)
    top_front_m: tuple[float, float] = (0.145, 0.225)
    top_back_m: tuple[float, float] = (0.145, 0.225)
    share: float = 1.0
    is_round: bool = False

    def follows(self, rest: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return how far each vertex of the default body follows the pelvis.

        Parameters
        ----------
        rest
            Shape (V, 3), m.

        Returns
        -------
        numpy.ndarray
            Shape (V,), 0..1.
        """
        x, y, z = rest.T
        back = _smooth_step(y, -0.04, 0.04)
        edges = [
            front + (behind - front) * back[:, None]
            for front, behind in (
                (np.array(self.low_front_m), np.array(self.low_back_m)),
                (np.array(self.top_front_m), np.array(self.top_back_m)),
            )
        ]
        inside = np.abs(x) < _BAND_HALF_WIDTH_M
        if self.is_round:
            # 1 at the inner rim, 0 at the outer one, straight in between.
            low, top = ((z - edge[:, 0]) / np.diff(edge)[:, 0] for edge in edges)
            band = np.clip(np.minimum(low, 1 - top), 0.0, 1.0)
        else:
            low, top = (_smooth_step(z, edge[:, 0], edge[:, 1]) for edge in edges)
            band = low * (1 - top)
        return np.asarray(self.share * band * inside, np.float32)


@dataclass(frozen=True, slots=True)
class Build:
    """The shape of a body; signed values run from -1 to 1 with 0 as the usual.

    Attributes
    ----------
    sex
        ``female`` or ``male``.
    age_years
        18..80.
    stature_m
        Height.
    fat
        -1 thin, 1 Anny's heaviest; beyond it the step from 0 to 1 is gone on with, to 3.
    muscle
        0..1.
    proportions
        0..1, 1 = idealised.
    ancestry
        Three shares: African, Asian, Caucasian.
    buttocks, belly, belly_tone, hip_width, hip_depth, chest_depth, chest_width, v_shape
        Local shape, signed; belly 1 is pregnant-like.
    waist, thighs, calves, legs, breasts, breast_height, chest_muscle, neck
        Local shape, signed.
    """

    sex: str = "female"
    age_years: float = 30.0
    stature_m: float = 1.7
    fat: float = 0.0
    muscle: float = 0.5
    proportions: float = 0.6
    ancestry: tuple[float, float, float] = (0.33, 0.33, 0.34)
    buttocks: float = 0.0
    belly: float = 0.0
    belly_tone: float = 0.0
    hip_width: float = 0.0
    hip_depth: float = 0.0
    chest_depth: float = 0.0
    chest_width: float = 0.0
    v_shape: float = 0.0
    waist: float = 0.0
    thighs: float = 0.0
    calves: float = 0.0
    legs: float = 0.0
    breasts: float = 0.0
    breast_height: float = 0.0
    chest_muscle: float = 0.0
    neck: float = 0.0


@dataclass(frozen=True, slots=True)
class BodyModel:
    """Everything needed to shape and pose bodies, extracted once from Anny.

    Attributes
    ----------
    anny
        The Anny model; used only to turn phenotypes into blend-shape coefficients.
    template
        Shape (V, 3), float32, m: vertices with all coefficients at zero.
    blendshapes
        Shape (K, V * 3), float32, m.
    heads_template, heads_blendshapes
        Shapes (J, 3) and (K, J * 3), float32, m: where each bone begins.
    weights
        Shape (V, J), float32: skinning weights, the usual :class:`Flesh` bound to ``root``.
    own_weights
        The same as Anny has them.
    bound
        Shape (V,), bool: what may be bound to the pelvis, all but the arms.
    faces
        Shape (F, 3), int32: triangles, counter-clockwise seen from outside.
    bones
        Bone name to index; ``parents[j]`` is the index of bone j's parent, -1 at the root.
    parents
        Shape (J,), in an order in which parents come before their children.
    default_rest
        Shape (V, 3), float32, m: the default body, unposed; regions are defined on it.
    ends_template, ends_blendshapes
        Shapes (n,) and (K, n): z only, of the vertices at crown and soles.
    """

    anny: Any
    template: NDArray[np.float32]
    blendshapes: NDArray[np.float32]
    heads_template: NDArray[np.float32]
    heads_blendshapes: NDArray[np.float32]
    weights: NDArray[np.float32]
    own_weights: NDArray[np.float32]
    bound: NDArray[np.bool_]
    faces: NDArray[np.int32]
    bones: Mapping[str, int]
    parents: NDArray[np.intp]
    default_rest: NDArray[np.float32]
    ends_template: NDArray[np.float32]
    ends_blendshapes: NDArray[np.float32]

    def rest(
        self, phenotype: Mapping[str, float], local: Mapping[str, float]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return vertices (V, 3) and bone heads (J, 3) of an unposed body, m.

        Parameters
        ----------
        phenotype
            Anny's phenotype values (``gender``, ``age``, ``weight``, ...), 0..1.
        local
            Values of :data:`LOCAL_CHANGES`, -1..1; those left out are 0.
        """
        row = self._coefficients(phenotype, local)
        used = np.flatnonzero(np.abs(row) > 1e-6)
        vertices = self.template + (row[used] @ self.blendshapes[used]).reshape(-1, 3)
        heads = self.heads_template + (row[used] @ self.heads_blendshapes[used]).reshape(-1, 3)
        return vertices, heads

    def _coefficients(
        self, phenotype: Mapping[str, float], local: Mapping[str, float]
    ) -> NDArray[np.float32]:
        beyond = max(phenotype["weight"] - 1.0, 0.0) if phenotype else 0.0
        row = self._anny_coefficients(phenotype, local, min(phenotype.get("weight", 0.5), 1.0))
        if beyond:
            usual = self._anny_coefficients(phenotype, local, 0.5)
            row = row + np.float32(2 * beyond) * (row - usual)
        return row

    def _anny_coefficients(
        self, phenotype: Mapping[str, float], local: Mapping[str, float], weight: float
    ) -> NDArray[np.float32]:
        values = {**phenotype, "weight": weight} if phenotype else {}
        coefficients = self.anny.get_phenotype_blendshape_coefficients(
            **values, local_changes=dict(local)
        )
        row: NDArray[np.float32] = coefficients[0].detach().numpy().astype(np.float32)
        return row

    def stature_m(self, phenotype: Mapping[str, float], local: Mapping[str, float]) -> float:
        """Return the height of an unposed body, without computing all of it."""
        z = self.ends_template + self._coefficients(phenotype, local) @ self.ends_blendshapes
        return float(np.ptp(z))


def _smooth_step(
    x: NDArray[np.float32], low: float | NDArray[np.float64], high: float | NDArray[np.float64]
) -> NDArray[np.float32]:
    t = np.clip((x - low) / (high - low), 0.0, 1.0)
    result: NDArray[np.float32] = (t * t * (3.0 - 2.0 * t)).astype(np.float32)
    return result


@lru_cache(maxsize=1)
def load_body_model() -> BodyModel:
    """Return the body model, built once per process.

    The first build on a machine takes Anny up to a minute; it keeps its own cache on disk,
    so that later processes need about two seconds.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.getLogger("anny").setLevel(logging.ERROR)
        from anny import Anny

        anny = Anny(local_changes=list(LOCAL_CHANGES), phenotypes="all", skinning_method="lbs")
    shapes = anny.blendshapes.numpy()
    vertex_count = anny.template_vertices.shape[0]
    bone_count = len(anny.bone_labels)
    bones = {name: index for index, name in enumerate(anny.bone_labels)}
    weights = np.zeros((vertex_count, bone_count), np.float32)
    rows = np.arange(vertex_count)[:, None]
    np.add.at(weights, (rows, anny.vertex_bone_indices.numpy()), anny.vertex_bone_weights.numpy())
    with np.errstate(all="ignore"):
        default_rest = anny()["rest_vertices"][0].numpy()
    z = default_rest[:, 2]
    ends = np.flatnonzero((z > z.max() - 0.04) | (z < z.min() + 0.03))
    arms = [i for name, i in bones.items() if "arm" in name or "finger" in name or "wrist" in name]
    bound = weights[:, arms].sum(1) < 0.3
    band = Flesh().follows(default_rest) * bound
    own_weights = weights.copy()
    weights *= (1 - band)[:, None]
    weights[:, bones["root"]] += band
    return BodyModel(
        anny=anny,
        template=anny.template_vertices.numpy(),
        blendshapes=shapes.reshape(shapes.shape[0], -1),
        heads_template=anny.template_bone_heads.numpy(),
        heads_blendshapes=anny.bone_heads_blendshapes.numpy().reshape(shapes.shape[0], -1),
        weights=weights,
        own_weights=own_weights,
        bound=bound,
        faces=anny.faces.numpy().astype(np.int32),
        bones=bones,
        parents=np.array(anny.bone_parents, dtype=np.intp),
        default_rest=default_rest,
        ends_template=anny.template_vertices.numpy()[ends, 2],
        ends_blendshapes=shapes[:, ends, 2],
    )


def _age_phenotype(age_years: float) -> float:
    """Return Anny's age: 1/3 is a child of 11, 2/3 an adult of 25, 1 a person of 90."""
    if age_years < 25:
        return 2 / 3 - (25 - age_years) / 14 * 0.1
    return 2 / 3 + (age_years - 25) / 65 / 3


def _local_of(build: Build) -> dict[str, float]:
    return {
        "buttocks-volume-incr": build.buttocks,
        "stomach-pregnant-incr": max(build.belly, 0.0),
        "stomach-tone-incr": build.belly_tone,
        "hip-scale-horiz-incr": build.hip_width,
        "hip-scale-depth-incr": build.hip_depth,
        "torso-scale-depth-incr": build.chest_depth,
        "torso-scale-horiz-incr": build.chest_width,
        "torso-vshape-incr": build.v_shape,
        "measure-waist-circ-incr": build.waist,
        "measure-thigh-circ-incr": build.thighs,
        "measure-calf-circ-incr": build.calves,
        "upperlegs-height-incr": build.legs,
        "lowerlegs-height-incr": build.legs,
        "breast-volume-vert-up": build.breasts,
        "breast-trans-up": build.breast_height,
        "torso-muscle-pectoral-incr": build.chest_muscle,
        "torso-muscle-dorsi-incr": build.chest_muscle,
        "neck-scale-depth-incr": build.neck,
    }


@lru_cache(maxsize=4)
def phenotype_of(build: Build) -> tuple[dict[str, float], dict[str, float]]:
    """Return Anny's phenotype and local changes of a build, its stature matched."""
    african, asian, caucasian = build.ancestry
    phenotype = {
        "gender": 0.95 if build.sex == "female" else 0.05,
        "age": _age_phenotype(build.age_years),
        "muscle": build.muscle,
        "weight": 0.5 + 0.5 * build.fat,
        "proportions": build.proportions,
        "cupsize": 0.5 + 0.4 * build.breasts,
        "firmness": 0.5 + 0.4 * build.breast_height,
        "african": african,
        "asian": asian,
        "caucasian": caucasian,
    }
    local = _local_of(build)
    model = load_body_model()
    statures = [model.stature_m({**phenotype, "height": h}, local) for h in (0.3, 0.7)]
    height = 0.3 + 0.4 * (build.stature_m - statures[0]) / (statures[1] - statures[0])
    phenotype["height"] = min(max(height, 0.0), 1.0)
    return phenotype, local
