"""What a shell can do to the program: streams that are closed or full, and signals that end it.

Nothing heavy is loaded here: it is in force before anything else is.
"""

from __future__ import annotations

import errno
import io
import os
import select
import signal
import sys
import threading
import time
from contextlib import contextmanager
from enum import IntEnum
from typing import TYPE_CHECKING, NoReturn

from vision.native_output import separate_streams

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType, TracebackType
    from typing import TextIO

    from _typeshed import ReadableBuffer

#: What a shell adds to a signal's number when a program was ended by it.
_BY_SIGNAL = 128
#: Closing a terminal sends the same signal twice; whoever asks again later means at once.
_PATIENCE_S = 2.0
#: A signal that Python could not hear where it was is sent again so much later.
_AGAIN_S = 0.02
_ENDING = ("SIGINT", "SIGTERM", "SIGHUP")


class Status(IntEnum):
    """Exit status of the command line; 1 is none of them."""

    DONE = 0
    WRONG_USAGE = 2
    NOT_ALL_MEASURED = 3
    #: Something else failed: a disk, the history, a camera, the installation, the program itself.
    FAILED = 4
    #: What a shell reports for a program that was ended by a closed pipe.
    PIPE_CLOSED = 141


class OutputLost(Exception):
    """Standard output takes nothing more; what was written before arrived, or part of it.

    Parameters
    ----------
    error
        What the system said.
    """

    def __init__(self, error: OSError) -> None:
        super().__init__(error)
        self.is_unread = error.errno in {errno.EPIPE, errno.ESHUTDOWN}
        why = (error.strerror or str(error)).rstrip(".")
        is_closed = error.errno == errno.EBADF
        self.why = "standard output is closed" if is_closed else f"{why[:1].lower()}{why[1:]}"


class Ended(KeyboardInterrupt):
    """A signal told the program to end; whatever is under way is left in good order."""


class _Stream(io.BufferedWriter):
    """A standard stream: the first failure is raised, and then it swallows what comes.

    So Python's own last flush does not fail once more. What goes out is left to the base class:
    a signal that is heard in the midst of it must neither repeat nor lose a byte.

    Parameters
    ----------
    stream
        The same as Python opened it.
    is_told
        Whether anybody can be told that it failed.
    """

    def __init__(self, stream: TextIO, *, is_told: bool) -> None:
        super().__init__(io.FileIO(stream.fileno(), "w", closefd=False))
        # Python would close its descriptor with it.
        self._stream = stream
        self._is_told, self._is_lost = is_told, False

    def write(self, data: ReadableBuffer, /) -> int:
        """Take the data, waiting for room where the stream itself does not."""
        left = memoryview(data).cast("B")
        while left and not self._is_lost:
            with self._losing():
                taken = self._take(left)
                left = left[taken:]
        return memoryview(data).nbytes

    def flush(self) -> None:
        """Send all out."""
        is_out = False
        while not (is_out or self._is_lost):
            with self._losing():
                is_out = self._send()

    def _take(self, data: memoryview) -> int:
        try:
            return super().write(data)
        except BlockingIOError as full:
            select.select([], [self], [])
            return full.characters_written

    def _send(self) -> bool:
        try:
            super().flush()
        except BlockingIOError:
            select.select([], [self], [])
            return False
        return True

    @contextmanager
    def _losing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self._is_lost = True
            if self._is_told:
                raise OutputLost(error) from None


class _Signals:
    """Which signal was heard, and since when the program is about to end."""

    heard: int | None = None
    ending_since_s: float | None = None


def begin() -> None:
    """Make the standard streams safe, and hear the signals that end a program."""
    separate_streams()
    sys.stdout = _guarded(sys.stdout, is_told=True)
    sys.stderr = _guarded(sys.stderr, is_told=False)
    sys.excepthook = _tell_of_bug
    sys.unraisablehook = _hear_again
    hear(_end)


def run(command: Callable[[], object], tell: Callable[[str], None]) -> int:
    """Do a command, and return the exit status of the process, whatever happens.

    Parameters
    ----------
    command
        Leaves with its status by SystemExit; returning is 0.
    tell
        Says one sentence on standard error.
    """
    try:
        status = _status_of(command, tell)
    except KeyboardInterrupt:
        status = _BY_SIGNAL + signal.SIGINT
    _Signals.ending_since_s = time.monotonic()
    return status if _Signals.heard is None else _BY_SIGNAL + _Signals.heard


def hear(handler: Callable[[int, FrameType | None], object]) -> None:
    """Have a handler called for each signal that ends a program.

    One that is not to be heard, as below nohup or in a script's background, stays so.
    """
    for name in _ENDING:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handler)


def note_signal(number: int) -> None:
    """Have the process end with the status that a signal gives.

    For whoever hears signals in a way of its own, as windows do.
    """
    _Signals.heard = number


def _status_of(command: Callable[[], object], tell: Callable[[str], None]) -> int:
    status: object = Status.DONE
    try:
        try:
            command()
        except SystemExit as leaving:
            status = leaving.code
        sys.stdout.flush()
    except OutputLost as lost:
        if lost.is_unread:
            return Status.PIPE_CLOSED
        way_out = "Send them somewhere else; what was saved is safe."
        tell(f"The results cannot be written: {lost.why}. {way_out}")
        return Status.FAILED
    except Exception as error:
        # A library that was broken off may say anything.
        if _Signals.heard is None:
            sys.excepthook(type(error), error, error.__traceback__)
        return Status.FAILED
    return status if isinstance(status, int) else Status.DONE if status is None else Status.FAILED


def _guarded(stream: TextIO, *, is_told: bool) -> TextIO:
    # Windows writes to its console in a way of its own, and that is neither full nor closed.
    if sys.platform == "win32" and stream.isatty():
        return stream
    stream.flush()
    is_seen = stream.isatty() or not is_told
    return io.TextIOWrapper(
        _Stream(stream, is_told=is_told),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=is_seen,
    )


def _end(number: int, _: FrameType | None) -> None:
    """Leave what is under way, once; at once where somebody has waited for it."""
    since_s = _Signals.ending_since_s
    if since_s is None:
        _Signals.heard, _Signals.ending_since_s = number, time.monotonic()
        raise Ended
    if time.monotonic() - since_s > _PATIENCE_S:
        leave_at_once(_BY_SIGNAL + number)


def leave_at_once(status: int) -> NoReturn:
    """End the process as it is, without taking Python down."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, OutputLost):  # closed, or nobody reads it
            continue
    os._exit(status)


def _tell_of_bug(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Print a traceback, as Python does; a signal is no bug."""
    if issubclass(kind, KeyboardInterrupt):
        _send_again()
        return
    sys.__excepthook__(kind, error, trace)


def _hear_again(unraisable: sys.UnraisableHookArgs) -> None:
    """Have a signal sent again that fell where Python raises nothing, as in a destructor."""
    if isinstance(unraisable.exc_value, KeyboardInterrupt):
        _send_again()
        return
    sys.__unraisablehook__(unraisable)


def _send_again() -> None:
    number = _Signals.heard
    if number is None:
        return
    _Signals.ending_since_s = None
    again = threading.Timer(_AGAIN_S, os.kill, (os.getpid(), number))
    again.daemon = True
    again.start()
