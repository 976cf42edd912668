"""Find the camera's roll from what is plumb in the scene behind the person.

Door frames, wall edges, shelves and windows show the plumb line. A camera that also looks
up or down makes plumb lines converge, so roll and convergence are fitted together: for a
pinhole camera whose optical axis meets the picture at the origin, a plumb line leans by

    angle = roll - convergence * distance,

where ``distance`` is how far to the right the line passes by the origin and
``convergence`` is tan(pitch) over the focal length. (Plumb lines meet at the point
(sin roll, cos roll) / convergence, y down; to first order in the angles, a line through it
leans by just that.)

The roll asked for is the one at the optical axis, taken to lie in the picture's middle,
and not the lean of a plumb line drawn through the person. The tilt is that of a line which
is nearly level and runs across the view, and pitch does not turn such lines: they show the
camera's roll wherever they are, while the plumb lines beside the axis lean away from it.
In a cropped picture the axis lies elsewhere, more likely near the person at whom the camera
was aimed; that doubt goes into the standard deviation.

Things that lean can agree with one another too. So what is found must also fit the person,
who stands on both feet and therefore in balance, and one thing on its own is believed only
when it says that the camera is about level. No single place may carry the answer either:
the standard deviation is at least the most by which leaving one out moves it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from vision.geometry import roll_from_plumb_deg
from vision.image.frame import grey_of
from vision.pose.estimate import Joint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from vision.pose.estimate import PoseEstimate


#: Nobody holds a camera further off by accident; a picture that is must be taken again.
MAX_ROLL_DEG = 10.0
#: A steeper convergence is that of lines on the floor: in deg per longer side of the
#: picture, 14 is a camera with a phone's lens (focal length 0.7 sides) pitched by 10 deg.
_MAX_CONVERGENCE_DEG = 14.0
#: Its standard deviation before anything is seen: pitched by 3.5 deg.
_CONVERGENCE_SD_DEG = 5.0
#: Lines in a room agree by more than their convergence is right: on two painted doors, from 9
#: deg up to 9 deg down, it was off by so many times what their scatter says (root mean square).
_CONVERGENCE_DOUBT = 1.6
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
#: Lines further from the picture's vertical are no candidates: the largest roll believed,
#: and what convergence adds to it at the picture's edge.
MAX_LEAN_DEG = 16.0
#: Shorter lines, in shares of the picture's height, tell too little.
_MIN_LENGTH = 0.08
#: Widths are reduced to between this and twice this.
_WIDTH_PX = 450
#: Rows are reduced this much more than columns: an upright edge loses little by it, noise
#: and level edges lose much, and the detector is faster by as much.
_ROWS_PER_COLUMN = 4
#: Brightness step, 0..255, from which an edge counts; half of OpenCV's own choice, for
#: white doors in white walls. Chance lines are sorted out by the detector's own test.
_EDGE_STEP = 10
_PERSON_LEVEL = 0.3
_MASK_STEP = 4
#: Widening of the mask, in trunk lengths: shadow, hair, loose clothes.
_MARGIN_TRUNKS = 0.08
_SAMPLES = np.linspace(0.05, 0.95, 7)
_MOST_ON_PERSON = 0.3
#: What all lines of a scene may share: a house out of plumb, a lens that bends; deg.
_COMMON_SD_DEG = 0.2
#: Total length of the agreeing lines at different places, in heights of the picture, and
#: by how much it must grow with each degree of roll.
_MIN_SUPPORT, _MORE_SUPPORT_PER_DEG = 0.4, 0.1
#: Share of the nearly upright lines' length that must agree.
_MIN_SHARE = 0.45
#: Extent of the lines' places, in widths of the picture: in general, and for anything
#: over the roll that one thing alone may tell.
_MIN_EXTENT, _WIDE_EXTENT = 0.12, 0.4
_ONE_THING_DEG = 2.0
#: Most that roll and the person's own axis may differ by, in general, and when one thing
#: alone tells the roll; rendered people stand 2.1 deg (SD) off balance.
_BALANCE_DEG, _ONE_THING_BALANCE_DEG = 4.0, 3.0
#: A less certain answer is of no use: a camera thought level is so to 1 deg.
_MAX_SD_DEG = 0.8


@dataclass(frozen=True, slots=True)
class Convergence:
    """How fast plumb lines lean with their distance from the middle: tan(pitch) over focal length.

    Attributes
    ----------
    deg_per_side
        Degrees per longer side of the picture; + = they meet below, the camera looks down.
    sd_deg
        Its standard deviation, from the lines alone.
    """

    deg_per_side: float
    sd_deg: float


@dataclass(frozen=True, slots=True, eq=False)
class FoundPlumb:
    """The camera's roll as the scene shows it.

    Attributes
    ----------
    roll_deg
        + = the camera was turned clockwise, as in
        :func:`vision.geometry.roll_from_plumb_deg`; at the picture's middle column.
    sd_deg
        Its standard deviation.
    segments_px
        Shape (n, 4), float32: x and y of the upper and of the lower end of each line
        taken for plumb, pixels of the picture given.
    convergence
        None where the lines are too close together to show it.
    """

    roll_deg: float
    sd_deg: float
    segments_px: NDArray[np.float32]
    convergence: Convergence | None = None


def find_plumb(
    rgb: NDArray[np.uint8],
    people: Sequence[PoseEstimate],
    lines_px: NDArray[np.float64] | None = None,
) -> FoundPlumb | None:
    """Find the camera's roll, or None where the scene does not show it beyond doubt.

    Parameters
    ----------
    rgb
        Shape (height, width, 3), the picture in which the people were found.
    people
        The measured person first. All are left out of the scene, and the first one must
        stand in balance under the answer: without anyone there is none.
    lines_px
        What :func:`vision.image.plumb.find_lines` returns for the picture, where that has
        been asked already.
    """
    height, width = rgb.shape[:2]
    if not people:
        return None
    segments = off_people(find_lines(rgb) if lines_px is None else lines_px, people)
    if len(segments) < 2:
        return None
    segments, lines = in_order(segments, width, height)
    fit = best_fit(lines)
    if fit is None or not _is_supported(fit, lines):
        return None
    extent = float(np.ptp(lines.distance[fit.chosen])) * max(width, height) / width
    off_balance_deg = abs(fit.roll_deg - _axis_deg(people[0]))
    if not _is_plausible(abs(fit.roll_deg), off_balance_deg, extent):
        return None
    off_axis = abs(float(people[0].mid_hip_px[0]) - width / 2) / max(width, height)
    doubt_deg = fit.convergence_deg * (0.02 + off_axis / 2)
    sd_deg = math.hypot(fit.sd_deg, doubt_deg, _COMMON_SD_DEG)
    if sd_deg > _MAX_SD_DEG:
        return None
    plumb_px = segments[fit.chosen].astype(np.float32)
    return FoundPlumb(fit.roll_deg, sd_deg, plumb_px, fit.convergence())


def _is_supported(fit: PlumbFit, lines: Lines) -> bool:
    """Tell whether too many lines agree for an accident; more must for a larger roll."""
    support = lines.support(fit.chosen.astype(float))
    least = _MIN_SUPPORT + _MORE_SUPPORT_PER_DEG * abs(fit.roll_deg)
    every = lines.support(np.ones(len(lines.length)))
    return bool(support >= least and support >= _MIN_SHARE * every)


def _is_plausible(roll_deg: float, off_balance_deg: float, extent: float) -> bool:
    """Tell whether plumb lines over this extent, in widths, may say so; sizes of angles."""
    if extent >= _WIDE_EXTENT:
        return roll_deg <= MAX_ROLL_DEG and off_balance_deg <= _BALANCE_DEG
    one_thing = roll_deg <= _ONE_THING_DEG and off_balance_deg <= _ONE_THING_BALANCE_DEG
    return one_thing and extent >= _MIN_EXTENT


def _axis_deg(pose: PoseEstimate) -> float:
    """Return the roll that the person's own axis suggests: feet below head and trunk."""
    feet = pose.xy_px[Joint.LEFT_ANKLE :].mean(axis=0)
    ears = pose.midpoint_px(Joint.LEFT_EAR, Joint.RIGHT_EAR)
    above = (ears + pose.mid_shoulder_px + pose.mid_hip_px) / 3
    return roll_from_plumb_deg(feet, above)


def find_lines(rgb: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return the long, nearly upright lines of a picture; nobody need be found yet.

    Parameters
    ----------
    rgb
        Shape (height, width, 3), or (height, width) of its brightness.

    Returns
    -------
    numpy.ndarray
        Shape (n, 4): x and y of the upper end, x and y of the lower end, pixels of ``rgb``.
    """
    height, width = rgb.shape[:2]
    across = max(1, width // _WIDTH_PX)
    down = across * _ROWS_PER_COLUMN
    size = (width // across, height // down)
    if min(size) < 2:
        return np.empty((0, 4))
    # Whole multiples only: OpenCV averages those several times faster.
    grey = grey_of(rgb[: size[1] * down, : size[0] * across])
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    lines = _detect(np.asarray(small, np.uint8))
    step = np.array([across, down, across, down], np.float64)
    # A reduced pixel's centre is that of the pixels it averages.
    full = lines * step + (step - 1) / 2
    right, fall = full[:, 2] - full[:, 0], full[:, 3] - full[:, 1]
    upright = np.abs(right) < np.tan(np.radians(MAX_LEAN_DEG)) * fall
    long_enough = np.hypot(right, fall) > _MIN_LENGTH * height
    return np.asarray(full[upright & long_enough], np.float64)


def off_people(lines: NDArray[np.float64], people: Sequence[PoseEstimate]) -> NDArray[np.float64]:
    """Return those lines that lie on nobody's mask, nor close to it."""
    return lines[_on_people(lines, people) < _MOST_ON_PERSON]


def _detect(small: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return all line segments, shape (n, 4), the upper end first."""
    detector: Any = cv2.ximgproc.createEdgeDrawing()
    options = cv2.ximgproc.EdgeDrawing.Params()
    options.EdgeDetectionOperator = cv2.ximgproc.EdgeDrawing_SOBEL
    options.GradientThresholdValue = _EDGE_STEP
    detector.setParams(options)
    detector.detectEdges(small)
    found = detector.detectLines()
    if found is None:
        return np.empty((0, 4))
    lines = np.asarray(found, np.float64).reshape(-1, 4)
    upside_down = lines[:, 1] > lines[:, 3]
    lines[upside_down] = lines[upside_down][:, [2, 3, 0, 1]]
    return lines


def _on_people(lines: NDArray[np.float64], people: Sequence[PoseEstimate]) -> NDArray[np.float64]:
    """Return which share of each line lies on or near somebody."""
    ends = lines.reshape(-1, 2, 2)
    places = ends[:, :1] + (ends[:, 1:] - ends[:, :1]) * _SAMPLES[:, None]
    taken = np.zeros(places.shape[:2], bool)
    for pose in people:
        # MediaPipe's mask is smooth, so every few pixels of it tell enough.
        mask = (pose.mask[::_MASK_STEP, ::_MASK_STEP] > _PERSON_LEVEL).astype(np.uint8)
        margin = max(1, round(_MARGIN_TRUNKS * pose.trunk_px / _MASK_STEP))
        wide = cv2.dilate(mask, np.ones((2 * margin + 1, 2 * margin + 1), np.uint8))
        x, y = np.moveaxis((places / _MASK_STEP).astype(int), 2, 0)
        taken |= wide[np.clip(y, 0, mask.shape[0] - 1), np.clip(x, 0, mask.shape[1] - 1)] > 0
    return np.asarray(taken.mean(axis=1), np.float64)


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
class PlumbFit:
    """Roll and convergence, deg and deg per longer side, and which lines they rest on."""

    roll_deg: float
    convergence_deg: float
    chosen: NDArray[np.bool_]
    sd_deg: float
    convergence_sd_deg: float

    def convergence(self) -> Convergence | None:
        """Return what the lines say of it, what was expected before taken out again."""
        gained = self.convergence_sd_deg**-2 - _CONVERGENCE_SD_DEG**-2
        if gained <= 0:
            return None
        own_deg = self.convergence_deg * self.convergence_sd_deg**-2 / gained
        return Convergence(own_deg, _CONVERGENCE_DOUBT * gained**-0.5)

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


def best_fit(lines: Lines) -> PlumbFit | None:
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


def _fitted(lines: Lines, chosen: NDArray[np.bool_]) -> PlumbFit:
    """Fit the chosen lines by least squares, each place counting once."""
    spread = np.hypot(_BUILT_SD_DEG, _END_SD_DEG / lines.length)
    weight = chosen / spread**2 / lines.neighbours(chosen)
    x, y = lines.distance, lines.angle_deg
    sums = np.add.reduceat(weight * [x**0, x, x * x, y, x * y], lines.first, axis=1)
    solved = _solved(sums.sum(axis=1, keepdims=True))
    roll, convergence, variance, convergence_variance = solved
    fit = PlumbFit(float(roll[0]), float(convergence[0]), chosen, 0.0, 0.0)
    places = sums[:, sums[0] > 0]
    # What was expected counts like two more places, for two lines always fit.
    scatter = (2.0 + float(weight @ fit.residual_deg(lines) ** 2)) / (places.shape[1] + 1.0)
    without_one, other, _, _ = _solved(sums.sum(axis=1, keepdims=True) - places)
    swing = float(np.abs(without_one - roll).max())
    other_swing = float(np.abs(other - convergence).max())
    return replace(
        fit,
        sd_deg=max(float(np.sqrt(variance[0] * scatter)), swing),
        convergence_sd_deg=max(float(np.sqrt(convergence_variance[0] * scatter)), other_swing),
    )


def _solved(sums: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """Return roll, convergence and their variances for each column of weighted sums.

    ``sums`` has shape (5, n): of 1, distance, its square, angle, distance times angle.
    """
    one, x, xx, y, xy = sums
    xx = xx + _CONVERGENCE_SD_DEG**-2
    determinant = one * xx - x * x
    roll, convergence = (y * xx - x * xy) / determinant, (x * y - one * xy) / determinant
    return roll, convergence, xx / determinant, one / determinant
