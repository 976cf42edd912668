"""What the exercise player says, on the screen and aloud, to somebody on the floor.

Shown words are few, so that they can be large. Left and right are the person's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.exercises.timer import Phase
from app.history.diary import ExerciseId
from app.text.live import Cue
from vision.coach.events import CoachedExercise, CoachState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.history.diary import PlannedExercise

PHASES: Mapping[Phase, Cue] = {
    Phase.GET_READY: Cue("Get ready", "Get ready."),
    Phase.LIFT: Cue("Lift", "Lift."),
    Phase.HOLD: Cue("Hold", "Hold."),
    Phase.LOWER: Cue("Lower", "Lower."),
    Phase.SQUEEZE: Cue("Squeeze", "Squeeze."),
    Phase.RELAX: Cue("Relax", "Relax."),
}
#: An exercise from somebody's own list may have nothing to lift.
_OWN_PHASES: Mapping[Phase, Cue] = {
    Phase.LIFT: Cue("Go", "Go."),
    Phase.LOWER: Cue("Back", "Back."),
}
_READY_FOR: Mapping[str, str] = {
    ExerciseId.GLUTE_SQUEEZE: "Get ready to squeeze your buttocks.",
    ExerciseId.GLUTE_BRIDGE: "Get ready. Lie on your back with your knees bent.",
    ExerciseId.SINGLE_LEG_BRIDGE: (
        "Get ready. Lie on your back, one foot on the floor, the other leg stretched out."
    ),
    ExerciseId.LEG_LIFT: "Get ready. Lie on your side.",
}
_SIDES: Mapping[str, str] = {"left": "Left side", "right": "Right side"}
#: Two different ways to say the same, since the voice does not repeat itself within seconds.
AND = "And {word}"

STATES: Mapping[CoachState, str] = {
    CoachState.SEARCHING: "Looking for you",
    CoachState.ADJUST: "Not yet",
    CoachState.READY: "Ready",
    CoachState.MOVING: "Moving",
    CoachState.TOP: "At the top",
    CoachState.DONE: "Done",
    CoachState.LOST: "Waiting for the camera",
}

_NUMBERS = (
    *("None", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"),
    *("Eleven", "Twelve", "Thirteen", "Fourteen", "Fifteen", "Sixteen", "Seventeen"),
    *("Eighteen", "Nineteen", "Twenty"),
)

HOW_TO_COUNT = "How to count"
WITH_CAMERA, WITH_TIMER = "With the camera", "With the timer"
ABOUT_CAMERA = (
    "The camera counts, times each hold, and names one thing at a time that you could do "
    "differently. It is on only while you exercise, and its pictures are not kept."
)
ABOUT_TIMER = (
    "Words on the screen, a voice and tones give you the pace; nothing watches. You can say "
    "afterwards if you did fewer."
)
WHERE_CAMERA = "Where the camera stands"
_FROM_THE_SIDE = (
    "Two to three metres away, between the floor and the height of your knees, looking at your "
    "side.",
    "Your whole body is in the picture, from head to feet.",
)
_PLACES: Mapping[CoachedExercise, tuple[str, ...]] = {
    CoachedExercise.GLUTE_BRIDGE: _FROM_THE_SIDE,
    CoachedExercise.SINGLE_LEG_BRIDGE: (
        *_FROM_THE_SIDE,
        "The foot that stays on the floor is the one nearer to the camera.",
    ),
    CoachedExercise.LEG_LIFT: (
        "Two to three metres away, between the floor and the height of your knees. In front of "
        "you it sees best; or at your feet and a step to the front, so that it sees your face.",
        "Your whole body is in the picture, from head to feet.",
    ),
}
NO_COUNTING = "The timer leads you through this exercise."
BEGIN, BACK, PAUSE, GO_ON, STOP = "Begin", "Back", "Pause", "Continue", "Stop"
SKIP, USE_TIMER, MIRROR = "Skip ahead", "Go on with the timer", "Mirror the picture"
VOICE, TONES = "Voice", "Tones"
HURTS = "This hurts"

OF_REPETITIONS = "{done} of {wanted}"
LAST_SET = "Last set"
SETS_LEFT = "{count} sets to do, with this one"

PAUSED = "Paused"
PAUSED_CAMERA = "Paused. The camera is off."
PAUSED_AWAY = "Paused, because this page could not be seen."
PAUSED_BY_LOCK = "Paused, because the screen was locked."
PAUSED_ASLEEP = "Paused, because the computer was asleep or busy."
NO_CAMERA = "No camera was found, so the timer gives you the pace."
LOST_CAMERA = "The camera gives no pictures, so the timer goes on from here."
FAILED_CAMERA = "Beltline itself failed on the camera's pictures, so the timer goes on from here."

DONE, STOPPED = "Done", "Stopped"
KEEP_QUESTION = "Keep what you have done?"
NOTHING_DONE = "No repetition was counted, so there is nothing to keep."
KEEP_ONE, KEEP = "Keep 1 repetition", "Keep {count} repetitions"
ONE_REPETITION, REPETITIONS = "1 repetition", "{count} repetitions"
DISCARD, FEWER, AGAIN = "Discard", "I did fewer", "Start again"
HOW_MANY = "How many did you do?"
KEPT_SOON = "Kept by itself in {seconds} s."
HELD = "Held for {seconds} s each."
SPOKEN_DONE, SPOKEN_STOPPED = "Done. {number}.", "Stopped."


def phase_cue(planned: PlannedExercise, phase: Phase) -> Cue:
    """Return what to show and say when a phase begins."""
    if not planned.exercise and phase in _OWN_PHASES:
        return _OWN_PHASES[phase]
    if phase is Phase.GET_READY:
        return Cue(PHASES[phase].shown, _READY_FOR.get(planned.exercise, PHASES[phase].spoken))
    return PHASES[phase]


def side_name(side: str) -> str:
    """Return the name of ``left`` or ``right``; empty for both."""
    return _SIDES.get(side, "")


def camera_places(exercise: CoachedExercise) -> tuple[str, ...]:
    """Say where to put the camera."""
    return _PLACES[exercise]


def number_word(count: int) -> str:
    """Return a number as it is said."""
    return _NUMBERS[count] if 0 <= count < len(_NUMBERS) else str(count)


def repetitions(count: int) -> str:
    """Say how many there were."""
    return ONE_REPETITION if count == 1 else REPETITIONS.format(count=count)


def keep_repetitions(count: int) -> str:
    """Say on a button what it keeps."""
    return KEEP_ONE if count == 1 else KEEP.format(count=count)


def sets_left(count: int) -> str:
    """Say how many sets there are to do, the one at hand included."""
    return LAST_SET if count <= 1 else SETS_LEFT.format(count=count)
