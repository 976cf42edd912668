"""Measuring a picture reaches for no network, however it is watched.

MediaPipe 1.2 counts how it is used and reports that to its makers, at the latest when a
landmarker is closed. Its sender obeys ``https_proxy``, so a listener on this computer
notices every attempt, without any privilege; and where a process may be cut off from all
networks, it must work there all the same.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vision import measure_photo
from vision.result import ReasonCode

ROOT = Path(__file__).parents[2]
MEASURE = """
import sys
from vision import measure_photo
result = measure_photo(sys.argv[1])
print(type(result).__name__, *(reason.code for reason in result.reasons))
"""
#: Closing makes MediaPipe report at once what it would otherwise report after a minute.
CLOSE = """
import time
from vision.pose.mediapipe import shared_estimator
shared_estimator()._landmarkers[0].close()
time.sleep(0.3)
"""
LIVE = """
import sys, time
import numpy as np
from vision.camera.capture import CameraFrame
from vision.image.frame import load_frame
from vision.live.view import LiveView
view = LiveView()
rgb = load_frame(sys.argv[1]).rgb
for n in range(3):
    print(type(view.look(CameraFrame(rgb, 40.0 * n)).result).__name__)
view.close()
time.sleep(0.3)
"""
STILL_OPEN = """
import socket
with socket.create_connection(("127.0.0.1", int(sys.argv[2])), timeout=5):
    pass
"""
#: Not even to a service of this computer, which would look a name up.
KEPT_OFFLINE = """
import socket
from vision.pose.mediapipe import run_offline
def kind(family):
    try:
        with socket.socket(family) as opened:
            return type(opened).__name__
    except OSError as error:
        return type(error).__name__
for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):
    print(run_offline(lambda: kind(family)))
print(kind(socket.AF_UNIX))
"""


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("offline") / "wall.png"
    Image.new("RGB", (320, 480), "lightgrey").save(path)
    return path


class Listener:
    """Counts the connections made to a port of this computer."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self._thread = threading.Thread(target=self._listen)

    def __enter__(self) -> Listener:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with socket.create_connection(("127.0.0.1", self.port)) as last:
            last.sendall(b"stop")
        self._thread.join(timeout=10)
        self._server.close()

    def _listen(self) -> None:
        while True:
            connection, _ = self._server.accept()
            with connection:
                connection.settimeout(5)
                first = connection.recv(200)
            if first == b"stop":
                return
            self.heard.append(first)


def run(code: str, *arguments: object, prefix: tuple[str, ...] = (), **variables: str) -> str:
    done = subprocess.run(
        [*prefix, sys.executable, "-c", code, *map(str, arguments)], cwd=ROOT,
        env={**os.environ, **variables}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("code", [MEASURE + CLOSE, LIVE])
def test_nothing_is_sent_even_when_the_model_is_closed(code: str) -> None:
    photo = ROOT / "sample_images" / "man_average_right_tilt8.jpg"
    with Listener() as listener:
        proxy = f"http://127.0.0.1:{listener.port}"
        run(code, photo, https_proxy=proxy, HTTPS_PROXY=proxy, all_proxy=proxy,
            no_proxy="", NO_PROXY="")  # fmt: skip
    assert listener.heard == []


def test_the_rest_of_the_program_keeps_its_network(photo: Path) -> None:
    with Listener() as listener:
        run(MEASURE + STILL_OPEN, photo, listener.port)
    assert len(listener.heard) == 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux limits single threads")
def test_what_is_kept_offline_opens_no_socket_at_all() -> None:
    said = run(KEPT_OFFLINE)
    assert said.split() == ["PermissionError"] * 3 + ["socket"]


def test_measuring_works_without_any_network(photo: Path) -> None:
    prefix = no_network_prefix()
    if prefix is None:
        pytest.skip("this system does not let a process be cut off from the network")
    assert run(MEASURE, photo, prefix=prefix) == run(MEASURE, photo)


def no_network_prefix() -> tuple[str, ...] | None:
    """Return the command that runs another one without any network, or None."""
    for options in (("-n",), ("-rn",)):
        prefix = (shutil.which("unshare") or "unshare", *options)
        try:
            subprocess.run([*prefix, "true"], capture_output=True, check=True, timeout=10)
        except (OSError, subprocess.SubprocessError):
            continue
        return prefix
    return None


def test_python_connects_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise AssertionError(f"reached for the network: {arguments}")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    result = measure_photo(np.full((320, 240, 3), 200, np.uint8))
    assert [reason.code for reason in result.reasons] == [ReasonCode.NO_PERSON]
