"""What the window says in which somebody rates the photographs of a study."""

from __future__ import annotations

from vision.messages import Plural, translatable

CARD_TITLE, CHOOSE_FOLDER = "Studies", "Choose the folder that was given to you"
CARD = (
    "If you were given a folder of photographs to rate for a study, open it here. They are shown "
    "in a window of their own."
)
RATE_BUTTON = "Rate photographs…"
WINDOW_TITLE = "Rate photographs"
COUNT = "Photograph {number} of {count}"

CHOOSE_TITLE = "Who is rating?"
CHOOSE = (
    "Each rater has a list of their own, in another order. Choose the one that was given to you, "
    "and no other."
)

START_TITLE = "Rate photographs for a study"
GO_ON_TITLE = "Go on rating photographs"
START_STEPS = (
    "You see one photograph at a time. Still to rate: {left}. On each, mark two points where you "
    "think the bones are, and say how well you see the belt line.",
    "Front point (ASIS): the bump at the front end of the hip bone's upper edge. "
    "Back point (PSIS): the bump under the dimple just above the buttock. Mark them on the side "
    "that faces the camera.",
    "If something upright is in the picture, such as a door frame, add a plumb line and lay it "
    "on that.",
    "Decide alone and trust your eye: the study asks how well people agree. Earlier answers are "
    "not shown.",
    "Each answer is kept at once, with the time it took. Pauses do not count. You may close the "
    "window and go on another day.",
)
KEYS = (
    "All of it works with the keyboard: arrow keys move the point, with Shift faster; Enter goes "
    "on to what comes next; {unknown} means you cannot tell the points; {plumb} is the plumb "
    "line; {no}, {partly} and {clearly} answer about the belt line; {pause} pauses; Ctrl and + or "
    "- zoom, {fit} shows the whole picture."
)

FRONT_POINT, BACK_POINT = "Front point (ASIS)", "Back point (PSIS)"
NOT_MARKED = "{name}, not marked yet"
HEADING = "Mark the two bony points"
STEPS = (
    "Click on the picture, first on the front point, then on the back point. Drag a cross, or "
    "move it with the arrow keys, until it is right."
)
CANNOT_TELL = "I cannot tell the points"
BELT_QUESTION = "How well do you see the belt line?"
BELT_WHAT = "The upper edge of a belt, trousers or skirt across the body."
#: In the order of :class:`app.study.worklist.BeltSeen`.
BELT_ANSWERS = "Not at all", "Partly", "Clearly"

MARK_POINT = (
    "Mark the {point}: click on it, or press an arrow key. If you cannot tell where it is, "
    "choose “I cannot tell the points”."
)
THE_FRONT_POINT, THE_BACK_POINT = "front point", "back point"
MOVE_PLUMB = (
    "The plumb line is still where it was put. Move both ends onto something upright, or remove "
    "the line."
)
LEANING_PLUMB = (
    "This line cannot be upright. Move both ends onto something upright, such as a door frame, "
    "far apart, or remove the line."
)
SAY_BELT = "Say how well you see the belt line."

PAUSED_TITLE = "Paused"
PAUSED = (
    "The clock stands still and the photograph is hidden. What you marked on it stays as long as "
    "the window is open."
)

LEFT_OUT = "Photograph {number} cannot be shown and stays open. {message}"
ANOTHER_PICTURE = "It has another size than the study's."
END_TITLE, END_OPEN_TITLE = "All photographs are rated", "You have come to the end"
END = Plural(
    (
        "Thank you. Your answer is in the folder “{folder}”. Give it back to whoever gave it to "
        "you.",
        "Thank you. Your {count} answers are in the folder “{folder}”. Give it back to whoever "
        "gave it to you.",
    )
)
_OPEN = Plural(
    (
        "One photograph could not be shown and stays open. Say so when you give the folder back.",
        "{count} photographs could not be shown and stay open. Say so when you give the folder "
        "back.",
    )
)


def end_words(answered: int, left_open: int, folder: str) -> tuple[str, ...]:
    """Return what is said once nothing is left to rate."""
    said = [END.of(answered, folder=folder)]
    if left_open:
        said.append(_OPEN.of(left_open))
    return tuple(said)


translatable(__name__)
