"""A Check page with a history of its own, and pictures whose names say what comes of them."""

from __future__ import annotations

import re
from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest

from app.gui.background.history import HistoryHandle, HistoryService
from app.gui.background.jobs import Jobs
from app.gui.check.measurement import CheckAnswer, Photo
from app.gui.check.page import CheckPage, CheckState
from app.gui.check.several.lines import LineColumn
from app.history.place import Place
from app.history.records import RowQuery
from app.history.store import History
from tests import made_up_results
from tests.app.gui.outcomes import SAMPLE, rejected
from vision.result import BONES_SD_DEG, Doubt, Measured, Method, TiltEstimate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    from pytestqt.qtbot import QtBot

    from app.gui.check.several.pictures import SeveralPictures
    from app.history.records import CheckRow

TIMEOUT_MS = 8000


def result_of(name: str) -> Measured:
    """Return a measurement of so many degrees as the first number in a name says."""
    found = re.search(r"-?\d+", name)
    angle_deg = float(found.group()) if found else 12.0
    tilt = TiltEstimate(Method.CONTOUR, angle_deg, Doubt(3.0, 1.0, BONES_SD_DEG))
    # No two pictures have the same landmarks.
    landmarks = {"left_hip": (300.0 + angle_deg, float(len(name)), 0.99)}
    return replace(made_up_results.measured(tilt), source=name, landmarks=landmarks)


class Desk:
    """Where several pictures are looked at, without any model."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot, self.folder = qtbot, folder
        self.handle = HistoryHandle(lambda: History.open(Place(folder / "data")))
        self.jobs = Jobs()
        self.service = HistoryService(self.jobs, self.handle, None)
        with qtbot.waitSignal(self.service.profiles_changed, timeout=TIMEOUT_MS):
            self.service.load()
        self.page = CheckPage(self.jobs, self.service, sample=SAMPLE)
        self.service.profiles_changed.connect(self.page.refresh_people)
        self.service.profile_changed.connect(self.page.refresh_people)
        self.page.refresh_people()
        qtbot.addWidget(self.page)
        self.page.resize(920, 640)
        self.page.show()
        self.view = self.page.several
        self.said: list[str] = []
        self.page.status.connect(self.said.append)
        #: While it is not set, nothing is measured.
        self.go = Event()
        self.go.set()
        self.asked: list[str] = []

    def measure(self, photo: Photo, *_: object, person_at: object = None) -> CheckAnswer:
        """Measure by the name; "front" is refused until somebody in it is chosen."""
        assert self.go.wait(10)
        name = photo.frame.source
        self.asked.append(name)
        is_refused = "front" in name and person_at is None
        return CheckAnswer(rejected() if is_refused else result_of(name), ())

    def picture(self, name: str) -> Path:
        """Return a file that is a picture, unless its name says that it is bad."""
        path = self.folder / name
        path.write_bytes(b"no picture" if "bad" in name else SAMPLE.read_bytes())
        return path

    def open(self, *names: str) -> SeveralPictures:
        """Open pictures of these names, and return them."""
        before = self.view.pictures
        self.page.open_photos([self.picture(name) for name in names])
        self.until(lambda: self.view.pictures is not before)
        assert self.page.state is CheckState.SEVERAL
        return self.pictures

    @property
    def pictures(self) -> SeveralPictures:
        pictures = self.view.pictures
        assert pictures is not None
        return pictures

    def finish(self) -> None:
        """Wait until all has been measured."""
        self.until(lambda: self.pictures.done_count == len(self.pictures.lines))

    def until(self, holds: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(holds, timeout=TIMEOUT_MS)

    def cell(self, row: int, column: LineColumn, role: Any = Qt.ItemDataRole.DisplayRole) -> Any:
        model = self.view.model
        return model.data(model.index(row, column), role)

    def outcomes(self) -> list[str]:
        return [self.cell(row, LineColumn.OUTCOME) for row in range(self.view.model.rowCount())]

    def click(self, row: int, column: LineColumn) -> None:
        """Click a cell with the mouse."""
        table: Any = self.view.table
        place = table.visualRect(self.view.model.index(row, column)).center()
        test: Any = QTest
        test.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)

    def rows(self, profile_id: int | None = None) -> list[CheckRow]:
        return self.handle.history().rows(RowQuery(profile_id), 0, 1000)

    def undo(self) -> None:
        with self.qtbot.waitSignal(self.service.changes.written, timeout=TIMEOUT_MS):
            self.service.changes.stack.undo()

    def close(self) -> None:
        self.go.set()
        self.page.close()
        assert self.jobs.close(5000)
        self.handle.close()
