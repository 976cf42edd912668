"""JPEGs that decode with damage are refused, and whole ones of many makers never are."""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from PIL import Image

from tests.vision.pictures import refused, saved
from vision.image.frame import frame_from_bytes
from vision.image.jpeg_damage import is_jpeg_damaged

if TYPE_CHECKING:
    from numpy.typing import NDArray

ENCODERS = {
    "usual": {"quality": 85},
    "fine": {"quality": 93, "subsampling": 0},
    "progressive": {"quality": 85, "progressive": True},
    "restarts": {"quality": 85, "restart_marker_rows": 1},
    "optimised": {"quality": 70, "optimize": True},
}
#: A pixel differs visibly from here on, and a picture where so many of its pixels do.
VISIBLE_STEP, VISIBLE_SHARE = 30, 0.005


@cache
def scenery() -> NDArray[np.uint8]:
    """Return something as varied as a photograph: blurred noise of three sizes."""
    rng = np.random.default_rng(3)
    layers = [
        cv2.GaussianBlur(rng.normal(0, 1, (480, 360, 3)), (0, 0), blur) * blur * gain
        for blur, gain in ((1.2, 60), (6, 90), (40, 110))
    ]
    return np.clip(128 + sum(layers), 0, 255).astype(np.uint8)


@cache
def whole(name: str) -> bytes:
    return saved(Image.fromarray(scenery()), "JPEG", **ENCODERS[name])


def scan_of(data: bytes) -> tuple[int, int]:
    """Return where the entropy-coded data of the first scan begins, and the end of all."""
    return data.index(b"\xff\xda") + 14, len(data) - 2


def damaged(data: bytes, how: str, rng: np.random.Generator) -> bytes:
    """Do to a file what bad disks, cables and half-finished downloads do."""
    start, end = scan_of(data)
    at = int(rng.integers(start, end - 300))
    length = min(int(rng.integers(16, 1500)), end - at)
    made = bytearray(data)
    match how:
        case "bits":
            for place in rng.integers(start, end, 5):
                made[place] ^= 1 << int(rng.integers(8))
        case "zeros":
            made[at : at + length] = bytes(length)
        case "noise":
            made[at : at + length] = rng.bytes(length)
        case "gap":
            del made[at : at + length]
        case "cut":
            made[at:end] = b""
    return bytes(made)


def is_visible(data: bytes, original: bytes) -> bool:
    try:
        seen = np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)
    except OSError:
        return False
    truth = np.asarray(Image.open(io.BytesIO(original)).convert("RGB")).astype(int)
    return float((np.abs(seen - truth).max(axis=2) > VISIBLE_STEP).mean()) > VISIBLE_SHARE


@pytest.mark.parametrize(
    ("how", "share"),
    # A few wrong bits often leave all that follows in place and only of another shade, of
    # which the decoder knows nothing.
    [("bits", 0.6), ("zeros", 0.8), ("noise", 0.9), ("gap", 0.9), ("cut", 0.9)],
)
def test_what_decodes_visibly_wrong_is_refused(how: str, share: float) -> None:
    rng = np.random.default_rng(11)
    made = [(damaged(whole(name), how, rng), whole(name)) for name in ENCODERS for _ in range(12)]
    visible = [data for data, original in made if is_visible(data, original)]
    assert len(visible) >= 15
    assert sum(map(is_jpeg_damaged, visible)) >= share * len(visible)


def test_the_sentence_is_that_of_a_damaged_file() -> None:
    data = damaged(whole("usual"), "gap", np.random.default_rng(1))
    assert is_jpeg_damaged(data)
    assert "damaged" in refused(data).message


def with_thumbnail() -> bytes:
    """Return a JPEG with another one inside its EXIF, as cameras write."""
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    small = saved(Image.fromarray(scenery()[::8, ::8].copy()), "JPEG")
    return saved(Image.fromarray(scenery()), "JPEG", exif=exif.tobytes() + small)


def by_opencv(*options: int) -> bytes:
    done, data = cv2.imencode(".jpg", scenery(), list(options))
    assert done
    return data.tobytes()


HEALTHY = {
    **{name: whole(name) for name in ENCODERS},
    "grey": saved(Image.fromarray(scenery()).convert("L"), "JPEG"),
    "print": saved(Image.fromarray(scenery()).convert("CMYK"), "JPEG"),
    "single pixel": saved(Image.new("RGB", (1, 1)), "JPEG"),
    "odd size": saved(Image.fromarray(scenery()[:471, :353].copy()), "JPEG", subsampling=2),
    "4:2:2": saved(Image.fromarray(scenery()), "JPEG", subsampling=1),
    "coarse": saved(Image.fromarray(scenery()), "JPEG", quality=5),
    "one colour": saved(Image.new("RGB", (640, 480), (10, 200, 90)), "JPEG"),
    "two pictures": saved(
        Image.fromarray(scenery()), "MPO", save_all=True, append_images=[Image.new("RGB", (90, 70))]
    ),
    "thumbnail": with_thumbnail(),
    "OpenCV": by_opencv(),
    "OpenCV, restarts": by_opencv(cv2.IMWRITE_JPEG_RST_INTERVAL, 7),
    "OpenCV, progressive": by_opencv(cv2.IMWRITE_JPEG_PROGRESSIVE, 1),
    "film behind": whole("usual") + b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 40,
    "maker's notes behind": whole("fine") + b"SEFH" + b"\xff\xc4\xff\xda\xff\x00" * 30 + b"SEFT",
    "filled up with zeros": whole("usual")[:-2] + bytes(14) + b"\xff\xd9",
    "filled up with ones": whole("usual")[:-2] + b"\xff" * 9 + b"\xff\xd9",
    "comment": saved(Image.fromarray(scenery()), "JPEG", comment=b"\xff\xd9 side view"),
}


@pytest.mark.parametrize("name", HEALTHY)
def test_a_whole_picture_passes(name: str) -> None:
    assert not is_jpeg_damaged(HEALTHY[name])
    frame_from_bytes(HEALTHY[name], name)


def test_a_large_picture_passes() -> None:
    large = cv2.resize(scenery(), (4000, 3000), interpolation=cv2.INTER_CUBIC)
    assert not is_jpeg_damaged(saved(Image.fromarray(np.asarray(large, np.uint8)), "JPEG"))


def test_what_opencv_cannot_read_is_left_to_others() -> None:
    assert not is_jpeg_damaged(b"\xff\xd8\xff")
    assert not is_jpeg_damaged(b"no picture")
