"""The trend of very many checks: its outline holds all of them, and what is known is renewed."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.history.change.trend_line import fit_trend, read_line
from app.history.db import days, trends
from app.history.records import RowOrder, RowQuery
from app.history.store import History
from tests.app.history.db.busy import METHODS, Busy, made
from tests.app.history.db.test_lists import read_one_by_one

if TYPE_CHECKING:
    from app.history.place import Place
    from app.history.records import Profile, Trend

pytestmark = pytest.mark.usefixtures("few_are_many")
_DAY_S = 86_400


def plain_trend(place: Place, query: RowQuery) -> Trend:
    """Return a trend as it is read from the checks themselves."""
    with read_one_by_one(), History.open(place) as plain:
        return plain.trend(query)


def assert_same_trends(history: History, place: Place) -> None:
    for person in history.profiles():
        for query in (RowQuery(person.id, method) for method in METHODS):
            for wanted in (query, replace(query, text="walk"), replace(query, garment="jeans")):
                found, plain = history.trend(wanted), plain_trend(place, wanted)
                for name in (one.name for one in fields(plain)[1:]):
                    np.testing.assert_array_equal(getattr(found, name), getattr(plain, name))
            assert_same_line(history, place, query)
            assert_outlined(place, query)


def assert_same_line(history: History, place: Place, query: RowQuery) -> None:
    line = read_line(history, query)
    with read_one_by_one(), History.open(place) as plain:
        assert plain.day_sums(query) is None
        wanted = fit_trend(plain.angles(query))
    assert (line is None) == (wanted is None)
    if line is not None and wanted is not None:
        found = [getattr(line, one.name) for one in fields(line)]
        assert found == pytest.approx([getattr(wanted, one.name) for one in fields(wanted)])


def assert_outlined(place: Place, query: RowQuery) -> None:
    with History.open(place) as fresh:
        outline = fresh.outline(query)
        trend = plain_trend(place, query)
        if not len(trend.ids):
            assert outline is None
            return
        assert outline is not None
        day = np.floor(trend.taken_at_s / _DAY_S)
        wanted = np.unique(day)
        np.testing.assert_allclose(outline.taken_at_s, (wanted + 0.5) * _DAY_S)
        for place_, one in enumerate(wanted):
            angle_deg, half_deg = trend.angle_deg[day == one], trend.change_half_deg[day == one]
            assert outline.least_deg[place_] == angle_deg.min()
            assert outline.most_deg[place_] == angle_deg.max()
            assert outline.low_deg[place_] == pytest.approx((angle_deg - half_deg).min())
            assert outline.high_deg[place_] == pytest.approx((angle_deg + half_deg).max())


@pytest.mark.parametrize("seed", range(3))
def test_trends_are_the_same_whatever_was_done(history: History, place: Place, seed: int) -> None:
    somebody = Busy(history, random.Random(100 + seed))
    for _ in range(10):
        for _ in range(3):
            somebody.act()
        assert_same_trends(history, place)


@pytest.mark.parametrize(("name", "value"), [("angle_deg", "x"), ("high_deg", float("inf"))])
def test_days_that_make_no_sense_are_passed_over(
    history: History, me: Profile, place: Place, name: str, value: object
) -> None:
    if place.server_url is not None:
        pytest.skip("a server looks after its own disk")
    query, chance = RowQuery(me.id, METHODS[0], order=RowOrder.OLDEST), random.Random(3)
    for _ in range(12):
        history.save(made(me.id, chance))
    expected = history.outline(query)
    assert expected is not None
    assert history.day_sums(query) is not None
    with closing(sqlite3.connect(place.database)) as raw, raw:
        raw.execute(f"UPDATE days SET {name} = ? WHERE number > 0", (value,))
    with History.open(place) as again:
        is_of_sums = name == "angle_deg"
        assert (again.day_sums(query) is None) == is_of_sums
        assert (again.outline(query) is None) == (not is_of_sums)
    assert_same_line(history, place, query)


def test_after_a_save_one_day_of_a_trend_is_read(
    history: History, me: Profile, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = RowQuery(me.id, METHODS[0], order=RowOrder.OLDEST)
    chance = random.Random(6)
    for _ in range(12):
        history.save(made(me.id, chance))
    history.trend(query)
    assert history.outline(query) is None  # all of it is known
    history.save(made(me.id, chance))
    assert history.outline(query) is None  # but for a day
    monkeypatch.delattr(trends, "_read_trend")
    found = history.trend(query)
    assert history.trend(query) is found
    monkeypatch.undo()
    np.testing.assert_array_equal(found.ids, plain_trend(place, query).ids)
    with pytest.raises(ValueError, match="read-only"):
        found.angle_deg[:1] = 0


def test_with_many_days_changed_all_of_it_is_read(
    history: History, me: Profile, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = RowQuery(me.id, METHODS[0])
    chance = random.Random(7)
    for _ in range(12):
        history.save(made(me.id, chance))
    history.trend(query)
    monkeypatch.setattr(trends, "_DAYS_ANEW", 0)
    history.save(made(me.id, chance))
    assert history.outline(query) is not None
    np.testing.assert_array_equal(history.trend(query).ids, plain_trend(place, query).ids)


def test_part_of_the_time_has_an_outline_of_its_days(history: History, me: Profile) -> None:
    chance = random.Random(8)
    for day in range(10):
        at = datetime(2026, 3, 1, 12, tzinfo=UTC) + timedelta(days=day)
        new = made(me.id, chance)
        tilt = replace(new.result.tilt, method=METHODS[0])
        history.save(replace(new, taken_at=at, result=replace(new.result, tilt=tilt)))
    since, until = (datetime(2026, 3, day, tzinfo=UTC) for day in (3, 6))
    query = RowQuery(me.id, METHODS[0], since=since, until=until)
    outline = history.outline(query)
    assert outline is not None
    first = datetime(2026, 3, 3, 12, tzinfo=UTC).timestamp()
    assert outline.taken_at_s[0] == first
    assert len(outline.taken_at_s) in (3, 4)  # the day of the end in whole
    assert history.count(query) == 3


def test_few_checks_have_no_outline(
    history: History, me: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.save(made(me.id, random.Random(9)))
    monkeypatch.setattr(days, "MANY", 20_000)
    for method in METHODS:
        assert history.outline(RowQuery(me.id, method)) is None
        assert history.day_sums(RowQuery(me.id, method)) is None
