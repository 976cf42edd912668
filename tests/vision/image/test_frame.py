from __future__ import annotations

import os
import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.vision.pictures import (
    ENCODED,
    UPRIGHT,
    assert_corners,
    assert_well_told,
    bare_tiff,
    saved,
    upright_pixels,
)
from vision.image.frame import WORKING_SIDE_PX, frame_from_array, frame_from_bytes, load_frame
from vision.reasons import PhotoError
from vision.result import ReasonCode

if TYPE_CHECKING:
    from collections.abc import Iterator


def refused_path(path: Path) -> PhotoError:
    with pytest.raises(PhotoError) as caught:
        load_frame(path)
    assert_well_told(caught.value, ReasonCode.UNREADABLE)
    assert caught.value.source == str(path)
    return caught.value


def test_paths_that_are_no_photographs(tmp_path: Path) -> None:
    (tmp_path / "empty.jpg").write_bytes(b"")
    (tmp_path / "letter.jpg").write_text("Dear Sir or Madam", "utf-8")
    assert "no such file" in refused_path(tmp_path / "nicht da.jpg").message
    assert "no such file" in refused_path(tmp_path / "letter.jpg" / "below.jpg").message
    assert "folder" in refused_path(tmp_path).message
    assert "empty" in refused_path(tmp_path / "empty.jpg").message
    assert "not a picture" in refused_path(tmp_path / "letter.jpg").message
    assert "opened" in refused_path(tmp_path / ("x" * 400 + ".jpg")).message
    assert "opened" in refused_path(tmp_path / "nul\0byte.jpg").message


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    assert "ordinary" in refused_path(tmp_path / "pipe.jpg").message


@pytest.fixture
def unreadable(tmp_path: Path) -> Iterator[Path]:
    if not hasattr(os, "geteuid"):
        pytest.skip("needs the permissions of POSIX")
    path = tmp_path / "private.jpg"
    path.write_bytes(ENCODED["JPEG"])
    path.chmod(0)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)
    yield path
    if is_root:
        os.seteuid(0)


def test_a_file_without_read_permission(unreadable: Path) -> None:
    assert "permission" in refused_path(unreadable).message


def test_a_name_that_is_no_text_can_still_be_printed(tmp_path: Path) -> None:
    name = os.fsdecode(b"b\xe4r.jpg")
    (tmp_path / name).write_bytes(ENCODED["JPEG"])
    assert load_frame(tmp_path / name).source.encode("utf-8").endswith(b"r.jpg")


def test_one_pixel_is_a_picture() -> None:
    frame = frame_from_bytes(saved(Image.new("RGB", (1, 1), (9, 8, 7)), "PNG"), "dot")
    assert frame.rgb.tolist() == [[[9, 8, 7]]]
    assert (frame.width_px, frame.height_px, frame.scale) == (1, 1, 1)


def test_a_very_long_thin_jpeg_is_read() -> None:
    frame = frame_from_bytes(saved(Image.new("RGB", (20_000, 2), (90, 90, 90)), "JPEG"), "strip")
    assert (frame.width_px, frame.height_px) == (20_000, 2)
    assert frame.rgb.shape == (1, 1600, 3)


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 5000), st.integers(1, 300), st.booleans())
def test_the_working_picture_keeps_shape_and_is_never_larger(
    long_px: int, short_px: int, tall: bool
) -> None:
    width_px, height_px = (short_px, long_px) if tall else (long_px, short_px)
    frame = frame_from_array(np.zeros((height_px, width_px, 3), np.uint8))
    height, width = frame.rgb.shape[:2]
    assert (frame.width_px, frame.height_px) == (width_px, height_px)
    assert max(width, height) == min(WORKING_SIDE_PX, max(width_px, height_px))
    assert frame.scale >= 1
    assert width == pytest.approx(width_px / frame.scale, abs=1)
    assert height == pytest.approx(height_px / frame.scale, abs=1)


@pytest.mark.parametrize("factor", [1, 20])
def test_a_mirrored_view_of_an_array_is_taken_as_it_looks(factor: int) -> None:
    pixels = np.repeat(np.repeat(upright_pixels(), factor, axis=0), factor, axis=1)
    frame = frame_from_array(np.ascontiguousarray(pixels[:, ::-1, ::-1])[:, ::-1, ::-1])
    assert_corners(frame, 2)
    assert not frame.rgb.flags.writeable


def test_a_small_array_is_not_copied_and_stays_writable() -> None:
    pixels = upright_pixels()
    assert np.shares_memory(frame_from_array(pixels).rgb, pixels)
    assert pixels.flags.writeable


@pytest.mark.parametrize("shape", [(4, 4), (4, 4, 4), (0, 4, 3)])
def test_an_array_of_another_shape_is_a_bug(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="uint8"):
        frame_from_array(np.zeros(shape, np.uint8))


def test_too_large_an_array_is_refused() -> None:
    flat = np.broadcast_to(np.uint8(0), (10_001, 10_000, 3))
    with pytest.raises(PhotoError) as caught:
        frame_from_array(flat)
    assert_well_told(caught.value, ReasonCode.TOO_LARGE)


def test_the_same_picture_from_file_and_array_agrees() -> None:
    rng = np.random.default_rng(5)
    noise = rng.integers(0, 256, (60, 80, 3), dtype=np.uint8)
    pixels = np.asarray(Image.fromarray(noise).resize((4100, 3000), Image.Resampling.BICUBIC))
    from_array = frame_from_array(pixels).rgb.astype(int)
    for data in (saved(Image.fromarray(pixels), "PNG", compress_level=1),
                 saved(Image.fromarray(pixels), "JPEG", quality=95)):  # fmt: skip
        from_file = frame_from_bytes(data, "same").rgb.astype(int)
        assert np.abs(from_file - from_array).mean() < 2


def test_threads_read_at_the_same_time() -> None:
    names = [name for name in ENCODED if name != "large JPEG"] * 6
    with ThreadPoolExecutor(8) as pool:
        for frame in pool.map(lambda name: frame_from_bytes(ENCODED[name], name), names):
            assert_corners(frame, 40)


def run_python(code: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *arguments],
        capture_output=True, text=True, check=True, timeout=60, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout


def test_a_damaged_tiff_prints_nothing() -> None:
    tiff = bytearray(bare_tiff(8, 1, bytes(8), 4, 2))
    tiff[tiff.index(struct.pack("<HHL", 277, 4, 1)) + 8] = 200
    code = """
import sys
from vision.image.frame import frame_from_bytes
from vision.reasons import PhotoError
try:
    frame_from_bytes(bytes.fromhex(sys.argv[1]), "damaged")
except PhotoError as error:
    print(error.message)
"""
    assert "damaged" in run_python(code, tiff.hex())


def test_importing_loads_no_decoder() -> None:
    code = "import sys, vision.image.frame; print({'PIL', 'cv2', 'pillow_heif'} & set(sys.modules))"
    assert run_python(code).strip() == "set()"


PEAK = """
import sys
from pathlib import Path
from vision.image.frame import load_frame
frame = load_frame(sys.argv[1])
assert (frame.width_px, frame.height_px) == (8000, 6000)
for line in Path("/proc/self/status").read_text("ascii").splitlines():
    if line.startswith("VmHWM:"):
        print(int(line.split()[1]) // 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's own figures")
@pytest.mark.parametrize(("file_format", "most_mb"), [("JPEG", 250), ("PNG", 450), ("TIFF", 450)])
def test_48_megapixels_stay_small_in_memory(file_format: str, most_mb: int, tmp_path: Path) -> None:
    # `ru_maxrss` of a child starts at its parent's, so the kernel's figure of the child's
    # own address space is read instead.
    path = tmp_path / "large"
    large = UPRIGHT.resize((8000, 6000), Image.Resampling.NEAREST)
    path.write_bytes(saved(large, file_format))
    assert 0 < int(run_python(PEAK, str(path))) < most_mb
