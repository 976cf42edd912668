"""A study: its design, its photographs, and the key that tells which item is which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.study import StudyError
from app.study.worklist import Worklist

if TYPE_CHECKING:
    from pathlib import Path

KEY, RATERS = "study.json", "raters"
_PICTURES_MAX = 100_000
_HOW = "Write it like raters=3,repeats=2,subjects=30."


class Design(BaseModel):
    """How many raters see how many subjects, how many times each."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    raters: Annotated[int, Field(ge=1, le=50)]
    repeats: Annotated[int, Field(ge=1, le=10)]
    subjects: Annotated[int, Field(ge=3, le=10_000)]

    @classmethod
    def parse(cls, text: str) -> Design:
        """Read ``raters=3,repeats=2,subjects=30``, in any order.

        Raises
        ------
        StudyError
            If it is something else, or asks for more than anybody can rate.
        """
        parts = [part.partition("=") for part in text.replace(" ", "").split(",")]
        if sorted(name for name, _, _ in parts) != sorted(cls.model_fields):
            raise StudyError(f"The design '{text}' cannot be read.", _HOW)
        try:
            design = cls.model_validate({name: value for name, _, value in parts})
        except ValidationError as error:
            told = ", ".join(_told(fault) for fault in error.errors())
            raise StudyError(f"The design '{text}' cannot be read: {told}.", _HOW) from error
        if design.pictures > _PICTURES_MAX:
            raise StudyError(
                f"The design '{text}' asks for {design.pictures:,} pictures; {_PICTURES_MAX:,} "
                "are the most.",
                "Ask for fewer raters, repeats or subjects.",
            )
        return design

    @property
    def items(self) -> int:
        """Return how many pictures each rater is given."""
        return self.repeats * self.subjects

    @property
    def pictures(self) -> int:
        """Return how many pictures all raters are given together."""
        return self.raters * self.items


def _told(fault: Any) -> str:
    """Return what is wrong with one number of a design."""
    (name,) = fault["loc"]
    limits = Design.model_fields[str(name)].metadata
    least, most = limits[0].ge, limits[1].le
    return f"{name} has to be a whole number from {least:,} to {most:,}"


class StudyPhoto(BaseModel):
    """The photograph of one subject."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: str
    path: str
    sha256: str


class LeftOut(BaseModel):
    """A photograph that was drawn and could not be used, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: str
    path: str
    why: str


class StudyItem(BaseModel):
    """One picture in one rater's worklist: whose it is, and the how manieth time (from 1)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    rater: str
    subject: str
    repeat: int


class StudyKey(BaseModel):
    """What ``study.json`` holds; no rater may see it."""

    model_config = ConfigDict(frozen=True)

    beltline_study: Literal[1]
    study: str
    made_at: str
    seed: int
    version: str
    design: Design
    photos: tuple[StudyPhoto, ...]
    items: tuple[StudyItem, ...]
    left_out: tuple[LeftOut, ...] = ()


class Study:
    """A study's folder, opened.

    Parameters
    ----------
    folder
        That holds ``study.json``, and a worklist for each rater below ``raters``.

    Raises
    ------
    StudyError
        If it is no study's, or cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            text = (folder / KEY).read_text(encoding="utf-8")
            self.key = StudyKey.model_validate_json(text)
        except (OSError, ValueError) as error:
            raise StudyError(
                f"'{folder}' is no study.", "Choose a folder that 'beltline study init' made."
            ) from error

    @property
    def raters(self) -> tuple[str, ...]:
        """Return the raters' names, in order."""
        return tuple(dict.fromkeys(item.rater for item in self.key.items))

    def worklist(self, rater: str) -> Worklist:
        """Return what a rater was given, with the answers so far.

        Raises
        ------
        StudyError
            If its folder is gone, cannot be read, or is that of another study or rater.
        """
        folder = self.folder / RATERS / rater
        worklist = Worklist(folder)
        if (worklist.study, worklist.rater) != (self.key.study, rater):
            raise StudyError(
                f"'{folder}' belongs to another study, or to another rater.",
                "Put back the folder that 'beltline study init' made there.",
            )
        return worklist
