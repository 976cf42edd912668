"""What stands beside the picture while the bony points are being marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QPainter, QPainterPath, QPen
from PyQt6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget

from app.gui.style.theme import GAP_PX, Kind, colours, set_kind
from app.gui.widgets.cards import Scroll, in_column, make_button, say, tip, words
from app.text import check
from vision.overlay.shapes import COLOURS, Role

if TYPE_CHECKING:
    from PyQt6.QtCore import pyqtBoundSignal
    from PyQt6.QtGui import QPaintEvent

#: The drawing's own grid; a person seen from the side, looking left, from ribs to thigh.
_WIDE, _TALL = 240.0, 210.0
_FRONT, _BACK = QPointF(88, 106), QPointF(160, 88)
_HIGHEST_PX = 240
#: The window has these keys, for whatever can be taken back at the moment.
_OF_THE_WINDOW = ("Ctrl+Z", "Ctrl+Shift+Z")


class EditPanel(QWidget):
    """Done and Cancel, undo and redo, the plumb line, and help."""

    done_wanted = pyqtSignal()
    cancel_wanted = pyqtSignal()
    undo_wanted = pyqtSignal()
    redo_wanted = pyqtSignal()
    plumb_wanted = pyqtSignal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._has_plumb = False
        self.done_button = self._button(
            self.tr("Done"), self.tr("Measure with these marks"), "Ctrl+Return", self.done_wanted
        )
        set_kind(self.done_button, Kind.PRIMARY)
        self.cancel_button = self._button(
            self.tr("Cancel"), self.tr("Forget these marks"), "Esc", self.cancel_wanted
        )
        self.undo_button = self._button(
            self.tr("Undo"), self.tr("Take the last step back"), "Ctrl+Z", self.undo_wanted
        )
        self.redo_button = self._button(
            self.tr("Redo"), self.tr("Do it again"), "Ctrl+Shift+Z", self.redo_wanted
        )
        self.plumb_button = QPushButton()
        self.plumb_button.clicked.connect(lambda _: self.plumb_wanted.emit(not self._has_plumb))
        self.heading, self.steps = words("", Kind.HEADING), words()
        self.problem = words("", Kind.REFUSAL)
        self.help = Scroll(PointsHelp())
        self.help.setAccessibleName(self.tr("Help on finding the points"))
        self._lay_out()
        self.show_marks(can_undo=False, can_redo=False, has_plumb=False)
        self.ask_for(points=True)

    def ask_for(self, *, points: bool) -> None:
        """Say what is to be marked: the two points, or a plumb line alone."""
        if points:
            say(self.heading, self.tr("Mark the two bony points"))
            say(self.steps, check.EDIT_STEPS)
        else:
            say(self.heading, self.tr("Mark something upright"))
            say(self.steps, check.UPRIGHT_STEPS)
        self.help.setVisible(points)

    def show_marks(self, can_undo: bool, can_redo: bool, has_plumb: bool) -> None:
        """Follow what was marked."""
        self.undo_button.setEnabled(can_undo)
        self.redo_button.setEnabled(can_redo)
        self.plumb_button.setText(
            self.tr("Remove the plumb line") if has_plumb else self.tr("Add a plumb line")
        )
        self.plumb_button.setToolTip(
            self.tr("Assume again that the camera was level")
            if has_plumb
            else self.tr("To be laid on a door frame or the edge of a wall")
        )
        self._has_plumb = has_plumb

    def show_problem(self, text: str) -> None:
        """Say why the marks cannot be used; an empty text says nothing."""
        say(self.problem, text)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setSpacing(GAP_PX)
        grid.addWidget(self.done_button, 0, 0)
        grid.addWidget(self.cancel_button, 0, 1)
        grid.addWidget(self.undo_button, 1, 0)
        grid.addWidget(self.redo_button, 1, 1)
        grid.addWidget(self.plumb_button, 2, 0, 1, 2)
        in_column(self.heading, self.steps, grid, self.problem, (self.help, 1), 0, on=self)

    def _button(self, text: str, what: str, keys: str, wanted: pyqtBoundSignal) -> QPushButton:
        button = make_button(text, tip(what, keys), act=wanted)
        if keys not in _OF_THE_WINDOW:
            button.setShortcut(keys)
        return button


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
