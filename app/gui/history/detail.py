"""One check in full: its picture with what was measured, numbers, conditions, warnings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QComboBox,
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

from app.gui.picture.stored import CheckPicture, read_picture
from app.gui.picture.view import PictureView
from app.gui.style.dates import date_and_time
from app.gui.style.theme import GAP_PX, Kind, set_kind
from app.history.records import Arms
from app.text import history, measurement
from app.text.advice import advise
from app.text.measurement import describe_posture, headline, warnings
from vision.overlay.build import build_overlay

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.gui.background.jobs import Jobs
    from app.history.records import Check, Conditions
    from app.history.store import History

_KEY = "history detail"
_PICTURE_PX = 220


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    check: Check
    picture: CheckPicture


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
        self._build()

    @property
    def check_id(self) -> int | None:
        """The check that is shown, or None."""
        return None if self._check is None else self._check.row.id

    def show_check(self, check_id: int) -> None:
        """Read a check and show it; what was shown before stays until then."""

        def work() -> _Found:
            check = self._open().check(check_id)
            return _Found(check, read_picture(check))

        self._jobs.start(_KEY, work, self._show, self.failed.emit)

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

    def _build(self) -> None:
        self.title, self.headline, self.method = QLabel(), QLabel(), QLabel()
        self.missing, self.body, self.warnings = QLabel(), QLabel(), QLabel()
        self.repeats, self.advice = QLabel(), QLabel()
        for label, kind in (
            (self.title, Kind.MUTED),
            (self.headline, Kind.HEADING),
            (self.repeats, Kind.BODY),
            (self.method, Kind.MUTED),
            (self.missing, Kind.MUTED),
            (self.body, Kind.BODY),
            (self.advice, Kind.BODY),
            (self.warnings, Kind.WARNING),
        ):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            set_kind(label, kind)
        self.picture = PictureView()
        self.picture.setAccessibleName(self.tr("The picture with what was measured"))
        self.picture.setMinimumHeight(_PICTURE_PX)
        close = QToolButton()
        close.setText(self.tr("Close"))
        close.setAccessibleName(self.tr("Close the check"))
        close.setToolTip(self.tr("Close the check (Escape)"))
        set_kind(close, Kind.QUIET)
        close.clicked.connect(self.closed)
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(close)
        scrolled = QWidget()
        inner = QVBoxLayout(scrolled)
        inner.setContentsMargins(0, 0, GAP_PX, 0)
        inner.setSpacing(GAP_PX)
        first = (self.headline, self.repeats, self.missing, self.method, self._conditions())
        for widget in first:
            inner.addWidget(widget)
        inner.addWidget(self.warnings)
        inner.addWidget(self.advice)
        inner.addWidget(self.body)
        inner.addStretch(1)
        area = QScrollArea()
        area.setAccessibleName(self.tr("Numbers and conditions of the check"))
        area.setWidget(scrolled)
        area.setWidgetResizable(True)
        for part in (area.viewport(), scrolled):
            if part is not None:  # the card shows through
                part.setAutoFillBackground(False)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self)
        layout.setSpacing(GAP_PX)
        layout.addLayout(top)
        layout.addWidget(self.picture, 3)
        layout.addWidget(area, 2)

    def _conditions(self) -> QWidget:
        """Return the fields for clothes, arms and note, written when they are left."""
        self.garment, self.arms, self.note = QLineEdit(), QComboBox(), QLineEdit()
        self.arms.addItem(self.tr("not said"), None)
        for arms in Arms:
            self.arms.addItem(self.tr(history.arms_name(arms)), arms)
        self.arms.setMinimumContentsLength(8)
        self.arms.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        form = QWidget()
        layout = QFormLayout(form)
        layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        layout.setContentsMargins(0, 0, 0, 0)
        for words_, field in (
            (self.tr("Clothes"), self.garment),
            (self.tr("Arms"), self.arms),
            (self.tr("Note"), self.note),
        ):
            field.setAccessibleName(words_)
            layout.addRow(words_, field)
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

    def _show(self, found: _Found) -> None:
        check, result = found.check, found.check.result
        self._check = check
        self.title.setText(date_and_time(self.locale(), check.row.taken_at))
        self.headline.setText(headline(result.tilt))
        self.method.setText(history.rests_on(result.tilt.method))
        self._show_picture(found)
        self._show_repeats(check)
        self._show_conditions(check.row.conditions)
        said = [f"{reason.message} {reason.fix}" for reason in warnings(result)]
        self.warnings.setText("\n".join(said))
        self.warnings.setVisible(bool(said))
        lines = [measurement.BODY_HEADING]
        lines += [f"{line.part}: {line.text}" for line in describe_posture(result.posture)]
        advice = advise(result)
        lines += advice.posture
        self.body.setText("\n".join(lines))
        self.advice.setText(" ".join((*advice.is_, *advice.is_not)))
        self.shown.emit(check.row.id)

    def _show_repeats(self, check: Check) -> None:
        said = history.describe_repeats(check.repeats, check.row.repeat_spread_deg)
        self.repeats.setText("\n".join(said))
        self.repeats.setVisible(bool(said))

    def _show_picture(self, found: _Found) -> None:
        picture = found.picture
        self.missing.setText(picture.missing)
        self.missing.setVisible(picture.rgb is None)
        self.picture.setVisible(picture.rgb is not None)
        if picture.rgb is None:
            self.picture.clear_picture()
            return
        self.picture.show_picture(picture.rgb, found.check.size_px)
        self.picture.show_shapes(build_overlay(found.check.result))
        self.picture.fit()

    def _show_conditions(self, conditions: Conditions) -> None:
        self.garment.setText(conditions.garment)
        self.note.setText(conditions.note)
        self.arms.setCurrentIndex(
            0 if conditions.arms is None else 1 + list(Arms).index(conditions.arms)
        )


def _written(field: QLineEdit, before: str) -> str:
    """Return what somebody wrote; a text of several lines that nobody touched stays so."""
    return field.text().strip() if field.isModified() else before
