"""Several pictures as a person meets them: the question, the list, one alone and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QKeySequence
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QComboBox

from app.gui.check.page import CheckState
from app.gui.check.several.lines import LineColumn, LinesModel, LinesTable
from app.gui.check.several.pictures import (
    FoundPictures,
    PictureLine,
    SeveralKind,
    SeveralPictures,
)
from app.gui.style.theme import colours
from tests.app.gui.check.check_pages import drop, files, press, said
from tests.app.gui.check.several.desk import TIMEOUT_MS, result_of
from vision.result import Measured

if TYPE_CHECKING:
    from tests.app.gui.check.several.desk import Desk

BATCH, SERIES = SeveralKind.BATCH, SeveralKind.SERIES
TEST: Any = QTest


def test_what_they_are_is_asked_once_and_plainly(desk: Desk) -> None:
    drop(desk.page, files(desk.picture("12.jpg"), desk.picture("13.jpg"), desk.picture("14.jpg")))
    desk.until(lambda: desk.page.state is CheckState.SEVERAL)
    assert desk.view.question.isVisible()
    assert desk.view.question.text() == (
        "3 pictures. Are they one person in one stance, taken again and again, or different?"
    )
    assert desk.view.series_button.hasFocus()
    desk.view.batch_button.click()
    assert not desk.view.question.isVisible()
    assert desk.view.table.isVisible()
    assert desk.view.title.text() == "3 pictures"


def test_measuring_begins_while_it_is_asked(desk: Desk) -> None:
    desk.open("12.jpg", "13.jpg")
    desk.finish()
    assert desk.asked == ["12.jpg", "13.jpg"]
    assert desk.view.question.isVisible()


def test_who_cancels_is_where_they_were(desk: Desk) -> None:
    desk.open("12.jpg", "13.jpg")
    desk.view.cancel_button.click()
    desk.until(lambda: desk.page.state is CheckState.EMPTY)
    desk.page.open_photo(desk.picture("9.jpg"))
    desk.until(lambda: desk.page.state is CheckState.MEASURED)
    desk.open("12.jpg", "13.jpg")
    press(desk.page, "Esc")
    desk.until(lambda: desk.page.state is not CheckState.SEVERAL)
    assert desk.page.state is CheckState.MEASURED
    assert "9° forward" in said(desk.page)


def test_a_folder_is_a_batch_of_its_pictures(desk: Desk) -> None:
    for name in ("2.jpg", "1.jpg"):
        desk.picture(name)
    drop(desk.page, files(desk.folder))
    desk.until(lambda: desk.page.state is CheckState.SEVERAL)
    assert desk.view.title.text() == f"2 pictures in “{desk.folder.name}”"
    assert desk.pictures.kind is BATCH
    assert not desk.view.left_out.isVisible()


def test_a_folder_without_pictures_is_told_and_everything_stays(desk: Desk) -> None:
    desk.page.open_photo(desk.picture("9.jpg"))
    desk.until(lambda: desk.page.state is CheckState.MEASURED)
    (desk.folder / "empty").mkdir()
    drop(desk.page, files(desk.folder / "empty"))
    desk.until(lambda: "no picture in this folder" in desk.page.notice.text())
    assert desk.page.state is CheckState.MEASURED


def test_a_folder_with_one_picture_opens_it(desk: Desk) -> None:
    (desk.folder / "one").mkdir()
    desk.picture("one/12.jpg")
    desk.page.open_photos([desk.folder / "one"])
    desk.until(lambda: desk.page.state is CheckState.MEASURED)


def test_lines_say_what_came_of_each(desk: Desk) -> None:
    desk.open("12.jpg", "front.jpg", "bad.jpg")
    desk.view.choose(BATCH)
    desk.finish()
    assert desk.outcomes() == [
        "12° forward (3 to 21)",
        "Turned away.",
        "The file is not a picture of a kind that can be read.",
    ]
    role = Qt.ItemDataRole
    assert desk.cell(1, LineColumn.OUTCOME, role.ForegroundRole) == QColor(colours().refusal)
    assert desk.cell(1, LineColumn.OUTCOME, role.ToolTipRole) == "Turned away. Turn to the side."
    assert desk.cell(0, LineColumn.OUTCOME, role.ToolTipRole) is None
    assert desk.cell(0, LineColumn.PICTURE) == "12.jpg"
    assert desk.cell(0, LineColumn.TICK, role.CheckStateRole) is Qt.CheckState.Checked
    assert desk.cell(1, LineColumn.TICK, role.CheckStateRole) is None
    assert desk.view.about.text() == "1 measured, 2 without a number."
    assert desk.view.save_button.text() == "Save all (1)"


def test_the_first_line_comes_before_the_others_and_it_can_be_stopped(desk: Desk) -> None:
    desk.go.clear()
    desk.open("12.jpg", "13.jpg")
    desk.view.choose(BATCH)
    assert desk.outcomes() == ["Measuring…", "Waiting"]
    assert desk.view.progress.text() == "0 of 2"
    assert desk.view.bar.isVisible()
    desk.view.stop_button.click()
    assert desk.outcomes() == ["Waiting", "Waiting"]
    assert desk.view.stop_button.text() == "Go on"
    desk.go.set()
    desk.view.stop_button.click()
    desk.finish()
    assert not desk.view.bar.isVisible()
    assert desk.view.table.hasFocus()


def test_all_are_saved_by_the_keys_and_the_focus_stays_on_the_list(desk: Desk) -> None:
    desk.open("12.jpg", "13.jpg")
    desk.view.choose(BATCH)
    desk.finish()
    desk.view.save_button.setFocus()
    press(desk.page, QKeySequence.StandardKey.Save)
    desk.until(lambda: len(desk.rows()) == 2)
    desk.until(lambda: desk.view.save_button.text() == "Save all (0)")
    assert desk.outcomes() == ["12° forward (3 to 21)\nSaved", "13° forward (4 to 22)\nSaved"]
    assert not desk.view.save_button.isEnabled()


def test_a_click_opens_a_line_alone_and_back_leads_to_the_list(desk: Desk) -> None:
    desk.open("12.jpg", "13.jpg", "bad.jpg")
    desk.view.choose(BATCH)
    desk.finish()
    desk.click(2, LineColumn.OUTCOME)
    assert desk.page.state is CheckState.SEVERAL, "there is nothing to see of it"
    desk.click(1, LineColumn.OUTCOME)
    desk.until(lambda: desk.page.state is CheckState.MEASURED)
    assert "13° forward" in said(desk.page)
    answer = desk.page.work.answer
    assert answer is not None
    assert answer.shapes, "it is drawn again"
    assert desk.page.tools.back_button.isVisible()
    press(desk.page, "Alt+Left")
    assert desk.page.state is CheckState.SEVERAL
    assert desk.view.table.isVisible()
    assert desk.asked == ["12.jpg", "13.jpg"], "nothing is measured twice"


def test_return_opens_the_current_line(desk: Desk) -> None:
    desk.open("12.jpg", "13.jpg")
    desk.view.choose(BATCH)
    desk.finish()
    TEST.keyClick(desk.view.table, Qt.Key.Key_Down)
    TEST.keyClick(desk.view.table, Qt.Key.Key_Return)
    desk.until(lambda: desk.page.state is CheckState.MEASURED)
    assert "13° forward" in said(desk.page)


def test_what_is_saved_alone_is_saved_in_the_list_and_the_other_way_round(desk: Desk) -> None:
    several = desk.open("12.jpg", "13.jpg")
    desk.view.choose(BATCH)
    desk.finish()
    desk.click(0, LineColumn.OUTCOME)
    desk.until(lambda: desk.page.state is CheckState.MEASURED)
    desk.page.save()
    desk.until(lambda: several.lines[0].is_kept)
    desk.page.go_back()
    assert desk.outcomes()[0].endswith("Saved")
    desk.view.save()
    desk.until(lambda: several.lines[1].is_kept)
    assert len(desk.rows()) == 2
    desk.click(1, LineColumn.OUTCOME)
    desk.until(lambda: desk.page.state is CheckState.MEASURED)
    assert desk.page.save_bar.button.text() == "Saved"
    desk.page.save()
    desk.page.save_bar.note.setText("after lunch")
    desk.page.save_bar.note.editingFinished.emit()
    desk.until(lambda: {row.conditions.note for row in desk.rows()} == {"", "after lunch"})
    assert len(desk.rows()) == 2


def test_what_was_done_to_a_line_alone_stays_with_it(desk: Desk) -> None:
    several = desk.open("12.jpg", "front.jpg")
    desk.view.choose(BATCH)
    desk.finish()
    desk.click(1, LineColumn.OUTCOME)
    desk.until(lambda: desk.page.state is CheckState.REFUSED)
    desk.page.work.measure_person((10.0, 10.0))
    desk.until(lambda: desk.page.state is CheckState.MEASURED)
    desk.page.go_back()
    assert desk.page.state is CheckState.SEVERAL
    assert desk.outcomes()[1] == "12° forward (3 to 21)"
    assert len(several.waiting) == 2
    desk.click(1, LineColumn.OUTCOME)
    desk.until(lambda: desk.page.state is CheckState.MEASURED)
    assert desk.page.work.at_hand() is not None


def test_the_way_back_leads_through_single_results_and_lists(desk: Desk) -> None:
    desk.page.open_photo(desk.picture("9.jpg"))
    desk.until(lambda: desk.page.state is CheckState.MEASURED)
    first = desk.open("12.jpg", "13.jpg")
    desk.view.choose(BATCH)
    assert desk.view.back_button.isVisible()
    second = desk.open("20.jpg", "21.jpg")
    assert desk.view.question.isVisible(), "each is asked about"
    desk.view.choose(SERIES)
    desk.page.go_back()
    assert desk.view.pictures is first
    assert desk.view.table.isVisible(), "what was answered is not asked again"
    desk.view.back_button.click()
    assert desk.page.state is CheckState.MEASURED
    assert "9° forward" in said(desk.page)
    assert not desk.page.tools.back_button.isVisible()
    assert second.kind is SERIES


def test_a_file_that_has_gone_leads_back_to_the_list_with_a_word(desk: Desk) -> None:
    several = desk.open("12.jpg", "13.jpg")
    desk.view.choose(BATCH)
    desk.finish()
    several.lines[0].path.unlink()
    desk.click(0, LineColumn.PICTURE)
    desk.until(lambda: "There is no such file." in desk.page.notice.text())
    assert desk.page.state is CheckState.SEVERAL
    desk.page.open_photo(desk.folder / "missing.jpg")
    desk.until(lambda: "missing.jpg" in desk.page.notice.text())
    assert desk.page.state is CheckState.SEVERAL


def test_a_series_is_one_check_to_save_once(desk: Desk) -> None:
    several = desk.open("12.jpg", "13.jpg", "14.jpg")
    desk.view.choose(SERIES)
    desk.until(lambda: several.series is not None)
    assert desk.view.table.isColumnHidden(LineColumn.PERSON)
    text = desk.view.result.text()
    assert "3 pictures of one stance" in text
    assert "13° forward" in text
    assert desk.view.about.text().startswith(
        "The middle of 3 pictures, which lie up to 2° apart. A change of"
    )
    assert desk.view.save_bar.isVisible()
    desk.view.save_bar.note.setText("before lunch")
    press(desk.page, QKeySequence.StandardKey.Save)
    desk.until(lambda: len(desk.rows()) == 1)
    desk.until(lambda: desk.view.save_bar.button.text() == "Saved")
    desk.service.load()
    desk.until(lambda: not desk.jobs.is_busy("profiles"))
    desk.until(lambda: not desk.jobs._waiting)
    assert desk.view.save_bar.button.text() == "Saved", "no second one of the same"
    (row,) = desk.rows()
    assert row.repeat_count == 3
    assert row.repeat_spread_deg == pytest.approx(1.0)
    assert row.has_picture
    assert row.conditions.note == "before lunch"


def test_one_can_be_left_out_of_a_series_and_pictures_too_far_apart_say_so(desk: Desk) -> None:
    several = desk.open("12.jpg", "13.jpg", "40.jpg")
    desk.view.choose(SERIES)
    desk.until(lambda: several.series is not None)
    assert "No number for these photographs together." in desk.view.about.text()
    assert "40.jpg is 27° off the middle: look at it, or leave it out." in desk.view.about.text()
    assert not desk.view.save_bar.isVisible()
    model = desk.view.model
    unticked = Qt.CheckState.Unchecked
    tick = model.index(2, LineColumn.TICK)
    assert model.setData(tick, unticked.value, Qt.ItemDataRole.CheckStateRole)
    desk.until(lambda: desk.view.save_bar.isVisible())
    assert "2 pictures of one stance" in desk.view.result.text()


def test_who_chose_wrongly_changes_it_without_measuring_anew(desk: Desk) -> None:
    desk.open("12.jpg", "13.jpg")
    desk.view.choose(BATCH)
    desk.finish()
    assert desk.view.kind_button.text() == "They are one stance"
    desk.view.kind_button.click()
    desk.until(lambda: desk.view.save_bar.isVisible())
    desk.view.kind_button.click()
    assert not desk.view.save_bar.isVisible()
    assert desk.view.save_button.isVisible()
    assert len(desk.asked) == 2


def test_each_line_can_be_somebody_elses(desk: Desk) -> None:
    anna = desk.handle.history().add_profile("Anna")
    with desk.qtbot.waitSignal(desk.service.profiles_changed, timeout=TIMEOUT_MS):
        desk.service.load()
    several = desk.open("12.jpg", "13.jpg")
    desk.view.choose(BATCH)
    desk.finish()
    desk.click(1, LineColumn.PERSON)
    editor = desk.view.table.findChild(QComboBox)
    assert editor is not None
    editor.hidePopup()
    editor.setCurrentIndex(editor.findText("Anna"))
    editor.activated.emit(editor.currentIndex())
    assert several.lines[1].profile_id == anna.id
    assert desk.cell(1, LineColumn.PERSON) == "Anna ▾"
    assert desk.page.state is CheckState.SEVERAL
    assert desk.view.person.currentIndex() == -1, "they are not one person's"
    desk.view.person.setCurrentIndex(desk.view.person.findText("Anna"))
    desk.view.person.activated.emit(0)
    assert [line.profile_id for line in several.lines] == [anna.id, anna.id]
    assert desk.view.person.currentText() == "Anna"


def test_whose_it_is_can_be_said_while_a_line_is_shown_alone(desk: Desk) -> None:
    anna = desk.handle.history().add_profile("Anna")
    with desk.qtbot.waitSignal(desk.service.profiles_changed, timeout=TIMEOUT_MS):
        desk.service.load()
    several = desk.open("12.jpg", "13.jpg")
    desk.view.choose(BATCH)
    desk.finish()
    me = several.lines[0].profile_id
    desk.click(1, LineColumn.OUTCOME)
    desk.until(lambda: desk.page.state is CheckState.MEASURED)
    bar = desk.page.save_bar
    bar.person.setCurrentIndex(bar.person.findText("Anna"))
    bar.person.activated.emit(bar.person.currentIndex())
    desk.page.save()
    desk.until(lambda: several.lines[1].is_kept)
    desk.page.go_back()
    assert [line.profile_id for line in several.lines] == [me, anna.id]
    assert len(desk.rows(anna.id)) == 1


def test_what_was_taken_back_can_be_saved_alone(desk: Desk) -> None:
    several = desk.open("12.jpg", "13.jpg")
    desk.view.choose(BATCH)
    desk.finish()
    desk.view.save()
    desk.until(lambda: several.waiting == [])
    desk.click(0, LineColumn.OUTCOME)
    desk.until(lambda: desk.page.state is CheckState.MEASURED)
    assert desk.page.save_bar.button.text() == "Saved"
    desk.page.go_back()
    desk.undo()
    desk.until(lambda: len(several.waiting) == 2)
    desk.click(0, LineColumn.OUTCOME)
    desk.until(lambda: desk.page.state is CheckState.MEASURED)
    assert desk.page.save_bar.button.text() == "Save"
    desk.page.save()
    desk.until(lambda: len(desk.rows()) == 1)


def test_keeping_pictures_is_one_choice_everywhere(desk: Desk) -> None:
    desk.open("12.jpg", "13.jpg")
    desk.view.choose(BATCH)
    desk.view.keep_picture.click()
    assert not desk.page.preferences.keep_picture
    assert not desk.page.save_bar.keep_picture.isChecked()
    assert not desk.view.save_bar.keep_picture.isChecked()


def test_two_hundred_cost_no_more_than_those_that_show(desk: Desk) -> None:
    names = [f"{number % 20}.jpg" for number in range(200)]
    found = FoundPictures(tuple(desk.folder / str(n) / name for n, name in enumerate(names)))
    several = SeveralPictures(desk.jobs, desk.service, found)
    for line in several.lines:
        assert isinstance(line, PictureLine)
        assert isinstance(result_of(line.path.name), Measured)
    asked: list[int] = []

    class Counted(LinesModel):
        def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
            asked.append(index.row())
            return super().data(index, role)

    model = Counted(desk.service.profiles)
    table = LinesTable(model)
    desk.qtbot.addWidget(table)
    table.resize(700, 400)
    model.show(several)
    table.show()
    desk.qtbot.waitExposed(table)
    table.grab()
    assert asked
    assert max(asked) < 12
