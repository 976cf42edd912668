"""Hides a person's head in a picture before it leaves the program, so that nothing brings it back.

The head is found from the landmarks and outline that were measured; the picture is not looked
at again. Pixels are those of the full upright picture unless said otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from vision.overlay.landmarks import body_unit_px
from vision.result import ReasonCode

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision.result import Measured, Rejected

_EARS = ("left_ear", "right_ear")
_FACE = (
    *("nose", "mouth_left", "mouth_right"),
    *(f"{side}_eye{part}" for side in ("left", "right") for part in ("", "_inner", "_outer")),
)
#: Below this visibility MediaPipe has made a landmark up.
_VISIBILITY_MIN = 0.1
#: From the ear to the crown are some 14 cm, to nose and chin 13, with hair up to 20; the span
#: from hip to shoulder is about 50 cm.
_RADIUS_UNITS = 0.4
#: The same in distances from the ear to the farthest part of the face, some 12 cm side-on.
_RADIUS_FACES = 1.7
#: Outline that far from the head's middle, in radii, is still hair, unless it lies farther down
#: than this share of the way from the head's middle to the shoulders.
_HAIR_RADII, _DOWN_TO = 1.8, 0.35
_HAIR_MARGIN = 0.12
#: So many blocks across the whole circle, each of one colour: about four across a face.
_BLOCKS = 7


def blur_face(
    rgb: NDArray[np.uint8], result: Measured | Rejected, size_px: tuple[int, int]
) -> NDArray[np.uint8] | None:
    """Return a copy of a picture in which the person's head cannot be recognised.

    The head with its hair becomes a few blurred blocks of average colours, from which the face
    cannot be worked out again. Everything else is as it was.

    Parameters
    ----------
    rgb
        Shape (height, width, 3): the full upright picture or a smaller copy of it.
    result
        What was measured in it, with its landmarks and outline.
    size_px
        Width and height of the full upright picture.

    Returns
    -------
    ndarray or None
        None where it is not known where all heads are: no head was found, or there are more
        people in the picture. Such a picture should not leave the program.
    """
    if result.capture is None or result.capture.people > 1:
        return None
    head = _head_of(result)
    if head is None:
        return None
    height, width = rgb.shape[:2]
    scale = np.array([width / size_px[0], height / size_px[1]])
    mask = np.zeros((height, width), np.uint8)
    centre, radius = head
    axes = np.maximum(1, np.ceil(radius * scale)).astype(int)
    middle = np.round(centre * scale).astype(int)
    cv2.ellipse(mask, middle.tolist(), axes.tolist(), 0, 0, 360, 1, cv2.FILLED)
    _add_hair(mask, result, head, scale)
    return _hidden(rgb, mask.astype(bool), float(axes.max()))


def _head_of(result: Measured | Rejected) -> tuple[NDArray[np.float64], float] | None:
    """Return the middle of the head and how far it reaches with its hair, or None."""
    # A head cut off by the picture's edge was added for the estimator: what shows of the neck
    # and the chin lies where that head was.
    cut_off = any(reason.code is ReasonCode.HEAD_HIDDEN for reason in result.reasons)
    seen = {
        name: np.array([x, y])
        for name, (x, y, visibility) in result.landmarks.items()
        if np.isfinite((x, y)).all() and (cut_off or visibility >= _VISIBILITY_MIN)
    }
    ears = [seen[name] for name in _EARS if name in seen]
    face = [seen[name] for name in _FACE if name in seen]
    if not ears and not face:
        return None
    unit = body_unit_px(result, {name: (float(p[0]), float(p[1])) for name, p in seen.items()})
    centre: NDArray[np.float64] = np.mean(ears or face, axis=0)
    far = max((float(np.hypot(*(point - centre))) for point in face), default=0.0)
    if not ears:  # the head lies behind its face: which way is not known, so all ways
        return centre, 1.5 * max(_RADIUS_UNITS * unit, far)
    return centre, max(_RADIUS_UNITS * unit, _RADIUS_FACES * far)


def _add_hair(
    mask: NDArray[np.uint8],
    result: Measured | Rejected,
    head: tuple[NDArray[np.float64], float],
    scale: NDArray[np.float64],
) -> None:
    """Add what of the body's outline reaches beyond the circle, as a bun of hair does."""
    centre, radius = head
    points = np.asarray(result.outline_px, dtype=np.float64).reshape(-1, 2)
    points = points[np.isfinite(points).all(axis=1)]
    if len(points) < 3:
        return
    body = np.zeros_like(mask)
    cv2.fillPoly(body, [np.round(points * scale).astype(np.int32)], 1)
    near = np.zeros_like(mask)
    reach = np.ceil(_HAIR_RADII * radius * scale).astype(int)
    cv2.ellipse(
        near, np.round(centre * scale).astype(int).tolist(), reach.tolist(), 0, 0, 360, 1, -1
    )
    shoulders = [result.landmarks.get(f"{side}_shoulder") for side in ("left", "right")]
    down = float(np.mean([one[1] for one in shoulders if one is not None] or [centre[1]]))
    lowest = centre[1] + _DOWN_TO * max(0.0, down - centre[1])
    near[max(0, round(lowest * scale[1])) :] = 0
    hair = body & near
    wide = max(1, round(_HAIR_MARGIN * radius * float(scale.mean())))
    mask |= np.asarray(cv2.dilate(hair, np.ones((2 * wide + 1, 2 * wide + 1), np.uint8)), np.uint8)


def _hidden(rgb: NDArray[np.uint8], mask: NDArray[np.bool_], radius_px: float) -> NDArray[np.uint8]:
    """Return a copy whose masked part is made of blurred blocks."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    hidden = rgb.copy()
    if not rows.size:
        return hidden  # the head lies outside the picture
    box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    part = rgb[box]
    height, width = part.shape[:2]
    block_px = max(1.0, 2 * radius_px / _BLOCKS)
    few = max(1, round(width / block_px)), max(1, round(height / block_px))
    blocks = cv2.resize(part, few, interpolation=cv2.INTER_AREA)
    large = cv2.resize(blocks, (width, height), interpolation=cv2.INTER_NEAREST)
    soft = np.asarray(cv2.GaussianBlur(large, (0, 0), block_px / 3), np.uint8)
    hidden[box][mask[box]] = soft[mask[box]]
    return hidden
