"""Looks at each part of the program: for ``beltline doctor``, and for the window. No Qt here.

There is one list of parts. The command line tells of those that measuring and keeping need; the
window tells of what it needs beside them, too.
"""

from __future__ import annotations

import getpass
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import BrokenInstallation, missing_library
from app.history.errors import HistoryError, OnlyReadable
from app.text import doctor as doctor_text
from app.text.doctor import Finding, Health
from vision.model_files import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.history.place import Place

SAMPLE = Path(__file__).parents[2] / "assets" / "sample.jpg"
_DEVICES = Path("/dev")
#: Making the system's voice ready takes a second or two, where it works.
_VOICE_AT_MOST_S = 15.0


def examine() -> tuple[Finding, ...]:
    """Look at what the command line needs, one after the other; nothing is changed."""
    parts: tuple[tuple[str, Callable[[], Finding]], ...] = (
        ("models", _models),
        ("measuring", _measuring),
        ("screen", _screen),
        ("camera", _camera),
        ("history", _history),
    )
    return tuple(_careful(part, look) for part, look in parts)


def parts_of_window() -> tuple[tuple[str, Callable[[], Finding]], ...]:
    """Return the name of each part that the window needs, and what looks at it.

    Each may take some seconds, and none raises what a person can mend.
    """
    parts: tuple[tuple[str, Callable[[], Finding]], ...] = (
        ("models", _models),
        ("measuring", _measuring),
        ("camera", _camera),
        ("voice", _voice),
        ("letters", _letters),
        ("keyring", _keyring),
        ("history", _history),
    )

    def careful(part: str, look: Callable[[], Finding]) -> Callable[[], Finding]:
        return lambda: _careful(part, look)

    return tuple((part, careful(part, look)) for part, look in parts)


def _careful(part: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except (ImportError, OSError) as error:
        return Finding(part, Health.BROKEN, str(missing_library(error)))
    except (ModelError, HistoryError) as error:
        return Finding(part, Health.BROKEN, error.message, error.fix)


def _models() -> Finding:
    from vision.model_files import BELT_MODEL, CONTOUR_MODEL, POSE_BUNDLE, read_model

    for name in (POSE_BUNDLE, CONTOUR_MODEL, BELT_MODEL):
        read_model(name)
    return Finding("models", Health.WORKS, doctor_text.MODELS)


def _measuring() -> Finding:
    from vision.pipeline import measure_photo
    from vision.result import Measured, tilt_text

    result = measure_photo(SAMPLE)
    if not isinstance(result, Measured):
        return Finding(
            "measuring", Health.BROKEN, doctor_text.NOT_MEASURED, doctor_text.INSTALL_AGAIN
        )
    said = doctor_text.MEASURED.format(tilt=tilt_text(result.tilt))
    return Finding("measuring", Health.WORKS, said)


def _screen() -> Finding:
    from app.system.qt import check_screen

    try:
        check_screen()
    except BrokenInstallation as error:
        return Finding("screen", Health.ABSENT, str(error))
    return Finding("screen", Health.WORKS, doctor_text.SCREEN)


def _camera() -> Finding:
    from vision.camera.capture import list_cameras

    closed = _closed_cameras()
    if closed:
        return _no_right(closed[0])
    names = [camera.name for camera in list_cameras()]
    if not names:
        return Finding("camera", Health.ABSENT, doctor_text.NO_CAMERA, doctor_text.NO_CAMERA_FIX)
    found = doctor_text.CAMERAS.format(names=", ".join(names))
    if sys.platform == "linux" and _is_camera_used():
        return Finding("camera", Health.WORKS, f"{found} {doctor_text.CAMERA_USED}")
    return Finding("camera", Health.WORKS, found)


def _closed_cameras() -> list[Path]:
    """Return the webcams that this user may not open, where they are files."""
    devices = sorted(_DEVICES.glob("video*")) if sys.platform == "linux" else []
    return [] if any(map(_may_open, devices)) else devices


def _may_open(device: Path) -> bool:
    return os.access(device, os.R_OK | os.W_OK)


def _no_right(device: Path) -> Finding:
    import grp  # there is none where cameras are no files

    try:
        group = grp.getgrgid(device.stat().st_gid).gr_name
    except (KeyError, OSError):  # a group without a name, or a camera that was just pulled out
        group = "video"
    command = f"sudo usermod -aG {group} {getpass.getuser()}"
    fix = doctor_text.NO_RIGHT_FIX.format(command=command)
    return Finding("camera", Health.BROKEN, doctor_text.NO_RIGHT, fix, command=command)


def _is_camera_used() -> bool:
    from app.system.calm.recording import camera_in_use

    return camera_in_use() is True


def _voice() -> Finding:
    from app.system.speech import PROGRAM
    from app.system.speech_process import READY
    from vision.messages import spoken

    try:
        done = subprocess.run(
            [*PROGRAM, spoken()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_VOICE_AT_MOST_S,
            check=False,
        )
        has_voice = done.stdout.decode("utf-8", "replace").split()[:1] == [READY]
    except subprocess.TimeoutExpired:
        has_voice = False
    if has_voice:
        return Finding("voice", Health.WORKS, doctor_text.VOICE)
    command = doctor_text.VOICE_COMMAND if sys.platform == "linux" else ""
    fix = doctor_text.NO_VOICE_FIX.format(command=command) if command else ""
    return Finding("voice", Health.ABSENT, doctor_text.NO_VOICE, fix, command=command)


def _letters() -> Finding:
    from app.report.fonts import look_anew, missing_letters

    look_anew()
    missing = missing_letters("".join(sorted(set("".join(_sentences())))))
    if not missing:
        return Finding("letters", Health.WORKS, doctor_text.LETTERS)
    message = doctor_text.NO_LETTERS.format(letters=" ".join(missing))
    return Finding("letters", Health.BROKEN, message, doctor_text.NO_LETTERS_FIX)


def _sentences() -> Iterator[str]:
    """Give what is said in the language that is spoken, as far as it was said already."""
    from vision.messages import offered

    for name in offered():
        yield from (text for text in vars(sys.modules[name]).values() if isinstance(text, str))


def _keyring() -> Finding:
    from app.system.camera_passwords import has_safe_place

    if has_safe_place():
        return Finding("keyring", Health.WORKS, doctor_text.KEYRING)
    return Finding("keyring", Health.ABSENT, doctor_text.NO_KEYRING, doctor_text.NO_KEYRING_FIX)


def _history() -> Finding:
    from app.history.place import usual_place

    place = usual_place()
    if place.server_url is None and not place.database.exists():
        return _no_history_yet(place)
    return _open_history(place)


def _no_history_yet(place: Place) -> Finding:
    folder = place.folder
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    if os.access(nearest, os.W_OK | os.X_OK):
        return Finding("history", Health.WORKS, doctor_text.NO_HISTORY_YET.format(folder=folder))
    message = doctor_text.NO_PLACE.format(folder=folder)
    return Finding("history", Health.BROKEN, message, doctor_text.NO_PLACE_FIX)


def _open_history(place: Place) -> Finding:
    from app.history.store import History

    with History.open(place) as history:
        told = history.take_told()
        for one in told:
            if isinstance(one, OnlyReadable):
                return Finding("history", Health.BROKEN, one.message, one.fix)
        count = history.try_out()
    where = doctor_text.SERVER if place.server_url else str(place.database)
    said = doctor_text.HISTORY.format(count=count, where=where)
    return Finding("history", Health.WORKS, said, told=tuple(map(str, told)))
