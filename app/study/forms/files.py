"""Several files that belong together, all of them or none."""

from __future__ import annotations

import csv
import io
import secrets
from contextlib import ExitStack
from typing import TYPE_CHECKING

from app.study import StudyError
from app.text.research import forms as words
from vision.atomic_write import atomic_write, make_own_folder, why_not_written

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path


def csv_bytes(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a table as RFC 4180 has it: commas, CRLF, quotes where needed; UTF-8, no mark."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(heading)
    writer.writerows(rows)
    return stream.getvalue().encode()


def write_together(folder: Path, files: Mapping[str, bytes], *, replaces: bool) -> None:
    """Write files into a folder, which is made if it is not there.

    Parameters
    ----------
    files
        What goes into which name.
    replaces
        Whether files of these names may be replaced.

    Raises
    ------
    StudyError
        If one is there already and may not be replaced, or cannot be written; the folder is as
        it was.
    """
    paths = {name: folder / name for name in files}
    for path in paths.values():
        if path.is_dir() or (path.exists() and not replaces):
            raise StudyError(words.ALREADY_THERE.format(path=path), words.CHOOSE_OTHER)
    token = secrets.token_hex(8)
    parts = {name: folder / f".{token}.{name}" for name in files}
    try:
        with ExitStack() as stack:
            make_own_folder(folder)
            for name, data in files.items():
                atomic_write(parts[name], data)
                stack.callback(parts[name].unlink, missing_ok=True)
            for name in files:
                parts[name].replace(paths[name])
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL
        why = why_not_written(error) if isinstance(error, OSError) else "its name makes no sense"
        raise StudyError(
            words.NOT_WRITTEN.format(folder=folder, why=why), words.CHOOSE_FOLDER
        ) from None
