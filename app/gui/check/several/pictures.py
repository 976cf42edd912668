"""Several pictures at once: found, measured one after the other beside the GUI thread, and kept.

Pixels are let go as soon as a picture was measured; what is opened or kept is read again.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtGui import QImage

from app.gui.check import measurement
from app.gui.check.measurement import Answers, CheckAnswer, load_photo, told
from app.gui.check.start import PICTURE_SUFFIXES, is_folder
from app.history.records import NewCheck, Repeat
from app.text import check, several
from vision.result import Measured, Unreadable
from vision.series import RefusedSeries, Series

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from numpy.typing import NDArray

    from app.gui.background.history import HistoryService
    from app.gui.background.jobs import Jobs
    from app.gui.check.measurement import Photo
    from app.history.store import History
    from vision.marks.calibration import Calibration
    from vision.result import PhotoResult

#: More are not taken at once.
MOST_PICTURES = 500
#: Longer side of a small picture, for screens of up to 200 %.
_THUMBNAIL_PX = 112
#: So many are kept before others may write.
_KEPT_AT_ONCE = 10
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class FoundPictures:
    """Picture files that were named, or lie in folders that were.

    Attributes
    ----------
    paths
        In the order given; of a folder by name.
    folder
        The name of the folder, if one alone was named.
    left_out
        How many more there were than :data:`MOST_PICTURES`.
    moments
        When each was taken, where that is known better than from its file: of one stance.
    """

    paths: tuple[Path, ...]
    folder: str = ""
    left_out: int = 0
    moments: Mapping[Path, datetime] = field(default_factory=dict)


def find_pictures(given: Sequence[Path]) -> FoundPictures:
    """List files as they are, and what looks like a picture in folders; may take a while.

    Raises
    ------
    OSError
        When a folder cannot be looked into.
    """
    paths: list[Path] = []
    for path in given:
        if is_folder(path):
            inside = (one for one in path.iterdir() if one.suffix.lower() in PICTURE_SUFFIXES)
            paths += sorted((one for one in inside if one.is_file()), key=_by_name)
        else:
            paths.append(path)
    folder = given[0].name if len(given) == 1 and is_folder(given[0]) else ""
    taken = tuple(dict.fromkeys(paths))
    return FoundPictures(taken[:MOST_PICTURES], folder, max(0, len(taken) - MOST_PICTURES))


def _by_name(path: Path) -> tuple[str, str]:
    return path.name.casefold(), path.name


class SeveralKind(StrEnum):
    """What several pictures are."""

    #: Repeats of one stance of one person: one check.
    SERIES = "series"
    #: Each a check of its own.
    BATCH = "batch"


@dataclass(slots=True, eq=False)
class PictureLine:
    """One of several pictures.

    Attributes
    ----------
    profile_id
        Whose it is; None until the people are known.
    is_wanted
        Whether it is kept with the others, or counts in a series.
    thumbnail, taken_at, size_px
        None, None and nothing until it was read.
    answers
        What came of it, without what is drawn; None before, and of one that cannot be read.
    problem
        Why it cannot be read.
    check_id
        Its number in the history once it was kept.
    is_kept
        Whether it is there now.
    """

    path: Path
    profile_id: int | None
    is_wanted: bool = True
    thumbnail: QImage | None = None
    taken_at: datetime | None = None
    size_px: tuple[int, int] = (0, 0)
    answers: Answers | None = None
    problem: Unreadable | None = None
    check_id: int | None = None
    is_kept: bool = False

    @property
    def outcome(self) -> PhotoResult | None:
        """What came of it; None while nothing has."""
        return self.problem if self.answers is None else self.answers.answer.result

    @property
    def measured(self) -> Measured | None:
        """Its measurement, if it gave one."""
        return self.outcome if isinstance(self.outcome, Measured) else None

    @property
    def is_waiting(self) -> bool:
        """Whether it has a number that could be kept, and is to be."""
        is_known = self.measured is not None and self.profile_id is not None
        return is_known and self.is_wanted and not self.is_kept


@dataclass(frozen=True, slots=True, eq=False)
class _Looked:
    """What came of a file."""

    outcome: CheckAnswer | Unreadable
    taken_at: datetime | None = None
    size_px: tuple[int, int] = (0, 0)
    thumbnail: QImage | None = None


@dataclass(frozen=True, slots=True, eq=False)
class SeriesAnswer:
    """What the pictures of one stance say together.

    Attributes
    ----------
    series
        Their median, or why there is none.
    given
        How many pictures counted, whatever became of each.
    result, photo
        The picture nearest to the median, with the median for its angle; None without one.
    repeats
        All that were measured, in order.
    """

    series: Series | RefusedSeries
    given: int
    result: Measured | None = None
    photo: Photo | None = None
    repeats: tuple[Repeat, ...] = ()


class SeveralPictures(QObject):
    """Lines that are measured one after the other; nothing here waits.

    Attributes
    ----------
    lines
        In the order given.
    kind
        None until a person said so.
    series
        What they say together; None while that is not known.
    """

    #: The number of a line that is another now.
    line_changed = pyqtSignal(int)
    #: How far it is has changed, or what can be kept.
    stepped = pyqtSignal()
    series_changed = pyqtSignal()
    #: A sentence on what was kept, or why not.
    status = pyqtSignal(str)

    def __init__(self, jobs: Jobs, service: HistoryService, found: FoundPictures) -> None:
        super().__init__()
        self._jobs, self._service, self.found = jobs, service, found
        self._key = f"several pictures {next(_numbers)}"
        self.kind: SeveralKind | None = None
        self.lines = [PictureLine(path, service.current_profile_id) for path in found.paths]
        self.series: SeriesAnswer | None = None
        self.is_running = self.is_saving = False
        self._calibrations: dict[int, Calibration | None] = {}
        service.profiles_changed.connect(self._read_calibrations)
        for changed in (service.changes.written, service.changed_elsewhere):
            changed.connect(self._look_what_is_kept)
        self._read_calibrations()

    @property
    def done_count(self) -> int:
        """How many have been looked at."""
        return sum(line.outcome is not None for line in self.lines)

    @property
    def waiting(self) -> list[PictureLine]:
        """Those that can be kept now."""
        return [line for line in self.lines if line.is_waiting]

    def start(self) -> None:
        """Measure what has not been measured."""
        if not self.is_running:
            self.is_running = True
            self._measure_next()

    def stop(self) -> None:
        """Measure no more for now."""
        self._jobs.forget(self._key)
        self._rest()

    def forget(self) -> None:
        """Let go of everything; nothing runs on afterwards."""
        self.kind = None
        self.stop()
        self._jobs.forget(f"{self._key} series")

    def set_kind(self, kind: SeveralKind) -> None:
        """Take them as a series or as a batch."""
        self.kind = kind
        if kind is SeveralKind.SERIES:
            self.follow_person()
        if self.series is None:
            self._put_together()
        self.series_changed.emit()

    def follow_person(self) -> None:
        """Have a series be of the person in use."""
        current = self._service.current_profile_id
        if self.kind is SeveralKind.SERIES and current is not None:
            self.set_person(current)

    def set_person(self, profile_id: int, number: int | None = None) -> None:
        """Say whose a picture is, or all that are not kept yet for None."""
        numbers = range(len(self.lines)) if number is None else [number]
        others = [one for one in numbers if self.lines[one].profile_id != profile_id]
        is_new = False
        for one in others:
            line = self.lines[one]
            if not line.is_kept:
                line.profile_id = profile_id
                is_new |= self._put_right(line)
                self.line_changed.emit(one)
        if is_new:
            # The same result stays what it is: it may have been kept.
            self._put_together()
        if others:
            self.stepped.emit()

    def set_wanted(self, number: int, is_wanted: bool) -> None:
        """Leave a picture out, or take it in."""
        self.lines[number].is_wanted = is_wanted
        self.line_changed.emit(number)
        self._put_together()
        self.stepped.emit()

    def take_back(self, line: PictureLine, answers: Answers, profile_id: int | None) -> None:
        """Take what was done to a picture while it was open alone, and whose it is."""
        line.answers = answers
        if profile_id is not None and not line.is_kept:
            line.profile_id = profile_id
        self.line_changed.emit(self.lines.index(line))
        self._put_together()
        self.stepped.emit()

    def note_kept(self, line: PictureLine, check_id: int, profile_id: int | None = None) -> None:
        """Know that a picture was kept; for whom, if for somebody else."""
        line.check_id, line.is_kept = check_id, True
        line.profile_id = line.profile_id if profile_id is None else profile_id
        self.line_changed.emit(self.lines.index(line))
        self.stepped.emit()

    def save_all(self, keeps_pictures: bool) -> None:
        """Keep all that can be, as one thing that can be taken back."""
        if self.is_saving or not self.waiting:
            return
        self.is_saving = True
        self._save_some(self.waiting, [], keeps_pictures)
        self.stepped.emit()

    def _measure_next(self) -> None:
        undone = (n for n, line in enumerate(self.lines) if line.outcome is None)
        number = next(undone, None)
        if number is None:
            self._rest()
            return
        line = self.lines[number]

        def done(looked: _Looked) -> None:
            self._take(line, looked)
            self.line_changed.emit(number)
            self._measure_next()
            self.stepped.emit()

        def fail(error: Exception) -> None:
            done(_Looked(_unreadable(error)))

        moment = self.found.moments.get(line.path)
        self._jobs.start(self._key, lambda: _look_at(line.path, moment), done, fail)
        self.line_changed.emit(number)

    def _rest(self) -> None:
        self.is_running = False
        for number, line in enumerate(self.lines):
            if line.outcome is None:
                self.line_changed.emit(number)
        self._put_together()
        self.stepped.emit()

    def _take(self, line: PictureLine, looked: _Looked) -> None:
        line.thumbnail, line.taken_at = looked.thumbnail, looked.taken_at
        line.size_px = looked.size_px
        if isinstance(looked.outcome, Unreadable):
            line.problem = looked.outcome
        else:
            line.answers = Answers.first(looked.outcome)
            self._put_right(line)

    def _put_right(self, line: PictureLine) -> bool:
        """Have a line rest on the calibration of the person whose it is; tell if that is new."""
        answers, taken_at = line.answers, line.taken_at
        raw = None if answers is None else answers.raw
        if answers is None or raw is None or taken_at is None:
            return False
        if line.is_kept or not isinstance(raw.result, Measured):
            return False
        from vision.marks.calibration import calibrated

        calibration = self._calibrations.get(line.profile_id or 0)
        right = calibrated(raw.result, calibration, taken_at)
        now = answers.answer.result
        if right is now or right == now:
            return False
        answer = raw if right is raw.result else CheckAnswer(right, ())
        line.answers = replace(answers, answer=answer)
        return True

    def _read_calibrations(self) -> None:
        def work(history: History) -> dict[int, Calibration | None]:
            from app.history.calibration import calibration_of

            return {one.id: calibration_of(history, one.id) for one in history.profiles()}

        def done(found: dict[int, Calibration | None]) -> None:
            self._calibrations = found
            current, is_new = self._service.current_profile_id, False
            for number, line in enumerate(self.lines):
                is_known = line.profile_id is not None
                line.profile_id = line.profile_id if is_known else current
                if self._put_right(line):
                    is_new = True
                if is_new or not is_known:
                    self.line_changed.emit(number)
            if is_new:
                self._put_together()
            self.follow_person()
            self.stepped.emit()

        # Without a history nothing can be kept; whoever tries is told why.
        self._service.read(f"{self._key} calibrations", work, done, lambda _: None)

    def _put_together(self) -> None:
        """Say anew what a series comes to, once all is measured that is going to be."""
        self.series = None
        self.series_changed.emit()
        if self.kind is not SeveralKind.SERIES or self.is_running:
            self._jobs.forget(f"{self._key} series")
            return
        wanted = [line for line in self.lines if line.is_wanted and line.outcome is not None]

        def done(answer: SeriesAnswer) -> None:
            self.series = answer
            self.series_changed.emit()

        def fail(error: Exception) -> None:
            self.status.emit(" ".join(told(error, check.FAILED_ITSELF)))

        self._jobs.start(f"{self._key} series", lambda: _assess(wanted), done, fail)

    def _save_some(
        self, left: list[PictureLine], kept: list[PictureLine], keeps_pictures: bool
    ) -> None:
        """Keep the next few, and go on with the rest."""
        now, later = left[:_KEPT_AT_ONCE], left[_KEPT_AT_ONCE:]
        if not now:
            self._end_saving(kept)
            return
        ids: list[int] = []

        def take() -> list[PictureLine]:
            """Note those that were kept; one may have failed after others were."""
            for line, check_id in zip(now, ids, strict=False):
                self.note_kept(line, check_id)
            return kept + now[: len(ids)]

        def work(history: History) -> None:
            for line in now:
                ids.append(_keep(history, line, keeps_pictures))

        def fail(error: Exception) -> None:
            self._end_saving(take(), " ".join(told(error, check.NOT_KEPT)), len(kept) + len(left))

        self._service.change(work, lambda: self._save_some(later, take(), keeps_pictures), fail)

    def _end_saving(self, kept: list[PictureLine], why: str = "", wanted: int = 0) -> None:
        self.is_saving = False
        ids = [line.check_id for line in kept if line.check_id is not None]
        if ids:
            words = several.saved_words(len(ids))
            self._service.changes.keep(words, lambda history: history.delete(ids))
        if why:
            said = several.NOT_ALL_KEPT.format(kept=len(ids), count=wanted, why=why)
            self.status.emit(said)
        self.stepped.emit()

    def _look_what_is_kept(self) -> None:
        """Follow what was taken back, or deleted, or brought back elsewhere."""
        kept = {line.check_id: n for n, line in enumerate(self.lines) if line.check_id is not None}
        if not kept:
            return

        def done(there: set[int]) -> None:
            for check_id, number in kept.items():
                self.lines[number].is_kept = check_id in there
                self.line_changed.emit(number)
            self.stepped.emit()

        ids = list(kept)
        self._service.read(
            f"{self._key} kept", lambda history: _those_there(history, ids), done, lambda _: None
        )


def _look_at(path: Path, moment: datetime | None) -> _Looked:
    """Measure a file, which tells when it was taken unless that is known."""
    photo = load_photo(path, path.name, moment)
    answer, frame = measurement.measure(photo), photo.frame
    small = photo.taken_at, (frame.width_px, frame.height_px), _thumbnail(frame.rgb)
    return _Looked(CheckAnswer(answer.result, ()), *small)


def _unreadable(error: Exception) -> Unreadable:
    code = getattr(error, "code", "internal_error")
    return Unreadable(str(code), *told(error, check.FAILED_ITSELF))


def _thumbnail(rgb: NDArray[np.uint8]) -> QImage:
    import cv2

    height, width = rgb.shape[:2]
    share = min(1.0, _THUMBNAIL_PX / max(width, height))
    size = max(1, round(width * share)), max(1, round(height * share))
    small = np.ascontiguousarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA))
    form = QImage.Format.Format_RGB888
    image = QImage(small.data, *size, small.strides[0], form)  # type: ignore[call-overload]
    copied = QImage(image.copy())
    copied.setDevicePixelRatio(2.0)
    return copied


def _assess(lines: Sequence[PictureLine]) -> SeriesAnswer:
    """Put the lines together, and read the picture nearest to their median again."""
    from vision.live.check import with_tilt
    from vision.series import assess_series, different_shots

    found = [(line, line.measured) for line in lines]
    results = [result for _, result in found if result is not None]
    by_result = {id(result): line for line, result in found}
    series = assess_series(results)
    if isinstance(series, RefusedSeries):
        return SeriesAnswer(series, len(lines))
    shots, _ = different_shots(results)
    middle_deg = series.tilt.angle_deg
    nearest = min(shots, key=lambda shot: abs(shot.tilt.angle_deg - middle_deg))
    moments = [_moment(by_result[id(shot)]) for shot in shots]
    repeats = tuple(
        Repeat(moment, shot.tilt, 1, 0.0) for moment, shot in zip(moments, shots, strict=True)
    )
    line = by_result[id(nearest)]
    photo = load_photo(line.path, line.path.name, max(moments))
    result = with_tilt(nearest, series.tilt)
    result = replace(result, reasons=(*result.reasons, *series.reasons))
    return SeriesAnswer(series, len(lines), result, photo, repeats)


def _moment(line: PictureLine) -> datetime:
    assert line.taken_at is not None  # whatever was measured was read
    return line.taken_at


def _keep(history: History, line: PictureLine, keeps_picture: bool) -> int:
    """Keep a line's measurement, and its picture if the file is still there."""
    from vision.reasons import PhotoError

    result, answers = line.measured, line.answers
    assert result is not None
    assert answers is not None
    assert line.profile_id is not None
    rgb = None
    if keeps_picture:
        try:
            rgb = load_photo(line.path, line.path.name).frame.rgb
        except PhotoError:  # the numbers are kept all the same
            rgb = None
    new = NewCheck(
        profile_id=line.profile_id,
        taken_at=_moment(line),
        result=result,
        size_px=line.size_px,
        suggested_points=answers.suggested,
        rgb=rgb,
    )
    return history.save(new).row.id


def _those_there(history: History, ids: Sequence[int]) -> set[int]:
    from app.history.errors import CheckNotFound

    there = set()
    for check_id in ids:
        try:
            history.check(check_id)
        except CheckNotFound:
            continue
        there.add(check_id)
    return there
