"""A whole history with its pictures in one file, to keep elsewhere and come back to.

The file is a ZIP archive: ``history.json`` as exports write it, the pictures and thumbnails by
the identities of their checks, those in lists of exercises by their SHA-256, and
``beltline_backup.json`` with the format's number, when it was made, and the SHA-256 of everything
else. Nothing is taken out of it before all of it has been found whole. What lies in the bin stays
behind.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from app.history.errors import CheckNotFound, ExportFailed, HistoryError, ImportRefused
from app.history.exchange import json_format
from app.history.exchange.files import replace_file, unreadable
from app.history.exchange.model import NotPortable, OtherFormat, PortableProfile
from app.history.exchange.sources import (
    AT_ONCE_BYTES,
    FILE_BYTES_MAX,
    UNFIT_ARCHIVE,
    InParts,
    open_ordinary,
)
from app.history.place import PICTURE_SIDE_PX, EncodedPicture, encode_picture, size_of_jpeg
from app.history.practice import (
    LOGO_FILE,
    NAME_FILE,
    Practice,
    read_practice,
    small_logo,
    write_practice,
)
from app.history.values import now
from vision._version import __version__
from vision.messages import tr

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.history.exchange.model import Added
    from app.history.store import History

FORMAT, FORMAT_KEY = 1, "beltline_backup"
SUFFIX = ".zip"
_ABOUT, _HISTORY, _PICTURES = "beltline_backup.json", "history.json", "pictures/"
_PRACTICE = (NAME_FILE, LOGO_FILE)
_PICTURE = re.compile(r"pictures/([0-9A-Za-z-]{1,64})(_small)?\.jpg")
_LIST_PICTURE = re.compile("[0-9a-f]{64}")
#: No picture that was ever kept is larger, and no list of what a backup holds.
_PART_BYTES_MAX, _ABOUT_BYTES_MAX = 1 << 24, 1 << 25
#: How we pack, and by how much more a history is packed than any that somebody wrote.
_PACKED, _DENSEST, _SLACK_BYTES = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED), 250, 1 << 26
_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class BackUp:
    """What a backup holds.

    Attributes
    ----------
    checks, pictures
        How many checks, and how many pictures: of checks, and in lists of exercises.
    left_out
        How many pictures were left out because it is not known where in them the heads are;
        none unless faces were to be hidden.
    """

    checks: int
    pictures: int
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of bringing a backup back: what was added, and how many pictures were."""

    added: Added
    pictures: int


def write_backup(history: History, path: Path, *, hides_faces: bool = False) -> BackUp:
    """Write everything into one file, replacing what was there once the new one is whole.

    Parameters
    ----------
    hides_faces
        Whether heads are blurred in all pictures of it, as for somebody else; nothing brings
        them back.

    Raises
    ------
    ExportFailed
        If it cannot be written; what was there before stays.
    HistoryError
        If the history cannot be read.
    """

    def write(part: Path) -> BackUp:
        with part.open("wb") as stream:
            found = _write(history, stream, hides_faces)
        with part.open("rb") as stream:
            _check(zipfile.ZipFile(stream))
        return found

    try:
        return replace_file(path, write, tr("The backup cannot be written to '{path}' ({why})."))
    except UNFIT_ARCHIVE:
        raise ExportFailed(
            tr("The backup written to '{path}' does not read back as it was written.").format(
                path=path
            ),
            tr("Check the disk, or choose another one."),
        ) from None


def restore_backup(history: History, path: Path) -> Restored:
    """Add everything a backup holds; what is known is passed over, so that twice does no harm.

    Raises
    ------
    ImportRefused
        If it cannot be read, is another file, damaged, or of a newer version; the history is
        as it was.
    HistoryError
        If the history cannot be written. Pictures may be missing then; once more adds them.
    """
    with _whole(path) as (archive, names):
        with archive.open(_HISTORY) as file:
            content = json_format.read_json(cast("BinaryIO", file))
            is_small = archive.getinfo(_HISTORY).file_size <= AT_ONCE_BYTES
            added = history.add_portable(content.at_once() if is_small else content)
        _restore_practice(history, archive, names)
        return Restored(added, _restore_pictures(history, archive, names))


@contextmanager
def _whole(path: Path) -> Iterator[tuple[zipfile.ZipFile, list[str]]]:
    """Give a backup that was found whole: the archive, and what is in it."""
    with ExitStack() as stack:
        try:
            stream = stack.enter_context(open_ordinary(path))
            archive = stack.enter_context(
                zipfile.ZipFile(cast("BinaryIO", InParts(stream, _PART_BYTES_MAX)))
            )
            names = _check(archive)
        except (OSError, *UNFIT_ARCHIVE) as error:
            raise _refusal(path, error) from None
        try:
            yield archive, names
        except NotPortable as error:  # the history is read while it is being taken in
            raise _refusal(path, error) from None


def _refusal(path: Path, error: Exception) -> ImportRefused:
    if isinstance(error, OSError) or "\0" in str(path):
        return unreadable(path, error)
    if isinstance(error, OtherFormat):
        return ImportRefused(
            tr("The backup '{name}' was made by another version of Beltline.").format(
                name=path.name
            ),
            tr("Install the newest version of Beltline, then bring it back."),
        )
    if isinstance(error, _NoBackup):
        return ImportRefused(
            tr("The file '{name}' is no backup of Beltline's.").format(name=path.name),
            tr("Choose a {suffix} file that Beltline has written.").format(suffix=SUFFIX),
        )
    return ImportRefused(
        tr("The backup '{name}' is damaged, so nothing was brought back.").format(name=path.name),
        tr("Take an older backup, or copy this one again from where it was kept."),
    )


class _Damaged(ValueError):
    """A backup that is not as it was written."""


class _NoBackup(_Damaged):
    """Some other archive."""


class _Hashing:
    """Writes on, and works out the SHA-256 of what was written."""

    def __init__(self, stream: Any) -> None:
        self._stream, self.sha256 = stream, hashlib.sha256()

    def write(self, text: str) -> int:
        """Write text as UTF-8."""
        data = text.encode()
        self.sha256.update(data)
        self._stream.write(data)
        return len(text)


def _write(history: History, stream: BinaryIO, hides_faces: bool) -> BackUp:
    digests: dict[str, str] = {}
    pictures = left_out = 0
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open(_HISTORY, "w", force_zip64=True) as file:
            text = _Hashing(file)
            checks = _write_history(history, text)
        digests[_HISTORY] = text.sha256.hexdigest()

        def add(name: str, data: bytes) -> None:
            digests[name] = hashlib.sha256(data).hexdigest()
            # Pictures do not shrink any more.
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_STORED)

        def add_picture(name: str, files: tuple[bytes, bytes]) -> None:
            for data, small in zip(files, ("", "_small"), strict=True):
                add(f"{_PICTURES}{name}{small}.jpg", data)

        for path in map(history.place.folder.joinpath, _PRACTICE):
            if path.is_file():
                add(path.name, path.read_bytes())
        for check_id, uuid, kept in history.kept_pictures():
            if not (kept.picture.is_file() and kept.thumbnail.is_file()):
                continue
            files = kept.picture.read_bytes(), kept.thumbnail.read_bytes()
            shown = _without_face(history, check_id, files[0]) if hides_faces else files
            if shown is None:
                left_out += 1
                continue
            pictures += 1
            add_picture(uuid, shown)
        for sha256 in history.plan_pictures():
            kept = history.plan_picture(sha256)
            if not (kept.picture.is_file() and kept.thumbnail.is_file()):
                continue
            left_out += hides_faces
            pictures += not hides_faces
            if not hides_faces:
                add_picture(sha256, (kept.picture.read_bytes(), kept.thumbnail.read_bytes()))
        about = {
            FORMAT_KEY: FORMAT,
            "made_at": now().isoformat(),
            "version": __version__,
            "checks": checks,
            "pictures": pictures,
            "hides_faces": hides_faces,
            "sha256": digests,
        }
        archive.writestr(_ABOUT, json.dumps(about, indent=1) + "\n")
    return BackUp(checks, pictures, left_out)


def _without_face(history: History, check_id: int, picture: bytes) -> tuple[bytes, bytes] | None:
    """Return a picture and its thumbnail with the head blurred, or None."""
    import numpy as np
    from PIL import Image

    from vision.overlay.face import blur_face

    try:
        check = history.check(check_id)
        with Image.open(io.BytesIO(picture), formats=["JPEG"]) as image:
            found = np.asarray(image.convert("RGB"))
    except (CheckNotFound, OSError, ValueError, SyntaxError):  # deleted meanwhile, or damaged
        return None
    hidden = blur_face(found, check.result, check.size_px)
    if hidden is None:
        return None
    encoded = encode_picture(hidden)
    return encoded.picture, encoded.thumbnail


def _write_history(history: History, text: _Hashing) -> int:
    profiles = [PortableProfile.of(one) for one in history.profiles()]
    with closing(history.portable()) as checks:
        return json_format.write_json(
            text, profiles, checks, history.portable_squeezes(), history.portable_entries()
        )


def _check(archive: zipfile.ZipFile) -> list[str]:
    """Return what is in a backup, once every part of it was found to be as it was written."""
    sizes = {info.filename: info.file_size for info in archive.infolist()}
    if _ABOUT not in sizes or sizes[_ABOUT] > _ABOUT_BYTES_MAX:
        raise _NoBackup
    # A name that is there twice may be one thing to us and another to whoever looked at it.
    if len(sizes) != len(archive.infolist()) or any(map(_is_bomb, archive.infolist())):
        raise _Damaged
    try:
        about = json.loads(archive.read(_ABOUT))
        digests = dict(about["sha256"])
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise _Damaged from error
    if about.get(FORMAT_KEY) != FORMAT:
        raise OtherFormat
    if set(digests) != set(sizes) - {_ABOUT} or _HISTORY not in digests:
        raise _Damaged
    for name, wanted in digests.items():
        if not (_PICTURE.fullmatch(name) or name in (_HISTORY, *_PRACTICE)):
            raise _Damaged
        sha256 = hashlib.sha256()
        with archive.open(name) as file:
            while block := file.read(_BLOCK_BYTES):
                sha256.update(block)
        if sha256.hexdigest() != wanted:
            raise _Damaged
    return list(digests)


def _is_bomb(info: zipfile.ZipInfo) -> bool:
    """Tell whether a part is packed as we never pack, or larger than any of ours."""
    if info.filename in (_HISTORY, _ABOUT):
        most = min(FILE_BYTES_MAX, _SLACK_BYTES + _DENSEST * info.compress_size)
    else:
        most = _PART_BYTES_MAX
    return info.compress_type not in _PACKED or info.file_size > most


def _restore_practice(history: History, archive: zipfile.ZipFile, names: list[str]) -> None:
    """Take over the name and the logo of a practice, each where there is none."""
    here = read_practice(history.place.folder)
    name, logo = here.name, here.logo
    with suppress(ValueError, HistoryError):  # whoever made this put something else in its place
        if NAME_FILE in names:
            name = name or archive.read(NAME_FILE).decode()
        if LOGO_FILE in names:
            logo = logo or small_logo(archive.read(LOGO_FILE), LOGO_FILE)
    if (name, logo) != (here.name, here.logo):
        write_practice(history.place.folder, Practice(name, logo))


def _restore_pictures(history: History, archive: zipfile.ZipFile, names: list[str]) -> int:
    known = set(names)
    count = 0
    for name in names:
        match = _PICTURE.fullmatch(name)
        small = f"{name.removesuffix('.jpg')}_small.jpg"
        if match is None or match[2] or small not in known:
            continue
        files = archive.read(name), archive.read(small)
        with suppress(ValueError):  # whoever made this put something else in its place
            if max(size for file in files for size in size_of_jpeg(file)) > PICTURE_SIDE_PX:
                continue
            if _LIST_PICTURE.fullmatch(match[1]):
                encoded = EncodedPicture(*files, *size_of_jpeg(files[0]))
                count += encoded.sha256 == match[1] and history.add_plan_picture(encoded)
            else:
                count += history.add_picture(match[1], *files)
    return count
