from __future__ import annotations

import io
import struct
import time
import zlib
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.vision.pictures import (
    ENCODED,
    EXTENSION,
    LOSSY,
    UPRIGHT,
    assert_corners,
    assert_well_told,
    bare_tiff,
    refused,
    saved,
    stored_pixels,
    upright_pixels,
)
from vision.image.frame import WORKING_SIDE_PX, frame_from_bytes, load_frame
from vision.reasons import PhotoError
from vision.result import ReasonCode

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("file_format", EXTENSION)
def test_every_orientation_is_applied_exactly_once(
    file_format: str, orientation: int, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = Image.fromarray(stored_pixels(upright_pixels(), orientation))
    path = tmp_path / f"Fräulein Groß, von der Seite.{EXTENSION[file_format]}"
    path.write_bytes(saved(stored, file_format, exif=exif, **LOSSY.get(file_format, {})))

    frame = load_frame(path)

    assert (frame.width_px, frame.height_px) == (128, 96)
    assert frame.rgb.shape == (96, 128, 3)
    assert frame.scale == 1
    assert frame.source == str(path)
    assert_corners(frame, tolerance=30)


def test_the_heic_of_these_tests_says_its_turn_twice() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = saved(Image.fromarray(stored_pixels(upright_pixels(), 6)), "HEIF", exif=exif)
    assert b"irot" in data
    with Image.open(io.BytesIO(data)) as image:
        assert image.info["original_orientation"] == 6


@pytest.mark.parametrize("compression", ["tiff_lzw", "jpeg", "packbits"])
def test_compressed_tiff_is_turned_once(compression: str) -> None:
    stored = Image.fromarray(stored_pixels(upright_pixels(), 6))
    frame = frame_from_bytes(saved(stored, "TIFF", compression=compression, tiffinfo={274: 6}), "t")
    assert (frame.width_px, frame.height_px) == (128, 96)
    assert_corners(frame, tolerance=40)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_large_turned_jpeg_keeps_its_full_size(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = Image.fromarray(stored_pixels(upright_pixels(4001, 2667), orientation))
    frame = frame_from_bytes(saved(stored, "JPEG", exif=exif), "large")
    assert (frame.width_px, frame.height_px) == (4001, 2667)
    assert frame.rgb.shape == (1067, 1600, 3)
    assert frame.scale == pytest.approx(4001 / 1600)
    assert_corners(frame)


@pytest.mark.parametrize(
    "garbage", [b"Exif\0\0rubbish", b"Exif\0\0II*\0\x08\0\0\0\xff\xff\x12\x01"]
)
def test_damaged_exif_does_not_cost_the_picture(garbage: bytes) -> None:
    assert_corners(frame_from_bytes(saved(UPRIGHT, "JPEG", exif=garbage, **LOSSY["JPEG"]), "odd"))


@pytest.mark.parametrize("file_format", ["JPEG", "TIFF"])
def test_cmyk_comes_out_the_right_way_round(file_format: str) -> None:
    assert_corners(frame_from_bytes(saved(UPRIGHT.convert("CMYK"), file_format), "print"), 30)


@pytest.mark.parametrize("file_format", ["BMP", "GIF", "PNG", "TIFF"])
def test_palette_picture(file_format: str) -> None:
    assert_corners(frame_from_bytes(saved(UPRIGHT.quantize(16), file_format), "palette"))


@pytest.mark.parametrize("mode", ["L", "LA"])
def test_grey_picture(mode: str) -> None:
    assert_corners(frame_from_bytes(saved(UPRIGHT.convert(mode), "PNG"), "grey"), 1, grey=True)


@pytest.mark.parametrize("file_format", ["PNG", "TIFF"])
def test_one_bit_picture(file_format: str) -> None:
    black = Image.new("1", (40, 30), 0)
    black.paste(1, (20, 0, 40, 30))
    frame = frame_from_bytes(saved(black, file_format), "drawing")
    assert frame.rgb[10, 10].tolist() == [0, 0, 0]
    assert frame.rgb[10, 30].tolist() == [255, 255, 255]


def test_a_large_one_bit_picture_is_averaged_not_thinned_out() -> None:
    stripes = Image.fromarray(np.tile(np.array([0, 255], np.uint8), (40, 1600))).convert("1")
    frame = frame_from_bytes(saved(stripes, "PNG"), "stripes")
    assert frame.rgb.shape == (20, 1600, 3)
    assert set(np.unique(frame.rgb)) <= {127, 128}


@pytest.mark.parametrize("file_format", ["PNG", "WEBP", "TIFF", "HEIF"])
def test_transparent_parts_become_white(file_format: str) -> None:
    image = Image.new("RGBA", (64, 48), (0, 0, 0, 0))
    image.paste((200, 0, 0, 255), (32, 0, 64, 24))
    image.paste((200, 0, 0, 128), (32, 24, 64, 48))
    options = {"lossless": True} if file_format == "WEBP" else {}
    frame = frame_from_bytes(saved(image, file_format, **options), "cut out")
    for (row, column), colour in {
        (24, 8): (255, 255, 255),
        (8, 50): (200, 0, 0),
        (40, 50): (227, 127, 127),
    }.items():
        np.testing.assert_allclose(frame.rgb[row, column], colour, atol=12)


@pytest.mark.parametrize("file_format", ["PNG", "GIF"])
def test_transparent_palette_entry_becomes_white(file_format: str) -> None:
    image = Image.new("P", (40, 30), 0)
    image.putpalette([0, 0, 0, 10, 200, 10])
    image.paste(1, (20, 0, 40, 30))
    frame = frame_from_bytes(saved(image, file_format, transparency=0), "sticker")
    assert frame.rgb[10, 10].tolist() == [255, 255, 255]
    assert frame.rgb[10, 30].tolist() == [10, 200, 10]


@pytest.mark.parametrize("extension", [".png", ".tiff"])
@pytest.mark.parametrize("channels", [3, 4])
def test_sixteen_bit_colour(extension: str, channels: int) -> None:
    code = cv2.COLOR_RGB2BGR if channels == 3 else cv2.COLOR_RGB2BGRA
    deep = cv2.cvtColor(upright_pixels(), code).astype(np.uint16) * 257
    ok, data = cv2.imencode(extension, deep)
    assert ok
    assert_corners(frame_from_bytes(data.tobytes(), "deep"), 1)


@pytest.mark.parametrize(
    ("dtype", "factor", "file_format"),
    [
        (np.uint16, 257, "PNG"), (np.uint16, 257, "TIFF"), (np.int32, 1, "TIFF"),
        (np.int32, 257, "TIFF"), (np.int32, 2_000_000, "TIFF"), (np.float32, 1 / 255, "TIFF"),
        (np.float32, 1, "TIFF"), (np.float32, 257, "TIFF"),
    ],
)  # fmt: skip
def test_deep_grey_is_scaled(dtype: type, factor: float, file_format: str) -> None:
    grey = np.asarray(UPRIGHT.convert("L")).astype(np.float64)
    grey[40:50, 40:50] = 255
    deep = Image.fromarray((grey * factor).astype(dtype))
    assert_corners(frame_from_bytes(saved(deep, file_format), "deep"), 1, grey=True)


def test_tiff_depth_and_polarity_are_obeyed() -> None:
    twelve = bytes([0x80, 0x08, 0x00]) * 4
    assert (frame_from_bytes(bare_tiff(12, 1, twelve, 4, 2), "12 bits").rgb == 128).all()
    sixteen = struct.pack("<8H", *[0x4000] * 8)
    assert (frame_from_bytes(bare_tiff(16, 1, sixteen, 4, 2), "16 bits").rgb == 0x40).all()
    assert (frame_from_bytes(bare_tiff(16, 0, sixteen, 4, 2), "negative").rgb == 0xBF).all()


def test_float_grey_that_is_not_a_number_is_black() -> None:
    values = np.array([[np.nan, np.inf, -1.0, 1.0]], np.float32)
    frame = frame_from_bytes(saved(Image.fromarray(values), "TIFF"), "odd")
    assert frame.rgb[0, :, 0].tolist() == [0, 0, 0, 255]


@pytest.mark.parametrize("file_format", ["MPO", "TIFF", "HEIF"])
def test_the_first_of_several_stills_is_taken(file_format: str) -> None:
    second = Image.new("RGB", UPRIGHT.size, "white")
    data = saved(UPRIGHT, file_format, save_all=True, append_images=[second])
    assert_corners(frame_from_bytes(data, "several"), 30)


@pytest.mark.parametrize("file_format", ["GIF", "PNG", "WEBP", "AVIF"])
def test_moving_pictures_are_refused(file_format: str) -> None:
    second = Image.new("RGB", UPRIGHT.size, "white")
    data = saved(UPRIGHT, file_format, save_all=True, append_images=[second])
    assert "moving" in refused(data).message


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"This is a letter, not a photograph.\n" * 20, "not a picture"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0isommp42" + bytes(99), "film"),
        (b"RIFF\x24\0\0\0WAVEfmt " + bytes(99), "not a picture"),
        (b"\xff\xd8\xff", "damaged"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "damaged"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(99), "damaged"),
        (b"II*\0\x08\0\0\0", "damaged"),
        (b"x", "not a picture"),
    ],
)
def test_what_is_no_picture_is_refused(data: bytes, word: str) -> None:
    assert word in refused(data).message


@pytest.mark.parametrize("name", ["JPEG", "progressive JPEG", "large JPEG", "PNG", "WEBP", "HEIF"])
@settings(deadline=None, max_examples=30)
@given(data=st.data())
def test_a_truncated_file_is_never_filled_with_grey(name: str, data: st.DataObject) -> None:
    whole = ENCODED[name]
    # A PNG ends in 20 bytes of checksums and its closing chunk, which hold no pixels.
    kept = data.draw(st.integers(1, len(whole) - (21 if name == "PNG" else 1)))
    refused(whole[:kept])


def deflated(**options: object) -> bytes:
    rough = np.random.default_rng(0).integers(0, 256, (400, 300, 3), np.uint8)
    return saved(Image.fromarray(rough), "TIFF", compression="tiff_adobe_deflate", **options)


@pytest.mark.parametrize("options", [{}, {"tiffinfo": {317: 2}}, {"strip_size": 5_000}])
def test_a_wrong_bit_in_a_deflated_tiff_is_noticed(options: dict[str, object]) -> None:
    whole = deflated(**options)
    frame_from_bytes(whole, "whole")
    noticed = 0
    for place in np.linspace(len(whole) // 4, len(whole) // 2, 11, dtype=int):
        data = bytearray(whole)
        data[place] ^= 4
        try:
            frame_from_bytes(bytes(data), "damaged")
        except PhotoError:
            noticed += 1
    assert noticed == 11


def test_a_lost_part_of_jpeg_in_a_tiff_is_noticed() -> None:
    whole = saved(Image.fromarray(upright_pixels(640, 480)), "TIFF", compression="jpeg")
    frame_from_bytes(whole, "whole")
    scan = whole.index(b"\xff\xda")
    refused(whole[: scan + 40] + b"\xff\x4e" + whole[scan + 42 :])


def test_a_deflated_part_without_end_is_not_unpacked() -> None:
    bomb = zlib.compress(bytes(300_000_000), 9)
    begun_s = time.monotonic()
    data = bare_tiff(8, 1, bomb, 16, 16, compression=8)
    frame_from_bytes(data, "bomb")
    assert time.monotonic() - begun_s < 1


@settings(deadline=None, max_examples=200)
@given(
    name=st.sampled_from(sorted(ENCODED)),
    changes=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=4),
)
def test_a_damaged_file_gives_a_picture_or_a_plain_error(
    name: str, changes: list[tuple[int, int]]
) -> None:
    data = bytearray(ENCODED[name])
    for position, value in changes:
        data[position % len(data)] = value
    try:
        frame = frame_from_bytes(bytes(data), "damaged")
    except PhotoError as error:
        assert_well_told(error, error.code)
    else:
        assert max(frame.rgb.shape[:2]) <= WORKING_SIDE_PX


def png_header(width_px: int, height_px: int) -> bytes:
    chunk = b"IHDR" + struct.pack(">LLBBBBB", width_px, height_px, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n\0\0\0\x0d" + chunk + struct.pack(">L", zlib.crc32(chunk))


def jpeg_header(width_px: int, height_px: int) -> bytes:
    data = bytearray(ENCODED["JPEG"])
    size_at = data.index(b"\xff\xc0") + 5
    data[size_at : size_at + 4] = struct.pack(">HH", height_px, width_px)
    return bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        png_header(10_001, 10_000) + b"\0\0\0\0IDAT\x35\xaf\x06\x1e",
        png_header(200_000, 200_000) + b"\0\0\0\0IDAT\x35\xaf\x06\x1e",
        jpeg_header(12_000, 9_000),
        jpeg_header(65_000, 65_000),
        ENCODED["GIF"][:6] + struct.pack("<HH", 65_000, 65_000) + ENCODED["GIF"][10:],
        bare_tiff(8, 1, b"\0", 60_000, 60_000),
    ],
    ids=["PNG", "huge PNG", "JPEG", "huge JPEG", "GIF", "TIFF"],
)
def test_over_100_megapixels_is_refused_by_the_header(data: bytes) -> None:
    refused(data, ReasonCode.TOO_LARGE)


@pytest.mark.parametrize("file_format", ["PNG", "TIFF"])
def test_95_megapixels_pass_without_a_warning(file_format: str) -> None:
    frame = frame_from_bytes(saved(Image.new("1", (9_500, 10_000), 1), file_format), "scan")
    assert (frame.width_px, frame.height_px) == (9_500, 10_000)
    assert frame.rgb.shape == (1600, 1520, 3)
    assert (frame.rgb == 255).all()
