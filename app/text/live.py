"""What the live check says, on the screen and aloud, to somebody three metres away.

Shown words are few, so that they can be large. Spoken ones are whole sentences. Left and
right are the person's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.text import check
from app.text.calibration import since
from app.text.language import Cue
from vision.live.events import Instruction, LiveState
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
    Instruction.ONE_PERSON: Cue("One person only", "Please, one person only in the picture."),
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
        "Stand, knees straight", "Please stand relaxed, with both knees straight."
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
        "The camera is tilted", "The camera is tilted. Please set it level."
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
        "Arch. Stick your bottom out, knees straight, and hold it.",
    ),
    Instruction.TUCK: Cue(
        "Tuck: pull your tail under",
        "Tuck. Pull your tail under, knees straight, and hold it.",
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
    LiveState.READY: "All is well",
    LiveState.CAPTURING: "Measuring",
    LiveState.CAPTURED: "Measured",
    LiveState.LOST: "Waiting for the camera",
}

NEAR_M, FAR_M = "2.5", "3.5"
INTRO_TITLE = "Be measured without touching the computer"
INTRO_STEPS = (
    f"Put the camera at the height of your belt, level, {NEAR_M} to {FAR_M} metres from where you "
    "will stand.",
    "Wear something that fits closely. Stand side-on with your whole body in the picture and "
    "your fists on your collar-bones. March five steps on the spot, stand relaxed, look ahead, "
    "breathe out.",
    "Large words on the screen, and a voice or tones, tell you what to do. It measures by itself "
    "when you stand still. Raise one arm high, or press any key, to stop.",
)
INTRO_PRIVACY = "The camera is on only while this page is open. Its pictures stay on this computer."

LOOKING_FOR_CAMERA = "Looking for the camera …"
OPENING_CAMERA = "Opening the camera …"
PAUSED = "Paused. The camera is off."
PAUSED_ELSEWHERE = "You were on another page, so the camera was switched off."
PAUSED_BY_LOCK = "The screen was locked, so the camera was switched off."
STOPPED = "Stopped. Nothing was measured, and the camera is off."
TEST_STOPPED = "Stopped before the test was complete. The camera is off."
KEEP_OR_DISCARD = "Measured so far: {taken} of {wanted}. Keep this as a check?"
FAILED_ITSELF = (
    "Beltline itself failed on the camera's pictures.",
    "Try again, and please report what happened.",
)
CONTINUE, START_AGAIN = "Continue", "Start again"
SAVING = "Saving …"
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
REPEATS = "Middle of {count} repeats, which lie {range} apart; {frames} pictures in all."
ONE_REPEAT = "Middle of {frames} pictures of one stance."
ONE_PICTURE = "Spread of the pictures: {spread} (standard deviation)."
SPREAD = "Spread of the repeats: {spread} (standard deviation)."
UNDER_ONE = "under 1°"
EACH = "Each: {angles}."
REFUSED = "No number for these together"
SPOKEN_RESULT = "Done. About {value}, {likely}. You can relax."
SPOKEN_TEST = "Done. {turned}. You can relax."
SPOKEN_REFUSED = "Done. The measurements lie too far apart to give one number. Please try again."
SPOKEN_STOPPED = "Stopped."
SPOKEN_KEEP = "Stopped. Measured so far: {taken}."

GUIDE_BODY = "Your whole body in this frame"
GUIDE_HIPS = "Hips here, lens at this height"

EARLIER_TESTS = "Earlier squeeze tests:"

NO_VOICE = "This computer has no voice that Beltline can use; tones are played instead."

LEVEL = "The camera is level."
TURNED = "The camera is turned {roll}° {side}; it is allowed for."
LEVEL_ASSUMED = "No upright edges seen, so the camera is assumed to be level."
LEVEL_UNKNOWN = "Whether the camera is level shows once you are in the picture."
CLOCKWISE, COUNTER_CLOCKWISE = "clockwise", "anticlockwise"

ADVICE = (
    "Lens at the height of your belt.",
    f"{NEAR_M} to {FAR_M} metres away.",
    "Whole body in the frame, with a little room above and below.",
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


def each_angle(tilts: Sequence[TiltEstimate]) -> str:
    """List the repeats."""
    return EACH.format(angles=", ".join(number(tilt) for tilt in tilts))


def describe_check(finished: FinishedCheck) -> LiveResultWords:
    """Say what a live check gave, once it has ended."""
    series, tilts = finished.series, [capture.result.tilt for capture in finished.captures]
    if isinstance(series, RefusedSeries):
        reasons = [reason for reason in series.reasons if reason.severity is Severity.REFUSE]
        said = tuple(f"{reason.message} {reason.fix}" for reason in reasons)
        lines = (*said, each_angle(tilts), NOT_SAVED)
        return LiveResultWords("", REFUSED, "", lines, SPOKEN_REFUSED)
    frames = sum(capture.frames for capture in finished.captures)
    if isinstance(series, Series):
        tilt, apart = series.tilt, degrees(series.range_deg)
        lines = (
            REPEATS.format(count=len(tilts), range=apart, frames=frames),
            SPREAD.format(spread=degrees(series.spread_deg)),
            each_angle(tilts),
        )
    else:
        tilt, spread = finished.best.result.tilt, degrees(finished.captures[0].spread_deg)
        lines = ONE_REPEAT.format(frames=frames), ONE_PICTURE.format(spread=spread)
    basis = since(tilt.method, finished.best.result.calibrated_at)
    lines = (*lines, *([basis] if basis else []))
    value, interval = number(tilt), likely(tilt)
    # As a voice can read it.
    spoken = SPOKEN_RESULT.format(value=value.replace("°", " degrees"), likely=interval)
    return LiveResultWords(CAPTION, value, interval, lines, spoken)
