"""Makes the pages and wires them to settings, history and one another."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from app.breaks.preferences import PreferencesFile
from app.breaks.protocol import ReminderState
from app.gui.style.theme import Scheme
from app.system import autostart
from app.text import breaks as sit_less_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtWidgets import QWidget

    from app.breaks.preferences import ReminderPreferences
    from app.gui.background.history import HistoryDoor, HistoryKeeper
    from app.gui.background.jobs import Jobs
    from app.gui.breaks.page import SitLessPage
    from app.gui.check.page import CheckPage
    from app.gui.exercises.page import ExercisesPage
    from app.gui.history.page import HistoryActions, HistoryPage
    from app.gui.live.page import LivePage
    from app.gui.preferences import CheckPreferences
    from app.gui.settings.page import SettingsPage
    from app.settings import Settings, SettingsFile


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
            from app.gui.background.reminder import take_into

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


SAMPLE = Path(__file__).parents[1] / "assets" / "sample.jpg"


class Pages(QObject):
    """The pages of the window, each made, with what it imports, when it is first wanted."""

    status = pyqtSignal(str)
    failed = pyqtSignal(Exception)
    #: What was done, and a function that takes it back.
    undo_offered = pyqtSignal(str, object)
    scheme_chosen = pyqtSignal(Scheme)
    #: The page to be shown.
    page_wanted = pyqtSignal(str)

    def __init__(
        self,
        settings: SettingsFile,
        jobs: Jobs,
        keeper: HistoryKeeper,
        door: HistoryDoor,
        warm_up: bool,
    ) -> None:
        super().__init__()
        self._settings, self._jobs = settings, jobs
        self._keeper, self._door, self._warm_up = keeper, door, warm_up
        self._check: CheckPage | None = None
        self._live: LivePage | None = None
        self._history: HistoryPage | None = None
        self._actions: HistoryActions | None = None
        self._settings_shown: SettingsPage | None = None
        self.habits = HabitPages(settings, jobs, keeper, door, has_reminder=warm_up, parent=self)
        self.habits.status.connect(self.status)
        self.habits.undo_offered.connect(self.undo_offered)
        self.habits.report_requested.connect(lambda: self.history_actions().report())
        self.habits.live_requested.connect(self._offer_squeeze_test)

    def make(self, key: str) -> QWidget:
        """Return the page of this key; to be asked once each."""
        makers: dict[str, Callable[[], QWidget]] = {
            "check": self.check_page,
            "live": self.live_page,
            "exercises": self.habits.exercises_page,
            "sit_less": self.habits.sit_less_page,
            "history": self.history_page,
            "settings": self.settings_page,
        }
        return makers[key]()

    def shown(self, key: str) -> None:
        """Bring up to date what is now shown."""
        current = self._keeper.current_profile_id
        if key == "history":
            if current is not None:
                self.history_page().set_profile(current)
            self.history_page().refresh()
        elif key == "exercises":
            self.habits.exercises_page().refresh()
        elif key == "sit_less":
            if current is not None:
                self.habits.sit_less_page().set_profile(current)
            self.habits.take_breaks()

    def close(self) -> None:
        """Let go of cameras and whatever else a page holds."""
        for page in (self._check, self._live, self._history):
            if page is not None:
                page.close()
        self.habits.close()

    def check_page(self) -> CheckPage:
        """Return the page that measures."""
        if self._check is None:
            self._check = self._make_check()
        return self._check

    def live_page(self) -> LivePage:
        """Return the page that measures live."""
        if self._live is None:
            self._live = self._make_live()
        return self._live

    def history_page(self) -> HistoryPage:
        """Return the page of earlier checks."""
        if self._history is None:
            self._history = self._make_history()
        return self._history

    def history_actions(self) -> HistoryActions:
        """Return what the History page's buttons do."""
        self.history_page()
        assert self._actions is not None  # made with the page
        return self._actions

    def settings_page(self) -> SettingsPage:
        """Return the page of settings."""
        if self._settings_shown is None:
            self._settings_shown = self._make_settings()
        return self._settings_shown

    def _make_check(self) -> CheckPage:
        from app.gui.check.page import CheckPage

        page = CheckPage(
            self._jobs,
            self._keeper,
            preferences=_preferences(self._settings.values),
            remember=self._remember,
            sample=SAMPLE,
            warm_up=self._warm_up,
        )
        page.status.connect(self.status)
        page.step_wanted.connect(self._go_on)
        self._keeper.profiles_changed.connect(page.refresh_people)
        self._keeper.profile_changed.connect(page.refresh_people)
        return page

    def _remember(self, chosen: CheckPreferences) -> None:
        values = self._settings.values
        values.photo_folder = str(chosen.folder) if chosen.folder is not None else ""
        values.hidden_layers = sorted(layer.value for layer in chosen.hidden_layers)
        values.keep_pictures = chosen.keep_picture
        values.countdown_s = chosen.countdown_s
        values.is_muted = chosen.is_muted

    def _make_live(self) -> LivePage:
        from app.gui.live.page import LivePage
        from app.gui.preferences import preferences_of, remember_in
        from app.system.screen_lock import ScreenLock

        page = LivePage(
            self._jobs,
            self._keeper,
            preferences=preferences_of(self._settings.values),
            remember=lambda chosen: remember_in(self._settings.values, chosen),
            lock=ScreenLock(self),
        )
        page.status.connect(self.status)
        page.undo_offered.connect(self.undo_offered)
        page.step_wanted.connect(self._go_on)
        return page

    def _make_history(self) -> HistoryPage:
        from app.gui.history.page import HistoryActions, HistoryPage

        page = HistoryPage(self._jobs, self._door.history)
        page.status.connect(self.status)
        self._keeper.profile_changed.connect(page.set_profile)
        actions = HistoryActions(page, self._jobs, self._door, self._keeper)
        actions.status.connect(self.status)
        actions.failed.connect(self.failed)
        page.export_requested.connect(actions.export)
        page.import_requested.connect(actions.import_)
        page.report_requested.connect(actions.report)
        self._actions = actions
        return page

    def _go_on(self, target: str) -> None:
        """Lead to where a step beside a result is done."""
        from app.text.advice import Target

        if target == Target.SOMEONE:
            self.page_wanted.emit("exercises")
            self.habits.exercises_page().show_someone()
        else:
            self.page_wanted.emit(target)

    def _offer_squeeze_test(self) -> None:
        """Show the Live page, ready for the squeeze test."""
        self.page_wanted.emit("live")
        self.live_page().choose_squeeze()

    def _make_settings(self) -> SettingsPage:
        from app.gui.settings.page import SettingsPage
        from app.history.place import usual_folder

        page = SettingsPage(self._settings.values, self._keeper, usual_folder())
        page.scheme_chosen.connect(self.scheme_chosen)
        page.keep_pictures_chosen.connect(self._keep_pictures)
        page.delete_everything_wanted.connect(self._delete_everything)
        page.people.undo_offered.connect(self.undo_offered)
        return page

    def _keep_pictures(self, keep: bool) -> None:
        self._settings.values.keep_pictures = keep
        if self._check is not None:
            self._check.set_keep_pictures(keep)
        if self._live is not None:
            self._live.set_keep_pictures(keep)

    def _delete_everything(self) -> None:
        def undo() -> None:
            self._keeper.change(lambda history: history.restore_everything())

        text = self.tr("Deleted all checks and pictures. This becomes final when you quit.")
        self._keeper.change(
            lambda history: history.delete_everything(),
            lambda: self.undo_offered.emit(text, undo),
        )


def _preferences(values: Settings) -> CheckPreferences:
    from app.gui.picture.overlay import Layer
    from app.gui.preferences import CheckPreferences

    known = {layer.value for layer in Layer}
    return CheckPreferences(
        folder=Path(values.photo_folder) if values.photo_folder else None,
        hidden_layers=frozenset(Layer(name) for name in values.hidden_layers if name in known),
        keep_picture=values.keep_pictures,
        countdown_s=values.countdown_s,
        is_muted=values.is_muted,
    )
