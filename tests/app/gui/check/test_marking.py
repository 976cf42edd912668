"""Marking the bony points by mouse and keyboard, up to a check that can be kept."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QColor, QImage, QPainter
from PyQt6.QtWidgets import QApplication

from app.gui.check import measurement
from app.gui.check.marking import LandmarkEditor
from app.gui.check.marks import PictureMarks
from app.gui.check.page import CheckPage, CheckState
from app.gui.picture.mark_editor import MarkSteps
from app.gui.picture.marks import Handle
from app.gui.picture.view import PictureView
from app.text import check
from tests.app.gui.check.check_pages import ANSWERED, press, said, wait_for_answer
from tests.app.gui.outcomes import FRONTAL, SAMPLE, Cupboard
from vision.image.frame import load_frame
from vision.marks.points import PointsError
from vision.pipeline import measure_photo
from vision.result import BonyPoints, Measured, Method, VerticalSource, tilt_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from app.gui.check.measurement import CheckAnswer
    from vision.image.frame import Frame

_SAMPLE = Path(__file__).parents[4] / "sample_images" / "woman_slim_left_tilt11.jpg"


@pytest.fixture(scope="module")
def frame() -> Frame:
    return load_frame(_SAMPLE)


@pytest.fixture(scope="module")
def result(frame: Frame) -> Measured:
    measured = measure_photo(frame)
    assert isinstance(measured, Measured)
    return measured


@pytest.fixture
def editor(qtbot: QtBot, frame: Frame, result: Measured) -> Iterator[LandmarkEditor]:
    view = PictureView()
    qtbot.addWidget(view)
    view.resize(700, 800)
    with qtbot.waitActive(view):
        view.show()
    size_px = frame.width_px, frame.height_px
    view.show_picture(frame.rgb, size_px)
    made = LandmarkEditor(view, view)
    marks = PictureMarks.begin(result, size_px)
    assert marks is not None
    made.begin(MarkSteps(marks))
    yield made
    made.end()


def _view(editor: LandmarkEditor) -> PictureView:
    parent = editor.parent()
    assert isinstance(parent, PictureView)
    return parent


def _at(editor: LandmarkEditor, handle: Handle) -> QPoint:
    return _view(editor).mapFromScene(editor.handles[handle].pos())


def _drag(qtbot: QtBot, editor: LandmarkEditor, handle: Handle, by: QPoint) -> None:
    viewport, start = _view(editor).viewport(), _at(editor, handle)
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    for share in (0.5, 1.0):
        qtbot.mouseMove(viewport, start + by * share)
        QApplication.processEvents()
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=start + by)


def _marks(editor: LandmarkEditor) -> PictureMarks:
    assert editor.marks is not None
    return editor.marks


def points_of(marks: PictureMarks) -> BonyPoints:
    assert marks.points is not None
    return marks.points


def test_it_starts_at_the_best_guess(editor: LandmarkEditor, result: Measured) -> None:
    assert not _marks(editor).is_moved
    assert result.contour is not None
    assert editor.tag.text.startswith(f"{round(result.contour.angle_deg)}° forward (")
    assert not editor.handles[Handle.PLUMB_TOP].isVisible()


def test_dragging_the_front_point_down_tilts_forward(qtbot: QtBot, editor: LandmarkEditor) -> None:
    told: list[PictureMarks] = []
    editor.changed.connect(told.append)
    before = _marks(editor)
    _drag(qtbot, editor, Handle.FRONT, QPoint(0, 20))
    after = _marks(editor)
    assert after.tilt_deg > before.tilt_deg + 5
    assert after.is_moved
    assert told[-1] is after
    assert editor.tag.text == tilt_text(after.tilt)
    editor.undo()
    assert _marks(editor) == before
    editor.redo()
    assert _marks(editor) == after


def test_a_point_grabbed_beside_its_middle_does_not_jump(
    qtbot: QtBot, editor: LandmarkEditor
) -> None:
    viewport, before = _view(editor).viewport(), _marks(editor)
    beside = _at(editor, Handle.BACK) + QPoint(14, -12)
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=beside)
    assert _marks(editor) == before


def test_the_glass_shows_while_dragging_and_never_covers_the_spot(
    qtbot: QtBot, editor: LandmarkEditor
) -> None:
    view, viewport = _view(editor), _view(editor).viewport()
    start = _at(editor, Handle.FRONT)
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    for target in (QPoint(20, 20), QPoint(680, 20), QPoint(20, 780), QPoint(680, 780)):
        qtbot.mouseMove(viewport, target)
        QApplication.processEvents()
        assert editor.glass.isVisible()
        assert not editor.glass.geometry().contains(_at(editor, Handle.FRONT))
        assert view.rect().contains(editor.glass.geometry())
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=QPoint(680, 780))
    assert not editor.glass.isVisible()


def test_the_glass_leaves_the_angle_to_be_read(qtbot: QtBot, editor: LandmarkEditor) -> None:
    view, viewport = _view(editor), _view(editor).viewport()
    for handle in (Handle.FRONT, Handle.BACK):
        start = _at(editor, handle)
        qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
        to_view = editor.tag.deviceTransform(view.viewportTransform())
        tag = to_view.mapRect(editor.tag.boundingRect()).toRect()
        assert not editor.glass.geometry().intersects(tag)
        qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=start)


def test_the_glass_shows_the_spot_three_times_as_large(
    qtbot: QtBot, editor: LandmarkEditor
) -> None:
    view = _view(editor)
    rgb = np.zeros((1200, 900, 3), np.uint8)
    rgb[590:610, 440:460] = (250, 40, 40)
    view.show_picture(rgb, (900, 1200))
    qtbot.wait(1)
    editor.glass.show_spot(QPointF(450, 600), QColor("white"))
    shown = editor.glass.grab().toImage()
    row = [shown.pixelColor(x, shown.height() // 2 + 12) for x in range(shown.width())]
    red = sum(colour.red() > 125 > colour.green() for colour in row)
    assert red == pytest.approx(20 * 3 * view.transform().m11(), abs=3)
    # Nothing covers the very spot.
    assert shown.pixelColor(shown.width() // 2, shown.height() // 2).red() > 240


def test_close_handles_are_looked_at_and_the_nearest_is_taken(
    qtbot: QtBot, editor: LandmarkEditor
) -> None:
    view, before = _view(editor), _marks(editor)
    apart = _at(editor, Handle.FRONT) - _at(editor, Handle.BACK)
    assert math.hypot(apart.x(), apart.y()) > 140
    assert not view.is_fitted
    view.resize(200, 240)
    view.fit()
    front, back = _at(editor, Handle.FRONT), _at(editor, Handle.BACK)
    assert math.hypot(front.x() - back.x(), front.y() - back.y()) < 44
    _drag(qtbot, editor, Handle.BACK, QPoint(0, -5))
    assert points_of(_marks(editor)).asis_px == points_of(before).asis_px
    assert points_of(_marks(editor)).psis_px != points_of(before).psis_px


def test_a_handle_can_be_grabbed_on_44_pixels_and_leaves_its_middle_free(
    editor: LandmarkEditor,
) -> None:
    for item in editor.handles.values():
        assert min(item.boundingRect().width(), item.boundingRect().height()) >= 44
        image = QImage(44, 44, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)
        painter = QPainter(image)
        painter.translate(22, 22)
        item.paint(painter, None)
        painter.end()
        assert image.pixelColor(22, 22).alpha() == 0
        assert image.pixelColor(22 + 13, 22) != QColor(0, 0, 0, 0)


def test_a_double_click_on_a_handle_does_not_fit_the_picture(
    qtbot: QtBot, editor: LandmarkEditor
) -> None:
    view, before = _view(editor), _marks(editor)
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=_at(editor, Handle.FRONT))
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=_at(editor, Handle.FRONT))
    assert not view.is_fitted
    assert _marks(editor) == before


def test_undo_and_redo_by_keys(qtbot: QtBot, editor: LandmarkEditor) -> None:
    view, before = _view(editor), _marks(editor)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    qtbot.keyClick(view, Qt.Key.Key_Up)
    after = _marks(editor)
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    for _ in range(2):
        qtbot.keyClick(view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert _marks(editor) == before
    for _ in range(2):
        qtbot.keyClick(view, Qt.Key.Key_Z, both)
    assert _marks(editor) == after


def test_swapped_points_get_a_question_instead_of_a_number(editor: LandmarkEditor) -> None:
    points = points_of(_marks(editor))
    editor.change(replace(_marks(editor), points=BonyPoints(points.psis_px, points.asis_px)))
    assert editor.tag.text == "Is the front point in front?"


def test_the_live_angle_is_the_one_that_is_measured(editor: LandmarkEditor, frame: Frame) -> None:
    x, y = points_of(_marks(editor)).asis_px
    marks = _marks(editor).move(Handle.FRONT, (x - 4, y + 9)).add_plumb()
    top = marks.place(Handle.PLUMB_TOP)
    assert top is not None
    marks = marks.move(Handle.PLUMB_TOP, (top[0] + 14, top[1]))
    again = measure_photo(frame, points=marks.points, vertical=marks.plumb_px)
    assert isinstance(again, Measured)
    assert again.marked == marks.tilt


def test_arrow_keys_move_the_current_point_and_are_one_step(
    qtbot: QtBot, editor: LandmarkEditor
) -> None:
    view, before = _view(editor), _marks(editor)
    scale = view.transform().m11()
    for _ in range(3):
        qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    front = points_of(_marks(editor)).asis_px
    assert front[1] - points_of(before).asis_px[1] == pytest.approx(3 / scale)
    assert front[0] - points_of(before).asis_px[0] == pytest.approx(10 / scale)
    assert points_of(_marks(editor)).psis_px == points_of(before).psis_px
    editor.undo()
    assert _marks(editor) == before


def test_tab_goes_from_point_to_point(qtbot: QtBot, editor: LandmarkEditor) -> None:
    view = _view(editor)
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    assert editor.handles[Handle.BACK].is_current
    assert "Back point" in view.accessibleDescription()
    qtbot.keyClick(view, Qt.Key.Key_Up)
    suggested = _marks(editor).suggested
    assert suggested is not None
    assert points_of(_marks(editor)).asis_px == suggested.asis_px
    qtbot.keyClick(view, Qt.Key.Key_Backtab)
    assert editor.handles[Handle.FRONT].is_current


def test_a_plumb_line_is_put_up_dragged_and_taken_away(
    qtbot: QtBot, editor: LandmarkEditor
) -> None:
    before = _marks(editor).tilt_deg
    editor.set_plumb(True)
    assert _view(editor).is_fitted
    assert editor.handles[Handle.PLUMB_TOP].isVisible()
    _drag(qtbot, editor, Handle.PLUMB_TOP, QPoint(-15, 0))
    assert abs(_marks(editor).roll_deg) > 1
    assert _marks(editor).tilt_deg != pytest.approx(before, abs=0.5)
    qtbot.keyClick(_view(editor), Qt.Key.Key_Delete)
    assert not editor.handles[Handle.PLUMB_TOP].isVisible()
    assert _marks(editor).roll_deg == _marks(editor).own_roll_deg


def test_ending_leaves_the_picture_as_it_was(
    qtbot: QtBot, editor: LandmarkEditor, frame: Frame
) -> None:
    view = _view(editor)
    editor.end()
    assert view.is_fitted
    with_nothing = view.grab().toImage()
    view.show_picture(frame.rgb, (frame.width_px, frame.height_px))
    assert view.grab().toImage() == with_nothing
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert editor.marks is None


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
    # Now the points can be marked, and the line stays where it was laid.
    assert "bony points" in page.mark_button.text()
    page.mark()
    again = page.marking.editor.marks
    assert again is not None
    assert again.points is not None
    assert again.plumb_px == marks.plumb_px
    move(page, Handle.FRONT, 0.0, 12.0)
    page.marking.finish()
    qtbot.waitUntil(lambda: page.state in ANSWERED, timeout=20_000)
    answer = page.work.answer
    assert answer is not None
    assert isinstance(answer.result, Measured)
    assert answer.result.tilt.method is Method.MARKED
    assert answer.result.capture.roll_deg == pytest.approx(turned_deg, abs=0.2)
