"""The Exercises page's part of the diary: what it shows of it, and what it adds to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from app.exercises.today import DiaryNews
from app.history.diary import Entry, EntryKind, Pain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from app.gui.background.jobs import Jobs
    from app.history.diary import Content
    from app.history.store import History

_READ, _WRITE = "exercises read", "exercises write"
_RETRY_MS = 30_000
#: Who stopped for longer begins with the usual dose again.
_LOOK_BACK = timedelta(days=180)
#: Id of an entry that is not in the database yet.
_NO_ID = 0


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What is not on the disk yet.

    Attributes
    ----------
    replaces
        Whether it takes the place of what is on the disk under that moment.
    """

    profile_id: int
    at: datetime
    content: Content
    replaces: bool = False


class ExerciseDiary(QObject):
    """Reads one person's diary, and keeps what is added to it however often that fails.

    What was added counts at once; it is written one batch after the other.

    Parameters
    ----------
    jobs, open_history
        It is read and written with these.
    """

    #: There is something new to show.
    changed = pyqtSignal()
    #: Reading failed.
    failed = pyqtSignal(Exception)
    #: Writing failed; told once until it works again.
    not_kept = pyqtSignal(Exception)
    #: All that waited after a failure is on the disk.
    recovered = pyqtSignal()

    def __init__(
        self, jobs: Jobs, open_history: Callable[[], History], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._jobs, self._open = jobs, open_history
        self._profile_id: int | None = None
        self._read: DiaryNews | None = None
        self._waiting: list[_Waiting] = []
        self._written: tuple[_Waiting, ...] = ()
        self._is_in_trouble = False
        self._retry = QTimer(self)
        self._retry.setSingleShot(True)
        self._retry.setInterval(_RETRY_MS)
        self._retry.timeout.connect(self.write)

    @property
    def profile_id(self) -> int | None:
        """Whose diary is shown."""
        return self._profile_id

    @property
    def news(self) -> DiaryNews | None:
        """What is known, with what still waits to be written; None until it was read."""
        if self._read is None:
            return None
        own = [one for one in self._waiting if one.profile_id == self._profile_id]
        return DiaryNews(_merged(self._read.entries, own), self._read.squeezes)

    @property
    def is_in_trouble(self) -> bool:
        """Whether something could not be written and waits."""
        return self._is_in_trouble

    def set_profile(self, profile_id: int) -> None:
        """Turn to another person; nothing is known of them until it was read."""
        if profile_id != self._profile_id:
            self._profile_id, self._read = profile_id, None
            self._jobs.forget(_READ)

    def refresh(self) -> None:
        """Read the diary anew, and try again to write what waits."""
        profile_id = self._profile_id
        if profile_id is None:
            return
        self.write()
        # In order, so that nothing is read while the same is being written.
        self._jobs.start(
            _READ,
            lambda: _read(self._open(), profile_id),
            self._take,
            self.failed.emit,
            in_order=True,
        )

    def note(self, content: Content, profile_id: int | None = None) -> datetime:
        """Add to the diary, and return the moment under which it is kept.

        Parameters
        ----------
        profile_id
            Whose it is; None for the person who is shown.
        """
        whose = self._profile_id if profile_id is None else profile_id
        at = datetime.now(UTC).astimezone()
        if whose is not None:
            self._waiting.append(_Waiting(whose, at, content))
            self.write()
            self.changed.emit()
        return at

    def reword_pain(self, at: datetime, pain: Pain) -> None:
        """Put this in place of what was said about a pain at that moment."""
        profile_id = self._profile_id
        if profile_id is None:
            return
        self._waiting.append(_Waiting(profile_id, at, pain, replaces=True))
        if not any(one.at == at for one in self._written):
            self._waiting = _folded(self._waiting)
        self.write()
        self.changed.emit()

    def write(self) -> None:
        """Write what waits, unless that is under way."""
        if self._written or not self._waiting:
            return
        self._retry.stop()
        whose = self._waiting[0].profile_id
        batch = self._written = tuple(one for one in self._waiting if one.profile_id == whose)
        self._jobs.start(
            _WRITE,
            lambda: _keep(self._open(), whose, batch),
            lambda _: self._wrote(),
            self._not_written,
            in_order=True,
        )

    def finish(self) -> None:
        """Start writing all that waits, because the window closes."""
        self._retry.stop()
        for number, one in enumerate(self._waiting):
            if one not in self._written:
                self._write_last(number, one)

    def _write_last(self, number: int, one: _Waiting) -> None:
        self._jobs.start(
            f"exercises last {number}",
            lambda: _keep(self._open(), one.profile_id, (one,)),
            lambda _: None,
            self.not_kept.emit,
            in_order=True,
        )

    def _take(self, news: DiaryNews) -> None:
        self._read = news
        self.changed.emit()

    def _wrote(self) -> None:
        own = [one for one in self._written if one.profile_id == self._profile_id]
        if self._read is not None:
            merged = _merged(self._read.entries, own)
            self._read = DiaryNews(merged, self._read.squeezes)
        self._waiting = [one for one in self._waiting if one not in self._written]
        self._written = ()
        if self._waiting:
            self.write()
        elif self._is_in_trouble:
            self._is_in_trouble = False
            self.recovered.emit()

    def _not_written(self, error: Exception) -> None:
        # Another person's entries are not to wait behind those that cannot be written.
        others = [one for one in self._waiting if one not in self._written]
        self._waiting = _folded([*others, *self._written])
        self._written = ()
        self._retry.start()
        self._tell(error)

    def _tell(self, error: Exception) -> None:
        if not self._is_in_trouble:
            self._is_in_trouble = True
            self.not_kept.emit(error)


def _merged(entries: Iterable[Entry], waiting: Sequence[_Waiting]) -> tuple[Entry, ...]:
    """Return entries with what waits, oldest first."""
    replaced = {one.at for one in waiting if one.replaces}
    kept = [entry for entry in entries if not _is_pain_of(entry, replaced)]
    fresh = [Entry(_NO_ID, one.profile_id, one.at, one.content) for one in _folded(waiting)]
    return _in_order([*kept, *fresh])


def _folded(waiting: Sequence[_Waiting]) -> list[_Waiting]:
    """Return what waits with new words in place of what they replace, where that waits too."""
    newest = {one.at: one.content for one in waiting if one.replaces}
    waits = {one.at for one in waiting if not one.replaces}
    return [
        replace(one, content=newest.get(one.at, one.content))
        for one in waiting
        if not (one.replaces and one.at in waits)
    ]


def _is_pain_of(entry: Entry, moments: set[datetime]) -> bool:
    return entry.kind is EntryKind.PAIN and entry.at in moments


def _in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: entry.at))


def _read(history: History, profile_id: int) -> DiaryNews:
    since = datetime.now(UTC) - _LOOK_BACK
    few = EntryKind.SCREENING, EntryKind.PAIN, EntryKind.SELF_CHECK, EntryKind.PLAN
    entries: Sequence[Entry] = [
        *history.entries(profile_id, *few),
        *history.entries(profile_id, EntryKind.EXERCISE, since=since),
    ]
    return DiaryNews(_in_order(entries), tuple(history.squeezes(profile_id)))


def _keep(history: History, profile_id: int, batch: Sequence[_Waiting]) -> None:
    """Write what waits; what it replaces goes once the new words are there."""
    moments = {one.at for one in batch if one.replaces}
    said = history.entries(profile_id, EntryKind.PAIN) if moments else ()
    history.note_all(profile_id, [(one.at, one.content) for one in batch])
    if moments:
        history.delete_entries([entry.id for entry in said if _is_pain_of(entry, moments)])
