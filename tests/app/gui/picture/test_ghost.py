"""Where the outline of an earlier check lies on a camera's picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QImage, QPainter, QPixmap

from app.gui.picture.ghost import Ghost

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

OUTLINE = np.array([[40, 20], [80, 20], [80, 220], [40, 220]], np.float32)


@pytest.mark.parametrize("factor", [0.5, 1.0, 2.5])
def test_a_picture_of_the_same_shape_has_it_in_the_same_place(factor: float) -> None:
    placed = Ghost(OUTLINE, (120, 240)).placed_px(120 * factor, 240 * factor)
    np.testing.assert_allclose(placed, OUTLINE * factor)


def test_on_a_wider_picture_the_body_keeps_its_share_of_the_height() -> None:
    placed = Ghost(OUTLINE, (120, 240)).placed_px(400, 240)
    assert np.ptp(placed[:, 1]) == 200
    assert np.ptp(placed[:, 0]) == 40
    assert placed[:, 0].mean() == 200, "it was in the middle"


def test_it_is_faint_and_painted_once_for_a_size(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    del qtbot
    drawn: list[QSize] = []
    draw = Ghost._draw

    def note(ghost: Ghost, size: QSize, ratio: float) -> QPixmap:
        drawn.append(size)
        return draw(ghost, size, ratio)

    monkeypatch.setattr(Ghost, "_draw", note)
    ghost = Ghost(OUTLINE, (120, 240))
    canvas = QImage(120, 240, QImage.Format.Format_RGB32)
    for size, times in (((120, 240), 1), ((120, 240), 1), ((60, 120), 2)):
        canvas.fill(Qt.GlobalColor.darkGray)
        painter = QPainter(canvas)
        ghost.paint(painter, QRectF(0, 0, *size))
        painter.end()
        assert len(drawn) == times
    ghost.paint(painter := QPainter(canvas), QRectF(0, 0, 120, 240))
    painter.end()
    inside, outside = canvas.pixelColor(60, 150), canvas.pixelColor(5, 200)
    assert 0 < inside.lightness() - outside.lightness() < 40


def test_without_an_outline_there_is_nothing_to_paint(qtbot: QtBot) -> None:
    del qtbot
    assert Ghost(np.empty((0, 2), np.float32), (120, 240)).is_empty
    assert not Ghost(OUTLINE, (120, 240)).is_empty
