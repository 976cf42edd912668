"""What is said about calibrating: why, how, what came of it, and what it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.text.languages.wording import day_text
from vision.messages import Plural, translatable
from vision.result import Z_90, Method, whole_deg

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from vision.marks.calibration import Calibration, CalibrationPair

TITLE = "Calibrate"
#: What it is, for whoever has never heard of it.
ABOUT = (
    "Bones are shaped differently in everybody, and an outline cannot show them. Show Beltline "
    "once where your bones are, and from then on it takes that into account whenever it measures "
    "you by your outline."
)
STEPS = (
    "Feel for the bump at the front of your hip bone and for the dimple at the back. Put a round "
    "sticker on each, both of one colour, on the side that faces the camera.",
    "Take a picture side-on in clothes that fit closely. One is enough; five are better, each "
    "time after a few steps and with the stickers placed again.",
    "Without stickers, press “Mark the bony points yourself” and drag both crosses to where your "
    "fingers feel the bones.",
)
PICTURE_SAYS: Mapping[bool, str] = {
    True: "{source}: your bones are tilted {angle}° further forward than your outline shows.",
    False: "{source}: your bones are tilted {angle}° further backward than your outline shows.",
}
PICTURE_SAYS_SAME = "{source}: your bones are tilted just as your outline shows."
PICTURE_USELESS = "{source}: {message} {fix}"

FORWARD = "Your bones are tilted {angle}° further forward than your outline shows ({interval})."
BACKWARD = "Your bones are tilted {angle}° further backward than your outline shows ({interval})."
SAME = "Your bones are tilted just as your outline shows ({interval})."
LIKELY = "likely {first} to {last}"
LIKELY_BOTH = "likely from {back} further backward to {ahead} further forward"
ADDED = "From now on, {angle}° are added whenever you are measured by your outline."
TAKEN_AWAY = "From now on, {angle}° are taken away whenever you are measured by your outline."
UNCHANGED = "From now on, your outline is known to show your tilt as it is."
MEANS = (
    "Such checks are called calibrated. They get a line of their own over time and are compared "
    "with each other only."
)
RESTS_ON = Plural(
    (
        "It rests on 1 picture, of {day}. Five pictures are surer.",
        "It rests on {count} pictures, the last of {day}.",
    )
)
AGES = "Calibrate again after a year, or when your weight has changed much."
OLD = "It is more than a year old. Please calibrate again."
OUTDATED = (
    "It was made with an earlier version of Beltline and is not used any more. Please calibrate "
    "again."
)
NONE = "{name} is not calibrated yet. Do it with: beltline calibrate PHOTO... --profile NAME"
MORE_IS_SURER = "One picture is enough; up to five make it surer."
KEPT = "Calibrated. From now on, checks by the outline rest on it."
NOT_WORKED_OUT = "Too little is kept of its pictures. Please take new ones."
NOT_KEPT = "No calibration was kept, and nothing else has changed."
FORGOTTEN = "The calibration of {name} is forgotten. Checks made with it, and its pictures, stay."
NOTHING_TO_FORGET = "{name} is not calibrated, so there is nothing to forget."
#: After the words for the method.
SINCE = "It rests on the calibration of {day}."


def describe_picture(source: str, pair: CalibrationPair) -> str:
    """Say by how much bones and outline differ in one picture."""
    angle = whole_deg(pair.difference_deg)
    if angle == 0:
        return PICTURE_SAYS_SAME.format(source=source)
    return PICTURE_SAYS[angle > 0].format(source=source, angle=abs(angle))


def describe_offset(calibration: Calibration) -> str:
    """Say by how much a person's bones and outline differ, with its interval at 90 %."""
    angle = whole_deg(calibration.offset_deg)
    template = (FORWARD if angle > 0 else BACKWARD) if angle else SAME
    return template.format(angle=abs(angle), interval=_interval(calibration))


def describe_effect(calibration: Calibration) -> str:
    """Say what is done with it."""
    angle = whole_deg(calibration.offset_deg)
    template = (ADDED if angle > 0 else TAKEN_AWAY) if angle else UNCHANGED
    return template.format(angle=abs(angle))


def describe_origin(calibration: Calibration) -> str:
    """Say on how many pictures of which day it rests."""
    return RESTS_ON.of(calibration.count, day=day_text(calibration.taken_at))


def describe(calibration: Calibration, now: datetime, contour_model_sha256: str) -> list[str]:
    """Say all there is to say of a calibration, a sentence or two a line.

    Parameters
    ----------
    now
        Today.
    contour_model_sha256
        Of the network that reads outlines today.
    """
    age = describe_age(calibration, now, contour_model_sha256)
    return [
        describe_offset(calibration),
        *([] if age is OUTDATED else [describe_effect(calibration), MEANS]),
        f"{describe_origin(calibration)} {age}",
    ]


def describe_age(calibration: Calibration, now: datetime, contour_model_sha256: str) -> str:
    """Say until when it holds, or why it should be made anew."""
    if calibration.contour_model_sha256 != contour_model_sha256:
        return OUTDATED
    return OLD if calibration.ages(now) else AGES


def since(method: Method, calibrated_at: datetime | None) -> str:
    """Say on which calibration a number rests; empty for one that rests on none."""
    if method is not Method.CALIBRATED or calibrated_at is None:
        return ""
    return SINCE.format(day=day_text(calibrated_at))


def _interval(calibration: Calibration) -> str:
    half_deg = Z_90 * calibration.sd_deg
    low = whole_deg(calibration.offset_deg - half_deg)
    high = whole_deg(calibration.offset_deg + half_deg)
    if low < 0 < high:
        return LIKELY_BOTH.format(back=f"{-low}°", ahead=f"{high}°")
    first, last = sorted((abs(low), abs(high)))
    return LIKELY.format(first=first, last=last)


translatable(__name__)
