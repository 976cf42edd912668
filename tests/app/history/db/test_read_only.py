"""What may be read and not written is shown; once it may be written, it is."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from app.history.db.read_only import free_log
from app.history.errors import OnlyReadable, ReadOnlyHistory
from app.history.exchange.files import export_file
from app.history.records import RowQuery
from app.history.store import History
from app.report.document import report_profile
from tests.app.history.made_up import new_check, picture
from tests.app.history.protected import write_protected

if TYPE_CHECKING:
    from pathlib import Path

    from app.history.place import Place

EVERYBODY = RowQuery(None)


def filled(place: Place) -> None:
    with History.open(place) as history:
        history.save(new_check(history.default_profile().id, note="seen", rgb=picture()))


def contents(place: Place) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in place.folder.rglob("*") if path.is_file()}


def test_a_protected_folder_is_listed_shown_exported_and_reported(
    file_place: Place, tmp_path: Path
) -> None:
    filled(file_place)
    before = contents(file_place)
    with write_protected(file_place.folder), History.open(file_place) as history:
        assert [row.conditions.note for row in history.rows(EVERYBODY, 0, 9)] == ["seen"]
        assert history.check(1).picture is not None
        assert export_file(history, tmp_path / "out.json") == 1
        (me,) = history.profiles()
        report_profile(tmp_path / "out.pdf", history, me, None)
        (told,) = history.take_told()
        assert isinstance(told, OnlyReadable)
        for write in (
            lambda: history.save(new_check(me.id)),
            lambda: history.delete([1]),
            history.purge,
        ):
            with pytest.raises(ReadOnlyHistory, match="Nothing may be written"):
                write()
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF")
    assert contents(file_place) == before


def test_what_the_log_holds_is_seen_in_a_protected_folder(file_place: Place) -> None:
    with History.open(file_place) as history:
        history.save(new_check(history.default_profile().id))
        assert file_place.database.with_name("history.sqlite3-wal").stat().st_size > 0
        with write_protected(file_place.folder), History.open(file_place) as reader:
            assert reader.count(EVERYBODY) == 1


def test_saving_goes_on_once_it_is_allowed(file_place: Place) -> None:
    filled(file_place)
    with write_protected(file_place.folder):
        history = History.open(file_place)
        with pytest.raises(ReadOnlyHistory):
            history.save(new_check(1))
    with history:
        history.save(new_check(1))
        assert history.count(EVERYBODY) == 2
    with History.open(file_place) as again:
        assert again.take_told() == []


def test_an_older_version_in_a_protected_folder_says_why_not(file_place: Place) -> None:
    filled(file_place)
    with closing(sqlite3.connect(file_place.database)) as raw:
        raw.execute("UPDATE beltline_version SET version_num = '0003'")
        raw.commit()
    with write_protected(file_place.folder), pytest.raises(ReadOnlyHistory):
        History.open(file_place)


def test_nothing_in_a_protected_folder_is_no_history(file_place: Place) -> None:
    file_place.folder.mkdir()
    with write_protected(file_place.folder), pytest.raises(ReadOnlyHistory):
        History.open(file_place)


def test_the_log_of_a_file_that_was_protected_is_freed(file_place: Place) -> None:
    with History.open(file_place) as history:
        me = history.default_profile().id
        log, index = (file_place.folder / f"history.sqlite3-{end}" for end in ("wal", "shm"))
        for path in (log, index):
            path.chmod(0o400)
        with History.open(file_place) as another:
            another.save(new_check(me))
        for path in (log, index):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere"
)
def test_saving_goes_on_in_a_file_that_was_protected(file_place: Place) -> None:
    filled(file_place)
    file_place.database.chmod(0o400)
    # As any program does that looks into it while it is protected, and is killed.
    raw = sqlite3.connect(file_place.database)
    assert raw.execute("SELECT count(*) FROM checks").fetchone() == (1,)
    index = file_place.database.with_name("history.sqlite3-shm")
    assert stat.S_IMODE(index.stat().st_mode) == 0o400
    with History.open(file_place) as history:
        with pytest.raises(ReadOnlyHistory):
            history.save(new_check(1))
        file_place.database.chmod(0o600)
        history.save(new_check(1))
        assert history.count(EVERYBODY) == 2
    raw.close()


def test_a_log_that_is_not_there_is_no_matter(file_place: Place) -> None:
    free_log(file_place)
    assert not file_place.folder.exists()
