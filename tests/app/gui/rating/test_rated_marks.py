"""What a rater marks begins with nothing, stays inside the picture and knows no angle."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from app.gui.picture.marks import Handle
from app.gui.rating.marks import RatedMarks
from app.text.research import rating

_SIZE = (640, 960)
_PLACES = st.tuples(st.floats(-50, 700), st.floats(-50, 1000))
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(Handle), _PLACES),
        st.sampled_from(["add", "remove", "give up", "try again"]),
    ),
    max_size=12,
)


def taken(marks: RatedMarks, step: object) -> RatedMarks:
    if isinstance(step, tuple):
        return marks.move(*step)
    if step in ("add", "remove"):
        return marks.add_plumb() if step == "add" else marks.remove_plumb()
    return marks.give_up(step == "give up")


@given(_STEPS)
def test_points_stay_inside_and_apart_and_none_is_kept_by_whoever_gave_up(
    steps: list[object],
) -> None:
    marks = RatedMarks(_SIZE)
    for step in steps:
        marks = taken(marks, step)
    for handle in Handle:
        place = marks.place(handle)
        if place is not None:
            assert 0 <= place[0] <= _SIZE[0] - 1
            assert 0 <= place[1] <= _SIZE[1] - 1
    if marks.front_px is not None and marks.back_px is not None:
        assert math.dist(marks.front_px, marks.back_px) >= 2
    if marks.cannot_tell:
        assert marks.front_px is None
        assert marks.back_px is None


def test_it_begins_with_nothing_and_asks_for_one_point_after_the_other() -> None:
    marks = RatedMarks(_SIZE)
    assert all(marks.place(handle) is None for handle in Handle)
    assert marks.missing is Handle.FRONT
    marks = marks.move(Handle.FRONT, (10.0, 20.0))
    assert marks.missing is Handle.BACK
    marks = marks.move(Handle.BACK, (50.0, 20.0))
    assert marks.missing is None
    assert marks.give_up(True).missing is None
    assert marks.give_up(True).move(Handle.BACK, (5.0, 5.0)).missing is Handle.FRONT


def test_a_place_that_is_none_moves_nothing() -> None:
    marks = RatedMarks(_SIZE).move(Handle.FRONT, (10.0, 20.0))
    assert marks.move(Handle.FRONT, (math.nan, 3.0)) is marks
    assert marks.move(Handle.FRONT, (10.0, 20.0)) is marks
    assert marks.move(Handle.BACK, (11.0, 20.0)) is marks
    assert marks.move(Handle.PLUMB_TOP, (11.0, 20.0)) is marks


def test_a_plumb_line_is_to_be_laid_on_something() -> None:
    marks = RatedMarks(_SIZE)
    assert marks.plumb_problem == ""
    marks = marks.add_plumb()
    assert marks.plumb_problem == rating.MOVE_PLUMB
    marks = marks.move(Handle.PLUMB_TOP, (70.0, 100.0))
    assert marks.plumb_problem == ""
    assert marks.add_plumb() is marks
    assert marks.move(Handle.PLUMB_TOP, (600.0, 700.0)).plumb_problem == rating.LEANING_PLUMB
    assert marks.remove_plumb().plumb_px is None
