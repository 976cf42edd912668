"""Short tones for somebody who stands three metres from the screen.

Qt's own sound library needs more of the system than the rest of the program, and talks on
standard error where parts of it are missing. Every desktop has a player for a small file.
"""

from __future__ import annotations

import io
import math
import struct
import sys
import wave
from enum import Enum
from typing import TYPE_CHECKING

from PyQt6.QtCore import QStandardPaths
from PyQt6.QtWidgets import QApplication

from app.system.ipc import start_detached
from vision.atomic_write import atomic_write

if TYPE_CHECKING:
    from pathlib import Path

_RATE_HZ = 44_100
_VOLUME = 0.6
_FADE_S = 0.01
#: Programs that play a file named last, with what they need before it; the first one found.
_PLAYERS = (
    ("pw-play",),
    ("paplay",),
    ("aplay", "-q"),
    ("afplay",),
)


class Tone(Enum):
    """Each value is a height in hertz and a length in seconds."""

    TICK = (880.0, 0.09)
    SHUTTER = (1320.0, 0.35)
    #: Something has to change, all is well, pictures count from now on, and done: low, higher,
    #: short and high, long and high, so that they stay apart for whoever only listens.
    ATTENTION = (330.0, 0.30)
    READY = (587.0, 0.25)
    COUNT_IN = (1047.0, 0.12)
    DONE = (1568.0, 0.70)


class Tones:
    """Plays tones, unless muted.

    Attributes
    ----------
    is_muted
        Whether nothing is to be heard.
    """

    def __init__(self, is_muted: bool = False) -> None:
        self.is_muted = is_muted

    def play(self, tone: Tone) -> None:
        """Start a tone and return at once."""
        if self.is_muted:
            return
        file = _file_of(tone)
        if file is None or not _play(file):
            QApplication.beep()


def _file_of(tone: Tone) -> Path | None:
    """Return a tone's file, or None where none can be written.

    The files stay, one for each tone, for the next time: a player may still be reading when the
    window is gone, and a window that is killed could not clear up after itself.
    """
    from platformdirs import user_cache_path

    file = user_cache_path("beltline", appauthor=False) / "tones" / f"{tone.name.lower()}.wav"
    try:
        if not file.is_file():
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            atomic_write(file, tone_wav(tone))
    except OSError:
        return None
    return file


def tone_wav(tone: Tone) -> bytes:
    """Return a tone as a WAV file, faded in and out so that it does not click."""
    height_hz, length_s = tone.value
    samples = []
    for index in range(round(length_s * _RATE_HZ)):
        at_s = index / _RATE_HZ
        fade = min(1.0, at_s / _FADE_S, (length_s - at_s) / _FADE_S)
        samples.append(round(32767 * _VOLUME * fade * math.sin(2 * math.pi * height_hz * at_s)))
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE_HZ)
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return written.getvalue()


def _play(file: Path) -> bool:
    """Tell whether something plays the file now."""
    if sys.platform == "win32":
        import winsound

        winsound.PlaySound(str(file), winsound.SND_FILENAME | winsound.SND_ASYNC)
        return True
    for name, *options in _PLAYERS:
        program = QStandardPaths.findExecutable(name)
        if program:
            return start_detached(program, *options, str(file))
    return False
