"""Marks are moved, taken back and done again without loss."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.gui.check.marks import PictureMarks
from app.gui.picture.mark_editor import MarkSteps
from app.gui.picture.marks import Handle
from vision.result import BonyPoints, Facing

if TYPE_CHECKING:
    from vision.result import Measured, Rejected

_SIZE = (640, 960)
_POINTS = BonyPoints((240.0, 396.0), (346.0, 390.0))
_START = PictureMarks(_POINTS, _SIZE, Facing.LEFT, own_roll_deg=0.0, suggested=_POINTS)
_PLACES = st.tuples(st.floats(-50, 700), st.floats(-50, 1000))
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(Handle), _PLACES, st.sampled_from(["", "drag 1", "drag 2"])),
        st.sampled_from(["add", "remove", "undo", "redo"]),
    ),
    max_size=12,
)


def _take(steps: MarkSteps[PictureMarks], step: object) -> None:
    if isinstance(step, tuple):
        handle, place, run = step
        steps.change(steps.marks.move(handle, place), run)
    elif step == "add":
        steps.change(steps.marks.add_plumb())
    elif step == "remove":
        steps.change(steps.marks.remove_plumb())
    elif step == "undo":
        steps.undo()
    else:
        steps.redo()


def points_of(marks: PictureMarks) -> BonyPoints:
    assert marks.points is not None
    return marks.points


@given(_STEPS)
def test_undoing_everything_returns_to_the_start_and_redoing_comes_back(
    steps: list[object],
) -> None:
    editing = MarkSteps(_START)
    for step in steps:
        _take(editing, step)
    end, had_more = editing.marks, editing.canRedo()
    while editing.canUndo():
        editing.undo()
    assert editing.marks == _START
    assert not editing.marks.is_moved
    while editing.canRedo():
        editing.redo()
    if not had_more:
        assert editing.marks == end


@given(_STEPS)
def test_a_copy_has_the_same_steps_and_leaves_them_alone(steps: list[object]) -> None:
    editing = MarkSteps(_START)
    for step in steps:
        _take(editing, step)
    now, counted = editing.marks, (editing.count(), editing.index())
    copy = editing.copied()
    assert copy.marks == now
    assert (copy.count(), copy.index()) == counted
    while copy.canUndo():
        copy.undo()
    assert copy.marks == _START
    copy.change(copy.marks.move(Handle.FRONT, (10.0, 20.0)))
    assert editing.marks is now
    assert (editing.count(), editing.index()) == counted


@given(_STEPS)
def test_marks_stay_inside_the_picture_and_apart(steps: list[object]) -> None:
    editing = MarkSteps(_START)
    for step in steps:
        _take(editing, step)
        for handle in Handle:
            place = editing.marks.place(handle)
            if place is not None:
                assert 0 <= place[0] <= 639
                assert 0 <= place[1] <= 959
        assert points_of(editing.marks).asis_px != points_of(editing.marks).psis_px
        assert -360 <= editing.marks.tilt_deg <= 360


@given(st.tuples(st.floats(0, 300), st.floats(0, 959)), st.floats(-8, 8))
def test_a_mirrored_picture_gives_the_same_angle(front: tuple[float, float], roll: float) -> None:
    def mirrored(place: tuple[float, float]) -> tuple[float, float]:
        return 639 - place[0], place[1]

    here = replace(_START, own_roll_deg=roll).move(Handle.FRONT, front)
    points = BonyPoints(mirrored(_POINTS.asis_px), mirrored(_POINTS.psis_px))
    there = PictureMarks(points, _SIZE, Facing.RIGHT, own_roll_deg=-roll)
    there = there.move(Handle.FRONT, mirrored(points_of(here).asis_px))
    assert there.tilt_deg == pytest.approx(here.tilt_deg, abs=1e-6)


def test_one_drag_is_one_step() -> None:
    editing = MarkSteps(_START)
    for x in range(5):
        editing.change(editing.marks.move(Handle.FRONT, (230.0 - x, 390.0)), "drag 1")
    editing.change(editing.marks.move(Handle.BACK, (350.0, 395.0)), "drag 2")
    editing.undo()
    assert editing.marks.points == BonyPoints((226.0, 390.0), _POINTS.psis_px)
    editing.undo()
    assert editing.marks == _START


def test_lowering_the_front_tilts_forward() -> None:
    level = replace(_START, points=BonyPoints((240.0, 390.0), (346.0, 390.0)))
    assert level.tilt_deg == pytest.approx(0)
    assert level.move(Handle.FRONT, (240.0, 420.0)).tilt_deg > 10


def test_a_plumb_line_levels_the_picture() -> None:
    editing = replace(_START, own_roll_deg=3.0).add_plumb()
    assert editing.roll_deg == pytest.approx(0)
    top = editing.place(Handle.PLUMB_TOP)
    assert top is not None
    turned = editing.move(Handle.PLUMB_TOP, (top[0] + 20, top[1]))
    assert turned.roll_deg == pytest.approx(-2, abs=0.1)
    assert turned.tilt_deg == pytest.approx(editing.tilt_deg + 2, abs=0.1)
    assert editing.remove_plumb().roll_deg == 3.0


def test_a_line_that_leans_too_far_is_told_and_not_used() -> None:
    editing = _START.add_plumb().move(Handle.PLUMB_TOP, (100.0, 200.0))
    assert "too far to be plumb" in editing.plumb_problem
    assert editing.roll_deg == 0.0
    assert _START.plumb_problem == ""


def test_a_line_that_leans_too_far_leaves_what_it_said_before() -> None:
    editing = replace(_START, own_roll_deg=3.0).add_plumb()
    top = editing.place(Handle.PLUMB_TOP)
    assert top is not None
    good = editing.move(Handle.PLUMB_TOP, (top[0] - 20, top[1]))
    gone = good.move(Handle.PLUMB_TOP, (100.0, top[1] + 500))
    steps = MarkSteps(editing)
    steps.change(good, "drag 1")
    steps.change(gone, "drag 1")
    assert gone.plumb_problem
    assert gone.roll_deg == pytest.approx(good.roll_deg)
    assert gone.tilt == good.tilt
    assert gone.remove_plumb().roll_deg == 3.0
    steps.undo()
    assert steps.marks.roll_deg == pytest.approx(0.0)


def test_the_interval_is_narrower_with_a_plumb_line() -> None:
    own, given_ = _START.tilt, _START.add_plumb().tilt
    assert own.low_deg < given_.low_deg < given_.angle_deg < given_.high_deg < own.high_deg


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_place_that_is_none_is_passed_over(bad: float) -> None:
    assert _START.move(Handle.FRONT, (bad, 100.0)) is _START


def test_it_begins_with_what_the_measurement_suggests(measured: Measured, marked: Measured) -> None:
    begun = PictureMarks.begin(marked, _SIZE)
    assert begun is not None
    assert begun.points == marked.points
    assert not begun.is_moved
    assert PictureMarks.begin(replace(measured, landmarks={}), _SIZE) is None


def test_a_picture_refused_as_tilted_starts_with_a_plumb_line_alone(rejected: Rejected) -> None:
    assert PictureMarks.begin_upright(rejected, _SIZE) is None
    begun = PictureMarks.begin_upright(replace(rejected, facing=Facing.LEFT), _SIZE)
    assert begun is not None
    assert [handle for handle in Handle if begun.place(handle)] == [
        Handle.PLUMB_TOP,
        Handle.PLUMB_BOTTOM,
    ]
    assert not begun.is_moved
    assert begun.move(Handle.FRONT, (5.0, 5.0)) is begun
    with pytest.raises(ValueError, match="no points"):
        _ = begun.tilt
    steps = MarkSteps(begun)
    assert not steps.canUndo()
    steps.change(begun.move(Handle.PLUMB_TOP, (500.0, 200.0)))
    assert steps.canUndo()
    steps.undo()
    assert steps.marks == begun
