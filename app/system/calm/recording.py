"""Whether a program records from the microphone or the camera now, on Linux.

The sound server is asked by the small programs that come with it. Each may be missing, hang or
say something unheard of: then nobody knows. What programs are called is read and kept nowhere.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

#: A sound server that hangs is waited for no longer.
LONGEST_S = 2.0
#: As these say it, whatever the person's language.
_PLAIN = {"LC_ALL": "C"}
_PROC = Path("/proc")
_CAMERA = "/dev/video"
#: These have cameras open all day to know what they are; they are told to stream by others.
_KEEPERS = frozenset({"pipewire", "wireplumber", "pipewire-media-"})
_MONITOR = ".monitor"


def microphone_in_use() -> bool | None:
    """Tell whether a program records what is said; None where nobody knows."""
    if shutil.which("pactl") is not None:
        found = _by_pulse()
        if found is not None:
            return found
    return _by_pipewire("Audio")


def camera_in_use() -> bool | None:
    """Tell whether a program looks through a camera; None where nobody knows."""
    return _opened_camera() or _by_pipewire("Video")


def _by_pulse() -> bool | None:
    """Ask PulseAudio, or PipeWire in its place."""
    said = _json_of("pactl", "-f", "json", "list", "source-outputs")
    if not isinstance(said, list):
        return None
    sources = {one.get("source") for one in said if isinstance(one, dict) and _listens(one)}
    if not sources:
        return False
    # Who records what comes out of the speakers does not hear the room.
    short = _said_by("pactl", "list", "short", "sources") or ""
    rows = [line.split("\t") for line in short.splitlines()]
    monitors = {row[0] for row in rows if len(row) > 1 and row[1].endswith(_MONITOR)}
    return any(str(source) not in monitors for source in sources)


def _listens(recording: dict[str, Any]) -> bool:
    """Tell whether this is a program that records, no filter, and no bar that shows loudness."""
    kept = recording.get("properties")
    about = kept if isinstance(kept, dict) else {}
    return not (
        recording.get("corked") is True
        or recording.get("resample_method") == "peaks"
        or about.get("media.role") == "filter"
        or about.get("stream.monitor") == "true"
        or about.get("media.name") == "Peak detect"
    )


def _by_pipewire(kind: str) -> bool | None:
    """Ask PipeWire for streams that run from a microphone (Audio) or a camera (Video)."""
    said = _json_of("pw-dump") if shutil.which("pw-dump") is not None else None
    if not isinstance(said, list):
        return None
    return any(_runs(one, kind) for one in said)


def _runs(thing: object, kind: str) -> bool:
    match thing:
        case {"info": {"state": "running", "props": {"media.class": str(media), **about}}}:
            is_loudness = about.get("stream.monitor") in (True, "true")
            is_speaker = about.get("stream.capture.sink") in (True, "true")
            return media == f"Stream/Input/{kind}" and not is_loudness and not is_speaker
    return False


def _opened_camera() -> bool | None:
    """Look whether a program of this person has a camera open, where Linux tells."""
    if not _PROC.is_dir():
        return None
    for process in _PROC.iterdir():
        if not process.name.isdigit():
            continue
        # Most are other people's, or end while they are looked at.
        with suppress(OSError):
            opened = (process / "fd").iterdir()
            is_open = any(str(file.readlink()).startswith(_CAMERA) for file in opened)
            if is_open and (process / "comm").read_text("utf-8").strip() not in _KEEPERS:
                return True
    return False


def _json_of(*command: str) -> object:
    """Return what a program says in JSON; None for anything else."""
    try:
        said: object = json.loads(_said_by(*command) or "")
    except (ValueError, RecursionError):
        return None
    return said


def _said_by(*command: str) -> str | None:
    """Return what a program says; None where it is missing, fails or takes too long."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | _PLAIN,
            timeout=LONGEST_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("utf-8", "replace")
