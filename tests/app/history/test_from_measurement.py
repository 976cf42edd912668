"""When a photograph was taken, by its camera, else by its file."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pillow_heif
import pytest
from PIL import Image

from app.history.from_measurement import taken_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE_TIME = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)
ORIGINAL, OFFSET, FRACTION = 0x9003, 0x9011, 0x9291


@pytest.fixture(autouse=True)
def in_new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "America/New_York")
        time.tzset()
        yield
    time.tzset()


def photo(path: Path, tags: dict[int, Any] | None = None) -> Path:
    """Write a picture of the kind its name says, with these EXIF tags."""
    image = Image.new("RGB", (64, 96), "grey")
    exif = image.getexif()
    for tag, value in (tags or {}).items():
        exif.get_ifd(0x8769)[tag] = value
    if path.suffix == ".heic":
        pillow_heif.from_pillow(image).save(path, exif=exif.tobytes())
    else:
        image.save(path, exif=exif.tobytes())
    os.utime(path, (FILE_TIME.timestamp(), FILE_TIME.timestamp()))
    return path


@pytest.mark.parametrize("suffix", [".jpg", ".heic", ".png", ".webp", ".tif"])
def test_the_camera_knows(tmp_path: Path, suffix: str) -> None:
    path = photo(
        tmp_path / f"a{suffix}",
        {ORIGINAL: "2024:02:29 23:59:58", OFFSET: "+05:30", FRACTION: "25"},
    )
    found = taken_at(path)
    assert found.isoformat() == "2024-02-29T23:59:58.250000+05:30"


def test_without_an_offset_it_is_local_time(tmp_path: Path) -> None:
    winter = photo(tmp_path / "winter.jpg", {ORIGINAL: "2024:01:15 08:00:00"})
    summer = photo(tmp_path / "summer.jpg", {ORIGINAL: "2024:07:15 08:00:00", OFFSET: "   :  "})
    assert taken_at(winter).isoformat() == "2024-01-15T08:00:00-05:00"
    assert taken_at(summer).isoformat() == "2024-07-15T08:00:00-04:00"


@pytest.mark.parametrize(
    "tags",
    [
        {},
        {ORIGINAL: "0000:00:00 00:00:00"},
        {ORIGINAL: "yesterday"},
        {ORIGINAL: "    :  :     :  :  "},
        {ORIGINAL: "0001:01:01 00:00:00"},
        {ORIGINAL: "2999:01:01 00:00:00", OFFSET: "+00:00"},
    ],
)
def test_else_the_file_knows(tmp_path: Path, tags: dict[int, Any]) -> None:
    found = taken_at(photo(tmp_path / "a.jpg", tags))
    assert found == FILE_TIME
    assert found.utcoffset() is not None


def test_what_is_no_picture_has_the_files_date(tmp_path: Path) -> None:
    for name, data in (("a.jpg", b""), ("b.heic", b"\0\0\0\x18ftypheic" + bytes(40)), ("c", b"x")):
        path = tmp_path / name
        path.write_bytes(data)
        os.utime(path, (FILE_TIME.timestamp(), FILE_TIME.timestamp()))
        assert taken_at(path) == FILE_TIME


def test_never_in_the_future(tmp_path: Path) -> None:
    path = photo(tmp_path / "a.jpg")
    later = time.time() + 86400
    os.utime(path, (later, later))
    before = datetime.now(UTC)
    assert before <= taken_at(path) <= datetime.now(UTC)


def test_a_file_that_is_gone_was_taken_now(tmp_path: Path) -> None:
    found = taken_at(tmp_path / "gone.jpg")
    assert abs(found - datetime.now(UTC)) < timedelta(seconds=10)
    assert found.utcoffset() is not None
