"""Two pictures of a camera under way at once: one here, and one on a thread beside."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

#: One that is looked at here and one that is looked at beside.
_UNDER_WAY = 2

Answer = TypeVar("Answer")


class PipelinedWorker:
    """A thread for the second part of what is done with a picture; to be fed from one thread.

    Parameters
    ----------
    name
        The thread's.
    """

    def __init__(self, name: str) -> None:
        self._room = BoundedSemaphore(_UNDER_WAY)
        self._thread = ThreadPoolExecutor(1, name)

    def begin(self, here: Callable[[], Callable[[], Answer]]) -> Future[Answer]:
        """Do the first part, and have what it returns done beside.

        Answers come in order. With two under way this waits for the first of them.
        """
        self._room.acquire()
        try:
            return self._thread.submit(self._end, here())
        except BaseException:  # the answer never comes, so its place is free
            self._room.release()
            raise

    def settle(self, work: Callable[[], None]) -> None:
        """Do something beside once all that is under way there has ended, and wait for it."""
        self._thread.submit(work).result()

    def close(self) -> None:
        """Wait for what is under way, a few pictures' time at most."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _end(self, there: Callable[[], Answer]) -> Answer:
        try:
            return there()
        finally:
            self._room.release()
