"""What is said of a study's exports, and in them: to people, to REDCap and to FHIR servers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.text.measurement import MEASURED, METHOD_WORDS
from vision.messages import translatable
from vision.result import Method

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

EXTRA_MISSING = "A FHIR bundle needs more packages."
EXTRA_FIX = (
    "Where Beltline was installed with Python, install them with: pip install 'beltline[study]'"
)
UNKNOWN_KIND = "There is no export '{kind}'."
ALREADY_THERE = "'{path}' is there already, so nothing was written."
CHOOSE_OTHER = "Choose another folder, or add --replace."
NOT_WRITTEN = "The export cannot be written to '{folder}': {why}."
CHOOSE_FOLDER = "Choose a folder that you may write to and that has room."

#: Stands with every tilt that leaves for a clinic's records (docs/MEASUREMENT.md).
NOTE = (
    "Estimated from a photograph, for research: context, not a verdict. Bone shape alone spans 0 "
    "to 23 degrees in pelves held still, most people without pain stand tilted forward, and no "
    "limit between healthy and unhealthy has been shown to hold. Compare it only with results of "
    "the same person by the same method. Where a time is told, it is when the picture was looked "
    "at, not when it was taken."
)
TILT = "Pelvic tilt standing, from a side-on photograph; forward (front lower) is positive"
BELT_LINE = "Slope of the belt line, from a side-on photograph; front lower is positive"
UNMARKABLE = "The rater could not tell the two bony points."
REFUSED = "The photograph was refused."
UNREADABLE = "The photograph could not be read."
UNKNOWN = "There is no number, and the study does not say why."
CODES_TITLE = "Beltline's own codes for pelvic tilt in photographs"
DEVICE = "Software that estimates pelvic tilt from photographs"

BELT_SEEN: Mapping[int, str] = {0: "No", 1: "Partly", 2: "Clearly"}
BELT_LINE_SEEN: Mapping[int, str] = {
    0: "The belt line is not seen",
    1: "The belt line is partly seen",
    2: "The belt line is clearly seen",
}
STATUS: Mapping[str, str] = {
    "rated": "Both points marked",
    "unmarkable": "Points cannot be told",
    "open": "Not yet rated",
    "measured": "Measured",
    "rejected": "Photograph refused",
    "error": "Photograph not readable",
}


def method(name: str) -> str:
    """Return how a method measures, as a sentence begins; its own name where it is unknown."""
    known = {one.value: words for one, words in METHOD_WORDS.items()}
    return MEASURED.format(method=known[name]).rstrip(".") if name in known else name


def methods() -> dict[str, str]:
    """Return the words for every method that a row of a study may have."""
    return {one.value: method(one.value) for one in Method}


def choose(kinds: Sequence[str]) -> str:
    """Return which kinds of export there are to choose from."""
    *others, last = kinds
    return f"Take {', '.join(others)} or {last}."


def wrote(kind: str, rows: int, subjects: int, folder: str, names: Sequence[str]) -> str:
    """Return the line that says what an export has written."""
    what = "observation" if kind == "fhir" else "row"
    *others, last = names
    files = f"{', '.join(others)} and {last}" if others else last
    return f"{_count(rows, what)} of {_count(subjects, 'subject')} are in '{folder}': {files}."


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


translatable(__name__)
