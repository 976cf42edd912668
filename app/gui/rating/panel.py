"""What stands beside the photograph: what to mark, the question about the belt line, and on."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QIcon, QKeySequence, QPainter, QPen, QPixmap, QShortcut
from PyQt6.QtWidgets import QPushButton, QWidget

from app.gui.picture.marks import Handle
from app.gui.style.theme import GAP_PX, GROUP_GAP_PX, Kind
from app.gui.widgets.cards import Scroll, flow, in_column, make_button, say, tip, words
from app.study.worklist import BeltSeen
from app.text.research import rating
from vision.overlay.shapes import COLOURS, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PyQt6.QtGui import QKeyEvent

    from app.gui.rating.marks import RatedMarks

#: Which keys do what, wherever the focus is.
KEYS: Mapping[str, str] = {
    "unknown": "X",
    "plumb": "L",
    "no": "1",
    "partly": "2",
    "clearly": "3",
    "pause": "P",
    "fit": "F",
    "back": "Alt+Left",
}
_BELT_KEYS = {BeltSeen.NO: "no", BeltSeen.PARTLY: "partly", BeltSeen.CLEARLY: "clearly"}
_ROLES = {Handle.FRONT: Role.FRONT_POINT, Handle.BACK: Role.BACK_POINT}
_DOT_PX, _DRAWN_LARGER = 16, 3


class StepButton(QPushButton):
    """A button that Space presses; Enter goes on to the next step, on every desktop."""

    def __init__(self, text: str, what: str, act: Callable[[], object], keys: str = "") -> None:
        super().__init__(text)
        self.setToolTip(tip(what, keys) if keys else what)
        self.clicked.connect(lambda _: act())
        if keys:
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(self.click)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Leave Enter to the page."""
        if event is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)


class RatingPanel(QWidget):
    """Shows how far the answer to one photograph has come; holds none itself."""

    point_wanted = pyqtSignal(Handle)
    plumb_wanted = pyqtSignal(bool)
    undo_wanted = pyqtSignal()
    redo_wanted = pyqtSignal()
    cannot_tell = pyqtSignal(bool)
    #: A :class:`BeltSeen`.
    belt_chosen = pyqtSignal(object)
    next_wanted = pyqtSignal()
    back_wanted = pyqtSignal()
    pause_wanted = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self._has_plumb = False
        self._make_marks()
        self._make_belt()
        self.count = words(kind=Kind.HEADING)
        self.problem = words(kind=Kind.REFUSAL)
        self.next_button = make_button(
            "", tip(self.tr("Keep this answer and go on"), "Return"), True, self.next_wanted
        )
        self.back_button = make_button(
            self.tr("Change my last answer"),
            tip(self.tr("For a slip: until you answer again, the last answer holds"), KEYS["back"]),
            act=self.back_wanted,
        )
        self.pause_button = make_button(
            self.tr("Pause"),
            tip(self.tr("Hide the photograph and stop the clock"), KEYS["pause"]),
            act=self.pause_wanted,
        )
        for button, keys in ((self.back_button, "back"), (self.pause_button, "pause")):
            button.setAutoDefault(True)  # pressed by Enter as well
            shortcut = QShortcut(QKeySequence(KEYS[keys]), self)
            shortcut.activated.connect(button.click)
        self.back_button.setEnabled(False)
        self._lay_out()

    def show_marks(
        self, marks: RatedMarks, current: Handle, *, can_undo: bool, can_redo: bool
    ) -> None:
        """Follow what was marked, and which point the keys move."""
        for handle, button in self.point_buttons.items():
            name, role = _point_name(handle), _ROLES[handle]
            is_there = marks.place(handle) is not None
            button.setAccessibleName(name if is_there else rating.NOT_MARKED.format(name=name))
            button.setIcon(_dot(role, is_full=is_there))
            button.setChecked(handle is current and not marks.cannot_tell)
        self.cannot_button.setChecked(marks.cannot_tell)
        self.undo_button.setEnabled(can_undo)
        self.redo_button.setEnabled(can_redo)
        self._has_plumb = marks.plumb_px is not None
        self.plumb_button.setText(
            self.tr("Remove the plumb line") if self._has_plumb else self.tr("Add a plumb line")
        )

    def show_belt(self, belt: BeltSeen | None) -> None:
        """Show what was answered about the belt line."""
        for own, button in self.belt_buttons.items():
            button.setChecked(own is belt)

    def show_place(self, said: str, *, is_last: bool, can_go_back: bool) -> None:
        """Say which photograph it is, what comes after it, and whether there is a way back."""
        say(self.count, said)
        self.next_button.setText(self.tr("Finish") if is_last else self.tr("Next photograph"))
        self.back_button.setEnabled(can_go_back)

    def show_problem(self, text: str) -> None:
        """Say what is missing, or why an answer was not kept; an empty text says nothing."""
        say(self.problem, text)

    def is_asking_for_belt(self) -> bool:
        """Tell whether the keys are at the question about the belt line."""
        return any(button.hasFocus() for button in self.belt_buttons.values())

    def ask_for_belt(self) -> None:
        """Have the keys go to the question about the belt line."""
        if not self.is_asking_for_belt():
            self.belt_buttons[BeltSeen.NO].setFocus()
            for button in self.belt_buttons.values():
                self._scroll.ensureWidgetVisible(button)

    def _make_marks(self) -> None:
        self.point_buttons = {
            handle: StepButton(
                _point_name(handle),
                self.tr("Have the arrow keys move this point"),
                partial(self._want_point, handle),
            )
            for handle in _ROLES
        }
        for button in self.point_buttons.values():
            button.setCheckable(True)
        self.plumb_button = StepButton(
            "",
            self.tr("To be laid on a door frame or the edge of a wall"),
            self._toggle_plumb,
            KEYS["plumb"],
        )
        self.undo_button = StepButton(
            self.tr("Undo"), self.tr("Take the last step back"), self.undo_wanted.emit, "Ctrl+Z"
        )
        self.redo_button = StepButton(
            self.tr("Redo"), self.tr("Do it again"), self.redo_wanted.emit, "Ctrl+Shift+Z"
        )
        self.cannot_button = StepButton(
            rating.CANNOT_TELL, self.tr("This is an answer, too"), self._give_up, KEYS["unknown"]
        )
        self.cannot_button.setCheckable(True)

    def _make_belt(self) -> None:
        # No group of Qt's: Tab would go to the button that was chosen for the last photograph.
        self.belt_buttons: dict[BeltSeen, QPushButton] = {}
        for belt, name in zip(BeltSeen, rating.BELT_ANSWERS, strict=True):
            keys = KEYS[_BELT_KEYS[belt]]
            button = StepButton(name, name, partial(self._choose_belt, belt), keys)
            button.setCheckable(True)
            button.setAccessibleName(f"{rating.BELT_QUESTION} {name}")
            self.belt_buttons[belt] = button

    def _lay_out(self) -> None:
        inside = QWidget()
        points = in_column(
            words(rating.HEADING, Kind.HEADING), words(rating.STEPS), *self.point_buttons.values()
        )
        steps = flow(self.undo_button, self.redo_button)
        belt = in_column(
            words(rating.BELT_QUESTION, Kind.HEADING),
            words(rating.BELT_WHAT, Kind.MUTED),
            flow(*self.belt_buttons.values()),
        )
        marks = in_column(points, self.plumb_button, steps, self.cannot_button)
        ways = flow(self.back_button, self.pause_button)
        in_column(marks, belt, 1, ways, on=inside, gap_px=GROUP_GAP_PX)
        self._scroll = Scroll(inside)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        foot = in_column(self.problem, self.next_button)
        in_column(self.count, (self._scroll, 1), foot, on=self, gap_px=GAP_PX)

    def _want_point(self, handle: Handle) -> None:
        self.point_wanted.emit(handle)

    def _toggle_plumb(self) -> None:
        self.plumb_wanted.emit(not self._has_plumb)

    def _give_up(self) -> None:
        self.cannot_tell.emit(self.cannot_button.isChecked())

    def _choose_belt(self, belt: BeltSeen) -> None:
        self.belt_chosen.emit(belt)


def _dot(role: Role, *, is_full: bool) -> QIcon:
    """Return a disc in a point's colour, or its ring alone while it is not marked."""
    side_px = _DOT_PX * _DRAWN_LARGER
    drawn = QPixmap(side_px, side_px)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = QColor(*COLOURS[role])
    for pen in (QPen(QColor("black"), 8), QPen(colour, 5)):
        painter.setPen(pen)
        painter.setBrush(colour if is_full else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QRectF(8, 8, side_px - 16, side_px - 16))
    painter.end()
    return QIcon(drawn)


def _point_name(handle: Handle) -> str:
    return rating.FRONT_POINT if handle is Handle.FRONT else rating.BACK_POINT
