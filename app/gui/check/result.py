"""Everything that is said about one photograph, beside its picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.gui.style.theme import GAP_PX, GROUP_GAP_PX, Kind
from app.gui.widgets.tilt_dial import TiltDial
from app.text import check, measurement
from app.text.advice import advise
from app.text.measurement import describe_posture
from vision.result import Method

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.history.comparison import Change
    from app.text.advice import NextStep
    from vision.result import Measured, Posture, Reason, Rejected


class ResultPanel(QScrollArea):
    """A measurement, or a refusal without any number; scrolls where it is too small."""

    #: Where a step leads: a value of :class:`app.text.advice.Target`.
    step_wanted = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Result"))
        self.clear()

    def clear(self) -> None:
        """Say nothing."""
        self._show(_Column())

    def show_waiting(self, name: str) -> None:
        """Say that a photograph is being measured."""
        column = _Column()
        column.say(name, Kind.MUTED)
        column.say(self.tr("Measuring …"), Kind.HEADING)
        self._show(column)

    def show_measured(self, result: Measured, name: str, change: Change | None = None) -> None:
        """Show the number and everything that belongs to it.

        Parameters
        ----------
        change
            Against the last check like this one, or None.
        """
        column = _Column()
        number = check.number_words(result.tilt)
        column.say(f"{name}\n{number.caption}", Kind.MUTED)
        value = column.say(number.value, Kind.NUMBER)
        value.setAccessibleName(str(number))
        column.say(number.likely, Kind.HEADING)
        dial = TiltDial()
        dial.show_tilt(result.tilt)
        column.add(dial)
        column.warn(measurement.warnings(result))
        column.say(check.vertical_sentence(result.capture), Kind.BODY)
        for sentence in check.other_sentences(result):
            column.say(sentence, Kind.BODY)
        if result.tilt.method is not Method.BELT:
            column.say(check.belt_sentence(result), Kind.BODY)
        column.gap()
        advice = advise(result, change)
        column.say(self.tr("What this number is"), Kind.HEADING)
        column.say(" ".join(advice.is_), Kind.BODY)
        column.say(self.tr("What it is not"), Kind.HEADING)
        column.say(" ".join(advice.is_not), Kind.BODY)
        for sentence in advice.posture:
            column.say(sentence, Kind.BODY)
        column.gap()
        column.say(self.tr("What to do next"), Kind.HEADING)
        for step in advice.steps:
            self._add_step(column, step)
        column.gap()
        self._add_posture(column, result.posture)
        self._show(column)

    def show_refused(self, result: Rejected, name: str) -> None:
        """Show what is wrong with the photograph and how to take it again; no number."""
        column = _Column()
        column.say(name, Kind.MUTED)
        column.say(measurement.REFUSED_HEADLINE, Kind.HEADING)
        for reason in measurement.refusals(result):
            column.say(reason.message, Kind.REFUSAL)
            column.say(reason.fix, Kind.BODY)
        column.warn(measurement.warnings(result))
        self._show(column)

    def text(self) -> str:
        """Return all that is said, line by line."""
        content = self.widget()
        labels = [] if content is None else content.findChildren(QLabel)
        return "\n".join(label.text() for label in labels)

    def _add_posture(self, column: _Column, posture: Posture) -> None:
        column.say(measurement.BODY_HEADING, Kind.HEADING)
        grid = QGridLayout()
        grid.setHorizontalSpacing(GROUP_GAP_PX)
        grid.setVerticalSpacing(GAP_PX // 2)
        grid.setColumnStretch(1, 1)
        for row, line in enumerate(describe_posture(posture)):
            grid.addWidget(_label(line.part, Kind.MUTED), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(_label(line.text, Kind.BODY), row, 1)
        column.box.addLayout(grid)

    def _add_step(self, column: _Column, step: NextStep) -> None:
        column.say(step.text, Kind.BODY)
        link = "" if step.target is None else check.STEP_LINKS.get(step.target, "")
        if step.target is None or not link:
            return
        button = QPushButton(link)
        target = step.target.value
        button.clicked.connect(lambda: self.step_wanted.emit(target))
        column.box.addWidget(button, alignment=Qt.AlignmentFlag.AlignLeft)

    def _show(self, column: _Column) -> None:
        column.box.addStretch(1)
        self.setWidget(column)
        bar = self.verticalScrollBar()
        if bar is not None:
            bar.setValue(0)


class _Column(QWidget):
    """Sentences one below the other."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", Kind.PAGE.value)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, GAP_PX, 0)
        self.box.setSpacing(GAP_PX)

    def say(self, text: str, kind: Kind) -> QLabel:
        """Add a sentence; an empty one takes no room."""
        label = _label(text, kind)
        if text:
            self.box.addWidget(label)
        return label

    def warn(self, reasons: Iterable[Reason]) -> None:
        """Add what qualifies a number, each with what to do."""
        for reason in reasons:
            self.say(f"{reason.message} {reason.fix}", Kind.WARNING)

    def add(self, widget: QWidget) -> None:
        """Add something that is not a sentence."""
        self.box.addWidget(widget)

    def gap(self) -> None:
        """Set what follows apart."""
        self.box.addSpacing(GAP_PX)


def _label(text: str, kind: Kind) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    # Reading goes by the panel's own scrolling; twenty stops of the Tab key would be too many.
    label.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    # Not set_kind(), which styles a widget anew: this one gets its style when it is shown.
    label.setProperty("kind", kind.value)
    return label
