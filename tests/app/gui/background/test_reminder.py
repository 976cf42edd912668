"""The window finds the reminder, starts it, and hears how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.breaks.preferences import ReminderPreferences
from app.breaks.protocol import Order, ReminderState, Wanted, Word
from app.gui.background import reminder as reminder_link
from app.gui.background.reminder import ReminderLink
from app.tray.app import TrayServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

STATE = ReminderState(is_on=True, next_in_min=12.0, suggestion="walk.")
CHOSEN = ReminderPreferences(is_on=True, interval_min=120)


class Reminder:
    """The far end, which a link may find or start."""

    def __init__(self) -> None:
        self.server = TrayServer()
        self.wanted: list[Wanted] = []
        self.starts = 0
        self.comes_up = True
        self.server.wanted.connect(self.wanted.append)

    def open(self) -> None:
        assert self.server.open()
        self.server.tell(STATE)

    def start(self) -> bool:
        self.starts += 1
        if self.comes_up:
            self.open()
        return True


@pytest.fixture
def reminder(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reminder]:
    monkeypatch.setenv("BELTLINE_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setattr(reminder_link, "_AGAIN_MS", 10)
    made = Reminder()
    yield made
    made.server.close()


@pytest.fixture
def make_link(reminder: Reminder) -> Iterator[Callable[[], ReminderLink]]:
    made: list[ReminderLink] = []

    def make() -> ReminderLink:
        made.append(ReminderLink(start=reminder.start))
        return made[-1]

    yield make
    for link in made:
        link.close()


def told(link: ReminderLink) -> list[ReminderState | None]:
    heard: list[ReminderState | None] = []
    link.state_changed.connect(heard.append)
    return heard


def test_a_running_reminder_is_found(
    qtbot: QtBot, reminder: Reminder, make_link: Callable[[], ReminderLink]
) -> None:
    reminder.open()
    link = make_link()
    heard = told(link)
    link.connect_or_start()
    qtbot.waitUntil(lambda: heard == [STATE])
    assert reminder.starts == 0
    assert reminder.server.windows == 1
    assert link.is_connected
    assert link.state == STATE


def test_one_that_does_not_run_is_started(
    qtbot: QtBot, reminder: Reminder, make_link: Callable[[], ReminderLink]
) -> None:
    link = make_link()
    heard = told(link)
    link.connect_or_start()
    link.connect_or_start()
    link.send_preferences(CHOSEN)
    qtbot.waitUntil(lambda: heard == [STATE] and reminder.wanted != [])
    assert reminder.starts == 1
    (wanted,) = reminder.wanted
    assert wanted.order is Order.PREFERENCES
    assert wanted.preferences == CHOSEN


def test_every_order_arrives(
    qtbot: QtBot, reminder: Reminder, make_link: Callable[[], ReminderLink]
) -> None:
    link = make_link()
    link.connect_or_start()
    qtbot.waitUntil(lambda: link.is_connected)
    link.send(Wanted(Order.SNOOZE, 10))
    link.send(Wanted(Order.PAUSE, 120))
    link.send(Wanted(Order.PAUSE_UNTIL_TOMORROW))
    link.send(Wanted(Order.RESUME))
    link.send(Wanted(Order.TOOK_BREAK))
    expected = [
        Wanted(Order.SNOOZE, 10),
        Wanted(Order.PAUSE, 120),
        Wanted(Order.PAUSE_UNTIL_TOMORROW),
        Wanted(Order.RESUME),
        Wanted(Order.TOOK_BREAK),
    ]
    qtbot.waitUntil(lambda: reminder.wanted == expected)


def test_a_reminder_is_heard(
    qtbot: QtBot, reminder: Reminder, make_link: Callable[[], ReminderLink]
) -> None:
    links = make_link(), make_link()
    given: list[ReminderState] = []
    heard = [told(link) for link in links]
    for link in links:
        link.due.connect(given.append)
        link.connect_or_start()
    qtbot.waitUntil(lambda: reminder.server.windows == 2)
    is_due = ReminderState(is_on=True, is_due=True)
    reminder.server.tell(is_due, Word.DUE)
    qtbot.waitUntil(lambda: given == [is_due, is_due])
    assert [states[-1] for states in heard] == [is_due, is_due]


def test_one_that_left_is_not_called_back(
    qtbot: QtBot, reminder: Reminder, make_link: Callable[[], ReminderLink]
) -> None:
    link = make_link()
    heard = told(link)
    link.connect_or_start()
    qtbot.waitUntil(lambda: heard == [STATE])
    reminder.server.close()
    qtbot.waitUntil(lambda: heard == [STATE, None])
    qtbot.wait(60)
    assert reminder.starts == 1
    assert not link.is_connected
    assert link.state is None
    link.connect_or_start()
    qtbot.waitUntil(lambda: heard == [STATE, None, STATE])
    assert reminder.starts == 2


def test_one_that_failed_is_started_again(
    qtbot: QtBot, reminder: Reminder, make_link: Callable[[], ReminderLink]
) -> None:
    link = make_link()
    heard = told(link)
    link.connect_or_start()
    qtbot.waitUntil(lambda: heard == [STATE])
    reminder.server.close(is_final=False)
    qtbot.waitUntil(lambda: heard == [STATE, None, STATE], timeout=3000)
    assert reminder.starts == 2


def test_one_that_fails_again_and_again_is_given_up(
    qtbot: QtBot, reminder: Reminder, make_link: Callable[[], ReminderLink]
) -> None:
    link = make_link()
    link.connect_or_start()
    with qtbot.waitSignal(link.failed, timeout=5000) as failed:
        for _ in range(3):
            qtbot.waitUntil(lambda: link.is_connected, timeout=3000)
            reminder.server.close(is_final=False)
            qtbot.waitUntil(lambda: not link.is_connected, timeout=3000)
    assert "beltline tray" in failed.args[0]
    assert reminder.starts == 3


def test_one_that_never_comes_up_is_given_up(
    qtbot: QtBot,
    reminder: Reminder,
    make_link: Callable[[], ReminderLink],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reminder_link, "_TRIES", 4)
    reminder.comes_up = False
    link = make_link()
    with qtbot.waitSignal(link.failed, timeout=5000):
        link.connect_or_start()
    assert reminder.starts == 1
    reminder.comes_up = True
    link.connect_or_start()
    qtbot.waitUntil(lambda: link.is_connected)


def test_choosing_does_not_start_it(
    qtbot: QtBot, reminder: Reminder, make_link: Callable[[], ReminderLink]
) -> None:
    link = make_link()
    link.send_preferences(CHOSEN)
    qtbot.wait(60)
    assert reminder.starts == 0
    # One that was started with the session hears it.
    reminder.open()
    link.send_preferences(CHOSEN)
    qtbot.waitUntil(lambda: [wanted.order for wanted in reminder.wanted] == [Order.PREFERENCES])


def test_stopping_is_asked_for(
    qtbot: QtBot, reminder: Reminder, make_link: Callable[[], ReminderLink]
) -> None:
    link = make_link()
    link.connect_or_start()
    qtbot.waitUntil(lambda: link.is_connected)
    with qtbot.waitSignal(reminder.server.stop_wanted):
        link.stop()


def test_a_closed_window_is_counted_no_longer(
    qtbot: QtBot, reminder: Reminder, make_link: Callable[[], ReminderLink]
) -> None:
    link = make_link()
    heard = told(link)
    link.connect_or_start()
    qtbot.waitUntil(lambda: reminder.server.windows == 1)
    qtbot.waitUntil(lambda: heard == [STATE])
    link.send(Wanted(Order.TOOK_BREAK))
    link.close()
    qtbot.waitUntil(lambda: reminder.server.windows == 0)
    assert reminder.wanted == [Wanted(Order.TOOK_BREAK)]
    assert heard == [STATE]
