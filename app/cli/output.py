"""Writes outcomes to standard output as they come: JSON lines, or text for a person."""

from __future__ import annotations

import shutil
import textwrap
from typing import TYPE_CHECKING, Protocol, TextIO

import typer

from app.cli.console import degree_sign, printable
from app.cli.json_output import json_line, series_line
from app.text import measurement
from app.text.measurement import TextLine, describe, describe_context, describe_series

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vision.result import Kept, PhotoResult
    from vision.series import RefusedSeries, Series

#: Lines longer than this are hard to follow on a wide screen.
_WIDTH_MAX = 92


class Writer(Protocol):
    """Takes outcomes in the order of the photographs."""

    def write(self, source: str, outcome: PhotoResult, kept: Kept) -> None:
        """Write one outcome, out of the program at once.

        Parameters
        ----------
        source
            The photograph's name as it was given.
        outcome
            What became of it.
        kept
            What else there is of it now.
        """
        ...

    def write_series(self, series: Series | RefusedSeries) -> None:
        """Write what the photographs say together, after the last of them."""
        ...

    def finish(self) -> None:
        """Write what belongs below everything."""
        ...


class JsonWriter:
    """One JSON object a line, UTF-8 whatever the locale says, and nothing else."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, source: str, outcome: PhotoResult, kept: Kept) -> None:
        """Write and flush one line; where the overlay went is not part of it."""
        self._stream.buffer.write(json_line(source, outcome, kept.check_id))
        self._stream.buffer.flush()

    def write_series(self, series: Series | RefusedSeries) -> None:
        """Write and flush one line more."""
        self._stream.buffer.write(series_line(series))
        self._stream.buffer.flush()

    def finish(self) -> None:
        """Write nothing: there are only lines."""


class TextWriter:
    """Paragraphs for a person, wrapped on a terminal."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._outcomes: list[PhotoResult] = []
        self._degree = degree_sign(stream)
        self._width = 0
        if stream.isatty():
            self._width = min(shutil.get_terminal_size().columns, _WIDTH_MAX)

    def write(self, source: str, outcome: PhotoResult, kept: Kept) -> None:
        """Write and flush one photograph's paragraph."""
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
        """Write and flush one paragraph more."""
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
