"""An angle that goes up and comes back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vision.coach.lying_figures import course
from vision.coach.events import RepetitionPhase
from vision.coach.repetition import LONGEST_GAP_MS, MedianFilter, RepetitionDetector, Stroke

START_DEG, TOP_DEG = 150.0, 165.0


def strokes(
    values: list[float], fps: float = 15.0, *, drop_deg: float | None = None
) -> list[Stroke]:
    """Return every way up and back in a course of values."""
    detector = RepetitionDetector(START_DEG, TOP_DEG, drop_deg)
    found = [detector.add(1000.0 * index / fps, value) for index, value in enumerate(values)]
    return [stroke for stroke in found if stroke is not None]


@given(
    top_deg=st.floats(168, 200),
    way_s=st.floats(0.4, 4.0),
    hold_s=st.floats(0.0, 5.0),
    fps=st.sampled_from([10.0, 15.0, 25.0, 60.0]),
)
def test_a_way_is_timed_whatever_the_camera_and_the_speed(
    top_deg: float, way_s: float, hold_s: float, fps: float
) -> None:
    ways = ((140.0, 1.0), (top_deg, way_s), (top_deg, hold_s), (140.0, way_s), (140.0, 1.0))
    found = strokes(course(*ways, start=140.0, fps=fps), fps)
    assert len(found) == 1
    stroke = found[0]
    assert stroke.has_reached_top
    assert stroke.is_from_start
    assert stroke.top_deg == pytest.approx(top_deg, abs=0.1)
    assert stroke.bottom_deg == pytest.approx(140.0, abs=0.1)
    assert hold_s - 0.2 <= stroke.hold_s <= hold_s + 2 * way_s
    for timed_s in (stroke.up_s, stroke.down_s):
        if timed_s is not None:
            assert timed_s == pytest.approx(way_s, abs=max(0.15 * way_s, 2.5 / fps))


@given(st.lists(st.floats(148.0, 162.0), min_size=40, max_size=120))
def test_what_never_reaches_the_top_is_never_a_top(values: list[float]) -> None:
    assert not any(stroke.has_reached_top for stroke in strokes(values))


@given(st.lists(st.floats(120.0, 200.0), max_size=150))
def test_whatever_comes_the_top_is_above_the_bottom_and_nothing_lasts_less_than_nothing(
    values: list[float],
) -> None:
    for stroke in strokes(values):
        assert stroke.top_deg > stroke.bottom_deg
        assert stroke.hold_s >= 0
        assert all(way_s is None or way_s >= 0 for way_s in (stroke.up_s, stroke.down_s))
        assert not stroke.is_too_quick or stroke.hold_s < 1.0


def test_jitter_at_the_threshold_is_one_top() -> None:
    jitter = [TOP_DEG + (2.0 if index % 2 else -2.0) for index in range(30)]
    found = strokes([*[140.0] * 15, *course((TOP_DEG, 1.0), start=140.0), *jitter, *[140.0] * 5])
    assert len(found) == 1


def test_whoever_begins_at_the_top_has_not_gone_up() -> None:
    found = strokes([*[175.0] * 30, *course((140.0, 1.0), start=175.0), *[140.0] * 15])
    assert not any(stroke.has_reached_top for stroke in found)


def test_a_rest_that_has_drifted_up_is_the_new_start() -> None:
    drifted = course((140.0, 1.0), (148.0, 3.0), (148.0, 3.0), start=140.0)
    detector = RepetitionDetector(START_DEG, TOP_DEG)
    for index, value in enumerate(drifted):
        detector.add(1000.0 * index / 15, value)
    assert detector.phase is RepetitionPhase.START


def test_a_gap_between_pictures_begins_anew() -> None:
    detector = RepetitionDetector(START_DEG, TOP_DEG)
    for index in range(30):
        detector.add(66.0 * index, 140.0)
    assert detector.phase is RepetitionPhase.START
    assert detector.add(66.0 * 29 + LONGEST_GAP_MS + 1, 175.0) is None
    assert detector.left_share == 0.0
    assert [detector.phase] == [RepetitionPhase.UNKNOWN]


def test_with_a_drop_whoever_sinks_is_back_only_when_they_are_down() -> None:
    sinks = course((175.0, 1.0), (175.0, 2.0), (160.0, 1.0), (175.0, 1.0), start=140.0)
    values = [*[140.0] * 15, *sinks, *course((140.0, 1.0), start=175.0), *[140.0] * 15]
    assert len(strokes(values, drop_deg=10.0)) == 1
    hold_s = strokes(values, drop_deg=10.0)[0].hold_s
    assert 2.0 <= hold_s <= 3.5


def test_a_median_follows_and_leaves_outliers_out() -> None:
    median_filter = MedianFilter()
    for index in range(20):
        odd = 500.0 if index == 10 else 0.0
        steady = median_filter.add(66.0 * index, np.array([index + odd, 1.0]))
        assert abs(float(steady[0]) - index) <= 2.5
        assert steady[1] == 1.0
    median_filter.reset()
    assert median_filter.add(5000.0, np.array([7.0]))[0] == 7.0
