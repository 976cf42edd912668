"""Tables whose cells break their text. Lengths are points."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.report.fonts import Face, Fonts


class Block(Protocol):
    """Something with a height that can be drawn once its place is known."""

    @property
    def height_pt(self) -> float:
        """How much room it takes from top to bottom."""
        ...

    def draw(self, sheet: Sheet, left_pt: float, top_pt: float) -> None:
        """Draw it with its upper left corner there."""
        ...


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph, broken into lines."""

    lines: tuple[str, ...]
    style: Style

    @property
    def height_pt(self) -> float:
        """How much room it takes from top to bottom."""
        return len(self.lines) * self.style.leading_pt

    def draw(self, sheet: Sheet, left_pt: float, top_pt: float) -> None:
        """Write it."""
        sheet.lines(self.lines, self.style, left_pt, top_pt)


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line from side to side."""

    width_pt: float
    height_pt: float = 1.0

    def draw(self, sheet: Sheet, left_pt: float, top_pt: float) -> None:
        """Draw it."""
        sheet.rule((left_pt, top_pt), (left_pt + self.width_pt, top_pt))


@dataclass(frozen=True, slots=True)
class Stack:
    """Blocks one below the other, ``gap_pt`` apart."""

    blocks: tuple[Block, ...]
    gap_pt: float = 3.0

    @property
    def height_pt(self) -> float:
        """How much room they take from top to bottom."""
        gaps = self.gap_pt * max(0, len(self.blocks) - 1)
        return sum(block.height_pt for block in self.blocks) + gaps

    def draw(self, sheet: Sheet, left_pt: float, top_pt: float) -> None:
        """Draw them from the top."""
        for block in self.blocks:
            block.draw(sheet, left_pt, top_pt)
            top_pt += block.height_pt + self.gap_pt


@dataclass(frozen=True, slots=True)
class Beside:
    """Two blocks next to each other, tops in line.

    Attributes
    ----------
    offset_pt
        From the left edge of the first to that of the second.
    """

    first: Block
    second: Block
    offset_pt: float

    @property
    def height_pt(self) -> float:
        """The height of the taller one."""
        return max(self.first.height_pt, self.second.height_pt)

    def draw(self, sheet: Sheet, left_pt: float, top_pt: float) -> None:
        """Draw both."""
        self.first.draw(sheet, left_pt, top_pt)
        self.second.draw(sheet, left_pt + self.offset_pt, top_pt)


def paragraph(
    typesetter: Typesetter, text: str, style: Style, room_pt: float, most: int | None = None
) -> Text:
    """Break a text into a paragraph of at most ``most`` lines."""
    return Text(typesetter.lines(text, style, room_pt, most), style)


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


PAGE_WIDTH_PT, PAGE_HEIGHT_PT = 595.28, 841.89
MARGIN_PT = 42.0
CONTENT_WIDTH_PT = PAGE_WIDTH_PT - 2 * MARGIN_PT
#: Letters stand on a line this share of their size below its top.
_ASCENT = 1.0


class Sheet:
    """A reportlab canvas with y pointing down.

    Parameters
    ----------
    canvas
        A ``reportlab.pdfgen.canvas.Canvas`` of A4 size.
    typesetter
        Its fonts.
    """

    def __init__(self, canvas: Any, typesetter: Typesetter) -> None:
        self.canvas = canvas
        self.typesetter = typesetter

    def lines(
        self,
        lines: Sequence[str],
        style: Style,
        left_pt: float,
        top_pt: float,
        align: float = 0.0,
    ) -> None:
        """Write lines one below the other.

        Parameters
        ----------
        lines
            As :meth:`Typesetter.lines` returns them.
        style
            How they look.
        left_pt, top_pt
            Where the first one begins, at the top of its letters.
        align
            0 = they begin at ``left_pt``, 0.5 = it is their middle, 1 = their end.
        """
        canvas, face = self.canvas, self.typesetter.face(style)
        canvas.setFillColor(style.ink.value)
        canvas.setFont(face.name, style.size_pt)
        baseline = PAGE_HEIGHT_PT - top_pt - _ASCENT * style.size_pt
        for number, line in enumerate(lines):
            left = left_pt - align * face.width_pt(line, style.size_pt)
            canvas.drawString(left, baseline - number * style.leading_pt, line)

    def rule(
        self,
        start_pt: tuple[float, float],
        end_pt: tuple[float, float],
        ink: Ink = Ink.LINE,
        width_pt: float = 0.6,
        dash_pt: float = 0.0,
    ) -> None:
        """Draw a straight stroke; ``dash_pt`` 0 = solid."""
        canvas = self.canvas
        canvas.setStrokeColor(ink.value)
        canvas.setLineWidth(width_pt)
        canvas.setDash([dash_pt, dash_pt] if dash_pt else [])
        (x1, y1), (x2, y2) = start_pt, end_pt
        canvas.line(x1, PAGE_HEIGHT_PT - y1, x2, PAGE_HEIGHT_PT - y2)
        canvas.setDash([])

    def box(
        self, left_pt: float, top_pt: float, width_pt: float, height_pt: float, ink: Ink
    ) -> None:
        """Fill a rectangle."""
        self.canvas.setFillColor(ink.value)
        bottom = PAGE_HEIGHT_PT - top_pt - height_pt
        self.canvas.rect(left_pt, bottom, width_pt, height_pt, stroke=0, fill=1)

    def dot(self, x_pt: float, y_pt: float, radius_pt: float, ink: Ink) -> None:
        """Fill a circle."""
        self.canvas.setFillColor(ink.value)
        self.canvas.circle(x_pt, PAGE_HEIGHT_PT - y_pt, radius_pt, stroke=0, fill=1)

    def image(
        self, jpeg: bytes, left_pt: float, top_pt: float, width_pt: float, height_pt: float
    ) -> None:
        """Draw a JPEG picture, embedded as it is."""
        from reportlab.lib.utils import ImageReader

        bottom = PAGE_HEIGHT_PT - top_pt - height_pt
        self.canvas.drawImage(ImageReader(io.BytesIO(jpeg)), left_pt, bottom, width_pt, height_pt)


CELL_GAP_PT = 8.0
_ROW_PAD_PT = 2.5
_HEAD_LINES = 2


@dataclass(frozen=True, slots=True)
class Cell:
    """Lines of text in one cell."""

    lines: tuple[str, ...]
    style: Style

    @property
    def height_pt(self) -> float:
        """How much room they take from top to bottom; an empty cell is one line high."""
        return max(1, len(self.lines)) * self.style.leading_pt


@dataclass(frozen=True, slots=True)
class Row:
    """Cells from left to right."""

    cells: tuple[Cell, ...]

    @property
    def height_pt(self) -> float:
        """The tallest cell's height, with the space round it."""
        return max(cell.height_pt for cell in self.cells) + 2 * _ROW_PAD_PT


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows below a head, with thin lines between them.

    Attributes
    ----------
    widths_pt
        Of the columns, with the gap after each.
    head
        Names of the columns, or None.
    rows
        From top to bottom.
    """

    widths_pt: tuple[float, ...]
    head: Row | None
    rows: tuple[Row, ...]

    @property
    def height_pt(self) -> float:
        """How much room head and rows take from top to bottom."""
        return sum(row.height_pt for row in self._all())

    def draw(self, sheet: Sheet, left_pt: float, top_pt: float) -> None:
        """Draw head, rows and lines."""
        right = left_pt + sum(self.widths_pt) - CELL_GAP_PT
        for number, row in enumerate(self._all()):
            if number:
                sheet.rule((left_pt, top_pt), (right, top_pt), width_pt=0.4)
            x = left_pt
            for cell, width in zip(row.cells, self.widths_pt, strict=True):
                sheet.lines(cell.lines, cell.style, x, top_pt + _ROW_PAD_PT)
                x += width
            top_pt += row.height_pt

    def fitting(self, room_pt: float) -> int:
        """Return how many rows fit below the head in that height."""
        left = room_pt - (self.head.height_pt if self.head else 0.0)
        for count, row in enumerate(self.rows):
            left -= row.height_pt
            if left < 0:
                return count
        return len(self.rows)

    def part(self, first: int, count: int) -> Grid:
        """Return so many rows from ``first`` on, with the head."""
        return replace(self, rows=self.rows[first : first + count])

    def _all(self) -> tuple[Row, ...]:
        return (*((self.head,) if self.head else ()), *self.rows)


def make_grid(
    typesetter: Typesetter,
    widths_pt: Sequence[float],
    rows: Sequence[Sequence[str]],
    *,
    most_lines: Sequence[int],
    head: Sequence[str] | None = None,
    names_first: bool = False,
) -> Grid:
    """Break texts into the cells of a table.

    Parameters
    ----------
    typesetter
        Breaks them.
    widths_pt
        Of the columns, with the gap after each.
    rows
        Texts from left to right, row by row.
    most_lines
        For each row: more lines than this are cut, with three dots.
    head
        Names of the columns.
    names_first
        Whether the first column names its row.
    """

    def row(texts: Sequence[str], styles: Sequence[Style], most: int) -> Row:
        cells = zip(texts, styles, widths_pt, strict=True)
        return Row(
            tuple(
                Cell(typesetter.lines(text, style, width - CELL_GAP_PT, most), style)
                for text, style, width in cells
            )
        )

    plain = [NAME if names_first and not i else TABLE for i in range(len(widths_pt))]
    top = row(head, [TABLE_BOLD] * len(widths_pt), _HEAD_LINES) if head else None
    made = [row(texts, plain, most) for texts, most in zip(rows, most_lines, strict=True)]
    return Grid(tuple(widths_pt), top, tuple(made))
