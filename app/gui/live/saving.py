"""Keeps what the Live page measured, and takes it back."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from app.gui.widgets.status import sentence_of
from app.history.diary import RangeKept, RangeSource
from app.history.from_measurement import look_for_belt, new_check, pairs_of, tilt_of
from app.history.ranges import read_ranges
from app.history.records import NewSqueeze
from app.system.clock import now
from app.text import calibration, live
from vision.live.events import SqueezeResult
from vision.marks.calibration import RefusedCalibration, calibrate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.gui.background.history import HistoryService, SavedCheck
    from app.gui.background.jobs import Jobs
    from app.history.ranges import RangeTaken
    from app.history.records import Squeeze, SqueezeAnswers
    from app.history.store import History, OwnedName
    from vision.live.events import FinishedCheck
    from vision.range_of_motion import RangeResult
    from vision.result import Measured

_log = logging.getLogger(__name__)
_BELT = "live belt line"
_EARLIER = "live squeezes"


@dataclass(frozen=True, slots=True)
class _NewRange:
    """A range test about to be kept."""

    profile_id: int
    taken_at: datetime
    kept: RangeKept


class LiveKeeping(QObject):
    """One result at a time: being kept, kept, or taken back."""

    #: A check or test is in the history; a sentence on the change, or empty.
    kept = pyqtSignal(str)
    #: Why it could not be kept.
    failed = pyqtSignal(str)
    #: What was kept is in the bin now; says so.
    deleted = pyqtSignal(str)
    #: What calibrating with the check at hand came to, and whether it was kept.
    calibrated = pyqtSignal(str, bool)
    #: The person's tests of that kind before this one, oldest first.
    earlier_read = pyqtSignal(object)

    def __init__(self, jobs: Jobs, service: HistoryService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._service = jobs, service
        self.keeps_pictures = True
        self._check: tuple[FinishedCheck, tuple[datetime, ...]] | None = None
        self._test: NewSqueeze | _NewRange | None = None
        self._table: OwnedName = "squeezes"
        self._id: int | None = None
        self._answers: SqueezeAnswers | None = None
        #: Grows with every result; what is said of an older one is dropped.
        self._number = 0

    def keep_check(self, finished: FinishedCheck, taken_at: Sequence[datetime]) -> bool:
        """Keep a check once its belt line was looked for; tell whether there is one to keep."""
        self._begin()
        if tilt_of(finished) is None:
            return False
        self._check = finished, tuple(taken_at)
        number = self._number

        def found(measured: Measured | None) -> None:
            if number == self._number:
                self._save_check(measured)

        def not_found(error: Exception) -> None:
            _log.error("Looking for the belt line failed", exc_info=error)
            found(None)

        self._jobs.start(_BELT, lambda: look_for_belt(finished), found, not_found)
        return True

    def keep_test(
        self,
        result: SqueezeResult | RangeResult,
        taken_at: datetime | None = None,
        source: RangeSource = RangeSource.LIVE,
    ) -> None:
        """Keep a test; answers to a squeeze test may follow.

        Parameters
        ----------
        taken_at
            When, with its offset from UTC; None for now.
        source
            Of a range test.
        """
        self._begin()
        profile_id = self._service.current_profile_id
        if profile_id is None:
            self.failed.emit(" ".join(live.NOT_KEPT))
            return
        at = now().local if taken_at is None else taken_at
        if isinstance(result, SqueezeResult):
            self._test = NewSqueeze(profile_id, at, result)
        else:
            self._test = _NewRange(profile_id, at, RangeKept(result, source))
        self.save_test()

    def save_test(self) -> None:
        """Keep the test at hand, perhaps once more after it failed."""
        test, number = self._test, self._number
        if test is None:
            return
        read: list[tuple[int, list[Squeeze] | list[RangeTaken]]] = []

        def done() -> None:
            if number != self._number:
                return
            self._test, (self._id, earlier) = None, read[0]
            self._table = "squeezes" if isinstance(test, NewSqueeze) else "diary"
            self.kept.emit("")
            self.earlier_read.emit(earlier)
            if self._answers is not None:
                self.keep_answers(self._answers)

        self._service.change(
            lambda history: read.append(_saved(history, test)),
            done,
            lambda error: self._fail(number, error),
        )

    def keep_answers(self, answers: SqueezeAnswers) -> None:
        """Keep what the person said, now or when the test itself is kept."""
        self._answers, number = answers, self._number
        squeeze_id = self._id
        if squeeze_id is not None:
            self._service.change(
                lambda history: history.set_squeeze_answers(squeeze_id, answers),
                None,
                lambda error: self._fail(number, error),
            )

    def calibrate(self, finished: FinishedCheck, taken_at: Sequence[datetime]) -> None:
        """Keep what the stickers of a check say of the person's bones, each repeat a picture."""
        profile_id = self._service.current_profile_id
        pairs, refused = pairs_of(finished, taken_at)
        found = RefusedCalibration(refused) if refused else calibrate(pairs)
        if isinstance(found, RefusedCalibration):
            said = (f"{reason.message} {reason.fix}" for reason in found.reasons[:1])
            self.calibrated.emit(" ".join(said), False)
            return
        if profile_id is None:
            self.calibrated.emit(" ".join(live.NOT_KEPT), False)
            return
        kept: list[int] = []

        def work(history: History) -> None:
            from app.history.calibration import keep_calibration

            kept.append(keep_calibration(history, profile_id, found, pairs))

        def done() -> None:
            said = calibration.describe_offset(found), calibration.KEPT
            self.calibrated.emit(" ".join(said), True)
            self._service.changes.keep(
                calibration.KEPT, lambda history: history.delete(kept, "diary")
            )

        self._service.change(
            work, done, lambda error: self.calibrated.emit(sentence_of(error), False)
        )

    def delete_check(self) -> None:
        """Take the check at hand out of the history, with a way back."""
        check_id, self._id = self._id, None
        if check_id is not None:
            self._delete(live.DELETED, [check_id], "checks")

    def delete_test(self) -> None:
        """Take the test at hand out of the history, with a way back."""
        test_id, self._id = self._id, None
        table = self._table
        if test_id is not None:
            self._delete(live.DELETED_TEST, [test_id], table)

    def finish(self) -> None:
        """Keep at once what still waits, because the window closes."""
        if self._check is not None:
            self._jobs.forget(_BELT)
            self._save_check(None)

    def _begin(self) -> None:
        self.finish()
        self._number += 1
        self._id = self._test = self._answers = None

    def _save_check(self, measured: Measured | None) -> None:
        check, self._check = self._check, None
        profile_id, number = self._service.current_profile_id, self._number
        if check is None:
            return
        new = None
        if profile_id is not None:
            new = new_check(*check, profile_id, self.keeps_pictures, measured)
        if new is None:
            self.failed.emit(" ".join(live.NOT_KEPT))
            return

        def done(kept: SavedCheck) -> None:
            if number == self._number:
                self._id = kept.check_id
                self.kept.emit(kept.change)

        self._service.save(new, done, lambda error: self._fail(number, error))

    def _fail(self, number: int, error: Exception) -> None:
        said = getattr(error, "message", ""), getattr(error, "fix", "")
        if not all(said):
            _log.error("Keeping a live result failed", exc_info=error)
            said = live.NOT_KEPT
        if number == self._number:
            self.failed.emit(" ".join(said))

    def _delete(self, said: str, ids: list[int], table: OwnedName) -> None:
        self._service.changes.delete(said, lambda history: history.delete(ids, table))
        self.deleted.emit(said)


def _saved(
    history: History, test: NewSqueeze | _NewRange
) -> tuple[int, list[Squeeze] | list[RangeTaken]]:
    """Keep a test, and return its number and those of that kind before it."""
    if isinstance(test, NewSqueeze):
        squeezes = history.squeezes(test.profile_id)
        return history.save_squeeze(test).id, squeezes
    ranges = read_ranges(history, test.profile_id)
    return history.note(test.profile_id, test.taken_at, test.kept).id, ranges
