"""The focal length that a file tells, and files that lie."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from tests.vision.pictures import saved
from vision.image.frame import frame_from_bytes
from vision.image.optics import focal_px

FOCAL_35MM, FOCAL, ZOOM = 0xA405, 0x920A, 0xA404
RESOLUTION, UNIT, WIDTH, HEIGHT = 0xA20E, 0xA210, 0xA002, 0xA003
#: 26 mm on film in a picture of 4000 x 3000 pixels.
AT_26_MM_PX = 26 * 5000 / math.hypot(36, 24)


def exif_of(tags: dict[int, Any]) -> Image.Exif:
    exif = Image.Exif()
    exif.get_ifd(0x8769).update(tags)
    return exif


def told_px(tags: dict[int, Any], width_px: int = 3000, height_px: int = 4000) -> float | None:
    return focal_px(exif_of(tags), width_px, height_px)


def test_as_on_film_of_the_same_diagonal() -> None:
    assert told_px({FOCAL_35MM: 26}) == pytest.approx(AT_26_MM_PX)
    assert told_px({FOCAL_35MM: 26}, 4000, 3000) == pytest.approx(AT_26_MM_PX)
    assert told_px({FOCAL_35MM: 50}, 6000, 4000) == pytest.approx(50 * 6000 / 36)


def test_a_smaller_copy_has_a_smaller_one() -> None:
    tags = {FOCAL_35MM: 26, WIDTH: 4000, HEIGHT: 3000}
    assert told_px(tags, 600, 800) == pytest.approx(AT_26_MM_PX / 5)


def test_a_wide_picture_lost_its_upper_and_lower_edge() -> None:
    assert told_px({FOCAL_35MM: 26}, 4000, 2250) == pytest.approx(26 * 4000 / 36)


def test_by_the_pixels_of_the_sensor() -> None:
    tags = {FOCAL: IFDRational(35), RESOLUTION: IFDRational(6000), UNIT: 3}
    size = {WIDTH: 6000, HEIGHT: 4000}
    assert told_px(tags | size, 6000, 4000) == pytest.approx(35 * 600)
    assert told_px(tags | size, 3000, 2000) == pytest.approx(35 * 300)
    assert told_px(tags, 6000, 4000) is None
    assert told_px({FOCAL: IFDRational(35)} | size, 6000, 4000) is None


@pytest.mark.parametrize(
    "tags",
    [
        {},
        {FOCAL_35MM: 0},
        {FOCAL_35MM: 1},
        {FOCAL_35MM: 65535},
        {FOCAL_35MM: (26, 26)},
        {FOCAL: IFDRational(0, 0), RESOLUTION: IFDRational(1, 0), UNIT: 9},
        {FOCAL_35MM: 26, ZOOM: IFDRational(2)},
        {FOCAL_35MM: 26, WIDTH: 4000, HEIGHT: 4000},
    ],
)
def test_nothing_is_better_than_nonsense(tags: dict[int, Any]) -> None:
    assert told_px(tags) is None


@pytest.mark.parametrize("size", [(3000, 3000), (3000, 2500), (3000, 1000), (1234, 1000)])
def test_a_picture_of_no_cameras_shape_was_cropped(size: tuple[int, int]) -> None:
    assert told_px({FOCAL_35MM: 26}, *size) is None


@given(
    st.dictionaries(
        st.sampled_from([FOCAL_35MM, FOCAL, ZOOM, RESOLUTION, UNIT, WIDTH, HEIGHT]),
        st.one_of(st.integers(-(2**31), 2**31), st.floats(), st.text(), st.binary(), st.none()),
    )
)
def test_whatever_a_file_tells_is_plausible_or_nothing(tags: dict[int, Any]) -> None:
    found = told_px(tags)
    assert found is None or 0.2 * 4000 < found < 7 * 4000


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "HEIF"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_every_format_that_cameras_write_tells_it(file_format: str, orientation: int) -> None:
    exif = exif_of({FOCAL_35MM: 26})
    exif[0x0112] = orientation
    picture = Image.fromarray(np.full((96, 128, 3), 128, np.uint8))
    frame = frame_from_bytes(saved(picture, file_format, exif=exif), "photo")
    assert frame.focal_px == pytest.approx(26 * 160 / math.hypot(36, 24))


def test_a_picture_without_any_tells_nothing() -> None:
    picture = Image.fromarray(np.full((96, 128, 3), 128, np.uint8))
    assert frame_from_bytes(saved(picture, "JPEG"), "photo").focal_px is None
