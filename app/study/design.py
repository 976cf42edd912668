"""A study: its design, its photographs, and the key that tells which item is which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.study import StudyError
from app.study.worklist import Worklist

if TYPE_CHECKING:
    from pathlib import Path

KEY, RATERS = "study.json", "raters"


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
            If it is something else.
        """
        try:
            pairs = [part.split("=") for part in text.replace(" ", "").split(",")]
            return cls.model_validate(dict(pairs))
        except (ValueError, ValidationError) as error:
            raise StudyError(
                f"The design '{text}' cannot be read.",
                "Write it like raters=3,repeats=2,subjects=30.",
            ) from error


class StudyPhoto(BaseModel):
    """The photograph of one subject."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: str
    path: str
    sha256: str


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


class Study:
    """A study's folder, opened.

    Parameters
    ----------
    folder
        That holds ``study.json``, and a worklist for each rater below ``raters``.

    Raises
    ------
    StudyError
        If it is none, or cannot be read.
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
        """Return what a rater was given, with the answers so far."""
        return Worklist(self.folder / RATERS / rater)
