"""Wrong use of the command line that shows before any photograph is opened."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import AppError
from vision.result import Shortfall

if TYPE_CHECKING:
    from collections.abc import Sequence


PointArgument = tuple[float, float]
LineArgument = tuple[float, float, float, float]


class UsageError(AppError):
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
        Whose it is, None for the first profile or nobody, and what is kept beside it. That
        person's calibration is used.
    quick
        Whether one look at each outline is enough.
    person_px
        x and y of a place on the person meant, of several, or None.
    workers
        How many processes measure; None for as many as pay.
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
    quick: bool = False
    person_px: PointArgument | None = None
    workers: int | None = None


def plain_request(arguments: Sequence[str]) -> tuple[Options, bool] | None:
    """Return what ``measure`` is asked for, and whether as JSON, where nothing is wrong with it.

    Returns None where more is said than photographs, ``--quick`` and ``--json``, or less.
    """
    photos = tuple(each for each in arguments if each not in {"--quick", "--json"})
    if not photos or any(photo.startswith("-") for photo in photos):
        return None
    options = Options(photos, None, None, None, "auto", quick="--quick" in arguments)
    return options, "--json" in arguments


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
    if options.note and not options.save:
        raise UsageError("--note goes with --save. Give that as well, or leave it out.")
    numbers_given = asis, psis, vertical, options.person_px
    given = [numbers for numbers in numbers_given if numbers is not None]
    if not all(math.isfinite(number) for number in chain.from_iterable(given)):
        raise UsageError("A coordinate is not a finite number. Give pixels, such as 243 396.")
    if (asis is None) != (psis is None):
        missing = "--psis" if psis is None else "--asis"
        raise UsageError(f"One bony point is not enough. Give {missing} X Y as well.")
    if asis is not None and len(options.photos) > 1:
        raise UsageError(
            "--asis and --psis belong to one photograph. Measure the photographs one by one."
        )
    if options.person_px is not None and len(options.photos) > 1:
        raise UsageError("--person belongs to one photograph. Measure the photographs one by one.")
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


#: What :func:`vision.overlay.raster.save_overlay` writes.
SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")


@dataclass(frozen=True, slots=True)
class OverlayPlan:
    """One file per photograph, or none.

    Attributes
    ----------
    targets
        As many as photographs; None where nothing is to be written.
    problem
        Why nothing can be written; else None. The photographs can be measured all the same.
    """

    targets: tuple[Path | None, ...]
    problem: Shortfall | None = None


def plan_overlays(photos: Sequence[str], overlay: str | None) -> OverlayPlan:
    """Choose a file for each photograph, and look whether it can be written.

    Parameters
    ----------
    photos
        Names as given.
    overlay
        A file for one photograph, a folder for several (it is made when it is not there);
        None for no overlay.

    Raises
    ------
    UsageError
        When ``overlay`` is a file and there are several photographs, when its name does
        not tell the format, or when it is one of the photographs.
    """
    nothing = (None,) * len(photos)
    if overlay is None:
        return OverlayPlan(nothing)
    path = Path(overlay)
    try:
        if len(photos) > 1 or path.is_dir():
            _check_folder(path)
            problem, targets = _folder_problem(path), _in_folder(photos, path)
        else:
            _check_file(path, photos[0])
            problem, targets = _file_problem(path), (path,)
    except OSError as error:  # a name too long, or a folder that may not be looked into
        problem, targets = _not_written(path, error.strerror or str(error)), ()
    return OverlayPlan(nothing, problem) if problem else OverlayPlan(targets)


def _check_folder(path: Path) -> None:
    looks_like_file = not path.exists() and path.suffix.lower() in SUFFIXES
    if path.is_file() or looks_like_file:
        raise UsageError(
            f"--overlay '{path}' is one file for several photographs. Give a folder instead."
        )


def _check_file(path: Path, photo: str) -> None:
    if path.suffix.lower() not in SUFFIXES:
        raise UsageError(
            f"--overlay '{path}' does not say which kind of picture to write. "
            "Give a name that ends in .png, .jpg or .webp."
        )
    if _same_file(path, Path(photo)):
        raise UsageError(
            f"--overlay '{path}' is the photograph itself. Give another name to keep it."
        )


def _folder_problem(folder: Path) -> Shortfall | None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return _not_written(folder, error.strerror or "it cannot be made")
    return None if os.access(folder, os.W_OK | os.X_OK) else _not_written(folder, "no permission")


def _file_problem(path: Path) -> Shortfall | None:
    folder = path.parent
    if not folder.is_dir():
        return _not_written(path, "its folder does not exist")
    if not os.access(folder, os.W_OK | os.X_OK):
        return _not_written(path, "its folder is read-only")
    if path.exists() and not path.is_file():
        return _not_written(path, "something that is not a file is in its place")
    return None


def _not_written(path: Path, why: str) -> Shortfall:
    return Shortfall(
        "overlay_not_written",
        f"The overlay cannot be written to '{path}': {why[:1].lower()}{why[1:]}.",
        "Choose a folder that exists and that you may write to.",
    )


def _in_folder(photos: Sequence[str], folder: Path) -> tuple[Path, ...]:
    """Name each overlay after its photograph; no two alike, none over a photograph."""
    taken = {Path(photo).resolve() for photo in photos}
    targets = []
    for photo in photos:
        stem = f"{Path(photo).stem}_overlay"
        target, number = folder / f"{stem}.png", 2
        while target.resolve() in taken:
            target, number = folder / f"{stem}-{number}.png", number + 1
        taken.add(target.resolve())
        targets.append(target)
    return tuple(targets)


def _same_file(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except (OSError, ValueError):
        return False
