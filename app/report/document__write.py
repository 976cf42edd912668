"""Writes a report as a PDF file, whole or not at all."""

from __future__ import annotations

import contextlib
import io
import secrets
from datetime import UTC
from typing import TYPE_CHECKING, Any

from app.report.contents import arrange
from app.report.errors import ReportError
from app.text import report
from vision._version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.history.progress import Progress
    from app.history.records import Check, Profile, Squeeze, Trend
    from app.report.contents import Contents

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

    from app.report.document import FOOT_PT, lay_out
    from app.report.flow__sheet import MARGIN_PT, PAGE_HEIGHT_PT, PAGE_WIDTH_PT, Sheet
    from app.report.flow__typesetting import FINE, Typesetter
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
