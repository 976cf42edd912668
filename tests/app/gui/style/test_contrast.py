"""Contrast by WCAG 2.2: letters 4.5 to 1, marks that mean something 3 to 1, in both schemes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QRect
from PyQt6.QtGui import QImage, QPainter
from PyQt6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

from app import Page
from app.gui.background.history import HistoryHandle
from app.gui.exercises.stage import STATE_COLOURS as COACH_COLOURS
from app.gui.live.stage import STATE_COLOURS as LIVE_COLOURS
from app.gui.main_window import MainWindow
from app.gui.style import theme
from app.gui.style.theme import DARK, LESSER_OPACITY, LIGHT, Colours, Scheme, apply_scheme
from app.gui.widgets.tilt_dial import TiltDial
from app.history.place import Place
from app.history.store import History
from app.report import flow
from app.settings import SettingsFile
from tests.app.gui.outcomes import measured, rejected
from tests.app.history.made_up import new_check
from vision.overlay.shapes import HALO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray
    from pytestqt.qtbot import QtBot

_TEXT, _MARK = 4.5, 3.0
_TIMEOUT_MS = 20_000
#: Rendered larger, so that thin letters reach their full colour.
_LARGER = 3
SCHEMES = pytest.mark.parametrize(
    ("scheme", "chosen"), [(Scheme.LIGHT, LIGHT), (Scheme.DARK, DARK)], ids=["light", "dark"]
)

#: Letters and what lies behind them.
LETTERS = (
    *(("text", ground) for ground in ("page", "card", "band")),
    *(("muted", ground) for ground in ("page", "card", "line")),
    *(("accent", ground) for ground in ("page", "card")),
    ("on_accent", "accent"),
    ("warning", "warning_page"),
    ("refusal", "refusal_page"),
)
#: Marks and what lies behind them: fields, focus rings, icons, ticks, bars and points.
MARKS = (
    *(("edge", ground) for ground in ("page", "card")),
    *(("accent", ground) for ground in ("page", "card", "band")),
    *(("muted", ground) for ground in ("page", "card", "band")),
    *(("mark", ground) for ground in ("page", "card", "band", "line")),
    *(("text", ground) for ground in ("page", "card", "band")),
    ("on_stage", "stage"),
    ("card", "refusal"),
)
#: Marks that are painted see-through.
LESSER = (("mark", "card"), ("mark", "band"), ("accent", "card"), ("muted", "card"))


def rgb_of(colour: str) -> NDArray[np.float64]:
    return np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)], np.float64)


def luminance(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the relative luminance of colours, shape (..., 3), 0..255."""
    share = rgb / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    a, b = luminance(one), luminance(other)
    return np.asarray((np.maximum(a, b) + 0.05) / (np.minimum(a, b) + 0.05))


def pair(chosen: Colours, one: str, other: str) -> float:
    return float(contrast(rgb_of(getattr(chosen, one)), rgb_of(getattr(chosen, other))))


def test_the_measure_is_the_standards_own() -> None:
    assert contrast(rgb_of("#000000"), rgb_of("#ffffff")) == pytest.approx(21.0)
    assert contrast(rgb_of("#777777"), rgb_of("#ffffff")) == pytest.approx(4.48, abs=0.005)


@SCHEMES
def test_letters_and_marks_stand_out_from_their_ground(scheme: Scheme, chosen: Colours) -> None:
    del scheme
    for letters, ground in LETTERS:
        assert pair(chosen, letters, ground) >= _TEXT, (letters, ground)
    for mark, ground in MARKS:
        assert pair(chosen, mark, ground) >= _MARK, (mark, ground)


@SCHEMES
def test_what_is_painted_see_through_stands_out(scheme: Scheme, chosen: Colours) -> None:
    del scheme
    for mark, ground in LESSER:
        front, behind = rgb_of(getattr(chosen, mark)), rgb_of(getattr(chosen, ground))
        mixed = LESSER_OPACITY * front + (1 - LESSER_OPACITY) * behind
        assert contrast(mixed, behind) >= _MARK, (mark, ground)


def test_what_is_said_over_a_camera_picture_stands_out_from_its_plate() -> None:
    for colour in (*LIVE_COLOURS.values(), *COACH_COLOURS.values()):
        assert contrast(rgb_of(colour), np.array(HALO, np.float64)) >= _TEXT, colour


def test_the_report_can_be_read() -> None:
    def ink(colour: object) -> NDArray[np.float64]:
        return rgb_of("#" + colour.hexval()[2:])  # type: ignore[attr-defined]

    paper = rgb_of("#ffffff")
    for letters in (flow.INK, flow.MUTED):
        assert contrast(ink(letters), paper) >= _TEXT
    for mark in (flow.MARK, flow.BAND_MIDDLE):
        assert contrast(ink(mark), ink(flow.BAND)) >= _MARK
    assert contrast(ink(flow.MARK), paper) >= _MARK


def painted(widget: QWidget) -> NDArray[np.float64]:
    """Return a widget as it looks, shape (height, width, 3), larger by :data:`_LARGER`."""
    image = QImage(widget.size() * _LARGER, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_LARGER)
    painter = QPainter(image)
    widget.render(painter, QPoint(0, 0))
    painter.end()
    bits = image.constBits()
    assert bits is not None
    rows = np.frombuffer(bits.asstring(image.sizeInBytes()), np.uint8)
    return rows.reshape(image.height(), image.width(), 4)[..., 2::-1].astype(np.float64)


def strongest(pixels: NDArray[np.float64]) -> float:
    """Return the contrast between the commonest colour and the one that differs most from it."""
    # As one number each: telling rows apart takes twenty times as long.
    whole = pixels.astype(np.int64)
    codes = (65536 * whole[..., 0] + 256 * whole[..., 1] + whole[..., 2]).ravel()
    found, counts = np.unique(codes, return_counts=True)
    colours = np.stack([found >> 16, (found >> 8) & 255, found & 255], axis=1).astype(np.float64)
    return float(contrast(colours, colours[counts.argmax()]).max())


def hard_to_read(window: QWidget) -> list[tuple[str, float]]:
    """Return every text in sight whose letters do not stand out, with the best of its contrast."""
    seen, found = painted(window), []
    shown: list[QLabel | QAbstractButton] = [
        *window.findChildren(QLabel),
        *window.findChildren(QAbstractButton),
    ]
    for one in shown:
        if not one.text().strip() or not one.isVisible() or not one.isEnabled():
            continue
        inside = one.visibleRegion().boundingRect()
        box = QRect(one.mapTo(window, inside.topLeft()), inside.size())
        # Whatever is cut off by scrolling may show no letters.
        if box.height() < min(one.height(), 14) or box.width() < min(one.width(), 20):
            continue
        top, left = _LARGER * box.top(), _LARGER * box.left()
        part = seen[top : top + _LARGER * box.height(), left : left + _LARGER * box.width()]
        best = strongest(part)
        if best < _TEXT:
            found.append((one.text(), best))
    return found


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[MainWindow]:
    with History.open(Place(tmp_path / "data")) as history:
        me = history.default_profile()
        for day in range(3):
            history.save(new_check(me.id, day=day))
    handle = HistoryHandle(lambda: History.open(Place(tmp_path / "data")))
    made = MainWindow(SettingsFile(tmp_path / "settings.json"), handle, warm_up=False)
    qtbot.addWidget(made)
    made.resize(1280, 900)
    with qtbot.waitSignal(made.service.profiles_changed, timeout=_TIMEOUT_MS):
        made.show()
    yield made
    made.close()
    apply_scheme(qapp, Scheme.LIGHT)


@SCHEMES
def test_every_page_can_be_read(
    qtbot: QtBot, qapp: QApplication, window: MainWindow, scheme: Scheme, chosen: Colours
) -> None:
    del chosen
    apply_scheme(qapp, scheme)
    for page in Page:
        window.show_page(page)
        if page is Page.HISTORY:
            model = window.pages.history().browser.model
            qtbot.waitUntil(lambda: model.rowCount() == 3, timeout=_TIMEOUT_MS)  # noqa: B023
        qtbot.wait(60)
        assert hard_to_read(window) == [], page


@SCHEMES
def test_every_result_can_be_read(
    qtbot: QtBot, qapp: QApplication, window: MainWindow, scheme: Scheme, chosen: Colours
) -> None:
    del chosen
    apply_scheme(qapp, scheme)
    page = window.pages.check()
    window.show_page(Page.CHECK)
    page._side.show()
    page._left.hide()
    result = page.result
    result.show_measured(measured(), "side.jpg", None, is_compared=True)
    qtbot.wait(30)
    assert hard_to_read(window) == []
    result.show_refused(rejected(), "front.jpg")
    qtbot.wait(30)
    assert hard_to_read(window) == []


def test_letters_that_are_too_pale_are_found(
    qtbot: QtBot, qapp: QApplication, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(theme, "LIGHT", replace(LIGHT, muted="#9aa1ab"))
    apply_scheme(qapp, Scheme.LIGHT)
    window.show_page(Page.SETTINGS)
    qtbot.wait(60)
    assert len(hard_to_read(window)) >= 2


@SCHEMES
def test_what_stands_in_an_empty_field_can_be_read(
    qtbot: QtBot, qapp: QApplication, scheme: Scheme, chosen: Colours
) -> None:
    apply_scheme(qapp, scheme)
    field = QLineEdit()
    qtbot.addWidget(field)
    field.setPlaceholderText("such as grey leggings")
    field.resize(240, 32)
    field.show()
    qtbot.wait(20)
    assert strongest(painted(field)[24:72, 24:600]) >= _TEXT
    assert strongest(painted(field)) >= pair(chosen, "edge", "card") >= _MARK
    apply_scheme(qapp, Scheme.LIGHT)


@SCHEMES
def test_the_dial_uses_these_colours(
    qtbot: QtBot, qapp: QApplication, scheme: Scheme, chosen: Colours
) -> None:
    apply_scheme(qapp, scheme)
    dial = TiltDial()
    qtbot.addWidget(dial)
    dial.show_tilt(measured().tilt)
    dial.resize(320, 92)
    seen = np.unique(painted(dial).reshape(-1, 3), axis=0)
    for used in (chosen.band, chosen.mark, chosen.muted):
        assert (seen == rgb_of(used)).all(axis=1).any(), used
    apply_scheme(qapp, Scheme.LIGHT)
