"""Where the history lies: a folder whose files only their owner can read, and a server.

Each database has a folder of pictures of its own, named after its identity, so that clearing
up after one never touches another's. Files are written in the transaction that keeps their
row, and deleted after the one that removes it, with a list of them written before: whatever is
killed in between leaves at most files without a row. The next opening deletes those on a list.
All others it sets aside, because an older copy of the database may have been put in the place of
the one that knows them; they come back with it.
"""

from __future__ import annotations

import hashlib
import io
import os
import secrets
import warnings
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.history.errors import ServerError, of_disk
from app.history.records import KeptPicture
from vision.atomic_write import close_to_others
from vision.messages import tr

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

#: Names the database of a practice with several desks.
URL_VARIABLE = "BELTLINE_DATABASE_URL"
_DRIVER = "postgresql+psycopg"
_SCHEMES = ("postgresql", "postgres", _DRIVER)

_FOLDER_MODE, _FILE_MODE = 0o700, 0o600
PICTURE_SIDE_PX = 1600
THUMBNAIL_SIDE_PX = 320
#: Fine enough to mark points on; a picture takes some 300 kB.
_QUALITY = 90
_SMALL = "_small"
#: What is being written begins and ends so; the rest of the name is drawn by lot.
PART_BEGINS, _PART = ".private-", ".part"
#: A database that is being copied has files of SQLite's beside it.
_PART_ENDS = tuple(f"{_PART}{end}" for end in ("", "-journal", "-wal", "-shm"))
#: In a database's folder of pictures: where those without a row go, and lists of what is to go.
_ASIDE, _GOING, _LIST = "set_aside", "going-", ".txt"


@dataclass(frozen=True, slots=True)
class Place:
    """A folder, and a server beside it where there is one.

    Attributes
    ----------
    folder
        Holds the database file, its copies from before upgrades, and the pictures. The
        pictures of a database on a server lie here too, in this user's folder: at every
        other desk their checks show numbers only. A practice that wants them everywhere
        lets the desks share this folder.
    server_url
        ``postgresql+psycopg://...``, or None for a file in the folder. It may hold a
        password, so no message shows it.
    """

    folder: Path
    server_url: str | None = None

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.folder / "history.sqlite3"

    @property
    def backups(self) -> Path:
        """Where copies of the file from before upgrades lie."""
        return self.folder / "backups"

    @property
    def pictures(self) -> Path:
        """Where each database has a folder of pictures."""
        return self.folder / "pictures"

    def waiting(self, identity: str) -> Path:
        """Return where is kept how long what a database's bin holds has waited."""
        return self.folder / f"waiting-{identity}.json"


def usual_place() -> Place:
    """Return the user's data folder, with the server that the environment names.

    Raises
    ------
    ServerError
        If the environment names something other than a PostgreSQL database.
    """
    url = os.environ.get(URL_VARIABLE, "").strip()
    return Place(usual_folder(), server_url(url) if url else None)


def usual_folder() -> Path:
    """Return the user's data folder."""
    from platformdirs import user_data_path

    return user_data_path("beltline", appauthor=False)


def server_url(url: str) -> str:
    """Return a database's address with the driver that is used.

    Raises
    ------
    ServerError
        If it is none of a PostgreSQL database.
    """
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in _SCHEMES or not rest:
        raise ServerError(
            tr("{variable} is not the address of a PostgreSQL database.").format(
                variable=URL_VARIABLE
            ),
            tr("Write it as postgresql://user:password@host/database, or leave it out."),
        )
    return f"{_DRIVER}://{rest}"


def make_private_folder(folder: Path) -> None:
    """Make a folder, and close it to others if it is there already.

    Raises
    ------
    HistoryError
        If it cannot be made.
    """
    try:
        folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    except OSError as error:
        raise of_disk(error, folder) from None
    close_to_others(folder)


def make_private_file(path: Path) -> None:
    """Make an empty file, or close one to others that is there already.

    SQLite gives its log the permissions of the database file. A file that is there is not
    opened: closing it would end all locks that this process holds on it (POSIX fcntl).

    Raises
    ------
    HistoryError
        If it cannot be made.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, _FILE_MODE))
    except FileExistsError:
        pass
    except OSError as error:
        raise of_disk(error, path) from None
    close_to_others(path)


def write_private_file(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole, on the disk, or not at all.

    Raises
    ------
    OSError
        If it cannot be written; nothing is left of it.
    """
    # A name of its own, and nothing that is there already: a link that somebody put there
    # must not be written through.
    part = path.with_name(f"{PART_BEGINS}{secrets.token_hex(8)}{_PART}")
    try:
        handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _FILE_MODE)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def remove_parts(folder: Path, begins: str = "") -> None:
    """Remove what killed programs had begun to write in a folder; nobody else may be writing.

    Parameters
    ----------
    begins
        How their names begin.
    """
    with suppress(OSError):  # there is no such folder, or nothing may be deleted there
        for path in folder.iterdir():
            if path.name.startswith(begins) and path.name.endswith(_PART_ENDS):
                with suppress(OSError):
                    path.unlink()


def hold_handle(handle: int, *, alone: bool) -> bool:
    """Hold an open file or folder until it is closed; do not wait, but tell whether that worked.

    Parameters
    ----------
    alone
        Whether nobody else may hold it at the same time.
    """
    if not hasattr(os, "O_DIRECTORY"):
        return False
    import fcntl

    try:
        fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def sync_folder(folder: Path) -> None:
    """Bring the names of the files in a folder onto the disk, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@dataclass(frozen=True, slots=True)
class EncodedPicture:
    """A picture and its thumbnail as JPEG files without metadata.

    Attributes
    ----------
    width_px, height_px
        Size of the copy.
    """

    picture: bytes
    thumbnail: bytes
    width_px: int
    height_px: int

    @property
    def sha256(self) -> str:
        """What the picture is known by in a list of exercises."""
        return hashlib.sha256(self.picture).hexdigest()


def encode_picture(rgb: NDArray[np.uint8], side_px: int = PICTURE_SIDE_PX) -> EncodedPicture:
    """Return the copies that are kept of an upright picture of shape (height, width, 3).

    Parameters
    ----------
    side_px
        The longest that a side of the larger copy may be.
    """
    from PIL import Image

    copy = Image.fromarray(rgb)
    copy.thumbnail((side_px, side_px), Image.Resampling.LANCZOS)
    small = copy.copy()
    small.thumbnail((THUMBNAIL_SIDE_PX, THUMBNAIL_SIDE_PX), Image.Resampling.LANCZOS)
    return EncodedPicture(_jpeg(copy), _jpeg(small), copy.width, copy.height)


def size_of_jpeg(data: bytes) -> tuple[int, int]:
    """Return the width and height of a JPEG file, pixels; ValueError if it is none."""
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
                return image.size
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError("no JPEG file") from error


def _jpeg(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=_QUALITY)
    return stream.getvalue()


def plan_picture_file(sha256: str) -> str:
    """Return the name of the file of a picture in a list of exercises."""
    return f"{sha256}.jpg"


class PictureFiles:
    """The pictures of one database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def kept(self, file_name: str) -> KeptPicture:
        """Return where a picture and its thumbnail lie, or lay."""
        # Only the name counts: a database that was tampered with must not reach elsewhere.
        # A name that makes no sense, as after a fault of the disk, is one that is not there.
        picture = self._folder / (Path(str(file_name).replace("\0", "")).name or "none")
        return KeptPicture(picture, picture.with_stem(picture.stem + _SMALL))

    def write(self, file_name: str, encoded: EncodedPicture) -> None:
        """Write a picture and its thumbnail.

        Raises
        ------
        HistoryError
            If there is no room, or no permission; neither file is left then.
        """
        make_private_folder(self._folder.parent)
        make_private_folder(self._folder)
        files = self.kept(file_name)
        try:
            write_private_file(files.thumbnail, encoded.thumbnail)
            write_private_file(files.picture, encoded.picture)
            sync_folder(self._folder)
        except OSError as error:
            self.remove([file_name])
            raise of_disk(error, self._folder) from None

    def remove(self, file_names: Iterable[str]) -> list[str]:
        """Remove pictures with their thumbnails; return the names of those that stay."""
        stay: dict[str, None] = {}
        for file_name in file_names:
            files = self.kept(file_name)
            for path in (files.picture, files.thumbnail):
                try:
                    path.unlink(missing_ok=True)
                except OSError:
                    stay[file_name] = None
        return list(stay)

    def announce(self, file_names: Iterable[str]) -> Path | None:
        """Write down which pictures are about to go, and return the list's place.

        None where no file of theirs is here.

        Raises
        ------
        HistoryError
            If nothing may be written, and so nothing deleted, where the pictures lie.
        """
        there = self.names()
        going = [name for name in file_names if not there.isdisjoint(self.with_thumbnails([name]))]
        if not going:
            return None
        path = self._folder / f"{_GOING}{secrets.token_hex(8)}{_LIST}"
        try:
            write_private_file(path, "".join(f"{name}\n" for name in going).encode())
        except OSError as error:
            raise of_disk(error, self._folder) from None
        return path

    def remove_announced(self, wanted: Collection[str]) -> list[str]:
        """Remove what was announced by programs that did not come to it, but for what is wanted.

        Returns
        -------
        list of str
            The names of those that stay.
        """
        stay: list[str] = []
        for path in self._folder.glob(f"{_GOING}*{_LIST}"):
            with suppress(OSError, ValueError):
                names = set(path.read_bytes().decode().splitlines()) - set(wanted)
                left = self.remove(names)
                stay += left
                if not left:
                    path.unlink()
        return stay

    def names(self) -> set[str]:
        """Return the names of all files that are there and not set aside."""
        return _names_in(self._folder) - {_ASIDE}

    @property
    def identity(self) -> str:
        """The identity of the database whose pictures these are."""
        return self._folder.name

    @property
    def aside(self) -> Path:
        """Where pictures without a row lie, until they are missed or deleted."""
        return self._folder / _ASIDE

    def names_aside(self) -> set[str]:
        """Return the names of all files that were set aside."""
        return _names_in(self.aside)

    def bring_back(self, file_names: Iterable[str]) -> None:
        """Bring back what was set aside of pictures that have a row again."""
        there = self.names_aside()
        for name in self.with_thumbnails(file_names) & there if there else ():
            with suppress(OSError):
                if (self._folder / name).exists():  # it was imported again meanwhile
                    (self.aside / name).unlink()
                else:
                    (self.aside / name).rename(self._folder / name)
        self._leave_aside_if_empty()

    def remove_aside(self) -> None:
        """Remove all that was set aside."""
        for name in self.names_aside():
            with suppress(OSError):
                (self.aside / name).unlink()
        self._leave_aside_if_empty()

    def _leave_aside_if_empty(self) -> None:
        with suppress(OSError):
            self.aside.rmdir()

    def with_thumbnails(self, file_names: Iterable[str]) -> set[str]:
        """Return the names of all files that belong to pictures of these names."""
        kept = [self.kept(file_name) for file_name in file_names]
        return {path.name for files in kept for path in (files.picture, files.thumbnail)}

    def set_aside_all_but(self, file_names: Iterable[str]) -> int:
        """Set every file aside but those pictures and their thumbnails; return how many pictures.

        What was not written to its end is deleted: nobody was told that it was kept. So nobody
        else may be writing.
        """
        remove_parts(self._folder)
        strays = self.names() - self.with_thumbnails(file_names)
        count = 0
        for name in strays:
            if name.startswith(_GOING):
                continue
            with suppress(OSError):
                self.aside.mkdir(mode=_FOLDER_MODE, exist_ok=True)
                (self._folder / name).rename(self.aside / name)
                count += not Path(name).stem.endswith(_SMALL)
        return count


def _names_in(folder: Path) -> set[str]:
    try:
        return {path.name for path in folder.iterdir()}
    except OSError:
        return set()


def exists(picture: KeptPicture | None) -> bool:
    """Tell whether a picture was kept and its file is still there."""
    return picture is not None and picture.picture.is_file()
