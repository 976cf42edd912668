"""Asks beside the event loop whether somebody may be disturbed; no answer holds anything up."""

from __future__ import annotations

import logging
import sys
from threading import Thread
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from app.system.calm.full_screen import fills_screen
from app.system.calm.occupied import Occupied, first_of
from app.system.calm.recording import camera_in_use, microphone_in_use

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Questions = Sequence[tuple[Occupied, Callable[[], bool | None]]]

_log = logging.getLogger(__name__)


class CalmAsker(QObject):
    """Asks in a thread of its own, one question at a time.

    Parameters
    ----------
    questions
        As :func:`~app.system.calm.occupied.first_of` takes them; the system's own unless a test
        brings others.
    """

    _answered = pyqtSignal(object, object)

    def __init__(self, questions: Questions | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._questions = questions if questions is not None else _of_system()
        self._thread: Thread | None = None
        self._answered.connect(lambda then, reason: then(reason))

    def ask(self, then: Callable[[Occupied | None], None]) -> None:
        """Have an answer given here later; none while a question before hangs.

        Parameters
        ----------
        then
            Is told why somebody is not to be disturbed; None where they may be.
        """
        if self._thread is not None and self._thread.is_alive():
            _log.info("The desktop has not answered yet.")
            return
        # It ends with the process, which waits for no desktop that hangs.
        self._thread = Thread(target=self._answer, args=(then,), daemon=True)
        self._thread.start()

    def _answer(self, then: Callable[[Occupied | None], None]) -> None:
        reason = first_of(self._questions)
        try:
            self._answered.emit(then, reason)
        except RuntimeError:  # the reminder has ended meanwhile
            _log.debug("Nobody waits for the answer any more.")


def _of_system() -> Questions:
    if not sys.platform.startswith("linux"):
        return ((Occupied.FULL_SCREEN, fills_screen),)
    return (
        (Occupied.MICROPHONE, microphone_in_use),
        (Occupied.CAMERA, camera_in_use),
        (Occupied.KEPT_ON, _is_kept_on),
        (Occupied.FULL_SCREEN, fills_screen),
    )


def _is_kept_on() -> bool | None:
    try:
        from app.system.dbus import is_kept_on
    except ImportError as error:  # a system without the library
        _log.debug("The desktop cannot be asked: %s", error)
        return None
    return is_kept_on()
