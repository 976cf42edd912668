"""The questions before exercising: which, when, and what answers lead to."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from app.history.diary import Screening, ScreeningOutcome
from app.text.language import texts

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from app.history.diary import Entry
    from app.text.language import QuestionText

#: Asked at first use and so often (docs/MEASUREMENT.md).
EVERY = timedelta(days=28)


def questions() -> tuple[QuestionText, ...]:
    """Return the questions, gravest first; the history keeps their codes."""
    order = list(ScreeningOutcome)
    return tuple(sorted(texts().screening.questions, key=lambda one: order.index(one.outcome)))


def outcome_of(yes: Collection[str]) -> ScreeningOutcome:
    """Return the gravest outcome of the questions that were said yes to.

    A code that this version does not know counts as a reason to ask first.
    """
    known = {question.code: question.outcome for question in questions()}
    found = {known.get(code, ScreeningOutcome.ASK_FIRST) for code in yes}
    return next((one for one in ScreeningOutcome if one in found), ScreeningOutcome.CLEAR)


def is_due(newest: Entry | None, now: datetime) -> bool:
    """Tell whether the questions are to be asked.

    Parameters
    ----------
    newest
        The newest screening; None when there is none. One that lies in the future (the clock
        was set back) does not count.
    now
        With its offset from UTC.
    """
    if newest is None or not isinstance(newest.content, Screening):
        return True
    return not timedelta(0) <= now - newest.at < EVERY
