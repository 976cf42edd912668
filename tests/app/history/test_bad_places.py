"""Locked, damaged, full, read-only, unreachable: one sentence, and nothing saved is lost."""

from __future__ import annotations

import os
import socket
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

import pytest

from app.history.db import engine
from app.history.errors import (
    BrokenDisk,
    CorruptHistory,
    FullDisk,
    HistoryError,
    LockedHistory,
    ReadOnlyHistory,
    ServerError,
)
from app.history.place import URL_VARIABLE, Place, server_url, usual_place
from app.history.records import RowQuery
from app.history.store import History
from tests.app.history.made_up import new_check, picture
from vision.result import Method

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.app.history.postgres import Server

EVERYBODY = RowQuery(None)
#: How a client asks for encryption before it says who it is.
_WISHES = ((80877103).to_bytes(4, "big"), (80877104).to_bytes(4, "big"))
SECRET = "s3cret-w0rd"


def one_sentence(error: HistoryError) -> None:
    for text in (error.message, error.fix):
        assert text[0].isupper()
        assert text.endswith(".")
        assert "\n" not in text
        assert "sqlite3." not in text.replace("history.sqlite3", "")
        assert "sqlalchemy" not in text.lower()


def test_what_an_earlier_version_left_open_is_closed(file_place: Place) -> None:
    with History.open(file_place) as history:
        history.save(new_check(history.default_profile().id, rgb=picture()))
    (file_place.folder / "breaks.jsonl").write_text("")
    for path in (file_place.folder, *file_place.folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    History.open(file_place).close()
    for path in (file_place.folder, *file_place.folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_only_the_owner_can_look_into_the_folder(file_place: Place) -> None:
    with History.open(file_place) as history:
        history.save(new_check(history.default_profile().id))
        assert stat.S_IMODE(file_place.folder.stat().st_mode) == 0o700
        names = {path.name for path in file_place.folder.iterdir()}
        assert names == {"history.sqlite3", "history.sqlite3-wal", "history.sqlite3-shm"}
        for name in names:
            assert stat.S_IMODE((file_place.folder / name).stat().st_mode) == 0o600, name
    file_place.folder.chmod(0o755)
    file_place.database.chmod(0o644)
    History.open(file_place).close()
    assert stat.S_IMODE(file_place.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file_place.database.stat().st_mode) == 0o600


def test_how_the_file_is_kept(file_place: Place) -> None:
    with History.open(file_place) as history, history._database.reading() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 2000,
    }


HOLD = """
import sqlite3, sys
raw = sqlite3.connect(sys.argv[1], isolation_level=None)
raw.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def another_program_writing(place: Place) -> Iterator[None]:
    command = [sys.executable, "-c", HOLD, str(place.database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        yield


def test_another_program_that_writes(file_place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_MS", 100)
    with History.open(file_place) as history:
        me = history.default_profile()
        history.save(new_check(me.id))
        with another_program_writing(file_place):
            with pytest.raises(LockedHistory) as caught:
                history.save(new_check(me.id, rgb=picture()))
            one_sentence(caught.value)
            assert history.count(EVERYBODY) == 1
            with History.open(file_place) as another:
                assert another.check(1).row.id == 1
        history.save(new_check(me.id))
        assert history.count(EVERYBODY) == 2
        assert not file_place.pictures.exists()


def test_another_desk_that_writes(
    empty_server: Server, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    monkeypatch.setattr(engine, "BUSY_MS", 100)
    with History.open(Place(folder, server_url(empty_server.url))) as history:
        me = history.default_profile()
        with psycopg.connect(empty_server.url) as holder:
            holder.execute("LOCK TABLE checks")
            with pytest.raises(LockedHistory):
                history.save(new_check(me.id))
        history.save(new_check(me.id))


def fill_file(place: Place) -> bytes:
    with History.open(place) as history:
        me = history.default_profile()
        for day in range(30):
            history.save(new_check(me.id, day=day))
    return place.database.read_bytes()


def read_everything(place: Place) -> None:
    with History.open(place) as history:
        for row in history.rows(EVERYBODY, 0, 100):
            history.check(row.id)


def save_until_full(history: History) -> list[int]:
    """Save checks with and without a picture, into a list that outlives the error."""
    (me,) = history.profiles()
    saved: list[int] = []
    with pytest.raises(FullDisk) as caught:
        keep_saving(history, me.id, saved)
    one_sentence(caught.value)
    return saved


def keep_saving(history: History, profile_id: int, saved: list[int]) -> None:
    for day in range(500):
        rgb = picture() if day % 3 == 0 else None
        check = history.save(new_check(profile_id, day=day, note="x" * 3000, rgb=rgb))
        saved.append(check.row.id)


@pytest.mark.parametrize("damage", ["no database", "no header", "cut short", "holes"])
def test_a_damaged_file_is_left_as_it_is(file_place: Place, damage: str) -> None:
    whole = fill_file(file_place)
    damaged = {
        "no database": b"This is a shopping list.\n" * 100,
        "no header": bytes(512) + whole[512:],
        "cut short": whole[: len(whole) // 2],
        "holes": whole[:100] + b"\xa5" * (len(whole) - 100),
    }[damage]
    file_place.database.write_bytes(damaged)
    with pytest.raises(CorruptHistory) as caught:
        read_everything(file_place)
    one_sentence(caught.value)
    assert str(file_place.database) in caught.value.message
    assert file_place.database.read_bytes() == damaged


def test_damage_inside_is_told_when_it_is_met(file_place: Place) -> None:
    whole = fill_file(file_place)
    with closing(sqlite3.connect(file_place.database)) as raw:
        page_size = raw.execute("PRAGMA page_size").fetchone()[0]
        names = "('details', 'checks_taken', 'checks_trend')"
        statement = f"SELECT rootpage FROM sqlite_master WHERE name IN {names}"
        roots = [root for (root,) in raw.execute(statement)]
    damaged = bytearray(whole)
    for root in roots:
        start = (root - 1) * page_size
        damaged[start : start + page_size] = b"\xa5" * page_size
    file_place.database.write_bytes(damaged)
    with History.open(file_place) as history:
        (me,) = history.profiles()
        for read in (
            lambda: history.check(1),
            lambda: history.rows(RowQuery(me.id), 0, 9),
            lambda: history.trend(RowQuery(me.id, Method.CONTOUR)),
            lambda: history.save(new_check(me.id)),
        ):
            with pytest.raises(CorruptHistory):
                read()
    assert file_place.database.read_bytes() == damaged


def test_a_folder_in_place_of_the_file(file_place: Place) -> None:
    file_place.database.mkdir(parents=True)
    (file_place.database / "something").touch()
    with pytest.raises(CorruptHistory) as caught:
        History.open(file_place)
    one_sentence(caught.value)


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(BrokenDisk) as caught:
        History.open(Place(tmp_path / "data" / "beltline"))
    one_sentence(caught.value)


def test_a_database_that_may_not_grow(file_place: Place) -> None:
    with History.open(file_place) as history:
        first = history.save(new_check(history.default_profile().id)).row.id
        with history._database.reading() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 20}")
        kept = [first, *save_until_full(history)]
        assert [row.id for row in history.rows(EVERYBODY, 0, 500)] == kept[::-1]
        pictures = [row for row in history.rows(EVERYBODY, 0, 500) if row.has_picture]
        assert len(kept) > 1
        assert len(list(file_place.pictures.rglob("*.*"))) == 2 * len(pictures)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 900 kB."""
    disk = tmp_path / "small"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=900k", "tmpfs", str(disk)]
    if sys.platform != "linux" or os.geteuid() != 0 or subprocess.call(mount, stderr=-3) != 0:
        pytest.skip("a small file system needs Linux and the right to mount one")
    try:
        yield disk
    finally:
        subprocess.check_call(["umount", "-l", str(disk)])


def test_a_full_disk(small_disk: Path) -> None:
    with History.open(Place(small_disk / "beltline")) as history:
        history.default_profile()
        saved = save_until_full(history)
        assert saved
        assert [row.id for row in history.rows(EVERYBODY, 0, 500)] == saved[::-1]


def test_a_full_disk_from_the_start(small_disk: Path) -> None:
    (small_disk / "big").write_bytes(bytes(850_000))
    with pytest.raises(FullDisk) as caught:
        fill_up(Place(small_disk / "beltline"))
    one_sentence(caught.value)


def fill_up(place: Place) -> None:
    with History.open(place) as history:
        keep_saving(history, history.default_profile().id, [])


def test_a_disk_that_becomes_read_only(small_disk: Path) -> None:
    place = Place(small_disk / "beltline")
    with History.open(place) as history:
        history.save(new_check(history.default_profile().id))
    whole = place.database.read_bytes()
    subprocess.check_call(["mount", "-o", "remount,ro", str(small_disk)])
    with History.open(place) as history:
        assert history.check(1).row.id == 1
        with pytest.raises(ReadOnlyHistory) as caught:
            history.save(new_check(1))
    one_sentence(caught.value)
    assert place.database.read_bytes() == whole


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere"
)
@pytest.mark.parametrize("what", ["folder", "file"])
def test_no_permission_to_write(file_place: Place, what: str) -> None:
    fill_file(file_place)
    (file_place.folder if what == "folder" else file_place.database).chmod(0o500)
    try:
        with pytest.raises(ReadOnlyHistory) as caught, History.open(file_place) as history:
            history.save(new_check(1))
        one_sentence(caught.value)
    finally:
        file_place.folder.chmod(0o700)


def test_the_usual_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(URL_VARIABLE, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    place = usual_place()
    assert place.server_url is None
    if sys.platform == "linux":
        assert place.folder == tmp_path / "beltline"
    monkeypatch.setenv(URL_VARIABLE, "postgresql://me:word@host/db?sslmode=require")
    assert usual_place().server_url == "postgresql+psycopg://me:word@host/db?sslmode=require"


@pytest.mark.parametrize(
    "url", ["mysql://u:{}@h/d", "/some/{}", "postgresql:{}", "postgresql://", "sqlite:///x{}"]
)
def test_an_address_of_something_else(url: str) -> None:
    with pytest.raises(ServerError) as caught:
        server_url(url.format(SECRET))
    one_sentence(caught.value)
    assert URL_VARIABLE in caught.value.message
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://service:{}@127.0.0.1:9/beltline",
        "postgresql://service:{}@127.0.0.1:notaport/beltline",
        "postgresql://service:{}@/beltline?host=/nowhere",
        "postgresql://service:{}@127.0.0.1:9/beltline?nonsense=1",
        "postgresql://service:{}@host-that-is-not.invalid/beltline",
    ],
)
def test_a_server_that_cannot_be_reached(
    folder: Path, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(ServerError) as caught:
        History.open(Place(folder, server_url(url.format(SECRET))))
    one_sentence(caught.value)
    error: BaseException | None = caught.value
    assert SECRET not in str(error) + repr(error) + caplog.text
    assert error is not None
    assert error.__cause__ is None
    assert error.__suppress_context__


def test_a_user_whom_the_server_does_not_know(server: Server, folder: Path) -> None:
    url = server.url.replace("service@", f"stranger:{SECRET}@")
    with pytest.raises(ServerError, match="does not let this user in") as caught:
        History.open(Place(folder, server_url(url)))
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    "options", ["-csearch_path%3Dnowhere", "-csearch_path%3D", "-cnonsense%3D1", "-cport%3Dx"]
)
def test_settings_that_a_server_does_not_take(
    empty_server: Server, folder: Path, options: str
) -> None:
    with pytest.raises(ServerError, match="does not take the settings") as caught:
        History.open(Place(folder, server_url(f"{empty_server.url}&options={options}")))
    one_sentence(caught.value)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("57P03", "the database system is starting up"),
        ("57P03", "the database system is not yet accepting connections"),
        ("57P03", "the database system is in recovery mode"),
        ("53300", "sorry, too many clients already"),
    ],
)
def test_a_server_that_is_not_ready(folder: Path, code: str, said: str) -> None:
    pytest.importorskip("psycopg")
    fields = f"SFATAL\0VFATAL\0C{code}\0M{said}\0\0".encode()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def refuse() -> None:
            with suppress(OSError):
                while True:
                    client, _ = listening.accept()
                    with client:
                        while client.recv(1000)[4:8] in _WISHES:
                            client.sendall(b"N")
                        client.sendall(b"E" + (len(fields) + 4).to_bytes(4, "big") + fields)

        threading.Thread(target=refuse, daemon=True).start()
        url = f"postgresql://service:{SECRET}@127.0.0.1:{listening.getsockname()[1]}/beltline"
        with pytest.raises(ServerError, match="just starting") as caught:
            History.open(Place(folder, server_url(url)))
        listening.shutdown(socket.SHUT_RDWR)
    one_sentence(caught.value)
    assert SECRET not in str(caught.value)


def test_no_driver_for_a_server(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ServerError, match="psycopg") as caught:
        History.open(Place(folder, server_url(f"postgresql://u:{SECRET}@h/d")))
    one_sentence(caught.value)
    assert SECRET not in str(caught.value)
