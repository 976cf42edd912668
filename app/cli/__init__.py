"""The command line. Measuring is loaded when a command needs it, so that help is quick."""

import os
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_install_completion_arguments

from app import Page
from app.cli.calibrate import calibrate
from app.cli.console import (
    complain,
    fail_for_damage,
    failing_in_a_sentence,
    failure,
    pass_on,
    show,
    write_at_once,
)
from app.cli.desktop.shortcut import shortcut
from app.cli.doctor import doctor
from app.cli.exercises import exercises_app
from app.cli.mending import history_app
from app.cli.options import Options, UsageError, check_options, plan_overlays
from app.cli.research.cohort import cohort_app
from app.cli.research.study import study_app
from app.history.errors import ProfileNameError, ProfileNotFound
from app.system.shell import Status
from app.text import report as report_text
from vision._version import __version__
from vision.camera.address import public_name
from vision.result import Method


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


app.add_typer(cohort_app)
app.add_typer(exercises_app)
app.add_typer(history_app)
app.add_typer(study_app)


class MethodChoice(StrEnum):
    """What ``--method`` takes."""

    AUTO = "auto"
    CONTOUR = "contour"
    MARKED = "marked"
    BELT = "belt"


class TestChoice(StrEnum):
    """What ``--test`` takes."""

    RANGE = "range"
    SQUEEZE = "squeeze"


class Shell(StrEnum):
    """What ``--show-completion`` takes."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


def _read_page(name: str) -> Page:
    choices = [page.value for page in Page if page.opens_unasked]
    if name not in choices:
        raise typer.BadParameter(f"{name!r} is not one of {', '.join(map(repr, choices))}.")
    return Page(name)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"beltline {__version__}")
        raise typer.Exit


def _print_completion(shell: Shell | None) -> None:
    if shell is not None:
        folder = Path(__file__).parents[1] / "assets" / "desktop"
        script = folder / f"completion.{shell.value}"
        typer.echo(script.read_text("utf-8"), nl=False)
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
    completion: Annotated[
        Shell | None,
        typer.Option(
            "--show-completion",
            help="Print what a shell's start-up file needs to complete commands and options.",
            callback=_print_completion,
            is_eager=True,
        ),
    ] = None,
    page: Annotated[Page | None, typer.Option("--page", hidden=True, parser=_read_page)] = None,
) -> None:
    """Measure forward pelvic tilt from side-on photographs, on this computer only.

    Without a command, or with the names of photographs, the window opens.
    """
    del version, completion
    if context.invoked_subcommand is None:
        _open((), page)


@app.command("open", hidden=True)
def open_photos(photos: list[str]) -> None:
    """Open the window and measure photographs in it."""
    missing = next((photo for photo in photos if not Path(photo).exists()), None)
    if missing is not None:
        sentence = (
            f"'{public_name(missing)}' is neither a command nor a photograph. See beltline --help."
        )
        raise failure(sentence, Status.WRONG_USAGE)
    _open(photos)


def _open(photos: Sequence[str], page: str | None = None) -> None:
    from app.gui.app import run

    with failing_in_a_sentence():
        # The tray's menu names a page.
        raise typer.Exit(run(photos) if page is None else run(photos, page=page))


@app.command()
def live(
    camera: Annotated[
        str,
        typer.Option(
            "--camera",
            metavar="INDEX|NAME|URL|FILE",
            help="A camera's number or name (its beginning will do), the address of a stream, "
            "such as a phone's, or a film; else the first camera.",
        ),
    ] = "",
    as_json: Annotated[
        bool,
        typer.Option(
            "--json",
            help="Open no window: print one JSON object per line, at least one a second. A film "
            "ends it; stop a camera with Ctrl-C (exit status 130).",
        ),
    ] = False,
    repeats: Annotated[
        int,
        typer.Option(
            "--repeats",
            min=1,
            max=5,
            metavar="1..5",
            help="How many times you are measured for one check. With --json.",
        ),
    ] = 1,
    test: Annotated[
        TestChoice | None,
        typer.Option(
            "--test",
            help="Run this test instead of a check, then end; range: arch, tuck and "
            "relax, three times. With --json.",
        ),
    ] = None,
) -> None:
    """Be measured in front of a camera, without touching the computer."""
    if as_json:
        if test is not None and repeats != 1:
            sentence = "--repeats is for checks; a test has three rounds. Leave one of them out."
            raise failure(sentence, Status.WRONG_USAGE)
        _print_live(camera, repeats, test)
        return
    if repeats != 1 or test is not None:
        what = "--repeats" if test is None else "--test"
        sentence = f"{what} goes with --json; the window has a choice of its own."
        raise failure(sentence, Status.WRONG_USAGE)
    from app.gui.app import run

    with failing_in_a_sentence():
        raise typer.Exit(run(live_source=camera))


def _print_live(camera: str, repeats: int, test: TestChoice | None) -> None:
    with failing_in_a_sentence():
        from app.cli.live_stream import LiveStream
        from vision.camera.capture import find_camera
        from vision.live.session import LiveKind

        kind = LiveKind.CHECK if test is None else LiveKind(test.value)
        LiveStream(find_camera(camera), repeats, write_at_once, kind).run()


@app.command()
def report(
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE.pdf", help="Where the report is written.")
    ],
    profile: Annotated[
        str | None,
        typer.Option("--profile", metavar="NAME", help="Whose checks; your own by default."),
    ] = None,
    method: Annotated[
        Method | None,
        typer.Option("--method", help="Only checks measured this way; all of them by default."),
    ] = None,
    blur_face: Annotated[
        bool, typer.Option("--blur-face", help="Blur the head in the pictures.")
    ] = False,
    language: Annotated[
        str, typer.Option("--language", metavar="CODE", help="In English (en), de, es or fr.")
    ] = "en",
) -> None:
    """Write a report of one or two pages (PDF) to bring to a physiotherapist."""
    from app.text.languages import speaking

    if language not in speaking.OFFERED:
        wrong = speaking.UNKNOWN.format(language=language, known=", ".join(speaking.OFFERED))
        raise failure(wrong, Status.WRONG_USAGE)
    speaking.speak(language)
    if out.suffix.lower() != ".pdf":
        wrong = report_text.NOT_WRITTEN.format(out=out, why=report_text.WRONG_SUFFIX)
        raise failure(f"{wrong} {report_text.WRONG_SUFFIX_FIX}", Status.WRONG_USAGE)
    with failing_in_a_sentence(ProfileNotFound, ProfileNameError):
        from app.history.store import History
        from app.report.document import report_profile

        with History.open() as history:
            pass_on(history)
            whose = history.default_profile() if profile is None else history.find_profile(profile)
            report_profile(out, history, whose, method, hides_face=blur_face, warn=complain)
            show(str(out))
            fail_for_damage(history)


app.command()(calibrate)
app.command()(doctor)
app.command()(shortcut)


@app.command()
def tray(
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Print nothing; for starting it at log-in.")
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
        help="Two points on an edge that is plumb in reality, such as a door frame; "
        "corrects a tilted camera.",
    ),
]
PersonOption = Annotated[
    tuple[float, float] | None,
    typer.Option(
        metavar="X Y",
        help="A place on the person meant, where several are in the picture and do not touch; "
        "in pixels of the upright picture, of one photograph.",
    ),
]
MethodOption = Annotated[
    MethodChoice,
    typer.Option(
        help="Where the tilt comes from; auto: marked points, else two stickers, else the "
        "contour, calibrated where the person is. belt: the line of the belt."
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
        "--profile",
        metavar="NAME",
        help="Whose they are: that person's calibration is used, where there is one. With "
        "--save, somebody new is added.",
    ),
]
NoteOption = Annotated[
    str, typer.Option("--note", metavar="TEXT", help="Kept beside the numbers. With --save.")
]
QuickOption = Annotated[
    bool,
    typer.Option(
        "--quick",
        help="Look once at each outline, not carefully: several times faster, a little less "
        "steady.",
    ),
]
WorkersOption = Annotated[
    int | None,
    typer.Option(
        min=1,
        metavar="N",
        help="Measure with so many processes; as many as make it quicker if not given.",
    ),
]


@app.command()
def measure(
    photos: PhotosArgument,
    as_json: JsonOption = False,
    asis: AsisOption = None,
    psis: PsisOption = None,
    vertical: VerticalOption = None,
    person: PersonOption = None,
    method: MethodOption = MethodChoice.AUTO,
    overlay: OverlayOption = None,
    series: SeriesOption = False,
    save: SaveOption = False,
    profile: ProfileOption = None,
    note: NoteOption = "",
    quick: QuickOption = False,
    workers: WorkersOption = None,
) -> None:
    """Measure the forward tilt of the pelvis in side-on photographs."""
    kept = save, profile, note
    options = Options(
        tuple(photos), asis, psis, vertical, method.value, series, *kept, quick, person, workers
    )
    with failing_in_a_sentence(UsageError, ProfileNotFound):
        check_options(options)
        plan = plan_overlays(options.photos, overlay)
        from app.cli.batch import Batch, JsonWriter, TextWriter

        writer = JsonWriter() if as_json else TextWriter()
        status = Batch(options, plan, writer).run()
    raise typer.Exit(status)


def _position_option(name: str, how: str) -> Any:
    about = f"A side-on photograph {how}; may be given several times."
    return typer.Option(f"--{name}", metavar="PHOTO", help=about)


TuckedOption = Annotated[list[str], _position_option("tucked", "with the tail pulled under")]
RelaxedOption = Annotated[list[str], _position_option("relaxed", "standing as usual")]
ArchedOption = Annotated[list[str], _position_option("arched", "with the bottom stuck out")]


SaveRangeOption = Annotated[
    bool, typer.Option("--save", help="Keep the range test; its pictures are not kept.")
]


@app.command("range")
def range_photographs(
    tucked: TuckedOption,
    relaxed: RelaxedOption,
    arched: ArchedOption,
    as_json: JsonOption = False,
    save: SaveRangeOption = False,
    profile: ProfileOption = None,
    note: NoteOption = "",
) -> None:
    """See how far somebody can turn the pelvis, and where they stand in between.

    Three photographs of one person in the same clothes: tucked, relaxed and arched.
    """
    with failing_in_a_sentence(UsageError):
        from app.cli.batch import JsonWriter, TextWriter
        from app.cli.range_test import RangeBatch

        writer = JsonWriter() if as_json else TextWriter()
        positions = tucked, relaxed, arched
        batch = RangeBatch(*positions, writer, save=save, profile=profile, note=note)
        status = batch.run()
    raise typer.Exit(status)


def run() -> None:
    """Do what this process's arguments say, and leave with its status.

    As ``app()`` does, which would have errors told in a way of its own.
    """
    if "_BELTLINE_COMPLETE" in os.environ:
        # A shell asks how a line goes on; typer knows the shells once its own options are made.
        get_install_completion_arguments()
    get_command(app)(prog_name="beltline")
