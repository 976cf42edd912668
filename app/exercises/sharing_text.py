"""What is said of a list of exercises that goes from one computer to another as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.text.languages.wording import day_text
from vision.messages import Plural, translatable

if TYPE_CHECKING:
    from datetime import date

SAVE, OPEN = "Save list as file…", "Open list…"
SAVE_TIP = "One file with the exercises, their sets and pictures, to give to somebody"
OPEN_TIP = "Look at a list that somebody gave you as a file; nothing changes until you say so"
FILES = "Lists of exercises (*{suffix})"
#: What the file is called where nobody says otherwise.
FILE_NAME = "exercises"
SAVED = "Your list is in the file now: {contents}."
CONTENTS = "{exercises}, {pictures}"
EXERCISES = Plural(("1 exercise", "{count} exercises"))
PICTURES = Plural(("1 picture", "{count} pictures"))

OPENED_TITLE = "A list from a file"
FROM_PRACTICE = "From {practice}, {day}"
NO_PRACTICE = "No practice is named. Made on {day}"
WHAT_CHANGES = "If you use this list, it takes the place of yours. Undo brings yours back."
YOURS_IS_USUAL = "If you use this list, it takes the place of the usual routine."
ASK_YOURSELF = "Use it only if you know who made it, and stop when something hurts."
USE, LEAVE = "Use this list", "Leave everything as it is"
USED = "Your list is now the one from the file."
USED_UNDO = "Took over a list from a file"
HOW = "How: {how}"

CONFIRM = "Use this list in place of the one of {name}?"
LEFT = "Nothing was changed."
TAKEN = "{name} has this list now: {contents}."
TAKE_BACK = "The one before comes back with: beltline exercises undo."
NO_LIST = "{name} has no list, and the usual routine needs no file."
TYPE_IN = "Type one in on the Exercises page, or take one over with: beltline exercises import."
TAKEN_BACK = "The newest list of {name} is in the bin; what was used before is used again."
NOTHING_TO_TAKE_BACK = "{name} has no list that could be taken back."
WRITTEN = "{contents} written to {path}"
LINE, WITH_PICTURE = "{number}. {name}: {dose}", "{line}, with a picture"

CANNOT_WRITE = "The list cannot be written to '{path}' ({why})."
NO_SUCH_FILE = "The file '{name}' is no list of exercises of Beltline's."
CHOOSE_ONE = "Choose a {suffix} file that Beltline has written."
LATER_VERSION = "The list in '{name}' was made by a newer version of Beltline."
INSTALL_NEWEST = "Install the newest version of Beltline, then open it again."
TOO_LARGE = "The file '{name}' is larger than any list of exercises that Beltline writes."
DAMAGED = "The list in '{name}' is damaged or was changed, so nothing was taken from it."
ASK_ANEW = "Ask whoever made it to send it once more."
SUFFIX_MISSING = "The name '{path}' does not say that a list of exercises is to be written."
GIVE_SUFFIX = "Give a name that ends in {suffix}."
TOO_MANY = "The list has {count} exercises, and a file takes at most {most}."
FEWER = "Make two lists of it."
NOT_FIT = "Something in the list makes no sense, so nobody could open the file."
SAVE_ANEW = "Open the list in the editor, look at the lines with a remark, and save it there."


def from_line(practice: str, made_on: date) -> str:
    """Say who made a list, and when."""
    template = FROM_PRACTICE if practice else NO_PRACTICE
    return template.format(practice=practice, day=day_text(made_on))


def contents_line(exercises: int, pictures: int) -> str:
    """Say how much is in a list."""
    return CONTENTS.format(exercises=EXERCISES.of(exercises), pictures=PICTURES.of(pictures))


translatable(__name__)
