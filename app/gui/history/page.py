"""The History page: how checks change over time, all of them in a table, two compared."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from PyQt6.QtCore import QObject, QStandardPaths, Qt, pyqtSignal
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import QFileDialog, QSplitter, QWidget

from app.gui.history.browser import CheckBrowser, CheckFilter
from app.gui.history.detail import CheckDetail, CompareView
from app.gui.history.experiment import ExperimentSection
from app.gui.history.progress import ProgressSection
from app.gui.history.ranges import RangeSection
from app.gui.history.squeezes import SqueezeSection
from app.gui.history.trend import TrendPanel
from app.gui.style.dates import day_only
from app.gui.style.theme import GAP_PX, PAGE_MARGIN_PX, Kind, set_kind, text_factor
from app.gui.widgets.cards import (
    LateStack,
    in_column,
    make_button,
    named,
    say,
    words,
)
from app.gui.widgets.flow import FlowRow
from app.gui.widgets.status import ErrorBar
from app.history.values import now
from app.text import history as history_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from PyQt6.QtGui import QFocusEvent, QResizeEvent

    from app.gui.background.history import HistoryChanges, HistoryHandle, HistoryService
    from app.gui.background.jobs import Jobs
    from app.gui.history.news import TrendNews
    from app.history.clients import Client
    from app.history.exchange.backup import BackUp, Restored
    from app.history.exchange.model import Added
    from app.history.records import CheckRow, Conditions
    from app.history.store import History


_Tests: TypeAlias = "SqueezeSection | RangeSection"
_CHECKS, _EMPTY = 0, 1
_BACKUP_SUFFIX = ".zip"
#: In less width a check goes below the others where letters are large.
_BESIDE_PX = 760


class HistoryPage(QWidget):
    """One person's history.

    Parameters
    ----------
    jobs
        Everything is read and written with these.
    open_history
        Called from threads, often; may raise :class:`~app.history.errors.HistoryError`.
    changes
        What is changed here is written by these, and can be taken back.
    """

    #: The check whose details were just opened.
    check_opened = pyqtSignal(int)
    export_requested = pyqtSignal()
    import_requested = pyqtSignal()
    report_requested = pyqtSignal()
    #: A sentence on what just happened.
    status = pyqtSignal(str)

    def __init__(
        self,
        jobs: Jobs,
        open_history: Callable[[], History],
        changes: HistoryChanges,
        detail: CheckDetail | None = None,
    ) -> None:
        super().__init__()
        self._jobs, self._open, self._changes = jobs, open_history, changes
        self._has_checks = False
        self._profile_id: int | None = None
        self.error = ErrorBar()
        self.trend = TrendPanel(jobs, open_history)
        self.filter = CheckFilter()
        self.browser = CheckBrowser(jobs, open_history, self.filter)
        self.detail = CheckDetail(jobs, open_history) if detail is None else detail
        self.squeezes = SqueezeSection(jobs, open_history, self._changes, self)
        self.ranges = RangeSection(jobs, open_history, self._changes, self)
        self._tests = self.squeezes, self.ranges
        self.experiment = ExperimentSection(self, jobs, open_history, self._changes)
        self.progress = ProgressSection(jobs, open_history, self.trend, self)
        self._compare_view: CompareView | None = None
        set_kind(self, Kind.PAGE)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._lay_out()
        self._connect()
        self._add_shortcuts()

    @property
    def compare(self) -> CompareView:
        """Two checks compared; made when it is first needed."""
        if self._compare_view is None:
            self._compare_view = CompareView(self._jobs, self._open)
            self._compare_view.failed.connect(self.error.show_error)
            self._compare_view.closed.connect(self._leave)
            self._pages.addWidget(self._compare_view)
        return self._compare_view

    def set_profile(self, profile_id: int) -> None:
        """Show another person's history."""
        if profile_id == self._profile_id:
            return
        self._profile_id = profile_id
        self._close_detail()
        self._leave()
        self.trend.clear()
        for tests in self._tests:
            tests.clear()
        self.progress.clear()
        self.experiment.clear()
        self.browser.clear()
        self.filter.clear()
        if self.isVisible():
            self.refresh()

    def show_next_check(self, client: Client | None) -> None:
        """Say when the person's next check is planned; nothing where no day was chosen."""
        planned = None if client is None else client.profile.next_check_on
        said = ""
        if client is not None and planned is not None:
            is_due = client.is_due(now().date())
            said = (
                self.tr("Next check: due since {day}") if is_due else self.tr("Next check: {day}")
            )
            said = said.format(day=day_only(self.locale(), planned))
        say(self.next_check, said)

    def refresh(self) -> None:
        """Read everything that is shown anew."""
        self.error.hide()
        if self._profile_id is None:
            self._jobs.start(
                "history profile",
                lambda: self._open().default_profile().id,
                self._take_default,
                self.error.show_error,
            )
            return
        self.browser.show_profile(self._profile_id, self.detail.check_id)
        self.trend.show_list(self.filter.query(self._profile_id))

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        """Hand the keys to the table; a focus proxy would cut the page's ring of tabs."""
        super().focusInEvent(event)
        self.browser.focus_list()

    def _take_default(self, profile_id: int) -> None:
        if self._profile_id is None:
            self._profile_id = profile_id
        self.refresh()

    def _lay_out(self) -> None:
        self._pages = LateStack()
        self._pages.expect(self.detail)
        self._pages.addWidget(self._make_checks())
        self._pages.addWidget(self.progress.below(self._make_empty()))
        side_px, edge_px = PAGE_MARGIN_PX, PAGE_MARGIN_PX // 2
        self.next_check = words(kind=Kind.MUTED)
        parts = self._make_title(), self.next_check, self.error
        top = in_column(*parts, margins_px=(side_px, edge_px, side_px, 0))
        in_column(top, (self._pages, 1), on=self, margins_px=(0, 0, 0, edge_px))

    def _make_title(self) -> FlowRow:
        """Return the page's name, and what can be done with files."""
        files = (
            (self.tr("Report…"), self.tr("Write a PDF to bring to a physiotherapist")),
            (self.tr("Export…"), self.tr("Write all checks to a file for other programs")),
            (self.tr("Import…"), self.tr("Read checks from a file that was exported before")),
        )
        wishes = self.report_requested, self.export_requested, self.import_requested
        self.report, self.export, self.import_ = buttons = [
            named(make_button(text, act=wish), what)
            for (text, what), wish in zip(files, wishes, strict=True)
        ]
        title = words(self.tr("History"), Kind.TITLE, can_copy=False)
        title.setWordWrap(False)
        behind = *(tests.button for tests in self._tests), self.experiment.button
        after = *behind, *buttons
        return FlowRow(title, *after, gap_px=GAP_PX, at_the_end=after)

    def _make_empty(self) -> QWidget:
        """Return what to do while there are no checks."""
        title = words(history_words.NO_CHECKS, Kind.HEADING, can_copy=False)
        fix = words(history_words.NO_CHECKS_FIX, Kind.MUTED, can_copy=False)
        for label in (title, fix):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        page = QWidget()
        in_column(1, title, fix, 2, on=page, margins_px=PAGE_MARGIN_PX)
        return page

    def _make_checks(self) -> QWidget:
        """Return what is shown, the trend, the table, and one check in full beside them."""
        # From outside inwards: what is put somewhere else afterwards is styled once more.
        page = QWidget(self._pages)
        halves = QSplitter(Qt.Orientation.Horizontal, page)
        left = QSplitter(Qt.Orientation.Vertical, halves)
        left.addWidget(self.trend)
        left.addWidget(self.browser)
        left.setSizes([320, 280])
        self.progress.share_height(left)
        halves.setStretchFactor(0, 1)
        self._halves = halves
        for splitter in (left, halves):
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(GAP_PX)
        self.detail.hide()
        in_column(
            self.filter, (halves, 1), on=page, margins_px=(PAGE_MARGIN_PX, 0, PAGE_MARGIN_PX, 0)
        )
        return page

    def _connect(self) -> None:
        self.error.retry_wanted.connect(self.refresh)
        sections = *self._tests, self.progress, self.experiment
        for part in (self.trend, self.browser, self.detail, *sections):
            part.failed.connect(self.error.show_error)
        for opened in (self.trend.check_chosen, self.browser.chosen, self.browser.opened):
            opened.connect(self._open_detail)
        for edited in (self.browser.edited, self.detail.edited):
            edited.connect(self._edit)
        self.detail.dated.connect(self._date)
        self.filter.changed.connect(self._follow_filter)
        self.trend.shown.connect(self._show_news)
        self.browser.compare_wanted.connect(self._compare)
        self.browser.delete_wanted.connect(self._delete)
        self.detail.shown.connect(self._detail_shown)
        self.detail.closed.connect(self._close_detail)
        self.detail.status.connect(self.status)
        for tests in self._tests:
            tests.shown.connect(partial(self._tests_shown, tests))
            tests.opened.connect(partial(self._open_tests, tests))
            tests.closed.connect(self._leave)
            tests.list_made.connect(self._pages.addWidget)
        self.experiment.opened.connect(self._open_experiment)
        self.experiment.closed.connect(self._leave)
        self.progress.shown.connect(self._offer_export)
        self._pages.currentChanged.connect(self._offer_tests)

    def _add_shortcuts(self) -> None:
        for keys, do in (
            (QKeySequence.StandardKey.Find, self.filter.focus_search),
            (QKeySequence.StandardKey.Refresh, self.refresh),
            (QKeySequence.StandardKey.Cancel, self._go_back),
        ):
            shortcut = QShortcut(self)
            shortcut.setKeys(keys)
            shortcut.activated.connect(do)

    def _follow_filter(self) -> None:
        if self._profile_id is not None and self.isVisible():
            self.trend.show_list(self.filter.query(self._profile_id))

    def _show_news(self, news: TrendNews) -> None:
        self._has_checks = bool(news.methods)
        self.report.setEnabled(self._has_checks)
        self._offer_export()
        is_comparing = self._pages.currentWidget() is self._compare_view
        if self._is_home() or (is_comparing and not self._has_checks):
            self._turn_home()
        if self._profile_id is not None:  # last, for nobody waits for them
            for tests in self._tests:
                tests.show_profile(self._profile_id)
            self.progress.show_profile(self._profile_id)
            self.experiment.show_profile(self._profile_id)
        self.trend.mark_opened(self.detail.check_id)

    def get_ready(self) -> None:
        """Make what a first check is shown with, before there is one."""
        if self._halves.indexOf(self.detail) < 0:
            self._halves.addWidget(self.detail)
            self._halves.setSizes([600, 340])
            self.detail.hide()
        self.trend.get_ready()

    def _open_detail(self, check_id: int) -> None:
        self.get_ready()  # laid out while the check is read
        self.detail.show_check(check_id)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Put a check below the others where large letters leave no room beside them."""
        super().resizeEvent(event)
        self._fit_text()

    def _fit_text(self) -> None:
        room, factor = self.parentWidget() or self, text_factor()
        is_below = factor > 1 and room.width() < _BESIDE_PX * factor
        way = Qt.Orientation.Vertical if is_below else Qt.Orientation.Horizontal
        self._halves.setOrientation(way)

    def _detail_shown(self, check_id: int) -> None:
        self._fit_text()
        self.detail.show()
        self.trend.mark_opened(check_id)
        self.browser.select(check_id)
        self.check_opened.emit(check_id)

    def _close_detail(self) -> None:
        had_focus = self.detail.isAncestorOf(self.focusWidget())
        self.detail.clear()
        self.detail.hide()
        self.browser.forget_chosen()
        self.trend.mark_opened(None)
        if had_focus:
            self.browser.focus_list()

    def _compare(self, first_id: int, second_id: int) -> None:
        self._pages.setCurrentWidget(self.compare)
        self.compare.show_checks(first_id, second_id)
        self.compare.setFocus()

    def _tests_shown(self, tests: _Tests, has_any: bool) -> None:
        self._offer_export()
        if not has_any and tests.is_list(self._pages.currentWidget()):
            self._leave()
        self._offer_tests()

    def _offer_export(self) -> None:
        has_tests = any(tests.has_any for tests in self._tests)
        self.export.setEnabled(self._has_checks or has_tests or self.progress.has_any)

    def _offer_tests(self) -> None:
        """Offer the tests where neither they nor two checks fill the page."""
        for tests in self._tests:
            tests.offer(self._is_home())
        self.experiment.button.setVisible(self._is_home())

    def _open_tests(self, tests: _Tests) -> None:
        self._pages.setCurrentWidget(tests.list)
        tests.focus_list()

    def _open_experiment(self) -> None:
        self._pages.show_view(self.experiment.view)
        self.experiment.focus_choices()

    def _is_home(self) -> bool:
        return self._pages.currentIndex() in (_CHECKS, _EMPTY)

    def _turn_home(self) -> None:
        self._pages.setCurrentIndex(_CHECKS if self._has_checks else _EMPTY)

    def _leave(self) -> None:
        """Go back to the checks from whatever lies over them."""
        if not self._is_home():
            self._turn_home()
            self.browser.focus_list()

    def _go_back(self) -> None:
        if not self._is_home():
            self._leave()
        elif self.detail.isVisible():
            self._close_detail()

    def _edit(self, before: CheckRow, conditions: Conditions) -> None:
        def show(said: Conditions) -> None:
            self.browser.put_conditions(before.id, said)
            self.detail.put_conditions(before.id, said)

        self._changes.edit(
            history_words.change_words(before.conditions, conditions),
            before.conditions,
            conditions,
            show,
            lambda history, said: history.set_conditions(before.id, said),
        )

    def _date(self, before: CheckRow, taken_at: datetime) -> None:
        self._changes.correct(
            history_words.DATE_CHANGED,
            before.taken_at,
            taken_at,
            lambda history, at: history.set_taken_at(before.id, at),
        )

    def _delete(self, ids: tuple[int, ...]) -> None:
        if not ids:
            return
        done = history_words.CHECKS_DELETED.of(len(ids))
        self.browser.go_on_after_deleting()
        if self.detail.check_id in ids:
            self._close_detail()
        self._changes.delete(done, lambda history: history.delete(ids))


class HistoryActions(QObject):
    """Asks for a file, then works beside the GUI thread and says what came of it."""

    status = pyqtSignal(str)
    failed = pyqtSignal(Exception)
    #: A backup was made.
    backed_up = pyqtSignal()

    def __init__(
        self, page: HistoryPage, jobs: Jobs, handle: HistoryHandle, service: HistoryService
    ) -> None:
        super().__init__(page)
        self._page, self._jobs, self._handle, self._service = page, jobs, handle, service

    def export(self) -> None:
        """Write everybody's checks to a file."""
        csv = self.tr("Spreadsheet, checks only (*.csv)")
        everything = self.tr("Everything (*.json)")
        dialog = self._save_dialog(
            self.tr("Export all checks"), [csv, everything], "beltline.csv", self.export_to
        )
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix("json" if chosen == everything else "csv")
        )
        dialog.open()

    def export_to(self, path: Path) -> None:
        """Write everybody's checks to this file."""

        def work() -> int:
            from app.history.exchange.files import export_file

            return export_file(self._handle.history(), path)

        def done(count: int) -> None:
            self.status.emit(
                self.tr("Checks written to {path}: {count}.").format(count=count, path=path)
            )

        self._start("export", work, done)

    def back_up(self, hides_faces: bool = False) -> None:
        """Write everything, pictures too, into one file."""
        form, day = self.tr("Backup (*.zip)"), now().date().isoformat()
        self._save_dialog(
            self.tr("Back up everything"),
            [form],
            f"beltline {day}.zip",
            lambda path: self.back_up_to(path, hides_faces),
        ).open()

    def back_up_to(self, path: Path, hides_faces: bool = False) -> None:
        """Write everything into this file; with faces blurred it is no backup of one's own."""

        def work() -> BackUp:
            from app.history.exchange.backup import write_backup

            return write_backup(self._handle.history(), path, hides_faces=hides_faces)

        def done(made: BackUp) -> None:
            text = self.tr("Backed up to {path}: {checks} checks, {pictures} pictures.")
            said = text.format(path=path, checks=made.checks, pictures=made.pictures)
            if made.left_out:
                said = f"{said} {history_words.HEADS_UNKNOWN.format(count=made.left_out)}"
            self.status.emit(said)
            if not hides_faces:
                self.backed_up.emit()

        self._start("backup", work, done)

    def restore_from(self, path: Path) -> None:
        """Bring back what is in this backup."""

        def work() -> Restored:
            from app.history.exchange.backup import restore_backup

            return restore_backup(self._handle.history(), path)

        def done(found: Restored) -> None:
            text = self.tr(
                "Brought back: {new} checks, {pictures} pictures. Already there: {old} checks."
            )
            added = found.added
            self.status.emit(
                text.format(new=added.checks, pictures=found.pictures, old=added.duplicates)
            )
            self._service.changes.written.emit()

        self._start("import", work, done)

    def import_(self) -> None:
        """Add the checks of a file that was exported before, or bring a backup back."""
        dialog = self._dialog(self.tr("Import checks"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Exported checks and backups (*.csv *.json *.zip)")])
        dialog.fileSelected.connect(lambda name: self.import_from(Path(name)))
        dialog.open()

    def import_from(self, path: Path) -> None:
        """Add the checks of this file, or bring back those of a backup."""
        if path.suffix.lower() == _BACKUP_SUFFIX:
            self.restore_from(path)
            return

        def work() -> Added:
            from app.history.exchange.files import import_file

            return import_file(self._handle.history(), path)

        def done(added: Added) -> None:
            text = self.tr("Checks added: {new}. Already there, and left as they are: {old}.")
            said = text.format(new=added.checks, old=added.duplicates)
            if added.squeezes:
                tests = self.tr("Squeeze tests added: {count}.").format(count=added.squeezes)
                said = f"{said} {tests}"
            if added.entries:
                entries = self.tr(
                    "Exercises, breaks, self-checks, answers and calibrations added: {count}."
                )
                said = f"{said} {entries.format(count=added.entries)}"
            self.status.emit(said)
            self._service.changes.written.emit()

        self._start("import", work, done)

    def _save_dialog(
        self, title: str, forms: list[str], name: str, then: Callable[[Path], None]
    ) -> QFileDialog:
        dialog = self._dialog(title)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(forms)
        dialog.setDefaultSuffix(Path(name).suffix[1:])
        dialog.selectFile(name)
        dialog.fileSelected.connect(lambda chosen: then(Path(chosen)))
        return dialog

    def _dialog(self, title: str) -> QFileDialog:
        place = QStandardPaths.StandardLocation.DocumentsLocation
        folder = QStandardPaths.writableLocation(place)
        dialog = QFileDialog(self._page.window(), title, folder)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog

    def _start(self, key: str, work: Callable[[], object], done: Callable[..., None]) -> None:
        self._jobs.start(key, work, done, self.failed.emit)
