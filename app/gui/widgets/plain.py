"""Words that people, files and cameras bring, shown letter by letter wherever Qt guesses.

A tool-tip has no switch between plain and rich text: Qt takes for rich text whatever looks like
it, and then ``<img src=file:///...>`` in a name opens that file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt

if TYPE_CHECKING:
    from collections.abc import Callable

#: Nobody reads more at the mouse.
_LETTERS_MAX = 1000
#: Where a tag or an entity begins, which a letter that is not seen then ends.
_BEGINS = re.compile("[<&]")
#: PyQt's stubs lack it.
_might_be_rich: Callable[[str], bool] = getattr(Qt, "mightBeRichText")  # noqa: B009
_UNSEEN = "\N{WORD JOINER}"


def plain_tip(text: str) -> str:
    """Return what a tool-tip shows as this text, whatever that looks like.

    Parameters
    ----------
    text
        Anything, such as a name, a note, or a path.

    Returns
    -------
    str
        The same to the eye, at most :data:`_LETTERS_MAX` letters of it.
    """
    short = cut_short(text, _LETTERS_MAX)
    if not _might_be_rich(short):
        return short
    return _BEGINS.sub(rf"\g<0>{_UNSEEN}", short)


def cut_short(text: str, letters: int) -> str:
    """Return a text, with three dots where it had more letters than this."""
    return text if len(text) <= letters else f"{text[: letters - 1]}…"
