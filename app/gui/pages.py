"""The pages of the window: one table of them, and what wires them to the rest and one another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from PyQt6.QtCore import QObject, QTimer, pyqtSignal
from PyQt6.QtWidgets import QWidget

from app import Help, Page
from app.gui.style.theme import Icon, Scheme
from app.history.values import now

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.gui.background.history import HistoryHandle, HistoryService
    from app.gui.background.jobs import Jobs
    from app.gui.background.reminder import BreakReminder
    from app.gui.breaks import SitLessPage
    from app.gui.check.page import CheckPage
    from app.gui.check.sitting import Visit
    from app.gui.exercises.page import ExerciseScreens, ExercisesPage
    from app.gui.exercises.player import ExercisePlayer
    from app.gui.help.door import HelpDoor
    from app.gui.history.detail import CheckDetail
    from app.gui.history.page import HistoryActions, HistoryPage
    from app.gui.live.page import LivePage
    from app.gui.rating.door import RatingDoor
    from app.gui.report import ReportActions
    from app.gui.settings import SettingsPage
    from app.settings import SettingsFile

Part = TypeVar("Part", bound=QObject)
SAMPLE = Path(__file__).parents[1] / "assets" / "sample.jpg"


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One page of the window.

    Attributes
    ----------
    key
        Its name for settings and other processes.
    title, icon
        What people see of it before it is shown.
    widget
        Returns it; made, with what it imports, when it is first wanted.
    """

    key: Page
    title: str
    icon: Icon
    widget: Callable[[], QWidget]


def _made_once(make: Callable[[Pages], Part]) -> Callable[[Pages], Part]:
    """Have a method make its part at the first call and return the same one ever after."""

    @wraps(make)
    def part(pages: Pages) -> Part:
        made = pages._made
        if make.__name__ not in made:
            made[make.__name__] = make(pages)
        return cast("Part", made[make.__name__])

    return part


class Pages(QObject):
    """Every page, wired to settings, history, reminder and the other pages.

    Parameters
    ----------
    settings
        What the pages remember.
    jobs, service, handle, reminder
        What the pages share.
    warm_up
        Whether to load what measuring needs before it is used.

    Attributes
    ----------
    entries
        The pages in their order.
    """

    status = pyqtSignal(str)
    failed = pyqtSignal(Exception)
    language_chosen = pyqtSignal(str)
    scheme_chosen = pyqtSignal(Scheme)
    text_size_chosen = pyqtSignal(int)
    #: The page to be shown.
    page_wanted = pyqtSignal(str)
    #: Whether pictures are kept, chosen among the settings.
    _keep_pictures_chosen = pyqtSignal(bool)

    def __init__(
        self,
        settings: SettingsFile,
        jobs: Jobs,
        service: HistoryService,
        handle: HistoryHandle,
        reminder: BreakReminder,
        warm_up: bool,
    ) -> None:
        super().__init__()
        self._values, self._jobs = settings.values, jobs
        self._service, self._handle, self._reminder = service, handle, reminder
        self._warm_up = warm_up
        self._made: dict[str, QObject] = {}
        self.entries = (
            PageEntry(Page.CHECK, self.tr("Check"), Icon.CHECK, self.check),
            PageEntry(Page.LIVE, self.tr("Live"), Icon.LIVE, self.live),
            PageEntry(Page.EXERCISES, self.tr("Exercises"), Icon.EXERCISES, self.exercises),
            PageEntry(Page.BREAKS, self.tr("Sit less"), Icon.SIT_LESS, self.breaks),
            PageEntry(Page.HISTORY, self.tr("History"), Icon.HISTORY, self.history),
            PageEntry(Page.SETTINGS, self.tr("Settings"), Icon.SETTINGS, self.settings),
        )
        self._keep_pictures_chosen.connect(self._remember_keep_pictures)
        reminder.failed.connect(self.status)

    def widget(self, key: Page) -> QWidget:
        """Return a page, made now if it never was."""
        return next(entry for entry in self.entries if entry.key is key).widget()

    def parts(self, key: Page) -> tuple[Callable[[], QObject], ...]:
        """Return what makes a page in parts, each of which takes a moment; the page comes last."""
        first = {Page.EXERCISES: (self.player, self.screens), Page.HISTORY: (self.check_detail,)}
        return (*first.get(key, ()), lambda: self.widget(key))

    def get_ready(self, key: Page) -> None:
        """Make what a page that is there will want later."""
        if key is Page.HISTORY:
            self.history().get_ready()

    def refresh(self, key: Page) -> None:
        """Bring up to date what is now shown."""
        current = self._service.current_profile_id
        if key is Page.HISTORY:
            if current is not None:
                self.history().set_profile(current)
            self.history().refresh()
        elif key is Page.EXERCISES:
            self.exercises().refresh()
        elif key is Page.BREAKS:
            if current is not None:
                self.breaks().set_profile(current)
            self._reminder.take_breaks()

    def open_list(self, path: Path) -> None:
        """Show what is in a file with exercises, as soon as it is known whose page it is."""
        if self._service.current_profile_id is not None:
            self.exercises().open_list(path)
            return

        def show() -> None:
            self._service.profiles_changed.disconnect(show)
            # Not before the page knows, too.
            QTimer.singleShot(0, lambda: self.exercises().open_list(path))

        self._service.profiles_changed.connect(show)

    def show_text_size(self) -> None:
        """Show a text size that was chosen by keys, where it is chosen by hand."""
        if "settings" in self._made:
            self.settings().show_text_size()

    def hand_over(self) -> list[Visit] | None:
        """Return what was looked at, for the pages of another window.

        None while something is under way on a page, which would be lost.
        """
        made = self._made
        if "live" in made and self.live().is_under_way:
            return None
        if "exercises" in made and self.exercises().is_under_way:
            return None
        return self.check().hand_over() if "check" in made else []

    def take_over(self, visits: list[Visit]) -> None:
        """Have at hand what another window's pages handed over."""
        if visits:
            self.check().take_over(visits)

    def close(self) -> None:
        """Let go of cameras and whatever else a page holds."""
        for page in self._made.values():
            if isinstance(page, QWidget):
                page.close()
        if self.rating_door.__name__ in self._made:
            self.rating_door().close()

    @_made_once
    def check(self) -> CheckPage:
        """Return the page that measures."""
        from app.gui.check.page import CheckPage
        from app.gui.preferences import CheckPreferences

        page = CheckPage(
            self._jobs,
            self._service,
            preferences=CheckPreferences.read(self._values),
            remember=lambda chosen: chosen.write(self._values),
            sample=SAMPLE,
            warm_up=self._warm_up,
        )
        page.status.connect(self.status)
        page.step_wanted.connect(self._go_on)
        self._keep_pictures_chosen.connect(page.set_keep_pictures)
        self._service.profiles_changed.connect(page.refresh_people)
        self._service.profile_changed.connect(page.refresh_people)
        return page

    @_made_once
    def live(self) -> LivePage:
        """Return the page that measures live."""
        from app.gui.live.page import LivePage
        from app.gui.preferences import LivePreferences
        from app.system.screen_lock import ScreenLock

        page = LivePage(
            self._jobs,
            self._service,
            preferences=LivePreferences.read(self._values),
            remember=lambda chosen: chosen.write(self._values),
            lock=ScreenLock(self),
        )
        page.status.connect(self.status)
        page.step_wanted.connect(self._go_on)
        self._keep_pictures_chosen.connect(page.set_keep_pictures)
        return page

    @_made_once
    def exercises(self) -> ExercisesPage:
        """Return the page of exercises."""
        from app.gui.exercises.page import ExercisesPage

        history = self._handle.history
        page = ExercisesPage(self._jobs, self._service, history, self.player(), self.screens())
        page.status.connect(self.status)
        page.report_requested.connect(lambda: self.report_actions().report())
        page.live_requested.connect(self._offer_squeeze_test)
        return page

    @_made_once
    def player(self) -> ExercisePlayer:
        """Return what leads through a set of an exercise."""
        from app.gui.exercises.player import ExercisePlayer
        from app.gui.preferences import ExercisePreferences
        from app.system.screen_lock import ScreenLock

        return ExercisePlayer(
            self._jobs,
            ExercisePreferences.read(self._values),
            lambda chosen: chosen.write(self._values),
            ScreenLock(self),
        )

    @_made_once
    def screens(self) -> ExerciseScreens:
        """Return what asks and lists on the page of exercises."""
        from app.gui.exercises.page import ExerciseScreens

        return ExerciseScreens()

    @_made_once
    def check_detail(self) -> CheckDetail:
        """Return what shows one earlier check in full."""
        from app.gui.history.detail import CheckDetail

        return CheckDetail(self._jobs, self._handle.history)

    @_made_once
    def breaks(self) -> SitLessPage:
        """Return the page about breaks from sitting."""
        from app.gui.breaks import SitLessPage

        reminder = self._reminder
        page = SitLessPage(reminder.link, reminder.preferences, self._jobs, self._handle.history)
        page.status.connect(self.status)
        page.preferences_changed.connect(reminder.keep_preferences)
        reminder.breaks_taken.connect(page.refresh)
        # From now on it is said where it matters.
        reminder.failed.disconnect(self.status)
        reminder.failed.connect(lambda sentence: page.show_error(sentence, "reminder"))
        self._service.profile_changed.connect(page.set_profile)
        return page

    @_made_once
    def history(self) -> HistoryPage:
        """Return the page of earlier checks."""
        from app.gui.history.page import HistoryPage

        history, changes = self._handle.history, self._service.changes
        page = HistoryPage(self._jobs, history, changes, self.check_detail())
        page.status.connect(self.status)
        page.export_requested.connect(lambda: self.history_actions().export())
        page.import_requested.connect(lambda: self.history_actions().import_())
        page.report_requested.connect(lambda: self.report_actions().report())
        self._service.profile_changed.connect(page.set_profile)

        def show_next_check() -> None:
            page.show_next_check(self._service.current_client())

        self._service.profiles_changed.connect(show_next_check)
        self._service.profile_changed.connect(show_next_check)
        show_next_check()
        return page

    @_made_once
    def history_actions(self) -> HistoryActions:
        """Return what the History page's buttons do."""
        from app.gui.history.page import HistoryActions

        actions = HistoryActions(self.history(), self._jobs, self._handle, self._service)
        actions.status.connect(self.status)
        actions.failed.connect(self.failed)
        actions.backed_up.connect(self._remember_backup)
        return actions

    @_made_once
    def report_actions(self) -> ReportActions:
        """Return what makes reports."""
        from app.gui.report import ReportActions

        actions = ReportActions(self.history(), self._jobs, self._handle, self._service)
        actions.status.connect(self.status)
        actions.failed.connect(self.failed)
        return actions

    @_made_once
    def settings(self) -> SettingsPage:
        """Return the page of settings."""
        from app.gui.settings import SettingsPage
        from app.history.place import usual_folder

        page = SettingsPage(self._values, self._service, usual_folder())
        page.language_chosen.connect(self.language_chosen)
        page.scheme_chosen.connect(self.scheme_chosen)
        page.text_size_chosen.connect(self.text_size_chosen)
        page.keep_pictures_chosen.connect(self._keep_pictures_chosen)
        page.keep_recent_chosen.connect(self._keep_recent)
        page.forget_recent_wanted.connect(lambda: self.check().forget_recent())
        page.delete_everything_wanted.connect(self._delete_everything)
        page.backup_wanted.connect(lambda blurs: self.history_actions().back_up(blurs))
        page.restore_wanted.connect(lambda: self.history_actions().import_())
        page.rating_wanted.connect(lambda: self.rating_door().choose(page.window()))
        page.help_wanted.connect(lambda which: self.help().open(which))
        return page

    @_made_once
    def help(self) -> HelpDoor:
        """Return what opens first steps and all else that helps."""
        from app.gui.help.door import HelpDoor

        door = HelpDoor(self._jobs, self._service, self.check)
        door.page_wanted.connect(self.page_wanted)
        door.failed.connect(self.failed)
        return door

    @_made_once
    def rating_door(self) -> RatingDoor:
        """Return what opens the window for the photographs of a study."""
        from app.gui.rating.door import RatingDoor

        door = RatingDoor(self._jobs, self)
        door.failed.connect(self.failed)
        return door

    def _go_on(self, target: str) -> None:
        """Lead to where a step beside a result is done."""
        from app.text.advice import Target

        if target == Target.SOMEONE:
            self.page_wanted.emit(Page.EXERCISES)
            self.exercises().show_someone()
        elif target == Help.SHEET:
            self.help().open(target)
        else:
            self.page_wanted.emit(target)

    def _offer_squeeze_test(self) -> None:
        """Show the Live page, ready for the squeeze test."""
        self.page_wanted.emit(Page.LIVE)
        self.live().choose_squeeze()

    def _remember_keep_pictures(self, keep: bool) -> None:
        self._values.keep_pictures = keep

    def _keep_recent(self, keep: bool) -> None:
        self._values.keeps_recent = keep
        self.check().keep_recent(keep)

    def _remember_backup(self) -> None:
        self._values.backed_up_at = now().isoformat()
        self.settings().show_last_backup()

    def _delete_everything(self) -> None:
        text = self.tr("Deleted all people with all their checks")
        self._service.changes.delete(text, lambda history: history.delete_everything())
