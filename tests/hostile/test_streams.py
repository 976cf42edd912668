"""Hostile cameras: bounded memory, no traceback, and back as soon as good pictures come."""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.hostile.hostile_camera import FAULTS, Fault
from tests.hostile.live_program import footprint_of, live_program, wait_until
from tests.vision.mjpeg_server import MjpegServer
from vision.camera import capture, stream
from vision.camera.capture import Camera, CameraError, CameraProblem
from vision.camera.stream import NewestFrame

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Above what the test process has; a real program is measured in the long form.
MOST_GROWTH_MB = 300
MOST_MB = 600
BACK_WITHIN_S = 3.0
ON_LINUX = pytest.mark.skipif(
    not Path("/proc").exists(), reason="looks there for memory and open files"
)


def set_on(camera: MjpegServer, fault: Fault | None) -> None:
    """Have the camera misbehave like this from now on; None: no more."""
    camera.instead = fault.on(camera) if fault is not None else None


def forget_peak_mb() -> float:
    """Return the memory of this process; its peak is counted from here on."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        pytest.skip("this system does not tell how much memory a process has had")
    return footprint_of().peak_mb


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture, "_OPEN_MS", 500)
    monkeypatch.setattr(capture, "_READ_MS", 200)
    monkeypatch.setattr(capture, "_SILENCE_S", 0.2)
    monkeypatch.setattr(capture, "_FIRST_PICTURE_S", 0.3)
    monkeypatch.setattr(stream, "_RETRY_S", 0.05)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_hostile_stream_does_no_harm(fault: Fault, caplog: pytest.LogCaptureFixture) -> None:
    fault.make_ready()
    before_mb = forget_peak_mb()
    with MjpegServer() as camera:
        feed = NewestFrame(camera.address)
        set_on(camera, fault)
        feed.start()
        until_s = time.monotonic() + 0.4
        while time.monotonic() < until_s:
            feed.take(0.05)
        set_on(camera, None)
        camera.width_px, camera.height_px = 64, 48
        took_s = seconds_to_a_good_picture(feed)
        assert feed.close(3.0)
    assert took_s < BACK_WITHIN_S, f"it took {took_s:.1f} s to come back"
    assert footprint_of().peak_mb - before_mb < MOST_GROWTH_MB
    assert caplog.records == []


def seconds_to_a_good_picture(feed: NewestFrame) -> float:
    begun_s = time.monotonic()
    while time.monotonic() < begun_s + 10:
        event = feed.take(0.1)
        if event is not None and event.frame is not None and event.frame.rgb.shape[:2] == (48, 64):
            return time.monotonic() - begun_s
    raise AssertionError("it never came back")


@ON_LINUX
@pytest.mark.rounds(short=1, long=len(FAULTS))
def test_the_program_itself_stays_small(seeds: range) -> None:
    """In the short form one of the faults, with the real program: a minute for ten of them."""
    seconds = 2.0 if len(seeds) == 1 else 6.0
    found = []
    for seed in seeds:
        found.append(hostile_run(FAULTS[seed % len(FAULTS)], seconds))
        print(found[-1], flush=True)
    report = "\n".join(found)
    assert "FAILED" not in report, report


def hostile_run(fault: Fault, seconds: float) -> str:
    """Send a fault to the real program for so long, then good pictures; say what happened."""
    with MjpegServer(fps=20) as camera, live_program(camera.address) as live:
        assert wait_until(live.sees, 60), live.complaints
        before = live.footprint()
        camera.hang_up()
        set_on(camera, fault)
        time.sleep(seconds)
        set_on(camera, None)
        begun_s, seen = time.monotonic(), len(live.lines)
        came = wait_until(lambda: live.sees(seen), 12)
        took_s = time.monotonic() - begun_s
        after = live.footprint()
        is_alive = live.is_alive
    is_small = after.peak_mb < MOST_MB
    is_fine = came and took_s < BACK_WITHIN_S and is_small and is_alive and not live.complaints
    word = "fine" if is_fine else "FAILED"
    return (
        f"{fault.name}: {word}, {before.peak_mb:.0f} -> {after.peak_mb:.0f} MB, back after "
        f"{took_s:.1f} s{'' if is_alive else ', ended'} {live.complaints[-300:]}"
    )


@pytest.fixture
def elsewhere() -> Iterator[MjpegServer]:
    """Another host, as far as names go, that nobody named: nobody may come there."""
    with MjpegServer() as other:
        yield other
    assert other.connections == 0


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("status", [b"301 Moved", b"302 Found", b"303 See", b"307 T", b"308 P"])
@pytest.mark.parametrize("way", ["http://{}/video", "//{}/video", "http://me:secret@{}/video"])
def test_a_redirect_to_another_host_is_not_followed(
    elsewhere: MjpegServer, status: bytes, way: str
) -> None:
    place = elsewhere.address.split("/")[2].replace("127.0.0.1", "localhost")
    said = _told_by(b"HTTP/1.1 " + status + b"\r\nLocation: " + way.format(place).encode() + END)
    assert said is CameraProblem.NO_STREAM


#: The ways in which a playlist or a description names another place.
PLAYLISTS = {
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{}\n",
    "dash": '<?xml version="1.0"?><MPD><Period><BaseURL>{}</BaseURL></Period></MPD>',
    "concat": "ffconcat version 1.0\nfile '{}'\n",
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 26\na=control:{}\n",
}


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("kind", ["application/vnd.apple.mpegurl", "application/octet-stream"])
@pytest.mark.parametrize("name", PLAYLISTS)
def test_no_playlist_of_a_camera_is_followed(elsewhere: MjpegServer, name: str, kind: str) -> None:
    body = PLAYLISTS[name].format(elsewhere.address)
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    assert _told_by((head + body).encode()) in {CameraProblem.NO_STREAM, CameraProblem.LOST}


@pytest.mark.parametrize("name", PLAYLISTS)
@pytest.mark.parametrize("ending", ["m3u8", "mp4", "mpd", "txt", "sdp"])
def test_no_playlist_in_the_place_of_a_film_is_followed(
    elsewhere: MjpegServer, name: str, ending: str, tmp_path: Path
) -> None:
    film = tmp_path / f"film.{ending}"
    film.write_text(PLAYLISTS[name].format(elsewhere.address))
    with pytest.raises(CameraError) as caught:
        read_once(str(film))
    assert caught.value.problem is CameraProblem.UNPLAYABLE


@pytest.mark.usefixtures("impatient")
def test_neither_stream_nor_password_goes_through_a_proxy(
    elsewhere: MjpegServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = elsewhere.address.removesuffix("/video")
    for name in ("http_proxy", "https_proxy", "all_proxy", "rtsp_proxy"):
        monkeypatch.setenv(name, proxy)
        monkeypatch.setenv(name.upper(), proxy)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with MjpegServer() as camera:
        address = camera.address.replace("http://", "http://me:secret@")
        read_once(address)
        assert camera.connections == 1
        for scheme in ("https", "rtsp", "rtsps", "rtmp"):
            with pytest.raises(CameraError):
                read_once(address.replace("http:", f"{scheme}:"))


END = b"\r\nContent-Length: 0\r\n\r\n"


def _told_by(answer: bytes) -> CameraProblem:
    """Return what is said of a camera that answers like this."""
    with MjpegServer() as camera:
        camera.instead = Fault("answer", lambda wire: wire.send(answer)).on(camera)
        with pytest.raises(CameraError) as caught:
            read_once(camera.address)
    return caught.value.problem


#: Two dozen that make no sense, and as many that name what is not there or not to be spoken to.
ODD_ADDRESSES = [
    "http://", "http:///", "http://:80", "http://@", "http://:@/", "http://127.0.0.1:0/",
    "http://127.0.0.1:99999/", "http://127.0.0.1:-1/", "http://127.0.0.1:x/", "http://[::1",
    "http://[zz]/", "http://[::1]:1/", "http://127.0.0.1:1/ a b", "http://127.0.0.1:1/\r\nX: y",
    "http://127.0.0.1:1/\0", "http://127.0.0.1:1/ä?ö=ü", "http://ä.invalid/", "http://a..b/",
    "http://%00/", "http://" + "a" * 300 + "/", "http://127.0.0.1:1/" + "a" * 100_000,
    "http://user:pa:ss@127.0.0.1:1/", "http://us%40er:p%2Fw@127.0.0.1:1/", "http://\udcff/",
    "HTTP://127.0.0.1:1/", "https://127.0.0.1:1/", "https://", "://", "x://", "://x",
    "file:///etc/passwd", "file://localhost/etc/passwd", "concat://a|b", "data://text/plain,hello",
    "ftp://127.0.0.1:1/a", "gopher://127.0.0.1:1/", "smb://127.0.0.1/a", "crypto://a", "cache://a",
    "subfile://,,start,0,end,0,,:/etc/passwd", "hls+http://127.0.0.1:1/a.m3u8", "unix:///tmp/x",
    "pipe://0", "fd://0", "async://http://127.0.0.1:1/", "rtsp://", "rtsp://127.0.0.1:1/live",
    "rtsp://127.0.0.1:99999/", "rtsps://127.0.0.1:1/", "rtmp://127.0.0.1:1/live",
    "tcp://127.0.0.1:1", "tcp://127.0.0.1:1?listen", "srt://", "udp://",
]  # fmt: skip


def read_once(address: str) -> None:
    with Camera(address) as camera:
        for _ in camera:
            return


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("number", range(len(ODD_ADDRESSES)))
def test_an_odd_address_is_told_in_a_sentence(number: int) -> None:
    begun_s = time.monotonic()
    with pytest.raises(CameraError) as caught:
        read_once(ODD_ADDRESSES[number])
    assert caught.value.problem in {CameraProblem.UNREACHABLE, CameraProblem.NO_STREAM}
    assert time.monotonic() - begun_s < 5


@ON_LINUX
@pytest.mark.usefixtures("impatient")
def test_a_hundred_connections_leave_nothing_open() -> None:
    def count_open() -> tuple[int, int]:
        return len(os.listdir("/proc/self/fd")), threading.active_count()  # noqa: PTH208

    with MjpegServer() as camera:
        for fault in FAULTS[:1] * 2:  # what is loaded with the first is no leak
            set_on(camera, fault)
            with suppress(CameraError), Camera(camera.address) as source:
                source.read()
    before = count_open()
    with MjpegServer() as camera:
        for number in range(100):
            name = ("to_itself", "a_page", "hangs_up_at_once", "wants_a_password")[number % 4]
            set_on(camera, next(fault for fault in FAULTS if fault.name == name))
            with suppress(CameraError), Camera(camera.address) as source:
                source.read()
    wait_until(lambda: count_open() <= before, 3)
    assert count_open() <= before
