"""What can be worn, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from synthetic.clothing.accessories import Hair
    from synthetic.clothing.garments import Fit
    from synthetic.clothing.palette import Colour, Pattern


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

    top: Top
    bottom: Bottom
    tuck: Tuck
    fit: Fit
    top_looseness: float
    bottom_looseness: float
    waist_rise_m: float
    waist_offset_deg: float
    top_length: float
    hem_slope: float
    leg_length: float
    leg_width_m: float
    flare: float
    sleeve_change: float
    belted: bool
    shod: bool
    hair: Hair
    hair_volume: float
    top_colours: tuple[Colour, Colour]
    bottom_colours: tuple[Colour, Colour]
    belt_colour: Colour
    shoe_colour: Colour
    hair_colour: Colour
    patterns: tuple[Pattern, Pattern]
    seed: int

    @property
    def waist_shows(self) -> bool:
        """Whether the upper edge of the bottom can be seen."""
        if self.bottom is Bottom.NONE:
            return False
        return self.top in {Top.BARE, Top.SPORTS_BRA} or self.tuck is not Tuck.UNTUCKED
