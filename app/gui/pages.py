"""Makes the pages and wires them to settings, history and one another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from app.gui.pages__habit_pages import HabitPages
from app.gui.style.theme import Scheme

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtWidgets import QWidget

    from app.gui.background.history import HistoryDoor
    from app.gui.background.history__workers_keeper import HistoryKeeper
    from app.gui.background.jobs import Jobs
    from app.gui.check.page import CheckPage
    from app.gui.history.page import HistoryPage
    from app.gui.history.page__history_actions import HistoryActions
    from app.gui.live.page import LivePage
    from app.gui.preferences__check_preferences import CheckPreferences
    from app.gui.settings.page import SettingsPage
    from app.settings import Settings, SettingsFile

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
        from app.gui.history.page import HistoryPage
        from app.gui.history.page__history_actions import HistoryActions

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
    from app.gui.preferences__check_preferences import CheckPreferences

    known = {layer.value for layer in Layer}
    return CheckPreferences(
        folder=Path(values.photo_folder) if values.photo_folder else None,
        hidden_layers=frozenset(Layer(name) for name in values.hidden_layers if name in known),
        keep_picture=values.keep_pictures,
        countdown_s=values.countdown_s,
        is_muted=values.is_muted,
    )
