"""What can keep the history from doing what was asked, each with one sentence and one fix."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from app.errors import AppError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class HistoryError(AppError):
    """The history cannot do what was asked; nothing that was saved is lost."""


class CheckNotFound(HistoryError):
    """A check that is not there, or not any more."""

    def __init__(self, check_id: int) -> None:
        super().__init__(
            f"There is no check number {check_id} in the history.",
            "It may have been deleted; see which ones there are with: beltline history list.",
        )


class SqueezeNotFound(HistoryError):
    """A squeeze test that is not there, or not any more."""

    def __init__(self) -> None:
        super().__init__(
            "This squeeze test is no longer in the history.",
            "It may have been deleted in another window; read the history again.",
        )


class ProfileNotFound(HistoryError):
    """A profile that is not there, or not any more."""

    def __init__(self, name: str = "", known: Sequence[str] = ()) -> None:
        if name:
            message = f"There is no profile named '{name}' in the history."
        else:
            message = "This profile is not in the history any more."
        names = ", ".join(f"'{one}'" for one in known)
        fix = f"There is {names}." if names else "Save a check first."
        super().__init__(message, fix if name else "Choose another profile.")


class ProfileNameError(HistoryError):
    """A name that no profile can have."""


class LockedHistory(HistoryError):
    """Another program holds the database."""

    def __init__(self) -> None:
        super().__init__(
            "Another program is using the history and does not let go of it.",
            "Close other windows of Beltline, then try again.",
        )


class CorruptHistory(HistoryError):
    """The database file is damaged, or no database at all."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The history in '{path}' is damaged and was left as it is.",
            "Put a copy from a backup in its place, or move the file away to begin anew.",
        )


class ForeignDatabase(HistoryError):
    """A database of some other program."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"The database {where} belongs to another program and was left as it is.",
            "Move it away, or name another database.",
        )


class NewerHistory(HistoryError):
    """A database that a newer version has written."""

    def __init__(self) -> None:
        super().__init__(
            "The history was written by a newer version of Beltline and was left as it is.",
            "Install the newest version of Beltline.",
        )


class FullDisk(HistoryError):
    """No room left."""

    def __init__(self, where: Path | str) -> None:
        super().__init__(
            f"The disk is full, so nothing could be written to '{where}'.",
            "Make some room on the disk, then try again.",
        )


class ReadOnlyHistory(HistoryError):
    """A file or folder that may not be written to."""

    def __init__(self, where: Path | str) -> None:
        super().__init__(
            f"Nothing may be written to '{where}'.",
            "Allow writing there in the folder's properties, or free the disk from its "
            "write protection.",
        )


class BrokenDisk(HistoryError):
    """Reading or writing failed for another reason."""

    def __init__(self, where: Path | str, why: str = "") -> None:
        reason = f" ({why})" if why else ""
        super().__init__(
            f"The disk with '{where}' cannot be read or written{reason}.",
            "Check that the disk is connected and in order, then try again.",
        )


class UpgradeFailed(HistoryError):
    """An older database that could not be brought up to this version."""

    def __init__(self) -> None:
        super().__init__(
            "The history could not be brought up to this version of Beltline and was left "
            "as it was.",
            "Use the version that you had before, and report what happened.",
        )


class ServerError(HistoryError):
    """The database on a server that BELTLINE_DATABASE_URL names."""


class ImportRefused(HistoryError):
    """A file that is no export of Beltline, or a damaged one; nothing was changed."""


class ExportFailed(HistoryError):
    """An export that could not be written."""


def of_disk(error: OSError, where: Path) -> HistoryError:
    """Return what to tell a person when a file cannot be read or written."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return FullDisk(where)
    if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
        return ReadOnlyHistory(where)
    return BrokenDisk(where, error.strerror or "")
