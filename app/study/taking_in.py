"""Takes answers into a study: marked in another program, or brought back in a rater's folder."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from app.study import StudyError
from app.study.worklist import BeltSeen, Rating, Worklist
from vision.marks.points import PointsError, check_points, roll_of_vertical_deg

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from app.study.design import Study
    from app.study.worklist import WorkEntry

_FAULTS_TOLD = 20
#: All answers of a study have fewer letters.
_FILE_BYTES_MAX = 1 << 28
_LONGEST_S = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class RaterProgress:
    """How far one rater is.

    Attributes
    ----------
    rater, items
        Who, and how many pictures there are.
    rated, unmarkable
        How many have an answer, and how many of these have no points.
    seconds
        The middle of the times that a picture took; None where nobody measured them.
    """

    rater: str
    items: int
    rated: int
    unmarkable: int
    seconds: float | None


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came of an import: how many answers are new, and how far the rater is now."""

    new: int
    progress: RaterProgress


def progress_of(study: Study) -> list[RaterProgress]:
    """Return how far each rater is, in their order."""
    return [_progress(study.worklist(rater)) for rater in study.raters]


def _progress(worklist: Worklist) -> RaterProgress:
    ratings = list(worklist.ratings.values())
    times = [one.seconds for one in ratings if one.seconds is not None]
    unmarkable = sum(one.points is None for one in ratings)
    seconds = median(times) if times else None
    return RaterProgress(worklist.rater, len(worklist.items), len(ratings), unmarkable, seconds)


def take_in(study: Study, place: Path, rater: str = "", *, replaces: bool = False) -> TakenIn:
    """Take in answers that one rater gave elsewhere, all of them or none.

    Parameters
    ----------
    study
        Whose pictures they are of.
    place
        A rater's folder that was handed on and came back; or a CSV file with the columns item
        or picture, asis_x_px, asis_y_px, psis_x_px, psis_y_px, and as wanted plumb_x1_px,
        plumb_y1_px, plumb_x2_px, plumb_y2_px, belt, seconds and rated_at.
    rater
        Who gave them; a folder tells it by itself.
    replaces
        Whether other answers that are there already no longer count.

    Raises
    ------
    StudyError
        If there are faults, with the first twenty, or the answers cannot be kept.
    """
    if _is_folder(place):
        brought = Worklist(place)
        worklist = study.worklist(_known(study, rater or brought.rater))
        ratings = _ratings_of(brought, worklist)
    else:
        if not _is_there(place):
            raise StudyError(f"There is no file or folder '{place}'.", "Check the name.")
        worklist = study.worklist(_known(study, rater))
        ratings = _ratings_in(place, worklist)
    new = _keep(worklist, ratings, replaces=replaces)
    return TakenIn(new, _progress(worklist))


def _ratings_of(brought: Worklist, worklist: Worklist) -> list[Rating]:
    """Return the answers that a rater's folder brings, once all of it was found to be right."""
    entries = {one.id: one for one in worklist.items}
    is_known = brought.study == worklist.study and brought.rater == worklist.rater
    if not is_known or not brought.ratings.keys() <= entries.keys():
        raise StudyError(
            f"'{brought.folder}' belongs to another study or rater.",
            "Choose a folder that was below 'raters' in this study.",
        )
    faults = []
    for rating in brought.ratings.values():
        try:
            _check(rating, entries[rating.item])
        except PointsError as error:
            faults.append(f"picture '{rating.item}': {error.message.rstrip('.')}")
    _complain(brought.folder, faults)
    return list(brought.ratings.values())


def _check(rating: Rating, entry: WorkEntry) -> None:
    """Raise PointsError if an answer cannot be one to this picture."""
    if rating.points is not None:
        check_points(rating.points, entry.width_px, entry.height_px)
    if rating.plumb is not None:
        roll_of_vertical_deg(*rating.plumb, entry.width_px, entry.height_px)


def _complain(place: Path, faults: list[str]) -> None:
    """Raise what is wrong with answers, if anything is."""
    told = faults[:_FAULTS_TOLD]
    if len(faults) > len(told):
        told.append(f"and {len(faults) - len(told)} more")
    if told:
        raise StudyError(
            f"The answers in '{place}' have faults, so none was taken in: {'; '.join(told)}.",
            "Put them right, then import them again.",
        )


def _is_folder(place: Path) -> bool:
    try:
        return place.is_dir()
    except OSError:  # a name too long, or a folder that may not be looked into
        return False


def _is_there(place: Path) -> bool:
    try:
        return place.exists()
    except OSError:
        return False


def _known(study: Study, rater: str) -> str:
    if rater in study.raters:
        return rater
    who = f"There is no rater '{rater}' in this study." if rater else "It is not said whose."
    raise StudyError(who, f"Add --rater with one of {', '.join(study.raters)}.")


def _keep(worklist: Worklist, ratings: Iterable[Rating], *, replaces: bool) -> int:
    known = worklist.ratings
    new = [one for one in ratings if known.get(one.item) != one]
    others = [one.item for one in new if one.item in known]
    if others and not replaces:
        raise StudyError(
            f"{len(others)} of the pictures have another answer of {worklist.rater} already, such "
            f"as '{others[0]}', so nothing was taken in.",
            "Add --replace to have the new answers count.",
        )
    if new:
        worklist.keep_all(new)
    return len(new)


_Px = Annotated[float | None, Field(allow_inf_nan=False)]
_POINTS = ("asis_x_px", "asis_y_px", "psis_x_px", "psis_y_px")
_PLUMB = ("plumb_x1_px", "plumb_y1_px", "plumb_x2_px", "plumb_y2_px")


class _AnswerLine(BaseModel):
    """One line; whoever leaves a column out leaves it empty."""

    model_config = ConfigDict(extra="forbid")

    item: str = ""
    picture: str = ""
    asis_x_px: _Px = None
    asis_y_px: _Px = None
    psis_x_px: _Px = None
    psis_y_px: _Px = None
    plumb_x1_px: _Px = None
    plumb_y1_px: _Px = None
    plumb_x2_px: _Px = None
    plumb_y2_px: _Px = None
    belt: Literal["no", "partly", "clearly"] | None = None
    seconds: Annotated[float | None, Field(ge=0, le=_LONGEST_S)] = None
    rated_at: str = ""

    @model_validator(mode="after")
    def _all_or_none(self) -> _AnswerLine:
        for what, names in (("two points", _POINTS), ("plumb line", _PLUMB)):
            given = [getattr(self, name) is not None for name in names]
            if any(given) and not all(given):
                raise ValueError(f"the {what} need all four numbers, or none")
        if self.rated_at and not _is_moment(self.rated_at):
            raise ValueError("rated_at is no moment such as 2026-03-01T09:30:00+01:00")
        return self

    def rating(self, entry: WorkEntry) -> Rating:
        """Return the answer to a picture.

        Raises
        ------
        PointsError
            If it cannot be one.
        """
        asis_px, psis_px = self._two_places(_POINTS) or (None, None)
        rating = Rating(
            entry.id,
            asis_px=asis_px,
            psis_px=psis_px,
            plumb_px=self._two_places(_PLUMB),
            belt=None if self.belt is None else BeltSeen[self.belt.upper()],
            seconds=self.seconds,
            rated_at=self.rated_at,
        )
        _check(rating, entry)
        return rating

    def _two_places(
        self, names: tuple[str, ...]
    ) -> tuple[tuple[float, float], tuple[float, float]] | None:
        numbers = [getattr(self, name) for name in names]
        if None in numbers:
            return None
        return (numbers[0], numbers[1]), (numbers[2], numbers[3])


_COLUMNS = tuple(_AnswerLine.model_fields)
#: What pydantic finds wrong, by its names.
_SAID = {
    "float_parsing": "is no number",
    "finite_number": "is no number",
    "literal_error": "is neither no, partly nor clearly",
    "greater_than_equal": "is below 0",
    "less_than_equal": "is longer than a day",
}


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).utcoffset() is not None
    except ValueError:
        return False


def _ratings_in(path: Path, worklist: Worklist) -> list[Rating]:
    """Return the answers in a table, once all of it was found to be right."""
    entries = {name: one for one in worklist.items for name in (one.id, one.picture)}
    ratings: dict[str, Rating] = {}
    faults: list[str] = []
    for number, line in _lines_of(path):
        try:
            answer = _AnswerLine.model_validate(line)
            entry = _entry(answer, entries)
            if entry.id in ratings:
                raise StudyError(f"the picture '{entry.id}' has an answer further up, too")
            ratings[entry.id] = answer.rating(entry)
        except ValidationError as error:
            faults += [f"line {number}: {_told(fault)}" for fault in error.errors()]
        except StudyError as error:
            faults.append(f"line {number}: {error.message}")
        except PointsError as error:
            faults.append(f"line {number}: {error.message.rstrip('.')}")
    _complain(path, faults)
    if not ratings:
        raise StudyError(f"There is no answer in '{path}'.", "Check that it is the right file.")
    return list(ratings.values())


def _entry(answer: _AnswerLine, entries: Mapping[str, WorkEntry]) -> WorkEntry:
    """Return which picture an answer is to."""
    named = [name for name in (answer.item, answer.picture) if name]
    found = {entries[name].id: entries[name] for name in named if name in entries}
    unknown = next((name for name in named if name not in entries), None)
    if unknown is not None:
        raise StudyError(f"the rater's worklist has no picture '{unknown}'")
    if len(found) != 1:
        raise StudyError("item and picture name different pictures" if found else "no item named")
    return next(iter(found.values()))


def _lines_of(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Give a table's lines with their numbers, the columns by name, empty ones left out."""
    text = _text_of(path)
    # Spreadsheets of half the world put semicolons between columns, and commas into numbers.
    is_comma = text.partition("\n")[0].count(";") == 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="," if is_comma else ";")
    try:
        names = [name.strip() for name in next(reader, [])]
        _check_columns(path, names)
        for values in reader:
            if not any(value.strip() for value in values):
                continue
            if len(values) != len(names):
                than = "more" if len(values) > len(names) else "fewer"
                raise StudyError(
                    f"Line {reader.line_num} of '{path}' has {than} values than there are columns.",
                    "Put it right, then import it again.",
                )
            line = zip(names, values, strict=True)
            told = {name: _value(name, value, is_comma) for name, value in line}
            yield reader.line_num, {name: value for name, value in told.items() if value}
    except csv.Error as error:
        raise StudyError(
            f"'{path}' is no CSV file (line {reader.line_num}: {error}).",
            "Save it as CSV in UTF-8.",
        ) from None


def _value(name: str, value: str, is_comma: bool) -> str:
    is_number = name.endswith("_px") or name == "seconds"
    return value.strip() if is_comma or not is_number else value.strip().replace(",", ".")


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > _FILE_BYTES_MAX:
            raise StudyError(f"'{path}' is too large to hold answers.", "Check the name.")
        return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        if isinstance(error, UnicodeDecodeError):
            why = "it is no text in UTF-8"
        else:
            why = getattr(error, "strerror", None) or str(error)
        raise StudyError(
            f"The answers in '{path}' cannot be read ({why}).",
            "Give a CSV file in UTF-8, or a rater's folder.",
        ) from None


def _check_columns(path: Path, names: list[str]) -> None:
    unknown = next((name for name in names if name not in _COLUMNS), None)
    missing = [name for name in _POINTS if name not in names]
    if unknown is not None:
        what = f"it has '{unknown}'"
    elif len(set(names)) < len(names):
        what = "one is there twice"
    elif missing:
        what = f"'{missing[0]}' is missing"
    elif "item" in names or "picture" in names:
        return
    else:
        what = "neither 'item' nor 'picture' is there"
    raise StudyError(
        f"The answers in '{path}' need other columns: {what}.",
        f"Known are {', '.join(_COLUMNS)}; item or picture and the points have to be there.",
    )


def _told(fault: Any) -> str:
    """Return what pydantic found wrong, as a person says it."""
    column = ".".join(str(part) for part in fault["loc"])
    told = _SAID.get(fault["type"], str(fault["msg"]).removeprefix("Value error, "))
    return f"{column} {told}" if column else told
