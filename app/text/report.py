"""What the printed report says, beside what screen and command line say; never a verdict.

It is read by a physiotherapist and by the person whose checks it shows, so bony points are
named and explained. Figures and their sources are those of docs/MEASUREMENT.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vision.messages import Plural, translatable
from vision.result import Method, VerticalSource
from vision.series import DAY_TO_DAY_SD_DEG, WITHIN_BODY_SD_DEG

if TYPE_CHECKING:
    from collections.abc import Mapping


TITLE = "Forward tilt of the pelvis, seen from the side"
TITLE_BELT = "Angle of the belt line, seen from the side"
#: In the file's properties.
FILE_TITLE = "{title}: {name}"
ONE_CHECK = "One check, of {day}"
CHECKS_OF_ONE_DAY = "{count} checks, all of {day}"
CHECKS = "{count} checks, {first} to {last}"
CHECKS_UP_TO = "{count} checks, up to {last}"

CLIENT_ID, BORN = "ID {number}", "born {year}"
NEWEST = "Newest check, {when}"
PICTURE_CAPTION = "{when}: {angle}, {method}"
NO_PICTURE = "Only the numbers of the newest check were kept, so there is no picture of it."
PICTURE_GONE = "The picture of the newest check is no longer where it was kept."
PICTURE_UNREADABLE = "The picture of the newest check is damaged and cannot be shown."
HEAD_UNKNOWN = (
    "The head could not be found in the picture of the newest check, so the picture is left out."
)
CHANGE = "From {earlier} to {newest}: {change}"

TREND = "Angle over time, {method}"
TREND_AXIS = "degrees, forward above 0"
TREND_AXIS_BELT = "degrees, front lower above 0"
TREND_BARS = (
    "Each point is a check; its bar shows how far the next may differ by chance. The likely range "
    "of one angle is wider: it includes the shape of the bones, which stays the same."
)
TREND_MIDDLES = (
    "There are {count} checks: each point is the middle of about {each} in a row; its bar shows "
    "how far one check may differ from the next by chance. The likely range of one angle is wider: "
    "it includes the shape of the bones, which stays the same."
)
USUAL_RANGE = (
    "Shaded: 3 to 20° (middle 11°, dashed), the range in which most people without pain stand."
)
NO_RANGE_FOR_BELT = "There is no usual range for a belt line: the cut of the clothes shifts it."
NO_TREND = "None of the checks was measured {method}, so there is no line over time."

TABLE = "Checks, newest first"
TABLE_SOME = "The newest {shown} of {total} checks"
LEFT_OUT = Plural(
    ("One older check is not listed here.", "{count} older checks are not listed here.")
)
COLUMNS = ("Date", "Angle (likely range)", "Method", "Clothes", "Arms", "Note")
BELT_LOWER = "front {angle}° lower ({interval})"
BELT_HIGHER = "front {angle}° higher ({interval})"
BELT_LEVEL = "0° level ({interval})"
#: For the narrow columns of the table.
METHODS_SHORT: Mapping[Method, str] = {
    Method.CONTOUR: "body outline",
    Method.CALIBRATED: "calibrated outline",
    Method.MARKED: "marked points",
    Method.STICKERS: "stickers",
    Method.BELT: "belt line",
}

BODY = "The rest of the body"
BODY_NOT_TILT = "From the check of {day}. These numbers are not part of the tilt."
CAPTURE = "How the pictures were taken"
CAPTURE_ONE = "How the picture was taken"
CLOTHES, ARMS, NOTE = "Clothes", "Arms", "Note"
SIDE_ON, CAMERA, POINTS, NOTICED = "Side-on", "Camera", "Points", "Noticed"
NOT_SAID = "not said"
SIDE_ON_TURNED = "off by about {yaw}°"
CAMERA_LEVEL: Mapping[VerticalSource, str] = {
    VerticalSource.ASSUMED: "assumed to be level",
    VerticalSource.GIVEN: "level, by a plumb line that a person marked",
    VerticalSource.FOUND: "level, by upright lines in the room",
}
CAMERA_TURNED: Mapping[VerticalSource, str] = {
    VerticalSource.ASSUMED: "assumed to be level",
    VerticalSource.GIVEN: "turned by {roll}°, by a plumb line that a person marked; taken out",
    VerticalSource.FOUND: "turned by {roll}°, by upright lines in the room; taken out",
}
POINTS_BY_HAND = "placed by a person"
POINTS_MOVED = "suggested by the program, then moved by a person"
POINTS_KEPT = "suggested by the program, left in place by a person"
NOTHING_NOTICED = "nothing that would widen the range"

LIMITS = "How far this can be trusted"
#: One paragraph each.
LIMIT_TEXTS = (
    "Every angle is an estimate with a likely range, meant to hold the true angle in 9 of 10 "
    "cases. Compare angles only if method, clothes and arms were the same.",
    "Pelvic tilt here is the angle between the line from PSIS (the dimple at the back) to ASIS "
    "(the bony point at the front) and the horizontal, seen from the side; forward means ASIS "
    "lower. It is not the pelvic tilt of X-ray pictures.",
    "The likely range of one angle holds what no picture shows of the bones (SD 4.5°); a change "
    f"leaves that out. What counts as a change follows from how one body reads twice (SD "
    f"{WITHIN_BODY_SD_DEG:g}°, computer-made bodies) and stands from day to day (SD "
    f"{DAY_TO_DAY_SD_DEG:g}°), or from a person's own series of five. By hand with an "
    "inclinometer the standard error is about 1° by one examiner (Herrington 2011) and up to 3.6° "
    "over clothes (Hagins).",
    "Measured from the body outline, the range was checked on computer-made bodies, which does not "
    "prove accuracy on people. No published method measures an adult's pelvic tilt from a clothed "
    "photograph without marks; clinical validity is not claimed.",
    "Of healthy young adults 85 % of men and 75 % of women stand tilted forward (Herrington "
    "2011, n = 120). Bone shape alone spans 0 to 23° in pelves held still (Preece 2008; mean "
    "13°, SD 5°). No limit between healthy and unhealthy has been validated, and no study shows "
    "that the tilt explains pain or tells how strong a muscle is (Laird 2014).",
)
MADE_BY = "Made by Beltline {version}."
MEASURED_BY = (
    "The newest check was measured by Beltline {version}; pose model {pose}, outline model "
    "{contour} (starts of SHA-256)."
)
SEVERAL_VERSIONS = "The checks were measured by versions {versions}."
LETTERS_MISSING = "{sign} stands for a letter that no font of this computer holds."
LETTERS_WARNING = (
    "No font on this computer holds these letters, so the report shows boxes for them: {letters}. "
    "Install a font for them, such as one of Google's Noto fonts, and make the report again."
)
AND_MORE = "and more"
FOOT = "Estimates with their likely ranges, not a verdict. {name}"
PAGE = "Page {page} of {pages}"

NO_CHECKS = "'{name}' has no saved checks yet, so there is nothing to report."
NO_CHECKS_FIX = "Save a check first, then make the report."
NO_CHECKS_OF_METHOD = "'{name}' has no check that was measured {method}."
NO_CHECKS_OF_METHOD_FIX = "Choose another method, or make a report about all checks."
NOT_WRITTEN = "The report cannot be written to '{out}': {why}."
NOT_WRITTEN_FIX = (
    "Choose a name in a folder that exists and that you may write to, with room on its disk."
)
WRONG_SUFFIX = "its name does not end in .pdf"
WRONG_SUFFIX_FIX = "Give a file name that ends in .pdf."
NO_FOLDER = "its folder does not exist"
READ_ONLY = "the file that is there is read-only"
IS_FOLDER = "a folder has this name"


translatable(__name__)
