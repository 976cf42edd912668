"""Messages: as high as their words, put away by a click, and not said twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QWidget

from app.gui.widgets.status import FloatingMessages, StatusLine, is_in_sight

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

SHORT = "There is no backup of your checks yet. Settings makes one."


def test_a_message_is_as_high_as_its_words_and_can_be_put_away(
    qtbot: QtBot, wakes: Callable[[int], int]
) -> None:
    page, line = QWidget(), StatusLine()
    messages = FloatingMessages(page, line)
    qtbot.addWidget(page)
    page.resize(900, 600)
    page.show()
    heights_px = []
    for text in (SHORT, f"{SHORT} {SHORT} {SHORT}"):
        line.say(text, stays=True)
        qtbot.waitUntil(lambda: not messages.isHidden())
        qtbot.wait(20)
        heights_px.append(messages.height())
    one, three = heights_px
    # A line of words is as high as the button beside it, whose height the program's style sets.
    assert one <= line.close_button.height() + line.words.fontMetrics().lineSpacing()
    assert three > one
    assert is_in_sight(line.words)
    # While it stands there it asks for nothing: it once laid itself out without end.
    assert wakes(200) < 20
    line.close_button.click()
    qtbot.waitUntil(messages.isHidden)
    assert not is_in_sight(line.words)
