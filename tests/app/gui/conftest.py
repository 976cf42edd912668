"""The Check page, with a cupboard for a history and a pipeline that needs no model."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import QAbstractEventDispatcher
from PyQt6.QtWidgets import QApplication

from app.gui.background.camera import LiveFeed
from app.gui.background.jobs import Jobs
from app.gui.check import measurement
from app.gui.check.measurement import CheckAnswer, Photo
from app.gui.check.page import CheckPage
from app.gui.style.theme import Scheme, apply_scheme, text_factor
from app.system.sound import Tones
from tests.app.gui.live_home import Home
from tests.app.gui.outcomes import SAMPLE, Cupboard, measured, rejected
from tests.app.gui.scripted_camera import Script

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.gui.preferences import CheckPreferences
    from app.system.sound import Tone
    from vision.live.events import StillCapture
    from vision.result import Measured


@pytest.fixture(autouse=True)
def garbage_in_this_thread() -> Iterator[None]:
    """Look for garbage in the thread of the widgets alone, as the window does."""
    gc.disable()
    yield
    gc.collect(1)
    gc.enable()


@pytest.fixture(autouse=True)
def usual_letters() -> Iterator[None]:
    """Give the next test letters of the usual size, whatever this one did."""
    yield
    app = QApplication.instance()
    if isinstance(app, QApplication) and text_factor() != 1:
        apply_scheme(app, Scheme.LIGHT, 100)


@pytest.fixture
def wakes(qtbot: QtBot) -> Callable[[int], int]:
    """Tell how often something asks for the window's thread in so many milliseconds."""

    def counted(for_ms: int) -> int:
        dispatcher = QAbstractEventDispatcher.instance()
        assert dispatcher is not None
        awake: list[None] = []
        counting = dispatcher.awake.connect(lambda: awake.append(None))
        qtbot.wait(for_ms)
        dispatcher.awake.disconnect(counting)
        return len(awake)

    return counted


@pytest.fixture
def cupboard() -> Cupboard:
    return Cupboard()


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    assert made.close(5000)


@pytest.fixture
def feed(qtbot: QtBot) -> Iterator[LiveFeed]:
    made = LiveFeed()
    yield made
    assert made.close()


@pytest.fixture
def remembered() -> list[CheckPreferences]:
    return []


@pytest.fixture
def page(
    qtbot: QtBot, jobs: Jobs, cupboard: Cupboard, remembered: list[CheckPreferences]
) -> Iterator[CheckPage]:
    made = CheckPage(jobs, cupboard, remember=remembered.append, sample=SAMPLE)
    qtbot.addWidget(made)
    made.resize(920, 640)
    made.show()
    yield made
    made.close()


@pytest.fixture
def instant(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """CheckAnswer without a model: names with "front" are refused; collect what was asked."""
    asked: list[dict[str, object]] = []

    def measure(
        photo: Photo, points: object = None, vertical: object = None, person_at: object = None
    ) -> CheckAnswer:
        del person_at
        asked.append({"name": photo.frame.source, "points": points, "vertical": vertical})
        return CheckAnswer(rejected() if "front" in photo.frame.source else measured(), ())

    monkeypatch.setattr(measurement, "measure", measure)
    return asked


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> list[Tone]:
    """Collect the tones in place of playing them."""
    heard: list[Tone] = []
    monkeypatch.setattr(
        Tones, "play", lambda self, tone: None if self.is_muted else heard.append(tone)
    )
    return heard


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Script:
    """Have a scripted camera be the only one."""
    return Script().install(monkeypatch)


@pytest.fixture
def home(
    qtbot: QtBot, tmp_path: Path, played: list[Tone], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Home]:
    """Open the Live page on a history of its own, without any model or sound."""

    def as_it_is(capture: StillCapture) -> Measured:
        return capture.result

    monkeypatch.setattr("vision.live.view.with_belt_line", as_it_is)
    made = Home(qtbot, tmp_path)
    yield made
    made.close()
    del played
