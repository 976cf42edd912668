"""What very many rows cost: to write, to keep, to find again, to merge."""

from __future__ import annotations

import tempfile
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cohort.dataset import Dataset
from app.cohort.engine import run
from app.cohort.measuring import Chunk, CohortOptions
from benchmarks.cohort.made_up import made_up_photos, made_up_rows, sample_row
from benchmarks.shared import print_table, took_ms

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.cohort.listing import CohortPhoto

_CHUNK = 128
_MB = 2**20


@dataclass(frozen=True, slots=True)
class _Spent:
    """What a step took a process of its own: time, and memory at the most and before."""

    seconds: float
    peak_mb: float
    before_mb: float


def dataset(
    rows: Annotated[int, typer.Option(help="how many rows")] = 1_000_000,
    folder: Annotated[Path | None, typer.Option(help="where to build it; removed after")] = None,
) -> None:
    """Time a million rows: written chunk by chunk, known at the next start, merged into a file.

    Rows are like that of a measured sample, with random numbers. Going on, and merging, are
    done by processes of their own, so that the memory that they hold can be told; going on
    means that every photograph has a row, so that nothing is left but to find that out.
    """
    with tempfile.TemporaryDirectory(prefix="beltline-dataset-", dir=folder) as scratch:
        place = str(Path(scratch, "rows"))
        photos = made_up_photos(rows)
        written_s, finished_s, small_bytes = _write(place, photos)
        names = list(Path(place, "parts").glob("*.parquet"))
        held = sum(name.stat().st_size for name in names)
        table = [
            ["write", f"{written_s:.1f}", "", f"{rows / written_s:.0f} rows a second"],
            ["finish", f"{finished_s:.1f}", "",
             f"{held / rows:.0f} bytes a row in {len(names)} files "
             f"({small_bytes:.0f} in files of {_CHUNK})"],
        ]  # fmt: skip
        table.append(_spent_row("go on, all known", _alone(_go_on, place, rows)))
        for ending in (".csv", ".parquet"):
            out = Path(scratch, f"table{ending}")
            cells = _spent_row(f"merge to {ending}", _alone(_merge, place, str(out)))
            table.append([*cells[:3], f"{cells[3]}, file of {out.stat().st_size / _MB:.0f} MB"])
            out.unlink()
    print_table(f"{rows} rows", ["what", "seconds", "peak, MB", ""], table)


def _write(place: str, photos: list[CohortPhoto]) -> tuple[float, float, float]:
    """Return the seconds of writing and finishing, and the bytes of a row in the first file."""
    kept, options, template = Dataset(place), CohortOptions(), sample_row()
    kept.begin()
    written_s = small_bytes = 0.0
    for first in range(0, len(photos), _CHUNK):
        chunk = Chunk(tuple(photos[first : first + _CHUNK]), options)
        found = made_up_rows(chunk, template)
        written_s += took_ms(lambda some=found: kept.add(some)) / 1000  # type: ignore[misc]
        if not first:
            (name,) = Path(place, "parts").glob("*.parquet")
            small_bytes = name.stat().st_size / len(found)
    marks = [photo.fingerprint(options.measured_by()) for photo in photos]
    return written_s, took_ms(lambda: kept.finish(photos, marks)) / 1000, small_bytes


def _alone(step: Callable[..., _Spent], *arguments: Any) -> _Spent:
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(step, *arguments).result()


def _go_on(place: str, rows: int) -> _Spent:
    photos = made_up_photos(rows)
    return _spent(lambda: run(photos, CohortOptions(), Dataset(place)))


def _merge(place: str, out: str) -> _Spent:
    return _spent(lambda: Dataset(place).merge(Path(out)))


def _spent(step: Callable[[], object]) -> _Spent:
    before_mb = _status_mb("VmRSS")
    with suppress(OSError):
        # Forgets the peak so far, where the system lets it.
        Path("/proc/self/clear_refs").write_text("5", "ascii")
    seconds = took_ms(step) / 1000
    return _Spent(seconds, _status_mb("VmHWM"), before_mb)


def _status_mb(name: str) -> float:
    """Return a figure on this process's memory, as Linux gives it."""
    text = Path("/proc/self/status").read_text("ascii")
    return int(text.split(f"{name}:")[1].split()[0]) / 1024


def _spent_row(name: str, spent: _Spent) -> list[str]:
    return [name, f"{spent.seconds:.1f}", f"{spent.peak_mb:.0f}",
            f"{spent.before_mb:.0f} MB before"]  # fmt: skip
