"""What a person touches: the window, the reminder, the command line, and what they say."""

import os
from enum import StrEnum

# Else pydantic looks through every package of the computer for plug-ins of its own, which takes a
# tenth of the window's start and lets what somebody else installed into our checks.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


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
