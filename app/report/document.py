"""The report as a file: its pages, its properties, and how it gets onto the disk."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC
from functools import partial
from typing import TYPE_CHECKING, Any

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

from app.report import ReportError
from app.report.contents import gather
from app.report.flow import (
    CONTENT_WIDTH_PT,
    FINE,
    FINE_RIGHT,
    FOOT_PT,
    MARGIN_PT,
    PAGE_ROOM_PT,
    PAGE_SIZE_PT,
    Text,
    beside,
)
from app.report.fonts import REGULAR, look_anew, missing_letters
from app.report.sections import Sections
from app.text import report
from app.text.languages.wording import inside
from vision._version import __version__
from vision.atomic_write import atomic_write
from vision.messages import spoken

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from reportlab.platypus import Flowable

    from app.history.records import Profile
    from app.history.store import History
    from app.report.contents import Contents
    from vision.result import Method

_SUFFIX = ".pdf"
#: So many letters of those that are missing are named.
_LETTERS_SHOWN = 12
#: Room for the number of a page.
_NUMBER_PT = 60.0
_PROGRAM = f"Beltline {__version__}"


def report_profile(
    out: Path,
    history: History,
    profile: Profile,
    method: Method | None = None,
    *,
    hides_face: bool = False,
    warn: Callable[[str], object] | None = None,
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
    hides_face
        Whether the head is blurred in the pictures.
    warn
        Told, before anything is written, of letters that no font of this computer holds.

    Raises
    ------
    ReportError
        If there is no check to report on, or the file cannot be written.
    app.history.errors.HistoryError
        If the history cannot be read.
    """
    check_target(out)
    contents = replace(gather(history, profile, method), hides_face=hides_face)
    warning = letters_warning(contents)
    if warning and warn is not None:
        warn(warning)
    write_report(out, contents)


def letters_warning(contents: Contents) -> str:
    """Return a sentence about letters that would be printed as boxes, or nothing.

    A font that was installed a moment ago is known.
    """
    look_anew()
    missing = missing_letters(contents.typed)
    if not missing:
        return ""
    shown = " ".join(missing[:_LETTERS_SHOWN])
    more = f" {report.AND_MORE}" if len(missing) > _LETTERS_SHOWN else ""
    return report.LETTERS_WARNING.format(letters=f"{shown}{more}")


def write_report(out: Path, contents: Contents) -> None:
    """Write one or two pages about a person's checks.

    The same input gives the same file, to the byte. Nothing needs a screen, so it may run
    beside one; a file that is there already is replaced.

    Parameters
    ----------
    out
        A name that ends in ``.pdf``.
    contents
        What is printed.

    Raises
    ------
    ReportError
        If the file cannot be written.
    """
    check_target(out)
    write_pages(out, render(contents))


def write_pages(out: Path, pages: bytes) -> None:
    """Write a PDF file, or raise ReportError; a file that is there already is replaced."""
    try:
        atomic_write(out, pages)
    except OSError as error:
        raise _not_written(out, error.strerror or str(error)) from error


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
    sections = Sections(contents)
    return set_pages(
        sections.story(),
        title=report.FILE_TITLE.format(title=sections.title(), name=contents.profile.name),
        foot=sections.foot(),
        made_at=contents.newest.saved_at,
    )


def set_pages(
    story: list[Flowable],
    *,
    title: str,
    foot: str,
    made_at: datetime,
    page_size_pt: tuple[float, float] = PAGE_SIZE_PT,
) -> bytes:
    """Return parts set on pages, as the bytes of a PDF file; the same parts give the same bytes.

    Parameters
    ----------
    story
        The parts from top to bottom.
    title
        In the file's properties.
    foot
        Left of the number of each page.
    made_at
        What the file says of its age.
    page_size_pt
        Width and height; what stands on another than A4 is as wide as there.
    """
    left_pt = _left_pt(page_size_pt)
    room_pt = PAGE_ROOM_PT + page_size_pt[1] - PAGE_SIZE_PT[1]
    frame = Frame(
        *(left_pt, MARGIN_PT + FOOT_PT, CONTENT_WIDTH_PT, room_pt),
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )
    data = io.BytesIO()
    document = BaseDocTemplate(
        data,
        pagesize=page_size_pt,
        pageTemplates=[PageTemplate(frames=[frame])],
        pageCompression=1,
        invariant=1,
        initialFontName=REGULAR,
        lang="en-GB" if spoken() == "en" else spoken(),
        displayDocTitle=1,
        title=title,
        # No author, no path, and no time but that of what is told.
        author="",
        subject="",
        keywords="",
        creator=_PROGRAM,
        producer=_PROGRAM,
    )
    document.build(story, canvasmaker=partial(_Pages, foot=foot, made_at=made_at.astimezone(UTC)))
    return data.getvalue()


class _Pages(Canvas):  # type: ignore[misc]
    """Holds the pages back until it is known how many there are, then writes their feet.

    Each foot has a text left of the page's number. The file says when it was made, UTC.
    """

    def __init__(self, *args: Any, foot: str, made_at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.setDateFormatter(lambda *_now: made_at.strftime("D:%Y%m%d%H%M%S+00'00'"))
        self._foot = foot
        self._held: list[dict[str, Any]] = []

    def showPage(self) -> None:
        """Put the page aside and begin the next."""
        self._held.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Finish all pages, then the file."""
        held = self._held
        for page in held:
            self.__dict__.update(page)
            self._write_foot(report.PAGE.format(page=self.getPageNumber(), pages=len(held)))
            super().showPage()
        super().save()

    def _write_foot(self, number: str) -> None:
        texts = (Text(self._foot, FINE, 1),), (Text(number, FINE_RIGHT),)
        foot = beside(texts, (CONTENT_WIDTH_PT - _NUMBER_PT, _NUMBER_PT))
        _, height = foot.wrapOn(self, CONTENT_WIDTH_PT, FOOT_PT)
        foot.drawOn(self, _left_pt(self._pagesize), MARGIN_PT + FOOT_PT / 2 - height)


def _left_pt(page_size_pt: tuple[float, float]) -> float:
    """Return where what is printed begins, with as much room on its other side."""
    return MARGIN_PT + (page_size_pt[0] - PAGE_SIZE_PT[0]) / 2


def _not_written(out: Path, why: str, fix: str = "") -> ReportError:
    why = why.rstrip(".")
    message = report.NOT_WRITTEN.format(out=out, why=inside(why))
    return ReportError(message, fix or report.NOT_WRITTEN_FIX)
