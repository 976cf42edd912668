"""Pictures of a person's own exercises: small, upright, and nothing but what is seen in them."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

from app.history.place import EncodedPicture, encode_picture

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

#: As much as a screen shows of one beside words.
SIDE_PX = 1024
#: How long is what a JPEG file says of itself (APP0) without a small picture in it; any other
#: part may say where and when it was taken.
_JFIF_BYTES = 14


def read_picture(path: Path) -> EncodedPicture:
    """Return a photograph or drawing as it is kept: without place, camera and time.

    Raises
    ------
    PhotoError
        If the file is no picture that can be read, damaged, or far too large.
    """
    from vision.image.frame import load_frame

    return encode_picture(load_frame(path).rgb, SIDE_PX)


def picture_of(jpeg: bytes, source: str) -> EncodedPicture:
    """Return a JPEG file as it is kept; one that has nothing beside its picture stays as it is.

    Parameters
    ----------
    source
        What to call it in a message.

    Raises
    ------
    PhotoError
        If it is no JPEG file that can be read.
    ValueError
        If it is larger than any that was kept.
    """
    from vision.image.frame import frame_from_bytes

    is_plain = _is_plain(jpeg)
    encoded = encode_picture(frame_from_bytes(jpeg, source).rgb, SIDE_PX)
    if not is_plain:
        return encoded
    return EncodedPicture(jpeg, encoded.thumbnail, encoded.width_px, encoded.height_px)


def _is_plain(jpeg: bytes) -> bool:
    """Tell whether a JPEG file has its picture and nothing else; ValueError if it is none."""
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as image:
                return _has_no_more(image, jpeg)
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError("no JPEG file") from error


def _has_no_more(image: Image.Image, jpeg: bytes) -> bool:
    if max(image.size) > SIDE_PX:
        raise ValueError("a picture that is too large")
    parts = getattr(image, "applist", [])
    is_plain = all(name == "APP0" and len(data) == _JFIF_BYTES for name, data in parts)
    return is_plain and image.mode == "RGB" and jpeg.endswith(b"\xff\xd9")
