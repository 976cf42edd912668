"""Drawing clothes: what goes with what, and how often."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from synthetic.clothing.accessories import Hair
from synthetic.clothing.garments import Fit
from synthetic.clothing.outfit import Bottom, Outfit, Top, Tuck
from synthetic.clothing.palette import Pattern, cloth_colour, hair_colour

if TYPE_CHECKING:
    from collections.abc import Mapping

    from synthetic.body.shape import Build

_Kind = TypeVar("_Kind")

_FITS = {Fit.TIGHT: 0.38, Fit.REGULAR: 0.38, Fit.LOOSE: 0.24}
_TOPS = {
    "female": {
        Top.SPORTS_BRA: 0.12,
        Top.SWIMSUIT: 0.05,
        Top.VEST: 0.20,
        Top.TSHIRT: 0.27,
        Top.LONGSLEEVE: 0.10,
        Top.SHIRT: 0.07,
        Top.SWEATER: 0.06,
        Top.HOODIE: 0.05,
        Top.DRESS: 0.08,
    },
    "male": {
        Top.BARE: 0.20,
        Top.VEST: 0.14,
        Top.TSHIRT: 0.36,
        Top.LONGSLEEVE: 0.10,
        Top.SHIRT: 0.10,
        Top.SWEATER: 0.05,
        Top.HOODIE: 0.05,
    },
}
_BOTTOMS = {
    "female": {
        Bottom.BRIEFS: 0.10,
        Bottom.TIGHT_SHORTS: 0.14,
        Bottom.LEGGINGS: 0.30,
        Bottom.SHORTS: 0.11,
        Bottom.JEANS: 0.13,
        Bottom.SLACKS: 0.07,
        Bottom.SWEATPANTS: 0.07,
        Bottom.SKIRT: 0.08,
    },
    "male": {
        Bottom.BRIEFS: 0.14,
        Bottom.TIGHT_SHORTS: 0.10,
        Bottom.LEGGINGS: 0.06,
        Bottom.SHORTS: 0.29,
        Bottom.JEANS: 0.17,
        Bottom.SLACKS: 0.10,
        Bottom.SWEATPANTS: 0.14,
    },
}
_HAIR = {
    "female": {
        Hair.SHORT: 0.16,
        Hair.BOB: 0.2,
        Hair.LONG: 0.22,
        Hair.PONYTAIL: 0.22,
        Hair.BUN: 0.16,
        Hair.CAP: 0.04,
    },
    "male": {
        Hair.BALD: 0.15,
        Hair.SHORT: 0.67,
        Hair.BOB: 0.04,
        Hair.PONYTAIL: 0.02,
        Hair.BUN: 0.02,
        Hair.CAP: 0.10,
    },
}
_LEG_LENGTH = {
    Bottom.BRIEFS: (0.0, 1.0),
    Bottom.TIGHT_SHORTS: (0.12, 0.48),
    Bottom.LEGGINGS: (0.7, 1.0),
    Bottom.SHORTS: (0.12, 0.52),
    Bottom.JEANS: (0.93, 1.0),
    Bottom.SLACKS: (0.93, 1.0),
    Bottom.SWEATPANTS: (0.92, 1.0),
    Bottom.SKIRT: (0.25, 0.85),
    Bottom.NONE: (0.2, 0.7),
}


def _pick(rng: np.random.Generator, shares: Mapping[_Kind, float]) -> _Kind:
    weights = np.array(list(shares.values()))
    return list(shares)[int(rng.choice(len(shares), p=weights / weights.sum()))]


def _draw_tuck(rng: np.random.Generator, top: Top) -> Tuck:
    if top in {Top.SWEATER, Top.HOODIE}:
        return _pick(rng, {Tuck.UNTUCKED: 0.9, Tuck.CROPPED: 0.1})
    if top is Top.SHIRT:
        return _pick(rng, {Tuck.UNTUCKED: 0.4, Tuck.TUCKED: 0.6})
    return _pick(rng, {Tuck.UNTUCKED: 0.55, Tuck.TUCKED: 0.33, Tuck.CROPPED: 0.12})


def _draw_pattern(rng: np.random.Generator, *, bottom: bool) -> Pattern:
    if bottom:
        return _pick(
            rng,
            {
                Pattern.PLAIN: 0.8,
                Pattern.SIDE_STRIPE: 0.08,
                Pattern.PRINT: 0.08,
                Pattern.CHECKS: 0.04,
            },
        )
    return _pick(
        rng, {Pattern.PLAIN: 0.7, Pattern.STRIPES: 0.13, Pattern.PRINT: 0.09, Pattern.CHECKS: 0.08}
    )


def _draw_kinds(rng: np.random.Generator, sex: str) -> tuple[Top, Bottom]:
    top = _pick(rng, _TOPS[sex])
    bottom = _pick(rng, _BOTTOMS[sex])
    if top is Top.DRESS:
        bottom = Bottom.NONE
    elif top is Top.SWIMSUIT:
        bottom = Bottom.BRIEFS
    elif bottom is Bottom.BRIEFS:
        top = Top.BARE if sex == "male" else Top.SPORTS_BRA
    return top, bottom


def draw_outfit(rng: np.random.Generator, build: Build, seed: int) -> Outfit:
    """Draw what a person wears.

    Parameters
    ----------
    rng
        The stream to draw from.
    build
        Sex decides on shares; a big belly pushes the waistband down in front.
    seed
        Goes into the outfit, for folds and patterns.
    """
    top, bottom = _draw_kinds(rng, build.sex)
    tuck = Tuck.TUCKED if top is Top.SWIMSUIT else _draw_tuck(rng, top)
    low, high = _LEG_LENGTH[bottom]
    belly = max(build.belly, build.fat, 0.0)
    main, lower = cloth_colour(rng), cloth_colour(rng)
    if top is Top.SWIMSUIT or (top is Top.SPORTS_BRA and rng.uniform() < 0.5):
        lower = main
    return Outfit(
        top=top,
        bottom=bottom,
        tuck=tuck,
        fit=_pick(rng, _FITS),
        top_looseness=float(rng.uniform()),
        bottom_looseness=float(rng.uniform()),
        waist_rise_m=float(np.clip(rng.normal(0.03, 0.04), -0.05, 0.12)),
        waist_offset_deg=float(rng.normal(0.0, 3.5) + 6.0 * belly * rng.uniform()),
        top_length=float(rng.uniform()),
        hem_slope=float(rng.normal(-0.02, 0.06)),
        leg_length=float(rng.uniform(low, high)),
        leg_width_m=float(rng.choice([0.0, 0.065, 0.08, 0.1], p=[0.4, 0.3, 0.2, 0.1])),
        flare=float(rng.uniform(0.0, 0.3)),
        sleeve_change=float(rng.uniform(-0.3, 0.05)),
        belted=bool(rng.uniform() < (0.55 if bottom in {Bottom.JEANS, Bottom.SLACKS} else 0.08)),
        shod=bool(rng.uniform() < (0.25 if bottom is Bottom.BRIEFS else 0.75)),
        hair=_pick(rng, _HAIR[build.sex]),
        hair_volume=float(rng.uniform()),
        top_colours=(main, cloth_colour(rng)),
        bottom_colours=(lower, cloth_colour(rng)),
        belt_colour=cloth_colour(rng),
        shoe_colour=cloth_colour(rng),
        hair_colour=hair_colour(rng, build.age_years),
        patterns=(_draw_pattern(rng, bottom=False), _draw_pattern(rng, bottom=True)),
        seed=seed,
    )
