"""The command line. Measuring is loaded when a command needs it, so that help is quick."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from app import Page
from app.cli.console import Status, complain, failing_in_a_sentence, failure, writing_results
from app.cli.doctor import doctor as doctor_command
from app.cli.history import history_app
from app.cli.live import live as live_command
from app.cli.options import Options, UsageError, check_options, plan_overlays
from app.cli.report import report as report_command
from vision._version import __version__


class _PhotoOrCommand(TyperGroup):
    """Takes ``beltline PHOTO`` for ``beltline open PHOTO``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command in where a photograph stands in its place."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = ["open", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    name="beltline",
    cls=_PhotoOrCommand,
    add_completion=False,
    # Plain help and one-line errors: quick to load, and unbroken for scripts and readers.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


app.add_typer(history_app)
app.command()(live_command)
app.command()(report_command)
app.command()(doctor_command)


class MethodChoice(StrEnum):
    """What ``--method`` takes."""

    AUTO = "auto"
    CONTOUR = "contour"
    MARKED = "marked"
    BELT = "belt"


def _read_page(name: str) -> Page:
    choices = [page.value for page in Page if page.opens_unasked]
    if name not in choices:
        raise typer.BadParameter(f"{name!r} is not one of {', '.join(map(repr, choices))}.")
    return Page(name)


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
    page: Annotated[Page | None, typer.Option("--page", hidden=True, parser=_read_page)] = None,
) -> None:
    """Measure forward pelvic tilt from side-on photographs, on this computer only.

    Without a command, or with the name of one photograph, the window opens.
    """
    del version
    if context.invoked_subcommand is None:
        _open(None, page)


@app.command("open", hidden=True)
def open_photos(photos: list[str]) -> None:
    """Open the window and measure one photograph in it."""
    missing = next((photo for photo in photos if not Path(photo).exists()), None)
    if missing is not None:
        sentence = f"'{missing}' is neither a command nor a photograph. See beltline --help."
        raise failure(sentence, Status.WRONG_USAGE)
    if len(photos) > 1:
        sentence = "The window opens one photograph. For several: beltline measure PHOTO..."
        raise failure(sentence, Status.WRONG_USAGE)
    _open(photos[0])


def _open(photo: str | None, page: str | None = None) -> None:
    from app.gui.app import run

    with failing_in_a_sentence():
        # The tray's menu names a page.
        raise typer.Exit(run(photo) if page is None else run(photo, page=page))


@app.command()
def tray(
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Say nothing, for starting it with the session.")
    ] = False,
) -> None:
    """Be reminded to get up, from a small icon near the clock.

    What it does is chosen in the window, under "Sit less".
    """
    from app.tray.__main__ import start

    raise typer.Exit(start(quiet, complain))


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
        help="Two points on an edge that is plumb in reality, such as a handle frame; "
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


SaveOption = Annotated[
    bool, typer.Option("--save", help="Keep the results, with a small copy of each picture.")
]
ProfileOption = Annotated[
    str | None,
    typer.Option(
        "--profile", metavar="NAME", help="Whose they are; somebody new is added. With --save."
    ),
]
NoteOption = Annotated[
    str, typer.Option("--note", metavar="TEXT", help="Kept beside the numbers. With --save.")
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
    save: SaveOption = False,
    profile: ProfileOption = None,
    note: NoteOption = "",
) -> None:
    """Measure the forward tilt of the pelvis in side-on photographs."""
    options = Options(
        tuple(photos), asis, psis, vertical, method.value, series, save, profile, note
    )
    with writing_results(), failing_in_a_sentence(UsageError):
        check_options(options)
        plan = plan_overlays(options.photos, overlay)
        from app.cli.batch import Batch
        from app.cli.output import JsonWriter, TextWriter

        writer = JsonWriter(sys.stdout) if as_json else TextWriter(sys.stdout)
        status = Batch(options, plan, writer).run()
    raise typer.Exit(status)
