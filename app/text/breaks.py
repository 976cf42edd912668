"""What is said about breaks from sitting, in the window and outside of it.

No alarm about sitting, and a word for every break; the figures are those of
docs/MEASUREMENT.md, section 7.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.system.calm.occupied import Occupied
from app.text.languages.wording import inside
from vision.messages import translatable

TITLE = "Sit less"
INTRO = (
    "Sitting is nothing to be alarmed about. It is easy to forget how long it has been, so "
    "Beltline can remind you to get up. Three to five minutes of walking make a break; standing "
    "still alone is not enough. Being away from the computer counts as a break."
)

NOW = "Now"
OFF = "Reminders are off."
STARTING = "The reminder is being started."
NEXT = "Next reminder in about {minutes} minutes."
NEXT_SOON = "Next reminder in about a minute."
PAUSED = "Paused until {until}."
DUE = "It is time for a short break."
NOT_DUE_NOW = "The next reminder comes when you sit at the computer again."
#: Why a reminder that is due waits, and why one had to that comes now.
SILENT = {
    Occupied.MICROPHONE: "Silent while the microphone is in use.",
    Occupied.CAMERA: "Silent while the camera is in use.",
    Occupied.KEPT_ON: "Silent while a program keeps the screen on, as a film does.",
    Occupied.FULL_SCREEN: "Silent while a program fills the whole screen.",
}
WAITED = {
    Occupied.MICROPHONE: "This waited while the microphone was in use.",
    Occupied.CAMERA: "This waited while the camera was in use.",
    Occupied.KEPT_ON: "This waited while a program kept the screen on, as a film does.",
    Occupied.FULL_SCREEN: "This waited while a program filled the whole screen.",
}
SUGGESTED = "For instance: {what}"

TAKE_BREAK = "I am taking a break now"
TAKE_BREAK_HELP = "Note a break and start counting again"
SNOOZE = "Remind me in 10 minutes"
SNOOZE_HELP = "Remind me again in 10 minutes"
PAUSE_ONE, PAUSE_TWO = "Pause 1 hour", "Pause 2 hours"
PAUSE_HELP = "No reminder meanwhile, for a presentation or a film"
PAUSE_TOMORROW = "Pause until tomorrow"
PAUSE_TOMORROW_HELP = "No reminder for the rest of today"
RESUME = "Resume"
RESUME_HELP = "End the pause"

TODAY_NONE = "No break noted today so far."
TODAY_ONE = "1 break today, at {last}."
TODAY = "{count} breaks today, the last at {last}."
TODAY_AWAY_ONE = "1 of them was noticed because you were away."
TODAY_AWAY = "{count} of them were noticed because you were away."

CHOICES = "Reminder"
SWITCH = "Remind me to get up"
EVERY = "After sitting for"
EVERY_UNIT = " minutes"
EVERY_USUAL = "{minutes} min"
EVERY_USUAL_NAME = "Remind me after {minutes} minutes"
EVERY_WHY = (
    "60 minutes is the usual choice because it is easy to keep up. The time counts only while you "
    "use the computer, and starts again after each break."
)
QUIET = "Quiet hours"
QUIET_FROM, QUIET_TO = "from", "to"
QUIET_FROM_NAME, QUIET_TO_NAME = "Quiet hours begin at", "Quiet hours end at"
QUIET_DAYS = "Quiet days"
QUIET_WHY = "A reminder that falls into them comes afterwards, if you are still sitting."
SOUND = "With a sound"
CALM = "Silent during calls and films"
CALM_WHY = (
    "During calls, presentations and films in full screen the reminder waits, and comes "
    "afterwards if you are still sitting. It looks whether a program uses the microphone or the "
    "camera, keeps the screen on or fills it."
)
SESSION = "Start when I log in"
SESSION_WHY = (
    "Without this, reminders come only once you have opened Beltline, and until you quit its small "
    "icon near the clock."
)
SESSION_FAILED = "Beltline could not change what starts when you log in. {why}"
BREAKS_UNREAD = "Today's breaks could not be read. {why}"

NO_TRAY = (
    "This desktop has no place for small icons near the clock, so the reminder shows at the foot "
    "of this window while it is open."
)
NO_IDLE = (
    "This desktop does not tell how long keyboard and mouse have rested. A locked screen and a "
    "sleeping computer count as breaks; for the others, press the button."
)

HINTS = "What to do in a break"


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing to do in a break."""

    title: str
    how: str


ALL_HINTS = (
    Hint(
        "Stand up",
        "Push the chair back, get up and let your arms hang. Then go on with one of these.",
    ),
    Hint(
        "Walk for 3 to 5 minutes",
        "To the kitchen, up and down the stairs, round the house: any pace is fine.",
    ),
    Hint(
        "One stretch",
        "Take a long step and bend the front knee a little. Tuck your bottom under until you feel "
        "a gentle pull at the front of the other hip. Stay for 20 seconds, breathe, change sides. "
        "Stop if it hurts.",
    ),
    Hint(
        "Ten squeezes",
        "Standing or sitting, squeeze both sides of your buttocks for 5 seconds, breathe on, let "
        "go. Ten times; keep the thighs loose.",
    ),
)

BAR_DONE, BAR_DONE_HELP = "Done", "I took a break"
BAR_LATER, BAR_LATER_HELP = "Later", "Remind me again in 10 minutes"
BAR_NAME = "Break reminder"

#: Outside of the window.
NAME = "Beltline"
#: In the icon's menu.
SNOOZE_FIVE = "Remind me in 5 minutes"
PAUSE = "No reminders for a while"
OPEN = "Open Beltline"
OPEN_CHOICES = "Reminder settings..."
QUIT = "Quit the reminder"

#: On the command line.
IS_OFF = (
    "Reminders are off. Switch them on in the window: Sit less, 'Remind me to get up'. "
    "To open it: beltline"
)
RUNS_ALREADY = "The reminder is running already."
DOES_NOT_ANSWER = (
    "A reminder is running but does not answer. End it in the system's list of programs, then "
    "start it again: beltline tray"
)
NO_PLACE = "The reminder cannot start: {why}."

#: Two starts of the window.
OPENED_BESIDE = (
    "Another Beltline window is open but does not answer, so this one opened beside it. What you "
    "change in one shows in the other after a restart."
)

_WALK, _STRETCH, _SQUEEZES = ALL_HINTS[1:]
#: Walking is what makes a break; the others are for variety.
UP_THEN = "stand up, then {what}. {how}"
_ROTATION = (_WALK, _STRETCH, _WALK, _SQUEEZES)


def next_text(minutes: float | None) -> str:
    """Say when the next reminder comes; ``None`` where that cannot be said."""
    if minutes is None:
        return NOT_DUE_NOW
    whole = round(minutes)
    return NEXT_SOON if whole <= 1 else NEXT.format(minutes=whole)


def today_text(count: int, away: int, last: str) -> str:
    """Say how many breaks there were today; ``last`` is the newest one's time of day."""
    if not count:
        return TODAY_NONE
    said = TODAY_ONE.format(last=last) if count == 1 else TODAY.format(count=count, last=last)
    if not away:
        return said
    noticed = TODAY_AWAY_ONE if away == 1 else TODAY_AWAY.format(count=away)
    return f"{said} {noticed}"


def suggestion(number: int) -> str:
    """Return what to do in the break of this number; it begins in small letters."""
    hint = _ROTATION[number % len(_ROTATION)]
    return UP_THEN.format(what=inside(hint.title), how=hint.how)


translatable(__name__)
