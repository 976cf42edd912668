"""The range test from three photographs: one is chosen for each position."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QFileDialog, QLabel, QPushButton

from app.gui.style.theme import Kind
from app.gui.widgets.cards import (
    BODY,
    LARGE,
    LiveCard,
    in_column,
    in_row,
    make_button,
    named,
    words,
)
from app.gui.widgets.plain import plain_tip
from app.text import range_test
from vision.reasons import ExplainedError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from app.gui.background.jobs import Jobs
    from vision.range_of_motion import RangeResult, RefusedRange
    from vision.result import TiltEstimate

_log = logging.getLogger(__name__)
_JOB = "range photographs"
_PATTERNS = "*.jpg *.jpeg *.png *.webp *.tif *.tiff *.heic *.heif"


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """What three photographs gave, and when the last of them was taken."""

    result: RangeResult | RefusedRange
    taken_at: datetime


class PositionRefused(ExplainedError):
    """A photograph of a position that gives no angle."""


class RangePhotographs(LiveCard):
    """Takes a photograph of each position and works the range out of them."""

    #: The :class:`WorkedOut`.
    worked_out = pyqtSignal(object)
    closed = pyqtSignal()

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self._paths: dict[str, Path] = {}
        self.setAccessibleName(range_test.FROM_PHOTOGRAPHS)
        self.add_words(LARGE, is_bold=True).say(range_test.FROM_PHOTOGRAPHS)
        self.add_words(BODY).say(range_test.FROM_PHOTOGRAPHS_ABOUT)
        self.choose: dict[str, QPushButton] = {}
        self.names: dict[str, QLabel] = {}
        for position, title in range_test.POSITIONS.items():
            self._add_position(position, title)
        self.outcome = self.add_words(BODY, is_bold=True, at_foot=True)
        self.column.addStretch(1)
        self.work_out = make_button(range_test.WORK_OUT, is_main=True, act=self._work_out)
        self.work_out.setEnabled(False)
        self.back = make_button(self.tr("Back"), self.tr("Back to the camera"), act=self.closed)
        self.add_buttons(self.work_out, self.back)
        self.setFocusProxy(self.choose["tucked"])

    def begin(self) -> None:
        """Ask for three photographs anew."""
        self._jobs.forget(_JOB)
        self._paths.clear()
        for name in self.names.values():
            name.setText(range_test.NOT_CHOSEN)
        self.work_out.setEnabled(False)
        self.outcome.say("")

    def take(self, position: str, path: Path) -> None:
        """Take a photograph for a position."""
        self._paths[position] = path
        self.names[position].setText(path.name)
        self.names[position].setToolTip(plain_tip(str(path)))
        self.outcome.say("")
        self.work_out.setEnabled(len(self._paths) == len(range_test.POSITIONS))

    def _add_position(self, position: str, title: str) -> None:
        about = f"{title}: {range_test.HOW[position]}"
        button = named(make_button(range_test.CHOOSE), about)
        button.clicked.connect(lambda: self._ask(position))
        self.choose[position], self.names[position] = button, words(range_test.NOT_CHOSEN)
        said = in_column(words(about, Kind.BODY), self.names[position], gap_px=0)
        self.column.addLayout(in_row(button, (said, 1)))

    def _ask(self, position: str) -> None:
        known = next(reversed(self._paths.values()), None)
        folder = "" if known is None else str(known.parent)
        dialog = QFileDialog(self.window(), range_test.POSITIONS[position], folder)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        pictures = self.tr("Pictures ({patterns})").format(patterns=_PATTERNS)
        dialog.setNameFilters([pictures, self.tr("All files (*)")])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda file: self.take(position, Path(file)))
        dialog.open()

    def _work_out(self) -> None:
        paths = dict(self._paths)
        self.work_out.setEnabled(False)
        self.outcome.say(range_test.MEASURING)
        self._jobs.start(_JOB, lambda: work_out(paths), self._done, self._fail)

    def _done(self, found: WorkedOut) -> None:
        self.work_out.setEnabled(True)
        self.outcome.say("")
        self.worked_out.emit(found)

    def _fail(self, error: Exception) -> None:
        self.work_out.setEnabled(True)
        is_told = isinstance(error, ExplainedError)
        if not is_told:
            _log.error("Working out a range from photographs failed", exc_info=error)
        self.outcome.say(str(error) if is_told else range_test.FAILED)


def work_out(paths: Mapping[str, Path]) -> WorkedOut:
    """Measure a photograph of each position and put them together.

    Raises
    ------
    PositionRefused
        When one of them gives no angle; the text says which, and what to do.
    """
    from app.history.from_measurement import taken_at
    from vision.range_of_motion import PositionTilts, assess_range

    tilts = {position: (_tilt_in(position, path),) for position, path in paths.items()}
    result = assess_range(PositionTilts(**tilts), is_one_camera=False)
    return WorkedOut(result, max(taken_at(path) for path in paths.values()))


def _tilt_in(position: str, path: Path) -> TiltEstimate:
    from vision.image.frame import load_frame
    from vision.pipeline import measure_photo
    from vision.reasons import PhotoError
    from vision.result import Measured, Severity

    name = range_test.POSITIONS[position]
    try:
        result = measure_photo(load_frame(path))
    except PhotoError as error:
        raise PositionRefused(f"{name}: {error.message}", error.fix) from error
    if isinstance(result, Measured):
        return result.tilt
    reason = next(one for one in result.reasons if one.severity is Severity.REFUSE)
    raise PositionRefused(f"{name}: {reason.message}", reason.fix)
