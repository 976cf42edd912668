"""Tables whose cells break their text. Lengths are points."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.report.flow__typesetting import NAME, TABLE, TABLE_BOLD, Style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.report.flow__sheet import Sheet
    from app.report.flow__typesetting import Typesetter

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
