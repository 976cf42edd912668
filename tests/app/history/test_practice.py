"""A practice's name and logo: kept small, and nothing but a picture."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from PIL import Image

from app.history.errors import HistoryError, LogoRefused
from app.history.practice import (
    LOGO_FILE,
    NAME_FILE,
    Practice,
    logo_from,
    read_practice,
    write_practice,
)
from tests.app.history.made_up import png_of


def test_what_was_kept_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    assert read_practice(folder) == Practice()
    practice = Practice("  Praxis\n  Größe ", png_of("red"))
    write_practice(folder, practice)
    assert read_practice(folder) == Practice("Praxis Größe", practice.logo)
    assert (folder / LOGO_FILE).stat().st_mode & 0o077 == 0
    write_practice(folder, Practice())
    assert read_practice(folder) == Practice()
    assert list(folder.iterdir()) == []
    write_practice(folder, Practice("x" * 500))
    assert read_practice(folder).name == "x" * 80


def test_what_cannot_be_read_is_none(tmp_path: Path) -> None:
    (tmp_path / NAME_FILE).write_bytes(b"\xff\xfe")
    assert read_practice(tmp_path) == Practice()


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / NAME_FILE).mkdir()
    with pytest.raises(HistoryError):
        write_practice(tmp_path, Practice("Praxis"))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_logo_becomes_small(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "logo"
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010E] = "secret"
    Image.new("RGB", (4000, 1000), "navy").save(path, kind, exif=exif)
    data = logo_from(path)
    with Image.open(io.BytesIO(data)) as logo:
        assert logo.format == "PNG"
        assert logo.size == (75, 300)
        assert not logo.getexif()
    assert b"secret" not in data
    assert len(data) < 100_000


@pytest.mark.parametrize(
    "data", [b"", b"no picture", png_of("red")[:60], b"<svg/>"], ids=["empty", "text", "cut", "svg"]
)
def test_what_is_no_picture_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "logo.png"
    path.write_bytes(data)
    with pytest.raises(LogoRefused, match="is no picture that can be read") as refused:
        logo_from(path)
    assert "PNG or JPEG" in refused.value.fix


def test_what_never_ends_is_no_logo(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    for path in (tmp_path / "pipe.png", Path("/dev/zero"), tmp_path):
        with pytest.raises(LogoRefused, match="no picture"):
            logo_from(path)


def test_a_file_that_is_missing_or_huge_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LogoRefused, match="cannot be read"):
        logo_from(tmp_path / "nothing.png")
    huge = tmp_path / "huge.png"
    with huge.open("wb") as stream:
        stream.truncate(1 << 26)
    with pytest.raises(LogoRefused, match="far too large"):
        logo_from(huge)
    bomb = tmp_path / "bomb.png"
    bomb.write_bytes(png_of("red", (20_000, 10_000)))
    with pytest.raises(LogoRefused, match="no picture"):
        logo_from(bomb)
