"""Two round stickers of one vivid colour on the ASIS and the PSIS, found without settings.

A sticker is a small island of a vivid colour, filled and roundish, about 3 cm across where
the trunk (hip to shoulder) measures about half a metre, with little of its colour around
it. Two of them, one ahead of and one behind the hip, the hind one at the edge of the back,
are the answer; anything else there that could be a sticker of that colour too makes the
answer doubtful, and then there is none.

All search is done in a small window around the pelvis in which the front is to the right,
x points forward, y down, and lengths are measured in trunks (hip to shoulder).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from itertools import permutations
from typing import TYPE_CHECKING

import cv2
import numpy as np

from vision.result import Facing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from vision.pose.estimate import PoseEstimate

#: The trunk's length in the window, pixels, at most: a sticker is then 15 px wide.
_TRUNK_PX = 240.0
#: Down to this scale two neighbours in each direction are enough, at a third of the time.
_LINEAR_FROM = 0.5
#: What is searched, from the middle of MediaPipe's hips, in trunks: (back, front) and
#: (top, bottom). The true pelvis lies about 0.2 above them.
_WINDOW_X, _WINDOW_Y = (-0.6, 0.55), (-0.65, 0.25)
#: The body's mask is kept at this part of the window's resolution; it holds no more.
_COARSE = 4
#: Stickers stand out from the body by at most this, trunks; beyond is background.
_REACH = 0.11
#: Diameter in trunks: 3 cm are 0.065; a half hidden one looks smaller.
_DIAMETER = (0.034, 0.11)
#: An island at least as wide as this, trunks, is not lifted out of its surroundings.
_ISLAND = 0.125
#: Surroundings of nearly the same hue count as well: at the end of a range a plain wall
#: would fall to pieces.
_HUE_MARGIN_DEG = 8
#: How much the chroma (largest minus smallest of red, green, blue, 0..255) of a vivid thing
#: rises above the surroundings at least, and as a share of the window's brightest parts.
_RISE_MIN, _RISE_OF_WHITE = 30, 0.27
#: Levels at which islands are looked for, as shares of the highest rise in the window: low
#: ones show all of a shaded ball, high ones part a lit ball from what it touches.
_RISE_SHARES = (0.22, 0.4, 0.65)
#: Islands of different levels closer than this, trunks, are one.
_SAME_PLACE = 0.05
#: Area over that of the ellipse with the same second moments (1 for an ellipse, 0.955 for
#: a rectangle) and over that of the convex hull; that ellipse's shorter axis over the longer.
_FILLED, _SOLID, _SLENDER = 0.92, 0.84, 0.38
#: Length of an outline, trunks: shorter or longer ones need no closer look.
_OUTLINE = (0.06, 0.5)
#: A sticker stands alone: what rises in a ring around it, this many pixels outside its
#: edge, is a small share of its own.
_RING_MAX, _RING_PX = 0.22, (2.0, 5.0)
#: A sheet of at least this chroma is clothing of a vivid colour.
_CLOTH_CHROMA = 110


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


@dataclass(frozen=True, slots=True)
class Window:
    """The picture around the pelvis; front to the right.

    Attributes
    ----------
    hue
        Shape (height, width), uint8: 0..255 for the whole circle.
    chroma
        The same shape, uint8: largest minus smallest of red, green and blue.
    body
        Shape (height / 4, width / 4), uint8: 1 = the person.
    hip
        The middle of the hips in window pixels, x, y.
    trunk
        Length of the trunk in window pixels.
    white
        Brightness of its brightest parts, 0..255.
    origin_px, px
        Picture pixel of the window's corner, and picture pixels per window pixel.
    mirrored
        Whether the picture was mirrored to bring the front to the right.
    """

    hue: NDArray[np.uint8]
    chroma: NDArray[np.uint8]
    body: NDArray[np.uint8]
    hip: tuple[float, float]
    trunk: float
    white: float
    origin_px: tuple[int, int]
    px: tuple[float, float]
    mirrored: bool

    def to_picture(self, x: float, y: float) -> tuple[float, float]:
        """Return the picture's pixel of a place in the window."""
        if self.mirrored:
            x = self.hue.shape[1] - 1 - x
        return (
            self.origin_px[0] + (x + 0.5) * self.px[0] - 0.5,
            self.origin_px[1] + (y + 0.5) * self.px[1] - 0.5,
        )

    def body_share(self, x: float, y: float, reach: float) -> float:
        """Return the body's share of a square around a place, so many trunks each way."""
        size = max(1, round(reach * self.trunk / _COARSE))
        row, column = int(y / _COARSE), int(x / _COARSE)
        square = self.body[
            max(row - size, 0) : row + size + 1, max(column - size, 0) : column + size + 1
        ]
        return float(square.mean()) if square.size else 0.0


@dataclass(frozen=True, slots=True)
class Spot:
    """A sticker-like island.

    Attributes
    ----------
    x, y
        Its centre, trunks ahead of and below the middle of the hips.
    at
        The same in window pixels.
    diameter
        Of the longer axis, trunks.
    strength
        How much its chroma rises above the surroundings, 0..255.
    hue_deg
        Its middle hue.
    """

    x: float
    y: float
    at: tuple[float, float]
    diameter: float
    strength: float
    hue_deg: float


@dataclass(frozen=True, slots=True)
class Spots:
    """The sticker-like islands of one hue, and whether a piece of clothing has it too."""

    spots: tuple[Spot, ...]
    clothing: bool


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
    window = _window_around_pelvis(rgb, pose, facing)
    if window is None:
        return NoStickers(StickerDoubt.NONE_SEEN)
    answers = [_search(window, colour) for colour in StickerColour]
    found = [answer for answer in answers if isinstance(answer, Stickers)]
    if found:
        return found[0] if len(found) == 1 else NoStickers(StickerDoubt.MORE_THAN_TWO)
    doubts = [answer for answer in answers if isinstance(answer, NoStickers)]
    order = list(StickerDoubt)
    return max(doubts, key=lambda doubt: order.index(doubt.reason))


def _search(window: Window, colour: StickerColour) -> Stickers | NoStickers:
    seen = _spots_of_hue(window, HUES_DEG[colour])
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


def _window_around_pelvis(
    rgb: NDArray[np.uint8], pose: PoseEstimate, facing: Facing
) -> Window | None:
    """Cut out the window, or return None where the picture holds too little of it."""
    sign, trunk_px = facing.front_sign, pose.trunk_px
    hip_x, hip_y = (float(value) for value in pose.mid_hip_px)
    sides = sorted(hip_x + sign * trunk_px * x for x in _WINDOW_X)
    height, width = rgb.shape[:2]
    left, right = (int(np.clip(x, 0, width)) for x in sides)
    top, bottom = (int(np.clip(hip_y + trunk_px * y, 0, height)) for y in _WINDOW_Y)
    per_px = min(1.0, _TRUNK_PX / max(trunk_px, 1.0))
    size = (int((right - left) * per_px), int((bottom - top) * per_px))
    if min(size) < 4 * _COARSE:
        return None
    how = cv2.INTER_LINEAR if per_px > _LINEAR_FROM else cv2.INTER_AREA
    part = cv2.resize(rgb[top:bottom, left:right], size, interpolation=how)
    mask = cv2.resize(
        pose.mask[top:bottom, left:right],
        (size[0] // _COARSE, size[1] // _COARSE),
        interpolation=cv2.INTER_LINEAR,
    )
    mirrored = facing is Facing.LEFT
    if mirrored:
        part, mask = cv2.flip(part, 1), cv2.flip(mask, 1)
    body = (mask > 0.5).astype(np.uint8)
    hue, saturation, value = cv2.split(cv2.cvtColor(part, cv2.COLOR_RGB2HSV_FULL))
    chroma = cv2.multiply(saturation, value, scale=1 / 255)
    px = ((right - left) / size[0], (bottom - top) / size[1])
    hip = ((hip_x - left + 0.5) / px[0] - 0.5, (hip_y - top + 0.5) / px[1] - 0.5)
    return Window(
        hue=np.asarray(hue, np.uint8),
        chroma=np.asarray(chroma, np.uint8),
        body=body,
        hip=(size[0] - 1 - hip[0] if mirrored else hip[0], hip[1]),
        trunk=trunk_px / px[1],
        white=float(np.percentile(value[::4, ::4], 95)),
        origin_px=(left, top),
        px=px,
        mirrored=mirrored,
    )


def _spots_of_hue(window: Window, hues_deg: tuple[int, int]) -> Spots:
    vivid = max(_RISE_MIN, _RISE_OF_WHITE * window.white)
    least = math.pi / 4 * (_DIAMETER[0] * window.trunk) ** 2
    chroma = _of_hue(window, hues_deg, 0)
    if cv2.countNonZero(cv2.threshold(chroma, vivid, 255, cv2.THRESH_BINARY)[1]) < least:
        return Spots((), False)
    side = round(_ISLAND * window.trunk)
    sheet = cv2.morphologyEx(
        _of_hue(window, hues_deg, _HUE_MARGIN_DEG),
        cv2.MORPH_OPEN,
        cv2.getStructuringElement(cv2.MORPH_RECT, (side, side)),
    )
    rise = np.asarray(cv2.subtract(chroma, sheet), np.uint8)
    # What is as vivid as the least of the area that one sticker must have.
    at_least = np.cumsum(cv2.calcHist([rise], [0], None, [256], [0, 256]).ravel()[::-1])[::-1]
    peak = int(np.count_nonzero(at_least >= least)) - 1
    clothing = cv2.minMaxLoc(sheet)[1] >= _CLOTH_CHROMA
    if peak < _RISE_MIN:
        return Spots((), clothing)
    spots: list[Spot] = []
    for level in sorted({max(_RISE_MIN, round(share * peak)) for share in _RISE_SHARES}):
        for spot in _islands(window, rise, level):
            if all(math.dist((spot.x, spot.y), (s.x, s.y)) > _SAME_PLACE for s in spots):
                spots.append(spot)
    return Spots(tuple(spots), clothing)


def _of_hue(window: Window, hues_deg: tuple[int, int], margin_deg: int) -> NDArray[np.uint8]:
    """Return the chroma of everything whose hue is in a range, else 0."""
    low, high = (round(hue * 255 / 360) for hue in hues_deg)
    margin = round(margin_deg * 255 / 360)
    inside = cv2.inRange(window.hue, max(low - margin, 0), high + margin)
    return np.asarray(cv2.bitwise_and(window.chroma, inside), np.uint8)


def _islands(window: Window, rise: NDArray[np.uint8], level: int) -> Iterator[Spot]:
    islands = cv2.threshold(rise, level - 1, 255, cv2.THRESH_BINARY)[1]
    islands = cv2.morphologyEx(
        islands, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))
    )
    outlines, _ = cv2.findContours(islands, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    shortest, longest = (around * window.trunk for around in _OUTLINE)
    for outline in outlines:
        if shortest <= len(outline) <= longest:
            spot = _as_spot(window, np.asarray(outline, np.int32), rise, level)
            if spot is not None:
                yield spot


def _as_spot(
    window: Window, outline: NDArray[np.int32], rise: NDArray[np.uint8], level: int
) -> Spot | None:
    """Return an island as a spot if it has a sticker's size and shape.

    Holes, such as a highlight, count as filled.
    """
    moments = cv2.moments(outline)
    area = moments["m00"]
    if area <= 0:
        return None
    xx, xy, yy = (moments[name] / area for name in ("mu20", "mu11", "mu02"))
    middle, apart = (xx + yy) / 2, math.hypot((xx - yy) / 2, xy)
    small, large = math.sqrt(max(middle - apart, 0.0)), math.sqrt(middle + apart)
    # An outline runs through the middles of its pixels: half a pixel is lost all around.
    diameter = (4 * large + 1) / window.trunk
    if not _DIAMETER[0] <= diameter <= _DIAMETER[1]:
        return None
    if (
        small < _SLENDER * large
        or area < _FILLED * 4 * math.pi * small * large
        or area < _SOLID * cv2.contourArea(cv2.convexHull(outline))
    ):
        return None
    x, y = moments["m10"] / area, moments["m01"] / area
    radius = diameter * window.trunk / 2
    reach = math.ceil(radius + _RING_PX[1])
    top, left = max(int(y) - reach, 0), max(int(x) - reach, 0)
    here = np.s_[top : int(y) + reach + 1, left : int(x) + reach + 1]
    around = rise[here]
    rows, columns = np.ogrid[: around.shape[0], : around.shape[1]]
    away = np.hypot(columns + (left - x), rows + (top - y))
    inside = (around >= level) & (away <= radius + 1)
    ring = (away > radius + _RING_PX[0]) & (away < radius + _RING_PX[1])
    if not inside.any() or not window.body_share(x, y, _REACH):
        return None
    strength = float(around[inside].mean())
    if strength < _RISE_OF_WHITE * window.white or around[ring].mean() > _RING_MAX * strength:
        return None
    return Spot(
        x=(x - window.hip[0]) / window.trunk,
        y=(y - window.hip[1]) / window.trunk,
        at=(x, y),
        diameter=diameter,
        strength=strength,
        hue_deg=float(np.median(window.hue[here][inside])) * 360 / 255,
    )
