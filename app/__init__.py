"""What a person touches: the window, the reminder, the command line, and what they say."""

from enum import StrEnum


class Page(StrEnum):
    """The window's pages, as settings, other processes and the command line name them."""

    CHECK = "check"
    LIVE = "live"
    EXERCISES = "exercises"
    BREAKS = "sit_less"
    HISTORY = "history"
    SETTINGS = "settings"

    @property
    def opens_unasked(self) -> bool:
        """Whether it may be shown with nobody there: no camera goes on because of a page."""
        return self is not Page.LIVE


class Help(StrEnum):
    """What can be asked for, by settings, keys, the first start or an error."""

    #: The first steps, where nothing was ever kept.
    WELCOME = "welcome"
    FIRST_STEPS = "first_steps"
    TOUR = "tour"
    DOCTOR = "doctor"
    SHEET = "sheet"
