"""The icon and its menu say how the reminder stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import QSize

from app.breaks.protocol import Order, ReminderState, Wanted
from app.text import breaks
from app.tray.icon import TrayIcon, TrayMenu, state_text, tray_icon

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PyQt6.QtGui import QAction, QImage
    from PyQt6.QtWidgets import QMenu
    from pytestqt.qtbot import QtBot

ON = ReminderState(is_on=True, next_in_min=24.6, sitting_min=35.4, has_tray=True)
DUE = replace(ON, is_due=True, next_in_min=None)


@pytest.fixture
def menu(qtbot: QtBot) -> Iterator[TrayMenu]:
    made = TrayMenu()
    yield made
    made.close()


def actions(menu: QMenu) -> list[QAction]:
    found: list[QAction] = []
    for action in menu.actions():
        inner = action.menu()
        found += actions(inner) if inner is not None else [action]
    return [action for action in found if not action.isSeparator()]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (ReminderState(), breaks.OFF),
        (ON, "Next reminder in about 25 minutes."),
        (DUE, breaks.DUE),
        (replace(ON, next_in_min=None), breaks.NOT_DUE_NOW),
        (replace(ON, silence="Silent for once."), "Silent for once."),
        (replace(ON, is_standing=True), "You are standing. Next reminder in about 25 minutes."),
        (
            replace(ON, is_standing=True, next_in_min=1.2),
            "You are standing. Next reminder in about a minute.",
        ),
        (replace(DUE, is_standing=True), breaks.DUE_STANDING),
    ],
)
def test_the_state_is_said(menu: TrayMenu, state: ReminderState, said: str) -> None:
    menu.show_state(state)
    assert menu.state.text() == said


def test_a_pause_says_until_when(qtbot: QtBot) -> None:
    now = datetime.now().astimezone()
    tomorrow = (now + timedelta(days=1)).replace(hour=4, minute=0)
    said = state_text(replace(ON, paused_until=tomorrow))
    assert f"{tomorrow:%A}" in said
    assert "4:00" in said
    assert "," not in state_text(replace(ON, paused_until=now))


def test_each_entry_asks_for_something(menu: TrayMenu) -> None:
    asked: list[object] = []
    menu.wanted.connect(asked.append)
    menu.open_wanted.connect(lambda: asked.append("open"))
    menu.choices_wanted.connect(lambda: asked.append("choices"))
    menu.quit_wanted.connect(lambda: asked.append("quit"))
    menu.show_state(replace(DUE, paused_until=datetime.now().astimezone()))
    for action in actions(menu.menu):
        action.trigger()
    assert asked == [
        "choices",
        Wanted(Order.TOOK_BREAK),
        Wanted(Order.STAND),
        Wanted(Order.SIT),
        Wanted(Order.SNOOZE, 5),
        Wanted(Order.SNOOZE, 10),
        Wanted(Order.PAUSE, 60),
        Wanted(Order.PAUSE, 120),
        Wanted(Order.PAUSE_UNTIL_TOMORROW),
        Wanted(Order.RESUME),
        "open",
        "choices",
        "quit",
    ]


def test_only_what_makes_sense_is_offered(menu: TrayMenu) -> None:
    menu.show_state(ON)
    assert not any(snooze.isVisible() for snooze in menu.snoozes)
    assert not menu.resume.isVisible()
    menu.show_state(DUE)
    assert all(snooze.isVisible() for snooze in menu.snoozes)
    menu.show_state(replace(ON, paused_until=datetime.now().astimezone()))
    assert menu.resume.isVisible()
    assert not menu.stand.isVisible()
    assert not menu.sit.isVisible()
    menu.show_state(replace(ON, can_stand=True))
    assert (menu.stand.isVisible(), menu.sit.isVisible()) == (True, False)
    menu.show_state(replace(ON, can_stand=True, is_standing=True))
    assert (menu.stand.isVisible(), menu.sit.isVisible()) == (False, True)
    menu.show_state(ReminderState())
    assert not menu.take.isEnabled()
    assert not menu.pauses.isEnabled()


@pytest.mark.parametrize("size_px", [16, 22, 32, 64])
def test_the_dot_is_seen_at_every_size(qtbot: QtBot, size_px: int) -> None:
    without, with_dot = (picture(is_due, size_px) for is_due in (False, True))
    differs = [
        (x / size_px, y / size_px)
        for x in range(size_px)
        for y in range(size_px)
        if without.pixelColor(x, y) != with_dot.pixelColor(x, y)
    ]
    assert len(differs) > 0.08 * size_px**2
    # At the top right, where it hides neither belt nor disc.
    assert all(x > 0.4 and y < 0.6 for x, y in differs)


def test_the_belt_tilts_forward(qtbot: QtBot) -> None:
    """The front is on the left, and lower."""
    drawn = picture(False, 64)
    white = [
        (x, y)
        for x in range(64)
        for y in range(64)
        if drawn.pixelColor(x, y).lightness() > 200 and drawn.pixelColor(x, y).alpha() == 255
    ]
    front = [y for x, y in white if x < 20]
    back = [y for x, y in white if x > 44]
    assert sum(front) / len(front) > sum(back) / len(back) + 6


def picture(is_due: bool, size_px: int) -> QImage:
    return tray_icon(is_due).pixmap(QSize(size_px, size_px), 1.0).toImage()


def test_where_there_is_no_place_there_is_no_icon(qtbot: QtBot) -> None:
    icon = TrayIcon()
    assert not icon.look(ON)
    assert not icon.is_shown
    icon.remind(DUE)
    assert icon.menu.state.text() == state_text(ON)
    icon.close()


def test_suggestions_take_turns() -> None:
    said = [breaks.suggestion(number) for number in range(8)]
    assert said[:4] == said[4:]
    assert len(set(said)) == 3
    assert sum("walk for 3 to 5 minutes" in sentence for sentence in said) == 4
    assert all(sentence.startswith("stand up, then ") for sentence in said)
    assert all(sentence.endswith(".") for sentence in said)
