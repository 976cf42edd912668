"""``beltline report``: a report as PDF, to bring to a physiotherapist.

What reads and writes is loaded when the command runs, so that help is quick.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from app.cli.console import Status, failing_in_a_sentence, failure, printable
from app.history.errors import ProfileNotFound
from app.text import report as report_words
from vision.result import Method

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
    if out.suffix.lower() != _SUFFIX:
        wrong = report_words.NOT_WRITTEN.format(out=out, why=report_words.WRONG_SUFFIX)
        raise failure(f"{wrong} {report_words.WRONG_SUFFIX_FIX}", Status.WRONG_USAGE)
    with failing_in_a_sentence(ProfileNotFound):
        from app.history.store import History
        from app.report.document import report_profile

        with History.open() as history:
            whose = history.default_profile() if profile is None else history.find_profile(profile)
            report_profile(out, history, whose, method)
    typer.echo(printable(str(out), sys.stdout))
