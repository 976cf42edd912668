"""The page that measures: a photograph, what came of it, and keeping it."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QEvent, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import QWIDGETSIZE_MAX, QBoxLayout, QStackedWidget, QWidget

from app.gui.check.calibration import CalibrationPanel
from app.gui.check.camera import CameraShot
from app.gui.check.edit_panel import EditPanel
from app.gui.check.marking import Marking
from app.gui.check.measurement import KEY, CheckWork
from app.gui.check.people import PeopleChoice
from app.gui.check.recent import RecentPhotos
from app.gui.check.result import ResultPanel, SaveBar, SaveRequest
from app.gui.check.several.view import SeveralView
from app.gui.check.sitting import Sitting
from app.gui.check.start import PhotoIntake, StartView, is_folder
from app.gui.check.tools import PictureTools
from app.gui.picture.view import PictureView
from app.gui.preferences import CheckPreferences
from app.gui.style.theme import (
    GAP_PX,
    GROUP_GAP_PX,
    PAGE_MARGIN_PX,
    Kind,
    set_kind,
    text_factor,
)
from app.gui.widgets.cards import flow, in_column, in_row, make_button, say, tip, words
from app.gui.widgets.share import SharedCheck, ShareMenu
from app.gui.widgets.status import ProgressSign
from app.text import check
from vision.result import Measured

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from PyQt6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QResizeEvent, QShowEvent

    from app.gui.background.history import HistoryService
    from app.gui.background.jobs import Jobs
    from app.gui.check.measurement import Photo, PhotoSource
    from app.gui.check.phone import PhoneIntake
    from app.gui.check.sitting import Visit
    from app.history.comparison import Change
    from app.phone.gathering import PhonePicture
    from vision.camera.capture import CameraSource
    from vision.pipeline import Segment
    from vision.result import BonyPoints

#: And by how much more where letters are twice as large.
_SIDE_PX, _SIDE_MORE_PX = 360, 150
#: The least height of a picture above the words, and of a result in letters twice as large.
_PICTURE_PX, _RESULT_MORE_PX = 340, 320
_WARM_MS = 300


class CheckState(StrEnum):
    """What the Check page is at."""

    EMPTY = "empty"
    CAMERA = "camera"
    MEASURING = "measuring"
    MEASURED = "measured"
    REFUSED = "refused"
    UNREADABLE = "unreadable"
    EDITING = "editing"
    SEVERAL = "several"


_AT_REST = {CheckState.EMPTY, CheckState.MEASURED, CheckState.REFUSED, CheckState.UNREADABLE}


class CheckPage(QWidget):
    """One photograph at a time, or a list of several; nothing here waits.

    Parameters
    ----------
    jobs
        For everything that takes a while.
    service
        Knows the people and keeps checks.
    preferences, remember
        Choices of last time, and what to call with the new ones whenever one changes.
    sample
        A picture to try, or None.
    camera
        What serves as camera instead of the webcams that are connected.
    warm_up
        Whether to load what measuring needs soon after the page is shown.
    """

    #: A sentence on what just happened.
    status = pyqtSignal(str)
    #: A new check's number in the history.
    saved = pyqtSignal(int)
    #: Where a step beside a result leads; see :class:`app.text.advice.Target`.
    step_wanted = pyqtSignal(str)

    def __init__(
        self,
        jobs: Jobs,
        service: HistoryService,
        preferences: CheckPreferences | None = None,
        remember: Callable[[CheckPreferences], None] = lambda _: None,
        sample: Path | None = None,
        camera: CameraSource | None = None,
        warm_up: bool = False,
    ) -> None:
        super().__init__()
        self._jobs, self._sample, self._warm_up = jobs, sample, warm_up
        self.preferences = preferences if preferences is not None else CheckPreferences()
        self._remember = remember
        self.state = CheckState.EMPTY
        self._name, self._is_sample, self._is_calibrating = "", False, False
        self.work = CheckWork(jobs, service, self)
        self.intake = PhotoIntake(self, self.preferences.folder)
        self._make_parts(service, camera)
        self.sitting = Sitting(jobs, service, self.work, self.several, self.save_bar)
        self.marking = Marking(self.picture, self.edit, self)
        chosen = self.preferences
        self.recent = RecentPhotos(jobs, chosen.recent, chosen.keeps_recent, self)
        for place in (self.start, self.tools):
            place.add_recent(self.recent.make_button())
        self._lay_out()
        self._connect()
        self._connect_several()
        self._add_shortcuts()
        self.setAcceptDrops(True)
        self._enter(CheckState.EMPTY)

    def open_photo(self, path: Path) -> None:
        """Open and measure a photograph."""
        self._open(Path(path), Path(path).name)
        self.recent.expect(Path(path))

    def open_photos(self, paths: Sequence[Path]) -> None:
        """Open one photograph, or several at once, or those in a folder."""
        is_one = len(paths) == 1 and not is_folder(paths[0])
        if not self._is_calibrating and not is_one:
            self._remember_result()
            self.sitting.open_several(paths)
            return
        self.open_photo(paths[0])
        if not is_one:
            self._notice(check.FIRST_OF_SEVERAL.format(count=len(paths)))

    def choose_photo(self) -> None:
        """Ask for a photograph."""
        self.intake.choose()

    def paste(self) -> None:
        """Measure what was copied."""
        self.intake.paste()

    def show_camera(self) -> None:
        """Take a photograph with the camera."""
        self.marking.end()
        self._enter(CheckState.CAMERA)

    @cached_property
    def phone(self) -> PhoneIntake:
        """What asks a phone for pictures; what serves one is loaded when that is first wanted."""
        from app.gui.check.phone import PhoneIntake

        intake = PhoneIntake(self)
        intake.came.connect(self._take_phone)
        return intake

    def try_sample(self) -> None:
        """Measure the picture that comes with the program."""
        if self._sample is not None:
            self._open(self._sample, self.tr("Sample"))
            self._is_sample = True
            self.work.is_own = False

    def begin_calibration(self) -> None:
        """Learn how the person's bones differ from their outline, from pictures to come."""
        self._is_calibrating = True
        self.calibration.begin()
        self._take_for_calibration()
        self._enter(self.state)

    def end_calibration(self) -> None:
        """Go back to measuring."""
        self._is_calibrating = False
        self._enter(self.state)

    def mark(self) -> None:
        """Let the person mark the bony points."""
        answer = self.work.markable
        if answer is None or not self.mark_button.isVisible():
            return
        if not self.marking.begin(answer):
            self._notice(" ".join(check.NO_PLACE_FOR_POINTS))
            return
        self._enter(CheckState.EDITING)

    def save(self) -> None:
        """Keep what is at hand, unless it has been kept."""
        if self.state is CheckState.MEASURED:
            self.save_bar.save()
        elif self.state is CheckState.SEVERAL:
            self.several.save()

    def step_back(self, steps: int = 1) -> bool:
        """Undo a step of marking, or redo one for -1; tell whether anybody is marking."""
        is_editing = self.state is CheckState.EDITING
        if is_editing:
            self.marking.step_back(steps)
        return is_editing

    def refresh_people(self) -> None:
        """Read the profiles anew from the service, and the calibration of the one in use."""
        self.save_bar.refresh_people()
        self.several.refresh_people()
        if self.state in (CheckState.MEASURED, CheckState.REFUSED):
            self.work.follow_calibration()

    def set_keep_pictures(self, keep: bool) -> None:
        """Follow a choice made elsewhere, such as among the settings."""
        self.save_bar.set_keep_picture(keep)
        self.several.set_keep_picture(keep)
        self.calibration.keeps_pictures = keep
        self.preferences = replace(self.preferences, keep_picture=keep)

    def keep_recent(self, keep: bool) -> None:
        """Remember the photographs that are opened from now on, or forget them all."""
        self.preferences = replace(self.preferences, keeps_recent=keep)
        self.recent.keep(keep)

    def forget_recent(self) -> None:
        """Forget which photographs were opened last."""
        self.recent.clear()

    def showEvent(self, event: QShowEvent | None) -> None:
        """Get ready to measure once the page has been painted."""
        super().showEvent(event)
        if self._warm_up:
            self._warm_up = False
            QTimer.singleShot(_WARM_MS, self.work.get_ready)

    def changeEvent(self, event: QEvent | None) -> None:
        """Give the words more room where letters are larger."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.StyleChange:
            self._fit_text()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Put the words below the picture where large letters leave no room beside it."""
        super().resizeEvent(event)
        self._fit_text()

    def _fit_text(self) -> None:
        # Nothing is there yet when the page gets its first style.
        if not hasattr(self, "_row"):
            return
        more, room = max(0.0, text_factor() - 1), self.parentWidget() or self
        side_px = round(_SIDE_PX + _SIDE_MORE_PX * more)
        needed_px = self._main.minimumSize().width() + side_px + GROUP_GAP_PX + 2 * PAGE_MARGIN_PX
        is_below = more > 0 and needed_px > room.width()
        way = QBoxLayout.Direction
        self._row.setDirection(way.TopToBottom if is_below else way.LeftToRight)
        self._side.setMinimumWidth(0 if is_below else side_px)
        self._side.setMaximumWidth(QWIDGETSIZE_MAX if is_below else side_px)
        self._left.setMinimumHeight(_PICTURE_PX if is_below else 0)
        self.result.setMinimumHeight(round(_RESULT_MORE_PX * more))

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """Let go of the camera; nothing runs on afterwards."""
        self._jobs.forget(KEY)
        self.camera.close_camera()
        if "phone" in self.__dict__:
            self.phone.close()
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        """Take whatever may be a photograph; what it is is told after it was dropped."""
        if event is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:
        """Measure what was dropped."""
        if event is not None:
            event.acceptProposedAction()
            self.intake.drop(event.mimeData())

    def _make_parts(self, service: HistoryService, camera: CameraSource | None) -> None:
        preferences = self.preferences
        self.progress = ProgressSign(self._jobs, KEY)
        self.notice = words("", Kind.WARNING)
        self.start = StartView(self._sample is not None)
        self.picture = PictureView()
        self.share = ShareMenu(self._jobs)
        self.tools = PictureTools(self.picture, preferences.hidden_layers)
        countdown = preferences.countdown_s, preferences.is_muted
        self.camera = CameraShot(self._jobs, *countdown, camera, service, preferences.shows_last)
        self.result = ResultPanel(preferences.shows_more)
        self.edit = EditPanel()
        self.mark_button = make_button(
            "", tip(self.tr("For a number from the bones under the skin"), "E"), act=self.mark
        )
        self.automatic_button = make_button(
            self.tr("Back to automatic"),
            self.tr("Show again what was measured without marks"),
            act=self._back_to_automatic,
        )
        self.turn_buttons = (
            make_button(self.tr("Turn the picture left"), act=lambda: self._turn(1)),
            make_button(self.tr("Turn the picture right"), act=lambda: self._turn(-1)),
        )
        self.calibrate_button = make_button(
            self.tr("Calibrate…"),
            self.tr("Show once where your bones are, and be measured more exactly from then on"),
            act=self.begin_calibration,
        )
        self.calibration = CalibrationPanel(service)
        self.calibration.keeps_pictures = preferences.keep_picture
        self.sample_hint = words(check.SAMPLE_HINT, Kind.MUTED)
        self.save_bar = SaveBar(service, preferences.keep_picture)
        self.several = SeveralView(service, preferences.keep_picture)
        self.people = PeopleChoice(self.picture)

    def _lay_out(self) -> None:
        self._left = QStackedWidget()
        for view in (self.start, self.picture, self.camera, self.several):
            self._left.addWidget(view)
        above = self.tools, self.progress, self.notice
        self._main = in_column(*above, (self._left, 1), gap_px=GAP_PX // 2)
        self._side = QWidget()
        # Not stacked, since a stack would ask for the room of its taller page at all times.
        stacked = (self.result, 1), (self.edit, 1), (self.calibration, 1)
        others = self.automatic_button, flow(self.calibrate_button, self.share)
        buttons = *self.turn_buttons, self.mark_button, *others
        below = self.people.again, *buttons, self.sample_hint, self.save_bar
        in_column(self.people, *stacked, *below, on=self._side)
        parts = (self._main, 1), self._side
        self._row = in_row(*parts, on=self, gap_px=GROUP_GAP_PX, margins_px=PAGE_MARGIN_PX)
        self._fit_text()
        set_kind(self, Kind.PAGE)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def _connect(self) -> None:
        self.start.open_wanted.connect(self.intake.choose)
        self.start.camera_wanted.connect(self.show_camera)
        self.start.phone_wanted.connect(lambda: self.phone.ask())
        self.start.sample_wanted.connect(self.try_sample)
        self.start.calibration_wanted.connect(self.begin_calibration)
        self.calibration.closed.connect(self.end_calibration)
        self.calibration.status.connect(self.status)
        self.tools.open_wanted.connect(self.intake.choose)
        self.tools.back_wanted.connect(self.go_back)
        self.tools.camera_wanted.connect(self.show_camera)
        self.tools.hidden_layers_changed.connect(lambda hidden: self._prefer(hidden_layers=hidden))
        self.intake.file_came.connect(self.open_photo)
        self.intake.image_came.connect(self._open)
        self.intake.remarked.connect(self._notice)
        self.intake.folder_changed.connect(lambda folder: self._prefer(folder=folder))
        name = self.tr("Camera picture")
        self.camera.kept.connect(lambda shot: self._open(shot.rgb, name, shot.taken_at))
        self.camera.cancelled.connect(self._leave_camera)
        self.camera.phone_wanted.connect(lambda: self.phone.ask())
        self.camera.countdown_changed.connect(
            lambda seconds, mute: self._prefer(countdown_s=seconds, is_muted=mute)
        )
        self.camera.shows_last_changed.connect(lambda shows: self._prefer(shows_last=shows))
        self.work.opened.connect(self._show_photo)
        self.work.answered.connect(self._show_answer)
        self.work.compared.connect(self._show_change)
        self.work.failed.connect(self._show_failure)
        self.work.marks_refused.connect(self.edit.show_problem)
        self.marking.finished.connect(self._measure_marked)
        self.marking.cancelled.connect(self._show_answer)
        self.result.step_wanted.connect(self.step_wanted)
        self.result.more_toggled.connect(lambda is_wanted: self._prefer(shows_more=is_wanted))
        self.save_bar.keep_picture_changed.connect(lambda keep: self._prefer(keep_picture=keep))
        self.save_bar.status.connect(self.status)
        self.share.status.connect(self.status)
        self.share.use_key(self)
        self.recent.chosen.connect(self.open_photo)
        self.recent.changed.connect(lambda recent: self._prefer(recent=recent))
        self.save_bar.saved.connect(self.saved)

    def _connect_several(self) -> None:
        self.people.chosen.connect(self.work.measure_person)
        self.people.again_wanted.connect(self.work.choose_again)
        for keeping in (self.save_bar, self.several):
            keeping.keep_picture_changed.connect(self.set_keep_pictures)
        self.several.keep_picture_changed.connect(lambda keep: self._prefer(keep_picture=keep))
        self.several.status.connect(self.status)
        self.several.step_wanted.connect(self.step_wanted)
        self.several.open_wanted.connect(self.intake.choose)
        self.several.back_wanted.connect(self.go_back)
        self.sitting.turned_to.connect(self._turn_to)
        self.sitting.waits.connect(self._wait)
        self.sitting.several_shown.connect(lambda: self._enter(CheckState.SEVERAL))
        self.sitting.emptied.connect(lambda: self._enter(CheckState.EMPTY))
        self.sitting.one_found.connect(self.open_photo)
        self.sitting.remarked.connect(self._notice)
        self.intake.several_came.connect(self.open_photos)

    def _add_shortcuts(self) -> None:
        # The window's, as long as the page is shown: wherever the focus went, they work.
        for keys, act in (
            (QKeySequence(QKeySequence.StandardKey.Open), self.intake.choose),
            (QKeySequence(QKeySequence.StandardKey.Paste), self.intake.paste),
            (QKeySequence(QKeySequence.StandardKey.Save), self.save),
            (QKeySequence("F"), self.picture.fit),
            (QKeySequence("Ctrl++"), self.picture.zoom_in),
            (QKeySequence("Ctrl+-"), self.picture.zoom_out),
            (QKeySequence("O"), self.tools.toggle_all),
            (QKeySequence("E"), self.mark),
            (QKeySequence(QKeySequence.StandardKey.Back), self.go_back),
        ):
            shortcut = QShortcut(keys, self)
            shortcut.activated.connect(act)

    def hand_over(self) -> list[Visit] | None:
        """Return what was looked at, for another page; None while something is under way."""
        self._remember_result()
        is_free = self.state in _AT_REST and not self._is_calibrating
        return self.sitting.hand_over() if is_free else None

    def take_over(self, visits: list[Visit]) -> None:
        """Go on with what another page handed over."""
        self.sitting.take_over(visits)

    def go_back(self) -> None:
        """Show the result of this sitting that came before the one at hand."""
        self._remember_result()
        self.sitting.go_back()

    def _remember_result(self) -> None:
        """Keep what is at hand to come back to; the sample comes back by itself."""
        self.sitting.keep("" if self._is_sample else self._name)

    def _turn_to(self, name: str) -> None:
        self.status.emit("")  # what was said of the last one goes with it
        self.marking.forget()
        self.recent.expect(None)
        self._name, self._is_sample = name, False

    def _open(self, source: PhotoSource, name: str, moment: datetime | None = None) -> None:
        self._remember_result()
        self.sitting.leave()
        self._turn_to(name)
        self.work.open(source, name, moment)
        self._wait()

    def _wait(self) -> None:
        self.result.show_waiting(self._name)
        self.picture.clear_picture()
        self._enter(CheckState.MEASURING)

    def _turn(self, quarters: int) -> None:
        """Measure the picture at hand anew, turned by quarters to the left."""
        photo = self.work.photo
        if photo is not None:
            self._open(np.rot90(photo.frame.rgb, quarters), self._name, photo.taken_at)

    def _take_phone(self, pictures: Sequence[PhonePicture]) -> None:
        first, count = pictures[0], len(pictures)
        if count > 1 and not self._is_calibrating:
            self._remember_result()
            self.sitting.open_series({picture.path: picture.taken_at for picture in pictures})
            return
        self._open(first.path, first.path.name, first.taken_at)
        if count > 1:
            self._notice(check.FIRST_OF_SEVERAL.format(count=count))

    def _leave_camera(self) -> None:
        if self.work.answer is not None:
            self._show_answer()
        else:
            self._enter(CheckState.EMPTY)

    def _back_to_automatic(self) -> None:
        self.marking.forget()
        self.work.back_to_automatic()

    def _measure_marked(
        self, points: BonyPoints | None, vertical: Segment | None, suggested: BonyPoints | None
    ) -> None:
        if points is None and vertical is None:
            self._back_to_automatic()
            self._notice(check.NOTHING_MARKED)
        else:
            self.work.measure_marked(points, vertical, suggested)

    def _show_photo(self, photo: Photo) -> None:
        self.recent.opened()
        frame = photo.frame
        self.picture.show_picture(frame.rgb, (frame.width_px, frame.height_px))

    def _show_answer(self) -> None:
        answer = self.work.answer
        if answer is None:
            return
        self.marking.end()
        self.picture.show_shapes(answer.shapes)
        if isinstance(answer.result, Measured):
            self.result.show_measured(answer.result, self._name)
            self._enter(CheckState.MEASURED)
        else:
            self.result.show_refused(answer.result, self._name)
            self._enter(CheckState.REFUSED)
        self._take_for_calibration()

    def _take_for_calibration(self) -> None:
        photo, answer = self.work.photo, self.work.answer
        wanted = self._is_calibrating and self.work.is_own
        if wanted and photo is not None and answer is not None:
            self.calibration.take(answer.result, photo, self.work.suggested)

    def _show_change(self, change: Change | None) -> None:
        answer = None if self._is_sample else self.work.answer
        result = None if answer is None else answer.result
        if isinstance(result, Measured) and self.state is CheckState.MEASURED:
            self.result.show_measured(result, self._name, change, is_compared=True)

    def _show_failure(self, message: str, fix: str) -> None:
        said = check.CANNOT_BE_READ.format(name=self._name, message=message, fix=fix)
        if self.sitting.come_back():
            # What was there stays; what is wrong is said above it.
            self._notice(said)
            return
        self.picture.clear_picture()
        self._enter(CheckState.UNREADABLE)
        self.start.show_problem(self._name, message, fix)

    def _enter(self, state: CheckState) -> None:
        self.state = state
        self._notice("")
        self.start.show_problem("", "", "")
        self.edit.show_problem("")
        left = {
            CheckState.EMPTY: self.start,
            CheckState.UNREADABLE: self.start,
            CheckState.CAMERA: self.camera,
            CheckState.SEVERAL: self.several,
        }.get(state, self.picture)
        self._left.setCurrentWidget(left)
        self.tools.setVisible(left is self.picture)
        is_calibrating, is_editing = self._is_calibrating, state is CheckState.EDITING
        self._side.setVisible(left is self.picture or is_calibrating)
        self.edit.setVisible(is_editing)
        self.result.setVisible(not is_editing and not is_calibrating)
        self.calibration.setVisible(is_calibrating and not is_editing)
        self.start.set_calibrating(is_calibrating)
        has_answer = state in (CheckState.MEASURED, CheckState.REFUSED)
        self.mark_button.setVisible(has_answer and self.work.markable is not None)
        self.mark_button.setText(
            self.tr("Mark something upright in the picture")
            if state is CheckState.REFUSED
            else self.tr("Mark the bony points yourself")
        )
        is_measured = state is CheckState.MEASURED
        self.people.offer(self.work.people if has_answer else (), is_measured)
        is_turned = state is CheckState.REFUSED and self.work.is_turned
        for button in self.turn_buttons:
            button.setVisible(is_turned)
        self.automatic_button.setVisible(has_answer and self.work.is_marked)
        is_own = not self._is_sample and not is_calibrating
        self.calibrate_button.setVisible(state is CheckState.MEASURED and is_own)
        self.sample_hint.setVisible(state is CheckState.MEASURED and self._is_sample)
        self.save_bar.offer(self._request())
        self.share.offer(self._to_share())
        self.tools.show_back(self.sitting.has_back)

    def _request(self) -> SaveRequest | None:
        """Return what there is to keep now; nothing comes of the sample.

        A calibration's pictures are kept with it.
        """
        photo, shared = self.work.photo, self._to_share()
        if self._is_calibrating or self._is_sample or photo is None or shared is None:
            return None
        size_px, rgb = shared.size_px, photo.frame.rgb
        suggested = self.work.suggested
        return SaveRequest(shared.result, photo.taken_at, size_px, suggested, rgb)

    def _to_share(self) -> SharedCheck | None:
        return self.work.to_share() if self.state is CheckState.MEASURED else None

    def _notice(self, text: str) -> None:
        say(self.notice, text)

    def _prefer(self, **changes: object) -> None:
        self.preferences = replace(self.preferences, **changes)  # type: ignore[arg-type]
        self._remember(self.preferences)
