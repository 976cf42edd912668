"""Backups: everything comes back on an empty machine, and a damaged one brings nothing."""

from __future__ import annotations

import hashlib
import json
import struct
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from app.history.errors import ExportFailed, ImportRefused
from app.history.exchange.backup import BackUp, restore_backup, write_backup
from app.history.place import Place
from app.history.practice import Practice, read_practice, small_logo, write_practice
from app.history.records import RowOrder, RowQuery
from app.history.store import History
from tests import made_up_results
from tests.app.history.made_up import measured, new_check, new_squeeze, picture, png_of

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

EVERYBODY = RowQuery(None)


def filled(history: History) -> History:
    """Two people, three checks, two of them with a picture, a squeeze test, one check deleted."""
    me, anna = history.default_profile(), history.add_profile("Anna")
    history.save(new_check(me.id, note="first", rgb=picture()))
    history.save(new_check(anna.id, day=1))
    history.save(new_check(anna.id, day=2, rgb=picture()))
    history.delete([history.save(new_check(anna.id, day=3, rgb=picture())).row.id])
    history.save_squeeze(new_squeeze(anna.id))
    return history


@pytest.fixture
def backup(history: History, tmp_path: Path) -> Path:
    path = tmp_path / "all.zip"
    assert write_backup(filled(history), path) == BackUp(checks=3, pictures=2)
    return path


def test_everything_comes_back_on_an_empty_machine(
    history: History, backup: Path, tmp_path: Path
) -> None:
    with History.open(Place(tmp_path / "new")) as fresh:
        restored = restore_backup(fresh, backup)
        assert (restored.added.checks, restored.added.squeezes, restored.pictures) == (3, 1, 2)
        before, after = (list(one.portable()) for one in (history, fresh))
        assert [one.record for one in after] == [one.record for one in before]
        assert [one.profile.name for one in after] == [one.profile.name for one in before]
        kept = {uuid: files for _, uuid, files in history.kept_pictures()}
        for _, uuid, files in fresh.kept_pictures():
            assert files.picture.read_bytes() == kept[uuid].picture.read_bytes()
            assert files.thumbnail.read_bytes() == kept[uuid].thumbnail.read_bytes()
        check = fresh.check(fresh.rows(EVERYBODY, 0, 1)[0].id)
        assert check.picture is not None
        again = restore_backup(fresh, backup)
        assert (again.added.checks, again.added.duplicates, again.pictures) == (0, 3, 0)
    with History.open(Place(tmp_path / "new")) as fresh:
        assert len(fresh.kept_pictures()) == 2


def test_what_was_deleted_meanwhile_comes_back_with_its_picture(
    history: History, backup: Path
) -> None:
    history.purge(history.delete_everything())
    assert history.kept_pictures() == []
    restored = restore_backup(history, backup)
    assert (restored.added.checks, restored.pictures) == (3, 2)
    assert {one.name for one in history.profiles()} == {"Me", "Anna"}


def test_one_flipped_bit_anywhere_brings_nothing_back(backup: Path, tmp_path: Path) -> None:
    whole = bytearray(backup.read_bytes())
    step = max(1, len(whole) // 150)
    damaged = tmp_path / "damaged.zip"
    with History.open(Place(tmp_path / "new")) as fresh:
        quiet = 0
        for at in range(0, len(whole), step):
            spoilt = whole.copy()
            spoilt[at] ^= 0x10
            damaged.write_bytes(spoilt)
            try:
                restore_backup(fresh, damaged)
            except ImportRefused:
                assert fresh.count(EVERYBODY) == 0
                continue
            # Only dates and the like of the archive itself, which say nothing of its content.
            quiet += 1
            assert len(list(fresh.portable())) == 3
            fresh.purge(fresh.delete_everything())
        assert quiet < 20


@pytest.mark.parametrize("part", [0.0, 0.3, 0.9, 0.999])
def test_a_backup_that_was_cut_off_brings_nothing_back(
    backup: Path, tmp_path: Path, part: float
) -> None:
    data = backup.read_bytes()
    backup.write_bytes(data[: int(part * len(data))])
    with History.open(Place(tmp_path / "new")) as fresh:
        with pytest.raises(ImportRefused):
            restore_backup(fresh, backup)
        assert fresh.count(EVERYBODY) == 0


def test_other_files_are_no_backups(history: History, tmp_path: Path) -> None:
    path = tmp_path / "other.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(ImportRefused, match=r"no backup"):
        restore_backup(history, path)
    path.write_text("no archive at all")
    with pytest.raises(ImportRefused):
        restore_backup(history, path)
    with pytest.raises(ImportRefused, match="cannot be read"):
        restore_backup(history, tmp_path / "nowhere.zip")


def rewritten(backup: Path, **about: object) -> None:
    """Change what a backup says of itself."""
    with zipfile.ZipFile(backup) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    told = json.loads(parts["beltline_backup.json"]) | about
    parts["beltline_backup.json"] = json.dumps(told).encode()
    with zipfile.ZipFile(backup, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def test_a_newer_backup_is_told_apart(history: History, backup: Path) -> None:
    rewritten(backup, beltline_backup=2)
    with pytest.raises(ImportRefused, match="another version"):
        restore_backup(history, backup)


def test_a_name_that_leads_elsewhere_is_refused(
    history: History, backup: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(backup, "a") as archive:
        archive.writestr("pictures/../../evil.jpg", b"x")
    with pytest.raises(ImportRefused, match="damaged"):
        restore_backup(history, backup)
    assert list(tmp_path.rglob("evil.jpg")) == []


def made_of(backup: Path, parts: dict[str, bytes], **told: object) -> None:
    """Write a backup of these parts, with the digests that belong to them."""
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in parts.items()}
    about = {"beltline_backup": 1, "sha256": digests} | told
    with zipfile.ZipFile(backup, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
        archive.writestr("beltline_backup.json", json.dumps(about))


def parts_of(backup: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(backup) as archive:
        names = [name for name in archive.namelist() if name != "beltline_backup.json"]
        return {name: archive.read(name) for name in names}


def test_what_unpacks_to_far_more_is_refused(history: History, backup: Path) -> None:
    parts = parts_of(backup)
    picture_name = next(name for name in parts if name.startswith("pictures/"))
    for name, size in (("history.json", 200 << 20), (picture_name, 20 << 20)):
        made_of(backup, parts | {name: bytes(size)})
        with pytest.raises(ImportRefused, match="damaged"):
            restore_backup(history, backup)
    made_of(backup, parts, more="x" * (40 << 20))
    with pytest.raises(ImportRefused, match="no backup"):
        restore_backup(history, backup)


def test_a_name_that_is_there_twice_is_refused(history: History, backup: Path) -> None:
    with zipfile.ZipFile(backup, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("history.json", b"{}")
    with pytest.raises(ImportRefused, match="damaged"):
        restore_backup(history, backup)


def test_a_picture_far_larger_than_any_of_ours_stays_out(
    history: History, backup: Path, tmp_path: Path
) -> None:
    parts = parts_of(backup)
    pictures = [name for name in parts if name.startswith("pictures/") and "_small" not in name]
    whole = parts[pictures[0]]
    at = whole.index(b"\xff\xc0") + 5
    large = whole[:at] + struct.pack(">HH", 65_500, 65_500) + whole[at + 4 :]
    made_of(backup, parts | {pictures[0]: large})
    with History.open(Place(tmp_path / "new")) as fresh:
        restored = restore_backup(fresh, backup)
        assert (restored.added.checks, restored.pictures) == (3, 1)


def test_a_backup_that_cannot_be_written_leaves_the_old_one(
    history: History, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = backup.read_bytes()
    with pytest.raises(ExportFailed):
        write_backup(history, backup.parent / "nowhere" / "all.zip")
    monkeypatch.setattr(
        "app.history.exchange.json_format.write_json",
        lambda *_: (_ for _ in ()).throw(OSError(28, "x")),
    )
    with pytest.raises(ExportFailed):
        write_backup(history, backup)
    assert backup.read_bytes() == before
    assert [path.name for path in backup.parent.glob(".*.part")] == []


def test_a_link_is_not_written_through(history: History, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (tmp_path / "all.zip").symlink_to(victim)
    write_backup(filled(history), tmp_path / "all.zip")
    assert victim.read_text() == "mine"


def test_the_practice_goes_along_and_stays_where_there_is_one(
    history: History, tmp_path: Path
) -> None:
    logo = small_logo(png_of("red"), "logo")
    write_practice(history.place.folder, Practice("Praxis Größe", logo))
    write_backup(history, tmp_path / "all.zip")
    with History.open(Place(tmp_path / "new")) as fresh:
        restore_backup(fresh, tmp_path / "all.zip")
        assert read_practice(fresh.place.folder) == Practice("Praxis Größe", logo)
    with History.open(Place(tmp_path / "other")) as other:
        write_practice(other.place.folder, Practice("Mine"))
        restore_backup(other, tmp_path / "all.zip")
        assert read_practice(other.place.folder) == Practice("Mine", logo)


def test_faces_are_hidden_on_request_or_their_pictures_left_out(
    history: History, tmp_path: Path
) -> None:
    me, rgb = history.default_profile(), picture().copy()
    rgb[:100] = np.random.default_rng(1).integers(0, 255, (100, 300, 3), np.uint8)
    head = {"left_ear": (150.0, 60.0, 0.9), "nose": (135.0, 62.0, 0.9)}
    seen = replace(measured(), landmarks=head, outline_px=made_up_results.NOWHERE)
    seen = replace(seen, capture=replace(seen.capture, trunk_px=90.0, people=1))
    headless = replace(seen, landmarks={})
    for number, result in enumerate((seen, headless)):
        new = replace(new_check(me.id, result, day=number, rgb=rgb), size_px=(300, 400))
        history.save(new)
    out = tmp_path / "shared.zip"
    assert write_backup(history, out, hides_faces=True) == BackUp(2, 1, left_out=1)
    with History.open(Place(tmp_path / "new")) as fresh:
        assert restore_backup(fresh, out).pictures == 1
        first, _ = fresh.rows(RowQuery(None, order=RowOrder.OLDEST), 0, 2)
        here, there = history.check(first.id).picture, fresh.check(first.id).picture
        assert here is not None
        assert there is not None
        for before, after in ((here.picture, there.picture), (here.thumbnail, there.thumbnail)):
            apart = np.abs(_pixels(before) - _pixels(after))
            wide = apart.shape[1] / 300
            assert apart[round(50 * wide) : round(70 * wide), round(130 * wide) :].max() > 30
            assert apart[round(150 * wide) :].mean() < 2  # the same but for JPEG


def _pixels(path: Path) -> NDArray[np.int16]:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"), np.int16)
