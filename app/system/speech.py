"""The system's voice, if it has one; nothing here waits for it."""

from __future__ import annotations

import sys
from enum import IntEnum
from time import monotonic
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QProcess, QTimer, pyqtSignal

from app.system import speech_process
from app.system.speech_process import NONE, QUIET, READY, SAY, STOP
from vision.messages import spoken

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: The same sentence is not said again sooner.
REPEAT_S = 6.0
#: What had to wait for longer than this is out of date.
_STALE_S = 4.0
#: Slow voices speak eight letters a second. One that never says that it has spoken (no sound
#: device) does not keep everything after it silent.
_LETTERS_PER_S, _PAUSE_S = 8.0, 1.5
_STOP_MS = 150
#: By its file, and without looking for modules in the folder it is started from; a bundle, which
#: stands in for Python, has no files of modules.
_PROGRAM = (
    (sys.executable, "-m", speech_process.__name__)
    if getattr(sys, "frozen", False)
    else (sys.executable, "-P", speech_process.__file__)
)


class Urgency(IntEnum):
    """Only what is more urgent interrupts what is being said."""

    ADVICE = 1
    TIMED = 2
    RESULT = 3


class Voice(QObject):
    """Says one sentence at a time, and at most one more waits.

    Parameters
    ----------
    is_muted
        Whether nothing is to be heard.
    program
        Speaks what it reads; see :mod:`app.system.speech_process`. It is given the code of the
        language that is spoken.
    clock
        Seconds, never falling.
    """

    #: Whether the system has a voice; told once, some time after the start.
    found = pyqtSignal(bool)

    def __init__(
        self,
        is_muted: bool = False,
        program: Sequence[str] = _PROGRAM,
        clock: Callable[[], float] = monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._is_muted, self._program, self._clock = is_muted, tuple(program), clock
        self._process: QProcess | None = None
        self._has_voice = False
        self._said_s: dict[str, float] = {}
        self._saying: Urgency | None = None
        self._next: tuple[str, Urgency, float] | None = None
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.timeout.connect(self._fall_quiet)

    @property
    def can_speak(self) -> bool:
        """Tell whether anything would be heard."""
        return self._has_voice and not self._is_muted

    @property
    def is_muted(self) -> bool:
        """Tell whether nothing is to be heard."""
        return self._is_muted

    def set_muted(self, is_muted: bool) -> None:
        """Fall silent at once, or speak from now on."""
        self._is_muted = is_muted
        if is_muted:
            self.hush()
        else:
            self.start()

    def start(self) -> None:
        """Look for a voice, unless that was done or nothing is to be heard."""
        if self._is_muted or self._process is not None:
            return
        process = self._process = QProcess(self)
        process.setProgram(self._program[0])
        process.setArguments([*self._program[1:], spoken()])
        process.setStandardErrorFile(QProcess.nullDevice())
        process.readyReadStandardOutput.connect(self._hear)
        process.finished.connect(self._lose)
        process.errorOccurred.connect(self._lose)
        process.start()

    def say(self, text: str, urgency: Urgency) -> bool:
        """Say it now, or after what is being said; tell whether it will be heard.

        What was said within the last six seconds is not said again, and counts as heard.
        """
        if not self.can_speak:
            return False
        now_s = self._clock()
        if now_s - self._said_s.get(text, -REPEAT_S) < REPEAT_S:
            return True
        if self._saying is not None and urgency <= self._saying:
            if self._next is None or urgency >= self._next[1]:
                self._next = text, urgency, now_s
            return True
        self._speak(text, urgency)
        return True

    def hush(self) -> None:
        """Stop speaking, and say nothing that waits."""
        self._next = None
        self._said_s.clear()
        if self._saying is not None:
            self._saying = None
            self._late.stop()
            self._write(STOP)

    def close(self) -> None:
        """End the process that speaks."""
        self.hush()
        process, self._process = self._process, None
        self._has_voice = False
        if process is None:
            return
        process.blockSignals(True)
        process.closeWriteChannel()
        if not process.waitForFinished(_STOP_MS):
            process.kill()
            process.waitForFinished(_STOP_MS)

    def _speak(self, text: str, urgency: Urgency) -> None:
        self._said_s[text] = self._clock()
        self._saying = urgency
        self._next = None
        self._late.start(round(1000 * (len(text) / _LETTERS_PER_S + _PAUSE_S)))
        self._write(SAY + " ".join(text.split()))

    def _write(self, line: str) -> None:
        if self._process is not None and self._has_voice:
            self._process.write(f"{line}\n".encode())

    def _hear(self) -> None:
        process = self._process
        while process is not None and process.canReadLine():
            word = process.readLine().data().decode().strip()
            if word in (READY, NONE):
                self._has_voice = word == READY
                self.found.emit(self._has_voice)
            elif word == QUIET:
                self._fall_quiet()

    def _fall_quiet(self) -> None:
        self._saying = None
        self._late.stop()
        waiting, self._next = self._next, None
        if waiting is not None and self._clock() - waiting[2] <= _STALE_S and self.can_speak:
            self._speak(waiting[0], waiting[1])

    def _lose(self) -> None:
        """Go on with tones when the voice has failed."""
        self._has_voice = False
        self._saying = self._next = None
