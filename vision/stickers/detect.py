"""Two round stickers of one vivid colour on the ASIS and the PSIS, found without settings.

A sticker is a small island of a vivid colour, filled and roundish, about 3 cm across where
the trunk (hip to shoulder) measures about half a metre, with little of its colour around
it. Two of them, one ahead of and one behind the hip, the hind one at the edge of the back,
are the answer; anything else there that could be a sticker of that colour too makes the
answer doubtful, and then there is none.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from itertools import permutations
from typing import TYPE_CHECKING

from vision.stickers.candidates import Spot, Window, look_around_pelvis, spots_of_hue

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from vision.pose.estimate import PoseEstimate
    from vision.result import Facing


class StickerColour(StrEnum):
    """The colours that are looked for."""

    GREEN = "green"
    PINK = "pink"
    ORANGE = "orange"
    BLUE = "blue"


class StickerDoubt(StrEnum):
    """Why no pair of stickers is reported; the later, the more it says."""

    NONE_SEEN = "none_seen"
    CLOTHING_OF_THAT_COLOUR = "clothing_of_that_colour"
    NOT_ON_PELVIS = "not_on_pelvis"
    ONLY_ONE = "only_one"
    MORE_THAN_TWO = "more_than_two"


@dataclass(frozen=True, slots=True)
class Stickers:
    """Two stickers on the pelvis.

    Attributes
    ----------
    colour
        Of both.
    asis_px, psis_px
        Their centres, pixels of the picture given, x right, y down.
    sd_px
        Standard deviation of each coordinate of each centre, pixels.
    diameter_px
        Of the larger one.
    """

    colour: StickerColour
    asis_px: tuple[float, float]
    psis_px: tuple[float, float]
    sd_px: float
    diameter_px: float


@dataclass(frozen=True, slots=True)
class NoStickers:
    """No pair of stickers, and why; ``colour`` is the one in doubt, if any."""

    reason: StickerDoubt
    colour: StickerColour | None = None


#: Hues in degrees. Skin (10 to 30 deg) is told from orange by its weaker chroma.
HUES_DEG = {
    StickerColour.GREEN: (80, 165),
    StickerColour.PINK: (295, 350),
    StickerColour.ORANGE: (10, 55),
    StickerColour.BLUE: (185, 245),
}
#: Where on synthetic bodies 99 of 100 points lie, from the middle of MediaPipe's hips,
#: trunks ahead and trunks below, with some room.
_ASIS_X, _PSIS_X, _BAND_Y = (-0.03, 0.45), (-0.5, 0.02), (-0.55, 0.15)
#: From PSIS to ASIS, trunks, and the angle of that line as it lies in the picture.
_DISTANCE, _ANGLE_DEG = (0.2, 0.78), (-20.0, 42.0)
#: Larger over smaller diameter, and strength, of a pair (balls are shaded); their hues.
_SIZE_RATIO, _STRENGTH_RATIO, _HUE_DEG = 1.8, 2.5, 30.0
#: A third spot this strong, against the weaker of the two strongest, makes doubt.
_THIRD = 0.6
#: The front one lies on the body (which takes this share of a square of so many trunks each
#: way), and in the hind one's square is an edge of the body.
_ON_BODY_TRUNKS, _ON_BODY_MIN, _EDGE_TRUNKS = 0.05, 0.3, 0.11
#: The same for a single spot, of which more is asked, so that only 1 in 50 people without
#: stickers is told that one is missing; its strength against the window's brightest parts.
_LONE_ASIS_X, _LONE_PSIS_X, _LONE_Y = (0.03, 0.38), (-0.45, -0.06), (-0.5, 0.05)
_LONE_DIAMETER, _LONE_OF_WHITE = (0.042, 0.095), 0.38
#: Standard deviation of each coordinate of a centre, window pixels, on synthetic pictures.
_CENTRE_SD = 0.5


def find_stickers(
    rgb: NDArray[np.uint8], pose: PoseEstimate, facing: Facing
) -> Stickers | NoStickers:
    """Find the stickers on a person's pelvis.

    Parameters
    ----------
    rgb
        Shape (height, width, 3), uint8.
    pose
        The person, in pixels of ``rgb``.
    facing
        Which edge of the picture they look towards.
    """
    window = look_around_pelvis(rgb, pose, facing)
    if window is None:
        return NoStickers(StickerDoubt.NONE_SEEN)
    found: list[Stickers] = []
    doubts: list[NoStickers] = []
    for colour in StickerColour:
        answer = _search(window, colour)
        if isinstance(answer, Stickers):
            found.append(answer)
        else:
            doubts.append(answer)
    if len(found) > 1:
        return NoStickers(StickerDoubt.MORE_THAN_TWO)
    order = list(StickerDoubt)
    return found[0] if found else max(doubts, key=lambda doubt: order.index(doubt.reason))


def _search(window: Window, colour: StickerColour) -> Stickers | NoStickers:
    seen = spots_of_hue(window, HUES_DEG[colour])
    spots = [spot for spot in seen.spots if _in_band(spot)]
    pairs = [
        (front, back)
        for front, back in permutations(spots, 2)
        if _is_pelvis(window, front, back) and _are_alike(front, back)
    ]
    if not pairs:
        if seen.clothing:
            return NoStickers(StickerDoubt.CLOTHING_OF_THAT_COLOUR, colour)
        if len(spots) > 1:
            return NoStickers(StickerDoubt.NOT_ON_PELVIS, colour)
        if spots and _is_lone_sticker(window, spots[0]):
            return NoStickers(StickerDoubt.ONLY_ONE, colour)
        return NoStickers(StickerDoubt.NONE_SEEN)
    front, back = max(pairs, key=lambda pair: min(pair[0].strength, pair[1].strength))
    for other in spots:
        if other not in (front, back) and _could_be_third(other, front, back):
            return NoStickers(StickerDoubt.MORE_THAN_TWO, colour)
    return _stickers(window, colour, front, back)


def _in_band(spot: Spot) -> bool:
    return _PSIS_X[0] <= spot.x <= _ASIS_X[1] and _BAND_Y[0] <= spot.y <= _BAND_Y[1]


def _is_pelvis(window: Window, front: Spot, back: Spot) -> bool:
    """Tell whether two spots lie as the ASIS and the PSIS of a standing person do."""
    ahead, below = front.x - back.x, front.y - back.y
    return (
        front.x >= _ASIS_X[0]
        and back.x <= _PSIS_X[1]
        and _DISTANCE[0] <= math.hypot(ahead, below) <= _DISTANCE[1]
        and _ANGLE_DEG[0] <= math.degrees(math.atan2(below, ahead)) <= _ANGLE_DEG[1]
        and _is_on_body(window, front)
        and _is_at_edge(window, back)
    )


def _is_lone_sticker(window: Window, spot: Spot) -> bool:
    """Tell whether a single spot, with no other to bear it out, is surely a sticker."""
    on_asis = _LONE_ASIS_X[0] <= spot.x <= _LONE_ASIS_X[1] and _is_on_body(window, spot)
    on_psis = _LONE_PSIS_X[0] <= spot.x <= _LONE_PSIS_X[1] and _is_at_edge(window, spot)
    return (
        (on_asis or on_psis)
        and _LONE_Y[0] <= spot.y <= _LONE_Y[1]
        and _LONE_DIAMETER[0] <= spot.diameter <= _LONE_DIAMETER[1]
        and spot.strength >= _LONE_OF_WHITE * window.white
    )


def _is_on_body(window: Window, spot: Spot) -> bool:
    return window.body_share(*spot.at, _ON_BODY_TRUNKS) >= _ON_BODY_MIN


def _is_at_edge(window: Window, spot: Spot) -> bool:
    return 0 < window.body_share(*spot.at, _EDGE_TRUNKS) < 1


def _are_alike(one: Spot, other: Spot) -> bool:
    """Tell whether two spots can be stickers of one kind."""
    sizes, strengths = (
        sorted(pair) for pair in ((one.diameter, other.diameter), (one.strength, other.strength))
    )
    return (
        sizes[1] <= _SIZE_RATIO * sizes[0]
        and strengths[1] <= _STRENGTH_RATIO * strengths[0]
        and abs(one.hue_deg - other.hue_deg) <= _HUE_DEG
    )


def _could_be_third(spot: Spot, front: Spot, back: Spot) -> bool:
    """Tell whether one more spot is as much of a sticker as the pair."""
    strong = spot.strength > _THIRD * min(front.strength, back.strength)
    return strong and _are_alike(spot, front) and _are_alike(spot, back)


def _stickers(window: Window, colour: StickerColour, front: Spot, back: Spot) -> Stickers:
    px = window.px[1]
    return Stickers(
        colour=colour,
        asis_px=window.to_picture(*front.at),
        psis_px=window.to_picture(*back.at),
        sd_px=_CENTRE_SD * px,
        diameter_px=max(front.diameter, back.diameter) * window.trunk * px,
    )
