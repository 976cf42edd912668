"""Picture files with known corners, and what to expect of them."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Any

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from vision.image.frame import Frame, frame_from_bytes
from vision.reasons import PhotoError
from vision.result import ReasonCode

if TYPE_CHECKING:
    from numpy.typing import NDArray

CORNERS = {
    "top left": (230, 30, 30),
    "top right": (30, 200, 30),
    "bottom left": (30, 30, 230),
    "bottom right": (230, 220, 30),
}


def upright_pixels(width_px: int = 128, height_px: int = 96) -> NDArray[np.uint8]:
    """Draw an asymmetric picture: every corner another colour, grey between."""
    pixels = np.full((height_px, width_px, 3), 128, np.uint8)
    for name, colour in CORNERS.items():
        rows = slice(0, height_px // 3) if "top" in name else slice(-(height_px // 3), None)
        columns = slice(0, width_px // 4) if "left" in name else slice(-(width_px // 4), None)
        pixels[rows, columns] = colour
    return pixels


def stored_pixels(upright: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Lay pixels out as EXIF 2.32, tag 0x0112, says a file of this orientation holds them."""
    turned = upright.transpose(1, 0, 2) if orientation >= 5 else upright
    upside_down = orientation in {3, 4, 6, 7}
    mirrored = orientation in {2, 3, 7, 8}
    return np.ascontiguousarray(turned[:: -1 if upside_down else 1, :: -1 if mirrored else 1])


def assert_corners(frame: Frame, tolerance: int = 12, *, grey: bool = False) -> None:
    assert frame.rgb.dtype == np.uint8
    assert frame.rgb.flags.c_contiguous
    height_px, width_px = frame.rgb.shape[:2]
    for name, colour in CORNERS.items():
        row = height_px // 9 if "top" in name else height_px - height_px // 9
        column = width_px // 9 if "left" in name else width_px - width_px // 9
        expected = np.full(3, luma(colour)) if grey else np.array(colour)
        error = np.abs(frame.rgb[row, column].astype(int) - expected)
        assert error.max() <= tolerance, (name, frame.rgb[row, column], expected)


def luma(colour: tuple[int, int, int]) -> int:
    return Image.new("RGB", (1, 1), colour).convert("L").tobytes()[0]


def saved(image: Image.Image, file_format: str, **options: Any) -> bytes:
    if file_format == "HEIF":
        pillow_heif.register_heif_opener()
        # pillow-heif writes the container's own rotation only for EXIF given as bytes.
        options = {k: v.tobytes() if k == "exif" else v for k, v in options.items()}
    buffer = io.BytesIO()
    image.save(buffer, file_format, **options)
    return buffer.getvalue()


def refused(data: bytes, code: ReasonCode = ReasonCode.UNREADABLE) -> PhotoError:
    with pytest.raises(PhotoError) as caught:
        frame_from_bytes(data, "a label")
    assert_well_told(caught.value, code)
    assert caught.value.source == "a label"
    return caught.value


def assert_well_told(error: PhotoError, code: ReasonCode) -> None:
    assert error.code is code
    assert str(error) == f"{error.message} {error.fix}"
    for sentence in (error.message, error.fix):
        assert sentence.endswith(".")
        assert sentence[0].isupper()
        assert ". " not in sentence
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None


UPRIGHT = Image.fromarray(upright_pixels())
LOSSY = {
    "JPEG": {"quality": 92, "subsampling": 0},
    "HEIF": {"quality": 92},
    "AVIF": {"quality": 92},
}
EXTENSION = {
    "JPEG": "jpg",
    "PNG": "png",
    "WEBP": "webp",
    "TIFF": "tif",
    "HEIF": "heic",
    "AVIF": "avif",
}


def bare_tiff(
    bits: int, photometric: int, data: bytes, width_px: int, height_px: int, compression: int = 1
) -> bytes:
    tags = {256: width_px, 257: height_px, 258: bits, 259: compression, 262: photometric, 277: 1,
            273: 122, 278: height_px, 279: len(data)}  # fmt: skip
    entries = [struct.pack("<HHLL", tag, 4, 1, value) for tag, value in sorted(tags.items())]
    return struct.pack("<2sHLH", b"II", 42, 8, len(entries)) + b"".join(entries) + bytes(4) + data


ENCODED = {name: saved(UPRIGHT, name, **LOSSY.get(name, {})) for name in (*EXTENSION, "GIF", "BMP")}
ENCODED["progressive JPEG"] = saved(UPRIGHT, "JPEG", progressive=True)
ENCODED["large JPEG"] = saved(Image.fromarray(upright_pixels(3300, 400)), "JPEG")
