"""Which photographs there are to measure: a folder, a pattern, a bucket, or a list with columns."""

from __future__ import annotations

import csv
import io
import math
import os
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from app.cohort import CohortError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from vision.pipeline import Segment
    from vision.result import BonyPoints

SUFFIXES = frozenset(
    (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".avif", ".tif", ".tiff", ".bmp", ".gif")
)
_FAULTS_TOLD = 20
#: A list of every person alive has fewer letters.
_LIST_BYTES_MAX = 1 << 32


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
class CohortPhoto:
    """One photograph to measure.

    Attributes
    ----------
    path
        A file's whole path, or an address such as ``s3://bucket/name.jpg``.
    stamp
        Size and time of change, or an object's ETag: another stamp, another content.
    listed
        What a list says of it.
    """

    path: str
    stamp: str
    listed: Listed = Listed()

    def fingerprint(self, measured_by: str) -> str:
        """Return what is the same only if measuring again would give the same row.

        Parameters
        ----------
        measured_by
            Versions and options.
        """
        said = repr((self.path, self.stamp, self.listed, measured_by))
        return blake2b(said.encode("utf-8", "surrogateescape"), digest_size=12).hexdigest()


@dataclass(frozen=True, slots=True)
class Listing:
    """All photographs in order, and what is to be said about how they were found."""

    photos: tuple[CohortPhoto, ...]
    notes: tuple[str, ...] = ()


def find_photos(places: Iterable[str]) -> Listing:
    """Return the photographs below or named by these, each once, in the order of their names.

    Parameters
    ----------
    places
        Folders, photographs, patterns with ``*``, lists (``.csv``), or addresses that fsspec
        knows, such as ``s3://bucket/prefix``.

    Raises
    ------
    CohortError
        If one cannot be read, a list has faults, a photograph is listed twice, or none is found.
    """
    found: dict[tuple[str, str, str], CohortPhoto] = {}
    sources: dict[tuple[str, str, str], str] = {}
    notes: list[str] = []
    for place in places:
        for photo in _photos_of(place, notes):
            key = photo.path, photo.listed.rater, photo.listed.session
            other = sources.get(key)
            if other is not None and (other != place or photo.listed != Listed()):
                raise CohortError(
                    f"The photograph '{photo.path}' is named by '{other}' and by '{place}'.",
                    "Take it out of one of them.",
                )
            found[key], sources[key] = photo, place
    if not found:
        raise CohortError(
            f"There is no photograph in {', '.join(map(repr, places)) or 'nothing'}.",
            f"Name a folder with files such as {', '.join(sorted(SUFFIXES)[:4])}.",
        )
    return Listing(tuple(found[key] for key in sorted(found)), tuple(notes))


def _photos_of(place: str, notes: list[str]) -> Iterator[CohortPhoto]:
    if "://" in place:
        yield from _of_bucket(place)
        return
    path = Path(place)
    if path.suffix.lower() == ".csv":
        yield from _of_list(path)
    elif any(letter in place for letter in "*?[") and not path.exists():
        yield from _of_files(_matching(path))
    elif path.is_dir():
        yield from _of_files(_below(path, notes))
    elif path.is_file():
        yield from _of_files([path])
    else:
        raise CohortError(f"There is no folder, photograph or list '{place}'.", "Check the name.")


def _of_files(paths: Iterable[Path]) -> Iterator[CohortPhoto]:
    for path in paths:
        stamp = _stamp_of(path)
        if stamp is not None:
            yield CohortPhoto(str(path.absolute()), stamp)


def _stamp_of(path: Path) -> str | None:
    """Return size and time of change of a file; None if it is gone, or none."""
    try:
        status = path.stat()
    except OSError:
        # A broken link, or somebody's folder: measuring it says so in its row.
        return "unreadable"
    return f"{status.st_size} {status.st_mtime_ns}" if path.is_file() else None


def _below(folder: Path, notes: list[str]) -> Iterator[Path]:
    """Give every photograph below a folder, links followed once each."""
    seen: set[tuple[int, int]] = set()
    circles = closed = 0

    def tell(_: OSError) -> None:
        nonlocal closed
        closed += 1

    for place, folders, files in os.walk(folder, followlinks=True, onerror=tell):
        status = Path(place).stat()
        if (status.st_dev, status.st_ino) in seen:
            folders.clear()
            circles += 1
            continue
        seen.add((status.st_dev, status.st_ino))
        # What begins with a dot is another program's.
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if Path(name).suffix.lower() in SUFFIXES and not name.startswith("."):
                yield Path(place, name)
    if circles:
        notes.append(f"Links that lead to a folder already seen: {circles}, each followed once.")
    if closed:
        notes.append(f"Folders that this user may not read: {closed}, left out.")


def _matching(pattern: Path) -> Iterator[Path]:
    root = Path(pattern.anchor) if pattern.anchor else Path()
    parts = pattern.relative_to(pattern.anchor) if pattern.anchor else pattern
    found = (path for path in root.glob(str(parts)) if path.suffix.lower() in SUFFIXES)
    yield from sorted(found)


def _of_bucket(address: str) -> Iterator[CohortPhoto]:
    """Give every photograph below an address that fsspec knows."""
    from app.cohort.storage import opened

    system, root = opened(address)
    scheme = address.partition("://")[0]
    try:
        infos: Mapping[str, Mapping[str, Any]] = system.find(root, detail=True)
    except Exception as error:  # each kind of storage has errors of its own
        raise CohortError(
            f"The photographs at '{address}' cannot be listed ({_short(error)}).",
            "Check the address, and that you may read there.",
        ) from error
    for name, info in sorted(infos.items()):
        if Path(name).suffix.lower() in SUFFIXES:
            mark = info.get("ETag") or info.get("LastModified") or info.get("mtime") or ""
            yield CohortPhoto(f"{scheme}://{name.lstrip('/')}", f"{info.get('size')} {mark}")


def _short(error: BaseException) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 200 else f"{text[:199]}…"


def _finite(value: float | None) -> float | None:
    if value is not None and not math.isfinite(value):
        raise ValueError("is no number")
    return value


_Px = Annotated[float | None, AfterValidator(_finite)]
_Label = Annotated[str, Field(max_length=200)]


class _Line(BaseModel):
    """One line of a list; whoever leaves a column out leaves it empty."""

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

    @model_validator(mode="before")
    @classmethod
    def _empty_is_none(cls, line: dict[str, str]) -> dict[str, str | None]:
        return {
            name: (value or None) if name.endswith("_px") else value for name, value in line.items()
        }

    @model_validator(mode="after")
    def _all_or_none(self) -> _Line:
        for what, numbers in (("marked points", self._marks()), ("plumb line", self._plumb())):
            given = [number is not None for number in numbers]
            if any(given) and not all(given):
                raise ValueError(f"the {what} need all four numbers, or none")
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


COLUMNS = tuple(_Line.model_fields)


def _of_list(path: Path) -> list[CohortPhoto]:
    """Return what a list names, once all of it was found to be right."""
    photos: list[CohortPhoto] = []
    faults: list[str] = []
    seen: dict[tuple[str, str, str], int] = {}
    for number, line in _lines_of(path):
        try:
            row = _Line.model_validate(line)
        except ValidationError as error:
            faults += [f"line {number}: {_told(fault)}" for fault in error.errors()]
            continue
        listed = row.listed()
        photo, fault = _photo_of(path, row.photo, listed)
        key = photo.path, listed.rater, listed.session
        if fault:
            faults.append(f"line {number}: {fault}")
        elif key in seen:
            whom = f" by rater '{listed.rater}'" if listed.rater else ""
            faults.append(f"line {number}: '{row.photo}'{whom} stands in line {seen[key]}, too")
        seen.setdefault(key, number)
        photos.append(photo)
    if faults:
        more = len(faults) - _FAULTS_TOLD
        told = [*faults[:_FAULTS_TOLD], *([f"and {more} more"] if more > 0 else [])]
        raise CohortError(
            f"The list '{path}' has faults, so nothing was measured:\n  " + "\n  ".join(told),
            "\nPut them right, then start again.",
        )
    return photos


def _photo_of(path: Path, name: str, listed: Listed) -> tuple[CohortPhoto, str]:
    """Return what one line names, and what is wrong with it."""
    if "://" in name:
        return CohortPhoto(name, "listed", listed), ""
    place = path.parent / name
    stamp = _stamp_of(place)
    fault = "" if stamp not in (None, "unreadable") else f"there is no photograph '{name}'"
    return CohortPhoto(os.path.normpath(place.absolute()), stamp or "", listed), fault


def _lines_of(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Give a list's lines with their numbers, the columns by name."""
    try:
        if path.stat().st_size > _LIST_BYTES_MAX:
            raise CohortError(f"The list '{path}' is too large to be one.", "Check the name.")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        why = error.strerror or str(error)
        raise CohortError(f"The list '{path}' cannot be read ({why}).", "Check its name.") from None
    except UnicodeDecodeError:
        raise CohortError(
            f"The list '{path}' is no text in UTF-8.", "Save it as CSV in UTF-8."
        ) from None
    first = text.partition("\n")[0]
    # Spreadsheets of half the world put semicolons between columns.
    divided_by = ";" if first.count(";") > first.count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=divided_by, strict=True)
    names = [name.strip() for name in reader.fieldnames or ()]
    unknown = [name for name in names if name not in COLUMNS]
    if "photo" not in names or unknown or len(set(names)) < len(names):
        what = f"it has '{unknown[0]}'" if unknown else "'photo' is missing, or one is there twice"
        raise CohortError(
            f"The list '{path}' needs other columns: {what}.",
            f"Known are {', '.join(COLUMNS)}; only photo has to be there.",
        )
    reader.fieldnames = names
    try:
        for line in reader:
            if None in line or None in line.values():
                than = "more" if None in line else "fewer"
                raise CohortError(
                    f"Line {reader.line_num} of the list '{path}' has {than} values than there are "
                    "columns.",
                    "Put it right, then start again.",
                )
            yield reader.line_num, line
    except csv.Error as error:
        raise CohortError(
            f"The list '{path}' is no CSV file (line {reader.line_num}: {error}).",
            "Save it as CSV in UTF-8.",
        ) from None


def _told(fault: Any) -> str:
    """Return what pydantic found wrong, as a person says it."""
    column = ".".join(str(part) for part in fault["loc"])
    told = {
        "float_parsing": "is no number",
        "literal_error": "is neither left nor right",
        "string_too_long": "is longer than 200 letters",
        "string_too_short": "is empty",
    }.get(fault["type"], str(fault["msg"]).removeprefix("Value error, "))
    return f"{column} {told}" if column else told
