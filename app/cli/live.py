"""``beltline live``: in the window, or as lines of JSON without one.

What looks and measures is loaded when the command runs, so that help is quick.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from app.cli.console import Status, failing_in_a_sentence, failure, writing_results

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
            raise failure(sentence, Status.WRONG_USAGE)
        from app.gui.app import run

        with failing_in_a_sentence():
            raise typer.Exit(run(None, live_source=camera))
    with writing_results(), failing_in_a_sentence():
        from app.cli.live_stream import LiveStream
        from vision.camera.capture import find_camera

        LiveStream(find_camera(camera), repeats, _write).run()


def _write(line: bytes) -> None:
    """Write at once: whoever reads acts on it."""
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()
