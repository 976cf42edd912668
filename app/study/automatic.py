"""What Beltline measures by itself on a study's photographs, kept beside the raters' answers."""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from app.errors import BrokenInstallation, missing_library
from app.study import StudyError
from app.study.table import AUTOMATIC, StudyRow, rated_rows
from app.study.worklist import BeltSeen
from app.text.research import study_report as text
from vision._version import __version__
from vision.atomic_write import open_private, why_not_written
from vision.image.frame import frame_from_bytes
from vision.model_files import CONTOUR_MODEL, POSE_BUNDLE, ModelError, expected_sha256
from vision.reasons import PhotoError
from vision.result import Measured, Severity, Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.study.design import Study, StudyPhoto
    from vision.result import PhotoResult

KEPT = "automatic.jsonl"
#: No photograph of a camera is larger.
_BYTES_MAX = 1 << 29
_log = logging.getLogger(__name__)


class _KeptMeasurement(BaseModel):
    """What is kept of one photograph, and what it was measured by."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    measured_by: str
    row: StudyRow


def all_rows(study: Study, tell: Callable[[str], object]) -> list[StudyRow]:
    """Return the whole long table: raters' answers, then the automatic measurements."""
    return rated_rows(study) + automatic_rows(study, tell)


def automatic_rows(study: Study, tell: Callable[[str], object]) -> list[StudyRow]:
    """Return one automatic measurement of each photograph, with the careful look.

    What was measured before by the same version, from the same content, is not measured again.

    Parameters
    ----------
    tell
        Told how far it is, photograph by photograph.

    Raises
    ------
    StudyError
        If the measurements cannot be kept.
    BrokenInstallation
        If nothing can be measured on this machine.
    """
    measured_by = _measured_by()
    kept = _kept(study.folder / KEPT, measured_by)
    rows = []
    for number, photo in enumerate(study.key.photos, 1):
        row = kept.get(photo.sha256)
        if row is None:
            tell(text.MEASURING.format(number=number, photos=len(study.key.photos)))
            row = _measured(study.folder / photo.path, photo)
            if row.status != "error":  # a file may be put back
                _keep(study.folder / KEPT, _KeptMeasurement(measured_by=measured_by, row=row))
        rows.append(replace(row, subject=photo.subject))
    return sorted(rows, key=lambda row: row.subject)


def _measured_by() -> str:
    """Return versions, which another result would come of."""
    models = (expected_sha256(name) for name in (POSE_BUNDLE, CONTOUR_MODEL))
    return " ".join((__version__, *models))


def _kept(file: Path, measured_by: str) -> dict[str, StudyRow]:
    """Return what was kept, by the photographs' checksums; a damaged line is as none."""
    try:
        lines = file.read_bytes().split(b"\n")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise StudyError(
            f"'{file}' cannot be read: {why_not_written(error)}.", "Check who may read it."
        ) from error
    found = {}
    for line in lines:
        try:
            kept = _KeptMeasurement.model_validate_json(line)
        except ValidationError:
            continue
        if kept.measured_by == measured_by:
            found[kept.row.photo_sha256] = kept.row
    return found


def _keep(file: Path, line: _KeptMeasurement) -> None:
    said = json.dumps(
        {"measured_by": line.measured_by, "row": asdict(line.row)},
        ensure_ascii=False,
        allow_nan=False,
    )
    try:
        with open_private(file, "ab") as opened:
            # The first break ends what a pulled plug may have cut short.
            opened.write(f"\n{said}\n".encode())
    except OSError as error:
        raise StudyError(
            f"The measurement was not kept: {why_not_written(error)}.",
            "Make room on the disk, then start again; what was measured is kept.",
        ) from error


def _measured(path: Path, photo: StudyPhoto) -> StudyRow:
    result = _result(path, photo)
    row = StudyRow(
        *(photo.subject, AUTOMATIC, 1),
        method="contour",
        status="error",
        photo_sha256=photo.sha256,
        version=__version__,
    )
    if isinstance(result, Unreadable):
        return replace(row, reasons=result.code)
    refusals = (one.code.value for one in result.reasons if one.severity is Severity.REFUSE)
    if not isinstance(result, Measured):
        return replace(row, status="rejected", reasons=" ".join(refusals))
    warnings = " ".join(reason.code.value for reason in result.reasons)
    belt = BeltSeen.NO if result.belt_line is None else BeltSeen.CLEARLY
    points = result.points
    row = replace(
        row,
        method=result.tilt.method.value,
        status="measured",
        tilt_deg=result.tilt.angle_deg,
        low_deg=result.tilt.low_deg,
        high_deg=result.tilt.high_deg,
        belt=int(belt),
        reasons=warnings,
    )
    if points is None:
        return row
    (asis_x, asis_y), (psis_x, psis_y) = points.asis_px, points.psis_px
    return replace(row, asis_x_px=asis_x, asis_y_px=asis_y, psis_x_px=psis_x, psis_y_px=psis_y)


def _result(path: Path, photo: StudyPhoto) -> PhotoResult:
    """Measure a photograph as everywhere, unless its file is another one by now."""
    try:
        if path.stat().st_size > _BYTES_MAX:
            return Unreadable("too_large", "", "")
        data = path.read_bytes()
    except OSError:
        return Unreadable("unreadable", "", "")
    if hashlib.sha256(data).hexdigest() != photo.sha256:
        return Unreadable("changed", "", "")
    try:
        from vision.pipeline import measure_photo

        return measure_photo(frame_from_bytes(data, path.name))
    except PhotoError as error:
        return Unreadable(error.code.value, error.message, error.fix)
    except ModelError as error:
        raise BrokenInstallation(error.message, error.fix) from error
    except (ImportError, OSError) as error:  # MediaPipe's native library loads only now
        raise missing_library(error) from error
    except Exception:
        # A bug must not cost the other photographs their rows.
        _log.exception("Measuring %s failed", path)
        return Unreadable("internal_error", "", "")
