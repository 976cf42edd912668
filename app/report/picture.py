"""A kept picture, cut to the person, with what was measured drawn over it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from app.report.picture__overlay_painter import OverlayPainter
from vision.overlay.build import build_overlay

if TYPE_CHECKING:
    from PIL.Image import Image

    from app.history.records import Check
    from app.report.flow__blocks import Text
    from app.report.flow__sheet import Sheet

#: Space round the person as a share of the person's height.
_ROUND_PERSON = 0.06
#: 300 dots an inch: as much as a printer shows.
_DOTS_PER_PT = 300 / 72
_JPEG_QUALITY = 88


class PictureProblem(StrEnum):
    """Why a check has no picture to show."""

    NOT_KEPT = "not_kept"
    GONE = "gone"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Region:
    """Part of the full upright picture, in its pixels."""

    left_px: float
    top_px: float
    width_px: float
    height_px: float


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A picture with its overlay and caption, ready to be drawn. Lengths are points.

    Attributes
    ----------
    check
        Whose picture it is.
    jpeg
        The part that is shown.
    region
        Which part of the full picture that is.
    cell_pt
        Width and height of the space it may fill; it stands at the top, in the middle.
    caption
        Below it.
    """

    check: Check
    jpeg: bytes
    region: Region
    cell_pt: tuple[float, float]
    caption: Text

    @property
    def _pt_per_px(self) -> float:
        width_pt, height_pt = self.cell_pt
        return min(width_pt / self.region.width_px, height_pt / self.region.height_px)

    @property
    def height_pt(self) -> float:
        """Picture and caption."""
        return self.region.height_px * self._pt_per_px + 4.0 + self.caption.height_pt

    def draw(self, sheet: Sheet, left_pt: float, top_pt: float) -> None:
        """Draw picture, overlay and caption."""
        width_pt = self.region.width_px * self._pt_per_px
        height_pt = self.region.height_px * self._pt_per_px
        x = left_pt + (self.cell_pt[0] - width_pt) / 2
        sheet.image(self.jpeg, x, top_pt, width_pt, height_pt)
        painter = OverlayPainter(sheet, (x, top_pt), (width_pt, height_pt))
        corner_px = self.region.left_px, self.region.top_px
        painter.paint(build_overlay(self.check.result), corner_px, self._pt_per_px)
        self.caption.draw(sheet, left_pt, top_pt + height_pt + 4.0)


def read_picture(check: Check) -> Image | PictureProblem:
    """Return the kept picture of a check as a Pillow image in RGB, or why there is none."""
    from PIL import Image

    if check.picture is None:
        return PictureProblem.NOT_KEPT
    try:
        with Image.open(check.picture.picture) as kept:
            return kept.convert("RGB")
    except FileNotFoundError:
        return PictureProblem.GONE
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return PictureProblem.UNREADABLE


def cut_picture(check: Check, kept: Image, cell_pt: tuple[float, float], caption: Text) -> Picture:
    """Cut a kept picture to the person, in the proportions of the cell."""
    wide, tall = check.size_px
    region = person_region(check, cell_pt[0] / cell_pt[1])
    across, down = kept.width / wide, kept.height / tall
    left, top = int(region.left_px * across), int(region.top_px * down)
    right = min(kept.width, max(left + 1, round((region.left_px + region.width_px) * across)))
    bottom = min(kept.height, max(top + 1, round((region.top_px + region.height_px) * down)))
    # In whole pixels of the kept copy, so that the overlay lies exactly on it.
    shown = Region(left / across, top / down, (right - left) / across, (bottom - top) / down)
    # Written anew: what is cut away, and anything else in the file, stays out of the PDF.
    part = kept.crop((left, top, right, bottom))
    part.info.clear()
    part.thumbnail((int(cell_pt[0] * _DOTS_PER_PT), int(cell_pt[1] * _DOTS_PER_PT)))
    data = io.BytesIO()
    part.save(data, "JPEG", quality=_JPEG_QUALITY)
    return Picture(check, data.getvalue(), shown, cell_pt, caption)


def person_region(check: Check, aspect: float) -> Region:
    """Choose the part of the full picture round the person.

    Parameters
    ----------
    check
        Its outline says where the person is; without one it is the whole picture.
    aspect
        Width over height that is wished for; kept where the picture has room.
    """
    wide, tall = (float(size) for size in check.size_px)
    points = np.asarray(check.result.outline_px, dtype=np.float64).reshape(-1, 2)
    points = points[np.isfinite(points).all(axis=1)]
    if len(points) < 3:
        return Region(0.0, 0.0, wide, tall)
    low, high = np.clip(points.min(axis=0), 0, None), np.minimum(points.max(axis=0), (wide, tall))
    pad = 2 * _ROUND_PERSON * float(high[1] - low[1])
    need_wide, need_tall = float(high[0] - low[0]) + pad, float(high[1] - low[1]) + pad
    height = min(max(need_tall, need_wide / aspect, 1.0), tall)
    width = min(max(need_wide, height * aspect, 1.0), wide)
    centre = (low + high) / 2
    left = min(max(float(centre[0]) - width / 2, 0.0), wide - width)
    top = min(max(float(centre[1]) - height / 2, 0.0), tall - height)
    return Region(left, top, width, height)
