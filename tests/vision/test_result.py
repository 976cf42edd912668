"""What a doubt is made of, and the interval that follows from it."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.result import Z_90, Doubt, Method, TiltEstimate

_SDS = st.floats(0, 50)
DOUBTS = st.builds(Doubt, _SDS, _SDS, _SDS)


@given(DOUBTS)
def test_all_parts_together_are_no_less_than_each_and_no_more_than_their_sum(doubt: Doubt) -> None:
    parts = doubt.reading_deg, doubt.roll_deg, doubt.bones_deg
    assert max(parts) - 1e-9 <= doubt.total_deg <= sum(parts) + 1e-9
    assert doubt.own_deg <= doubt.total_deg


@given(DOUBTS, _SDS)
def test_the_doubt_of_a_change_knows_nothing_of_the_bones(doubt: Doubt, bones_deg: float) -> None:
    assert replace(doubt, bones_deg=bones_deg).own_deg == doubt.own_deg
    assert replace(doubt, bones_deg=0.0).total_deg == pytest.approx(doubt.own_deg)


@given(DOUBTS, st.floats(-90, 90), st.sampled_from(Method))
def test_the_interval_is_as_wide_on_either_side(
    doubt: Doubt, angle_deg: float, method: Method
) -> None:
    tilt = TiltEstimate(method, angle_deg, doubt)
    assert tilt.high_deg - angle_deg == pytest.approx(angle_deg - tilt.low_deg, abs=1e-9)
    assert tilt.half_width_deg == pytest.approx(Z_90 * doubt.total_deg)


@given(DOUBTS, st.floats(0, 10))
def test_a_doubt_so_many_times_as_large_is_so_in_all_its_uses(doubt: Doubt, factor: float) -> None:
    larger = doubt.times(factor)
    assert larger.total_deg == pytest.approx(factor * doubt.total_deg)
    assert larger.own_deg == pytest.approx(factor * doubt.own_deg)


def test_the_parts_add_as_squares() -> None:
    doubt = Doubt(2.3, 1.0, 4.5)
    assert doubt.own_deg == pytest.approx(math.sqrt(2.3**2 + 1))
    assert doubt.total_deg == pytest.approx(math.sqrt(2.3**2 + 1 + 4.5**2))
