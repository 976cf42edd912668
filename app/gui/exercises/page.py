"""The Exercises page: questions first, then today's exercises, and what belongs to them."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from PyQt6.QtCore import QObject, Qt, pyqtSignal
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.exercises import text as said
from app.exercises.catalogue import name_of
from app.exercises.routine import usual_plan
from app.exercises.screening import is_due
from app.exercises.today import Training, key_of, own_plan, tasks
from app.gui.exercises.detail import ExerciseDetail
from app.gui.exercises.diary import ExerciseDiary
from app.gui.exercises.editor import ListEditor
from app.gui.exercises.home import ExerciseHome, day_of
from app.gui.exercises.player.player import HurtsButton
from app.gui.exercises.rest import RestCard, SummaryCard
from app.gui.exercises.screening import OutcomePage, PainPage, ScreeningForm, SomeonePage
from app.gui.exercises.self_check import SelfCheckPage
from app.gui.style.theme import GAP_PX, PAGE_MARGIN_PX, Kind, set_kind
from app.gui.widgets.cards import make_button, narrow, words
from app.gui.widgets.errors import ErrorBar
from app.history.diary import EntryKind, Pain, Plan, Screening, SelfCheck

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtGui import QCloseEvent

    from app.exercises.today import Task
    from app.gui.background.history import HistoryKeeper
    from app.gui.background.jobs import Jobs
    from app.gui.exercises.player.player import ExercisePlayer
    from app.history.diary import ExerciseSet
    from app.history.store import History


class Screen(StrEnum):
    """What the page shows."""

    READING = "reading"
    QUESTIONS = "questions"
    OUTCOME = "outcome"
    HOME = "home"
    DETAIL = "detail"
    PLAYER = "player"
    REST = "rest"
    SUMMARY = "summary"
    PAIN = "pain"
    SELF_CHECK = "self_check"
    EDITOR = "editor"
    SOMEONE = "someone"


_TITLES = {
    Screen.QUESTIONS: said.QUESTIONS_TITLE,
    Screen.SELF_CHECK: said.SELF_CHECK_TITLE,
    Screen.EDITOR: said.LIST_TITLE,
    Screen.SOMEONE: said.SOMEONE_TITLE,
}
#: Where something can hurt; the player has a button of its own.
_CAN_HURT = frozenset({Screen.HOME, Screen.DETAIL, Screen.REST, Screen.SUMMARY, Screen.SELF_CHECK})
_NO_WAY_BACK = frozenset({Screen.READING, Screen.HOME, Screen.OUTCOME, Screen.PLAYER})


class _Takes(Protocol):
    def take_focus(self) -> None:
        """Hand the keys to what is most likely to be pressed."""
        ...


class ExercisesLayout:
    """Makes the screens, and shows one at a time."""

    def __init__(self, page: QWidget, player: ExercisePlayer) -> None:
        self.screen = Screen.READING
        #: The page's keys; the player has its own.
        self.keys: list[QShortcut] = []
        self.home, self.detail, self.player = ExerciseHome(), ExerciseDetail(), player
        self.questions, self.outcome, self.pain = ScreeningForm(), OutcomePage(), PainPage()
        self.rest, self.summary = RestCard(), SummaryCard()
        self.self_check, self.editor, self.someone = SelfCheckPage(), ListEditor(), SomeonePage()
        self._takers: dict[Screen, _Takes] = {
            Screen.QUESTIONS: self.questions,
            Screen.OUTCOME: self.outcome,
            Screen.HOME: self.home,
            Screen.DETAIL: self.detail,
            Screen.REST: self.rest,
            Screen.SUMMARY: self.summary,
            Screen.PAIN: self.pain,
            Screen.SELF_CHECK: self.self_check,
            Screen.EDITOR: self.editor,
            Screen.SOMEONE: self.someone,
        }
        self._stack = QStackedWidget()
        self._places: dict[Screen, QWidget] = {}
        reading = words(said.READING, Kind.MUTED)
        reading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._add(Screen.READING, reading)
        self._add(Screen.PLAYER, _with_margins(player))
        for screen, taker in self._takers.items():
            assert isinstance(taker, QWidget)
            is_card = screen in (Screen.REST, Screen.SUMMARY)
            self._add(screen, _with_margins(taker) if is_card else taker)
        self.error = ErrorBar()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, PAGE_MARGIN_PX // 2, 0, 0)
        layout.setSpacing(GAP_PX)
        layout.addWidget(self._head())
        layout.addWidget(_with_margins(self.error, foot_px=0))
        layout.addWidget(self._stack, 1)

    def show(self, screen: Screen, can_go_back: bool = True) -> None:
        """Show a screen, and hand it the keys if the page has them.

        Parameters
        ----------
        can_go_back
            Whether there is something to go back to.
        """
        self.screen = screen
        for key in self.keys:
            key.setEnabled(screen is not Screen.PLAYER)
        self.head.setVisible(screen is not Screen.PLAYER)
        self.title.setText(_TITLES.get(screen, said.TITLE))
        self.back.setVisible(can_go_back and screen not in _NO_WAY_BACK)
        self.hurts.setVisible(screen in _CAN_HURT)
        self._stack.setCurrentWidget(self._places[screen])
        taker = self._takers.get(screen)
        if taker is not None and self._stack.isVisible():
            taker.take_focus()

    @property
    def can_hurt(self) -> bool:
        """Whether "This hurts" is offered above the screen."""
        return self.screen in _CAN_HURT

    def _add(self, screen: Screen, widget: QWidget) -> None:
        self._places[screen] = widget
        self._stack.addWidget(widget)

    def _head(self) -> QWidget:
        self.back: QPushButton = make_button(said.BACK, said.BACK_TIP)
        self.title = QLabel(said.TITLE)
        set_kind(self.title, Kind.TITLE)
        self.hurts = HurtsButton()
        self.hurts.setToolTip(said.HURTS_TIP)
        row = QHBoxLayout()
        row.setSpacing(GAP_PX)
        row.addWidget(self.back)
        row.addWidget(self.title, 1)
        row.addWidget(self.hurts)
        self.head = narrow(row, foot_px=0)
        return self.head


def _with_margins(widget: QWidget, foot_px: int = PAGE_MARGIN_PX // 2) -> QWidget:
    outside = QWidget()
    layout = QVBoxLayout(outside)
    layout.setContentsMargins(PAGE_MARGIN_PX, 0, PAGE_MARGIN_PX, foot_px)
    layout.addWidget(widget)
    return outside


class ExerciseSets(QObject):
    """Leads through the sets of one exercise, and keeps each as soon as it is done."""

    #: The exercise that hurts; whatever ran has stopped.
    hurt = pyqtSignal(str)
    #: There is no exercise under way any more.
    closed = pyqtSignal()
    status = pyqtSignal(str)

    def __init__(self, parts: ExercisesLayout, diary: ExerciseDiary, parent: QObject) -> None:
        super().__init__(parent)
        self._parts, self._diary = parts, diary
        self._training: Training | None = None
        self._next: Task | None = None
        parts.player.set_done.connect(self._take)
        parts.player.hurts.connect(self.hurt)
        parts.player.left.connect(self._left)
        parts.rest.over.connect(self._go_on)
        parts.rest.stopped.connect(self._sum_up)
        parts.summary.closed.connect(self._close)
        parts.summary.next_wanted.connect(self._open_next)

    @property
    def exercise(self) -> str:
        """What sets of the exercise that is shown are kept under; empty for none."""
        if self._training is not None:
            return self._training.task.key
        task = self._parts.detail.task
        return task.key if task is not None and self._parts.screen is Screen.DETAIL else ""

    def start(self, task: Task) -> None:
        """Begin with the first set that is left."""
        profile_id = self._diary.profile_id
        if profile_id is not None:
            self._training = Training(task, profile_id)
            self._go_on()

    def end(self) -> None:
        """Stop whatever runs, and keep what was counted of it."""
        if self._training is None:
            return
        if self._parts.screen is Screen.PLAYER:
            self._parts.player.end()
        self.forget()

    def forget(self) -> None:
        """Go on with nothing; what was done is kept already."""
        self._parts.rest.halt()
        self._training = None

    def go_back(self) -> bool:
        """Leave a rest or a sum for what comes before it; False when there is neither."""
        if self._training is None or self._parts.screen is not Screen.REST:
            self.forget()
            return False
        self._parts.rest.halt()
        self._sum_up()
        return True

    def _go_on(self) -> None:
        training = self._training
        turn = None if training is None else training.next
        if training is None or turn is None:
            return
        self._parts.show(Screen.PLAYER)
        self._parts.player.start(training.task.planned, turn.sets_left, turn.side)

    def _take(self, done: ExerciseSet) -> None:
        training = self._training
        if training is None:
            return
        if done.repetitions <= 0 and done.hold_s <= 0:
            self.status.emit(said.NOTHING_COUNTED)
            self._left()
            return
        training.take(done)
        self._diary.note(done, training.profile_id)
        turn = training.next
        if turn is None:
            self._sum_up()
            return
        self._parts.rest.begin(training.rest_s, turn.side, turn.sets_left, done)
        self._parts.show(Screen.REST)

    def _left(self) -> None:
        """Show what was done, or the exercise when that is nothing."""
        training = self._training
        if training is not None and training.done:
            self._sum_up()
            return
        self._training = None
        self._parts.show(Screen.DETAIL)

    def _sum_up(self) -> None:
        training, news = self._training, self._diary.news
        if training is None:
            return
        planned = training.task.planned
        now = datetime.now(UTC).astimezone()
        self._next = None if news is None else _next_of(tasks(news, now), key_of(planned))
        self._parts.summary.show_sets(
            name_of(planned),
            training.done,
            training.left,
            training.task.wanted,
            "" if self._next is None else name_of(self._next.planned),
        )
        self._parts.show(Screen.SUMMARY)

    def _open_next(self) -> None:
        task, self._training = self._next, None
        if task is None:
            self.closed.emit()
            return
        self._parts.detail.show_task(task)
        self._parts.show(Screen.DETAIL)

    def _close(self) -> None:
        self._training = None
        self.closed.emit()


def _next_of(day: tuple[Task, ...], key: str) -> Task | None:
    """Return the exercise that comes next after this one and is still to be done."""
    keys = [task.key for task in day]
    place = keys.index(key) + 1 if key in keys else 0
    order = [*day[place:], *day[:place]]
    return next((t for t in order if t.key != key and not t.is_done and t.hurt_at is None), None)


__all__ = ["ExercisesPage", "Screen"]

#: What changes by itself when the diary does.
_FOLLOWS = frozenset({Screen.READING, Screen.HOME, Screen.OUTCOME})


class ExercisesPage(QWidget):
    """One person's exercises.

    Parameters
    ----------
    jobs, open_history
        Everything is read and written with these.
    keeper
        Knows whose page it is.
    player
        Leads through a set; belongs to the page from now on.
    """

    status = pyqtSignal(str)
    #: What was done, and a function that takes it back.
    undo_offered = pyqtSignal(str, object)
    report_requested = pyqtSignal()
    live_requested = pyqtSignal()

    def __init__(
        self,
        jobs: Jobs,
        keeper: HistoryKeeper,
        open_history: Callable[[], History],
        player: ExercisePlayer,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        set_kind(self, Kind.PAGE)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._keeper = keeper
        self.parts = ExercisesLayout(self, player)
        self.diary = ExerciseDiary(jobs, open_history, self)
        self.sets = ExerciseSets(self.parts, self.diary, self)
        #: The pain that can still be written about: which exercise's, and its moment.
        self._pain, self._pain_at = "", _now()
        self._connect()
        self._add_keys()
        self._show(Screen.READING)

    @property
    def shown(self) -> Screen:
        """What is shown."""
        return self.parts.screen

    def set_profile(self, profile_id: int) -> None:
        """Show another person's exercises; what was done and typed stays with the last one."""
        if profile_id == self.diary.profile_id:
            return
        self._leave_screen()
        self.sets.end()
        self.parts.editor.put_by()
        self.parts.questions.begin()
        self.parts.self_check.begin()
        self.diary.set_profile(profile_id)
        if self.shown is not Screen.SOMEONE:
            self._show(Screen.READING)
        if self.isVisible():
            self.diary.refresh()

    def refresh(self) -> None:
        """Read everything anew."""
        current = self._keeper.current_profile_id
        if current is not None and self.diary.profile_id is None:
            self.set_profile(current)
        self.diary.refresh()

    def show_someone(self) -> None:
        """Show how to prepare for a physiotherapist."""
        if self.shown is Screen.PLAYER:
            self.sets.end()
        self._show(Screen.SOMEONE)

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """Let go of the camera; what was done and noted is still written."""
        self._leave_screen()
        self.parts.rest.halt()
        self.parts.player.close()
        self.diary.finish()
        super().closeEvent(event)

    def _connect(self) -> None:
        parts, diary = self.parts, self.diary
        self._keeper.profile_changed.connect(self.set_profile)
        diary.changed.connect(self._show_news)
        diary.failed.connect(self._tell_not_read)
        diary.not_kept.connect(self._tell_not_kept)
        diary.recovered.connect(self._tell_recovered)
        parts.error.retry.clicked.connect(lambda _: self.refresh())
        parts.back.clicked.connect(lambda _: self._go_back())
        parts.hurts.clicked.connect(lambda _: self._hurt(self.sets.exercise))
        self.sets.hurt.connect(self._hurt)
        self.sets.closed.connect(self._go_home)
        self.sets.status.connect(self.status)
        home = parts.home
        home.task_opened.connect(self._open)
        home.self_check_wanted.connect(lambda: self._show(Screen.SELF_CHECK))
        home.list_wanted.connect(self._edit_list)
        home.questions_wanted.connect(self._ask)
        parts.detail.start_wanted.connect(self._start)
        for part in (home, parts.questions, parts.outcome, parts.pain):
            part.someone_wanted.connect(self.show_someone)
        parts.questions.answered.connect(self._screened)
        parts.outcome.again_wanted.connect(self._ask)
        parts.outcome.has_asked.connect(self._has_asked)
        parts.pain.noted.connect(self._reword_pain)
        parts.pain.questions_wanted.connect(self._ask)
        parts.pain.closed.connect(self._go_home)
        parts.self_check.saved.connect(self._self_checked)
        parts.self_check.camera_wanted.connect(self.live_requested)
        parts.editor.saved.connect(self._save_list)
        parts.editor.usual_wanted.connect(self._use_usual)
        parts.someone.report_wanted.connect(self.report_requested)

    def _add_keys(self) -> None:
        keys = QKeySequence.StandardKey
        for key, do in (
            (QKeySequence(Qt.Key.Key_H), lambda: self._hurt(self.sets.exercise)),
            (QKeySequence(keys.Cancel), self._go_back),
            (QKeySequence(keys.Refresh), self.refresh),
        ):
            shortcut = QShortcut(key, self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(do)
            self.parts.keys.append(shortcut)

    def _show(self, screen: Screen) -> None:
        if screen is not Screen.PAIN:
            self._leave_screen()
        self.parts.show(screen, can_go_back=screen is not Screen.QUESTIONS or not self._is_due())

    def _leave_screen(self) -> None:
        """Hand over what was written about a pain, before the note belongs to another."""
        if self.shown is Screen.PAIN:
            self.parts.pain.flush()

    def _show_news(self) -> None:
        news = self.diary.news
        if news is None:
            return
        if not self.diary.is_in_trouble:
            self.parts.error.hide()
        self.parts.home.show_day(day_of(news, _now()))
        self.parts.self_check.show_news(news)
        if self.shown in _FOLLOWS:
            self._go_home()

    def _screening(self) -> Screening | None:
        news = self.diary.news
        entry = None if news is None else news.newest(EntryKind.SCREENING, _now())
        content = None if entry is None else entry.content
        return content if isinstance(content, Screening) else None

    def _is_due(self) -> bool:
        news = self.diary.news
        return news is None or is_due(news.newest(EntryKind.SCREENING, _now()), _now())

    def _go_home(self) -> None:
        """Show today's exercises, or why there are none."""
        screening = self._screening()
        if self.diary.news is None:
            wanted = Screen.READING
        elif screening is None or self._is_due():
            wanted = Screen.QUESTIONS
        elif not screening.allows_exercise:
            self.parts.outcome.show_screening(screening)
            wanted = Screen.OUTCOME
        else:
            wanted = Screen.HOME
        if wanted is not self.shown:
            self._show(wanted)

    def _go_back(self) -> None:
        if self.shown is Screen.PLAYER:
            return
        if not self.sets.go_back():
            self._go_home()

    def _open(self, task: Task) -> None:
        self.parts.detail.show_task(task)
        self._show(Screen.DETAIL)

    def _start(self, task: Task) -> None:
        screening = self._screening()
        if screening is None or self._is_due() or not screening.allows_exercise:
            self._go_home()
        else:
            self.sets.start(task)

    def _ask(self) -> None:
        self.parts.questions.begin()
        self._show(Screen.QUESTIONS)

    def _screened(self, screening: Screening) -> None:
        self.parts.questions.begin()
        self.diary.note(screening)
        self._go_home()

    def _has_asked(self) -> None:
        screening = self._screening()
        if screening is not None:
            self.diary.note(Screening(screening.outcome, screening.yes, has_asked=True))
            self._go_home()

    def _hurt(self, exercise: str) -> None:
        if self.shown is not Screen.PLAYER and not self.parts.can_hurt:
            return
        self.sets.forget()
        self.parts.pain.begin()
        self._show(Screen.PAIN)
        self._pain, self._pain_at = exercise, self.diary.note(Pain(exercise))

    def _reword_pain(self, note: str) -> None:
        self.diary.reword_pain(self._pain_at, Pain(self._pain, note))

    def _self_checked(self, check: SelfCheck) -> None:
        self.diary.note(check)
        self.parts.self_check.show_outcome(said.ANSWERS_NOTED)
        self.status.emit(said.ANSWERS_NOTED)

    def _edit_list(self) -> None:
        news, profile_id = self.diary.news, self.diary.profile_id
        if news is None or profile_id is None:
            return
        own = own_plan(news, _now())
        plan = own if own is not None else usual_plan()
        self.parts.editor.show_list(profile_id, plan, is_own=own is not None)
        self._show(Screen.EDITOR)

    def _save_list(self, plan: Plan) -> None:
        self.diary.note(plan)
        self.status.emit(said.LIST_SAVED)
        self._go_home()

    def _use_usual(self) -> None:
        news, profile_id = self.diary.news, self.diary.profile_id
        before = None if news is None else own_plan(news, _now())
        self.diary.note(Plan())
        self._go_home()
        if before is not None:
            self.undo_offered.emit(said.USUAL_AGAIN, lambda: self._bring_back(before, profile_id))

    def _bring_back(self, plan: Plan, profile_id: int | None) -> None:
        self.diary.note(plan, profile_id)

    def _tell_not_read(self, error: Exception) -> None:
        self.parts.error.show_error(error)
        if self.shown is Screen.READING and self.isVisible():
            self.parts.error.retry.setFocus()

    def _tell_not_kept(self, error: Exception) -> None:
        self.parts.error.show_error(error)
        self.parts.error.words.setText(f"{self.parts.error.words.text()} {said.NOT_KEPT}")

    def _tell_recovered(self) -> None:
        self.parts.error.hide()
        self.status.emit(said.RECOVERED)


def _now() -> datetime:
    return datetime.now(UTC).astimezone()
