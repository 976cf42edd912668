"""Buttons go on in the next line, and a page scrolls only where large letters need it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import QRect
from PyQt6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from app.gui.style.theme import Scheme, apply_scheme, scaled, set_style, text_factor
from app.gui.widgets.cards import PageView, button_row, in_column

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


@pytest.fixture
def twice(qapp: QApplication) -> Iterator[None]:
    apply_scheme(qapp, Scheme.LIGHT, 200)
    yield
    apply_scheme(qapp, Scheme.LIGHT, 100)


@pytest.mark.parametrize(("width_px", "lines"), [(700, 1), (320, 2), (130, 4)])
def test_buttons_take_as_many_lines_as_they_need(qtbot: QtBot, width_px: int, lines: int) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    buttons = [QPushButton(f"Button {number}") for number in range(4)]
    hidden = QPushButton("Nobody sees this one, however long it is, so it takes no room at all")
    in_column(button_row(*buttons, hidden), 1, on=page)
    hidden.hide()
    page.resize(width_px, 400)
    page.show()
    assert len({button.y() for button in buttons}) == lines
    boxes = [button.geometry() for button in buttons]
    assert all(page.rect().contains(box) for box in boxes)
    assert not any(
        one.intersects(other) for place, one in enumerate(boxes) for other in boxes[:place]
    )


def test_a_page_gets_the_room_there_is_in_the_usual_size(qtbot: QtBot) -> None:
    view = PageView(wide_page())
    qtbot.addWidget(view)
    view.resize(300, 200)
    view.show()
    page = view.widget()
    assert page is not None
    assert page.geometry() == QRect(0, 0, 300, 200)


@pytest.mark.usefixtures("twice")
def test_it_scrolls_where_large_letters_need_more(qtbot: QtBot) -> None:
    view = PageView(wide_page())
    qtbot.addWidget(view)
    view.resize(300, 200)
    view.show()
    page = view.widget()
    assert page is not None
    assert page.width() >= 500
    view.resize(900, 700)
    assert page.size() == view.maximumViewportSize()


@pytest.mark.usefixtures("twice")
def test_styles_of_their_own_follow_the_text_size(qtbot: QtBot, qapp: QApplication) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    set_style(button, "font-size: 13pt; min-height: 36px; min-width: 40px;")
    assert button.styleSheet() == "font-size: 26pt; min-height: 72px; min-width: 40px;"
    assert text_factor() == 2.0
    apply_scheme(qapp, Scheme.LIGHT, 80)
    assert button.styleSheet().startswith("font-size: 10.4pt; min-height: 29px;")
    assert scaled("QLabel { color: #111; }") == "QLabel { color: #111; }"


def wide_page() -> QWidget:
    page = QWidget()
    inside = QWidget()
    inside.setMinimumSize(500, 100)
    QVBoxLayout(page).addWidget(inside)
    return page
