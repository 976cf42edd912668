"""``beltline cohort``: folders of photographs, on all cores or on a cluster, into one table."""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.console import complain, failing_in_a_sentence, failure, show
from app.system.shell import Status
from app.text.research import cohort as words
from vision.result import Method

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.cohort.engine import CohortProgress

cohort_app = typer.Typer(
    name="cohort",
    help="Measure folders of photographs into one table, on all cores or a Dask cluster.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

PlacesArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="FOLDER|PATTERN|LIST.csv|ADDRESS",
        help="Folders, photographs, patterns in quotes, lists with columns, or s3://BUCKET/PREFIX.",
    ),
]
OutOption = Annotated[
    str, typer.Option("--out", metavar="DIR", help="Folder or s3:// address of the results.")
]
SchedulerOption = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="A running Dask scheduler, such as tcp://host:8786."),
]
WorkersOption = Annotated[
    int | None,
    typer.Option(
        min=1, metavar="N", help="Processes on this machine; one for each core if not given."
    ),
]
MethodOption = Annotated[str, typer.Option(help="auto, contour, marked or belt.")]
QuickOption = Annotated[bool, typer.Option("--quick", help="One look instead of the careful one.")]
DatasetArgument = Annotated[str, typer.Argument(metavar="DIR", help="What --out was.")]
TableOption = Annotated[
    Path, typer.Option("--out", metavar="FILE", help="A name that ends in .csv or .parquet.")
]
_METHODS = ("auto", Method.CONTOUR.value, Method.MARKED.value, Method.BELT.value)


@cohort_app.command()
def measure(
    places: PlacesArgument,
    out: OutOption,
    scheduler: SchedulerOption = None,
    workers: WorkersOption = None,
    method: MethodOption = "auto",
    quick: QuickOption = False,
) -> None:
    """Measure every photograph that has no row yet; the same command goes on after any stop."""
    if method not in _METHODS:
        raise failure(words.UNKNOWN_METHOD.format(method=method), Status.WRONG_USAGE)
    with ExitStack() as stack:
        stack.enter_context(_with_extra())
        from app.cohort.dataset import Dataset
        from app.cohort.engine import run
        from app.cohort.listing import find_photos
        from app.cohort.measuring import CohortOptions

        listing = find_photos(places)
        for note in listing.notes:
            complain(note)
        tell = stack.enter_context(_CohortBar(len(listing.photos)))
        progress = run(
            listing.photos,
            CohortOptions(method, quick),
            Dataset(out),
            scheduler=scheduler,
            workers=workers,
            tell=tell,
        )
    show(words.done(progress, out))
    raise typer.Exit(
        Status.NOT_ALL_MEASURED if progress.refused or progress.failed else Status.DONE
    )


@cohort_app.command()
def status(dataset: DatasetArgument) -> None:
    """Say how many photographs have a row, and why others were refused."""
    with _with_extra():
        from app.cohort.dataset import Dataset

        show(*words.status(Dataset(dataset).status()))


@cohort_app.command()
def merge(dataset: DatasetArgument, out: TableOption) -> None:
    """Write all rows into one table."""
    with _with_extra():
        from app.cohort.dataset import Dataset

        show(words.MERGED.format(rows=Dataset(dataset).merge(out), out=out))


def _with_extra() -> "ExitStack":
    """Leave with a sentence where the packages of the extra are missing, or something fails."""
    from importlib.util import find_spec

    missing = [name for name in ("dask", "distributed", "fsspec", "pyarrow") if not find_spec(name)]
    if missing:
        raise failure(words.EXTRA_MISSING.format(packages=", ".join(missing)))
    stack = ExitStack()
    stack.enter_context(failing_in_a_sentence())
    return stack


class _CohortBar:
    """How far a run is: a bar on a terminal, a line a minute elsewhere."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._stack = ExitStack()

    def __enter__(self) -> "Callable[[CohortProgress], None]":
        if not sys.stderr.isatty():
            return _tell_dashboard()
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as RichProgress

        bar = self._stack.enter_context(
            RichProgress(
                TextColumn(words.MEASURING),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[told]}"),
                TimeRemainingColumn(),
                console=Console(stderr=True),
            )
        )
        task = bar.add_task("", total=self._total, told="")
        first = _tell_dashboard()

        def tell(progress: "CohortProgress") -> None:
            first(progress)
            bar.update(task, completed=progress.done, told=words.so_far(progress))

        return tell

    def __exit__(self, *_: object) -> None:
        self._stack.close()


def _tell_dashboard() -> "Callable[[CohortProgress], None]":
    told: list[str] = []

    def tell(progress: "CohortProgress") -> None:
        if progress.dashboard and progress.dashboard not in told:
            told.append(progress.dashboard)
            complain(words.DASHBOARD.format(address=progress.dashboard))
        if not progress.workers and words.NO_WORKERS not in told:
            told.append(words.NO_WORKERS)
            complain(words.NO_WORKERS)

    return tell
