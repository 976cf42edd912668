"""Makes the folder of a study: whole or not at all, and blind for whoever rates.

Nothing in a rater's folder tells who is in a picture or that two are of the same photograph:
names are drawn at random, pictures hold no metadata, and each copy has a length of its own and
the same time as all others.
"""

from __future__ import annotations

import os
import secrets
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from app.study import StudyError
from app.study.choosing import SubjectDraw
from app.study.design import KEY, RATERS, Study, StudyItem, StudyKey, StudyPhoto
from app.study.ordering import shuffled_blocks
from app.study.worklist import PICTURES, WORKLIST, WorkEntry, WorklistFile
from app.text.research.study import README
from vision._version import __version__
from vision.atomic_write import make_own_folder, open_private, why_not_written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.study.choosing import ChosenPhoto
    from app.study.design import Design, LeftOut

#: Letters that make no word; and no spreadsheet takes them for a number or a date.
_LETTERS, _NAME_LETTERS = "bcdfghjkmnpqrstvwxz", 8
_SEED_MAX = 2**32
#: A JPEG's markers: where the picture begins, its first part, and a comment.
_START_BYTES, _COMMENT, _COMMENT_BYTES_MAX = 2, b"\xff\xfe", 0xFFFF - 2
_LEAST_PADDING = 4096


def make_study(
    folder: Path,
    design: Design,
    place: str,
    *,
    seed: int | None = None,
    skips_unsuitable: bool = False,
    tell: Callable[[], object] = lambda: None,
    warn: Callable[[str], object] = lambda _: None,
) -> Study:
    """Make a study's folder, and return the study.

    Parameters
    ----------
    folder
        It must not be there yet; the folder that it is to be in must.
    design
        How many raters, repeats and subjects.
    place
        Of the photographs: a folder, or a list with the columns photo and subject.
    seed
        By which subjects are drawn and worklists shuffled; None for any.
    skips_unsuitable
        Whether photographs that cannot be used are left out.
    tell
        Called for each photograph that will be part of the study.
    warn
        Told what was not looked into, and what was left out.

    Raises
    ------
    StudyError, app.cohort.CohortError
        If it cannot be made; then nothing is left of it.
    """
    _check_free(folder)
    _check_outside(folder, place)
    seed = secrets.randbelow(_SEED_MAX) if seed is None else seed
    draw = SubjectDraw(place, design.subjects, seed, skips=skips_unsuitable)
    for note in draw.notes:
        warn(note)
    part = folder.with_name(f".{secrets.token_hex(8)}.part")
    try:
        make_own_folder(part)
        making = _Making(part, design, seed)
        for photo in draw.photos():
            making.take(photo)
            tell()
        making.finish(draw.left_out)
        part.rename(folder)
    except OSError as error:
        raise StudyError(
            f"The study was not made in '{folder}': {why_not_written(error)}.",
            "Choose another folder, on a disk with enough room.",
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    for one in draw.left_out:
        warn(f"{one.path}: {one.why}")
    return Study(folder)


def _check_outside(folder: Path, place: str) -> None:
    """Raise if the study's pictures would be found as photographs of the next study."""
    if Path(place).absolute() in folder.absolute().parents:
        raise StudyError(
            f"'{folder}' lies among the photographs.", f"Choose a place outside of '{place}'."
        )


def _check_free(folder: Path) -> None:
    try:
        folder.lstat()
    except (FileNotFoundError, NotADirectoryError):
        pass
    except OSError as error:  # a name too long, or a place that may not be looked into
        raise StudyError(
            f"The study cannot be made in '{folder}': {why_not_written(error)}.",
            "Choose another name.",
        ) from error
    else:
        raise StudyError(
            f"'{folder}' is there already, and was left as it is.", "Choose another name."
        )
    if not folder.absolute().parent.is_dir():
        raise StudyError(
            f"There is no folder '{folder.parent}' to make the study in.",
            "Make that folder first, or choose another place.",
        )


@dataclass(frozen=True, slots=True)
class _WaitingPhoto:
    """A photograph that is part of the study, and where its pixels wait to be copied."""

    photo: StudyPhoto
    jpeg: Path
    size_px: tuple[int, int]


class _Making:
    """Fills the folder of a study that nobody sees yet."""

    def __init__(self, folder: Path, design: Design, seed: int) -> None:
        self._folder, self._design, self._seed = folder, design, seed
        self._study = _random_name()
        self._now = datetime.now(UTC).replace(microsecond=0)
        self._kept: dict[str, _WaitingPhoto] = {}
        self._waiting = folder / "waiting"
        make_own_folder(self._waiting)

    def take(self, photo: ChosenPhoto) -> None:
        """Take a photograph in."""
        jpeg = self._waiting / f"{len(self._kept)}.jpg"
        _write(jpeg, photo.jpeg)
        listed = StudyPhoto(subject=photo.subject, path=photo.path, sha256=photo.sha256)
        self._kept[photo.subject] = _WaitingPhoto(listed, jpeg, (photo.width_px, photo.height_px))

    def finish(self, left_out: Iterable[LeftOut]) -> None:
        """Write worklists, pictures and the key."""
        items = self._items()
        for rater in dict.fromkeys(item.rater for item in items):
            self._write_rater(rater, [item for item in items if item.rater == rater])
        shutil.rmtree(self._waiting)
        key = StudyKey(
            beltline_study=1,
            study=self._study,
            made_at=self._now.isoformat(),
            seed=self._seed,
            version=__version__,
            design=self._design,
            photos=tuple(self._kept[subject].photo for subject in sorted(self._kept)),
            items=tuple(items),
            left_out=tuple(left_out),
        )
        _write(self._folder / KEY, key.model_dump_json(indent=1).encode())
        now_s = self._now.timestamp()
        for path in [*self._folder.rglob("*"), self._folder]:
            os.utime(path, (now_s, now_s))

    def _items(self) -> list[StudyItem]:
        """Return all items, each rater's in the order in which they are rated."""
        names: set[str] = set()
        while len(names) < self._design.pictures:
            names.add(_random_name())
        # A set's order is none that anybody chose, but names with a bias could tell something.
        free = list(names)
        secrets.SystemRandom().shuffle(free)
        return [
            StudyItem(id=free.pop(), rater=rater, subject=subject, repeat=repeat)
            for rater in (f"rater-{number}" for number in range(1, self._design.raters + 1))
            for repeat, block in enumerate(self._blocks(rater), 1)
            for subject in block
        ]

    def _blocks(self, rater: str) -> list[list[str]]:
        random = Random(f"{self._seed} {rater}")
        return shuffled_blocks(sorted(self._kept), self._design.repeats, random)

    def _write_rater(self, rater: str, items: list[StudyItem]) -> None:
        folder = self._folder / RATERS / rater
        make_own_folder(folder / PICTURES)
        lengths: set[int] = set()
        # In the order of names: a disk may tell in which order its files were made.
        for item in sorted(items, key=lambda item: item.id):
            jpeg = self._kept[item.subject].jpeg.read_bytes()
            _write(folder / PICTURES / f"{item.id}.jpg", _with_own_length(jpeg, lengths))
        worklist = WorklistFile(
            beltline_worklist=1,
            study=self._study,
            rater=rater,
            items=tuple(self._entry(item) for item in items),
        )
        _write(folder / WORKLIST, worklist.model_dump_json(indent=1).encode())
        _write(folder / "README.txt", README.format(items=len(items)).encode())

    def _entry(self, item: StudyItem) -> WorkEntry:
        width_px, height_px = self._kept[item.subject].size_px
        return WorkEntry(
            id=item.id, picture=f"{item.id}.jpg", width_px=width_px, height_px=height_px
        )


def _random_name() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_NAME_LETTERS))


def _write(path: Path, data: bytes) -> None:
    with open_private(path, "xb") as file:
        file.write(data)


def _with_own_length(jpeg: bytes, taken: set[int]) -> bytes:
    """Return a JPEG with comments of random letters and length, so that no other is as long."""
    padding = secrets.randbelow(max(_LEAST_PADDING, len(jpeg) // 4))
    comments = []
    while padding > 0:
        text = secrets.token_bytes(min(padding, _COMMENT_BYTES_MAX))
        comments.append(_COMMENT + (len(text) + 2).to_bytes(2, "big") + text)
        padding -= len(text)
    # Behind the part that says it is a JPEG, which has to be the first.
    place = _START_BYTES + 2 + int.from_bytes(jpeg[4:6], "big")
    written = b"".join((jpeg[:place], *comments, jpeg[place:]))
    if len(written) in taken:
        return _with_own_length(jpeg, taken)
    taken.add(len(written))
    return written
