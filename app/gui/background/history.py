"""The history as the window uses it: opened once, beside the GUI thread."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtGui import QUndoCommand

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from app.gui.background.jobs import Jobs
    from app.history.comparison import Change
    from app.history.records import Check, Conditions, NewCheck, Profile
    from app.history.store import History
    from vision.result import Measured


_KEY = "history write"


@dataclass(frozen=True, slots=True)
class _Write:
    work: Callable[[History], Any]
    done: Callable[[], None]


class HistoryWriter(QObject):
    """Writes in the order asked for, so that an undo never overtakes what it undoes."""

    failed = pyqtSignal(Exception)

    def __init__(
        self, jobs: Jobs, open_history: Callable[[], History], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._jobs, self._open = jobs, open_history
        self._queue: deque[_Write] = deque()

    def write(self, work: Callable[[History], Any], done: Callable[[], None]) -> None:
        """Do ``work`` on a thread once all earlier ones are done, then call ``done``."""
        self._queue.append(_Write(work, done))
        if len(self._queue) == 1:
            self._start()

    def _start(self) -> None:
        write = self._queue[0]

        def done(_: Any) -> None:
            self._queue.popleft()
            write.done()
            self._go_on()

        def failed(error: Exception) -> None:
            self._queue.popleft()
            self.failed.emit(error)
            self._go_on()

        self._jobs.start(_KEY, lambda: write.work(self._open()), done, failed)

    def _go_on(self) -> None:
        if self._queue and not self._jobs.is_busy(_KEY):
            self._start()


class EditConditions(QUndoCommand):
    """What was worn, where the arms were, or a note.

    Parameters
    ----------
    words
        What was done, for the bar that offers to take it back.
    show
        Called at once with the check and what is written about it.
    """

    def __init__(
        self,
        writer: HistoryWriter,
        check_id: int,
        before: Conditions,
        after: Conditions,
        show: Callable[[int, Conditions], None],
        words: str,
    ) -> None:
        super().__init__(words)
        self._writer, self._id, self._show = writer, check_id, show
        self._before, self._after = before, after

    def redo(self) -> None:
        """Write it."""
        self._put(self._after)

    def undo(self) -> None:
        """Write what was there before."""
        self._put(self._before)

    def _put(self, conditions: Conditions) -> None:
        check_id, show = self._id, self._show
        show(check_id, conditions)
        self._writer.write(
            lambda history: history.set_conditions(check_id, conditions), lambda: None
        )


class DeleteChecks(QUndoCommand):
    """Checks hidden, until they are shown again or become final when the program ends."""

    def __init__(
        self,
        writer: HistoryWriter,
        ids: Sequence[int],
        changed: Callable[[], None],
        words: str,
    ) -> None:
        super().__init__(words)
        self._writer, self._ids, self._changed = writer, tuple(ids), changed

    def redo(self) -> None:
        """Hide them."""
        self._writer.write(lambda history: history.delete(self._ids), self._changed)

    def undo(self) -> None:
        """Show them again."""
        self._writer.write(lambda history: history.restore(self._ids), self._changed)


class Keeper(Protocol):
    """Knows the people, and keeps checks; nothing here waits."""

    @property
    def current_profile_id(self) -> int | None:
        """The person in use; None until the profiles are loaded."""
        ...

    def profiles(self) -> Sequence[Profile]:
        """Return everyone known; empty until they are loaded."""
        ...

    def garments(self) -> Sequence[str]:
        """Return what the person in use wore before."""
        ...

    def set_current_profile(self, profile_id: int) -> None:
        """Use another person."""
        ...

    def compare(
        self, result: Measured, taken_at: datetime, done: Callable[[Change | None], None]
    ) -> None:
        """Tell how a measurement differs from the last check like it; None without one."""
        ...

    def save(
        self, new: NewCheck, done: Callable[[Kept], None], failed: Callable[[Exception], None]
    ) -> None:
        """Keep a check, then call one of the two on the GUI thread."""
        ...


@dataclass(frozen=True, slots=True)
class Kept:
    """A check that is in the history now.

    Attributes
    ----------
    check_id
        Given by the database.
    change
        A sentence on the change since the last check measured the same way, or empty.
    """

    check_id: int
    change: str = ""


class HistoryKeeper(QObject):
    """The profiles and the one in use; saves checks.

    Nothing here waits: :meth:`load` asks for the profiles, and ``profiles_changed`` tells
    when they are there.
    """

    profiles_changed = pyqtSignal()
    profile_changed = pyqtSignal(int)
    check_saved = pyqtSignal(int)
    #: Message and remedy of an error that no caller takes.
    failed = pyqtSignal(Exception)

    def __init__(self, jobs: Jobs, door: HistoryDoor, profile_id: int | None) -> None:
        super().__init__()
        self._jobs, self._door = jobs, door
        self._profiles: list[Profile] = []
        self._garments: list[str] = []
        self._wanted_id = profile_id
        self._changes = 0

    def profiles(self) -> list[Profile]:
        """Return everyone known; empty until they are loaded."""
        return self._profiles

    def garments(self) -> list[str]:
        """Return what the current person wore before."""
        return self._garments

    @property
    def current_profile_id(self) -> int | None:
        """The person in use; None until the profiles are loaded."""
        known = [profile.id for profile in self._profiles]
        if self._wanted_id in known:
            return self._wanted_id
        return known[0] if known else None

    def current_profile(self) -> Profile | None:
        """Return the person in use."""
        current = self.current_profile_id
        return next((p for p in self._profiles if p.id == current), None)

    def set_current_profile(self, profile_id: int) -> None:
        """Use another person."""
        if profile_id != self.current_profile_id:
            self._wanted_id = profile_id
            self.profile_changed.emit(profile_id)
            self.load()

    def load(self) -> None:
        """Read the profiles anew."""
        wanted = self._wanted_id

        def work() -> tuple[list[Profile], list[str]]:
            history = self._door.history()
            default = history.default_profile()
            profiles = history.profiles()
            known = {profile.id for profile in profiles}
            whose = wanted if wanted in known else default.id
            return profiles, history.garments(whose)

        self._jobs.start("profiles", work, self._loaded, self.failed.emit)

    def _loaded(self, found: tuple[list[Profile], list[str]]) -> None:
        before = self.current_profile_id
        self._profiles, self._garments = found
        self.profiles_changed.emit()
        current = self.current_profile_id
        if current is not None and current != before:
            self.profile_changed.emit(current)

    def save(
        self, new: NewCheck, done: Callable[[Kept], None], failed: Callable[[Exception], None]
    ) -> None:
        """Keep a check."""

        def saved(kept: Kept) -> None:
            done(kept)
            self.check_saved.emit(kept.check_id)
            self.load()

        self._jobs.start(
            self._own_key(),
            lambda: _keep(self._door.history(), new),
            saved,
            failed,
            in_order=True,
        )

    def compare(
        self, result: Measured, taken_at: datetime, done: Callable[[Change | None], None]
    ) -> None:
        """Tell how a measurement differs from the current person's last check like it.

        Only the newest question is answered, and none where the history cannot be read:
        whoever then saves is told why.
        """
        profile_id = self.current_profile_id
        if profile_id is None:
            return

        def work() -> Change | None:
            from app.history.comparison import change_since_last
            from app.history.records import CheckRow, Conditions

            row = CheckRow(0, profile_id, taken_at, result.tilt, Conditions(), has_picture=False)
            return change_since_last(self._door.history(), row)

        self._jobs.start("compare", work, done, lambda _: None)

    def change(
        self,
        work: Callable[[History], object],
        done: Callable[[], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Change something about the profiles, then read them anew."""

        def changed(_: object) -> None:
            self.load()
            if done is not None:
                done()

        self._jobs.start(
            self._own_key(),
            lambda: work(self._door.history()),
            changed,
            failed if failed is not None else self.failed.emit,
            in_order=True,
        )

    def _own_key(self) -> str:
        """Return a key that no other call has, so that no answer is forgotten."""
        self._changes += 1
        return f"change {self._changes}"


def _keep(history: History, new: NewCheck) -> Kept:
    """Keep a check and say how it differs from the last one like it."""
    from app.history.errors import HistoryError

    check = history.save(new)
    try:
        return Kept(check.row.id, _change(history, check))
    except HistoryError:
        # It is kept all the same; to say otherwise would have it saved twice.
        return Kept(check.row.id)


def _change(history: History, check: Check) -> str:
    from app.history.comparison import change_since_last
    from app.text.history import SINCE_LAST, describe_change

    change = change_since_last(history, check.row)
    if change is None:
        return ""
    return SINCE_LAST.format(change=describe_change(check.row.tilt.method, change))


class HistoryDoor:
    """Opens the history when it is first needed and closes it with the window.

    A failure to open is not remembered: the next call tries again, so that a disk that came
    back or a program that let go of the file need no new start.
    """

    def __init__(self, open_history: Callable[[], History] | None = None) -> None:
        self._open = open_history or _open_default
        self._lock = Lock()
        self._history: History | None = None

    def history(self) -> History:
        """Return the history; opening it can take a while, so call from a thread.

        Raises
        ------
        app.history.errors.HistoryError
            When it cannot be opened.
        """
        with self._lock:
            if self._history is None:
                self._history = self._open()
            return self._history

    def close(self) -> None:
        """Make deletions final and let go of the database, if it was opened."""
        with self._lock:
            history, self._history = self._history, None
        if history is not None:
            history.close()


def _open_default() -> History:
    from app.history.store import History

    return History.open()
