"""From one set of an exercise to the next: player, rest, and what was done."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from app.exercises import text as said
from app.exercises.catalogue import name_of
from app.exercises.today import key_of, tasks
from app.exercises.today__exercises_page_training import Training
from app.gui.exercises.page__exercises_page_layout import ExercisesLayout, Screen

if TYPE_CHECKING:
    from app.exercises.today import Task
    from app.gui.exercises.diary import ExerciseDiary
    from app.history.diary import ExerciseSet


class ExerciseSets(QObject):
    """Leads through the sets of one exercise, and keeps each as soon as it is done."""

    #: The exercise that hurts; whatever ran has stopped.
    hurt = pyqtSignal(str)
    #: There is no exercise under way any more.
    closed = pyqtSignal()
    status = pyqtSignal(str)

    def __init__(self, parts: ExercisesLayout, diary: ExerciseDiary, parent: QObject) -> None:
        super().__init__(parent)
        self._parts, self._diary = parts, diary
        self._training: Training | None = None
        self._next: Task | None = None
        parts.player.set_done.connect(self._take)
        parts.player.hurts.connect(self.hurt)
        parts.player.left.connect(self._left)
        parts.rest.over.connect(self._go_on)
        parts.rest.stopped.connect(self._sum_up)
        parts.summary.closed.connect(self._close)
        parts.summary.next_wanted.connect(self._open_next)

    @property
    def exercise(self) -> str:
        """What sets of the exercise that is shown are kept under; empty for none."""
        if self._training is not None:
            return self._training.task.key
        task = self._parts.detail.task
        return task.key if task is not None and self._parts.screen is Screen.DETAIL else ""

    def start(self, task: Task) -> None:
        """Begin with the first set that is left."""
        profile_id = self._diary.profile_id
        if profile_id is not None:
            self._training = Training(task, profile_id)
            self._go_on()

    def end(self) -> None:
        """Stop whatever runs, and keep what was counted of it."""
        if self._training is None:
            return
        if self._parts.screen is Screen.PLAYER:
            self._parts.player.end()
        self.forget()

    def forget(self) -> None:
        """Go on with nothing; what was done is kept already."""
        self._parts.rest.halt()
        self._training = None

    def go_back(self) -> bool:
        """Leave a rest or a sum for what comes before it; False when there is neither."""
        if self._training is None or self._parts.screen is not Screen.REST:
            self.forget()
            return False
        self._parts.rest.halt()
        self._sum_up()
        return True

    def _go_on(self) -> None:
        training = self._training
        turn = None if training is None else training.next
        if training is None or turn is None:
            return
        self._parts.show(Screen.PLAYER)
        self._parts.player.start(training.task.planned, turn.sets_left, turn.side)

    def _take(self, done: ExerciseSet) -> None:
        training = self._training
        if training is None:
            return
        if done.repetitions <= 0 and done.hold_s <= 0:
            self.status.emit(said.NOTHING_COUNTED)
            self._left()
            return
        training.take(done)
        self._diary.note(done, training.profile_id)
        turn = training.next
        if turn is None:
            self._sum_up()
            return
        self._parts.rest.begin(training.rest_s, turn.side, turn.sets_left, done)
        self._parts.show(Screen.REST)

    def _left(self) -> None:
        """Show what was done, or the exercise when that is nothing."""
        training = self._training
        if training is not None and training.done:
            self._sum_up()
            return
        self._training = None
        self._parts.show(Screen.DETAIL)

    def _sum_up(self) -> None:
        training, news = self._training, self._diary.news
        if training is None:
            return
        planned = training.task.planned
        now = datetime.now(UTC).astimezone()
        self._next = None if news is None else _next_of(tasks(news, now), key_of(planned))
        self._parts.summary.show_sets(
            name_of(planned),
            training.done,
            training.left,
            training.task.wanted,
            "" if self._next is None else name_of(self._next.planned),
        )
        self._parts.show(Screen.SUMMARY)

    def _open_next(self) -> None:
        task, self._training = self._next, None
        if task is None:
            self.closed.emit()
            return
        self._parts.detail.show_task(task)
        self._parts.show(Screen.DETAIL)

    def _close(self) -> None:
        self._training = None
        self.closed.emit()


def _next_of(day: tuple[Task, ...], key: str) -> Task | None:
    """Return the exercise that comes next after this one and is still to be done."""
    keys = [task.key for task in day]
    place = keys.index(key) + 1 if key in keys else 0
    order = [*day[place:], *day[:place]]
    return next((t for t in order if t.key != key and not t.is_done and t.hurt_at is None), None)
