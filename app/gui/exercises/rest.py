"""Between two sets, and after the last: words that can be read from the floor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QTimer, pyqtSignal

from app.exercises import text as said
from app.exercises.text import FAULTS
from app.gui.style.theme import Kind
from app.gui.widgets.cards import BODY, HUGE, LARGE, LiveCard, make_button
from vision.coach.events import FormFault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PyQt6.QtGui import QHideEvent, QShowEvent
    from PyQt6.QtWidgets import QWidget

    from app.history.diary import ExerciseSet

_SECOND_MS = 1000


class RestCard(LiveCard):
    """Counts the seconds until the next set; only while it is in sight."""

    #: The next set is to begin.
    over = pyqtSignal()
    #: Somebody has done enough for now.
    stopped = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(said.REST)
        self._left_s = 0
        self._clock = QTimer(self)
        self._clock.setInterval(_SECOND_MS)
        self._clock.timeout.connect(self._tick)
        self.title = self.add_words(LARGE, is_bold=True)
        self.count = self.add_words(HUGE, is_bold=True)
        self.next = self.add_words(LARGE)
        self.last = self.add_words(BODY, kind=Kind.MUTED)
        self.column.addStretch(1)
        self.now = make_button(said.START_NOW, is_main=True)
        self.wait = make_button(said.WAIT)
        self.wait.setCheckable(True)
        self.stop = make_button(said.STOP_HERE)
        self.now.clicked.connect(self._end)
        self.wait.toggled.connect(self._wait)
        self.stop.clicked.connect(self._leave)
        self.add_buttons(self.now, self.wait, self.stop)

    def begin(self, rest_s: float, side: str, sets_left: int, done: ExerciseSet) -> None:
        """Rest for so long before the next set.

        Parameters
        ----------
        side, sets_left
            Of the set that comes.
        done
            The one before.
        """
        self._left_s = max(1, round(rest_s))
        self.title.say(said.CHANGE_SIDES if side and side != done.side else said.REST)
        self.next.say(said.next_set(side, sets_left))
        self.last.say(said.set_line(done))
        self.wait.setChecked(False)
        self._show()
        self._run()

    def take_focus(self) -> None:
        """Hand the keys to the button that begins at once."""
        self.now.setFocus()

    def halt(self) -> None:
        """Stop counting."""
        self._clock.stop()

    def showEvent(self, event: QShowEvent | None) -> None:
        """Count on."""
        super().showEvent(event)
        self._run()

    def hideEvent(self, event: QHideEvent | None) -> None:
        """Begin no set that nobody sees."""
        super().hideEvent(event)
        self._clock.stop()

    def _run(self) -> None:
        if self.isVisible() and self._left_s > 0 and not self.wait.isChecked():
            self._clock.start()

    def _tick(self) -> None:
        self._left_s -= 1
        self._show()
        if self._left_s <= 0:
            self._end()

    def _show(self) -> None:
        is_waiting = self.wait.isChecked()
        self.count.say(said.WAITING if is_waiting else said.REST_OVER.format(seconds=self._left_s))

    def _wait(self, is_waiting: bool) -> None:
        self._clock.stop()
        self.wait.setText(said.GO_ON if is_waiting else said.WAIT)
        self._show()
        if not is_waiting:
            self._run()

    def _end(self) -> None:
        self._clock.stop()
        self._left_s = 0
        self.over.emit()

    def _leave(self) -> None:
        self._clock.stop()
        self._left_s = 0
        self.stopped.emit()


class SummaryCard(LiveCard):
    """What was done of an exercise, and what comes next."""

    next_wanted = pyqtSignal()
    closed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(said.SUMMARY_TITLE)
        self.title = self.add_words(LARGE, is_bold=True)
        self.sets = self.add_words(BODY)
        self.faults = self.add_words(BODY, kind=Kind.MUTED)
        self.left = self.add_words(BODY)
        self.column.addStretch(1)
        self.next = make_button("", is_main=True)
        self.next.hide()
        self.back = make_button(said.BACK_TO_TODAY)
        self.next.clicked.connect(self.next_wanted)
        self.back.clicked.connect(self.closed)
        self.add_buttons(self.next, self.back)

    def show_sets(
        self, name: str, done: Sequence[ExerciseSet], left: int, wanted: int, next_name: str
    ) -> None:
        """Show these sets of an exercise.

        Parameters
        ----------
        left, wanted
            Sets of today that are left, and that there are in all.
        next_name
            The exercise that comes next; empty for none.
        """
        self.title.say(f"{name}: {said.SUMMARY_TITLE.lower()}")
        self.sets.say("\n".join(said.set_line(one) for one in done))
        self.faults.say(_faults(done))
        self.left.say(said.SUMMARY_LEFT.format(left=left, wanted=wanted) if left else "")
        self.next.setText(said.NEXT_EXERCISE.format(name=next_name))
        self.next.setVisible(bool(next_name))

    def take_focus(self) -> None:
        """Hand the keys to what comes next."""
        (self.next if self.next.isVisibleTo(self) else self.back).setFocus()


def _faults(done: Sequence[ExerciseSet]) -> str:
    """Say which form faults were seen how often, most often first."""
    counts: dict[FormFault, int] = {}
    for one in done:
        for value, count in one.faults.items():
            if value in set(FormFault):
                counts[FormFault(value)] = counts.get(FormFault(value), 0) + count
    lines = [
        f"\N{BULLET} {said.times(FAULTS[fault].shown, count)}"
        for fault, count in sorted(counts.items(), key=lambda item: -item[1])
        if count
    ]
    return "\n".join([said.SAID_WHILE_COUNTING, *lines]) if lines else ""
