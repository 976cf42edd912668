"""Every sentence the command line says about a measurement, in one place to be reviewed.

Written for somebody who has never heard of a pelvis's bony points. What may be said, and
the sources, are in docs/MEASUREMENT.md: context, never a verdict.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vision.result import Method, NoBeltReason

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Range in which most people without pain stand, and its middle, deg (docs/MEASUREMENT.md):
#: shown as context, labelled as such.
USUAL_LOW_DEG, USUAL_MIDDLE_DEG, USUAL_HIGH_DEG = 3.0, 11.0, 20.0

#: How each method is named after "Measured ...".
METHOD_WORDS: Mapping[Method, str] = {
    Method.CONTOUR: "from the outline of the body",
    Method.MARKED: "from the two bony points that were marked",
    Method.STICKERS: "from the two stickers",
    Method.BELT: "from the line of the belt",
}

#: Renders test geometry, not people; a reader must know where the range comes from.
CONTOUR_EVIDENCE = (
    "The likely range was checked on computer-made bodies, which does not prove it for people."
)
OTHER_METHOD = (
    "The two ways of measuring can differ; compare each only with its own earlier results."
)

BELT_LINE_FRONT_LOWER = "Belt line lower in front by {angle}° (likely {interval})"
BELT_LINE_FRONT_HIGHER = "Belt line higher in front by {angle}° (likely {interval})"
BELT_LINE_LEVEL = "Belt line level (likely {interval})"
BELT_LINE_NOT_PELVIS = (
    "The cut of the clothes and the belly set the belt line as well as the pelvis does: compare "
    "it only in the same clothes."
)
NO_BELT_LINE_TO_SEE = "No belt line to be seen:"
NO_BELT_LINE: Mapping[NoBeltReason, str] = {
    NoBeltReason.NO_TRUNK: "the outline around the waist is unclear.",
    NoBeltReason.ARM_ACROSS: "an arm is in front of it.",
    NoBeltReason.ONE_COLOUR: "the clothes are of one colour from top to bottom.",
    NoBeltReason.PATTERN: "the pattern of the clothes hides it.",
    NoBeltReason.LONG_TOP: "the top hangs over it.",
    NoBeltReason.UNCLEAR: "what shows may be the hem of the top as well.",
}

MEASURED_HEADLINE = "Estimated {direction} tilt {angle}° (likely {interval})"
LEVEL_HEADLINE = "Estimated tilt 0°, level (likely {interval})"
REFUSED_HEADLINE = "No number: this photograph cannot be measured."
UNREADABLE_HEADLINE = "No number: nothing could be measured."

BODY_HEADING = "How the rest of the body stands, which is not part of the tilt:"
NOT_VISIBLE = "not visible"

TRUNK_FORWARD = "leaning forward {value}°"
TRUNK_BACK = "leaning back {value}°"
TRUNK_UPRIGHT = "upright"
HIPS_AHEAD = "{value} % of leg length ahead of the ankles"
HIPS_BEHIND = "{value} % of leg length behind the ankles"
HIPS_ABOVE = "right above the ankles"
KNEES_STRAIGHT = "{value}° (straight)"
KNEES_BENT = "{value}° (bent)"
KNEES_BEYOND = "{value}° (pushed back beyond straight)"
HEAD_AHEAD = "{value}° ahead of the shoulders"
HEAD_BEHIND = "{value}° behind the shoulders"
HEAD_ABOVE = "right above the shoulders"
SWAY_BACK = (
    "The hips are ahead of the ankles while the trunk leans back. This way of standing is "
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
    "is no real change. With {enough} photographs or more it is worked out from your own."
)

MEANING = "Forward tilt means that the front of the pelvis sits lower than the back."
CONTEXT = (
    "Most people without pain stand tilted forward, usually by about 3 to 20°, so one number "
    "does not tell good from bad."
)
COMPARE = (
    "Compare it with your own earlier pictures, taken the same way and measured the same way; "
    "between two single pictures less than 10° is no real change."
)
VERTICAL_FOUND = (
    "Upright lines in the room show that the camera was turned by {roll}°; that is taken out."
)
VERTICAL_TIP = (
    "To be more exact: each degree that the camera was turned adds or takes away one degree. "
    "If a door frame or a wall edge is in the picture, give two points on it with "
    "--vertical X1 Y1 X2 Y2."
)

INTERNAL_ERROR = "Beltline itself failed on this photograph."
INTERNAL_ERROR_FIX = "Please report it together with the text on standard error."
