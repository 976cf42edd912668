"""What is said about a measurement, on screen, on the command line and in print.

Written for somebody who has never heard of a pelvis's bony points. What may be said, and
the sources, are in docs/MEASUREMENT.md: context, never a verdict.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.history.comparison import smallest_between_single
from app.text.calibration import since
from app.text.languages.wording import inside
from vision.messages import translatable
from vision.result import (
    Method,
    NoBeltReason,
    ReasonCode,
    Rejected,
    Severity,
    Unreadable,
    VerticalSource,
    direction,
    interval_text,
    whole_deg,
)
from vision.series import OWN_CHANGE_FROM, Series

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from vision.result import Measured, PhotoResult, Posture, Reason, TiltEstimate
    from vision.series import Outlier, RefusedSeries

#: Range in which most people without pain stand, and its middle, deg (docs/MEASUREMENT.md):
#: shown as context, labelled as such.
USUAL_LOW_DEG, USUAL_MIDDLE_DEG, USUAL_HIGH_DEG = 3.0, 11.0, 20.0

#: How each method is named after "Measured ...".
METHOD_WORDS: Mapping[Method, str] = {
    Method.CONTOUR: "from the outline of the body",
    Method.CALIBRATED: "from the outline of the body, with this person's own calibration",
    Method.MARKED: "from the two bony points that were marked",
    Method.STICKERS: "from the two stickers",
    Method.BELT: "from the line of the belt",
}

#: What Beltline is for. It stands word for word on the start page, in the report and the README.
INTENDED_USE = (
    "Beltline is a self-check for wellness. It is not a medical device: see a physiotherapist for "
    "a diagnosis."
)

#: Renders test geometry, not people; a reader must know where the range comes from.
CONTOUR_EVIDENCE = (
    "The likely range was checked on computer-made bodies, which does not prove it for people."
)
#: Why the range of a contour angle is wide; from nothing else does so much of it come.
BONES_UNSEEN = (
    "The likely range is wide because no photograph shows the shape of the bones; changes show "
    "much more clearly, and calibrating once narrows it."
)
MEASURED = "Measured {method}."
UP_TO, UNDER_ONE_DEGREE = "up to {angle}°", "less than 1°"
ALSO = "Also, {method}: {found}."
OTHER_METHOD = "The two ways can differ, so compare each only with its own earlier results."

BELT_LINE_FRONT_LOWER = "Belt line lower in front by {angle}° (likely {interval})"
BELT_LINE_FRONT_HIGHER = "Belt line higher in front by {angle}° (likely {interval})"
BELT_LINE_LEVEL = "Belt line level (likely {interval})"
BELT_LINE_NOT_PELVIS = (
    "Clothes and belly shift the belt line too, so compare it only in the same clothes."
)
NO_BELT_LINE_TO_SEE = "The belt line cannot be seen:"
NO_BELT_LINE: Mapping[NoBeltReason, str] = {
    NoBeltReason.NO_TRUNK: "the outline around the waist is unclear.",
    NoBeltReason.ARM_ACROSS: "an arm is in front of it.",
    NoBeltReason.ONE_COLOUR: "the clothes are of one colour from top to bottom.",
    NoBeltReason.PATTERN: "the pattern of the clothes hides it.",
    NoBeltReason.LONG_TOP: "the top hangs over it.",
    NoBeltReason.UNCLEAR: "what shows may just as well be the lower edge of the top.",
}

MEASURED_HEADLINE = "Estimated {direction} tilt {angle}° (likely {interval})"
LEVEL_HEADLINE = "Estimated tilt 0°, level (likely {interval})"
REFUSED_HEADLINE = "No number: this photograph cannot be measured."
UNREADABLE_HEADLINE = "No number: nothing could be measured."

BODY_HEADING = "The rest of the body (not part of the tilt):"
UPPER_BODY, HIPS, KNEES, HEAD = "Upper body", "Hips", "Knees", "Head"
NOT_VISIBLE = "not visible"

TRUNK_FORWARD = "leaning forward {value}°"
TRUNK_BACK = "leaning back {value}°"
TRUNK_UPRIGHT = "upright"
HIPS_AHEAD = "ahead of the ankles, by {value} % of the leg's length"
HIPS_BEHIND = "behind the ankles, by {value} % of the leg's length"
HIPS_ABOVE = "right above the ankles"
KNEES_STRAIGHT = "{value}° (straight)"
KNEES_BENT = "{value}° (bent)"
KNEES_BEYOND = "{value}° (pushed back beyond straight)"
HEAD_AHEAD = "{value}° ahead of the shoulders"
HEAD_BEHIND = "{value}° behind the shoulders"
HEAD_ABOVE = "right above the shoulders"
SWAY_BACK = (
    "The hips are ahead of the ankles while the upper body leans back. This way of standing is "
    "called sway-back; it is told apart from the tilt because it can look like less of it."
)

CHECK_KEPT = "Kept in the history as check {number}."
OVERLAY_WRITTEN = "Picture with the measurement drawn on it: {path}"

SERIES_TITLE = "All together, as repeats of one stance"
SERIES_ORIGIN = (
    "The middle of {count} photographs{left_out}, measured {method}. Their angles lie {range} "
    "apart, with a spread of {spread} (standard deviation)."
)
SERIES_LEFT_OUT = " (of {given} that were given)"
SERIES_RANGE = (
    "The likely range does not become much narrower than that of one photograph: measuring can "
    "misjudge the same body in the same direction each time, and more pictures do not cure that."
)
SERIES_REFUSED_HEADLINE = "No number for these photographs together."
OUTLIER_FORWARD = (
    "{source} stands apart: {off}° further forward than the middle. If something was different "
    "in it, take it again."
)
OUTLIER_BACKWARD = (
    "{source} stands apart: {off}° further backward than the middle. If something was different "
    "in it, take it again."
)
CHANGE_OWN = (
    "Smallest change that counts: {change}°. Between two such series, taken the same way, less "
    "is no real change. It comes from how much your own photographs differ, and from how much a "
    "standing pelvis differs from day to day."
)
CHANGE_DEFAULT = (
    "Smallest change that counts: {change}°. Between two such series, taken the same way, less "
    "is no real change. It comes from how much measuring the same body twice differs, and from "
    "how much a standing pelvis differs from day to day. With {enough} photographs or more it is "
    "worked out from your own."
)

MEANING = (
    "Forward tilt means that the front of the pelvis, the bowl of bone between the hips, sits "
    "lower than the back."
)
CONTEXT = (
    "Most people without pain stand tilted forward, usually by about 3 to 20°, so one number "
    "does not tell good from bad."
)
COMPARE = (
    "Compare it with your own earlier pictures, taken the same way and measured the same way; "
    "two single pictures less than {smallest}° apart show no real change: so much can come from "
    "measuring twice and from standing on another day."
)
VERTICAL_FOUND = (
    "Upright lines in the room show that the camera was turned by {roll}°; that is taken out."
)
VERTICAL_TIP = (
    "If the camera was tilted, the angle is wrong by as much. If a door frame or the edge of a "
    "wall is in the picture, give two points on it with --vertical X1 Y1 X2 Y2."
)

INTERNAL_ERROR = "Beltline itself failed on this photograph."
INTERNAL_ERROR_FIX = "Please report it together with the text on standard error."
NOT_DRAWN = "Beltline itself failed to draw the overlay."
NO_CALIBRATION = "Beltline itself failed to read the calibration, so none was used."
NOT_KEPT = "Beltline itself failed to keep it in the history."

#: Knees between these angles are called straight: clinically, more than 5 deg beyond 180 is
#: hyperextension, and landmarks of a straight leg scatter by several degrees below it.
KNEE_BENT_BELOW_DEG = 170.0
KNEE_BEYOND_ABOVE_DEG = 185.0
#: Sway-back is named only when both parts of it stand clear of the landmarks' scatter. In
#: plain standing the hip already lies a little ahead of the ankle.
SWAY_HIPS_AHEAD_PERCENT = 6.0
SWAY_TRUNK_BACK_DEG = -3.0


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


def describe(source: str, outcome: PhotoResult) -> tuple[TextLine, ...]:
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
        answer = TextLine(UNREADABLE_HEADLINE, strong=True)
        return title, answer, TextLine(f"{outcome.message} {outcome.fix}")
    if isinstance(outcome, Rejected):
        answer = TextLine(REFUSED_HEADLINE, strong=True)
        return title, answer, *_reason_lines((*refusals(outcome), *warnings(outcome)))
    return title, *_measured_lines(outcome)


def describe_context(outcomes: Sequence[PhotoResult]) -> tuple[TextLine, ...]:
    """Say once, after the last photograph, what a tilt means and how far to trust it."""
    measured = [outcome for outcome in outcomes if not isinstance(outcome, Unreadable | Rejected)]
    if not measured:
        return ()
    compare = COMPARE.format(smallest=max(smallest_between_single(one.tilt) for one in measured))
    context = _GAP, TextLine(f"{MEANING} {CONTEXT} {compare}", indent=0)
    if any(result.capture.vertical is VerticalSource.ASSUMED for result in measured):
        return *context, TextLine(VERTICAL_TIP, indent=0)
    return context


def describe_series(series: Series | RefusedSeries, given: int) -> tuple[TextLine, ...]:
    """Say what came of the photographs together.

    Parameters
    ----------
    series
        Their median, or the reasons why there is none.
    given
        How many photographs were named, whatever became of each.
    """
    notes = _reason_lines(series.reasons)
    notes += [_outlier_line(outlier) for outlier in series.outliers]
    title = TextLine(SERIES_TITLE, indent=0)
    if not isinstance(series, Series):
        return title, TextLine(SERIES_REFUSED_HEADLINE, strong=True), *notes
    gap = [_GAP] if notes else []
    answer = TextLine(headline(series.tilt), strong=True)
    origin = _origin_line(series, given), TextLine(SERIES_RANGE)
    return title, answer, *origin, *gap, *notes, _GAP, _change_line(series)


def headline(tilt: TiltEstimate) -> str:
    """Say a tilt and its interval in whole degrees, with its direction in words.

    The belt line is not called a tilt of the pelvis.
    """
    angle, interval = whole_deg(tilt.angle_deg), interval_text(tilt)
    if tilt.method is Method.BELT:
        lower = BELT_LINE_FRONT_LOWER if angle > 0 else BELT_LINE_FRONT_HIGHER
        template = lower if angle else BELT_LINE_LEVEL
    else:
        template = MEASURED_HEADLINE if angle else LEVEL_HEADLINE
    return template.format(direction=direction(angle), angle=abs(angle), interval=interval)


def measured_how(method: Method, calibrated_at: datetime | None = None) -> str:
    """Say how an angle was measured, and on which calibration it rests, if any."""
    parts = MEASURED.format(method=METHOD_WORDS[method]), since(method, calibrated_at)
    return " ".join(filter(None, parts))


def measured_by(method: Method, calibrated_at: datetime | None = None) -> str:
    """Say how an angle was measured, and how its range was checked.

    Parameters
    ----------
    calibrated_at
        When the calibration was made on which it rests, if any.
    """
    said = measured_how(method, calibrated_at)
    if method is not Method.CONTOUR:
        return said
    return f"{said} {BONES_UNSEEN} {CONTOUR_EVIDENCE}"


def other_tilts(result: Measured) -> list[TiltEstimate]:
    """Return what the other ways of measuring the tilt found, if any.

    The contour behind a calibrated answer is no other way.
    """
    is_calibrated = result.tilt.method is Method.CALIBRATED
    tilts = (result.marked, result.stickers, None if is_calibrated else result.contour)
    return [one for one in tilts if one is not None and one.method is not result.tilt.method]


def also(tilt: TiltEstimate) -> str:
    """Say what another way of measuring found."""
    said = headline(tilt)
    return ALSO.format(method=METHOD_WORDS[tilt.method], found=inside(said))


def belt_sentence(result: Measured, say: Callable[[TiltEstimate], str]) -> str:
    """Say where the belt line points, or why none can be told; ``say`` has its angle."""
    if result.belt_line is None:
        why = NO_BELT_LINE[result.no_belt_line] if result.no_belt_line else ""
        return f"{NO_BELT_LINE_TO_SEE} {why}".strip()
    if result.tilt.method is Method.BELT:
        return BELT_LINE_NOT_PELVIS
    return f"{say(result.belt_line.tilt)}. {BELT_LINE_NOT_PELVIS}"


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


def describe_posture(posture: Posture) -> dict[str, str]:
    """Say how trunk, hips, knees and head stand, each in plain words with a whole number.

    Parameters
    ----------
    posture
        Numbers with the signs of :class:`vision.result.Posture`; None is "not visible".
    """
    return {
        UPPER_BODY: _sided(posture.trunk_lean_deg, TRUNK_FORWARD, TRUNK_BACK, TRUNK_UPRIGHT),
        HIPS: _sided(posture.hip_sway_percent, HIPS_AHEAD, HIPS_BEHIND, HIPS_ABOVE),
        KNEES: _knees(posture.knee_angle_deg),
        HEAD: _sided(posture.head_forward_deg, HEAD_AHEAD, HEAD_BEHIND, HEAD_ABOVE),
    }


def is_sway_back(posture: Posture) -> bool:
    """Tell whether the hips are clearly ahead of the ankles and the trunk leans back."""
    sway, lean = posture.hip_sway_percent, posture.trunk_lean_deg
    if sway is None or lean is None:
        return False
    return sway >= SWAY_HIPS_AHEAD_PERCENT and lean <= SWAY_TRUNK_BACK_DEG


def _sided(value: float | None, ahead: str, behind: str, level: str) -> str:
    if value is None or not math.isfinite(value):
        return NOT_VISIBLE
    rounded = round(value)
    if rounded == 0:
        return level
    return (ahead if rounded > 0 else behind).format(value=abs(rounded))


def _knees(angle_deg: float | None) -> str:
    if angle_deg is None or not math.isfinite(angle_deg):
        return NOT_VISIBLE
    if angle_deg < KNEE_BENT_BELOW_DEG:
        template = KNEES_BENT
    elif angle_deg > KNEE_BEYOND_ABOVE_DEG:
        template = KNEES_BEYOND
    else:
        template = KNEES_STRAIGHT
    return template.format(value=round(angle_deg))


def _measured_lines(result: Measured) -> list[TextLine]:
    lines = [
        TextLine(headline(result.tilt), strong=True),
        TextLine(measured_by(result.tilt.method, result.calibrated_at)),
    ]
    lines += [_other_line(tilt) for tilt in other_tilts(result)]
    lines.append(TextLine(belt_sentence(result, headline)))
    turned = abs(whole_deg(result.capture.roll_deg))
    if result.capture.vertical is VerticalSource.FOUND and turned:
        lines.append(TextLine(VERTICAL_FOUND.format(roll=turned)))
    lines += _body_lines(result.posture)
    qualifying = warnings(result)
    if qualifying:
        lines += [_GAP, *_reason_lines(qualifying)]
    return lines


def _other_line(tilt: TiltEstimate) -> TextLine:
    text = also(tilt)
    if tilt.method is Method.CONTOUR:
        text = f"{text} {CONTOUR_EVIDENCE}"
    return TextLine(f"{text} {OTHER_METHOD}")


def _body_lines(posture: Posture) -> list[TextLine]:
    lines = [_GAP, TextLine(BODY_HEADING)]
    lines += [
        TextLine(f"{part + ':':<11} {text}", indent=4)
        for part, text in describe_posture(posture).items()
    ]
    if is_sway_back(posture):
        lines.append(TextLine(SWAY_BACK, indent=4))
    return lines


def _reason_lines(reasons: Sequence[Reason]) -> list[TextLine]:
    return [TextLine(f"- {reason.message} {reason.fix}") for reason in reasons]


def _origin_line(series: Series, given: int) -> TextLine:
    left_out = SERIES_LEFT_OUT.format(given=given) if series.count < given else ""
    text = SERIES_ORIGIN.format(
        count=series.count,
        left_out=left_out,
        method=METHOD_WORDS[series.tilt.method],
        range=_amount(series.range_deg, is_most=True),
        spread=_amount(series.spread_deg),
    )
    return TextLine(text)


def _outlier_line(outlier: Outlier) -> TextLine:
    template = OUTLIER_FORWARD if outlier.deviation_deg > 0 else OUTLIER_BACKWARD
    off = abs(whole_deg(outlier.deviation_deg))
    return TextLine("- " + template.format(source=outlier.source, off=off))


def _change_line(series: Series) -> TextLine:
    own = series.count >= OWN_CHANGE_FROM
    template = CHANGE_OWN if own else CHANGE_DEFAULT
    # Rounded up: a whole degree below the limit must not read as a change.
    change = math.ceil(series.smallest_change_deg)
    return TextLine(template.format(change=change, enough=OWN_CHANGE_FROM))


def _amount(angle_deg: float, is_most: bool = False) -> str:
    rounded = whole_deg(angle_deg)
    if not rounded:
        return UNDER_ONE_DEGREE
    return UP_TO.format(angle=rounded) if is_most else f"{rounded}°"


translatable(__name__)
