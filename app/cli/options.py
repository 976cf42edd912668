"""Wrong use of the command line that shows before any photograph is opened."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import chain

PointArgument = tuple[float, float]
LineArgument = tuple[float, float, float, float]


class UsageError(Exception):
    """The options contradict each other; its text says how, and what to do."""


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for ``measure``, as typed.

    Attributes
    ----------
    photos
        Names as given.
    asis_px, psis_px
        x and y of each bony point, or None.
    vertical_px
        x1, y1, x2, y2 of a line that is plumb in reality, or None.
    method
        ``auto``, ``contour``, ``marked`` or ``belt``.
    series
        Whether the photographs are repeats of one stance.
    save
        Whether to keep each measurement in the history.
    profile, note
        Whose it is, None for the first profile, and what is kept beside it.
    """

    photos: tuple[str, ...]
    asis_px: PointArgument | None
    psis_px: PointArgument | None
    vertical_px: LineArgument | None
    method: str
    series: bool = False
    save: bool = False
    profile: str | None = None
    note: str = ""


def check_options(options: Options) -> None:
    """Raise for what no photograph could make right.

    Raises
    ------
    UsageError
        With one sentence about the first thing that is wrong, and its remedy.
    """
    asis, psis, vertical = options.asis_px, options.psis_px, options.vertical_px
    if options.series:
        _check_series(options)
    if not options.save and (options.profile is not None or options.note):
        raise UsageError("--profile and --note go with --save. Give it as well, or leave them out.")
    given = [numbers for numbers in (asis, psis, vertical) if numbers is not None]
    if not all(math.isfinite(number) for number in chain.from_iterable(given)):
        raise UsageError("A coordinate is not a finite number. Give pixels, such as 243 396.")
    if (asis is None) != (psis is None):
        missing = "--psis" if psis is None else "--asis"
        raise UsageError(f"One bony point is not enough. Give {missing} X Y as well.")
    if asis is not None and len(options.photos) > 1:
        raise UsageError(
            "--asis and --psis belong to one photograph. Measure the photographs one by one."
        )
    if asis is not None and asis == psis:
        raise UsageError(
            "--asis and --psis are the same point. Give the front point and the back point."
        )
    if options.method == "marked" and asis is None:
        raise UsageError("--method marked needs the two points. Give --asis X Y and --psis X Y.")
    if vertical is not None:
        _check_vertical(vertical)


def _check_series(options: Options) -> None:
    if options.asis_px is not None or options.psis_px is not None:
        raise UsageError(
            "--asis and --psis belong to one photograph, --series to several. Leave one out."
        )
    if options.method == "marked":
        raise UsageError(
            "--series cannot be measured from marked points. Leave out --method marked or --series."
        )
    if len(options.photos) < 2:
        raise UsageError(
            "--series needs two or more photographs of one stance. Name them all, or leave it out."
        )


def _check_vertical(vertical: LineArgument) -> None:
    x1, y1, x2, y2 = vertical
    if (x1, y1) == (x2, y2):
        raise UsageError("--vertical has no length. Give two different points on a plumb edge.")
    if abs(x2 - x1) >= abs(y2 - y1):
        raise UsageError(
            "--vertical lies nearer to horizontal than to vertical. "
            "Give two points on an edge that is plumb in reality, such as a door frame."
        )
