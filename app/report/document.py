"""Puts the parts of the report on one or two pages. Lengths are points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.report.flow__sheet import MARGIN_PT, PAGE_HEIGHT_PT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.report.flow import Grid
    from app.report.flow__blocks import Block
    from app.report.sections import Sections

FOOT_PT = 16.0
PAGE_ROOM_PT = PAGE_HEIGHT_PT - 2 * MARGIN_PT - FOOT_PT
_GAP_PT = 10.0
_LINE_GAP_PT = 3.0
#: A table is not begun at the foot of a page for fewer rows than these.
_ROWS_MIN = 3
_LAST_PAGE = 1
#: Lines in a cell of the table: notes are cut shorter when that shows more checks.
_CELL_LINES = (6, 4, 3, 2)


@dataclass(frozen=True, slots=True)
class Placed:
    """A part, its page (0 or 1), and where on it the part begins, from the content's top."""

    page: int
    top_pt: float
    block: Block


@dataclass(frozen=True, slots=True)
class _Share:
    """How many rows of the table stand on the first and on the last page."""

    first: int
    last: int

    @property
    def shown(self) -> int:
        return self.first + self.last


def lay_out(sections: Sections) -> tuple[Placed, ...]:
    """Place all parts; the table has as many rows as two pages leave room for."""
    return _Layout(sections).placed()


class _Layout:
    """Fills pages from top to bottom."""

    def __init__(self, sections: Sections) -> None:
        self._sections = sections
        self._parts: list[Placed] = []
        self._page, self._top = 0, 0.0

    def placed(self) -> tuple[Placed, ...]:
        closing = self._sections.closing()
        alone, done = self._sections.total_count == 1, self._sections.done()
        # A single check has been told already when a table would repeat it: one page will do.
        is_short = alone and not done
        room = PAGE_ROOM_PT - (closing.height_pt + _GAP_PT if is_short else 0.0)
        for block in self._sections.front(room, _GAP_PT):
            if self._top + block.height_pt > PAGE_ROOM_PT:
                self._turn()
            self._place(block)
        self._place_longest(done, closing.height_pt + _GAP_PT)
        if not alone:
            self._place_table(closing.height_pt + _GAP_PT)
        if self._top + closing.height_pt > PAGE_ROOM_PT:
            self._turn()
        # Fine print belongs to the foot of its page.
        self._top = PAGE_ROOM_PT - closing.height_pt
        self._place(closing)
        return tuple(self._parts)

    def _place_longest(self, forms: Sequence[Block], closing_pt: float) -> None:
        """Place the longest form for which there is room; the last page ends with the closing."""
        for block in forms:
            if self._top + block.height_pt + self._kept_pt(closing_pt) <= PAGE_ROOM_PT:
                self._place(block)
                return
            if self._page < _LAST_PAGE:
                self._turn()
                self._place(block)
                return

    def _kept_pt(self, closing_pt: float) -> float:
        """Return what has to be left free below: the fine print and the foot of the table."""
        if self._page < _LAST_PAGE:
            return 0.0
        sections, total = self._sections, self._sections.total_count
        words = sections.table_title(total, total).height_pt + sections.left_out(total).height_pt
        return closing_pt + words + 3 * _GAP_PT

    def _place_table(self, closing_pt: float) -> None:
        sections, total = self._sections, self._sections.total_count
        for most_lines in _CELL_LINES:
            grid = sections.table(most_lines)
            share = self._share(grid, closing_pt)
            if share.shown == len(grid.rows):
                break
        if not share.first and self._page < _LAST_PAGE:
            self._turn()
        self._place(sections.table_title(share.shown, total), _LINE_GAP_PT)
        if share.first:
            self._place(grid.part(0, share.first), _LINE_GAP_PT)
        if share.last:
            if share.first:
                self._turn()
            self._place(grid.part(share.first, share.last), _LINE_GAP_PT)
        if total > share.shown:
            self._place(sections.left_out(total - share.shown))

    def _share(self, grid: Grid, closing_pt: float) -> _Share:
        """Choose how many rows stand on which page, with title, closing and what is left out."""
        total = self._sections.total_count
        line_pt = self._sections.left_out(total).height_pt + _LINE_GAP_PT
        title_pt = self._sections.table_title(total, total).height_pt + _LINE_GAP_PT
        count, first, top = len(grid.rows), 0, 0.0
        if self._page < _LAST_PAGE:
            room = PAGE_ROOM_PT - self._top - title_pt - line_pt
            if grid.height_pt + closing_pt <= room:
                return _Share(count, 0)
            first = grid.fitting(room)
            first = first if first >= min(_ROWS_MIN, count) else 0
        else:
            top = self._top
        top += 0.0 if first else title_pt
        rest = grid.part(first, count)
        last = rest.fitting(PAGE_ROOM_PT - top - line_pt - closing_pt) if rest.rows else 0
        return _Share(first, last)

    def _place(self, block: Block, gap_pt: float = _GAP_PT) -> None:
        self._parts.append(Placed(self._page, self._top, block))
        self._top += block.height_pt + gap_pt

    def _turn(self) -> None:
        self._page, self._top = self._page + 1, 0.0
