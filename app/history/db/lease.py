"""Telling other programs that a folder of the history is open, and asking whether they have it.

An advisory lock on the folder itself (``flock``): no file lies about, and whatever ends a
program, the system lets go for it. Where there is no such lock (Windows, some network disks)
nobody knows, so everybody counts as being among others, and nothing is tidied that another
program might still need.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from app.history.place import hold_handle

if TYPE_CHECKING:
    from pathlib import Path

#: Who asks whether it is alone holds the folder for the time of a few deletions.
_PATIENCE_S, _PAUSE_S = 2.0, 0.01


class FolderLease:
    """A folder that is open in this program.

    Parameters
    ----------
    folder
        Is there.

    Attributes
    ----------
    is_alone
        Whether no program had the folder open when this one came.
    """

    def __init__(self, folder: Path) -> None:
        self.is_alone = False
        self._handle: int | None = None
        if not hasattr(os, "O_DIRECTORY"):
            return
        with suppress(OSError):
            self._handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            self.is_alone = hold_handle(self._handle, alone=True)

    def share(self) -> None:
        """Let others in, once what only one may do is done."""
        if self._handle is None:
            return
        give_up = time.monotonic() + _PATIENCE_S
        while not hold_handle(self._handle, alone=False) and time.monotonic() < give_up:
            time.sleep(_PAUSE_S)

    def close(self) -> None:
        """Let go of the folder."""
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)
