"""Which webcams there are, and which source of pictures a person means."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from vision.camera.errors import CameraError, CameraProblem

#: A webcam's number as :func:`list_cameras` gives it, a film's path, or a stream's address.
CameraSource: TypeAlias = int | str | Path

#: One backend for each system, so that the numbers of :func:`list_cameras` fit.
_BACKENDS = {"win32": "CAP_DSHOW", "darwin": "CAP_AVFOUNDATION"}
_NUMBER = re.compile(r"(?:/dev/video)?([0-9]{1,4})")


@dataclass(frozen=True, slots=True)
class CameraInfo:
    """A webcam that is connected.

    Attributes
    ----------
    index
        What :class:`vision.camera.capture.Camera` takes.
    name
        For people.
    """

    index: int
    name: str


def camera_backend() -> int:
    """Return OpenCV's number for the system's own way to webcams."""
    import cv2

    return int(getattr(cv2, _BACKENDS.get(sys.platform, "CAP_V4L2")))


def list_cameras() -> tuple[CameraInfo, ...]:
    """Return the webcams that are connected, by number; takes a moment at the first call."""
    from cv2_enumerate_cameras import enumerate_cameras

    try:
        found = enumerate_cameras(camera_backend())
    except (NotImplementedError, OSError):
        return ()
    known = {item.index: item.name or f"Camera {item.index}" for item in found}
    return tuple(CameraInfo(index, known[index]) for index in sorted(known))


def find_camera(text: str = "") -> CameraSource:
    """Return the source that a person means.

    Parameters
    ----------
    text
        A webcam's number, its name or how that begins (in small or capital letters), the
        address of a stream, or a film. Nothing: the first webcam.

    Raises
    ------
    CameraError
        When there is no such source, or several; says which webcams there are.
    """
    text = text.strip()
    if "://" in text:
        return text
    known = list_cameras()
    number = _NUMBER.fullmatch(text)
    if number is not None:
        return _numbered(int(number[1]), known)
    if not text:
        if not known:
            raise CameraProblem.NONE.error()
        return known[0].index
    same = [camera for camera in known if camera.name.casefold() == text.casefold()]
    if same:  # one device may be there twice under its name; its pictures come from the first
        return same[0].index
    if Path(text).is_file():
        return Path(text)
    return _beginning(text, known)


def camera_again(index: int, name: str) -> int:
    """Return the number that a webcam has now.

    Plugged in again, a webcam may get another number, and another webcam its old one.

    Parameters
    ----------
    index, name
        As :func:`list_cameras` gave them once.

    Raises
    ------
    CameraError
        When no webcam of that name is connected.
    """
    numbers = [camera.index for camera in list_cameras() if camera.name == name]
    if not numbers:
        raise CameraProblem.MISSING.error()
    return index if index in numbers else numbers[0]


def _numbered(index: int, known: tuple[CameraInfo, ...]) -> int:
    if not known:
        raise CameraProblem.NONE.error()
    if all(camera.index != index for camera in known):
        raise _unknown(f"There is no camera with the number {index}.", known)
    return index


def _beginning(text: str, known: tuple[CameraInfo, ...]) -> int:
    similar = [camera for camera in known if camera.name.casefold().startswith(text.casefold())]
    names = {camera.name for camera in similar}
    if len(names) == 1:
        return similar[0].index
    if names:
        raise _unknown(f"Several cameras have a name that begins with '{text}'.", known)
    if os.sep in text or "/" in text or Path(text).suffix:
        raise CameraProblem.NO_FILE.error()
    raise _unknown(f"There is no camera and no film called '{text}'.", known)


def _unknown(sentence: str, known: tuple[CameraInfo, ...]) -> CameraError:
    if not known:
        fix = "No camera is connected; connect one, or give a film or the address of a stream."
    else:
        listed = ", ".join(f"{camera.name} ({camera.index})" for camera in known)
        fix = f"Connected: {listed}."
    return CameraError(CameraProblem.MISSING, sentence, fix)
