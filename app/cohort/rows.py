"""One row for each photograph: which columns there are, what they mean, and how one is filled."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from vision._version import __version__
from vision.result import Measured, Severity, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from app.cohort.listing import CohortPhoto
    from vision.result import Capture, PhotoResult, Posture, TiltEstimate

#: A row as pyarrow takes it: what is unknown is None.
Row: TypeAlias = dict[str, Any]

#: The number that changes when a column changes its name or meaning.
SCHEMA = 1
_TEXT, _NUMBER, _COUNT = "string", "double", "int32"
#: Each with the words that tell it in the columns' descriptions.
_METHODS = {
    "tilt": "the answer by the wanted method",
    "contour": "read from the outline of the body",
    "marked": "from the two bony points that the list names",
    "stickers": "from two stickers on the bony points",
    "belt_line": "the belt line's slope, front lower is positive",
}


@dataclass(frozen=True, slots=True)
class ColumnInfo:
    """What a column is called, holds, and means.

    Attributes
    ----------
    kind
        Arrow's name of its type.
    unit
        ``deg``, ``px``, ``percent``, or nothing.
    """

    name: str
    kind: str
    unit: str
    meaning: str


def _columns() -> Iterator[ColumnInfo]:
    def text(name: str, meaning: str) -> ColumnInfo:
        return ColumnInfo(name, _TEXT, "", meaning)

    yield text("path", "the photograph: a whole path, or an address")
    for label in ("subject", "session", "rater"):
        yield text(label, f"what the list calls the {label}; empty where it says nothing")
    yield text("side_wanted", "left or right as the list wants it; empty where it says nothing")
    yield text("fingerprint", "the same only if measuring again would give the same row")
    yield text("content_sha256", "checksum of the file that was read; null if it was not")
    yield text("status", "measured, rejected (read and refused) or error (not readable)")
    yield text("facing", "which edge of the picture the person looks towards: left or right")
    yield text("tilt_method", "what tilt_deg rests on: marked, stickers, contour or belt")
    for method, what in _METHODS.items():
        yield ColumnInfo(f"{method}_deg", _NUMBER, "deg", f"{what}; forward is positive")
        for end in ("low", "high"):
            meaning = f"{end}er end of the 90 % interval"
            yield ColumnInfo(f"{method}_{end}_deg", _NUMBER, "deg", meaning)
        for part in ("reading", "roll", "bones"):
            meaning = f"standard deviation that {part} adds to the doubt"
            yield ColumnInfo(f"{method}_{part}_sd_deg", _NUMBER, "deg", meaning)
    for name, unit, meaning in (
        ("trunk_lean_deg", "deg", "shoulder over hip, forward is positive"),
        ("hip_sway_percent", "percent", "hip ahead of the ankle, in shares of the leg's length"),
        ("knee_angle_deg", "deg", "180 is straight"),
        ("head_forward_deg", "deg", "ear ahead of the shoulder"),
        ("yaw_deg", "deg", "how far the person is turned from side-on"),
        ("roll_deg", "deg", "how far the camera was turned clockwise"),
        ("roll_sd_deg", "deg", "standard deviation of roll_deg"),
        ("trunk_px", "px", "length of the trunk in the upright picture"),
    ):
        yield ColumnInfo(name, _NUMBER, unit, meaning)
    yield text("vertical", "where the plumb direction is from: assumed, given or found")
    yield ColumnInfo("people", _COUNT, "", "how many people are in the picture")
    yield text("refused_for", "codes of the reasons why there is no number, with blanks between")
    yield text("warned_of", "codes of warnings, with blanks between")
    yield text("message", "the first reason in words")
    yield text("version", "of Beltline")
    yield text("pose_model_sha256", "checksum of the pose model")
    yield text("contour_model_sha256", "checksum of the model that reads outlines")


COLUMNS = tuple(_columns())


def arrow_schema() -> pa.Schema:
    """Return the columns as pyarrow has them, with meaning and unit in each one's metadata."""
    import pyarrow as pa

    return pa.schema(
        [
            pa.field(
                column.name,
                pa.type_for_alias(column.kind),
                metadata={"unit": column.unit, "meaning": column.meaning},
            )
            for column in COLUMNS
        ],
        metadata={"beltline_cohort": str(SCHEMA)},
    )


def sidecar() -> dict[str, object]:
    """Return what every column means, in the manner of BIDS."""
    return {
        "BeltlineCohort": SCHEMA,
        **{
            column.name: {"Description": column.meaning}
            | ({"Units": column.unit} if column.unit else {})
            for column in COLUMNS
        },
    }


def row_of(photo: CohortPhoto, fingerprint: str, sha256: str | None, outcome: PhotoResult) -> Row:
    """Return the row of a photograph.

    Parameters
    ----------
    fingerprint
        As :meth:`CohortPhoto.fingerprint` gives it.
    sha256
        Of the bytes that were measured; None if there were none.
    outcome
        A measurement, a refusal, or a file that gave no picture.
    """
    listed = photo.listed
    row: Row = dict.fromkeys(column.name for column in COLUMNS)
    row |= {
        "path": photo.path.encode("utf-8", "replace").decode(),
        "subject": listed.subject,
        "session": listed.session,
        "rater": listed.rater,
        "side_wanted": listed.side,
        "fingerprint": fingerprint,
        "content_sha256": sha256,
    }
    if isinstance(outcome, Unreadable):
        return row | {
            "status": "error",
            "refused_for": outcome.code,
            "warned_of": "",
            "message": outcome.message,
            "version": __version__,
        }
    reasons, made_by = outcome.reasons, outcome.provenance
    row |= {
        "status": "rejected",
        "facing": outcome.facing.value if outcome.facing else None,
        "refused_for": _codes(outcome, Severity.REFUSE),
        "warned_of": _codes(outcome, Severity.WARN),
        "message": reasons[0].message if reasons else None,
        "version": made_by.version,
        "pose_model_sha256": made_by.pose_model_sha256,
        "contour_model_sha256": made_by.contour_model_sha256,
    }
    row |= _posture(outcome.posture) | _capture(outcome.capture)
    if isinstance(outcome, Measured):
        row |= {"status": "measured", "tilt_method": outcome.tilt.method.value}
        belt = outcome.belt_line.tilt if outcome.belt_line else None
        for name, tilt in (
            ("tilt", outcome.tilt),
            ("contour", outcome.contour),
            ("marked", outcome.marked),
            ("stickers", outcome.stickers),
            ("belt_line", belt),
        ):
            row |= _tilt(name, tilt)
    return row


def _codes(outcome: PhotoResult, severity: Severity) -> str:
    reasons = () if isinstance(outcome, Unreadable) else outcome.reasons
    return " ".join(reason.code.value for reason in reasons if reason.severity is severity)


def _tilt(name: str, tilt: TiltEstimate | None) -> Row:
    if tilt is None:
        return {}
    return {
        f"{name}_deg": _finite(tilt.angle_deg),
        f"{name}_low_deg": _finite(tilt.low_deg),
        f"{name}_high_deg": _finite(tilt.high_deg),
        f"{name}_reading_sd_deg": _finite(tilt.doubt.reading_deg),
        f"{name}_roll_sd_deg": _finite(tilt.doubt.roll_deg),
        f"{name}_bones_sd_deg": _finite(tilt.doubt.bones_deg),
    }


def _posture(posture: Posture | None) -> Row:
    if posture is None:
        return {}
    return {
        "trunk_lean_deg": _finite(posture.trunk_lean_deg),
        "hip_sway_percent": _finite(posture.hip_sway_percent),
        "knee_angle_deg": _finite(posture.knee_angle_deg),
        "head_forward_deg": _finite(posture.head_forward_deg),
    }


def _capture(capture: Capture | None) -> Row:
    if capture is None:
        return {}
    return {
        "yaw_deg": _finite(capture.yaw_deg),
        "roll_deg": _finite(capture.roll_deg),
        "roll_sd_deg": _finite(capture.roll_sd_deg),
        "trunk_px": _finite(capture.trunk_px),
        "vertical": capture.vertical.value,
        "people": int(capture.people),
    }


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)
