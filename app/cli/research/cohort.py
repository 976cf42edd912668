"""``beltline cohort``: folders of photographs, on all cores or on a cluster, into one table."""

import sys
import time
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
    help="Measure whole folders of photographs and make one table of all the results.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

PlacesArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="FOLDER|PATTERN|LIST.csv|ADDRESS",
        help="Folders, patterns in quotes such as 'photos/*.jpg', a list of photographs, or an "
        "address such as s3://BUCKET/FOLDER.",
    ),
]
OutOption = Annotated[
    str, typer.Option("--out", metavar="DIR", help="Folder for the results, or an s3:// address.")
]
SchedulerOption = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Use the computers of a Dask cluster: its address, such as tcp://host:8786.",
    ),
]
WorkersOption = Annotated[
    int | None,
    typer.Option(
        min=1, metavar="N", help="How many photographs to measure at once on this computer."
    ),
]
MethodOption = Annotated[str, typer.Option(help="How to measure: auto, contour, marked or belt.")]
QuickOption = Annotated[bool, typer.Option("--quick", help="Faster, and a little less steady.")]
DatasetArgument = Annotated[str, typer.Argument(metavar="DIR", help="The folder with the results.")]
TableOption = Annotated[
    Path,
    typer.Option("--out", metavar="FILE", help="The table's name; it ends in .csv or .parquet."),
]
_TOLD_EVERY_S = 60.0
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
    """Measure every photograph.

    Give the same command again to go on after a stop.
    """
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
        dataset = Dataset(out, complain)
        stack.callback(dataset.close)
        with _CohortBar(len(listing.photos)) as tell:
            progress = run(
                listing.photos,
                CohortOptions(method, quick),
                dataset,
                scheduler=scheduler,
                workers=workers,
                tell=tell,
            )
        found = dataset.status()
    show(words.done(progress, out))
    # Of all that is there: a run that goes on ends as one that was never broken off.
    raise typer.Exit(Status.NOT_ALL_MEASURED if found.refused or found.failed else Status.DONE)


@cohort_app.command()
def status(dataset: DatasetArgument) -> None:
    """Tell how many photographs were measured, and why others were not."""
    with _with_extra():
        from app.cohort.dataset import Dataset

        show(*words.status(Dataset(dataset).status()))


@cohort_app.command()
def merge(dataset: DatasetArgument, out: TableOption) -> None:
    """Write all results into one table."""
    with _with_extra():
        from app.cohort.dataset import Dataset

        show(words.MERGED.format(rows=Dataset(dataset).merge(out), out=out))


def _with_extra() -> "ExitStack":
    """Leave with a sentence where the packages of the extra are missing, or something fails."""
    from importlib.util import find_spec

    missing = [name for name in ("dask", "distributed", "fsspec", "pyarrow") if not find_spec(name)]
    if missing:
        raise failure(words.EXTRA_MISSING.format(packages=", ".join(missing)))
    from app.cohort import CohortUsageError

    stack = ExitStack()
    stack.enter_context(failing_in_a_sentence(CohortUsageError))
    return stack


class _CohortBar:
    """How far a run is: a bar on a terminal, a line a minute elsewhere."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._stack = ExitStack()
        self._dashboard = ""
        self._is_waiting = False
        self._told_s = time.monotonic()

    def __enter__(self) -> "Callable[[CohortProgress], None]":
        if not sys.stderr.isatty():
            return self._tell_line
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as RichProgress

        bar = self._stack.enter_context(
            RichProgress(
                # All of it fits into a terminal of 80 letters.
                BarColumn(bar_width=10),
                MofNCompleteColumn(),
                TextColumn("{task.fields[told]}"),
                console=Console(stderr=True),
            )
        )
        task = bar.add_task("", total=self._total, told="")

        def tell(progress: "CohortProgress") -> None:
            self._tell_dashboard(progress)
            bar.update(task, completed=progress.done, told=words.so_far(progress))

        return tell

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _tell_line(self, progress: "CohortProgress") -> None:
        self._tell_dashboard(progress)
        if time.monotonic() - self._told_s >= _TOLD_EVERY_S:
            self._told_s = time.monotonic()
            complain(words.line_of(progress))

    def _tell_dashboard(self, progress: "CohortProgress") -> None:
        if progress.dashboard and progress.dashboard != self._dashboard:
            self._dashboard = progress.dashboard
            complain(words.DASHBOARD.format(address=progress.dashboard))
        if not progress.workers and not self._is_waiting:
            complain(words.NO_WORKERS)
        self._is_waiting = not progress.workers
