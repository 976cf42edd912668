"""The Sit less page and its bar, as a person uses them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.gui.background.jobs import Jobs
from app.gui.breaks import ReminderBar, Session, SitLessPage
from app.history.diary import Break, BreakKind, EntryKind
from app.history.errors import LockedHistory
from app.history.place import Place
from app.history.store import History
from app.text import breaks as words
from tests.app.gui.kept_checks import TEST, Opener
from tests.app.gui.sit_less_home import Link, Preferences, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


USUAL = Preferences()


class Start:
    """What starts with the session, in place of the system's own."""

    def __init__(self) -> None:
        self.is_on = False
        self.error: Exception | None = None

    def turn(self, on: bool) -> None:
        if self.error is not None:
            raise self.error
        self.is_on = on

    @property
    def session(self) -> Session:
        return Session(lambda: self.is_on, self.turn)


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    made = Jobs()
    yield made
    assert made.close(5000)


@pytest.fixture
def opener(tmp_path: Path) -> Iterator[Opener]:
    with History.open(Place(tmp_path / "history")) as history:
        yield Opener(history)


@pytest.fixture
def link() -> Link:
    return Link()


@pytest.fixture
def start() -> Start:
    return Start()


@pytest.fixture
def open_page(
    link: Link, start: Start, jobs: Jobs, opener: Opener, qtbot: QtBot
) -> Callable[..., SitLessPage]:
    def show(preferences: Preferences = USUAL) -> SitLessPage:
        page = SitLessPage(link, preferences, jobs, opener, start.session)
        qtbot.addWidget(page)
        page.resize(800, 560)
        page.set_profile(opener.history.default_profile().id)
        page.show()
        qtbot.waitExposed(page)
        settle(page, qtbot)
        return page

    return show


def settle(page: SitLessPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not page._jobs._waiting)


def choose(choice: QComboBox, data: object) -> None:
    index = choice.findData(data)
    assert index >= 0
    choice.setCurrentIndex(index)
    choice.activated.emit(index)


def breaks(opener: Opener) -> list[Break]:
    history = opener.history
    entries = history.entries(history.default_profile().id, EntryKind.BREAK)
    return [entry.content for entry in entries if isinstance(entry.content, Break)]


def test_it_says_when_the_next_reminder_comes(
    open_page: Callable[..., SitLessPage], link: Link
) -> None:
    page = open_page()
    assert page.now.state.text() == words.STARTING
    link.state_changed.emit(State(next_in_min=24.7))
    assert page.now.state.text() == "Next reminder in about 25 minutes."
    assert not page.now.suggestion.isVisible()
    assert not page.now.limits.isVisible()
    assert not page.now.snooze.isVisible()
    assert not page.now.resume.isVisible()


def test_a_due_break_is_told_with_what_to_do(
    open_page: Callable[..., SitLessPage], link: Link
) -> None:
    page = open_page()
    link.state_changed.emit(State(is_due=True))
    assert page.now.state.text() == words.DUE
    assert page.now.suggestion.text() == "For instance: walk for 3 to 5 minutes."
    page.now.snooze.click()
    page.now.take.click()
    assert link.asked == [("snooze", 10), ("break",)]


def test_pauses_and_their_end(open_page: Callable[..., SitLessPage], link: Link) -> None:
    page = open_page()
    link.state_changed.emit(State())
    for button in (page.now.pause_one, page.now.pause_two, page.now.tomorrow):
        button.click()
    assert link.asked == [("pause", 60), ("pause", 120), ("until tomorrow",)]
    noon = datetime.now().astimezone().replace(hour=14, minute=30)
    link.state_changed.emit(State(paused_until=noon))
    assert page.now.state.text().startswith("Paused until ")
    assert "30" in page.now.state.text()
    page.now.resume.click()
    assert link.asked[-1] == ("resume",)
    tomorrow = noon + timedelta(days=1)
    link.state_changed.emit(State(paused_until=tomorrow))
    day = page.locale().standaloneDayName(tomorrow.isoweekday())
    assert page.now.state.text().startswith(f"Paused until {day}, ")


def test_choices_are_told_at_once_to_the_reminder_and_to_who_keeps_them(
    open_page: Callable[..., SitLessPage], link: Link
) -> None:
    page = open_page(Preferences(is_on=False))
    kept: list[Preferences] = []
    page.preferences_changed.connect(kept.append)
    choices = page.choices
    assert page.now.state.text() == words.OFF
    assert not choices.isVisible()
    choices.switch.click()
    assert choices.isVisible()
    choices.usual[0].click()
    choose(choices.quiet_from, "21:30")
    choose(choices.quiet_to, "06:00")
    choices.days[5].click()
    choices.sound.click()
    choices.calm.click()
    assert kept[-1] == Preferences(
        interval_min=30,
        quiet_from="21:30",
        quiet_to="06:00",
        quiet_days=(5, 6),
        has_sound=False,
        is_calm=False,
    )
    assert link.asked[0] == ("connect",)
    assert [what[1] for what in link.asked if what[0] == "preferences"] == kept
    choices.switch.click()
    assert link.asked[-1] == ("preferences", kept[-1])
    assert not kept[-1].is_on
    assert page.now.state.text() == words.OFF


def test_why_it_is_silent_is_said_while_it_waits_and_afterwards(
    open_page: Callable[..., SitLessPage], link: Link
) -> None:
    page = open_page()
    link.state_changed.emit(State(next_in_min=0.0, silence="Silent for once."))
    assert page.now.state.text() == "Silent for once."
    link.state_changed.emit(State(next_in_min=None, is_due=True, silence="This waited."))
    assert page.now.state.text() == words.DUE
    assert page.now.suggestion.text().endswith(". This waited.")


def test_any_number_of_minutes_can_be_chosen(
    open_page: Callable[..., SitLessPage], link: Link, qtbot: QtBot
) -> None:
    page = open_page()
    every = page.choices.every
    every.setFocus()
    every.selectAll()
    qtbot.keyClicks(every, "47")
    assert link.asked == []  # nobody chose 4 on the way
    qtbot.keyClick(every, Qt.Key.Key_Return)
    assert page.choices.preferences.interval_min == 47
    told = [what[-1] for what in link.asked]
    assert [one.interval_min for one in told if isinstance(one, Preferences)] == [47]
    assert (every.minimum(), every.maximum()) == (5, 240)


@pytest.mark.parametrize(
    ("field", "entry", "typed"),
    [("every", "interval_min", 5), ("break_for", "break_min", 7), ("standing", "standing_min", 41)],
)
def test_each_length_of_time_can_be_typed(
    open_page: Callable[..., SitLessPage], qtbot: QtBot, field: str, entry: str, typed: int
) -> None:
    page = open_page(Preferences(can_stand=True))
    box = getattr(page.choices, field)
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, str(typed))
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert getattr(page.choices.preferences, entry) == typed
    page.show_preferences(Preferences(can_stand=True))
    assert box.value() == getattr(Preferences(), entry)


def test_standing_is_for_whoever_has_a_desk_for_it(
    open_page: Callable[..., SitLessPage], link: Link
) -> None:
    page = open_page()
    link.state_changed.emit(State())
    assert not page.choices.standing.isVisible()
    assert not page.now.posture.isVisible()
    page.choices.can_stand.click()
    assert page.choices.preferences.can_stand
    assert page.choices.standing.isVisible()
    link.state_changed.emit(State(can_stand=True))
    assert page.now.posture.isVisible()
    assert page.now.posture.text() == words.STAND
    page.now.posture.click()
    link.state_changed.emit(State(can_stand=True, is_standing=True, standing_min=4.0))
    assert page.now.state.text() == "You are standing. Next reminder in about 25 minutes."
    assert page.now.posture.text() == words.SIT
    page.now.posture.click()
    orders = "stand", "sit"
    link.state_changed.emit(State(can_stand=True, is_standing=True, is_due=True))
    assert page.now.state.text() == words.DUE_STANDING
    assert [what[0] for what in link.asked if what[0] in orders] == [*orders]
    link.state_changed.emit(None)
    assert not page.now.posture.isVisible()


def test_the_switch_comes_first_and_nothing_is_greyed_out(
    open_page: Callable[..., SitLessPage], link: Link
) -> None:
    for page in (open_page(Preferences(is_on=False)), open_page()):
        inner = page.widget()
        assert inner is not None
        parts = [part for part in inner.findChildren(QWidget) if part.isVisible()]
        assert all(part.isEnabled() for part in parts)
        buttons = [part for part in parts if isinstance(part, QAbstractButton)]
        first = min(buttons, key=lambda part: part.mapTo(inner, part.rect().topLeft()).y())
        assert first is page.choices.switch
    link.state_changed.emit(State(paused_until=datetime.now().astimezone()))
    assert page.now.resume.isVisible()
    assert not page.now.pause_one.isVisible()


def test_quiet_hours_can_be_had_or_not(open_page: Callable[..., SitLessPage]) -> None:
    page = open_page(Preferences(quiet_from="20:15", quiet_to="06:45"))
    assert page.choices.quiet_from.currentData() == "20:15"
    page.choices.has_quiet.click()
    chosen = page.choices.preferences
    assert chosen.quiet_from == chosen.quiet_to
    assert not page.choices.quiet_from.isVisible()
    page.choices.has_quiet.click()
    chosen = page.choices.preferences
    assert (chosen.quiet_from, chosen.quiet_to) == ("20:15", "06:45")
    assert page.choices.quiet_to.isVisible()


def test_preferences_from_elsewhere_are_shown_and_not_told_back(
    open_page: Callable[..., SitLessPage], link: Link
) -> None:
    page = open_page()
    page.show_preferences(
        Preferences(interval_min=120, quiet_days=(), has_sound=False, is_calm=False)
    )
    assert page.choices.every.value() == 120
    assert not any(day.isChecked() for day in page.choices.days)
    assert not page.choices.sound.isChecked()
    assert not page.choices.calm.isChecked()
    assert link.asked == []


def test_it_starts_with_the_session_only_if_asked(
    open_page: Callable[..., SitLessPage], start: Start, qtbot: QtBot
) -> None:
    page = open_page()
    assert not page.choices.session.isChecked()
    with qtbot.waitSignal(page.preferences_changed) as told:
        page.choices.session.click()
    assert start.is_on
    assert told.args[0].starts_with_session
    start.error = OSError("The folder is read-only.")
    page.choices.session.click()
    settle(page, qtbot)
    assert page.choices.session.isChecked()
    assert page.error.isVisible()
    assert page.error.text().endswith("The folder is read-only.")
    start.error = None
    page.choices.session.click()
    settle(page, qtbot)
    assert not start.is_on
    assert not page.error.isVisible()


def test_what_this_desktop_cannot_do_is_said(
    open_page: Callable[..., SitLessPage], link: Link
) -> None:
    page = open_page()
    link.state_changed.emit(State(has_tray=False, knows_idle=False))
    assert page.now.limits.text() == f"{words.NO_TRAY} {words.NO_IDLE}"
    link.state_changed.emit(State(knows_idle=False))
    assert page.now.limits.text() == words.NO_IDLE


def test_the_badge_is_for_desktops_without_a_tray(link: Link, qtbot: QtBot) -> None:
    bar = ReminderBar()
    qtbot.addWidget(bar)
    link.state_changed.connect(bar.show_state)
    told: list[bool] = []
    bar.badge_changed.connect(told.append)
    for state in (
        State(is_due=True),
        State(is_due=True, has_tray=False),
        State(is_due=True, has_tray=False),
        State(has_tray=False),
    ):
        link.state_changed.emit(state)
    assert told == [True, False]


def test_today_s_breaks_are_counted(
    open_page: Callable[..., SitLessPage], opener: Opener, link: Link, qtbot: QtBot
) -> None:
    history = opener.history
    me, anna = history.default_profile().id, history.add_profile("Anna").id
    now = datetime.now().astimezone()
    history.note(me, now - timedelta(days=1, minutes=1), Break(BreakKind.TAKEN))
    history.note(me, now, Break(BreakKind.TAKEN))
    page = open_page()
    assert page.now.today.text().startswith("1 break today, at ")
    history.note(me, now, Break(BreakKind.AWAY, 7.0))
    link.state_changed.emit(State(is_due=True))
    link.state_changed.emit(State())  # somebody took a break, so it may have been noted
    settle(page, qtbot)
    assert page.now.today.text().startswith("2 breaks today, the last at ")
    assert page.now.today.text().endswith(words.TODAY_AWAY_ONE)
    page.set_profile(anna)
    settle(page, qtbot)
    assert page.now.today.text() == words.TODAY_NONE


def test_standing_is_no_break_and_said_beside_them(
    open_page: Callable[..., SitLessPage], opener: Opener, qtbot: QtBot
) -> None:
    history = opener.history
    me, now = history.default_profile().id, datetime.now().astimezone()
    history.note(me, now, Break(BreakKind.STOOD, 20.4))
    page = open_page()
    assert page.now.today.text() == f"{words.TODAY_NONE} You stood at the desk for 20 minutes."
    history.note(me, now, Break(BreakKind.TAKEN))
    history.note(me, now, Break(BreakKind.STOOD, 5.0))
    page.refresh()
    settle(page, qtbot)
    assert page.now.today.text().startswith("1 break today, at ")
    assert page.now.today.text().endswith(". You stood at the desk for 25 minutes.")


def test_without_reminders_a_break_can_still_be_noted(
    open_page: Callable[..., SitLessPage], opener: Opener, link: Link, qtbot: QtBot
) -> None:
    page = open_page(Preferences(is_on=False))
    page.now.take.click()
    qtbot.waitUntil(lambda: page.now.today.text().startswith("1 break today"))
    assert breaks(opener) == [Break(BreakKind.TAKEN)]
    assert link.asked == []


def test_a_history_that_cannot_be_read_is_said_in_a_sentence(
    open_page: Callable[..., SitLessPage], opener: Opener, qtbot: QtBot
) -> None:
    opener.history.default_profile()
    page = open_page()
    opener.error = LockedHistory()
    page.refresh()
    settle(page, qtbot)
    assert page.error.text().startswith("Today's breaks could not be read. Another program")
    opener.error = None
    page.refresh()
    settle(page, qtbot)
    assert not page.error.isVisible()


def test_everything_has_a_name_and_can_be_reached_by_keys(
    open_page: Callable[..., SitLessPage],
) -> None:
    page = open_page()
    parts = page.findChildren(QAbstractButton) + page.findChildren(QComboBox)
    assert len(parts) >= 20
    for part in parts:
        name = part.accessibleName() or (part.text() if isinstance(part, QAbstractButton) else "")
        assert name, part
        assert part.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_no_words_are_cut_in_a_narrow_window(open_page: Callable[..., SitLessPage]) -> None:
    page = open_page()
    page.resize(700, 560)
    for label in page.findChildren(QLabel):
        if label.isVisible() and label.wordWrap():
            assert label.height() >= label.heightForWidth(label.width())
    inner = page.widget()
    assert inner is not None
    assert inner.minimumSizeHint().width() <= 700


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    layout = QVBoxLayout(made)
    layout.addWidget(QLineEdit())
    layout.addWidget(ReminderBar())
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    return made


def test_the_bar_comes_and_goes_without_taking_the_focus(window: QWidget, qtbot: QtBot) -> None:
    field, bar = window.findChild(QLineEdit), window.findChild(ReminderBar)
    assert field is not None
    assert bar is not None
    field.setFocus()
    badges: list[bool] = []
    bar.badge_changed.connect(badges.append)
    bar.show_state(State(is_due=True))
    assert not bar.isVisible()  # the tray tells
    bar.show_state(State(is_due=True, has_tray=False))
    bar.show_state(State(is_due=True, has_tray=False))
    assert bar.isVisible()
    assert bar.words.text() == f"{words.DUE} For instance: walk for 3 to 5 minutes."
    TEST.keyClicks(field, "still typing")
    assert field.text() == "still typing"
    assert field.hasFocus()
    with qtbot.waitSignal(bar.done):
        bar.done_button.click()
    assert not bar.isVisible()
    assert badges == [True, False]
    bar.show_state(State(is_due=True, has_tray=False))
    with qtbot.waitSignal(bar.later):
        bar.later_button.click()
    assert not bar.isVisible()
    bar.show_state(State(is_on=False, is_due=True, has_tray=False))
    assert not bar.isVisible()
