"""The questions before exercising: which, when, and what answers lead to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from app.history.diary import Screening, ScreeningOutcome
from app.text.language import texts

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from app.history.diary import Entry
    from app.text.language import OutcomeText

#: Asked at first use and so often (docs/MEASUREMENT.md).
EVERY = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes
    ----------
    code
        What the history keeps of it.
    text
        For the person.
    outcome
        What a yes leads to.
    """

    code: str
    text: str
    outcome: ScreeningOutcome


@dataclass(frozen=True, slots=True)
class OutcomeWords:
    """What answers lead to, in words.

    Attributes
    ----------
    title
        In a few words.
    whom
        Whom to call or ask.
    how_soon
        How soon.
    then
        What happens here.
    """

    title: str
    whom: str
    how_soon: str
    then: str


def questions() -> tuple[Question, ...]:
    """Return the questions, gravest first."""
    order = list(ScreeningOutcome)
    asked = sorted(texts().screening.questions, key=lambda one: order.index(one.outcome))
    return tuple(Question(one.code, one.text, one.outcome) for one in asked)


def outcome_of(yes: Collection[str]) -> ScreeningOutcome:
    """Return the gravest outcome of the questions that were said yes to.

    A code that this version does not know counts as a reason to ask first.
    """
    known = {question.code: question.outcome for question in questions()}
    found = {known.get(code, ScreeningOutcome.ASK_FIRST) for code in yes}
    return next((outcome for outcome in ScreeningOutcome if outcome in found), _CLEAR)


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


def outcome_words(outcome: ScreeningOutcome) -> OutcomeWords:
    """Say what answers lead to."""
    return _words(texts().screening.outcomes[outcome])


def pain_words() -> OutcomeWords:
    """Say what to do when something hurts."""
    return _words(texts().screening.pain)


def _words(text: OutcomeText) -> OutcomeWords:
    return OutcomeWords(text.title, text.whom, text.how_soon, text.then)


_CLEAR = ScreeningOutcome.CLEAR
