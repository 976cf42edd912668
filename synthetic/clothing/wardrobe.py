"""What can be worn, and putting it on a body."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from synthetic.body.drape import plane_edge
from synthetic.body.fitting import Figure, regions
from synthetic.body.mesh import Material, NamedMesh, Surface
from synthetic.clothing.accessories import Hair, make_hair, make_shoes
from synthetic.clothing.garments import (
    Fit,
    TopCut,
    WaistLine,
    belt,
    briefs,
    cloth_for,
    leg_tubes,
    loose_top,
    outside_of,
    skirt,
    sports_bra,
    tight_bottom,
    tight_top,
)
from synthetic.clothing.palette import Colour, Pattern, painted, scaled

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Top(StrEnum):
    """What is worn above."""

    BARE = "bare"
    SPORTS_BRA = "sports_bra"
    SWIMSUIT = "swimsuit"
    VEST = "vest"
    TSHIRT = "tshirt"
    LONGSLEEVE = "longsleeve"
    SHIRT = "shirt"
    SWEATER = "sweater"
    HOODIE = "hoodie"
    DRESS = "dress"


class Bottom(StrEnum):
    """What is worn below."""

    BRIEFS = "briefs"
    TIGHT_SHORTS = "tight_shorts"
    LEGGINGS = "leggings"
    SHORTS = "shorts"
    JEANS = "jeans"
    SLACKS = "slacks"
    SWEATPANTS = "sweatpants"
    SKIRT = "skirt"
    NONE = "none"


class Tuck(StrEnum):
    """Where a top ends."""

    TUCKED = "tucked"
    UNTUCKED = "untucked"
    CROPPED = "cropped"


@dataclass(frozen=True, slots=True)
class Outfit:
    """Everything worn.

    Attributes
    ----------
    top, bottom, tuck, fit
        Kinds.
    top_looseness, bottom_looseness
        0..1 within the fit.
    waist_rise_m
        Height of the waistband over the middle of the pelvis, default stature.
    waist_offset_deg
        Angle of the waistband against the pelvis; + = front lower than the pelvis says.
    top_length
        0..1: how far an untucked hem reaches below the waistband.
    hem_slope
        Rise of an untucked hem towards the back, metres a metre.
    leg_length
        Where the legs of a bottom end: 0 crotch, 0.5 knee, 1 ankle.
    leg_width_m
        As in :func:`synthetic.clothing.garments.leg_tubes`.
    flare
        Widening of skirts and dresses, metres a metre.
    sleeve_change
        Added to the usual length of the sleeves.
    belted, shod
        Whether there is a belt and whether there are shoes.
    hair, hair_volume
        Hair style; 0..1.
    colours
        Top, bottom, second colour of each, belt, shoes, hair; 0..255.
    patterns
        Top's and bottom's.
    seed
        For folds and patterns.
    """

    top: Top = Top.TSHIRT
    bottom: Bottom = Bottom.LEGGINGS
    tuck: Tuck = Tuck.TUCKED
    fit: Fit = Fit.REGULAR
    top_looseness: float = 0.2
    bottom_looseness: float = 0.3
    waist_rise_m: float = 0.03
    waist_offset_deg: float = 0.0
    top_length: float = 0.4
    hem_slope: float = 0.0
    leg_length: float = 0.95
    leg_width_m: float = 0.065
    flare: float = 0.1
    sleeve_change: float = 0.0
    belted: bool = False
    shod: bool = True
    hair: Hair = Hair.SHORT
    hair_volume: float = 0.5
    top_colours: tuple[Colour, Colour] = ((200, 200, 198), (60, 60, 60))
    bottom_colours: tuple[Colour, Colour] = ((45, 48, 56), (200, 200, 200))
    belt_colour: Colour = (60, 40, 28)
    shoe_colour: Colour = (70, 74, 80)
    hair_colour: Colour = (52, 36, 26)
    patterns: tuple[Pattern, Pattern] = (Pattern.PLAIN, Pattern.PLAIN)
    seed: int = 0

    @property
    def waist_shows(self) -> bool:
        """Whether the upper edge of the bottom can be seen."""
        if self.bottom is Bottom.NONE:
            return False
        return self.top in {Top.BARE, Top.SPORTS_BRA} or self.tuck is not Tuck.UNTUCKED

    @property
    def sole_m(self) -> float:
        """How far the soles are below the bare feet."""
        return 0.02 if self.shod else 0.0


_SLEEVES = {
    Top.VEST: -0.06,
    Top.TSHIRT: 0.6,
    Top.LONGSLEEVE: 1.9,
    Top.SHIRT: 1.9,
    Top.SWEATER: 1.95,
    Top.HOODIE: 1.95,
    Top.SWIMSUIT: -0.2,
    Top.DRESS: 0.3,
}
_HEAVY = {Top.SWEATER, Top.HOODIE, Bottom.JEANS, Bottom.SWEATPANTS}


def _waist_line(figure: Figure, outfit: Outfit) -> WaistLine:
    """Return the waistband's plane: it turns with the pelvis, less so further up.

    The bones' own shape, which is under the skin, does not move it.
    """
    high = min(max(outfit.waist_rise_m / 0.12, 0.0), 1.0)
    tilt_deg = figure.body.outline_deg
    angle_deg = tilt_deg * (1 - 0.45 * high) + 4.0 * high + outfit.waist_offset_deg
    return WaistLine(
        figure.pelvis_m + outfit.waist_rise_m * figure.scale, math.tan(math.radians(angle_deg))
    )


def _hem_m(figure: Figure, leg_length: float) -> float:
    if leg_length < 0.5:
        part = leg_length / 0.5
        return figure.crotch_m * (1 - part) + figure.knee_m * part
    part = (leg_length - 0.5) / 0.5
    return figure.knee_m * (1 - part) + max(figure.ankle_m - 0.03, 0.03) * part


def _bottom_surfaces(figure: Figure, outfit: Outfit, waist: WaistLine) -> list[Surface]:
    rng = np.random.default_rng([outfit.seed, 1])
    kind = outfit.bottom
    if kind is Bottom.NONE:
        return []
    if kind is Bottom.BRIEFS:
        return [briefs(figure, waist, outfit.leg_length, 0.003)]
    hem_m = _hem_m(figure, outfit.leg_length)
    if kind in {Bottom.LEGGINGS, Bottom.TIGHT_SHORTS}:
        return [tight_bottom(figure, waist, hem_m, 0.003 + 0.003 * outfit.bottom_looseness)]
    cloth = cloth_for(outfit.fit, outfit.bottom_looseness, kind in _HEAVY)
    if kind is Bottom.SKIRT:
        return [skirt(figure, cloth, waist, hem_m, outfit.flare, rng)]
    elastic = kind is Bottom.SWEATPANTS and outfit.leg_length > 0.9
    return leg_tubes(figure, cloth, waist, hem_m, outfit.leg_width_m, elastic, rng)


def _top_surfaces(
    figure: Figure, outfit: Outfit, waist: WaistLine, bottoms: list[Surface]
) -> list[Surface]:
    rng = np.random.default_rng([outfit.seed, 2])
    kind = outfit.top
    if kind is Top.BARE:
        return []
    if kind is Top.SPORTS_BRA:
        return [sports_bra(figure, 0.05 + 0.05 * outfit.top_length, 0.005)]
    sleeve = _SLEEVES[kind] + outfit.sleeve_change * (0.0 if _SLEEVES[kind] < 0 else 1.0)
    neckline = {Top.VEST: 0.008, Top.SWIMSUIT: 0.03, Top.SHIRT: -0.02}.get(kind, 0.0)
    if kind is Top.SWIMSUIT:
        hem = WaistLine(waist.height_m - 0.03, waist.slope)
        return [tight_top(figure, TopCut(sleeve, neckline, hem, False, True), 0.004)]
    if kind is Top.DRESS:
        hem = WaistLine(_hem_m(figure, outfit.leg_length), 0.0)
        cut = TopCut(sleeve, 0.01, hem, False, False)
        cloth = cloth_for(outfit.fit, outfit.top_looseness)
        held = WaistLine(figure.pelvis_m + 0.13 * figure.scale, 0.05) if outfit.belted else None
        return loose_top(figure, cloth, cut, held, [], outfit.flare, rng)
    drop = {
        Tuck.UNTUCKED: 0.05 + 0.17 * outfit.top_length,
        Tuck.CROPPED: -0.05 - 0.08 * outfit.top_length,
        Tuck.TUCKED: 0.03,
    }[outfit.tuck] * figure.scale
    tucked = outfit.tuck is Tuck.TUCKED
    slope = waist.slope if tucked else outfit.hem_slope + 0.5 * waist.slope
    hem = WaistLine(waist.height_m - drop, slope)
    cut = TopCut(sleeve, neckline, hem, kind in {Top.SWEATER, Top.HOODIE}, tucked)
    if outfit.fit is Fit.TIGHT and kind not in _HEAVY and kind is not Top.SHIRT:
        return [tight_top(figure, cut, (0.004 if tucked else 0.009) + 0.002 * outfit.top_looseness)]
    cloth = cloth_for(outfit.fit, outfit.top_looseness, kind in _HEAVY)
    return loose_top(figure, cloth, cut, waist if tucked else None, bottoms, 0.0, rng)


def dress(figure: Figure, outfit: Outfit) -> tuple[list[NamedMesh], NDArray[np.float64] | None]:
    """Put clothes, shoes and hair on a body.

    Returns
    -------
    meshes
        The garments, hair and shoes.
    belt_ring
        Shape (n, 3), m: the line of the waistband or belt around the body; None when nothing
        shows.
    """
    meshes: list[NamedMesh] = []

    def add(
        name: str,
        surfaces: list[Surface],
        material: Material,
        colours: tuple[Colour, ...],
        pattern: Pattern = Pattern.PLAIN,
    ) -> None:
        for vertices, faces in surfaces:
            rng = np.random.default_rng([outfit.seed, 3])
            rgb = painted(vertices, colours[0], colours[-1], pattern, rng)
            meshes.append(NamedMesh(name, vertices, faces, rgb, material))

    waist = _waist_line(figure, outfit)
    bottoms = _bottom_surfaces(figure, outfit, waist)
    tops = _top_surfaces(figure, outfit, waist, bottoms)
    add("bottom", bottoms, Material.CLOTH, outfit.bottom_colours, outfit.patterns[1])
    add("top", tops, Material.CLOTH, outfit.top_colours, outfit.patterns[0])
    ring = None
    if outfit.waist_shows:
        outside = outside_of(figure, bottoms)
        if outfit.belted:
            band = belt(outside, waist, 0.035, 0.004)
            add("belt", [band], Material.SHOE, (outfit.belt_colour,))
        edge = plane_edge(outside, waist.height_m, waist.slope)
        ring = outside.points(edge[None])[0]
    hair = make_hair(figure, outfit.hair, outfit.hair_volume)
    add("hair", hair, Material.HAIR, (outfit.hair_colour,))
    if outfit.shod:
        shoes = make_shoes(figure, outfit.sole_m)
        add("shoes", [shoes], Material.SHOE, (outfit.shoe_colour,))
    return meshes, ring


def skin_mesh(figure: Figure, colour: Colour, brows: Colour, seed: int) -> NamedMesh:
    """Return the bare body with eyes, brows and lips coloured."""
    rng = np.random.default_rng([seed, 4])
    body = figure.body
    rgb = painted(body.vertices, colour, colour, Pattern.PLAIN, rng)
    model, rest = body.model, regions().rest
    eye = model.weights[:, [model.bones["eye.L"], model.bones["eye.R"]]].sum(1) > 0.5
    x, y, z = rest.T
    face = (y < -0.10) & (np.abs(x) < 0.055)
    brow = face & (np.abs(x) > 0.012) & (np.abs(z - 0.722) < 0.006)
    rgb[brow] = scaled(brows, 0.8)
    lips = (y < -0.12) & (np.abs(x) < 0.024) & (np.abs(z - 0.634) < 0.009)
    rgb[lips] = scaled(colour, 0.75)
    rgb[eye] = (225, 222, 218)
    rgb[eye & (rest[:, 1] < rest[eye, 1].min() + 0.006)] = (50, 35, 28)
    return NamedMesh("body", body.vertices, model.faces, rgb, Material.SKIN)
