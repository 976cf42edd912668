"""The picture is fitted, zoomed and panned; its overlay can be shown in parts."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QColor, QImage, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PyQt6.QtWidgets import QApplication, QGestureEvent, QPinchGesture

from app.gui.picture.view import PictureView
from vision.overlay.build import build_overlay
from vision.overlay.shapes import COLOURS, Dot, Layer, Line, Polyline, Role

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from vision.overlay.shapes import Shape

_FULL = (1200, 1600)


@pytest.fixture
def view(qtbot: QtBot) -> PictureView:
    made = PictureView()
    qtbot.addWidget(made)
    made.resize(400, 400)
    made.show()
    rgb = np.full((400, 300, 3), 128, np.uint8)
    rgb[:, :150] = (200, 30, 30)
    rgb.flags.writeable = False
    made.show_picture(rgb, _FULL)
    return made


def _pixel(view: PictureView, x: float, y: float) -> QColor:
    """Return the colour shown at a place of the full picture."""
    image: QImage = view.grab().toImage()
    at = view.mapFromScene(QPointF(x, y))
    ratio = image.devicePixelRatio()
    return image.pixelColor(round(at.x() * ratio), round(at.y() * ratio))


def test_the_whole_picture_is_shown_where_it_belongs(view: PictureView) -> None:
    assert view.transform().m11() == pytest.approx(400 / 1600, rel=0.02)
    assert _pixel(view, 300, 800).red() > 180
    assert _pixel(view, 900, 800).red() == pytest.approx(128, abs=3)
    view.resize(800, 800)
    assert view.transform().m11() == pytest.approx(800 / 1600, rel=0.02)


def test_zooming_stays_until_fitted_again(qtbot: QtBot, view: PictureView) -> None:
    scales: list[float] = []
    view.zoom_changed.connect(scales.append)
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    zoomed = view.transform().m11()
    assert zoomed == pytest.approx(1.25 * 400 / 1600, rel=0.02)
    view.resize(500, 500)
    assert view.transform().m11() == pytest.approx(zoomed)
    qtbot.keyClick(view, Qt.Key.Key_0)
    assert view.transform().m11() == pytest.approx(500 / 1600, rel=0.02)
    assert len(scales) == 2


def test_zooming_out_ends_at_the_whole_picture_which_then_stays_fitted(view: PictureView) -> None:
    view.zoom_in()
    for _ in range(3):
        view.zoom_out()
    assert view.transform().m11() == pytest.approx(400 / 1600, rel=0.02)
    assert view.is_fitted
    view.actual_size()
    assert view.transform().m11() == pytest.approx(1.0)
    assert not view.is_fitted


def test_a_small_picture_fills_the_view_and_can_be_seen_at_its_own_size(view: PictureView) -> None:
    view.show_picture(np.zeros((100, 80, 3), np.uint8), (80, 100))
    assert view.transform().m11() == pytest.approx(4.0, rel=0.02)
    for _ in range(9):
        view.zoom_out()
    assert view.transform().m11() == pytest.approx(1.0)
    view.zoom_in()
    view.actual_size()
    assert view.transform().m11() == pytest.approx(1.0)


def _wheel(view: PictureView, at: QPoint, delta: int) -> None:
    event = QWheelEvent(
        QPointF(at),
        QPointF(view.mapToGlobal(at)),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)


def test_the_wheel_zooms_about_the_pointer(view: PictureView) -> None:
    at = QPoint(230, 180)
    _wheel(view, at, 480)
    scale, before = view.transform().m11(), view.mapToScene(at)
    assert scale > 2 * 400 / 1600
    _wheel(view, at, 240)
    assert view.transform().m11() == pytest.approx(scale * 1.25**2)
    after = view.mapToScene(at)
    assert math.dist((after.x(), after.y()), (before.x(), before.y())) < 2 / scale
    _wheel(view, at, -1200)
    assert view.is_fitted


def test_two_fingers_zoom_about_their_middle(view: PictureView) -> None:
    viewport, at = view.viewport(), QPoint(230, 180)
    assert viewport is not None
    assert viewport.testAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
    view.zoom_in()
    before, spot = view.transform().m11(), view.mapToScene(at)
    pinch = QPinchGesture()
    pinch.setScaleFactor(1.6)
    pinch.setCenterPoint(QPointF(viewport.mapToGlobal(at)))
    QApplication.sendEvent(viewport, QGestureEvent([pinch]))
    assert view.transform().m11() == pytest.approx(1.6 * before)
    after = view.mapToScene(at)
    assert math.dist((after.x(), after.y()), (spot.x(), spot.y())) < 2 / before


def test_a_touchpad_zooms_about_the_pointer(view: PictureView) -> None:
    view.zoom_in()
    before, spot = view.transform().m11(), view.mapToScene(QPoint(240, 220))
    event = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture,
        QPointingDevice.primaryPointingDevice(),
        2,
        QPointF(240, 220),
        QPointF(240, 220),
        QPointF(240, 220),
        0.5,
        QPointF(),
        1,
    )
    QApplication.sendEvent(view.viewport(), event)
    assert view.transform().m11() == pytest.approx(1.5 * before)
    after = view.mapToScene(QPoint(240, 220))
    assert math.dist((after.x(), after.y()), (spot.x(), spot.y())) < 2 / before


def test_it_is_panned_by_mouse_and_arrows_and_fitted_by_a_double_click(
    qtbot: QtBot, view: PictureView
) -> None:
    viewport = view.viewport()
    view.actual_size()
    at = QPoint(200, 200)
    spot = view.mapToScene(at)
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseMove(viewport, at + QPoint(30, 20))
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=at + QPoint(30, 20))
    assert view.mapFromScene(spot) == at + QPoint(30, 20)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.mapFromScene(spot).x() < at.x() + 30 - 10
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=at)
    assert view.is_fitted


def test_a_finely_striped_picture_is_even_when_it_is_small(view: PictureView) -> None:
    rgb = np.zeros((1600, 1200, 3), np.uint8)
    rgb[:, ::4] = 255
    view.show_picture(rgb, (1200, 1600))
    image = view.grab().toImage()
    ratio = image.devicePixelRatio()
    row = [image.pixelColor(round(x * ratio), round(200 * ratio)).red() for x in range(100, 300)]
    assert np.std(row) < 10
    assert np.mean(row) == pytest.approx(255 / 4, abs=6)


def test_whoever_comes_by_keyboard_sees_where_they_are(qtbot: QtBot, view: PictureView) -> None:
    with qtbot.waitActive(view):
        view.activateWindow()
    corner = view.grab().toImage().pixelColor(0, 200)
    view.clearFocus()
    view.setFocus(Qt.FocusReason.TabFocusReason)
    assert view.grab().toImage().pixelColor(0, 200) != corner
    assert view.accessibleName()


def test_layers_are_hidden_now_and_later(view: PictureView) -> None:
    line = Line(Role.BELT, (300.0, 800.0), (900.0, 800.0), 60.0)
    view.show_shapes([line])
    assert _pixel(view, 900 - 40, 800) == QColor(*COLOURS[Role.BELT])
    view.set_layer_visible(Layer.BELT, False)
    assert _pixel(view, 900 - 40, 800) != QColor(*COLOURS[Role.BELT])
    view.show_shapes([line])
    assert _pixel(view, 900 - 40, 800) != QColor(*COLOURS[Role.BELT])
    view.set_layer_visible(Layer.BELT, True)
    assert _pixel(view, 900 - 40, 800) == QColor(*COLOURS[Role.BELT])


def test_shapes_are_drawn_in_their_colour_on_a_dark_rim(view: PictureView) -> None:
    shapes: list[Shape] = [
        Dot(Role.TILT, (600.0, 800.0), 100.0),
        Polyline(Role.OUTLINE, ((200.0, 200.0), (1000.0, 200.0)), 40.0),
    ]
    view.show_shapes(shapes)
    assert _pixel(view, 600, 800) == QColor(*COLOURS[Role.TILT])
    assert _pixel(view, 600, 200) == QColor(*COLOURS[Role.OUTLINE])
    assert min(_pixel(view, 600, y).lightness() for y in range(208, 220, 2)) < 60


def test_a_real_measurement_is_drawn(view: PictureView) -> None:
    from vision.image.frame import load_frame
    from vision.pipeline import measure_photo

    path = Path(__file__).parents[4] / "sample_images" / "woman_slim_left_tilt11.jpg"
    frame = load_frame(path)
    result = measure_photo(frame)
    view.show_picture(frame.rgb, (frame.width_px, frame.height_px))
    plain = view.grab().toImage()
    view.show_shapes(build_overlay(result))
    assert view.grab().toImage() != plain
    view.show_shapes(())
    assert view.grab().toImage() == plain
    view.clear_picture()
    assert not view.has_picture
