"""The practice at the head of the report: its logo, and its name beside it. Lengths are points."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image
from reportlab.platypus import Flowable
from reportlab.platypus import Image as Picture

from app.report.flow import CONTENT_WIDTH_PT, GUTTER_PT, HEADING, Text, beside

if TYPE_CHECKING:
    from app.history.practice import Practice

_LOGO_PT = 150.0, 36.0


def practice_head(practice: Practice | None) -> list[Flowable]:
    """Return what stands above the title: nothing where no practice is named."""
    if practice is None:
        return []
    logo = _logo(practice.logo)
    if logo is None:
        return [Text(practice.name, HEADING, 1)] if practice.name else []
    if not practice.name:
        return [logo]
    logo_pt = logo.drawWidth + GUTTER_PT
    columns = (logo,), (Text(practice.name, HEADING, 2),)
    return [beside(columns, (logo_pt, CONTENT_WIDTH_PT - logo_pt))]


def _logo(data: bytes) -> Picture | None:
    """Return a logo as large as there is room for; None for none, or a damaged one."""
    if not data:
        return None
    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
            image.load()
            wide, tall = image.size
    except (OSError, ValueError, SyntaxError):
        return None
    share = min(_LOGO_PT[0] / wide, _LOGO_PT[1] / tall)
    return Picture(io.BytesIO(data), wide * share, tall * share, hAlign="LEFT")
