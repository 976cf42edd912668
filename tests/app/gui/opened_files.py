"""Whether anything in this process, in any language, opens a file."""

from __future__ import annotations

import ctypes
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

#: From Linux's sys/inotify.h.
_OPENED, _AT_ONCE = 0x20, os.O_NONBLOCK
_EVENT_BYTES = 4096


@contextmanager
def openings(path: Path) -> Iterator[Callable[[], bool]]:
    """Give what tells whether a file was opened since the last time it was asked."""
    libc = ctypes.CDLL(None, use_errno=True)
    handle = libc.inotify_init1(_AT_ONCE)
    assert handle >= 0, os.strerror(ctypes.get_errno())
    assert libc.inotify_add_watch(handle, os.fsencode(path), _OPENED) >= 0

    def was_opened() -> bool:
        try:
            return bool(os.read(handle, _EVENT_BYTES))
        except BlockingIOError:
            return False

    try:
        yield was_opened
    finally:
        os.close(handle)
