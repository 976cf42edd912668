"""Keeps two processes from working on the same file at the same time."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def locked(path: Path, *, waits: bool) -> Iterator[bool]:
    """Hold a lock, and tell whether it could be had; the system frees a dead process's.

    Where the disk knows no locks, it is taken as had: better written twice than never.

    Parameters
    ----------
    path
        A file for this alone; its folder is there.
    waits
        Whether to wait until another process is done.
    """
    with path.open("a+b") as file:
        try:
            _lock(file, waits)
        except BlockingIOError:
            yield False
            return
        except OSError:
            yield True
            return
        try:
            yield True
        finally:
            _unlock(file)


if sys.platform == "win32":

    def _lock(file: IO[bytes], waits: bool) -> None:
        import msvcrt

        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if waits else msvcrt.LK_NBLCK, 1)
        except PermissionError as error:
            raise BlockingIOError(*error.args) from None

    def _unlock(file: IO[bytes]) -> None:
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:

    def _lock(file: IO[bytes], waits: bool) -> None:
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))

    def _unlock(file: IO[bytes]) -> None:
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_UN)
