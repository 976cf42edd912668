"""How long keys and mouse have rested under Wayland, on made-up desktops and on real ones."""

from __future__ import annotations

import struct
import sys
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from app.system import idle, wayland
from app.system.wayland import REST_S, RestWatch
from tests.app.system.wayland_desktops import (
    NEW,
    OLD,
    SEAT,
    MadeUpDesktop,
    Pointer,
    message,
    offer,
    real_desktop,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="for Linux")


class Clock:
    """Time passes as it is told."""

    def __init__(self) -> None:
        self.now_s = 5000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(wayland, "elapsed_s", made)
    return made


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a desktop is to listen."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-9")
    return tmp_path / "wayland-9"


@pytest.fixture
def desktop(place: Path) -> Iterator[MadeUpDesktop]:
    made = MadeUpDesktop(place)
    yield made
    made.end()


@pytest.fixture
def watch() -> Iterator[RestWatch]:
    made = RestWatch()
    yield made
    made.close()


def soon(is_so: Callable[[], bool]) -> bool:
    """Tell whether something comes true while another thread or program works at it."""
    until_s = time.monotonic() + 10
    while time.monotonic() < until_s:
        if is_so():
            return True
        time.sleep(0.02)
    return False


def test_it_counts_from_when_keys_began_to_rest(
    desktop: MadeUpDesktop, watch: RestWatch, clock: Clock
) -> None:
    assert watch.idle_s() == 0.0
    desktop.rest()
    assert soon(lambda: watch.idle_s() == REST_S)
    clock.now_s += 200
    assert watch.idle_s() == REST_S + 200
    desktop.resume()
    assert soon(lambda: watch.idle_s() == 0.0)
    desktop.resume()
    desktop.rest()
    assert soon(lambda: watch.idle_s() == REST_S)
    assert desktop.connections == 1


@pytest.mark.parametrize(
    ("offers", "wanted"),
    [
        ({SEAT: 8, NEW: 1}, (NEW, 1, (6, 10_000, 4))),
        # Films keep a desktop from resting, not a person.
        ({NEW: 2, SEAT: 8}, (NEW, 2, (6, 10_000, 4))),
        ({NEW: 7, SEAT: 8}, (NEW, 2, (6, 10_000, 4))),
        ({OLD: 1, SEAT: 5}, (OLD, 0, (6, 4, 10_000))),
        ({OLD: 1, SEAT: 5, NEW: 1}, (NEW, 1, (6, 10_000, 4))),
    ],
)
def test_the_newest_way_that_a_desktop_knows_is_taken(
    desktop: MadeUpDesktop,
    watch: RestWatch,
    offers: dict[str, int],
    wanted: tuple[str, int, tuple[int, ...]],
) -> None:
    desktop.offers = {"wl_shm": 1, **offers, "wl_output": 4}
    assert watch.idle_s() == 0.0
    assert soon(lambda: desktop.asked == [wanted])


@pytest.mark.parametrize("offers", [{}, {SEAT: 8}, {NEW: 1}])
def test_a_desktop_that_knows_nothing_of_it_is_asked_once(
    desktop: MadeUpDesktop, watch: RestWatch, clock: Clock, offers: dict[str, int]
) -> None:
    desktop.offers = offers
    for _ in range(3):
        assert watch.idle_s() is None
        clock.now_s += 1000
    assert desktop.connections == 1


def test_a_desktop_that_hangs_holds_nothing_up(
    desktop: MadeUpDesktop, watch: RestWatch, clock: Clock
) -> None:
    desktop.is_mute = True
    begun_s = time.monotonic()
    for _ in range(20):
        assert watch.idle_s() is None
    assert time.monotonic() - begun_s < 1
    clock.now_s += 61
    desktop.is_mute = False
    # One question is answered at a time, the one that hangs first.
    assert soon(lambda: desktop.connections == 1)
    assert watch.idle_s() in {0.0, None}


def test_a_desktop_that_chatters_for_ever_holds_nothing_up(
    desktop: MadeUpDesktop, watch: RestWatch
) -> None:
    desktop.is_mute = True
    done = threading.Event()

    def chatter() -> None:
        while not done.wait(0.01):
            with suppress(IndexError, OSError):
                desktop.tell(offer(99, "wl_output", 4))

    talks = threading.Thread(target=chatter)
    talks.start()
    begun_s = time.monotonic()
    assert watch.idle_s() is None
    took_s = time.monotonic() - begun_s
    done.set()
    talks.join(10)
    assert took_s < 1


def test_a_desktop_that_starts_again_is_found_again(
    place: Path, watch: RestWatch, clock: Clock
) -> None:
    first = MadeUpDesktop(place)
    assert watch.idle_s() == 0.0
    first.rest()
    assert soon(lambda: watch.idle_s() == REST_S)
    first.end()
    assert watch.idle_s() is None
    second = MadeUpDesktop(place)
    clock.now_s += 61
    assert watch.idle_s() == 0.0
    second.end()


@pytest.mark.parametrize(
    "nonsense",
    [
        pytest.param(struct.pack("=IHH", 6, 0, 3), id="too_short"),
        pytest.param(b"\0" * 64, id="zeros"),
        pytest.param(message(1, 0, b"\1" * 20), id="error"),
    ],
)
def test_nonsense_is_no_answer(desktop: MadeUpDesktop, watch: RestWatch, nonsense: bytes) -> None:
    assert watch.idle_s() == 0.0
    desktop.tell(nonsense)
    assert soon(lambda: watch.idle_s() is None)


@pytest.mark.parametrize(
    "body", [b"", b"\1\0\0\0", struct.pack("=II", 1, 0xFFFFFFF0), struct.pack("=II", 1, 40) + b"x"]
)
def test_an_offer_that_makes_no_sense_is_none(
    desktop: MadeUpDesktop,
    watch: RestWatch,
    body: bytes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tests.app.system.wayland_desktops.offer", lambda *_: message(2, 0, body))
    assert watch.idle_s() is None


def test_what_comes_in_pieces_is_put_together(
    desktop: MadeUpDesktop, watch: RestWatch, clock: Clock
) -> None:
    assert watch.idle_s() == 0.0
    told = offer(99, "wl_output", 4) + message(6, 0)
    for number in range(len(told)):
        assert watch.idle_s() == 0.0
        desktop.tell(told[number : number + 1])
    assert soon(lambda: watch.idle_s() == REST_S)


def test_without_a_desktop_nobody_knows(
    place: Path, watch: RestWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert watch.idle_s() is None
    monkeypatch.setenv("WAYLAND_DISPLAY", "")
    assert watch.idle_s() is None
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-9")
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    assert watch.idle_s() is None


def test_a_desktop_may_be_named_by_its_whole_path(
    desktop: MadeUpDesktop, watch: RestWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", str(desktop.path))
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/nowhere")
    assert watch.idle_s() == 0.0


@pytest.mark.parametrize("program", ["sway", "kwin_wayland"])
def test_a_real_desktop_tells(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sway 1.7 knows the old way only, KDE the new one."""
    monkeypatch.setattr(wayland, "REST_S", 0.4)
    watch = RestWatch()
    monkeypatch.setattr(wayland, "_watch", watch)
    with real_desktop(program) as path:
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(path.parent))
        monkeypatch.setenv("WAYLAND_DISPLAY", path.name)
        idle._asker.cache_clear()
        pointer = Pointer(path)
        try:
            assert idle.idle_seconds() == 0.0
            assert soon(lambda: (idle.idle_seconds() or 0.0) > 0.6)
            pointer.move()
            assert soon(lambda: idle.idle_seconds() == 0.0)
            assert soon(lambda: (idle.idle_seconds() or 0.0) >= 0.4)
        finally:
            pointer.close()
    # It has ended, and the reminder has not.
    assert soon(lambda: idle.idle_seconds() is None)
    watch.close()
    idle._asker.cache_clear()
