"""The command line. Measuring is loaded when a command needs it, so that help is quick."""

import os
import sys
from enum import StrEnum
from typing import Annotated

import typer

from app.installation import BrokenInstallation, missing_library
from app.overlay_files import plan_overlays
from app.usage import Options, UsageError, check_options
from vision._version import __version__

_FAILED, _WRONG_USAGE = 1, 2
#: What a shell reports for a program that was ended by a closed pipe.
_PIPE_CLOSED = 141

app = typer.Typer(
    name="beltline",
    add_completion=False,
    # Plain help and one-line errors: quick to load, and unbroken for scripts and readers.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


class MethodChoice(StrEnum):
    """What ``--method`` takes."""

    AUTO = "auto"
    CONTOUR = "contour"
    MARKED = "marked"
    BELT = "belt"


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"beltline {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Measure forward pelvic tilt from side-on photographs, on this computer only."""
    del version
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


PhotosArgument = Annotated[
    list[str],
    typer.Argument(metavar="PHOTO", help="Side-on photographs: JPEG, PNG, WebP, TIFF or HEIC."),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON object per photograph and line.")
]
AsisOption = Annotated[
    tuple[float, float] | None,
    typer.Option(
        metavar="X Y",
        help="The bony point at the front of the pelvis, in pixels of the upright picture; "
        "needs --psis, and one photograph.",
    ),
]
PsisOption = Annotated[
    tuple[float, float] | None,
    typer.Option(metavar="X Y", help="The bony point (dimple) at the back of the pelvis."),
]
VerticalOption = Annotated[
    tuple[float, float, float, float] | None,
    typer.Option(
        metavar="X1 Y1 X2 Y2",
        help="Two points on an edge that is plumb in reality, such as a door frame; "
        "corrects a tilted camera.",
    ),
]
MethodOption = Annotated[
    MethodChoice,
    typer.Option(
        help="Where the tilt comes from; auto: marked points, else two stickers, else the "
        "contour. belt: the line of the belt."
    ),
]
OverlayOption = Annotated[
    str | None,
    typer.Option(
        metavar="PATH",
        help="Write the picture with everything drawn on it: a .png, .jpg or .webp file; "
        "a folder for several photographs.",
    ),
]

SeriesOption = Annotated[
    bool,
    typer.Option(
        "--series",
        help="The photographs are repeats of one stance: also give their median, how sure it "
        "is, and the smallest change that counts.",
    ),
]


@app.command()
def measure(
    photos: PhotosArgument,
    as_json: JsonOption = False,
    asis: AsisOption = None,
    psis: PsisOption = None,
    vertical: VerticalOption = None,
    method: MethodOption = MethodChoice.AUTO,
    overlay: OverlayOption = None,
    series: SeriesOption = False,
) -> None:
    """Measure the forward tilt of the pelvis in side-on photographs."""
    options = Options(tuple(photos), asis, psis, vertical, method.value, series)
    try:
        status = _run(options, as_json, overlay)
    except BrokenPipeError:
        status = _PIPE_CLOSED
        _discard_output()
    except OSError as error:  # of photographs and overlays, _run has spoken for itself
        status = _fail(f"The results cannot be written: {error.strerror or error}.", _FAILED)
        _discard_output()
    raise typer.Exit(status)


def _discard_output() -> None:
    """Keep Python's own last flush of standard output from failing once more."""
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, sys.stdout.fileno())
    os.close(sink)


def _run(options: Options, as_json: bool, overlay: str | None) -> int:
    try:
        check_options(options)
        plan = plan_overlays(options.photos, overlay)
    except UsageError as error:
        return _fail(str(error), _WRONG_USAGE)
    try:
        from app.batch import Batch
        from app.output import JsonWriter, TextWriter
    except ImportError as error:
        if (error.name or "").partition(".")[0] in {"app", "vision"}:
            raise
        return _fail(str(missing_library(error)), _FAILED)
    writer = JsonWriter(sys.stdout) if as_json else TextWriter(sys.stdout)
    try:
        return Batch(options, plan, writer).run()
    except BrokenInstallation as error:
        return _fail(str(error), _FAILED)


def _fail(sentence: str, status: int) -> int:
    typer.echo(f"beltline: {sentence}", err=True)
    return status
