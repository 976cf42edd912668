"""What lies on the picture while it is marked: handles, lines, the angle, a magnifying glass."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PyQt6.QtWidgets import QGraphicsItem, QGraphicsLineItem, QGraphicsObject, QWidget

from app.gui.picture.marks import Handle
from app.gui.picture.overlay import DrawnItem, plate_colour
from app.gui.style.theme import colours
from vision.overlay.shapes import COLOURS, HALO, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PyQt6.QtGui import QPaintEvent
    from PyQt6.QtWidgets import QGraphicsSceneMouseEvent

    from app.gui.picture.view import PictureView

#: Handles lie over lines, and these over everything that was found.
_LEVEL = 3.0
_ROLES = {
    Handle.FRONT: Role.FRONT_POINT,
    Handle.BACK: Role.BACK_POINT,
    Handle.PLUMB_TOP: Role.PLUMB,
    Handle.PLUMB_BOTTOM: Role.PLUMB,
}
#: Of a handle, logical pixels: half of what can be grabbed, the ring, the cross, the gap in
#: its middle, and the ring of the one that the keyboard moves.
_GRAB_PX, _RING_PX, _CROSS_PX, _GAP_PX, _FOCUS_PX = 22.0, 13.0, 19.0, 4.0, 18.0
#: Of the magnifying glass, logical pixels: across it, from the spot to its middle, from the
#: view's edge; the free middle and the arms of its cross.
_ACROSS_PX, _BESIDE_PX, _EDGE_PX = 150, 125, 6
_GLASS_GAP_PX, _GLASS_CROSS_PX = 7.0, 30.0
#: Nearer to the spot than this the glass, or the finger on it, would hide it.
_CLEAR_PX = _ACROSS_PX / 2 + 22
_DIRECTIONS = 16
_TIMES = 3.0
#: After an arrow key it stays this long.
_LINGER_MS = 1500


class HandleItem(DrawnItem, QGraphicsObject):
    """A cross in a ring that can be dragged; its middle is left free to see the spot."""

    #: It was taken at a place of the scene, would be moved to one, was let go.
    taken = pyqtSignal(object, QPointF)
    dragged = pyqtSignal(object, QPointF)
    let_go = pyqtSignal()

    def __init__(self, handle: Handle) -> None:
        super().__init__()
        self.handle = handle
        self.colour = QColor(*COLOURS[_ROLES[handle]])
        self.is_current = False
        self._grip = QPointF()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setZValue(_LEVEL)

    def boundingRect(self) -> QRectF:
        """Return what can be grabbed, logical pixels about the middle."""
        return QRectF(-_GRAB_PX, -_GRAB_PX, 2 * _GRAB_PX, 2 * _GRAB_PX)

    def draw(self, painter: QPainter) -> None:
        """Draw ring and cross on a dark rim, and another ring where the keyboard is."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        ring_px = 2.6 if self.is_current else 1.6
        for pen in (QPen(QColor(*HALO), ring_px + 2.4), QPen(self.colour, ring_px)):
            painter.setPen(pen)
            painter.drawEllipse(QPointF(0, 0), _RING_PX, _RING_PX)
        scene = self.scene()
        views = [] if scene is None else scene.views()
        if self.is_current and any(view.hasFocus() for view in views):
            for pen in (QPen(QColor(*HALO), 3.4), QPen(QColor("white"), 1.4)):
                painter.setPen(pen)
                painter.drawEllipse(QPointF(0, 0), _FOCUS_PX, _FOCUS_PX)
        _draw_cross(painter, self.colour, _GAP_PX, _CROSS_PX)

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent | None) -> None:
        """Be taken, keeping the distance to the pointer."""
        if event is None:
            return
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self.setCursor(Qt.CursorShape.BlankCursor)
        self._grip = self.pos() - event.scenePos()
        self.taken.emit(self.handle, event.scenePos())
        event.accept()

    def mouseMoveEvent(self, event: QGraphicsSceneMouseEvent | None) -> None:
        """Say where it is dragged."""
        if event is not None:
            self.dragged.emit(self.handle, event.scenePos() + self._grip)

    def mouseReleaseEvent(self, event: QGraphicsSceneMouseEvent | None) -> None:
        """Let go."""
        del event
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.let_go.emit()


class GuideLine(DrawnItem, QGraphicsLineItem):
    """A line of the same width at every scale, on a dark rim."""

    def __init__(self, role: Role, is_dashed: bool = False) -> None:
        super().__init__()
        self._pens = []
        for colour, width in ((HALO, 4.5), (COLOURS[role], 2.0)):
            pen = QPen(QColor(*colour), width)
            pen.setCosmetic(True)
            self._pens.append(pen)
        self.set_dashed(is_dashed)
        self.setPen(self._pens[0])
        self.setZValue(_LEVEL - 0.5)

    def set_dashed(self, is_dashed: bool) -> None:
        """Draw dashes, for what is not marked or cannot be used."""
        for pen in self._pens:
            pen.setStyle(Qt.PenStyle.SolidLine)
            if is_dashed:
                pen.setDashPattern([12 / pen.widthF(), 8 / pen.widthF()])
        self.update()

    def draw(self, painter: QPainter) -> None:
        """Draw the rim, then the line."""
        for pen in self._pens:
            painter.setPen(pen)
            painter.drawLine(self.line())


class AngleTag(DrawnItem, QGraphicsItem):
    """A few words beside the line, of one size at every scale."""

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self._font = QFont()
        self._font.setPixelSize(17)
        self._font.setWeight(QFont.Weight.DemiBold)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setZValue(_LEVEL - 0.4)

    @property
    def text(self) -> str:
        """What it says."""
        return self._text

    def set_text(self, text: str) -> None:
        """Say something else."""
        self.prepareGeometryChange()
        self._text = text
        self.update()

    def boundingRect(self) -> QRectF:
        """Return the plate, above the place it is about."""
        metrics = QFontMetricsF(self._font)
        wide, tall = metrics.horizontalAdvance(self._text) + 18, metrics.height() + 8
        return QRectF(-wide / 2, -tall - 30, wide, tall)

    def draw(self, painter: QPainter) -> None:
        """Draw the words on a plate."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(plate_colour())
        painter.drawRoundedRect(self.boundingRect(), 6, 6)
        painter.setFont(self._font)
        painter.setPen(QColor(*COLOURS[Role.TILT]))
        painter.drawText(self.boundingRect(), Qt.AlignmentFlag.AlignCenter, self._text)


class Magnifier(QWidget):
    """Lies over the view, takes no mouse, and never covers the spot itself."""

    def __init__(self, view: PictureView) -> None:
        super().__init__(view)
        self._view = view
        self._spot = QPointF()
        self._colour = QColor("white")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_LINGER_MS)
        self._timer.timeout.connect(self.hide)
        self.resize(_ACROSS_PX, _ACROSS_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def show_spot(
        self, spot: QPointF, colour: QColor, beside: Sequence[QRect] = (), *, briefly: bool = False
    ) -> None:
        """Show a place of the scene, beside it.

        Parameters
        ----------
        spot
            Pixels of the full picture.
        colour
            Of the cross.
        beside
            Parts of the view that had better not be covered.
        briefly
            Whether to go away by itself.
        """
        self._spot, self._colour = spot, colour
        self._timer.stop()
        if briefly:
            self._timer.start()
        self.move(self._corner(self._view.mapFromScene(spot), beside))
        self.show()
        self.raise_()
        self.update()

    def _corner(self, at: QPoint, beside: Sequence[QRect]) -> QPoint:
        """Return the glass's corner: off the spot, off the rest if it can be, else above."""
        half = _ACROSS_PX // 2
        room_x, room_y = self._view.width() - _ACROSS_PX, self._view.height() - _ACROSS_PX
        best, least = QPoint(0, 0), math.inf
        for step in range(_DIRECTIONS):
            turn = math.tau * step / _DIRECTIONS
            wish_x = at.x() + _BESIDE_PX * math.sin(turn) - half
            wish_y = at.y() - _BESIDE_PX * math.cos(turn) - half
            x = round(min(max(wish_x, _EDGE_PX), max(room_x - _EDGE_PX, 0)))
            y = round(min(max(wish_y, _EDGE_PX), max(room_y - _EDGE_PX, 0)))
            hidden_px = max(0.0, _CLEAR_PX - math.hypot(x + half - at.x(), y + half - at.y()))
            glass = QRect(QPoint(x, y), QSize(_ACROSS_PX, _ACROSS_PX))
            covered = sum(_area(glass & part) for part in beside) / _area(glass)
            cost = 1000 * hidden_px + 100 * covered + abs(math.sin(turn / 2))
            if cost < least:
                best, least = QPoint(x, y), cost
        return best

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Draw the picture alone, larger, in a ring with a cross."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        glass = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        ring = QPainterPath()
        ring.addEllipse(glass)
        painter.setClipPath(ring)
        painter.fillRect(self.rect(), QColor(colours().stage))
        reach = glass.width() / (_TIMES * self._view.transform().m11())
        source = QRectF(self._spot.x() - reach / 2, self._spot.y() - reach / 2, reach, reach)
        self._view.draw_picture(painter, glass, source)
        painter.setClipping(False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in (QPen(QColor("black"), 4), QPen(QColor("white"), 2)):
            painter.setPen(pen)
            painter.drawEllipse(glass)
        painter.translate(glass.center())
        _draw_cross(painter, self._colour, _GLASS_GAP_PX, _GLASS_CROSS_PX)
        painter.end()


def _draw_cross(painter: QPainter, colour: QColor, gap_px: float, arm_px: float) -> None:
    """Draw a fine cross about the origin whose middle is left free."""
    for pen in (QPen(QColor(*HALO), 3.0), QPen(colour, 1.2)):
        painter.setPen(pen)
        for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            painter.drawLine(QPointF(x * gap_px, y * gap_px), QPointF(x * arm_px, y * arm_px))


def _area(part: QRect) -> int:
    return part.width() * part.height() if part.isValid() else 0
