"""The Exercises page's part of the diary: what it shows of it, and what it adds to it."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from app.exercises.today import DiaryNews
from app.gui.exercises.pictures import OwnPictures
from app.history.diary import Entry, EntryKind, Pain, Plan
from app.system.clock import now

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from app.gui.background.jobs import Jobs
    from app.history.diary import Content
    from app.history.place import EncodedPicture
    from app.history.records import KeptPicture
    from app.history.store import History

_READ, _WRITE = "exercises read", "exercises write"
_RETRY_MS = 30_000
#: Who stopped for longer begins with the usual dose again.
_LOOK_BACK = timedelta(days=180)
#: Id of an entry that is not in the database yet.
_NO_ID = 0
#: Whose an entry is, when, and of what kind: a pain takes the place of another one there.
_Key: TypeAlias = tuple[int, datetime, EntryKind]


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
        #: Those of the lists of exercises; new ones are written with the list that has them.
        self.pictures = OwnPictures()
        self._profile_id: int | None = None
        self._read: DiaryNews | None = None
        self._waiting: dict[_Key, Entry] = {}
        self._being_written: tuple[Entry, ...] = ()
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
        return None if self._read is None else self._with(self._read, self._waiting.values())

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
            partial(_read, self._open, profile_id),
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
        at = now().local
        # Some clocks stand still for milliseconds, and two notes are two.
        while any(one.at == at for one in self._waiting.values()):
            at += timedelta(microseconds=1)
        self._add(at, content, self._profile_id if profile_id is None else profile_id)
        return at

    def reword_pain(self, at: datetime, pain: Pain) -> None:
        """Put this in place of what was said about a pain at that moment."""
        self._add(at, pain, self._profile_id)

    def write(self) -> None:
        """Write what waits, unless that is under way."""
        if self._being_written or not self._waiting:
            return
        self._retry.stop()
        whose = next(iter(self._waiting.values())).profile_id
        batch = tuple(one for one in self._waiting.values() if one.profile_id == whose)
        self._being_written = batch
        self._jobs.start(
            _WRITE,
            partial(_keep, self._open, batch, self._new_in(batch)),
            lambda _: self._wrote(),
            self._not_written,
            in_order=True,
        )

    def finish(self) -> None:
        """Start writing all that waits, because the window closes."""
        self._retry.stop()
        for number, one in enumerate(self._waiting.values()):
            if one not in self._being_written:
                self._jobs.start(
                    f"exercises last {number}",
                    partial(_keep, self._open, (one,), self._new_in((one,))),
                    lambda _: None,
                    self.not_kept.emit,
                    in_order=True,
                )

    def _add(self, at: datetime, content: Content, whose: int | None) -> None:
        if whose is not None:
            entry = Entry(_NO_ID, whose, at, content)
            self._waiting[_key_of(entry)] = entry
            self.write()
            self.changed.emit()

    def _new_in(self, entries: Iterable[Entry]) -> tuple[EncodedPicture, ...]:
        plans = (one.content for one in entries)
        return self.pictures.new_in(one for one in plans if isinstance(one, Plan))

    def _take(self, read: tuple[DiaryNews, Mapping[str, KeptPicture]]) -> None:
        self._read, kept = read
        self.pictures.find(kept)
        self.changed.emit()

    def _with(self, news: DiaryNews, added: Iterable[Entry]) -> DiaryNews:
        """Return what is known with what was added for the same person, oldest first."""
        own = {_key_of(one): one for one in added if one.profile_id == self._profile_id}
        kept = [
            one for one in news.entries if one.kind is not EntryKind.PAIN or _key_of(one) not in own
        ]
        return DiaryNews(_in_order([*kept, *own.values()]), news.squeezes)

    def _wrote(self) -> None:
        written, self._being_written = self._being_written, ()
        if self._read is not None:
            self._read = self._with(self._read, written)
        for one in written:
            # It may have been reworded meanwhile.
            if self._waiting.get(_key_of(one)) == one:
                del self._waiting[_key_of(one)]
        if self._waiting:
            self.write()
        elif self._is_in_trouble:
            self._is_in_trouble = False
            self.recovered.emit()

    def _not_written(self, error: Exception) -> None:
        # Another person's entries are not to wait behind those that cannot be written.
        for key in map(_key_of, self._being_written):
            self._waiting[key] = self._waiting.pop(key)
        self._being_written = ()
        self._retry.start()
        if not self._is_in_trouble:
            self._is_in_trouble = True
            self.not_kept.emit(error)


def delete_noted(whose: int, kind: EntryKind, at: datetime, history: History) -> str | None:
    """Put what was noted at a moment into the bin; return the deletion's name, if any."""
    ids = [entry.id for entry in history.entries(whose, kind) if entry.at == at]
    return history.delete(ids, "diary") if ids else None


def delete_lists(whose: int, history: History) -> str | None:
    """Put all lists of exercises that somebody ever had into the bin, with their pictures."""
    ids = [entry.id for entry in history.entries(whose, EntryKind.PLAN)]
    return history.delete(ids, "diary") if ids else None


def _key_of(entry: Entry) -> _Key:
    return entry.profile_id, entry.at, entry.kind


def _in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: entry.at))


def _read(
    open_history: Callable[[], History], profile_id: int
) -> tuple[DiaryNews, Mapping[str, KeptPicture]]:
    history = open_history()
    since = now().local - _LOOK_BACK
    few = EntryKind.SCREENING, EntryKind.PAIN, EntryKind.SELF_CHECK
    plans = EntryKind.PLAN, EntryKind.EXPERIMENT
    entries = [
        *history.entries(profile_id, *few, *plans),
        *history.entries(profile_id, EntryKind.EXERCISE, since=since),
    ]
    lists = (entry.content for entry in entries if isinstance(entry.content, Plan))
    kept = {name: history.plan_picture(name) for one in lists for name in one.pictures}
    return DiaryNews(_in_order(entries), tuple(history.squeezes(profile_id))), kept


def _keep(
    open_history: Callable[[], History],
    batch: Sequence[Entry],
    pictures: Collection[EncodedPicture],
) -> None:
    """Write one person's entries; a pain that new words replace goes once these are there."""
    history = open_history()
    whose, keys = batch[0].profile_id, {_key_of(one) for one in batch}
    has_pain = any(one.kind is EntryKind.PAIN for one in batch)
    pains = history.entries(whose, EntryKind.PAIN) if has_pain else ()
    history.note_all(whose, [(one.at, one.content) for one in batch], pictures)
    replaced = [pain.id for pain in pains if _key_of(pain) in keys]
    if replaced:
        history.delete(replaced, "diary")
