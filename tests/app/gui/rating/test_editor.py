"""A click or an arrow key puts a point onto the photograph, where there was none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtWidgets import QApplication

from app.gui.picture.mark_editor import MarkSteps
from app.gui.picture.marks import Handle
from app.gui.picture.view import PictureView
from app.gui.rating.editor import RatingEditor
from app.gui.rating.marks import RatedMarks
from tests.app.gui.rating.worklists import SIZE_PX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

_LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def editor(qtbot: QtBot) -> Iterator[RatingEditor]:
    view = PictureView()
    qtbot.addWidget(view)
    view.resize(480, 640)
    with qtbot.waitActive(view):
        view.show()
    view.show_picture(np.full((SIZE_PX[1], SIZE_PX[0], 3), 120, np.uint8), SIZE_PX)
    made = RatingEditor(view, view)
    made.begin(MarkSteps(RatedMarks(SIZE_PX)))
    yield made
    made.end()


def marks_of(editor: RatingEditor) -> RatedMarks:
    assert editor.marks is not None
    return editor.marks


def drag(qtbot: QtBot, editor: RatingEditor, start: QPoint, by: QPoint) -> None:
    surface = editor.view.viewport()
    qtbot.mousePress(surface, _LEFT, pos=start)
    for share in (0.5, 1.0):
        qtbot.mouseMove(surface, start + by * share)
        QApplication.processEvents()
    qtbot.mouseRelease(surface, _LEFT, pos=start + by)


def test_nothing_is_there_at_first(editor: RatingEditor) -> None:
    assert marks_of(editor) == RatedMarks(SIZE_PX)
    assert not any(item.isVisible() for item in editor.handles.values())
    assert editor.view.accessibleDescription() == "Front point (ASIS), not marked yet"


def test_the_first_click_is_the_front_point_the_second_the_back_point_a_third_nothing(
    qtbot: QtBot, editor: RatingEditor
) -> None:
    surface, told = editor.view.viewport(), list[RatedMarks]()
    editor.changed.connect(told.append)
    for x in (200, 290, 240):
        qtbot.mouseClick(surface, _LEFT, pos=QPoint(x, 320 if x != 240 else 200))
    marks = marks_of(editor)
    front, back = editor.view.mapToScene(QPoint(200, 320)), editor.view.mapToScene(QPoint(290, 320))
    assert marks.front_px == pytest.approx((front.x(), front.y()))
    assert marks.back_px == pytest.approx((back.x(), back.y()))
    assert len(told) == 2
    assert editor.current is Handle.BACK
    assert editor.view.accessibleDescription() == "Back point (PSIS)"
    editor.undo()
    editor.undo()
    assert marks_of(editor) == RatedMarks(SIZE_PX)


def test_a_click_beside_the_picture_marks_nothing(qtbot: QtBot, editor: RatingEditor) -> None:
    editor.view.resize(640, 320)
    qtbot.mouseClick(editor.view.viewport(), _LEFT, pos=QPoint(20, 160))
    qtbot.mouseClick(editor.view.viewport(), Qt.MouseButton.RightButton, pos=QPoint(320, 160))
    assert marks_of(editor) == RatedMarks(SIZE_PX)


def test_who_drags_the_picture_marks_nothing_and_who_drags_a_point_moves_it(
    qtbot: QtBot, editor: RatingEditor
) -> None:
    editor.view.zoom_in()
    drag(qtbot, editor, QPoint(200, 300), QPoint(60, 40))
    assert marks_of(editor) == RatedMarks(SIZE_PX)
    qtbot.mouseClick(editor.view.viewport(), _LEFT, pos=QPoint(200, 300))
    before = marks_of(editor)
    drag(qtbot, editor, QPoint(200, 300), QPoint(20, 10))
    after = marks_of(editor)
    assert before.front_px is not None
    assert after.front_px is not None
    step = 1 / editor.view.transform().m11()
    assert after.front_px[0] - before.front_px[0] == pytest.approx(20 * step)
    assert after.back_px is None


def test_the_first_arrow_key_puts_the_point_into_the_middle_and_others_move_it(
    qtbot: QtBot, editor: RatingEditor
) -> None:
    view = editor.view
    qtbot.keyClick(view, Qt.Key.Key_Down)
    surface = view.viewport()
    assert surface is not None
    middle = view.mapToScene(surface.rect().center())
    assert marks_of(editor).front_px == pytest.approx((middle.x(), middle.y()))
    assert editor.glass.isVisible()
    qtbot.keyClick(view, Qt.Key.Key_Down)
    step = 1 / view.transform().m11()
    assert marks_of(editor).front_px == pytest.approx((middle.x(), middle.y() + step))
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    assert editor.current is Handle.BACK
    qtbot.keyClick(view, Qt.Key.Key_Down)
    back = marks_of(editor).back_px
    assert back == pytest.approx((middle.x() + 40 * step, middle.y())), "beside the front point"


def test_both_points_begin_in_the_same_place_of_the_view(
    qtbot: QtBot, editor: RatingEditor
) -> None:
    view = editor.view
    qtbot.keyClick(view, Qt.Key.Key_Up)
    started = marks_of(editor).front_px
    for _ in range(6):
        qtbot.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    editor.make_current(Handle.BACK)
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert marks_of(editor).back_px == pytest.approx(started)


def test_no_line_and_no_angle_is_drawn(qtbot: QtBot, editor: RatingEditor) -> None:
    for x in (200, 290):
        qtbot.mouseClick(editor.view.viewport(), _LEFT, pos=QPoint(x, 320))
    shown = [item for item in editor.items() if item.isVisible()]
    assert shown == [editor.handles[Handle.FRONT], editor.handles[Handle.BACK]]
    assert "°" not in editor.view.accessibleDescription()
