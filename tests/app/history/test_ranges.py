"""Range tests: kept and read as they were, and compared by what counts."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.history.diary import Pain, RangeKept, RangeSource
from app.history.diary_record import content_of
from app.history.exchange.files import export_file, import_file
from app.history.place import Place
from app.history.ranges import range_change, read_ranges
from app.history.store import History
from tests.app.history.made_up import WHEN
from tests.made_up_results import range_result
from vision.result import Method

if TYPE_CHECKING:
    from pathlib import Path


def test_tests_are_read_oldest_first_and_nothing_else(history: History) -> None:
    whose = history.default_profile().id
    later, first = RangeKept(range_result(18.0)), RangeKept(range_result(20.0), note="first")
    history.note(whose, WHEN + timedelta(days=7), later)
    history.note(whose, WHEN, first)
    history.note(whose, WHEN, Pain())
    found = read_ranges(history, whose)
    assert [test.kept for test in found] == [first, later]
    assert [test.taken_at for test in found] == [WHEN, WHEN + timedelta(days=7)]
    assert found[0].result == first.result


def test_a_test_is_deleted_with_a_way_back(history: History) -> None:
    whose = history.default_profile().id
    entry = history.note(whose, WHEN, RangeKept(range_result()))
    deletion = history.delete([entry.id], "diary")
    assert read_ranges(history, whose) == []
    history.restore(deletion)
    assert len(read_ranges(history, whose)) == 1


def test_an_export_makes_the_same_test_again_once(history: History, tmp_path: Path) -> None:
    whose = history.default_profile().id
    kept = RangeKept(range_result(place_percent=-5.0), RangeSource.PHOTOGRAPHS, "=1+1")
    history.note(whose, WHEN, kept)
    path = tmp_path / "all.json"
    export_file(history, path)
    with History.open(Place(tmp_path / "other")) as other:
        assert import_file(other, path).entries == 1
        assert import_file(other, path).entries == 0
        (test,) = read_ranges(other, other.find_profile(history.default_profile().name).id)
    assert (test.kept, test.taken_at) == (kept, WHEN)


@pytest.mark.parametrize("part", ["reading_deg", "roll_deg", "bones_deg"])
def test_a_file_that_was_tampered_with_makes_no_test(part: str) -> None:
    values = json.loads(json.dumps(asdict(RangeKept(range_result()))))
    assert content_of("range", json.dumps(values)) == RangeKept(range_result())
    values["result"]["relaxed"]["doubt"][part] = -1.0
    with pytest.raises(ValueError, match="below 0"):
        content_of("range", json.dumps(values))


def test_changes_are_judged_by_both_intervals_and_the_day() -> None:
    change = range_change(range_result(20.0, 50.0), range_result(21.0, 55.0))
    assert change is not None
    assert (change.range_deg, change.place_percent) == (1.0, 5.0)
    # 1.96 * sqrt(2) * hypot(3 / 1.645, 1.6), and of the place with 8 % a day.
    assert (change.least_range_deg, change.least_place_percent) == (7.0, 28.0)
    assert not change.is_wider_or_narrower
    assert not change.is_elsewhere


def test_a_large_change_counts() -> None:
    change = range_change(range_result(12.0, 20.0), range_result(20.0, 80.0))
    assert change is not None
    assert change.is_wider_or_narrower
    assert change.is_elsewhere


@given(st.floats(10, 30), st.floats(0, 100), st.floats(10, 30), st.floats(0, 100))
def test_the_way_back_is_the_same_change_reversed(
    range_deg: float, place: float, other_deg: float, other_place: float
) -> None:
    one, other = range_result(range_deg, place), range_result(other_deg, other_place)
    there, back = range_change(one, other), range_change(other, one)
    assert there is not None
    assert back is not None
    assert there.range_deg == -back.range_deg
    assert there.place_percent == -back.place_percent
    assert there.least_range_deg == back.least_range_deg
    assert there.least_place_percent == back.least_place_percent


def test_methods_are_never_mixed() -> None:
    assert range_change(range_result(), range_result(method=Method.STICKERS)) is None


def test_the_bones_do_not_enter_a_change() -> None:
    one = range_result()
    doubt = replace(one.relaxed.doubt, bones_deg=9.0)
    other = replace(one, relaxed=replace(one.relaxed, doubt=doubt))
    assert range_change(one, other) == range_change(one, one)
