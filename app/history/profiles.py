"""Profiles by their names."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from app.history.errors import ProfileNameError, ProfileNotFound
from app.history.values import clean_text

if TYPE_CHECKING:
    from app.history.records import Profile
    from app.history.store import History

NAME_MAX = 100


def tidy_name(name: str) -> str:
    """Return a name without needless spaces, in one way of writing its letters.

    Raises
    ------
    ProfileNameError
        If nothing is left, or too much.
    """
    tidy = " ".join(unicodedata.normalize("NFC", clean_text(name)).split())
    if not tidy:
        raise ProfileNameError("The name is empty.", "Type a name.")
    if len(tidy) > NAME_MAX:
        raise ProfileNameError(
            f"The name is longer than {NAME_MAX} letters.", "Choose a shorter one."
        )
    return tidy


def find_profile(history: History, name: str) -> Profile:
    """Return the profile of this name, or the only one that differs by case alone.

    Raises
    ------
    ProfileNotFound
        The text names the profiles that there are.
    """
    known = history.profiles()
    wanted = tidy_name(name)
    same = [profile for profile in known if profile.name == wanted]
    if not same:
        same = [p for p in known if p.name.casefold() == wanted.casefold()]
    if len(same) != 1:
        raise ProfileNotFound(wanted, [profile.name for profile in known])
    return same[0]


def find_or_add_profile(history: History, name: str | None) -> Profile:
    """Return the profile of this name, a new one where there is none; None: the first one.

    Raises
    ------
    ProfileNameError
        If no profile can have this name.
    """
    if name is None:
        return history.default_profile()
    try:
        return find_profile(history, name)
    except ProfileNotFound:
        return history.add_profile(name)
