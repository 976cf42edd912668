"""Paper to draw on: A4, points, counted from the left and from the top."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from app.report.flow__typesetting import Ink, Style, Typesetter

if TYPE_CHECKING:
    from collections.abc import Sequence

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
