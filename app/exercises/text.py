"""What the Exercises page and its player say around the exercises themselves.

The exercises, the questions before them and the answers to these are in the language files;
here are titles, buttons, what is said during a set, and the lines that tell what was done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.exercises.timer import SetPhase
from app.history.diary import CountedBy, ExerciseId, ScreeningOutcome
from app.text import squeeze
from app.text.language import Cue
from app.text.languages.wording import inside, number_text
from vision.coach.events import CoachedExercise, CoachState
from vision.messages import Plural, translatable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.exercises.today import Turn
    from app.history.diary import ExerciseSet, PlannedExercise
    from app.history.records import SqueezeAnswers


TITLE = "Exercises"
BACK, BACK_TIP = "Back", "Back (Escape)"
HURTS_TIP = "Stop, and see what to do when something hurts (H)"
READING = "Reading…"

QUESTIONS_TITLE = "Before you exercise"
QUESTIONS_INTRO = (
    "Please read all of these and tick what is true for you now. Your answers stay on this "
    "computer. You will be asked again in four weeks."
)
GROUPS: Mapping[ScreeningOutcome, str] = {
    ScreeningOutcome.EMERGENCY: "These matter most",
    ScreeningOutcome.DOCTOR_FIRST: "These matter too",
    ScreeningOutcome.ASK_FIRST: "And these",
}
NONE_OF_THESE, CONTINUE = "None of these", "Continue"
NONE_TIP = "Say that none of these is true for you"
YOU_TICKED = "You ticked:"
ANSWER_AGAIN = "Answer again"
HAVE_ASKED = "I have asked, and I may exercise"
STILL_OPEN = (
    "Breaks from sitting, your history and the page “See someone” stay open to you meanwhile."
)
ANSWERED_AT = "You answered the questions before exercising on {when}."

TODAY = "Today"
ABOUT_MINUTES = Plural(("About one minute in all.", "About {count} minutes in all."))
_TEN, UNDER_TEN = 10, "Just under ten minutes in all."
NEXT_TIME = "Another day: {names}. Ten minutes at a time are enough."
OWN_LIST_SHOWN = "This is your own list."
ALL_DONE = "You have done all of today's sets. That is what counts."
SETS_TODAY = "{done} of {wanted} sets done today"
OPEN, GET_READY, GO_ON = "Open", "Get ready", "Go on"
IT_HURT = "It hurt on {when}: leave it out until you have asked somebody, or continue with less."
SELF_CHECK_TITLE = "Self-check"
SELF_CHECK_ABOUT = "Can you squeeze both sides of your buttocks, and each side by itself?"
SELF_CHECK_LAST = "Last answered on {when}."
SELF_CHECK_DO = "Do the self-check"
LIST_TITLE = "Your own list"
LIST_ABOUT = "Type in what a physiotherapist gave you; it replaces the usual routine."
LIST_CHANGE = "Change the list"
SOMEONE_TITLE = "See someone"
SOMEONE_ABOUT = "How to prepare for a physiotherapist, and what to bring."
SOMEONE_READ = "Read more"
MAKE_REPORT = "Make the PDF report"
MAKE_REPORT_TIP = "Write your checks, exercises and answers to a file that you can bring along"

PAUSE_PICTURE, MOVE_PICTURE = "Pause the picture", "Move the picture"
HOW_IT_GOES, OFTEN_SEEN = "How it goes", "What often goes wrong"
YOUR_NOTE = "Note: {note}"
WITH_LOAD = "With: {load}"
CAMERA_SEES = "With a camera, Beltline can count for you. It has to see you {place}."
NEXT_SIDE = {"left": "Begin with the left side.", "right": "Go on with the right side."}

REST, REST_OVER = "Rest", "Next set in {seconds} s"
CHANGE_SIDES = "Change sides"
NEXT_SET = "Next: {what}"
SETS_LEFT_TO_DO = Plural(("the last set", "{count} sets to do"))
WITH_SIDE = "{side}, {what}"
SKIP_REST, WAIT, STOP_HERE = "Skip the rest", "Wait", "Stop here"
WAITING = "Waiting for you"

SUMMARY_TITLE = "Done"
SUMMARY_LEFT = "{left} of {wanted} sets of today are left, if you want to go on later."
NEXT_EXERCISE = "Next: {name}"
BACK_TO_TODAY = "Back to today"
NOTHING_COUNTED = "No repetition was counted, so nothing was stored."
SAID_WHILE_COUNTING = "Said while counting:"
_TIMES = Plural(("{what} (once)", "{what} ({count} times)"))
_HELD = "{set}, held {seconds} s"
_BY: Mapping[CountedBy, str] = {
    CountedBy.CAMERA: "counted by the camera",
    CountedBy.TIMER: "led by the timer",
    CountedBy.PERSON: "counted by you",
}

PAIN_NOTE = "Where and how did it hurt? You need not answer."
PAIN_STORED = "Noted in your diary."
QUESTIONS_ANEW = "Answer the questions again"

SAVE_ANSWERS, ANSWERS_NOTED = "Save the answers", "Your answers are noted."
WITH_THE_CAMERA = "Do the squeeze test with the camera"
WITH_THE_CAMERA_TIP = "Open the Live page, where a camera sees whether your pelvis turns"
EARLIER = "Earlier answers"
NO_EARLIER = "There are no earlier answers. Each time you answer, a column of dots comes here."
LEGEND = "Full dot: yes. Half dot: partly. Ring: no. Dash: not said. The newest is on the right."
ANSWERED = "{when}: {answers}"
ANSWERED_WITH_CAMERA = "{when}, with the camera: {answers}"
FROM_TO = "{first} to {last}"
SOME_OF_ALL = "The newest {shown} of {all} are shown."

EDITOR_INTRO = (
    "One line for each exercise, in the order in which you do them. Choose an exercise that "
    "Beltline knows, or “another exercise” and type its name."
)
ANOTHER, ANOTHER_NAME = "Another exercise", "Name of the exercise"
SETS, REPETITIONS, HOLD_S, EACH_SIDE = "Sets", "Repetitions", "Hold, seconds", "Each side"
LOAD, NOTE, HOW = "Band or weight", "Note", "How to do it"
PICTURE, PICTURE_OF = "Picture", "Picture of {name}"
CHOOSE_PICTURE, REMOVE_PICTURE = "Choose picture…", "Remove picture"
CHOOSE_PICTURE_TIP = "A photograph or a drawing; where and when it was taken is left out"
READING_PICTURE = "Reading the picture…"
PICTURE_FILES = "Pictures ({patterns})"
ADD, REMOVE, UP, DOWN = "Add an exercise", "Remove", "Move up", "Move down"
LINE = "Line {number}"
USE_USUAL = "Use the usual routine again"
SAVE_LIST = "Save the list"
DISCARD_CHANGES = "Discard the changes"
NAME_MISSING = "Type the exercise's name."
TWICE = (
    "This exercise is in the list twice; put all its sets into one line, or type a name of "
    "your own."
)
CANNOT_SAVE = "Not saved: please look at the lines with a remark. What you typed stays."
NOT_SAVED_YET = "There are changes that are not saved yet."
LIST_EMPTY = "The list is empty. Saved like this, it brings back the usual routine."
LIST_SAVED = "Your list is saved."
USUAL_AGAIN = "The usual routine is used again"

NOT_KEPT = "What you did is not lost: it waits here and is saved as soon as that is possible."
RECOVERED = "Everything that waited is saved now."

# The player, on the screen and aloud, to somebody on the floor: few words, so that they can be
# large. Left and right are the person's own.

PHASES: Mapping[SetPhase, Cue] = {
    SetPhase.GET_READY: Cue("Get ready", "Get ready."),
    SetPhase.LIFT: Cue("Lift", "Lift."),
    SetPhase.HOLD: Cue("Hold", "Hold."),
    SetPhase.LOWER: Cue("Lower", "Lower."),
    SetPhase.SQUEEZE: Cue("Squeeze", "Squeeze."),
    SetPhase.RELAX: Cue("Relax", "Relax."),
}
#: An exercise from somebody's own list may have nothing to lift.
_OWN_PHASES: Mapping[SetPhase, Cue] = {
    SetPhase.LIFT: Cue("Go", "Go."),
    SetPhase.LOWER: Cue("Back", "Back."),
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
#: Where to put the camera.
CAMERA_PLACES: Mapping[CoachedExercise, tuple[str, ...]] = {
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
START, PAUSE, STOP = "Start", "Pause", "Stop"
SKIP, USE_TIMER, MIRROR = "Skip ahead", "Go on with the timer", "Mirror the picture"
VOICE, TONES = "Voice", "Tones"
HURTS = "This hurts"
HURT_NOTED = "Noted that it hurts"

OF_REPETITIONS = "{done} of {wanted}"
LAST_SET = "Last set"
SETS_LEFT = "{count} sets left, counting this one"

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
KEEP = Plural(("Keep 1 repetition", "Keep {count} repetitions"))
SEVERAL_REPETITIONS = Plural(("1 repetition", "{count} repetitions"))
DISCARD, FEWER, AGAIN = "Discard", "I did fewer", "Do this set again"
HOW_MANY = "How many did you do?"
KEPT_SOON = "Kept by itself in {seconds} s."
HELD = "Held for {seconds} s each."
SPOKEN_DONE, SPOKEN_STOPPED = "Done. {number}.", "Stopped."


def minutes(minutes: float) -> str:
    """Say how long the exercises of today take."""
    whole = max(1, round(minutes))
    if minutes < _TEN <= whole:
        return UNDER_TEN
    return ABOUT_MINUTES.of(whole)


def load_line(planned: PlannedExercise) -> str:
    """Say with which load an exercise is done; nothing for none."""
    return planned.load and WITH_LOAD.format(load=planned.load)


def set_line(done: ExerciseSet) -> str:
    """Say what a set was, e.g. ``Left side: 10 repetitions, held 3 s, counted by the camera``."""
    text = repetitions(done.repetitions)
    if done.hold_s > 0:
        text = _HELD.format(set=text, seconds=number_text(done.hold_s, 0))
    side = side_name(done.side)
    return f"{side}: {text}, {_BY[done.counted_by]}" if side else f"{text}, {_BY[done.counted_by]}"


def times(what: str, count: int) -> str:
    """Say how often something was seen."""
    return _TIMES.of(count, what=what)


def next_set(turn: Turn) -> str:
    """Say which set comes next."""
    count, name = turn.sets_left, side_name(turn.side)
    what = SETS_LEFT_TO_DO.of(count)
    if name:
        what = WITH_SIDE.format(side=name, what=what)
    return NEXT_SET.format(what=what)


def answers_line(answers: SqueezeAnswers) -> str:
    """Say what was answered, in few words."""
    said = (
        (squeeze.BOTH, answers.both),
        (squeeze.LEFT, answers.left),
        (squeeze.RIGHT, answers.right),
    )
    return ", ".join(f"{inside(what)} {squeeze.ability_name(given)}" for what, given in said)


def phase_cue(planned: PlannedExercise, phase: SetPhase) -> Cue:
    """Return what to show and say when a phase begins."""
    if not planned.exercise and phase in _OWN_PHASES:
        return _OWN_PHASES[phase]
    if phase is SetPhase.GET_READY:
        return Cue(PHASES[phase].shown, _READY_FOR.get(planned.exercise, PHASES[phase].spoken))
    return PHASES[phase]


def side_name(side: str) -> str:
    """Return the name of ``left`` or ``right``; empty for both."""
    return _SIDES.get(side, "")


def number_word(count: int) -> str:
    """Return a number as it is said."""
    return _NUMBERS[count] if 0 <= count < len(_NUMBERS) else str(count)


def repetitions(count: int) -> str:
    """Say how many there were."""
    return SEVERAL_REPETITIONS.of(count)


def keep_repetitions(count: int) -> str:
    """Say on a button what it keeps."""
    return KEEP.of(count)


def sets_left(count: int) -> str:
    """Say how many sets there are to do, the one at hand included."""
    return LAST_SET if count <= 1 else SETS_LEFT.format(count=count)


translatable(__name__)
