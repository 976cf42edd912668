from __future__ import annotations

import hashlib
import os
import struct
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from zlib import crc32

import pytest

from app.cohort.listing import CohortPhoto, find_photos
from app.cohort.lists import Listed
from app.cohort.measuring import Chunk, CohortOptions, measure_chunk, row_without, sizes_of
from app.cohort.rows import AGAIN
from vision.marks.points import PointsError
from vision.model_files import ModelError
from vision.result import BonyPoints, Method

if TYPE_CHECKING:
    from pathlib import Path

    from vision.image.frame import Frame
    from vision.result import Measured

QUICK = CohortOptions(quick=True)
WHERE = "app.cohort.measuring.measure_photo"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, measured: Measured) -> list[dict[str, Any]]:
    """What the pipeline is asked for; it measures everything."""
    requests: list[dict[str, Any]] = []

    def measure(picture: Frame, **wanted: Any) -> Measured:
        requests.append({"source": picture.source, **wanted})
        return measured

    monkeypatch.setattr(WHERE, measure)
    return requests


def _found(path: Path, listed: Listed | None = None) -> CohortPhoto:
    (photo,) = find_photos([str(path)]).photos
    return photo if listed is None else replace(photo, listed=listed)


def _row(photo: CohortPhoto, options: CohortOptions = QUICK) -> dict[str, Any]:
    (row,) = measure_chunk(Chunk((photo,), options))
    return row


@pytest.mark.usefixtures("asked")
def test_a_row_each_in_order(photo: Path, more_photos: list[Path]) -> None:
    found = find_photos([str(path) for path in (photo, *more_photos)]).photos
    rows = measure_chunk(Chunk(found, QUICK))
    assert [row["path"] for row in rows] == [one.path for one in found]
    assert rows[-2]["path"] == str(photo)
    assert rows[-2]["content_sha256"] == hashlib.sha256(photo.read_bytes()).hexdigest()
    assert rows[-1]["fingerprint"] == found[-1].fingerprint(QUICK.measured_by())
    assert sizes_of(rows) == (4, 0, 0)


def test_what_the_list_says_is_measured_by(photo: Path, asked: list[dict[str, Any]]) -> None:
    listed = Listed(asis_px=(1, 2), psis_px=(3, 4), vertical_px=(5, 6, 7, 8))
    _row(_found(photo, listed))
    (wanted,) = asked
    assert wanted["points"] == BonyPoints((1, 2), (3, 4))
    assert wanted["vertical"] == ((5, 6), (7, 8))
    assert (wanted["method"], wanted["quick"]) == (None, True)


@pytest.mark.parametrize(
    ("listed", "method"),
    [(Listed(), None), (Listed(asis_px=(1, 2), psis_px=(3, 4)), Method.MARKED)],
)
def test_marked_where_there_are_points(
    photo: Path, asked: list[dict[str, Any]], listed: Listed, method: Method | None
) -> None:
    _row(_found(photo, listed), CohortOptions("marked"))
    assert asked[0]["method"] is method


def test_versions_and_options_make_another_row() -> None:
    marks = {options.measured_by() for options in (QUICK, CohortOptions(), CohortOptions("belt"))}
    assert len(marks) == 3


def test_a_file_that_is_no_picture(tmp_path: Path) -> None:
    (tmp_path / "text.jpg").write_text("no picture")
    row = _row(_found(tmp_path / "text.jpg"))
    assert (row["status"], row["refused_for"]) == ("error", "unreadable")
    assert row["content_sha256"] is not None


def _png_of(width_px: int, height_px: int) -> bytes:
    """Return the beginning of a picture: its size is known before the rest is read."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc32(kind + data))

    head = struct.pack(">IIBBBBB", width_px, height_px, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def test_a_picture_of_200_megapixels(tmp_path: Path) -> None:
    (tmp_path / "huge.png").write_bytes(_png_of(20_000, 10_000))
    row = _row(_found(tmp_path / "huge.png"))
    assert (row["status"], row["refused_for"]) == ("error", "too_large")


def test_a_file_too_large_to_be_a_photograph_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "hole.jpg").open("wb") as file:
        file.truncate(1 << 33)
    row = _row(_found(tmp_path / "hole.jpg"))
    assert (row["refused_for"], row["content_sha256"]) == ("too_large", None)


def test_a_file_that_is_gone_is_tried_again(photo: Path) -> None:
    found = _found(photo)
    photo.unlink()
    row = _row(found)
    assert (row["status"], row["refused_for"]) == ("error", "not_read")
    assert row["message"] == "The file cannot be read: no such file or directory."
    assert row["refused_for"] in AGAIN


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("how", ["grown", "same_size"])
def test_a_file_that_changed_is_told_and_measured_anew(photo: Path, how: str) -> None:
    found = _found(photo)
    if how == "grown":
        with photo.open("ab") as file:
            file.write(b"more")
    else:
        os.utime(photo, ns=(1, 1))
    row = _row(found)
    assert (row["status"], row["refused_for"]) == ("error", "changed")
    assert row["refused_for"] in AGAIN
    after = _row(_found(photo))
    assert after["status"] == "measured"
    assert after["fingerprint"] != row["fingerprint"]


@pytest.mark.usefixtures("asked")
def test_a_file_that_grows_while_it_is_read(photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found, fstat = _found(photo), os.fstat

    def grown(number: int) -> os.stat_result:
        with photo.open("ab") as file:
            file.write(b"more")
        return fstat(number)

    monkeypatch.setattr("app.cohort.storage.os.fstat", grown)
    assert _row(found)["refused_for"] == "changed"


def test_points_outside_the_picture(photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def measure(*_: object, **__: object) -> None:
        raise PointsError("The ASIS point lies outside the picture.", "Mark it again.")

    monkeypatch.setattr(WHERE, measure)
    row = _row(_found(photo))
    assert (row["status"], row["refused_for"]) == ("rejected", "points_outside")
    assert row["message"] == "The ASIS point lies outside the picture."


def test_a_bug_costs_one_row(photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def measure(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(WHERE, measure)
    assert _row(_found(photo))["refused_for"] == "internal_error"


@pytest.mark.parametrize("error", [ModelError("no model", "Install it."), ImportError("cv2")])
def test_a_broken_installation_is_no_row(
    photo: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def measure(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(WHERE, measure)
    with pytest.raises(type(error)):
        _row(_found(photo))


def test_halves_and_a_row_without_anything(photo: Path) -> None:
    found = _found(photo)
    first, second = Chunk((found,) * 5, QUICK).halves()
    assert (len(first.photos), len(second.photos)) == (2, 3)
    row = row_without(found, QUICK, "killed", "It ended the program.", "Look at it.")
    assert (row["status"], row["refused_for"]) == ("error", "killed")
    assert row["fingerprint"] == found.fingerprint(QUICK.measured_by())
