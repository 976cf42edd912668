"""The focal length that a picture file tells, in pixels.

A camera writes it down for the whole picture as it was taken. Who crops a picture leaves the
figure as it was, so it is believed only where the picture still has the shape of a camera's
and the size that the file itself tells; and never where it is absurd.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

_EXIF_IFD = 0x8769
#: EXIF 2.32: focal length, mm; the same as on 35 mm film; how far the picture was blown up;
#: pixels of the sensor per unit along x and y, and which unit (mm); the picture's size.
_FOCAL_LENGTH, _FOCAL_LENGTH_35MM, _DIGITAL_ZOOM = 0x920A, 0xA405, 0xA404
_PLANE_RESOLUTION, _PLANE_UNIT = 0xA20E, 0xA210
_WIDTH, _HEIGHT = 0xA002, 0xA003
_UNIT_MM = {2: 25.4, 3: 10.0, 4: 1.0, 5: 0.001}
#: 35 mm film: its diagonal and its longer side, mm.
_FILM_DIAGONAL_MM, _FILM_SIDE_MM = math.hypot(36.0, 24.0), 36.0
#: Longer over shorter side of pictures from a whole sensor, and of those that are cut from
#: its upper and lower edge; other shapes were cropped.
_WHOLE, _WIDE = (4 / 3, 3 / 2), (16 / 9, 2.0, 19.5 / 9, 20 / 9)
_SAME_SHAPE = 0.02
#: From a phone's widest lens to a telephoto no one takes a whole person with, mm on film.
_PLAUSIBLE_MM = (10.0, 200.0)


def focal_px(exif: Image.Exif, width_px: int, height_px: int) -> float | None:
    """Return the focal length in pixels of the picture, None where it cannot be told.

    Parameters
    ----------
    exif
        What the file holds.
    width_px, height_px
        Of the full picture, upright or not.
    """
    tags = exif.get_ifd(_EXIF_IFD)
    longer, shorter = max(width_px, height_px), min(width_px, height_px)
    if _was_cropped(tags, longer, shorter) or _number(tags.get(_DIGITAL_ZOOM)) > 1.01:
        return None
    px_per_mm = _px_per_film_mm(longer, shorter)
    if px_per_mm is None:
        return None
    found_px = _number(tags.get(_FOCAL_LENGTH_35MM)) * px_per_mm
    if found_px == 0.0:
        found_px = _number(tags.get(_FOCAL_LENGTH)) * _px_per_sensor_mm(tags, longer)
    low, high = _PLAUSIBLE_MM
    return found_px if low * px_per_mm <= found_px <= high * px_per_mm else None


def _number(value: object) -> float:
    """Return a positive, finite number; 0 for anything else, which cameras mean by it too."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, ArithmeticError):
        return 0.0
    return number if 0 < number < math.inf else 0.0


def _is_near(value: float, shapes: tuple[float, ...]) -> bool:
    return any(abs(value / shape - 1) < _SAME_SHAPE for shape in shapes)


def _was_cropped(tags: dict[int, object], longer: int, shorter: int) -> bool:
    """Tell whether the file tells of a picture of another shape; a smaller copy has the same."""
    told = sorted(_number(tags.get(tag)) for tag in (_WIDTH, _HEIGHT))
    return told[0] > 0 and not _is_near(longer / shorter, (told[1] / told[0],))


def _px_per_film_mm(longer: int, shorter: int) -> float | None:
    """Return pixels per mm of 35 mm film; None for a picture that was cropped.

    Equal diagonals are meant (CIPA DCG-001), of the whole sensor. A wide picture lost some
    of it, how much differs by camera, and equal longer sides lie between.
    """
    if _is_near(longer / shorter, _WHOLE):
        return math.hypot(longer, shorter) / _FILM_DIAGONAL_MM
    return longer / _FILM_SIDE_MM if _is_near(longer / shorter, _WIDE) else None


def _px_per_sensor_mm(tags: dict[int, object], longer: int) -> float:
    """Return pixels of the picture per mm of the sensor; 0 where that is not told."""
    unit_mm = _UNIT_MM.get(int(_number(tags.get(_PLANE_UNIT, 2))), 0.0)
    told = max(_number(tags.get(_WIDTH)), _number(tags.get(_HEIGHT)))
    if not unit_mm or not told:
        return 0.0
    return _number(tags.get(_PLANE_RESOLUTION)) / unit_mm * longer / told
