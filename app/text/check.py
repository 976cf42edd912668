"""What the Check page says: about a measurement, and about what to do.

Beside :mod:`app.text.measurement`, whose sentences the command line shares.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.history.records import Arms
from app.text import measurement
from app.text.advice import Target
from vision.messages import translatable
from vision.result import Method, VerticalSource, direction, interval_text, whole_deg

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vision.result import Capture, Measured, TiltEstimate


STEPS = (
    "Put your hands on your hips. Follow the edge of the bone forward with your fingers until it "
    "ends in a small bump at the front: that is the front point.",
    "Slide your thumbs to the back, to the two dimples just above the buttocks. The bump under "
    "the dimple is the back point.",
    "On the picture, drag the front cross to where the front bump is, and the back cross to where "
    "the dimple is, on the side that faces the camera.",
)
WHY = (
    "The points can be felt, but hardly seen. It is most exact when somebody feels for them and "
    "puts a small sticker on each before the picture is taken."
)
DRAWING = (
    "A body from the side. The front point is the bump at the front end of the hip bone's edge; "
    "the back point lies under the dimple above the buttock, usually a little higher."
)


USUAL_RANGE = "usual range 3 to 20° forward"

TILT_CAPTION = "Estimated tilt of the pelvis"
BELT_CAPTION = "Angle of the belt line"
TILT_VALUE, TILT_LEVEL = "{angle}° {direction}", "0°, level"
BELT_LOWER, BELT_HIGHER = "{angle}° lower in front", "{angle}° higher in front"
LIKELY = "likely {interval}"

ALSO = "Also, {method}: {value}, {likely}."
BELT_SENTENCE = "Belt line: {value}, {likely}"
VERTICAL_GIVEN = "Your plumb line shows that the camera was turned by {roll}°; that is taken out."
VERTICAL_GIVEN_LEVEL = "Your plumb line shows that the camera was level."
VERTICAL_TIP = (
    "If the camera was tilted, the angle is wrong by as much. To be sure, lay the plumb line under "
    "“Mark the bony points yourself” on a door frame."
)

START_TITLE = "How far is your pelvis tilted?"
START_STEPS = (
    "Stand side-on to the camera in clothes that fit closely, your fists on your collar-bones.",
    "March five steps on the spot, stand relaxed, look ahead, breathe out. Have the picture "
    "taken from about three metres away, at the height of your hips.",
    "Open the photograph, drop it on this page or paste it. It stays on this computer.",
)
DRAWING_NAME, THREE_METRES = "Drawing", "3 m"
STANCE_DRAWING = (
    "The camera stands beside the person, at the height of the hips and three metres away. The "
    "picture shows the person from the side, from head to feet, fists on the collar-bones."
)
MEND_DRAWING = (
    "On the left, what was wrong with the picture. On the right, how it should be: one person "
    "from the side, upright, from head to feet."
)
CAMERA_CUE = (
    "Three metres away, side-on, whole body in the picture, fists on your collar-bones. March "
    "five steps on the spot, stand relaxed, look ahead, breathe out."
)
EDIT_STEPS = (
    "Drag each of the two points to where you feel the bone under the skin. The arrow keys move "
    "the chosen point by a little. Add the plumb line if something upright is in the picture."
)
UPRIGHT_STEPS = (
    "Drag the two ends of the line onto something that is upright in reality, such as a door "
    "frame or the edge of a wall, as far apart as you can. It shows how far the camera was turned."
)

#: What is wrong and what to do, where no file was tried.
WEB_LINK = (
    "This is a link to the web, not a photograph.",
    "Save the picture on this computer first, then open it here.",
)
NOT_A_PHOTOGRAPH = (
    "This is not a photograph.",
    "Drop a picture file here, for example a JPEG.",
)
NOTHING_TO_PASTE = (
    "There is no picture to paste.",
    "Copy a photograph or its file first, then paste it here.",
)
FIRST_OF_SEVERAL = "One photograph at a time: the first of {count} was opened."
NO_PLACE_FOR_POINTS = (
    "The hips cannot be seen well enough to place the points.",
    "Take a picture in which the whole body shows.",
)
CANNOT_BE_READ = "{name}: {message} {fix}"
NOTHING_MARKED = "Nothing was moved, so this is still the automatic measurement."
SAMPLE_HINT = (
    "This is a computer-made person. The sample is not saved; open a photograph of your own to "
    "begin a history."
)
NOT_KEPT = (
    "This check could not be saved.",
    "Try again; if it fails once more, close Beltline and open it again.",
)
FAILED_ITSELF = (
    measurement.INTERNAL_ERROR,
    "Try another picture, and please report what happened.",
)

#: Where a step leads, on the button that leads there; a new picture is taken on this page.
STEP_LINKS: Mapping[Target, str] = {
    Target.EXERCISES: "Exercises and self-check",
    Target.SIT_LESS: "Break reminder",
    Target.LIVE: "Live check",
    Target.SOMEONE: "How to prepare",
}

ARMS_WORDS: Mapping[Arms, str] = {
    Arms.COLLAR_BONES: "Fists on the collar-bones",
    Arms.HANGING: "Hanging down",
    Arms.CROSSED: "Crossed on the chest",
    Arms.FORWARD: "Stretched forward",
}


@dataclass(frozen=True, slots=True)
class NumberWords:
    """An angle as it is shown in large type.

    Attributes
    ----------
    caption
        What the number is.
    value
        Whole degrees and direction.
    likely
        The interval.
    """

    caption: str
    value: str
    likely: str

    def __str__(self) -> str:
        """Return all three as one sentence for a screen reader or a status line."""
        return f"{self.caption}: {self.value}, {self.likely}."


def number_words(tilt: TiltEstimate) -> NumberWords:
    """Say an angle in whole degrees; a belt line is not called a tilt."""
    angle = whole_deg(tilt.angle_deg)
    likely = LIKELY.format(interval=interval_text(tilt))
    if tilt.method is Method.BELT:
        template, caption = (BELT_LOWER if angle > 0 else BELT_HIGHER), BELT_CAPTION
    else:
        template, caption = TILT_VALUE, TILT_CAPTION
    if angle == 0:
        template = TILT_LEVEL
    value = template.format(angle=abs(angle), direction=direction(angle))
    return NumberWords(caption, value, likely)


def other_sentences(result: Measured) -> tuple[str, ...]:
    """Say what the other ways of measuring the tilt found, if any."""
    said = []
    for tilt in measurement.other_tilts(result):
        number, method = number_words(tilt), measurement.METHOD_WORDS[tilt.method]
        also = ALSO.format(method=method, value=number.value, likely=number.likely)
        said.append(f"{also} {measurement.OTHER_METHOD}")
    return tuple(said)


def belt_sentence(result: Measured) -> str:
    """Say where the belt line points, or why none can be told."""

    def say(tilt: TiltEstimate) -> str:
        number = number_words(tilt)
        return BELT_SENTENCE.format(value=number.value, likely=number.likely)

    return measurement.belt_sentence(result, say)


def vertical_sentence(capture: Capture) -> str:
    """Say what is known of the camera's turn, and how to know more; empty for nothing."""
    turned = abs(whole_deg(capture.roll_deg))
    if capture.vertical is VerticalSource.ASSUMED:
        return VERTICAL_TIP
    if capture.vertical is VerticalSource.GIVEN:
        return VERTICAL_GIVEN.format(roll=turned) if turned else VERTICAL_GIVEN_LEVEL
    return measurement.VERTICAL_FOUND.format(roll=turned) if turned else ""


translatable(__name__)
