"""The scale beside the number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt6.QtGui import QColor, QImage
from PyQt6.QtWidgets import QApplication

from app.gui.style.theme import DARK, LIGHT, Scheme, apply_scheme
from app.gui.widgets.tilt_dial import TiltDial
from tests.made_up_results import tilt
from vision.result import Method

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

_ANGLES = st.floats(-60, 60)


@pytest.fixture
def dial(qtbot: QtBot, qapp: QApplication) -> Iterator[TiltDial]:
    apply_scheme(qapp, Scheme.LIGHT)
    made = TiltDial()
    qtbot.addWidget(made)
    made.resize(320, made.sizeHint().height())
    made.show()
    yield made
    apply_scheme(qapp, Scheme.LIGHT)


def colour_at(dial: TiltDial, angle_deg: float, y_px: int = 37) -> str:
    grabbed: QImage = dial.grab().toImage()
    return QColor(grabbed.pixel(round(dial.x_of(angle_deg)), y_px)).name()


@given(angle_deg=_ANGLES, half_deg=st.floats(0, 60))
def test_the_scale_holds_the_whole_interval(angle_deg: float, half_deg: float) -> None:
    app = QApplication.instance() or QApplication([])
    dial = TiltDial()
    dial.resize(320, 92)
    shown = tilt(angle_deg, half_deg)
    dial.show_tilt(shown)
    places = [dial.x_of(angle) for angle in (shown.low_deg, angle_deg, shown.high_deg)]
    assert places == sorted(places)
    assert places[0] >= 0
    assert places[-1] <= dial.width()
    assert dial.range_deg()[0] <= -10
    assert dial.range_deg()[1] >= 30
    dial.deleteLater()
    assert app is not None


def test_the_usual_range_is_a_band_from_3_to_20_degrees(dial: TiltDial) -> None:
    dial.show_tilt(tilt(-5.0, 2.0))
    for inside in (4.0, 12.0, 19.0):
        assert colour_at(dial, inside) == LIGHT.band
    for outside in (1.0, 22.0, 28.0):
        assert colour_at(dial, outside) != LIGHT.band


def test_no_colour_judges_the_number(dial: TiltDial) -> None:
    seen = set()
    for angle_deg in (-8.0, 11.0, 26.0):
        dial.show_tilt(tilt(angle_deg, 4))
        seen.add(colour_at(dial, angle_deg))
    assert seen == {LIGHT.mark}


def test_the_interval_is_a_bar_between_its_ends(dial: TiltDial) -> None:
    dial.show_tilt(tilt(12.0, 7.0))
    assert colour_at(dial, 6.0) == LIGHT.mark
    assert colour_at(dial, 18.0) == LIGHT.mark
    dial.show_tilt(tilt(12.0, 3.0))
    assert colour_at(dial, 6.0) == LIGHT.band


def test_it_says_the_same_to_a_screen_reader(dial: TiltDial) -> None:
    dial.show_tilt(tilt())
    said = dial.accessibleDescription()
    assert "12° forward" in said
    assert "likely 8 to 17" in said
    assert "usual range 3 to 20°" in said
    dial.show_tilt(None)
    assert dial.accessibleDescription() == ""


def test_a_belt_line_has_no_usual_range(dial: TiltDial) -> None:
    dial.show_tilt(tilt(12.0, 2.0, Method.BELT))
    assert colour_at(dial, 18.0) != LIGHT.band
    assert "range" not in dial.accessibleDescription()
    assert "tilt" not in dial.accessibleDescription()


def test_it_follows_a_change_to_dark(dial: TiltDial, qapp: QApplication) -> None:
    dial.show_tilt(tilt())
    apply_scheme(qapp, Scheme.DARK)
    assert colour_at(dial, 19.0) == DARK.band
