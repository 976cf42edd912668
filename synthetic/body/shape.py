"""Builds of bodies in words people use, and what they mean to the body model."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from synthetic.body.model import load_body_model


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
        -1 thin, 1 obese.
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
