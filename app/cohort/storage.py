"""Where photographs are read from and results go: this machine's disk, or storage by address."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, TypeVar

from app.cohort import CohortError

if TYPE_CHECKING:
    from collections.abc import Callable

Got = TypeVar("Got")
#: Waits before each try again: half a minute in all, as a storage that restarts takes.
_WAITS_S = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
#: What another try does not change.
_FINAL = FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError


def opened(address: str) -> tuple[Any, str]:
    """Return the file system that fsspec has for an address, and the path on it.

    Raises
    ------
    CohortError
        If there is none, or its package is missing.
    """
    import fsspec

    try:
        system, root = fsspec.core.url_to_fs(address)
    except ImportError:
        scheme = address.partition("://")[0]
        raise CohortError(
            f"A package is missing that reads from '{scheme}://'.",
            "Install Beltline with: pip install 'beltline[cohort]'.",
        ) from None
    except ValueError as error:
        raise CohortError(f"The address '{address}' is none ({error}).", "Check it.") from None
    return system, root


def patiently(act: Callable[[], Got], waits_s: tuple[float, ...] = _WAITS_S) -> Got:
    """Do something with a storage, again and again for a while where that may help.

    Raises
    ------
    OSError
        What came of the last try.
    """
    for wait_s in waits_s:
        try:
            return act()
        except _FINAL:
            raise
        except OSError:
            time.sleep(wait_s)
    return act()


def read_whole(path: str) -> bytes:
    """Return all bytes of a file or object.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    system, name = opened(path)
    found = patiently(lambda: system.cat_file(name))
    return bytes(found)
