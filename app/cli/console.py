"""What the commands have in common: how they fail, and what a screen can show."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from enum import IntEnum
from typing import TYPE_CHECKING

import typer

from app.errors import AppError, libraries_needed
from vision.reasons import ExplainedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.history.store import History


class Status(IntEnum):
    """Exit status of the command line."""

    DONE = 0
    FAILED = 1
    WRONG_USAGE = 2
    NOT_ALL_MEASURED = 3
    #: What a shell reports for a program that was ended by a closed pipe.
    PIPE_CLOSED = 141


def complain(sentence: str) -> None:
    """Say on standard error what went wrong."""
    typer.echo(f"beltline: {sentence}", err=True)


def failure(sentence: str, status: Status = Status.FAILED) -> typer.Exit:
    """Say what went wrong, and return what to raise."""
    complain(sentence)
    return typer.Exit(status)


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


@contextmanager
def writing_results() -> Iterator[None]:
    """Leave in good order when nobody reads standard output, or a disk is full."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        _discard_output()
        raise typer.Exit(Status.PIPE_CLOSED) from None
    except OSError as error:
        _discard_output()
        raise failure(f"The results cannot be written: {error.strerror or error}.") from None


def fail_for_damage(history: History) -> None:
    """Say what of a history could not be read, once all else was done; that is a failure."""
    told = history.told()
    if told is not None:
        sys.stdout.flush()
        raise failure(str(told))


def write_at_once(line: bytes) -> None:
    """Write a line to standard output now: whoever reads may act on it."""
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()


def printable(text: str) -> str:
    """Return what standard output can show of a text: a name may hold what no encoding can."""
    encoding = sys.stdout.encoding or "utf-8"
    if "°".encode(encoding, "ignore") == b"":
        text = text.replace("°", " deg")
    return text.encode(encoding, "backslashreplace").decode(encoding)


def _discard_output() -> None:
    """Keep Python's own last flush of standard output from failing once more."""
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, sys.stdout.fileno())
    os.close(sink)
