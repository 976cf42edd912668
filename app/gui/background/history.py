"""The history as the window uses it: opened once, read and written beside the GUI thread."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from PyQt6.QtCore import QObject, QTimer, pyqtSignal
from PyQt6.QtGui import QUndoCommand, QUndoStack

from app.errors import AppError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from app.gui.background.jobs import Jobs
    from app.history.clients import Client
    from app.history.comparison import Change
    from app.history.errors import HistoryError
    from app.history.records import Check, Deletion, NewCheck, Profile, Repeat
    from app.history.store import History
    from vision.marks.calibration import Calibration
    from vision.result import Measured

_Answer = TypeVar("_Answer")
_numbers = count(1)
#: How often it is looked whether another program has changed the history.
_LOOK_MS = 3000


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

    def without(self, work: Callable[[], _Answer]) -> _Answer:
        """Do something to the database's file while nobody here has it open."""
        with self._lock:
            history, self._history = self._history, None
            if history is not None:
                history.give_up_copy()  # a window that closes does not wait for it
                history.close()
            return work()

    def close(self) -> None:
        """Let go of the database, if it was opened."""
        self.without(lambda: None)


class HistoryChanges(QObject):
    """What was done to the history and can be taken back, newest first: one list for the window.

    Parameters
    ----------
    jobs, open_history
        Everything is written with these.
    failed
        Told of every error.
    """

    #: Something has come or gone.
    written = pyqtSignal()

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

        def put(value: _Answer) -> Callable[[], None]:
            def act() -> None:
                show(value)
                # What is shown is up to date already, and somebody may be typing.
                _write(
                    self._jobs,
                    lambda: write(self._open(), value),
                    lambda _: None,
                    self._failed,
                )

            return act

        self.stack.push(_Change(words, put(after), put(before)))

    def correct(
        self,
        words: str,
        before: _Answer,
        after: _Answer,
        write: Callable[[History, _Answer], object],
    ) -> None:
        """Write something new, or again what was there before; whoever shows it reads it anew.

        As :meth:`edit`, for what moves things about.
        """

        def put(value: _Answer) -> Callable[[], None]:
            return lambda: self._write(lambda history: write(history, value))

        self.stack.push(_Change(words, put(after), put(before)))

    def delete(
        self,
        words: str,
        delete: Callable[[History], str | None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Put something into the bin, from which taking it back brings it.

        Parameters
        ----------
        words
            What was done, without a full stop.
        delete
            Returns the deletion's name, or None where there was nothing; called again to do
            again what was taken back.
        failed
            Told of errors instead.
        """

        def fail(error: Exception) -> None:
            self._drop(change)
            (failed or self._failed)(error)

        away, back = self._both_ways(delete, fail, failed)
        change = _Change(words, away, back)
        self.stack.push(change)

    def keep(self, words: str, delete: Callable[[History], str | None]) -> None:
        """Offer to take back something that has just been kept, by putting it into the bin.

        Parameters
        ----------
        words
            What was done, without a full stop.
        delete
            Returns the deletion's name, or None where there was nothing.
        """
        away, back = self._both_ways(delete)
        self.stack.push(_Change(words, back, away, is_done=True))

    def offer(
        self, words: str, take_back: Callable[[], object], again: Callable[[], object]
    ) -> None:
        """Offer to take back, and do again, what has been done in another way."""
        self.stack.push(_Change(words, again, take_back, is_done=True))

    def _drop(self, change: _Change) -> None:
        """Offer no way back from what has failed: it did not happen."""
        change.setObsolete(True)
        done = self.stack.index()
        if done and self.stack.command(done - 1) is change:
            self.stack.undo()

    def _both_ways(
        self,
        delete: Callable[[History], str | None],
        away_failed: Callable[[Exception], None] | None = None,
        back_failed: Callable[[Exception], None] | None = None,
    ) -> tuple[Callable[[], None], Callable[[], None]]:
        """Return what puts something into the bin, and what brings it back."""
        names: list[str] = []

        def put_away(history: History) -> None:
            name = delete(history)
            if name is not None:
                names.append(name)

        def restore(history: History) -> None:
            if names:
                history.restore(names.pop())

        return (
            lambda: self._write(put_away, away_failed),
            lambda: self._write(restore, back_failed),
        )

    def _write(
        self,
        work: Callable[[History], object],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        _write(
            self._jobs,
            lambda: work(self._open()),
            lambda _: self.written.emit(),
            failed or self._failed,
        )


class _Change(QUndoCommand):
    """Both ways write, and return at once."""

    def __init__(
        self,
        words: str,
        do: Callable[[], object],
        take_back: Callable[[], object],
        *,
        is_done: bool = False,
    ) -> None:
        super().__init__(words)
        self._do, self._take_back, self._is_done = do, take_back, is_done

    def redo(self) -> None:
        """Do it, unless it was done when this was made."""
        is_done, self._is_done = self._is_done, False
        if not is_done:
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
        A sentence on the change since the last check measured the same way, and one on what
        the stance of the check before had otherwise; empty without either.
    """

    check_id: int
    change: str = ""


@dataclass(frozen=True, slots=True)
class _Loaded:
    """Everyone known, and what is known of the person in use."""

    clients: list[Client]
    garments: list[str]
    calibration: Calibration | None
    last: Check | None
    changes: int
    told: Sequence[AppError]
    harm: HistoryError | None


class HistoryService(QObject):
    """The profiles and the one in use; saves checks.

    Nothing here waits: :meth:`load` asks for the profiles, and ``profiles_changed`` tells
    when they are there.

    Attributes
    ----------
    changes
        What was done and can be taken back.
    harm
        What of the history cannot be read, or None.
    """

    profiles_changed = pyqtSignal()
    profile_changed = pyqtSignal(int)
    #: Another program, or another desk, has put something into the history or taken it out.
    changed_elsewhere = pyqtSignal()
    check_saved = pyqtSignal(int)
    #: An error that no caller takes.
    failed = pyqtSignal(Exception)

    def __init__(self, jobs: Jobs, handle: HistoryHandle, profile_id: int | None) -> None:
        super().__init__()
        self._jobs, self._handle = jobs, handle
        self.changes = HistoryChanges(jobs, handle.history, self.failed.emit, self)
        self.changes.written.connect(self.load)
        self._clients: list[Client] = []
        self._profiles: list[Profile] = []
        self._garments: list[str] = []
        self._calibration: Calibration | None = None
        self._last: Check | None = None
        self._wanted_id = profile_id
        self._seen_changes: int | None = None
        self.harm: HistoryError | None = None
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self._look_for_changes)

    def follow(self) -> None:
        """Look every few seconds whether another program has changed the history."""
        self._look.start()

    def rest(self) -> None:
        """Look no more; the window closes."""
        self._look.stop()

    def _look_for_changes(self) -> None:
        def work() -> tuple[int, HistoryError | None]:
            history = self._handle.history()
            return history.changes(), history.harm()

        def done(found: tuple[int, HistoryError | None]) -> None:
            changes, harm = found
            seen, self._seen_changes = self._seen_changes, changes
            if seen not in (None, changes):
                self.changed_elsewhere.emit()
                self.load()
            self._tell(harm)

        # A history that cannot be read just now is told by whoever needs it.
        self._jobs.start("follow", work, done, lambda _: None)

    def _tell(self, harm: HistoryError | None) -> None:
        """Say once what of the history cannot be read."""
        before, self.harm = self.harm, harm
        if harm is not None and str(harm) != str(before):
            self.failed.emit(harm)

    def mend(
        self,
        work: Callable[[], _Answer],
        done: Callable[[_Answer], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Do something to the history's file while it is closed, then read it anew."""

        def mended(answer: _Answer) -> None:
            self.changes.stack.clear()  # what can be taken back was done to another file
            self.changes.written.emit()
            done(answer)

        _write(self._jobs, lambda: self._handle.without(work), mended, failed)

    def profiles(self) -> list[Profile]:
        """Return everyone known; empty until they are loaded."""
        return self._profiles

    def clients(self) -> list[Client]:
        """Return everyone known with when they were last measured; empty until loaded."""
        return self._clients

    def garments(self) -> list[str]:
        """Return what the current person wore before."""
        return self._garments

    def calibration(self) -> Calibration | None:
        """Return the current person's calibration; None until it is loaded, or without one."""
        return self._calibration

    def last_check(self) -> Check | None:
        """Return the current person's newest check; None until it is loaded, or without one."""
        return self._last

    @property
    def current_profile_id(self) -> int | None:
        """The person in use; None until the profiles are loaded."""
        current = self.current_profile()
        return None if current is None else current.id

    def current_profile(self) -> Profile | None:
        """Return the person in use."""
        wanted = (profile for profile in self._profiles if profile.id == self._wanted_id)
        return next(wanted, self._profiles[0] if self._profiles else None)

    def current_client(self) -> Client | None:
        """Return the person in use with when they were last measured."""
        current = self.current_profile_id
        return next((one for one in self._clients if one.profile.id == current), None)

    def set_current_profile(self, profile_id: int) -> None:
        """Use another person."""
        if profile_id != self.current_profile_id:
            self._wanted_id = profile_id
            self._calibration = self._last = None  # the one before's are not theirs
            self.profile_changed.emit(profile_id)
            self.load()

    def load(self) -> None:
        """Read the profiles anew."""
        wanted = self._wanted_id

        def work() -> _Loaded:
            from app.history.calibration import calibration_of
            from app.history.change.stance import last_check

            history = self._handle.history()
            default = history.default_profile()
            changes = history.changes()  # first: what comes meanwhile is seen by the next look
            clients = history.clients()
            known = {client.profile.id for client in clients}
            whose = wanted if wanted in known else default.id
            garments, last = history.garments(whose), last_check(history, whose)
            calibration = calibration_of(history, whose)
            told, harm = history.take_told(), history.harm()
            return _Loaded(clients, garments, calibration, last, changes, told, harm)

        self._jobs.start("profiles", work, self._loaded, self.failed.emit)

    def _loaded(self, found: _Loaded) -> None:
        before = self.current_profile_id
        self._clients, self._garments = found.clients, found.garments
        self._profiles = [client.profile for client in found.clients]
        self._calibration, self._last = found.calibration, found.last
        self._seen_changes = found.changes
        self._tell(found.harm)
        self.profiles_changed.emit()
        if found.told:
            self.failed.emit(AppError(" ".join(map(str, found.told))))
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
        self,
        result: Measured,
        taken_at: datetime,
        done: Callable[[Change | None], None],
        repeats: tuple[Repeat, ...] = (),
    ) -> None:
        """Tell how a measurement differs from the person's last check like it; None without one.

        Of several pictures of one stance the ``repeats`` tell how sure their median is.
        Only the newest question is answered, and none where the history cannot be read:
        whoever then saves is told why.
        """
        profile_id = self.current_profile_id
        if profile_id is None:
            return

        def work() -> Change | None:
            from app.history.check_record import spread_deg
            from app.history.comparison import change_since_last
            from app.history.records import CheckRow, Conditions

            row = CheckRow(
                0,
                profile_id,
                taken_at,
                result.tilt,
                Conditions(),
                has_picture=False,
                repeat_count=len(repeats),
                repeat_spread_deg=spread_deg(repeats),
                calibrated_at=result.calibrated_at,
            )
            return change_since_last(self._handle.history(), row)

        self._jobs.start("compare", work, done, lambda _: None)

    def read(
        self,
        key: str,
        work: Callable[[History], _Answer],
        done: Callable[[_Answer], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Read something; an earlier reading by the same key is forgotten."""
        self._jobs.start(
            key, lambda: work(self._handle.history()), done, failed or self.failed.emit
        )

    def read_bin(
        self, done: Callable[[list[Deletion]], None], failed: Callable[[Exception], None]
    ) -> None:
        """Read what was deleted and can be had back, newest first."""
        self.ask("bin", lambda history: history.deletions(), done, failed)

    def ask(
        self,
        key: str,
        work: Callable[[History], _Answer],
        done: Callable[[_Answer], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Read something, then call one of the two on the GUI thread.

        Parameters
        ----------
        key
            What it is about; an earlier question of the same key is forgotten.
        """
        self._jobs.start(key, lambda: work(self._handle.history()), done, failed)

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
    """Keep a check; say how it differs from the last one like it, and how the stance does."""
    from app.history.change.stance import kept_stance, last_check, stance_differences
    from app.history.comparison import change_since_last
    from app.history.errors import HistoryError
    from app.text.advice import LAST_TIME
    from app.text.change.stance import BEFORE, say_differences
    from app.text.history import SINCE_LAST, change_briefly
    from app.text.languages.wording import day_text

    kept = history.save(new)
    row = kept.row
    try:
        change = change_since_last(history, row)
        before = last_check(history, row.profile_id, row.taken_at)
    except HistoryError:
        # It is kept all the same; to say otherwise would have it saved twice.
        return SavedCheck(row.id)
    said = []
    if change is not None:
        day = LAST_TIME if change.since is None else day_text(change.since)
        said.append(SINCE_LAST.format(day=day, change=change_briefly(row.tilt.method, change)))
    then, now = (None if one is None else kept_stance(one) for one in (before, kept))
    if then is not None and now is not None:
        said.append(say_differences(then, stance_differences(then, now), BEFORE))
    return SavedCheck(row.id, " ".join(filter(None, said)))


def _open_default() -> History:
    from app.history.store import History

    return History.open()
