"""``beltline live``: options, and what is said when it does not work.

What looks and measures is loaded when the command runs, so that help is quick.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from app.errors import BrokenInstallation, missing_library

_FAILED, _WRONG_USAGE, _PIPE_CLOSED = 1, 2, 141
_ONE_CHECK = 1

CameraOption = Annotated[
    str,
    typer.Option(
        "--camera",
        metavar="INDEX|NAME|URL|FILE",
        help="A camera's number or name (its beginning will do), the address of a stream, such "
        "as a phone's, or a film; else the first camera.",
    ),
]
JsonOption = Annotated[
    bool,
    typer.Option(
        "--json",
        help="Open no window: print one JSON object per line, at least one a second. A film "
        "ends it; stop a camera with Ctrl-C (exit status 130).",
    ),
]
RepeatsOption = Annotated[
    int,
    typer.Option(
        "--repeats",
        min=1,
        max=5,
        metavar="1..5",
        help="How many times you are measured for one check. With --json.",
    ),
]


def live(
    camera: CameraOption = "", as_json: JsonOption = False, repeats: RepeatsOption = _ONE_CHECK
) -> None:
    """Be measured in front of a camera, without touching the computer."""
    if not as_json:
        if repeats != _ONE_CHECK:
            sentence = "--repeats goes with --json; the window has a choice of its own."
            raise typer.Exit(_fail(sentence, _WRONG_USAGE))
        raise typer.Exit(_open(camera))
    try:
        status = _print(camera, repeats)
    except BrokenPipeError:
        status = _PIPE_CLOSED
        _discard_output()
    except OSError as error:
        status = _fail(f"The results cannot be written: {error.strerror or error}.", _FAILED)
        _discard_output()
    raise typer.Exit(status)


def _open(camera: str) -> int:
    from app.gui.app import run

    try:
        return run(None, live_source=camera)
    except BrokenInstallation as error:
        return _fail(str(error), _FAILED)


def _print(camera: str, repeats: int) -> int:
    try:
        from app.cli.live__live_stream import LiveStream
        from vision.camera.capture import CameraError, find_camera
        from vision.model_files import ModelError
    except ImportError as error:
        if (error.name or "").partition(".")[0] in {"app", "vision"}:
            raise
        return _fail(str(missing_library(error)), _FAILED)
    try:
        LiveStream(find_camera(camera), repeats, _write).run()
    except (BrokenInstallation, CameraError, ModelError) as error:
        return _fail(str(error), _FAILED)
    return 0


def _write(line: bytes) -> None:
    """Write at once: whoever reads acts on it."""
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()


def _discard_output() -> None:
    """Keep Python's own last flush of standard output from failing once more."""
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, sys.stdout.fileno())
    os.close(sink)


def _fail(sentence: str, status: int) -> int:
    typer.echo(f"beltline: {sentence}", err=True)
    return status
