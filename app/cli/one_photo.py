"""One photograph: read, measured and drawn, with all that is to be written made ready.

Nothing is written here, so this can be done in a process of its own, and ended at any moment.
"""

from __future__ import annotations

import traceback
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.cli.lines import plain
from app.errors import BrokenInstallation, missing_library
from app.text import measurement
from vision.image.frame import load_frame
from vision.marks.calibration import calibrated
from vision.marks.points import PointsError
from vision.model_files import ModelError
from vision.pipeline import measure_photo, reject_for_points
from vision.reasons import PhotoError
from vision.result import BonyPoints, Measured, Method, Rejected, Unreadable

if TYPE_CHECKING:
    from app.cli.options import Options
    from app.history.from_measurement import PictureCopy
    from vision.image.frame import Frame
    from vision.marks.calibration import Calibration
    from vision.result import PhotoResult


@dataclass(frozen=True, slots=True)
class PhotoJob:
    """A photograph by the name that was given, and what kind of overlay it is to have.

    Attributes
    ----------
    overlay_suffix
        Such as ``.png``; empty for none.
    """

    photo: str
    overlay_suffix: str = ""


@dataclass(frozen=True, slots=True)
class PhotoAnswer:
    """What came of a photograph, and what is to be written of it.

    Attributes
    ----------
    overlay
        The file of the picture with everything drawn on it, where it was wanted and made.
    copy
        What the history keeps of the picture, where it was wanted and made.
    bugs
        What failed that should not, each as a log has it.
    """

    outcome: PhotoResult
    overlay: bytes | None = None
    copy: PictureCopy | None = None
    bugs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PhotoWork:
    """What is done with each photograph of a call.

    Attributes
    ----------
    asked
        What was asked for all of them.
    calibration
        Of the person whose photographs they are, if there is any.
    keeps
        Whether they are kept in the history.
    """

    asked: Options
    calibration: Calibration | None
    keeps: bool

    def prepare(self) -> None:
        """Load the models, in a process that has one core for itself."""
        import cv2

        from vision.pose.mediapipe import shared_estimator

        cv2.setNumThreads(1)
        with suppress(Exception):  # is told of the first photograph that needs it
            shared_estimator()

    def do(self, job: PhotoJob) -> PhotoAnswer:
        """Return what comes of a photograph; a bug costs only its own.

        Raises
        ------
        BrokenInstallation
            When a model or a system library is missing.
        """
        try:
            frame = load_frame(job.photo)
            result = self._measure(job.photo, frame)
        except PhotoError as error:
            return PhotoAnswer(Unreadable(error.code.value, error.message, error.fix))
        except BrokenInstallation:
            raise
        except Exception:
            return PhotoAnswer(internal_error(), bugs=(_bug("Measuring", job.photo),))
        bugs: list[str] = []
        overlay = copy = None
        try:
            if job.overlay_suffix:
                overlay = _drawn(frame, result, job.overlay_suffix)
        except Exception:
            bugs.append(_bug("Drawing", job.photo))
        try:
            if self.keeps and isinstance(result, Measured):
                copy = _copied(frame)
        except Exception:
            bugs.append(_bug("Keeping", job.photo))
        return PhotoAnswer(result, overlay, copy, tuple(bugs))

    def _measure(self, photo: str, frame: Frame) -> Measured | Rejected:
        result = measure_frame(frame, self.asked)
        if self.calibration is None or not isinstance(result, Measured):
            return result
        from app.history.from_measurement import taken_at

        return calibrated(result, self.calibration, taken_at(photo))


def internal_error() -> Unreadable:
    """Return what is said of a photograph that the program itself failed with."""
    return Unreadable("internal_error", measurement.INTERNAL_ERROR, measurement.INTERNAL_ERROR_FIX)


def measure_frame(frame: Frame, asked: Options) -> Measured | Rejected:
    """Measure a photograph as the command line asks for.

    Points that do not belong to the picture are a reason to refuse it, like any other.

    Raises
    ------
    BrokenInstallation
        When a model or a system library is missing.
    """
    points = vertical = None
    if asked.asis_px is not None and asked.psis_px is not None:
        points = BonyPoints(asis_px=asked.asis_px, psis_px=asked.psis_px)
    if asked.vertical_px is not None:
        x1, y1, x2, y2 = asked.vertical_px
        vertical = (x1, y1), (x2, y2)
    method = None if asked.method == "auto" else Method(asked.method)
    try:
        return measure_photo(
            frame,
            points=points,
            vertical=vertical,
            method=method,
            quick=asked.quick,
            person_at=asked.person_px,
        )
    except PointsError as error:
        return reject_for_points(frame, error)
    except ModelError as error:
        raise BrokenInstallation(error.message, error.fix) from error
    except (ImportError, OSError) as error:  # MediaPipe's native library loads only now
        raise missing_library(error) from error


def _drawn(frame: Frame, result: Measured | Rejected, suffix: str) -> bytes:
    from vision.overlay.raster import overlay_file

    return overlay_file(frame, result, suffix)


def _copied(frame: Frame) -> PictureCopy:
    from app.history.from_measurement import copy_of

    return copy_of(frame)


def _bug(doing: str, photo: str) -> str:
    return f"{doing} {plain(photo)} failed\n{traceback.format_exc()}"
