"""Taking the history out into a file, and a file's checks in.

CSV for spreadsheets (:mod:`app.history.exchange.csv_format`), JSON for programs
(:mod:`app.history.exchange.json_format`). Both hold every field of every check, so that either
makes the same checks again; profiles without checks, squeeze tests and the diary are in JSON only.
Range tests make a table of their own besides (:mod:`app.history.exchange.range_table`).
Pictures are in neither.
"""

from __future__ import annotations

import os
import secrets
from codecs import BOM_UTF8
from contextlib import ExitStack, closing, contextmanager, suppress
from typing import TYPE_CHECKING, TypeVar

from app.history.errors import ExportFailed, ImportRefused
from app.history.exchange import csv_format, json_format
from app.history.exchange.model import NoExport, NotPortable, OtherFormat, PortableProfile
from app.history.exchange.range_table import write_ranges
from app.history.exchange.sources import AT_ONCE_BYTES, FILE_BYTES_MAX, open_ordinary
from app.history.place import hold_handle
from app.history.ranges import read_ranges
from vision.messages import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from app.history.exchange.model import Added, PortableHistory
    from app.history.store import History

_Written = TypeVar("_Written")
SUFFIXES = (".csv", ".json")
#: What is being written begins so, to be known again if nobody ends it.
_PART_BEGINS = ".beltline-"
#: Enough to find the first letter that is no space.
_BEGINNING_BYTES = 1 << 12


def export_file(history: History, path: Path, profile_id: int | None = None) -> int:
    """Write all checks, or one person's, to a file, replacing what was there.

    Into JSON, squeeze tests and the diary go as well.

    Parameters
    ----------
    path
        Its name ends in ``.csv`` or ``.json``, which says which it becomes.
    profile_id
        Whose checks; None for everybody's.

    Returns
    -------
    int
        How many checks there are in it.

    Raises
    ------
    ExportFailed
        If the name does not tell the format, or the file cannot be written; what was there
        before stays.
    HistoryError
        If the history cannot be read.
    """
    suffix = _suffix_of(path, SUFFIXES)
    return replace_file(path, lambda part: _write(history, part, suffix, profile_id))


def export_ranges(history: History, path: Path, profile_id: int | None = None) -> int:
    """Write all range tests, or one person's, to a table, replacing what was there.

    Parameters
    ----------
    path
        Its name ends in ``.csv``.
    profile_id, returns, raises
        As for :func:`export_file`; what is counted are range tests.
    """
    _suffix_of(path, (".csv",))
    names = {profile.id: profile.name for profile in history.profiles()}
    whose = names if profile_id is None else [profile_id]
    tests = [(names[one], test) for one in whose for test in read_ranges(history, one)]

    def write(part: Path) -> int:
        with part.open("w", encoding=csv_format.ENCODING, newline="") as stream:
            return write_ranges(stream, tests)

    return replace_file(path, write)


def import_file(history: History, path: Path) -> Added:
    """Add what is in a file that :func:`export_file` wrote.

    Raises
    ------
    ImportRefused
        If it cannot be read, is another program's, damaged, or of a newer version; the
        history is as it was.
    HistoryError
        If the history cannot be written; it is as it was.
    """
    with read_file(path) as content:
        return history.add_portable(content)


@contextmanager
def read_file(path: Path) -> Iterator[PortableHistory]:
    """Give what an export holds, read as it is asked for; errors as :func:`import_file`."""
    with ExitStack() as stack:
        try:
            stream = stack.enter_context(open_ordinary(path))
            size_bytes = os.fstat(stream.fileno()).st_size
            begins = stream.read(_BEGINNING_BYTES)
        except (OSError, ValueError) as error:
            raise unreadable(path, error) from None
        try:
            if size_bytes > FILE_BYTES_MAX:
                raise NoExport
            is_json = begins.removeprefix(BOM_UTF8).lstrip().startswith(b"{")
            read = json_format.read_json if is_json else csv_format.read_csv
            # What is no whole export is told while it is being taken in, too.
            yield read(stream).at_once() if size_bytes <= AT_ONCE_BYTES else read(stream)
        except NoExport:
            raise ImportRefused(
                tr("The file '{name}' is no export of Beltline's history.").format(name=path.name),
                tr("Choose a .csv or .json file that Beltline has exported."),
            ) from None
        except OtherFormat:
            raise ImportRefused(
                tr("The file '{name}' was exported by another version of Beltline.").format(
                    name=path.name
                ),
                tr("Install the newest version of Beltline, then import it."),
            ) from None
        except NotPortable as error:
            raise ImportRefused(
                tr("The file '{name}' is damaged ({why}), so nothing was imported.").format(
                    name=path.name, why=error
                ),
                tr("Export it once more, and do not change it by hand."),
            ) from None


def unreadable(path: Path, error: Exception) -> ImportRefused:
    """Return what to tell where a file cannot be read at all."""
    why = getattr(error, "strerror", None) or tr("its name makes no sense")
    return ImportRefused(
        tr("The file '{path}' cannot be read ({why}).").format(path=path, why=why),
        tr("Check its name and its folder."),
    )


def _suffix_of(path: Path, allowed: tuple[str, ...]) -> str:
    """Return how a name ends; :class:`ExportFailed` where that tells no format."""
    suffix = path.suffix.lower()
    if suffix not in allowed:
        raise ExportFailed(
            tr("The name '{path}' does not say which kind of file to write.").format(path=path),
            tr("Give a name that ends in {suffixes}.").format(suffixes=tr(" or ").join(allowed)),
        )
    return suffix


def replace_file(path: Path, write: Callable[[Path], _Written], failed: str = "") -> _Written:
    """Write a file beside the one that it is to replace, whole or not at all.

    Parameters
    ----------
    write
        Writes the file of the name that it is given; what it returns is returned.
    failed
        The sentence of :class:`ExportFailed`, with places for ``{path}`` and ``{why}``; an
        export's if it is empty.
    """
    # A name of its own: a link that somebody else put there must not be written through.
    part = path.with_name(f"{_PART_BEGINS}{secrets.token_hex(8)}.part")
    try:
        _remove_parts(path.parent)
        with _held(part):
            written = write(part)
            part.replace(path)
    except OSError as error:
        failed = failed or tr("The export cannot be written to '{path}' ({why}).")
        raise ExportFailed(
            failed.format(path=path, why=error.strerror or error),
            tr("Choose a folder that exists, that you may write to, and that has room."),
        ) from None
    return written


@contextmanager
def _held(part: Path) -> Iterator[None]:
    """Make a file that was not there and remove it in the end; while open it is nobody else's."""
    handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with ExitStack() as stack:
            stack.callback(os.close, handle)
            if not hold_handle(
                handle, alone=True
            ):  # there are no such locks: nothing is open when it moves
                stack.close()
            yield
    finally:
        part.unlink(missing_ok=True)


def _remove_parts(folder: Path) -> None:
    """Remove what killed programs had begun to write into a folder."""
    for path in folder.glob(f"{_PART_BEGINS}*.part"):
        if path.is_file() and not path.is_symlink():
            with suppress(OSError), path.open("rb") as stream:
                if hold_handle(stream.fileno(), alone=True):
                    path.unlink(missing_ok=True)


def _write(history: History, part: Path, suffix: str, profile_id: int | None) -> int:
    with closing(history.portable(profile_id)) as checks:
        if suffix == ".csv":
            with part.open("w", encoding=csv_format.ENCODING, newline="") as stream:
                return csv_format.write_csv(stream, checks)
        profiles = [
            PortableProfile.of(profile)
            for profile in history.profiles()
            if profile_id in (None, profile.id)
        ]
        with part.open("w", encoding="utf-8", newline="\n") as stream:
            squeezes = history.portable_squeezes(profile_id)
            entries = history.portable_entries(profile_id)
            return json_format.write_json(stream, profiles, checks, squeezes, entries)
