"""The Exercises page: questions first, then today's exercises, and what belongs to them."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import QGridLayout, QLabel, QWidget

from app.exercises import sharing_text, text
from app.exercises.pictures import read_picture
from app.exercises.routine import usual_plan
from app.exercises.screening import is_due
from app.exercises.today import Training, day_of, next_after, own_plan
from app.gui.exercises.cards import HurtsButton, RestCard, SummaryCard
from app.gui.exercises.diary import ExerciseDiary, delete_lists, delete_noted
from app.gui.exercises.editor import ListEditor
from app.gui.exercises.home import ExerciseDetail, ExerciseHome
from app.gui.exercises.questions import (
    OutcomePage,
    PainPage,
    PhysioPreparation,
    ScreeningForm,
    SelfCheckPage,
)
from app.gui.exercises.sharing import ListFiles, SharedListPage
from app.gui.style.theme import PAGE_MARGIN_PX, Kind, set_kind, text_factor
from app.gui.widgets.cards import Column, LateStack, in_column, make_button, narrow, words
from app.gui.widgets.status import ErrorBar, sentence_of
from app.history.diary import EntryKind, Pain, Plan, Screening, SelfCheck
from app.system.clock import now

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PyQt6.QtGui import QCloseEvent

    from app.exercises.shared_list import SharedList
    from app.exercises.today import DiaryNews, Task
    from app.gui.background.history import HistoryService
    from app.gui.background.jobs import Jobs
    from app.gui.exercises.editor import EditorRow
    from app.gui.exercises.player import ExercisePlayer
    from app.history.diary import ExerciseSet
    from app.history.place import EncodedPicture
    from app.history.store import History

#: With larger letters the title takes a line of its own.
_ONE_LINE_FACTOR = 1.3


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
    SHARED = "shared"
    SOMEONE = "someone"


#: Where something can hurt; the player has a button of its own.
_CAN_HURT = frozenset({Screen.HOME, Screen.DETAIL, Screen.REST, Screen.SUMMARY, Screen.SELF_CHECK})
_WOULD_BE_LOST = frozenset({Screen.EDITOR, Screen.QUESTIONS, Screen.SHARED})
_NO_WAY_BACK = frozenset({Screen.READING, Screen.HOME, Screen.OUTCOME, Screen.PLAYER})
#: What changes by itself when the diary does.
_FOLLOWS = frozenset({Screen.READING, Screen.HOME, Screen.OUTCOME})


class ExerciseScreens(QObject):
    """Those of the page's screens that take longest to make, so that they can be made before."""

    def __init__(self) -> None:
        super().__init__()
        self.questions, self.self_check = ScreeningForm(), SelfCheckPage()
        self.editor, self.someone = ListEditor(), PhysioPreparation()


class ExercisesPage(QWidget):
    """One person's exercises.

    Parameters
    ----------
    jobs, open_history
        Everything is read and written with these.
    service
        Knows whose page it is.
    player
        Leads through a set; belongs to the page from now on.
    screens
        Some of what the page shows, where it has been made ahead.

    Attributes
    ----------
    shown
        What is shown.
    """

    status = pyqtSignal(str)
    report_requested = pyqtSignal()
    live_requested = pyqtSignal()

    def __init__(
        self,
        jobs: Jobs,
        service: HistoryService,
        open_history: Callable[[], History],
        player: ExercisePlayer,
        screens: ExerciseScreens | None = None,
    ) -> None:
        super().__init__()
        set_kind(self, Kind.PAGE)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.shown = Screen.READING
        self.diary = ExerciseDiary(jobs, open_history, self)
        self._jobs = jobs
        self._service = service
        #: The sets that are under way, and the exercise that comes after them.
        self._training: Training | None = None
        self._next: Task | None = None
        #: The pain that can still be written about: which exercise's, and its moment.
        self._pain, self._pain_at = "", now().local
        self.back = make_button(text.BACK, text.BACK_TIP, act=self._go_back)
        self.title, self.hurts, self.error = QLabel(text.TITLE), HurtsButton(), ErrorBar()
        made = ExerciseScreens() if screens is None else screens
        own = self.diary.pictures
        self.home, self.detail, self.player = ExerciseHome(own), ExerciseDetail(own), player
        self.questions, self.outcome, self.pain = made.questions, OutcomePage(), PainPage()
        self.rest, self.summary = RestCard(), SummaryCard()
        self.self_check, self.editor, self.someone = made.self_check, made.editor, made.someone
        self.shared, self.files = SharedListPage(), ListFiles(jobs, open_history, self)
        self.open_list, self.editor.pictures = self.files.open_from, own
        self.player.use_pictures(own)
        self._takers: dict[Screen, Column | RestCard | SummaryCard] = {
            Screen.QUESTIONS: self.questions,
            Screen.OUTCOME: self.outcome,
            Screen.HOME: self.home,
            Screen.DETAIL: self.detail,
            Screen.REST: self.rest,
            Screen.SUMMARY: self.summary,
            Screen.PAIN: self.pain,
            Screen.SELF_CHECK: self.self_check,
            Screen.EDITOR: self.editor,
            Screen.SHARED: self.shared,
            Screen.SOMEONE: self.someone,
        }
        self._keys: list[QShortcut] = []
        self._lay_out()
        self._connect()
        self._connect_list()
        self._show(Screen.READING)

    @property
    def is_under_way(self) -> bool:
        """Whether something here would be lost with the page."""
        return self.player.is_under_way or self.shown in _WOULD_BE_LOST

    def _lay_out(self) -> None:
        set_kind(self.title, Kind.TITLE)
        self.title.setWordWrap(True)
        self.hurts.setToolTip(text.HURTS_TIP)
        self._top = QGridLayout()
        self._fit_text()
        self._head = narrow(self._top, foot_px=0)
        reading = words(text.READING, Kind.MUTED)
        reading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._views: dict[Screen, QWidget] = {Screen.READING: reading}
        self._stack = LateStack()
        self._stack.expect(reading, self.player, *self._takers.values())
        parts = self._head, _with_margins(self.error, foot_px=0), (self._stack, 1)
        in_column(*parts, on=self, margins_px=(0, PAGE_MARGIN_PX // 2, 0, 0))

    def changeEvent(self, event: QEvent | None) -> None:
        """Give the title a line of its own where letters are large."""
        super().changeEvent(event)
        # Nothing is there yet when the page gets its first style.
        if event is not None and event.type() == QEvent.Type.StyleChange and hasattr(self, "_top"):
            self._fit_text()

    def _fit_text(self) -> None:
        place = (1, 0, 1, 3) if text_factor() > _ONE_LINE_FACTOR else (0, 1, 1, 1)
        self._top.addWidget(self.back, 0, 0)
        self._top.addWidget(self.title, *place)
        self._top.addWidget(self.hurts, 0, 2)
        self._top.setColumnStretch(1, 1)

    def _connect(self) -> None:
        self._service.profile_changed.connect(self.set_profile)
        self.diary.changed.connect(self._show_news)
        self.diary.failed.connect(self._tell_not_read)
        self.diary.not_kept.connect(lambda error: self.error.show_error(error, text.NOT_KEPT))
        self.diary.recovered.connect(self._tell_recovered)
        self.error.retry_wanted.connect(self.refresh)
        self.hurts.clicked.connect(lambda _: self._hurt(self._exercise))
        for asking in (self.home, self.questions, self.outcome, self.pain):
            asking.someone_wanted.connect(self.show_someone)
        for asking in (self.home, self.pain):
            asking.questions_wanted.connect(self._ask)
        for ending in (self.pain, self.summary):
            ending.closed.connect(self._close)
        self.home.task_opened.connect(self._open)
        self.home.self_check_wanted.connect(lambda: self._show(Screen.SELF_CHECK))
        self.questions.answered.connect(self._screened)
        self.outcome.again_wanted.connect(self._ask)
        self.outcome.has_asked.connect(self._has_asked)
        self.detail.start_wanted.connect(self._start)
        self.player.set_done.connect(self._take)
        self.player.hurts.connect(self._hurt)
        self.player.left.connect(self._leave_player)
        self.rest.over.connect(self._go_on)
        self.rest.stopped.connect(self._sum_up)
        self.summary.next_wanted.connect(self._open_next)
        self.pain.noted.connect(
            lambda note: self.diary.reword_pain(self._pain_at, Pain(self._pain, note))
        )
        self.self_check.saved.connect(self._self_checked)
        self.self_check.camera_wanted.connect(self.live_requested)
        self.someone.report_wanted.connect(self.report_requested)
        for key, do in (
            (QKeySequence(Qt.Key.Key_H), lambda: self._hurt(self._exercise)),
            (QKeySequence(QKeySequence.StandardKey.Cancel), self._go_back),
            (QKeySequence(QKeySequence.StandardKey.Refresh), self.refresh),
        ):
            shortcut = QShortcut(key, self)
            shortcut.activated.connect(do)
            self._keys.append(shortcut)

    def _connect_list(self) -> None:
        self.home.list_wanted.connect(self._edit_list)
        self.editor.saved.connect(self._save_list)
        self.editor.usual_wanted.connect(self._use_usual)
        self.editor.picture_chosen.connect(self._read_picture)
        self.home.save_wanted.connect(lambda: self.files.save(self._own_plan() or Plan()))
        self.home.open_wanted.connect(self.files.open)
        self.files.opened.connect(self._show_shared)
        self.files.said.connect(self.status)
        self.files.failed.connect(self.error.show_error)
        self.shared.taken.connect(self._take_shared)
        self.shared.left.connect(self._close)

    # Whose page it is

    def set_profile(self, profile_id: int) -> None:
        """Show another person's exercises; what was done and typed stays with the last one."""
        if profile_id == self.diary.profile_id:
            return
        self._leave_pain()
        self._end_training()
        self.editor.put_by()
        self.files.forget()
        self.questions.begin()
        self.self_check.begin()
        self.diary.set_profile(profile_id)
        if self.shown is not Screen.SOMEONE:
            self._show(Screen.READING)
        if self.isVisible():
            self.diary.refresh()

    def refresh(self) -> None:
        """Read everything anew."""
        current = self._service.current_profile_id
        if current is not None and self.diary.profile_id is None:
            self.set_profile(current)
        self.diary.refresh()

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """Let go of the camera; what was done and noted is still written."""
        self._leave_pain()
        self.rest.halt()
        self.player.close()
        self.diary.finish()
        super().closeEvent(event)

    # Which screen is shown

    def show_someone(self) -> None:
        """Show how to prepare for a physiotherapist."""
        if self.shown is Screen.PLAYER:
            self._end_training()
        self._show(Screen.SOMEONE)

    def _show(self, screen: Screen) -> None:
        """Show a screen, and hand it the keys if the page has them."""
        if screen is not Screen.PAIN:
            self._leave_pain()
        self.shown = screen
        is_locked = screen in _NO_WAY_BACK or (screen is Screen.QUESTIONS and self._is_due())
        # The player has keys and a head of its own.
        for key in self._keys:
            key.setEnabled(screen is not Screen.PLAYER)
        self._head.setVisible(screen is not Screen.PLAYER)
        self.title.setText(_titles().get(screen, text.TITLE))
        self.back.setVisible(not is_locked)
        self.hurts.setVisible(screen in _CAN_HURT)
        self._stack.show_view(self._view(screen))
        if screen in self._takers and self._stack.isVisible():
            self._takers[screen].take_focus()

    def _view(self, screen: Screen) -> QWidget:
        """Return what shows a screen."""
        if screen not in self._views:
            taker = self.player if screen is Screen.PLAYER else self._takers[screen]
            self._views[screen] = taker if isinstance(taker, Column) else _with_margins(taker)
        return self._views[screen]

    def _show_news(self) -> None:
        news = self.diary.news
        if news is None:
            return
        if not self.diary.is_in_trouble:
            self.error.hide()
        self.home.show_day(day_of(news, now().local))
        self.self_check.show_news(news)
        self._follow_pain(news)
        if self.shown in _FOLLOWS:
            self._go_home()

    def _go_home(self) -> None:
        """Show today's exercises, or why there are none."""
        screening = self._screening()
        if self.diary.news is None:
            wanted = Screen.READING
        elif screening is None or self._is_due():
            wanted = Screen.QUESTIONS
        elif not screening.allows_exercise:
            self.outcome.show_screening(screening)
            wanted = Screen.OUTCOME
        else:
            wanted = Screen.HOME
        if wanted is not self.shown:
            self._show(wanted)

    def _go_back(self) -> None:
        """Leave a rest for the sum of what was done, and anything else for today's exercises."""
        if self.shown is Screen.PLAYER:
            return
        self.rest.halt()
        if self._training is not None and self.shown is Screen.REST:
            self._sum_up()
        else:
            self._close()

    def _close(self) -> None:
        self._training = None
        self._go_home()

    def _open(self, task: Task) -> None:
        self.detail.show_task(task)
        self._show(Screen.DETAIL)

    def _tell_not_read(self, error: Exception) -> None:
        self.error.show_error(error)
        if self.shown is Screen.READING and self.isVisible():
            self.error.take_focus()

    def _tell_recovered(self) -> None:
        self.error.hide()
        self.status.emit(text.RECOVERED)

    # The questions before exercising

    def _screening(self) -> Screening | None:
        news = self.diary.news
        entry = None if news is None else news.newest(EntryKind.SCREENING, now().local)
        content = None if entry is None else entry.content
        return content if isinstance(content, Screening) else None

    def _is_due(self) -> bool:
        news = self.diary.news
        return news is None or is_due(news.newest(EntryKind.SCREENING, now().local), now().local)

    def _ask(self) -> None:
        self.questions.begin()
        self._show(Screen.QUESTIONS)

    def _screened(self, screening: Screening) -> None:
        self.questions.begin()
        self.diary.note(screening)
        self._go_home()

    def _has_asked(self) -> None:
        screening = self._screening()
        if screening is not None:
            self.diary.note(Screening(screening.outcome, screening.yes, has_asked=True))
            self._go_home()

    # The sets of one exercise; each is kept as soon as it is done

    @property
    def _exercise(self) -> str:
        """What sets of the exercise that is shown are kept under; empty for none."""
        if self._training is not None:
            return self._training.task.key
        task = self.detail.task
        return task.key if task is not None and self.shown is Screen.DETAIL else ""

    def _start(self, task: Task) -> None:
        """Begin with the first set that is left."""
        screening, profile_id = self._screening(), self.diary.profile_id
        if screening is None or self._is_due() or not screening.allows_exercise:
            self._go_home()
        elif profile_id is not None:
            self._training = Training(task, profile_id)
            self._go_on()

    def _go_on(self) -> None:
        training = self._training
        turn = None if training is None else training.next
        if training is not None and turn is not None:
            self._show(Screen.PLAYER)
            self.player.start(training.task.planned, turn.sets_left, turn.side)

    def _take(self, done: ExerciseSet) -> None:
        training = self._training
        if training is None:
            return
        if done.repetitions <= 0 and done.hold_s <= 0:
            self.status.emit(text.NOTHING_COUNTED)
            self._leave_player()
            return
        training.take(done)
        self.diary.note(done, training.profile_id)
        turn = training.next
        if turn is None:
            self._sum_up()
            return
        self.rest.begin(training.rest_s, done, turn)
        self._show(Screen.REST)

    def _leave_player(self) -> None:
        """Show what was done, or the exercise when that is nothing."""
        if self._training is not None and self._training.done:
            self._sum_up()
            return
        self._training = None
        self._show(Screen.DETAIL)

    def _sum_up(self) -> None:
        training, news = self._training, self.diary.news
        if training is None:
            return
        day = None if news is None else day_of(news, now().local)
        self._next = None if day is None else next_after(day, training.task)
        self.summary.show_training(training, self._next)
        self._show(Screen.SUMMARY)

    def _open_next(self) -> None:
        self._training = None
        if self._next is None:
            self._go_home()
        else:
            self._open(self._next)

    def _end_training(self) -> None:
        """Stop whatever runs, and keep what was counted of it."""
        if self._training is not None and self.shown is Screen.PLAYER:
            self.player.end()
        self.rest.halt()
        self._training = None

    # What hurts

    def _hurt(self, exercise: str) -> None:
        """Take note of a pain; whatever ran has stopped."""
        if self.shown is not Screen.PLAYER and self.shown not in _CAN_HURT:
            return
        self.rest.halt()
        self._training = None
        self.pain.begin()
        self._pain, self._pain_at = exercise, self.diary.note(Pain(exercise))
        self._show(Screen.PAIN)
        profile_id = self.diary.profile_id
        if profile_id is not None:
            self._service.changes.keep(
                text.HURT_NOTED, partial(delete_noted, profile_id, EntryKind.PAIN, self._pain_at)
            )

    def _follow_pain(self, news: DiaryNews) -> None:
        """Leave a pain that was taken back, and what was typed about it."""
        pains = (entry.at for entry in news.entries if entry.kind is EntryKind.PAIN)
        if self.shown is Screen.PAIN and self._pain_at not in pains:
            self.pain.begin()
            self._close()

    def _leave_pain(self) -> None:
        """Hand over what was written about a pain, before the note belongs to another."""
        if self.shown is Screen.PAIN:
            self.pain.flush()

    # The self-check, and the person's own list

    def _self_checked(self, check: SelfCheck) -> None:
        self.diary.note(check)
        self.self_check.show_outcome(text.ANSWERS_NOTED)
        self.status.emit(text.ANSWERS_NOTED)

    def _own_plan(self) -> Plan | None:
        news = self.diary.news
        return None if news is None else own_plan(news, now().local)

    def _edit_list(self) -> None:
        profile_id = self.diary.profile_id
        if self.diary.news is None or profile_id is None:
            return
        own = self._own_plan()
        plan = own if own is not None else usual_plan()
        self.editor.show_list(profile_id, plan, is_own=own is not None)
        self._show(Screen.EDITOR)

    def _read_picture(self, row: EditorRow, path: Path) -> None:
        """Read a picture that was chosen for a line of the editor."""

        def done(answer: EncodedPicture | str) -> None:
            if row not in self.editor.rows:
                return
            if isinstance(answer, str):
                row.say_of_picture(answer)
            else:
                row.take_picture(answer)

        row.say_of_picture(text.READING_PICTURE)
        self._jobs.start(
            f"picture of line {id(row)}",
            partial(read_picture, path),
            done,
            lambda error: done(sentence_of(error)),
        )

    def _save_list(self, plan: Plan) -> None:
        before = self._own_plan()
        if not plan.exercises and before is not None and before.pictures:
            self._use_usual()
            return
        self.diary.note(plan)
        self.status.emit(text.LIST_SAVED)
        self._go_home()

    def _use_usual(self) -> None:
        profile_id, before = self.diary.profile_id, self._own_plan()
        if before is not None and before.pictures and profile_id is not None:
            # The pictures are to be gone with the list, so it goes into the bin.
            delete = partial(delete_lists, profile_id)
            self._service.changes.delete(text.USUAL_AGAIN, delete)
            self._go_home()
            return
        self.diary.note(Plan())
        self._go_home()
        if before is not None:
            self._service.changes.offer(
                text.USUAL_AGAIN,
                partial(self.diary.note, before, profile_id),
                partial(self.diary.note, Plan(), profile_id),
            )

    def _show_shared(self, shared: SharedList) -> None:
        """Show a list that was read from a file, unless somebody is in the middle of a set."""
        if self.shown is not Screen.PLAYER:
            self.error.hide()
            self.shared.show_list(shared, replaces_own=self._own_plan() is not None)
            self._show(Screen.SHARED)

    def _take_shared(self, shared: SharedList) -> None:
        profile_id = self.diary.profile_id
        if profile_id is None:
            return
        self.diary.pictures.add(shared.pictures.values())
        at = self.diary.note(shared.plan)
        self.status.emit(sharing_text.USED)
        self._go_home()
        delete = partial(delete_noted, profile_id, EntryKind.PLAN, at)
        self._service.changes.keep(sharing_text.USED_UNDO, delete)


def _titles() -> dict[Screen, str]:
    return {
        Screen.QUESTIONS: text.QUESTIONS_TITLE,
        Screen.SELF_CHECK: text.SELF_CHECK_TITLE,
        Screen.EDITOR: text.LIST_TITLE,
        Screen.SHARED: sharing_text.OPENED_TITLE,
        Screen.SOMEONE: text.SOMEONE_TITLE,
    }


def _with_margins(widget: QWidget, foot_px: int = PAGE_MARGIN_PX // 2) -> QWidget:
    outside = QWidget()
    in_column(widget, on=outside, margins_px=(PAGE_MARGIN_PX, 0, PAGE_MARGIN_PX, foot_px))
    return outside
