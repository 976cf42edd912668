"""Where the two bony points are: a drawing and a few steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QPainter, QPainterPath, QPen
from PyQt6.QtWidgets import QSizePolicy, QWidget

from app.gui.style.theme import Kind, colours
from app.gui.widgets.cards import in_column, words
from app.text import check
from vision.overlay.shapes import COLOURS, Role

if TYPE_CHECKING:
    from PyQt6.QtGui import QPaintEvent

#: The drawing's own grid; a person seen from the side, looking left, from ribs to thigh.
_WIDE, _TALL = 240.0, 210.0
_FRONT, _BACK = QPointF(88, 106), QPointF(160, 88)
_HIGHEST_PX = 240


class PointsHelp(QWidget):
    """A drawing and a few steps."""

    def __init__(self) -> None:
        super().__init__()
        self.drawing = PointsDrawing()
        steps = (words(f"{number}. {step}") for number, step in enumerate(check.STEPS, 1))
        in_column(self.drawing, *steps, words(check.WHY, Kind.MUTED), 1, on=self)


class PointsDrawing(QWidget):
    """The trunk from the side with the two points, in the colours of the handles."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Drawing: where the two bony points are"))
        self.setAccessibleDescription(check.DRAWING)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        """Return the size it likes best."""
        return QSize(int(_WIDE), int(_TALL))

    def hasHeightForWidth(self) -> bool:
        """Keep the drawing's shape."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height that goes with a width, logical pixels."""
        return min(_HIGHEST_PX, round(width * _TALL / _WIDE))

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Draw the body, the bone, the line between the points, and their names."""
        del event
        look = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = min(self.width() / _WIDE, self.height() / _TALL)
        painter.translate((self.width() - scale * _WIDE) / 2, 0)
        painter.scale(scale, scale)
        painter.setPen(QPen(QColor(look.muted), 2))
        painter.setBrush(QColor(look.band))
        painter.drawPath(_body())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(_folds())
        painter.setPen(QPen(QColor(look.muted), 1.5))
        painter.setBrush(QColor(look.card))
        painter.drawPath(_hip_bone())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        # The edge to feel along, from the hand on the hip to either point.
        painter.setPen(QPen(QColor(look.accent), 4, cap=Qt.PenCapStyle.RoundCap))
        painter.drawPath(_crest())
        painter.setPen(QPen(QColor(look.text), 2, Qt.PenStyle.DashLine))
        painter.drawLine(_FRONT, _BACK)
        for point, role in ((_FRONT, Role.FRONT_POINT), (_BACK, Role.BACK_POINT)):
            painter.setPen(QPen(QColor(look.text), 1.5))
            painter.setBrush(QColor(*COLOURS[role]))
            painter.drawEllipse(point, 6, 6)
        font = painter.font()
        font.setPixelSize(12)
        painter.setFont(font)
        painter.setPen(QColor(look.text))
        self._name(painter, self.tr("front point"), QRectF(0, 96, 62, 30), towards_right=True)
        self._name(painter, self.tr("back point"), QRectF(186, 70, 54, 30), towards_right=False)
        painter.end()

    def _name(self, painter: QPainter, text: str, box: QRectF, *, towards_right: bool) -> None:
        side = Qt.AlignmentFlag.AlignRight if towards_right else Qt.AlignmentFlag.AlignLeft
        flags = side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(box, int(flags), text)


def _body() -> QPainterPath:
    """Return the outline: belly on the left, the small of the back and buttocks on the right."""
    path = QPainterPath(QPointF(82, 4))
    path.cubicTo(QPointF(70, 40), QPointF(66, 70), QPointF(72, 100))
    path.cubicTo(QPointF(77, 126), QPointF(88, 140), QPointF(88, 206))
    path.lineTo(QPointF(150, 206))
    path.cubicTo(QPointF(152, 182), QPointF(158, 172), QPointF(172, 152))
    path.cubicTo(QPointF(188, 128), QPointF(182, 104), QPointF(164, 84))
    path.cubicTo(QPointF(148, 64), QPointF(148, 40), QPointF(162, 4))
    path.closeSubpath()
    return path


def _folds() -> QPainterPath:
    """Return the fold under the buttock and the navel."""
    path = QPainterPath(QPointF(163, 165))
    path.quadTo(QPointF(150, 170), QPointF(140, 166))
    path.moveTo(QPointF(70, 82))
    path.quadTo(QPointF(75, 83), QPointF(76, 87))
    return path


def _crest() -> QPainterPath:
    """Return the upper edge of the hip bone, from the back point to the front one."""
    path = QPainterPath(_BACK)
    path.cubicTo(QPointF(150, 60), QPointF(104, 52), _FRONT)
    return path


def _hip_bone() -> QPainterPath:
    """Return the hip bone: wing, socket's edge, sit bone and pubic bone, with the hole."""
    path = _crest()
    path.cubicTo(QPointF(86, 113), QPointF(97, 112), QPointF(96, 121))
    path.cubicTo(QPointF(95, 131), QPointF(90, 138), QPointF(93, 148))
    path.cubicTo(QPointF(98, 158), QPointF(112, 158), QPointF(118, 166))
    path.cubicTo(QPointF(126, 176), QPointF(142, 172), QPointF(140, 156))
    path.cubicTo(QPointF(139, 148), QPointF(134, 140), QPointF(138, 128))
    path.cubicTo(QPointF(141, 116), QPointF(146, 108), QPointF(154, 104))
    path.cubicTo(QPointF(160, 100), QPointF(158, 94), _BACK)
    path.closeSubpath()
    hole = QPainterPath()
    hole.addEllipse(QPointF(118, 150), 9, 8)
    return path.subtracted(hole)
