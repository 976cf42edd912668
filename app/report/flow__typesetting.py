"""Sizes and colours of text, and how it is broken into lines. Lengths are points, 1/72 inch."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.report.fonts import Face, Fonts

_LINE_HEIGHT = 1.32
_MORE = "\u2026"


class Ink(StrEnum):
    """Colours on white paper, those of the light screen."""

    TEXT = "#1b2330"
    MUTED = "#586172"
    LINE = "#c3c9d1"
    BAND = "#d8ebe3"
    BAND_MIDDLE = "#6f9f8b"
    MARK = "#0b63b0"


@dataclass(frozen=True, slots=True)
class Style:
    """How a text looks."""

    size_pt: float
    bold: bool = False
    ink: Ink = Ink.TEXT

    @property
    def leading_pt(self) -> float:
        """From one line to the next."""
        return self.size_pt * _LINE_HEIGHT


TITLE = Style(17.0, bold=True)
NUMBER = Style(15.0, bold=True)
HEADING = Style(10.0, bold=True)
BODY = Style(9.0)
CAPTION = Style(8.0, ink=Ink.MUTED)
NAME = Style(7.5, ink=Ink.MUTED)
TABLE = Style(7.5)
TABLE_BOLD = Style(7.5, bold=True)
FINE = Style(7.0, ink=Ink.MUTED)


@dataclass(frozen=True, slots=True)
class Typesetter:
    """Breaks text into lines; every text that is drawn has gone through here."""

    fonts: Fonts

    def face(self, style: Style) -> Face:
        """Return the font of a style."""
        return self.fonts.bold if style.bold else self.fonts.regular

    def width_pt(self, text: str, style: Style) -> float:
        """Return how wide a printable line is."""
        return self.face(style).width_pt(text, style.size_pt)

    def lines(
        self, text: str, style: Style, room_pt: float, most: int | None = None
    ) -> tuple[str, ...]:
        """Break a text into lines no wider than ``room_pt``.

        Parameters
        ----------
        text
            Anything; letters that the font lacks are replaced.
        style
            How it will look.
        room_pt
            Width of the lines; a word that is wider is broken.
        most
            No more lines than this, the last of them then ends in three dots.
        """
        lines: list[str] = []
        for word in self.fonts.printable(text).split():
            if lines and self.width_pt(f"{lines[-1]} {word}", style) <= room_pt:
                lines[-1] = f"{lines[-1]} {word}"
            else:
                lines += self._pieces(word, style, room_pt)
            if most is not None and len(lines) > most:
                return (*lines[: most - 1], self._shortened(lines[most - 1], style, room_pt))
        return tuple(lines)

    def _pieces(self, word: str, style: Style, room_pt: float) -> list[str]:
        pieces = [""]
        for character in word:
            if pieces[-1] and self.width_pt(pieces[-1] + character, style) > room_pt:
                pieces.append("")
            pieces[-1] += character
        return pieces

    def _shortened(self, line: str, style: Style, room_pt: float) -> str:
        while line and self.width_pt(line + _MORE, style) > room_pt:
            line = line[:-1]
        return line.rstrip(" .,;:") + _MORE
