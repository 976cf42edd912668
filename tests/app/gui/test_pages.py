"""Exercises and breaks in the real window, with a real history and a reminder that is not there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QWidget

from app.breaks import journal
from app.breaks.journal import JournalBreak
from app.breaks.protocol import ReminderState
from app.gui.background.history import HistoryHandle
from app.gui.exercises.page import Screen
from app.gui.live.page import PageState
from app.gui.main_window import MainWindow
from app.history.diary import Break, BreakKind, EntryKind, Screening, ScreeningOutcome
from app.history.place import Place
from app.history.store import History
from app.settings import SettingsFile
from vision.live.session import LiveKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

_TIMEOUT_MS = 20_000


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setattr(journal, "default_path", lambda: tmp_path / "breaks.jsonl")
    handle = HistoryHandle(lambda: History.open(Place(tmp_path / "data")))
    made = MainWindow(SettingsFile(tmp_path / "settings.json"), handle, warm_up=False)
    qtbot.addWidget(made)
    with qtbot.waitSignal(made.service.profiles_changed, timeout=_TIMEOUT_MS):
        made.show()
    yield made
    made.close()


def test_steps_beside_a_result_lead_to_their_pages(qtbot: QtBot, window: MainWindow) -> None:
    result = window.pages.check().result
    for target in ("exercises", "sit_less", "live"):
        result.step_wanted.emit(target)
        assert window.page == target
    result.step_wanted.emit("someone")
    assert window.page == "exercises"
    assert window.pages.exercises().shown is Screen.SOMEONE
    del qtbot


@pytest.mark.parametrize(
    ("kept", "is_on", "said"),
    [("{", False, "Reminders are off."), ('{"is_on": true, "interval_min": "often"}', True, "")],
)
def test_damaged_choices_about_reminders_are_said_once(
    qtbot: QtBot, tmp_path: Path, kept: str, is_on: bool, said: str
) -> None:
    (tmp_path / "reminder.json").write_text(kept, "utf-8")
    sentences = []
    for _ in range(2):
        handle = HistoryHandle(lambda: History.open(Place(tmp_path / "data")))
        window = MainWindow(SettingsFile(tmp_path / "settings.json"), handle, warm_up=False)
        qtbot.addWidget(window)
        with qtbot.waitSignal(window.service.profiles_changed, timeout=_TIMEOUT_MS):
            window.show()
        sentences.append(window.status.words.text())
        assert window.reminder.preferences.is_on is is_on
        window.close()
    assert "choices about reminders" in sentences[0]
    assert sentences[0].endswith(said)
    assert sentences[1] == ""
    assert (tmp_path / "reminder.damaged.json").read_text("utf-8") == kept


def test_the_self_check_leads_to_the_squeeze_test(qtbot: QtBot, window: MainWindow) -> None:
    window.show_page("exercises")
    window.pages.exercises().live_requested.emit()
    assert window.page == "live"
    page = window.pages.live()
    assert page.preferences.kind is LiveKind.SQUEEZE
    assert page.state is PageState.INTRO, "the camera waits to be switched on"
    del qtbot


def test_exercises_open_once_the_questions_are_answered(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    window.show_page("exercises")
    page = window.pages.exercises()
    qtbot.waitUntil(lambda: page.shown is Screen.QUESTIONS, timeout=_TIMEOUT_MS)
    page.questions.none.click()
    qtbot.waitUntil(lambda: page.shown is Screen.HOME, timeout=_TIMEOUT_MS)
    window.close()
    with History.open(Place(tmp_path / "data")) as history:
        me = history.default_profile()
        kept = history.entries(me.id, EntryKind.SCREENING)[-1]
        assert kept.content == Screening(ScreeningOutcome.CLEAR)


def test_noticed_breaks_are_taken_into_the_history(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    noted = JournalBreak(datetime.now(UTC).astimezone(), BreakKind.AWAY, 6.0, None)
    journal.append(tmp_path / "breaks.jsonl", noted)
    window.show_page("sit_less")
    page = window.pages.breaks()
    qtbot.waitUntil(lambda: "1 break today" in page.now.today.text(), timeout=_TIMEOUT_MS)
    window.close()
    with History.open(Place(tmp_path / "data")) as history:
        (kept,) = history.entries(history.default_profile().id, EntryKind.BREAK)
        assert kept.content == Break(BreakKind.AWAY, 6.0)


def test_standing_is_taken_into_the_history_when_somebody_sits_down(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    window.show_page("sit_less")
    page = window.pages.breaks()
    qtbot.waitUntil(lambda: page.now.today.text() != "", timeout=_TIMEOUT_MS)
    said = window.reminder.link.state_changed
    said.emit(ReminderState(is_on=True, can_stand=True, is_standing=True, standing_min=7.0))
    noted = JournalBreak(datetime.now(UTC).astimezone(), BreakKind.STOOD, 7.0, None)
    journal.append(tmp_path / "breaks.jsonl", noted)
    said.emit(ReminderState(is_on=True, can_stand=True))
    stood = "You stood at the desk for 7 minutes."
    qtbot.waitUntil(lambda: page.now.today.text().endswith(stood), timeout=_TIMEOUT_MS)


def test_without_a_tray_the_window_tells_and_takes_no_focus(
    qtbot: QtBot, window: MainWindow
) -> None:
    focused = window.focusWidget()
    due = ReminderState(is_on=True, is_due=True, has_tray=False, suggestion="Walk a little.")
    window.reminder.link.state_changed.emit(due)
    bar = window.reminder_bar
    qtbot.waitUntil(bar.isVisible)
    assert "Walk a little." in bar.words.text()
    assert window.focusWidget() is focused
    window.reminder.link.state_changed.emit(None)
    qtbot.waitUntil(lambda: not bar.isVisible())
    window.reminder.link.state_changed.emit(ReminderState(is_on=True, is_due=True, has_tray=True))
    assert not bar.isVisible(), "the tray tells"


def test_choices_about_breaks_are_kept(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []
    link = window.reminder.link
    monkeypatch.setattr(link, "connect_or_start", lambda: started.append("start"))
    monkeypatch.setattr(link, "send_preferences", lambda chosen: started.append("send"))
    window.show_page("sit_less")
    page = window.pages.breaks()
    page.choices.switch.click()
    assert '"is_on": true' in (tmp_path / "reminder.json").read_text("utf-8")
    assert started
    del qtbot


def test_pages_are_made_and_styled_part_by_part_before_somebody_turns_to_them(
    qtbot: QtBot, window: MainWindow
) -> None:
    window._ahead.start(10)
    pages = window.pages
    made = [pages.live, pages.exercises, pages.history, pages.breaks, pages.settings]
    qtbot.waitUntil(lambda: len(window._views) == 1 + len(made), timeout=_TIMEOUT_MS)
    live = pages.live()
    cards = ("intro", "result", "squeeze", "range", "photographs")
    qtbot.waitUntil(lambda: all(name in vars(live) for name in cards), timeout=_TIMEOUT_MS)
    polished = Qt.WidgetAttribute.WA_WState_Polished

    def is_styled(page: QWidget) -> bool:
        return all(one.testAttribute(polished) for one in (page, *page.findChildren(QWidget)))

    qtbot.waitUntil(lambda: all(is_styled(page()) for page in made), timeout=_TIMEOUT_MS)
    assert window.page == "check"
    assert not live.is_camera_on
    # A part that was made ahead is the one that is shown.
    assert pages.history().detail is pages.check_detail()
    assert pages.exercises().player is pages.player()
    assert pages.exercises().questions is pages.screens().questions


def test_a_window_that_closes_makes_no_more_pages(qtbot: QtBot, window: MainWindow) -> None:
    window._ahead.start(10)
    qtbot.waitUntil(lambda: len(window._views) > 1, timeout=_TIMEOUT_MS)
    window.close()
    made = len(window._views)
    qtbot.wait(200)
    assert len(window._views) == made < 6
