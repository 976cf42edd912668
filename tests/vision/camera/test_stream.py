"""A camera on its own thread: the newest picture, what is wrong, and back by itself."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest

from tests.vision.films import FPS, bar_length_px, write_film
from tests.vision.mjpeg_server import MjpegServer, Sends
from vision.camera import capture, stream
from vision.camera.capture import Camera, CameraFrame, CameraInfo, CameraProblem
from vision.camera.stream import Clocks, FeedEvent, NewestFrame

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from vision.camera.capture import CameraSource

SAMPLE = Path(__file__).parents[3] / "sample_images" / "man_average_right_tilt8.jpg"
FAULTS = {CameraProblem.LOST, CameraProblem.STALLED, CameraProblem.UNREACHABLE}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let silence be told from a hiccup after a fraction of the real time."""
    monkeypatch.setattr(capture, "_READ_MS", 200)
    monkeypatch.setattr(capture, "_SILENCE_S", 0.2)
    monkeypatch.setattr(capture, "_FIRST_PICTURE_S", 0.4)
    monkeypatch.setattr(stream, "_RETRY_S", 0.05)


@pytest.fixture
def start() -> Iterator[Callable[..., NewestFrame]]:
    """Start feeds, and see that every one of them ends."""
    feeds: list[NewestFrame] = []

    def make(source: CameraSource, **wishes: Any) -> NewestFrame:
        feed = NewestFrame(source, **wishes)
        feeds.append(feed)
        feed.start()
        return feed

    yield make
    assert all(feed.close(2.0) for feed in feeds)


@pytest.fixture
def server() -> Iterator[MjpegServer]:
    with MjpegServer() as made:
        yield made


def picture_of(feed: NewestFrame, is_wanted: Callable[[FeedEvent], bool] = bool) -> FeedEvent:
    """Return the next event with a picture that is as wanted."""
    return next_event(feed, lambda event: event.frame is not None and is_wanted(event))


def problem_of(feed: NewestFrame, problems: set[CameraProblem]) -> FeedEvent:
    return next_event(feed, lambda event: event.problem in problems)


def next_event(feed: NewestFrame, is_wanted: Callable[[FeedEvent], bool]) -> FeedEvent:
    until_s = time.monotonic() + 8
    while time.monotonic() < until_s:
        event = feed.take(0.2)
        if event is not None and is_wanted(event):
            return event
    raise AssertionError("it never came")


def all_of(feed: NewestFrame) -> list[FeedEvent]:
    """Return everything up to the end of a film."""
    events: list[FeedEvent] = []
    while not events or events[-1].problem is not CameraProblem.ENDED:
        event = feed.take(5.0)
        assert event is not None
        events.append(event)
    return events


def write_pictures(path: Path, pictures: list[Any], fps: float = FPS) -> Path:
    height_px, width_px = pictures[0].shape[:2]
    film = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), fps, (width_px, height_px))
    assert film.isOpened()
    for bgr in pictures:
        film.write(bgr)
    film.release()
    return path


# -- films


def test_a_film_is_handed_over_picture_by_picture(
    start: Callable[..., NewestFrame], tmp_path: Path
) -> None:
    feed = start(write_film(tmp_path / "film.avi", SAMPLE, frames=20), keep_all=True)
    time.sleep(0.1)  # the reader is late, and misses nothing
    *pictures, end = all_of(feed)
    bars = [bar_length_px(event.frame.rgb) for event in pictures if event.frame]
    assert len(bars) == 20
    assert bars == sorted(set(bars))
    assert [event.t_ms for event in pictures] == pytest.approx(
        [1000 / FPS * n for n in range(20)], abs=1
    )
    assert {event.epoch for event in pictures} == {0}
    assert end.frame is None
    assert feed.take(0.05) is None


def test_a_film_plays_at_its_own_pace_and_a_slow_reader_sees_the_newest(
    start: Callable[..., NewestFrame], tmp_path: Path
) -> None:
    feed = start(write_film(tmp_path / "film.avi", SAMPLE, frames=20))
    first = picture_of(feed)
    time.sleep(0.3)
    second = picture_of(feed)
    assert second.t_ms - first.t_ms > 200
    begun_s = time.monotonic()
    rest = all_of(feed)
    assert time.monotonic() - begun_s > 0.1
    assert rest[-1].problem is CameraProblem.ENDED
    assert feed.take(0.05) is None


@pytest.mark.parametrize("keep_all", [True, False])
def test_what_no_attempt_mends_is_told_once(
    start: Callable[..., NewestFrame], tmp_path: Path, keep_all: bool
) -> None:
    for source, problem in (
        (tmp_path / "missing.mp4", CameraProblem.NO_FILE),
        (Path(__file__), CameraProblem.UNPLAYABLE),
    ):
        feed = start(source, keep_all=keep_all)
        event = feed.take(5.0)
        assert event is not None
        assert event.problem is problem
        assert feed.take(0.1) is None


def test_large_pictures_come_whole(start: Callable[..., NewestFrame], tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (3, 216, 384, 3), np.uint8)
    large = [cv2.resize(one, (3840, 2160), interpolation=cv2.INTER_NEAREST) for one in noise]
    feed = start(write_pictures(tmp_path / "film.avi", large), keep_all=True)
    shapes = [event.frame.rgb.shape for event in all_of(feed) if event.frame]
    assert shapes == [(2160, 3840, 3)] * 3


def test_five_pictures_a_second_are_enough(
    start: Callable[..., NewestFrame], tmp_path: Path
) -> None:
    noise = list(np.random.default_rng(0).integers(0, 255, (12, 48, 64, 3), np.uint8))
    feed = start(write_pictures(tmp_path / "film.avi", noise, fps=5), keep_all=True)
    *pictures, _ = all_of(feed)
    assert len(pictures) == 12
    assert {event.epoch for event in pictures} == {0}


def test_a_frozen_stretch_of_a_film_is_told_in_its_own_time(
    start: Callable[..., NewestFrame], tmp_path: Path
) -> None:
    few = np.random.default_rng(0).integers(0, 255, (20, 6, 8, 3), np.uint8)
    soft = [cv2.resize(one, (64, 48), interpolation=cv2.INTER_LINEAR) for one in few]
    frozen = [*soft[:10], *[soft[10]] * 60, *soft[11:]]
    feed = start(write_pictures(tmp_path / "film.avi", frozen, fps=10), keep_all=True)
    *events, _ = all_of(feed)
    assert len(events) == len(frozen), "every picture's time goes by"
    told = [(round(event.t_ms, -2), event.problem) for event in events if event.problem]
    assert [problem for _, problem in told] == [
        *[CameraProblem.STALLED] * 2,
        *[CameraProblem.FROZEN] * 3,
    ]
    assert [t_ms for t_ms, _ in told] == pytest.approx([2000, 3000, 4000, 5000, 6000], abs=110)
    epochs = [event.epoch for event in events if event.frame]
    assert epochs == [0] * 11 + [1] * 9


def test_a_black_stretch_of_a_film_is_told(
    start: Callable[..., NewestFrame], tmp_path: Path
) -> None:
    light = np.random.default_rng(0).integers(60, 255, (10, 48, 64, 3), np.uint8)
    dark = np.random.default_rng(0).integers(0, 4, (15, 48, 64, 3), np.uint8)
    film = write_pictures(tmp_path / "film.avi", [*light, *dark, *light], fps=10)
    *events, _ = all_of(start(film, keep_all=True))
    assert {event.problem for event in events} == {None, CameraProblem.BLACK}
    assert (events[0].epoch, events[-1].epoch) == (0, 1)


# -- streams


def test_a_stream_gives_its_newest_picture(
    start: Callable[..., NewestFrame], server: MjpegServer
) -> None:
    feed = start(server.address)
    events = [picture_of(feed) for _ in range(5)]
    times_ms = [event.t_ms for event in events]
    assert times_ms == sorted(set(times_ms))
    assert all(event.frame and event.frame.t_ms == event.t_ms for event in events)
    assert {event.epoch for event in events} == {0}


def test_a_server_that_is_killed_and_started_again_comes_back_by_itself(
    start: Callable[..., NewestFrame], server: MjpegServer
) -> None:
    feed = start(server.address)
    before = picture_of(feed)
    server.kill()
    assert problem_of(feed, {CameraProblem.UNREACHABLE}).epoch == before.epoch
    server.start()
    after = picture_of(feed)
    assert after.epoch > before.epoch
    assert after.t_ms > before.t_ms


def test_a_server_that_is_started_late_is_found(start: Callable[..., NewestFrame]) -> None:
    server = MjpegServer()
    with server:
        address = server.address
    feed = start(address)
    assert problem_of(feed, FAULTS).problem is CameraProblem.UNREACHABLE
    with server:
        assert picture_of(feed).epoch == 0


@pytest.mark.parametrize("fault", [Sends.NOTHING, Sends.GARBAGE, Sends.DAMAGED])
def test_a_stream_that_fails_for_a_while_goes_on(
    start: Callable[..., NewestFrame],
    server: MjpegServer,
    fault: Sends,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(capture, "_OPEN_MS", 400)
    feed = start(server.address)
    before = picture_of(feed)
    server.sends = fault
    problem_of(feed, FAULTS)
    server.sends = Sends.PICTURES
    after = picture_of(feed)
    assert after.epoch > before.epoch
    assert after.t_ms > before.t_ms
    assert after.frame is not None
    assert after.frame.rgb.shape == (120, 160, 3)


def test_a_connection_that_is_cut_is_opened_anew(
    start: Callable[..., NewestFrame], server: MjpegServer
) -> None:
    feed = start(server.address)
    picture_of(feed)
    server.hang_up()
    assert picture_of(feed, lambda event: event.epoch == 1).frame is not None
    assert server.connections == 2


def test_pictures_that_change_their_size_keep_their_shape(
    start: Callable[..., NewestFrame], server: MjpegServer
) -> None:
    feed = start(server.address)
    assert picture_of(feed).epoch == 0
    server.width_px, server.height_px = 120, 160
    turned = picture_of(feed, lambda event: event.epoch > 0)
    assert turned.frame is not None
    assert turned.frame.rgb.shape == (160, 120, 3)
    assert server.connections == 1


def test_a_frozen_stream_is_told_and_goes_on(
    start: Callable[..., NewestFrame], server: MjpegServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vision.camera.faults._STALLED_MS", 100.0)
    monkeypatch.setattr("vision.camera.faults._FROZEN_MS", 300.0)
    feed = start(server.address)
    before = picture_of(feed)
    server.is_still = True
    problem_of(feed, {CameraProblem.FROZEN})
    server.is_still = False
    assert picture_of(feed).epoch > before.epoch


# -- webcams


class Device:
    """What a webcam does, in place of the real one: sends, and can be pulled out."""

    known: tuple[CameraInfo, ...] = ()
    opened: list[int]
    released = 0

    def __init__(self) -> None:
        self.opened = []
        self.is_silent = False
        self.number = 0

    def list_cameras(self) -> tuple[CameraInfo, ...]:
        return self.known

    def open(self, index: int, *_: object) -> Device:
        self.opened.append(index)
        return self

    def isOpened(self) -> bool:
        return True

    def set(self, *_: object) -> bool:
        return True

    def grab(self) -> bool:
        time.sleep(0.005)
        self.number += 1
        return not self.is_silent

    def retrieve(self) -> tuple[bool, Any]:
        return True, np.full((24, 32, 3), 40 + self.number % 200, np.uint8)

    def release(self) -> None:
        self.released += 1


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch) -> Device:
    made = Device()
    made.known = (CameraInfo(0, "Lid"), CameraInfo(2, "Desk"))
    for module in ("camera.capture", "camera.stream"):
        monkeypatch.setattr(f"vision.{module}.list_cameras", made.list_cameras)
    monkeypatch.setattr(cv2, "VideoCapture", made.open)
    return made


def test_a_webcam_that_is_plugged_in_again_is_known_by_its_name(
    start: Callable[..., NewestFrame], device: Device
) -> None:
    feed = start(2)
    before = picture_of(feed)
    device.known, device.is_silent = (CameraInfo(0, "Lid"), CameraInfo(2, "Other")), True
    problem_of(feed, {CameraProblem.MISSING})
    assert set(device.opened) == {2}
    assert len(device.opened) == 1, "another camera has the number now, and is left alone"
    device.known, device.is_silent = (*device.known, CameraInfo(4, "Desk")), False
    assert picture_of(feed).epoch > before.epoch
    assert device.opened[-1] == 4


def test_a_busy_camera_is_tried_again(
    start: Callable[..., NewestFrame], device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_busy = threading.Event()
    is_busy.set()
    monkeypatch.setattr(Device, "isOpened", lambda _: not is_busy.is_set())
    feed = start(2)
    problem_of(feed, {CameraProblem.BUSY})
    is_busy.clear()
    assert picture_of(feed).frame is not None


def test_after_closing_the_device_is_free_and_nothing_comes(
    start: Callable[..., NewestFrame], device: Device
) -> None:
    feed = start(2)
    picture_of(feed)
    assert feed.close()
    assert device.released == 1
    read = device.number
    assert feed.take(5.0) is None
    assert device.number == read


def test_our_own_mistakes_are_logged_once_and_told(
    start: Callable[..., NewestFrame],
    device: Device,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(_: object, __: object) -> None:
        raise RuntimeError("no judgement today")

    monkeypatch.setattr("vision.camera.faults.PictureFaults.judge", fail)
    feed = start(2)
    problem_of(feed, {CameraProblem.LOST})
    time.sleep(0.2)
    feed.close()
    assert device.released > 1
    assert len(caplog.records) == 1
    assert "no judgement today" in caplog.text


class Time:
    """Clocks to be set by hand."""

    def __init__(self) -> None:
        self.steady_s = self.wall_s = 1000.0

    @property
    def clocks(self) -> Clocks:
        return Clocks(lambda: self.steady_s, lambda: self.wall_s)

    def pass_by(self, steady_s: float, wall_s: float) -> None:
        self.steady_s += steady_s
        self.wall_s += wall_s


@pytest.mark.parametrize("passed_s", [(0.0, 3600.0), (3600.0, 3600.0)])
def test_after_sleep_the_camera_is_opened_anew(
    start: Callable[..., NewestFrame], device: Device, passed_s: tuple[float, float]
) -> None:
    now = Time()
    feed = start(2, clocks=now.clocks)
    assert picture_of(feed).epoch == 0
    now.pass_by(*passed_s)
    picture_of(feed, lambda event: event.epoch == 1)
    assert len(device.opened) == 2
    now.pass_by(0.1, -7200.0)  # the calendar was set back: nobody slept
    picture_of(feed)
    assert len(device.opened) == 2


def test_a_film_goes_on_after_sleep_where_it_was(
    start: Callable[..., NewestFrame], tmp_path: Path
) -> None:
    now = Time()
    film = write_film(tmp_path / "film.avi", SAMPLE, frames=90)
    feed = start(film, clocks=now.clocks)
    first = picture_of(feed)
    now.pass_by(3600.0, 3600.0)
    later = picture_of(feed, lambda event: event.epoch == 1)
    assert later.t_ms < first.t_ms + 1000


# -- closing


def test_closing_is_bounded_while_an_address_does_not_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(capture, "_OPEN_MS", 700)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        feed = NewestFrame(f"http://127.0.0.1:{deaf.getsockname()[1]}/video")
        feed.start()
        time.sleep(0.1)
        begun_s = time.monotonic()
        assert not feed.close(0.1)
        assert time.monotonic() - begun_s < 0.3
        assert feed.take(5.0) is None
        assert feed.close(3.0), "it ends by itself"


@pytest.mark.parametrize("fault", [Sends.PICTURES, Sends.NOTHING, Sends.GARBAGE])
def test_closing_takes_less_than_a_second(server: MjpegServer, fault: Sends) -> None:
    feed = NewestFrame(server.address)
    feed.start()
    picture_of(feed)
    server.sends = fault
    time.sleep(0.1)
    begun_s = time.monotonic()
    assert feed.close()
    assert time.monotonic() - begun_s < 0.9


def test_a_film_that_nobody_reads_can_be_closed(tmp_path: Path) -> None:
    feed = NewestFrame(write_film(tmp_path / "film.avi", SAMPLE, frames=9), keep_all=True)
    feed.start()
    time.sleep(0.1)
    assert feed.close()


def test_one_that_was_never_started_can_be_closed() -> None:
    assert NewestFrame("http://127.0.0.1:9/video").close()


#: Python would crash if the thread came back from OpenCV while it is taken down.
FORGETFUL = """
import sys, time
from vision.camera import capture as camera
from vision.camera.stream import NewestFrame
camera._OPEN_MS = 500
NewestFrame(sys.argv[1]).start()
time.sleep(0.1)
"""


def test_a_program_may_end_while_a_camera_is_being_opened() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        address = f"http://127.0.0.1:{deaf.getsockname()[1]}/video"
        done = subprocess.run(
            [sys.executable, "-c", FORGETFUL, address],
            cwd=Path(__file__).parents[3],
            capture_output=True,
            timeout=30,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_camera_frame_is_handed_over_without_a_copy(
    start: Callable[..., NewestFrame], device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[CameraFrame] = []
    real = Camera.read

    def remembering(self: Camera) -> CameraFrame | None:
        frame = real(self)
        if frame is not None:
            read.append(frame)
        return frame

    monkeypatch.setattr(Camera, "read", remembering)
    event = picture_of(start(2))
    assert event.frame is not None
    assert any(event.frame.rgb is frame.rgb for frame in read)
