"""Pictures of exercises: small, upright, and nothing in them but the picture."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from app.exercises.pictures import SIDE_PX, picture_of, read_picture
from tests.app.exercises.made_up_lists import PLACE_WORDS, drawing, photograph
from vision.reasons import PhotoError

if TYPE_CHECKING:
    from pathlib import Path


def test_a_photograph_is_small_upright_and_without_its_place(tmp_path: Path) -> None:
    path = photograph(tmp_path / "a.jpg")
    assert PLACE_WORDS in path.read_bytes()
    found = read_picture(path)
    assert (found.width_px, found.height_px) == (768, SIDE_PX), "turned upright"
    for data in (found.picture, found.thumbnail):
        assert PLACE_WORDS not in data
        assert b"Exif" not in data
        assert b"at home" not in data
        with Image.open(io.BytesIO(data)) as image:
            assert not image.getexif()
            assert image.size[0] < image.size[1]


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP", "BMP"])
def test_drawings_of_other_kinds_are_taken(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a.{kind.lower()}"
    Image.new("RGB", (200, 120), "orange").save(path, kind)
    found = read_picture(path)
    assert (found.width_px, found.height_px) == (200, 120), "never enlarged"
    assert found.picture.startswith(b"\xff\xd8")


@pytest.mark.parametrize("data", [b"", b"no picture", b"\xff\xd8\xff\xe0 and no more"])
def test_what_is_no_picture_is_told(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(data)
    with pytest.raises(PhotoError):
        read_picture(path)


def test_one_with_nothing_beside_its_picture_stays_as_it_is() -> None:
    made = drawing()
    found = picture_of(made.picture, "a")
    assert (found.picture, found.sha256) == (made.picture, made.sha256)
    assert (found.width_px, found.height_px) == (640, 400)
    assert max(Image.open(io.BytesIO(found.thumbnail)).size) == 320


def test_anything_beside_the_picture_is_left_out(tmp_path: Path) -> None:
    with_place = photograph(tmp_path / "a.jpg", (400, 300)).read_bytes()
    behind = drawing().picture + b"<script>something</script>"
    grey = io.BytesIO()
    Image.new("L", (90, 90)).save(grey, "JPEG")
    for data in (with_place, behind, grey.getvalue()):
        found = picture_of(data, "a")
        assert found.picture != data
        assert PLACE_WORDS not in found.picture
        assert b"script" not in found.picture
        assert picture_of(found.picture, "a").picture == found.picture


def test_one_that_was_never_kept_so_is_refused() -> None:
    too_large = io.BytesIO()
    Image.new("RGB", (SIDE_PX + 1, 8)).save(too_large, "JPEG")
    drawn = io.BytesIO()
    Image.new("RGB", (80, 80)).save(drawn, "PNG")
    for data in (too_large.getvalue(), drawn.getvalue(), b"", b"\xff\xd8", drawing().picture[:900]):
        with pytest.raises((ValueError, PhotoError)):
            picture_of(data, "a")
