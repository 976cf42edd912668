"""``beltline report``: options, and what is said when it does not work.

What reads and writes is loaded when the command runs, so that help is quick.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.errors import missing_library
from app.report import ReportError
from app.text import report as report_words
from vision.result import Method

if TYPE_CHECKING:
    from app.history.records import Profile
    from app.history.store import History

_FAILED, _WRONG_USAGE = 1, 2
_SUFFIX = ".pdf"

OutOption = Annotated[
    Path, typer.Option("--out", metavar="FILE.pdf", help="Where the report is written.")
]
ProfileOption = Annotated[
    str | None, typer.Option("--profile", metavar="NAME", help="Whose checks; your own by default.")
]
MethodOption = Annotated[
    Method | None,
    typer.Option("--method", help="Only checks measured this way; all of them by default."),
]


def report(out: OutOption, profile: ProfileOption = None, method: MethodOption = None) -> None:
    """Write a report of one or two pages (PDF) to bring to a physiotherapist."""
    raise typer.Exit(_run(out, profile, method))


def _run(out: Path, name: str | None, method: Method | None) -> int:
    from app.history.errors import HistoryError, ProfileNotFound

    if out.suffix.lower() != _SUFFIX:
        wrong = report_words.NOT_WRITTEN.format(out=out, why=report_words.WRONG_SUFFIX)
        return _fail(f"{wrong} {report_words.WRONG_SUFFIX_FIX}", _WRONG_USAGE)
    try:
        _write(out, name, method)
    except ProfileNotFound as error:
        return _fail(str(error), _WRONG_USAGE)
    except (ReportError, HistoryError) as error:
        return _fail(str(error), _FAILED)
    except ImportError as error:
        if (error.name or "").partition(".")[0] in {"app", "vision"}:
            raise
        return _fail(str(missing_library(error)), _FAILED)
    # A name may hold bytes that no encoding of a screen can show.
    encoding = sys.stdout.encoding or "utf-8"
    typer.echo(str(out).encode(encoding, "backslashreplace").decode(encoding))
    return 0


def _write(out: Path, name: str | None, method: Method | None) -> None:
    from app.history.store import History
    from app.report.document import report_profile

    history = History.open()
    try:
        profile = history.default_profile() if name is None else _profile(history, name)
        report_profile(out, history, profile, method)
    finally:
        history.close()


def _profile(history: History, name: str) -> Profile:
    from app.history.errors import ProfileNotFound

    profiles = history.profiles()
    for profile in profiles:
        if profile.name == name.strip():
            return profile
    raise ProfileNotFound(name, [profile.name for profile in profiles])


def _fail(sentence: str, status: int) -> int:
    typer.echo(f"beltline: {sentence}", err=True)
    return status
