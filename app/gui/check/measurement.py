"""Opening and measuring one photograph at a time, beside the GUI thread."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from app.gui.background.measuring import CheckAnswer, Photo, PhotoSource, load_photo, measure
from app.text import check
from vision.result import Measured, ReasonCode, Rejected, Severity

if TYPE_CHECKING:
    from datetime import datetime

    from app.gui.background.history import Keeper
    from app.gui.background.jobs import Jobs
    from app.history.comparison import Change
    from vision.pipeline import Segment
    from vision.result import BonyPoints

_log = logging.getLogger(__name__)
#: Opening and measuring share it: whatever is newer makes the older answer disappear.
KEY = "measure"


class CheckWork(QObject):
    """The photograph at hand and what came of it.

    Attributes
    ----------
    photo
        None before the first one was opened, and while one is being opened.
    answer
        The newest answer for it, or None.
    automatic
        The answer that needed no marks, or None.
    suggested
        Where the marked points of ``answer`` were suggested, or None.
    """

    #: A :class:`Photo`.
    opened = pyqtSignal(object)
    #: An :class:`CheckAnswer`.
    answered = pyqtSignal(object)
    #: The :class:`Change` of the answer at hand since the last check like it.
    compared = pyqtSignal(object)
    #: Nothing came of it: message and fix.
    failed = pyqtSignal(str, str)
    #: The marks cannot be used: what is wrong with them, and the fix.
    marks_refused = pyqtSignal(str)

    def __init__(self, jobs: Jobs, keeper: Keeper, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._keeper = jobs, keeper
        self.photo: Photo | None = None
        self.answer: CheckAnswer | None = None
        self.automatic: CheckAnswer | None = None
        self.suggested: BonyPoints | None = None

    def open(self, source: PhotoSource, name: str, moment: datetime | None = None) -> None:
        """Open and measure a photograph; see :func:`app.gui.background.measuring.load_photo`."""
        self.forget()
        self._jobs.start(
            KEY, lambda: load_photo(source, name, moment), self._take_photo, self._fail
        )

    def forget(self) -> None:
        """Let go of the photograph, and of any answer that is awaited."""
        self._jobs.forget(KEY)
        self.photo = self.answer = self.automatic = self.suggested = None

    def measure_marked(
        self,
        points: BonyPoints | None,
        vertical: Segment | None,
        suggested: BonyPoints | None,
    ) -> None:
        """Measure anew with what a person marked."""
        photo = self.photo
        if photo is None:
            return

        def done(answer: CheckAnswer) -> None:
            self.suggested = suggested if points is not None else None
            self._take_answer(answer)

        self._jobs.start(KEY, lambda: measure(photo, points, vertical), done, self._refuse_marks)

    def back_to_automatic(self) -> None:
        """Drop the marks."""
        self._jobs.forget(KEY)
        if self.automatic is not None:
            self.suggested = None
            self._take_answer(self.automatic)

    @property
    def is_marked(self) -> bool:
        """Tell whether the answer at hand uses what a person marked."""
        return self.answer is not None and self.answer is not self.automatic

    @property
    def markable(self) -> CheckAnswer | None:
        """What marks start from: a body that was measured, or refused as tilted alone."""
        automatic = self.automatic
        if automatic is None:
            return None
        result = automatic.result
        return automatic if isinstance(result, Measured) or is_only_tilted(result) else None

    def _take_photo(self, photo: Photo) -> None:
        self.photo = photo
        self.opened.emit(photo)

        def done(answer: CheckAnswer) -> None:
            self.automatic = answer
            self._take_answer(answer)

        self._jobs.start(KEY, lambda: measure(photo), done, self._fail)

    def _take_answer(self, answer: CheckAnswer) -> None:
        self.answer = answer
        self.answered.emit(answer)
        self._compare(answer)

    def _compare(self, answer: CheckAnswer) -> None:
        photo, result = self.photo, answer.result
        if photo is None or not isinstance(result, Measured):
            return

        def done(change: Change | None) -> None:
            if self.answer is answer and change is not None:
                self.compared.emit(change)

        self._keeper.compare(result, photo.taken_at, done)

    def _fail(self, error: Exception) -> None:
        self.photo = None
        self.failed.emit(*told(error, check.FAILED_ITSELF))

    def _refuse_marks(self, error: Exception) -> None:
        self.marks_refused.emit(" ".join(told(error, check.FAILED_ITSELF)))


def told(error: Exception, itself: tuple[str, str]) -> tuple[str, str]:
    """Return an error's message and fix; ``itself`` for one without them, our own mistake."""
    message, fix = getattr(error, "message", ""), getattr(error, "fix", "")
    if message and fix:
        return message, fix
    _log.error("%s", itself[0], exc_info=error)
    return itself


def is_only_tilted(result: Rejected) -> bool:
    """Tell whether nothing but a camera that was not level stands against a picture."""
    refusals = {r.code for r in result.reasons if r.severity is Severity.REFUSE}
    return refusals == {ReasonCode.CAMERA_TILTED}
