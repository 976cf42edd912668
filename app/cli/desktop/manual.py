"""The manual page, written from the commands themselves so that it never falls behind them."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup, TyperOption

from app.settings import FOLDER_VARIABLE
from app.system.shell import Status
from vision._version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = "measure forward pelvic tilt from a side-on photograph"
_STATUSES = {
    str(Status.DONE.value): "Everything was done.",
    str(Status.WRONG_USAGE.value): "Wrong usage: nothing was done, and a sentence says what to "
    "write instead.",
    str(Status.NOT_ALL_MEASURED.value): "A photograph or a series was refused, or a file could "
    "not be read; the rest was done.",
    str(Status.FAILED.value): "Something else failed: the disk, the history, a camera, the "
    "installation, the output; a sentence says what.",
    "128 + n": "Ended by signal n: 130 by Ctrl-C, 143 by SIGTERM; "
    f"{Status.PIPE_CLOSED.value} when nobody reads the output any more.",
}
_VARIABLES = {
    "BELTLINE_DATABASE_URL": "A PostgreSQL database that keeps the history, instead of a file of "
    "your own.",
    FOLDER_VARIABLE: "The folder of the choices, instead of the usual one.",
}
#: What groff would make into something else than it is.
_ESCAPED = {
    **{"\\": r"\e", "-": r"\-", "'": r"\(aq", "`": r"\(ga", "^": r"\(ha", "~": r"\(ti"},
    '"': r"\(dq",
}
_SPECIAL = re.compile("[" + re.escape("".join(_ESCAPED)) + "]")


def manual_page(context: typer.Context | Any) -> str:
    """Return the page of section 1, in man's own macros.

    Parameters
    ----------
    context
        Of the program itself, not of one of its commands.
    """
    root = typer.Context(context.command, info_name="beltline")
    lines = [
        f'.TH BELTLINE 1 "" "Beltline {__version__}" "User Commands"',
        ".SH NAME",
        rf"beltline \- {_escaped(_NAME)}",
        ".SH SYNOPSIS",
        r".B beltline",
        r"[\fIPHOTO\fR...]",
        ".br",
        r".B beltline",
        r"\fICOMMAND\fR [\fIOPTIONS\fR] [\fIARGUMENTS\fR]",
        ".SH DESCRIPTION",
        *_paragraphs(root.command.help),
        ".SH OPTIONS",
        *_parameters(root),
        ".SH COMMANDS",
        *_commands(root),
        ".SH EXIT STATUS",
        *_tagged(_STATUSES),
        ".SH ENVIRONMENT",
        *_tagged(_VARIABLES),
    ]
    return "\n".join(lines) + "\n"


def compressed(page: str) -> bytes:
    """Return a page as man takes it; the same bytes for the same page, whenever it is made."""
    return gzip.compress(page.encode(), mtime=0)


def _commands(context: typer.Context) -> Iterator[str]:
    """Describe each command in a section of its own, commands of commands after their group."""
    command = context.command
    if not isinstance(command, TyperGroup):
        return
    for name, inner in command.commands.items():
        if not inner.hidden:
            below = typer.Context(inner, info_name=name, parent=context)
            pieces = " ".join(_argument(one) for one in inner.collect_usage_pieces(below))
            yield f".SS {_escaped(f'{below.command_path} {pieces}')}"
            yield from _paragraphs(inner.help)
            yield from _parameters(below)
            yield from _commands(below)


def _parameters(context: typer.Context) -> Iterator[str]:
    for parameter in context.command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None and parameter.name != "help":
            is_option = isinstance(parameter, TyperOption)
            name = record[0] if is_option else _argument(parameter.get_usage_pieces(context)[0])
            yield from _tagged({name: record[1]})


def _argument(piece: str) -> str:
    """Return an argument as manual pages name it: in brackets only where it may be left out."""
    return piece.replace("{", "").replace("}", "")


def _tagged(told: dict[str, str]) -> Iterator[str]:
    for name, text in told.items():
        yield from (".TP", f".B {_escaped(name)}", _escaped(" ".join(text.split())))


def _paragraphs(text: str | None) -> Iterator[str]:
    for paragraph in (text or "").split("\n\n"):
        yield from (".PP", _escaped(" ".join(paragraph.split())))


def _escaped(text: str) -> str:
    """Return a text that stands on the page as it is; a dot at its beginning is no macro."""
    safe = _SPECIAL.sub(lambda found: _ESCAPED[found[0]], text)
    return rf"\&{safe}" if safe.startswith(".") else safe
