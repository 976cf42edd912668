"""The photographs of a worklist, decoded beside the GUI thread before they are needed."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from PyQt6.QtCore import QObject, pyqtSignal

from app.study import StudyError
from app.text import measurement
from app.text.research import rating
from vision.reasons import ExplainedError

if TYPE_CHECKING:
    from app.gui.background.jobs import Jobs
    from app.study.worklist import WorkEntry, Worklist
    from vision.image.frame import Frame

_log = logging.getLogger(__name__)
#: What came of a photograph.
Decoded: TypeAlias = "Frame | ExplainedError | StudyError"


class PictureShelf(QObject):
    """Holds the photograph that is looked at and the one that follows, and no more.

    Parameters
    ----------
    jobs
        Where decoding is done.
    worklist
        Whose photographs.
    """

    #: The photograph of the item with this id is there, or will never be.
    came = pyqtSignal(str)

    def __init__(self, jobs: Jobs, worklist: Worklist, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._worklist = jobs, worklist
        self._decoded: dict[str, Decoded] = {}

    def want(self, *items: WorkEntry | None) -> None:
        """Get these ready, in this order, and let go of all others."""
        wanted = {item.id: item for item in items if item is not None}
        self._decoded = {key: got for key, got in self._decoded.items() if key in wanted}
        for key, item in wanted.items():
            job = f"photograph {key}"
            if key in self._decoded or self._jobs.is_busy(job):
                continue
            done = partial(self._take, key)
            self._jobs.start(job, partial(_decode, self._worklist, item), done, done)

    def look(self, item: WorkEntry) -> Decoded | None:
        """Return what came of a photograph; None as long as it is not there."""
        return self._decoded.get(item.id)

    def _take(self, key: str, got: Decoded | Exception) -> None:
        if isinstance(got, Exception) and not isinstance(got, ExplainedError | StudyError):
            _log.error("Decoding a photograph failed", exc_info=got)
            got = StudyError(measurement.INTERNAL_ERROR)
        self._decoded[key] = got
        self.came.emit(key)


def _decode(worklist: Worklist, item: WorkEntry) -> Frame:
    """Read a photograph, which must be the one whose places the answers are given in."""
    from vision.image.frame import load_frame

    frame = load_frame(worklist.picture_of(item))
    if (frame.width_px, frame.height_px) != (item.width_px, item.height_px):
        raise StudyError(rating.ANOTHER_PICTURE)
    return frame
