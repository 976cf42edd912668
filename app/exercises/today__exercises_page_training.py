"""One exercise under way: which set comes next, and how long the rest before it is; no Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.exercises.catalogue import exercise_text, known_id
from app.exercises.today import turns

if TYPE_CHECKING:
    from app.exercises.today import Task, Turn
    from app.history.diary import ExerciseSet

#: For an exercise with a name of its own.
_REST_S = 60.0
#: Between the sides the one that worked rests while the other does.
_CHANGE_SIDES_S = 15.0


class Training:
    """The sets of one exercise that are left today, one after the other.

    Parameters
    ----------
    task
        What is to be done; when it is done already, all of it once more.
    profile_id
        Whose sets they are, whoever is shown later.
    """

    def __init__(self, task: Task, profile_id: int) -> None:
        self.task, self.profile_id = task, profile_id
        self.done: list[ExerciseSet] = []
        self._left = list(turns(task.planned, task.done) or turns(task.planned))

    @property
    def next(self) -> Turn | None:
        """The set that comes next; None when there is none left."""
        return self._left[0] if self._left else None

    @property
    def left(self) -> int:
        """How many sets are left."""
        return len(self._left)

    def take(self, done: ExerciseSet) -> None:
        """Count a set."""
        self.done.append(done)
        self._left = self._left[1:]

    @property
    def rest_s(self) -> float:
        """How long the rest before the next set is."""
        planned = self.task.planned
        known = known_id(planned.exercise)
        rest_s = _REST_S if known is None else exercise_text(known).rest_s
        changes = self.next is not None and self.next.side == "right"
        return min(rest_s, _CHANGE_SIDES_S) if changes else rest_s
