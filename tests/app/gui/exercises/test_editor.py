"""A person's own list: typing, remarks, order, and nothing lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import Qt

from app.exercises import text
from app.exercises.routine import usual_plan
from app.gui.exercises.editor import ListEditor
from app.gui.exercises.page import Screen
from app.history.diary import EntryKind, Plan, PlannedExercise
from tests.app.gui.exercises.exercise_room import Room
from tests.app.gui.kept_checks import TEST

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

CLAM = PlannedExercise(name="Clam", sets=3, repetitions=12, hold_s=2.5, load="red", note="slowly")


@pytest.fixture
def editor(qtbot: QtBot) -> ListEditor:
    made = ListEditor()
    qtbot.addWidget(made)
    made.resize(790, 560)
    made.show_list(1, usual_plan(), is_own=False)
    made.show()
    return made


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Iterator[Room]:
    made = Room(qtbot, tmp_path)
    yield made
    made.close()


def type_into(widget: object, text: str) -> None:
    widget.selectAll()  # type: ignore[attr-defined]
    TEST.keyClicks(widget, text)


def test_a_list_is_shown_as_it_is_kept(editor: ListEditor) -> None:
    plan = Plan((CLAM, *usual_plan().exercises))
    editor.show_list(2, plan, is_own=True)
    assert editor.plan == plan
    assert not editor.remark.isVisible()
    assert not editor.discard.isEnabled()


def test_an_unknown_id_becomes_a_name_that_can_be_read(editor: ListEditor) -> None:
    editor.show_list(2, Plan((PlannedExercise("from_the_future"),)), is_own=True)
    assert editor.rows[0].name.text() == "from_the_future"


def test_a_list_is_typed_in_with_the_keys_and_stored(room: Room) -> None:
    page = room.open()
    page.home.list.click()
    editor = page.editor
    for row in list(editor.rows):
        row.remove.click()
    editor.more.click()
    (row,) = editor.rows
    assert row.planned == usual_plan().exercises[0]
    row.exercise.setCurrentIndex(row.exercise.count() - 1)
    row.exercise.activated.emit(row.exercise.currentIndex())
    for field, typed in (
        (row.name, "Clam"),
        (row.sets, "3"),
        (row.repetitions, "12"),
        (row.hold_s, "2,5"),
        (row.load, "red"),
        (row.note, "slowly"),
    ):
        type_into(field, typed)
    editor.save.click()
    assert room.shown() is Screen.HOME
    assert [card.task.planned for card in page.home.cards] == [CLAM]
    room.settle()
    assert room.kept(EntryKind.PLAN) == [Plan((CLAM,))]


@pytest.mark.parametrize(
    ("field", "value"),
    [("sets", "0"), ("sets", "40"), ("repetitions", "10000"), ("hold_s", "3600")],
)
def test_nonsense_gets_a_remark_is_not_stored_and_stays(
    editor: ListEditor, qtbot: QtBot, field: str, value: str
) -> None:
    row = editor.rows[1]
    type_into(getattr(row, field), value)
    assert row.remark.isVisible()
    with qtbot.assertNotEmitted(editor.saved):
        editor.save.click()
    assert editor.remark.text() == text.CANNOT_SAVE
    assert getattr(row, field).text() == value
    editor.discard.click()
    with qtbot.waitSignal(editor.saved) as stored:
        editor.save.click()
    assert stored.args == [usual_plan()]


def test_a_name_has_to_be_there_and_only_once(editor: ListEditor, qtbot: QtBot) -> None:
    editor.more.click()
    row = editor.rows[-1]
    assert row.remark.text() == text.TWICE
    row.exercise.setCurrentIndex(row.exercise.count() - 1)
    row.exercise.activated.emit(row.exercise.currentIndex())
    assert row.remark.text() == text.NAME_MISSING
    with qtbot.assertNotEmitted(editor.saved):
        editor.save.click()
    type_into(row.name, "Clam")
    assert not row.remark.isVisible()


def test_lines_move_and_go(editor: ListEditor) -> None:
    first, second, third, fourth = usual_plan().exercises
    assert not editor.rows[0].up.isEnabled()
    editor.rows[0].down.click()
    assert editor.plan == Plan((second, first, third, fourth))
    assert editor.rows[1].accessibleName() == "Line 2"
    editor.rows[3].up.click()
    editor.rows[0].remove.click()
    assert editor.plan == Plan((first, fourth, third))


def test_a_typed_dose_outlives_another_choice_of_exercise(editor: ListEditor) -> None:
    editor.more.click()
    row = editor.rows[-1]
    for place in (1, 3):
        row.exercise.setCurrentIndex(place)
        row.exercise.activated.emit(place)
        assert row.planned == usual_plan().exercises[place]
    row.repetitions.setValue(7)
    row.exercise.setCurrentIndex(1)
    row.exercise.activated.emit(1)
    assert row.planned.repetitions == 7


def test_what_is_not_saved_waits_for_each_person(editor: ListEditor) -> None:
    type_into(editor.rows[0].note, "in the morning")
    typed = editor.plan
    editor.show_list(2, Plan((CLAM,)), is_own=True)
    assert editor.plan == Plan((CLAM,))
    editor.show_list(1, usual_plan(), is_own=False)
    assert editor.plan == typed
    assert editor.remark.text() == text.NOT_SAVED_YET
    editor.discard.click()
    editor.show_list(1, usual_plan(), is_own=False)
    assert editor.plan == usual_plan()


def test_letters_are_no_seconds(editor: ListEditor) -> None:
    box = editor.rows[0].hold_s
    type_into(box, "1x.5y")
    assert box.value() == 1.5
    TEST.keyClick(box, Qt.Key.Key_Up)
    assert box.value() == 2.5
