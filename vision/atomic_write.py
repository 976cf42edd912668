"""Files that appear whole or not at all, and why one could not be written."""

from __future__ import annotations

import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def atomic_write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; what was there before stays until it is.

    Asks only whether its folder may be written to: a read-only file is replaced.

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
        with part.open("xb") as file:
            file.write(data)
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def why_not_written(error: OSError) -> str:
    """Return the system's reason as it stands inside a sentence: in small letters, no full stop."""
    why = "it is a folder" if isinstance(error, IsADirectoryError) else error.strerror
    why = (why or str(error)).rstrip(".")
    return f"{why[:1].lower()}{why[1:]}"
