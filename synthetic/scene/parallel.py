"""Run many independent jobs on several processes, with a progress bar."""

from __future__ import annotations

import multiprocessing
import os
from typing import TYPE_CHECKING, TypeVar

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_Job = TypeVar("_Job")
_Result = TypeVar("_Result")

#: Fresh processes every few jobs, so that no renderer's leak can grow.
_JOBS_PER_PROCESS = 10


def run_jobs(
    name: str, work: Callable[[_Job], _Result], jobs: Sequence[_Job], workers: int
) -> list[_Result]:
    """Return what ``work`` makes of each job, in the order in which they finish.

    Processes are spawned, since neither torch nor MediaPipe survives a fork.
    (``ProcessPoolExecutor`` hangs on Python 3.11 when it has to replace its processes.)
    """
    for library in ("OMP", "OPENBLAS", "MKL"):
        # One busy core per process: threads that wait for each other would halve the speed.
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    spawn = multiprocessing.get_context("spawn")
    results = []
    with bar, spawn.Pool(workers, maxtasksperchild=_JOBS_PER_PROCESS) as pool:
        task = bar.add_task(name, total=len(jobs))
        for result in pool.imap_unordered(work, jobs):
            results.append(result)
            bar.update(task, advance=1)
    return results
