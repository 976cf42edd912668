"""Files that somebody else may have made: ordinary ones alone, an entry at a time.

What is read is read twice or more, so a stream must be able to go back to its beginning.
"""

from __future__ import annotations

import io
import os
import stat
import zipfile
import zlib
from typing import TYPE_CHECKING, BinaryIO

from app.history.exchange.model import NotPortable
from vision.messages import tr

if TYPE_CHECKING:
    from pathlib import Path

    from _typeshed import WriteableBuffer

#: No history that was ever kept is larger, and no single entry of one.
FILE_BYTES_MAX, ENTRY_BYTES_MAX = 1 << 32, 1 << 25
#: So large a file is read as a whole, before others are kept from writing: the rest takes no time.
AT_ONCE_BYTES = 1 << 23
#: A device that only waits, or a pipe nobody writes to, must not hold anything up.
_AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | os.O_RDONLY


#: What reading a damaged archive raises; texts and exports that make no sense are ValueErrors.
UNFIT_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    LookupError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)


class NoOrdinaryFile(OSError):
    """A folder, a device, a pipe or a socket."""


def open_ordinary(path: Path) -> BinaryIO:
    """Open a file to read; what is none is neither waited for nor read.

    Raises
    ------
    OSError
        If it cannot be read; :class:`NoOrdinaryFile` if it is another thing.
    """
    # Looked at before and after: opening a device may do something, and another program may
    # put one in the file's place.
    if not stat.S_ISREG(path.stat().st_mode):
        raise _no_file()
    handle = os.open(path, _AT_ONCE)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise _no_file()
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def _no_file() -> NoOrdinaryFile:
    error = NoOrdinaryFile()
    error.strerror = tr("it is no ordinary file")
    return error


class InParts:
    """A file that no archive reads a large part of at once, such as a list without end.

    Parameters
    ----------
    part_bytes_max
        The most that is read at once.
    """

    def __init__(self, stream: BinaryIO, part_bytes_max: int) -> None:
        self._stream, self._most_bytes = stream, part_bytes_max
        self.seek, self.tell, self.seekable = stream.seek, stream.tell, stream.seekable

    def read(self, size: int = -1) -> bytes:
        """Read some bytes; BadZipFile for more than an archive of ours has in one part."""
        data = self._stream.read(size if 0 <= size <= self._most_bytes else self._most_bytes + 1)
        if len(data) > self._most_bytes:
            raise zipfile.BadZipFile("a part that is too large")
        return data


class OneByOne(io.RawIOBase):
    """A stream from its beginning on, read entry by entry; one without an end is refused.

    Parameters
    ----------
    stream
        Can go back to its beginning; it stays open when this is closed.
    is_known
        Whether all of it was read before, entry by entry.
    """

    def __init__(self, stream: BinaryIO, *, is_known: bool = False) -> None:
        stream.seek(0)
        self._stream = stream
        self._most_bytes = FILE_BYTES_MAX if is_known else ENTRY_BYTES_MAX
        self._since_bytes = 0

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def next_entry(self) -> None:
        """Say that an entry has ended, and another may begin."""
        self._since_bytes = 0

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Read some bytes; :class:`NotPortable` where they cannot be had, or are too many."""
        into = memoryview(buffer).cast("B")
        try:
            data = self._stream.read(len(into))
        except (OSError, zipfile.BadZipFile, zlib.error, EOFError):
            raise NotPortable(tr("it cannot be read to its end")) from None
        self._since_bytes += len(data)
        if self._since_bytes > self._most_bytes:
            raise NotPortable(tr("one entry of it is larger than any that Beltline keeps"))
        into[: len(data)] = data
        return len(data)
