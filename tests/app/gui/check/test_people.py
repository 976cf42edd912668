"""Choosing one of several people: by mouse, by number, by Tab; and somebody else after all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtTest import QTest

from app.gui.check import measurement
from app.gui.check.measurement import CheckAnswer, Photo
from app.gui.check.page import CheckPage, CheckState
from tests import made_up_results
from tests.app.gui.check.check_pages import press, said, wait_for_answer
from tests.app.gui.outcomes import SAMPLE, measured
from vision.reasons import refusal
from vision.result import PersonBox, ReasonCode

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

TEST: Any = QTest
#: The sample is 900 by 1200 pixels.
LEFT, RIGHT = PersonBox(100, 200, 300, 1000), PersonBox(500, 200, 700, 1000)
CROWD = made_up_results.rejected(refusal(ReasonCode.SEVERAL_PEOPLE, 2), people=(LEFT, RIGHT))
TOUCHED = made_up_results.rejected(refusal(ReasonCode.PEOPLE_TOUCH), people=(LEFT, RIGHT))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Two people, of whom the left one can be measured; what was asked for."""
    wanted: list[Any] = []

    def measure(
        photo: Photo, points: Any = None, vertical: Any = None, person_at: Any = None
    ) -> CheckAnswer:
        wanted.append(person_at if points is None else (person_at, points))
        if person_at is None:
            return CheckAnswer(CROWD, ())
        return CheckAnswer(measured() if LEFT.holds(person_at) else TOUCHED, ())

    monkeypatch.setattr(measurement, "measure", measure)
    return wanted


@pytest.fixture
def crowd(qtbot: QtBot, page: CheckPage, asked: list[Any]) -> CheckPage:
    page.open_photo(SAMPLE)
    wait_for_answer(qtbot, page)
    assert page.state is CheckState.REFUSED
    return page


def test_the_people_are_numbered_and_asked_for(crowd: CheckPage) -> None:
    assert crowd.people.isVisible()
    assert crowd.people.question.text() == "Click the person you mean"
    assert [frame.number for frame in crowd.people.frames] == [1, 2]
    assert [button.text() for button in crowd.people.buttons] == ["1", "2"]
    assert crowd.people.buttons[1].accessibleName() == "Person 2, from the left"
    assert not crowd.people.again.isVisible()


def test_a_click_on_the_picture_chooses(qtbot: QtBot, crowd: CheckPage, asked: list[Any]) -> None:
    view = crowd.picture
    spot = view.mapFromScene(QPointF(*LEFT.middle_px))
    TEST.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    qtbot.waitUntil(lambda: crowd.state is CheckState.MEASURED)
    assert asked == [None, LEFT.middle_px]
    assert "12° forward" in said(crowd)
    assert crowd.save_bar.isVisible()
    assert not crowd.people.question.isVisible()
    assert crowd.people.frames == []


def test_a_number_chooses(qtbot: QtBot, crowd: CheckPage, asked: list[Any]) -> None:
    press(crowd, "2")
    qtbot.waitUntil(lambda: asked[-1] == RIGHT.middle_px)
    qtbot.waitUntil(lambda: "too close" in said(crowd))
    assert crowd.state is CheckState.REFUSED
    assert len(crowd.people.frames) == 2, "the other one may be chosen yet"
    press(crowd, "1")
    qtbot.waitUntil(lambda: crowd.state is CheckState.MEASURED)


def test_tab_and_enter_choose_and_show_whom(
    qtbot: QtBot, crowd: CheckPage, asked: list[Any]
) -> None:
    first, second = crowd.people.buttons
    assert first.hasFocus()
    assert crowd.people.frames[0].is_pointed_at
    TEST.keyClick(first, Qt.Key.Key_Tab)
    assert second.hasFocus()
    assert [frame.is_pointed_at for frame in crowd.people.frames] == [False, True]
    TEST.keyClick(second, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: asked[-1] == RIGHT.middle_px)


def test_somebody_else_can_be_chosen_after_all(
    qtbot: QtBot, crowd: CheckPage, asked: list[Any]
) -> None:
    TEST.keyClick(crowd.people.buttons[0], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: crowd.state is CheckState.MEASURED)
    # Whoever chose by a key goes on from there.
    qtbot.waitUntil(crowd.people.again.hasFocus)
    crowd.people.again.click()
    assert crowd.state is CheckState.REFUSED
    assert len(crowd.people.frames) == 2
    assert crowd.people.buttons[0].hasFocus()
    assert "12°" not in said(crowd)


def test_marks_and_the_way_back_keep_to_the_person(
    qtbot: QtBot, crowd: CheckPage, asked: list[Any]
) -> None:
    press(crowd, "1")
    qtbot.waitUntil(lambda: crowd.state is CheckState.MEASURED)
    crowd.mark()
    crowd.edit.done_button.click()
    qtbot.waitUntil(lambda: crowd.state is CheckState.MEASURED)
    points = made_up_results.measured().points
    crowd.work.measure_marked(points, ((1, 1), (1, 900)), None)
    qtbot.waitUntil(lambda: len(asked) == 3)
    assert asked[-1] == LEFT.middle_px
    crowd.open_photo(SAMPLE.parent / "woman_frontal.jpg")
    wait_for_answer(qtbot, crowd)
    crowd.go_back()
    assert crowd.state is CheckState.MEASURED
    assert crowd.people.again.isVisible()


def test_a_picture_of_one_asks_nothing(
    qtbot: QtBot, page: CheckPage, instant: list[dict[str, object]]
) -> None:
    page.open_photo(SAMPLE.parent / "woman_frontal.jpg")
    wait_for_answer(qtbot, page)
    assert page.state is CheckState.REFUSED
    assert not page.people.isVisible()
