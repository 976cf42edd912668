"""What is kept of a measurement: of a photograph, and of a live check's repeats."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.history.place import EncodedPicture, encode_picture
from app.history.records import Conditions, NewCheck, Repeat
from app.history.values import clean_text
from vision.live.check import with_tilt
from vision.marks.calibration import CalibrationPair, pair_of
from vision.result import Reason
from vision.series import RefusedSeries, Series

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from PIL import Image

    from app.history.records import Check
    from app.history.store import History
    from vision.image.frame import Frame
    from vision.live.events import FinishedCheck
    from vision.result import Measured, TiltEstimate

_EXIF_IFD = 0x8769
#: EXIF 2.32, 4.6.5, tables 8 and 9: when the picture was taken, its fraction of a second,
#: and its offset from UTC.
_DATE_TIME_ORIGINAL, _SUB_SEC_ORIGINAL, _OFFSET_ORIGINAL = 0x9003, 0x9291, 0x9011


def tilt_of(finished: FinishedCheck) -> TiltEstimate | None:
    """Return the answer of all repeats together; None when they give no common one."""
    if isinstance(finished.series, RefusedSeries):
        return None
    if isinstance(finished.series, Series):
        return finished.series.tilt
    return finished.best.result.tilt


def result_of(finished: FinishedCheck, measured: Measured | None = None) -> Measured | None:
    """Return the best picture's measurement with the answer of all repeats in it.

    Parameters
    ----------
    measured
        The best picture's measurement with its belt line, if somebody looked for it.
    """
    tilt = tilt_of(finished)
    if tilt is None:
        return None
    return with_tilt(measured if measured is not None else finished.best.result, tilt)


def pairs_of(
    finished: FinishedCheck, taken_at: Sequence[datetime]
) -> tuple[list[CalibrationPair], tuple[Reason, ...]]:
    """Return what a check's repeats tell about the person's offset, and why some tell nothing.

    Parameters
    ----------
    taken_at
        When each of the captures ended, in their order.
    """
    captures = zip(finished.captures, taken_at, strict=True)
    told = [pair_of(capture.result, moment) for capture, moment in captures]
    pairs = [one for one in told if isinstance(one, CalibrationPair)]
    return pairs, tuple(one for one in told if isinstance(one, Reason))


def look_for_belt(finished: FinishedCheck) -> Measured:
    """Return the best picture's measurement with its belt line; takes about a second."""
    from vision.live.view import with_belt_line

    return with_belt_line(finished.best)


def new_check(
    finished: FinishedCheck,
    taken_at: Sequence[datetime],
    profile_id: int,
    keep_picture: bool,
    measured: Measured | None = None,
) -> NewCheck | None:
    """Return what is to be kept; None when the repeats give no common number.

    Parameters
    ----------
    taken_at
        When each of the captures ended, in their order.
    measured
        See :func:`result_of`.
    """
    result = result_of(finished, measured)
    if result is None:
        return None
    frame = finished.best.frame
    repeats = tuple(
        Repeat(moment, capture.result.tilt, capture.frames, capture.spread_deg)
        for moment, capture in zip(taken_at, finished.captures, strict=True)
    )
    return NewCheck(
        profile_id=profile_id,
        taken_at=taken_at[-1],
        result=result,
        size_px=(frame.width_px, frame.height_px),
        rgb=frame.rgb if keep_picture else None,
        repeats=repeats,
    )


@dataclass(frozen=True, slots=True)
class PictureCopy:
    """What the history keeps of a photograph's picture, as files.

    Attributes
    ----------
    files
        The copy and its thumbnail.
    size_px
        Width and height of the full upright picture.
    """

    files: EncodedPicture
    size_px: tuple[int, int]


def copy_of(frame: Frame) -> PictureCopy:
    """Return what is kept of a photograph's picture."""
    return PictureCopy(encode_picture(frame.rgb), (frame.width_px, frame.height_px))


def save_measured(
    history: History,
    photo: str | os.PathLike[str],
    picture: Frame | PictureCopy,
    result: Measured,
    *,
    profile_name: str | None = None,
    note: str = "",
) -> Check:
    """Keep a photograph's measurement, with a copy of the picture.

    Parameters
    ----------
    photo
        The file, which tells when the picture was taken.
    picture, result
        What was read from it, or already what is kept of that, and what was measured in it.
    profile_name
        Whose check it is; a name that is not there yet makes a new profile, None takes the
        first one.
    note
        Kept beside it.

    Returns
    -------
    Check
        As it was kept, with its number.

    Raises
    ------
    HistoryError
        If it cannot be kept.
    """
    copy = picture if isinstance(picture, PictureCopy) else copy_of(picture)
    profile = history.find_or_add_profile(profile_name)
    return history.save(
        NewCheck(
            profile_id=profile.id,
            taken_at=taken_at(photo),
            result=result,
            size_px=copy.size_px,
            conditions=Conditions(note=clean_text(note)),
        ),
        copy.files,
    )


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
