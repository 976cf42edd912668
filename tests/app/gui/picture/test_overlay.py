"""Strokes and letters can be seen and read at every scale, and hide little at any."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PyQt6.QtGui import QImage, QPainter

from app.gui.picture.overlay import LabelItem, Overlay, StrokeItem
from tests.made_up_results import measured
from tests.vision.overlay.plates import is_on_body
from vision.overlay.build import build_overlay
from vision.overlay.shapes import (
    COLOURS,
    LAYER_OF,
    Arc,
    Banner,
    Dot,
    Label,
    Layer,
    Line,
    Polyline,
    Role,
    Wedge,
)
from vision.result import Capture, VerticalSource

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pytestqt.qtbot import QtBot

    from vision.overlay.shapes import Shape
    from vision.result import Measured

_SIZE = (400, 300)
_TEXTS = ("12° forward (9 to 16)", "from the body outline")


def _painted(shapes: list[Shape], scale: float = 1.0) -> NDArray[np.uint8]:
    """Return what is drawn of a picture of 400 x 300 at a scale, RGBA, on nothing."""
    overlay = Overlay(shapes, _SIZE)
    overlay.rescale(scale)
    wide, tall = round(_SIZE[0] * scale), round(_SIZE[1] * scale)
    image = QImage(wide, tall, QImage.Format.Format_RGBA8888)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(scale, scale)
    for _, item in overlay.items:
        item.paint(painter, None)
    painter.end()
    bits = image.constBits()
    assert bits is not None
    return np.frombuffer(bits.asstring(image.sizeInBytes()), np.uint8).reshape(tall, wide, 4)


def _coloured(pixels: NDArray[np.uint8], role: Role) -> NDArray[np.bool_]:
    near: NDArray[np.bool_] = np.abs(pixels[..., :3].astype(int) - COLOURS[role]).max(axis=2) < 12
    return near & (pixels[..., 3] > 250)


def _thick(pixels: NDArray[np.uint8]) -> int:
    """Return how many pixels of a horizontal line lie above one another in the middle."""
    return int((pixels[:, pixels.shape[1] // 2, 3] > 128).sum())


def test_every_role_but_a_refusal_belongs_to_a_layer() -> None:
    assert set(LAYER_OF) == set(Role) - {Role.REFUSAL}
    assert set(LAYER_OF.values()) == set(Layer)


def test_the_angle_belongs_to_the_tilt_and_a_banner_is_left_to_the_page(qtbot: QtBot) -> None:
    del qtbot
    label = Label(Role.TILT, _TEXTS, (30.0, 18.0), (200.0, 100.0), (1.0, 0.0))
    overlay = Overlay([label, Banner(Role.REFUSAL, "No number", ("Turned.",))], _SIZE)
    ((layer, item),) = overlay.items
    assert layer is Layer.TILT
    assert isinstance(item, LabelItem)


@pytest.mark.parametrize("scale", [0.05, 0.5, 1.0, 4.0])
def test_a_line_is_seen_at_every_scale_and_never_becomes_a_bar(qtbot: QtBot, scale: float) -> None:
    del qtbot
    pixels = _painted([Line(Role.TILT, (0.0, 150.0), (400.0, 150.0), 4.0)], scale)
    assert 3 <= _thick(pixels) <= 10


@pytest.mark.parametrize("scale", [0.1, 1.0, 8.0])
def test_a_dot_is_seen_at_every_scale_and_hides_little(qtbot: QtBot, scale: float) -> None:
    del qtbot
    pixels = _painted([Dot(Role.BELT, (200.0, 150.0), 6.0)], scale)
    area = int((pixels[..., 3] > 128).sum())
    assert np.pi * 2.5**2 < area < np.pi * 11**2


def test_a_dashed_line_has_gaps_and_a_dash_at_both_ends(qtbot: QtBot) -> None:
    del qtbot
    pixels = _painted([Line(Role.HORIZONTAL, (20.0, 150.0), (380.0, 150.0), 4.0, 20.0)])
    row = _coloured(pixels, Role.HORIZONTAL)[150]
    assert row[24]
    assert row[375]
    starts = int((np.diff(row.astype(int)) == 1).sum())
    assert 7 <= starts <= 10


def test_an_arc_turns_clockwise_on_the_screen(qtbot: QtBot) -> None:
    del qtbot
    pixels = _painted([Arc(Role.TILT, (200.0, 150.0), 100.0, 0.0, 90.0, 5.0)])
    rows, columns = np.nonzero(_coloured(pixels, Role.TILT))
    assert rows.min() >= 146
    assert columns.min() >= 196
    assert rows.max() == pytest.approx(251, abs=3)


def test_a_wedge_lets_the_picture_through(qtbot: QtBot) -> None:
    del qtbot
    pixels = _painted([Wedge(Role.INTERVAL, (100.0, 150.0), 200.0, -20.0, 40.0, 2.0)])
    assert 60 < pixels[150, 220, 3] < 140


def test_a_closed_outline_comes_back_to_its_start(qtbot: QtBot) -> None:
    del qtbot
    corners = ((100.0, 50.0), (300.0, 50.0), (300.0, 250.0), (100.0, 250.0))
    for closed in (False, True):
        pixels = _painted([Polyline(Role.OUTLINE, corners, 4.0, closed)])
        assert _coloured(pixels, Role.OUTLINE)[150, 100] == closed


def test_what_an_item_paints_lies_inside_its_bounds(qtbot: QtBot) -> None:
    del qtbot
    shapes: list[Shape] = [
        Dot(Role.BELT, (200.0, 150.0), 1.0),
        Line(Role.TILT, (150.0, 100.0), (250.0, 180.0), 1.0),
    ]
    for shape in shapes:
        overlay = Overlay([shape], _SIZE)
        overlay.rescale(0.5)
        ((_, item),) = overlay.items
        assert isinstance(item, StrokeItem)
        box = item.boundingRect()
        rows, columns = np.nonzero(_painted([shape], 0.5)[..., 3] > 20)
        assert box.left() <= 2 * columns.min() + 2
        assert box.right() >= 2 * columns.max()
        assert box.top() <= 2 * rows.min() + 2
        assert box.bottom() >= 2 * rows.max()


@example(scale=0.5, anchor=(0.0, 0.0), letters=33.0)
@given(
    scale=st.floats(0.1, 12.0),
    anchor=st.tuples(st.floats(-50, 450), st.floats(-50, 350)),
    letters=st.floats(1.0, 200.0),
)
def test_labels_can_be_read_and_lie_inside_the_picture(
    qapp: object, scale: float, anchor: tuple[float, float], letters: float
) -> None:
    del qapp
    label = Label(Role.TILT, _TEXTS, (letters, 0.6 * letters), anchor, (1.0, 0.0))
    overlay = Overlay([label], _SIZE)
    overlay.rescale(scale)
    ((_, item),) = overlay.items
    assert isinstance(item, LabelItem)
    wide, tall = item.size_px
    left, top = item.pos().x() * scale, item.pos().y() * scale
    assert left >= -1e-6
    assert left + wide <= _SIZE[0] * scale + 1.0
    if tall <= _SIZE[1] * scale:
        assert top >= -1e-6
        assert top + tall <= _SIZE[1] * scale + 1e-6
    if _SIZE[0] * scale > 300:
        assert 40 <= tall <= 90


def _standing() -> Measured:
    """Somebody of 100 by 700 in the middle of a picture of 600 by 800."""
    turn = np.linspace(0, 2 * np.pi, 80, endpoint=False)
    outline = np.stack([300 + 50 * np.cos(turn), 410 + 350 * np.sin(turn)], axis=1)
    seen = {"left_hip": (300.0, 410.0, 0.9), "left_shoulder": (300.0, 170.0, 0.9)}
    capture = Capture(3.0, 0.0, VerticalSource.GIVEN, 240.0, 1, 0.3)
    return measured(outline_px=outline.astype(np.float32), landmarks=seen, capture=capture)


@pytest.mark.parametrize("scale", [0.45, 0.5, 0.8, 1.5])
def test_the_angle_stands_beside_the_body_at_every_scale(qtbot: QtBot, scale: float) -> None:
    del qtbot
    result = _standing()
    overlay = Overlay(build_overlay(result), (600, 800))
    overlay.rescale(scale)
    (label,) = (item for _, item in overlay.items if isinstance(item, LabelItem))
    left, top = label.pos().x(), label.pos().y()
    wide, tall = (side / scale for side in label.size_px)
    assert not is_on_body(result.outline_px, (left, top, left + wide, top + tall))


def test_a_label_far_away_is_joined_by_a_line(qtbot: QtBot) -> None:
    del qtbot
    label = Label(Role.TILT, _TEXTS, (20.0, 12.0), (0.0, 0.0), (1.0, 1.0))
    joined = replace(label, target_px=(380.0, 280.0), near_px=50.0)
    near = replace(joined, near_px=1000.0)
    (_, plain), (_, other) = (overlay.items[0] for overlay in map(_placed, (near, joined)))
    assert plain.boundingRect().width() < 300 < other.boundingRect().width()
    yellow = [_coloured(_painted([one]), Role.TILT)[200:] for one in (near, joined)]
    assert not yellow[0].any()
    assert yellow[1].any()


def _placed(label: Label) -> Overlay:
    overlay = Overlay([label], _SIZE)
    overlay.rescale(1.0)
    return overlay
