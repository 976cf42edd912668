"""The person's mask, brought into one canonical frame around the pelvis, and read.

Whatever the picture's size, the person's place in it and the way they face, the contour
model always sees the same thing: front to the right, plumb lines upright, the hip at one
place, the trunk at one length. It is told where the outline runs, row by row, which holds all
that an outline says in a sixtieth of the pixels.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from vision.geometry import clockwise_matrix
from vision.model_files import CONTOUR_MODEL, Network, expected_sha256, once

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from vision.geometry import Point
    from vision.pose.estimate import PoseEstimate
    from vision.result import Facing
#: Width and height of the crop in pixels; MediaPipe's own mask holds no finer detail. A careful
#: look cuts it twice as fine.
CROP_WIDTH_PX, CROP_HEIGHT_PX = 96, 160
#: Height of the crop in trunk lengths (hip to shoulder): from below the knee to the chin, so
#: that lean and sway show beside the pelvis.
CROP_TRUNKS_HIGH = 2.75
#: Rows in which the network is told where the outline runs, evenly over the crop's height.
ROWS = 160
#: What it is told of each, see :func:`edges_of`.
EDGES = 6
#: The network's own unit: rows reach about one of it to either side.
TRUNKS_PER_UNIT = 0.25
#: Passes of the guided filter, from coarse to fine: reach in crop pixels, and a gain that
#: makes the edge as steep again as it was. Colours that differ by less than the step, 0..255,
#: are one. On 246 rendered pictures of the part ``calibrate`` the passes took 11 % off the
#: contour model's error, the first alone 7 %; a guide twice as fine took 1 % more, for 2 ms.
_REFINE_PASSES = ((8, 3.0), (4, 2.0), (2, 1.5))
_REFINE_STEP = 1.4
#: A careful look takes no grain and no block of a JPEG for an edge. Where nine changes that mean
#: nothing moved the answer to five real photographs by SD 1.0 deg (median, by the second mask),
#: they then moved it by 0.55, and answers to rendered pictures erred by 0.05 deg more (with the
#: network that was trained before this one).
_CAREFUL_STEP = 4.0
#: The passes lock an edge to the grid of pixels. Two grids half a pixel apart, averaged, take
#: two thirds off what a shift by 1 % of the trunk changes (mean 0.80 to 0.30 deg on 200
#: pictures of ``calibrate``) and a third off what JPEG at quality 70 does.
_GRIDS_PX = (0.0, 0.5)
#: The filter inverts the colours' covariance by its determinant, of which single precision leaves
#: nothing where all colours change together, as at a dark body before a light wall: masks were off
#: by up to 1 there, and now and then no numbers. Turned so that the first coordinate is the
#: brightness, from its middle, and the others what little is left, the same equations are exact to
#: a thousandth; a distance between colours stays as it is.
_TURNED = np.array(
    [[1 / 3**0.5] * 3, [1 / 2**0.5, 0.0, -(1 / 2**0.5)], [1 / 6**0.5, -2 / 6**0.5, 1 / 6**0.5]],
    np.float32,
)
_TO_BRIGHTNESS = np.column_stack([_TURNED, -127.5 * _TURNED.sum(axis=1)]).astype(np.float32)
#: The picture is sampled this much finer than the crop, then averaged, against aliasing.
_GUIDE_FINER = 2
#: The crop's centre lies this far above the mid-hip point, in trunk lengths.
CENTRE_ABOVE_HIP_TRUNKS = 0.15
#: Where the middle of the pelvis lies above the middle of a crop that is placed by the hips,
#: trunk lengths, in the mean of rendered bodies.
PELVIS_ABOVE_TRUNKS = 0.07
#: Further looks lie on a ring around where the first one's answer has the pelvis, trunk lengths,
#: and are by turns so much larger and smaller. None lies further than the leeway beside the first.
_RING_LOOKS, _RING_TRUNKS, _RING_LOG_SCALE = 12, 0.05, 0.04
_LEEWAY_TRUNKS = 0.2
#: With their spread added, several looks at two masks need this share of one look's spread to
#: hold nine truths in ten: on 224 bodies of the part ``calibrate``, which no network was trained
#: on, one look needs 1.14 times what the network says, and several 0.95 times.
CAREFUL_SHARE = 0.83
#: A careful look's crop is this much finer.
_CAREFULLY_FINER = 2
_OUTLINE_LEVEL = 0.5


@dataclass(frozen=True, slots=True)
class ContourReading:
    """What the network reads from an outline.

    Attributes
    ----------
    tilt_deg
        Pelvic tilt against the crop's horizontal; positive = anterior.
    sd_deg
        Standard deviation of the error to expect, calibrated on held-out bodies so that
        ``tilt_deg`` plus or minus 1.645 of it holds the truth nine times in ten.
    loose_probability
        How likely the outline is that of loose clothing, 0..1.
    pelvis_trunks
        Where the middle of the pelvis lies from the middle of what was looked at: forward and
        down, trunk lengths.
    """

    tilt_deg: float
    sd_deg: float
    loose_probability: float
    pelvis_trunks: tuple[float, float] = (0.0, -PELVIS_ABOVE_TRUNKS)


@dataclass(frozen=True, slots=True)
class Placing:
    """How looks at outlines lie beside the crops from which these come; n of them.

    Attributes
    ----------
    shift_trunks
        Shape (n, 2): where the look's middle lies from the crop's, forward and down.
    scale
        Shape (n,): what the look takes for a trunk length, in trunk lengths.
    turn_deg
        Shape (n,): how far the look turns the person clockwise, front down.
    """

    shift_trunks: NDArray[np.float32]
    scale: NDArray[np.float32]
    turn_deg: NDArray[np.float32]

    @staticmethod
    def beside(shifts_trunks: Sequence[Point]) -> Placing:
        """Return looks that are shifted only."""
        count = len(shifts_trunks)
        shift = np.array(shifts_trunks, np.float32).reshape(count, 2)
        return Placing(shift, np.ones(count, np.float32), np.zeros(count, np.float32))


_AS_IT_IS = Placing.beside([(0.0, 0.0)])


class ContourModel:
    """The shipped network. Calls take about a millisecond and wait for one another."""

    def __init__(self) -> None:
        self.sha256 = expected_sha256(CONTOUR_MODEL)
        self._network = Network(CONTOUR_MODEL)

    def read(self, rows: NDArray[np.float32], yaw_deg: float) -> list[ContourReading]:
        """Estimate the tilt.

        Parameters
        ----------
        rows
            Shape (n, ``EDGES``, ``ROWS``), from :func:`rows_of`.
        yaw_deg
            How far the person is turned, + = the front towards the camera.
        """
        yaw = np.full((len(rows), 1), yaw_deg, np.float32)
        answers = self._network.run({"rows": rows, "yaw_deg": yaw})
        return [ContourReading(a, b, c, (x, y)) for a, b, c, x, y in answers.tolist()]


@once
def shared_model() -> ContourModel:
    """Return the process's one contour model, loaded when first asked for, by any thread."""
    return ContourModel()


def crop_transform(
    hip_px: Point, trunk_px: float, facing: Facing, roll_deg: float
) -> NDArray[np.float64]:
    """Return the 2x3 affine matrix from picture pixels to crop pixels.

    Parameters
    ----------
    hip_px, trunk_px
        Mid-hip point and hip-to-shoulder span as found in the picture, not levelled.
    facing
        A person facing left is mirrored.
    roll_deg
        Camera roll to undo, + = the camera was turned clockwise.
    """
    trunk_in_crop_px = CROP_HEIGHT_PX / CROP_TRUNKS_HIGH
    per_px = trunk_in_crop_px / max(trunk_px, 1.0)
    linear = per_px * np.diag([facing.front_sign, 1.0]) @ clockwise_matrix(roll_deg)
    below_middle_px = CENTRE_ABOVE_HIP_TRUNKS * trunk_in_crop_px
    hip_in_crop = np.array([(CROP_WIDTH_PX - 1) / 2, (CROP_HEIGHT_PX - 1) / 2 + below_middle_px])
    return np.column_stack([linear, hip_in_crop - linear @ np.asarray(hip_px, float)])


def cut_mask(
    rgb: NDArray[np.uint8],
    mask: NDArray[np.float32],
    matrix: NDArray[np.float64],
    size_px: tuple[int, int],
    finer: int = 1,
    step: float = _REFINE_STEP,
) -> NDArray[np.float32]:
    """Cut a piece out of one mask; see :func:`cut_masks`."""
    return np.asarray(cut_masks(rgb, [mask], matrix, size_px, (finer, step))[0], np.float32)


def cut_masks(
    rgb: NDArray[np.uint8],
    masks: Sequence[NDArray[np.float32]],
    matrix: NDArray[np.float64],
    size_px: tuple[int, int],
    how: tuple[int, float],
    beside: Executor | None = None,
) -> NDArray[np.float32]:
    """Cut a piece out of a person's masks and bring their edge to where the picture has one.

    MediaPipe draws its mask on a coarse grid, and the edge wobbles. It is evened out and
    drawn towards the edges of the picture itself (guided filter, He et al. 2013), on two
    grids, so that the answer does not hang on where the pixels fall.

    Parameters
    ----------
    rgb
        Shape (height, width, 3), the picture in which the person was found.
    masks
        Shape (height, width) each, 0..1.
    matrix
        From picture pixels to those of the piece, 2x3; its scale near that of
        :func:`crop_transform`, for which the reach of the filter was chosen.
    size_px
        Width and height of the piece.
    how
        How many times as fine the piece is, and which colours are one: those that differ by
        less, 0..255.
    beside
        Threads for the grids; None = one grid after the other.

    Returns
    -------
    numpy.ndarray
        Shape (masks, height, width) of the piece, float32, 0..1; 0 outside the picture.
    """

    def on_grid(shift_px: float) -> NDArray[np.float32]:
        shifted = matrix + np.array([[0.0, 0.0, shift_px]])
        back = np.array([[1.0, 0.0, -shift_px], [0.0, 1.0, -shift_px]])
        edge = cv2.BORDER_REPLICATE
        refined = _refined(rgb, masks, shifted, size_px, how)
        moved = [
            cv2.warpAffine(one, back, size_px, flags=cv2.INTER_LINEAR, borderMode=edge)
            for one in refined
        ]
        return np.asarray(moved, np.float32)

    total = np.zeros((len(masks), size_px[1], size_px[0]), np.float32)
    for cut in map(on_grid, _GRIDS_PX) if beside is None else beside.map(on_grid, _GRIDS_PX):
        total += cut
    total /= np.float32(len(_GRIDS_PX))
    return total


def _refined(
    rgb: NDArray[np.uint8],
    masks: Sequence[NDArray[np.float32]],
    matrix: NDArray[np.float64],
    size_px: tuple[int, int],
    how: tuple[int, float],
) -> list[NDArray[np.float32]]:
    finer, step = how
    fine = matrix * _GUIDE_FINER
    fine[:, 2] += (_GUIDE_FINER - 1) / 2
    fine_size = (size_px[0] * _GUIDE_FINER, size_px[1] * _GUIDE_FINER)
    guide = cv2.warpAffine(
        rgb, fine, fine_size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    guide = cv2.resize(guide, size_px, interpolation=cv2.INTER_AREA)
    guide = cv2.transform(np.asarray(guide, np.float32), _TO_BRIGHTNESS)
    cuts = [
        np.asarray(cv2.warpAffine(m, matrix, size_px, flags=cv2.INTER_LINEAR, borderValue=0.0))
        for m in masks
    ]
    for reach, gain in _REFINE_PASSES:
        # What it has to know of the picture is worked out once for all masks.
        guided = cv2.ximgproc.createGuidedFilter(guide, finer * reach, step**2)
        for place, cut in enumerate(cuts):
            drawn = guided.filter(cut)
            cuts[place] = np.clip((drawn - 0.5) * np.float32(gain) + np.float32(0.5), 0.0, 1.0)
    return [np.asarray(cut, np.float32) for cut in cuts]


def canonical_crop(
    rgb: NDArray[np.uint8], pose: PoseEstimate, facing: Facing, roll_deg: float
) -> NDArray[np.float32]:
    """Return the mask around the pelvis.

    Parameters
    ----------
    rgb
        Shape (height, width, 3), the picture in which the pose was found.
    pose, facing, roll_deg
        As for :func:`crop_transform`.

    Returns
    -------
    numpy.ndarray
        Shape (``CROP_HEIGHT_PX``, ``CROP_WIDTH_PX``), float32, 0..1, front to the right, y
        down; 0 outside the picture.
    """
    matrix = crop_transform(pose.mid_hip_px, pose.trunk_px, facing, roll_deg)
    return cut_mask(rgb, pose.mask, matrix, (CROP_WIDTH_PX, CROP_HEIGHT_PX))


def edges_of(crop: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return where the outline runs in each row of a crop.

    Parameters
    ----------
    crop
        Shape (height, width), 0..1, front to the right; or a wider or finer one.

    Returns
    -------
    numpy.ndarray
        Shape (``EDGES``, height), pixels from the middle: front and back of the longest run of
        body, the foremost and the hindmost edge, to a fraction of a pixel; how many pixels are
        body; and 1 or 0, whether there is any.
    """
    height, width = crop.shape
    padded = np.zeros((height, width + 2), np.bool_)
    np.greater(crop, _OUTLINE_LEVEL, out=padded[:, 1:-1])
    changes = padded[:, 1:] != padded[:, :-1]
    first, end = changes.argmax(axis=1), width - changes[:, ::-1].argmax(axis=1)
    is_body = changes.any(axis=1)
    main_first, main_end = first.copy(), end.copy()
    for row in np.flatnonzero(np.count_nonzero(changes, axis=1) > 2):
        ends = np.flatnonzero(changes[row]).reshape(-1, 2)
        main_first[row], main_end[row] = ends[np.diff(ends)[:, 0].argmax()]
    edges = [
        _between(crop, main_end, main_end - 1),
        _between(crop, main_first - 1, main_first),
        _between(crop, end, end - 1),
        _between(crop, first - 1, first),
    ]
    table = np.stack([*edges, crop.sum(axis=1), is_body]).astype(np.float32)
    table[:4] -= (width - 1) / 2
    table[:4, ~is_body] = 0.0
    return table


def _between(
    crop: NDArray[np.float32], outside: NDArray[np.intp], inside: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return where each row crosses the level between a pixel outside and its neighbour inside."""
    rows, last = np.arange(len(crop)), crop.shape[1] - 1
    low = crop[rows, np.clip(outside, 0, last)]
    high = crop[rows, np.clip(inside, 0, last)]
    share = (high - _OUTLINE_LEVEL) / np.maximum(high - low, 1e-3)
    # At the crop's own border the body goes on.
    share = np.where((outside < 0) | (outside > last), 0.5, share)
    return np.asarray(inside + (outside - inside) * share, np.float64)


def rows_of(
    edges: NDArray[np.float32], px_per_trunk: float, placing: Placing
) -> NDArray[np.float32]:
    """Return what looks at outlines tell the network.

    An edge that has been turned is found again in a few steps: outlines are steep.

    Parameters
    ----------
    edges
        Shape (n, ``EDGES``, height) from :func:`edges_of`, or one for all looks.
    px_per_trunk
        Scale of the crops from which they come.
    placing
        How the n looks lie.

    Returns
    -------
    numpy.ndarray
        Shape (n, ``EDGES``, ``ROWS``), float32, in quarters of a trunk length from the look's
        middle, but for the last, which is as it was.
    """
    count, height = len(placing.scale), edges.shape[2]
    edges = np.broadcast_to(edges, (count, EDGES, height))
    turn = np.radians(placing.turn_deg)
    # Forward and down of the crop, from those of the look: turned back, scaled and shifted.
    cos, sin = (placing.scale * part for part in (np.cos(turn), np.sin(turn)))
    cos, sin = cos[:, None, None], sin[:, None, None]
    forward, down = np.float32(px_per_trunk) * placing.shift_trunks.T[:, :, None, None]
    rows_px = ((np.arange(ROWS) - (ROWS - 1) / 2) / ROWS * CROP_TRUNKS_HIGH * px_per_trunk).astype(
        np.float32
    )
    found = np.zeros((count, 4, ROWS), np.float32)
    for _ in range(3 if placing.turn_deg.any() else 1):
        there = _at_rows(edges[:, :4], -sin * found + cos * rows_px + down)
        found = (there - forward - sin * rows_px) / cos
    half_px = CROP_WIDTH_PX / CROP_HEIGHT_PX * CROP_TRUNKS_HIGH * px_per_trunk / 2
    inside = np.clip(found, -half_px, half_px)
    rest = _at_rows(edges[:, 4:], cos * rows_px + down)
    beyond = (found - inside)[:, 2] - (found - inside)[:, 3]
    body = rest[:, 0] / placing.scale[:, None] - beyond
    table = np.concatenate([inside * rest[:, 1:], body[:, None], rest[:, 1:]], axis=1)
    table[:, :5] /= np.float32(TRUNKS_PER_UNIT * px_per_trunk)
    return table


def _at_rows(table: NDArray[np.float32], rows_px: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return values between rows, linearly; ``rows_px`` counts from the middle."""
    last = table.shape[2] - 1
    place = np.clip(rows_px + np.float32(last / 2), 0, last - 1e-3)
    place = np.broadcast_to(place, (*table.shape[:2], ROWS))
    low = place.astype(np.intp)
    share = place - low
    below, above = (np.take_along_axis(table, low + k, axis=2) for k in (0, 1))
    return np.asarray(below + share * (above - below), np.float32)


def read_quickly(
    rgb: NDArray[np.uint8], pose: PoseEstimate, side: tuple[Facing, float, float]
) -> ContourReading:
    """Read the outline from the pose estimator's mask in one look.

    Parameters
    ----------
    rgb, pose
        As for :func:`canonical_crop`.
    side
        Which way the person faces, the camera's roll and the yaw, deg.
    """
    facing, roll_deg, yaw_deg = side
    edges = edges_of(canonical_crop(rgb, pose, facing, roll_deg))
    rows = rows_of(edges[None], CROP_HEIGHT_PX / CROP_TRUNKS_HIGH, _AS_IT_IS)
    return shared_model().read(rows, yaw_deg)[0]


def read_carefully(
    rgb: NDArray[np.uint8],
    pose: PoseEstimate,
    masks: Sequence[NDArray[np.float32]],
    side: tuple[Facing, float, float],
    beside: Executor | None = None,
) -> ContourReading:
    """Read the outline from several masks, from each by many looks.

    The first look at a mask is centred on the hips, which MediaPipe puts up and down by turns;
    the others, which count, lie around where the first one's answer has the pelvis.

    Parameters
    ----------
    rgb
        Shape (height, width, 3).
    pose
        Places the crops.
    masks
        Shape (height, width) each, 0..1.
    side
        As for :func:`read_quickly`.
    beside
        Threads to cut the masks in; None = none beside this one.

    Returns
    -------
    ContourReading
        The mean; the spread among them is part of its standard deviation.
    """
    facing, roll_deg, yaw_deg = side
    model = shared_model()
    per_trunk = _CAREFULLY_FINER * CROP_HEIGHT_PX / CROP_TRUNKS_HIGH
    leeway_px = math.ceil(_LEEWAY_TRUNKS * per_trunk)
    matrix = _finer(crop_transform(pose.mid_hip_px, pose.trunk_px, facing, roll_deg))
    matrix[:, 2] += leeway_px
    width, height = (2 * leeway_px + _CAREFULLY_FINER * n for n in (CROP_WIDTH_PX, CROP_HEIGHT_PX))
    finely = _CAREFULLY_FINER, _CAREFUL_STEP
    by_mask = []
    for cut in cut_masks(rgb, masks, matrix, (width, height), finely, beside):
        edges = edges_of(cut)[None]
        first = model.read(rows_of(edges, per_trunk, _AS_IT_IS), yaw_deg)[0]
        around = model.read(rows_of(edges, per_trunk, _around(first.pelvis_trunks)), yaw_deg)
        by_mask.append(_mean(around))
    mean = _mean(by_mask)
    return replace(mean, sd_deg=CAREFUL_SHARE * mean.sd_deg)


def _finer(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the matrix to a crop cut more finely; pixels count from the middle of the first."""
    finer = matrix * _CAREFULLY_FINER
    finer[:, 2] += (_CAREFULLY_FINER - 1) / 2
    return finer


def _around(pelvis_trunks: Point) -> Placing:
    """Return looks around one that has the pelvis where those placed by the hips mostly do."""
    most = _LEEWAY_TRUNKS - _RING_TRUNKS
    off = np.clip(np.add(pelvis_trunks, (0.0, PELVIS_ABOVE_TRUNKS)), -most, most)
    angle = np.arange(_RING_LOOKS) * 2 * np.pi / _RING_LOOKS
    ring = off + _RING_TRUNKS * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    scale = np.exp(np.where(np.arange(_RING_LOOKS) % 2, _RING_LOG_SCALE, -_RING_LOG_SCALE))
    return Placing(
        ring.astype(np.float32), scale.astype(np.float32), np.zeros(_RING_LOOKS, np.float32)
    )


def _mean(readings: Sequence[ContourReading]) -> ContourReading:
    """Return the mean, in which each counts by how sure it is.

    On 224 bodies of the part ``calibrate`` that takes 0.1 deg off the error against masks that
    count alike, and where one of them is at fault on real photographs the answer moves less.
    """
    table = np.array([(r.tilt_deg, r.sd_deg, r.loose_probability) for r in readings])
    shares = table[:, 1] ** -2
    tilt_deg, _, loose = np.average(table, axis=0, weights=shares)
    # Looks at one body share most of their error: the mean is no surer than one of them.
    variance = (table[:, 0] - tilt_deg) ** 2 + table[:, 1] ** 2
    sd_deg = float(np.sqrt(np.average(variance, weights=shares)))
    return ContourReading(float(tilt_deg), sd_deg, float(loose), readings[-1].pelvis_trunks)


def outline_px(mask: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the largest closed contour of a mask, shape (n, 2), pixels; empty if none."""
    contours, _ = cv2.findContours(
        (mask > _OUTLINE_LEVEL).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
    )
    if not contours:
        return np.empty((0, 2), np.float32)
    largest = max(contours, key=cv2.contourArea)
    return largest.reshape(-1, 2).astype(np.float32)
