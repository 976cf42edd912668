"""The Exercises page: questions first, then today's exercises, and what belongs to them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import QWidget

from app.exercises import text as said
from app.exercises.routine import usual_plan
from app.exercises.screening import is_due
from app.exercises.today import own_plan
from app.gui.exercises.diary import ExerciseDiary
from app.gui.exercises.home import day_of
from app.gui.exercises.page__exercises_page_layout import ExercisesLayout, Screen
from app.gui.exercises.page__exercises_page_sets import ExerciseSets
from app.gui.style.theme import Kind, set_kind
from app.history.diary import EntryKind, Pain, Plan, Screening, SelfCheck

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtGui import QCloseEvent

    from app.exercises.today import Task
    from app.gui.background.history__workers_keeper import HistoryKeeper
    from app.gui.background.jobs import Jobs
    from app.gui.exercises.player.player import ExercisePlayer
    from app.history.store import History

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
