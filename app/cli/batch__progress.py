"""A progress bar on standard error that steps aside when something is to be read."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress


class Bar:
    """How many photographs are done; silent without a terminal or with one photograph."""

    def __init__(self, total: int) -> None:
        self._progress = _start(total) if total > 1 and sys.stderr.isatty() else None

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Take the bar off the screen while the caller writes."""
        if self._progress is None:
            yield
            return
        self._progress.stop()
        try:
            yield
        finally:
            self._progress.start()

    def advance(self) -> None:
        """Count one photograph as done."""
        if self._progress is not None:
            self._progress.advance(self._progress.task_ids[0])

    def close(self) -> None:
        """Take the bar off the screen for good."""
        if self._progress is not None:
            self._progress.stop()


def _start(total: int) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    progress = Progress(
        TextColumn("Measuring"),
        BarColumn(),
        MofNCompleteColumn(),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    progress.add_task("", total=total)
    progress.start()
    return progress
