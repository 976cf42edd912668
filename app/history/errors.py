"""What can keep the history from doing what was asked, each with one sentence and one fix."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from app.errors import AppError
from vision.messages import Plural, tr, translatable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import ClassVar

    from app.history.records import UnreadableRow

#: How rows that make no sense are named.
_ROW_WORDS = {
    "person": "what is known of person {id}",
    "check": "check {id}",
    "part": "parts of check {id}",
    "squeeze": "squeeze test {id}",
    "entry": "diary entry {id}",
}
#: More than these are not named one by one.
_NAMED_MOST = 8
_SET_ASIDE = Plural(
    (
        "1 picture belongs to no check of this history and was put aside in '{folder}'.",
        "{count} pictures belong to no check of this history and were put aside in '{folder}'.",
    )
)
_RETURN = Plural(
    (
        "If you have put an older copy of the history in place, put the newer one back, and "
        "they return by themselves; otherwise they are deleted after 1 day.",
        "If you have put an older copy of the history in place, put the newer one back, and "
        "they return by themselves; otherwise they are deleted after {count} days.",
    )
)
_STAY = Plural(
    (
        "1 picture of a deleted check could not be deleted from '{folder}'.",
        "{count} pictures of deleted checks could not be deleted from '{folder}'.",
    )
)


class HistoryError(AppError):
    """The history cannot do what was asked; nothing that was saved is lost."""


class _Told(HistoryError):
    """What always reads the same but for the one thing it names."""

    MESSAGE: ClassVar[str]
    FIX: ClassVar[str]

    def __init__(self, named: object = "") -> None:
        super().__init__(tr(self.MESSAGE).format(named=named), tr(self.FIX))


class CheckNotFound(_Told):
    """A check that is not there, or not any more."""

    MESSAGE = "There is no check number {named} in the history."
    FIX = "It may have been deleted; see which ones there are with: beltline history list."


class UnreadableCheck(_Told):
    """A check that is there and makes no sense, as after a fault of the disk."""

    MESSAGE = "Check number {named} is damaged and cannot be shown."
    FIX = (
        "All others can; an earlier copy of the history may still have it, see: "
        "beltline history copies."
    )


class DeletionNotFound(_Told):
    """A deletion that is not in the bin, or not any more; or several go by that name."""

    MESSAGE = "Nothing that was deleted goes by the name '{named}'."
    FIX = "See what can be had back with: beltline history bin."


class SqueezeNotFound(_Told):
    """A squeeze test that is not there, or not any more."""

    MESSAGE = "This squeeze test is no longer in the history."
    FIX = "It may have been deleted in another window; read the history again."


class ProfileNotFound(HistoryError):
    """A profile that is not there, or not any more."""

    def __init__(self, name: str = "", known: Sequence[str] = ()) -> None:
        if name:
            message = tr("There is no person named '{name}' in the history.").format(name=name)
        else:
            message = tr("This person is not in the history any more.")
        names = ", ".join(f"'{one}'" for one in known)
        fix = tr("There is {names}.").format(names=names) if names else tr("Save a check first.")
        super().__init__(message, fix if name else tr("Choose another person."))


class ProfileNameError(HistoryError):
    """A name that no profile can have."""


class ProfileDetailError(HistoryError):
    """An ID or a year of birth that nobody can have."""


class LogoRefused(HistoryError):
    """A file that cannot be a practice's logo; the one before stays."""

    def __init__(self, message: str) -> None:
        super().__init__(message, tr("Choose a PNG or JPEG picture of your logo."))


class LockedHistory(_Told):
    """Another program holds the database."""

    MESSAGE = "Another program is using the history and does not let go of it."
    FIX = "Close other windows of Beltline, then try again."


class CorruptHistory(_Told):
    """The database file is damaged, or no database at all."""

    MESSAGE = "The history in '{named}' is damaged, so nothing is written into it."
    FIX = (
        "Settings saves what can still be read, and so does: beltline history salvage. "
        "Earlier copies are listed by: beltline history copies."
    )


class NothingToSave(_Told):
    """No database file of which anything could be saved."""

    MESSAGE = "There is no history in '{named}', so there is nothing to save."
    FIX = "Copies of earlier days are listed by: beltline history copies."


class FileIsThere(_Told):
    """A file that would have to be replaced."""

    MESSAGE = "There is a file '{named}' already."
    FIX = "Choose another name."


class CopyNotFound(_Told):
    """A day of which there is no copy."""

    MESSAGE = "There is no copy of the history of the day '{named}'."
    FIX = "See which ones there are with: beltline history copies."


class UnusableCopy(_Told):
    """A file that cannot take the history's place."""

    MESSAGE = "The file '{named}' is damaged or no history of Beltline's, so nothing was changed."
    FIX = "Choose another one; beltline history copies lists them."


class UnreadableRows(HistoryError):
    """Rows that make no sense and were left out; all others were there."""

    def __init__(self, rows: Sequence[UnreadableRow]) -> None:
        named = [_ROW_WORDS[row.kind].format(id=row.id) for row in rows]
        more = len(named) - _NAMED_MOST
        if more > 0:
            named[_NAMED_MOST:] = [tr("{count} more").format(count=more)]
        super().__init__(
            tr("The history is damaged in places, and this cannot be read: {rows}.").format(
                rows=", ".join(named)
            ),
            tr(
                "All else is there; earlier copies may have it: see Settings, or "
                "beltline history copies."
            ),
        )


class EmptiedHistory(CorruptHistory):
    """A database file without anything in it, beside what a history has left."""

    MESSAGE = "The history in '{named}' is an empty file and was left as it is."
    FIX = "Put a copy from a backup in its place, or move the file away to start afresh."


class BegunAnew(_Told):
    """Told: the database file was empty, and nothing else of a history was there."""

    MESSAGE = "The history in '{named}' was an empty file, so a new history was begun."
    FIX = "If there was a history before, import a backup of it."


class LogSetAside(_Told):
    """Told: the log beside the database file belonged to another one."""

    MESSAGE = (
        "The history in '{named}' was replaced by another copy, so the last changes to the one "
        "before were put aside beside it."
    )
    FIX = "If that is not what you wanted, put the one before back from a backup."


class PicturesSetAside(HistoryError):
    """Told: pictures that no check has were not deleted but put aside.

    Parameters
    ----------
    count
        How many.
    days
        When they go.
    """

    def __init__(self, count: int, folder: Path, days: int) -> None:
        super().__init__(_SET_ASIDE.of(count, folder=folder), _RETURN.of(days))


class PicturesStay(HistoryError):
    """The checks are deleted, but not all of their pictures could be."""

    def __init__(self, count: int, folder: Path) -> None:
        super().__init__(
            _STAY.of(count, folder=folder),
            tr("Allow deleting there in the folder's properties, then open Beltline again."),
        )


class ForeignDatabase(_Told):
    """A database of some other program."""

    MESSAGE = "The database {named} belongs to another program and was left as it is."
    FIX = "Move it away, or name another database."


class NewerHistory(_Told):
    """A database that a newer version has written."""

    MESSAGE = "The history was written by a newer version of Beltline and was left as it is."
    FIX = "Install the newest version of Beltline."


class FullDisk(_Told):
    """No room left."""

    MESSAGE = "The disk is full, so nothing could be written to '{named}'."
    FIX = "Make some room on the disk, then try again."


class ReadOnlyHistory(_Told):
    """A file or folder that may not be written to."""

    MESSAGE = "Nothing may be written to '{named}'."
    FIX = (
        "Allow writing there in the folder's properties, or free the disk from its "
        "write protection."
    )


class OnlyReadable(ReadOnlyHistory):
    """Told: the history can be looked at, and nothing can be added."""

    MESSAGE = "The history in '{named}' can be read, but nothing can be saved there."


class BrokenDisk(HistoryError):
    """Reading or writing failed for another reason."""

    def __init__(self, where: Path | str, why: str = "") -> None:
        if why:
            message = tr("The disk with '{where}' cannot be read or written ({why}).")
        else:
            message = tr("The disk with '{where}' cannot be read or written.")
        super().__init__(
            message.format(where=where, why=why),
            tr("Check that the disk is connected and in order, then try again."),
        )


class UpgradeFailed(_Told):
    """An older database that could not be brought up to this version."""

    MESSAGE = (
        "The history could not be brought up to this version of Beltline and was left as it was."
    )
    FIX = "Use the version that you had before, and report what happened."


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


translatable(__name__)
