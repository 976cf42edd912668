"""Copies of photographs beside the database."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from app.history.errors import FullDisk, HistoryError
from app.history.place import PictureFiles, Place, exists
from app.history.records import RowQuery
from app.history.store import History
from tests.app.history.made_up import new_check, picture
from vision.image.frame import load_frame

if TYPE_CHECKING:
    from app.history.records import KeptPicture, Profile

SAMPLE = Path(__file__).parents[3] / "sample_images" / "woman_slim_left_tilt11.jpg"


def kept(history: History, profile_id: int, height_px: int = 400) -> KeptPicture:
    rgb = picture(height_px=height_px)
    found = history.save(new_check(profile_id, rgb=rgb)).picture
    assert found is not None
    return found


def all_files(place: Place) -> list[Path]:
    return [path for path in place.pictures.rglob("*") if path.is_file()]


def test_a_copy_and_a_thumbnail_without_metadata(history: History, me: Profile) -> None:
    files = kept(history, me.id, height_px=2400)
    assert history.check(1).picture == files
    assert history.rows(RowQuery(me.id), 0, 1)[0].has_picture
    for path, side_px in ((files.picture, 1600), (files.thumbnail, 320)):
        with Image.open(path) as image:
            assert image.format == "JPEG"
            assert image.mode == "RGB"
            assert max(image.size) == side_px
            assert not image.getexif()
            assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
            pixels = np.asarray(image).astype(int)
        assert pixels[2, 2, 0] > pixels[2, 2, 2] + 100
        assert pixels[-3, 2, 2] > pixels[-3, 2, 0] + 100


def test_a_small_picture_is_not_enlarged(history: History, me: Profile) -> None:
    files = kept(history, me.id, height_px=200)
    for path in (files.picture, files.thumbnail):
        with Image.open(path) as image:
            assert image.size == (300, 200)


def test_a_photographs_place_and_camera_stay_out(history: History, me: Profile) -> None:
    frame = load_frame(SAMPLE)
    found = history.save(replace(new_check(me.id), rgb=frame.rgb)).picture
    assert found is not None
    data = found.picture.read_bytes() + found.thumbnail.read_bytes()
    assert b"Exif" not in data
    assert b"http" not in data


def test_only_the_owner_can_look_at_them(history: History, me: Profile) -> None:
    files = kept(history, me.id)
    for path in (files.picture, files.thumbnail):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for folder in (files.picture.parent, history.place.pictures, history.place.folder):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_numbers_only(history: History, me: Profile) -> None:
    saved = history.save(new_check(me.id))
    assert saved.picture is None
    assert not exists(saved.picture)
    assert all_files(history.place) == []


def test_a_vanished_picture_is_known(history: History, me: Profile) -> None:
    files = kept(history, me.id)
    assert exists(files)
    files.picture.unlink()
    check = history.check(1)
    assert check.picture == files
    assert check.row.has_picture
    assert not exists(check.picture)
    history.delete([1])
    history.purge()
    assert all_files(history.place) == []


def test_files_without_a_row_are_set_aside_at_the_next_opening(place: Place) -> None:
    with History.open(place) as history:
        files = kept(history, history.default_profile().id)
        folder = files.picture.parent
        for name in ("a.jpg", "a_small.jpg", ".b.part", "c.jpg.part"):
            (folder / name).write_bytes(b"left behind")
        assert history.take_told() == []
    with History.open(place) as history:
        aside = [folder / "set_aside" / name for name in ("a.jpg", "a_small.jpg")]
        assert sorted(all_files(place)) == sorted([files.picture, files.thumbnail, *aside])
        assert history.check(1).picture == files
        (told,) = history.take_told()
        assert "1 picture belongs to no check of this history and was put aside in" in told.message
        assert str(folder / "set_aside") in told.message
        history.purge()
        assert sorted(all_files(place)) == sorted([files.picture, files.thumbnail])
    with History.open(place) as history:
        assert history.take_told() == []


def test_two_databases_leave_each_others_pictures_alone(folder: Path) -> None:
    place = Place(folder)
    with History.open(place) as history:
        files = kept(history, history.default_profile().id)
    place.database.rename(folder / "moved away.sqlite3")
    with History.open(place) as history:
        other = kept(history, history.default_profile().id)
    with History.open(place):
        assert exists(files)
        assert exists(other)
    assert files.picture.parent != other.picture.parent


def test_a_name_cannot_reach_out_of_the_folder(tmp_path: Path) -> None:
    outside = tmp_path / "outside.jpg"
    outside.touch()
    folder = tmp_path / "pictures"
    folder.mkdir()
    PictureFiles(folder).remove(["../outside.jpg", str(outside)])
    assert outside.exists()


@pytest.mark.parametrize("failing_call", [1, 2])
def test_no_row_without_its_picture(
    history: History, me: Profile, monkeypatch: pytest.MonkeyPatch, failing_call: int
) -> None:
    calls = 0
    sync = os.fsync

    def fill_up(handle: int) -> None:
        nonlocal calls
        calls += 1
        if calls == failing_call:
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(handle)

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", fill_up)
        with pytest.raises(FullDisk, match="disk is full"):
            kept(history, me.id)
    assert history.count(RowQuery(None)) == 0
    assert all_files(history.place) == []
    kept(history, me.id)
    assert history.count(RowQuery(None)) == 1


def test_no_picture_without_its_row(
    history: History, me: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    write = PictureFiles.write

    def write_then_fail(self: PictureFiles, file_name: str, encoded: object) -> None:
        write(self, file_name, encoded)  # type: ignore[arg-type]
        written.append(file_name)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(PictureFiles, "write", write_then_fail)
        with pytest.raises(KeyboardInterrupt):
            kept(history, me.id)
    assert len(written) == 1
    assert all_files(history.place) == []
    assert history.count(RowQuery(None)) == 0


def test_a_folder_that_is_a_file(place: Place) -> None:
    with History.open(place) as history:
        me = history.default_profile().id
        place.pictures.write_text("in the way", encoding="utf-8")
        with pytest.raises(HistoryError) as caught:
            kept(history, me)
        assert str(place.pictures) in caught.value.message
        assert history.count(RowQuery(None)) == 0
        history.save(new_check(me))
