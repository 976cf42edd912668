"""What was looked at in this sitting, one photograph or several at a time, and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from app.gui.check.measurement import AtHand
from app.gui.check.several.pictures import (
    FoundPictures,
    SeveralKind,
    SeveralPictures,
    find_pictures,
)
from app.text import several
from vision.reasons import FileProblem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from app.gui.background.history import HistoryService
    from app.gui.background.jobs import Jobs
    from app.gui.check.measurement import CheckWork
    from app.gui.check.result import SaveBar
    from app.gui.check.several.pictures import PictureLine
    from app.gui.check.several.view import SeveralView

_FIND = "find pictures"
#: A photograph of a telephone takes some 40 MB while it can be come back to.
_MOST_RESULTS = 6


@dataclass(frozen=True, slots=True, eq=False)
class Visit:
    """Something that can be come back to, and what it is called."""

    name: str
    what: AtHand | SeveralPictures

    @property
    def thing(self) -> object:
        """The same for each visit to one photograph, and to the same pictures."""
        return self.what.photo if isinstance(self.what, AtHand) else self.what


class Sitting(QObject):
    """The last results, the newest last; leads to them, and to several pictures at once.

    Parameters
    ----------
    work
        The photograph at hand.
    view
        Shows several pictures.
    save_bar
        Is told what was kept of a picture before it is shown alone.
    """

    #: Another photograph is going to be shown: its name.
    turned_to = pyqtSignal(str)
    #: It is being read.
    waits = pyqtSignal()
    several_shown = pyqtSignal()
    #: There is nothing to show.
    emptied = pyqtSignal()
    #: Of several pictures there is one alone: a path.
    one_found = pyqtSignal(Path)
    remarked = pyqtSignal(str)

    def __init__(
        self,
        jobs: Jobs,
        service: HistoryService,
        work: CheckWork,
        view: SeveralView,
        save_bar: SaveBar,
    ) -> None:
        super().__init__(view)
        self._jobs, self._service = jobs, service
        self._work, self._view, self._save_bar = work, view, save_bar
        self._visits: list[Visit] = []
        self._several: SeveralPictures | None = None
        #: The one of several that is shown alone.
        self._line: PictureLine | None = None
        view.line_wanted.connect(self.open_line)
        view.cancelled.connect(self.cancel)
        save_bar.saved.connect(self._note_saved)

    def keep(self, name: str) -> None:
        """Keep the photograph at hand to come back to, unless it has no name."""
        now = self._work.at_hand()
        if now is None:
            return
        if self._several is not None and self._line is not None:
            whose = self._service.current_profile_id
            self._several.take_back(self._line, now.answers, whose)
        elif name:
            self._add(Visit(name, now))

    def leave(self) -> None:
        """Turn to something new, which stands for itself."""
        self._several = self._line = None

    @property
    def has_back(self) -> bool:
        """Whether there is something before what is at hand."""
        return self._line is not None or self._place() > 0

    def go_back(self) -> None:
        """Show what came before, or the several of which one was shown alone."""
        if self._several is not None and self._line is not None:
            self._show_several(self._several)
        elif self._place() > 0:
            self._come_back_to(self._visits[self._place() - 1])

    def come_back(self) -> bool:
        """Show the last result again after nothing came of another; tell whether there is one."""
        if self._several is not None and self._line is not None:
            self._show_several(self._several)
        elif self._visits:
            self._come_back_to(self._visits[-1])
        else:
            return False
        return True

    def open_several(self, paths: Sequence[Path]) -> None:
        """Look at several files, or at the pictures in a folder."""

        def fail(error: Exception) -> None:
            problem = (
                FileProblem.FORBIDDEN if isinstance(error, OSError) else FileProblem.UNOPENABLE
            )
            self.remarked.emit(" ".join(problem.value))

        self._jobs.start(_FIND, lambda: find_pictures(paths), self._take, fail)

    def open_series(self, moments: Mapping[Path, datetime]) -> None:
        """Look at pictures of one stance, of each of which it is known when it was taken."""
        self._take(FoundPictures(tuple(moments), moments=moments))

    def open_line(self, line: PictureLine) -> None:
        """Show one of several alone."""
        pictures = self._view.pictures
        if pictures is None or line.answers is None or line.taken_at is None:
            return
        self._several, self._line = pictures, line
        name = line.path.name
        self.turned_to.emit(name)
        if line.profile_id is not None:
            self._service.set_current_profile(line.profile_id)
            if line.measured is not None:
                check_id = line.check_id if line.is_kept else None
                self._save_bar.know(line.measured, line.profile_id, check_id)
        self._work.reopen(line.path, name, line.taken_at, line.answers)
        self.waits.emit()

    def hand_over(self) -> list[Visit] | None:
        """Return all that can be come back to; None if that cannot be handed over."""
        is_whole = not any(isinstance(visit.what, SeveralPictures) for visit in self._visits)
        return list(self._visits) if is_whole else None

    def take_over(self, visits: list[Visit]) -> None:
        """Go on with what was looked at in another window."""
        self._visits = list(visits)
        self.come_back()

    def cancel(self) -> None:
        """Look at none of the several that are asked about."""
        pictures = self._several
        if pictures is not None:
            pictures.forget()
            self._visits = [visit for visit in self._visits if visit.what is not pictures]
        self.leave()
        if not self.come_back():
            self.emptied.emit()

    def _take(self, found: FoundPictures) -> None:
        if not found.paths:
            self.remarked.emit(several.NO_PICTURES)
            return
        if len(found.paths) == 1:
            self.one_found.emit(found.paths[0])
            return
        pictures = SeveralPictures(self._jobs, self._service, found)
        pictures.start()
        if found.folder:
            pictures.set_kind(SeveralKind.BATCH)
        elif found.moments:
            pictures.set_kind(SeveralKind.SERIES)
        self.turned_to.emit("")
        self._several, self._line = pictures, None
        self._add(Visit("", pictures))
        self._show_several(pictures)

    def _come_back_to(self, visit: Visit) -> None:
        if isinstance(visit.what, SeveralPictures):
            self._show_several(visit.what)
            return
        self.leave()
        self.turned_to.emit(visit.name)
        self._work.come_back_to(visit.what)

    def _show_several(self, pictures: SeveralPictures) -> None:
        self.turned_to.emit("")
        self._work.forget()
        self._several, self._line = pictures, None
        self._view.show_pictures(pictures, self.has_back)
        self.several_shown.emit()

    def _place(self) -> int:
        """Return which visit is at hand; how many there are, if none is."""
        thing = self._several if self._several is not None else self._work.photo
        places = (n for n, visit in enumerate(self._visits) if visit.thing is thing)
        return next(places, len(self._visits))

    def _add(self, visit: Visit) -> None:
        places = (n for n, one in enumerate(self._visits) if one.thing is visit.thing)
        place = next(places, len(self._visits))
        self._visits[place : place + 1] = [visit]
        for gone in self._visits[:-_MOST_RESULTS]:
            if isinstance(gone.what, SeveralPictures):
                gone.what.forget()
        del self._visits[:-_MOST_RESULTS]

    def _note_saved(self, check_id: int) -> None:
        if self._several is not None and self._line is not None:
            whose = self._service.current_profile_id
            self._several.note_kept(self._line, check_id, whose)
