"""Did the exercises help me? Weeks are planned, and what they show is told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QWidget

from app.gui.style.dates import day_only
from app.gui.style.theme import PAGE_MARGIN_PX, Kind, set_kind
from app.gui.widgets.cards import in_column, in_row, make_button, make_choice, named, say, words
from app.history.change.experiment import WEEKS, draw_weeks, read_experiment
from app.history.diary import Experiment
from app.history.values import now
from app.text.change import experiment as said

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.gui.background.history import HistoryChanges
    from app.gui.background.jobs import Jobs
    from app.history.change.experiment import Planned
    from app.history.store import History

_KEY = "history experiment"


class ExperimentSection(QObject):
    """Reads one person's plan of weeks, and keeps new ones.

    Parameters
    ----------
    jobs, open_history
        It is read with these.
    changes
        What is planned is kept through these, and can be taken back.
    """

    failed = pyqtSignal(Exception)
    #: Somebody wants to see the plan, or has seen enough.
    opened = pyqtSignal()
    closed = pyqtSignal()

    def __init__(
        self,
        parent: QObject,
        jobs: Jobs,
        open_history: Callable[[], History],
        changes: HistoryChanges,
    ) -> None:
        super().__init__(parent)
        self._jobs, self._changes, self._open = jobs, changes, open_history
        self._profile_id: int | None = None
        self.button = named(make_button(self.tr("Did it help?"), act=self.opened), said.TITLE)
        self._planned: Planned | None = None
        self._view: ExperimentView | None = None

    @property
    def view(self) -> ExperimentView:
        """The plan, and how to make one; made when it is first needed."""
        if self._view is None:
            self._view = ExperimentView()
            self._view.closed.connect(self.closed)
            self._view.planned.connect(self._plan)
            self._view.ended.connect(self._end)
            self._view.show_plan(self._planned)
        return self._view

    def show_profile(self, profile_id: int) -> None:
        """Read this person's plan and show it."""
        self._profile_id = profile_id
        self._jobs.start(
            _KEY,
            lambda: read_experiment(self._open(), profile_id),
            self._show,
            self.failed.emit,
        )

    def focus_choices(self) -> None:
        """Hand the keys to what can be done."""
        self.view.focus_choices()

    def clear(self) -> None:
        """Show none, and drop what is being read."""
        self._jobs.forget(_KEY)
        self._show(None)

    def _show(self, plan: Planned | None) -> None:
        self._planned = plan
        if self._view is not None:
            self._view.show_plan(plan)

    def _plan(self, count: int) -> None:
        self._note(said.STARTED.format(count=count), Experiment(draw_weeks(count)))

    def _end(self) -> None:
        self._note(said.ENDED, Experiment())

    def _note(self, done: str, content: Experiment) -> None:
        """Keep an entry; taking it back puts it into the bin."""
        profile_id = self._profile_id
        if profile_id is None:
            return

        def keep(history: History) -> int:
            return history.note(profile_id, now(), content).id

        def kept(entry_id: int) -> None:
            self._changes.keep(done, lambda history: history.delete([entry_id], "diary"))
            self.show_profile(profile_id)

        self._jobs.start(f"{_KEY} kept", lambda: keep(self._open()), kept, self.failed.emit)


class ExperimentView(QWidget):
    """What such weeks are, the plan under way, and what it shows so far."""

    closed = pyqtSignal()
    #: So many weeks are to be planned.
    planned = pyqtSignal(int)
    ended = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(said.TITLE)
        back = make_button(
            self.tr("Back to all checks"), self.tr("Back to all checks (Escape)"), act=self.closed
        )
        heading = words(said.TITLE, Kind.HEADING, can_copy=False)
        lengths = ((said.WEEKS.format(count=count), count) for count in WEEKS)
        self.weeks = make_choice(said.CHOICE, items=lengths)
        self.start = make_button(said.START, act=self._ask)
        set_kind(self.start, Kind.PRIMARY)
        self.end = make_button(said.END, act=self.ended)
        self.week, self.result = words(kind=Kind.HEADING), words()
        about, limits = words(said.ABOUT), words(said.LIMITS, Kind.MUTED)
        top = in_row(back, (heading, 1))
        choices = in_row(self.weeks, self.start, self.end, 1)
        parts = about, choices, self.week, self.result, limits, 1
        margins_px = PAGE_MARGIN_PX, 0, PAGE_MARGIN_PX, 0
        in_column(top, *parts, on=self, margins_px=margins_px)
        self.show_plan(None)

    def show_plan(self, plan: Planned | None) -> None:
        """Show a plan with what came of it, or how to make one."""
        today = now().date()
        week = None if plan is None else plan.week_of(today)
        had_focus = self.start.hasFocus() or self.end.hasFocus()
        for widget in (self.weeks, self.start):
            widget.setVisible(week is None)
        self.end.setVisible(plan is not None)
        if had_focus:
            self.focus_choices()
        if plan is None:
            for label in (self.week, self.result):
                say(label, "")
            return
        last = plan.first + timedelta(days=7 * len(plan.weeks) - 1)
        over = said.OVER.format(day=day_only(self.locale(), last))
        say(self.week, over if week is None else said.describe_week(plan, week))
        since = said.SINCE.format(day=day_only(self.locale(), plan.first))
        told = (said.describe_difference(one) for one in plan.differences)
        say(self.result, "\n".join((f"{since} {said.describe_followed(plan)}", *told)))

    def focus_choices(self) -> None:
        """Hand the keys to what can be done."""
        (self.end if self.weeks.isHidden() else self.weeks).setFocus()

    def _ask(self) -> None:
        self.planned.emit(self.weeks.currentData())
