"""The help shows where the points are, in the colours of the handles, light and dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PyQt6.QtGui import QColor, QImage
from PyQt6.QtWidgets import QApplication, QLabel

from app.gui.picture.points_help import PointsHelp
from app.gui.style.theme import Scheme, apply_scheme
from vision.overlay.shapes import COLOURS, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


@pytest.fixture
def help_(qtbot: QtBot) -> PointsHelp:
    made = PointsHelp()
    qtbot.addWidget(made)
    made.resize(300, 640)
    made.show()
    return made


@pytest.fixture
def app() -> Iterator[QApplication]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    palette, style = app.palette(), app.styleSheet()
    yield app
    app.setStyleSheet(style)
    app.setPalette(palette)


def _middle_of(image: QImage, colour: QColor) -> tuple[float, float]:
    places = [
        (x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y) == colour
    ]
    assert places
    return sum(x for x, _ in places) / len(places), sum(y for _, y in places) / len(places)


def test_the_front_point_lies_lower_and_in_front(help_: PointsHelp) -> None:
    image = help_.drawing.grab().toImage()
    front = _middle_of(image, QColor(*COLOURS[Role.FRONT_POINT]))
    back = _middle_of(image, QColor(*COLOURS[Role.BACK_POINT]))
    assert front[0] < back[0]
    assert front[1] > back[1]


def test_the_steps_are_few_and_read_out(help_: PointsHelp) -> None:
    texts = [label.text() for label in help_.findChildren(QLabel)]
    steps = [text for text in texts if text[:1].isdigit()]
    assert 3 <= len(steps) <= 4
    assert all(len(step) < 200 for step in steps)
    told = " ".join(texts)
    for word in ("hands on your hips", "thumbs", "dimple"):
        assert word in told
    for word in ("ASIS", "PSIS", "diagnosis", "abnormal"):
        assert word not in told
    assert help_.drawing.accessibleName()
    assert "dimple" in help_.drawing.accessibleDescription()


def test_nothing_is_cut_off_in_a_narrow_column(help_: PointsHelp) -> None:
    help_.resize(240, help_.heightForWidth(240))
    for label in help_.findChildren(QLabel):
        assert label.height() >= label.heightForWidth(label.width()) - 1
        assert label.geometry().right() <= help_.width()


def test_it_follows_light_and_dark(help_: PointsHelp, app: QApplication) -> None:
    apply_scheme(app, Scheme.LIGHT)
    light = help_.drawing.grab().toImage()
    apply_scheme(app, Scheme.DARK)
    dark = help_.drawing.grab().toImage()
    middle = light.width() // 2, light.height() // 4
    assert light.pixelColor(*middle).lightness() > dark.pixelColor(*middle).lightness() + 40
