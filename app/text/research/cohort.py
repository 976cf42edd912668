"""What is said of folders of photographs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

DASHBOARD = "While it runs, watch it in a browser: {address}"
NO_WORKERS = "The cluster has no workers just now; measuring goes on when there are some."
MERGED = "{rows} rows were written to '{out}'."
EXTRA_MISSING = (
    "Folders of photographs need more packages ({packages}). "
    "Where Beltline was installed with Python, install them with: pip install 'beltline[cohort]'"
)
_HOUR_S, _MINUTE_S = 3600, 60
UNKNOWN_METHOD = "There is no method '{method}'. Take auto, contour, marked or belt."


class _Counts(Protocol):
    total: int
    known: int
    measured: int
    refused: int
    failed: int

    @property
    def done(self) -> int: ...
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
    def warned_of(self) -> Iterable[tuple[str, int]]: ...
    @property
    def versions(self) -> Iterable[str]: ...


def so_far(counts: _Counts) -> str:
    """Return what stands beside the bar."""
    return (
        f"{counts.per_second:.1f} a second{_left(counts)}, {counts.refused} refused, "
        f"{counts.failed} unreadable"
    )


def line_of(counts: _Counts) -> str:
    """Return what is said now and then where there is no bar."""
    return f"{counts.done} of {counts.total} photographs, {so_far(counts)}"


def _left(counts: _Counts) -> str:
    if counts.done == counts.known or counts.done >= counts.total:
        return ""
    left_s = (counts.total - counts.done) / max(counts.per_second, 1e-9)
    if left_s < _MINUTE_S:
        return ", under 1 min left"
    hours, minutes = divmod(round(left_s / _MINUTE_S), _HOUR_S // _MINUTE_S)
    return f", {hours} h {minutes} min left" if hours else f", {minutes} min left"


def done(counts: _Counts, out: str) -> str:
    """Return what is said at the end of a run."""
    known = f" {counts.known} were done before." if counts.known else ""
    return (
        f"{counts.measured} measured, {counts.refused} refused, {counts.failed} unreadable.{known} "
        f"The results are in '{out}'."
    )


def status(found: _Status) -> list[str]:
    """Return what there is, line by line."""
    return [
        f"{found.measured} measured, {found.refused} refused, {found.failed} unreadable.",
        *(f"  no number because of {code}: {count}" for code, count in found.refused_for),
        *(f"  with a warning of {code}: {count}" for code, count in found.warned_of),
        *([f"Measured by Beltline {', '.join(found.versions)}."] if found.versions else []),
    ]
