"""Several pictures as a person sees them: what they are is asked, then they are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtGui import QKeySequence
from PyQt6.QtWidgets import QProgressBar, QStackedWidget, QWidget

from app.gui.check.result import ResultPanel, SaveBar, SaveRequest
from app.gui.check.several.lines import LineColumn, LinesModel, LinesTable
from app.gui.check.several.pictures import SeveralKind
from app.gui.style.theme import GROUP_GAP_PX, Kind, set_kind
from app.gui.widgets.cards import (
    Card,
    button_row,
    in_column,
    in_row,
    make_button,
    make_choice,
    say,
    tip,
    words,
)
from app.gui.widgets.tick_box import TickBox
from app.text import several

if TYPE_CHECKING:
    from app.gui.background.history import HistoryService
    from app.gui.check.several.pictures import PictureLine, SeriesAnswer, SeveralPictures
    from app.history.comparison import Change

_SIDE_PX, _QUESTION_PX = 360, 560
_BAR_PX = 6
_SERIES, _BATCH = SeveralKind.SERIES, SeveralKind.BATCH


class SeveralView(QStackedWidget):
    """Asks what several pictures are, and lists them; made up when there are some.

    Attributes
    ----------
    pictures
        Those at hand, or None.
    """

    #: A line that is to be shown alone.
    line_wanted = pyqtSignal(object)
    back_wanted = pyqtSignal()
    open_wanted = pyqtSignal()
    #: They are not to be looked at after all.
    cancelled = pyqtSignal()
    keep_picture_changed = pyqtSignal(bool)
    status = pyqtSignal(str)
    step_wanted = pyqtSignal(str)

    def __init__(self, service: HistoryService, keep_picture: bool) -> None:
        super().__init__()
        self._service, self._keeps_pictures = service, keep_picture
        self.pictures: SeveralPictures | None = None
        self._shown: SeriesAnswer | None = None

    def _make(self) -> None:
        """Make what is shown; the page that this is on is made sooner without it."""
        self.model = LinesModel(self._service.profiles)
        self.table = LinesTable(self.model)
        self._make_parts(self._keeps_pictures)
        self._question, self._list = self._lay_out_question(), self._lay_out_list()
        self.addWidget(self._question)
        self.addWidget(self._list)
        self._connect()

    def show_pictures(self, pictures: SeveralPictures, has_back: bool) -> None:
        """Show these, or ask what they are if nobody has said yet.

        Parameters
        ----------
        has_back
            Whether there is something to go back to.
        """
        before = self.pictures
        if not self.count():
            self._make()
        if pictures is not before:
            if before is not None:
                before.stepped.disconnect(self._follow)
                before.series_changed.disconnect(self._follow_series)
                before.status.disconnect(self.status)
            self.pictures = pictures
            self.model.show(pictures)
            pictures.stepped.connect(self._follow)
            pictures.series_changed.connect(self._follow_series)
            pictures.status.connect(self.status)
            self.refresh_people()
        self.back_button.setVisible(has_back)
        self._show_kind()

    def choose(self, kind: SeveralKind) -> None:
        """Take the pictures at hand for a series or for a batch."""
        if self.pictures is not None:
            self.pictures.set_kind(kind)
            self._show_kind()

    def save(self) -> None:
        """Keep what can be kept."""
        if self.pictures is None:
            return
        if self.pictures.kind is SeveralKind.SERIES:
            self.save_bar.save()
        elif self.pictures.kind is SeveralKind.BATCH:
            self._keep_focus(self.save_button)
            self.pictures.save_all(self.keep_picture.isChecked())

    def refresh_people(self) -> None:
        """Read the people anew from the service."""
        if not self.count():
            return
        self.save_bar.refresh_people()
        self.person.clear()
        for profile in self._service.profiles():
            self.person.addItem(profile.name, profile.id)
        if self.pictures is not None:
            self.pictures.follow_person()
        self._follow()

    def set_keep_picture(self, keep: bool) -> None:
        """Follow a choice made elsewhere."""
        self._keeps_pictures = keep
        if not self.count():
            return
        self.save_bar.set_keep_picture(keep)
        with QSignalBlocker(self.keep_picture):
            self.keep_picture.setChecked(keep)

    def _make_parts(self, keep_picture: bool) -> None:
        self.question = words("", Kind.TITLE)
        self.series_button = make_button(
            several.ONE_STANCE, several.ABOUT_ONE_STANCE, act=lambda: self.choose(_SERIES)
        )
        self.batch_button = make_button(
            several.DIFFERENT, several.ABOUT_DIFFERENT, act=lambda: self.choose(_BATCH)
        )
        self.cancel_button = make_button(
            self.tr("Cancel"), tip(self.tr("Look at none of them"), "Esc"), act=self.cancelled
        )
        self.cancel_button.setShortcut(QKeySequence("Esc"))
        self.title = words("", Kind.HEADING)
        self.about, self.left_out = words(), words("", Kind.WARNING)
        self.back_button = make_button(
            self.tr("Back"),
            tip(self.tr("The result before this one"), "Alt+Left"),
            act=self.back_wanted,
        )
        self.open_button = make_button(
            self.tr("Open…"),
            tip(self.tr("Open other photographs"), "Ctrl+O"),
            act=self.open_wanted,
        )
        self.kind_button = make_button("", act=self._change_kind)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(_BAR_PX)
        self.bar.setAccessibleName(self.tr("Measuring"))
        self.progress = words(can_copy=False)
        self.progress.setWordWrap(False)
        self.stop_button = make_button("", act=self._stop_or_go_on)
        whose = self.tr("Whose checks all of them are that are not saved yet")
        self.person = make_choice(self.tr("Person for all"), whose, letters=10)
        self.person.setPlaceholderText(self.tr("Choose…"))
        self.keep_picture = TickBox(self.tr("Keep a small copy of the pictures"))
        self.keep_picture.setToolTip(self.tr("Without it only the numbers are kept"))
        self.keep_picture.setChecked(keep_picture)
        self.save_button = make_button("", is_main=True, act=self.save)
        self.result = ResultPanel()
        self.save_bar = SaveBar(self._service, keep_picture)

    def _lay_out_question(self) -> QWidget:
        card = Card("", self.question)
        for button, about in (
            (self.series_button, several.ABOUT_ONE_STANCE),
            (self.batch_button, several.ABOUT_DIFFERENT),
        ):
            card.add_gap()
            card.add(button_row(button), words(about, Kind.MUTED))
        card.add_gap()
        card.add(button_row(self.cancel_button))
        card.setMaximumWidth(_QUESTION_PX)
        page = QWidget()
        set_kind(page, Kind.PAGE)
        middle = in_row(1, on=page)
        middle.addWidget(card, 100, Qt.AlignmentFlag.AlignVCenter)
        middle.addStretch(1)
        return page

    def _lay_out_list(self) -> QWidget:
        head = in_row(self.back_button, self.open_button, (self.title, 1), self.kind_button)
        self._measuring = QWidget()
        in_row((self.bar, 1), self.progress, self.stop_button, on=self._measuring)
        self._foot = QWidget()
        caption = words(self.tr("Person for all"), Kind.MUTED, can_copy=False)
        caption.setWordWrap(False)
        parts = caption, self.person, self.keep_picture, 1, self.save_button
        in_row(*parts, on=self._foot)
        rows = head, self.left_out, self.about, self._measuring, (self.table, 1), self._foot
        left = in_column(*rows)
        self._side = QWidget()
        self._side.setFixedWidth(_SIDE_PX)
        in_column((self.result, 1), self.save_bar, on=self._side)
        page = QWidget()
        set_kind(page, Kind.PAGE)
        in_row((left, 1), self._side, on=page, gap_px=GROUP_GAP_PX)
        return page

    def _connect(self) -> None:
        self.table.opened.connect(self._open_line)
        self.person.activated.connect(self._give_all)
        self.keep_picture.toggled.connect(self.keep_picture_changed)
        self.save_bar.keep_picture_changed.connect(self.keep_picture_changed)
        self.save_bar.status.connect(self.status)
        self.result.step_wanted.connect(self.step_wanted)

    def _show_kind(self) -> None:
        pictures = self.pictures
        if pictures is None:
            return
        found, kind = pictures.found, pictures.kind
        count = len(pictures.lines)
        if kind is None:
            say(self.question, several.ASK.format(count=count))
            self.setCurrentWidget(self._question)
            self.series_button.setFocus()
            return
        title = several.COUNT_IN if found.folder else several.COUNT
        say(self.title, title.format(count=count, folder=found.folder))
        left_out = several.LEFT_OUT.format(count=count, left=found.left_out)
        say(self.left_out, left_out if found.left_out else "")
        other = several.THEY_ARE_DIFFERENT if kind is _SERIES else several.THEY_ARE_ONE_STANCE
        self.kind_button.setText(other)
        self.kind_button.setToolTip(
            several.ABOUT_DIFFERENT if kind is _SERIES else several.ABOUT_ONE_STANCE
        )
        self._side.setVisible(kind is _SERIES)
        self._foot.setVisible(kind is _BATCH)
        self.table.show_columns(kind)
        self.setCurrentWidget(self._list)
        if not self.table.currentIndex().isValid():
            self.table.setCurrentIndex(self.model.index(0, LineColumn.PICTURE))
        self.table.setFocus()
        self._follow()
        self._follow_series()

    def _follow(self) -> None:
        """Say how far it is, and what can be kept."""
        pictures = self.pictures
        if pictures is None or pictures.kind is None:
            return
        count, done = len(pictures.lines), pictures.done_count
        self.bar.setRange(0, count)
        self.bar.setValue(done)
        say(self.progress, several.DONE_OF.format(done=done, count=count))
        if done == count:
            self._keep_focus(self.stop_button)
        self._measuring.setVisible(done < count)
        is_running = pictures.is_running
        self.stop_button.setText(self.tr("Stop") if is_running else self.tr("Go on"))
        whose = {line.profile_id for line in pictures.lines}
        shown = self.person.findData(whose.pop()) if len(whose) == 1 else -1
        self.person.setCurrentIndex(shown)
        waiting = len(pictures.waiting)
        self.save_button.setText(several.SAVE_ALL.format(count=waiting))
        self.save_button.setEnabled(waiting > 0 and not pictures.is_saving)
        if pictures.kind is _BATCH:
            measured = sum(line.measured is not None for line in pictures.lines)
            outcome = several.ALL_MEASURED
            if measured < count:
                outcome = several.OUTCOME.format(measured=measured, refused=done - measured)
            say(self.about, "" if is_running else outcome)

    def _keep_focus(self, leaving: QWidget) -> None:
        """Have the table take the keys before what has them goes, and no button out of sight."""
        if leaving.hasFocus():
            self.table.setFocus()

    def _follow_series(self) -> None:
        """Show what a series comes to, once that is known."""
        pictures = self.pictures
        if pictures is None or pictures.kind is not _SERIES:
            self.save_bar.offer(None)
            return
        answer = self._shown = pictures.series
        name = several.SERIES_NAME.format(count=len(pictures.lines))
        if answer is None:
            self.result.show_waiting(name)
            say(self.about, several.SERIES_WAITS if pictures.is_running else "")
            self.save_bar.offer(None)
            return
        say(self.about, several.describe_repeats(answer.series, answer.given))
        result, photo = answer.result, answer.photo
        self._side.setVisible(result is not None)
        if result is None or photo is None:
            self.save_bar.offer(None)
            return
        name = several.SERIES_NAME.format(count=len(answer.repeats))
        self.result.show_measured(result, name)
        frame = photo.frame
        size_px = frame.width_px, frame.height_px
        about = photo.taken_at, size_px, None, frame.rgb
        self.save_bar.offer(SaveRequest(result, *about, answer.repeats))

        def compared(change: Change | None) -> None:
            if self._shown is answer and change is not None:
                self.result.show_measured(result, name, change)

        self._service.compare(result, photo.taken_at, compared, answer.repeats)

    def _open_line(self, row: int) -> None:
        line: PictureLine | None = self.model.line(row)
        if line is not None and line.answers is not None:
            self.line_wanted.emit(line)

    def _give_all(self) -> None:
        profile_id = self.person.currentData()
        if self.pictures is not None and profile_id is not None:
            self.pictures.set_person(profile_id)

    def _change_kind(self) -> None:
        if self.pictures is not None:
            self.choose(_BATCH if self.pictures.kind is _SERIES else _SERIES)

    def _stop_or_go_on(self) -> None:
        if self.pictures is None:
            return
        if self.pictures.is_running:
            self.pictures.stop()
        else:
            self.pictures.start()
