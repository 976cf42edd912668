"""Files that somebody else has made or spoilt: taken in whole or not at all, in little memory."""

from __future__ import annotations

import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import warnings
import zipfile
from contextlib import closing
from random import Random
from typing import TYPE_CHECKING

import pytest

from app.history.errors import ImportRefused
from app.history.exchange.backup import restore_backup, write_backup
from app.history.exchange.files import export_file, import_file
from app.history.place import Place
from app.history.records import RowOrder, RowQuery
from app.history.store import History
from tests.app.history.made_up import WHEN, new_check, new_squeeze, picture, repeats, sparse
from tests.app.history.test_diary import SOME
from tests.hostile import mutations
from vision.image.frame import frame_from_array
from vision.overlay.build import build_overlay
from vision.overlay.raster import paint_overlay

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EVERYBODY = RowQuery(None, order=RowOrder.OLDEST)
SUFFIXES = (".json", ".csv", ".zip")
SPOILERS = {
    ".json": mutations.spoilt_json,
    ".csv": mutations.spoilt_csv,
    ".zip": mutations.spoilt_backup,
}
#: What no sentence for a person holds.
FOREIGN = ("pydantic", "http", "Traceback", "Error", "errno", "yajl", "lexical", "0x")
_LETTERS_MAX = 700


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one history as all that can be taken in, and another history to take it."""
    folder = tmp_path_factory.mktemp("hostile")
    with History.open(Place(folder / "theirs")) as history:
        me, anna = history.default_profile(), history.add_profile("Anna =1+1 <b>")
        history.save(new_check(me.id, note='first, "quoted"\nsecond', rgb=picture()))
        history.save(new_check(me.id, sparse(), day=1, repeats=repeats(11.0, 12.0)))
        history.save(new_check(anna.id, day=2, garment="leggings", rgb=picture()))
        history.save_squeeze(new_squeeze(anna.id))
        history.note_all(me.id, [(WHEN, content) for content in SOME])
        for suffix in (".json", ".csv"):
            export_file(history, folder / f"theirs{suffix}")
        write_backup(history, folder / "theirs.zip")
    with History.open(Place(folder / "ours")) as history:
        # Some of theirs is known here, and deleted; people go by the same names.
        import_file(history, folder / "theirs.csv")
        history.delete([history.rows(EVERYBODY, 0, 1)[0].id])
        history.save(new_check(history.default_profile().id, day=9))
    return folder


@pytest.fixture
def ours(files: Path, tmp_path: Path) -> Iterator[History]:
    shutil.copytree(files / "ours", tmp_path / "ours")
    with History.open(Place(tmp_path / "ours")) as history:
        yield history


def content_of(history: History) -> list[str]:
    """Return all that a history holds, its rows and its files."""
    with closing(sqlite3.connect(history.place.database)) as raw:
        rows = list(raw.iterdump())
    return rows + sorted(map(str, history.place.pictures.rglob("*.jpg")))


def assert_whole(history: History, path: Path) -> None:
    """Go through all that can be seen of a history, and take it out."""
    with closing(history.portable()) as checks:
        count = len(list(checks))
    frame = frame_from_array(picture())
    for row in history.rows(EVERYBODY, 0, 1000):
        check = history.check(row.id)
        paint_overlay(frame, build_overlay(check.result))
    for profile in history.profiles():
        history.entries(profile.id)
        history.squeezes(profile.id)
        for method in history.methods(profile.id):
            history.angles(RowQuery(profile.id, method))
    for suffix in (".json", ".csv"):
        assert export_file(history, path / f"again{suffix}") == count


@pytest.mark.rounds(short=60, long=2000)
def test_spoilt_files_are_taken_in_whole_or_not_at_all(
    files: Path, ours: History, tmp_path: Path, seeds: range, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content_of(ours)
    taken = refused = 0
    for seed in seeds:
        rng = Random(seed)
        for module in ("files", "backup"):
            # As large files are read, whose entries go straight into the database; and as others.
            at_once_bytes = rng.choice((0, 1 << 20))
            monkeypatch.setattr(f"app.history.exchange.{module}.AT_ONCE_BYTES", at_once_bytes)
        suffix = SUFFIXES[seed % len(SUFFIXES)]
        whole = (files / f"theirs{suffix}").read_bytes()
        spoil = mutations.spoilt_bytes if rng.random() < 0.3 else SPOILERS[suffix]
        file = tmp_path / f"spoilt{suffix}"
        file.write_bytes(spoil(whole, rng))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                (restore_backup if suffix == ".zip" else import_file)(ours, file)
                assert_whole(ours, tmp_path)
        except ImportRefused as error:
            said = str(error).replace(file.name, "")
            what_is_wrong = [word for word in FOREIGN if word in said]
            refused += 1
        except Exception as error:
            raise AssertionError(f"seed {seed}: {type(error).__name__}: {error}") from error
        else:
            taken += 1
            ours = _as_before(ours, files / "ours")
            continue
        assert not what_is_wrong, f"seed {seed}: {said}"
        assert len(said) < _LETTERS_MAX, f"seed {seed}: {said}"
        assert content_of(ours) == before, f"seed {seed}: half of it was taken in"
    assert refused > len(seeds) / 5
    assert taken > len(seeds) / 50


def _as_before(history: History, model: Path) -> History:
    history.close()
    shutil.rmtree(history.place.folder)
    shutil.copytree(model, history.place.folder)
    return History.open(history.place)


#: Takes in each of the files, and says what came of it and how much memory it took.
_TAKER = r"""
import re, sys
from pathlib import Path
from app.history.errors import ImportRefused
from app.history.exchange.backup import restore_backup
from app.history.exchange.files import import_file
from app.history.place import Place
from app.history.store import History
with History.open(Place(Path(sys.argv[1]))) as history:
    for name in sys.argv[2:]:
        try:
            (restore_backup if name.endswith(".zip") else import_file)(history, Path(name))
        except ImportRefused as error:
            print(error, file=sys.stderr)
        else:
            print("taken in", name)
    # The system's other count begins with what the process had that this one was forked from.
    print(int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""
_MOST_MEMORY_MB = 400


def test_what_has_no_end_takes_little_memory(files: Path, tmp_path: Path) -> None:
    fifo, link = tmp_path / "fifo.json", tmp_path / "link.csv"
    os.mkfifo(fifo)
    link.symlink_to("/dev/zero")
    found = {"endless.json": b'{"beltline_history": 1, "profiles": [], "checks": ["'}
    found["deep.json"] = b'{"beltline_history": 1, "profiles": [], "checks": ['
    found["endless.csv"] = (files / "theirs.csv").read_bytes() + b'1,"'
    fill = {"endless.json": b"a", "deep.json": b"[", "endless.csv": b"x"}
    for name, data in found.items():
        with (tmp_path / name).open("wb") as stream:
            stream.write(data)
            for _ in range(40):
                stream.write(fill[name] * (1 << 20))
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("history.json", "w") as stream:
            for _ in range(300):
                stream.write(bytes(1 << 20))
        archive.writestr("beltline_backup.json", json.dumps({"beltline_backup": 1, "sha256": {}}))
    names = ["/dev/zero", "/dev/full", "/dev/urandom", *map(str, (fifo, link, tmp_path))]
    names += [str(tmp_path / name) for name in (*found, "bomb.zip")]
    names += [f"{tmp_path}/{name}" for name in ("nowhere.zip", "zero.zip", "fifo.zip")]
    (tmp_path / "zero.zip").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "fifo.zip")
    done = subprocess.run(
        [sys.executable, "-c", _TAKER, str(tmp_path / "data"), *names],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    (memory_mb,) = done.stdout.split()
    assert int(memory_mb) < _MOST_MEMORY_MB
    assert len(done.stderr.splitlines()) == len(names)
    assert not any(word in done.stderr for word in FOREIGN), done.stderr


@pytest.mark.rounds(short=1, long=200)
def test_a_large_export_takes_little_memory(files: Path, tmp_path: Path, seeds: range) -> None:
    """The long form takes in 200 times 3.6 MB at once."""
    import uuid

    document = json.loads((files / "theirs.json").read_bytes())
    check = document["checks"][0]
    check["outline_px"] = [[n * 1.25, n * 0.75] for n in range(1500)]
    file = tmp_path / "large.json"
    with file.open("w") as stream:
        head = json.dumps({"beltline_history": 1, "profiles": document["profiles"]})
        stream.write(head[:-1] + ', "squeezes": [], "diary": [], "checks": [')
        for number in range(150 * len(seeds)):
            check["uuid"] = str(uuid.UUID(int=number))
            stream.write((",\n" if number else "") + json.dumps(check))
        stream.write("]}")
    done = subprocess.run(
        [sys.executable, "-c", _TAKER, str(tmp_path / "data"), str(file)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("taken in"), done.stderr
    memory_mb = done.stdout.splitlines()[-1]
    print(f"{file.stat().st_size / 1e6:.0f} MB of export took {memory_mb} MB of memory")
    assert int(memory_mb) < _MOST_MEMORY_MB


def test_memory_is_told_in_kilobytes_here() -> None:
    """As on Linux; elsewhere the figures above would mean something else."""
    assert 10_000 < resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 10_000_000
