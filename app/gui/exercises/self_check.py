"""The self-check: three questions about the glutes, and what was answered before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QPainter, QPen
from PyQt6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.exercises import text
from app.gui.style.dates import date_only
from app.gui.style.theme import GROUP_GAP_PX, Kind, colours
from app.gui.widgets.answers import AnswerGrid
from app.gui.widgets.cards import Card, Column, button_row, make_button, say, say_list, words
from app.history.diary import EntryKind, SelfCheck
from app.history.records import Ability, SqueezeAnswers
from app.text import squeeze
from app.text.language import texts

if TYPE_CHECKING:
    from datetime import datetime

    from PyQt6.QtGui import QHelpEvent, QPaintEvent

    from app.exercises.today import DiaryNews

_ROWS = (squeeze.BOTH, squeeze.LEFT, squeeze.RIGHT)
_NOTHING = SqueezeAnswers()
#: Earlier answers that stand in words below the dots.
_LINES = 6


@dataclass(frozen=True, slots=True)
class Answered:
    """Answers of one time.

    Attributes
    ----------
    at
        When.
    answers
        At least one of the three was given.
    with_camera
        Whether they belong to a squeeze test with the camera.
    """

    at: datetime
    answers: SqueezeAnswers
    with_camera: bool = False


def answered(news: DiaryNews) -> tuple[Answered, ...]:
    """Return all answers, by themselves or with the camera, oldest first."""
    found = [
        Answered(entry.at, entry.content.answers)
        for entry in news.of(EntryKind.SELF_CHECK)
        if isinstance(entry.content, SelfCheck)
    ]
    found += [Answered(test.taken_at, test.answers, True) for test in news.squeezes]
    given = (one for one in found if one.answers != _NOTHING)
    return tuple(sorted(given, key=lambda one: one.at))


class AnswerDots(QWidget):
    """Three rows of dots, the newest on the right; as many as there is room for."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Answered, ...] = ()
        self.setAccessibleName(text.EARLIER)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_answers(self, shown: tuple[Answered, ...]) -> None:
        """Show these, oldest first."""
        self._shown = shown
        self.setAccessibleDescription(" ".join(f"{self.line(one)}." for one in shown[-self.room :]))
        self.update()

    def line(self, one: Answered) -> str:
        """Return the same in words."""
        when = date_only(self.locale(), one.at)
        form = text.ANSWERED_WITH_CAMERA if one.with_camera else text.ANSWERED
        return form.format(when=when, answers=text.answers_line(one.answers))

    @property
    def room(self) -> int:
        """How many columns there is room for."""
        return max(1, int((self.width() - self._names_px) // self._step_px))

    def sizeHint(self) -> QSize:
        """Return room for three rows and the dates below."""
        return QSize(20 * self._step_px, 4 * self._step_px)

    def event(self, event: QEvent | None) -> bool:
        """Say in words what is pointed at."""
        if event is not None and event.type() is QEvent.Type.ToolTip:
            self._tell(event)  # type: ignore[arg-type]
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint names, dots, and the first and last date."""
        del event
        painter, now = QPainter(self), colours()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        step_px = self._step_px
        painter.setPen(QColor(now.text))
        for row, name in enumerate(_ROWS):
            place = QRectF(0, row * step_px, self._names_px, step_px)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, name)
        shown = self._shown[-self.room :]
        for column, one in enumerate(shown):
            given = one.answers.both, one.answers.left, one.answers.right
            for row, ability in enumerate(given):
                self._paint(painter, self._middle(column, row), ability)
        self._paint_dates(painter, shown)
        painter.end()

    @property
    def _step_px(self) -> int:
        return self.fontMetrics().height() + 10

    @property
    def _names_px(self) -> int:
        return max(self.fontMetrics().horizontalAdvance(name) for name in _ROWS) + 16

    def _middle(self, column: int, row: int) -> QPointF:
        step_px = self._step_px
        return QPointF(self._names_px + (column + 0.5) * step_px, (row + 0.5) * step_px)

    def _paint(self, painter: QPainter, at: QPointF, ability: Ability | None) -> None:
        now, radius_px = colours(), self._step_px / 4
        painter.setPen(QPen(QColor(now.muted if ability is None else now.mark), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if ability is None:
            half = QPointF(radius_px / 2, 0)
            painter.drawLine(at - half, at + half)
            return
        painter.drawEllipse(at, radius_px, radius_px)
        if ability is Ability.NO:
            return
        painter.setBrush(QColor(now.mark))
        round_px = QRectF(at.x() - radius_px, at.y() - radius_px, 2 * radius_px, 2 * radius_px)
        # Sixteenths of a degree, from three o'clock on; the left half for "partly".
        start, span = (90 * 16, 180 * 16) if ability is Ability.PARTLY else (0, 360 * 16)
        painter.drawPie(round_px, start, span)

    def _paint_dates(self, painter: QPainter, shown: tuple[Answered, ...]) -> None:
        if not shown:
            return
        step_px = self._step_px
        painter.setPen(QColor(colours().muted))
        first, last = (date_only(self.locale(), one.at) for one in (shown[0], shown[-1]))
        line = first if first == last else text.FROM_TO.format(first=first, last=last)
        place = QRectF(self._names_px, 3 * step_px, self.width() - self._names_px, step_px)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, line)

    def _tell(self, event: QHelpEvent) -> None:
        shown = self._shown[-self.room :]
        column = int((event.pos().x() - self._names_px) // self._step_px)
        line = self.line(shown[column]) if 0 <= column < len(shown) else ""
        QToolTip.showText(event.globalPos(), line, self)


class SelfCheckPage(Column):
    """Says how to do it, takes the answers, and shows those of other days."""

    #: The :class:`SelfCheck`.
    saved = pyqtSignal(object)
    camera_wanted = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.grid = self.first = AnswerGrid()
        self.grid.answered.connect(self._follow)
        self.save = make_button(text.SAVE_ANSWERS, is_main=True, act=self._save)
        self.save.setEnabled(False)
        tip = text.WITH_THE_CAMERA_TIP
        self.camera = make_button(text.WITH_THE_CAMERA, tip, act=self.camera_wanted)
        self.outcome, steps, told = words(), words(), texts().self_check
        self.dots, self.earlier, self.some = AnswerDots(), words(), words(kind=Kind.MUTED)
        self.legend, self.no_earlier = words(text.LEGEND, Kind.MUTED), words(text.NO_EARLIER)
        self.add(Card(told.title, steps, words(told.meaning, Kind.MUTED)))
        say_list(steps, told.steps, is_numbered=True)
        how, buttons = words(told.how_to_answer, Kind.MUTED), button_row(self.save, self.camera)
        self.add(Card(squeeze.COULD_TIGHTEN, how, self.grid, self.outcome, buttons))
        before = self.no_earlier, self.dots, self.legend, self.earlier, self.some
        self.add(Card(text.EARLIER, *before, gap_px=GROUP_GAP_PX // 2))

    def show_news(self, news: DiaryNews) -> None:
        """Show what was answered on other days."""
        shown = answered(news)
        self.dots.show_answers(shown)
        for part in (self.dots, self.legend):
            part.setVisible(bool(shown))
        self.no_earlier.setVisible(not shown)
        newest = shown[: -_LINES - 1 : -1]
        say(self.earlier, "\n".join(self.dots.line(one) for one in newest))
        many = text.SOME_OF_ALL.format(shown=len(newest), all=len(shown))
        say(self.some, many if len(shown) > len(newest) else "")

    def begin(self) -> None:
        """Ask anew."""
        self.grid.begin()
        self.save.setEnabled(False)
        say(self.outcome, "")

    def show_outcome(self, sentence: str) -> None:
        """Say what became of the answers."""
        say(self.outcome, sentence)

    def _follow(self) -> None:
        say(self.outcome, "")
        self.save.setEnabled(self.grid.answers != _NOTHING)

    def _save(self) -> None:
        chosen = self.grid.answers
        self.begin()
        self.saved.emit(SelfCheck(chosen))
