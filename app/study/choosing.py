"""Which photographs a study takes: drawn by its seed, each looked at before anything is made."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from app.errors import BrokenInstallation, missing_library
from app.study import StudyError
from app.study.design import LeftOut
from vision.model_files import ModelError
from vision.reasons import PhotoError
from vision.result import ReasonCode, Rejected

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from app.cohort.listing import CohortPhoto
    from vision.image.frame import Frame

#: No picture is larger: all of it is wanted.
_WHOLE_PX = 1 << 30
_FAULTS_TOLD = 20
#: A point can be set to a third of a millimetre in them as well as in the photograph itself.
_JPEG_QUALITY = 95
_NO_SINGLE_PERSON = frozenset({ReasonCode.NO_PERSON, ReasonCode.SEVERAL_PEOPLE})


@dataclass(frozen=True, slots=True)
class ChosenPhoto:
    """The photograph that shows a subject, and a copy of its pixels.

    Attributes
    ----------
    subject, path
        Whom it shows, and where it lies.
    sha256
        Of the file.
    jpeg
        The whole upright picture, with nothing beside its pixels.
    width_px, height_px
        Of that.
    """

    subject: str
    path: str
    sha256: str
    jpeg: bytes
    width_px: int
    height_px: int


class SubjectDraw:
    """Draws a study's subjects, and looks at the photograph of each.

    Parameters
    ----------
    place
        A folder of photographs, or a list with the columns photo and subject.
    wanted
        How many subjects there are to be.
    seed
        By which they are drawn where there are more.
    skips
        Whether what cannot be used is left out, and another subject taken in its place.

    Attributes
    ----------
    notes
        What is to be said about how photographs were found.
    left_out
        What was left out, so far.
    """

    def __init__(self, place: str, wanted: int, seed: int, *, skips: bool = False) -> None:
        from app.cohort.listing import find_photos

        self._wanted, self._skips = wanted, skips
        listing = find_photos([place])
        self.notes = listing.notes
        by_subject = _by_subject(listing.photos)
        self._found = len(by_subject)
        if self._found < wanted:
            raise StudyError(
                f"The design asks for {wanted} subjects, and '{place}' has photographs of "
                f"{self._found}.",
                "Add photographs, or ask for fewer subjects.",
            )
        self._drawn = _drawn(by_subject, Random(f"{seed} subjects"))
        self._same: dict[str, str] = {}
        self.left_out: list[LeftOut] = []

    def photos(self) -> Iterator[ChosenPhoto]:
        """Give one photograph of each subject, ready to be copied.

        Raises
        ------
        StudyError
            At the end, if some cannot be used: with the first twenty of them, and why.
        """
        count = 0
        for subject, paths in self._drawn if self._skips else islice(self._drawn, self._wanted):
            for path in paths if self._skips else paths[:1]:
                photo = self._looked_at(subject, path)
                if photo is not None:
                    count += 1
                    yield photo
                    break
            if count == self._wanted:
                return
        self._complain(count)

    def _looked_at(self, subject: str, path: str) -> ChosenPhoto | None:
        """Return a photograph that can be used; else note why not."""
        try:
            photo, why = _read(subject, path)
        except PhotoError as error:
            photo, why = None, error.message
        if photo is not None:
            other = self._same.setdefault(hashlib.sha256(photo.jpeg).hexdigest(), subject)
            why = why or (f"It is the same picture as that of '{other}'." * (other != subject))
        if not why:
            return photo
        self.left_out.append(LeftOut(subject=subject, path=path, why=why))
        return None

    def _complain(self, count: int) -> None:
        told = [f"'{one.path}': {one.why.rstrip('.')}" for one in self.left_out[:_FAULTS_TOLD]]
        more = len(self.left_out) - _FAULTS_TOLD
        told += [f"and {more} more"] * (more > 0)
        if self._skips:
            message = f"Of {self._wanted} subjects only {count} have a photograph that can be used"
            fix = "Add photographs, or ask for fewer subjects."
        else:
            message = "Some photographs cannot be used, so no study was made"
            fix = "Take other photographs, or add --skip-unsuitable to leave these out."
        raise StudyError(f"{message}: {'; '.join(told)}.", fix)


def _by_subject(photos: Iterable[CohortPhoto]) -> dict[str, list[str]]:
    """Return the paths of each subject's photographs; where nobody is named, each is one."""
    found = list(photos)
    elsewhere = next((one.path for one in found if "://" in one.path), None)
    if elsewhere is not None:
        raise StudyError(
            f"The photograph '{elsewhere}' is not on this computer.",
            "Copy the photographs of a study to this computer first.",
        )
    named = [bool(photo.listed.subject) for photo in found]
    if any(named) and not all(named):
        unnamed = found[named.index(False)].path
        raise StudyError(
            f"The list names the subject of some photographs, and not that of '{unnamed}'.",
            "Name the subject of each photograph, or of none.",
        )
    digits = len(str(len(found)))
    subjects: dict[str, list[str]] = {}
    for number, photo in enumerate(sorted(found, key=lambda photo: photo.path), 1):
        # A file's name may tell a person's, which a table for others must not.
        subject = photo.listed.subject or f"S{number:0{digits}}"
        subjects.setdefault(subject, []).append(photo.path)
    return {subject: list(dict.fromkeys(paths)) for subject, paths in subjects.items()}


def _drawn(by_subject: Mapping[str, list[str]], random: Random) -> list[tuple[str, list[str]]]:
    """Return subjects in the order in which they are taken, each with its photographs likewise."""
    names = sorted(by_subject)
    random.shuffle(names)
    return [(name, random.sample(by_subject[name], len(by_subject[name]))) for name in names]


def _read(subject: str, path: str) -> tuple[ChosenPhoto, str]:
    """Return a photograph, and why it cannot be used, or nothing.

    Raises
    ------
    PhotoError
        If it cannot be read.
    """
    from PIL import Image

    from vision.image.decode import decode
    from vision.image.frame import load_frame

    frame = load_frame(path)
    try:
        data = Path(path).read_bytes()
    except OSError:  # gone since
        data = b""
    whole = decode(io.BytesIO(data), _WHOLE_PX, path)
    written = io.BytesIO()
    Image.fromarray(whole.rgb).save(written, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
    sha256 = hashlib.sha256(data).hexdigest()
    size_px = whole.width_px, whole.height_px
    photo = ChosenPhoto(subject, path, sha256, written.getvalue(), *size_px)
    return photo, _no_single_person(frame)


def _no_single_person(frame: Frame) -> str:
    """Return why a picture does not show one person alone, or nothing.

    Whatever else Beltline refuses, raters may judge well: then only its own number is missing.
    """
    try:
        from vision.pipeline import measure_photo

        result = measure_photo(frame, quick=True)
    except ModelError as error:
        raise BrokenInstallation(error.message, error.fix) from error
    except (ImportError, OSError) as error:  # MediaPipe's native library loads only now
        raise missing_library(error) from error
    reasons = result.reasons if isinstance(result, Rejected) else ()
    return next((one.message for one in reasons if one.code in _NO_SINGLE_PERSON), "")
