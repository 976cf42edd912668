"""Where the parts of the Check page are, and which of them show."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.gui.check.camera import CameraShot
from app.gui.check.measurement import KEY
from app.gui.check.result import ResultPanel
from app.gui.check.save_bar import SaveBar
from app.gui.check.start import StartView
from app.gui.check.start__check_tools import CheckTools, tip
from app.gui.picture.mark_panel import EditPanel
from app.gui.picture.view__picture_view import PictureView
from app.gui.style.theme import GAP_PX, GROUP_GAP_PX, PAGE_MARGIN_PX, Kind, set_kind
from app.gui.widgets.status__progress_sign import ProgressSign
from app.text import check

if TYPE_CHECKING:
    from app.gui.background.history__views_keeper import Keeper
    from app.gui.background.jobs import Jobs
    from app.gui.preferences__check_preferences import CheckPreferences
    from vision.camera.capture import CameraSource

_SIDE_PX = 360


class CheckState(StrEnum):
    """What the Check page is at."""

    EMPTY = "empty"
    CAMERA = "camera"
    MEASURING = "measuring"
    MEASURED = "measured"
    REFUSED = "refused"
    UNREADABLE = "unreadable"
    EDITING = "editing"


class CheckLayout:
    """The parts of the page, laid out on it.

    Parameters
    ----------
    page
        What they are laid out on.
    jobs, keeper, preferences, has_sample, camera
        Handed on to the parts; see :class:`app.gui.check.page.CheckPage`.
    """

    def __init__(
        self,
        page: QWidget,
        jobs: Jobs,
        keeper: Keeper,
        preferences: CheckPreferences,
        has_sample: bool,
        camera: CameraSource | None,
    ) -> None:
        self.tools = CheckTools(preferences.hidden_layers)
        self.progress = ProgressSign(jobs, KEY)
        self.notice = _wrapped(Kind.WARNING)
        self.start = StartView(has_sample)
        self.picture = PictureView()
        canvas = self.picture.viewport()
        if canvas is not None:
            canvas.setAcceptDrops(False)  # the page takes whatever is dropped
        self.tools.zoom_in_wanted.connect(self.picture.zoom_in)
        self.tools.zoom_out_wanted.connect(self.picture.zoom_out)
        self.tools.fit_wanted.connect(self.picture.fit)
        self.camera = CameraShot(jobs, preferences.countdown_s, preferences.is_muted, camera)
        self.result = ResultPanel()
        self.edit = EditPanel()
        self.save = SaveBar(keeper, preferences.keep_picture)
        self._mark_points = page.tr("Mark the bony points yourself")
        self._mark_upright = page.tr("Mark something upright in the picture")
        self.mark_button = QPushButton(self._mark_points)
        self.mark_button.setToolTip(tip(page.tr("For a number from the bones under the skin"), "E"))
        self.automatic_button = QPushButton(page.tr("Back to automatic"))
        self.automatic_button.setToolTip(page.tr("Show again what was measured without marks"))
        self.sample_hint = _wrapped(Kind.MUTED)
        self.sample_hint.setText(check.SAMPLE_HINT)
        self._lay_out(page)

    def show_state(
        self, state: CheckState, *, can_mark: bool, is_marked: bool, is_sample: bool
    ) -> None:
        """Show the parts that belong to a state."""
        left = {
            CheckState.EMPTY: self.start,
            CheckState.UNREADABLE: self.start,
            CheckState.CAMERA: self.camera,
        }.get(state, self.picture)
        self._left.setCurrentWidget(left)
        has_picture = left is self.picture
        self.tools.setVisible(has_picture)
        self._side.setVisible(has_picture)
        is_editing = state is CheckState.EDITING
        self.edit.setVisible(is_editing)
        self.result.setVisible(not is_editing)
        has_answer = state in (CheckState.MEASURED, CheckState.REFUSED)
        self.mark_button.setVisible(has_answer and can_mark)
        refused = state is CheckState.REFUSED
        self.mark_button.setText(self._mark_upright if refused else self._mark_points)
        self.automatic_button.setVisible(has_answer and is_marked)
        self.sample_hint.setVisible(state is CheckState.MEASURED and is_sample)

    def _lay_out(self, page: QWidget) -> None:
        self._left = QStackedWidget()
        for view in (self.start, self.picture, self.camera):
            self._left.addWidget(view)
        main = QVBoxLayout()
        main.setSpacing(GAP_PX // 2)
        main.addWidget(self.tools)
        main.addWidget(self.progress)
        main.addWidget(self.notice)
        main.addWidget(self._left, 1)
        self._side = QWidget()
        self._side.setFixedWidth(_SIDE_PX)
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(GAP_PX)
        # Not stacked, since a stack would ask for the room of its taller page at all times.
        side.addWidget(self.result, 1)
        side.addWidget(self.edit, 1)
        for part in (self.mark_button, self.automatic_button, self.sample_hint, self.save):
            side.addWidget(part)
        row = QHBoxLayout(page)
        row.setContentsMargins(*(PAGE_MARGIN_PX,) * 4)
        row.setSpacing(GROUP_GAP_PX)
        row.addLayout(main, 1)
        row.addWidget(self._side)
        set_kind(page, Kind.PAGE)
        page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)


def _wrapped(kind: Kind) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    set_kind(label, kind)
    label.hide()
    return label
