"""What every page, report and line of text says alike about one result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.text import measurement
from vision.result import Method, ReasonCode, Severity

if TYPE_CHECKING:
    from vision.result import Measured, Reason, Rejected


def measured_by(method: Method) -> str:
    """Say how an angle was measured, and how its range was checked."""
    said = f"Measured {measurement.METHOD_WORDS[method]}."
    return f"{said} {measurement.CONTOUR_EVIDENCE}" if method is Method.CONTOUR else said


def no_belt_line(result: Measured) -> str:
    """Say why no belt line can be told."""
    why = measurement.NO_BELT_LINE[result.no_belt_line] if result.no_belt_line else ""
    return f"{measurement.NO_BELT_LINE_TO_SEE} {why}".strip()


def refusals(result: Measured | Rejected) -> tuple[Reason, ...]:
    """Return what forbids a number."""
    return tuple(r for r in result.reasons if r.severity is Severity.REFUSE)


def warnings(result: Measured | Rejected) -> tuple[Reason, ...]:
    """Return what qualifies a number, but for an assumed vertical.

    That is the normal case, and has a sentence of its own wherever it is told.
    """
    return tuple(
        reason
        for reason in result.reasons
        if reason.severity is Severity.WARN and reason.code is not ReasonCode.VERTICAL_ASSUMED
    )
