"""Folders and files that only their owner can look into."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from app.history.db.engine__database_errors import of_disk

if TYPE_CHECKING:
    from pathlib import Path

_FOLDER_MODE, _FILE_MODE = 0o700, 0o600


def make_private_folder(folder: Path) -> None:
    """Make a folder, and close it to others if it is there already.

    Raises
    ------
    HistoryError
        If it cannot be made.
    """
    try:
        folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    except OSError as error:
        raise of_disk(error, folder) from None
    _close_to_others(folder)


def make_private_file(path: Path) -> None:
    """Make an empty file, or close one to others that is there already.

    SQLite gives its log the permissions of the database file. A file that is there is not
    opened: closing it would end all locks that this process holds on it (POSIX fcntl).

    Raises
    ------
    HistoryError
        If it cannot be made.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, _FILE_MODE))
    except FileExistsError:
        pass
    except OSError as error:
        raise of_disk(error, path) from None
    _close_to_others(path)


def write_private_file(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole, on the disk, or not at all.

    Raises
    ------
    OSError
        If it cannot be written; nothing is left of it.
    """
    part = path.with_name(path.name + ".part")
    try:
        with os.fdopen(
            os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, _FILE_MODE), "wb"
        ) as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """Bring the names of the files in a folder onto the disk, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _close_to_others(path: Path) -> None:
    """Take everybody else's permissions away; the owner's own stay as the owner set them."""
    with suppress(OSError):  # somebody else's, or a disk without permissions
        mode = path.stat().st_mode
        if mode & 0o077:
            path.chmod(mode & 0o700)
