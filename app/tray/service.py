"""The reminder itself: schedule, breaks that are noted, and what outlives a restart. No icon."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError
from PyQt6.QtCore import QObject, Qt, QTimer, pyqtSignal

from app.breaks import journal
from app.breaks.courtesy import Courtesy
from app.breaks.journal import JournalBreak
from app.breaks.protocol import Order, Wanted
from app.breaks.schedule import BreakEnded, Due, Held, Memory, Schedule
from app.text import breaks as words
from app.text.breaks import suggestion
from vision.atomic_write import atomic_write, make_own_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.breaks.preferences import ReminderPreferences
    from app.breaks.protocol import ReminderState
    from app.system.calm.occupied import Occupied
    from app.system.clock import Instant

_log = logging.getLogger(__name__)
_MEMORY: TypeAdapter[Memory] = TypeAdapter(Memory)
#: Coarse: the system wakes for it together with other things.
TICK_MS = 15_000
#: How many ticks lie between two writings of what outlives a restart.
_SAVE_EVERY = 8


@dataclass(frozen=True, slots=True)
class Files:
    """Where the reminder writes.

    Attributes
    ----------
    journal
        Breaks, until a window takes them into the history.
    memory
        What outlives a restart.
    """

    journal: Path
    memory: Path


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the reminder feels.

    Attributes
    ----------
    now
        The moment.
    idle_s
        How long keyboard and mouse have rested; None where that cannot be known.
    ask_calm
        Asks whether somebody may be disturbed, as :class:`~app.breaks.courtesy.Courtesy` wants
        it; None where nobody is spared.
    """

    now: Callable[[], Instant]
    idle_s: Callable[[], float | None]
    ask_calm: Callable[[Callable[[Occupied | None], None]], None] | None = None


class ReminderService(QObject):
    """Looks at the clock and the keyboard every quarter of a minute.

    Parameters
    ----------
    preferences
        As they were kept.
    """

    #: How the reminder stands, a :class:`ReminderState`, whenever that reads differently.
    changed = pyqtSignal(object)
    #: A reminder is to be given now; how it stands then.
    due = pyqtSignal(object)
    #: The person chose other preferences.
    chosen = pyqtSignal()

    def __init__(
        self,
        preferences: ReminderPreferences,
        files: Files,
        inputs: Inputs,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._files, self._inputs = files, inputs
        self._schedule = Schedule(preferences, load_memory(files.memory))
        self._courtesy = Courtesy(inputs.ask_calm, self.tick)
        self._courtesy.is_wanted = preferences.is_calm
        self._unwritten: list[JournalBreak] = []
        self._breaks = self._ticks = 0
        self._is_locked = self._has_tray = self._knows_idle = False
        self._told: ReminderState | None = None
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)

    @property
    def preferences(self) -> ReminderPreferences:
        """What the person chose."""
        return self._schedule.preferences

    @property
    def state(self) -> ReminderState:
        """How the reminder stands now."""
        described = self._schedule.describe(self._inputs.now())
        return replace(
            described,
            knows_idle=self._knows_idle,
            has_tray=self._has_tray,
            suggestion=suggestion(self._breaks),
            silence=self._silence_of(described),
        )

    def start(self) -> None:
        """Begin to look."""
        self._timer.start()
        self.tick()

    def stop(self) -> None:
        """Look no longer, and keep what outlives a restart."""
        self._timer.stop()
        self.keep()

    def keep(self) -> None:
        """Write what outlives a restart."""
        self._write_breaks()
        save_memory(self._files.memory, self._schedule.memory(self._inputs.now()))

    def tick(self) -> None:
        """Look now."""
        now, idle_s = self._inputs.now(), self._inputs.idle_s()
        self._knows_idle = idle_s is not None
        events = self._schedule.tick(
            now, idle_s, is_locked=self._is_locked, is_held=self._courtesy.holds
        )
        is_due = is_held = False
        for event in events:
            match event:
                case BreakEnded():
                    self._note(event)
                case Due():
                    is_due = True
                    self._courtesy.give()
                case Held():
                    is_held = True
        if self.state.sitting_min < self.preferences.interval_min:
            self._courtesy.forget()
        self._ticks += 1
        if (events and not is_held) or self._ticks % _SAVE_EVERY == 0:
            self.keep()
        self._tell()
        if is_due:
            self.due.emit(self.state)
        if is_held:
            self._courtesy.hold(now)

    def set_locked(self, is_locked: bool) -> None:
        """Nobody sits in front of a locked screen."""
        self.tick()
        self._is_locked = is_locked
        self.tick()

    def set_tray(self, has_tray: bool) -> None:
        """Say whether there is an icon near the clock."""
        self._has_tray = has_tray
        self._tell()

    def obey(self, wanted: Wanted) -> None:
        """Do what the person asked for; orders about the process itself are not for here."""
        now, schedule = self._inputs.now(), self._schedule
        match wanted.order:
            case Order.SNOOZE:
                schedule.snooze(now, wanted.minutes)
            case Order.PAUSE:
                schedule.pause(now, wanted.minutes)
            case Order.PAUSE_UNTIL_TOMORROW:
                schedule.pause_until_tomorrow(now)
            case Order.RESUME:
                schedule.resume()
            case Order.TOOK_BREAK:
                self._note(schedule.take_break(now))
            case Order.PREFERENCES:
                assert wanted.preferences is not None
                self._choose(wanted.preferences)
            case _:
                return
        self.keep()
        self._tell()

    def _choose(self, preferences: ReminderPreferences) -> None:
        self._schedule.preferences = preferences
        self._courtesy.is_wanted = preferences.is_calm
        self._tell()
        self.chosen.emit()

    def _tell(self) -> None:
        """Tell how it stands, if that reads differently than before."""
        state = self.state
        if self._told is None or _read_of(state) != _read_of(self._told):
            self._told = state
            self.changed.emit(state)

    def _silence_of(self, described: ReminderState) -> str:
        """Say why what is due waits, or why what was given had to."""
        now, lately = self._courtesy.reason, self._courtesy.last_reason
        if now is not None and (described.is_due or described.next_in_min is not None):
            return words.SILENT[now]
        return words.WAITED[lately] if lately is not None and described.is_due else ""

    def _note(self, ended: BreakEnded) -> None:
        # The next break brings the next suggestion; a repeated reminder does not.
        self._breaks += 1
        entry = JournalBreak(ended.at, ended.how, ended.minutes, self.preferences.profile_id)
        self._unwritten.append(entry)

    def _write_breaks(self) -> None:
        """Write what was noted; what a full disk refuses is tried again."""
        while self._unwritten:
            try:
                journal.append(self._files.journal, self._unwritten[0])
            except OSError as error:
                _log.info("A break could not be written down yet: %s", error)
                return
            del self._unwritten[0]


def load_memory(path: Path) -> Memory | None:
    """Return what was remembered; None where there is nothing, or nothing that makes sense."""
    try:
        return _MEMORY.validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        _log.info("The reminder begins anew, its memory cannot be read: %s", error)
        return None


def save_memory(path: Path, memory: Memory) -> bool:
    """Write it, whole or not at all; tell whether that was possible."""
    try:
        make_own_folder(path.parent)
        atomic_write(path, _MEMORY.dump_json(memory))
    except OSError as error:
        _log.info("The reminder's memory cannot be written: %s", error)
        return False
    return True


def _read_of(state: ReminderState) -> ReminderState:
    """Return the state as it reads: in whole minutes."""
    until, next_in_min = state.paused_until, state.next_in_min
    return replace(
        state,
        next_in_min=None if next_in_min is None else round(next_in_min),
        sitting_min=round(state.sitting_min),
        # The end of a pause is reckoned anew each time, and differs by milliseconds.
        paused_until=None if until is None else until.replace(second=0, microsecond=0),
    )
