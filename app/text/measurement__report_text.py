"""One photograph's outcome as text for a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.text import measurement
from app.text.measurement__posture_words import describe_posture, is_sway_back
from app.text.measurement__result_words import measured_by, no_belt_line, refusals, warnings
from vision.format import direction, interval_text, whole_deg
from vision.result import Method, Rejected, VerticalSource
from vision.result__outcome import Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vision.result import Measured, Posture, Reason, TiltEstimate
    from vision.result__outcome import Outcome


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line to print, before it is wrapped.

    Attributes
    ----------
    text
        Empty for a gap.
    indent
        Spaces before it.
    strong
        Whether it is the answer, to be set apart from the rest.
    """

    text: str
    indent: int = 2
    strong: bool = False


_GAP = TextLine("")


def describe(source: str, outcome: Outcome) -> tuple[TextLine, ...]:
    """Say what came of one photograph.

    Parameters
    ----------
    source
        The photograph's name as it was given.
    outcome
        A measurement, a refusal, or a file that gave no picture.
    """
    title = TextLine(source, indent=0)
    if isinstance(outcome, Unreadable):
        headline = TextLine(measurement.UNREADABLE_HEADLINE, strong=True)
        return title, headline, TextLine(f"{outcome.message} {outcome.fix}")
    if isinstance(outcome, Rejected):
        headline = TextLine(measurement.REFUSED_HEADLINE, strong=True)
        forbidding, qualifying = refusals(outcome), warnings(outcome)
        return title, headline, *_reason_lines(forbidding), *_reason_lines(qualifying)
    return title, *_measured_lines(outcome)


def describe_context(outcomes: Sequence[Outcome]) -> tuple[TextLine, ...]:
    """Say once, after the last photograph, what a tilt means and how far to trust it."""
    measured = [outcome for outcome in outcomes if not isinstance(outcome, Unreadable | Rejected)]
    if not measured:
        return ()
    lines = [
        _GAP,
        TextLine(f"{measurement.MEANING} {measurement.CONTEXT} {measurement.COMPARE}", indent=0),
    ]
    if any(result.capture.vertical is VerticalSource.ASSUMED for result in measured):
        lines.append(TextLine(measurement.VERTICAL_TIP, indent=0))
    return tuple(lines)


def headline(tilt: TiltEstimate) -> str:
    """Say a tilt and its interval in whole degrees, with its direction in words.

    The belt line is not called a tilt of the pelvis.
    """
    angle, interval = whole_deg(tilt.angle_deg), interval_text(tilt)
    if tilt.method is Method.BELT:
        lower = (
            measurement.BELT_LINE_FRONT_LOWER if angle > 0 else measurement.BELT_LINE_FRONT_HIGHER
        )
        template = lower if angle else measurement.BELT_LINE_LEVEL
    else:
        template = measurement.MEASURED_HEADLINE if angle else measurement.LEVEL_HEADLINE
    return template.format(direction=direction(angle), angle=abs(angle), interval=interval)


def _measured_lines(result: Measured) -> list[TextLine]:
    lines = [
        TextLine(headline(result.tilt), strong=True),
        TextLine(measured_by(result.tilt.method)),
    ]
    others = (result.marked, result.stickers, result.contour)
    lines += [
        _other_line(tilt)
        for tilt in others
        if tilt is not None and tilt.method is not result.tilt.method
    ]
    lines.append(_belt_line(result))
    turned = abs(whole_deg(result.capture.roll_deg))
    if result.capture.vertical is VerticalSource.FOUND and turned:
        lines.append(TextLine(measurement.VERTICAL_FOUND.format(roll=turned)))
    lines += _body_lines(result.posture)
    qualifying = warnings(result)
    if qualifying:
        lines += [_GAP, *_reason_lines(qualifying)]
    return lines


def _other_line(tilt: TiltEstimate) -> TextLine:
    said = headline(tilt)
    text = f"Also, {measurement.METHOD_WORDS[tilt.method]}: {said[0].lower()}{said[1:]}."
    if tilt.method is Method.CONTOUR:
        text = f"{text} {measurement.CONTOUR_EVIDENCE}"
    return TextLine(f"{text} {measurement.OTHER_METHOD}")


def _belt_line(result: Measured) -> TextLine:
    """Say where the belt line points, or why none can be told; once."""
    if result.belt_line is None:
        return TextLine(no_belt_line(result))
    if result.tilt.method is Method.BELT:
        return TextLine(measurement.BELT_LINE_NOT_PELVIS)
    said = headline(result.belt_line.tilt)
    return TextLine(f"{said}. {measurement.BELT_LINE_NOT_PELVIS}")


def _body_lines(posture: Posture) -> list[TextLine]:
    lines = [_GAP, TextLine(measurement.BODY_HEADING)]
    lines += [
        TextLine(f"{line.part + ':':<6} {line.text}", indent=4)
        for line in describe_posture(posture)
    ]
    if is_sway_back(posture):
        lines.append(TextLine(measurement.SWAY_BACK, indent=4))
    return lines


def _reason_lines(reasons: Sequence[Reason]) -> list[TextLine]:
    return [TextLine(f"- {reason.message} {reason.fix}") for reason in reasons]
