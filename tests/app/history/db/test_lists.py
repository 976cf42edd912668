"""Lists of very many checks are those of a few, and no list is read to its end."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from app.history.db import days, lists
from app.history.records import RowOrder, RowQuery
from app.history.store import History
from tests.app.history.db.busy import GARMENTS, METHODS, Busy, made
from vision.result import Method

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.history.place import Place
    from app.history.records import Profile

pytestmark = pytest.mark.usefixtures("few_are_many")
_SINCE = datetime(2026, 3, 1, 1, tzinfo=UTC)


def queries(profile_id: int | None) -> Iterator[RowQuery]:
    """Give lists of all kinds."""
    whole = RowQuery(profile_id)
    for order in RowOrder:
        yield replace(whole, order=order)
        yield replace(whole, order=order, method=METHODS[0])
        yield replace(whole, order=order, garment=GARMENTS[1])
        yield replace(whole, order=order, text="AFTER")
    for text in ("ärm", "100 %", "shorts after", "nothing has this", " "):
        yield replace(whole, text=text)
        yield replace(whole, text=text, method=METHODS[1], garment=GARMENTS[2])
    yield replace(whole, since=_SINCE)
    yield replace(whole, until=_SINCE, method=METHODS[0], text="walk")


@contextmanager
def read_one_by_one() -> Iterator[None]:
    """Read lists from checks themselves, as those of a few are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(days, "MANY", 10**9)
        yield


def assert_same_lists(history: History, plain: History) -> None:
    people = [None, *(person.id for person in history.profiles())]
    for query in (query for one in people for query in queries(one)):
        with read_one_by_one():
            count, rows = plain.count(query), plain.rows(query, 0, 1000)
        assert history.count(query) == count == len(rows), query
        assert history.rows(query, 0, 1000) == rows, query
        for first in (0, 1, count // 2, count - 1):
            stretch = rows[max(first, 0) : max(first, 0) + 3]
            assert history.rows(query, max(first, 0), 3) == stretch, query
    for person in history.profiles():
        with read_one_by_one():
            methods, garments = plain.methods(person.id), plain.garments(person.id)
        assert history.methods(person.id) == methods
        assert history.garments(person.id) == garments
    shown = history.rows(RowQuery(None), 0, 1000)
    newest = {row.profile_id: row.taken_at for row in reversed(shown)}
    seen = {one.profile.id: one.last_seen_at for one in history.clients()}
    assert {key: at for key, at in seen.items() if at is not None} == newest


@pytest.mark.parametrize("seed", range(3))
def test_lists_are_the_same_whatever_was_done(history: History, place: Place, seed: int) -> None:
    chance = random.Random(seed)
    somebody = Busy(history, chance)
    with History.open(place) as plain:
        for _ in range(4):
            for _ in range(8):
                somebody.act()
            assert_same_lists(history, plain)


def test_checks_in_a_row_are_looked_up_or_read_as_they_lie(
    history: History, me: Profile, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(1)
    other = history.add_profile("Ada")
    for owner in (me, other, other, other):
        history.save(made(owner.id, chance))
    with History.open(place) as plain:
        for times in (0, 1, 10**6):
            monkeypatch.setattr(lists, "_LOOKED_UP", times)
            with History.open(place) as fresh:
                assert_same_lists(fresh, plain)


def test_a_search_is_remembered_until_something_changes(
    history: History, me: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[RowQuery] = []
    look = lists._look_for

    def note(connection: sa.Connection, query: RowQuery) -> lists.Found:
        looked.append(query)
        return look(connection, query)

    monkeypatch.setattr(lists, "_look_for", note)
    chance = random.Random(2)
    query = RowQuery(me.id, text="jeans")
    said = replace(made(me.id, chance).conditions, garment="jeans", note="")
    first = history.save(replace(made(me.id, chance), conditions=said)).row.id
    assert history.count(query) == 1
    assert [row.id for row in history.rows(query, 0, 5)] == [first]
    history.trend(replace(query, method=Method.CONTOUR))
    assert len(looked) == 1
    second = history.save(replace(made(me.id, chance), conditions=said)).row.id
    assert history.count(query) == 2
    history.set_conditions(first, replace(said, garment="kilt"))
    assert [row.id for row in history.rows(query, 0, 5)] == [second]
    history.restore(history.delete([second]))
    assert history.count(query) == 1


@contextmanager
def watched() -> Iterator[list[str]]:
    """Give a list of all that files are asked which are opened meanwhile, values and all."""
    found: list[str] = []

    def trace(raw: Any, record: object) -> None:
        del record
        raw.set_trace_callback(found.append)

    sa.event.listen(sa.Engine, "connect", trace)
    try:
        yield found
    finally:
        sa.event.remove(sa.Engine, "connect", trace)


def plans(place: Place, statements: list[str]) -> list[str]:
    """Return how SQLite goes about what reads."""
    with closing(sqlite3.connect(place.database)) as raw:
        return [
            row[3]
            for statement in statements
            if statement.lstrip().startswith("SELECT")
            for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}")
        ]


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"order": RowOrder.OLDEST},
        {"order": RowOrder.METHOD_REVERSED},
        {"order": RowOrder.GARMENT},
        {"order": RowOrder.ARMS},
        {"order": RowOrder.NOTE},
        {"order": RowOrder.MOST_FORWARD},
        {"method": Method.CONTOUR},
        {"garment": "jeans"},
        {"since": _SINCE},
    ],
    ids=str,
)
def test_no_list_of_a_person_is_read_to_its_end(file_place: Place, change: dict[str, Any]) -> None:
    with History.open(file_place) as history:
        me = history.default_profile()
        for _ in range(12):
            history.save(made(me.id, random.Random(3)))
    with watched() as statements, History.open(file_place) as history:
        statements.clear()  # opening counts all
        query = RowQuery(me.id, **change)
        history.count(query)
        history.rows(query, 0, 5)
        history.methods(me.id)
        history.garments(me.id)
        history.clients()
        by_method = replace(query, method=Method.CONTOUR)
        history.outline(by_method)
        history.day_sums(by_method)
    assert len(statements) > 8
    for plan in plans(file_place, statements):
        assert not plan.startswith("SCAN checks"), plan
    if "since" not in change:  # days know how many there are
        assert not any("count(*)" in one and "note = ''" not in one for one in statements)


def test_a_save_reads_one_day(file_place: Place) -> None:
    chance = random.Random(4)
    with History.open(file_place) as history:
        me = history.default_profile()
        history.save(made(me.id, chance))
    with watched() as statements, History.open(file_place) as history:
        statements.clear()
        history.save(made(me.id, chance))
    found = plans(file_place, statements)
    assert any("USING INDEX checks_taken" in one and "taken_us>" in one for one in found)
    assert not any(plan.startswith("SCAN checks") for plan in found)
