"""What is said of folders of photographs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

MEASURING = "Measuring"
DASHBOARD = "What the workers do is shown at {address}"
NO_WORKERS = "The scheduler has no workers just now; measuring goes on when there are some."
MERGED = "{rows} rows are in '{out}'."
EXTRA_MISSING = (
    "Folders of photographs need more packages ({packages}). "
    "Install them with: pip install 'beltline[cohort]'"
)
UNKNOWN_METHOD = "There is no method '{method}'. Take auto, contour, marked or belt."


class _Counts(Protocol):
    known: int
    measured: int
    refused: int
    failed: int

    @property
    def per_second(self) -> float: ...


class _Status(Protocol):
    @property
    def measured(self) -> int: ...
    @property
    def refused(self) -> int: ...
    @property
    def failed(self) -> int: ...
    @property
    def refused_for(self) -> Iterable[tuple[str, int]]: ...
    @property
    def versions(self) -> Iterable[str]: ...


def so_far(counts: _Counts) -> str:
    """Return what stands beside the bar."""
    return f"{counts.per_second:.1f} a second, {counts.refused} refused, {counts.failed} unreadable"


def done(counts: _Counts, out: str) -> str:
    """Return what is said at the end of a run."""
    known = f" {counts.known} had a row before." if counts.known else ""
    return (
        f"{counts.measured} measured, {counts.refused} refused, {counts.failed} unreadable.{known} "
        f"The rows are in '{out}'."
    )


def status(found: _Status) -> list[str]:
    """Return what there is, line by line."""
    return [
        f"{found.measured} measured, {found.refused} refused, {found.failed} unreadable.",
        *(f"  {code}: {count}" for code, count in found.refused_for),
        f"Measured by Beltline {', '.join(found.versions) or 'nothing'}.",
    ]
