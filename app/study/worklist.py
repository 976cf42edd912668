"""What one rater is given: pictures in an order of their own, and the answers so far.

The folder of a worklist can be handed on alone. Nothing in it tells who is in a picture, or
which pictures are the same.
"""

from __future__ import annotations

import json
import math
import os
from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import IO, TYPE_CHECKING, Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from app.study import StudyError
from vision.atomic_write import open_private, why_not_written
from vision.result import BonyPoints

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from vision.pipeline import Segment

SCHEMA = 1
WORKLIST, RATINGS, PICTURES = "worklist.json", "ratings.jsonl", "pictures"
#: Ends a line that was cut short as it was written, once another one is to follow.
_CUT_SHORT = b"#cut short"
#: No answer is longer.
_LINE_BYTES_MAX = 1 << 16
_Px = Annotated[float, Field(allow_inf_nan=False)]
Place: TypeAlias = tuple[_Px, _Px]


class BeltSeen(IntEnum):
    """How well a rater sees the belt line, in order."""

    NO = 0
    PARTLY = 1
    CLEARLY = 2


@dataclass(frozen=True, slots=True)
class Rating:
    """One rater's answer to one picture; the last one to an item counts.

    Attributes
    ----------
    item
        Which of the worklist.
    asis_px, psis_px
        The two bony points in pixels of the picture, x right, y down; None where the rater
        could not tell them.
    plumb_px
        Two points on something plumb, or None.
    belt
        How well the belt line is seen; None where it was not asked.
    seconds
        How long the picture was looked at, pauses left out; None where nobody measured it.
    rated_at
        ISO 8601 with offset; empty where nobody noted it.
    """

    item: str
    asis_px: Place | None = None
    psis_px: Place | None = None
    plumb_px: tuple[Place, Place] | None = None
    belt: BeltSeen | None = None
    seconds: float | None = None
    rated_at: str = ""

    @property
    def points(self) -> BonyPoints | None:
        """Return the two points; None unless both are there."""
        if self.asis_px is None or self.psis_px is None:
            return None
        return BonyPoints(self.asis_px, self.psis_px)

    @property
    def plumb(self) -> Segment | None:
        """Return the plumb line as measuring takes it."""
        return self.plumb_px

    def tilt_deg(self) -> float | None:
        """Return the tilt of the line through both points against the plumb line.

        Forward (the ASIS lower) is positive, whichever way the person faces, which the points
        tell. Nothing is taken off for the height of the lens: it is the same for all raters of
        a picture. Without a plumb line the picture's edge is taken for plumb. None without
        points.
        """
        from vision.geometry import roll_from_plumb_deg, slope_deg

        points = self.points
        if points is None:
            return None
        front_sign = 1 if points.asis_px[0] > points.psis_px[0] else -1
        tilt_deg = slope_deg(points.psis_px, points.asis_px, front_sign)
        if self.plumb_px is not None:
            tilt_deg += front_sign * roll_from_plumb_deg(*self.plumb_px)
        return tilt_deg if math.isfinite(tilt_deg) else None


class WorkEntry(BaseModel):
    """One picture to rate."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    # The name of a file beside the others, and no way to anywhere else.
    picture: Annotated[str, Field(pattern=r"^[^/\\\x00]+$")]
    width_px: int
    height_px: int


class WorklistFile(BaseModel):
    """What ``worklist.json`` holds."""

    model_config = ConfigDict(frozen=True)

    beltline_worklist: Literal[1]
    study: str
    rater: str
    items: tuple[WorkEntry, ...]


_RATING = TypeAdapter(Rating)


class Worklist:
    """A rater's folder: what is to be rated, in which order, and the answers so far.

    Parameters
    ----------
    folder
        That holds ``worklist.json``.

    Raises
    ------
    StudyError
        If it is none, or cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            text = (folder / WORKLIST).read_text(encoding="utf-8")
            self._file = WorklistFile.model_validate_json(text)
        except (OSError, ValueError) as error:
            raise StudyError(
                f"'{folder}' is no worklist of a study.",
                "Choose a folder that 'beltline study init' made for a rater.",
            ) from error
        self._ratings = self._read()

    @property
    def study(self) -> str:
        """Return the study's name, which all its worklists share."""
        return self._file.study

    @property
    def rater(self) -> str:
        """Return whose worklist it is."""
        return self._file.rater

    @property
    def items(self) -> tuple[WorkEntry, ...]:
        """Return all pictures in the rater's own order."""
        return self._file.items

    @property
    def ratings(self) -> dict[str, Rating]:
        """Return the answer that counts for each item that has one."""
        return dict(self._ratings)

    def picture_of(self, item: WorkEntry) -> Path:
        """Return where the picture of an item lies."""
        return self.folder / PICTURES / item.picture

    def next_item(self) -> WorkEntry | None:
        """Return the first picture without an answer; None when all are rated."""
        return next((item for item in self.items if item.id not in self._ratings), None)

    def keep(self, rating: Rating) -> None:
        """Keep an answer; it is on the disk when this returns.

        Raises
        ------
        StudyError
            If it cannot be written.
        """
        self.keep_all((rating,))

    def keep_all(self, ratings: Sequence[Rating]) -> None:
        """Keep answers in one go, as :meth:`keep` does one.

        They are added to the file, so that none is lost to another window on the same folder.
        """
        lines = [json.dumps(asdict(one), ensure_ascii=False, allow_nan=False) for one in ratings]
        data = "".join(f"{line}\n" for line in lines).encode()
        try:
            with open_private(self.folder / RATINGS, "a+b") as file:
                # A line that a pulled plug cut short must not swallow this one.
                file.write(_missing_end(file) + data)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise StudyError(
                f"The answer was not kept: {why_not_written(error)}.",
                "Make room or choose another place for the folder, then answer again.",
            ) from error
        self._ratings |= {one.item: one for one in ratings}

    def _read(self) -> dict[str, Rating]:
        try:
            data = (self.folder / RATINGS).read_bytes()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise StudyError(
                f"The answers in '{self.folder}' cannot be read ({error.strerror}).",
                "Check who may read the folder.",
            ) from error
        *lines, tail = data.split(b"\n")
        if _is_whole(tail):
            lines.append(tail)  # somebody's editor took the end off
        known = {item.id for item in self.items}
        found = {}
        for number, line in enumerate(lines, 1):
            if line.endswith(_CUT_SHORT) or not line.strip():
                continue
            try:
                rating = _RATING.validate_json(line)
            except ValidationError as error:
                raise StudyError(
                    f"Line {number} of '{self.folder / RATINGS}' is damaged.",
                    "Take that line out; the picture is then asked for again.",
                ) from error
            if rating.item in known:
                found[rating.item] = rating
        return found


def _is_whole(line: bytes) -> bool:
    try:
        _RATING.validate_json(line)
    except ValidationError:
        return False
    return True


def _missing_end(file: IO[bytes]) -> bytes:
    """Return what the last line of a file lacks before another may follow."""
    length = file.seek(0, os.SEEK_END)
    file.seek(max(0, length - _LINE_BYTES_MAX))
    tail = file.read(min(length, _LINE_BYTES_MAX)).rpartition(b"\n")[2]
    if not tail:
        return b""
    return b"\n" if _is_whole(tail) else _CUT_SHORT + b"\n"
