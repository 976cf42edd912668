"""Which photograph comes next, how long it was looked at, and what was answered last."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, TypeAlias

from app.study.design import KEY, Study
from app.study.worklist import Worklist

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.study.worklist import Rating, WorkEntry

Clock: TypeAlias = "Callable[[], float]"


def open_folder(folder: Path) -> Worklist | Study:
    """Open a rater's folder, or a study's.

    Raises
    ------
    StudyError
        If it is neither.
    """
    return Study(folder) if (folder / KEY).is_file() else Worklist(folder)


class Stopwatch:
    """Adds up the time for which it runs.

    Parameters
    ----------
    clock
        Seconds that never go back.
    """

    def __init__(self, clock: Clock = monotonic) -> None:
        self._clock = clock
        self._before_s = 0.0
        self._since_s: float | None = None

    @property
    def seconds(self) -> float:
        """How long it has run so far."""
        running_s = 0.0 if self._since_s is None else self._clock() - self._since_s
        return self._before_s + running_s

    def start(self) -> None:
        """Run on, unless it does."""
        if self._since_s is None:
            self._since_s = self._clock()

    def stop(self) -> None:
        """Stand still."""
        self._before_s, self._since_s = self.seconds, None


class RatingSession:
    """Goes through a worklist, from the first photograph without an answer.

    An answered photograph is not shown again, but for the one that was answered last in this
    session, so that a slip can be put right.

    Attributes
    ----------
    current
        The photograph to rate; None when none is left.
    left_open
        So many could not be shown.
    """

    def __init__(self, worklist: Worklist) -> None:
        self.worklist = worklist
        self._last: WorkEntry | None = None
        self._unshown: set[str] = set()
        self.current: WorkEntry | None = None
        self._advance()

    @property
    def count(self) -> int:
        """How many there are altogether."""
        return len(self.worklist.items)

    @property
    def number(self) -> int:
        """Which one of them is to be rated, from 1."""
        return 0 if self.current is None else self.worklist.items.index(self.current) + 1

    @property
    def answered(self) -> int:
        """How many have an answer."""
        return len(self.worklist.ratings)

    @property
    def left_open(self) -> int:
        """How many could not be shown."""
        return len(self._unshown)

    @property
    def following(self) -> WorkEntry | None:
        """The photograph that most likely comes next."""
        return next((item for item in self._open() if item is not self.current), None)

    @property
    def last(self) -> WorkEntry | None:
        """The photograph to which one can go back; None for none."""
        return None if self._last is self.current else self._last

    def is_open(self, item: str) -> bool:
        """Tell whether an item has no answer yet."""
        return item not in self.worklist.ratings

    def keep(self, rating: Rating) -> None:
        """Keep an answer; takes as long as the disk needs.

        Raises
        ------
        StudyError
            If it cannot be written.
        """
        self.worklist.keep(rating)

    def go_on(self) -> None:
        """Turn to the next one, once the answer is kept."""
        self._last = self.current
        self._advance()

    def go_back(self) -> None:
        """Turn to the one that was answered last; its answer holds until there is another."""
        if self._last is not None:
            self.current = self._last

    def leave_open(self) -> None:
        """Turn to the next one, since this one cannot be shown."""
        if self.current is not None:
            self._unshown.add(self.current.id)
        self._advance()

    def _advance(self) -> None:
        self.current = next(iter(self._open()), None)

    def _open(self) -> list[WorkEntry]:
        rated = self.worklist.ratings
        return [
            item
            for item in self.worklist.items
            if item.id not in rated and item.id not in self._unshown
        ]
