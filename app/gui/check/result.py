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

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Result"))

    def show_waiting(self, name: str) -> None:
        """Say that a photograph is being measured."""
        self._begin()
        self._say(name, Kind.MUTED)
        self._say(self.tr("Measuring …"), Kind.HEADING)
        self._end()

    def show_measured(self, result: Measured, name: str, change: Change | None = None) -> None:
        """Show the number and everything that belongs to it.

        Parameters
        ----------
        change
            Against the last check like this one, or None.
        """
        self._begin()
        number = check.number_words(result.tilt)
        self._say(f"{name}\n{number.caption}", Kind.MUTED)
        value = self._say(number.value, Kind.NUMBER)
        value.setAccessibleName(str(number))
        self._say(number.likely, Kind.HEADING)
        dial = TiltDial()
        dial.show_tilt(result.tilt)
        self._column.addWidget(dial)
        self._warn(measurement.warnings(result))
        self._say(check.vertical_sentence(result.capture))
        for sentence in check.other_sentences(result):
            self._say(sentence)
        if result.tilt.method is not Method.BELT:
            self._say(check.belt_sentence(result))
        self._column.addSpacing(GAP_PX)
        advice = advise(result, change)
        self._say(self.tr("What this number is"), Kind.HEADING)
        self._say(" ".join(advice.is_))
        self._say(self.tr("What it is not"), Kind.HEADING)
        self._say(" ".join(advice.is_not))
        for sentence in advice.posture:
            self._say(sentence)
        self._column.addSpacing(GAP_PX)
        self._say(self.tr("What to do next"), Kind.HEADING)
        for step in advice.steps:
            self._add_step(step)
        self._column.addSpacing(GAP_PX)
        self._add_posture(result.posture)
        self._end()

    def show_refused(self, result: Rejected, name: str) -> None:
        """Show what is wrong with the photograph and how to take it again; no number."""
        self._begin()
        self._say(name, Kind.MUTED)
        self._say(measurement.REFUSED_HEADLINE, Kind.HEADING)
        for reason in measurement.refusals(result):
            self._say(reason.message, Kind.REFUSAL)
            self._say(reason.fix)
        self._warn(measurement.warnings(result))
        self._end()

    def text(self) -> str:
        """Return all that is said, line by line."""
        content = self.widget()
        labels = [] if content is None else content.findChildren(QLabel)
        return "\n".join(label.text() for label in labels)

    def _add_posture(self, posture: Posture) -> None:
        self._say(measurement.BODY_HEADING, Kind.HEADING)
        grid = QGridLayout()
        grid.setHorizontalSpacing(GROUP_GAP_PX)
        grid.setVerticalSpacing(GAP_PX // 2)
        grid.setColumnStretch(1, 1)
        for row, (part, text) in enumerate(describe_posture(posture).items()):
            grid.addWidget(_label(part, Kind.MUTED), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(_label(text, Kind.BODY), row, 1)
        self._column.addLayout(grid)

    def _add_step(self, step: NextStep) -> None:
        self._say(step.text)
        link = "" if step.target is None else check.STEP_LINKS.get(step.target, "")
        if step.target is None or not link:
            return
        button = QPushButton(link)
        target = step.target.value
        button.clicked.connect(lambda: self.step_wanted.emit(target))
        self._column.addWidget(button, alignment=Qt.AlignmentFlag.AlignLeft)

    def _begin(self) -> None:
        content = QWidget()
        content.setProperty("kind", Kind.PAGE.value)
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, GAP_PX, 0)
        self._column.setSpacing(GAP_PX)
        self._next = content

    def _end(self) -> None:
        self._column.addStretch(1)
        self.setWidget(self._next)
        bar = self.verticalScrollBar()
        if bar is not None:
            bar.setValue(0)

    def _say(self, text: str, kind: Kind = Kind.BODY) -> QLabel:
        """Add a sentence; an empty one takes no room."""
        label = _label(text, kind)
        if text:
            self._column.addWidget(label)
        return label

    def _warn(self, reasons: Iterable[Reason]) -> None:
        """Add what qualifies a number, each with what to do."""
        for reason in reasons:
            self._say(f"{reason.message} {reason.fix}", Kind.WARNING)


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
