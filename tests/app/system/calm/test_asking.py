"""The desktop is asked beside the event loop, which goes on whatever it does."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from app.system.calm.asking import CalmAsker
from app.system.calm.occupied import Occupied

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_the_answer_comes_later_and_to_the_thread_that_asked(qtbot: QtBot) -> None:
    heard: list[tuple[Occupied | None, int]] = []
    answers = [False, True]
    for reason in (Occupied.CAMERA, None):
        asker = CalmAsker(((Occupied.CAMERA, answers.pop),))
        asker.ask(lambda said: heard.append((said, threading.get_ident())))
        qtbot.waitUntil(lambda: bool(heard))
        assert heard.pop() == (reason, threading.get_ident())


def test_a_desktop_that_hangs_holds_nothing_up(qtbot: QtBot) -> None:
    goes_on = threading.Event()
    asked: list[int] = []

    def hang() -> bool:
        asked.append(1)
        return goes_on.wait(20)

    heard: list[Occupied | None] = []
    asker = CalmAsker(((Occupied.KEPT_ON, hang),))
    began_s = time.monotonic()
    asker.ask(heard.append)
    asker.ask(heard.append)
    assert time.monotonic() - began_s < 1
    qtbot.waitUntil(lambda: asked == [1])
    assert heard == []
    goes_on.set()
    qtbot.waitUntil(lambda: heard == [Occupied.KEPT_ON])


def test_who_has_ended_hears_nothing(qtbot: QtBot) -> None:
    goes_on = threading.Event()
    heard: list[Occupied | None] = []
    asker = CalmAsker(((Occupied.KEPT_ON, lambda: goes_on.wait(20)),))
    asker.ask(heard.append)
    thread = asker._thread
    assert thread is not None
    asker.deleteLater()
    qtbot.wait(20)
    goes_on.set()
    thread.join(5)
    qtbot.wait(20)
    assert heard == []


def test_this_system_can_be_asked(qtbot: QtBot) -> None:
    """Whatever runs on it; without any sign the answer is None."""
    heard: list[Occupied | None] = []
    asker = CalmAsker()
    asker.ask(heard.append)
    qtbot.waitUntil(lambda: bool(heard), timeout=20_000)
    assert heard[0] is None or heard[0] in Occupied
