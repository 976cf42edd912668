"""What is said beside the picture, and keeping a measurement, once."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PyQt6.QtCore import QDate, Qt
from PyQt6.QtWidgets import QLabel, QLineEdit, QPushButton

from app.gui.check.result import ResultPanel, SaveBar, SaveRequest
from app.gui.widgets.disclosure import Disclosure
from app.gui.widgets.tilt_dial import TiltDial
from app.history.comparison import Change
from app.history.records import Arms, Conditions
from app.text import check
from app.text.advice import Target
from tests.app.gui.outcomes import NOW, Cupboard, measured, rejected
from tests.made_up_results import tilt
from vision.result import BonyPoints, Method, NoBeltReason, Posture, VerticalSource

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

_VERDICTS = r"diagnos|abnormal|weak|corrected|better|worse|ASIS|PSIS|healthy"


@pytest.fixture
def panel(qtbot: QtBot) -> ResultPanel:
    made = ResultPanel()
    qtbot.addWidget(made)
    made.resize(360, 400)
    made.show()
    return made


def seen(panel: ResultPanel) -> str:
    return "\n".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())


def press_more(panel: ResultPanel, qtbot: QtBot) -> None:
    more = panel.findChildren(Disclosure)[-1]
    panel.activateWindow()
    more.button.setFocus()
    qtbot.keyClick(more.button, Qt.Key.Key_Space)


def test_a_measurement_says_everything_once(panel: ResultPanel) -> None:
    panel.show_measured(measured(), "side.jpg")
    text = panel.text()
    for part in (
        "side.jpg",
        "12° forward",
        "likely 8 to 17",
        "from the outline of the body",
        "computer-made bodies",
        "Loose clothes. Wear tight ones.",
        "plumb line",
        "Belt line: 9° lower in front, likely 7 to 11.",
        "Most people without pain tilt",
        "your own checks",
        "good from bad",
        "may be a sign",
        "leaning forward 3°",
        "178° (straight)",
        "not visible",
    ):
        assert text.count(part) == 1, part
    assert "Camera as level." not in text, "an assumed vertical is a tip, not a warning"
    assert panel.findChildren(TiltDial)


@pytest.mark.parametrize("method", list(Method))
def test_no_verdict_is_spoken(panel: ResultPanel, method: Method) -> None:
    panel.show_measured(replace(measured(), tilt=tilt(method=method)), "side.jpg")
    said = panel.text() + " ".join(v for v in vars(check).values() if isinstance(v, str))
    assert not re.search(_VERDICTS, said)


def test_a_belt_line_is_never_called_a_tilt(panel: ResultPanel) -> None:
    belt = tilt(9.0, 2.0, Method.BELT)
    panel.show_measured(replace(measured(), tilt=belt, contour=None), "side.jpg")
    assert "9° lower in front" in panel.text()
    assert "tilt of the pelvis" not in panel.text()
    assert "usual range" not in panel.text()
    assert "3 to 20" not in panel.text()
    assert panel.text().count("so compare it only in the same clothes") == 1


@pytest.mark.parametrize(
    ("angle_deg", "method", "value"),
    [
        (12.3, Method.CONTOUR, "12° forward"),
        (-4.6, Method.MARKED, "5° backward"),
        (0.3, Method.CONTOUR, "0°, level"),
        (9.0, Method.BELT, "9° lower in front"),
        (-3.0, Method.BELT, "3° higher in front"),
        (0.0, Method.BELT, "0°, level"),
    ],
)
def test_the_number_in_words(angle_deg: float, method: Method, value: str) -> None:
    number = check.number_words(tilt(angle_deg, 4, method))
    assert number.value == value


def test_what_to_do_next_leads_there(panel: ResultPanel, qtbot: QtBot) -> None:
    panel.show_measured(measured(), "side.jpg")
    press_more(panel, qtbot)
    buttons = {button.text(): button for button in panel.findChildren(QPushButton)}
    assert set(buttons) == {
        "▾ Less",
        "Exercises and self-check",
        "Break reminder",
        "How to prepare",
    }
    for text, target in (
        ("Exercises and self-check", "exercises"),
        ("Break reminder", "sit_less"),
        ("How to prepare", "someone"),
    ):
        with qtbot.waitSignal(panel.step_wanted) as told:
            buttons[text].click()
        assert told.args == [target]


def test_every_target_has_a_link_but_this_page() -> None:
    assert set(check.STEP_LINKS) == set(Target) - {Target.CHECK}


def test_the_change_since_last_time_is_part_of_it(panel: ResultPanel) -> None:
    panel.show_measured(measured(), "side.jpg")
    assert "last time" not in seen(panel)
    panel.show_measured(measured(), "side.jpg", None, is_compared=True)
    assert "Your first check of this kind." in seen(panel)
    panel.show_measured(measured(), "side.jpg", Change(3.0, 8.0), is_compared=True)
    assert "No real change since last time." in seen(panel)
    panel.show_measured(measured(), "side.jpg", Change(-13.6, 8.0), is_compared=True)
    assert "14° further backward than last time: a real change." in seen(panel)


def test_a_result_says_three_lines_and_what_makes_it_doubtful(panel: ResultPanel) -> None:
    panel.show_measured(measured(), "side.jpg", Change(3.0, 8.0), is_compared=True)
    lines = [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]
    assert lines == [
        "side.jpg\nEstimated tilt of the pelvis",
        "12° forward",
        "likely 8 to 17",
        "Loose clothes.",
        "No real change since last time.",
        "Wear something that fits closely around waist and hips. Then check again.",
    ]


def test_more_stays_as_it_was_left(panel: ResultPanel, qtbot: QtBot) -> None:
    panel.show_measured(measured(), "side.jpg")
    assert "good from bad" not in seen(panel)
    with qtbot.waitSignal(panel.more_toggled) as told:
        press_more(panel, qtbot)
    assert told.args == [True]
    assert "good from bad" in seen(panel)
    panel.show_measured(measured(), "next.jpg")
    assert "good from bad" in seen(panel)
    assert panel.findChildren(Disclosure)[-1].button.hasFocus(), "as before the answer changed"
    press_more(panel, qtbot)
    assert "good from bad" not in seen(panel)


def test_a_reader_of_the_screen_hears_whether_there_is_more(
    panel: ResultPanel, qtbot: QtBot
) -> None:
    panel.show_measured(measured(), "side.jpg")
    (more,) = panel.findChildren(Disclosure)
    assert more.button.accessibleName() == "More about this result, hidden"
    press_more(panel, qtbot)
    assert more.button.accessibleName() == "More about this result, shown"
    assert more.button.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_other_ways_of_measuring_are_told_apart(panel: ResultPanel) -> None:
    marked = tilt(7.0, 3.0, Method.MARKED)
    panel.show_measured(replace(measured(), tilt=marked, marked=marked), "side.jpg")
    text = panel.text()
    assert "7° forward" in text
    assert "Also, from the outline of the body: 12° forward, likely 8 to 17." in text
    assert "compare each only with its own earlier results" in text


@pytest.mark.parametrize(
    ("source", "roll_deg", "part"),
    [
        (VerticalSource.GIVEN, 2.2, "turned by 2°; that is taken out"),
        (VerticalSource.GIVEN, 0.2, "shows that the camera was level"),
        (VerticalSource.FOUND, -1.6, "turned by 2°; that is taken out"),
    ],
)
def test_what_is_known_of_the_cameras_turn(
    panel: ResultPanel, source: VerticalSource, roll_deg: float, part: str
) -> None:
    capture = replace(measured().capture, vertical=source, roll_deg=roll_deg)
    panel.show_measured(replace(measured(), capture=capture), "side.jpg")
    assert part in panel.text()
    assert check.VERTICAL_TIP not in panel.text()


def test_sway_back_and_a_hidden_belt_are_named(panel: ResultPanel) -> None:
    result = replace(
        measured(),
        posture=Posture(-6.0, 9.0, 186.0, 10.0),
        belt_line=None,
        no_belt_line=NoBeltReason.LONG_TOP,
    )
    panel.show_measured(result, "side.jpg")
    said = panel.text()
    assert said.count("sway-back") == 1
    assert said.index("can hide a forward tilt") < said.index("What else you can do")
    assert "the top hangs over it" in panel.text()


def test_a_refusal_has_no_number_but_what_to_do(panel: ResultPanel) -> None:
    panel.show_measured(measured(), "side.jpg")
    panel.show_refused(rejected(), "front.jpg")
    text = panel.text()
    assert "Turned away." in text
    assert "Turn to the side." in text
    assert "More light." in text
    assert not re.search(r"\d", text)
    assert not panel.findChildren(TiltDial)


def test_waiting_shows_no_older_number(panel: ResultPanel) -> None:
    panel.show_measured(measured(), "side.jpg")
    panel.show_waiting("next.jpg")
    assert "12" not in panel.text()
    assert "next.jpg" in panel.text()


@pytest.mark.parametrize("width_px", [260, 360])
def test_long_texts_wrap_and_are_not_cut_off(
    panel: ResultPanel, qtbot: QtBot, width_px: int
) -> None:
    panel.resize(width_px, 300)
    panel.show_measured(measured(), "a_very_long_name " * 4)
    press_more(panel, qtbot)
    content = panel.widget()
    assert content is not None
    labels = content.findChildren(QLabel)

    def cut_off() -> list[str]:
        return [one.text() for one in labels if one.height() < one.heightForWidth(one.width())]

    qtbot.waitUntil(lambda: not cut_off())
    bar = panel.verticalScrollBar()
    assert bar is not None
    assert bar.maximum() > 0
    assert content.width() <= width_px


def test_every_place_of_the_arms_has_words() -> None:
    assert set(check.ARMS_WORDS) == set(Arms)


def request() -> SaveRequest:
    return SaveRequest(measured(), NOW, (900, 1200), None, np.zeros((12, 9, 3), np.uint8))


@pytest.fixture
def cupboard() -> Cupboard:
    return Cupboard()


@pytest.fixture
def bar(qtbot: QtBot, cupboard: Cupboard) -> SaveBar:
    made = SaveBar(cupboard)
    qtbot.addWidget(made)
    made.show()
    made.offer(request())
    return made


def test_everything_that_was_said_is_kept(bar: SaveBar, qtbot: QtBot, cupboard: Cupboard) -> None:
    bar.garment.insert(" blue leggings ")
    bar.arms.setCurrentIndex(bar.arms.findData(Arms.COLLAR_BONES))
    bar.note.insert("after a walk")
    points = BonyPoints((1.0, 2.0), (3.0, 4.0))
    offered = replace(request(), suggested_points=points)
    bar.offer(offered)
    bar.note.insert("after a walk")
    with qtbot.waitSignal(bar.saved) as caught:
        bar.button.click()
    assert caught.args == [1]
    new = cupboard.kept[0]
    assert new.profile_id == 1
    assert new.taken_at == NOW
    assert new.result is offered.result
    assert new.size_px == (900, 1200)
    assert new.suggested_points == points
    assert new.rgb is offered.rgb
    assert new.conditions == Conditions("blue leggings", Arms.COLLAR_BONES, "after a walk")


def test_the_day_is_shown_and_can_be_put_right(bar: SaveBar, cupboard: Cupboard) -> None:
    here = NOW.astimezone()
    assert bar.taken.date().toPyDate() == here.date()
    earlier = here - timedelta(days=40)
    bar.taken.setDate(QDate(earlier.year, earlier.month, earlier.day))
    bar.save()
    (kept,) = cupboard.kept
    assert kept.taken_at.astimezone().date() == earlier.date()
    assert kept.taken_at.utcoffset() is not None
    assert kept.taken_at.astimezone().time() == here.time()
    assert not bar.taken.isEnabled()
    tomorrow = QDate.currentDate().addDays(1)
    bar.taken.setDate(tomorrow)
    assert bar.taken.date() < tomorrow


def test_numbers_only_keeps_no_picture(bar: SaveBar, qtbot: QtBot, cupboard: Cupboard) -> None:
    with qtbot.waitSignal(bar.keep_picture_changed) as caught:
        bar.keep_picture.click()
    assert caught.args == [False]
    bar.save()
    assert cupboard.kept[0].rgb is None


def test_what_is_out_of_sight_is_said_elsewhere(bar: SaveBar, qtbot: QtBot) -> None:
    bar.hide()
    with qtbot.waitSignal(bar.status) as caught:
        bar.save()
    assert caught.args == ["Saved. 2° more forward, which is no real change."]


def test_the_change_since_the_last_check_is_said(bar: SaveBar, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(bar.status), qtbot.waitSignal(bar.saved):
        bar.save()
    assert bar.outcome.text() == "2° more forward, which is no real change."
    assert bar.button.text() == "Saved"


def test_the_same_result_is_kept_once(bar: SaveBar, cupboard: Cupboard) -> None:
    bar.save()
    bar.save()
    assert len(cupboard.kept) == 1
    assert not bar.button.isEnabled()
    same = bar._request
    bar.offer(None)
    bar.offer(same)
    bar.save()
    assert len(cupboard.kept) == 1


def typed(qtbot: QtBot, line: QLineEdit, text: str) -> None:
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)


def test_typing_goes_on_after_saving_and_changes_the_check(
    bar: SaveBar, qtbot: QtBot, cupboard: Cupboard
) -> None:
    cupboard.answers_at_once = False
    bar.activateWindow()
    bar.note.setFocus()
    qtbot.keyClicks(bar.note, "after ")
    bar.save()
    cupboard.waiting.pop()()
    assert bar.note.hasFocus()
    typed(qtbot, bar.note, "a walk")
    qtbot.waitUntil(lambda: bool(cupboard.edited))
    assert cupboard.kept[0].conditions.note == "after"
    assert cupboard.edited == [(1, Conditions(note="after a walk"))]
    assert cupboard.changes.stack.undoText() == "Note changed"
    cupboard.changes.stack.undo()
    qtbot.waitUntil(lambda: len(cupboard.edited) == 2)
    assert cupboard.edited[1] == (1, Conditions(note="after"))
    assert bar.note.text() == "after"
    # Saving once more writes what was typed, and keeps no second check.
    qtbot.keyClicks(bar.note, "noon")
    bar.save()
    qtbot.waitUntil(lambda: len(cupboard.edited) == 3)
    assert cupboard.edited[2] == (1, Conditions(note="afternoon"))
    assert len(cupboard.kept) == 1


def test_what_was_typed_for_one_picture_is_written_before_the_next_comes(
    bar: SaveBar, qtbot: QtBot, cupboard: Cupboard
) -> None:
    bar.save()
    bar.note.insert("late")
    bar.offer(request())
    qtbot.waitUntil(lambda: bool(cupboard.edited))
    assert cupboard.edited == [(1, Conditions(note="late"))]
    assert bar.note.text() == ""


def test_the_focus_stays_with_the_check(bar: SaveBar, qtbot: QtBot, cupboard: Cupboard) -> None:
    bar.activateWindow()
    bar.button.setFocus()
    qtbot.keyClick(bar.button, Qt.Key.Key_Space)
    assert len(cupboard.kept) == 1
    assert bar.note.hasFocus()


def test_going_back_to_an_older_result_of_the_picture_does_not_keep_it_twice(
    bar: SaveBar, cupboard: Cupboard
) -> None:
    automatic = bar._request
    assert automatic is not None
    bar.save()
    bar.offer(replace(automatic, result=measured()))
    bar.save()
    assert len(cupboard.kept) == 2
    bar.offer(automatic)
    bar.save()
    assert len(cupboard.kept) == 2


def test_a_new_result_can_be_kept_with_the_same_clothes_but_no_old_note(
    bar: SaveBar, qtbot: QtBot, cupboard: Cupboard
) -> None:
    bar.garment.insert("jeans")
    bar.note.insert("tired")
    bar.save()
    bar.offer(request())
    assert bar.button.isEnabled()
    assert bar.conditions() == Conditions("jeans", None, "")
    bar.save()
    assert len(cupboard.kept) == 2


def test_another_person_can_have_it_too(bar: SaveBar, cupboard: Cupboard) -> None:
    bar.save()
    bar.person.setCurrentIndex(1)
    bar.person.activated.emit(1)
    assert cupboard.current_profile_id == 2
    bar.save()
    assert [new.profile_id for new in cupboard.kept] == [1, 2]


def test_while_it_is_being_kept_the_button_waits(bar: SaveBar, cupboard: Cupboard) -> None:
    cupboard.answers_at_once = False
    bar.save()
    assert bar.button.text() == "Saving…"
    assert not bar.button.isEnabled()
    cupboard.waiting.pop()()
    assert bar.button.text() == "Saved"


def test_an_answer_for_an_older_picture_is_not_shown_on_the_new_one(
    bar: SaveBar, qtbot: QtBot, cupboard: Cupboard
) -> None:
    cupboard.answers_at_once = False
    bar.save()
    bar.offer(request())
    with qtbot.waitSignal(bar.saved):
        cupboard.waiting.pop()()
    assert bar.button.text() == "Save"
    assert bar.button.isEnabled()
    assert bar.outcome.isHidden()


class FullDisk(Exception):
    message = "The disk is full."
    fix = "Free some space and try again."


@pytest.mark.parametrize("error", [FullDisk(), RuntimeError("a mistake")])
def test_a_failure_says_what_to_do_and_can_be_tried_again(
    bar: SaveBar, cupboard: Cupboard, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    cupboard.error = error
    bar.save()
    said = bar.outcome.text()
    if isinstance(error, FullDisk):
        assert said == "The disk is full. Free some space and try again."
        assert not caplog.records
    else:
        assert "could not be saved" in said
        assert "a mistake" in caplog.text
    cupboard.error = None
    assert bar.button.isEnabled()
    bar.save()
    assert len(cupboard.kept) == 1


def test_without_people_there_is_nobody_to_save_for(qtbot: QtBot) -> None:
    cupboard = Cupboard(current_profile_id=None, names=())
    bar = SaveBar(cupboard)
    qtbot.addWidget(bar)
    bar.offer(request())
    assert not bar.button.isEnabled()
    cupboard.names, cupboard.current_profile_id = ("Me", "Anna"), 2
    bar.refresh_people()
    assert bar.button.isEnabled()
    assert bar.person.currentText() == "Anna"


def test_clothes_worn_before_are_offered(bar: SaveBar, qtbot: QtBot) -> None:
    completer = bar.garment.completer()
    assert completer is not None
    completer.setCompletionPrefix("LEGG")
    assert completer.currentCompletion() == "grey leggings"


def test_every_field_has_a_name_for_screen_readers(bar: SaveBar) -> None:
    for field in (bar.person, bar.garment, bar.arms, bar.note):
        assert field.accessibleName()
        assert field.focusPolicy() & Qt.FocusPolicy.TabFocus
