"""What the break reminder says outside of the window; the rest is in :mod:`sit_less_words`."""

from __future__ import annotations

from app.text.breaks__sit_less_words import ALL_HINTS

NAME = "Beltline"
#: In the icon's menu.
SNOOZE_FIVE = "Remind me in 5 minutes"
PAUSE = "No reminders for a while"
OPEN = "Open Beltline"
CHOICES = "Reminder settings..."
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
_ROTATION = (_WALK, _STRETCH, _WALK, _SQUEEZES)


def suggestion(number: int) -> str:
    """Return what to do in the break of this number; it begins in small letters."""
    hint = _ROTATION[number % len(_ROTATION)]
    return f"stand up, then {hint.title[0].lower()}{hint.title[1:]}. {hint.how}"
