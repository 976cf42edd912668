"""Writes outcomes to standard output as they come: JSON lines, or text for a person."""

from __future__ import annotations

import shutil
import textwrap
from typing import TYPE_CHECKING, TextIO, TypeAlias

import typer

from app.cli.console import degree_sign, printable
from app.cli.json_output import json_line, series_line
from app.text import measurement
from app.text.measurement import TextLine, describe, describe_context, describe_series

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vision.result import PhotoResult, SaveOutcome
    from vision.series import RefusedSeries, Series

#: Lines longer than this are hard to follow on a wide screen.
_WIDTH_MAX = 92


class JsonWriter:
    """One JSON object a line, out of the program at once, and nothing else."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, source: str, outcome: PhotoResult, kept: SaveOutcome) -> None:
        """Write what became of a photograph, by the name that was given for it.

        Where the overlay went is not part of it.
        """
        self._stream.buffer.write(json_line(source, outcome, kept.check_id))
        self._stream.buffer.flush()

    def write_series(self, series: Series | RefusedSeries) -> None:
        """Write what the photographs say together, after the last of them."""
        self._stream.buffer.write(series_line(series))
        self._stream.buffer.flush()

    def finish(self) -> None:
        """Write nothing: there are only lines."""


class TextWriter:
    """The same as paragraphs for a person, wrapped on a terminal."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._outcomes: list[PhotoResult] = []
        self._degree = degree_sign(stream)
        self._width = 0
        if stream.isatty():
            self._width = min(shutil.get_terminal_size().columns, _WIDTH_MAX)

    def write(self, source: str, outcome: PhotoResult, kept: SaveOutcome) -> None:
        """Write what became of a photograph, and what is kept of it."""
        lines = [*describe(source, outcome)]
        if kept.overlay is not None:
            lines += [TextLine(""), TextLine(measurement.OVERLAY_WRITTEN.format(path=kept.overlay))]
        if kept.check_id is not None:
            lines += [TextLine(""), TextLine(measurement.CHECK_KEPT.format(number=kept.check_id))]
        if self._outcomes:
            lines.insert(0, TextLine(""))
        self._outcomes.append(outcome)
        self._print(lines)

    def write_series(self, series: Series | RefusedSeries) -> None:
        """Write what the photographs say together."""
        gap = [TextLine("")] if self._outcomes else []
        self._print([*gap, *describe_series(series, len(self._outcomes))])

    def finish(self) -> None:
        """Write once what a tilt means."""
        self._print(describe_context(self._outcomes))

    def _print(self, lines: Iterable[TextLine]) -> None:
        for line in lines:
            shown = printable(self._shaped(line), self._stream)
            typer.echo(typer.style(shown, bold=True) if line.strong else shown, self._stream)
        self._stream.flush()

    def _shaped(self, line: TextLine) -> str:
        text = line.text.replace("°", self._degree)
        indent = " " * line.indent if text else ""
        if not self._width:
            return indent + text
        return textwrap.fill(
            text,
            max(self._width, 40),
            initial_indent=indent,
            subsequent_indent=indent + ("  " if text.startswith("- ") else ""),
            break_long_words=False,
            break_on_hyphens=False,
        )


Writer: TypeAlias = JsonWriter | TextWriter
