"""Two checks beside each other, or one laid over the other, and whether they differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QTransform
from PyQt6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.gui.history.detail import show_picture_of
from app.gui.picture.stored import CheckPicture, read_picture
from app.gui.picture.view import PictureItem, PictureView
from app.gui.style.dates import date_and_time
from app.gui.style.theme import GAP_PX, PAGE_MARGIN_PX, Kind
from app.gui.widgets.cards import say, words
from app.history.comparison import Unlike, change_between, why_unlike
from app.text import history as history_words
from vision.format import tilt_text
from vision.overlay.landmarks import Alignment, align

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from app.gui.background.jobs import Jobs
    from app.history.records import Check, CheckRow
    from app.history.store import History

_KEY = "history compare"
_OVERLAY_PAGE = 1
_START_PERCENT = 50


def image_overlay(
    rgb: NDArray[np.uint8], size_px: tuple[int, int], alignment: Alignment
) -> PictureItem:
    """Return the second picture as an item in pixels of the first.

    Parameters
    ----------
    rgb
        Shape (height, width, 3), uint8, perhaps smaller than the full picture.
    size_px
        Width and height of the full picture, whose pixels ``alignment`` is about.
    alignment
        How it lies over the first.
    """
    item, a = PictureItem(rgb, size_px), alignment
    # Qt multiplies rows by matrices.
    item.setTransform(QTransform(a.m11, a.m21, a.m12, a.m22, a.dx_px, a.dy_px))
    return item


@dataclass(frozen=True, slots=True, eq=False)
class _Pair:
    """The earlier check first."""

    first: Check
    second: Check
    first_picture: CheckPicture
    second_picture: CheckPicture
    alignment: Alignment | None


class CompareView(QWidget):
    """Shows two checks, the earlier one on the left or below."""

    closed = pyqtSignal()
    failed = pyqtSignal(Exception)

    def __init__(
        self, jobs: Jobs, open_history: Callable[[], History], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._jobs, self._open = jobs, open_history
        self._overlay: PictureItem | None = None
        self.setAccessibleName(self.tr("Compare two checks"))
        self.verdict, self.notes = words(kind=Kind.HEADING), words(kind=Kind.MUTED)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._make_sides())
        self._pages.addWidget(self._make_overlay())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PAGE_MARGIN_PX, 0, PAGE_MARGIN_PX, 0)
        layout.setSpacing(GAP_PX)
        layout.addLayout(self._make_top())
        layout.addWidget(self.verdict)
        layout.addWidget(self.notes)
        layout.addWidget(self._pages, 1)

    def show_checks(self, first_id: int, second_id: int) -> None:
        """Read two checks and show them, in whichever order they were taken."""

        def work() -> _Pair:
            history = self._open()
            checks = [history.check(first_id), history.check(second_id)]
            first, second = sorted(checks, key=lambda check: check.row.taken_at)
            pictures = read_picture(first), read_picture(second)
            return _Pair(first, second, *pictures, align(first.result, second.result))

        self._jobs.start(_KEY, work, self._show, self.failed.emit)

    def _make_top(self) -> QHBoxLayout:
        back = QPushButton(self.tr("Back to all checks"))
        back.setToolTip(self.tr("Back to all checks (Escape)"))
        back.clicked.connect(self.closed)
        self.beside = QPushButton(self.tr("Side by side"))
        self.over = QPushButton(self.tr("Laid over each other"))
        top = QHBoxLayout()
        top.addWidget(back)
        top.addStretch(1)
        which = QButtonGroup(self)
        for number, button in enumerate((self.beside, self.over)):
            button.setCheckable(True)
            which.addButton(button, number)
            top.addWidget(button)
        self.beside.setChecked(True)
        which.idClicked.connect(self._turn_to)
        return top

    def _make_sides(self) -> QWidget:
        page = QWidget()
        layout = QHBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        self.first, self.second = _Side(self.tr("Earlier")), _Side(self.tr("Later"))
        layout.addWidget(self.first, 1)
        layout.addWidget(self.second, 1)
        return page

    def _make_overlay(self) -> QWidget:
        page = QWidget()
        self.overlay_view = PictureView()
        self.overlay_view.setAccessibleName(self.tr("The later picture laid over the earlier one"))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 100)
        self.slider.setValue(_START_PERCENT)
        self.slider.setAccessibleName(self.tr("How much of the later picture shows, in percent"))
        self.slider.setToolTip(self.slider.accessibleName())
        self.slider.valueChanged.connect(self._fade)
        self._slider_row = QWidget()
        fade = QHBoxLayout(self._slider_row)
        fade.addWidget(QLabel(self.tr("Earlier")))
        fade.addWidget(self.slider, 1)
        fade.addWidget(QLabel(self.tr("Later")))
        self.no_overlay = QLabel(history_words.NO_OVERLAY)
        self.no_overlay.setWordWrap(True)
        self.no_overlay.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.overlay_view, 1)
        layout.addWidget(self._slider_row)
        layout.addWidget(self.no_overlay, 1)
        return page

    def _turn_to(self, page: int) -> None:
        self._pages.setCurrentIndex(page)
        if page == _OVERLAY_PAGE:
            self.overlay_view.fit()

    def _show(self, pair: _Pair) -> None:
        first, second = pair.first.row, pair.second.row
        say(self.verdict, _verdict(first, second))
        notes = [*history_words.conditions_differ(first.conditions, second.conditions)]
        if why_unlike(first, second) is None:
            notes.append(history_words.rests_on(first.tilt.method))
        say(self.notes, " ".join(notes))
        self.first.show_check(pair.first, pair.first_picture)
        self.second.show_check(pair.second, pair.second_picture)
        self._show_overlay(pair)

    def _show_overlay(self, pair: _Pair) -> None:
        scene = self.overlay_view.scene()
        assert scene is not None
        if self._overlay is not None:
            scene.removeItem(self._overlay)
        self._overlay = None
        self.overlay_view.clear_picture()
        below, above = pair.first_picture.rgb, pair.second_picture.rgb
        can = below is not None and above is not None and pair.alignment is not None
        self.overlay_view.setVisible(can)
        self._slider_row.setVisible(can)
        self.no_overlay.setVisible(not can)
        if below is None or above is None or pair.alignment is None:
            return
        self.overlay_view.show_picture(below, pair.first.size_px)
        self._overlay = image_overlay(above, pair.second.size_px, pair.alignment)
        scene.addItem(self._overlay)
        self._fade(self.slider.value())
        self.overlay_view.fit()

    def _fade(self, percent: int) -> None:
        if self._overlay is not None:
            self._overlay.setOpacity(percent / 100)


class _Side(QWidget):
    """One of the two, with what it says."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.words, self.missing = words(), words(kind=Kind.MUTED)
        self.missing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture = PictureView()
        self.picture.setAccessibleName(self.tr("{which} picture").format(which=name))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.words)
        layout.addWidget(self.picture, 1)
        layout.addWidget(self.missing, 1)

    def show_check(self, check: Check, picture: CheckPicture) -> None:
        """Show a check with its picture, or why there is none."""
        when = date_and_time(self.locale(), check.row.taken_at)
        repeats = history_words.repeats_briefly(check.row.repeat_count)
        told = (when, tilt_text(check.result.tilt), repeats)
        say(self.words, f"{self._name}: {', '.join(part for part in told if part)}")
        show_picture_of(check, picture, self.picture, self.missing)


def _verdict(first: CheckRow, second: CheckRow) -> str:
    """Say the difference, or why there is none to give."""
    unlike, change = why_unlike(first, second), change_between(first, second)
    if change is not None:
        return history_words.as_sentence(history_words.describe_change(first.tilt.method, change))
    if unlike is Unlike.GARMENTS:
        return history_words.BELT_CLOTHES_DIFFER
    return history_words.methods_differ(first.tilt.method, second.tilt.method)
