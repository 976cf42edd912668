"""What a report is about: which check is shown, which beside it, which are listed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.history.change.trend_line import read_line
from app.history.comparison import why_unlike
from app.history.errors import UnreadableCheck
from app.history.practice import read_practice
from app.history.progress import read_progress
from app.history.ranges import read_ranges
from app.history.records import RowOrder, RowQuery
from app.report import ReportError
from app.text import measurement, report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.history.change.trend_line import TrendLine
    from app.history.practice import Practice
    from app.history.progress import Progress
    from app.history.ranges import RangeTaken
    from app.history.records import Check, Profile, Squeeze, Trend
    from app.history.store import History
    from vision.result import Method

#: More rows than two pages have room for.
_CHECKS_MAX = 80
#: So many of the oldest checks are offered to stand beside the newest, should pictures lack.
_OLDEST_MAX = 5


@dataclass(frozen=True, slots=True, eq=False)
class Contents:
    """What is to be printed.

    Attributes
    ----------
    profile
        Whose report it is.
    checks
        At least one, newest first; two pages have room for some sixty.
    comparable
        Earlier checks that the newest one can be compared with, oldest first.
    trend
        Angles over time by one method.
    total_count
        How many checks there are; as many as ``checks``, or more.
    squeeze
        The newest squeeze test, or None.
    ranges
        Range tests by the method of the newest, oldest first; maybe none.
    progress
        What the person did beside the checks, or None.
    line
        What all checks of the trend say together, or None where they are too few.
    practice
        Whose client the person is, or None.
    hides_face
        Whether the head is blurred in the pictures.
    """

    profile: Profile
    checks: tuple[Check, ...]
    comparable: tuple[Check, ...]
    trend: Trend
    total_count: int
    squeeze: Squeeze | None = None
    progress: Progress | None = None
    ranges: tuple[RangeTaken, ...] = ()
    line: TrendLine | None = None
    practice: Practice | None = None
    hides_face: bool = False

    @property
    def typed(self) -> str:
        """All that people typed in words and letters of their own."""
        said = [check.row.conditions for check in self.checks]
        practice = "" if self.practice is None else self.practice.name
        whose = self.profile.name, self.profile.client_id, practice
        return " ".join([*whose, *(f"{one.garment} {one.note}" for one in said)])

    @property
    def newest(self) -> Check:
        """The check that was taken last."""
        return self.checks[0]


def _readable(history: History, numbers: Sequence[int]) -> list[Check]:
    """Return checks of some numbers but the damaged ones; the history tells of these itself."""
    found, damaged = [], []
    for number in numbers:
        try:
            found.append(history.check(number))
        except UnreadableCheck as error:
            damaged.append(error)
    if not found:
        raise damaged[0]
    return found


def gather(history: History, profile: Profile, method: Method | None) -> Contents:
    """Fetch what a report about a profile shows; see `app.report.document.report_profile`."""
    query = RowQuery(profile.id, method)
    total = history.count(query)
    if not total:
        raise _no_checks(profile, method)
    rows = history.rows(query, 0, _CHECKS_MAX)
    oldest = RowQuery(profile.id, rows[0].tilt.method, order=RowOrder.OLDEST)
    angles = RowQuery(profile.id, method or history.methods(profile.id)[0])
    ids = {row.id for row in (*rows, *history.rows(oldest, 0, _OLDEST_MAX))}
    contents = arrange(
        profile,
        _readable(history, sorted(ids, reverse=True)),
        history.trend(angles),
        total,
        next(reversed(history.squeezes(profile.id)), None),
        read_progress(history, profile.id),
        read_ranges(history, profile.id),
        read_line(history, angles),
    )
    return replace(contents, practice=read_practice(history.place.folder))


def arrange(
    profile: Profile,
    checks: Sequence[Check],
    trend: Trend,
    total_count: int | None = None,
    squeeze: Squeeze | None = None,
    progress: Progress | None = None,
    ranges: Sequence[RangeTaken] = (),
    line: TrendLine | None = None,
) -> Contents:
    """Sort checks and find those that the newest may be compared with.

    Raises
    ------
    ReportError
        If there are no checks.
    """
    if not checks:
        raise _no_checks(profile)
    newest_first = sorted(checks, key=lambda c: (c.row.taken_at, c.row.id), reverse=True)
    newest = newest_first[0]
    comparable = tuple(
        c for c in reversed(newest_first[1:]) if why_unlike(c.row, newest.row) is None
    )
    total = len(checks) if total_count is None else max(total_count, len(checks))
    alike = tuple(test for test in ranges if test.result.method is ranges[-1].result.method)
    shown = profile, tuple(newest_first), comparable, trend, total
    return Contents(*shown, squeeze, progress, alike, line)


def _no_checks(profile: Profile, method: Method | None = None) -> ReportError:
    if method is None:
        return ReportError(report.NO_CHECKS.format(name=profile.name), report.NO_CHECKS_FIX)
    said = report.NO_CHECKS_OF_METHOD.format(
        name=profile.name, method=measurement.METHOD_WORDS[method]
    )
    return ReportError(said, report.NO_CHECKS_OF_METHOD_FIX)
