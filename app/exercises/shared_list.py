"""A list of exercises with its pictures as one file, for a practice and a client to share.

A ZIP archive: ``list.json`` with the exercises, ``pictures/SHA256.jpg`` for each picture, and
``beltline_exercises.json`` with the format's number and the SHA-256 of everything else. There is
no code in it, no path and no name of the person whose list it is. Nothing is taken out of one
before all of it has been found whole.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace

# The names in annotations are looked up when a list is read.
from datetime import date  # noqa: TC003
from typing import TYPE_CHECKING, Annotated, BinaryIO, Literal, cast

from pydantic import BaseModel, ConfigDict, Field

from app.exercises import sharing_text as words
from app.exercises.pictures import picture_of
from app.exercises.routine import check_dose, key_of
from app.history.diary import Plan, PlannedExercise
from app.history.errors import ExportFailed, ImportRefused
from app.history.exchange.files import replace_file, unreadable
from app.history.exchange.sources import UNFIT_ARCHIVE, InParts, open_ordinary
from app.history.practice import NAME_MAX, read_practice
from app.history.values import clean_text
from vision._version import __version__
from vision.reasons import PhotoError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from app.history.place import EncodedPicture
    from app.history.store import History

FORMAT, FORMAT_KEY = 1, "beltline_exercises"
SUFFIX = ".beltline-exercises"
EXERCISES_MAX = 60
_LETTERS_MAX = 300
_ABOUT, _LIST = "beltline_exercises.json", "list.json"
_PICTURE = re.compile(r"pictures/([0-9a-f]{64})\.jpg")
#: Larger than anything of ours: a picture, either of the texts, all together.
_PICTURE_BYTES_MAX, _TEXT_BYTES_MAX, _FILE_BYTES_MAX = 1 << 22, 1 << 20, 1 << 26
#: So much is read at once, the list of what is in the archive as a whole.
_BLOCK_BYTES = 1 << 16
_BEGINS = b"PK\x03\x04"
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_IS_ENCRYPTED = 1


@dataclass(frozen=True, slots=True)
class SharedList:
    """What such a file holds.

    Attributes
    ----------
    practice
        Who made it; may be empty.
    made_on
        When.
    plan
        The exercises.
    pictures
        Their pictures by SHA-256; one may be missing.
    """

    practice: str
    made_on: date
    plan: Plan
    pictures: Mapping[str, EncodedPicture] = field(default_factory=dict)

    @property
    def whose(self) -> str:
        """Who made it and when, in words."""
        return words.from_line(self.practice, self.made_on)

    @property
    def contents(self) -> str:
        """How much is in it, in words."""
        return words.contents_line(len(self.plan.exercises), len(self.pictures))


class _Strict(BaseModel):
    """Takes what is meant, and nothing beside it."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


_Words = Annotated[str, Field(max_length=_LETTERS_MAX)]


class ListedExercise(_Strict):
    """One exercise in a file; the fields are those of :class:`PlannedExercise`."""

    exercise: Annotated[str, Field(pattern="^[a-z0-9_]{0,40}$")] = ""
    name: _Words = ""
    sets: int
    repetitions: int
    hold_s: float = 0.0
    each_side: bool = False
    load: _Words = ""
    note: _Words = ""
    how: _Words = ""
    picture: Annotated[str, Field(pattern="^([0-9a-f]{64})?$")] = ""


class ListedExercises(_Strict):
    """``list.json``."""

    practice: Annotated[str, Field(max_length=NAME_MAX)] = ""
    made_on: date
    exercises: Annotated[list[ListedExercise], Field(min_length=1, max_length=EXERCISES_MAX)]


class ListAbout(_Strict):
    """``beltline_exercises.json``."""

    beltline_exercises: Literal[1]
    version: Annotated[str, Field(max_length=80)]
    sha256: Annotated[dict[str, str], Field(max_length=EXERCISES_MAX + 1)]


class _NoList(ValueError):
    """Some other file."""


class _Newer(ValueError):
    """A list of a format that this version does not know."""


class _TooLarge(ValueError):
    """A file larger than any of ours."""


def list_of(history: History, plan: Plan, today: date) -> SharedList:
    """Return a list as it goes into a file: with its pictures and the name of the practice.

    Raises
    ------
    ExportFailed
        If it is longer than a file takes.
    """
    count = len(plan.exercises)
    if count > EXERCISES_MAX:
        sentence = words.TOO_MANY.format(count=count, most=EXERCISES_MAX)
        raise ExportFailed(sentence, words.FEWER)
    pictures = {}
    for sha256 in plan.pictures:
        try:
            encoded = picture_of(history.plan_picture(sha256).picture.read_bytes(), sha256)
        except (OSError, ValueError, PhotoError):  # it is missing or damaged, and so not shown
            continue
        pictures[encoded.sha256] = encoded
    return SharedList(read_practice(history.place.folder).name, today, plan, pictures)


def write_list(path: Path, shared: SharedList) -> None:
    """Write a list into a file, replacing what was there once the new one is whole.

    Raises
    ------
    ExportFailed
        If the name does not end in :data:`SUFFIX`, nobody could open the list, or the file
        cannot be written; what was there before stays.
    """
    if path.suffix.lower() != SUFFIX:
        raise ExportFailed(
            words.SUFFIX_MISSING.format(path=path), words.GIVE_SUFFIX.format(suffix=SUFFIX)
        )
    try:
        parts = _parts_of(shared)
        _list_in(parts)
    except (ValueError, PhotoError):
        raise ExportFailed(words.NOT_FIT, words.SAVE_ANEW) from None
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in parts.items()}
    about = ListAbout(beltline_exercises=1, version=__version__, sha256=digests)
    parts[_ABOUT] = about.model_dump_json(indent=1).encode()

    def write(part: Path) -> None:
        with zipfile.ZipFile(part, "w") as archive:
            for name, data in parts.items():
                # Pictures do not shrink any more; a time would tell when somebody was at work.
                packed = zipfile.ZIP_STORED if _PICTURE.fullmatch(name) else zipfile.ZIP_DEFLATED
                archive.writestr(zipfile.ZipInfo(name), data, packed)

    replace_file(path, write, words.CANNOT_WRITE)


def read_list(path: Path) -> SharedList:
    """Return what is in a file; nothing is kept of it.

    Raises
    ------
    ImportRefused
        If it cannot be read, is another file, damaged, too large, or of a newer version.
    """
    with ExitStack() as stack:
        try:
            stream = stack.enter_context(open_ordinary(path))
            if stream.read(len(_BEGINS)) != _BEGINS:
                raise _NoList
            if stream.seek(0, 2) > _FILE_BYTES_MAX:
                raise _TooLarge
            guarded = cast("BinaryIO", InParts(stream, _BLOCK_BYTES))
            return _read(stack.enter_context(zipfile.ZipFile(guarded)))
        except (OSError, PhotoError, *UNFIT_ARCHIVE) as error:
            raise _refusal(path, error) from None


def _parts_of(shared: SharedList) -> dict[str, bytes]:
    listed = [
        asdict(one) | {"picture": one.picture if one.picture in shared.pictures else ""}
        for one in shared.plan.exercises
    ]
    content = ListedExercises(
        practice=shared.practice,
        made_on=shared.made_on,
        exercises=[ListedExercise(**each) for each in listed],
    )
    parts = {_LIST: content.model_dump_json(indent=1).encode()}
    for sha256, encoded in shared.pictures.items():
        parts[f"pictures/{sha256}.jpg"] = encoded.picture
    return parts


def _read(archive: zipfile.ZipFile) -> SharedList:
    infos = {info.filename: info for info in archive.infolist()}
    if _ABOUT not in infos:
        raise _NoList
    # A name that is there twice may be one thing to us and another to whoever looked at it.
    if len(infos) != len(archive.infolist()):
        raise ValueError("a name that is there twice")
    about = _about_in(_bytes_of(archive, infos[_ABOUT]))
    digests = about.sha256
    if set(digests) != set(infos) - {_ABOUT} or _LIST not in digests:
        raise ValueError("other parts than are told of")
    parts: dict[str, bytes] = {}
    for name, wanted in digests.items():
        if name != _LIST and not _PICTURE.fullmatch(name):
            raise ValueError("a part that does not belong there")
        parts[name] = _bytes_of(archive, infos[name])
        if hashlib.sha256(parts[name]).hexdigest() != wanted:
            raise ValueError("a part that was changed")
    return _list_in(parts)


def _about_in(data: bytes) -> ListAbout:
    """Read what a file says of itself; its number first, since the rest may change with it."""
    try:
        number = json.loads(data).get(FORMAT_KEY)
    except (AttributeError, RecursionError) as error:
        raise ValueError("no table of contents") from error
    if isinstance(number, int) and number > FORMAT:
        raise _Newer
    return ListAbout.model_validate_json(data)


def _list_in(parts: Mapping[str, bytes]) -> SharedList:
    content = ListedExercises.model_validate_json(parts[_LIST])
    exercises = tuple(map(_planned, content.exercises))
    keys = [key_of(one) for one in exercises]
    if len(set(keys)) < len(keys) or not all(keys) or any(map(check_dose, exercises)):
        raise ValueError("an exercise that makes no sense")
    named = {f"pictures/{sha256}.jpg" for sha256 in Plan(exercises).pictures}
    if named != set(parts) - {_LIST}:
        raise ValueError("other pictures than the list has")
    known = {name: picture_of(data, name) for name, data in parts.items() if name != _LIST}
    # What had more in it than its picture was written anew, and has another name since.
    renamed = {match[1]: known[match[0]] for match in map(_PICTURE.fullmatch, known) if match}
    plan = Plan(tuple(_with_picture(one, renamed) for one in exercises))
    pictures = {encoded.sha256: encoded for encoded in known.values()}
    return SharedList(_line(content.practice), content.made_on, plan, pictures)


def _planned(one: ListedExercise) -> PlannedExercise:
    return PlannedExercise(
        exercise=one.exercise,
        name=_line(one.name),
        sets=one.sets,
        repetitions=one.repetitions,
        hold_s=one.hold_s,
        each_side=one.each_side,
        load=_line(one.load),
        note=_line(one.note),
        how=_line(one.how),
        picture=one.picture,
    )


def _with_picture(one: PlannedExercise, renamed: Mapping[str, EncodedPicture]) -> PlannedExercise:
    return replace(one, picture=renamed[one.picture].sha256) if one.picture else one


def _line(text: str) -> str:
    """Return words on one line, without needless spaces."""
    return " ".join(clean_text(text).split())


def _bytes_of(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Return a part of an archive, however large it says that it is."""
    most = _PICTURE_BYTES_MAX if _PICTURE.fullmatch(info.filename) else _TEXT_BYTES_MAX
    if info.compress_type not in _PACKED or info.flag_bits & _IS_ENCRYPTED:
        raise ValueError("packed as we never pack")
    if info.file_size > most:
        raise _TooLarge
    data = bytearray()
    with archive.open(info) as file:
        while block := file.read(_BLOCK_BYTES):
            data += block
            if len(data) > most:
                raise _TooLarge
    return bytes(data)


def _refusal(path: Path, error: Exception) -> ImportRefused:
    if isinstance(error, OSError) or "\0" in str(path):
        return unreadable(path, error)
    name = path.name
    if isinstance(error, _NoList):
        fix = words.CHOOSE_ONE.format(suffix=SUFFIX)
        return ImportRefused(words.NO_SUCH_FILE.format(name=name), fix)
    if isinstance(error, _Newer):
        return ImportRefused(words.LATER_VERSION.format(name=name), words.INSTALL_NEWEST)
    if isinstance(error, _TooLarge):
        fix = words.CHOOSE_ONE.format(suffix=SUFFIX)
        return ImportRefused(words.TOO_LARGE.format(name=name), fix)
    return ImportRefused(words.DAMAGED.format(name=name), words.ASK_ANEW)
