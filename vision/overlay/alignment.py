"""Laying one picture of a person over another: feet on feet, as tall as the other.

Pure geometry on landmarks; no picture is looked at here. Pixels are those of the full
upright picture, x right, y down.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vision.geometry import clockwise_matrix
from vision.overlay.landmark_suggestion import middle_of, seen_landmarks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision.result import Measured

#: What is level with what, best first: a shoulder moves less than a nodding head.
_TOPS = ("shoulder", "ear")
#: A body that seems no taller than this was not seen.
_HEIGHT_MIN_PX = 1.0


@dataclass(frozen=True, slots=True)
class Alignment:
    """A similarity that takes the second picture onto the first; perhaps mirrored.

    ``x' = m11 * x + m12 * y + dx`` and ``y' = m21 * x + m22 * y + dy``.

    Attributes
    ----------
    m11, m12, m21, m22
        Scale, turn and mirror image.
    dx_px, dy_px
        The shift, pixels of the first picture.
    """

    m11: float
    m12: float
    m21: float
    m22: float
    dx_px: float
    dy_px: float

    @property
    def scale(self) -> float:
        """How much larger the second person becomes; above 0."""
        return float(np.sqrt(abs(self.m11 * self.m22 - self.m12 * self.m21)))

    @property
    def is_mirrored(self) -> bool:
        """Whether the second picture is turned into its mirror image."""
        return self.m11 * self.m22 - self.m12 * self.m21 < 0

    def apply(self, points_px: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return where points of the second picture come to lie in the first.

        Parameters
        ----------
        points_px
            Shape (n, 2), pixels of the second picture.
        """
        linear = np.array([[self.m11, self.m12], [self.m21, self.m22]])
        moved: NDArray[np.float64] = points_px @ linear.T + (self.dx_px, self.dy_px)
        return moved


def align(first: Measured, second: Measured) -> Alignment | None:
    """Find how to lay the second picture over the first.

    The points half-way between the ankles come to lie on each other, both people become
    equally tall (from there to the shoulders, else to the ears), both look the same way,
    and plumb lines of both scenes run the same way. The body itself is not turned: a lean
    that differs stays to be seen.

    Parameters
    ----------
    first, second
        Two measurements; only landmarks, facing and camera roll count.

    Returns
    -------
    Alignment or None
        None when ankles, or shoulders and ears, are not to be seen in one of them.
    """
    for part in _TOPS:
        to, of = _stature(first, part), _stature(second, part)
        if to is not None and of is not None:
            return _between(first, second, to, of)
    return None


@dataclass(frozen=True, slots=True)
class _Stature:
    """Where the ankles are in the picture, and how far from them the top is."""

    ankles_px: NDArray[np.float64]
    height_px: float


def _stature(result: Measured, part: str) -> _Stature | None:
    seen = seen_landmarks(result)
    ankles, top = middle_of(seen, "ankle"), middle_of(seen, part)
    if ankles is None or top is None:
        return None
    height = math.dist(top, ankles)
    return _Stature(np.array(ankles), height) if height > _HEIGHT_MIN_PX else None


def _between(first: Measured, second: Measured, to: _Stature, of: _Stature) -> Alignment:
    """Take the second's roll out, mirror and scale it, and put the first's roll in.

    A camera that was turned clockwise shows the scene turned the other way.
    """
    flip = -1.0 if first.facing is not second.facing else 1.0
    scale = to.height_px / of.height_px
    linear = (
        scale
        * clockwise_matrix(-first.capture.roll_deg)
        @ np.diag([flip, 1.0])
        @ clockwise_matrix(second.capture.roll_deg)
    )
    shift = to.ankles_px - linear @ of.ankles_px
    (m11, m12), (m21, m22) = linear.tolist()
    return Alignment(m11, m12, m21, m22, float(shift[0]), float(shift[1]))
