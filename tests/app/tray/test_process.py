"""The process reminds, shows what it can, and stays as long as somebody needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.breaks.preferences import ReminderPreferences
from app.breaks.protocol import Order, Wanted
from app.gui.background.reminder import ReminderLink
from app.system.sound import Tone, Tones
from app.tray import app as process_module
from app.tray.app import TrayProcess, TrayServer
from app.tray.icon import TrayIcon

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.breaks.protocol import ReminderState
    from app.tray.service import ReminderService
    from tests.app.tray.conftest import World


class FakeTrayIcon(TrayIcon):
    """An icon on a desktop that may have a place for it."""

    def __init__(self) -> None:
        super().__init__()
        self.has_place = True
        self.knows_better = False
        self.is_there = False
        self.reminded: list[ReminderState] = []

    @property
    def is_shown(self) -> bool:
        return self.is_there

    @property
    def needs_new_process(self) -> bool:
        return self.knows_better

    def look(self, state: ReminderState) -> bool:
        self.is_there = self.has_place and state.is_on
        return self.is_there

    def remind(self, state: ReminderState) -> None:
        self.reminded.append(state)


class Home:
    """A process in this one, with its parts at hand."""

    def __init__(self, service: ReminderService, heard: list[Tone]) -> None:
        self.service, self.icon, self.server = service, FakeTrayIcon(), TrayServer()
        assert self.server.open()
        self.heard = heard
        self.has_ended = False
        self.speaks_otherwise = False
        self.process = TrayProcess(
            service, self.server, self.icon, is_other=lambda: self.speaks_otherwise
        )
        self.process.ended.connect(self._note_end)
        self.links: list[ReminderLink] = []

    def _note_end(self) -> None:
        self.has_ended = True

    def window(self, qtbot: QtBot) -> ReminderLink:
        link = ReminderLink(start=lambda: False)
        self.links.append(link)
        link.connect_or_start()
        before = self.server.windows
        qtbot.waitUntil(lambda: self.server.windows == before + 1)
        return link

    def close(self) -> None:
        for link in self.links:
            link.close()
        self.process.end()


@pytest.fixture
def make_home(
    qtbot: QtBot, world: World, own_place: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Home]]:
    monkeypatch.setattr(process_module, "_FAREWELL_MS", 30)
    heard: list[Tone] = []
    monkeypatch.setattr(Tones, "play", lambda self, tone: heard.append(tone))
    made: list[Home] = []

    def make(**chosen: object) -> Home:
        made.append(Home(world.service(**chosen), heard))
        return made[-1]

    yield make
    for home in made:
        home.close()


def test_a_reminder_is_shown_heard_and_told(
    qtbot: QtBot, world: World, make_home: Callable[..., Home]
) -> None:
    home = make_home()
    home.process.start()
    link = home.window(qtbot)
    told: list[ReminderState] = []
    link.due.connect(told.append)
    world.sit(home.service, 60)
    qtbot.waitUntil(lambda: len(told) == 1)
    assert told[0].is_due
    assert told[0].has_tray
    assert home.icon.reminded == told
    assert home.heard == [Tone.READY]


def test_without_sound_it_is_silent(world: World, make_home: Callable[..., Home]) -> None:
    home = make_home(has_sound=False)
    home.process.start()
    world.sit(home.service, 60)
    assert len(home.icon.reminded) == 1
    assert home.heard == []


def test_the_menu_s_orders_are_obeyed(world: World, make_home: Callable[..., Home]) -> None:
    home = make_home()
    home.process.start()
    world.sit(home.service, 60)
    home.icon.menu.take.trigger()
    assert home.service.state.sitting_min == 0
    home.icon.menu.wanted.emit(Wanted(Order.PAUSE, 60))
    assert home.service.state.paused_until is not None
    home.icon.menu.resume.trigger()
    assert home.service.state.paused_until is None


def test_the_menu_opens_the_window(
    make_home: Callable[..., Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(process_module, "start_window", lambda page="": opened.append(page))
    home = make_home()
    home.icon.menu.open_wanted.emit()
    home.icon.menu.choices_wanted.emit()
    assert opened == ["", "sit_less"]


def test_with_an_icon_it_needs_no_window(qtbot: QtBot, make_home: Callable[..., Home]) -> None:
    home = make_home()
    home.process.start()
    link = home.window(qtbot)
    link.close()
    qtbot.waitUntil(lambda: home.server.windows == 0)
    qtbot.wait(100)
    assert not home.has_ended


def test_without_an_icon_it_leaves_with_the_last_window(
    qtbot: QtBot, make_home: Callable[..., Home]
) -> None:
    home = make_home()
    home.icon.has_place = False
    home.process.start()
    first, second = home.window(qtbot), home.window(qtbot)
    assert not home.service.state.has_tray
    first.close()
    qtbot.wait(100)
    assert not home.has_ended
    second.close()
    qtbot.waitUntil(lambda: home.has_ended)


def test_while_a_session_starts_it_waits_for_the_icon_s_place(
    qtbot: QtBot, make_home: Callable[..., Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = make_home()
    home.icon.has_place = False
    home.process.start()
    # Far longer than it waits for a window that was closed.
    qtbot.wait(100)
    assert not home.has_ended
    home.icon.has_place = True
    home.process.look_for_tray()
    assert home.service.state.has_tray
    assert not home.process._farewell.isActive()
    monkeypatch.setattr(process_module, "_WAIT_FOR_TRAY_MS", 30)
    home.icon.has_place = False
    home.process.look_for_tray()
    qtbot.waitUntil(lambda: home.has_ended)


def test_another_language_is_spoken_by_another_process(
    qtbot: QtBot, make_home: Callable[..., Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []
    monkeypatch.setattr(process_module, "start_reminder", lambda: started.append("again"))
    home = make_home()
    home.process.start()
    link = home.window(qtbot)
    link.send(Wanted(Order.STARTED_AGAIN))
    qtbot.wait(100)
    assert not started
    home.speaks_otherwise = True
    link.send(Wanted(Order.STARTED_AGAIN))
    qtbot.waitUntil(lambda: home.has_ended)
    assert started == ["again"]


def test_switched_off_it_leaves(qtbot: QtBot, make_home: Callable[..., Home]) -> None:
    home = make_home()
    home.process.start()
    link = home.window(qtbot)
    states: list[ReminderState | None] = []
    link.state_changed.connect(states.append)
    link.send_preferences(ReminderPreferences(is_on=False))
    qtbot.waitUntil(lambda: home.has_ended)
    qtbot.waitUntil(lambda: states[-1] is None)
    assert not home.icon.is_there
    assert states[-2] is not None
    assert not states[-2].is_on


def test_started_for_a_window_it_waits_for_what_that_one_chose(
    qtbot: QtBot, make_home: Callable[..., Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_module, "_FAREWELL_MS", 60_000)
    home = make_home(is_on=False)
    home.process.start()
    assert home.process._farewell.isActive()
    link = home.window(qtbot)
    link.send_preferences(ReminderPreferences(is_on=True))
    qtbot.waitUntil(lambda: home.icon.is_there)
    assert not home.process._farewell.isActive()


def test_asked_to_stop_it_writes_all_down(
    qtbot: QtBot, world: World, make_home: Callable[..., Home]
) -> None:
    home = make_home()
    home.process.start()
    link = home.window(qtbot)
    world.sit(home.service, 5)
    world.files.memory.unlink(missing_ok=True)
    link.stop()
    qtbot.waitUntil(lambda: home.has_ended)
    assert world.files.memory.exists()


def test_a_place_that_only_a_new_process_finds(
    qtbot: QtBot, make_home: Callable[..., Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    starts: list[bool] = []
    monkeypatch.setattr(process_module, "start_reminder", lambda: starts.append(True))
    home = make_home()
    home.icon.has_place = False
    home.process.start()
    home.icon.knows_better = True
    home.process.look_for_tray()
    assert home.has_ended
    assert starts == [True]


def test_a_lock_of_the_screen_is_passed_on(world: World, make_home: Callable[..., Home]) -> None:
    home = make_home()
    home.process.start()
    world.sit(home.service, 30)
    home.process._lock.locked.emit()
    world.sit(home.service, 5)
    home.process._lock.unlocked.emit()
    assert home.service.state.sitting_min == pytest.approx(0, abs=0.5)
