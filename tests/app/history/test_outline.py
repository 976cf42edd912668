"""Outlines with few corners that look like those with many."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from app.history.check_record import TOLERANCE_PX, simplify_outline

if TYPE_CHECKING:
    from numpy.typing import NDArray

Points = arrays(
    np.float32,
    st.tuples(st.integers(0, 60), st.just(2)),
    elements=st.integers(0, 400).map(float),
)


def distance_px(point: NDArray[np.float64], corners: NDArray[np.float64]) -> float:
    """Return how far a point is from the closed outline through these corners."""
    best = np.inf
    for start, end in zip(corners, np.roll(corners, -1, 0), strict=True):
        along = end - start
        length_squared = along @ along
        share = np.clip((point - start) @ along / length_squared, 0, 1) if length_squared else 0.0
        best = min(best, float(np.linalg.norm(point - start - share * along)))
    return best


@settings(max_examples=50)
@given(Points, st.sampled_from([400, 1600, 4800]))
def test_no_point_moves_by_a_pixel_of_the_copy(outline: NDArray[np.float32], side_px: int) -> None:
    simple = simplify_outline(outline, (side_px // 2, side_px))
    assert simple.dtype == np.float32
    assert len(simple) <= len(outline)
    given_points = {tuple(point) for point in outline.tolist()}
    assert all(tuple(point) in given_points for point in simple.tolist())
    limit_px = TOLERANCE_PX * max(1.0, side_px / 1600)
    for point in outline.astype(float):
        assert distance_px(point, simple.astype(float)) <= limit_px + 1e-6


def test_a_staircase_becomes_a_line_and_a_corner_stays() -> None:
    side = np.arange(200)
    down = np.stack([side // 2, side], 1)
    along = np.stack([np.arange(100, 300), np.full(200, 200)], 1)
    back = np.stack([np.arange(300, 0, -1), np.linspace(200, 0, 300)], 1)
    outline = np.concatenate([down, along, back]).astype(np.float32)
    simple = simplify_outline(outline, (1600, 1600))
    assert len(simple) <= 6
    assert np.abs(simple - (300, 200)).max(axis=1).min() <= 1.5


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_too_few_points_to_leave_one_out(count: int) -> None:
    outline = np.arange(2 * count, dtype=np.float32).reshape(count, 2)
    np.testing.assert_array_equal(simplify_outline(outline, (100, 100)), outline)


def test_all_points_in_one_place() -> None:
    outline = np.full((20, 2), 5, np.float32)
    assert simplify_outline(outline, (100, 100)).tolist() == [[5.0, 5.0]]
