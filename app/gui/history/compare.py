"""Two checks beside each other, or one laid over the other, and whether they differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QImage, QPixmap, QTransform
from PyQt6.QtWidgets import (
    QButtonGroup,
    QGraphicsPixmapItem,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.gui.picture.stored import CheckPicture, read_picture
from app.gui.picture.view import PictureView
from app.gui.style.dates import date_and_time
from app.gui.style.theme import GAP_PX, PAGE_MARGIN_PX, Kind, set_kind
from app.history.comparison import Unlike, change_between, why_unlike
from app.text import history as history_words
from vision.format import tilt_text
from vision.overlay.alignment import Alignment, align
from vision.overlay.build import build_overlay

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from app.gui.background.jobs import Jobs
    from app.history.records import Check, CheckRow
    from app.history.store import History


def ghost_item(
    rgb: NDArray[np.uint8], size_px: tuple[int, int], alignment: Alignment
) -> QGraphicsPixmapItem:
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
    height, width = rgb.shape[:2]
    image = QImage(rgb.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    item = QGraphicsPixmapItem(QPixmap.fromImage(image))
    item.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
    full = QTransform.fromScale(size_px[0] / width, size_px[1] / height)
    item.setTransform(full * _transform(alignment))
    return item


def _transform(a: Alignment) -> QTransform:
    """Return it for Qt, which multiplies rows by matrices."""
    return QTransform(a.m11, a.m21, a.m12, a.m22, a.dx_px, a.dy_px)


_KEY = "history compare"
_SIDE, _GHOST = 0, 1
_GHOST_START_PERCENT = 50


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
        self._ghost: QGraphicsPixmapItem | None = None
        self.setAccessibleName(self.tr("Compare two checks"))
        self._build()

    def show_checks(self, first_id: int, second_id: int) -> None:
        """Read two checks and show them, in whichever order they were taken."""

        def work() -> _Pair:
            history = self._open()
            checks = [history.check(first_id), history.check(second_id)]
            first, second = sorted(checks, key=lambda check: check.row.taken_at)
            pictures = read_picture(first), read_picture(second)
            return _Pair(first, second, *pictures, align(first.result, second.result))

        self._jobs.start(_KEY, work, self._show, self.failed.emit)

    def _build(self) -> None:
        back = QPushButton(self.tr("Back to all checks"))
        back.setToolTip(self.tr("Back to all checks (Escape)"))
        back.clicked.connect(self.closed)
        self.beside = QPushButton(self.tr("Side by side"))
        self.over = QPushButton(self.tr("Laid over each other"))
        self._which = QButtonGroup(self)
        for number, button in enumerate((self.beside, self.over)):
            button.setCheckable(True)
            self._which.addButton(button, number)
        self.beside.setChecked(True)
        self._which.idClicked.connect(self._turn_to)
        top = QHBoxLayout()
        top.addWidget(back)
        top.addStretch(1)
        top.addWidget(self.beside)
        top.addWidget(self.over)
        self.verdict, self.notes = QLabel(), QLabel()
        for label, kind in ((self.verdict, Kind.HEADING), (self.notes, Kind.MUTED)):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            set_kind(label, kind)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._side_page())
        self._pages.addWidget(self._ghost_page())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PAGE_MARGIN_PX, 0, PAGE_MARGIN_PX, 0)
        layout.setSpacing(GAP_PX)
        layout.addLayout(top)
        layout.addWidget(self.verdict)
        layout.addWidget(self.notes)
        layout.addWidget(self._pages, 1)

    def _side_page(self) -> QWidget:
        page = QWidget()
        layout = QHBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        self.first, self.second = _Side(self.tr("Earlier")), _Side(self.tr("Later"))
        layout.addWidget(self.first, 1)
        layout.addWidget(self.second, 1)
        return page

    def _ghost_page(self) -> QWidget:
        page = QWidget()
        self.ghost_view = PictureView()
        self.ghost_view.setAccessibleName(self.tr("The later picture laid over the earlier one"))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 100)
        self.slider.setValue(_GHOST_START_PERCENT)
        self.slider.setAccessibleName(self.tr("How much of the later picture shows, in percent"))
        self.slider.setToolTip(self.slider.accessibleName())
        self.slider.valueChanged.connect(self._fade)
        fade = QHBoxLayout()
        fade.addWidget(QLabel(self.tr("Earlier")))
        fade.addWidget(self.slider, 1)
        fade.addWidget(QLabel(self.tr("Later")))
        self._slider_row = QWidget()
        self._slider_row.setLayout(fade)
        self.no_ghost = QLabel(self.tr(history_words.NO_OVERLAY))
        self.no_ghost.setWordWrap(True)
        self.no_ghost.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.ghost_view, 1)
        layout.addWidget(self._slider_row)
        layout.addWidget(self.no_ghost, 1)
        return page

    def _turn_to(self, page: int) -> None:
        self._pages.setCurrentIndex(page)
        if page == _GHOST:
            self.ghost_view.fit()

    def _show(self, pair: _Pair) -> None:
        first, second = pair.first.row, pair.second.row
        self.verdict.setText(self.tr(_verdict(first, second)))
        notes = [*history_words.conditions_differ(first.conditions, second.conditions)]
        if why_unlike(first, second) is None:
            notes.append(history_words.rests_on(first.tilt.method))
        self.notes.setText(" ".join(notes))
        self.notes.setVisible(bool(notes))
        self.first.show_check(pair.first, pair.first_picture)
        self.second.show_check(pair.second, pair.second_picture)
        self._show_ghost(pair)

    def _show_ghost(self, pair: _Pair) -> None:
        scene = self.ghost_view.scene()
        if self._ghost is not None and scene is not None:
            scene.removeItem(self._ghost)
        self._ghost = None
        self.ghost_view.clear_picture()
        below, above = pair.first_picture.rgb, pair.second_picture.rgb
        can = below is not None and above is not None and pair.alignment is not None
        self.ghost_view.setVisible(can)
        self._slider_row.setVisible(can)
        self.no_ghost.setVisible(not can)
        if below is None or above is None or pair.alignment is None:
            return
        self.ghost_view.show_picture(below, pair.first.size_px)
        self._ghost = ghost_item(above, pair.second.size_px, pair.alignment)
        if scene is not None:
            scene.addItem(self._ghost)
        self._fade(self.slider.value())
        self.ghost_view.fit()

    def _fade(self, percent: int) -> None:
        if self._ghost is not None:
            self._ghost.setOpacity(percent / 100)


class _Side(QWidget):
    """One of the two, with what it says."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.words, self.missing = QLabel(), QLabel()
        self.picture = PictureView()
        self.picture.setAccessibleName(self.tr("{which} picture").format(which=name))
        for label, kind in ((self.words, Kind.BODY), (self.missing, Kind.MUTED)):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            set_kind(label, kind)
        self.missing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.words)
        layout.addWidget(self.picture, 1)
        layout.addWidget(self.missing, 1)

    def show_check(self, check: Check, picture: CheckPicture) -> None:
        """Show a check with its picture, or why there is none."""
        when = date_and_time(self.locale(), check.row.taken_at)
        repeats = self.tr(history_words.repeats_briefly(check.row.repeat_count))
        said = (when, tilt_text(check.result.tilt), repeats)
        self.words.setText(f"{self._name}: {', '.join(part for part in said if part)}")
        self.missing.setText(picture.missing)
        self.missing.setVisible(picture.rgb is None)
        self.picture.setVisible(picture.rgb is not None)
        if picture.rgb is None:
            self.picture.clear_picture()
            return
        self.picture.show_picture(picture.rgb, check.size_px)
        self.picture.show_shapes(build_overlay(check.result))
        self.picture.fit()


def _verdict(first: CheckRow, second: CheckRow) -> str:
    """Say the difference, or why there is none to give."""
    unlike, change = why_unlike(first, second), change_between(first, second)
    if change is not None:
        return history_words.as_sentence(history_words.describe_change(first.tilt.method, change))
    if unlike is Unlike.GARMENTS:
        return history_words.BELT_CLOTHES_DIFFER
    return history_words.methods_differ(first.tilt.method, second.tilt.method)
