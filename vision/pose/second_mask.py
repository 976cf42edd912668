"""A second opinion on where somebody's outline runs, for photographs.

MediaPipe's mask is drawn for speed and costs about 2 deg of tilt on real photographs. U2-Net's
small form (Qin et al. 2020, Pattern Recognition 106:107404) finds whatever stands out in a
picture and follows loins and belly more closely; what ``synthetic.mask`` makes of it does a quarter
of its work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from vision.model_files import MASK_MODEL, Network, once

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision.pose.estimate import PoseEstimate

#: The strip that the network sees, and the side of it over the body's.
WIDTH_PX, HEIGHT_PX = 192, 320
_ROOM = 1.25
#: Mean and spread of red, green and blue, 0..1, to which the network is used.
_MEAN, _SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
#: What lies further than this from the first mask, in trunk lengths, is something else.
_REACH_TRUNKS = 0.12


@once
def _shared_network() -> Network:
    return Network(MASK_MODEL)


def second_mask(rgb: NDArray[np.uint8], pose: PoseEstimate) -> NDArray[np.float32]:
    """Return another mask of a person who has been found.

    Parameters
    ----------
    rgb
        Shape (height, width, 3): the picture in which the pose was found.
    pose
        The person.

    Returns
    -------
    numpy.ndarray
        Shape (height, width), float32, 0..1: how likely each pixel is this person.
    """
    matrix = window_around(pose.xy_px)
    found = _shared_network().run(network_input(cut(rgb, matrix, (WIDTH_PX, HEIGHT_PX))))
    return put_back(found.reshape(HEIGHT_PX, WIDTH_PX), matrix, pose)


def window_around(xy_px: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the 2x3 matrix from picture pixels to those the network sees.

    Parameters
    ----------
    xy_px
        Shape (n, 2): the person's landmarks.
    """
    low, high = xy_px.min(axis=0), xy_px.max(axis=0)
    size = np.array([WIDTH_PX, HEIGHT_PX])
    scale = float((size / (_ROOM * (high - low))).min())
    return np.column_stack([scale * np.eye(2), size / 2 - scale * (low + high) / 2])


def network_input(seen: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return what the network is told of a cut, shape (1, 3, height, width)."""
    scaled = seen.astype(np.float32) / max(int(seen.max()), 1)
    planes = (scaled - np.array(_MEAN, np.float32)) / np.array(_SPREAD, np.float32)
    return np.ascontiguousarray(planes.transpose(2, 0, 1), np.float32)[None]


def cut(
    rgb: NDArray[np.uint8], matrix: NDArray[np.float64], size_px: tuple[int, int]
) -> NDArray[np.uint8]:
    """Return a piece of a picture, shape (height, width, 3).

    Parameters
    ----------
    rgb
        Shape (height, width, 3).
    matrix
        From its pixels to those of the piece, 2x3; not turned.
    size_px
        Width and height of the piece.
    """
    scale = float(matrix[0, 0])
    if scale < 1:
        # Averaged first: sampling alone would skip pixels.
        height, width = rgb.shape[:2]
        smaller = max(1, round(width * scale)), max(1, round(height * scale))
        rgb = np.asarray(cv2.resize(rgb, smaller, interpolation=cv2.INTER_AREA), np.uint8)
        by = np.array([width, height]) / smaller
        # Pixels are counted from the middle of the first.
        shift = matrix[:, 2] + matrix[:, :2] @ ((by - 1) / 2)
        matrix = np.column_stack([matrix[:, :2] * by, shift])
    border = cv2.BORDER_REPLICATE
    return np.asarray(cv2.warpAffine(rgb, matrix, size_px, borderMode=border), np.uint8)


def put_back(
    found: NDArray[np.float32], matrix: NDArray[np.float64], pose: PoseEstimate
) -> NDArray[np.float32]:
    """Return what was found in a piece as a mask of the picture, shape (height, width).

    Parameters
    ----------
    found
        How likely each pixel of the piece is somebody, 0..1.
    matrix
        By which the piece was cut.
    pose
        The person; nobody else is left.
    """
    height, width = pose.mask.shape
    mask = cv2.warpAffine(
        found,
        matrix,
        (width, height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderValue=0.0,
    )
    return np.asarray(mask * _near(pose), np.float32)


def _near(pose: PoseEstimate) -> NDArray[np.float32]:
    """Return 1 near the person's first mask and 0 elsewhere."""
    # On a small picture: the border need not be sharp.
    shrink = min(1.0, 40.0 / pose.trunk_px)
    height, width = pose.mask.shape
    small = cv2.resize(pose.mask, (max(1, round(width * shrink)), max(1, round(height * shrink))))
    reach = max(1, round(_REACH_TRUNKS * pose.trunk_px * shrink))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    grown = cv2.dilate((small > 0.5).astype(np.float32), kernel)
    return np.asarray(cv2.resize(grown, (width, height)), np.float32)
