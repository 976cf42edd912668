"""What the figures on folders are taken with: photographs, rows and a cluster that are made up."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from unittest.mock import patch

import numpy as np
from PIL import Image

from app.cohort import engine, worker
from app.cohort.dataset import Dataset
from app.cohort.listing import CohortPhoto
from app.cohort.rows import COLUMNS, row_of
from benchmarks.shared import measured_sample, sample_pictures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from app.cohort.measuring import Chunk
    from app.cohort.rows import Row

#: The most that is cut off each side of a sample, in shares of it.
_CUT_MAX = 0.02
_QUALITIES = 84, 96
_PATIENCE_S = 300
_CLUSTER_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "DASK_DISTRIBUTED__SCHEDULER__WORKER_SATURATION": "1.0",
    "DASK_DISTRIBUTED__WORKER__MEMORY__PAUSE": "False",
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
    "DASK_DISTRIBUTED__ADMIN__LOW_LEVEL_LOG_LENGTH": "10",
    "MALLOC_TRIM_THRESHOLD_": str(64 * 2**20),
    "MALLOC_MMAP_THRESHOLD_": str(32 * 2**20),
}


def make_photographs(folder: Path, count: int) -> list[Path]:
    """Write so many photographs, no two alike: samples, cut and encoded anew.

    Parameters
    ----------
    folder
        Is made; a photograph that is there stays.
    """
    folder.mkdir(parents=True, exist_ok=True)
    samples = []
    for path in sample_pictures():
        with Image.open(path) as image:
            samples.append(image.convert("RGB"))
    paths = []
    for number in range(count):
        path = folder / f"photo_{number:06d}.jpg"
        paths.append(path)
        if path.exists():
            continue
        random = np.random.default_rng(number)
        sample = samples[number % len(samples)]
        left, top, right, bottom = random.uniform(0, _CUT_MAX, 4)
        width_px, height_px = sample.size
        box = left * width_px, top * height_px, (1 - right) * width_px, (1 - bottom) * height_px
        stream = io.BytesIO()
        sample.crop(tuple(map(round, box))).save(
            stream, "JPEG", quality=int(random.integers(*_QUALITIES))
        )
        path.write_bytes(stream.getvalue())
    return paths


def made_up_photos(count: int) -> list[CohortPhoto]:
    """Return so many photographs that are nowhere, with names as long as usual."""
    return [
        CohortPhoto(
            f"/data/clinic/photographs/2026/subject-{number // 8:07d}/side_{number:08d}.jpg",
            f"{2_000_000 + number} {1_790_000_000_000_000_000 + number * 1_000_003}",
        )
        for number in range(count)
    ]


def sample_row() -> Row:
    """Return the row of a sample that was measured."""
    _, result = measured_sample()
    return row_of(CohortPhoto("sample.jpg", "1 1"), "", "", result)


def made_up_rows(chunk: Chunk, template: Row) -> list[Row]:
    """Return rows like one that was measured: what differs between photographs is random."""
    measured_by = chunk.options.measured_by()
    varying = [
        column.name
        for column in COLUMNS
        if isinstance(template[column.name], float) and "bones" not in column.name
    ]
    marks = [photo.fingerprint(measured_by) for photo in chunk.photos]
    random = np.random.default_rng(int(marks[0], 16))
    noise = random.normal(0.0, 1.0, (len(marks), len(varying))).tolist()
    return [
        template
        | {name: template[name] + number for name, number in zip(varying, numbers, strict=True)}
        | {
            "path": photo.path,
            "fingerprint": mark,
            "content_sha256": hashlib.sha256(mark.encode()).hexdigest(),
        }
        for photo, mark, numbers in zip(chunk.photos, marks, noise, strict=True)
    ]


class CountingDataset(Dataset):
    """A dataset that keeps no row, only how many times it was given some."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.times = 0

    def add(self, rows: Sequence[Row]) -> None:
        """Count."""
        self.times += 1

    def finish(self, photos: Sequence[CohortPhoto], fingerprints: Sequence[str]) -> None:
        """Do nothing."""


@contextmanager
def instead_of_measuring(measure: Callable[[Chunk], list[Row]]) -> Iterator[None]:
    """Let the engine hand out chunks as always, and the workers do this in place of measuring."""
    with patch.object(engine, "try_chunk", partial(_done_by, measure=measure)):
        yield


def _done_by(handed_out: Any, measure: Callable[[Chunk], list[Row]]) -> list[Row] | None:
    """Do a worker's part with something else in place of measuring."""
    with patch.object(worker, "measure_chunk", measure):
        return worker.try_chunk(handed_out)


def none_at_all(chunk: Chunk) -> list[Row]:
    """Return no rows, at once, as if a chunk were measured."""
    return []


@dataclass(frozen=True, slots=True)
class OwnCluster:
    """A scheduler and workers of one thread each, every one a process on loopback.

    Attributes
    ----------
    address
        The scheduler's.
    scheduler_pid, worker_pids
        Their numbers as the system has them.
    """

    address: str
    scheduler_pid: int
    worker_pids: tuple[int, ...]


@contextmanager
def own_cluster(workers: int) -> Iterator[OwnCluster]:
    """Run a cluster by Dask's own commands, so that the memory of each part can be told.

    With the settings of deploy/README.md.
    """
    from distributed import Client

    with ExitStack() as stack:
        scratch = stack.enter_context(TemporaryDirectory(prefix="beltline-cluster-"))
        told = Path(scratch, "scheduler.json")

        def start(*arguments: str) -> int:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *arguments, "--scheduler-file", str(told)],
                env=os.environ | _CLUSTER_ENVIRONMENT,
                stderr=subprocess.DEVNULL,
            )
            stack.callback(_end, process)
            return process.pid

        scheduler = start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        address = _address_in(told)
        start(
            *("worker", "--nworkers", str(workers), "--nthreads", "1", "--host", "127.0.0.1"),
            *("--no-dashboard", "--memory-limit", "0", "--local-directory", scratch),
        )
        with Client(address, timeout=_PATIENCE_S) as client:
            client.wait_for_workers(workers, timeout=_PATIENCE_S)
            pids = tuple(client.run(os.getpid).values())
        yield OwnCluster(address, scheduler, pids)


def _address_in(told: Path) -> str:
    """Return where a scheduler listens, once it has written that into a file."""
    end_s = time.monotonic() + _PATIENCE_S
    while time.monotonic() < end_s:
        with suppress(OSError, ValueError):
            return str(json.loads(told.read_text("utf-8"))["address"])
        time.sleep(0.1)
    raise SystemExit("Dask's scheduler did not start.")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
