"""A list of photographs, with what a study knows of each: looked through whole, before all else."""

from __future__ import annotations

import codecs
import csv
import io
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from app.cohort import CohortUsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vision.pipeline import Segment
    from vision.result import BonyPoints

_FAULTS_TOLD = 20
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list says of one photograph, beside its name; empty where it says nothing.

    Attributes
    ----------
    subject, session, rater
        Labels of the study's own.
    side
        ``left`` or ``right``: which way the person should face.
    asis_px, psis_px
        The two bony points in pixels of the upright picture.
    vertical_px
        x and y of two points on something plumb in reality.
    """

    subject: str = ""
    session: str = ""
    rater: str = ""
    side: str = ""
    asis_px: tuple[float, float] | None = None
    psis_px: tuple[float, float] | None = None
    vertical_px: tuple[float, float, float, float] | None = None

    def points(self) -> BonyPoints | None:
        """Return the marked points, as measuring takes them."""
        from vision.result import BonyPoints

        if self.asis_px is None or self.psis_px is None:
            return None
        return BonyPoints(self.asis_px, self.psis_px)

    def vertical(self) -> Segment | None:
        """Return the plumb line, as measuring takes it."""
        if self.vertical_px is None:
            return None
        x1, y1, x2, y2 = self.vertical_px
        return (x1, y1), (x2, y2)


@dataclass(frozen=True, slots=True)
class ListedLine:
    """One line of a list.

    Attributes
    ----------
    number
        As an editor shows it.
    photo
        As it is written there: a name beside the list, a whole path, or an address.
    """

    number: int
    photo: str
    listed: Listed


@dataclass(frozen=True, slots=True, order=True)
class ListFault:
    """What is wrong in one line of a list."""

    number: int
    told: str


_Px = Annotated[float | None, Field(ge=0, allow_inf_nan=False)]
_Label = Annotated[str, Field(max_length=200)]


class _Columns(BaseModel):
    """The columns of a list; whoever leaves one out leaves it empty."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    photo: Annotated[str, Field(min_length=1)]
    subject: _Label = ""
    session: _Label = ""
    rater: _Label = ""
    side: Literal["", "left", "right"] = ""
    asis_x_px: _Px = None
    asis_y_px: _Px = None
    psis_x_px: _Px = None
    psis_y_px: _Px = None
    vertical_x1_px: _Px = None
    vertical_y1_px: _Px = None
    vertical_x2_px: _Px = None
    vertical_y2_px: _Px = None

    @model_validator(mode="after")
    def _two_points_or_none(self) -> _Columns:
        for what, numbers in (("marked points", self._marks()), ("plumb line", self._plumb())):
            given = [number for number in numbers if number is not None]
            if given and len(given) < len(numbers):
                raise ValueError(f"the {what} need all four numbers, or none")
            if given and math.dist(given[:2], given[2:]) < 1:
                raise ValueError(f"both ends of the {what} are the same")
        return self

    def _marks(self) -> list[float | None]:
        return [self.asis_x_px, self.asis_y_px, self.psis_x_px, self.psis_y_px]

    def _plumb(self) -> list[float | None]:
        return [self.vertical_x1_px, self.vertical_y1_px, self.vertical_x2_px, self.vertical_y2_px]

    def listed(self) -> Listed:
        marks = [number for number in self._marks() if number is not None]
        plumb = [number for number in self._plumb() if number is not None]
        return Listed(
            *(self.subject, self.session, self.rater, self.side),
            asis_px=(marks[0], marks[1]) if marks else None,
            psis_px=(marks[2], marks[3]) if marks else None,
            vertical_px=(plumb[0], plumb[1], plumb[2], plumb[3]) if plumb else None,
        )


LIST_COLUMNS = tuple(_Columns.model_fields)


def read_list(data: bytes, name: str, faults: list[ListFault]) -> list[ListedLine]:
    """Return the lines of a list, and add what is wrong with others to the faults.

    Parameters
    ----------
    data
        A CSV file in UTF-8 or UTF-16, with commas, semicolons or tabs between its columns.
    name
        The list's, for what is said of it.

    Raises
    ------
    CohortUsageError
        If it is no list at all.
    """
    text = _text_of(data, name)
    first = text.partition("\n")[0]
    # Spreadsheets of half the world put semicolons between columns, and write 0,5 for a half.
    between = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=between, strict=True)
    lines = []
    for number, cells in _lines_of(reader, name):
        if number == 0:
            columns = _columns_of(cells, name)
            continue
        if len(cells) != len(columns):
            than = "more" if len(cells) > len(columns) else "fewer"
            faults.append(ListFault(number, f"it has {than} values than there are columns"))
            continue
        given = dict(zip(columns, cells, strict=True))
        try:
            line = _Columns.model_validate(_cleaned(given, is_comma_decimal=between != ","))
        except ValidationError as error:
            faults += [ListFault(number, _told(fault)) for fault in error.errors()]
        else:
            lines.append(ListedLine(number, line.photo, line.listed()))
    return lines


def faulty(name: str, faults: list[ListFault]) -> CohortUsageError:
    """Return what to tell of a list with faults: all of them, or the first twenty."""
    told = [f"line {fault.number}: {fault.told}" for fault in sorted(faults)[:_FAULTS_TOLD]]
    more = len(faults) - len(told)
    told += [f"and {more} more"] if more else []
    return CohortUsageError(
        f"The list '{name}' has faults, so nothing was measured: {'; '.join(told)}.",
        "Put them right, then start again.",
    )


def _text_of(data: bytes, name: str) -> str:
    encoding = "utf-16" if data.startswith(_UTF_16) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        number = data.count(b"\n", 0, error.start) + 1
        raise CohortUsageError(
            f"The list '{name}' is not written in UTF-8 (line {number}).",
            "Save it as 'CSV UTF-8', then start again.",
        ) from None


def _lines_of(reader: Any, name: str) -> Iterator[tuple[int, list[str]]]:
    """Give the cells of each line that has any, with its number; 0 for the columns' names."""
    is_first, before = True, 0
    try:
        for cells in reader:
            # What a spreadsheet leaves behind the last column is no value.
            while cells and is_first and not cells[-1].strip():
                cells.pop()
            if any(cell.strip() for cell in cells):
                yield (0 if is_first else before + 1), cells
                is_first = False
            before = reader.line_num
    except csv.Error as error:
        raise CohortUsageError(
            f"The list '{name}' is no CSV file (line {reader.line_num}: {error}).",
            "Save it as 'CSV UTF-8', then start again.",
        ) from None


def _columns_of(cells: list[str], name: str) -> list[str]:
    columns = [cell.strip().lower() for cell in cells]
    unknown = [column for column in columns if column not in LIST_COLUMNS]
    twice = [column for column in columns if columns.count(column) > 1]
    if unknown:
        what = f"it has '{unknown[0]}'"
    elif twice:
        what = f"'{twice[0]}' is there twice"
    elif "photo" not in columns:
        what = "'photo' is missing"
    else:
        return columns
    raise CohortUsageError(
        f"The list '{name}' needs other columns: {what}.",
        f"Known are {', '.join(LIST_COLUMNS)}; only photo has to be there.",
    )


def _cleaned(line: dict[str, str], *, is_comma_decimal: bool) -> dict[str, str | None]:
    cleaned: dict[str, str | None] = dict(line)
    for name, value in line.items():
        if name.endswith("_px"):
            number = value.strip()
            cleaned[name] = (number.replace(",", ".") if is_comma_decimal else number) or None
    return cleaned | ({"side": line["side"].strip().lower()} if "side" in line else {})


def _told(fault: Any) -> str:
    """Return what pydantic found wrong, as a person says it."""
    column = ".".join(str(part) for part in fault["loc"])
    told = {
        "float_parsing": "is no number",
        "finite_number": "is no number",
        "greater_than_equal": "is less than 0, which lies outside the picture",
        "literal_error": "is neither left nor right",
        "string_too_long": "is longer than 200 letters",
        "string_too_short": "is empty",
    }.get(fault["type"], str(fault["msg"]).removeprefix("Value error, "))
    return f"{column} {told}" if column else told
