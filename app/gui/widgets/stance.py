"""Drawings of how to stand and where the camera goes, of computer-made bodies.

``python -m synthetic.stance`` renders the bodies; frames, camera and lines are drawn here, in
the colours in use.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QFont, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PyQt6.QtWidgets import QSizePolicy, QWidget

from app.gui.style.theme import colours, ink
from app.text import check
from vision.result import ReasonCode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_FOLDER = Path(__file__).parents[2] / "assets" / "stance"
#: The drawings' own units, which a widget's size stretches.
_SCENE, _PAIR = QSize(560, 176), QSize(320, 176)
_FRAME = QRectF(0.0, 0.0, 118.0, 156.0)
#: Height of a standing body, and of its hips above the floor, in those units.
_BODY, _HIPS = 138.0, 74.0
_SIGN = 9.0


class BodyView(StrEnum):
    """How a body is seen; each value is a file's name."""

    SIDE = "side"
    FRONT = "front"
    BENT = "bent"


@cache
def _body(view: BodyView) -> QPixmap:
    return QPixmap(str(_FOLDER / f"{view.value}.webp"))


class _Drawing(QWidget):
    """A drawing in units of its own, as large as there is room."""

    def __init__(self, size: QSize, description: str) -> None:
        super().__init__()
        self._units = size
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMaximumWidth(round(1.25 * size.width()))
        self.setAccessibleName(check.DRAWING_NAME)
        self.setAccessibleDescription(description)
        self.setToolTip(description)

    def sizeHint(self) -> QSize:
        """Return the size at which a unit is a logical pixel."""
        return self._units

    def heightForWidth(self, width_px: int) -> int:
        """Return the height that belongs to a width."""
        return round(width_px * self._units.height() / self._units.width())

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Draw everything."""
        painter = QPainter(self)
        # "3 m" is read so wherever one reads from the right, too.
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        scale = min(self.width() / self._units.width(), self.height() / self._units.height())
        painter.translate((self.width() - scale * self._units.width()) / 2, 0.0)
        painter.scale(scale, scale)
        self.draw(painter)
        painter.end()

    def draw(self, painter: QPainter) -> None:
        """Draw, in the drawing's units."""
        raise NotImplementedError


class StanceDrawing(_Drawing):
    """Somebody with the camera beside them at the height of the hips, and the picture it takes."""

    def __init__(self) -> None:
        super().__init__(_SCENE, check.STANCE_DRAWING)

    def draw(self, painter: QPainter) -> None:
        """Draw the scene, an arrow, and what comes of it."""
        chosen = colours()
        floor = 150.0
        painter.setPen(QPen(QColor(chosen.muted), 1.5))
        painter.drawLine(QPointF(16, floor), QPointF(372, floor))
        _stand(painter, BodyView.FRONT, QPointF(66, floor), _BODY)
        dashes = QPen(QColor(chosen.accent), 1.5, Qt.PenStyle.DashLine)
        painter.setPen(dashes)
        painter.drawLine(QPointF(98, floor - _HIPS), QPointF(312, floor - _HIPS))
        _draw_camera(painter, QPointF(332, floor), floor - _HIPS)
        painter.setPen(QPen(QColor(chosen.text), 1.5))
        _draw_arrow(painter, QPointF(200, floor + 13), QPointF(66, floor + 13))
        _draw_arrow(painter, QPointF(200, floor + 13), QPointF(332, floor + 13))
        font = QFont(painter.font())
        font.setPixelSize(14)
        painter.setFont(font)
        box = QRectF(176, floor + 3, 48, 20)
        painter.fillRect(box, QColor(chosen.card))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, check.THREE_METRES)
        _draw_arrow(painter, QPointF(384, 78), QPointF(420, 78))
        painter.translate(434, 4)
        with _Framed(painter):
            _stand(painter, BodyView.SIDE, QPointF(59, 148), _BODY)


class MendDrawing(_Drawing):
    """What a refused picture was like, and beside it how it should be.

    Parameters
    ----------
    code
        Why it was refused: one of :data:`DRAWN`.
    """

    def __init__(self, code: ReasonCode) -> None:
        super().__init__(_PAIR, check.MEND_DRAWING)
        self._draw_wrong = DRAWN[code]

    def draw(self, painter: QPainter) -> None:
        """Draw both pictures, each with its sign."""
        painter.translate(10, 10)
        with _Framed(painter):
            self._draw_wrong(painter)
        _draw_sign(painter, is_right=False)
        painter.setPen(QPen(QColor(colours().text), 1.5))
        _draw_arrow(painter, QPointF(136, 78), QPointF(164, 78))
        painter.translate(182, 0)
        with _Framed(painter):
            _stand(painter, BodyView.SIDE, QPointF(59, 148), _BODY)
        _draw_sign(painter, is_right=True)


class _Framed:
    """The ground of a photograph; what is drawn inside is cut off at its edge."""

    def __init__(self, painter: QPainter) -> None:
        self._painter = painter

    def __enter__(self) -> None:
        edge = QPainterPath()
        edge.addRoundedRect(_FRAME, 6, 6)
        self._painter.save()
        self._painter.fillPath(edge, QColor(colours().page))
        self._painter.setClipPath(edge)

    def __exit__(self, *_: object) -> None:
        self._painter.restore()
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.setPen(QPen(QColor(colours().muted), 1.5))
        self._painter.drawRoundedRect(_FRAME, 6, 6)


def _stand(painter: QPainter, view: BodyView, feet: QPointF, height: float) -> None:
    """Draw a body whose feet are at a place, at the scale of a standing one of that height."""
    body, upright = _body(view), _body(BodyView.SIDE)
    scale = height / max(1, upright.height())
    wide, tall = scale * body.width(), scale * body.height()
    box = QRectF(feet.x() - wide / 2, feet.y() - tall, wide, tall)
    painter.drawPixmap(box, body, QRectF(body.rect()))


def _turned(painter: QPainter, angle_deg: float, height: float) -> None:
    painter.translate(_FRAME.center())
    painter.rotate(angle_deg)
    _stand(painter, BodyView.SIDE, QPointF(0, height / 2), height)


def _draw_two(painter: QPainter) -> None:
    for x in (34, 84):
        _stand(painter, BodyView.SIDE, QPointF(x, 148), _BODY)


def _draw_dark(painter: QPainter) -> None:
    _stand(painter, BodyView.SIDE, QPointF(59, 148), _BODY)
    painter.fillRect(_FRAME, ink("#000000", 0.86))


def _draw_blurred(painter: QPainter) -> None:
    painter.setOpacity(0.16)
    for x in range(-9, 10, 2):
        _stand(painter, BodyView.SIDE, QPointF(59 + x, 148), _BODY)


#: What can be drawn of what forbids a number.
DRAWN: Mapping[ReasonCode, Callable[[QPainter], None]] = {
    ReasonCode.NO_PERSON: lambda _: None,
    ReasonCode.SEVERAL_PEOPLE: _draw_two,
    ReasonCode.NOT_STANDING: lambda p: _stand(p, BodyView.BENT, QPointF(59, 148), _BODY),
    ReasonCode.NOT_UPRIGHT: lambda p: _turned(p, 90, 112),
    ReasonCode.BODY_CUT_OFF: lambda p: _stand(p, BodyView.SIDE, QPointF(59, 248), 230),
    ReasonCode.NOT_SIDE_ON: lambda p: _stand(p, BodyView.FRONT, QPointF(59, 148), _BODY),
    ReasonCode.CAMERA_TILTED: lambda p: _turned(p, 16, 124),
    ReasonCode.TOO_SMALL: lambda p: _stand(p, BodyView.SIDE, QPointF(59, 112), 46),
    ReasonCode.TOO_DARK: _draw_dark,
    ReasonCode.BLURRED: _draw_blurred,
}


def _draw_camera(painter: QPainter, foot: QPointF, lens_y: float) -> None:
    """Draw a camera on its stand, looking to the left."""
    chosen = colours()
    pen = QPen(QColor(chosen.text), 2.0)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    neck = QPointF(foot.x(), lens_y + 11)
    for x in (-17, 0, 17):
        painter.drawLine(neck, QPointF(foot.x() + x, foot.y()))
    painter.setBrush(QColor(chosen.card))
    painter.drawRoundedRect(QRectF(foot.x() - 13, lens_y - 11, 28, 22), 4, 4)
    painter.drawRoundedRect(QRectF(foot.x() - 21, lens_y - 6, 8, 12), 2, 2)


def _draw_arrow(painter: QPainter, start: QPointF, end: QPointF) -> None:
    way = 1.0 if end.x() > start.x() else -1.0
    painter.drawLine(start, end)
    for y in (-5, 5):
        painter.drawLine(end, QPointF(end.x() - way * 7, end.y() + y))


def _draw_sign(painter: QPainter, is_right: bool) -> None:
    """Draw a tick or a cross at the frame's corner."""
    chosen = colours()
    painter.setPen(QPen(QColor(chosen.card), 2.0))
    painter.setBrush(QColor(chosen.accent if is_right else chosen.refusal))
    painter.drawEllipse(QPointF(0, 0), _SIGN, _SIGN)
    if is_right:
        painter.drawLine(QPointF(-4, 0), QPointF(-1, 3.5))
        painter.drawLine(QPointF(-1, 3.5), QPointF(4.5, -3.5))
    else:
        painter.drawLine(QPointF(-3.5, -3.5), QPointF(3.5, 3.5))
        painter.drawLine(QPointF(-3.5, 3.5), QPointF(3.5, -3.5))
