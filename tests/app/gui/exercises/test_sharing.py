"""A list with pictures in the window: chosen, shown, saved as a file, opened, and taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PyQt6.QtWidgets import QFileDialog

from app.exercises import sharing_text, text
from app.exercises.shared_list import SUFFIX, read_list, write_list
from app.gui.exercises.page import Screen
from app.history.diary import EntryKind, Plan, PlannedExercise
from app.history.practice import Practice, write_practice
from tests.app.exercises.made_up_lists import a_list, photograph
from tests.app.gui.exercises.exercise_room import Room, now

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

CLAM = Plan((PlannedExercise(name="Clam", how="Heels together"),))


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Iterator[Room]:
    made = Room(qtbot, tmp_path)
    # As the main window does.
    made.service.changes.written.connect(lambda: made.page.refresh())
    yield made
    made.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / f"a{SUFFIX}"
    write_list(path, a_list())
    return path


def choose(page_object: object, path: Path) -> None:
    """Choose a file in the dialog that is open."""
    (dialog,) = page_object.findChildren(QFileDialog)  # type: ignore[attr-defined]
    dialog.fileSelected.emit(str(path))
    dialog.close()


def test_a_picture_is_chosen_in_the_editor_and_seen_everywhere(room: Room, tmp_path: Path) -> None:
    room.note(CLAM)
    page = room.open()
    page.home.list.click()
    (row,) = page.editor.rows
    assert not row.picture.isVisible()
    assert not row.drop_picture.isVisible()
    row.choose_picture.click()
    choose(page.window(), photograph(tmp_path / "a.jpg"))
    assert row.word.text() == text.READING_PICTURE
    room.settle()
    assert row.picture.isVisible()
    assert row.picture.accessibleName() == "Picture of Clam"
    assert not row.word.isVisible()
    assert page.editor.remark.text() == text.NOT_SAVED_YET
    page.editor.save.click()
    assert page.home.cards[0].picture.has_picture, "before it is on the disk"
    room.settle()
    (plan,) = [one for one in room.kept(EntryKind.PLAN) if one != CLAM]
    assert isinstance(plan, Plan)
    (sha256,) = plan.pictures
    kept = room.handle.history().plan_picture(sha256)
    assert kept.picture.is_file()
    assert kept.thumbnail.is_file()
    page.home.cards[0].open_button.click()
    assert page.detail.picture.isVisible()
    assert page.detail.picture.height() > page.detail.picture.width(), "as tall as it was taken"
    assert page.detail.how.text() == "Heels together"
    assert not page.detail.pause.isVisible()
    page.detail.start.click()
    assert room.player.setup.picture.isVisible()
    assert room.player.setup.how.text() == "Heels together"


def test_what_is_no_picture_is_told_and_the_one_before_stays(room: Room, tmp_path: Path) -> None:
    made = a_list()
    room.handle.history().note_all(
        room.profile_id, [(now(), made.plan)], tuple(made.pictures.values())
    )
    page = room.open()
    page.home.list.click()
    row = page.editor.rows[0]
    assert row.picture.isVisible()
    text_file = tmp_path / "a.jpg"
    text_file.write_text("no picture")
    page.editor.picture_chosen.emit(row, text_file)
    room.settle()
    assert row.word.isVisible()
    assert "picture" in row.word.text().lower() or "photograph" in row.word.text().lower()
    assert row.planned.picture == made.plan.exercises[0].picture
    row.drop_picture.click()
    assert row.planned.picture == ""
    assert not row.picture.isVisible()
    page.editor.discard.click()
    assert page.editor.plan == made.plan


def test_a_picture_that_comes_late_for_its_line_is_dropped(room: Room, tmp_path: Path) -> None:
    page = room.open()
    page.home.list.click()
    row = page.editor.rows[0]
    page.editor.picture_chosen.emit(row, photograph(tmp_path / "a.jpg"))
    row.remove.click()
    room.settle()
    assert all(one.picture == "" for one in page.editor.plan.exercises)


def test_a_list_goes_into_a_file_without_the_persons_name(room: Room, tmp_path: Path) -> None:
    made = a_list()
    history = room.handle.history()
    write_practice(history.place.folder, Practice("Praxis am Park"))
    history.note_all(room.profile_id, [(now(), made.plan)], tuple(made.pictures.values()))
    page = room.open()
    assert page.home.save_list.isEnabled()
    page.home.save_list.click()
    path = tmp_path / f"out{SUFFIX}"
    choose(page.window(), path)
    room.settle()
    assert room.said == ["Your list is in the file now: 3 exercises, 2 pictures."]
    found = read_list(path)
    assert (found.practice, found.plan) == ("Praxis am Park", made.plan)
    assert set(found.pictures) == set(made.pictures)


def test_the_usual_routine_needs_no_file_and_a_full_disk_is_told(
    room: Room, tmp_path: Path
) -> None:
    page = room.open()
    assert not page.home.save_list.isEnabled()
    page.files.save_to(tmp_path / "none" / f"a{SUFFIX}", CLAM)
    room.settle()
    assert page.error.isVisible()
    assert "cannot be written" in page.error.words.text()


def test_a_file_is_looked_at_first_and_leaving_it_changes_nothing(room: Room, file: Path) -> None:
    room.note(CLAM)
    page = room.open()
    page.home.open_list.click()
    choose(page.window(), file)
    room.settle()
    assert room.shown() is Screen.SHARED
    assert page.title.text() == sharing_text.OPENED_TITLE
    assert page.shared.whose.text() == "From Praxis Süd, 4 May 2026"
    assert page.shared.what.text() == "3 exercises, 2 pictures"
    assert page.shared.changes.text() == sharing_text.WHAT_CHANGES
    assert page.focusWidget() is page.shared.leave, "a press too many changes nothing"
    shown = page.shared._lines
    cards = [shown.itemAt(place).widget() for place in range(shown.count())]  # type: ignore[union-attr]
    assert [card.accessibleName() for card in cards if card] == [
        "Clam",
        "Bridge",
        "Side-lying leg lift",
    ]
    page.shared.leave.click()
    room.settle()
    assert room.shown() is Screen.HOME
    assert room.kept(EntryKind.PLAN) == [CLAM]


def test_a_list_is_taken_over_and_the_one_before_can_be_had_back(room: Room, file: Path) -> None:
    room.note(CLAM)
    page = room.open()
    page.files.open_from(file)
    room.settle()
    page.shared.use.click()
    assert room.said == [sharing_text.USED]
    room.settle()
    made = a_list()
    assert room.kept(EntryKind.PLAN) == [CLAM, made.plan]
    assert [card.task.planned for card in page.home.cards] == list(made.plan.exercises)
    assert page.home.cards[0].picture.has_picture
    history = room.handle.history()
    assert all(history.plan_picture(one).picture.is_file() for one in made.pictures)
    stack = room.service.changes.stack
    assert stack.undoText() == sharing_text.USED_UNDO
    stack.undo()
    room.settle()
    assert room.kept(EntryKind.PLAN) == [CLAM]
    assert [card.task.planned for card in page.home.cards] == list(CLAM.exercises)
    stack.redo()
    room.settle()
    assert room.kept(EntryKind.PLAN) == [CLAM, made.plan]
    assert page.home.cards[0].picture.has_picture


def test_a_bad_file_is_told_and_changes_nothing(room: Room, file: Path) -> None:
    page = room.open()
    file.write_bytes(file.read_bytes()[:400])
    page.files.open_from(file)
    room.settle()
    assert room.shown() is Screen.HOME
    assert page.error.isVisible()
    assert "is damaged or was changed" in page.error.words.text()
    assert room.kept(EntryKind.PLAN) == []


def test_a_file_opened_for_one_person_is_not_shown_to_another(room: Room, file: Path) -> None:
    anna = room.handle.history().add_profile("Anna")
    page = room.open()
    page.files.open_from(file)
    page.set_profile(anna.id)
    room.settle()
    assert room.shown() is not Screen.SHARED


def test_the_usual_routine_sends_pictures_to_the_bin_with_their_list(room: Room) -> None:
    made = a_list()
    room.handle.history().note_all(
        room.profile_id, [(now(), made.plan)], tuple(made.pictures.values())
    )
    page = room.open()
    page.home.list.click()
    page.editor.usual.click()
    room.settle()
    assert room.kept(EntryKind.PLAN) == []
    assert len(page.home.cards) == 4
    (deletion,) = room.handle.history().deletions()
    room.service.changes.stack.undo()
    room.settle()
    assert [card.task.planned for card in page.home.cards] == list(made.plan.exercises)
    # An empty list means the same.
    page.home.list.click()
    for row in list(page.editor.rows):
        row.remove.click()
    page.editor.save.click()
    room.settle()
    assert room.kept(EntryKind.PLAN) == []
    history = room.handle.history()
    (deletion,) = history.deletions()
    history.restore(deletion.name)
    page.refresh()
    room.settle()
    assert [card.task.planned for card in page.home.cards] == list(made.plan.exercises)
    history.purge(history.delete([one.id for one in history.entries(room.profile_id)], "diary"))
    assert not any(history.plan_picture(one).picture.exists() for one in made.pictures)


def test_a_picture_that_is_missing_leaves_the_usual_one(room: Room) -> None:
    planned = replace(a_list().plan.exercises[1], picture="ab" * 32)
    room.note(Plan((planned,)))
    page = room.open()
    assert page.home.cards[0].picture.accessibleName() != "Picture of Bridge"
    assert page.home.cards[0].picture.has_picture
