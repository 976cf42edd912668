"""Keeping, finding, changing and deleting checks, on both databases."""

from __future__ import annotations

import math
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.history.clients import Client
from app.history.diary import Pain
from app.history.errors import (
    CheckNotFound,
    ProfileDetailError,
    ProfileNameError,
    ProfileNotFound,
)
from app.history.records import Arms, Conditions, Repeat, RowOrder, RowQuery
from app.history.store import History
from tests import made_up_results
from tests.app.history.made_up import (
    POINTS,
    SIZE_PX,
    WHEN,
    assert_same,
    measured,
    new_check,
    new_squeeze,
    sparse,
)
from vision.result import BONES_SD_DEG, Doubt, Method, TiltEstimate

if TYPE_CHECKING:
    from app.history.place import Place
    from app.history.records import Profile
    from vision.result import Measured

SDS = st.floats(0, 60)


def test_only_the_store_loads_the_database() -> None:
    folder = Path(__file__).parents[3] / "app" / "history"
    names = [f"app.history.{path.stem}" for path in folder.glob("*.py") if path.stem != "store"]
    names += [f"app.history.exchange.{path.stem}" for path in (folder / "exchange").glob("*.py")]
    code = (
        "import sys, importlib\n"
        f"for name in {sorted(names)}: importlib.import_module(name)\n"
        "heavy = {'sqlalchemy', 'alembic', 'PIL', 'cv2'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {heavy}' if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder.parents[1], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("result", [measured(), sparse()], ids=["full", "sparse"])
def test_a_check_comes_back_as_it_was(history: History, me: Profile, result: Measured) -> None:
    new = new_check(me.id, result, note="after a walk", garment="black leggings")
    saved = history.save(new)
    read = history.check(saved.row.id)
    for check in (saved, read):
        assert_same(check.result, result)
        assert check.row.taken_at == WHEN
        assert check.row.taken_at.utcoffset() == timedelta(hours=2)
        assert check.row.tilt == result.tilt
        assert check.row.conditions == new.conditions
        assert check.profile == me
        assert check.size_px == SIZE_PX
        assert check.suggested_points == new.suggested_points
        assert check.picture is None
        assert not check.row.has_picture
        assert check.result.outline_px.shape[0] <= result.outline_px.shape[0] / 2
    assert read.saved_at == saved.saved_at
    assert abs(read.saved_at - datetime.now().astimezone()) < timedelta(minutes=1)
    assert history.rows(RowQuery(me.id), 0, 10) == [saved.row]


def test_reasons_carry_their_numbers_in_todays_words(history: History, me: Profile) -> None:
    found = history.save(new_check(me.id)).result.reasons
    assert found == measured().reasons
    assert "12 degrees" in found[0].message
    assert "150 pixels" in found[2].message


def test_a_check_survives_closing(place: Place) -> None:
    with History.open(place) as history:
        saved = history.save(new_check(history.default_profile().id))
    with History.open(place) as history:
        assert_same(history.check(saved.row.id).result, measured())


@pytest.mark.parametrize("angle_deg", [math.nan, math.inf])
def test_what_is_no_number_is_not_kept(history: History, me: Profile, angle_deg: float) -> None:
    tilt = made_up_results.tilt(angle_deg)
    with pytest.raises(ValueError, match="finite"):
        history.save(new_check(me.id, replace(measured(), tilt=tilt)))
    assert history.count(RowQuery(None)) == 0


def test_a_time_without_offset_is_a_mistake(history: History, me: Profile) -> None:
    naive = replace(new_check(me.id), taken_at=WHEN.replace(tzinfo=None))
    with pytest.raises(ValueError, match="offset"):
        history.save(naive)


def test_odd_text_is_kept_as_far_as_it_is_text(history: History, me: Profile) -> None:
    new = new_check(me.id, note="a\0b \ud800 🦶 % _ \\ '", garment="Größe")
    conditions = history.save(new).row.conditions
    assert conditions.note == "ab ? 🦶 % _ \\ '"
    assert history.check(1).row.conditions == conditions


def test_rows_of_a_profile_in_blocks(history: History, me: Profile) -> None:
    other = history.add_profile("Other")
    for day in (3, 1, 2, 0):
        history.save(new_check(me.id, day=day))
    history.save(new_check(other.id))
    query = RowQuery(me.id)
    assert history.count(query) == 4
    days = [(row.taken_at - WHEN).days for row in history.rows(query, 0, 3)]
    assert days == [3, 2, 1]
    assert [(row.taken_at - WHEN).days for row in history.rows(query, 3, 3)] == [0]
    assert history.rows(query, 4, 3) == []
    assert history.count(RowQuery(None)) == 5
    assert {row.profile_id for row in history.rows(RowQuery(None), 0, 9)} == {me.id, other.id}


def test_every_order(history: History, me: Profile) -> None:
    angles = (5.0, -3.0, 20.0)
    methods = (Method.CONTOUR, Method.BELT, Method.MARKED)
    for day, (angle, method) in enumerate(zip(angles, methods, strict=True)):
        saved = history.save(
            new_check(me.id, measured(angle, method), day=day, note="cab"[day], garment="bca"[day])
        )
        arms = (Arms.HANGING, Arms.CROSSED, None)[day]
        history.set_conditions(saved.row.id, replace(saved.row.conditions, arms=arms))
    orders = {
        RowOrder.NEWEST: [3, 2, 1],
        RowOrder.MOST_FORWARD: [3, 1, 2],
        RowOrder.METHOD: [2, 1, 3],
        RowOrder.GARMENT: [3, 1, 2],
        RowOrder.NOTE: [2, 3, 1],
        RowOrder.ARMS: [2, 1, 3],
    }
    reverses = {
        RowOrder.NEWEST: RowOrder.OLDEST,
        RowOrder.MOST_FORWARD: RowOrder.LEAST_FORWARD,
        RowOrder.METHOD: RowOrder.METHOD_REVERSED,
        RowOrder.GARMENT: RowOrder.GARMENT_REVERSED,
        RowOrder.NOTE: RowOrder.NOTE_REVERSED,
        RowOrder.ARMS: RowOrder.ARMS_REVERSED,
    }
    assert set(reverses) | set(reverses.values()) == set(RowOrder)
    for order, ids in orders.items():
        found = history.rows(RowQuery(me.id, order=order), 0, 9)
        assert [row.id for row in found] == ids, order
        found = history.rows(RowQuery(me.id, order=reverses[order]), 0, 9)
        assert [row.id for row in found] == ids[::-1], reverses[order]


def test_filters(history: History, me: Profile) -> None:
    history.save(new_check(me.id, measured(), note="ÄRGER mit 100 %", garment="Jeans"))
    history.save(new_check(me.id, measured(method=Method.BELT), day=1, garment="Jeans"))
    history.save(new_check(me.id, measured(), day=2, note="100 x"))

    def ids(**wanted: Any) -> list[int]:
        query = replace(RowQuery(me.id, order=RowOrder.OLDEST), **wanted)
        found = [row.id for row in history.rows(query, 0, 9)]
        assert history.count(query) == len(found)
        return found

    assert ids() == [1, 2, 3]
    assert ids(method=Method.BELT) == [2]
    assert ids(garment="Jeans") == [1, 2]
    assert ids(garment="") == [3]
    assert ids(text="ärger") == [1]
    assert ids(text="jeans") == [1, 2]
    assert ids(text=" 100 % ") == [1]
    assert ids(text="_") == []
    assert ids(text="   ") == [1, 2, 3]
    assert ids(since=WHEN + timedelta(days=1)) == [2, 3]
    assert ids(until=WHEN + timedelta(days=1)) == [1]
    assert ids(since=WHEN, until=WHEN + timedelta(days=2), method=Method.CONTOUR) == [1]


def test_methods_and_garments_most_used_first(history: History, me: Profile) -> None:
    assert history.methods(me.id) == []
    for method, garment in (
        (Method.BELT, "skirt"),
        (Method.CONTOUR, "jeans"),
        (Method.CONTOUR, "jeans"),
        (Method.MARKED, ""),
    ):
        history.save(new_check(me.id, measured(method=method), garment=garment))
    assert history.methods(me.id) == [Method.CONTOUR, Method.BELT, Method.MARKED]
    assert history.garments(me.id) == ["jeans", "skirt"]


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.builds(Doubt, SDS, SDS, SDS), min_size=1, max_size=4))
def test_every_doubt_comes_back_part_by_part(
    history: History, me: Profile, doubts: list[Doubt]
) -> None:
    tilts = [TiltEstimate(Method.CONTOUR, 12.3, doubt) for doubt in doubts]
    taken = tuple(Repeat(WHEN, tilt, 80, 0.5) for tilt in tilts)
    result = replace(measured(), tilt=tilts[0], contour=tilts[-1])
    saved = history.save(new_check(me.id, result, repeats=taken))
    check, trend = history.check(saved.row.id), history.trend(RowQuery(me.id, Method.CONTOUR))
    assert (check.result.tilt, check.result.contour) == (tilts[0], tilts[-1])
    assert [repeat.tilt for repeat in check.repeats] == tilts
    assert trend.tilt(trend.ids.tolist().index(saved.row.id)) == tilts[0]
    (row,) = [one for one in history.rows(RowQuery(me.id), 0, 99) if one.id == saved.row.id]
    assert row.tilt == tilts[0]


def test_trend_is_one_method_oldest_first(history: History, me: Profile) -> None:
    for day, angle in ((2, 9.0), (0, 12.0), (1, 10.5)):
        history.save(new_check(me.id, measured(angle), day=day))
    history.save(new_check(me.id, measured(3.0, Method.BELT)))
    trend = history.trend(RowQuery(me.id, Method.CONTOUR))
    assert trend.ids.tolist() == [2, 3, 1]
    assert trend.ids.dtype == np.int64
    assert trend.angle_deg.tolist() == [12.0, 10.5, 9.0]
    assert [trend.tilt(index).doubt for index in range(3)] == 3 * [Doubt(2.6, 0.5, BONES_SD_DEG)]
    assert trend.taken_at_s[0] == pytest.approx(WHEN.timestamp(), abs=1e-6)
    assert (np.diff(trend.taken_at_s) == 86400).all()
    assert history.trend(RowQuery(me.id, Method.MARKED)).ids.shape == (0,)


def test_trend_is_remembered_until_a_check_comes_or_goes(place: Place) -> None:
    with History.open(place) as here, History.open(place) as elsewhere:
        me = here.default_profile().id
        here.save(new_check(me))
        before = here.trend(RowQuery(me, Method.CONTOUR))
        assert here.trend(RowQuery(me, Method.CONTOUR)) is before
        elsewhere.save(new_check(me, day=1))
        assert here.trend(RowQuery(me, Method.CONTOUR)).ids.tolist() == [1, 2]
        deletion = elsewhere.delete([1])
        assert here.trend(RowQuery(me, Method.CONTOUR)).ids.tolist() == [2]
        elsewhere.restore(deletion)
        assert here.trend(RowQuery(me, Method.CONTOUR)).ids.tolist() == [1, 2]
        with pytest.raises(ValueError, match="read-only"):
            here.trend(RowQuery(me, Method.CONTOUR)).angle_deg[0] = 0


def test_a_clock_set_back_breaks_nothing(history: History, me: Profile) -> None:
    first = history.save(new_check(me.id, day=5))
    second = history.save(new_check(me.id, day=-4000))
    same = history.save(new_check(me.id, day=5))
    ids = [row.id for row in history.rows(RowQuery(me.id), 0, 9)]
    assert ids == [same.row.id, first.row.id, second.row.id]
    assert history.trend(RowQuery(me.id, Method.CONTOUR)).ids.tolist() == ids[::-1]


def test_times_at_the_ends_of_the_calendar(history: History, me: Profile) -> None:
    ends = [datetime.fromisoformat("0001-01-01T00:00:00+14:00")]
    ends.append(datetime.fromisoformat("9999-12-31T23:59:59.999999-12:00"))
    for moment in ends:
        saved = history.save(replace(new_check(me.id), taken_at=moment))
        assert history.check(saved.row.id).row.taken_at == moment
    assert len(history.trend(RowQuery(me.id, Method.CONTOUR)).ids) == 2


def test_conditions_are_changed_in_place(history: History, me: Profile) -> None:
    saved = history.save(new_check(me.id, note="before"))
    changed = Conditions("shorts", Arms.FORWARD, "afterwards")
    history.set_conditions(saved.row.id, changed)
    assert history.check(saved.row.id).row.conditions == changed
    assert history.count(RowQuery(me.id, text="afterwards")) == 1
    assert history.count(RowQuery(me.id, text="before")) == 0
    with pytest.raises(CheckNotFound):
        history.set_conditions(99, changed)


@pytest.mark.parametrize("check_id", [2, 0, -1, 2**31, 2**70])
def test_a_check_that_is_not_there(history: History, me: Profile, check_id: int) -> None:
    history.save(new_check(me.id))
    with pytest.raises(CheckNotFound, match=f"no check number {check_id} in the history"):
        history.check(check_id)


def test_profiles(history: History) -> None:
    assert history.profiles() == []
    me = history.default_profile()
    assert me.name == "Me"
    assert history.default_profile() == me
    anna = history.add_profile("  Anna   Müller ")
    assert anna.name == "Anna Müller"
    assert history.profiles() == [me, anna]
    anna = replace(anna, name="Anna")
    assert history.change_profile(anna) == anna
    assert history.change_profile(anna) == anna
    with pytest.raises(ProfileNameError, match="named 'Me' already"):
        history.change_profile(replace(anna, name="Me"))
    with pytest.raises(ProfileNameError, match="already"):
        history.add_profile("Anna")
    with pytest.raises(ProfileNameError, match="empty"):
        history.add_profile(" \0 ")
    with pytest.raises(ProfileNameError, match="longer than 100"):
        history.add_profile("x" * 101)
    with pytest.raises(ProfileNotFound):
        history.change_profile(replace(anna, id=99, name="Nobody"))
    with pytest.raises(ProfileNotFound):
        history.save(new_check(99))


def test_what_is_known_of_a_person(history: History, me: Profile) -> None:
    known = replace(me, client_id="  A 7\u0301 ", birth_year=1980, next_check_on=date(2026, 5, 1))
    changed = history.change_profile(known)
    assert changed == replace(known, client_id="A 7\u0301")
    assert history.profiles() == [changed]
    for wrong in (replace(me, client_id="x" * 41), replace(me, birth_year=1899)):
        with pytest.raises(ProfileDetailError):
            history.change_profile(wrong)
    with pytest.raises(ProfileDetailError, match="3000 cannot be a year of birth"):
        history.change_profile(replace(me, birth_year=3000))
    assert history.profiles() == [changed]
    assert history.change_profile(me) == me


def test_when_people_were_last_measured(history: History, me: Profile) -> None:
    anna, hans = history.add_profile("Anna"), history.add_profile("Hans")
    history.save(new_check(me.id, day=1))
    last = history.save(new_check(me.id, day=5))
    gone = history.save(new_check(me.id, day=9))
    history.delete([gone.row.id])
    squeeze = history.save_squeeze(new_squeeze(anna.id, day=3))
    history.note(hans.id, WHEN, Pain())  # is no measurement
    seen = {client.profile.id: client.last_seen_at for client in history.clients()}
    assert seen == {me.id: last.row.taken_at, anna.id: squeeze.taken_at, hans.id: None}


def test_a_check_is_due_from_its_day_on_until_there_is_one(me: Profile) -> None:
    planned = replace(me, next_check_on=date(2026, 5, 10))
    seen = datetime(2026, 5, 3, 12, tzinfo=UTC)
    assert not Client(me, seen).is_due(date(2030, 1, 1))
    assert not Client(planned, seen).is_due(date(2026, 5, 9))
    assert Client(planned, seen).is_due(date(2026, 5, 10))
    assert Client(planned).is_due(date(2026, 6, 1))
    assert not Client(planned, seen.replace(day=10)).is_due(date(2026, 6, 1))


def test_five_hundred_clients_are_read_quickly(history: History) -> None:
    for number in range(500):
        history.add_profile(f"Client {number}")
    start = time.perf_counter()
    assert len(history.clients()) == 500
    assert time.perf_counter() - start < 0.5


def test_many_threads_at_once(history: History, me: Profile) -> None:
    problems: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for day in range(5):
                history.save(new_check(me.id, day=day, note=f"thread {number}"))
                history.rows(RowQuery(me.id), 0, 10)
                history.trend(RowQuery(me.id, Method.CONTOUR))
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert history.count(RowQuery(me.id)) == 30
    assert len(history.trend(RowQuery(me.id, Method.CONTOUR)).ids) == 30


def test_marked_points_are_exact(history: History, me: Profile) -> None:
    saved = history.save(new_check(me.id, measured(method=Method.MARKED)))
    assert history.check(saved.row.id).result.points == POINTS
