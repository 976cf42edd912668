"""What Dask's part of a run costs: many workers that only sleep, many chunks without work."""

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import ExitStack
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from unittest.mock import patch

import typer

from app.cohort import engine
from app.cohort.dataset import Dataset
from app.cohort.measuring import CohortOptions
from benchmarks.cohort.made_up import (
    CountingDataset,
    instead_of_measuring,
    made_up_photos,
    made_up_rows,
    none_at_all,
    own_cluster,
    sample_row,
)
from benchmarks.shared import cost_of, print_table, took_ms

if TYPE_CHECKING:
    from app.cohort.engine import CohortProgress
    from app.cohort.measuring import Chunk
    from app.cohort.rows import Row

LINEAR_TARGET = 0.95
_MB = 2**20
#: The last tenth of the chunks may take so much longer, and the scheduler hold so much more,
#: than the second tenth, and still be called flat.
_FLAT_TIMES, _FLAT_MB = 1.2, 20.0


def sleep_over(chunk: Chunk, each_s: float, template: Row) -> list[Row]:
    """Sleep as long as measuring would take, and return rows."""
    time.sleep(each_s * len(chunk.photos))
    return made_up_rows(chunk, template)


def scaling(
    most: Annotated[int, typer.Option(help="the last number of workers, doubled from 1")] = 16,
    each_ms: Annotated[float, typer.Option(help="how long a photograph sleeps")] = 500.0,
    photos: Annotated[int, typer.Option(help="photographs for each worker")] = 64,
) -> None:
    """Time 1 to 16 workers that sleep instead of measuring, with as many photographs for each.

    Half a second is about what a careful look takes. The whole run is timed, from the
    fingerprints to the last file of rows; the workers were started before, as on a cluster, and
    had a chunk. Sleeping needs no core, so that a small machine can show what Dask, the client
    and the writing of rows cost.
    """
    template = sample_row()
    rows, workers, alone = [], 1, 0.0
    while workers <= most:
        took_s = _sleeping_run(workers, workers * photos, each_ms / 1000, template)
        rate = workers * photos / took_s
        alone = alone or rate
        share = rate / (workers * alone)
        rows.append(
            [f"{workers}", f"{rate:.1f}", f"{rate * each_ms / 1000 / workers:.3f}", f"{share:.3f}",
             "met" if share >= LINEAR_TARGET else "MISSED"]
        )  # fmt: skip
        workers *= 2
    print_table(
        f"Workers that sleep {each_ms:g} ms a photograph, {photos} photographs each",
        ["workers", "a second", "of the sleep's own rate", f"of linear (at least {LINEAR_TARGET})",
         ""],
        rows,
    )  # fmt: skip


def _sleeping_run(workers: int, count: int, each_s: float, template: Row) -> float:
    """Return the seconds that a run over so many photographs takes."""
    photos = made_up_photos(count)
    task = partial(sleep_over, each_s=each_s, template=template)
    with ExitStack() as stack:
        scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix="beltline-scaling-"))
        cluster = stack.enter_context(own_cluster(workers))

        def whole(name: str) -> None:
            dataset = Dataset(str(Path(scratch, name)))
            engine.run(photos, CohortOptions(), dataset, scheduler=cluster.address)

        # Workers load modules with their first chunk, once for a run of any length.
        with instead_of_measuring(partial(sleep_over, each_s=0.0, template=template)):
            whole("warm")
        with instead_of_measuring(task):
            return took_ms(lambda: whole("rows")) / 1000


def chunks(
    count: Annotated[int, typer.Option(help="how many chunks")] = 100_000,
    workers: int = 2,
) -> None:
    """Hand out very many chunks without work: time and memory for each, and whether they stay.

    The scheduler, the workers and this program, which hands out, are processes of their own.
    """
    photos = made_up_photos(count)
    marks: list[tuple[int, float, int, int]] = []
    with ExitStack() as stack:
        scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix="beltline-chunks-"))
        cluster = stack.enter_context(own_cluster(workers))
        stack.enter_context(instead_of_measuring(none_at_all))
        # One photograph a chunk, so that many chunks need no large memory here.
        stack.enter_context(patch.object(engine, "_CHUNK_MAX", 1))
        dataset = CountingDataset(scratch + "/rows")
        step = max(1, count // 10)

        def tell(_: CohortProgress) -> None:
            if dataset.times % step == 0 and (not marks or marks[-1][0] < dataset.times):
                held = [cost_of(pid)[0] for pid in (cluster.scheduler_pid, *cluster.worker_pids)]
                marks.append((dataset.times, time.monotonic(), held[0], max(held[1:])))
                told = f"{dataset.times} chunks, scheduler {held[0] / _MB:.1f} MB"
                print(told, file=sys.stderr, flush=True)

        engine.run(photos, CohortOptions(), dataset, scheduler=cluster.address, tell=tell)
    rows = [
        [f"{done}", f"{1000 * (now - before) / (done - earlier):.2f}", f"{scheduler / _MB:.0f}",
         f"{worker / _MB:.0f}"]
        for (earlier, before, *_), (done, now, scheduler, worker)
        in pairwise(marks)
    ]  # fmt: skip
    print_table(
        f"{count} chunks without work, {workers} workers",
        ["chunks done", "ms a chunk", "scheduler, MB", "largest worker, MB"],
        rows,
    )
    if len(rows) > 1:
        slower = float(rows[-1][1]) / float(rows[1][1])
        more_mb = (marks[-1][2] - marks[2][2]) / _MB
        is_flat = slower <= _FLAT_TIMES and more_mb <= _FLAT_MB
        print(
            f"Last tenth beside the second: {slower:.2f} times the time, {more_mb:+.1f} MB of the "
            f"scheduler: {'flat' if is_flat else 'NOT FLAT'}."
        )
