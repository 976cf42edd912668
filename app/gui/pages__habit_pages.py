"""Makes the pages about habits, exercises and sitting less, and wires them.

The reminder is a process of its own (:mod:`app.tray`). What it noticed of breaks lies in a
journal, which is taken into the history from here.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from app.breaks.preferences import PreferencesFile
from app.breaks.protocol__state import ReminderState
from app.system import autostart
from app.text import breaks__sit_less_words as sit_less_words

if TYPE_CHECKING:
    from app.breaks.preferences import ReminderPreferences
    from app.gui.background.history import HistoryDoor
    from app.gui.background.history__workers_keeper import HistoryKeeper
    from app.gui.background.jobs import Jobs
    from app.gui.breaks.page import SitLessPage
    from app.gui.exercises.page import ExercisesPage
    from app.settings import SettingsFile

_log = logging.getLogger(__name__)
#: After the window was painted and the history opened.
_CONNECT_MS = 1500
_DRAIN_MS = 60_000
#: The reminder writes a break down just before it tells.
_NOTED_MS = 300
_DRAIN = "drain breaks"


class HabitPages(QObject):
    """The Exercises page, the Sit less page, and the way to the reminder."""

    status = pyqtSignal(str)
    undo_offered = pyqtSignal(str, object)
    report_requested = pyqtSignal()
    live_requested = pyqtSignal()
    #: How the reminder stands, a :class:`ReminderState`.
    reminder_changed = pyqtSignal(object)

    def __init__(
        self,
        settings: SettingsFile,
        jobs: Jobs,
        keeper: HistoryKeeper,
        door: HistoryDoor,
        *,
        has_reminder: bool = True,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        from app.gui.background.reminder import ReminderLink

        self._settings, self._jobs = settings, jobs
        self._keeper, self._door = keeper, door
        folder = settings.path.parent
        self.reminder = PreferencesFile(folder / "reminder.json")
        self.complaint = self._complaint()
        self.link = ReminderLink(self)
        self.link.state_changed.connect(self._follow)
        self.link.failed.connect(self._tell_unreachable)
        self._sitting_min = 0.0
        self._exercises: ExercisesPage | None = None
        self._sit_less: SitLessPage | None = None
        self._drains = QTimer(self)
        self._drains.setInterval(_DRAIN_MS)
        self._drains.timeout.connect(self.take_breaks)
        if has_reminder:
            QTimer.singleShot(_CONNECT_MS, self._begin)
        keeper.profile_changed.connect(self._use_profile)

    def exercises_page(self) -> ExercisesPage:
        """Return the page of exercises."""
        if self._exercises is None:
            self._exercises = self._make_exercises()
        return self._exercises

    def sit_less_page(self) -> SitLessPage:
        """Return the page of breaks."""
        if self._sit_less is None:
            self._sit_less = self._make_sit_less()
        return self._sit_less

    def take_breaks(self) -> None:
        """Take what the reminder noticed into the history; it stays in the journal till then."""
        profile_id = self._keeper.current_profile_id
        if profile_id is None:
            return

        def work() -> int:
            from app.gui.background.reminder__break_journal import take_into

            return take_into(self._door.history(), profile_id)

        self._jobs.start(_DRAIN, work, self._breaks_taken, self._drain_failed)

    def close(self) -> None:
        """Let go of the camera and of the reminder, which runs on."""
        self._drains.stop()
        for page in (self._exercises, self._sit_less):
            if page is not None:
                page.close()
        self.link.close()

    def _follow(self, state: ReminderState | None) -> None:
        """Pass on how the reminder stands, and take in a break that it has just noted."""
        state = state if state is not None else ReminderState(has_tray=True)
        if state.sitting_min < self._sitting_min:
            QTimer.singleShot(_NOTED_MS, self.take_breaks)
        self._sitting_min = state.sitting_min
        self.reminder_changed.emit(state)

    def _tell_unreachable(self, sentence: str) -> None:
        if self._sit_less is not None:
            self._sit_less.show_error(sentence, "reminder")
        else:
            self.status.emit(sentence)

    def _complaint(self) -> str:
        """Say once what is wrong with the file of choices: the next start finds a sound one."""
        if not self.reminder.complaint:
            return ""
        self.reminder.repair()
        off = "" if self.reminder.values.is_on else self.tr(sit_less_words.OFF)
        return f"{self.reminder.complaint} {off}".strip()

    def _begin(self) -> None:
        self._drains.start()
        self.take_breaks()
        if self.reminder.values.is_on:
            self.link.connect_or_start()

    def _breaks_taken(self, count: int) -> None:
        if count and self._sit_less is not None:
            self._sit_less.refresh()

    def _drain_failed(self, error: Exception) -> None:
        # The journal keeps them, and the next try is a minute away.
        _log.info("The breaks could not be taken into the history: %s", error)

    def _make_exercises(self) -> ExercisesPage:
        from app.gui.exercises.page import ExercisesPage
        from app.gui.exercises.player.player import ExercisePlayer
        from app.gui.preferences__exercise_settings import preferences_of, remember_in
        from app.system.screen_lock import ScreenLock

        player = ExercisePlayer(
            self._jobs,
            preferences_of(self._settings.values),
            lambda chosen: remember_in(self._settings.values, chosen),
            ScreenLock(self),
        )
        page = ExercisesPage(self._jobs, self._keeper, self._door.history, player)
        page.status.connect(self.status)
        page.undo_offered.connect(self.undo_offered)
        page.report_requested.connect(self.report_requested)
        page.live_requested.connect(self.live_requested)
        return page

    def _make_sit_less(self) -> SitLessPage:
        from app.gui.breaks.page import Session, SitLessPage

        page = SitLessPage(
            self.link,
            self.reminder.values,
            self._jobs,
            self._door.history,
            Session(autostart.is_on, _turn_session),
        )
        page.status.connect(self.status)
        page.preferences_changed.connect(self._keep_preferences)
        self._keeper.profile_changed.connect(page.set_profile)
        return page

    def _keep_preferences(self, chosen: ReminderPreferences) -> None:
        profile_id = self._keeper.current_profile_id
        self.reminder.values = chosen.model_copy(update={"profile_id": profile_id})
        self.reminder.save()

    def _use_profile(self, profile_id: int) -> None:
        """Note breaks for whoever uses the window."""
        if self.reminder.values.is_on and self.reminder.values.profile_id != profile_id:
            self.reminder.values = self.reminder.values.model_copy(
                update={"profile_id": profile_id}
            )
            self.reminder.save()
            self.link.send_preferences(self.reminder.values)


def _turn_session(on: bool) -> None:
    if on:
        autostart.turn_on()
    else:
        autostart.turn_off()
