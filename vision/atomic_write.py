"""Files that appear whole or not at all and that only their owner reads; why one could not."""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from vision.messages import tr

_FOLDER_MODE, _FILE_MODE = 0o700, 0o600
_OTHERS = 0o077


def open_private(path: Path, mode: str, **as_open_has: Any) -> IO[Any]:
    """Open a file as :func:`open` does; one that is made here is closed to others."""
    return open(path, mode, opener=_open_private, **as_open_has)


def _open_private(name: str, flags: int) -> int:
    return os.open(name, flags, _FILE_MODE)


def make_own_folder(folder: Path) -> None:
    """Make a folder that is closed to others, unless there is one; OSError if that fails."""
    folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)


def close_to_others(*paths: Path) -> None:
    """Take everybody else's permissions away, as far as that is possible and it is no link.

    The owner's own stay as the owner set them.
    """
    for path in paths:
        with suppress(OSError):  # not there, somebody else's, or a disk without permissions
            mode = path.lstat().st_mode
            if mode & _OTHERS and (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                path.chmod(mode & _FOLDER_MODE)


def close_folder(folder: Path) -> None:
    """Close a folder and the files in it to others, and folders in it that are open to them.

    So what earlier versions left open is put right, and later looks cost next to nothing.
    """
    close_to_others(folder)
    with suppress(OSError):
        for entry in os.scandir(folder):
            path = Path(entry)
            if not entry.is_dir(follow_symlinks=False):
                close_to_others(path)
            elif entry.stat(follow_symlinks=False).st_mode & _OTHERS:
                close_folder(path)


def atomic_write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; what was there before stays until it is.

    Nobody but its owner can read it. Asks only whether its folder may be written to: a read-only
    file is replaced.

    Parameters
    ----------
    path
        Its folder is there.

    Raises
    ------
    OSError
        If it cannot be written; nothing is left of it.
    """
    # A name of its own in the same folder: two programs may write the same file at once, and
    # a file moves as a whole only within its disk.
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with open_private(part, "xb") as file:
            file.write(data)
        part.replace(path)
    finally:
        # Also where a signal ends the program; it is there no more once it was moved.
        with suppress(OSError):
            part.unlink(missing_ok=True)


def why_not_written(error: OSError) -> str:
    """Return the system's reason as it stands inside a sentence: in small letters, no full stop."""
    why = tr("it is a folder") if isinstance(error, IsADirectoryError) else error.strerror
    why = (why or str(error)).rstrip(".")
    return f"{why[:1].lower()}{why[1:]}"
