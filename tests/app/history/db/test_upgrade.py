"""Every old version becomes this one; what fails leaves the old one as it was."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import textwrap
import threading
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from app.history.check_record import record_of
from app.history.db import upgrade
from app.history.db.checks import _check_values, _detail_values
from app.history.db.engine import Database
from app.history.db.schema import metadata
from app.history.errors import ForeignDatabase, FullDisk, NewerHistory, UpgradeFailed
from app.history.place import Place, server_url
from app.history.records import RowOrder, RowQuery
from app.history.store import History
from tests.app.history.made_up import assert_same, new_check, new_squeeze, repeats

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.app.history.postgres import Server

REVISIONS = upgrade.known_revisions()
STEP = '''
"""A later version."""
import sqlalchemy as sa
from alembic import op

revision, down_revision = "{revision}", "{before}"
branch_labels = depends_on = None


def upgrade() -> None:
{body}
'''
ADD_COLUMN = """
op.add_column("checks", sa.Column("mood", sa.Text, nullable=False, server_default="calm"))
with op.batch_alter_table("profiles") as table:
    table.add_column(sa.Column("colour", sa.Text))
    table.alter_column("created_offset_s", type_=sa.BigInteger)
"""


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let the program be one version further on, by a step with this body."""

    def add(body: str) -> None:
        folder = tmp_path / "migrations of 100 %"
        shutil.copytree(upgrade.MIGRATIONS, folder)
        before = REVISIONS[-1]
        revision = f"{int(before) + 1:04}"
        step = STEP.format(
            revision=revision, before=before, body=textwrap.indent(body.strip(), "    ")
        )
        (folder / "versions" / f"v{revision}_later.py").write_text(step, encoding="utf-8")
        monkeypatch.setattr(upgrade, "MIGRATIONS", folder)

    return add


def _some(kind: sa.types.TypeEngine[Any]) -> str | bool | int:
    if isinstance(kind, sa.Text):
        return "[]"
    return True if isinstance(kind, sa.Boolean) else 7


def fill(connection: sa.Connection) -> dict[str, int]:
    """Put a row into every table that has none, whatever its columns are; count all rows."""
    found = sa.MetaData()
    found.reflect(connection)
    tables = [table for table in found.sorted_tables if table.name != upgrade.VERSION_TABLE]
    for table in tables:
        if connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one():
            continue
        values: dict[str, Any] = {}
        for column in table.columns:
            if column.primary_key or column.foreign_keys:
                values[column.name] = 1
            elif not column.nullable and column.server_default is None:
                values[column.name] = _some(column.type)
        connection.execute(table.insert().values(values))
    return {
        table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        for table in tables
    }


def old_version(place: Place, revision: str) -> dict[str, int]:
    """Make a database as an older program did, with something in every table."""
    place.folder.mkdir(parents=True, exist_ok=True)
    database = Database(place)
    with database.writing(alone=True, keep_references=False) as connection:
        upgrade.migrate(connection, revision)
    with database.writing() as connection:
        counts = fill(connection)
    database.close()
    return counts


def assert_up_to_date(place: Place, counts: dict[str, int]) -> None:
    database = Database(place)
    with database.reading() as connection:
        options = {"version_table": upgrade.VERSION_TABLE, "compare_type": True}
        assert (
            compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
        )
        for name, count in counts.items():
            table = sa.table(name)
            found = connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            assert found == count, name
        if not database.is_server:
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall() == []
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    database.close()


def contents(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as raw:
        return list(raw.iterdump())


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_old_file_upgrades(file_place: Place, revision: str) -> None:
    counts = old_version(file_place, revision)
    History.open(file_place).close()
    assert_up_to_date(file_place, counts)
    assert len(list(file_place.backups.glob("*"))) == (revision != REVISIONS[-1])


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_old_server_upgrades(empty_server: Server, folder: Path, revision: str) -> None:
    place = Place(folder, server_url(empty_server.url))
    counts = old_version(place, revision)
    History.open(place).close()
    assert_up_to_date(place, counts)


def first_version(place: Place) -> None:
    """Make a database as the first version did, with two checks of Anna."""
    place.folder.mkdir(parents=True, exist_ok=True)
    database = Database(place)
    try:
        with database.writing(alone=True, keep_references=False) as connection:
            upgrade.migrate(connection, "0001")
        with database.writing() as connection:
            _put_two_checks(connection)
    finally:
        database.close()


def _put_two_checks(connection: sa.Connection) -> None:
    """Write as much of two checks as the tables that are there have columns for."""
    found = sa.MetaData()
    found.reflect(connection)

    def put(name: str, values: dict[str, Any]) -> int:
        table = found.tables[name]
        row = {key: value for key, value in values.items() if key in table.c}
        key = next(iter(table.primary_key))
        new_id: int = connection.execute(table.insert().values(row).returning(key)).scalar_one()
        return new_id

    anna = put("profiles", {"name": "Anna", "created_us": 5, "created_offset_s": 3600})
    for day in range(2):
        record = record_of(new_check(anna, day=day, note="old"))
        check_id = put("checks", _check_values(anna, record))
        put("details", _detail_values(check_id, record))


@pytest.mark.parametrize("kind", ["file", "server"])
def test_what_the_first_version_kept_is_all_there_and_can_be_added_to(
    request: pytest.FixtureRequest, folder: Path, kind: str
) -> None:
    place = Place(folder)
    if kind == "server":
        place = Place(folder, server_url(request.getfixturevalue("empty_server").url))
    first_version(place)
    with History.open(place) as history:
        (anna,) = history.profiles()
        rows = history.rows(RowQuery(anna.id, order=RowOrder.OLDEST), 0, 9)
        assert (anna.name, len(rows)) == ("Anna", 2)
        for row, day in zip(rows, range(2), strict=True):
            check, new = history.check(row.id), new_check(anna.id, day=day, note="old")
            assert check.row == row
            assert (row.repeat_count, row.repeat_spread_deg, check.repeats) == (0, None, ())
            assert (row.taken_at, row.conditions) == (new.taken_at, new.conditions)
            assert_same(check.result, new.result)
        assert history.squeezes(anna.id) == []
        taken = repeats(11.0, 12.0)
        added = history.save(new_check(anna.id, repeats=taken))
        assert history.check(added.row.id).repeats == taken
        test = history.save_squeeze(new_squeeze(anna.id))
        assert history.squeezes(anna.id) == [test]
    assert len(list(place.backups.glob("history-0001-*"))) == (kind == "file")


@pytest.mark.parametrize("kind", ["file", "server"])
def test_a_first_version_stays_as_it_was_when_its_upgrade_fails(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    kind: str,
) -> None:
    place = Place(folder)
    if kind == "server":
        place = Place(folder, server_url(request.getfixturevalue("empty_server").url))
    first_version(place)
    before = contents(place.database) if kind == "file" else []
    broken = tmp_path / "broken"
    shutil.copytree(upgrade.MIGRATIONS, broken)
    step = broken / "versions" / "v0002_live.py"
    step.write_text(step.read_text().replace("    _make_squeezes()\n\n", "    1 / 0\n\n"))
    with monkeypatch.context() as patch:
        patch.setattr(upgrade, "MIGRATIONS", broken)
        with pytest.raises(UpgradeFailed, match="left as it was"):
            History.open(place)
    assert "ZeroDivisionError" in caplog.text
    if kind == "file":
        assert contents(place.database) == before
    with History.open(place) as history:
        assert history.count(RowQuery(None)) == 2


def test_an_upgrade_keeps_checks_and_a_copy_from_before(
    file_place: Place, later: Callable[[str], None]
) -> None:
    with History.open(file_place) as history:
        saved = history.save(new_check(history.default_profile().id, note="kept"))
    before = contents(file_place.database)
    later(ADD_COLUMN)
    with History.open(file_place) as history:
        assert history.check(saved.row.id).row == saved.row
        history.save(new_check(history.default_profile().id))
        assert history.count(RowQuery(None)) == 2
    (copy,) = file_place.backups.glob("*")
    assert copy.name.startswith(f"history-{REVISIONS[-1]}-")
    assert contents(copy) == before
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stat.S_IMODE(file_place.backups.stat().st_mode) == 0o700
    with closing(sqlite3.connect(file_place.database)) as raw:
        assert raw.execute("SELECT mood FROM checks").fetchall() == [("calm",)] * 2
    History.open(file_place).close()
    assert list(file_place.backups.glob("*")) == [copy]


def test_a_server_is_upgraded_too(
    empty_server: Server, folder: Path, later: Callable[[str], None]
) -> None:
    place = Place(folder, server_url(empty_server.url))
    with History.open(place) as history:
        saved = history.save(new_check(history.default_profile().id))
    later(ADD_COLUMN)
    with History.open(place) as history:
        assert history.check(saved.row.id).row == saved.row


@pytest.mark.parametrize("kind", ["file", "server"])
def test_an_upgrade_that_fails_half_way_leaves_the_old_one(
    request: pytest.FixtureRequest,
    folder: Path,
    later: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    kind: str,
) -> None:
    place = Place(folder)
    if kind == "server":
        place = Place(folder, server_url(request.getfixturevalue("empty_server").url))
    with History.open(place) as history:
        saved = history.save(new_check(history.default_profile().id))
    before = contents(place.database) if kind == "file" else []
    now = upgrade.MIGRATIONS
    later(ADD_COLUMN + 'op.execute("DELETE FROM checks")\nraise ZeroDivisionError')
    with pytest.raises(UpgradeFailed, match="left as it was"):
        History.open(place)
    assert "ZeroDivisionError" in caplog.text
    if kind == "file":
        assert contents(place.database) == before
    monkeypatch.setattr(upgrade, "MIGRATIONS", now)
    with History.open(place) as history:
        assert history.check(saved.row.id).row == saved.row


def test_references_that_an_upgrade_breaks_undo_it(
    file_place: Place, later: Callable[[str], None]
) -> None:
    with History.open(file_place) as history:
        history.save(new_check(history.default_profile().id))
    before = contents(file_place.database)
    later('op.execute("DELETE FROM profiles")')
    with pytest.raises(UpgradeFailed):
        History.open(file_place)
    assert contents(file_place.database) == before


def test_no_room_for_the_copy_means_no_upgrade(
    file_place: Place, later: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    History.open(file_place).close()
    before = contents(file_place.database)
    later(ADD_COLUMN)

    def no_room(place: Place, revision: str) -> None:
        del revision
        raise FullDisk(place.backups)

    monkeypatch.setattr(upgrade, "_back_up", no_room)
    with pytest.raises(FullDisk):
        History.open(file_place)
    assert contents(file_place.database) == before


@pytest.mark.parametrize("kind", ["file", "server"])
def test_a_newer_version_is_refused_untouched(
    request: pytest.FixtureRequest, folder: Path, kind: str
) -> None:
    place = Place(folder)
    if kind == "server":
        place = Place(folder, server_url(request.getfixturevalue("empty_server").url))
    with History.open(place) as history:
        history.default_profile()
    database = Database(place)
    with database.writing() as connection:
        connection.exec_driver_sql(f"UPDATE {upgrade.VERSION_TABLE} SET version_num = '9999'")
    database.tidy()
    database.close()
    before = place.database.read_bytes() if kind == "file" else b""
    with pytest.raises(NewerHistory, match=r"newer version.*Install the newest"):
        History.open(place)
    if kind == "file":
        assert place.database.read_bytes() == before
    database = Database(place)
    with database.reading() as connection:
        names = connection.exec_driver_sql("SELECT name FROM profiles").scalars().all()
    database.close()
    assert names == ["Me"]


def test_another_programs_file_is_refused_untouched(file_place: Place) -> None:
    file_place.folder.mkdir()
    with closing(sqlite3.connect(file_place.database)) as raw:
        raw.execute("CREATE TABLE checks (amount)")
        raw.commit()
    before = file_place.database.read_bytes()
    with pytest.raises(ForeignDatabase, match="another program"):
        History.open(file_place)
    assert file_place.database.read_bytes() == before


def test_another_programs_tables_on_a_server(empty_server: Server, folder: Path) -> None:
    import psycopg

    with psycopg.connect(empty_server.url) as connection:
        connection.execute("CREATE TABLE invoices (amount int)")
    place = Place(folder, server_url(empty_server.url))
    History.open(place).close()
    with psycopg.connect(empty_server.url) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        connection.execute("CREATE TABLE checks (amount int)")
    with pytest.raises(ForeignDatabase):
        History.open(place)


def test_an_interrupted_start_is_made_up_for(file_place: Place) -> None:
    file_place.folder.mkdir()
    file_place.database.touch()
    with History.open(file_place) as history:
        history.save(new_check(history.default_profile().id))
    assert stat.S_IMODE(file_place.database.stat().st_mode) == 0o600


@pytest.mark.parametrize("kind", ["file", "server"])
def test_two_that_open_at_once_make_one_database(
    request: pytest.FixtureRequest, folder: Path, kind: str
) -> None:
    if kind == "server":
        url = server_url(request.getfixturevalue("empty_server").url)
        places = [Place(folder, url)]
    else:  # files are cheap, and who comes first differs from one to the next
        places = [Place(folder / str(number)) for number in range(10)]
    for place in places:
        _open_four_times_at_once(place)


def _open_four_times_at_once(place: Place) -> None:
    problems: list[BaseException] = []

    def start() -> None:
        try:
            with History.open(place) as history:
                history.save(new_check(history.default_profile().id))
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    with History.open(place) as history:
        assert history.count(RowQuery(None)) == 4
        assert [profile.name for profile in history.profiles()] == ["Me"]


def test_old_copies_go(file_place: Place) -> None:
    import os
    import time

    History.open(file_place).close()
    file_place.backups.mkdir()
    old, new = (file_place.backups / f"history-0001-{age}.sqlite3" for age in ("old", "new"))
    for path in (old, new):
        path.touch()
    age_s = (upgrade.BACKUP_DAYS + 1) * 86400
    os.utime(old, (time.time() - age_s, time.time() - age_s))
    History.open(file_place).close()
    assert list(file_place.backups.iterdir()) == [new]
