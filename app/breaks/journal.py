"""Breaks that the reminder noticed, one JSON object a line, until the history has them.

The reminder knows no database. Whoever opens the history takes the journal in: it is set
aside under another name first, and removed only when all of it is kept, so that nothing is
lost, whichever program stops when. Of two that take it at the same time, one gets nothing.
"""

from __future__ import annotations

import json
import os
import sys
import uuid
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import IO, TYPE_CHECKING, Annotated

from pydantic import AllowInfNan, Field, Strict, TypeAdapter, ValidationError

# The names in annotations are looked up when a line is read.
from app.history.diary import BreakKind  # noqa: TC001
from app.history.place import usual_folder
from app.history.values import Time  # noqa: TC001
from vision.atomic_write import make_own_folder, open_private

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NAME = "breaks.jsonl"
_SET_ASIDE = ".taking"
_DAMAGED = ".damaged"
#: Locks: held while a line is written or the journal is set aside, and while it is taken.
_WRITING, _TAKING = ".writing.lock", ".taking.lock"


@dataclass(frozen=True, slots=True)
class JournalBreak:
    """One break.

    Attributes
    ----------
    at
        When it ended, with its offset from UTC.
    how, minutes
        As in :class:`app.history.diary.Break`.
    profile_id
        Whose; None where nobody was chosen.
    """

    at: Time
    how: BreakKind
    minutes: Annotated[float, AllowInfNan(False), Field(ge=0)]
    profile_id: Annotated[int, Strict()] | None


_BREAK = TypeAdapter(JournalBreak)


def default_path() -> Path:
    """Return where this user's journal is."""
    return usual_folder() / _NAME


def append(path: Path, noted: JournalBreak) -> None:
    """Write a break to the journal; OSError if that is not possible."""
    line = json.dumps({**asdict(noted), "at": noted.at.isoformat()})
    make_own_folder(path.parent)
    with (
        _locked(_beside(path, _WRITING), waits=True),
        open_private(path, "a", encoding="utf-8") as file,
    ):
        # A line that was cut off by a power cut ends before this one begins.
        file.write(f"\n{line}\n")
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def taken(path: Path) -> Iterator[list[JournalBreak]]:
    """Give what is in the journal; it is gone when the block ends well, else still there.

    What a program that was stopped in the middle had set aside comes along. Lines that make
    no sense are put into a file beside, and the rest goes on.
    """
    if not path.parent.is_dir():
        yield []
        return
    with _locked(_beside(path, _TAKING), waits=False) as is_ours:
        files = _set_aside(path) if is_ours else []
        found: list[JournalBreak] = []
        damaged: list[str] = []
        for file in files:
            for line in file.read_bytes().decode("utf-8", "replace").splitlines():
                if not line.strip():
                    continue
                try:
                    found.append(_BREAK.validate_json(line))
                except ValidationError:
                    damaged.append(line)
        yield found
        if damaged:
            with open_private(_beside(path, _DAMAGED), "a", encoding="utf-8") as beside:
                beside.write("\n".join(damaged) + "\n")
        for file in files:
            file.unlink(missing_ok=True)


def _set_aside(path: Path) -> list[Path]:
    """Let new breaks begin a new journal, and return the files of the old ones."""
    aside = _beside(path, f".{uuid.uuid4().hex}{_SET_ASIDE}")
    with _locked(_beside(path, _WRITING), waits=True), suppress(FileNotFoundError):
        path.rename(aside)
    return sorted(path.parent.glob(f"{path.name}.*{_SET_ASIDE}"))


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


@contextmanager
def _locked(path: Path, *, waits: bool) -> Iterator[bool]:
    """Hold a lock, and tell whether it could be had; the system frees a dead process's.

    Where the disk knows no locks, it is taken as had: better written twice than never. The
    file is for this alone, in a folder that is there.
    """
    with open_private(path, "a+b") as file:
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
