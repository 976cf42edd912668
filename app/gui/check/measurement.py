"""Opening and measuring one photograph at a time, beside the GUI thread.

The measuring code, and the large libraries below it, are imported when first needed.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtGui import QImage

from app.gui.widgets.share import SharedCheck
from app.text import check
from vision.result import Measured, ReasonCode, Rejected, Severity

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from app.gui.background.history import HistoryService
    from app.gui.background.jobs import Jobs
    from app.history.comparison import Change
    from vision.image.frame import Frame
    from vision.marks.calibration import Calibration
    from vision.overlay.shapes import Shape
    from vision.pipeline import Segment
    from vision.result import BonyPoints, PersonBox

_log = logging.getLogger(__name__)
#: Opening and measuring share it: whatever is newer makes the older answer disappear.
KEY = "measure"
#: Where a photograph can come from: a file, pixels in red, green, blue, or a pasted picture.
PhotoSource: TypeAlias = "Path | NDArray[np.uint8] | QImage"


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """A photograph that was opened.

    Attributes
    ----------
    frame
        Its source is a name without folders.
    taken_at
        When, as far as the file tells, with its offset from UTC.
    """

    frame: Frame
    taken_at: datetime


@dataclass(frozen=True, slots=True, eq=False)
class CheckAnswer:
    """What came of a photograph, and what to draw on it."""

    result: Measured | Rejected
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """All that came of a photograph; the fields are those of the work."""

    answer: CheckAnswer
    automatic: CheckAnswer | None
    suggested: BonyPoints | None
    is_own: bool
    raw: CheckAnswer | None
    crowd: CheckAnswer | None
    person_at: tuple[float, float] | None

    @classmethod
    def first(cls, answer: CheckAnswer) -> Answers:
        """Return what there is once a photograph was measured, and nothing was done to it."""
        crowd = answer if is_crowd(answer.result) else None
        return cls(answer, answer, None, True, answer, crowd, None)


@dataclass(frozen=True, slots=True, eq=False)
class AtHand:
    """A photograph with all that came of it, to come back to."""

    photo: Photo
    answers: Answers


class CheckWork(QObject):
    """The photograph at hand and what came of it.

    Attributes
    ----------
    photo
        None before the first one was opened, and while one is being opened.
    answer
        The newest answer for it, or None.
    automatic
        The answer that needed no marks, or None; without any calibration, as marks start from.
    is_own
        Whether the photograph shows the person in use, whose calibration then holds.
    suggested
        Where the marked points of ``answer`` were suggested, or None.
    crowd
        The answer that nobody was chosen for, of a picture with several people; None of others.
    """

    #: A :class:`Photo`.
    opened = pyqtSignal(object)
    #: An :class:`CheckAnswer`.
    answered = pyqtSignal(object)
    #: The :class:`Change` of the answer at hand since the last check like it; None without one.
    compared = pyqtSignal(object)
    #: Nothing came of it: message and fix.
    failed = pyqtSignal(str, str)
    #: The marks cannot be used: what is wrong with them, and the fix.
    marks_refused = pyqtSignal(str)

    def __init__(self, jobs: Jobs, service: HistoryService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._service = jobs, service
        self.photo: Photo | None = None
        self.answer: CheckAnswer | None = None
        self.automatic: CheckAnswer | None = None
        self.suggested: BonyPoints | None = None
        self.is_own = True
        self.crowd: CheckAnswer | None = None
        self._person_at: tuple[float, float] | None = None
        self._raw: CheckAnswer | None = None
        self._calibration: Calibration | None = None

    def open(self, source: PhotoSource, name: str, moment: datetime | None = None) -> None:
        """Open and measure a photograph; see :func:`load_photo`."""
        self.forget()
        self._jobs.start(
            KEY, lambda: load_photo(source, name, moment), self._take_photo, self._fail
        )

    def get_ready(self) -> None:
        """Load what measuring needs; whatever is wrong with it is told with a photograph."""
        self._jobs.start("warm", warm_up, lambda _: None, lambda _: None)

    def forget(self) -> None:
        """Let go of the photograph, and of any answer that is awaited."""
        self._jobs.forget(KEY)
        self.photo = self.answer = self.automatic = self.suggested = self._raw = None
        self.crowd = self._person_at = None
        self.is_own = True

    def at_hand(self) -> AtHand | None:
        """Return what can be come back to; None while there is no answer."""
        photo, answer = self.photo, self.answer
        if photo is None or answer is None:
            return None
        marks = self.automatic, self.suggested, self.is_own, self._raw
        return AtHand(photo, Answers(answer, *marks, self.crowd, self._person_at))

    def to_share(self) -> SharedCheck | None:
        """Return what can be given to others; None while nothing was measured."""
        photo, answer = self.photo, self.answer
        if photo is None or answer is None or not isinstance(answer.result, Measured):
            return None
        frame = photo.frame
        size_px = frame.width_px, frame.height_px
        return SharedCheck(answer.result, photo.taken_at, frame.rgb, size_px)

    def come_back_to(self, earlier: AtHand) -> None:
        """Have an earlier photograph at hand again, as it was left."""
        self.forget()
        left = earlier.answers
        self.photo, self.answer, self.automatic = earlier.photo, left.answer, left.automatic
        self.suggested, self.is_own, self._raw = left.suggested, left.is_own, left.raw
        self.crowd, self._person_at = left.crowd, left.person_at
        self.opened.emit(earlier.photo)
        self.answered.emit(left.answer)
        self._compare(left.answer)

    def reopen(self, path: Path, name: str, moment: datetime, answers: Answers) -> None:
        """Have at hand what came of a file that is no longer in memory."""
        self.forget()

        def work() -> AtHand:
            drawn = redrawn(answers)
            return AtHand(load_photo(path, name, moment), drawn)

        self._jobs.start(KEY, work, self.come_back_to, self._fail)

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

        person_at = self._person_at
        self._jobs.start(
            KEY, lambda: measure(photo, points, vertical, person_at), done, self._refuse_marks
        )

    def measure_person(self, point: tuple[float, float]) -> None:
        """Measure the one of several people who is at a place of the full picture, pixels."""
        photo = self.photo
        if photo is None:
            return

        def done(answer: CheckAnswer) -> None:
            self._person_at, self.automatic = point, answer
            self._take_answer(answer)

        self._jobs.start(KEY, lambda: measure(photo, person_at=point), done, self._fail)

    def choose_again(self) -> None:
        """Show the picture as before somebody in it was chosen."""
        self._jobs.forget(KEY)
        if self.crowd is not None:
            self._person_at = self.suggested = None
            self.automatic = self.crowd
            self._take_answer(self.crowd)

    def back_to_automatic(self) -> None:
        """Drop the marks."""
        self._jobs.forget(KEY)
        if self.automatic is not None:
            self.suggested = None
            self._take_answer(self.automatic)

    @property
    def is_marked(self) -> bool:
        """Tell whether the answer at hand uses what a person marked."""
        return self._raw is not None and self._raw is not self.automatic

    @property
    def people(self) -> tuple[PersonBox, ...]:
        """Those of whom one may be meant, from left to right; nobody in a picture of one."""
        crowd = None if self.crowd is None else self.crowd.result
        return crowd.people if isinstance(crowd, Rejected) else ()

    @property
    def is_turned(self) -> bool:
        """Tell whether the picture at hand was refused as lying on its side or upside down."""
        result = None if self.answer is None else self.answer.result
        if not isinstance(result, Rejected):
            return False
        return any(reason.code is ReasonCode.NOT_UPRIGHT for reason in result.reasons)

    @property
    def markable(self) -> CheckAnswer | None:
        """What marks start from: a body that was measured, or refused as tilted alone.

        A refused one that was measured with the help of a plumb line has points to mark, too.
        """
        automatic, latest = self.automatic, self._raw
        if automatic is None or isinstance(automatic.result, Measured):
            return automatic
        if not is_only_tilted(automatic.result):
            return None
        is_measured = latest is not None and isinstance(latest.result, Measured)
        return latest if is_measured else automatic

    def _take_photo(self, photo: Photo) -> None:
        self.photo = photo
        self.opened.emit(photo)

        def done(answer: CheckAnswer) -> None:
            self.automatic = answer
            self.crowd = answer if is_crowd(answer.result) else None
            self._take_answer(answer)

        self._jobs.start(KEY, lambda: measure(photo), done, self._fail)

    def follow_calibration(self) -> None:
        """Give the answer at hand anew if another calibration of the person's changes it."""
        raw, answer = self._raw, self.answer
        if raw is None or answer is None or self._service.calibration() == self._calibration:
            return
        self._calibration = self._service.calibration()
        if self._put_right(raw).result != answer.result:
            self._take_answer(raw)

    def _take_answer(self, raw: CheckAnswer) -> None:
        self._raw, self._calibration = raw, self._service.calibration()
        answer = self._put_right(raw)
        self.answer = answer
        self.answered.emit(answer)
        self._compare(answer)

    def _put_right(self, raw: CheckAnswer) -> CheckAnswer:
        """Return an answer that rests on the calibration of the person in use, if any."""
        photo, result = self.photo, raw.result
        if not self.is_own or photo is None or not isinstance(result, Measured):
            return raw
        from vision.marks.calibration import calibrated
        from vision.overlay.build import build_overlay

        right = calibrated(result, self._calibration, photo.taken_at)
        return raw if right is result else CheckAnswer(right, build_overlay(right))

    def _compare(self, answer: CheckAnswer) -> None:
        photo, result = self.photo, answer.result
        if photo is None or not isinstance(result, Measured):
            return

        def done(change: Change | None) -> None:
            if self.answer is answer:
                self.compared.emit(change)

        self._service.compare(result, photo.taken_at, done)

    def _fail(self, error: Exception) -> None:
        self.photo = None
        self.failed.emit(*told(error, check.FAILED_ITSELF))

    def _refuse_marks(self, error: Exception) -> None:
        self.marks_refused.emit(" ".join(told(error, check.FAILED_ITSELF)))


def load_photo(source: PhotoSource, name: str, moment: datetime | None = None) -> Photo:
    """Open a photograph.

    Parameters
    ----------
    source
        A file, an array of shape (height, width, 3) and type uint8, or a picture of Qt's.
    name
        What results and messages call it.
    moment
        When it was taken, with its offset from UTC; None asks the file, or takes now.

    Raises
    ------
    vision.reasons.PhotoError
        When a file is no photograph that can be read.
    """
    from vision.image.frame import frame_from_array, load_frame

    if isinstance(source, Path):
        from app.history.from_measurement import taken_at

        frame = load_frame(source)
        # A folder's name may tell more than somebody wants to keep.
        return Photo(replace(frame, source=name), moment or taken_at(source))
    rgb = _pixels(source) if isinstance(source, QImage) else source
    rgb = np.ascontiguousarray(rgb)
    return Photo(frame_from_array(rgb, name), moment or datetime.now(UTC).astimezone())


def measure(
    photo: Photo,
    points: BonyPoints | None = None,
    vertical: Segment | None = None,
    person_at: tuple[float, float] | None = None,
) -> CheckAnswer:
    """Measure a photograph and list what to draw on it.

    Raises
    ------
    vision.marks.points.PointsError, vision.model_files.ModelError
        See :func:`vision.pipeline.measure_photo`.
    """
    from vision.overlay.build import build_overlay
    from vision.pipeline import measure_photo

    result = measure_photo(photo.frame, points=points, vertical=vertical, person_at=person_at)
    return CheckAnswer(result, build_overlay(result))


def redrawn(answers: Answers) -> Answers:
    """Return the answers with what is drawn on the picture, which takes much memory."""
    from vision.overlay.build import build_overlay

    drawn: dict[int, CheckAnswer] = {}

    def draw(answer: CheckAnswer | None) -> CheckAnswer | None:
        if answer is None:
            return None
        if id(answer) not in drawn:  # which of them are one and the same has a meaning
            shapes = answer.shapes or build_overlay(answer.result)
            drawn[id(answer)] = CheckAnswer(answer.result, shapes)
        return drawn[id(answer)]

    return replace(
        answers,
        answer=draw(answers.answer) or answers.answer,
        automatic=draw(answers.automatic),
        raw=draw(answers.raw),
        crowd=draw(answers.crowd),
    )


def warm_up() -> None:
    """Load what measuring needs, so that the first photograph does not wait for it."""
    from vision.pose.mediapipe import shared_estimator
    from vision.silhouette import shared_model

    shared_estimator().estimate(np.full((64, 64, 3), 128, np.uint8))
    shared_model()


def told(error: Exception, itself: tuple[str, str]) -> tuple[str, str]:
    """Return an error's message and fix; ``itself`` for one without them, our own mistake."""
    message, fix = getattr(error, "message", ""), getattr(error, "fix", "")
    if message and fix:
        return message, fix
    _log.error("%s", itself[0], exc_info=error)
    return itself


def is_crowd(result: Measured | Rejected) -> bool:
    """Tell whether a picture was refused for several people, one of whom may be meant."""
    if isinstance(result, Measured) or len(result.people) < 2:
        return False
    return any(reason.code is ReasonCode.SEVERAL_PEOPLE for reason in result.reasons)


def is_only_tilted(result: Rejected) -> bool:
    """Tell whether nothing but a camera that was not level stands against a picture."""
    refusals = {r.code for r in result.reasons if r.severity is Severity.REFUSE}
    return refusals == {ReasonCode.CAMERA_TILTED}


def _pixels(image: QImage) -> NDArray[np.uint8]:
    """Return a picture's pixels on white, shape (height, width, 3)."""
    plain = image.convertToFormat(QImage.Format.Format_RGBA8888)
    width, height = plain.width(), plain.height()
    bits = plain.constBits()
    if width == 0 or height == 0:
        raise ValueError("the picture is empty")
    rows = np.frombuffer(bits.asstring(plain.sizeInBytes()), np.uint8)
    rgba = rows.reshape(height, plain.bytesPerLine() // 4, 4)[:, :width]
    if not image.hasAlphaChannel():
        return np.ascontiguousarray(rgba[..., :3])
    share = rgba[..., 3:].astype(np.uint16)
    mixed = (rgba[..., :3] * share + 255 * (255 - share) + 127) // 255
    return np.ascontiguousarray(mixed.astype(np.uint8))
