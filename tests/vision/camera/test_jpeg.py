"""JPEGs cut out of bytes, and decoded within bounds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile.hostile_camera import (
    grey_wall,
    largest,
    many_scans,
    saved,
    twelve_bits,
    with_size,
    wrong_exif,
)
from tests.vision.mjpeg_server import jpeg, picture
from vision.camera.jpeg import MAX_JPEG_BYTES, JpegCutter, JpegHeader, decode_jpeg, jpeg_header

PICTURES = [jpeg(picture(160, 120, number)) for number in range(4)]


def cut(data: bytes, step: int = 1 << 20) -> list[bytes]:
    cutter, found = JpegCutter(), []
    for start in range(0, len(data), step):
        cutter.feed(data[start : start + step])
        while (jpeg := cutter.next()) is not None:
            found.append(jpeg)
    return found


@pytest.mark.parametrize("step", [1, 2, 7, 1000, 1 << 20])
@pytest.mark.parametrize(
    "between", [b"", b"\r\n--picture\r\nContent-Length: -1\r\n\r\n", b"\xff" * 9]
)
def test_pictures_are_found_whatever_is_between(between: bytes, step: int) -> None:
    assert cut(between + between.join(PICTURES) + between, step) == PICTURES


def test_a_thumbnail_is_part_of_its_picture() -> None:
    inner = PICTURES[1]
    outer = PICTURES[0]
    whole = outer[:2] + b"\xff\xe1" + (len(inner) + 2).to_bytes(2, "big") + inner + outer[2:]
    assert cut(whole + PICTURES[2]) == [whole, PICTURES[2]]


def test_a_progressive_picture_is_whole() -> None:
    data = many_scans(3)
    assert cut(data + PICTURES[0], 100) == [data, PICTURES[0]]


@pytest.mark.parametrize("length", [2, 3, 30, 400, -2, -1])
def test_of_a_cut_picture_nothing_is_left(length: int) -> None:
    assert cut(PICTURES[0][:length] + PICTURES[1] + PICTURES[2])[-1] == PICTURES[2]
    assert PICTURES[1] in cut(PICTURES[0][:length] + b"\r\n\r\n" * 20_000 + PICTURES[1])


def test_what_is_too_long_is_passed_over() -> None:
    endless = PICTURES[0][:-2] + b"\x28\xa2\x8a" * (MAX_JPEG_BYTES // 3 + 1)
    assert cut(endless + b"\xff\xd9" + PICTURES[1]) == [PICTURES[1]]
    # Of what came in one piece, too.
    assert cut(endless + b"\xff\xd9" + PICTURES[1], len(endless) * 2) == [PICTURES[1]]


@given(st.binary(max_size=400), st.integers(1, 50))
def test_rubbish_costs_no_picture_after_it(rubbish: bytes, step: int) -> None:
    data = rubbish + bytes(70_000) + PICTURES[0]
    assert cut(data, step * 1000)[-1] == PICTURES[0]


def test_the_header_tells_the_size() -> None:
    header = jpeg_header(PICTURES[0])
    assert header == JpegHeader(160, 120, PICTURES[0].find(b"\xff\xc0"))
    progressive = jpeg_header(many_scans(1))
    assert progressive is not None
    assert (progressive.width_px, progressive.height_px) == (320, 240)
    assert jpeg_header(PICTURES[0][:100]) is None
    assert jpeg_header(b"") is None


def test_pixels_are_red_green_blue() -> None:
    red = np.zeros((40, 60, 3), np.uint8)
    red[..., 2] = 250
    rgb = decode_jpeg(jpeg(red))
    assert rgb is not None
    assert rgb.shape == (40, 60, 3)
    assert rgb[20, 30, 0] > 240
    assert rgb[20, 30, 2] < 10


def test_a_very_large_picture_comes_at_half_its_size() -> None:
    rgb = decode_jpeg(largest())
    assert rgb is not None
    assert rgb.shape == (1764, 2352, 3)
    assert rgb[9, 9, 2] > rgb[9, 9, 0]  # teal


@pytest.mark.parametrize(
    "data",
    [
        grey_wall(16_000, 16_000),
        with_size(PICTURES[0], 20_000, 20_000),
        with_size(PICTURES[0], 7_680, 4_320),
        with_size(many_scans(3), 3_000, 3_000),
        with_size(PICTURES[0], 0, 120),
        many_scans(100),
        twelve_bits(),
        PICTURES[0][2:],
        b"",
        b"\x89PNG\r\n\x1a\n",
    ],
    ids=[
        "pixels",
        "header",
        "8k",
        "progressive",
        "flat",
        "scans",
        "depth",
        "headless",
        "nothing",
        "png",
    ],
)
def test_what_costs_too_much_or_is_none_is_no_picture(data: bytes) -> None:
    assert decode_jpeg(data) is None


def test_a_thumbnail_counts_for_no_scan() -> None:
    inner, outer = jpeg(picture(160, 120, 1)), largest()
    whole = outer[:2] + b"\xff\xe1" + (len(inner) + 2).to_bytes(2, "big") + inner + outer[2:]
    assert decode_jpeg(whole) is not None


def test_odd_pictures_are_pictures() -> None:
    from PIL import Image

    for data in (
        wrong_exif(),
        saved(Image.new("L", (160, 120), 90)),
        saved(Image.new("CMYK", (160, 120), (9, 200, 90, 40))),
    ):
        rgb = decode_jpeg(data)
        assert rgb is not None
        assert rgb.shape == (120, 160, 3)
