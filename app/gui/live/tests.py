"""What stands after a test in front of the camera: what it gave, and those before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal

from app.gui.style.dates import date_only
from app.gui.style.theme import GAP_PX, Kind
from app.gui.widgets.answers import AnswerGrid
from app.gui.widgets.cards import BODY, LARGE, LiveCard, make_button
from app.gui.widgets.range_scale import RangeScale
from app.history.records import Ability
from app.text import live, range_test, squeeze
from vision.range_of_motion import RefusedRange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.history.ranges import RangeTaken
    from app.history.records import Squeeze
    from vision.live.events import SqueezeResult
    from vision.range_of_motion import RangeResult

_ANSWER_STYLE = "font-size: 14pt; min-width: 72px; min-height: 34px;"
_QUESTION_STYLE = "font-size: 12pt;"
_EARLIER = 3


class LiveTest(LiveCard):
    """What became of a test, and what can be done with it; what it gave is said above.

    Parameters
    ----------
    name
        For those who do not see the card.
    """

    keep_wanted = pyqtSignal()
    delete_wanted = pyqtSignal()
    again_wanted = pyqtSignal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.again = make_button(
            self.tr("Test again"), self.tr("Switch the camera on once more"), is_main=True
        )
        self.delete = make_button(self.tr("Delete"), self.tr("Remove this test from the history"))
        self.retry = make_button(self.tr("Save"), self.tr("Try to save this test again"))
        self.again.clicked.connect(self.again_wanted)
        self.delete.clicked.connect(self.delete_wanted)
        self.retry.clicked.connect(self.keep_wanted)

    def add_end(self) -> None:
        """Put earlier tests, what became of this one, and the buttons below what is there."""
        self.earlier = self.add_words(BODY, kind=Kind.MUTED)
        self.outcome = self.add_words(BODY, is_bold=True, at_foot=True)
        self.column.addStretch(1)
        self.add_buttons(self.again, self.retry, self.delete)

    def begin(self) -> None:
        """Say that a test that has just ended is being kept."""
        self.earlier.say("")
        self.outcome.say(live.SAVING)
        self.delete.hide()
        self.retry.hide()

    def show_kept(self, change: str) -> None:
        """Say that it is in the history; how it differs from earlier ones is listed."""
        del change
        self.outcome.say(live.SAVED)
        self.delete.show()
        self.retry.hide()

    def show_gone(self, sentence: str) -> None:
        """Say that it is no longer in the history."""
        self.outcome.say(sentence)
        self.delete.hide()
        self.again.setFocus()

    def show_problem(self, sentence: str) -> None:
        """Say that keeping it failed; it can be tried again."""
        self.outcome.say(sentence)
        self.retry.show()

    def list_earlier(self, title: str, lines: Sequence[str]) -> None:
        """List the newest of these tests, which come oldest first."""
        newest = [*reversed(lines[-_EARLIER:])]
        self.earlier.say("\n".join([title, *newest] if newest else []))


class LiveSqueeze(LiveTest):
    """The turn with its interval, three questions, and the tests before."""

    #: The :class:`SqueezeAnswers` so far.
    answered = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__(squeeze.RESULT_TITLE)
        self.turned = self.add_words(LARGE, is_bold=True)
        self.noise = self.add_words(BODY)
        self.rounds = self.add_words(BODY, kind=Kind.MUTED)
        self.about = self.add_words(BODY, kind=Kind.MUTED)
        self.about.say(squeeze.SELF_CHECK)
        self._grid = AnswerGrid(_QUESTION_STYLE, _ANSWER_STYLE, GAP_PX // 2)
        self._grid.answered.connect(lambda: self.answered.emit(self._grid.answers))
        self.buttons = self._grid.buttons
        self.column.addWidget(self._grid)
        self.add_end()

    def show_result(self, result: SqueezeResult) -> None:
        """Show a test that has just ended; no question is answered yet."""
        self.turned.say(squeeze.describe_turn(result))
        self.noise.say(squeeze.describe_noise(result))
        self.rounds.say(squeeze.describe_rounds(result))
        self.begin()
        self._grid.begin()
        self._grid.setEnabled(True)
        self.buttons["both", Ability.YES].setFocus()

    def show_gone(self, sentence: str) -> None:
        """Say that it is no longer in the history."""
        self._grid.setEnabled(False)
        super().show_gone(sentence)

    def show_earlier(self, squeezes: Sequence[Squeeze]) -> None:
        """List the newest of these tests, which come oldest first."""
        lines = [
            f"{date_only(self.locale(), test.taken_at)}: "
            f"{squeeze.turn_text(test.result)}, {squeeze.noise_briefly(test.result)}"
            for test in squeezes
        ]
        self.list_earlier(live.EARLIER_TESTS, lines)


class LiveRange(LiveTest):
    """Range and place with their intervals, what they mean, and the tests before."""

    def __init__(self) -> None:
        super().__init__(range_test.RESULT_TITLE)
        self.turned = self.add_words(LARGE, is_bold=True)
        self.place = self.add_words(LARGE)
        self.scale = RangeScale()
        self.column.addWidget(self.scale)
        self.positions = self.add_words(BODY)
        self.meaning = self.add_words(BODY, kind=Kind.MUTED)
        self.add_end()

    def show_result(self, result: RangeResult | RefusedRange) -> None:
        """Show a test that has just ended, or why it gave nothing; then nothing is kept."""
        self.begin()
        self.again.setFocus()
        self.scale.setVisible(not isinstance(result, RefusedRange))
        if isinstance(result, RefusedRange):
            self.turned.say(range_test.NO_RESULT)
            self.place.say(range_test.describe_refusal(result))
            for label in (self.positions, self.meaning):
                label.say("")
            self.outcome.say(live.NOT_SAVED)
            return
        self.turned.say(range_test.describe_range(result))
        self.place.say(range_test.describe_place(result))
        self.scale.show_place(result.place_percent)
        rounds = range_test.describe_rounds(result)
        self.positions.say(f"{range_test.describe_positions(result)} {rounds}".strip())
        self.meaning.say(f"{range_test.MEANING} {range_test.NOT_MEANING}")

    def show_earlier(self, tests: Sequence[RangeTaken]) -> None:
        """List the newest of these tests, which come oldest first."""
        locale = self.locale()
        lines = [
            f"{date_only(locale, test.taken_at)}: {range_test.brief(test.result)}" for test in tests
        ]
        self.list_earlier(range_test.EARLIER, lines)
