"""`beltline live --json`: a line a second, at once when something changes, and a clean end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest

from app.cli import live_stream
from app.cli.live_stream import LiveStream
from app.system.shell import Status
from tests.app.cli.runner import beltline, complaint, json_lines
from tests.hostile.hostile_camera import FAULTS
from tests.vision.mjpeg_server import MjpegServer, Sends
from tests.vision.sightings import nobody, sighting
from vision.camera import capture, stream

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from vision.camera.capture import CameraFrame
    from vision.live.events import Sighting

CLONE = Path(__file__).parents[3]
SAMPLE = CLONE / "sample_images" / "man_average_right_tilt8.jpg"
FPS = 10
#: How bright the pictures are in which somebody stands, and in which nobody does.
PERSON, NOBODY = 180, 90
#: The keys that CONTRACT names.
KEYS = {"t_ms", "state", "instruction", "tilt"}


class View:
    """Sees somebody in bright pictures and nobody in others, without any model."""

    def __init__(self, source: str) -> None:
        self.source = source

    def begin(self, frame: CameraFrame, epoch: int = 0) -> Future[Sighting]:
        answer: Future[Sighting] = Future()
        if frame.rgb.mean() < (PERSON + NOBODY) / 2:
            answer.set_result(nobody(frame.t_ms, epoch=epoch))
        else:
            tilt_deg = 12.0 if frame.t_ms < 8000 else 13.0
            answer.set_result(sighting(t_ms=frame.t_ms, epoch=epoch, tilt_deg=tilt_deg))
        return answer

    def close(self) -> None:
        """Let nothing go."""


@pytest.fixture
def view(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_stream, "LiveView", View)


def grey(level: int, number: int) -> NDArray[np.uint8]:
    noise = np.random.default_rng(number).integers(-20, 20, (48, 64, 1))
    return np.broadcast_to(np.clip(level + noise, 0, 255), (48, 64, 3)).astype(np.uint8)


def film(path: Path, *stretches: tuple[float, int], frozen_from_s: float = 1e9) -> Path:
    """Write a film in which each stretch of seconds is that bright."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), FPS, (64, 48))
    number = 0
    for seconds, level in stretches:
        for _ in range(round(seconds * FPS)):
            writer.write(grey(level, min(number, round(frozen_from_s * FPS))))
            number += 1
    writer.release()
    return path


def lines_of(source: Path, *options: str) -> list[dict[str, Any]]:
    result = beltline("live", "--json", "--camera", source, *options)
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    return json_lines(result)


def assert_steady(lines: list[dict[str, Any]]) -> None:
    """Times are whole, rise, and are never more than a second apart."""
    times_ms = [line["t_ms"] for line in lines]
    assert all(isinstance(t_ms, int) for t_ms in times_ms)
    gaps_ms = np.diff(times_ms)
    assert gaps_ms.min() > 0
    assert gaps_ms.max() <= 1000
    assert all(line.keys() >= KEYS for line in lines)


@pytest.mark.usefixtures("view")
def test_a_film_of_somebody_standing_still_gives_a_capture(tmp_path: Path) -> None:
    lines = lines_of(film(tmp_path / "film.avi", (1, NOBODY), (8, PERSON)))
    assert_steady(lines)
    states = list(dict.fromkeys(line["state"] for line in lines))
    assert states == ["searching", "ready", "capturing", "captured"]
    assert lines[0]["instruction"] == "step_into_view"
    assert lines[0]["tilt"] is None
    captured = [line for line in lines if "capture" in line]
    assert len(captured) == 1
    assert captured[0]["state"] == "captured"
    assert captured[0]["capture"]["frames"] > 20
    assert captured[0]["capture"]["median_deg"] == 12.0
    assert captured[0]["capture"]["spread_deg"] == 0.0
    assert captured[0]["check"]["status"] == "measured"
    assert captured[0]["check"]["median_deg"] == 12.0
    assert len(captured[0]["check"]["repeats"]) == 1
    tilt = captured[0]["tilt"]
    assert tilt == {
        "method": "contour",
        "angle_deg": 12.0,
        "interval_deg": [7.0, 17.0],
        "level": 0.9,
        "sd_deg": {"reading": 3.04, "roll": 0.0, "bones": 0.0},
    }


@pytest.mark.usefixtures("view")
def test_the_next_check_begins_when_the_person_has_left(tmp_path: Path) -> None:
    stretches = (14, PERSON), (1.5, NOBODY), (8, PERSON)
    lines = lines_of(film(tmp_path / "film.avi", *stretches))
    assert_steady(lines)
    assert len([line for line in lines if "capture" in line]) == 2
    assert len([line for line in lines if "check" in line]) == 2


@pytest.mark.usefixtures("view")
def test_repeats_taken_before_a_film_ends_are_told(tmp_path: Path) -> None:
    stretches = (7, PERSON), (1.5, NOBODY), (8, PERSON), (1, NOBODY)
    lines = lines_of(film(tmp_path / "film.avi", *stretches), "--repeats", "3")
    captured = [line for line in lines if "capture" in line]
    assert [(line["taken"], line["wanted"]) for line in captured] == [(1, 3), (2, 3)]
    assert captured[0]["instruction"] == "march"
    assert not any("check" in line for line in lines[:-1])
    assert len(lines[-1]["check"]["repeats"]) == 2
    assert lines[-1]["check"]["median_deg"] == 12.5
    assert lines[-1]["check"]["spread_deg"] == pytest.approx(0.71)


class MovingView(View):
    """Sees somebody who arches, tucks and relaxes, for four seconds each, again and again."""

    def begin(self, frame: CameraFrame, epoch: int = 0) -> Future[Sighting]:
        if frame.rgb.mean() < (PERSON + NOBODY) / 2:
            return super().begin(frame, epoch)
        number = int((frame.t_ms - 2500) // 4000)
        tilt_deg = 12.0 if frame.t_ms < 2500 else (22.0, 2.0, 12.0)[number % 3]
        answer: Future[Sighting] = Future()
        answer.set_result(sighting(t_ms=frame.t_ms, epoch=epoch, tilt_deg=tilt_deg))
        return answer


def test_a_range_test_ends_with_its_range(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_stream, "LiveView", MovingView)
    lines = lines_of(film(tmp_path / "film.avi", (60, PERSON)), "--test", "range")
    assert_steady(lines)
    phases = list(dict.fromkeys((line["round"], line["phase"]) for line in lines))
    rounds = [(number, phase) for number, phase in phases if phase is not None]
    assert rounds == [(n, p) for n in (1, 2, 3) for p in ("arched", "tucked", "relaxed")]
    assert [line for line in lines if "range" in line] == [lines[-1]]
    numbers = lines[-1]["range"]
    assert (numbers["range_deg"], numbers["place_percent"]) == (20.0, 50.0)
    assert (numbers["tucked_deg"], numbers["relaxed_deg"], numbers["arched_deg"]) == (2, 12, 22)
    assert lines[-1]["state"] == "captured"
    assert lines[-1]["reasons"] == []


@pytest.mark.parametrize(
    ("test", "stretches", "code"),
    [
        ("range", [(3, NOBODY)], "too_few_rounds"),
        ("range", [(12, PERSON), (8, NOBODY)], "too_few_rounds"),
        ("range", [(70, PERSON)], "no_movement"),
        ("squeeze", [(10, PERSON)], "too_few_rounds"),
    ],
)
@pytest.mark.usefixtures("view")
def test_a_test_that_comes_to_nothing_ends_with_the_reason(
    tmp_path: Path, test: str, stretches: list[tuple[float, int]], code: str
) -> None:
    lines = lines_of(film(tmp_path / "film.avi", *stretches), "--test", test)
    assert lines[-1][test] is None
    assert [reason["code"] for reason in lines[-1]["reasons"]] == [code]


@pytest.mark.usefixtures("view")
def test_a_squeeze_test_ends_with_its_turn(tmp_path: Path) -> None:
    lines = lines_of(film(tmp_path / "film.avi", (36, PERSON)), "--test", "squeeze")
    assert len(lines[-1]["squeeze"]["rounds"]) == 3
    assert not any("squeeze" in line for line in lines[:-1])


@pytest.mark.usefixtures("view")
def test_a_frozen_film_is_told_and_nothing_is_captured(tmp_path: Path) -> None:
    lines = lines_of(film(tmp_path / "film.avi", (12, PERSON), frozen_from_s=2))
    assert_steady(lines)
    assert not any("capture" in line for line in lines)
    assert lines[-1]["state"] == "lost"
    assert lines[-1]["instruction"] == "picture_frozen"
    assert lines[-1]["problem"]["code"] == "frozen"
    assert lines[-1]["tilt"] is None
    first = next(line for line in lines if line["instruction"] == "picture_frozen")
    assert first["t_ms"] == pytest.approx(5000, abs=300)


@pytest.mark.usefixtures("view")
def test_a_black_film_is_told_and_ends_well(tmp_path: Path) -> None:
    path = tmp_path / "film.avi"
    lines = lines_of(film(path, (1, NOBODY), (3, -30), (1, NOBODY)))
    assert_steady(lines)
    black = [line for line in lines if line["instruction"] == "picture_black"]
    assert {line["state"] for line in black} == {"lost"}
    assert len(black) >= 2
    assert lines[-1]["state"] == "searching"
    assert "problem" not in lines[-1]


@pytest.mark.parametrize(
    ("camera_text", "words"),
    [
        ("Kitchen", "There is no camera and no film called 'Kitchen'."),
        ("gone.mp4", "There is no such film."),
        ("5", "No camera was found."),
        ("", "No camera was found."),
        (str(Path(__file__)), "The film cannot be played."),
    ],
)
@pytest.mark.usefixtures("view")
def test_what_cannot_be_opened_is_one_sentence(
    camera_text: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vision.camera.capture.list_cameras", lambda: ())
    result = beltline("live", "--json", "--camera", camera_text)
    assert result.exit_code == Status.FAILED
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"beltline: {words}")


def test_repeats_are_for_json_and_at_most_five() -> None:
    assert "--json" in complaint(beltline("live", "--repeats", "2"))
    assert beltline("live", "--json", "--repeats", "6").exit_code == 2


def test_tests_are_for_json_and_have_rounds_of_their_own() -> None:
    assert "--json" in complaint(beltline("live", "--test", "range"))
    both = beltline("live", "--json", "--test", "range", "--repeats", "2")
    assert "three rounds" in complaint(both)
    assert beltline("live", "--json", "--test", "jump").exit_code == 2


def test_without_json_the_window_opens_with_that_camera(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def run(photos: Sequence[str] = (), live_source: str | None = None) -> int:
        asked.append((photos, live_source))
        return 0

    monkeypatch.setattr("app.gui.app.run", run)
    assert beltline("live", "--camera", "Desk").exit_code == 0
    assert beltline("live").exit_code == 0
    assert asked == [((), "Desk"), ((), "")]


# -- cameras in the network


class Enough(Exception):
    """The test has seen what it waited for."""


def follow(address: str, until: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
    """Return the lines up to the first with which the test is content."""
    lines: list[dict[str, Any]] = []

    def write(line: bytes) -> None:
        lines.append(json.loads(line))
        if len(lines) > 200 or until(lines):
            raise Enough

    with pytest.raises(Enough):
        LiveStream(address, 1, write).run()
    assert len(lines) <= 200
    return lines


@pytest.mark.usefixtures("view")
def test_a_stream_that_stops_is_told_every_second_and_comes_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(capture, "_READ_MS", 200)
    monkeypatch.setattr(capture, "_SILENCE_S", 0.2)
    monkeypatch.setattr(stream, "_RETRY_S", 0.3)

    def script(lines: list[dict[str, Any]]) -> bool:
        states = [line["state"] for line in lines]
        if server.sends is Sends.PICTURES and "searching" in states and "lost" not in states[1:]:
            server.kill()
        elif states.count("lost") == 4 and states[-1] == "lost":
            server.start()
        return states[-1] == "searching" and states.count("lost") >= 4

    with MjpegServer() as server:
        lines = follow(server.address, script)
    times_ms = [line["t_ms"] for line in lines]
    assert times_ms == sorted(set(times_ms))
    assert max(np.diff(times_ms)) <= 1100
    lost = [line for line in lines if line["state"] == "lost"]
    assert {line["instruction"] for line in lost} == {"no_picture"}
    assert "unreachable" in {line.get("problem", {}).get("code") for line in lost}


@pytest.mark.usefixtures("view")
def test_an_address_that_never_answers_is_told_from_the_start() -> None:
    lines = follow("http://127.0.0.1:9/video", lambda lines: len(lines) == 2)
    assert [line["state"] for line in lines] == ["lost", "lost"]
    assert lines[0]["instruction"] == "no_picture"


def test_a_camera_that_wants_a_password_says_so_and_nobody_reads_one(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    named: list[str] = []

    class NamedView(View):
        def __init__(self, source: str) -> None:
            super().__init__(source)
            named.append(source)

    monkeypatch.setattr(live_stream, "LiveView", NamedView)
    with MjpegServer() as server, caplog.at_level("DEBUG"):
        refusal = next(fault for fault in FAULTS if fault.name == "wants_a_password")
        server.instead = refusal.on(server)
        address = server.address.replace("://", "://me:secret@")
        lines = follow(address, lambda lines: "problem" in lines[-1])
    assert lines[-1]["problem"]["code"] == "refused"
    assert named == [server.address]
    assert "secret" not in json.dumps(lines) + caplog.text


# -- as a program of its own

#: The command line with a view that needs no model. It hears Ctrl-C, though these tests may
#: run where a shell has told its children to take no notice.
FAKED = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
import app.cli.live_stream
from app.__main__ import main
from tests.app.cli.test_live import View
app.cli.live_stream.LiveView = View
main()
"""


def program(*arguments: str, code: str = FAKED) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=CLONE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent another way there")
def test_ctrl_c_ends_a_stream_quietly() -> None:
    with MjpegServer() as server, program("live", "--json", "--camera", server.address) as live:
        assert live.stdout is not None
        assert json.loads(live.stdout.readline())["t_ms"] >= 0
        assert json.loads(live.stdout.readline())["t_ms"] > 0
        live.send_signal(signal.SIGINT)
        rest, complaints = live.communicate(timeout=5)
    assert live.returncode == 130
    assert b"Traceback" not in complaints
    assert all(json.loads(line) for line in rest.splitlines())


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent another way there")
def test_ctrl_c_does_not_wait_for_an_address_that_keeps_silent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        address = f"http://127.0.0.1:{deaf.getsockname()[1]}/video"
        with program("live", "--json", "--camera", address) as live:
            assert live.stdout is not None
            live.stdout.readline()
            begun_s = time.monotonic()
            live.send_signal(signal.SIGINT)
            _, complaints = live.communicate(timeout=10)
    assert time.monotonic() - begun_s < 2
    assert live.returncode == 130
    assert complaints == b""


def test_a_closed_pipe_ends_a_stream_quietly() -> None:
    with MjpegServer() as server, program("live", "--json", "--camera", server.address) as live:
        assert live.stdout is not None
        assert live.stderr is not None
        live.stdout.readline()
        live.stdout.close()
        assert live.wait(timeout=10) == 141
        assert live.stderr.read() == b""


#: The whole program; what it loaded goes to standard error.
LOADED = """
import sys
from app.cli import app
try:
    app(prog_name="beltline")
finally:
    print(*sorted(sys.modules), file=sys.stderr)
"""


def test_a_real_film_is_measured_without_qt(tmp_path: Path) -> None:
    bgr = cv2.imread(str(SAMPLE))
    assert bgr is not None
    small = cv2.resize(bgr, (400, 720), interpolation=cv2.INTER_AREA)
    path = tmp_path / "film.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), FPS, (400, 720))
    noise = np.random.default_rng(0)
    for _ in range(12):
        writer.write(np.clip(small + noise.normal(0, 3, small.shape), 0, 255).astype(np.uint8))
    writer.release()
    with program("live", "--json", "--camera", str(path), code=LOADED) as live:
        out, complaints = live.communicate(timeout=60)
    assert live.returncode == 0, complaints
    lines = [json.loads(line) for line in out.splitlines()]
    assert lines[-1]["tilt"]["angle_deg"] == pytest.approx(8, abs=6)
    (loaded,) = complaints.decode().splitlines()
    # MediaPipe itself leaves no module behind.
    assert "vision.pose.hollow" in loaded.split()
    assert "PyQt6" not in loaded.split()


def test_help_is_quick_and_plain() -> None:
    with program("live", "--help", code=LOADED) as live:
        out, loaded = live.communicate(timeout=60)
    assert b"Be measured in front of a camera" in out
    assert not {b"cv2", b"numpy", b"mediapipe", b"PyQt6"} & set(loaded.split())
