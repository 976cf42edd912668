"""The drawings of how to stand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PyQt6.QtGui import QImage

import app
from app.gui.style.theme import Scheme, apply_scheme
from app.gui.widgets.stance import DRAWN, BodyView, MendDrawing, StanceDrawing
from vision.reasons import REFUSALS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from PyQt6.QtWidgets import QApplication, QWidget
    from pytestqt.qtbot import QtBot

    from vision.result import ReasonCode

FOLDER = Path(app.__file__).parent / "assets" / "stance"
#: The picture that was refused, left of the arrow.
_WRONG = np.s_[12:164, 12:126]
_RIGHT = np.s_[12:164, 194:308]


@pytest.fixture(params=[Scheme.LIGHT, Scheme.DARK])
def scheme(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Scheme]:
    apply_scheme(qapp, request.param)
    yield request.param
    apply_scheme(qapp, Scheme.LIGHT)


def painted(widget: QWidget) -> NDArray[np.int16]:
    widget.resize(widget.sizeHint())
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    bits = image.constBits()
    assert bits is not None
    rows = np.frombuffer(bits.asstring(image.sizeInBytes()), np.uint8)
    return rows.reshape(image.height(), image.width(), 4)[..., :3].astype(np.int16)


def test_the_bodies_are_there_and_small() -> None:
    files = sorted(FOLDER.iterdir())
    assert [file.stem for file in files] == sorted(view.value for view in BodyView)
    assert sum(file.stat().st_size for file in files) < 150_000


def test_everything_that_can_be_drawn_is_a_refusal() -> None:
    assert set(DRAWN) <= set(REFUSALS)


@pytest.mark.parametrize("code", DRAWN)
def test_what_was_wrong_does_not_look_like_what_is_right(
    qtbot: QtBot, scheme: Scheme, code: ReasonCode
) -> None:
    made = MendDrawing(code)
    qtbot.addWidget(made)
    seen = painted(made)
    assert np.ptp(seen[_RIGHT].reshape(-1, 3), axis=0).min() > 60, "a body"
    difference = np.abs(seen[_WRONG] - seen[_RIGHT]).max(axis=2)
    assert (difference > 24).mean() > 0.05, scheme
    assert made.accessibleDescription()


def test_the_stance_is_drawn_with_the_camera_and_its_picture(qtbot: QtBot, scheme: Scheme) -> None:
    made = StanceDrawing()
    qtbot.addWidget(made)
    seen = painted(made)
    ground = seen[2, 2]
    for where in (np.s_[10:150, 40:92], np.s_[60:150, 310:355], np.s_[10:150, 440:548]):
        assert (np.abs(seen[where] - ground).max(axis=2) > 40).mean() > 0.05, scheme
    assert made.heightForWidth(280) == 88
