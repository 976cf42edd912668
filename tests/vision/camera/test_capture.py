"""Films, streams and webcams as one source of pictures."""

from __future__ import annotations

import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest
from cv2_enumerate_cameras import CameraInfo as ListedCamera

from tests.vision.films import FPS, bar_length_px, write_film
from tests.vision.mjpeg_server import MjpegServer, Sends
from vision.camera import capture
from vision.camera.capture import (
    Camera,
    CameraError,
    CameraInfo,
    CameraProblem,
    camera_again,
    find_camera,
    list_cameras,
)

SAMPLE = Path(__file__).parents[3] / "sample_images" / "man_average_right_tilt8.jpg"


@pytest.mark.parametrize("name", ["film.mp4", "film.avi"])
def test_a_film_gives_its_pictures_in_order_and_with_their_times(tmp_path: Path, name: str) -> None:
    film = write_film(tmp_path / name, SAMPLE, frames=12)
    with Camera(film) as source:
        frames = list(source)
    assert len(frames) == 12
    assert [frame.t_ms for frame in frames] == pytest.approx(
        [1000 / FPS * index for index in range(12)], abs=1
    )
    bars = [bar_length_px(frame.rgb) for frame in frames]
    assert bars == sorted(bars)
    assert frames[0].rgb.dtype == np.uint8
    assert frames[0].rgb.flags.c_contiguous


def test_colours_are_red_green_blue(tmp_path: Path) -> None:
    with Camera(write_film(tmp_path / "film.avi", SAMPLE, frames=1)) as source:
        rgb = next(iter(source)).rgb
    expected = cv2.cvtColor(np.asarray(cv2.imread(str(SAMPLE))), cv2.COLOR_BGR2RGB)
    assert np.abs(rgb[40:].mean(axis=(0, 1)) - expected[120:].mean(axis=(0, 1))).max() < 4


def test_black_pictures_are_pictures(tmp_path: Path) -> None:
    path = tmp_path / "black.avi"
    film = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), FPS, (64, 48))
    for _ in range(3):
        film.write(np.zeros((48, 64, 3), np.uint8))
    film.release()
    with Camera(path) as source:
        assert [int(frame.rgb.max()) < 20 for frame in source] == [True] * 3


def test_a_film_that_is_read_to_its_end_says_so(tmp_path: Path) -> None:
    with Camera(write_film(tmp_path / "film.avi", SAMPLE, frames=1)) as source:
        assert source.read() is not None
        with pytest.raises(CameraError) as caught:
            source.read()
    assert caught.value.problem is CameraProblem.ENDED


def test_reading_a_closed_camera_is_a_mistake(tmp_path: Path) -> None:
    source = Camera(write_film(tmp_path / "film.avi", SAMPLE, frames=1))
    with source:
        pass
    with pytest.raises(ValueError, match="not open"):
        source.read()


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("missing.mp4", CameraProblem.NO_FILE),
        (str(Path(__file__)), CameraProblem.UNPLAYABLE),
        ("http://127.0.0.1:9/video", CameraProblem.UNREACHABLE),
        (0, CameraProblem.NONE),
    ],
)
def test_what_cannot_be_opened_is_told(
    source: str | int, problem: CameraProblem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capture, "list_cameras", lambda: ())
    with pytest.raises(CameraError) as caught, Camera(source):
        pass
    assert caught.value.problem is problem


@pytest.mark.parametrize("problem", list(CameraProblem))
def test_every_problem_has_a_sentence_and_a_fix(problem: CameraProblem) -> None:
    error = problem.error()
    assert str(error) == f"{error.message} {error.fix}"
    for sentence in (error.message, error.fix):
        assert sentence.endswith(".")
        assert sentence[0].isupper()


class Webcam:
    """What OpenCV's capture does for a device: pictures, hiccups, then silence."""

    def __init__(self, script: str, is_open: bool = True) -> None:
        self._script, self._is_open = list(script), is_open
        self.grabbed = self.decoded = 0
        self.wishes: dict[int, float] = {}
        self.was_released = False

    def isOpened(self) -> bool:
        return self._is_open

    def set(self, what: int, value: float) -> bool:
        self.wishes[what] = value
        return True

    def grab(self) -> bool:
        sent = self._script.pop(0) if self._script else "."
        self.grabbed += 1
        return sent == "#"

    def retrieve(self) -> tuple[bool, Any]:
        self.decoded += 1
        return True, np.zeros((48, 64, 3), np.uint8)

    def release(self) -> None:
        self.was_released = True


@pytest.fixture
def plugged_in(monkeypatch: pytest.MonkeyPatch) -> None:
    known = (CameraInfo(2, "Desk camera"),)
    monkeypatch.setattr(capture, "list_cameras", lambda: known)
    monkeypatch.setattr(capture, "_SILENCE_S", 0.1)
    monkeypatch.setattr(capture, "_FIRST_PICTURE_S", 0.2)


def plug(monkeypatch: pytest.MonkeyPatch, webcam: Webcam) -> None:
    monkeypatch.setattr(cv2, "VideoCapture", lambda *_: webcam)


@pytest.mark.usefixtures("plugged_in")
def test_a_webcam_bears_hiccups_but_not_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture, "_LEAST_GAP_S", 0.0)
    webcam = Webcam("..##..#")
    plug(monkeypatch, webcam)
    with Camera(2) as source:
        pictures = iter(source)
        times_ms = [next(pictures).t_ms for _ in range(3)]
        with pytest.raises(CameraError) as caught:
            next(pictures)
    assert times_ms == sorted(times_ms)
    assert caught.value.problem is CameraProblem.LOST
    assert webcam.was_released


@pytest.mark.usefixtures("plugged_in")
@pytest.mark.parametrize(("fps", "used_fps"), [(30, 30), (60, 60), (80, 80), (120, 60), (240, 80)])
def test_of_a_fast_webcam_no_more_is_decoded_than_can_be_used(
    monkeypatch: pytest.MonkeyPatch, fps: int, used_fps: int
) -> None:
    webcam = Webcam("#" * fps)
    plug(monkeypatch, webcam)
    clock = SimpleNamespace(monotonic=lambda: webcam.grabbed / fps, sleep=time.sleep)
    monkeypatch.setattr(capture, "time", clock)
    with Camera(2) as source:
        pictures = [source.read() for _ in range(fps)]
    assert webcam.decoded == used_fps
    assert sum(picture is not None for picture in pictures) == used_fps


@pytest.mark.usefixtures("plugged_in")
def test_a_webcam_that_never_wakes_up_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, Webcam(""))
    begun = time.monotonic()
    with pytest.raises(CameraError) as caught, Camera(2) as source:
        next(iter(source))
    assert caught.value.problem is CameraProblem.LOST
    assert time.monotonic() - begun < 2


@pytest.mark.usefixtures("plugged_in")
def test_a_webcam_is_asked_for_a_large_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    webcam = Webcam("#")
    plug(monkeypatch, webcam)
    with Camera(2) as source:
        assert source.read() is not None
    assert webcam.wishes[cv2.CAP_PROP_FRAME_HEIGHT] == 1080


@pytest.mark.usefixtures("plugged_in")
def test_another_size_may_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    webcam = Webcam("#")
    plug(monkeypatch, webcam)
    with Camera(2, wanted_px=(3840, 2160)):
        pass
    assert webcam.wishes[cv2.CAP_PROP_FRAME_WIDTH] == 3840
    assert webcam.wishes[cv2.CAP_PROP_FRAME_HEIGHT] == 2160


@pytest.mark.usefixtures("plugged_in")
def test_a_camera_in_use_is_told_apart_from_a_missing_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plug(monkeypatch, Webcam("", is_open=False))
    for index, problem in ((2, CameraProblem.BUSY), (3, CameraProblem.MISSING)):
        with pytest.raises(CameraError) as caught, Camera(index):
            pass
        assert caught.value.problem is problem


def test_cameras_are_listed_by_number_and_name(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [ListedCamera(index, name, "", 0, 0, 0) for index, name in ((4, ""), (0, "Desk"))]
    monkeypatch.setattr("cv2_enumerate_cameras.enumerate_cameras", lambda _: found)
    assert list_cameras() == (CameraInfo(0, "Desk"), CameraInfo(4, "Camera 4"))


def test_a_system_that_cannot_list_cameras_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> list[ListedCamera]:
        raise NotImplementedError

    monkeypatch.setattr("cv2_enumerate_cameras.enumerate_cameras", fail)
    assert list_cameras() == ()


def test_a_stream_that_changes_its_size_is_not_distorted() -> None:
    with MjpegServer(160, 120) as server, Camera(server.address) as source:
        shapes = [frame.rgb.shape[:2] for frame, _ in zip(source, range(3), strict=False)]
        server.width_px, server.height_px = 120, 160
        shapes += [frame.rgb.shape[:2] for frame, _ in zip(source, range(20), strict=False)]
    assert shapes[0] == (120, 160)
    assert shapes[-1] == (160, 120)
    assert set(shapes) == {(120, 160), (160, 120)}


def test_damaged_pictures_of_a_stream_are_left_out() -> None:
    with MjpegServer() as server, Camera(server.address) as source:
        assert source.read() is not None
        server.sends = Sends.DAMAGED
        while source.read() is not None:
            pass  # a few were under way
        server.sends = Sends.PICTURES
        assert source.read() is not None


# -- which camera is meant


TWO = (CameraInfo(0, "Integrated Camera"), CameraInfo(2, "Desk HD"), CameraInfo(3, "Desk HD"))


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vision.camera.capture.list_cameras", lambda: TWO)


@pytest.mark.usefixtures("connected")
@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("", 0),
        ("2", 2),
        ("/dev/video2", 2),
        ("integrated camera", 0),
        ("DESK", 2),
        ("  Int ", 0),
        ("http://192.168.1.20:8080/video", "http://192.168.1.20:8080/video"),
        ("rtsp://phone/live", "rtsp://phone/live"),
    ],
)
def test_a_camera_is_found_by_number_name_or_address(text: str, source: int | str) -> None:
    assert find_camera(text) == source


@pytest.mark.usefixtures("connected")
def test_a_film_is_found_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Desk").write_bytes(b"film")
    monkeypatch.chdir(tmp_path)
    assert find_camera("Desk") == Path("Desk")
    assert find_camera(str(tmp_path / "Desk")) == tmp_path / "Desk"


@pytest.mark.usefixtures("connected")
@pytest.mark.parametrize(
    ("text", "problem", "words"),
    [
        ("7", CameraProblem.MISSING, "number 7"),
        ("Kitchen", CameraProblem.MISSING, "no camera and no film called 'Kitchen'"),
        ("me:secret@cam", CameraProblem.MISSING, "no film called 'cam'"),
        ("gone.mp4", CameraProblem.NO_FILE, "no such film"),
        ("films/gone", CameraProblem.NO_FILE, "no such film"),
    ],
)
def test_an_unknown_camera_is_told_with_those_there_are(
    text: str, problem: CameraProblem, words: str
) -> None:
    with pytest.raises(CameraError) as caught:
        find_camera(text)
    assert caught.value.problem is problem
    assert words in str(caught.value)
    if problem is CameraProblem.MISSING:
        assert caught.value.fix == "Connected: Integrated Camera (0), Desk HD (2), Desk HD (3)."


def test_a_beginning_that_fits_several_cameras_is_not_guessed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = (CameraInfo(0, "Desk left"), CameraInfo(1, "Desk right"))
    monkeypatch.setattr("vision.camera.capture.list_cameras", lambda: known)
    assert find_camera("desk r") == 1
    with pytest.raises(CameraError, match="Several cameras"):
        find_camera("desk")


@pytest.mark.parametrize(
    ("text", "problem"),
    [("", CameraProblem.NONE), ("0", CameraProblem.NONE), ("Desk", CameraProblem.MISSING)],
)
def test_without_a_camera_that_is_said(
    text: str, problem: CameraProblem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vision.camera.capture.list_cameras", lambda: ())
    with pytest.raises(CameraError) as caught:
        find_camera(text)
    assert caught.value.problem is problem
    assert "onnect" in caught.value.fix


@pytest.mark.usefixtures("connected")
def test_a_camera_keeps_its_number_or_is_found_under_its_new_one() -> None:
    assert camera_again(3, "Desk HD") == 3
    assert camera_again(1, "Desk HD") == 2
    with pytest.raises(CameraError) as caught:
        camera_again(0, "Kitchen")
    assert caught.value.problem is CameraProblem.MISSING
