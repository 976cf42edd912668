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
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_STANDARD_ERROR = 2


def separate_streams() -> None:
    """Send what native code writes to standard error nowhere; Python's own words still arrive.

    For programs, before anything else is loaded. Does nothing where there is no standard
    error. A crash in native code is told on the person's terminal, with a traceback.
    """
    try:
        kept = os.dup(_STANDARD_ERROR)
    except OSError:
        return
    sys.stderr.flush()
    # Line by line and with every letter shown somehow, as Python opens it.
    sys.stderr = os.fdopen(kept, "w", 1, encoding=sys.stderr.encoding, errors="backslashreplace")
    _lead_nowhere()
    faulthandler.enable(sys.stderr)


def _lead_nowhere() -> None:
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, _STANDARD_ERROR)
    os.close(sink)


class _Muted:
    """Standard error, led nowhere for as long as any thread wants it so."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._wanted_by = 0
        self._kept: int | None = None

    def begin(self) -> None:
        with self._lock:
            self._wanted_by += 1
            if self._wanted_by > 1:
                return
            try:
                self._kept = os.dup(_STANDARD_ERROR)
            except OSError:  # a program without standard error has nothing to keep clean
                return
            _lead_nowhere()

    def end(self) -> None:
        with self._lock:
            self._wanted_by -= 1
            if self._wanted_by or self._kept is None:
                return
            os.dup2(self._kept, _STANDARD_ERROR)
            os.close(self._kept)
            self._kept = None


_muted = _Muted()


@contextmanager
def quiet() -> Iterator[None]:
    """Let native code write nothing to standard error for the length of a call.

    Threads may be in it at once; the last to leave puts standard error back.
    """
    _muted.begin()
    try:
        yield
    finally:
        _muted.end()
