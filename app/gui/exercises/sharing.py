"""A list of exercises to a file and from one: what is in it, before anything is replaced."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QStandardPaths, Qt, pyqtSignal
from PyQt6.QtWidgets import QFileDialog, QFrame, QWidget

from app.exercises import sharing_text as sharing
from app.exercises import text
from app.exercises.routine import dose_of, name_of
from app.gui.exercises.pictures import ExercisePicture, OwnPictures
from app.gui.style.theme import GAP_PX, GROUP_GAP_PX, Kind, set_kind
from app.gui.widgets.cards import (
    Column,
    button_row,
    clear,
    in_column,
    in_row,
    make_button,
    say,
    words,
)
from app.system.clock import now

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.exercises.shared_list import SharedList
    from app.gui.background.jobs import Jobs
    from app.history.diary import Plan, PlannedExercise
    from app.history.store import History

_SAVE, _OPEN = "exercises to a file", "exercises from a file"
_PICTURE_PX = 160


class SharedExercise(QFrame):
    """Shows one exercise of a list that somebody has sent."""

    def __init__(self, planned: PlannedExercise, pictures: OwnPictures) -> None:
        super().__init__()
        set_kind(self, Kind.CARD)
        self.setAccessibleName(name_of(planned))
        self.picture = ExercisePicture(_PICTURE_PX, is_still=True)
        lines = (
            (dose_of(planned), Kind.BODY),
            (text.load_line(planned), Kind.BODY),
            (planned.how and sharing.HOW.format(how=planned.how), Kind.BODY),
            (planned.note and text.YOUR_NOTE.format(note=planned.note), Kind.MUTED),
        )
        shown = [words(line, kind) for line, kind in lines if line]
        column = in_column(words(name_of(planned), Kind.HEADING), *shown, 1, gap_px=GAP_PX // 2)
        layout = in_row(*(self.picture, (column, 1)), on=self, gap_px=GROUP_GAP_PX, margins_px=12)
        layout.setAlignment(self.picture, Qt.AlignmentFlag.AlignTop)
        self.picture.show_planned(planned, pictures)


class SharedListPage(Column):
    """Shows what is in a file, and asks before a person's list is replaced."""

    #: The :class:`SharedList`.
    taken = pyqtSignal(object)
    left = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.shared: SharedList | None = None
        self.whose, self.what = words(kind=Kind.HEADING), words()
        self.changes, self.ask = words(), words(sharing.ASK_YOURSELF, Kind.MUTED)
        self._lines = in_column()
        self.use = make_button(sharing.USE, is_main=True, act=lambda _: self._take())
        self.leave = make_button(sharing.LEAVE, act=self.left)
        self.add(in_column(self.whose, self.what, gap_px=GAP_PX // 2), self._lines)
        self.foot.addWidget(self.changes)
        self.foot.addWidget(self.ask)
        self.foot.addLayout(button_row(self.use, self.leave))

    def show_list(self, shared: SharedList, *, replaces_own: bool) -> None:
        """Show a list.

        Parameters
        ----------
        replaces_own
            Whether the person has a list of their own that it would replace.
        """
        self.shared = shared
        say(self.whose, shared.whose)
        say(self.what, shared.contents)
        say(self.changes, sharing.WHAT_CHANGES if replaces_own else sharing.YOURS_IS_USUAL)
        pictures = OwnPictures()
        pictures.add(shared.pictures.values())
        clear(self._lines)
        for planned in shared.plan.exercises:
            self._lines.addWidget(SharedExercise(planned, pictures))

    def take_focus(self) -> None:
        """Hand the keys to the button that changes nothing."""
        super().take_focus()
        self.leave.setFocus()

    def _take(self) -> None:
        self.taken.emit(self.shared)


class ListFiles(QObject):
    """Writes a list into a file and reads one, on a thread.

    Parameters
    ----------
    jobs, open_history
        Everything is read and written with these.
    near
        Over which widget files are chosen.
    """

    #: The :class:`SharedList` that was read.
    opened = pyqtSignal(object)
    said = pyqtSignal(str)
    failed = pyqtSignal(Exception)

    def __init__(self, jobs: Jobs, open_history: Callable[[], History], near: QWidget) -> None:
        super().__init__(near)
        self._jobs, self._open, self._near = jobs, open_history, near

    def save(self, plan: Plan) -> None:
        """Ask where a list is to be written."""
        dialog = self._dialog(sharing.SAVE, lambda path: self.save_to(path, plan))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        suffix = _suffix()
        dialog.setDefaultSuffix(suffix.removeprefix("."))
        dialog.selectFile(sharing.FILE_NAME + suffix)
        dialog.open()

    def open(self) -> None:
        """Ask which file is to be looked at."""
        dialog = self._dialog(sharing.OPEN, self.open_from)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.open()

    def save_to(self, path: Path, plan: Plan) -> None:
        """Write a list into this file."""

        def work() -> SharedList:
            from app.exercises.shared_list import list_of, write_list

            shared = list_of(self._open(), plan, now().local.date())
            write_list(path, shared)
            return shared

        def done(shared: SharedList) -> None:
            self.said.emit(sharing.SAVED.format(contents=shared.contents))

        # In order, so that pictures that wait to be written are there.
        self._jobs.start(_SAVE, work, done, self.failed.emit, in_order=True)

    def open_from(self, path: Path) -> None:
        """Read this file, and change nothing."""

        def work() -> SharedList:
            from app.exercises.shared_list import read_list

            return read_list(path)

        self._jobs.start(_OPEN, work, self.opened.emit, self.failed.emit)

    def forget(self) -> None:
        """Show no more what is being read: it was opened for somebody else."""
        self._jobs.forget(_OPEN)

    def _dialog(self, title: str, then: Callable[[Path], None]) -> QFileDialog:
        place = QStandardPaths.StandardLocation.DocumentsLocation
        folder = QStandardPaths.writableLocation(place)
        dialog = QFileDialog(self._near.window(), title.rstrip("…"), folder)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setNameFilters([sharing.FILES.format(suffix=_suffix())])
        dialog.fileSelected.connect(lambda name: then(Path(name)))
        return dialog


def _suffix() -> str:
    from app.exercises.shared_list import SUFFIX

    return SUFFIX
