"""The history as the window uses it: opened once, read and written beside the GUI thread."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtGui import QUndoCommand, QUndoStack

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from app.gui.background.jobs import Jobs
    from app.history.comparison import Change
    from app.history.records import NewCheck, Profile
    from app.history.store import History
    from vision.marks.calibration import Calibration
    from vision.result import Measured

_Answer = TypeVar("_Answer")
_numbers = count(1)


class HistoryHandle:
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


class HistoryChanges(QObject):
    """Changes that can be taken back, newest first.

    Parameters
    ----------
    jobs, open_history
        Everything is written with these.
    failed
        Told of every error.
    """

    def __init__(
        self,
        jobs: Jobs,
        open_history: Callable[[], History],
        failed: Callable[[Exception], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._jobs, self._open, self._failed = jobs, open_history, failed
        self.stack = QUndoStack(self)

    def edit(
        self,
        words: str,
        before: _Answer,
        after: _Answer,
        show: Callable[[_Answer], None],
        write: Callable[[History, _Answer], object],
    ) -> None:
        """Show something new at once, and write it; or again what was there before.

        Parameters
        ----------
        words
            What was done, without a full stop.
        before, after
            What ``show`` and ``write`` are called with.
        """

        def put(value: _Answer) -> None:
            show(value)
            self._write(lambda history: write(history, value))

        self.stack.push(_Change(words, lambda: put(after), lambda: put(before)))

    def delete(
        self,
        words: str,
        delete: Callable[[History], object],
        restore: Callable[[History], object],
        done: Callable[[], None],
    ) -> None:
        """Hide something until it is wanted back or the program ends; ``done`` follows each."""

        def write(work: Callable[[History], object]) -> Callable[[], None]:
            return lambda: self._write(work, done)

        self.stack.push(_Change(words, write(delete), write(restore)))

    def _write(
        self, work: Callable[[History], object], done: Callable[[], None] = lambda: None
    ) -> None:
        _write(self._jobs, lambda: work(self._open()), lambda _: done(), self._failed)


class _Change(QUndoCommand):
    """Both ways write, and return at once."""

    def __init__(self, words: str, do: Callable[[], None], take_back: Callable[[], None]) -> None:
        super().__init__(words)
        self._do, self._take_back = do, take_back

    def redo(self) -> None:
        """Do it, also for the first time."""
        self._do()

    def undo(self) -> None:
        """Take it back."""
        self._take_back()


@dataclass(frozen=True, slots=True)
class SavedCheck:
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


@dataclass(frozen=True, slots=True)
class _Loaded:
    """Everyone known, and what is known of the person in use."""

    profiles: list[Profile]
    garments: list[str]
    calibration: Calibration | None


class HistoryService(QObject):
    """The profiles and the one in use; saves checks.

    Nothing here waits: :meth:`load` asks for the profiles, and ``profiles_changed`` tells
    when they are there.
    """

    profiles_changed = pyqtSignal()
    profile_changed = pyqtSignal(int)
    check_saved = pyqtSignal(int)
    #: An error that no caller takes.
    failed = pyqtSignal(Exception)

    def __init__(self, jobs: Jobs, handle: HistoryHandle, profile_id: int | None) -> None:
        super().__init__()
        self._jobs, self._handle = jobs, handle
        self._profiles: list[Profile] = []
        self._garments: list[str] = []
        self._calibration: Calibration | None = None
        self._wanted_id = profile_id

    def profiles(self) -> list[Profile]:
        """Return everyone known; empty until they are loaded."""
        return self._profiles

    def garments(self) -> list[str]:
        """Return what the current person wore before."""
        return self._garments

    def calibration(self) -> Calibration | None:
        """Return the current person's calibration; None until it is loaded, or without one."""
        return self._calibration

    @property
    def current_profile_id(self) -> int | None:
        """The person in use; None until the profiles are loaded."""
        current = self.current_profile()
        return None if current is None else current.id

    def current_profile(self) -> Profile | None:
        """Return the person in use."""
        wanted = (profile for profile in self._profiles if profile.id == self._wanted_id)
        return next(wanted, self._profiles[0] if self._profiles else None)

    def set_current_profile(self, profile_id: int) -> None:
        """Use another person."""
        if profile_id != self.current_profile_id:
            self._wanted_id = profile_id
            self._calibration = None  # the one before's is not theirs
            self.profile_changed.emit(profile_id)
            self.load()

    def load(self) -> None:
        """Read the profiles anew."""
        wanted = self._wanted_id

        def work() -> _Loaded:
            from app.history.calibration import calibration_of

            history = self._handle.history()
            default = history.default_profile()
            profiles = history.profiles()
            known = {profile.id for profile in profiles}
            whose = wanted if wanted in known else default.id
            return _Loaded(profiles, history.garments(whose), calibration_of(history, whose))

        self._jobs.start("profiles", work, self._loaded, self.failed.emit)

    def _loaded(self, found: _Loaded) -> None:
        before = self.current_profile_id
        self._profiles, self._garments = found.profiles, found.garments
        self._calibration = found.calibration
        self.profiles_changed.emit()
        current = self.current_profile_id
        if current is not None and current != before:
            self.profile_changed.emit(current)

    def save(
        self, new: NewCheck, done: Callable[[SavedCheck], None], failed: Callable[[Exception], None]
    ) -> None:
        """Keep a check, then call one of the two on the GUI thread."""

        def saved(kept: SavedCheck) -> None:
            done(kept)
            self.check_saved.emit(kept.check_id)
            self.load()

        _write(self._jobs, lambda: _keep(self._handle.history(), new), saved, failed)

    def compare(
        self, result: Measured, taken_at: datetime, done: Callable[[Change | None], None]
    ) -> None:
        """Tell how a measurement differs from the person's last check like it; None without one.

        Only the newest question is answered, and none where the history cannot be read:
        whoever then saves is told why.
        """
        profile_id = self.current_profile_id
        if profile_id is None:
            return

        def work() -> Change | None:
            from app.history.comparison import change_since_last
            from app.history.records import CheckRow, Conditions

            row = CheckRow(
                0,
                profile_id,
                taken_at,
                result.tilt,
                Conditions(),
                has_picture=False,
                calibrated_at=result.calibrated_at,
            )
            return change_since_last(self._handle.history(), row)

        self._jobs.start("compare", work, done, lambda _: None)

    def change(
        self,
        work: Callable[[History], object],
        done: Callable[[], object] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Change something about the profiles, then read them anew."""

        def changed(_: object) -> None:
            self.load()
            if done is not None:
                done()

        _write(
            self._jobs, lambda: work(self._handle.history()), changed, failed or self.failed.emit
        )


def _write(
    jobs: Jobs,
    work: Callable[[], _Answer],
    done: Callable[[_Answer], None],
    failed: Callable[[Exception], None],
) -> None:
    """Write once all earlier writing is done, so that an undo never overtakes what it undoes."""
    # A key that no other call has, so that no answer is forgotten.
    jobs.start(f"history write {next(_numbers)}", work, done, failed, in_order=True)


def _keep(history: History, new: NewCheck) -> SavedCheck:
    """Keep a check and say how it differs from the last one like it."""
    from app.history.comparison import change_since_last
    from app.history.errors import HistoryError
    from app.text.history import SINCE_LAST, describe_change

    row = history.save(new).row
    try:
        change = change_since_last(history, row)
    except HistoryError:
        # It is kept all the same; to say otherwise would have it saved twice.
        change = None
    if change is None:
        return SavedCheck(row.id)
    said = SINCE_LAST.format(change=describe_change(row.tilt.method, change))
    return SavedCheck(row.id, said)


def _open_default() -> History:
    from app.history.store import History

    return History.open()
