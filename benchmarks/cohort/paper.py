"""What a very large run would take, worked out on paper from measured figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

_HOUR_S, _DAY_H = 3600, 24
#: Chunks of the engine; one file of rows each, put together by dozens.
_CHUNK = 128
_JOINED = 64
_LISTED_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Paper:
    """What is measured or assumed, and what follows.

    Attributes
    ----------
    photos, cores
        How large.
    per_second
        Photographs that one core measures in a second, reading and decoding included.
    share
        How much of that is left with so many workers.
    photo_mb, row_bytes
        Size of a photograph in 10**6 bytes, and of a row in the dataset.
    core_hour, storage, gets, puts, egress
        US dollars: a core for an hour; 10**9 bytes for a month; a thousand requests that read,
        and that write or list; 10**9 bytes that leave the storage's own region.
    """

    photos: int
    cores: int
    per_second: float
    share: float
    photo_mb: float
    row_bytes: float
    core_hour: float
    storage: float
    gets: float
    puts: float
    egress: float

    @property
    def hours(self) -> float:
        """Return how long the run takes."""
        return self.photos / (self.cores * self.per_second * self.share) / _HOUR_S

    @property
    def chunks(self) -> int:
        """Return how many tasks there are."""
        return -(-self.photos // _CHUNK)

    @property
    def photos_gb(self) -> float:
        """Return the size of all photographs, 10**9 bytes."""
        return self.photos * self.photo_mb / 1000

    @property
    def rows_gb(self) -> float:
        """Return the size of the dataset, 10**9 bytes."""
        return self.photos * self.row_bytes / 1e9

    @property
    def reads(self) -> int:
        """Return the requests that read: each photograph, and each small file to be joined."""
        return self.photos + 2 * self.chunks

    @property
    def writes(self) -> int:
        """Return the requests that write or list."""
        return self.chunks + self.chunks // _JOINED + -(-self.photos // _LISTED_AT_ONCE)

    def lines(self) -> list[str]:
        """Return the table, in Markdown."""
        run_cost = self.hours * self.cores * self.core_hour
        gigabytes_s = self.photos_gb / (self.hours * _HOUR_S)
        held = (self.photos_gb + self.rows_gb) * self.storage
        requests = self.reads / 1000 * self.gets + self.writes / 1000 * self.puts
        return [
            "| what | how much | US dollars |",
            "|---|---:|---:|",
            f"| {self.photos:,} photographs on {self.cores} cores, {self.per_second:g} a second "
            f"and core, {100 * self.share:g} % of linear "
            f"| {_long(self.hours)} | {_usd(run_cost)} |",
            f"| read from storage while it runs | {gigabytes_s * 8:.1f} Gbit/s | |",
            f"| tasks for the scheduler | {self.chunks:,} | |",
            f"| photographs kept for a month, {self.photo_mb:g} MB each | {_size(self.photos_gb)} "
            f"| {_usd(held)} with the rows |",
            f"| rows, {self.row_bytes:g} bytes each | {_size(self.rows_gb)} | |",
            f"| requests | {self.reads:,} reads, {self.writes:,} writes and lists "
            f"| {_usd(requests)} |",
            f"| egress, workers in the storage's region | none | {_usd(0)} |",
            f"| egress, workers elsewhere | {_size(self.photos_gb)} "
            f"| {_usd(self.photos_gb * self.egress)} |",
            f"| the rows, brought home | {_size(self.rows_gb)} "
            f"| {_usd(self.rows_gb * self.egress)} |",
        ]


def paper(
    per_second: Annotated[float, typer.Option(help="photographs a second that a core measures")],
    photos: int = 10_000_000,
    cores: int = 64,
    share: Annotated[float, typer.Option(help="of linear, as `scaling` measures it")] = 0.95,
    photo_mb: Annotated[float, typer.Option(help="10**6 bytes of a photograph")] = 3.0,
    row_bytes: Annotated[float, typer.Option(help="as `dataset` measures them")] = 250.0,
    core_hour: Annotated[float, typer.Option(help="US dollars for a core and hour")] = 0.05,
    storage: Annotated[float, typer.Option(help="for 10**9 bytes and a month")] = 0.023,
    gets: Annotated[float, typer.Option(help="for a thousand requests that read")] = 0.0004,
    puts: Annotated[float, typer.Option(help="for a thousand that write or list")] = 0.005,
    egress: Annotated[float, typer.Option(help="for 10**9 bytes that leave the region")] = 0.09,
) -> None:
    """Print time, storage and cost of ten million photographs on 64 cores, from measured figures.

    Nothing is measured here; docs/SCALE.md holds what this prints, and where the figures are from.
    """
    worked_out = Paper(
        *(photos, cores, per_second, share, photo_mb, row_bytes),
        *(core_hour, storage, gets, puts, egress),
    )
    print("\n".join(worked_out.lines()))


def _long(hours: float) -> str:
    return f"{hours:.1f} hours" if hours < 2 * _DAY_H else f"{hours / _DAY_H:.1f} days"


def _size(gigabytes: float) -> str:
    return f"{gigabytes:.1f} GB" if gigabytes < 1000 else f"{gigabytes / 1000:.1f} TB"


def _usd(dollars: float) -> str:
    return f"{dollars:,.2f}" if dollars < 100 else f"{dollars:,.0f}"
