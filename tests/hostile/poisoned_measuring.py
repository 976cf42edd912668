"""For workers, by Dask's setting ``distributed.worker.preload``: photographs that do harm.

A photograph with ``killer`` in its name ends the process that measures it, as a fault in native
code would. Where ``BELTLINE_TEST_ROWS`` names a file of rows, nothing is really measured: each
row comes from there, after a moment (``BELTLINE_TEST_WAIT_S``).
"""

from __future__ import annotations

import json
import os
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.cohort import worker as worker_module
from app.cohort.measuring import measure_chunk

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.cohort.measuring import Chunk
    from app.cohort.rows import Row

PRELOAD = "tests.hostile.poisoned_measuring"
ROWS, WAIT_S = "BELTLINE_TEST_ROWS", "BELTLINE_TEST_WAIT_S"
KILLER = "killer"


def dask_setup(_: object) -> None:
    """Put the harm in; Dask calls this when a worker starts."""
    vars(worker_module).update(measure_chunk=_with_killers)
    if ROWS in os.environ:
        rows = json.loads(Path(os.environ[ROWS]).read_text(encoding="utf-8"))
        look_up = partial(_looked_up, {row["path"]: row for row in rows})
        vars(worker_module).update(measure_chunk=look_up, get_ready=_nothing)


def write_rows(path: Path, rows: Sequence[Row]) -> None:
    """Write what ``BELTLINE_TEST_ROWS`` names."""
    path.write_text(json.dumps(list(rows)), encoding="utf-8")


def _nothing() -> None:
    """Load no models."""


def _with_killers(chunk: Chunk) -> list[Row]:
    if any(KILLER in photo.path for photo in chunk.photos):
        os._exit(1)
    return measure_chunk(chunk)


def _looked_up(rows: Mapping[str, Row], chunk: Chunk) -> list[Row]:
    if any(KILLER in photo.path for photo in chunk.photos):
        os._exit(1)
    time.sleep(float(os.environ[WAIT_S]) * len(chunk.photos))
    return [rows[photo.path] for photo in chunk.photos]
