"""The line from tucked to arched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PyQt6.QtGui import QColor

from app.gui.style.theme import DARK, LIGHT, Colours, Scheme, apply_scheme
from app.gui.widgets.range_scale import RangeScale
from vision.range_of_motion import Likely

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PyQt6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

LINE_Y_PX = 18


@pytest.fixture(params=[(Scheme.LIGHT, LIGHT), (Scheme.DARK, DARK)], ids=["light", "dark"])
def shown(
    request: pytest.FixtureRequest, qtbot: QtBot, qapp: QApplication
) -> Iterator[tuple[RangeScale, Colours]]:
    scheme, chosen = request.param
    apply_scheme(qapp, scheme)
    scale = RangeScale()
    qtbot.addWidget(scale)
    scale.resize(400, scale.sizeHint().height())
    scale.show()
    yield scale, chosen
    apply_scheme(qapp, Scheme.LIGHT)


def test_the_place_lies_on_the_line_and_is_said(shown: tuple[RangeScale, Colours]) -> None:
    scale, chosen = shown
    scale.show_place(Likely(64.0, 55.0, 74.0))
    assert scale.accessibleDescription() == "64 % (55 to 74 %)"
    image = scale.grab().toImage()
    pixel = QColor(image.pixel(round(scale.x_of(64)), LINE_Y_PX))
    assert pixel.name() == QColor(chosen.accent).name()
    assert scale.x_of(0) < scale.x_of(55) < scale.x_of(74) < scale.x_of(100)


@pytest.mark.parametrize("percent", [-400.0, -30.0, 130.0, 900.0])
def test_what_lies_far_beyond_the_ends_stays_inside(qtbot: QtBot, percent: float) -> None:
    scale = RangeScale()
    qtbot.addWidget(scale)
    scale.resize(300, 54)
    scale.show_place(Likely(percent, percent - 90, percent + 90))
    scale.show()
    assert 0 < scale.x_of(percent) < scale.width()
    scale.grab()
