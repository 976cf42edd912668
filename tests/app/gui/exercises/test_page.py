"""The Exercises page as a person goes through it, on a real history."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QAbstractButton, QAbstractSpinBox, QApplication, QComboBox, QLineEdit

from app.exercises import text
from app.exercises.routine import minutes_of, usual_plan
from app.exercises.screening import questions
from app.gui.exercises.page import Screen
from app.history.diary import (
    CountedBy,
    EntryKind,
    ExerciseSet,
    Pain,
    Plan,
    PlannedExercise,
    Screening,
    ScreeningOutcome,
)
from app.history.errors import LockedHistory
from app.history.store import History
from app.text.language import texts
from tests.app.gui.exercises.exercise_room import BRIDGES, CLEAR, Room
from tests.app.gui.kept_checks import TEST

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PyQt6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from app.text.language import QuestionText

BRIDGE = 1


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Iterator[Room]:
    made = Room(qtbot, tmp_path)
    yield made
    made.close()


def test_questions_come_before_anything_else_and_once(room: Room) -> None:
    page = room.open(screened=None)
    assert room.shown() is Screen.QUESTIONS
    assert not page.back.isVisible()
    form = page.questions
    assert [box.accessibleName() for box in form.boxes.values()] == [q.text for q in questions()]
    assert not form.go_on.isEnabled()
    form.none.click()
    assert room.shown() is Screen.HOME
    room.settle()
    assert room.kept(EntryKind.SCREENING) == [CLEAR]
    page.refresh()
    room.settle()
    assert room.shown() is Screen.HOME


def test_they_come_again_after_four_weeks_and_when_the_clock_was_set_back(room: Room) -> None:
    room.note(CLEAR, timedelta(days=29))
    page = room.open(screened=None)
    assert room.shown() is Screen.QUESTIONS
    room.note(CLEAR, timedelta(days=-3))
    page.refresh()
    room.settle()
    assert room.shown() is Screen.QUESTIONS
    page.questions.none.click()
    room.settle()
    page.refresh()
    room.settle()
    assert room.shown() is Screen.HOME  # and does not ask for ever


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.code)
def test_each_yes_closes_the_exercises_and_says_whom_to_call(
    room: Room, question: QuestionText
) -> None:
    code, outcome = question.code, question.outcome
    page = room.open(screened=None)
    form = page.questions
    form.boxes[code].click()
    assert not form.none.isEnabled()
    form.go_on.click()
    assert room.shown() is Screen.OUTCOME
    told, shown = texts().screening.outcomes[outcome], page.outcome
    assert shown.title.text() == told.title
    assert shown.whom.text() == f"{told.whom}\n{told.how_soon}"
    assert shown.asked.isVisible() == (outcome is ScreeningOutcome.ASK_FIRST)
    room.settle()
    assert room.kept(EntryKind.SCREENING) == [Screening(outcome, (code,))]
    page.refresh()
    room.settle()
    assert room.shown() is Screen.OUTCOME


def test_the_gravest_answer_decides_and_answering_again_opens(room: Room) -> None:
    page = room.open(screened=None)
    form, outcome = page.questions, page.outcome
    for code in ("hip_replacement", "saddle_numbness"):
        form.boxes[code].click()
    form.go_on.click()
    assert outcome.title.text() == texts().screening.outcomes[ScreeningOutcome.EMERGENCY].title
    assert not outcome.asked.isVisible()
    outcome.someone.click()
    assert room.shown() is Screen.SOMEONE
    page.back.click()
    assert room.shown() is Screen.OUTCOME
    outcome.again.click()
    assert not any(box.isChecked() for box in form.boxes.values())
    form.none.click()
    assert room.shown() is Screen.HOME


def test_who_has_asked_may_exercise(room: Room) -> None:
    page = room.open(Screening(ScreeningOutcome.ASK_FIRST, ("pregnancy",)))
    assert room.shown() is Screen.OUTCOME
    page.outcome.asked.click()
    assert room.shown() is Screen.HOME
    room.settle()
    newest = room.kept(EntryKind.SCREENING)[-1]
    assert newest == Screening(ScreeningOutcome.ASK_FIRST, ("pregnancy",), has_asked=True)


def test_words_beside_a_box_tick_it(room: Room) -> None:
    page = room.open(screened=None)
    form = page.questions
    box = form.boxes["fever"]
    beside = next(
        label
        for label in form.findChildren(type(page.title))
        if label.text() == box.accessibleName()
    )
    TEST.mouseClick(beside, Qt.MouseButton.LeftButton)
    assert box.isChecked()


def test_today_is_the_usual_routine_under_ten_minutes(room: Room) -> None:
    page = room.open()
    home = page.home
    assert [card.task.planned for card in home.cards] == list(usual_plan().exercises)
    assert minutes_of(usual_plan()) < 10
    assert home.sum.text().startswith("About ")
    assert all(card.picture.isVisible() for card in home.cards)


def test_sets_follow_one_another_with_rests_and_are_kept_at_once(room: Room) -> None:
    page = room.open()
    room.start(BRIDGE)
    assert room.player.sets.text() == "2 sets left, counting this one"
    room.player.set_done.emit(BRIDGES)
    assert room.shown() is Screen.REST
    assert "the last set" in page.rest.text()
    room.settle()
    assert room.kept(EntryKind.EXERCISE) == [BRIDGES]
    page.rest.now.click()
    assert room.shown() is Screen.PLAYER
    done = ExerciseSet("glute_bridge", 8, 2.5, faults={"too_fast": 2}, counted_by=CountedBy.CAMERA)
    room.player.set_done.emit(done)
    assert room.shown() is Screen.SUMMARY
    told = page.summary.text()
    assert "8 repetitions, held 2 s, counted by the camera" in told
    assert "Slower (2 times)" in told
    assert not page.summary.left.isVisible()
    room.settle()
    assert room.kept(EntryKind.EXERCISE) == [BRIDGES, done]
    page.summary.next.click()
    assert room.shown() is Screen.DETAIL
    assert page.detail.name.text() == "Single-leg bridge"
    page.back.click()
    card = page.home.cards[BRIDGE]
    assert card.task.is_done
    assert "This week: exercises on 1 day" in page.home.habit.text()


def test_sides_take_turns_and_the_second_visit_goes_on_where_the_first_ended(room: Room) -> None:
    page = room.open()
    room.start(3)
    room.player.set_done.emit(ExerciseSet("leg_lift", 10, side="left"))
    assert page.rest.title.text() == text.CHANGE_SIDES
    assert "Right side" in page.rest.next.text()
    page.back.click()
    assert room.shown() is Screen.SUMMARY
    assert "3 of 4" in page.summary.left.text()
    page.summary.back.click()
    page.home.cards[3].open_button.click()
    assert page.detail.side.text() == text.NEXT_SIDE["right"]
    page.detail.start.click()
    assert "Right side" in room.player.heading.text()


def test_the_rest_ends_by_itself_and_waits_when_told_to(room: Room, qtbot: QtBot) -> None:
    page = room.open()
    room.start(BRIDGE)
    rest = page.rest
    rest._clock.setInterval(5)
    room.player.set_done.emit(BRIDGES)
    rest.wait.click()
    shown = rest.count.text()
    qtbot.wait(50)
    assert rest.count.text() == shown == text.WAITING
    rest.wait.click()
    qtbot.waitUntil(lambda: room.shown() is Screen.PLAYER)


def test_no_set_begins_where_nobody_looks(room: Room, qtbot: QtBot) -> None:
    page = room.open()
    room.start(BRIDGE)
    page.rest._clock.setInterval(1)
    room.player.set_done.emit(BRIDGES)
    page.hide()
    qtbot.wait(80)
    assert room.shown() is Screen.REST
    page.show()
    qtbot.waitUntil(lambda: room.shown() is Screen.PLAYER)


def test_leaving_the_player_without_a_set_keeps_nothing(room: Room) -> None:
    page = room.open()
    room.start(BRIDGE)
    TEST.keyClick(room.player, Qt.Key.Key_Escape)
    assert room.shown() is Screen.DETAIL
    TEST.keyClick(page, Qt.Key.Key_Escape)
    assert room.shown() is Screen.HOME
    room.start(BRIDGE)
    room.player.set_done.emit(ExerciseSet("glute_bridge", 0))
    assert room.shown() is Screen.DETAIL
    assert room.said == [text.NOTHING_COUNTED]
    room.settle()
    assert room.kept(EntryKind.EXERCISE) == []


@pytest.mark.parametrize("where", ["home", "detail", "player", "rest", "summary", "self_check"])
def test_this_hurts_stops_everywhere_and_is_kept(room: Room, where: str) -> None:
    page = room.open()
    if where == "self_check":
        page.home.self_check.click()
    elif where == "detail":
        page.home.cards[BRIDGE].open_button.click()
    elif where != "home":
        room.start(BRIDGE)
        if where in ("rest", "summary"):
            room.player.set_done.emit(BRIDGES)
        if where == "summary":
            page.rest.stop.click()
    assert room.shown() == where
    TEST.keyClick(QApplication.focusWidget(), Qt.Key.Key_H)
    assert room.shown() is Screen.PAIN
    assert not page.rest._clock.isActive()
    room.settle()
    exercise = "" if where in ("home", "self_check") else "glute_bridge"
    assert room.kept(EntryKind.PAIN) == [Pain(exercise)]
    page.pain.note.setText("left knee")
    page.pain.back.click()
    room.settle()
    assert room.kept(EntryKind.PAIN) == [Pain(exercise, "left knee")]
    if exercise:
        card = page.home.cards[BRIDGE]
        assert card.task.hurt_at is not None
        assert card.task.planned.repetitions < 10
        page.home.cards[BRIDGE].open_button.click()
        assert page.detail.hurt.text().startswith("It hurt on ")


def test_after_pain_the_questions_can_be_answered_anew(room: Room) -> None:
    page = room.open()
    page.hurts.click()
    page.pain.questions.click()
    assert room.shown() is Screen.QUESTIONS
    page.questions.boxes["leg_weakness"].click()
    page.questions.go_on.click()
    assert room.shown() is Screen.OUTCOME
    room.settle()
    assert len(room.kept(EntryKind.PAIN)) == 1


def test_another_person_has_another_page_and_a_running_set_stays_with_the_first(
    room: Room,
) -> None:
    other = room.handle.history().add_profile("Ada").id
    first = room.profile_id
    page = room.open()
    room.start(BRIDGE)
    room.player.setup.begin.click()
    room.player.set_done.emit(BRIDGES)
    page.rest.now.click()
    page.set_profile(other)
    room.settle()
    assert room.shown() is Screen.QUESTIONS
    assert room.kept(EntryKind.EXERCISE, first) == [BRIDGES]
    page.questions.none.click()
    room.settle()
    assert room.kept(EntryKind.SCREENING, other) == [CLEAR]
    assert not any(card.task.done for card in page.home.cards)
    page.set_profile(first)
    room.settle()
    assert len(page.home.cards[BRIDGE].task.done) == 1


def test_what_cannot_be_written_waits_is_said_once_and_is_written_later(room: Room) -> None:
    page = room.open()
    room.start(BRIDGE)
    room.error = LockedHistory()
    room.player.set_done.emit(BRIDGES)
    room.settle()
    assert room.shown() is Screen.REST
    assert page.error.isVisible()
    words = page.error.words.text()
    assert text.NOT_KEPT in words
    page.error.words.setText("")  # so that a second word would be seen
    page.rest.now.click()
    room.player.set_done.emit(BRIDGES)
    room.settle()
    assert page.error.words.text() == ""
    assert room.shown() is Screen.SUMMARY
    page.summary.back.click()
    assert page.home.cards[BRIDGE].task.is_done  # it counts all the same
    room.error = None
    page.error.retry.click()
    room.settle()
    assert not page.error.isVisible()
    assert room.said[-1] == text.RECOVERED
    assert room.kept(EntryKind.EXERCISE) == [BRIDGES, BRIDGES]


def test_it_tries_again_by_itself_and_keeps_each_thing_once(room: Room, qtbot: QtBot) -> None:
    page = room.open()
    page.diary._retry.setInterval(20)
    room.error = LockedHistory()
    page.hurts.click()
    room.settle()
    page.pain.note.setText("right hip")
    page.pain.back.click()
    room.error = None
    qtbot.waitUntil(lambda: text.RECOVERED in room.said)
    room.settle()
    assert room.kept(EntryKind.PAIN) == [Pain("", "right hip")]


@pytest.mark.parametrize("fails", [False, True])
def test_words_about_a_pain_that_is_being_written_take_its_place(
    room: Room, qtbot: QtBot, fails: bool
) -> None:
    page = room.open()
    page.diary._retry.setInterval(20)
    room.error = LockedHistory() if fails else None
    at = page.diary.note(Pain("glute_bridge"))
    page.diary.reword_pain(at, Pain("glute_bridge", "left knee"))
    news = page.diary.news
    assert news is not None
    assert [entry.content for entry in news.entries if entry.at == at] == [
        Pain("glute_bridge", "left knee")
    ]
    if fails:
        qtbot.waitUntil(lambda: page.diary.is_in_trouble)
        room.error = None
        qtbot.waitUntil(lambda: not page.diary.is_in_trouble)
    room.settle()
    assert room.kept(EntryKind.PAIN) == [Pain("glute_bridge", "left knee")]


def test_a_person_who_is_gone_holds_nobody_up(room: Room, qtbot: QtBot) -> None:
    history = room.handle.history()
    other = history.add_profile("Ada").id
    page = room.open()
    page.diary._retry.setInterval(20)
    page.set_profile(other)
    room.settle()
    history.delete_profile(other)
    page.questions.none.click()
    qtbot.waitUntil(page.error.isVisible)
    page.set_profile(room.profile_id)
    qtbot.waitUntil(lambda: room.shown() is Screen.HOME)
    page.hurts.click()
    qtbot.waitUntil(lambda: room.kept(EntryKind.PAIN) == [Pain()])


def test_a_pain_is_taken_back_and_noted_again(room: Room) -> None:
    page = room.open()
    stack = room.service.changes.stack
    TEST.keyClick(page, Qt.Key.Key_H)
    assert room.shown() is Screen.PAIN
    assert stack.undoText() == text.HURT_NOTED
    page.pain.note.setText("left knee")
    page.pain.flush()
    room.settle()
    assert room.kept(EntryKind.PAIN) == [Pain("", "left knee")]
    stack.undo()
    room.settle()
    page.refresh()
    room.settle()
    assert room.kept(EntryKind.PAIN) == []
    assert room.shown() is Screen.HOME
    stack.redo()
    room.settle()
    assert room.kept(EntryKind.PAIN) == [Pain("", "left knee")]


def test_one_button_starts(room: Room) -> None:
    page = room.open()
    said = {page.home.cards[0].open_button.text(), page.detail.start.text()}
    said |= {page.rest.now.text(), room.player.end_card.again.text()}
    assert room.player.setup.begin.text() == text.START
    assert not any(word.startswith(("Start", "Begin")) for word in said)


def test_closing_writes_what_waits(room: Room) -> None:
    page = room.open()
    room.error = LockedHistory()
    page.hurts.click()
    room.settle()
    room.error = None
    page.close()
    assert room.jobs.close(5000)
    assert room.kept(EntryKind.PAIN) == [Pain()]


def test_an_unreadable_history_is_told_and_read_again(room: Room) -> None:
    room.note(CLEAR)
    room.error = LockedHistory()
    page = room.open(screened=None)
    assert room.shown() is Screen.READING
    assert page.error.isVisible()
    room.error = None
    TEST.keyClick(page, Qt.Key.Key_F5)
    room.settle()
    assert room.shown() is Screen.HOME
    assert not page.error.isVisible()


def test_an_own_list_replaces_the_routine_as_it_was_typed(room: Room) -> None:
    own = PlannedExercise(name="Clam", sets=3, repetitions=12, each_side=True, load="red band")
    room.note(Plan((own,)))
    for days in (2, 1):
        for side in ("left", "right") * 3:
            room.note(ExerciseSet("Clam", 12, side=side), timedelta(days=days))
    page = room.open()
    (card,) = page.home.cards
    assert card.task.planned == own
    assert text.OWN_LIST_SHOWN in page.home.sum.text()
    card.open_button.click()
    assert page.detail.load.text() == "With: red band"
    assert not page.detail.picture.isVisible()
    page.detail.start.click()
    assert "Clam" in room.player.heading.text()


def test_the_usual_routine_comes_back_and_goes_again(room: Room) -> None:
    own = Plan((PlannedExercise(name="Clam"),))
    room.note(own)
    page = room.open()
    page.home.list.click()
    page.editor.usual.click()
    assert room.shown() is Screen.HOME
    assert len(page.home.cards) == 4
    room.service.changes.stack.undo()
    assert [card.task.planned for card in page.home.cards] == list(own.exercises)
    room.settle()
    assert room.kept(EntryKind.PLAN) == [own, Plan(), own]


def test_reports_and_the_camera_are_asked_for(room: Room, qtbot: QtBot) -> None:
    page = room.open()
    page.show_someone()
    assert room.shown() is Screen.SOMEONE
    with qtbot.waitSignal(page.report_requested):
        page.someone.report.click()
    page.back.click()
    page.home.self_check.click()
    with qtbot.waitSignal(page.live_requested):
        page.self_check.camera.click()


def test_every_control_of_every_screen_has_a_name_and_takes_keys(room: Room) -> None:
    page = room.open()
    page.home.list.click()
    kinds = QAbstractButton, QComboBox, QLineEdit, QAbstractSpinBox
    for control in (found for kind in kinds for found in page.findChildren(kind)):
        inside = isinstance(control.parent(), QComboBox | QAbstractSpinBox | QLineEdit)
        if inside or control.isHidden() or page.player.isAncestorOf(control):
            continue
        name = control.accessibleName() or getattr(control, "text", str)()
        assert name, control
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, name


def test_tab_goes_round_todays_page(room: Room) -> None:
    page = room.open()
    reached: set[QWidget | None] = set()
    for _ in range(20):
        focused = QApplication.focusWidget()
        assert focused is not None
        reached.add(focused)
        TEST.keyClick(focused, Qt.Key.Key_Tab)
    home = page.home
    wanted = [card.open_button for card in home.cards]
    wanted += [home.self_check, home.list, home.someone, home.questions, page.hurts]
    assert set(wanted) <= reached


def test_the_history_is_never_opened_on_the_gui_thread(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    opened: list[str] = []
    original = History.entries

    def entries(self: History, *args: object, **named: object) -> object:
        opened.append(threading.current_thread().name)
        return original(self, *args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(History, "entries", entries)
    room.open()
    assert opened
    assert threading.main_thread().name not in opened
