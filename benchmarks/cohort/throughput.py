"""How many photographs a second, beside one process and beside MediaPipe alone."""

from __future__ import annotations

import resource
import statistics
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cohort.dataset import Dataset
from app.cohort.engine import run
from app.cohort.listing import find_photos
from app.cohort.measuring import CohortOptions
from benchmarks.cohort.made_up import make_photographs
from benchmarks.shared import fetch_masks, print_table, took_ms
from vision.native_output import quiet
from vision.pipeline import measure_photo

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Photographs a second: times one process's, and times as many bare MediaPipe processes'.
ONE_TARGET, BARE_TARGET = 1.85, 0.9


@dataclass(frozen=True, slots=True)
class _Cost:
    """What some photographs took a process of its own.

    Attributes
    ----------
    cpu_s
        Time of all its threads, loading the models included.
    looks
        How often the pose model ran.
    """

    cpu_s: float
    looks: int


@dataclass(frozen=True, slots=True)
class _InTurn:
    """Seconds that one way after another took for the same photographs."""

    one_s: float
    cohort_s: float
    bare_s: float
    cost: _Cost


def throughput(
    count: Annotated[int, typer.Option(help="how many photographs")] = 2000,
    rounds: int = 2,
    workers: Annotated[int, typer.Option(help="processes, one for each core")] = 2,
    folder: Annotated[Path | None, typer.Option(help="keeps the photographs for next time")] = None,
    quick_only: Annotated[
        bool, typer.Option("--quick-only", help="leave out careful looks")
    ] = False,
) -> None:
    """Time a folder of photographs beside one process, and beside bare MediaPipe processes.

    Each round takes the same photographs in every way, one after another, and each way's time
    is that of all of it: starting processes, loading models, reading files, and for the folder
    finding and writing as well. Bare MediaPipe reads each file itself and looks once, mask
    included; a quick look of Beltline's is one or two such looks, a careful one many, so
    the last column counts looks of the pose model instead of photographs.
    """
    with tempfile.TemporaryDirectory(prefix="beltline-throughput-") as scratch:
        paths = make_photographs(folder or Path(scratch, "photographs"), count)
        rows = []
        looks = [("quick", True)] if quick_only else [("careful", False), ("quick", True)]
        for name, quick in looks:
            found = [one_round(paths, Path(scratch), workers, quick=quick) for _ in range(rounds)]
            rows.append(throughput_row(name, found, count))
    print_table(
        f"{count} photographs, {workers} workers: photographs a second (medians of {rounds}), "
        "and times what",
        ["look", "one process", "cohort", "bare", "cores of one", "looks each",
         f"times one (at least {ONE_TARGET})", f"times bare (at least {BARE_TARGET})",
         f"times bare, by looks (at least {BARE_TARGET})"],
        rows,
    )  # fmt: skip


def throughput_row(name: str, rounds: Sequence[_InTurn], count: int) -> list[str]:
    """Return a line of the table: medians over the rounds, of rates and of ratios."""
    looks = rounds[0].cost.looks / count

    def median(values: list[float]) -> float:
        return statistics.median(values)

    ratios = (
        (median([one.one_s / one.cohort_s for one in rounds]), ONE_TARGET),
        (median([one.bare_s / one.cohort_s for one in rounds]), BARE_TARGET),
        (median([looks * one.bare_s / one.cohort_s for one in rounds]), BARE_TARGET),
    )
    return [
        name,
        *(
            f"{count / median(times):.2f}"
            for times in (
                [one.one_s for one in rounds],
                [one.cohort_s for one in rounds],
                [one.bare_s for one in rounds],
            )
        ),
        f"{median([one.cost.cpu_s / one.one_s for one in rounds]):.2f}",
        f"{looks:.1f}",
        *(f"{ratio:.2f} {'met' if ratio >= target else 'MISSED'}" for ratio, target in ratios),
    ]


def one_round(paths: Sequence[Path], scratch: Path, workers: int, *, quick: bool) -> _InTurn:
    """Measure the same photographs in each way, in turn."""
    costs: list[_Cost] = []

    def one() -> None:
        costs.extend(_in_processes(_by_pipeline, paths, 1, quick))

    return _InTurn(
        one_s=took_ms(one) / 1000,
        cohort_s=took_ms(lambda: _by_cohort(paths, scratch, workers, quick=quick)) / 1000,
        bare_s=took_ms(lambda: _in_processes(_by_bare, paths, workers, quick)) / 1000,
        cost=costs[0],
    )


def _in_processes(way: Any, paths: Sequence[Path], processes: int, quick: bool) -> list[_Cost]:
    """Give each of some new processes its share of the photographs."""
    shares = [[str(path) for path in paths[first::processes]] for first in range(processes)]
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        return list(pool.map(way, shares, [quick] * processes))


def _by_pipeline(paths: list[str], quick: bool) -> _Cost:
    from vision.pose import mediapipe

    looks, detect = 0, mediapipe.Landmarker.detect

    def counted(*arguments: Any) -> Any:
        nonlocal looks
        looks += 1
        return detect(*arguments)

    mediapipe.Landmarker.detect = counted  # type: ignore[method-assign, assignment]
    for path in paths:
        measure_photo(path, quick=quick)
    used = resource.getrusage(resource.RUSAGE_SELF)
    return _Cost(used.ru_utime + used.ru_stime, looks)


def _by_bare(paths: list[str], _: bool) -> _Cost:
    import mediapipe as mp

    from vision.pose.mediapipe import Landmarker

    landmarker = Landmarker(1, is_video=False)
    with quiet():
        for path in paths:
            fetch_masks(landmarker.native.detect(mp.Image.create_from_file(path)))
    return _Cost(0.0, len(paths))


def _by_cohort(paths: Sequence[Path], scratch: Path, workers: int, *, quick: bool) -> None:
    with tempfile.TemporaryDirectory(dir=scratch) as out:
        done = run(
            find_photos(list(map(str, paths))).photos,
            CohortOptions(quick=quick),
            Dataset(f"{out}/rows"),
            workers=workers,
        )
    if done.measured + done.refused != len(paths):
        raise SystemExit(f"Only {done.measured + done.refused} of {len(paths)} have a row.")
