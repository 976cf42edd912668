"""Fetches from the history what a report is about, and writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.history.progress import read_progress
from app.history.records__query import RowOrder, RowQuery
from app.report.document__write import check_target, write_report
from app.report.errors import ReportError
from app.text import measurement, report

if TYPE_CHECKING:
    from pathlib import Path

    from app.history.records import Check, Profile
    from app.history.store import History
    from vision.result import Method

#: More rows than two pages have room for.
_CHECKS_MAX = 80
#: So many of the oldest checks are offered to stand beside the newest, should pictures lack.
_OLDEST_MAX = 5


def report_profile(
    out: Path, history: History, profile: Profile, method: Method | None = None
) -> None:
    """Write the report about a profile's checks.

    Parameters
    ----------
    out
        A name that ends in ``.pdf``.
    history
        Where the checks are.
    profile
        Whose they are.
    method
        Only checks by this method; None for all of them, with the angle over time by the
        method that was used most.

    Raises
    ------
    ReportError
        If there is no check to report on, or the file cannot be written.
    app.history.errors.HistoryError
        If the history cannot be read.
    """
    check_target(out)
    query = RowQuery(profile.id, method)
    total = history.count(query)
    if not total:
        raise _nothing(profile, method)
    rows = history.rows(query, 0, _CHECKS_MAX)
    checks = {row.id: history.check(row.id) for row in rows}
    checks |= _oldest(history, profile, rows[0].tilt.method, checks)
    trend = history.trend(profile.id, method or history.methods(profile.id)[0])
    squeeze = next(reversed(history.squeezes(profile.id)), None)
    write_report(
        out,
        profile,
        list(checks.values()),
        trend,
        total_count=total,
        squeeze=squeeze,
        progress=read_progress(history, profile.id),
    )


def _oldest(
    history: History, profile: Profile, method: Method, known: dict[int, Check]
) -> dict[int, Check]:
    query = RowQuery(profile.id, method, order=RowOrder.OLDEST)
    rows = history.rows(query, 0, _OLDEST_MAX)
    return {row.id: history.check(row.id) for row in rows if row.id not in known}


def _nothing(profile: Profile, method: Method | None) -> ReportError:
    if method is None:
        return ReportError(report.NO_CHECKS.format(name=profile.name), report.NO_CHECKS_FIX)
    return ReportError(
        report.NO_CHECKS_OF_METHOD.format(
            name=profile.name, method=measurement.METHOD_WORDS[method]
        ),
        report.NO_CHECKS_OF_METHOD_FIX,
    )
