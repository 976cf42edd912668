"""The window: navigation, the pages, a line at the bottom for what just happened."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QByteArray, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import (
    QAction,
    QCloseEvent,
    QGuiApplication,
    QKeySequence,
    QShowEvent,
)
from PyQt6.QtWidgets import (
    QApplication,
    QMainWindow,
    QStackedWidget,
    QWidget,
)

from app import Page
from app.breaks.protocol import Order, Wanted
from app.gui.background.history import HistoryHandle, HistoryService
from app.gui.background.jobs import Jobs
from app.gui.background.reminder import BreakReminder
from app.gui.breaks import ReminderBar
from app.gui.keys import KeysDialog, KeysThrough
from app.gui.navigation import Navigation
from app.gui.pages import Pages
from app.gui.style.dates import date_only
from app.gui.style.theme import (
    TEXT_STEP_PERCENT,
    Kind,
    Scheme,
    apply_scheme,
    polish_ahead,
    set_kind,
)
from app.gui.widgets.cards import PageView, in_column, in_row
from app.gui.widgets.status import FloatingMessages, StatusLine, UndoBar, sentence_of
from app.history.clients import ClientOrder, find_clients
from app.history.values import now
from app.settings import TEXT_PERCENT_LIMITS
from app.text.people import due_reminder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from app.gui.check.sitting import Visit
    from app.settings import SettingsFile

_SMALLEST_PX = 900, 600
_FIRST_PX = 1180, 800
#: After the window has been painted.
_OPEN_HISTORY_MS = 100
#: Backups get old, and whoever does not want one is not asked each day.
_BACKUP_LASTS, _REMINDED_EVERY = timedelta(days=60), timedelta(days=14)
_WORTH_A_BACKUP, _BACKUP_MS = 10, 6000
#: After the pages were made, and before anybody has saved much.
_COPY_MS = 8000
#: The system has drawn its frame round the window by then.
_FRAMED_MS = 300
#: So long after a choice it is on the disk.
_SAVE_CHOICES_MS = 3000
#: By how much "Later" puts a reminder off.
_LATER_MIN = 10
#: After the models that measuring needs, which come first.
_WARM_HISTORY_MS = 2500
#: Then pages are made ahead, one by one, so that showing one need not wait for that.
_WARM_PAGES_MS, _BETWEEN_PAGES_MS = 4000, 100
#: The camera's looks for cameras when it is shown, not before.
_MADE_AHEAD = (Page.LIVE, Page.EXERCISES, Page.HISTORY, Page.BREAKS, Page.SETTINGS)
#: More people than these are not offered at once.
_PEOPLE_MAX = 12
_ON_EVERY_DESKTOP = {
    QKeySequence.StandardKey.Quit: "Ctrl+Q",
    # Where "+" needs the Shift key.
    QKeySequence.StandardKey.ZoomIn: "Ctrl+=",
    QKeySequence.StandardKey.Redo: "Ctrl+Shift+Z",
    QKeySequence.StandardKey.FullScreen: "F11",
    QKeySequence.StandardKey.HelpContents: "F1",
}


class MainWindow(QMainWindow):
    """Holds the pages, each made when it is first shown.

    Parameters
    ----------
    settings
        Read at the start and written at the end.
    handle
        To the history; the user's own unless a test brings another.
    warm_up
        Whether to load what measuring needs soon after the start.
    """

    language_chosen = pyqtSignal(str)

    def __init__(
        self, settings: SettingsFile, handle: HistoryHandle | None = None, warm_up: bool = True
    ) -> None:
        super().__init__()
        self._settings = settings
        self._said_due = ""
        self._handle = handle if handle is not None else HistoryHandle()
        self.jobs = Jobs(self)
        self.service = HistoryService(self.jobs, self._handle, settings.values.profile_id)
        self.reminder = BreakReminder(
            settings.path.parent,
            self.jobs,
            self.service,
            self._handle,
            is_active=warm_up,
            parent=self,
        )
        self.pages = Pages(
            settings, self.jobs, self.service, self._handle, self.reminder, warm_up=warm_up
        )
        self._build()
        self._connect()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            self._keys = KeysThrough(app, self)
        self._restore()
        QTimer.singleShot(_OPEN_HISTORY_MS, self.service.load)
        self.service.follow()
        # A window that is killed forgets nothing that was chosen before.
        choices = QTimer(self)
        choices.timeout.connect(settings.save_changes)
        choices.start(_SAVE_CHOICES_MS)
        self._ahead, self._steps_ahead = QTimer(self), self._parts_of_pages()
        self._ahead.setInterval(_BETWEEN_PAGES_MS)
        self._ahead.timeout.connect(self._make_pages)
        if warm_up:
            QTimer.singleShot(_WARM_HISTORY_MS, self._get_history_ready)
            QTimer.singleShot(_BACKUP_MS, self.remind_of_backup)
            QTimer.singleShot(_COPY_MS, self._keep_daily_copy)
            QTimer.singleShot(_WARM_PAGES_MS, self._ahead.start)
        complaints = " ".join(filter(None, (settings.complaint, self.reminder.complaint)))
        if complaints:
            self.say(complaints)

    def _build(self) -> None:
        self.setWindowTitle("Beltline")
        self.setMinimumSize(*_SMALLEST_PX)
        self._navigation = Navigation(self.pages.entries)
        self._stack = QStackedWidget()
        self._views: dict[Page, PageView] = {}
        middle = QWidget()
        set_kind(middle, Kind.PAGE)
        self.status, self.reminder_bar = StatusLine(), ReminderBar()
        self.undo_bar = UndoBar(self.service.changes.stack)
        column = in_column((self._stack, 1), self.reminder_bar, gap_px=0)
        self.messages = FloatingMessages(self._stack, self.undo_bar, self.status)
        in_row(self._navigation, (column, 1), on=middle, gap_px=0)
        self.setCentralWidget(middle)
        for text, keys, act in (
            (self.tr("Quit"), QKeySequence.StandardKey.Quit, self.close),
            (self.tr("Undo"), QKeySequence.StandardKey.Undo, self._undo),
            (self.tr("Redo"), QKeySequence.StandardKey.Redo, self._redo),
            (self.tr("Keys"), QKeySequence.StandardKey.HelpContents, self._show_keys),
            (self.tr("Full screen"), QKeySequence.StandardKey.FullScreen, self._fill_screen),
        ):
            self._add_action(text, keys, act)
        larger, smaller = QKeySequence.StandardKey.ZoomIn, QKeySequence.StandardKey.ZoomOut
        # On the Check page these are the page's own.
        self._of_check = [
            self._add_action(text, keys, act)
            for text, keys, act in (
                (self.tr("Open"), QKeySequence.StandardKey.Open, self._open_file),
                (self.tr("Paste"), QKeySequence.StandardKey.Paste, self._paste),
                # There they zoom the picture.
                (self.tr("Larger text"), larger, lambda: self._grow_text(1)),
                (self.tr("Smaller text"), smaller, lambda: self._grow_text(-1)),
            )
        ]
        self._add_action(self.tr("Usual text size"), "Ctrl+0", lambda: self._use_text_size(100))

    def _add_action(
        self, text: str, keys: QKeySequence.StandardKey | str, act: Callable[[], object]
    ) -> QAction:
        action = QAction(text, self)
        usual = [] if isinstance(keys, str) else QKeySequence.keyBindings(keys)
        # Some desktops know of no keys for these, which F1 tells of everywhere.
        also = keys if isinstance(keys, str) else _ON_EVERY_DESKTOP.get(keys, "")
        wanted = QKeySequence(also)
        action.setShortcuts([*usual, *([wanted] if also and wanted not in usual else [])])
        action.triggered.connect(lambda _=False: act())
        self.addAction(action)
        return action

    def _open_file(self) -> None:
        self.show_page(Page.CHECK)
        self.pages.check().choose_photo()

    def _paste(self) -> None:
        self.show_page(Page.CHECK)
        self.pages.check().paste()

    def _show_keys(self) -> None:
        dialog = KeysDialog(self)
        dialog.help_wanted.connect(self.show_help)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _fill_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _get_history_ready(self) -> None:
        """Load what the other pages import before somebody turns to them."""

        def load() -> None:
            pages = "live.page", "history.page", "history.trend_items", "exercises.page"
            for name in (*pages, "exercises.player", "breaks", "settings"):
                import_module(f"app.gui.{name}")

        self.jobs.start("warm history", load, lambda _: None, self.show_error)

    def _connect(self) -> None:
        self._navigation.page_wanted.connect(self.show_page)
        self._navigation.people_wanted.connect(lambda: self.show_page(Page.SETTINGS))
        self._navigation.profile_wanted.connect(self.service.set_current_profile)
        self.service.profiles_changed.connect(self._show_people)
        self.service.profiles_changed.connect(self._remind_of_check)
        self.service.profile_changed.connect(self._use_profile)
        self.service.failed.connect(self.show_error)
        self.pages.status.connect(self.status.say)
        self.pages.failed.connect(self.show_error)
        for changed in (self.service.changes.written, self.service.changed_elsewhere):
            changed.connect(lambda: self.pages.refresh(Page(self.page)))
        self.pages.page_wanted.connect(self.show_page)
        self.pages.language_chosen.connect(self.language_chosen)
        self.pages.scheme_chosen.connect(self._use_scheme)
        self.pages.text_size_chosen.connect(self._use_text_size)
        self.reminder.changed.connect(self.reminder_bar.show_state)
        done, later = Wanted(Order.TOOK_BREAK), Wanted(Order.SNOOZE, _LATER_MIN)
        self.reminder_bar.done.connect(lambda: self.reminder.link.send(done))
        self.reminder_bar.later.connect(lambda: self.reminder.link.send(later))
        self.reminder_bar.badge_changed.connect(self._show_badge)
        hints = QGuiApplication.styleHints()
        if hints is not None:
            hints.colorSchemeChanged.connect(self._follow_system)

    def _restore(self) -> None:
        values = self._settings.values
        stored = QByteArray.fromBase64(values.window.encode())
        if stored.isEmpty() or not self.restoreGeometry(stored):
            screen = self.screen()
            room = screen.availableSize() if screen is not None else None
            width, height = _FIRST_PX
            if room is not None:
                width, height = min(width, room.width()), min(height, room.height())
            self.resize(width, height)
        known = {page for page in Page if page.opens_unasked}
        self.show_page(values.page if values.page in known else Page.CHECK)

    def showEvent(self, event: QShowEvent | None) -> None:
        """Bring the title bar onto the screen, once there is one round the window."""
        super().showEvent(event)
        QTimer.singleShot(_FRAMED_MS, self._keep_on_screen)

    def _keep_on_screen(self) -> None:
        screen = self.screen()
        if screen is None or self.isMaximized() or self.isFullScreen():
            return
        room, frame = screen.availableGeometry(), self.frameGeometry()
        over = frame.size() - room.size()
        if over.width() > 0 or over.height() > 0:
            self.resize(self.width() - max(over.width(), 0), self.height() - max(over.height(), 0))
            frame = self.frameGeometry()
        x = min(max(frame.x(), room.x()), max(room.right() - frame.width() + 1, room.x()))
        y = min(max(frame.y(), room.y()), max(room.bottom() - frame.height() + 1, room.y()))
        if (x, y) != (frame.x(), frame.y()):
            self.move(x, y)

    def _make_pages(self) -> None:
        """Make the pages that nobody has asked for yet, part by part, with a pause after each."""
        if self.jobs.awaited:  # what works beside would make it slower
            return
        step = next(self._steps_ahead, None)
        if step is None:
            self._ahead.stop()
        else:
            step()

    def _parts_of_pages(self) -> Iterator[Callable[[], object]]:
        for page in _MADE_AHEAD:
            yield from self.pages.parts(page)
            yield partial(self._view, page)
            self.pages.get_ready(page)
            yield partial(polish_ahead, self._view(page))

    def _view(self, page: Page) -> PageView:
        """Return what shows a page, made now if it never was."""
        if page not in self._views:
            # Where large letters need more room than there is, the page as a whole scrolls.
            self._views[page] = PageView(self.pages.widget(page), self._stack)
            self._stack.addWidget(self._views[page])
        return self._views[page]

    def show_page(self, key: str) -> None:
        """Show a page, made now if it never was."""
        page = Page(key)
        self._stack.setCurrentWidget(self._view(page))
        for action in self._of_check:
            action.setEnabled(page is not Page.CHECK)
        self._navigation.show_page(page)
        if page != self._settings.values.page:
            self.status.clear()
        self._settings.values.page = page.value
        self.pages.refresh(page)

    @property
    def page(self) -> str:
        """The key of the page that is shown."""
        return self._settings.values.page

    def open_photo(self, photo: str) -> None:
        """Measure a photograph on the page for it."""
        self.open_photos([photo])

    def open_photos(self, photos: Sequence[str]) -> None:
        """Measure one photograph or more on the page for them, or show a list of exercises."""
        from app.exercises.shared_list import SUFFIX

        lists = [photo for photo in photos if photo.lower().endswith(SUFFIX)]
        if lists:
            self.show_page(Page.EXERCISES)
            self.pages.open_list(Path(lists[0]))
            return
        self.show_page(Page.CHECK)
        self.pages.check().open_photos([Path(photo) for photo in photos])

    def open_live(self, source: str) -> None:
        """Begin a live check with the camera of this name, number, address or film.

        An empty text is the usual camera.
        """
        self.show_page(Page.LIVE)
        # The page is painted first: making it and starting it would together be felt.
        QTimer.singleShot(0, lambda: self.pages.live().use_source(source))

    def remind_of_backup(self) -> None:
        """Say so now and then while there is much to lose and the last backup is old."""
        values, at = self._settings.values, now()
        last, said = map(_moment, (values.backed_up_at, values.backup_reminded_at))
        if (last and at - last < _BACKUP_LASTS) or (said and at - said < _REMINDED_EVERY):
            return

        def done(count: int) -> None:
            if count < _WORTH_A_BACKUP:
                return
            values.backup_reminded_at = at.isoformat()
            text = self.tr("There is no backup of your checks yet. Settings makes one.")
            if last is not None:
                day = date_only(self.locale(), last)
                text = self.tr("Your last backup is from {day}. Settings makes a new one.")
                text = text.format(day=day)
            self.say(text)

        def work() -> int:
            from app.history.records import RowQuery

            return self._handle.history().count(RowQuery(None))

        self.jobs.start("count for backup", work, done, lambda _: None)

    def _keep_daily_copy(self) -> None:
        """Make today's copy of the history beside everything else, if there is none."""
        self.service.read("daily copy", lambda history: history.keep_daily_copy(), lambda _: None)

    def _remind_of_check(self) -> None:
        """Say once who is due for a check, where a day was planned; over nothing else."""
        clients, current = self.service.clients(), self.service.current_profile_id
        text = due_reminder(clients, current, now().date())
        if text != self._said_due and self.status.isHidden():
            self._said_due = text
            if text:
                self.say(text)

    def show_help(self, which: str) -> None:
        """Open a kind of help: one of :class:`app.Help`."""
        self.pages.help().open(which)

    def show_error(self, error: Exception) -> None:
        """Say what went wrong and what to do."""
        self.say(sentence_of(error))

    def say(self, text: str) -> None:
        """Say something that stays until something else is said."""
        self.status.say(text, stays=True)

    def _show_badge(self, on: bool) -> None:
        """Say beside the page, and on the program's icon, that a break is due; take no focus."""
        self._navigation.mark((Page.BREAKS,) if on else ())
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.setBadgeNumber(int(on))

    def _undo(self) -> None:
        """Take back the last step of marking, or else the last thing done to the history."""
        if not self._is_marking(1):
            self.service.changes.stack.undo()

    def _redo(self) -> None:
        if not self._is_marking(-1):
            self.service.changes.stack.redo()

    def _is_marking(self, steps: int) -> bool:
        return self.page == Page.CHECK and self.pages.check().step_back(steps)

    def _show_people(self) -> None:
        clients, current = self.service.clients(), self.service.current_profile_id
        if len(clients) > _PEOPLE_MAX:  # those seen last; the rest are found among the settings
            newest = find_clients(clients, order=ClientOrder.SEEN)[:_PEOPLE_MAX]
            clients = [one for one in clients if one in newest or one.profile.id == current]
        self._navigation.show_people([one.profile for one in clients], current)

    def _use_profile(self, profile_id: int) -> None:
        self._settings.values.profile_id = profile_id
        self._show_people()

    def _use_scheme(self, scheme: Scheme) -> None:
        self._settings.values.scheme = scheme.value
        self._follow_system()

    def _use_text_size(self, percent: int) -> None:
        least, most = TEXT_PERCENT_LIMITS
        self._settings.values.text_percent = min(max(percent, least), most)
        self._follow_system()
        self.pages.show_text_size()

    def _grow_text(self, steps: int) -> None:
        self._use_text_size(self._settings.values.text_percent + steps * TEXT_STEP_PERCENT)

    def _follow_system(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            values = self._settings.values
            apply_scheme(app, Scheme(values.scheme), values.text_percent)

    def hand_over(self) -> list[Visit] | None:
        """Return what was looked at, for another window; None if something would be lost."""
        return self.pages.hand_over()

    def speak_alike(self) -> None:
        """Have the reminder's icon follow, which is a program of its own."""
        self.reminder.link.send(Wanted(Order.STARTED_AGAIN))

    def take_over(self, visits: list[Visit]) -> None:
        """Go on with what another window handed over."""
        self.pages.take_over(visits)

    def remember(self) -> None:
        """Keep how the window is, for the next one."""
        geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        self._settings.values.window = geometry
        self._settings.save()

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """Remember how the window was, and let go of everything."""
        self.remember()
        self.service.rest()
        self._ahead.stop()
        self.pages.close()
        self.reminder.close()
        self.jobs.close()
        self._handle.close()
        super().closeEvent(event)


def _moment(text: str) -> datetime | None:
    """Return a moment from the settings; None for none, or for nonsense."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
