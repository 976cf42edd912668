"""What a live check gave, in letters that can be read from where it was taken."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal

from app.gui.style.theme import Kind
from app.gui.widgets.cards__live_card import BODY, HUGE, LARGE, LiveCard, make_button
from app.gui.widgets.tilt_dial import TiltDial
from app.history.from_measurement__live_saving import tilt_of
from app.text import check, live
from app.text.advice import Target, advise
from app.text.live__live_result_words import describe_check

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget

    from vision.live.events import FinishedCheck
    from vision.result import TiltEstimate

#: The steps that are worth a sentence in large letters.
_SHOWN = frozenset({Target.CHECK, Target.EXERCISES})


class LiveResult(LiveCard):
    """A number or a refusal, and what can be done with it."""

    #: Where a step leads; see :class:`app.text.advice.Target`.
    step_wanted = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Result of the live check"))
        self.question = self.add_words(LARGE, is_bold=True)
        self.caption = self.add_words(BODY, kind=Kind.MUTED)
        self.value = self.add_words(HUGE, is_bold=True)
        self.likely = self.add_words(LARGE)
        self.dial = TiltDial()
        self.column.addWidget(self.dial)
        self.lines = self.add_words(BODY)
        self.change = self.add_words(BODY)
        self.meaning = self.add_words(BODY, kind=Kind.MUTED)
        self.next = self.add_words(BODY)
        self.steps = make_button(check.STEP_LINKS[Target.EXERCISES])
        self.steps.clicked.connect(lambda: self.step_wanted.emit(Target.EXERCISES.value))
        self.column.addWidget(self.steps, alignment=Qt.AlignmentFlag.AlignLeft)
        self.outcome = self.add_words(BODY, is_bold=True, at_foot=True)
        self.column.addStretch(1)
        self.again = make_button(
            self.tr("Check again"), self.tr("Switch the camera on once more"), is_main=True
        )
        self.delete = make_button(self.tr("Delete"), self.tr("Remove this check from the history"))
        self.keep = make_button(
            self.tr("Keep these"), self.tr("Save what was measured so far"), is_main=True
        )
        self.discard = make_button(self.tr("Discard"), self.tr("Save nothing"))
        self.add_buttons(self.keep, self.discard, self.again, self.delete)

    def show_check(self, finished: FinishedCheck, question: str = "") -> None:
        """Show a check; with a question, whether to keep it is up to the person."""
        said = describe_check(finished)
        tilt = tilt_of(finished)
        self.question.say(question)
        self.caption.say(said.caption)
        self.value.say(said.value)
        self.value.setAccessibleName(f"{said.caption} {said.value} {said.likely}".strip())
        self.likely.say(said.likely)
        self.lines.say("\n".join(said.lines))
        self.change.say("")
        self._show_advice(finished, tilt)
        self.dial.setVisible(tilt is not None)
        if tilt is not None:
            self.dial.show_tilt(tilt)
        is_open = bool(question)
        can_keep = is_open and tilt is not None
        self.keep.setVisible(can_keep)
        self.discard.setVisible(can_keep)
        self.again.setVisible(not can_keep)
        self.delete.hide()
        self.outcome.say("")
        (self.keep if can_keep else self.again).setFocus()

    def _show_advice(self, finished: FinishedCheck, tilt: TiltEstimate | None) -> None:
        self.steps.setVisible(tilt is not None)
        if tilt is None:
            self.meaning.say("")
            self.next.say("")
            return
        advice = advise(replace(finished.best.result, tilt=tilt))
        self.meaning.say(" ".join((*advice.is_, *advice.is_not, *advice.posture)))
        steps = [step.text for step in advice.steps if step.target in _SHOWN]
        self.next.say(" ".join(steps))

    def show_saving(self) -> None:
        """Say that it is being kept."""
        self.question.say("")
        self.keep.hide()
        self.discard.hide()
        self.again.show()
        self.outcome.say(live.SAVING)
        self.again.setFocus()

    def show_kept(self, change: str) -> None:
        """Say that it is in the history, and how it differs from the one before."""
        self.outcome.say(live.SAVED)
        self.change.say(change)
        self.delete.show()

    def show_gone(self, sentence: str) -> None:
        """Say that it is not kept, or no longer."""
        self.question.say("")
        self.outcome.say(sentence)
        self.change.say("")
        for button in (self.keep, self.discard, self.delete):
            button.hide()
        self.again.show()
        self.again.setFocus()

    def show_problem(self, sentence: str) -> None:
        """Say that keeping it failed; it can be tried again."""
        self.outcome.say(sentence)
        self.keep.show()
