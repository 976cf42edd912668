"""What somebody is asked: before exercising, about a pain, and how well the buttocks tighten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QPainter, QPen
from PyQt6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QToolTip,
    QWidget,
)

from app.exercises import text
from app.exercises.screening import outcome_of, questions
from app.gui.style.dates import date_only
from app.gui.style.theme import GROUP_GAP_PX, Kind, colours, set_kind
from app.gui.widgets.answers import AnswerGrid
from app.gui.widgets.cards import (
    Card,
    Column,
    button_row,
    in_row,
    make_button,
    say,
    say_list,
    words,
)
from app.history.diary import EntryKind, Screening, ScreeningOutcome, SelfCheck
from app.history.records import Ability, SqueezeAnswers
from app.text import squeeze
from app.text.language import texts

if TYPE_CHECKING:
    from datetime import datetime

    from PyQt6.QtGui import QHelpEvent, QMouseEvent, QPaintEvent

    from app.exercises.today import DiaryNews
    from app.text.language import QuestionText

_NOTE_LETTERS = 500
_NOTHING = SqueezeAnswers()
#: Earlier answers that stand in words below the dots.
_LINES = 6


class ScreeningForm(Column):
    """Asks everything at once, gravest first; one button says that nothing applies."""

    #: The :class:`Screening`.
    answered = pyqtSignal(object)
    someone_wanted = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.boxes: dict[str, QCheckBox] = {}
        self.add(words(text.QUESTIONS_INTRO))
        for outcome, title in text.GROUPS.items():
            group = [self._row(one) for one in questions() if one.outcome is outcome]
            if group:
                self.add(Card(title, *group))
        self.first = next(iter(self.boxes.values()), None)
        self.none = make_button(text.NONE_OF_THESE, text.NONE_TIP, is_main=True, act=self._answer)
        self.go_on = make_button(text.CONTINUE, is_main=True, act=self._answer)
        self.someone = make_button(text.SOMEONE_TITLE, act=self.someone_wanted)
        self.foot.addLayout(button_row(self.none, self.go_on, self.someone))
        self._follow()

    def begin(self) -> None:
        """Ask anew: nothing is ticked."""
        for box in self.boxes.values():
            box.setChecked(False)

    def _row(self, question: QuestionText) -> QHBoxLayout:
        box = self.boxes[question.code] = QCheckBox()
        box.setAccessibleName(question.text)
        box.toggled.connect(self._follow)
        row = in_row(box, (_Words(question.text, box), 1))
        row.setAlignment(box, Qt.AlignmentFlag.AlignTop)
        return row

    def _ticked(self) -> tuple[str, ...]:
        return tuple(code for code, box in self.boxes.items() if box.isChecked())

    def _follow(self) -> None:
        """Offer the one button that fits; both at once could contradict each other."""
        is_any = bool(self._ticked())
        self.none.setEnabled(not is_any)
        self.go_on.setEnabled(is_any)

    def _answer(self) -> None:
        yes = self._ticked()
        self.answered.emit(Screening(outcome_of(yes), yes))


class _Words(QLabel):
    """Words beside a box that tick it, as those of a check box do, and wrap."""

    def __init__(self, sentence: str, box: QCheckBox) -> None:
        super().__init__(sentence)
        self._box = box
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Tick the box."""
        if event is not None and event.button() is Qt.MouseButton.LeftButton:
            self._box.setFocus()
            self._box.toggle()


class OutcomePage(Column):
    """Why there are no exercises now, whom to call and how soon."""

    again_wanted = pyqtSignal()
    #: The person asked, and may exercise.
    has_asked = pyqtSignal()
    someone_wanted = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.title, self.whom = words(kind=Kind.TITLE), words(kind=Kind.REFUSAL)
        self.then, self.ticked = words(), words(kind=Kind.MUTED)
        self.you_ticked = words(text.YOU_TICKED, Kind.MUTED)
        self.again = make_button(text.ANSWER_AGAIN, act=self.again_wanted)
        self.asked = make_button(text.HAVE_ASKED, act=self.has_asked)
        self.someone = make_button(text.SOMEONE_TITLE, act=self.someone_wanted)
        # The words come first for a reader.
        self.first = self.again
        self.add(self.title, self.whom, self.then, self.you_ticked, self.ticked)
        self.add(words(text.STILL_OPEN), button_row(self.again, self.asked, self.someone))

    def show_screening(self, screening: Screening) -> None:
        """Show what these answers lead to."""
        told = texts().screening.outcomes[screening.outcome]
        say(self.title, told.title)
        is_calm = screening.outcome is ScreeningOutcome.ASK_FIRST
        set_kind(self.whom, Kind.WARNING if is_calm else Kind.REFUSAL)
        say(self.whom, f"{told.whom}\n{told.how_soon}")
        say(self.then, told.then)
        ticked = [question.text for question in questions() if question.code in screening.yes]
        self.you_ticked.setVisible(bool(ticked))
        say_list(self.ticked, ticked)
        self.asked.setVisible(is_calm)


class PainPage(Column):
    """Says what to do now, and takes a note of where it hurt."""

    #: What the person wrote.
    noted = pyqtSignal(str)
    questions_wanted = pyqtSignal()
    someone_wanted = pyqtSignal()
    closed = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self._said = ""
        told = texts().screening.pain
        ask = words(text.PAIN_NOTE)
        # Pressing Enter twice by chance is to do nothing.
        self.note = self.first = QLineEdit()
        self.note.setMaxLength(_NOTE_LETTERS)
        self.note.setAccessibleName(text.PAIN_NOTE)
        ask.setBuddy(self.note)
        self.questions = make_button(text.QUESTIONS_ANEW, "", True, self.questions_wanted)
        self.someone = make_button(text.SOMEONE_TITLE, act=self.someone_wanted)
        self.back = make_button(text.BACK_TO_TODAY, act=self.closed)
        self.note.editingFinished.connect(self.flush)
        self.add(words(told.title, Kind.TITLE))
        self.add(words(f"{told.whom}\n{told.how_soon}", Kind.REFUSAL), words(told.then))
        self.add(ask, self.note, words(text.PAIN_STORED, Kind.MUTED))
        self.add(button_row(self.questions, self.someone, self.back))

    def begin(self) -> None:
        """Forget what was written about an earlier pain."""
        self._said = ""
        self.note.clear()

    def flush(self) -> None:
        """Hand over what was written, if that was not done yet."""
        note = self.note.text().strip()
        if note != self._said:
            self._said = note
            self.noted.emit(note)


class PhysioPreparation(Column):
    """Says what to bring, tell and ask, and makes the report."""

    report_wanted = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.report = self.first = make_button(
            text.MAKE_REPORT, text.MAKE_REPORT_TIP, True, self.report_wanted
        )
        self.add(button_row(self.report))
        for section in texts().someone.sections:
            lines = words()
            self.add(Card(section.title, lines))
            say_list(lines, section.lines)


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
        self.add(Card(squeeze.COULD_SQUEEZE, how, self.grid, self.outcome, buttons))
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
        for row, name in enumerate(_rows()):
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
        return max(self.fontMetrics().horizontalAdvance(name) for name in _rows()) + 16

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


def _rows() -> tuple[str, ...]:
    return squeeze.BOTH, squeeze.LEFT, squeeze.RIGHT
