"""Keeping a measurement, once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PyQt6.QtCore import Qt

from app.gui.check.save_bar import SaveBar, SaveRequest
from app.history.records import Arms, Conditions
from tests.app.gui.outcomes import NOW, Cupboard, measured
from vision.result import BonyPoints

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


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


def test_numbers_only_keeps_no_picture(bar: SaveBar, qtbot: QtBot, cupboard: Cupboard) -> None:
    with qtbot.waitSignal(bar.keep_picture_changed) as caught:
        bar.keep_picture.click()
    assert caught.args == [False]
    bar.save()
    assert cupboard.kept[0].rgb is None


def test_the_change_since_the_last_check_is_said(bar: SaveBar, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bar.status) as caught:
        bar.save()
    assert caught.args == ["Saved. 2° more forward, which is no real change."]
    assert bar.outcome.text() == "2° more forward, which is no real change."
    assert bar.button.text() == "Saved"


def test_the_same_result_is_kept_once(bar: SaveBar, cupboard: Cupboard) -> None:
    bar.save()
    bar.save()
    assert len(cupboard.kept) == 1
    assert not bar.button.isEnabled()
    assert not bar.note.isEnabled()
    same = bar._request
    bar.offer(None)
    bar.offer(same)
    bar.save()
    assert len(cupboard.kept) == 1


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
    assert bar.button.text() == "Saving …"
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
