"""What a report is about: which check is shown, which beside it, which are listed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.history.comparison import why_unlike
from app.report.errors import ReportError
from app.text import report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.history.progress import Progress
    from app.history.records import Check, Profile, Squeeze, Trend


@dataclass(frozen=True, slots=True, eq=False)
class Contents:
    """What is to be printed.

    Attributes
    ----------
    profile
        Whose report it is.
    checks
        At least one, newest first.
    comparable
        Earlier checks that the newest one can be compared with, oldest first.
    trend
        Angles over time by one method.
    total_count
        How many checks there are; as many as ``checks``, or more.
    squeeze
        The newest squeeze test, or None.
    progress
        What the person did beside the checks, or None.
    """

    profile: Profile
    checks: tuple[Check, ...]
    comparable: tuple[Check, ...]
    trend: Trend
    total_count: int
    squeeze: Squeeze | None = None
    progress: Progress | None = None

    @property
    def newest(self) -> Check:
        """The check that was taken last."""
        return self.checks[0]


def arrange(
    profile: Profile,
    checks: Sequence[Check],
    trend: Trend,
    total_count: int | None,
    squeeze: Squeeze | None = None,
    progress: Progress | None = None,
) -> Contents:
    """Sort checks and find those that the newest may be compared with.

    Raises
    ------
    ReportError
        If there are no checks.
    """
    if not checks:
        raise ReportError(report.NO_CHECKS.format(name=profile.name), report.NO_CHECKS_FIX)
    newest_first = sorted(checks, key=lambda c: (c.row.taken_at, c.row.id), reverse=True)
    newest = newest_first[0]
    comparable = tuple(
        c for c in reversed(newest_first[1:]) if why_unlike(c.row, newest.row) is None
    )
    total = len(checks) if total_count is None else max(total_count, len(checks))
    return Contents(profile, tuple(newest_first), comparable, trend, total, squeeze, progress)
