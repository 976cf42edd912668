"""Which language is spoken, and the change to another; the command line stays English."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from app.text.languages.catalogue import (
    BadLanguageFile,
    available,
    catalogue_of,
    path_of,
    read_entries,
)
from app.text.languages.pseudo import PSEUDO, PseudoLanguage
from vision.messages import translatable, translate_with

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Names a language for this start, whatever was chosen; also one that is not offered.
VARIABLE = "BELTLINE_LANGUAGE"
ENGLISH, AS_SYSTEM = "en", "system"
#: What can be chosen, each in its own words. Others that have a file are not checked well
#: enough to be offered.
OFFERED = {"en": "English", "de": "Deutsch", "es": "Español", "fr": "Français"}
RIGHT_TO_LEFT = frozenset({"ar", "pseudo-rtl"})
SPOILT = "Some words of this language are missing, so they are in English."
LATER = (
    "Something is still under way on another page, so the language changes when Beltline is "
    "opened again."
)
UNKNOWN = "There is no language '{language}'. Choose one of these: {known}."
UNREADABLE = "The file of this language is damaged, so everything is in English."


def language_for(choice: str, system: Sequence[str] = ()) -> str:
    """Return the code of the language to speak.

    Parameters
    ----------
    choice
        A code, or ``"system"``.
    system
        What the system would have, best first, such as ``de-AT`` or ``fr``.
    """
    forced = os.environ.get(VARIABLE, "")
    if forced in PSEUDO or forced in available():
        return forced
    if choice in OFFERED:
        return choice
    wanted = (tag.replace("_", "-").partition("-")[0].lower() for tag in system)
    return next((code for code in wanted if code in OFFERED), ENGLISH)


def speak(language: str) -> str:
    """Say everything in a language from now on.

    Returns
    -------
    str
        One sentence for the person where the language's file is not whole, in English, else
        empty.
    """
    if language in PSEUDO:
        translate_with(PseudoLanguage(language))
        return ""
    if language == ENGLISH:
        translate_with(None)
        return ""
    try:
        catalogue = catalogue_of(language, read_entries(path_of(language)))
    except BadLanguageFile:
        translate_with(None)
        return UNREADABLE
    translate_with(catalogue)
    return SPOILT if catalogue.faults else ""


translatable(
    __name__, but=("VARIABLE", "ENGLISH", "AS_SYSTEM", "OFFERED", "RIGHT_TO_LEFT", "PSEUDO")
)
