"""The way to all that helps: opens it, and does what was chosen there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, Qt, pyqtSignal

from app import Help, Page

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtWidgets import QDialog, QWidget

    from app.gui.background.history import HistoryService
    from app.gui.background.jobs import Jobs
    from app.gui.check.page import CheckPage
    from app.gui.help.first_steps import FirstChoice
    from app.gui.help.tour import Tour
    from app.history.store import History


class HelpDoor(QObject):
    """Opens what helps, one at a time.

    Parameters
    ----------
    jobs
        Look at what works.
    service
        Knows the people.
    check
        Returns the page where pictures are measured.
    """

    page_wanted = pyqtSignal(str)
    failed = pyqtSignal(Exception)

    def __init__(self, jobs: Jobs, service: HistoryService, check: Callable[[], CheckPage]) -> None:
        super().__init__()
        self._jobs, self._service, self._check = jobs, service, check
        self.shown: QDialog | None = None
        self.tour: Tour | None = None

    def open(self, which: str) -> None:
        """Open one of these in front of the window."""
        if which == Help.WELCOME:
            self._offer()
            return
        window = self._check().window()
        if which == Help.TOUR and window is not None:
            self._lead(window)
            return
        if self.shown is not None:
            self.shown.raise_()
            self.shown.activateWindow()
            return
        makers = {
            Help.FIRST_STEPS: self._first_steps,
            Help.DOCTOR: self._doctor,
            Help.SHEET: self._sheet,
        }
        self.shown = dialog = makers[Help(which)](window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._forget)
        dialog.open()

    def _offer(self) -> None:
        """Ask the first questions once people are known, where nothing was ever kept."""
        self._service.profiles_changed.connect(self._look_whether_new)

    def _lead(self, window: QWidget) -> None:
        from app.gui.help.tour import Tour

        if self.tour is not None:
            self.tour.leave()
        self.tour = Tour(window)
        self.tour.page_wanted.connect(self.page_wanted)
        self.tour.over.connect(self._forget_tour)
        self.tour.begin()

    def _forget_tour(self) -> None:
        self.tour = None

    def _forget(self) -> None:
        self.shown = None

    def _look_whether_new(self) -> None:
        self._service.profiles_changed.disconnect(self._look_whether_new)

        def count(history: History) -> int:
            from app.history.records import RowQuery

            return history.count(RowQuery(None))

        def done(count: int) -> None:
            if not count and len(self._service.profiles()) == 1 and self.shown is None:
                self.open(Help.FIRST_STEPS)

        # Where the history cannot be read there are other worries, which are told already.
        self._service.read("first steps", count, done, lambda _: None)

    def _first_steps(self, window: QWidget | None) -> QDialog:
        from app.gui.help.first_steps import FirstSteps
        from app.history.place import usual_folder

        dialog = FirstSteps(usual_folder(), window)
        dialog.answered.connect(self._begin)
        return dialog

    def _doctor(self, window: QWidget | None) -> QDialog:
        from app.gui.help.doctor import DoctorDialog

        dialog = DoctorDialog(self._jobs, parent=window)
        dialog.page_wanted.connect(self.page_wanted)
        dialog.camera_wanted.connect(self._try_camera)
        return dialog

    def _sheet(self, window: QWidget | None) -> QDialog:
        from app.gui.help.sheet import SheetDialog

        dialog = SheetDialog(self._jobs, window)
        dialog.failed.connect(self.failed)
        return dialog

    def _try_camera(self) -> None:
        self.page_wanted.emit(Page.CHECK.value)
        self._check().show_camera()

    def _begin(self, chosen: FirstChoice) -> None:
        from app.gui.help.first_steps import Next, Way

        if chosen.name:
            self._use_name(chosen.name)
        self.page_wanted.emit(Page.CHECK.value)
        page = self._check()
        if chosen.then is Next.SAMPLE:
            page.try_sample()
        elif chosen.then is Next.TOUR:
            self.open(Help.TOUR)
        elif chosen.way is Way.CAMERA:
            page.show_camera()
        elif chosen.way is Way.PHONE:
            page.phone.ask()
        elif chosen.way is Way.PHOTO:
            page.choose_photo()

    def _use_name(self, name: str) -> None:
        """Give the name to the person whom the program made up, or add somebody."""
        from app.gui.people import change_profile
        from app.history.store import first_name

        clients = self._service.clients()
        made_up = clients[0] if len(clients) == 1 else None
        if made_up is not None and made_up.last_seen_at is None:
            known = made_up.profile
            if known.name in ("Me", first_name()):
                said = self.tr("Renamed {before}").format(before=known.name)
                wanted = replace(known, name=name)
                change_profile(self._service, said, known, wanted, self.failed.emit)
                return
        added: list[int] = []
        self._service.change(
            lambda history: added.append(history.add_profile(name).id),
            lambda: self._service.set_current_profile(added[0]),
            self.failed.emit,
        )
