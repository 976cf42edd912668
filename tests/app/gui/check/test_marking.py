"""Marking the bony points, from the first guess to a measurement that can be kept."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PyQt6.QtCore import QPointF

from app.gui.check import measurement
from app.gui.check.marking.marks import Handle
from app.gui.check.page import CheckPage, CheckState
from app.text import check
from tests.app.gui.outcomes import FRONTAL, SAMPLE, Cupboard
from vision.marked_tilt import PointsError
from vision.result import Measured, Method, VerticalSource

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.gui.check.measurement import CheckAnswer

from tests.app.gui.check.check_pages import ANSWERED, press, said, wait_for_answer


@pytest.fixture
def marking_page(qtbot: QtBot, page: CheckPage) -> CheckPage:
    """A page with a measured photograph and the handles on it."""
    page.open_photo(SAMPLE)
    wait_for_answer(qtbot, page)
    press(page, "E")
    assert page.state is CheckState.EDITING
    return page


def move(page: CheckPage, handle: Handle, by_x_px: float, by_y_px: float) -> None:
    """Move a handle as the mouse would."""
    item = page.marking.editor.handles[handle]
    item.dragged.emit(handle, item.pos() + QPointF(by_x_px, by_y_px))


def result_of(page: CheckPage) -> Measured:
    answer = page.work.answer
    assert answer is not None
    assert isinstance(answer.result, Measured)
    return answer.result


def test_moved_points_are_measured_as_marked_and_the_suggestion_is_kept(
    qtbot: QtBot, marking_page: CheckPage, cupboard: Cupboard
) -> None:
    page = marking_page
    marks = page.marking.editor.marks
    assert marks is not None
    automatic = result_of(page)
    assert not page.result.isVisible(), "no older number beside the handles"
    assert not page.save_bar.isVisible()
    move(page, Handle.FRONT, 0.0, 8.0)
    page.edit.done_button.click()
    wait_for_answer(qtbot, page)
    marked = result_of(page)
    assert marked.tilt.method is Method.MARKED
    assert marked.tilt.angle_deg > automatic.tilt.angle_deg + 2
    assert marked.contour is not None, "what was automatic is kept"
    assert "between the two bony points that were marked" in said(page)
    page.save()
    new = cupboard.kept[0]
    assert new.suggested_points == marks.suggested
    assert new.result.points == marked.points != marks.suggested


def test_back_to_automatic(qtbot: QtBot, marking_page: CheckPage, cupboard: Cupboard) -> None:
    page = marking_page
    automatic = result_of(page)
    move(page, Handle.BACK, 3.0, 3.0)
    page.edit.done_button.click()
    qtbot.waitUntil(lambda: page.state is CheckState.MEASURED)
    assert page.automatic_button.isVisible()
    page.automatic_button.click()
    assert result_of(page) is automatic
    assert not page.automatic_button.isVisible()
    page.save()
    assert cupboard.kept[0].suggested_points is None
    page.mark()
    marks = page.marking.editor.marks
    assert marks is not None
    assert not marks.is_moved, "the next round begins with the suggestion"


def test_cancel_leaves_everything_as_it_was(qtbot: QtBot, marking_page: CheckPage) -> None:
    page = marking_page
    automatic = result_of(page)
    move(page, Handle.FRONT, 5.0, 5.0)
    page.edit.cancel_button.click()
    assert page.state is CheckState.MEASURED
    assert result_of(page) is automatic
    assert page.marking.editor.marks is None


def test_done_without_a_move_stays_automatic_and_says_so(
    qtbot: QtBot, marking_page: CheckPage
) -> None:
    page = marking_page
    page.edit.done_button.click()
    assert page.state is CheckState.MEASURED
    assert result_of(page).tilt.method is Method.CONTOUR
    assert page.notice.text() == check.NOTHING_MARKED


def test_undo_redo_and_the_plumb_line_have_buttons(qtbot: QtBot, marking_page: CheckPage) -> None:
    page, panel = marking_page, marking_page.edit
    assert not panel.undo_button.isEnabled()
    panel.plumb_button.click()
    assert panel.plumb_button.text() == "Remove the plumb line"
    panel.undo_button.click()
    assert panel.plumb_button.text() == "Add a plumb line"
    panel.redo_button.click()
    marks = page.marking.editor.marks
    assert marks is not None
    assert marks.plumb_px is not None
    panel.plumb_button.click()
    assert page.marking.editor.marks is not None
    assert page.marking.editor.marks.plumb_px is None


def test_a_plumb_line_alone_corrects_the_automatic_number(
    qtbot: QtBot, marking_page: CheckPage
) -> None:
    page = marking_page
    page.edit.plumb_button.click()
    move(page, Handle.PLUMB_TOP, 40.0, 0.0)
    page.edit.done_button.click()
    wait_for_answer(qtbot, page)
    result = result_of(page)
    assert result.tilt.method is Method.CONTOUR
    assert result.capture.vertical is VerticalSource.GIVEN
    assert abs(result.capture.roll_deg) > 2
    assert "Your plumb line shows that the camera was turned by" in said(page)


def test_a_plumb_line_that_cannot_be_plumb_is_told_before_measuring(
    qtbot: QtBot, marking_page: CheckPage
) -> None:
    page = marking_page
    page.edit.plumb_button.click()
    move(page, Handle.PLUMB_TOP, -900.0, 500.0)
    page.edit.done_button.click()
    assert page.state is CheckState.EDITING
    assert "too far to be plumb" in page.edit.problem.text()


def test_points_beside_the_pelvis_are_refused_and_can_be_marked_again(
    qtbot: QtBot, marking_page: CheckPage
) -> None:
    page = marking_page
    move(page, Handle.FRONT, -250.0, -300.0)
    page.edit.done_button.click()
    wait_for_answer(qtbot, page)
    assert page.state is CheckState.REFUSED
    assert "do not lie on the pelvis" in said(page)
    assert "°" not in said(page)
    page.mark_button.click()
    steps = page.marking.editor.steps
    assert steps is not None
    assert steps.canUndo(), "the marks are where they were left"
    left = steps.marks
    steps.undo()
    move(page, Handle.BACK, 5.0, 5.0)
    page.edit.cancel_button.click()
    page.mark_button.click()
    assert page.marking.editor.marks == left, "what was cancelled is gone"
    assert page.edit.undo_button.isEnabled()
    assert not page.edit.redo_button.isEnabled()


def test_marks_that_cannot_be_measured_stay_to_be_mended(
    qtbot: QtBot, marking_page: CheckPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def measure(*_: object) -> CheckAnswer:
        raise PointsError("The points are odd.", "Move them.")

    monkeypatch.setattr(measurement, "measure", measure)
    page = marking_page
    move(page, Handle.FRONT, 5.0, 5.0)
    page.edit.done_button.click()
    qtbot.waitUntil(lambda: page.edit.problem.isVisible())
    assert page.state is CheckState.EDITING
    assert page.edit.problem.text() == "The points are odd. Move them."


def test_a_new_photograph_ends_the_marking(qtbot: QtBot, marking_page: CheckPage) -> None:
    page = marking_page
    move(page, Handle.FRONT, 5.0, 5.0)
    page.open_photo(FRONTAL)
    assert page.marking.editor.marks is None
    wait_for_answer(qtbot, page)
    assert page.state is CheckState.REFUSED
    press(page, "E")
    assert page.state is CheckState.REFUSED, "nobody can mark a refused photograph"


def test_a_picture_refused_as_tilted_is_measured_with_a_plumb_line(
    qtbot: QtBot, page: CheckPage, tmp_path: Path
) -> None:
    """The camera was turned by 13 degrees; somebody lays the line on what was upright."""
    turned_deg = 13.0
    with Image.open(SAMPLE) as sample:
        middle = sample.width / 2, sample.height / 2
        sample.rotate(turned_deg, Image.Resampling.BICUBIC, fillcolor="white").save(
            tmp_path / "tilted.jpg", quality=95
        )
    page.open_photo(tmp_path / "tilted.jpg")
    wait_for_answer(qtbot, page)
    assert page.state is CheckState.REFUSED
    assert page.mark_button.isVisible()
    assert "upright" in page.mark_button.text()
    page.mark()
    assert page.edit.isVisible()
    assert not page.edit.help.isVisible()
    assert not page.marking.editor.tag.isVisible()
    marks = page.marking.editor.marks
    assert marks is not None
    turn = math.radians(turned_deg)
    for handle, up_px in ((Handle.PLUMB_TOP, 400.0), (Handle.PLUMB_BOTTOM, -400.0)):
        to = middle[0] - up_px * math.sin(turn), middle[1] - up_px * math.cos(turn)
        marks = marks.move(handle, to)
    page.marking.editor.change(marks)
    page.marking.finish()
    qtbot.waitUntil(lambda: page.state in ANSWERED, timeout=20_000)
    assert page.state in ANSWERED
    answer = page.work.answer
    assert answer is not None
    assert answer.result.capture is not None
    assert answer.result.capture.roll_deg == pytest.approx(turned_deg, abs=0.2)
