"""What the live check says, on the screen and aloud, to somebody three metres away.

Shown words are few, so that they can be large. Spoken ones are whole sentences. Left and
right are the person's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.text import check
from app.text.calibration import since
from app.text.language import Cue
from vision.live.events import Instruction, LiveState
from vision.messages import Plural, translatable
from vision.result import Severity, VerticalSource, direction, interval_text, whole_deg
from vision.series import RefusedSeries, Series

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vision.live.events import FinishedCheck
    from vision.result import Capture, TiltEstimate


CUES: Mapping[Instruction, Cue] = {
    Instruction.STEP_INTO_VIEW: Cue(
        "Step into the picture",
        "Please step into the picture, side-on. March five steps on the spot, then stand "
        "relaxed, look ahead, and breathe out.",
    ),
    Instruction.ONE_PERSON: Cue("One person only", "Only one person in the picture, please."),
    Instruction.STEP_BACK: Cue(
        "Step back", "Please step back until your whole body is in the picture."
    ),
    Instruction.COME_CLOSER: Cue("Come closer", "Please come a little closer to the camera."),
    Instruction.FINER_PICTURE: Cue(
        "Choose a higher resolution",
        "The picture has too few pixels. Please choose a higher resolution.",
    ),
    Instruction.MOVE_TO_MIDDLE: Cue(
        "Move to the middle", "Please move to the middle of the picture."
    ),
    Instruction.STAND_UPRIGHT: Cue(
        "Straighten your knees", "Please stand relaxed, with both knees straight."
    ),
    Instruction.FEET_TOGETHER: Cue(
        "Feet side by side", "Please stand with both feet side by side on the floor."
    ),
    Instruction.TURN_SIDE_ON: Cue(
        "Turn side-on", "Please turn until one shoulder points at the camera."
    ),
    Instruction.TURN_LEFT: Cue("Turn to your left", "Please turn a little more to your left."),
    Instruction.TURN_RIGHT: Cue("Turn to your right", "Please turn a little more to your right."),
    Instruction.RAISE_FISTS: Cue(
        "Fists to your collar-bones", "Please raise your fists to your collar-bones."
    ),
    Instruction.LEVEL_CAMERA: Cue(
        "Set the camera level", "The camera is tilted. Please set it level."
    ),
    Instruction.TURN_CAMERA: Cue(
        "Turn the camera upright", "The picture lies on its side. Please turn the camera upright."
    ),
    Instruction.MORE_LIGHT: Cue("More light, please", "It is too dark. Please turn on more light."),
    Instruction.STEADY_CAMERA: Cue(
        "Keep the camera steady",
        "The picture is blurred. Please rest the camera on something firm.",
    ),
    Instruction.STAND_STILL: Cue(
        "Stand relaxed and still", "Stand relaxed and still. Look ahead, and breathe out."
    ),
    Instruction.HOLD: Cue("Hold still", "Hold still."),
    Instruction.MARCH: Cue(
        "March five steps",
        "Good. Step away, march five steps, and come back. Stand relaxed, look ahead, and "
        "breathe out.",
    ),
    Instruction.RELAX: Cue("Relax", "Relax."),
    Instruction.SQUEEZE: Cue("Squeeze your buttocks", "Squeeze."),
    Instruction.ARCH: Cue(
        "Arch: stick your bottom out",
        "Arch. Stick your bottom out behind you, knees straight, and hold it.",
    ),
    Instruction.TUCK: Cue(
        "Tuck: pull your bottom under",
        "Tuck. Pull your bottom under you, knees straight, and hold it.",
    ),
    Instruction.STAND_AS_USUAL: Cue(
        "Relax: stand as usual",
        "Relax. Stand as you usually do.",
    ),
    Instruction.ARCH_THE_OTHER_WAY: Cue(
        "Other way: bottom out",
        "That was the wrong way round. Once more: stick your bottom out behind you, and hold it.",
    ),
    Instruction.ARCH_FURTHER: Cue(
        "Further: stick your bottom out",
        "The pelvis hardly moved. Once more: stick your bottom out as far as is comfortable, "
        "and hold it.",
    ),
    Instruction.DONE: Cue("Done", "Done. Thank you."),
    Instruction.PICTURE_BLACK: Cue(
        "The picture is black", "The camera's picture is black. Is something in front of it?"
    ),
    Instruction.PICTURE_FROZEN: Cue(
        "The picture is frozen", "The camera's picture does not move any more."
    ),
    Instruction.NO_PICTURE: Cue("No picture", "The camera sends no pictures. Please wait."),
}

#: While all is well and only stillness is awaited.
READY = Cue("Good, stay still", "Good. Stay still.")

STATES: Mapping[LiveState, str] = {
    LiveState.SEARCHING: "Looking for you",
    LiveState.ADJUST: "Not yet",
    LiveState.READY: "Ready",
    LiveState.CAPTURING: "Measuring",
    LiveState.CAPTURED: "Measured",
    LiveState.LOST: "Waiting for the camera",
}

PASSWORD_NOT_KEPT = (
    "This computer has no safe place for the password, so the camera will ask for it again "
    "next time."
)

NEAR_M, FAR_M = "2.5", "3.5"
INTRO_TITLE = "Measure without touching the computer"
INTRO_STEPS = (
    f"Put the camera at the height of your belt, level, {NEAR_M} to {FAR_M} metres from where you "
    "will stand.",
    "Wear something that fits closely. Stand side-on with your whole body in the picture and "
    "your fists on your collar-bones. March five steps on the spot, stand relaxed, look ahead, "
    "breathe out.",
    "Large words and a voice tell you what to do. Beltline measures when you stand still. Raise "
    "one arm high, or press any key, to stop.",
)
INTRO_PRIVACY = "The camera is on only while this page is open. Its pictures stay on this computer."

LOOKING_FOR_CAMERA = "Looking for the camera…"
OPENING_CAMERA = "Opening the camera…"
PAUSED = "Paused. The camera is off."
PAUSED_ELSEWHERE = "You were on another page, so the camera was switched off."
PAUSED_BY_LOCK = "The screen was locked, so the camera was switched off."
STOPPED = "Stopped. Nothing was measured, and the camera is off."
TEST_STOPPED = "Stopped before the test was complete. The camera is off."
KEEP_OR_DISCARD = "Measured so far: {taken} of {wanted}. Keep it as a check?"
FAILED_ITSELF = (
    "Beltline itself failed on the camera's pictures.",
    "Try again, and please report what happened.",
)
CONTINUE, START_AGAIN = "Continue", "Start again"
SAVING = "Saving…"
SAVED = "Saved to the history."
DELETED = "Deleted this check."
DELETED_TEST = "Deleted this test."
NOT_SAVED = "Nothing was saved."
DISCARDED = "Not kept."
NOT_KEPT = (
    "This could not be saved.",
    "Try again; if it fails once more, close Beltline and open it again.",
)

TEST_ROUNDS = 3

CAPTION = "Estimated tilt of the pelvis"
OF_REPEATS = "{taken} of {wanted}"
REPEATS = "The middle of {count} measurements, {range} apart: {angles}."
ONE_REPEAT = "The middle of {frames} pictures."
DEGREES = Plural(("{count} degree", "{count} degrees"))
_DEGREES = re.compile(r"(\d+)°")
MEASURE = Plural(("Measure once", "Measure {count} times"))
UNDER_ONE = "under 1°"
EACH = "One by one: {angles}."
REFUSED = "No number this time"
SPOKEN_RESULT = "Done. About {value}, {likely}. You can relax."
SPOKEN_TEST = "Done. {turned}. You can relax."
SPOKEN_REFUSED = "Done. The measurements differ too much to give one number. Please try again."
SPOKEN_STOPPED = "Stopped."
SPOKEN_KEEP = "Stopped. Measured so far: {taken}."

GUIDE = "Your whole body in the frame, your hips at its two marks."

EARLIER_TESTS = "Earlier squeeze tests:"

NO_VOICE = "This computer has no voice. Beltline plays tones instead."

LEVEL = "The camera is level."
TURNED = "The camera is turned {roll}° {side}. The number allows for that."
LEVEL_ASSUMED = "No upright edges seen, so the camera is taken to be level."
LEVEL_UNKNOWN = "Whether the camera is level shows once you are in the picture."
CLOCKWISE, COUNTER_CLOCKWISE = "clockwise", "anticlockwise"

ADVICE = (
    f"At belt height, {NEAR_M} to {FAR_M} metres away.",
    "Light from the front or the side.",
)


@dataclass(frozen=True, slots=True)
class LiveResultWords:
    """A result in words.

    Attributes
    ----------
    caption, value, likely
        What the number is, the number, its interval; of a refusal, value is what is wrong
        and likely is empty.
    lines
        What else belongs to it.
    spoken
        The same in one or two sentences.
    """

    caption: str
    value: str
    likely: str
    lines: tuple[str, ...]
    spoken: str


def cue_of(state: LiveState, instruction: Instruction | None) -> Cue | None:
    """Return what to show and say at a moment; None for nothing."""
    if instruction is not None:
        return CUES[instruction]
    return READY if state is LiveState.READY else None


def number(tilt: TiltEstimate, angle_deg: int | None = None) -> str:
    """Say an angle in whole degrees, e.g. ``12° forward``.

    Parameters
    ----------
    tilt
        Its method counts: a belt line is not called a tilt.
    angle_deg
        The whole number to show instead of the rounded one.
    """
    angle = whole_deg(tilt.angle_deg) if angle_deg is None else angle_deg
    if angle == 0:
        return check.TILT_LEVEL
    return check.TILT_VALUE.format(angle=abs(angle), direction=direction(angle, tilt.method))


def likely(tilt: TiltEstimate) -> str:
    """Say the interval, e.g. ``likely 8 to 16``."""
    return check.LIKELY.format(interval=interval_text(tilt))


def degrees(value_deg: float) -> str:
    """Say a size without direction in whole degrees; a small one is not called 0."""
    whole = whole_deg(abs(value_deg))
    return f"{whole}°" if whole else UNDER_ONE


def level_sentence(capture: Capture | None) -> str:
    """Say what the scene shows of the camera's turn."""
    if capture is None:
        return LEVEL_UNKNOWN
    if capture.vertical is VerticalSource.ASSUMED:
        return LEVEL_ASSUMED
    roll = whole_deg(capture.roll_deg)
    if roll == 0:
        return LEVEL
    side = CLOCKWISE if roll > 0 else COUNTER_CLOCKWISE
    return TURNED.format(roll=abs(roll), side=side)


def list_tilts(tilts: Sequence[TiltEstimate]) -> str:
    """List angles in whole degrees."""
    return ", ".join(number(tilt) for tilt in tilts)


def describe_check(finished: FinishedCheck) -> LiveResultWords:
    """Say what a live check gave, once it has ended."""
    series, tilts = finished.series, [capture.result.tilt for capture in finished.captures]
    lines: tuple[str, ...]
    if isinstance(series, RefusedSeries):
        reasons = [reason for reason in series.reasons if reason.severity is Severity.REFUSE]
        said = tuple(f"{reason.message} {reason.fix}" for reason in reasons)
        lines = (*said, EACH.format(angles=list_tilts(tilts)), NOT_SAVED)
        return LiveResultWords("", REFUSED, "", lines, SPOKEN_REFUSED)
    if isinstance(series, Series):
        tilt, apart = series.tilt, degrees(series.range_deg)
        each = list_tilts(tilts)
        lines = (REPEATS.format(count=len(tilts), range=apart, angles=each),)
    else:
        tilt, frames = finished.best.result.tilt, finished.captures[0].frames
        lines = (ONE_REPEAT.format(frames=frames),)
    basis = since(tilt.method, finished.best.result.calibrated_at)
    lines = (*lines, *([basis] if basis else []))
    value, interval = number(tilt), likely(tilt)
    spoken = SPOKEN_RESULT.format(value=aloud(value), likely=interval)
    return LiveResultWords(CAPTION, value, interval, lines, spoken)


def aloud(text: str) -> str:
    """Return a text with its angles as a voice can read them."""
    return _DEGREES.sub(lambda found: DEGREES.of(int(found[1])), text)


translatable(__name__)
