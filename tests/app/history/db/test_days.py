"""What is kept of days is what their checks come to, whatever was done to these."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import sqlalchemy as sa

from app.history.db import days
from app.history.db.engine import Database
from app.history.db.schema import about, checks, profiles
from app.history.db.schema import days as table
from app.history.records import RowOrder, RowQuery
from app.history.store import History
from tests.app.history.db.busy import Busy, made
from tests.app.history.made_up import new_check
from vision.result import Z_90, Method
from vision.series import change_sds_deg, within_body_sds_deg

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.history.place import Place
    from app.history.records import Profile

_STEPS = 30
pytestmark = pytest.mark.usefixtures("few_are_many")


@pytest.fixture
def database(place: Place, history: History) -> Iterator[Database]:
    """The history's database once more, to look into."""
    found = Database(place)
    yield found
    found.close()


def plain_sums(database: Database) -> dict[tuple[Any, ...], list[float]]:
    """Add up in Python all checks that are shown, one by one."""
    found: dict[tuple[Any, ...], list[float]] = {}
    with database.reading() as connection:
        rows = connection.execute(sa.select(checks).where(checks.c.hidden_by.is_(None))).all()
    epoch = datetime(1970, 1, 1)
    for row in rows:
        at = epoch + timedelta(microseconds=row.taken_us)
        local = at + timedelta(seconds=row.taken_offset_s)
        key = (
            *(row.profile_id, (at - epoch).days, (local - epoch).days),
            *(row.method, row.garment, row.arms, row.calibrated_us),
        )
        method = Method(row.method)
        half_deg = Z_90 * change_sds_deg(method, row.sd_reading_deg, row.sd_roll_deg)
        spread_deg = row.repeat_spread_deg or 0.0
        within_deg = within_body_sds_deg(
            method, *map(np.array, (row.sd_reading_deg, row.repeat_count, spread_deg))
        )
        low_deg, high_deg = float(row.angle_deg - half_deg), float(row.angle_deg + half_deg)
        into_s = (at - datetime(at.year, at.month, at.day)).total_seconds()
        sums = found.setdefault(key, [0.0] * 5 + [low_deg, high_deg] + [row.angle_deg] * 2)
        added = 1, into_s, row.angle_deg, float(within_deg) ** 2, row.sd_roll_deg**2
        sums[:5] = [one + more for one, more in zip(sums, added, strict=False)]
        sums[5:] = [
            *(min(sums[5], low_deg), max(sums[6], high_deg)),
            *(min(sums[7], row.angle_deg), max(sums[8], row.angle_deg)),
        ]
    return found


def kept_sums(database: Database) -> dict[tuple[Any, ...], list[float]]:
    """Return what the database keeps of days."""
    keys = "profile_id", "day", "local_day", "method", "garment", "arms", "calibrated_us"
    names = "number", "into_day_s", "angle_deg", "within_deg2", "roll_deg2"
    ends = "low_deg", "high_deg", "least_deg", "most_deg"
    with database.reading() as connection:
        assert days.are_kept(connection)
        rows = connection.execute(sa.select(table).where(table.c.number > 0)).mappings().all()
    found = {tuple(row[key] for key in keys): [row[one] for one in (*names, *ends)] for row in rows}
    assert len(found) == len(rows)
    return found


def assert_agree(database: Database) -> None:
    wanted, kept = plain_sums(database), kept_sums(database)
    assert kept.keys() == wanted.keys()
    for key, numbers in kept.items():
        assert numbers == pytest.approx(wanted[key], rel=1e-9, abs=1e-9)
    with database.reading() as connection:
        assert days.agree(connection, is_thorough=True)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_done_days_are_what_their_checks_come_to(
    history: History, database: Database, seed: int
) -> None:
    chance = random.Random(seed)
    somebody = Busy(history, chance)
    for _ in range(_STEPS):
        somebody.act()
        assert_agree(database)


@pytest.mark.parametrize("most", [3, 100])
def test_all_people_and_hundreds_of_days_at_once(
    history: History, database: Database, me: Profile, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(days, "_DAYS_MOST", 3)
    monkeypatch.setattr(days, "_TOUCHED_MOST", most)
    monkeypatch.setattr(days, "_BLOCK", 2)
    chance = random.Random(7)
    other = history.add_profile("Ada")
    ids = [history.save(replace(made(me.id, chance), taken_at=at)).row.id for at in _spread(8)]
    history.save(made(other.id, chance))
    deletion = history.delete(ids)
    assert_agree(database)
    history.restore(deletion)
    assert_agree(database)
    everything = history.delete_everything()
    assert plain_sums(database) == {}
    assert_agree(database)
    history.restore(everything)
    assert_agree(database)


def _spread(count: int) -> list[datetime]:
    return [datetime(2026, 3, 1 + day, 12, tzinfo=UTC) for day in range(count)]


def test_what_fails_half_way_leaves_days_as_they_were(
    history: History, database: Database, me: Profile
) -> None:
    history.save(new_check(me.id))
    before = kept_sums(database)

    def fail() -> None:
        with database.writing() as connection:
            days.touch(connection, checks.c.id == 1)
            connection.execute(checks.update().values(angle_deg=1.0))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert kept_sums(database) == before
    assert_agree(database)


def spoil(database: Database, statement: sa.Executable) -> None:
    """Change the file as another program does that knows nothing of days."""
    with database.writing() as connection:
        connection.execute(statement)


_SPOILED = pytest.mark.parametrize(
    "statement",
    [
        checks.delete().where(checks.c.id == 1),
        checks.update().where(checks.c.id == 1).values(hidden_by="x", hidden_us=0),
        table.delete(),
        table.update().values(number=7),
    ],
)


@_SPOILED
def test_opening_notices_checks_that_came_or_went_otherwise(
    history: History, database: Database, me: Profile, place: Place, statement: sa.Executable
) -> None:
    history.save(new_check(me.id))
    history.save(new_check(me.id, day=1))
    spoil(database, statement)
    with History.open(place):
        assert_agree(database)


@_SPOILED
def test_the_thorough_look_mends_them(
    history: History,
    database: Database,
    me: Profile,
    statement: sa.Executable,
    caplog: pytest.LogCaptureFixture,
) -> None:
    history.save(new_check(me.id))
    history.save(new_check(me.id, day=1))
    spoil(database, statement)
    history.try_out()
    assert_agree(database)
    assert "did not agree" in caplog.text


@pytest.mark.parametrize("name", ["angle_deg", "sd_roll_deg", "garment", "taken_us", "method"])
def test_the_thorough_look_notices_what_was_changed_otherwise(
    history: History,
    database: Database,
    me: Profile,
    name: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    history.save(new_check(me.id))
    new = {"garment": "kilt", "method": "marked", "taken_us": 10**15}.get(name, 3.5)
    spoil(database, checks.update().values({name: new}))
    history.try_out()
    assert_agree(database)
    assert "did not agree" in caplog.text
    history.try_out()
    assert caplog.text.count("did not agree") == 1


def test_days_of_another_rule_are_used_by_nobody_until_the_next_opening(
    history: History, database: Database, me: Profile, place: Place
) -> None:
    history.save(new_check(me.id))
    spoil(database, about.update().values(days_rule="another version's"))
    history.save(new_check(me.id, day=1))
    with database.reading() as connection:
        assert not days.are_used(connection)
        assert connection.execute(sa.select(about.c.days_rule)).scalar() == ""
    assert history.count(RowQuery(me.id)) == 2
    with History.open(place):
        assert_agree(database)


def test_days_are_used_of_very_many_checks_alone(
    history: History, database: Database, me: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.save(new_check(me.id))
    with database.reading() as connection:
        assert days.are_used(connection)
        monkeypatch.setattr(days, "MANY", 1)
        assert not days.are_used(connection)


def test_a_check_that_makes_no_sense_is_in_no_day_and_in_no_list(
    file_place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    with History.open(file_place) as history:
        me = history.default_profile()
        for day in range(3):
            history.save(new_check(me.id, day=day))
        database = Database(file_place)
        spoil(database, checks.update().where(checks.c.id == 2).values(method="guessed"))
        database.close()
    with History.open(file_place) as history:
        query = RowQuery(me.id, order=RowOrder.OLDEST)
        assert [row.id for row in history.rows(query, 0, 9)] == [1, 3]
        assert history.count(query) == 2
        assert list(history.trend(replace(query, method=Method.CONTOUR)).ids) == [1, 3]


def test_whoever_knows_days_learns_which_have_changed(
    history: History, database: Database, me: Profile
) -> None:
    first = history.save(new_check(me.id))
    history.save(new_check(me.id, day=1))
    with database.reading() as connection:
        renewal = days.renewals(connection)
        assert days.touched_since(connection, me.id, renewal) == []
    history.delete([first.row.id])
    day = int(first.row.taken_at.timestamp() // 86_400)
    with database.reading() as connection:
        assert days.touched_since(connection, me.id, renewal) == [day]
        assert days.renewals(connection) == renewal + 1
    history.restore(history.delete_everything())
    with database.reading() as connection:
        assert days.touched_since(connection, me.id, renewal + 1) is not None
    with database.writing() as connection:
        days.renew_all(connection)
    with database.reading() as connection:
        assert days.touched_since(connection, me.id, renewal) is None


def test_a_person_who_is_gone_leaves_no_days(history: History, database: Database) -> None:
    other = history.add_profile("Ada")
    history.save(new_check(other.id))
    history.purge(history.delete_profile(other.id))
    with database.reading() as connection:
        assert connection.execute(sa.select(profiles.c.id)).first() is None
        assert connection.execute(sa.select(table.c.id)).first() is None
