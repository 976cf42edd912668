"""One check in full: its picture with what was measured, numbers, conditions, warnings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.gui.picture.view import PictureView
from app.gui.style.dates import date_and_time
from app.gui.style.theme import GAP_PX, Kind, set_kind
from app.gui.widgets.cards import Scroll, in_column, in_row, make_choice, named, say, words
from app.history.records import Arms
from app.text import history, measurement
from app.text.advice import advise
from app.text.measurement import describe_posture, headline, warnings
from vision.overlay.build import build_overlay

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray
    from PyQt6.QtGui import QShowEvent

    from app.gui.background.jobs import Jobs
    from app.history.records import Check, Conditions
    from app.history.store import History

_KEY = "history detail"
_PICTURE_PX = 220


def show_picture_of(
    check: Check, picture: CheckPicture, view: PictureView, missing: QLabel
) -> None:
    """Show a check's picture with what was measured, or say why there is none."""
    say(missing, picture.missing)
    view.setVisible(picture.rgb is not None)
    if picture.rgb is None:
        view.clear_picture()
        return
    view.show_picture(picture.rgb, check.size_px)
    view.show_shapes(build_overlay(check.result))
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
    #: The check as it was, and its conditions as somebody just wrote them.
    edited = pyqtSignal(object, object)
    #: The check that is now shown.
    shown = pyqtSignal(int)

    def __init__(
        self, jobs: Jobs, open_history: Callable[[], History], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._jobs, self._open = jobs, open_history
        self._check: Check | None = None
        set_kind(self, Kind.CARD)
        self.setAccessibleName(self.tr("The check in full"))
        self.setMinimumWidth(280)
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
        self.picture.fit()

    def _make_title(self) -> QHBoxLayout:
        self.title = words(kind=Kind.MUTED)
        name, what = self.tr("Close the check"), self.tr("Close the check (Escape)")
        close = named(QToolButton(), name, what)
        close.setText(self.tr("Close"))
        set_kind(close, Kind.QUIET)
        close.clicked.connect(self.closed)
        return in_row((self.title, 1), close)

    def _make_numbers(self) -> QScrollArea:
        """Return everything below the picture, which scrolls where there is little room."""
        self.headline, self.repeats = words(kind=Kind.HEADING), words()
        self.missing, self.method = words(kind=Kind.MUTED), words(kind=Kind.MUTED)
        self.warnings, self.advice, self.body = words(kind=Kind.WARNING), words(), words()
        scrolled = QWidget()
        first = (self.headline, self.repeats, self.missing, self.method, self._make_conditions())
        others = self.warnings, self.advice, self.body
        in_column(*first, *others, 1, on=scrolled, margins_px=(0, 0, GAP_PX, 0))
        area = Scroll(scrolled, is_clear=True)
        area.setAccessibleName(self.tr("Numbers and conditions of the check"))
        return area

    def _make_conditions(self) -> QWidget:
        """Return the fields for clothes, arms and note, written when they are left."""
        self.garment, self.note = QLineEdit(), QLineEdit()
        places = ((history.arms_name(arms), arms) for arms in Arms)
        self.arms = make_choice("", items=[(self.tr("not said"), None), *places])
        form = QWidget()
        layout = QFormLayout(form)
        layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        layout.setContentsMargins(0, 0, 0, 0)
        for name, field in (
            (self.tr("Clothes"), self.garment),
            (self.tr("Arms"), self.arms),
            (self.tr("Note"), self.note),
        ):
            field.setAccessibleName(name)
            layout.addRow(name, field)
        self.garment.editingFinished.connect(self._edit)
        self.note.editingFinished.connect(self._edit)
        self.arms.activated.connect(lambda _: self._edit())
        return form

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
        say(self.headline, headline(result.tilt))
        say(self.method, history.rests_on(result.tilt.method))
        show_picture_of(check, picture, self.picture, self.missing)
        repeats = history.describe_repeats(check.repeats, check.row.repeat_spread_deg)
        say(self.repeats, "\n".join(repeats))
        self._show_conditions(check.row.conditions)
        reasons = (f"{reason.message} {reason.fix}" for reason in warnings(result))
        say(self.warnings, "\n".join(reasons))
        posture = (f"{line.part}: {line.text}" for line in describe_posture(result.posture))
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


@dataclass(frozen=True, slots=True, eq=False)
class CheckPicture:
    """A check's picture, or why there is none.

    Attributes
    ----------
    rgb
        Shape (height, width, 3), uint8, perhaps smaller than the full picture; or None.
    missing
        One plain sentence where ``rgb`` is None, else empty.
    """

    rgb: NDArray[np.uint8] | None
    missing: str = ""


def read_picture(check: Check) -> CheckPicture:
    """Read the picture that was kept with a check; to be called from a thread."""
    import numpy as np
    from PIL import Image

    if check.picture is None:
        return CheckPicture(None, history.PICTURE_NOT_KEPT)
    try:
        with Image.open(check.picture.picture) as image:
            return CheckPicture(np.asarray(image.convert("RGB")))
    except (OSError, SyntaxError):  # Pillow calls a broken file a syntax error
        return CheckPicture(None, history.PICTURE_GONE)


def _written(field: QLineEdit, before: str) -> str:
    """Return what somebody wrote; a text of several lines that nobody touched stays so."""
    return field.text().strip() if field.isModified() else before
