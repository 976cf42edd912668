"""The vocabulary of an overlay: shapes, what they mean, their colours, where labels go.

Nothing here paints. A painter (OpenCV, Qt, PDF) scales the shapes to its own pixels with
:func:`scaled`, places the labels with :func:`place_labels`, and draws each stroke in the
colour of its role on a halo of the contrasting one, so that it shows on any picture.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

Point: TypeAlias = tuple[float, float]
Box: TypeAlias = tuple[float, float, float, float]
Colour: TypeAlias = tuple[int, int, int]


class Role(StrEnum):
    """What a shape stands for; painters choose colours by it."""

    OUTLINE = "outline"
    NEAR_SIDE = "near_side"
    FAR_SIDE = "far_side"
    HORIZONTAL = "horizontal"
    TILT = "tilt"
    INTERVAL = "interval"
    FRONT_POINT = "front_point"
    BACK_POINT = "back_point"
    BELT = "belt"
    PLUMB = "plumb"
    REFUSAL = "refusal"


class Layer(StrEnum):
    """What a viewer can show or hide on its own."""

    LANDMARKS = "landmarks"
    OUTLINE = "outline"
    TILT = "tilt"
    HORIZONTAL = "horizontal"
    BELT = "belt"
    PLUMB = "plumb"


#: A refusal's banner stands beside the picture, whatever is switched off.
LAYER_OF: Mapping[Role, Layer] = MappingProxyType(
    {
        Role.OUTLINE: Layer.OUTLINE,
        Role.NEAR_SIDE: Layer.LANDMARKS,
        Role.FAR_SIDE: Layer.LANDMARKS,
        Role.HORIZONTAL: Layer.HORIZONTAL,
        Role.TILT: Layer.TILT,
        Role.INTERVAL: Layer.TILT,
        Role.FRONT_POINT: Layer.TILT,
        Role.BACK_POINT: Layer.TILT,
        Role.BELT: Layer.BELT,
        Role.PLUMB: Layer.PLUMB,
    }
)

#: Red, green, blue of each role: light colours of the palette of Okabe and Ito (2008,
#: "Color Universal Design"), which stay apart for colour-blind eyes, with white and grey.
COLOURS: Mapping[Role, Colour] = MappingProxyType(
    {
        Role.OUTLINE: (86, 180, 233),
        Role.NEAR_SIDE: (255, 255, 255),
        Role.FAR_SIDE: (178, 178, 178),
        Role.HORIZONTAL: (255, 255, 255),
        Role.TILT: (240, 228, 66),
        Role.INTERVAL: (240, 228, 66),
        Role.FRONT_POINT: (255, 176, 32),
        Role.BACK_POINT: (224, 143, 190),
        Role.BELT: (64, 214, 160),
        Role.PLUMB: (178, 178, 178),
        Role.REFUSAL: (255, 255, 255),
    }
)
#: Around each stroke and behind each text.
HALO: Colour = (10, 12, 16)
#: Opacity, 0..1, of the plate behind a text and of the interval's wedge.
PLATE_OPACITY = 0.78
WEDGE_OPACITY = 0.38
#: Width of the line from a label to what it speaks of, in heights of its largest letters.
_LEAD_WIDTH = 0.07


@dataclass(frozen=True, slots=True)
class Line:
    """A straight stroke; ``dash_px`` 0 = solid, else the length of each dash and gap."""

    role: Role
    start_px: Point
    end_px: Point
    width_px: float
    dash_px: float = 0.0


@dataclass(frozen=True, slots=True)
class Polyline:
    """Points joined by strokes; ``closed`` joins the last to the first."""

    role: Role
    points_px: tuple[Point, ...]
    width_px: float
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    """A filled circle."""

    role: Role
    centre_px: Point
    radius_px: float


@dataclass(frozen=True, slots=True)
class _Round:
    """Part of a circle, from +x towards +y: clockwise on the screen, since y points down."""

    role: Role
    centre_px: Point
    radius_px: float
    start_deg: float
    sweep_deg: float
    width_px: float


class Arc(_Round):
    """Part of a circle's edge."""

    __slots__ = ()


class Wedge(_Round):
    """A faintly filled slice of a disc with a thin edge."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Label:
    """Lines of text on a plate.

    Attributes
    ----------
    lines, sizes_px
        The text and the height of its letters, line by line.
    anchor_px
        Where the plate would like to touch.
    towards
        On which side of the anchor it would like to lie: -1, 0 or 1 in x and in y.
    avoid_px
        A box (left, top, right, bottom) it must not cover, or None.
    body_px
        Boxes that hold the person, which it covers only where there is no other room.
    target_px, near_px
        What it speaks of, and how far away from that it may lie without a line that joins them.
    """

    role: Role
    lines: tuple[str, ...]
    sizes_px: tuple[float, ...]
    anchor_px: Point
    towards: Point
    avoid_px: Box | None = None
    body_px: tuple[Box, ...] = ()
    target_px: Point | None = None
    near_px: float = 0.0


@dataclass(frozen=True, slots=True)
class PlacedLabel:
    """A label, the size of its plate and the plate's left and top, in a painter's pixels."""

    label: Label
    size_px: Point
    corner_px: Point

    @property
    def lead(self) -> Line | None:
        """The line that joins it to what it speaks of; see :func:`lead_of`."""
        return lead_of(self.label, self.size_px, self.corner_px)


@dataclass(frozen=True, slots=True)
class Banner:
    """A text across the top of the picture, sized by the picture alone."""

    role: Role
    title: str
    paragraphs: tuple[str, ...]


Shape: TypeAlias = Line | Polyline | Dot | Arc | Wedge | Label | Banner
AnyShape = TypeVar("AnyShape", bound=Shape)


def scaled(shape: AnyShape, factor: float) -> AnyShape:
    """Return the shape with everything in pixels multiplied by ``factor``."""
    changes: dict[str, Any] = {
        field.name: _times(getattr(shape, field.name), factor)
        for field in fields(shape)
        if field.name.endswith("_px")
    }
    return replace(shape, **changes)


def _times(value: Any, factor: float) -> Any:
    if value is None:
        return None
    if isinstance(value, tuple):
        return tuple(_times(item, factor) for item in value)
    return value * factor


def stroked(shape: Polyline | Arc | Wedge) -> tuple[tuple[Point, ...], bool]:
    """Return the points along a shape's line, and whether it comes back to the first.

    Those of an arc are at most 3 degrees apart, both its ends among them.
    """
    if isinstance(shape, Polyline):
        return shape.points_px, shape.closed
    count = max(2, int(abs(shape.sweep_deg) / 3) + 2)
    angles = np.deg2rad(shape.start_deg + np.linspace(0.0, shape.sweep_deg, count))
    (x, y), radius = shape.centre_px, shape.radius_px
    rim = tuple((float(x + radius * np.cos(a)), float(y + radius * np.sin(a))) for a in angles)
    return (rim, False) if isinstance(shape, Arc) else ((shape.centre_px, *rim), True)


def place_labels(
    labels: Sequence[Label],
    sizes: Sequence[tuple[float, float]],
    width: float,
    height: float,
) -> list[Point]:
    """Find a place for each label: inside the picture, off its box, the others and the body.

    Parameters
    ----------
    labels
        Already scaled to the painter's pixels; earlier ones choose first.
    sizes
        Width and height of each label's plate, in the same pixels.
    width, height
        Of the picture, in the same pixels.

    Returns
    -------
    list
        Left and top of each plate. Whole plates are inside whenever they are no larger
        than the picture; where covering something cannot be helped, they cover least.
    """
    placed: list[Point] = []
    taken: list[Box] = []
    for label, (w, h) in zip(labels, sizes, strict=True):
        avoid = [*taken, label.avoid_px] if label.avoid_px else taken
        left, top = _best_corner(label, (w, h), (width, height), avoid)
        placed.append((left, top))
        taken.append((left, top, left + w, top + h))
    return placed


def settle_labels(
    labels: Sequence[Label],
    size_of: Callable[[Label], tuple[float, float]],
    width: float,
    height: float,
) -> list[PlacedLabel]:
    """Place labels, and leave but the first line of those that would lie on the person.

    Parameters
    ----------
    labels, width, height
        As for :func:`place_labels`.
    size_of
        Returns width and height of a label's plate.
    """
    sizes = [size_of(label) for label in labels]
    places = place_labels(labels, sizes, width, height)
    settled = [*map(PlacedLabel, labels, sizes, places)]
    if not any(covers_body(one.label, one.size_px, one.corner_px) for one in settled):
        return settled
    shorter = [
        replace(label, lines=label.lines[:1], sizes_px=label.sizes_px[:1])
        if covers_body(label, size, place)
        else label
        for label, size, place in zip(labels, sizes, places, strict=True)
    ]
    sizes = [size_of(label) for label in shorter]
    places = place_labels(shorter, sizes, width, height)
    return [*map(PlacedLabel, shorter, sizes, places)]


def covers_body(label: Label, size: tuple[float, float], place: Point) -> bool:
    """Tell whether a label's plate lies on the person; see :func:`lead_of`."""
    x, y = (np.array([side]) for side in place)
    return bool(_covered(x, y, size, label.body_px)[0] > 1e-6)


def lead_of(label: Label, size: tuple[float, float], place: Point) -> Line | None:
    """Return the line that joins a label to what it speaks of; None where it lies near.

    Parameters
    ----------
    size
        Width and height of its plate, in the label's pixels.
    place
        Left and top of the plate, from :func:`place_labels`.
    """
    if label.target_px is None:
        return None
    x, y = label.target_px
    start = (
        min(max(x, place[0]), place[0] + size[0]),
        min(max(y, place[1]), place[1] + size[1]),
    )
    if np.hypot(x - start[0], y - start[1]) <= label.near_px:
        return None
    return Line(label.role, start, label.target_px, _LEAD_WIDTH * max(label.sizes_px))


def _best_corner(
    label: Label, size: tuple[float, float], picture: tuple[float, float], avoid: Sequence[Box]
) -> Point:
    w, h = size
    room_x, room_y = max(0.0, picture[0] - w), max(0.0, picture[1] - h)
    wish_x = label.anchor_px[0] + (label.towards[0] - 1) * w / 2
    wish_y = label.anchor_px[1] + (label.towards[1] - 1) * h / 2
    first = min(max(wish_x, 0.0), room_x), min(max(wish_y, 0.0), room_y)
    lefts = np.append(np.linspace(0.0, room_x, 41), first[0])
    tops = np.append(np.linspace(0.0, room_y, 41), first[1])
    for box in (*avoid, *label.body_px):
        lefts = np.append(lefts, np.clip([box[0] - w, box[2]], 0.0, room_x))
    for box in avoid:
        tops = np.append(tops, np.clip([box[1] - h, box[3]], 0.0, room_y))
    diagonal = float(np.hypot(*picture))
    # Any clear place is better than one that covers the least bit.
    covered, on_body = (_covered(lefts, tops, size, boxes) for boxes in (avoid, label.body_px))
    cover_cost = 2 * ((covered > 1e-6) + 100 * covered) + (on_body > 1e-6) + on_body
    away = np.hypot(lefts[None] - wish_x, tops[:, None] - wish_y)
    row, column = divmod(int(np.argmin(away + 2 * diagonal * cover_cost)), len(lefts))
    return float(lefts[column]), float(tops[row])


def _covered(
    lefts: NDArray[np.float64],
    tops: NDArray[np.float64],
    size: tuple[float, float],
    boxes: Sequence[Box],
) -> NDArray[np.float64]:
    """Return how much of a plate at each place lies over boxes, in shares of the plate.

    A row for each top and a column for each left.
    """
    w, h = size
    left, top, right, bottom = np.reshape(np.array(boxes, dtype=np.float64), (-1, 4)).T[..., None]
    wide = np.clip(np.minimum(lefts + w, right) - np.maximum(lefts, left), 0.0, None)
    tall = np.clip(np.minimum(tops + h, bottom) - np.maximum(tops, top), 0.0, None)
    shares: NDArray[np.float64] = tall.T @ wide / max(w * h, 1e-9)
    return shares
