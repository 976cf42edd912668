"""The person's mask, brought into one canonical frame around the pelvis.

Whatever the picture's size, the person's place in it and the way they face, the contour
model always sees the same thing: front to the right, plumb lines upright, the hip at one
place, the trunk at one length.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from vision.geometry import clockwise_matrix
from vision.model_files import CONTOUR_MODEL, Network, expected_sha256, once

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision.geometry import Point
    from vision.pose.estimate import PoseEstimate
    from vision.result import Facing
#: Width and height of the crop in pixels; MediaPipe's own mask holds no finer detail.
CROP_WIDTH_PX, CROP_HEIGHT_PX = 96, 160
#: Height of the crop in trunk lengths (hip to shoulder): from below the knee to the chin, so
#: that lean and sway show beside the pelvis.
CROP_TRUNKS_HIGH = 2.75
#: Passes of the guided filter, from coarse to fine: reach in crop pixels, and a gain that
#: makes the edge as steep again as it was. Colours that differ by less than the step, 0..255,
#: are one. On 246 rendered pictures of the part ``calibrate`` the passes took 11 % off the
#: contour model's error, the first alone 7 %; a guide twice as fine took 1 % more, for 2 ms.
_REFINE_PASSES = ((8, 3.0), (4, 2.0), (2, 1.5))
_REFINE_STEP = 1.4
#: The passes lock an edge to the grid of pixels. Two grids half a pixel apart, averaged, take
#: two thirds off what a shift by 1 % of the trunk changes (mean 0.80 to 0.30 deg on 200
#: pictures of ``calibrate``) and a third off what JPEG at quality 70 does.
_GRIDS_PX = (0.0, 0.5)
#: The picture is sampled this much finer than the crop, then averaged, against aliasing.
_GUIDE_FINER = 2
#: The crop's centre lies this far above the mid-hip point, in trunk lengths.
CENTRE_ABOVE_HIP_TRUNKS = 0.15
_OUTLINE_LEVEL = 0.5


@dataclass(frozen=True, slots=True)
class ContourReading:
    """What the network reads from one canonical crop.

    Attributes
    ----------
    tilt_deg
        Pelvic tilt against the crop's horizontal; positive = anterior.
    sd_deg
        Standard deviation of the error to expect, calibrated on held-out bodies so that
        ``tilt_deg`` plus or minus 1.645 of it holds the truth nine times in ten.
    loose_probability
        How likely the outline is that of loose clothing, 0..1.
    """

    tilt_deg: float
    sd_deg: float
    loose_probability: float


class ContourModel:
    """The shipped network. Calls take about two milliseconds and wait for one another."""

    def __init__(self) -> None:
        self.sha256 = expected_sha256(CONTOUR_MODEL)
        self._network = Network(CONTOUR_MODEL)

    def read(self, crop: NDArray[np.float32]) -> ContourReading:
        """Estimate the tilt.

        Parameters
        ----------
        crop
            From :func:`vision.silhouette.canonical_crop`.
        """
        tilt_deg, sd_deg, loose_probability = self._network.run(crop[np.newaxis]).tolist()
        return ContourReading(tilt_deg, sd_deg, loose_probability)


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
) -> NDArray[np.float32]:
    """Cut a piece out of a person's mask and bring its edge to where the picture has one.

    MediaPipe draws its mask on a coarse grid, and the edge wobbles. It is evened out and
    drawn towards the edges of the picture itself (guided filter, He et al. 2013), on two
    grids, so that the answer does not hang on where the pixels fall.

    Parameters
    ----------
    rgb
        Shape (height, width, 3), the picture in which the person was found.
    mask
        Shape (height, width), 0..1.
    matrix
        From picture pixels to those of the piece, 2x3; its scale near that of
        :func:`crop_transform`, for which the reach of the filter was chosen.
    size_px
        Width and height of the piece.

    Returns
    -------
    numpy.ndarray
        Shape (height, width) of the piece, float32, 0..1; 0 outside the picture.
    """
    total = np.zeros((size_px[1], size_px[0]), np.float32)
    for shift_px in _GRIDS_PX:
        shifted = matrix + np.array([[0.0, 0.0, shift_px]])
        back = np.array([[1.0, 0.0, -shift_px], [0.0, 1.0, -shift_px]])
        total += cv2.warpAffine(
            _refined(rgb, mask, shifted, size_px),
            back,
            size_px,
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
    return total / np.float32(len(_GRIDS_PX))


def _refined(
    rgb: NDArray[np.uint8],
    mask: NDArray[np.float32],
    matrix: NDArray[np.float64],
    size_px: tuple[int, int],
) -> NDArray[np.float32]:
    cut = cv2.warpAffine(mask, matrix, size_px, flags=cv2.INTER_LINEAR, borderValue=0.0)
    fine = matrix * _GUIDE_FINER
    fine[:, 2] += (_GUIDE_FINER - 1) / 2
    fine_size = (size_px[0] * _GUIDE_FINER, size_px[1] * _GUIDE_FINER)
    guide = cv2.warpAffine(
        rgb, fine, fine_size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    guide = cv2.resize(guide, size_px, interpolation=cv2.INTER_AREA)
    for reach_px, gain in _REFINE_PASSES:
        finer = cv2.ximgproc.guidedFilter(guide, cut, reach_px, _REFINE_STEP**2)
        if not np.isfinite(finer).all():
            # The filter divides by nothing where a large part is perfectly black.
            finer = cv2.ximgproc.guidedFilter(cv2.max(guide, 1), cut, reach_px, _REFINE_STEP**2)
        cut = finer
        cut = np.clip((cut - 0.5) * np.float32(gain) + np.float32(0.5), 0.0, 1.0)
    return np.asarray(cut, np.float32)


def canonical_crop(
    rgb: NDArray[np.uint8], pose: PoseEstimate, facing: Facing, roll_deg: float
) -> NDArray[np.float32]:
    """Return the mask around the pelvis as the contour model reads it.

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


def outline_px(mask: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the largest closed contour of a mask, shape (n, 2), pixels; empty if none."""
    contours, _ = cv2.findContours(
        (mask > _OUTLINE_LEVEL).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
    )
    if not contours:
        return np.empty((0, 2), np.float32)
    largest = max(contours, key=cv2.contourArea)
    return largest.reshape(-1, 2).astype(np.float32)
