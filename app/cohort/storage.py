"""Where photographs are read from and results go: this machine's disk, or storage by address."""

from __future__ import annotations

import errno
import io
import os
import stat
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from app.cohort import CohortError
from vision.atomic_write import atomic_write, why_not_written

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Got = TypeVar("Got")
#: Waits before each try again: half a minute in all, as a storage that restarts takes.
_WAITS_S = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
#: A disk is either in the network and comes back soon, or broken.
_WAITS_HERE_S = (0.5, 1.0, 2.0)
#: What is over after a while, on a disk in the network or in a bucket.
_PASSING = frozenset(
    (
        *(errno.EIO, errno.EBUSY, errno.EAGAIN, errno.ETIMEDOUT, errno.EPIPE, errno.ESTALE),
        *(errno.ECONNRESET, errno.ECONNREFUSED, errno.ENETUNREACH, errno.EHOSTUNREACH),
        getattr(errno, "EREMOTEIO", errno.EIO),
    )
)
_FILE = "file://"
#: botocore's own tries take minutes on top of ours, and ask the network for credentials: Amazon's
#: machines answer at an address that on any other network is a stranger's. Whoever runs there
#: sets the variable to false.
_NO_METADATA = "AWS_EC2_METADATA_DISABLED"
_S3_OPTIONS: Mapping[str, Any] = {
    "config_kwargs": {"retries": {"total_max_attempts": 1}},
    # What another program wrote a moment ago is there.
    "use_listings_cache": False,
}


def is_here(address: str) -> bool:
    """Tell whether a name is one of this machine's files."""
    return "://" not in address or address.startswith(_FILE)


def path_of(address: str) -> Path:
    """Return the path of something that is here."""
    return Path(address.removeprefix(_FILE))


def opened(address: str) -> tuple[Any, str]:
    """Return the file system that fsspec has for an address, and the path on it.

    Raises
    ------
    CohortError
        If there is none, or its package is missing.
    """
    import fsspec

    scheme = address.partition("://")[0]
    os.environ.setdefault(_NO_METADATA, "true")
    try:
        kind = fsspec.get_filesystem_class(scheme)
        # Not fsspec's own way from address to path, which takes "::" in a name for a chain.
        options = dict(kind._get_kwargs_from_urls(address))
        options |= _S3_OPTIONS if scheme in ("s3", "s3a") else {}
        return kind(**options), str(kind._strip_protocol(address))
    except ImportError:
        raise CohortError(
            f"A package is missing that reads from '{scheme}://'.",
            "Install Beltline with: pip install 'beltline[cohort]'.",
        ) from None
    except Exception as error:  # each kind of storage has errors of its own
        raise CohortError(
            f"The address '{address}' cannot be used ({short(error)}).", "Check it."
        ) from None


def patiently(act: Callable[[], Got], waits_s: tuple[float, ...] = _WAITS_S) -> Got:
    """Do something with a storage, again and again for a while where that may help.

    Raises
    ------
    OSError
        What came of the last try, whatever error of its own the storage has.
    """
    for wait_s in (*waits_s, None):
        try:
            return act()
        except Exception as raised:  # each kind of storage has errors of its own
            error = _as_system_error(raised)
            if wait_s is None or not _may_pass(error):
                if error is raised:
                    raise
                raise error from raised
            time.sleep(wait_s)
    raise AssertionError("the last try returns or raises")


def why_not(error: OSError) -> str:
    """Return why something failed as it stands inside a sentence: small letters, no full stop."""
    text = why_not_written(error)
    if error.errno is None and isinstance(error, FileNotFoundError) and " " not in text:
        return "there is no such file"
    if error.errno is None and isinstance(error, PermissionError):
        return f"permission is denied ({text})"
    return f"the storage is too busy ({text})" if error.errno == errno.EBUSY else text


def short(error: BaseException) -> str:
    """Return what an error says, on one line that is not too long."""
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 200 else f"{text[:199]}…"


def _as_system_error(error: Exception) -> OSError:
    kind = type(error).__name__
    if isinstance(error, OSError):
        return error
    if "Credential" in kind:
        told = "no credentials were found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        return PermissionError(errno.EACCES, told)
    if isinstance(error, ValueError) or "Validation" in kind:
        return OSError(errno.EINVAL, "there can be no such name")
    if "Connect" in kind:
        return ConnectionRefusedError(errno.ECONNREFUSED, "the storage does not answer")
    return OSError(errno.EIO, short(error))


def _may_pass(error: OSError) -> bool:
    if isinstance(error, ConnectionError | TimeoutError):
        return True
    # Errors that the system did not raise have no number.
    is_final = isinstance(
        error,
        FileNotFoundError | PermissionError | IsADirectoryError | NotADirectoryError | ChangedError,
    )
    return error.errno in _PASSING or (error.errno is None and not is_final)


class ChangedError(OSError):
    """The file became another while it was read."""


def stamp_of(path: Path) -> str:
    """Return size and time of change of a file: another stamp, another content.

    Empty where there is no file but a folder, a pipe, or something else.

    Raises
    ------
    OSError
        If it is gone, or may not be looked at.
    """
    status = path.stat()
    return _stamp(status) if stat.S_ISREG(status.st_mode) else ""


def _stamp(status: os.stat_result) -> str:
    return f"{status.st_size} {status.st_mtime_ns}"


def read_whole(path: str, stamp: str) -> bytes:
    """Return all bytes of a file or object.

    Parameters
    ----------
    stamp
        As it had when it was found; anything that is none where nobody knows.

    Raises
    ------
    OSError
        If it cannot be read; :class:`ChangedError` if it is another than was found.
    """
    if is_here(path):
        return patiently(lambda: _read_here(path_of(path), stamp), _WAITS_HERE_S)
    system, name = opened(path)
    found = bytes(patiently(lambda: system.cat_file(name)))
    size = stamp.partition(" ")[0]
    if size.isdigit() and int(size) != len(found):
        raise ChangedError(f"{size} bytes became {len(found)}")
    return found


def _read_here(path: Path, stamp: str) -> bytes:
    with path.open("rb") as file:
        before = _stamp(os.fstat(file.fileno()))
        data = file.read()
        after = _stamp(os.fstat(file.fileno()))
    if stamp[:1].isdigit() and stamp != before:
        raise ChangedError(f"{stamp} became {before}")
    if before != after or int(after.partition(" ")[0]) != len(data):
        raise ChangedError(f"{before} became {after}")
    return data


class Shelf:
    """A folder with files, each written whole or not at all: on a disk, or in a bucket.

    Parameters
    ----------
    address
        A folder, or an address that fsspec knows. Every name is one below it.
    """

    def __init__(self, address: str) -> None:
        self.folder = path_of(address).absolute() if is_here(address) else None
        self._system: Any = None
        self._root = ""
        if not self.folder:
            self._system, self._root = opened(address)

    def make(self, *folders: str) -> None:
        """Make the folders; a bucket needs none."""
        if self.folder:
            for name in folders:
                (self.folder / name).mkdir(parents=True, exist_ok=True)

    def names(self, below: str = "") -> list[str]:
        """Return the names of what lies directly in it, in order; none if it is not there."""
        try:
            if self.folder:
                return sorted(path.name for path in (self.folder / below).iterdir())
            place = f"{self._root}/{below}".rstrip("/")
            self._system.invalidate_cache()
            found = patiently(lambda: self._system.ls(place, detail=False))
        except FileNotFoundError:
            return []
        # A bucket may hold an object that stands for the folder itself.
        names = {str(name).rstrip("/") for name in found} - {place}
        return sorted(name.rpartition("/")[2] for name in names)

    def read(self, name: str) -> bytes | None:
        """Return a file's bytes; None if there is no such file."""
        with suppress(FileNotFoundError):
            if self.folder:
                return (self.folder / name).read_bytes()
            return bytes(patiently(lambda: self._system.cat_file(f"{self._root}/{name}")))
        return None

    def write(self, name: str, data: bytes) -> None:
        """Write a file, which appears whole or not at all."""
        if self.folder:
            atomic_write(self.folder / name, data)
            return
        # An object appears whole when it was received whole.
        patiently(lambda: self._system.pipe_file(f"{self._root}/{name}", data))

    def remove(self, name: str) -> None:
        """Delete a file; nothing happens if it is gone."""
        with suppress(FileNotFoundError):
            if self.folder:
                (self.folder / name).unlink()
            else:
                patiently(lambda: self._system.rm_file(f"{self._root}/{name}"))

    def rename(self, name: str, to: str) -> None:
        """Give a file another name."""
        if self.folder:
            (self.folder / name).replace(self.folder / to)
            return
        patiently(lambda: self._system.mv(f"{self._root}/{name}", f"{self._root}/{to}"))

    def source(self, name: str) -> Any:
        """Return what pyarrow reads a file by, without reading more than it asks for."""
        if self.folder:
            return str(self.folder / name)
        return _Ranges(self._system, f"{self._root}/{name}")


class _Ranges(io.RawIOBase):
    """An object of which only the wanted bytes are asked for, patiently."""

    def __init__(self, system: Any, name: str) -> None:
        self._system, self._name, self._at = system, name, 0
        self._size = int(patiently(lambda: system.info(name))["size"])

    def readable(self) -> bool:
        """Return that it is."""
        return True

    def seekable(self) -> bool:
        """Return that it is."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place in it."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        """Return the place in it."""
        return self._at

    def read(self, size: int = -1) -> bytes:
        """Return so many bytes from here."""
        end = self._size if size < 0 else min(self._size, self._at + size)
        start, self._at = self._at, max(self._at, end)
        if start >= end:
            return b""
        return bytes(patiently(lambda: self._system.cat_file(self._name, start=start, end=end)))
