"""Every older version becomes this one; what fails leaves the old one as it was."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import textwrap
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from app.history.db import days
from app.history.db import open as opening
from app.history.db.engine import Database
from app.history.db.schema import details, metadata
from app.history.diary import Pain
from app.history.errors import ForeignDatabase, FullDisk, NewerHistory, UpgradeFailed
from app.history.place import Place, server_url
from app.history.records import RowOrder, RowQuery
from app.history.store import History
from tests.app.history.made_up import WHEN, assert_same, new_check, new_squeeze, picture, repeats
from vision.result import BONES_SD_DEG, Z_90, Doubt, Method

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.history.records import Check
    from tests.app.history.postgres import Server
    from vision.result import Measured

EARLIER = Path(__file__).parents[3] / "data" / "earlier"
REVISIONS = opening.known_revisions()
STEP = '''
"""A later version."""
import sqlalchemy as sa
from alembic import op

revision, down_revision = {revision!r}, {before!r}
branch_labels = depends_on = None


def upgrade() -> None:
{body}
'''
#: The first version.
OLD = "0003"
ADD_COLUMN = """
op.add_column("checks", sa.Column("mood", sa.Text, nullable=False, server_default="calm"))
with op.batch_alter_table("profiles") as table:
    table.add_column(sa.Column("colour", sa.Text))
    table.alter_column("created_offset_s", type_=sa.BigInteger)
"""


KINDS = pytest.mark.parametrize("kind", ["file", "server"])


def place_of(kind: str, request: pytest.FixtureRequest, folder: Path) -> Place:
    """Return where nothing is: a file, or an empty server."""
    if kind == "file":
        return Place(folder)
    return Place(folder, server_url(request.getfixturevalue("empty_server").url))


def step(revision: str, before: str | None, body: str) -> str:
    """Return a migration of alembic's with this body."""
    body = textwrap.indent(body.strip(), "    ")
    return STEP.format(revision=revision, before=before, body=body)


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let the program be one version further on, by a step with this body."""

    def add(body: str) -> None:
        folder = tmp_path / "migrations of 100 %"
        shutil.copytree(opening.MIGRATIONS, folder)
        before = REVISIONS[-1]
        revision = f"{int(before) + 1:04}"
        path = folder / "versions" / f"v{revision}_later.py"
        path.write_text(step(revision, before, body), encoding="utf-8")
        monkeypatch.setattr(opening, "MIGRATIONS", folder)

    return add


def count_all(connection: sa.Connection) -> dict[str, int]:
    """Return how many rows each table has."""
    found = sa.MetaData()
    found.reflect(connection)
    return {
        table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        for table in found.sorted_tables
    }


def _is_no_index_of_notes(*described: Any) -> bool:
    return "checks_note" not in described


def assert_up_to_date(place: Place, counts: dict[str, int]) -> None:
    database = Database(place)
    with database.reading() as connection:
        options: dict[str, Any] = {"version_table": opening.VERSION_TABLE, "compare_type": True}
        if database.is_server:  # where no index may hold long notes
            options["include_name"] = options["include_object"] = _is_no_index_of_notes
        assert (
            compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
        )
        found = count_all(connection)
        assert {name: found[name] for name in counts} == counts
        if not database.is_server:
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall() == []
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    database.close()


def assert_days_agree(place: Place, count: int) -> None:
    database = Database(place)
    with database.reading() as connection:
        assert days.are_kept(connection)
        assert days.agree(connection, is_thorough=True)
        assert days.count(connection, RowQuery(None)) == count
    database.close()


def contents(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as raw:
        return list(raw.iterdump())


#: What the first version had of each table's tilts, by what their names begin with.
OLD_TILTS = {
    "checks": ("",),
    "details": ("contour_", "marked_", "stickers_", "belt_"),
    "repeats": ("",),
}
PARTS = ("reading", "roll", "bones")
#: How wide the intervals were on either side.
HALF_DEG = 4.3


def to_the_first(connection: sa.Connection) -> None:
    """Take a database of this version back to the first: ends of intervals, and no parts.

    Nor did a check rest on a calibration.
    """
    run = connection.exec_driver_sql
    for index in ("checks_trend", "checks_arms", "checks_note"):
        run(f"DROP INDEX IF EXISTS {index}")
    run("DROP TABLE days")
    for name in ("renewals", "days_rule"):
        run(f"ALTER TABLE about DROP COLUMN {name}")
    for table, prefixes in OLD_TILTS.items():
        for prefix in prefixes:
            for end, sign in (("low", "-"), ("high", "+")):
                run(f"ALTER TABLE {table} ADD COLUMN {prefix}{end}_deg DOUBLE PRECISION")
                half = f"{HALF_DEG} + 0 * {prefix}angle_deg"
                run(f"UPDATE {table} SET {prefix}{end}_deg = {prefix}angle_deg {sign} ({half})")
            for part in PARTS:
                run(f"ALTER TABLE {table} DROP COLUMN {prefix}sd_{part}_deg")
    for name in ("calibrated_us", "calibrated_offset_s"):
        run(f"ALTER TABLE checks DROP COLUMN {name}")
    for name in ("client_id", "birth_year", "next_check_on"):
        run(f"ALTER TABLE profiles DROP COLUMN {name}")
    for column in details.c:
        if column.name.startswith("lens_"):
            run(f"ALTER TABLE details DROP COLUMN {column.name}")
    run(
        "CREATE INDEX checks_trend ON checks (profile_id, method, taken_us, id, angle_deg, "
        "low_deg, high_deg) WHERE hidden_by IS NULL"
    )
    run(f"UPDATE {opening.VERSION_TABLE} SET version_num = '{OLD}'")


def older_version(place: Place) -> dict[str, int]:
    """Make a database as an older program did, with something in every table."""
    with History.open(place) as history:
        anna = history.add_profile("Anna").id
        for day in range(2):
            taken = repeats(11.0, 12.0, 13.0) if day else ()
            history.save(new_check(anna, day=day, note="old", rgb=picture(), repeats=taken))
        history.save_squeeze(new_squeeze(anna))
    database = Database(place)
    with database.writing() as connection:
        to_the_first(connection)
        counts = count_all(connection)
    database.close()
    return counts


@KINDS
def test_what_an_older_version_kept_is_all_there_and_can_be_added_to(
    request: pytest.FixtureRequest, folder: Path, kind: str
) -> None:
    place = place_of(kind, request, folder)
    counts = older_version(place)
    History.open(place).close()
    assert_up_to_date(place, counts)
    assert_days_agree(place, 2)
    with History.open(place) as history:
        anna = history.find_profile("Anna")
        assert (anna.client_id, anna.birth_year, anna.next_check_on) == ("", None, None)
        more = replace(anna, client_id="A-7", birth_year=1980, next_check_on=WHEN.date())
        assert history.change_profile(more) == history.find_profile("Anna") == more
        rows = history.rows(RowQuery(anna.id, order=RowOrder.OLDEST), 0, 9)
        assert len(rows) == 2
        for row, day in zip(rows, range(2), strict=True):
            check, new = history.check(row.id), new_check(anna.id, day=day, note="old")
            assert check.row == row
            assert row.repeat_count == len(check.repeats) == 3 * day
            assert (row.taken_at, row.conditions) == (new.taken_at, new.conditions)
            assert check.result.capture.lens is None
            known = without_lens(without_doubts(new.result))
            assert_same(without_doubts(check.result), known)
            assert_doubts_are_filled_in(check)
        taken = repeats(11.0, 12.0)
        added = history.save(new_check(anna.id, repeats=taken))
        assert history.check(added.row.id).repeats == taken
        test = history.save_squeeze(new_squeeze(anna.id, day=1))
        assert history.squeezes(anna.id)[1:] == [test]
        assert history.entries(anna.id) == []
        entry = history.note(anna.id, WHEN, Pain())
        assert history.entries(anna.id) == [entry]
    assert len(list(place.backups.glob(f"history-{OLD}-*"))) == (kind == "file")


@KINDS
def test_an_older_version_stays_as_it_was_when_its_upgrade_fails(
    request: pytest.FixtureRequest,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    kind: str,
) -> None:
    place = place_of(kind, request, folder)
    older_version(place)
    before = contents(place.database) if kind == "file" else []
    shutil.copytree(opening.MIGRATIONS, folder / "migrations")
    monkeypatch.setattr(opening, "MIGRATIONS", folder / "migrations")
    (step_up,) = (opening.MIGRATIONS / "versions").glob("v0004_*.py")
    whole = step_up.read_text(encoding="utf-8")
    step_up.write_text(whole.replace("    op.create_index(", "    1 / 0\n    op.create_index("))
    with pytest.raises(UpgradeFailed, match="left as it was"):
        History.open(place)
    assert "ZeroDivisionError" in caplog.text
    if kind == "file":
        assert contents(place.database) == before
    step_up.write_text(whole, encoding="utf-8")
    with History.open(place) as history:
        assert history.count(RowQuery(None)) == 2


def without_lens(result: Measured) -> Measured:
    """Return a measurement as it was before it was told where the lens was."""
    return replace(result, capture=replace(result.capture, lens=None))


def without_doubts(result: Measured) -> Measured:
    """Return a measurement whose tilts have nothing but their angles."""
    sure = Doubt(0.0, 0.0, 0.0)
    changed: dict[str, Any] = {
        name: replace(tilt, doubt=sure)
        for name in ("tilt", "contour", "marked", "stickers")
        if (tilt := getattr(result, name)) is not None
    }
    if result.belt_line is not None:
        belt = replace(result.belt_line, tilt=replace(result.belt_line.tilt, doubt=sure))
        changed["belt_line"] = belt
    return replace(result, **changed)


def assert_doubts_are_filled_in(check: Check) -> None:
    """The half width was that of reading and roll; of a contour, the bones come to it."""
    result = check.result
    assert result.belt_line is not None
    tilts = [result.tilt, result.contour, result.marked, result.stickers, result.belt_line.tilt]
    for tilt in (*tilts, *(repeat.tilt for repeat in check.repeats)):
        assert tilt is not None
        assert Z_90 * tilt.doubt.own_deg == pytest.approx(HALF_DEG)
        assert tilt.doubt.roll_deg == result.capture.roll_sd_deg
        bones_deg = BONES_SD_DEG if tilt.method is Method.CONTOUR else 0.0
        assert tilt.doubt.bones_deg == bones_deg


def test_the_first_versions_file_is_upgraded(file_place: Place) -> None:
    file_place.folder.mkdir()
    shutil.copy(EARLIER / "history" / "history.sqlite3", file_place.database)
    before = contents(file_place.database)
    database = Database(file_place)
    assert opening.bring_up(database)
    assert not opening.bring_up(database)
    database.close()
    (copy,) = file_place.backups.glob(f"history-{OLD}-*")
    assert contents(copy) == before
    assert_up_to_date(file_place, {"checks": 10, "squeezes": 3})


@KINDS
def test_a_new_database_is_of_this_version(
    request: pytest.FixtureRequest, folder: Path, kind: str
) -> None:
    place = place_of(kind, request, folder)
    History.open(place).close()
    assert_up_to_date(place, {"about": 1})
    database = Database(place)
    with database.reading() as connection:
        assert opening.revision_of(connection) == REVISIONS[-1]
    database.close()


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


@KINDS
def test_an_upgrade_that_fails_half_way_leaves_the_old_one(
    request: pytest.FixtureRequest,
    folder: Path,
    later: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    kind: str,
) -> None:
    place = place_of(kind, request, folder)
    with History.open(place) as history:
        saved = history.save(new_check(history.default_profile().id))
    before = contents(place.database) if kind == "file" else []
    now = opening.MIGRATIONS
    later(ADD_COLUMN + 'op.execute("DELETE FROM checks")\nraise ZeroDivisionError')
    with pytest.raises(UpgradeFailed, match="left as it was"):
        History.open(place)
    assert "ZeroDivisionError" in caplog.text
    if kind == "file":
        assert contents(place.database) == before
    monkeypatch.setattr(opening, "MIGRATIONS", now)
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

    monkeypatch.setattr(opening, "_back_up", no_room)
    with pytest.raises(FullDisk):
        History.open(file_place)
    assert contents(file_place.database) == before


@KINDS
def test_a_newer_version_is_refused_untouched(
    request: pytest.FixtureRequest, folder: Path, kind: str
) -> None:
    place = place_of(kind, request, folder)
    with History.open(place) as history:
        history.default_profile()
    database = Database(place)
    with database.writing() as connection:
        connection.exec_driver_sql(f"UPDATE {opening.VERSION_TABLE} SET version_num = '9999'")
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


@KINDS
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
    old, new = (file_place.backups / f"history-{OLD}-{age}.sqlite3" for age in ("old", "new"))
    for path in (old, new):
        path.touch()
    age_s = (opening.BACKUP_DAYS + 1) * 86400
    os.utime(old, (time.time() - age_s, time.time() - age_s))
    History.open(file_place).close()
    assert list(file_place.backups.iterdir()) == [new]
