"""One photograph to rate, with what stands beside it, and the clock that runs meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PyQt6.QtWidgets import QApplication, QToolButton, QWidget

from app.gui.picture.mark_editor import MarkSteps
from app.gui.picture.marks import Handle
from app.gui.picture.view import PictureView
from app.gui.rating.editor import RatingEditor
from app.gui.rating.marks import RatedMarks
from app.gui.rating.panel import KEYS, RatingPanel
from app.gui.rating.session import Stopwatch
from app.gui.style.theme import GAP_PX, GROUP_GAP_PX, PAGE_MARGIN_PX, text_factor
from app.gui.widgets.cards import in_column, in_row, named, tip
from app.history.values import now
from app.study.worklist import BeltSeen, Rating
from app.text.research import rating

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtGui import QResizeEvent

    from app.gui.rating.session import Clock
    from vision.image.frame import Frame

_SIDE_PX = 310
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(slots=True, eq=False)
class Draft:
    """An answer as far as it has come."""

    steps: MarkSteps[RatedMarks]
    watch: Stopwatch
    belt: BeltSeen | None = None

    @classmethod
    def blank(cls, size_px: tuple[int, int], clock: Clock) -> Draft:
        """Return that to a photograph that was never looked at."""
        return cls(MarkSteps(RatedMarks(size_px)), Stopwatch(clock))

    def rating(self, item: str) -> Rating:
        """Return the answer to an item, given now."""
        marks = self.steps.marks
        return Rating(
            item,
            *(marks.front_px, marks.back_px, marks.plumb_px),
            belt=self.belt,
            seconds=round(self.watch.seconds, 2),
            rated_at=now().isoformat(timespec="seconds"),
        )


class RatingPage(QWidget):
    """Takes the answer to one photograph after the other."""

    #: The draft says all that is asked.
    answered = pyqtSignal()
    back_wanted = pyqtSignal()
    pause_wanted = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self._draft: Draft | None = None
        self._keys_were_at: QWidget | None = None
        self.view, self.panel = PictureView(), RatingPanel()
        self.editor = RatingEditor(self.view, self)
        self._lay_out()
        self._connect()

    def begin(self, frame: Frame, draft: Draft) -> None:
        """Show a photograph with what was marked on it, and let the clock run.

        Parameters
        ----------
        frame
            The photograph.
        draft
            Changes as the rater goes on.
        """
        self._draft = draft
        self.view.show_picture(frame.rgb, (frame.width_px, frame.height_px))
        self.editor.begin(draft.steps)
        self._follow()
        self.panel.show_problem("")
        draft.watch.start()

    def clear(self) -> None:
        """Show no photograph."""
        self.hold()
        self.editor.end()
        self.view.clear_picture()
        self._draft = None

    def show_place(self, number: int, count: int, *, is_last: bool, can_go_back: bool) -> None:
        """Say which of all photographs it is."""
        said = rating.COUNT.format(number=number, count=count)
        self.view.setAccessibleName(said)
        self.panel.show_place(said, is_last=is_last, can_go_back=can_go_back)

    def hold(self) -> None:
        """Stop the clock."""
        if self._draft is not None:
            self._draft.watch.stop()

    def go_on(self) -> None:
        """Let the clock run on."""
        if self._draft is not None:
            self._draft.watch.start()
            self.view.setFocus()

    def wait(self, is_waiting: bool) -> None:
        """Take no more of the answer while it is being kept; it stays as it is."""
        if is_waiting:
            self._keys_were_at = QApplication.focusWidget()
        # Most often this is over before anybody could see buttons turn grey.
        self.setUpdatesEnabled(not is_waiting)
        self.setEnabled(not is_waiting)
        if not is_waiting and self._keys_were_at is not None:
            self._keys_were_at.setFocus()

    def show_problem(self, text: str) -> None:
        """Say why the answer was not kept."""
        self.panel.show_problem(text)

    def step(self, *, by_button: bool = False) -> None:
        """Turn to what is missing, and when nothing is, give the answer.

        Parameters
        ----------
        by_button
            Whether somebody wanted to go on at once; else what is missing is told only where
            the keys are there already.
        """
        draft = self._draft
        if draft is None:
            return
        marks, current = draft.steps.marks, self.editor.current
        if marks.missing is not None:
            is_told = by_button or current is marks.missing
            is_front = marks.missing is Handle.FRONT
            point = rating.THE_FRONT_POINT if is_front else rating.THE_BACK_POINT
            told = rating.MARK_POINT.format(point=point)
            self._turn_to(marks.missing)
            self.panel.show_problem(told if is_told else "")
        elif marks.plumb_problem:
            if not current.is_plumb:
                self._turn_to(Handle.PLUMB_TOP)
            self.panel.show_problem(marks.plumb_problem)
        elif draft.belt is None:
            is_told = by_button or self.panel.is_asking_for_belt()
            self.panel.show_problem(rating.SAY_BELT if is_told else "")
            self.panel.ask_for_belt()
        else:
            self.panel.show_problem("")
            self.answered.emit()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Go on with Enter, wherever the keys are but on a button that Enter presses."""
        if event is not None and event.key() in _ENTER:
            self.step()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Leave the photograph at least half of the width."""
        super().resizeEvent(event)
        self._fit_text()

    def changeEvent(self, event: QEvent | None) -> None:
        """Give the words more room where letters are larger."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.StyleChange:
            self._fit_text()

    def _fit_text(self) -> None:
        if hasattr(self, "panel"):  # nothing is there yet when the page gets its first style
            wanted_px = round(_SIDE_PX * max(1.0, text_factor()))
            self.panel.setFixedWidth(max(_SIDE_PX, min(wanted_px, self.width() // 2)))

    def _lay_out(self) -> None:
        view = self.view
        zooms = (
            self._zoom("−", self.tr("Zoom out"), "Ctrl+-", view.zoom_out),  # noqa: RUF001
            self._zoom("+", self.tr("Zoom in"), "Ctrl++", view.zoom_in),
            self._zoom(self.tr("Fit"), self.tr("Show the whole picture"), KEYS["fit"], view.fit),
        )
        above = in_row(1, *zooms)
        left = in_column(above, (view, 1), gap_px=GAP_PX)
        parts = (left, 1), self.panel
        in_row(*parts, on=self, gap_px=GROUP_GAP_PX, margins_px=PAGE_MARGIN_PX)
        # Who reads along with the keys comes to the photograph first.
        self.setTabOrder(view, self.panel)

    def _zoom(self, text: str, what: str, keys: str, act: Callable[[], None]) -> QToolButton:
        def zoom() -> None:
            act()
            if not self.view.is_fitted:
                self.editor.keep_in_sight()

        button = named(QToolButton(), what, tip(what, keys))
        button.setText(text)
        button.clicked.connect(zoom)
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.activated.connect(zoom)
        return button

    def _connect(self) -> None:
        panel, editor = self.panel, self.editor
        editor.changed.connect(self._take_change)
        editor.turned.connect(self._follow)
        panel.point_wanted.connect(self._turn_to)
        panel.plumb_wanted.connect(self._set_plumb)
        panel.undo_wanted.connect(editor.undo)
        panel.redo_wanted.connect(editor.redo)
        panel.cannot_tell.connect(self._give_up)
        panel.belt_chosen.connect(self._answer_belt)
        panel.next_wanted.connect(lambda: self.step(by_button=True))
        panel.back_wanted.connect(self.back_wanted)
        panel.pause_wanted.connect(self.pause_wanted)

    def _follow(self) -> None:
        draft = self._draft
        if draft is None:
            return
        steps = draft.steps
        can = {"can_undo": steps.canUndo(), "can_redo": steps.canRedo()}
        self.panel.show_marks(steps.marks, self.editor.current, **can)
        self.panel.show_belt(draft.belt)

    def _take_change(self) -> None:
        """Follow what the rater did; what was missing may be there now."""
        self.panel.show_problem("")
        if self._draft is not None:
            self._draft.watch.start()  # it stood still where an answer could not be kept
        self._follow()

    def _turn_to(self, handle: Handle) -> None:
        self.editor.make_current(handle)
        self.view.setFocus()

    def _set_plumb(self, wanted: bool) -> None:
        self.editor.set_plumb(wanted)
        self.view.setFocus()

    def _give_up(self, wanted: bool) -> None:
        if self.editor.marks is not None:
            self.editor.change(self.editor.marks.give_up(wanted))
            self._follow()

    def _answer_belt(self, belt: BeltSeen) -> None:
        if self._draft is not None:
            self._draft.belt = belt
            self._take_change()
