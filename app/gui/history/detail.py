"""One check in full, and two of them beside each other or one laid over the other."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import QDate, Qt, pyqtSignal
from PyQt6.QtGui import QImage, QTransform
from PyQt6.QtWidgets import (
    QButtonGroup,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSlider,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.gui.picture.view import PictureItem, PictureView, image_of
from app.gui.style.dates import date_and_time, on_day
from app.gui.style.theme import GAP_PX, PAGE_MARGIN_PX, Kind, set_kind, text_factor
from app.gui.widgets.cards import (
    Scroll,
    in_column,
    in_row,
    make_button,
    make_choice,
    make_day,
    named,
    say,
    words,
)
from app.gui.widgets.disclosure import Disclosure
from app.gui.widgets.share import SharedCheck, ShareMenu
from app.history.comparison import Unlike, change_between, why_unlike
from app.history.records import Arms
from app.text import history, measurement
from app.text import history as history_words
from app.text.advice import advise
from app.text.change.stance import stances_differ
from app.text.measurement import describe_posture, headline, measured_how, warnings
from vision.overlay.build import build_overlay
from vision.overlay.landmarks import Alignment, align
from vision.result import tilt_text

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray
    from PyQt6.QtGui import QShowEvent

    from app.gui.background.jobs import Jobs
    from app.history.records import Check, CheckRow, Conditions
    from app.history.store import History
    from vision.overlay.shapes import Shape

_KEY = "history detail"
_PICTURE_PX, _LEAST_PX = 220, 280
_KEY_COMPARED = "history compare"
_OVERLAY_PAGE = 1
_START_PERCENT = 50


@dataclass(frozen=True, slots=True, eq=False)
class CheckPicture:
    """A check's picture, or why there is none.

    Attributes
    ----------
    rgb
        Shape (height, width, 3), uint8, perhaps smaller than the full picture; or None.
    missing
        One plain sentence where ``rgb`` is None, else empty.
    image
        The picture as it is painted; null for none.
    shapes
        What is drawn over it.
    """

    rgb: NDArray[np.uint8] | None
    missing: str = ""
    image: QImage = field(default_factory=QImage)
    shapes: tuple[Shape, ...] = ()


def read_picture(check: Check) -> CheckPicture:
    """Read the picture that was kept with a check; to be called from a thread."""
    import numpy as np
    from PIL import Image

    if check.picture is None:
        return CheckPicture(None, history.PICTURE_NOT_KEPT)
    try:
        with Image.open(check.picture.picture) as image:
            rgb = np.asarray(image.convert("RGB"))
        return CheckPicture(rgb, "", image_of(rgb), tuple(build_overlay(check.result)))
    except (OSError, SyntaxError):  # Pillow calls a broken file a syntax error
        return CheckPicture(None, history.PICTURE_GONE)


def show_picture_of(
    check: Check, picture: CheckPicture, view: PictureView, missing: QLabel
) -> None:
    """Show a check's picture with what was measured, or say why there is none."""
    say(missing, picture.missing)
    view.setVisible(picture.rgb is not None)
    if picture.rgb is None:
        view.clear_picture()
        return
    view.show_picture(picture.image, check.size_px)
    view.show_shapes(picture.shapes)
    view.fit()


class CheckDetail(QFrame):
    """Shows one check beside the table.

    Parameters
    ----------
    jobs, open_history
        The check and its picture are read with these.
    """

    closed = pyqtSignal()
    failed = pyqtSignal(Exception)
    #: A sentence on what just happened.
    status = pyqtSignal(str)
    #: The check as it was, and its conditions as somebody just wrote them.
    edited = pyqtSignal(object, object)
    #: The check as it was, and when somebody just said that it was taken.
    dated = pyqtSignal(object, object)
    #: The check that is now shown.
    shown = pyqtSignal(int)

    def __init__(self, jobs: Jobs, open_history: Callable[[], History]) -> None:
        super().__init__()
        self._jobs, self._open = jobs, open_history
        self._check: Check | None = None
        set_kind(self, Kind.CARD)
        self.setAccessibleName(self.tr("The check in full"))
        self.picture = PictureView()
        self.picture.setAccessibleName(self.tr("The picture with what was measured"))
        self.picture.setMinimumHeight(_PICTURE_PX)
        layout = QVBoxLayout(self)
        layout.setSpacing(GAP_PX)
        layout.addLayout(self._make_title())
        layout.addWidget(self.picture, 3)
        layout.addWidget(self._make_numbers(), 2)

    @property
    def check_id(self) -> int | None:
        """The check that is shown, or None."""
        return None if self._check is None else self._check.row.id

    def show_check(self, check_id: int) -> None:
        """Read a check and show it; what was shown before stays until then."""

        def work() -> tuple[Check, CheckPicture]:
            check = self._open().check(check_id)
            return check, read_picture(check)

        self._jobs.start(_KEY, work, lambda found: self._show(*found), self.failed.emit)

    def clear(self) -> None:
        """Show nothing, and drop what is being read."""
        self._jobs.forget(_KEY)
        self._check = None
        self.share.offer(None)
        self.picture.clear_picture()

    def put_conditions(self, check_id: int, conditions: Conditions) -> None:
        """Show what was written about the check, without reading it again."""
        if self._check is not None and check_id == self.check_id:
            row = replace(self._check.row, conditions=conditions)
            self._check = replace(self._check, row=row)
            self._show_conditions(conditions)

    def showEvent(self, event: QShowEvent | None) -> None:
        """Fit the picture into the room there is now."""
        super().showEvent(event)
        self.setMinimumWidth(round(_LEAST_PX * max(1.0, text_factor())))
        self.picture.fit()

    def _make_title(self) -> QHBoxLayout:
        self.title = words(kind=Kind.MUTED)
        name, what = self.tr("Close the check"), self.tr("Close the check (Escape)")
        close = named(QToolButton(), name, what)
        close.setText(self.tr("Close"))
        set_kind(close, Kind.QUIET)
        close.clicked.connect(self.closed)
        self.share = ShareMenu(self._jobs)
        self.share.use_key(self)
        self.share.status.connect(self.status)
        return in_row((self.title, 1), self.share, close)

    def _make_numbers(self) -> QScrollArea:
        """Return everything below the picture, which scrolls where there is little room."""
        self.headline, self.repeats = words(kind=Kind.HEADING), words()
        self.missing, self.method = words(kind=Kind.MUTED), words(kind=Kind.MUTED)
        self.warnings, self.advice, self.body = words(kind=Kind.WARNING), words(), words()
        scrolled = QWidget()
        first = (self.headline, self.repeats, self.missing, self.method, self._make_conditions())
        self.more = Disclosure(self.tr("More about this result"), is_open=False)
        self.more.add(self.advice, self.body)
        others = self.warnings, self.more
        in_column(*first, *others, 1, on=scrolled, margins_px=(0, 0, GAP_PX, 0))
        area = Scroll(scrolled, is_clear=True)
        area.setAccessibleName(self.tr("Numbers and conditions of the check"))
        return area

    def _make_conditions(self) -> QWidget:
        """Return the fields for clothes, arms and note, written when they are left."""
        self.garment, self.note = QLineEdit(), QLineEdit()
        self.taken = make_day(self.tr("Taken"), self.tr("The day of the picture; correct it here"))
        places = ((history.arms_name(arms), arms) for arms in Arms)
        self.arms = make_choice("", items=[(self.tr("not said"), None), *places])
        form = QWidget()
        layout = QFormLayout(form)
        layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        layout.setContentsMargins(0, 0, 0, 0)
        for name, widget in (
            (self.tr("Taken"), self.taken),
            (self.tr("Clothes"), self.garment),
            (self.tr("Arms"), self.arms),
            (self.tr("Note"), self.note),
        ):
            widget.setAccessibleName(name)
            layout.addRow(name, widget)
        self.garment.editingFinished.connect(self._edit)
        self.note.editingFinished.connect(self._edit)
        self.arms.activated.connect(lambda _: self._edit())
        self.taken.editingFinished.connect(self._date)
        return form

    def _date(self) -> None:
        if self._check is None:
            return
        before = self._check.row.taken_at
        after = on_day(before, self.taken.date().toPyDate())
        if after != before:
            self.dated.emit(self._check.row, after)

    def _edit(self) -> None:
        if self._check is None:
            return
        arms = self.arms.currentData()
        before = self._check.row.conditions
        conditions = replace(
            before,
            garment=_written(self.garment, before.garment),
            arms=None if arms is None else Arms(arms),
            note=_written(self.note, before.note),
        )
        if conditions != before:
            self.edited.emit(self._check.row, conditions)

    def _show(self, check: Check, picture: CheckPicture) -> None:
        self._check, result = check, check.result
        say(self.title, date_and_time(self.locale(), check.row.taken_at))
        day = check.row.taken_at.astimezone()
        self.taken.setDate(QDate(day.year, day.month, day.day))
        say(self.headline, headline(result.tilt))
        say(self.method, measured_how(result.tilt.method, result.calibrated_at))
        show_picture_of(check, picture, self.picture, self.missing)
        shared = SharedCheck(result, check.row.taken_at, picture.rgb, check.size_px)
        self.share.offer(shared)
        repeats = history.describe_repeats(check.repeats, check.row.repeat_spread_deg)
        say(self.repeats, "\n".join(repeats))
        self._show_conditions(check.row.conditions)
        reasons = (f"{reason.message} {reason.fix}" for reason in warnings(result))
        say(self.warnings, "\n".join(reasons))
        posture = map(": ".join, describe_posture(result.posture).items())
        advice = advise(result)
        say(self.body, "\n".join((measurement.BODY_HEADING, *posture, *advice.posture)))
        say(self.advice, " ".join((*advice.is_, *advice.is_not)))
        self.shown.emit(check.row.id)

    def _show_conditions(self, conditions: Conditions) -> None:
        self.garment.setText(conditions.garment)
        self.note.setText(conditions.note)
        self.arms.setCurrentIndex(
            0 if conditions.arms is None else 1 + list(Arms).index(conditions.arms)
        )


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

    def __init__(self, jobs: Jobs, open_history: Callable[[], History]) -> None:
        super().__init__()
        self._jobs, self._open = jobs, open_history
        self._overlay: PictureItem | None = None
        self.setAccessibleName(self.tr("Compare two checks"))
        self.verdict, self.notes = words(kind=Kind.HEADING), words(kind=Kind.MUTED)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._make_sides())
        self._pages.addWidget(self._make_overlay())
        parts = self._make_top(), self.verdict, self.notes, (self._pages, 1)
        in_column(*parts, on=self, margins_px=(PAGE_MARGIN_PX, 0, PAGE_MARGIN_PX, 0))

    def show_checks(self, first_id: int, second_id: int) -> None:
        """Read two checks and show them, in whichever order they were taken."""

        def work() -> _Pair:
            history = self._open()
            checks = [history.check(first_id), history.check(second_id)]
            first, second = sorted(checks, key=lambda check: check.row.taken_at)
            pictures = read_picture(first), read_picture(second)
            return _Pair(first, second, *pictures, align(first.result, second.result))

        self._jobs.start(_KEY_COMPARED, work, self._show, self.failed.emit)

    def _make_top(self) -> QHBoxLayout:
        back = make_button(
            self.tr("Back to all checks"), self.tr("Back to all checks (Escape)"), act=self.closed
        )
        self.beside = QPushButton(self.tr("Side by side"))
        self.over = QPushButton(self.tr("Laid over each other"))
        which = QButtonGroup(self)
        for number, button in enumerate((self.beside, self.over)):
            button.setCheckable(True)
            which.addButton(button, number)
        self.beside.setChecked(True)
        which.idClicked.connect(self._turn_to)
        return in_row(back, 1, self.beside, self.over)

    def _make_sides(self) -> QWidget:
        page = QWidget()
        self.first, self.second = _Side(self.tr("Earlier")), _Side(self.tr("Later"))
        in_row((self.first, 1), (self.second, 1), on=page)
        return page

    def _make_overlay(self) -> QWidget:
        page = QWidget()
        self.overlay_view = PictureView()
        self.overlay_view.setAccessibleName(self.tr("The later picture laid over the earlier one"))
        said = self.tr("How much of the later picture shows, in percent")
        self.slider = named(QSlider(Qt.Orientation.Horizontal), said)
        self.slider.setRange(0, 100)
        self.slider.setValue(_START_PERCENT)
        self.slider.valueChanged.connect(self._fade)
        self._slider_row = QWidget()
        ends = QLabel(self.tr("Earlier")), QLabel(self.tr("Later"))
        in_row(ends[0], (self.slider, 1), ends[1], on=self._slider_row, margins_px=GAP_PX)
        self.no_overlay = words(history_words.NO_OVERLAY, can_copy=False)
        self.no_overlay.setAlignment(Qt.AlignmentFlag.AlignCenter)
        in_column((self.overlay_view, 1), self._slider_row, (self.no_overlay, 1), on=page)
        return page

    def _turn_to(self, page: int) -> None:
        self._pages.setCurrentIndex(page)
        if page == _OVERLAY_PAGE:
            self.overlay_view.fit()

    def _show(self, pair: _Pair) -> None:
        first, second = pair.first.row, pair.second.row
        say(self.verdict, _verdict(first, second))
        notes = [*history_words.conditions_differ(first.conditions, second.conditions)]
        notes.append(stances_differ(pair.first, pair.second))
        if why_unlike(first, second) is None:
            notes.append(history_words.changes_rest_on(first.tilt.method))
        say(self.notes, " ".join(filter(None, notes)))
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
        in_column(self.words, (self.picture, 1), (self.missing, 1), on=self)

    def show_check(self, check: Check, picture: CheckPicture) -> None:
        """Show a check with its picture, or why there is none."""
        when = date_and_time(self.locale(), check.row.taken_at)
        repeats = history_words.repeats_briefly(check.row.repeat_count)
        told = (when, tilt_text(check.result.tilt), repeats)
        say(self.words, f"{self._name}: {', '.join(part for part in told if part)}")
        show_picture_of(check, picture, self.picture, self.missing)


def _written(field: QLineEdit, before: str) -> str:
    """Return what somebody wrote; a text of several lines that nobody touched stays so."""
    return field.text().strip() if field.isModified() else before


def _verdict(first: CheckRow, second: CheckRow) -> str:
    """Say the difference, or why there is none to give."""
    unlike, change = why_unlike(first, second), change_between(first, second)
    if change is not None:
        return history_words.as_sentence(history_words.describe_change(first.tilt.method, change))
    if unlike is Unlike.GARMENTS:
        return history_words.BELT_CLOTHES_DIFFER
    if unlike is Unlike.CALIBRATIONS:
        return history_words.CALIBRATIONS_DIFFER
    return history_words.methods_differ(first.tilt.method, second.tilt.method)
