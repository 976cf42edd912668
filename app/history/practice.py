"""The practice whose people these are: its name and its logo, for the head of reports.

Both are files in the folder of the history, so that desks that share it share them.
"""

from __future__ import annotations

import io
import stat
import warnings
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.history.errors import LogoRefused, of_disk
from app.history.place import make_private_folder, write_private_file
from app.history.values import clean_text
from vision.messages import tr

if TYPE_CHECKING:
    from pathlib import Path

NAME_FILE, LOGO_FILE = "practice_name.txt", "practice_logo.png"
NAME_MAX = 80
#: As much as paper shows of something two centimetres tall.
_LOGO_PX = 900, 300
#: A picture file of this size is no logo.
_BYTES_MAX = 1 << 25


@dataclass(frozen=True, slots=True)
class Practice:
    """What stands at the head of a report.

    Attributes
    ----------
    name
        Empty where there is none.
    logo
        A PNG file as :func:`logo_from` returns it; empty where there is none.
    """

    name: str = ""
    logo: bytes = b""


def read_practice(folder: Path) -> Practice:
    """Return what is kept in a folder of a history; what cannot be read counts as none."""
    name, logo = "", b""
    with suppress(OSError, UnicodeDecodeError):
        name = tidy_practice_name((folder / NAME_FILE).read_text("utf-8"))
    with suppress(OSError):
        logo = (folder / LOGO_FILE).read_bytes()
    return Practice(name, logo)


def write_practice(folder: Path, practice: Practice) -> None:
    """Keep a name and a logo instead of those before; HistoryError if that cannot be."""
    make_private_folder(folder)
    name = tidy_practice_name(practice.name).encode()
    for path, data in ((folder / NAME_FILE, name), (folder / LOGO_FILE, practice.logo)):
        try:
            if data:
                write_private_file(path, data)
            else:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise of_disk(error, path) from None


def tidy_practice_name(name: str) -> str:
    """Return a name on one line, without needless spaces, cut where no line holds it."""
    return " ".join(clean_text(name).split())[:NAME_MAX].rstrip()


def logo_from(path: Path) -> bytes:
    """Return a picture file as a small PNG file without anything but its pixels.

    Raises
    ------
    LogoRefused
        If it cannot be read, is no picture, damaged, or far too large.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe or a device may never end
            raise _no_picture(path.name)
        if path.stat().st_size > _BYTES_MAX:
            raise LogoRefused(tr("The file '{name}' is far too large.").format(name=path.name))
        data = path.read_bytes()
    except OSError as error:
        raise LogoRefused(
            tr("The file '{name}' cannot be read ({why}).").format(
                name=path.name, why=error.strerror or error
            )
        ) from None
    return small_logo(data, path.name)


def small_logo(data: bytes, name: str) -> bytes:
    """Return a picture as :func:`logo_from` does, from the bytes of its file."""
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=["PNG", "JPEG", "WEBP", "GIF"]) as image:
                upright = ImageOps.exif_transpose(image).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError):
        raise _no_picture(name) from None
    upright.thumbnail(_LOGO_PX, Image.Resampling.LANCZOS)
    upright.info.clear()
    stream = io.BytesIO()
    upright.save(stream, "PNG", optimize=True)
    return stream.getvalue()


def _no_picture(name: str) -> LogoRefused:
    return LogoRefused(tr("The file '{name}' is no picture that can be read.").format(name=name))
