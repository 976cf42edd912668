"""Between two sets, and after the last: words that can be read from the floor."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PyQt6.QtCore import QTimer, pyqtSignal

from app.exercises import text
from app.exercises.routine import name_of
from app.gui.style.theme import Kind
from app.gui.widgets.cards import BODY, HUGE, LARGE, LiveCard, make_button
from vision.coach.events import FormFault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PyQt6.QtCore import pyqtBoundSignal
    from PyQt6.QtGui import QHideEvent, QShowEvent

    from app.exercises.today import Task, Training, Turn
    from app.history.diary import ExerciseSet

_SECOND_MS = 1000


class RestCard(LiveCard):
    """Counts the seconds until the next set; only while it is in sight."""

    #: The next set is to begin.
    over = pyqtSignal()
    #: Somebody has done enough for now.
    stopped = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(text.REST)
        self._left_s = 0
        self._clock = QTimer(self)
        self._clock.setInterval(_SECOND_MS)
        self._clock.timeout.connect(self._tick)
        self.title = self.add_words(LARGE, is_bold=True)
        self.count = self.add_words(HUGE, is_bold=True)
        self.next = self.add_words(LARGE)
        self.last = self.add_words(BODY, kind=Kind.MUTED)
        self.column.addStretch(1)
        self.now = make_button(text.START_NOW, is_main=True)
        self.wait = make_button(text.WAIT)
        self.wait.setCheckable(True)
        self.stop = make_button(text.STOP_HERE)
        self.now.clicked.connect(lambda _: self._end(self.over))
        self.wait.toggled.connect(self._wait)
        self.stop.clicked.connect(lambda _: self._end(self.stopped))
        self.add_buttons(self.now, self.wait, self.stop)

    def begin(self, rest_s: float, done: ExerciseSet, turn: Turn) -> None:
        """Rest for so long between a set and the one whose turn it is."""
        self._left_s = max(1, round(rest_s))
        changes = turn.side and turn.side != done.side
        self.title.say(text.CHANGE_SIDES if changes else text.REST)
        self.next.say(text.next_set(turn))
        self.last.say(text.set_line(done))
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
            self._end(self.over)

    def _show(self) -> None:
        is_waiting = self.wait.isChecked()
        self.count.say(text.WAITING if is_waiting else text.REST_OVER.format(seconds=self._left_s))

    def _wait(self, is_waiting: bool) -> None:
        self._clock.stop()
        self.wait.setText(text.GO_ON if is_waiting else text.WAIT)
        self._show()
        if not is_waiting:
            self._run()

    def _end(self, how: pyqtBoundSignal) -> None:
        self._clock.stop()
        self._left_s = 0
        how.emit()


class SummaryCard(LiveCard):
    """What was done of an exercise, and what comes next."""

    next_wanted = pyqtSignal()
    closed = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(text.SUMMARY_TITLE)
        self.title = self.add_words(LARGE, is_bold=True)
        self.sets = self.add_words(BODY)
        self.faults = self.add_words(BODY, kind=Kind.MUTED)
        self.left = self.add_words(BODY)
        self.column.addStretch(1)
        self.next = make_button("", is_main=True)
        self.next.hide()
        self.back = make_button(text.BACK_TO_TODAY)
        self.next.clicked.connect(self.next_wanted)
        self.back.clicked.connect(self.closed)
        self.add_buttons(self.next, self.back)

    def show_training(self, training: Training, following: Task | None) -> None:
        """Show what was done of an exercise, and offer the one that follows, if any does."""
        task, left = training.task, training.left
        self.title.say(f"{name_of(task.planned)}: {text.SUMMARY_TITLE.lower()}")
        self.sets.say("\n".join(text.set_line(one) for one in training.done))
        self.faults.say(_faults(training.done))
        self.left.say(text.SUMMARY_LEFT.format(left=left, wanted=task.wanted) if left else "")
        if following is not None:
            self.next.setText(text.NEXT_EXERCISE.format(name=name_of(following.planned)))
        self.next.setVisible(following is not None)

    def take_focus(self) -> None:
        """Hand the keys to what comes next."""
        (self.next if self.next.isVisibleTo(self) else self.back).setFocus()


def _faults(done: Sequence[ExerciseSet]) -> str:
    """Say which form faults were seen how often, most often first."""
    counts: Counter[str] = Counter()
    for one in done:
        counts.update(one.faults)
    lines = [
        f"\N{BULLET} {text.times(text.FAULTS[FormFault(value)].shown, count)}"
        for value, count in counts.most_common()
        if count and value in set(FormFault)
    ]
    return "\n".join([text.SAID_WHILE_COUNTING, *lines]) if lines else ""
