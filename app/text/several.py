"""What is said where there are several: people in one picture, or pictures at once."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from app.text import measurement
from vision.messages import Plural, translatable
from vision.result import Measured, Unreadable, tilt_text, whole_deg
from vision.series import Series

if TYPE_CHECKING:
    from vision.result import PhotoResult
    from vision.series import RefusedSeries

WHICH_PERSON = "Click the person you mean"
PERSON_NUMBER = "Person {number}, from the left"

ASK = "{count} pictures. Are they one person in one stance, taken again and again, or different?"
ONE_STANCE, DIFFERENT = "One person, one stance", "Different"
ABOUT_ONE_STANCE = "They become one check, which is surer than a single picture."
THEY_ARE_ONE_STANCE, THEY_ARE_DIFFERENT = "They are one stance", "They are different"
ABOUT_DIFFERENT = "Each becomes a check of its own, and you choose whose."

COUNT, COUNT_IN = "{count} pictures", "{count} pictures in “{folder}”"
LEFT_OUT = "Only the first {count} are taken, in the order of their names; {left} are left out."
NO_PICTURES = "There is no picture in this folder. Choose one with photographs in it."

WAITING, MEASURING, KEPT = "Waiting", "Measuring…", "{said}\nSaved"
CHOOSE_IN_IT = "{said} Open it to choose one."
DONE_OF = "{done} of {count}"
OUTCOME, ALL_MEASURED = "{measured} measured, {refused} without a number.", "All are measured."
SERIES_NAME = "{count} pictures of one stance"
MIDDLE_OF = "The middle of {count} pictures, which lie {apart}."
APART, CLOSE = "up to {range}° apart", "less than 1° apart"
STANDS_APART = "{source} is {off}° off the middle: look at it, or leave it out."
NOT_COUNTED = "{left} did not count."
COUNTS_FROM = "A change of {change}° or more counts."
SERIES_WAITS = "The result comes when all pictures are measured."

SAVE_ALL = "Save all ({count})"
SAVED = Plural(("Saved 1 check", "Saved {count} checks"))
NOT_ALL_KEPT = "{kept} of {count} checks were saved. {why}"


def describe_outcome(outcome: PhotoResult, *, is_crowd: bool = False) -> str:
    """Say in one line what came of a picture.

    Parameters
    ----------
    is_crowd
        Whether one of several people in it may be chosen.
    """
    if isinstance(outcome, Measured):
        return tilt_text(outcome.tilt)
    if isinstance(outcome, Unreadable):
        return outcome.message
    said = measurement.refusals(outcome)[0].message
    return CHOOSE_IN_IT.format(said=said) if is_crowd else said


def describe_remedy(outcome: PhotoResult) -> str:
    """Say what is wrong with a picture that gave no number, and the remedy; else nothing."""
    if isinstance(outcome, Measured):
        return ""
    wrong = outcome if isinstance(outcome, Unreadable) else measurement.refusals(outcome)[0]
    return f"{wrong.message} {wrong.fix}"


def describe_repeats(series: Series | RefusedSeries, given: int) -> str:
    """Say how the pictures of one stance go together; the angle itself is said elsewhere.

    Parameters
    ----------
    given
        How many pictures counted, whatever became of each.
    """
    if isinstance(series, Series):
        range_deg = whole_deg(series.range_deg)
        apart = APART.format(range=range_deg) if range_deg else CLOSE
        said = [MIDDLE_OF.format(count=series.count, apart=apart)]
    else:
        said = [measurement.SERIES_REFUSED_HEADLINE]
        said += [f"{reason.message} {reason.fix}" for reason in series.reasons]
    said += [
        STANDS_APART.format(source=one.source, off=abs(whole_deg(one.deviation_deg)))
        for one in series.outliers
    ]
    if given > series.count:
        said.append(NOT_COUNTED.format(left=given - series.count))
    if isinstance(series, Series):
        said.append(COUNTS_FROM.format(change=ceil(series.smallest_change_deg)))
    return " ".join(said)


def saved_words(count: int) -> str:
    """Say how many checks were saved, without a full stop."""
    return SAVED.of(count)


translatable(__name__)
