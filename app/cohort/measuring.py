"""What one worker does with one chunk of photographs."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.cohort import CohortError
from app.cohort.rows import CHANGED, NOT_READ, POINTS_OUTSIDE, row_of
from app.cohort.storage import ChangedError, read_whole, why_not
from vision.image.frame import frame_from_bytes
from vision.marks.points import PointsError
from vision.model_files import CONTOUR_MODEL, POSE_BUNDLE, ModelError, expected_sha256
from vision.pipeline import measure_photo
from vision.reasons import PhotoError, too_many_bytes
from vision.result import Method, Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.cohort.listing import CohortPhoto
    from app.cohort.rows import Row
    from vision.result import PhotoResult

_log = logging.getLogger(__name__)
#: No photograph of a camera is larger; it is looked at before it is read.
_BYTES_MAX = 1 << 29


@dataclass(frozen=True, slots=True)
class CohortOptions:
    """How all photographs of a cohort are measured.

    Attributes
    ----------
    method
        ``auto``, ``contour``, ``marked`` or ``belt``.
    quick
        Whether one look at each outline is enough.
    """

    method: str = "auto"
    quick: bool = False

    def measured_by(self) -> str:
        """Return versions and options, which another result would come of."""
        from vision._version import __version__

        models = (expected_sha256(name) for name in (POSE_BUNDLE, CONTOUR_MODEL))
        return repr((__version__, *models, self.method, self.quick))


@dataclass(frozen=True, slots=True)
class Chunk:
    """Photographs that one worker measures one after the other."""

    photos: tuple[CohortPhoto, ...]
    options: CohortOptions

    def halves(self) -> tuple[Chunk, Chunk]:
        """Return the two halves of a chunk of two photographs or more."""
        middle = len(self.photos) // 2
        return (
            Chunk(self.photos[:middle], self.options),
            Chunk(self.photos[middle:], self.options),
        )


def measure_chunk(chunk: Chunk) -> list[Row]:
    """Return a row for each photograph of a chunk; whatever is wrong with one is in its row.

    Raises
    ------
    ModelError, ImportError, OSError
        When nothing at all can be measured on this machine.
    """
    measured_by = chunk.options.measured_by()
    return [_row(photo, photo.fingerprint(measured_by), chunk.options) for photo in chunk.photos]


def row_without(
    photo: CohortPhoto, options: CohortOptions, code: str, message: str, fix: str
) -> Row:
    """Return the row of a photograph that nothing can be said of but this."""
    outcome = Unreadable(code, message, fix)
    return row_of(photo, photo.fingerprint(options.measured_by()), None, outcome)


def _row(photo: CohortPhoto, fingerprint: str, options: CohortOptions) -> Row:
    outcome: PhotoResult
    sha256 = None
    try:
        size = photo.stamp.partition(" ")[0]
        if size.isdigit() and int(size) > _BYTES_MAX:
            raise too_many_bytes(photo.path)
        data = read_whole(photo.path, photo.stamp)
        sha256 = hashlib.sha256(data).hexdigest()
        outcome = _measured(photo, data, options)
    except PhotoError as error:
        outcome = Unreadable(error.code.value, error.message, error.fix)
    except ChangedError:
        told = "The file changed while it was being read.", "Start again when nobody writes to it."
        outcome = Unreadable(CHANGED, *told)
    except (OSError, CohortError) as error:
        why = why_not(error) if isinstance(error, OSError) else str(error).rstrip(".")
        told = f"The file cannot be read: {why}.", "Check that it is there, then start again."
        outcome = Unreadable(NOT_READ, *told)
    return row_of(photo, fingerprint, sha256, outcome)


def _measured(photo: CohortPhoto, data: bytes, options: CohortOptions) -> PhotoResult:
    method = None if options.method == "auto" else Method(options.method)
    points = photo.listed.points()
    try:
        return measure_photo(
            frame_from_bytes(data, photo.path),
            points=points,
            vertical=photo.listed.vertical(),
            method=None if method is Method.MARKED and points is None else method,
            quick=options.quick,
        )
    except PhotoError as error:
        return Unreadable(error.code.value, error.message, error.fix)
    except PointsError as error:
        return Unreadable(POINTS_OUTSIDE, error.message, error.fix)
    except (ModelError, ImportError):
        raise
    except Exception:
        # A bug must not cost the other photographs their rows.
        _log.exception("Measuring %s failed", photo.path)
        return Unreadable("internal_error", "Measuring this photograph failed.", "")


def warm_up() -> None:
    """Load the models, once for each worker."""
    from vision.pose.mediapipe import shared_estimator

    shared_estimator()


def sizes_of(rows: Sequence[Row]) -> tuple[int, int, int]:
    """Return how many rows are measured, refused and unreadable."""
    states = [row["status"] for row in rows]
    return states.count("measured"), states.count("rejected"), states.count("error")
