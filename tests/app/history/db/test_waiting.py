"""Days are counted by openings, so that no clock can end them early."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.history import values
from app.history.db.waiting import count_waiting
from tests.app.history.made_up import clock_ahead

if TYPE_CHECKING:
    from pathlib import Path

DAY_US = 24 * 3600 * 1_000_000


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "waiting.json"


def count_on(days: list[float], kept: Path, since_us: dict[str, int]) -> dict[str, float]:
    """Count on days from today on, and return what came of the last."""
    found: dict[str, float] = {}
    for day in days:
        with pytest.MonkeyPatch.context() as patch, clock_ahead(patch, day):
            found = count_waiting(kept, since_us)
    return found


def test_days_add_up_and_a_week_at_most_counts_from_one_to_the_next(kept: Path) -> None:
    since = {"a": values.utc_us(values.now())}
    assert count_on([0], kept, since)["a"] == pytest.approx(0, abs=0.01)
    assert count_on([1, 2, 4], kept, since)["a"] == pytest.approx(4, abs=0.01)
    assert count_on([90], kept, since)["a"] == pytest.approx(11, abs=0.01)


def test_a_clock_that_leaps_gives_nothing(kept: Path) -> None:
    since = {"a": values.utc_us(values.now())}
    assert count_on([0, 5, 3650, 3651, 5], kept, since)["a"] == pytest.approx(6, abs=0.01)
    assert count_on([40, 5, 40, 5, 40, 5], kept, since)["a"] == pytest.approx(6, abs=0.01)


def test_what_was_put_away_with_a_wrong_clock_begins_now(kept: Path) -> None:
    assert count_on([0], kept, {"a": 0, "b": 1 << 60})["a"] == 0
    assert count_on([3], kept, {"a": 0, "b": 1 << 60}) == pytest.approx({"a": 3, "b": 3}, abs=0.01)


def test_what_waits_no_more_is_forgotten(kept: Path) -> None:
    now_us = values.utc_us(values.now())
    count_on([0, 6], kept, {"a": now_us, "b": now_us})
    assert set(count_on([7], kept, {"b": now_us})) == {"b"}
    assert count_on([7], kept, {"a": now_us, "b": now_us})["b"] == pytest.approx(7, abs=0.01)
    assert count_waiting(kept, {}) == {}
    assert not kept.exists()


@given(st.binary(max_size=80) | st.from_regex(r'\{"seen_us": .{1,9}, "waited_us": .{1,12}\}'))
def test_a_broken_file_counts_for_nothing(
    tmp_path_factory: pytest.TempPathFactory, content: bytes | str
) -> None:
    kept = tmp_path_factory.mktemp("broken") / "waiting.json"
    kept.write_bytes(content.encode() if isinstance(content, str) else content)
    assert count_waiting(kept, {"a": 0}) == {"a": 0}
    assert count_waiting(kept, {"a": 0})["a"] == pytest.approx(0, abs=0.01)
