"""Keep what native libraries write straight to standard error off a person's terminal.

MediaPipe, libtiff and others write to file descriptor 2 whatever log level is set, when
they start, when they close, and from threads of their own. A program of ours calls
:func:`separate_streams` first of all, once: from then on that descriptor leads nowhere, and
Python's own ``sys.stderr`` has another one. Whoever only imports ``vision`` keeps both as
they are; there :func:`quiet` covers the calls that are known to write.
"""

from __future__ import annotations

import faulthandler
import os
import sys
import tempfile
from contextlib import contextmanager, suppress
from threading import Lock
from typing import IO, TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_STANDARD_ERROR = 2


def separate_streams() -> None:
    """Send what native code writes to standard error nowhere; Python's own words still arrive.

    For programs, before anything else is loaded. A stream that the program was started without
    is opened onto nothing. A crash in native code is told on the person's terminal, with a
    traceback.
    """
    _hold_streams()
    kept = os.dup(_STANDARD_ERROR)
    sys.stderr.flush()
    # Line by line and with every letter shown somehow, as Python opens it.
    sys.stderr = os.fdopen(kept, "w", 1, encoding=sys.stderr.encoding, errors="backslashreplace")
    _lead_nowhere()
    faulthandler.enable(sys.stderr)


def _hold_streams() -> None:
    """Open what is missing of standard input, output and error.

    Else the next file that is opened, such as the database, takes that place, and what a
    library prints is written into it. Writing to an output that is missing still fails.
    """
    wanted = (0, "stdin", os.O_RDONLY), (1, "stdout", os.O_RDONLY), (2, "stderr", os.O_WRONLY)
    for descriptor, name, way in wanted:
        try:
            os.fstat(descriptor)
        except OSError:
            opened = os.open(os.devnull, way)
            if opened != descriptor:
                os.dup2(opened, descriptor)
                os.close(opened)
            os.set_inheritable(descriptor, True)
        if getattr(sys, name) is None:
            mode = "r" if descriptor == 0 else "w"
            setattr(sys, name, os.fdopen(descriptor, mode, encoding="utf-8", closefd=False))


def _lead_nowhere() -> None:
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, _STANDARD_ERROR)
    os.close(sink)


def keep_fonts_quiet() -> None:
    """Keep matplotlib from saying that it looks for this machine's fonts, which it does once.

    All of MediaPipe loads it; a report may need one of them.
    """
    import logging  # help is quick without it

    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)


_Result = TypeVar("_Result")
#: One at a time listens.
_listening = Lock()


class _Muted:
    """Who wants standard error to lead nowhere, and where it led before."""

    lock = Lock()
    wanted_by = 0
    kept: int | None = None


@contextmanager
def quiet() -> Iterator[None]:
    """Let native code write nothing to standard error for the length of a call.

    Threads may be in it at once; the last to leave puts standard error back.
    """
    with _Muted.lock:
        _Muted.wanted_by += 1
        # A program without standard error has nothing to keep clean.
        if _Muted.wanted_by == 1:
            with suppress(OSError):
                _Muted.kept = os.dup(_STANDARD_ERROR)
            if _Muted.kept is not None:
                _lead_nowhere()
    try:
        yield
    finally:
        with _Muted.lock:
            _Muted.wanted_by -= 1
            if _Muted.wanted_by == 0 and _Muted.kept is not None:
                os.dup2(_Muted.kept, _STANDARD_ERROR)
                os.close(_Muted.kept)
                _Muted.kept = None


def overheard(call: Callable[[], _Result]) -> tuple[_Result, str]:
    """Return what a call returns, and what native code wrote to standard error meanwhile.

    For libraries that tell of damage in no other way. What other threads write in that time
    is heard as well. The text is empty where there is no standard error to listen to.
    """
    with _listening, quiet(), _file_without_name() as file:
        try:
            before = os.dup(_STANDARD_ERROR)
        except OSError:
            return call(), ""
        os.dup2(file.fileno(), _STANDARD_ERROR)
        try:
            result = call()
        finally:
            os.dup2(before, _STANDARD_ERROR)
            os.close(before)
        file.seek(0)
        return result, file.read().decode(errors="replace")


def _file_without_name() -> IO[bytes]:
    """Return a file that is gone when closed, and needs no disk where the system has such."""
    if sys.platform == "linux":
        return os.fdopen(os.memfd_create("overheard"), "w+b")
    return tempfile.TemporaryFile()
