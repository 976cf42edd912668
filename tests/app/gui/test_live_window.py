"""The whole of it: a film as camera, the real models, the window and its history."""

from __future__ import annotations

from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from app.gui.background.history import HistoryHandle
from app.gui.live.page import PageState
from app.gui.main_window import MainWindow
from app.history.place import Place
from app.history.records import NewCheck, RowQuery
from app.history.store import History
from app.settings import SettingsFile
from app.text.change.stance import SAME
from tests.app.gui.outcomes import SAMPLES
from vision.image.frame import load_frame
from vision.live.events import LiveState
from vision.overlay.shapes import Polyline, Role
from vision.pipeline import measure_photo
from vision.result import Measured

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.gui.background.camera import LiveLook
    from vision.live.events import AnyMoment

FPS = 12
_TIMEOUT_MS = 20_000


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a film of somebody who stands still; noise makes every picture a new one."""
    bgr = cv2.imread(str(SAMPLES / "woman_slim_left_tilt11.jpg"))
    assert bgr is not None
    height_px = 640
    width_px = round(bgr.shape[1] * height_px / bgr.shape[0] / 2) * 2
    small = cv2.resize(bgr, (width_px, height_px), interpolation=cv2.INTER_AREA)
    path = tmp_path_factory.mktemp("film") / "standing.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), FPS, (width_px, height_px))
    random = np.random.default_rng(3)
    for _ in range(FPS * 9):
        noise = random.normal(0, 2, small.shape)
        writer.write(np.clip(small + noise, 0, 255).astype(np.uint8))
    writer.release()
    return path


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    settings = SettingsFile(tmp_path / "settings.json")
    settings.values.live_repeats = 1
    settings.values.live_voice = settings.values.live_tones = False
    handle = HistoryHandle(lambda: History.open(Place(tmp_path / "data")))
    made = MainWindow(settings, handle, warm_up=False)
    qtbot.addWidget(made)
    with qtbot.waitSignal(made.service.profiles_changed, timeout=_TIMEOUT_MS):
        made.show()
    yield made
    made.close()


def test_a_person_on_a_film_is_measured_and_found_in_the_history(
    qtbot: QtBot, window: MainWindow, film: Path, tmp_path: Path
) -> None:
    window.open_live(str(film))
    page = window.pages.live()
    states: list[LiveState] = []
    page.feed.arrived.connect(lambda look: states.append(look.moment.state))
    saved: list[int] = []
    window.service.check_saved.connect(saved.append)
    qtbot.waitUntil(lambda: bool(saved), timeout=_TIMEOUT_MS)
    assert page.state is PageState.RESULT
    assert not page.is_camera_on
    assert LiveState.CAPTURING in states
    window.close()
    with History.open(Place(tmp_path / "data")) as history:
        (row,) = history.rows(RowQuery(history.default_profile().id), 0, 10)
        assert row.tilt.low_deg < 11 < row.tilt.high_deg
        (repeat,) = history.check(row.id).repeats
        assert repeat.frames > FPS
        assert row.has_picture


def test_another_page_switches_the_camera_off_and_only_the_person_on_again(
    qtbot: QtBot, window: MainWindow, film: Path
) -> None:
    window.open_live(str(film))
    page = window.pages.live()
    with qtbot.waitSignal(page.feed.arrived, timeout=_TIMEOUT_MS):
        pass
    window.show_page("check")
    assert not page.is_camera_on
    window.show_page("live")
    qtbot.wait(100)
    assert page.go_button.isVisible()
    assert not page.is_camera_on
    with qtbot.waitSignal(page.feed.arrived, timeout=_TIMEOUT_MS):
        page.go_button.click()
    page.setup.starts_itself.click()
    window.show_page("check")
    window.show_page("live")
    with qtbot.waitSignal(page.feed.arrived, timeout=_TIMEOUT_MS):
        pass
    assert page.state is PageState.RUNNING


def test_the_last_check_stands_as_a_ghost_where_the_person_stood(
    qtbot: QtBot, window: MainWindow, film: Path
) -> None:
    frame = load_frame(SAMPLES / "woman_slim_left_tilt11.jpg")
    result = measure_photo(frame, quick=True)
    assert isinstance(result, Measured)
    size_px, moment = (frame.width_px, frame.height_px), datetime(2026, 2, 3, tzinfo=UTC)
    profile_id = window.service.current_profile_id
    assert profile_id is not None
    with qtbot.waitSignal(window.service.check_saved, timeout=_TIMEOUT_MS):
        window.service.save(
            NewCheck(profile_id, moment, result, size_px), lambda _: None, lambda _: None
        )
    window.open_live(str(film))
    page = window.pages.live()
    seen: list[LiveLook[AnyMoment]] = []
    page.feed.arrived.connect(seen.append)
    qtbot.waitUntil(lambda: page.stage.note == SAME, timeout=_TIMEOUT_MS)
    now, ghost = seen[-1], page.stage.ghost
    assert ghost is not None
    there = ghost.placed_px(*now.size_px)
    (outline,) = [one for one in now.shapes if one.role is Role.OUTLINE]
    assert isinstance(outline, Polyline)
    here = np.array(outline.points_px)
    off_px = np.abs([there.min(0) - here.min(0), there.max(0) - here.max(0)]).max()
    assert off_px < 0.02 * now.size_px[1], "one and the same stance"
    page.setup.shows_last.click()
    assert page.stage.ghost is None


def test_the_window_closes_within_a_second_while_it_measures(
    qtbot: QtBot, window: MainWindow, film: Path
) -> None:
    window.open_live(str(film))
    page = window.pages.live()
    with qtbot.waitSignal(page.feed.arrived, timeout=_TIMEOUT_MS):
        pass
    begun_s = monotonic()
    window.close()
    assert monotonic() - begun_s < 1.0
