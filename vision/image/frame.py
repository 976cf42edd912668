"""A picture in upright RGB, small enough to work on, from a file, bytes or an array.

Pillow, OpenCV and the decoders are loaded when the first picture is, so that importing
this module stays fast.
"""

from __future__ import annotations

import io
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from vision.reasons import FileProblem, check_pixels, too_many_bytes

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Longest side of the working picture.
WORKING_SIDE_PX = 1600

#: 100 megapixels of 16-bit RGBA, uncompressed, and some room; beyond it nothing is read.
_MAX_FILE_BYTES = 1_000_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A picture the right way up.

    Attributes
    ----------
    rgb
        Shape (height, width, 3), uint8, C-contiguous and read-only, colours in the order
        red, green, blue; x right, y down: the working picture, whose longest side is at
        most :data:`WORKING_SIDE_PX`. A smaller picture is never enlarged.
    width_px, height_px
        Size of the full upright picture.
    source
        The file's path as it was given, or a label.
    focal_px
        Focal length in pixels of the full picture, as its file tells it; None where it tells
        none that can be true.
    """

    rgb: NDArray[np.uint8]
    width_px: int
    height_px: int
    source: str
    focal_px: float | None = None

    @property
    def working_px(self) -> tuple[int, int]:
        """Width and height of the working picture."""
        return self.rgb.shape[1], self.rgb.shape[0]

    @property
    def scale(self) -> float:
        """Pixels of the full picture per pixel of the working picture, at least 1."""
        return max(self.width_px, self.height_px) / max(self.working_px)


def load_frame(path: str | os.PathLike[str]) -> Frame:
    """Read a photograph: JPEG, PNG, WebP, TIFF, HEIC, AVIF, BMP or a still GIF.

    The turn or mirroring that the file asks for is applied exactly once. Transparent parts
    become white, and a TIFF of several pages gives its first.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    Frame
        With the path as its source.

    Raises
    ------
    PhotoError
        If the file is missing, unreadable, damaged, not one still picture, or too large.
    """
    # A name that is not valid text would break whatever prints it later.
    source = os.fsdecode(path).encode("utf-8", "replace").decode()
    try:
        with _open_file(Path(path), source) as stream:
            return _frame_from_stream(stream, source)
    except (FileNotFoundError, NotADirectoryError):
        raise FileProblem.MISSING.error(source) from None
    except PermissionError:
        raise FileProblem.FORBIDDEN.error(source) from None
    except (OSError, ValueError):
        raise FileProblem.UNOPENABLE.error(source) from None


def frame_from_bytes(data: bytes, source: str) -> Frame:
    """Read a photograph from the bytes of its file.

    Parameters
    ----------
    data
        A whole file, as for :func:`load_frame`.
    source
        A label for messages and results.

    Raises
    ------
    PhotoError
        As :func:`load_frame`.
    """
    return _frame_from_stream(io.BytesIO(data), source)


def frame_from_array(rgb: NDArray[np.uint8], source: str = "array") -> Frame:
    """Make a frame of pixels that are already upright, such as a camera's.

    Parameters
    ----------
    rgb
        Shape (height, width, 3), uint8, in the order red, green, blue. A small contiguous
        array is not copied: do not write to it while the frame is in use.
    source
        A label for messages and results.

    Raises
    ------
    ValueError
        If the array has another shape or type, or holds nothing.
    PhotoError
        If it has more than :data:`vision.reasons.MAX_PIXELS` pixels.
    """
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.size == 0:
        raise ValueError(f"expected a (height, width, 3) uint8 array, got {rgb.shape} {rgb.dtype}")
    height_px, width_px = rgb.shape[:2]
    check_pixels(width_px, height_px, source)
    working = np.ascontiguousarray(_reduced(rgb)).view()
    working.flags.writeable = False
    return Frame(working, width_px, height_px, source)


def as_frame(photo: str | os.PathLike[str] | NDArray[np.uint8] | Frame) -> Frame:
    """Return a frame of a file's name, an array as for :func:`frame_from_array`, or itself."""
    if isinstance(photo, Frame):
        return photo
    if isinstance(photo, np.ndarray):
        return frame_from_array(photo)
    return load_frame(photo)


def grey_of(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a picture's brightness; one that has no colours is returned as it is.

    Parameters
    ----------
    picture
        Shape (height, width, 3), red, green, blue; or (height, width).
    """
    import cv2

    if picture.ndim == 2:
        return picture
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)


def _open_file(path: Path, source: str) -> BinaryIO:
    """Open an ordinary file; opening anything else could block or mislead."""
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise FileProblem.FOLDER.error(source)
    if not stat.S_ISREG(status.st_mode):
        raise FileProblem.NOT_A_FILE.error(source)
    if status.st_size > _MAX_FILE_BYTES:
        raise too_many_bytes(source)
    return path.open("rb")


def _frame_from_stream(stream: BinaryIO, source: str) -> Frame:
    from vision.image.decode import decode

    picture = decode(stream, WORKING_SIDE_PX, source)
    small = frame_from_array(picture.rgb, source)
    return Frame(small.rgb, picture.width_px, picture.height_px, source, picture.focal_px)


def _reduced(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Shrink to the working size by averaging areas; a smaller picture is returned as is."""
    height_px, width_px = rgb.shape[:2]
    ratio = WORKING_SIDE_PX / max(width_px, height_px)
    if ratio >= 1:
        return rgb
    import cv2

    size = (max(1, round(width_px * ratio)), max(1, round(height_px * ratio)))
    smaller: NDArray[np.uint8] = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    return smaller
