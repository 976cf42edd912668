"""Puts the parts of the report on one or two pages. Lengths are points."""

from __future__ import annotations

import contextlib
import io
import secrets
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any

from app.history.progress import read_progress
from app.history.records import RowOrder, RowQuery
from app.report.contents import arrange
from app.report.errors import ReportError
from app.report.flow import MARGIN_PT, PAGE_HEIGHT_PT
from app.text import measurement, report
from vision._version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.history.progress import Progress
    from app.history.records import Check, Profile, Squeeze, Trend
    from app.history.store import History
    from app.report.contents import Contents
    from app.report.flow import Block, Grid
    from app.report.sections import Sections
    from vision.result import Method


_SUFFIX = ".pdf"


def write_report(
    out: Path,
    profile: Profile,
    checks: Sequence[Check],
    trend: Trend,
    *,
    total_count: int | None = None,
    squeeze: Squeeze | None = None,
    progress: Progress | None = None,
) -> None:
    """Write one or two pages about a person's checks.

    The same input gives the same file, to the byte. Nothing needs a screen, so it may run
    beside one; a file that is there already is replaced.

    Parameters
    ----------
    out
        A name that ends in ``.pdf``.
    profile
        Whose report it is.
    checks
        At least one, in any order; the one taken last is shown large. Two pages have room
        for some sixty.
    trend
        Angles over time by one method.
    total_count
        How many checks there are where ``checks`` are only the newest of them.
    squeeze
        The newest squeeze test, or None.
    progress
        What the person did beside the checks, or None.

    Raises
    ------
    ReportError
        If there is no check, or the file cannot be written.
    """
    check_target(out)
    data = render(arrange(profile, checks, trend, total_count, squeeze, progress))
    _write_whole(out, data)


def check_target(out: Path) -> None:
    """Look whether a report can be written there, before there is any work in it.

    Raises
    ------
    ReportError
        With what is wrong and what to do about it.
    """
    if out.suffix.lower() != _SUFFIX:
        raise _not_written(out, report.WRONG_SUFFIX, report.WRONG_SUFFIX_FIX)
    try:
        if out.is_dir():
            raise _not_written(out, report.IS_FOLDER)
        if not out.parent.is_dir():
            raise _not_written(out, report.NO_FOLDER)
        # Replacing asks only whether the folder may be written to, not the file.
        if out.exists() and not out.stat().st_mode & 0o222:
            raise _not_written(out, report.READ_ONLY)
    except OSError as error:  # a name too long, or a folder that may not be looked into
        raise _not_written(out, error.strerror or str(error)) from error


def render(contents: Contents) -> bytes:
    """Return the report as the bytes of a PDF file."""
    from reportlab.pdfgen.canvas import Canvas

    from app.report.flow import FINE, MARGIN_PT, PAGE_HEIGHT_PT, PAGE_WIDTH_PT, Sheet, Typesetter
    from app.report.fonts import load_fonts
    from app.report.sections import Sections

    typesetter = Typesetter(load_fonts())
    sections = Sections(contents, typesetter)
    parts = lay_out(sections)
    pages = 1 + max(part.page for part in parts)
    data = io.BytesIO()
    canvas = Canvas(
        data,
        pagesize=(PAGE_WIDTH_PT, PAGE_HEIGHT_PT),
        pageCompression=1,
        invariant=1,
        initialFontName=typesetter.fonts.regular.name,
        lang="en-GB",
    )
    name = contents.profile.name
    _describe(canvas, report.FILE_TITLE.format(title=sections.title(), name=name), contents)
    sheet = Sheet(canvas, typesetter)
    foot_top = PAGE_HEIGHT_PT - MARGIN_PT - FOOT_PT + FOOT_PT / 2
    right = PAGE_WIDTH_PT - MARGIN_PT
    for page in range(pages):
        for part in parts:
            if part.page == page:
                part.block.draw(sheet, MARGIN_PT, MARGIN_PT + part.top_pt)
        number = report.PAGE.format(page=page + 1, pages=pages)
        room = right - MARGIN_PT - 2 * typesetter.width_pt(number, FINE)
        sheet.lines(typesetter.lines(sections.foot(), FINE, room, 1), FINE, MARGIN_PT, foot_top)
        sheet.lines((number,), FINE, right, foot_top, align=1.0)
        canvas.showPage()
    canvas.save()
    return data.getvalue()


def _describe(canvas: Any, title: str, contents: Contents) -> None:
    """Fill in the file's properties: no author, no path, and no time but the check's own."""
    made_at = contents.newest.saved_at.astimezone(UTC)
    canvas.setTitle(title)
    canvas.setAuthor("")
    canvas.setSubject("")
    canvas.setKeywords("")
    canvas.setCreator(f"Beltline {__version__}")
    canvas.setProducer(f"Beltline {__version__}")
    canvas.setDateFormatter(lambda *_now: made_at.strftime("D:%Y%m%d%H%M%S+00'00'"))
    canvas.setViewerPreference("DisplayDocTitle", "true")


def _write_whole(out: Path, data: bytes) -> None:
    part = out.with_name(f".report-{secrets.token_hex(6)}.part")
    try:
        with part.open("xb") as file:
            file.write(data)
        part.replace(out)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise _not_written(out, error.strerror or str(error)) from error


def _not_written(out: Path, why: str, fix: str = report.NOT_WRITTEN_FIX) -> ReportError:
    why = why.rstrip(".")
    message = report.NOT_WRITTEN.format(out=out, why=f"{why[:1].lower()}{why[1:]}")
    return ReportError(message, fix)


#: More rows than two pages have room for.
_CHECKS_MAX = 80
#: So many of the oldest checks are offered to stand beside the newest, should pictures lack.
_OLDEST_MAX = 5


def report_profile(
    out: Path, history: History, profile: Profile, method: Method | None = None
) -> None:
    """Write the report about a profile's checks.

    Parameters
    ----------
    out
        A name that ends in ``.pdf``.
    history
        Where the checks are.
    profile
        Whose they are.
    method
        Only checks by this method; None for all of them, with the angle over time by the
        method that was used most.

    Raises
    ------
    ReportError
        If there is no check to report on, or the file cannot be written.
    app.history.errors.HistoryError
        If the history cannot be read.
    """
    check_target(out)
    query = RowQuery(profile.id, method)
    total = history.count(query)
    if not total:
        raise _nothing(profile, method)
    rows = history.rows(query, 0, _CHECKS_MAX)
    checks = {row.id: history.check(row.id) for row in rows}
    checks |= _oldest(history, profile, rows[0].tilt.method, checks)
    trend = history.trend(profile.id, method or history.methods(profile.id)[0])
    squeeze = next(reversed(history.squeezes(profile.id)), None)
    write_report(
        out,
        profile,
        list(checks.values()),
        trend,
        total_count=total,
        squeeze=squeeze,
        progress=read_progress(history, profile.id),
    )


def _oldest(
    history: History, profile: Profile, method: Method, known: dict[int, Check]
) -> dict[int, Check]:
    query = RowQuery(profile.id, method, order=RowOrder.OLDEST)
    rows = history.rows(query, 0, _OLDEST_MAX)
    return {row.id: history.check(row.id) for row in rows if row.id not in known}


def _nothing(profile: Profile, method: Method | None) -> ReportError:
    if method is None:
        return ReportError(report.NO_CHECKS.format(name=profile.name), report.NO_CHECKS_FIX)
    return ReportError(
        report.NO_CHECKS_OF_METHOD.format(
            name=profile.name, method=measurement.METHOD_WORDS[method]
        ),
        report.NO_CHECKS_OF_METHOD_FIX,
    )


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
