"""One row for each photograph: which columns there are, what they mean, and how one is filled."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from vision._version import __version__
from vision.reasons import REFUSALS, WARNINGS
from vision.result import Measured, ReasonCode, Severity, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyarrow as pa

    from app.cohort.listing import CohortPhoto
    from vision.result import Capture, PhotoResult, Posture, TiltEstimate

#: A row as pyarrow takes it: what is unknown is None.
Row: TypeAlias = dict[str, Any]

#: The number that changes when a column changes its name or meaning.
SCHEMA = 1
_TEXT, _NUMBER, _COUNT = "string", "double", "int32"
#: What tells one row from another, and the order of all rows.
KEY = ("path", "session", "rater")
#: What tells apart rows of one photograph: another content, and whether its file was read.
MARKS = ("fingerprint", "content_sha256")
#: The photograph was not read whole, so its row holds until the next run, which tries again.
NOT_READ, CHANGED = "not_read", "changed"
AGAIN = frozenset((NOT_READ, CHANGED))
#: The picture is good, and what the list says of it is not: refused, and no fault of the file.
POINTS_OUTSIDE = "points_outside"
#: The person faces the other way than the list wants; the numbers hold all the same.
OTHER_SIDE = "other_side"
#: These are said of several photographs together, never of one.
_OF_SEVERAL = frozenset(
    (
        *(ReasonCode.SPREAD_TOO_LARGE, ReasonCode.MIXED_METHODS, ReasonCode.TOO_FEW_PHOTOGRAPHS),
        *(ReasonCode.PICTURES_DISAGREE, ReasonCode.OFFSET_TOO_LARGE, ReasonCode.TAKEN_FAR_APART),
        *(ReasonCode.NO_MOVEMENT, ReasonCode.WRONG_WAY, ReasonCode.TOO_FEW_ROUNDS),
        *(ReasonCode.NO_MARKS, ReasonCode.SAME_PHOTOGRAPH, ReasonCode.CALIBRATION_OLD),
        *(ReasonCode.CALIBRATION_OUTDATED, ReasonCode.POSITION_MISSING),
    )
)
#: Each with the words that tell it in the columns' descriptions.
_METHODS = {
    "tilt": "the answer by the wanted method",
    "contour": "read from the outline of the body",
    "marked": "from the two bony points that the list names",
    "stickers": "from two stickers on the bony points",
    "belt_line": "the slope of the belt line",
}
#: What the doubt of a tilt is made of.
_DOUBTS = {
    "reading": "reading the picture",
    "roll": "the camera's roll",
    "bones": "the shape of the bones",
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
    levels
        Each value that a column of few has, with its meaning.
    """

    name: str
    kind: str
    unit: str
    meaning: str
    levels: Mapping[str, str] = field(default_factory=dict)


def _columns() -> Iterator[ColumnInfo]:
    def text(name: str, meaning: str, **levels: str) -> ColumnInfo:
        return ColumnInfo(name, _TEXT, "", meaning, levels)

    yield text("path", "the photograph: a whole path, or an address")
    for label in ("subject", "session", "rater"):
        yield text(label, f"what the list calls the {label}; empty where it says nothing")
    edges = {"left": "towards its left edge", "right": "towards its right edge"}
    yield text(
        "side_wanted",
        "where the list wants the person to look; empty where it says nothing",
        **edges,
    )
    yield text("fingerprint", "the same only if measuring again would give the same row")
    yield text("content_sha256", "checksum of the file that was read; null if it was not")
    yield text(
        "status",
        "what became of the photograph",
        measured="it has numbers",
        rejected="it was read and refused: refused_for says why",
        error="it could not be read: refused_for says why",
    )
    yield text("facing", "which edge of the picture the person looks towards", **edges)
    methods = {name: what for name, what in _METHODS.items() if name not in ("tilt", "belt_line")}
    belt = _METHODS["belt_line"]
    yield text("tilt_method", "what tilt_deg rests on", **methods, belt=belt)
    for method, what in _METHODS.items():
        yield ColumnInfo(f"{method}_deg", _NUMBER, "deg", f"{what}; front lower is positive")
        for end in ("low", "high"):
            meaning = f"{end}er end of the 90 % interval of {method}_deg"
            yield ColumnInfo(f"{method}_{end}_deg", _NUMBER, "deg", meaning)
        for part, why in _DOUBTS.items():
            meaning = f"standard deviation of {method}_deg that is due to {why}"
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
    yield text(
        "vertical",
        "where the plumb direction is from",
        assumed="the camera was taken to be level",
        given="the list names a plumb line",
        found="upright edges in the picture",
    )
    yield ColumnInfo("people", _COUNT, "", "how many people are in the picture")
    refused, warned = _codes_told()
    yield text("refused_for", "why there is no number: codes, with blanks between", **refused)
    yield text("warned_of", "what to look at in spite of a number: codes, with blanks", **warned)
    yield text("message", "the first reason in words")
    yield text("version", "of Beltline")
    yield text("pose_model_sha256", "checksum of the pose model")
    yield text("contour_model_sha256", "checksum of the model that reads outlines")


def _codes_told() -> tuple[dict[str, str], dict[str, str]]:
    """Return every code of a refusal and of a warning, with the sentence that it stands for."""

    def told(sentences: Mapping[ReasonCode, tuple[str, str]]) -> dict[str, str]:
        return {
            code.value: what.replace("{}", "N")
            for code, (what, _) in sentences.items()
            if code not in _OF_SEVERAL
        }

    refused = told(REFUSALS) | {
        "unreadable": "The file is no still picture, or a damaged one.",
        "too_large": "The picture, or its file, is larger than a photograph.",
        NOT_READ: "The file could not be read; the next run tries again.",
        CHANGED: "The file changed while it was read; the next run measures it again.",
        POINTS_OUTSIDE: "The points or the plumb line of the list do not fit the picture.",
        "killed": "Measuring this photograph ended the program each time.",
        "internal_error": "Measuring this photograph failed.",
    }
    side = "The person looks the other way than side_wanted says."
    return refused, told(WARNINGS) | {OTHER_SIDE: side}


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
            | ({"Levels": dict(column.levels)} if column.levels else {})
            for column in COLUMNS
        },
    }


def told_path(path: str) -> str:
    """Return a path as a row has it; letters that are none in any writing are spelt out."""
    return path.encode("utf-8", "backslashreplace").decode()


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
        "path": told_path(photo.path),
        "subject": listed.subject,
        "session": listed.session,
        "rater": listed.rater,
        "side_wanted": listed.side,
        "fingerprint": fingerprint,
        "content_sha256": sha256,
    }
    if isinstance(outcome, Unreadable):
        return row | {
            "status": "rejected" if outcome.code == POINTS_OUTSIDE else "error",
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
    return row | _other_side(row)


def _other_side(row: Row) -> Row:
    wanted, found = row["side_wanted"], row["facing"]
    if not wanted or found in (None, wanted):
        return {}
    told = f"The person looks to the {found}, and the list wants {wanted}."
    return {
        "warned_of": f"{row['warned_of']} {OTHER_SIDE}".strip(),
        "message": told if row["status"] == "measured" else row["message"],
    }


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
