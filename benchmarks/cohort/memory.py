"""Whether a worker holds more and more memory, photograph after photograph."""

from __future__ import annotations

import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cohort.dataset import Dataset
from app.cohort.engine import run
from app.cohort.listing import CohortPhoto, find_photos
from app.cohort.lists import Listed
from app.cohort.measuring import CohortOptions
from benchmarks.cohort.made_up import make_photographs, own_cluster
from benchmarks.shared import cost_of, print_table, verdict

if TYPE_CHECKING:
    from app.cohort.engine import CohortProgress

GROWTH_TARGET_MB = 20.0
_MB = 2**20
#: The first photographs make a worker larger, by 70 MB until some 1,600 were measured.
WARM_UP = 2000
#: So many different photographs are measured over and over.
_DIFFERENT = 150


def memory(
    count: Annotated[int, typer.Option(help="how many photographs")] = 20_000,
    careful: Annotated[bool, typer.Option("--careful", help="not the quick look")] = False,
) -> None:
    """Watch the memory of a worker while it measures one photograph after another.

    After each chunk the system's figure is taken. Growth is counted once the first 2,000 are
    done, from the first fifth of what then follows to the last one, means of either.
    """
    seen: list[tuple[int, float]] = []
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="beltline-memory-")))
        paths = make_photographs(scratch / "photographs", min(count, _DIFFERENT))
        cluster = stack.enter_context(own_cluster(1))

        def tell(progress: CohortProgress) -> None:
            if progress.done:
                seen.append((progress.done, cost_of(cluster.worker_pids[0])[0] / _MB))

        run(
            again_and_again(paths, count),
            CohortOptions(quick=not careful),
            Dataset(str(scratch / "rows")),
            scheduler=cluster.address,
            tell=tell,
        )
    print_growth(seen, count)


def again_and_again(paths: list[Path], count: int) -> list[CohortPhoto]:
    """Return so many photographs of these files, each time as of another session."""
    photos = find_photos(list(map(str, paths))).photos
    return [
        CohortPhoto(photo.path, photo.stamp, Listed(session=str(number)))
        for number in range(count)
        for photo in (photos[number % len(photos)],)
    ]


def print_growth(seen: list[tuple[int, float]], count: int) -> None:
    """Print what was held in each tenth of a run, and by how much that grew."""
    tenths: list[list[float]] = [[] for _ in range(10)]
    for done, held_mb in seen:
        tenths[min(9, (done - 1) * 10 // count)].append(held_mb)
    means = [statistics.mean(tenth) if tenth else float("nan") for tenth in tenths]
    print_table(
        f"A worker over {count} photographs",
        ["photographs", "MB"],
        [[f"to {count * (tenth + 1) // 10}", f"{mean:.1f}"] for tenth, mean in enumerate(means)],
    )
    after = [held_mb for done, held_mb in seen if done > min(WARM_UP, count // 2)]
    fifth = max(1, len(after) // 5)
    growth = statistics.mean(after[-fifth:]) - statistics.mean(after[:fifth])
    print(
        f"Growth after warming up {growth:+.1f} MB, at most {GROWTH_TARGET_MB:g}: "
        f"{verdict(growth, GROWTH_TARGET_MB)}."
        + ("" if count >= 2 * WARM_UP else " Too few photographs to count.")
    )
