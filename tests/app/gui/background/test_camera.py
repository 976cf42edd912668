"""Cameras on their own thread: the newest picture, and nothing left running."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from threading import enumerate as enumerate_threads
from time import monotonic, sleep
from typing import TYPE_CHECKING

import pytest

from app.__main__ import _is_held
from app.gui.background import camera
from app.gui.background.camera import FollowedPictures, LiveFeed, LivePicture
from tests.vision.films import bar_length_px, write_film
from vision.camera.capture import WANTED_PX, Camera, CameraProblem

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

SAMPLE = Path(__file__).parents[4] / "sample_images" / "man_average_right_tilt8.jpg"


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return write_film(tmp_path / "film.avi", SAMPLE, frames=60)


def start(feed: LiveFeed, source: Path) -> None:
    feed.follow(source, FollowedPictures(), WANTED_PX)


def test_pictures_arrive_with_a_preview_of_the_same_size(
    qtbot: QtBot, feed: LiveFeed, film: Path
) -> None:
    with qtbot.waitSignal(feed.arrived) as caught:
        start(feed, film)
    picture = caught.args[0]
    assert isinstance(picture, LivePicture)
    height_px, width_px = picture.rgb.shape[:2]
    assert (picture.preview.width(), picture.preview.height()) == (width_px, height_px)
    x, y = width_px // 2, height_px // 2
    seen = picture.preview.pixelColor(x, y)
    assert [seen.red(), seen.green(), seen.blue()] == picture.rgb[y, x].tolist()


def test_a_slow_reader_gets_the_newest_picture_and_no_queue(
    qtbot: QtBot, feed: LiveFeed, film: Path
) -> None:
    with qtbot.waitSignal(feed.arrived) as caught:
        start(feed, film)
        sleep(0.6)  # the GUI thread is away for 600 ms, some 18 pictures
    assert bar_length_px(caught.args[0].rgb) > 20
    assert caught.args[0].t_ms > 300
    with qtbot.waitSignal(feed.arrived) as second:
        pass
    assert second.args[0].t_ms > caught.args[0].t_ms


def test_a_film_plays_at_its_own_pace(qtbot: QtBot, feed: LiveFeed, tmp_path: Path) -> None:
    begun = monotonic()
    with qtbot.waitSignal(feed.troubled) as caught:
        start(feed, write_film(tmp_path / "short.avi", SAMPLE, frames=16))
    assert monotonic() - begun > 0.4
    assert caught.args[0] is CameraProblem.ENDED


def test_stopping_returns_at_once_and_nothing_arrives_later(
    qtbot: QtBot, feed: LiveFeed, film: Path
) -> None:
    with qtbot.waitSignal(feed.arrived):
        start(feed, film)
    later: list[LivePicture] = []
    begun = monotonic()
    feed.stop()
    assert monotonic() - begun < 0.05
    feed.arrived.connect(later.append)
    qtbot.wait(150)
    assert not later
    assert not feed.is_on


def test_closing_ends_the_thread_within_a_second(qtbot: QtBot, feed: LiveFeed, film: Path) -> None:
    with qtbot.waitSignal(feed.arrived):
        start(feed, film)
    run = feed._current
    assert run is not None
    begun = monotonic()
    assert feed.close()
    assert monotonic() - begun < 1
    assert run.wait(0.0)
    assert not any(thread.name.startswith("beltline-") for thread in enumerate_threads())


def test_a_driver_that_holds_its_camera_holds_up_neither_window_nor_program(
    qtbot: QtBot, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go, is_stuck = Event(), Event()

    def read(_: Camera) -> None:
        is_stuck.set()
        let_go.wait(10)

    monkeypatch.setattr(Camera, "read", read)
    feed = LiveFeed()
    start(feed, film)
    qtbot.waitUntil(is_stuck.is_set)
    begun = monotonic()
    assert not feed.close(200)
    assert monotonic() - begun < 1
    assert _is_held(), "the program leaves at once"
    start(feed, film)
    qtbot.wait(50)
    assert feed._current is None, "the same camera waits until the driver lets go"
    let_go.set()
    qtbot.waitUntil(lambda: feed._current is not None)
    assert feed.close()
    qtbot.waitUntil(lambda: not _is_held())


def test_one_camera_at_a_time(qtbot: QtBot, feed: LiveFeed, film: Path, tmp_path: Path) -> None:
    other = write_film(tmp_path / "other.avi", SAMPLE, frames=60, width_px=200)
    with qtbot.waitSignal(feed.arrived):
        start(feed, film)
    first = feed._current
    assert first is not None
    start(feed, other)
    assert feed.is_on
    assert feed._current is None, "the first one has not let go yet"
    with qtbot.waitSignal(feed.arrived) as caught:
        pass
    assert caught.args[0].rgb.shape[1] == 200


def test_a_missing_camera_is_told(qtbot: QtBot, feed: LiveFeed, tmp_path: Path) -> None:
    with qtbot.waitSignal(feed.troubled) as caught:
        start(feed, tmp_path / "missing.mp4")
    assert caught.args[0] is CameraProblem.NO_FILE
    qtbot.waitUntil(lambda: not feed.is_on)


def test_our_own_mistakes_are_logged_and_told(
    qtbot: QtBot,
    feed: LiveFeed,
    film: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("no preview today")

    monkeypatch.setattr(camera, "preview", fail)
    with qtbot.waitSignal(feed.failed) as caught:
        start(feed, film)
    assert isinstance(caught.args[0], RuntimeError)
    assert not feed.is_on
    assert "no preview today" in caplog.text
