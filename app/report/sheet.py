"""The page about how to stand, with drawings. Lengths are points, y upward, as PDF has it."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable

from app.report.document import check_target, set_pages, write_pages
from app.report.flow import (
    BODY,
    CONTENT_WIDTH_PT,
    FINE,
    GUTTER_PT,
    HEADING,
    INK,
    LINE,
    MARK,
    MUTED,
    TITLE,
    Text,
    beside,
    rule,
    spaced,
    stack,
)
from app.report.fonts import REGULAR
from app.text import measurement
from app.text.help import sheet as words

if TYPE_CHECKING:
    from collections.abc import Sequence

_FOLDER = Path(__file__).parents[1] / "assets" / "stance"
#: The drawing's own units, as those of the window's drawing of the same scene.
_SCENE = 560.0, 180.0
_FLOOR, _BODY, _HIPS = 26.0, 138.0, 74.0
_FRAME = 434.0, 18.0, 118.0, 156.0
_LETTERS = 13.0
#: Of a body in the picture that the camera takes: one of the two views that are drawn.
_SIDE, _FRONT = "side", "front"
#: The page is larger than a report's, to be read from a step away.
_BIG = ParagraphStyle("", BODY, fontSize=10.5, leading=14.0)
_BIG_HEADING = ParagraphStyle("", HEADING, fontSize=12.5, leading=17.0)
#: The lines below the first stand where its words begin.
_STEP = ParagraphStyle("", _BIG, leftIndent=13.5, firstLineIndent=-13.5)
#: The same page has the same bytes whenever it is made.
_MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)


class PaperSize(Enum):
    """Each value is a width and a height in points."""

    A4 = A4
    LETTER = LETTER


def write_sheet(out: Path, paper: PaperSize) -> None:
    """Write the page as a PDF file; one that is there already is replaced.

    Raises
    ------
    app.report.ReportError
        If the file cannot be written.
    """
    check_target(out)
    write_pages(out, render_sheet(paper))


def render_sheet(paper: PaperSize) -> bytes:
    """Return the page as the bytes of a PDF file, in the language that is spoken."""
    half_pt = (CONTENT_WIDTH_PT - GUTTER_PT) / 2
    lists = (
        _list(words.CAMERA, words.CAMERA_STEPS),
        _list(words.YOU, words.YOU_STEPS),
    )
    story: list[Flowable] = [
        Text(words.TITLE, TITLE),
        spaced(Text(words.ABOUT, _BIG)),
        StanceScene(),
        beside(lists, (half_pt + GUTTER_PT, half_pt)),
        stack(rule(), Text(words.MEASURED, _BIG_HEADING), Text(words.MEASURED_TEXT, _BIG)),
        stack(
            Text(words.MEANING, _BIG_HEADING), *(Text(each, _BIG) for each in words.MEANING_TEXTS)
        ),
        spaced(Text(f"{words.SOURCES} {measurement.INTENDED_USE}", FINE)),
    ]
    return set_pages(
        story,
        title=words.TITLE,
        foot=words.FOOT,
        made_at=_MADE_AT,
        page_size_pt=paper.value,
    )


def _list(title: str, steps: Sequence[str]) -> list[Flowable]:
    """Return steps with a number before each, below their title."""
    numbered = (Text(f"{number}.  {step}", _STEP) for number, step in enumerate(steps, 1))
    return [Text(title, _BIG_HEADING), *numbered]


@cache
def _body(view: str) -> Image.Image:
    with Image.open(_FOLDER / f"{view}.webp") as image:
        return image.convert("RGBA")


class StanceScene(Flowable):  # type: ignore[misc]
    """Somebody with the camera beside them at the height of the hips, and the picture it takes."""

    def wrap(self, width_pt: float, _room_pt: float) -> tuple[float, float]:
        """Take all the width, and the height that belongs to it."""
        self.width, self.height = width_pt, width_pt * _SCENE[1] / _SCENE[0]
        return self.width, self.height

    def draw(self) -> None:
        """Draw the scene, an arrow, and what comes of it."""
        canvas = self.canv
        canvas.scale(self.width / _SCENE[0], self.width / _SCENE[0])
        canvas.setLineCap(1)
        canvas.setStrokeColor(MUTED)
        canvas.setLineWidth(1.5)
        canvas.line(16, _FLOOR, 372, _FLOOR)
        _stand(canvas, _FRONT, 66, _FLOOR)
        canvas.setStrokeColor(MARK)
        canvas.setDash(5, 4)
        canvas.line(98, _FLOOR + _HIPS, 308, _FLOOR + _HIPS)
        canvas.setDash()
        canvas.setStrokeColor(INK)
        canvas.setFillColor(INK)
        _draw_stand(canvas, 332, _FLOOR + _HIPS)
        half_pt = stringWidth(words.THREE_METRES, REGULAR, _LETTERS) / 2
        for start, end in ((199 - half_pt - 6, 66), (199 + half_pt + 6, 332)):
            _draw_arrow(canvas, start, end, _FLOOR - 13)
        canvas.setFont(REGULAR, _LETTERS)
        canvas.drawCentredString(199, _FLOOR - 13 - 0.35 * _LETTERS, words.THREE_METRES)
        _draw_arrow(canvas, 384, 420, _FRAME[1] + 78)
        canvas.setStrokeColor(LINE)
        canvas.roundRect(*_FRAME, 6, stroke=1, fill=0)
        _stand(canvas, _SIDE, _FRAME[0] + 59, _FRAME[1] + 8)
        canvas.setFillColor(MUTED)
        canvas.setFont(REGULAR, _LETTERS - 3)
        canvas.drawCentredString(_FRAME[0] + 59, 5, words.PICTURE_CAPTION)


def _stand(canvas: Any, view: str, x: float, floor: float) -> None:
    """Draw a body whose feet are at a place."""
    body, upright = _body(view), _body(_SIDE)
    scale = _BODY / upright.height
    wide, tall = scale * body.width, scale * body.height
    canvas.drawImage(ImageReader(body), x - wide / 2, floor, wide, tall, mask="auto")


def _draw_stand(canvas: Any, x: float, lens_y: float) -> None:
    """Draw a camera on its stand, looking to the left."""
    canvas.setLineWidth(2.0)
    for foot in (-17, 0, 17):
        canvas.line(x, lens_y - 11, x + foot, _FLOOR)
    canvas.roundRect(x - 13, lens_y - 11, 28, 22, 4)
    canvas.roundRect(x - 21, lens_y - 6, 8, 12, 2)
    canvas.setLineWidth(1.5)


def _draw_arrow(canvas: Any, start: float, end: float, y: float) -> None:
    way = 1.0 if end > start else -1.0
    canvas.line(start, y, end, y)
    for side in (-5, 5):
        canvas.line(end, y, end - way * 7, y + side)
