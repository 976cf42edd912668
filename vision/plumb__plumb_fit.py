"""Fit camera roll and the convergence of plumb lines to nearly upright lines, by vote."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Nobody holds a camera further off by accident; a picture that is must be taken again.
MAX_ROLL_DEG = 10.0
#: A steeper convergence is that of lines on the floor: in deg per longer side of the
#: picture, 14 is a camera with a phone's lens (focal length 0.7 sides) pitched by 10 deg.
_MAX_CONVERGENCE_DEG = 14.0
#: Its standard deviation before anything is seen: pitched by 3.5 deg.
_CONVERGENCE_SD_DEG = 5.0
#: Lines this close together, in longer sides, are edges of one post or frame.
_PLACE_SIDES = 0.03
#: Two lines must be this far apart to tell convergence from roll.
_PAIR_SIDES = 0.08
#: How far a line may be from the vote's centre and still take part.
_TOLERANCE_DEG = 0.8
#: Only the longest lines propose an answer; all vote on it.
_PROPOSERS = 24
#: What is built plumb is so to about this, and a line's ends are found to a few
#: hundredths of a pixel of the reduced picture: deg, and deg times length in heights.
_BUILT_SD_DEG, _END_SD_DEG = 0.25, 0.03
#: Share of the support that the best other answer may have from the remaining lines.
_MAX_RIVAL = 0.5


@dataclass(frozen=True, slots=True)
class Lines:
    """Nearly upright lines in order of distance, shape (n,) each but for the last.

    ``angle_deg`` is signed as roll; ``distance`` is in longer sides and ``length`` in
    heights of the picture; ``first`` holds the index of the first line at each place.
    """

    angle_deg: NDArray[np.float64]
    distance: NDArray[np.float64]
    length: NDArray[np.float64]
    first: NDArray[np.intp]

    def support(self, weight: NDArray[np.float64]) -> NDArray[np.float64]:
        """Add up over places the longest line's length times the mean weight of all.

        The mean goes by length, so that lines at one place which disagree weaken one
        another. Weights have shape (..., n), results (...).
        """
        sizes = np.diff(np.append(self.first, len(self.length)))
        longest = np.maximum.reduceat(self.length, self.first)
        total = np.add.reduceat(self.length, self.first)
        return np.asarray(weight @ (self.length * np.repeat(longest / total, sizes)))

    def neighbours(self, chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return for each line how many chosen ones share its place, at least 1."""
        counts = np.add.reduceat(chosen.astype(float), self.first)
        sizes = np.diff(np.append(self.first, len(chosen)))
        return np.asarray(np.maximum(np.repeat(counts, sizes), 1.0))


@dataclass(frozen=True, slots=True)
class Fit:
    """Roll and convergence, deg and deg per longer side, and which lines they rest on."""

    roll_deg: float
    convergence_deg: float
    chosen: NDArray[np.bool_]
    sd_deg: float

    def residual_deg(self, lines: Lines) -> NDArray[np.float64]:
        """Return by how much each line leans more than the fit says, deg."""
        expected_deg = self.roll_deg - self.convergence_deg * lines.distance
        return np.asarray(lines.angle_deg - expected_deg)


def in_order(
    segments: NDArray[np.float64], width: int, height: int
) -> tuple[NDArray[np.float64], Lines]:
    """Return the segments sorted by distance, and what matters of them."""
    right, fall = segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1]
    angle = np.arctan2(right, fall)
    middle = (segments[:, :2] + segments[:, 2:]) / 2 - [(width - 1) / 2, (height - 1) / 2]
    distance = middle[:, 0] * np.cos(angle) - middle[:, 1] * np.sin(angle)
    distance /= max(width, height)
    order = np.argsort(distance)
    first = [0]
    for index, place in enumerate(distance[order]):
        if place - distance[order][first[-1]] > _PLACE_SIDES:
            first.append(index)
    length = np.hypot(right, fall) / height
    return segments[order], Lines(
        np.degrees(angle[order]), distance[order], length[order], np.array(first)
    )


def _proposals(lines: Lines) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return rolls and convergences worth a vote: of long lines, and of pairs of them."""
    longest = np.argsort(-lines.length)[:_PROPOSERS]
    one, other = longest[np.array(np.triu_indices(len(longest), 1))]
    apart = lines.distance[other] - lines.distance[one]
    far = np.abs(apart) > _PAIR_SIDES
    one, other, apart = one[far], other[far], apart[far]
    slope = (lines.angle_deg[one] - lines.angle_deg[other]) / apart
    roll = np.append(lines.angle_deg[one] + slope * lines.distance[one], lines.angle_deg[longest])
    convergence = np.append(slope, np.zeros(len(longest)))
    possible = (np.abs(convergence) <= _MAX_CONVERGENCE_DEG) & (np.abs(roll) <= MAX_ROLL_DEG + 2)
    return roll[possible], convergence[possible]


def _votes(
    lines: Lines, roll: NDArray[np.float64], convergence: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return how well each line fits each proposal, 0..1, shape (proposals, lines)."""
    residual = lines.angle_deg - roll[:, None] + convergence[:, None] * lines.distance
    return np.asarray(np.maximum(0.0, 1 - (residual / _TOLERANCE_DEG) ** 2))


def best_fit(lines: Lines) -> Fit | None:
    """Return the answer with most support, unless the other lines have one of their own."""
    roll, convergence = _proposals(lines)
    if not len(roll):
        return None
    votes = _votes(lines, roll, convergence)
    best = int(lines.support(votes).argmax())
    residual = lines.angle_deg - roll[best] + convergence[best] * lines.distance
    fit = None
    for _ in range(3):
        chosen = np.abs(residual) < _TOLERANCE_DEG
        if np.logical_or.reduceat(chosen, lines.first).sum() < 2:
            return None
        fit = _fitted(lines, chosen)
        residual = fit.residual_deg(lines)
    if fit is None:
        return None
    rival = lines.support(votes * ~fit.chosen).max()
    return None if rival > _MAX_RIVAL * lines.support(fit.chosen.astype(float)) else fit


def _fitted(lines: Lines, chosen: NDArray[np.bool_]) -> Fit:
    """Fit the chosen lines by least squares, each place counting once."""
    spread = np.hypot(_BUILT_SD_DEG, _END_SD_DEG / lines.length)
    weight = chosen / spread**2 / lines.neighbours(chosen)
    x, y = lines.distance, lines.angle_deg
    sums = np.add.reduceat(weight * [x**0, x, x * x, y, x * y], lines.first, axis=1)
    roll, convergence, variance = _solved(sums.sum(axis=1, keepdims=True))
    fit = Fit(float(roll[0]), float(convergence[0]), chosen, 0.0)
    places = sums[:, sums[0] > 0]
    # What was expected counts like two more places, for two lines always fit.
    scatter = (2.0 + float(weight @ fit.residual_deg(lines) ** 2)) / (places.shape[1] + 1.0)
    without_one, _, _ = _solved(sums.sum(axis=1, keepdims=True) - places)
    swing = float(np.abs(without_one - roll).max())
    return replace(fit, sd_deg=max(float(np.sqrt(variance[0] * scatter)), swing))


def _solved(
    sums: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return roll, convergence and the roll's variance for each column of weighted sums.

    ``sums`` has shape (5, n): of 1, distance, its square, angle, distance times angle.
    """
    one, x, xx, y, xy = sums
    xx = xx + _CONVERGENCE_SD_DEG**-2
    determinant = one * xx - x * x
    return (y * xx - x * xy) / determinant, (x * y - one * xy) / determinant, xx / determinant
