"""The window for a rater: one photograph after the other, and nothing of earlier answers."""

from __future__ import annotations

from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, Qt
from PyQt6.QtWidgets import QApplication, QWidget

from app.gui.background.jobs import Jobs
from app.gui.rating.page import Draft, RatingPage
from app.gui.rating.panel import KEYS
from app.gui.rating.pictures import PictureShelf
from app.gui.rating.screens import RaterChoice, RatingEnd, RatingPause, RatingStart
from app.gui.rating.session import RatingSession
from app.gui.style.theme import Kind, set_kind
from app.gui.widgets.cards import Column, LateStack, in_column
from app.gui.widgets.status import FloatingMessages, ProgressSign, StatusLine, sentence_of
from app.study.design import Study
from app.text.research import rating

if TYPE_CHECKING:
    from PyQt6.QtGui import QCloseEvent

    from app.gui.rating.session import Clock
    from app.study.worklist import WorkEntry, Worklist
    from vision.image.frame import Frame

_SMALLEST_PX, _FIRST_PX = (900, 600), (1180, 800)
#: Answers are kept by jobs of this key.
_KEEP = "keep"
#: An answer that a slow disk is still taking gets so long when the window is closed.
_CLOSE_MS = 10_000


class RatingWindow(QWidget):
    """Shows a rater's photographs.

    Parameters
    ----------
    work
        A rater's photographs, or a study, where somebody first says who they are.
    clock
        Seconds that never go back; for how long a photograph is looked at.
    """

    def __init__(self, work: Worklist | Study, clock: Clock = monotonic) -> None:
        super().__init__()
        self._clock = clock
        self.jobs = Jobs(self)
        self.session: RatingSession | None = None
        self._shelf: PictureShelf | None = None
        self._drafts: dict[str, Draft] = {}
        self._is_keeping = self._is_left = False
        self._build()
        self._connect()
        if isinstance(work, Study):
            self.choice = RaterChoice(work.raters)
            self.choice.chosen.connect(partial(self._choose, work))
            self._show(self.choice)
        else:
            self._open(work)

    def go_on(self) -> None:
        """Show the photograph, and let its clock run."""
        self._show(self.page)
        self._turn()

    def pause(self) -> None:
        """Hide the photograph, and stop its clock."""
        if self._is_shown(self.page) and not self._is_keeping:
            self.page.clear()
            self._show(self.pause_screen)

    def go_back(self) -> None:
        """Show the photograph that was answered last, as it was answered."""
        if self.session is not None and not self._is_keeping:
            self.session.go_back()
            self.go_on()

    def changeEvent(self, event: QEvent | None) -> None:
        """Pause when somebody turns to another window."""
        super().changeEvent(event)
        is_turned = event is not None and event.type() == QEvent.Type.ActivationChange
        if is_turned and hasattr(self, "page"):
            self._is_left = not self._has_the_keys()
            if self._is_left:
                self.pause()

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """Let an answer that is on its way to the disk get there."""
        self.page.clear()
        self.jobs.close(_CLOSE_MS)
        super().closeEvent(event)

    def _build(self) -> None:
        self.setWindowTitle(rating.WINDOW_TITLE)
        self.setMinimumSize(*_SMALLEST_PX)
        self.resize(*_FIRST_PX)
        set_kind(self, Kind.PAGE)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.page, self.pause_screen = RatingPage(), RatingPause()
        self.start, self.end = RatingStart(KEYS), RatingEnd()
        self._stack, self.status = LateStack(), StatusLine()
        self._stack.expect(self.page, self.pause_screen, self.start, self.end)
        progress = ProgressSign(self.jobs, _KEEP)
        progress.setAccessibleName(self.tr("Keeping your answer"))
        in_column(progress, (self._stack, 1), on=self, gap_px=0)
        self.messages = FloatingMessages(self._stack, self.status)

    def _connect(self) -> None:
        self.start.begin_wanted.connect(self.go_on)
        self.pause_screen.go_on_wanted.connect(self.go_on)
        self.page.answered.connect(self._keep)
        self.page.pause_wanted.connect(self.pause)
        for part in (self.page, self.end):
            part.back_wanted.connect(self.go_back)
        for screen in (self.start, self.pause_screen, self.end):
            screen.close_wanted.connect(self.close)

    def _choose(self, study: Study, rater: str) -> None:
        def failed(error: Exception) -> None:
            self.choice.show_problem(sentence_of(error))

        self.jobs.start("open", lambda: study.worklist(rater), self._open, failed)

    def _open(self, worklist: Worklist) -> None:
        session = self.session = RatingSession(worklist)
        self._shelf = PictureShelf(self.jobs, worklist, self)
        self._shelf.came.connect(self._take_picture)
        if session.current is None:
            self._show_end()
            return
        self._shelf.want(session.current, session.following)
        self.start.show_state(session.answered, session.count)
        self._show(self.start)

    def _take_picture(self, item: str) -> None:
        current = None if self.session is None else self.session.current
        if current is not None and current.id == item and self._is_shown(self.page):
            self._turn()

    def _turn(self) -> None:
        """Show the photograph to rate, pass over those that cannot be shown, or end."""
        session, shelf = self.session, self._shelf
        if session is None or shelf is None:
            return
        self.page.clear()
        while (item := session.current) is not None:
            shelf.want(item, session.following)
            got = shelf.look(item)
            self.page.show_place(
                session.number,
                session.count,
                is_last=session.following is None,
                can_go_back=session.last is not None,
            )
            if got is None:
                return  # it will come
            if not isinstance(got, Exception):
                self.page.begin(got, self._draft_of(item, got))
                return
            message = getattr(got, "message", "")
            self.status.say(rating.LEFT_OUT.format(number=session.number, message=message))
            session.leave_open()
        self._show_end()

    def _draft_of(self, item: WorkEntry, frame: Frame) -> Draft:
        """Return what was marked so far; of answered photographs, only of the last one."""
        session = self.session
        last = None if session is None else session.last
        near = {item.id, *(() if last is None else (last.id,))}
        near |= {key for key in self._drafts if session is not None and session.is_open(key)}
        self._drafts = {key: draft for key, draft in self._drafts.items() if key in near}
        if item.id not in self._drafts:
            size_px = frame.width_px, frame.height_px
            self._drafts[item.id] = Draft.blank(size_px, self._clock)
        return self._drafts[item.id]

    def _keep(self) -> None:
        session = self.session
        item = None if session is None else session.current
        if session is None or item is None or self._is_keeping:
            return
        self.page.hold()
        given = self._drafts[item.id].rating(item.id)
        self._is_keeping = True
        self.page.wait(True)

        def done(_: None) -> None:
            self._is_keeping = False
            self.page.wait(False)
            session.go_on()
            self._turn()
            if self._is_left:
                self.pause()

        def failed(error: Exception) -> None:
            self._is_keeping = False
            self.page.wait(False)
            self.page.show_problem(sentence_of(error))

        self.jobs.start(_KEEP, partial(session.keep, given), done, failed, in_order=True)

    def _show_end(self) -> None:
        session = self.session
        if session is not None:
            done = session.answered, session.left_open, session.worklist.folder
            self.end.show_end(*done, session.last is not None)
            self._show(self.end)

    def _show(self, view: QWidget) -> None:
        self._stack.show_view(view)
        if isinstance(view, Column):
            view.take_focus()

    def _is_shown(self, view: QWidget) -> bool:
        return self._stack.currentWidget() is view

    def _has_the_keys(self) -> bool:
        active = QApplication.activeWindow()
        return active is not None and (active is self or self.isAncestorOf(active))
