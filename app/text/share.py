"""What is said of a check that leaves the program: copied, saved as a picture, printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.text.measurement import INTENDED_USE, headline, measured_how
from vision.messages import translatable

if TYPE_CHECKING:
    from datetime import date

    from vision.result import Measured

SHARE, SHARE_TIP = "Share", "Copy, save or print this result"
COPY, SAVE_PICTURE, PRINT = "Copy", "Save picture…", "Print…"
BLUR = "Blur the face"
NO_FACE = (
    "Beltline could not find every face in the picture, so it was not shared. If the faces may "
    "be seen, switch off “Blur the face” in the Share menu."
)
COPIED = "Copied: the words, and the picture."
COPIED_WORDS = "Copied: the words. No picture was kept with this check."
SAVED = "Saved as {name}."
PRINTED = "Sent to the printer."
NOT_PRINTED = "The printer did not take it. Look whether it is switched on, then try again."
_FILE_NAME = "check_{day}.png"
FORMS = ("Picture (*.png)", "Smaller picture (*.jpg *.jpeg)")


def file_name(day: date) -> str:
    """Return what a picture is called unless somebody says otherwise: no name is in it.

    Parameters
    ----------
    day
        On which the picture was taken.
    """
    return _FILE_NAME.format(day=day.isoformat())


def share_lines(result: Measured, day: str) -> tuple[str, ...]:
    """Return a check in a few lines, without a name: angle, how, when, and what it is for.

    Parameters
    ----------
    day
        On which the picture was taken, as the reader writes days.
    """
    how = measured_how(result.tilt.method, result.calibrated_at)
    return headline(result.tilt), how, day, INTENDED_USE


translatable(__name__)
