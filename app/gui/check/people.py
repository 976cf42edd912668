"""Choosing one of several people in a picture, by mouse, finger or keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QObject, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFont, QKeySequence, QPainter, QPen, QShortcut
from PyQt6.QtWidgets import QGraphicsObject, QPushButton, QWidget

from app.gui.picture.overlay import DrawnItem, plate_colour
from app.gui.style.theme import Kind
from app.gui.widgets.cards import in_column, in_row, make_button, named, tip, words
from app.text import several
from vision.overlay.shapes import COLOURS, HALO, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PyQt6.QtWidgets import QGraphicsSceneHoverEvent, QGraphicsSceneMouseEvent

    from app.gui.picture.view import PictureView
    from vision.result import PersonBox

#: Over everything that was found.
_LEVEL = 3.0
_LINE_PX, _RIM_PX, _CORNER_PX = 2.5, 5.0, 8.0
#: The plate with the number, and its letters.
_PLATE_PX, _LETTERS_PX = 34.0, 20
_SHADE = 40
_POINTING = {
    QEvent.Type.Enter: True,
    QEvent.Type.FocusIn: True,
    QEvent.Type.Leave: False,
    QEvent.Type.FocusOut: False,
}


class PersonFrame(DrawnItem, QGraphicsObject):
    """A frame round somebody, with a number, that can be clicked."""

    clicked = pyqtSignal()

    def __init__(self, number: int, box: PersonBox) -> None:
        super().__init__()
        self.number = number
        width, height = box.right_px - box.left_px, box.bottom_px - box.top_px
        self._box = QRectF(box.left_px, box.top_px, width, height)
        self.is_pointed_at = False
        self.setAcceptHoverEvents(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setZValue(_LEVEL)

    def point_at(self, is_pointed_at: bool) -> None:
        """Show that this one would be chosen now."""
        self.is_pointed_at = is_pointed_at
        self.update()

    def boundingRect(self) -> QRectF:
        """Return the frame, in pixels of the picture."""
        return self._box

    def draw(self, painter: QPainter) -> None:
        """Draw frame and number in logical pixels of the screen, whatever the scale."""
        painter.save()
        inset_px = _RIM_PX / 2
        box = painter.transform().mapRect(self._box)
        box = box.adjusted(inset_px, inset_px, -inset_px, -inset_px)
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(255, 255, 255, _SHADE if self.is_pointed_at else 0))
        line = QColor(*COLOURS[Role.TILT]) if self.is_pointed_at else QColor("white")
        for colour, width_px in ((QColor(*HALO), _RIM_PX), (line, _LINE_PX)):
            painter.setPen(QPen(colour, width_px))
            painter.drawRoundedRect(box, _CORNER_PX, _CORNER_PX)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        # Above the frame where there is room, so that it hides no face.
        top = max(box.top() - _PLATE_PX, 0.0)
        plate = QRectF(box.left(), top, _PLATE_PX, _PLATE_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(plate_colour())
        painter.drawRoundedRect(plate, _CORNER_PX, _CORNER_PX)
        font = QFont()
        font.setPixelSize(_LETTERS_PX)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor("white"))
        painter.drawText(plate, int(Qt.AlignmentFlag.AlignCenter), str(self.number))
        painter.restore()

    def hoverEnterEvent(self, event: QGraphicsSceneHoverEvent | None) -> None:
        """Show that a click would choose this one."""
        self.point_at(True)
        super().hoverEnterEvent(event)

    def hoverLeaveEvent(self, event: QGraphicsSceneHoverEvent | None) -> None:
        """Show it no more."""
        self.point_at(False)
        super().hoverLeaveEvent(event)

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent | None) -> None:
        """Be chosen."""
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            event.accept()
            self.clicked.emit()
        elif event is not None:
            event.ignore()


class PeopleChoice(QWidget):
    """Asks which of several people is meant: frames on the picture, and numbers beside it.

    Parameters
    ----------
    view
        Shows the picture.

    Attributes
    ----------
    again
        A button for whoever lays out the page: somebody else is meant after all.
    """

    #: A place on the person meant, x and y in pixels of the full picture.
    chosen = pyqtSignal(object)
    #: Somebody else is meant after all.
    again_wanted = pyqtSignal()

    def __init__(self, view: PictureView) -> None:
        super().__init__()
        self._view = view
        self._people: tuple[PersonBox, ...] = ()
        self._had_focus = False
        self.frames: list[PersonFrame] = []
        self.buttons: list[QPushButton] = []
        self.question = words(several.WHICH_PERSON, Kind.HEADING)
        self._numbers = in_row()
        self.again = make_button(
            self.tr("Someone else is meant"),
            self.tr("Choose again whom to measure in this picture"),
            act=self.again_wanted,
        )
        in_column(self.question, self._numbers, on=self)
        self.hide()
        self.again.hide()

    def offer(self, people: Sequence[PersonBox], is_done: bool) -> None:
        """Ask for one of these, or offer to choose again once that is done; nobody hides it.

        Parameters
        ----------
        people
            From left to right.
        """
        asked = () if is_done else tuple(people)
        # Whoever chose by the keys goes on from where the choice was.
        self._had_focus = self._had_focus or any(button.hasFocus() for button in self.buttons)
        self.setVisible(bool(asked))
        self.again.setVisible(bool(people) and is_done)
        if is_done and self._had_focus:
            self._had_focus = False
            self.again.setFocus(Qt.FocusReason.OtherFocusReason)
        if asked == self._people:
            return
        self._clear()
        self._people = asked
        for number, box in enumerate(asked, 1):
            self._add(number, box)
        if self.buttons and self.isVisible():
            self.buttons[0].show()  # what is not there yet cannot take the focus
            self.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Show on the picture whom a button is for."""
        is_pointing = None if event is None else _POINTING.get(event.type())
        if is_pointing is not None and watched in self.buttons:
            button = self.buttons[self.buttons.index(watched)]
            frame = self.frames[self.buttons.index(button)]
            frame.point_at(is_pointing or button.hasFocus())
        return super().eventFilter(watched, event)

    def _add(self, number: int, box: PersonBox) -> None:
        def choose() -> None:
            self.chosen.emit(box.middle_px)

        frame = PersonFrame(number, box)
        frame.clicked.connect(choose)
        scene = self._view.scene()
        if scene is not None:
            scene.addItem(frame)
        self.frames.append(frame)
        said = several.PERSON_NUMBER.format(number=number)
        button = named(make_button(str(number), act=choose), said, tip(said, str(number)))
        button.setAutoDefault(True)
        button.installEventFilter(self)
        self._numbers.addWidget(button)
        self.buttons.append(button)
        shortcut = QShortcut(QKeySequence(str(number)), button)
        shortcut.activated.connect(choose)

    def _clear(self) -> None:
        for frame in self.frames:
            scene = frame.scene()
            if scene is not None:
                scene.removeItem(frame)
        for button in self.buttons:
            self._numbers.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.frames, self.buttons = [], []
        self._people = ()
