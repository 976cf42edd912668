"""When a photograph was taken."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os

    from PIL import Image

_EXIF_IFD = 0x8769
#: EXIF 2.32, 4.6.5, tables 8 and 9: when the picture was taken, its fraction of a second,
#: and its offset from UTC.
_DATE_TIME_ORIGINAL, _SUB_SEC_ORIGINAL, _OFFSET_ORIGINAL = 0x9003, 0x9291, 0x9011


def taken_at(path: str | os.PathLike[str]) -> datetime:
    """Return when a photograph was taken, as far as its file tells.

    Parameters
    ----------
    path
        A picture file of any kind that can be measured, HEIC too.

    Returns
    -------
    datetime
        Aware. What the camera wrote (EXIF DateTimeOriginal with OffsetTimeOriginal, else
        in this computer's time zone); else when the file was last changed; else now. What
        lies in the future is not believed, so it is never later than now.
    """
    now = datetime.now().astimezone()
    for moment in (_camera_time(Path(path)), _file_time(Path(path))):
        if moment is not None and moment <= now:
            return moment
    return now


def _camera_time(path: Path) -> datetime | None:
    from vision.image.decode import DECODER_ERRORS, HEAD_BYTES, FileFormat, format_of

    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
            stream.seek(0)
            if format_of(head) is FileFormat.HEIF:
                from pillow_heif import HeifImageFile

                heif: Image.Image = HeifImageFile(stream)  # type: ignore[no-untyped-call]
                return _exif_time(heif)
            from PIL.Image import open as open_image

            with open_image(stream) as image:
                return _exif_time(image)
    except DECODER_ERRORS:
        return None


def _exif_time(image: Image.Image) -> datetime | None:
    tags = image.getexif().get_ifd(_EXIF_IFD)
    written = _text(tags.get(_DATE_TIME_ORIGINAL))
    if not written:
        return None
    moment = datetime.strptime(written, "%Y:%m:%d %H:%M:%S")
    fraction = _text(tags.get(_SUB_SEC_ORIGINAL))
    if fraction.isdecimal():
        moment = moment.replace(microsecond=int(fraction[:6].ljust(6, "0")))
    offset = _text(tags.get(_OFFSET_ORIGINAL))
    try:
        zone = datetime.strptime(offset, "%z").tzinfo
    except ValueError:
        zone = None
    return moment.replace(tzinfo=zone) if zone else moment.astimezone()


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("ascii", "ignore")
    return value.strip("\0 ") if isinstance(value, str) else ""


def _file_time(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC).astimezone()
    except (OSError, ValueError, OverflowError):
        return None
