"""Styles and building blocks of the report's pages, on reportlab's platypus. Lengths are points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, HRFlowable, NullActionFlowable, Paragraph, Spacer, Table
from reportlab.platypus.paraparser import ParaFrag

from app.report.fonts import BOLD, REGULAR, load_fonts
from app.report.shaped import LETTERS_PER_EM, ShapedText

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PAGE_SIZE_PT: tuple[float, float] = A4
PAGE_WIDTH_PT, PAGE_HEIGHT_PT = PAGE_SIZE_PT
MARGIN_PT = 42.0
FOOT_PT = 16.0
CONTENT_WIDTH_PT = PAGE_WIDTH_PT - 2 * MARGIN_PT
#: Height of what flows over a page, without the line at its foot.
PAGE_ROOM_PT = PAGE_HEIGHT_PT - 2 * MARGIN_PT - FOOT_PT
#: Between two parts of the report.
GAP_PT = 10.0
#: Between the lines of one part.
LINE_GAP_PT = 3.0
#: Between parts that stand side by side.
GUTTER_PT = 16.0
#: Right of each column of a table but the last.
CELL_GAP_PT = 8.0
_ROW_PAD_PT = 2.5
_HEAD_LINES = 2

# Colours on white paper, those of the light screen.
INK = HexColor("#1b2330")
MUTED = HexColor("#586172")
LINE = HexColor("#c3c9d1")
BAND = HexColor("#d8ebe3")
BAND_MIDDLE = HexColor("#4c7c68")
MARK = HexColor("#0b63b0")


def _style(size_pt: float, font: str = REGULAR, ink: HexColor = INK) -> ParagraphStyle:
    return ParagraphStyle(
        "",
        fontName=font,
        fontSize=size_pt,
        leading=1.32 * size_pt,
        textColor=ink,
        spaceShrinkage=0,
    )


TITLE = _style(17.0, BOLD)
NUMBER = _style(15.0, BOLD)
PERSON = _style(12.0, BOLD)
HEADING = _style(10.0, BOLD)
BODY = _style(9.0)
CAPTION = _style(8.0, ink=MUTED)
NAME = _style(7.5, ink=MUTED)
TABLE = _style(7.5)
TABLE_HEAD = _style(7.5, BOLD)
FINE = _style(7.0, ink=MUTED)
FINE_RIGHT = ParagraphStyle("", FINE, alignment=TA_RIGHT)

_SIDE_BY_SIDE = [
    # Else each cell names Helvetica, which would not be in the file.
    ("FONTNAME", (0, 0), (-1, -1), REGULAR),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-2, -1), GUTTER_PT),
    ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 0),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
]
#: Thin lines between the rows of a table.
GRID = [
    *_SIDE_BY_SIDE,
    ("RIGHTPADDING", (0, 0), (-2, -1), CELL_GAP_PT),
    ("TOPPADDING", (0, 0), (-1, -1), _ROW_PAD_PT),
    ("BOTTOMPADDING", (0, 0), (-1, -1), _ROW_PAD_PT),
    ("LINEABOVE", (0, 1), (-1, -1), 0.4, LINE),
]


class Text(Paragraph):  # type: ignore[misc]
    """A paragraph of plain text, never torn apart.

    Parameters
    ----------
    text
        Anything; letters that no font of this machine holds are replaced.
    style
        How it looks.
    most
        No more lines than this, the last of them then ends in three dots.
    """

    def __init__(self, text: str, style: ParagraphStyle, most: int | None = None) -> None:
        if most is not None:
            # A word of a million letters would be broken into lines that nobody sees.
            shown = most * (int(LETTERS_PER_EM * CONTENT_WIDTH_PT / style.fontSize) + 2)
            text = text if len(text) <= shown else f"{text[:shown]}…"
        # What the parser of markup makes of a text without any.
        plain = ParaFrag(
            text=load_fonts().printable(text),
            fontName=style.fontName,
            fontSize=style.fontSize,
            textColor=style.textColor,
            us_lines=[],
            link=[],
        )
        super().__init__(None, style, frags=[plain])
        enough = load_fonts().suffice(text)
        self._shaped = None if enough else ShapedText(text, style, most)
        self._most = most
        self._wrapped_pt = 0.0

    def wrap(self, width_pt: float, room_pt: float) -> tuple[float, float]:
        """Break the text once: a table asks for it again when it draws."""
        if width_pt != self._wrapped_pt:
            super().wrap(width_pt, room_pt)
            if self._shaped is not None:
                self.height = self._shaped.wrap(width_pt)
            self._wrapped_pt = width_pt
        return width_pt, float(self.height)

    def draw(self) -> None:
        """Draw it, letters that must be joined or ordered as outlines."""
        if self._shaped is None:
            super().draw()
        else:
            self._shaped.draw(self.canv, float(self.height))

    def breakLines(self, width: Sequence[float]) -> Any:
        """Break the text as any paragraph, and leave out what is too much."""
        broken = super().breakLines(width)
        if self._most is not None and len(broken.lines) > self._most:
            last = " ".join(broken.lines[self._most - 1][1])
            broken.lines[self._most - 1 :] = [(0.0, [self._shortened(last, width[-1])])]
        return broken

    def _shortened(self, line: str, room_pt: float) -> str:
        font, size = self.style.fontName, self.style.fontSize
        while line and stringWidth(f"{line}…", font, size) > room_pt:
            line = line[:-1]
        return line.rstrip(" .,;:") + "…"

    def split(self, *_room_pt: float) -> list[Flowable]:
        """Refuse to begin on one page and end on the next."""
        return []


class Fitted(Flowable):  # type: ignore[misc]
    """What is chosen only once it is known how much room the page has left.

    Parameters
    ----------
    choose
        Is given that height and the number of the page, and returns what shall stand there;
        what does not fit after all goes to the next page.
    """

    def __init__(self, choose: Callable[[float, int], Sequence[Flowable]]) -> None:
        super().__init__()
        self.spaceBefore = GAP_PT
        self._choose = choose

    def wrap(self, width_pt: float, _room_pt: float) -> tuple[float, float]:
        """Claim more room than a page has, for then the page asks for a split."""
        return width_pt, 2 * PAGE_HEIGHT_PT

    def split(self, _width_pt: float, room_pt: float) -> list[Flowable]:
        """Return what has been chosen; the action before it has the page look at it anew."""
        return [NullActionFlowable(), *self._choose(room_pt, self.canv.getPageNumber())]


def height_pt(part: Flowable, width_pt: float = CONTENT_WIDTH_PT) -> float:
    """Return how much room a part takes from top to bottom."""
    return float(part.wrap(width_pt, PAGE_ROOM_PT)[1])


def row_heights_pt(table: Table) -> list[float]:
    """Return how tall each row of a table is, with its head."""
    table.wrap(CONTENT_WIDTH_PT, PAGE_ROOM_PT)
    return list(table._rowHeights)


def spaced(part: Flowable) -> Flowable:
    """Return a part that keeps the distance of a line from what is above it."""
    part.spaceBefore = LINE_GAP_PT
    return part


def rule() -> Flowable:
    """Return a thin line from side to side."""
    return HRFlowable("100%", 0.6, color=LINE, spaceBefore=0, spaceAfter=0, lineCap="butt")


def stack(
    *parts: Flowable, width_pt: float = CONTENT_WIDTH_PT, gap_pt: float = LINE_GAP_PT
) -> Table:
    """Return parts one below the other, that stay on one page."""
    return beside((parts,), (width_pt,), gap_pt)


def beside(
    columns: Sequence[Sequence[Flowable]],
    widths_pt: Sequence[float],
    gap_pt: float = LINE_GAP_PT,
) -> Table:
    """Return columns of parts next to each other, tops in line, that stay on one page.

    Parameters
    ----------
    columns
        Parts from top to bottom, column by column.
    widths_pt
        Of the columns, with the gutter after each but the last.
    gap_pt
        Between parts of a column.
    """
    cells = []
    for column in columns:
        cells.append([column[0]])
        for part in column[1:]:
            cells[-1] += [Spacer(0, gap_pt), part]
    return Table([cells], list(widths_pt), style=_SIDE_BY_SIDE, hAlign="LEFT", spaceBefore=GAP_PT)


def grid(
    widths_pt: Sequence[float],
    rows: Sequence[Sequence[str]],
    *,
    most_lines: Sequence[int],
    head: Sequence[str] | None = None,
    names_first: bool = False,
) -> Table:
    """Return a table with thin lines between its rows; its head stands on each page.

    Parameters
    ----------
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
    cells = [
        [
            Text(text, TABLE if column or not names_first else NAME, most)
            for column, text in enumerate(row)
        ]
        for row, most in zip(rows, most_lines, strict=True)
    ]
    if head:
        cells.insert(0, [Text(text, TABLE_HEAD, _HEAD_LINES) for text in head])
    widths = [*widths_pt[:-1], widths_pt[-1] - CELL_GAP_PT]
    return Table(cells, widths, style=GRID, hAlign="LEFT", repeatRows=bool(head))
