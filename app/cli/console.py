"""What the commands have in common: how they fail, and what a screen can show."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.cli.lines import plain, printable
from app.errors import AppError, libraries_needed
from app.system.shell import Status
from vision.reasons import ExplainedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.history.store import History


def complain(sentence: str) -> None:
    """Say on standard error what went wrong."""
    print(f"beltline: {plain(sentence)}", file=sys.stderr)


def failure(sentence: str, status: Status = Status.FAILED) -> SystemExit:
    """Say what went wrong, and return what to raise."""
    complain(sentence)
    return SystemExit(status)


def pass_on(history: History) -> History:
    """Say on standard error what a person should hear of how the history was found."""
    for one in history.take_told():
        complain(str(one))
    return history


@contextmanager
def failing_in_a_sentence(*asked_wrongly: type[Exception]) -> Iterator[None]:
    """Leave with one sentence where the environment fails; a bug keeps its traceback.

    Parameters
    ----------
    asked_wrongly
        What is wrong usage rather than a failure.
    """
    try:
        with libraries_needed():
            yield
    except asked_wrongly as error:
        raise failure(str(error), Status.WRONG_USAGE) from None
    except (AppError, ExplainedError) as error:
        raise failure(str(error)) from None


def fail_for_damage(history: History) -> None:
    """Say what of a history could not be read, once all else was done; that is a failure."""
    harm = history.harm()
    if harm is not None:
        sys.stdout.flush()
        raise failure(str(harm))


def write_at_once(line: bytes) -> None:
    """Write a line to standard output now: whoever reads may act on it."""
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()


def show(*lines: str) -> None:
    """Print lines for people on standard output."""
    for line in lines:
        print(printable(line))


def confirm(question: str) -> bool:
    """Ask a person at the terminal; whoever breaks off has said no."""
    import typer

    try:
        return typer.confirm(question, err=True)
    except typer.Abort:
        typer.echo(err=True)
        return False
