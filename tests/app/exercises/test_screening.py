"""The questions before exercising."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exercises.screening import is_due, outcome_of, questions
from app.history.diary import Break, BreakKind, Entry, Screening, ScreeningOutcome
from app.text.language import texts

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
_ORDER = list(ScreeningOutcome)


def screened(at: datetime) -> Entry:
    return Entry(1, 1, at, Screening(ScreeningOutcome.CLEAR))


def test_the_gravest_are_asked_first() -> None:
    ranks = [_ORDER.index(question.outcome) for question in questions()]
    assert ranks == sorted(ranks)
    assert set(ranks) == {0, 1, 2}


def test_what_the_source_names_is_asked() -> None:
    by_outcome = {
        outcome: {q.code for q in questions() if q.outcome is outcome} for outcome in _ORDER
    }
    assert by_outcome[ScreeningOutcome.EMERGENCY] == {
        "saddle_numbness",
        "bladder_bowel",
        "leg_weakness",
        "both_legs_pain",
    }
    assert by_outcome[ScreeningOutcome.DOCTOR_FIRST] == {
        "injury",
        "fever",
        "cancer",
        "weight_loss",
        "night_pain",
        "bones",
        "no_weight",
        "hot_joint",
    }
    assert by_outcome[ScreeningOutcome.ASK_FIRST] == {"pregnancy", "surgery", "hip_replacement"}


def test_nothing_said_yes_to_is_clear() -> None:
    assert outcome_of(()) is ScreeningOutcome.CLEAR
    assert outcome_of({"pregnancy", "fever"}) is ScreeningOutcome.DOCTOR_FIRST
    assert outcome_of({"a_later_versions_question"}) is ScreeningOutcome.ASK_FIRST


@given(st.sets(st.sampled_from([question.code for question in questions()])))
def test_the_gravest_answer_decides(codes: set[str]) -> None:
    ranks = [_ORDER.index(q.outcome) for q in questions() if q.code in codes]
    assert _ORDER.index(outcome_of(codes)) == min(ranks, default=len(_ORDER) - 1)


def test_only_a_clear_answer_or_having_asked_opens_the_exercises() -> None:
    for outcome in ScreeningOutcome:
        assert Screening(outcome).allows_exercise is (outcome is ScreeningOutcome.CLEAR)
        has_asked = Screening(outcome, has_asked=True)
        mild = {ScreeningOutcome.CLEAR, ScreeningOutcome.ASK_FIRST}
        assert has_asked.allows_exercise is (outcome in mild)


@pytest.mark.parametrize(
    ("ago", "is_asked"),
    [
        (timedelta(0), False),
        (timedelta(days=27, hours=23), False),
        (timedelta(days=28), True),
        (timedelta(days=400), True),
        (timedelta(hours=-1), True),  # the clock was set back
    ],
)
def test_it_is_asked_every_four_weeks(ago: timedelta, is_asked: bool) -> None:
    assert is_due(screened(NOW - ago), NOW) is is_asked
    elsewhere = (NOW - ago).astimezone(timezone(timedelta(hours=9)))
    assert is_due(screened(elsewhere), NOW) is is_asked


def test_it_is_asked_at_first_use() -> None:
    assert is_due(None, NOW)
    assert is_due(Entry(1, 1, NOW, Break(BreakKind.TAKEN)), NOW)


def test_what_is_grave_names_whom_to_call_and_how_soon() -> None:
    outcomes = texts().screening.outcomes
    grave = outcomes[ScreeningOutcome.EMERGENCY]
    assert "112, 999 or 911" in grave.whom
    assert "Now" in grave.how_soon
    assert "doctor" in outcomes[ScreeningOutcome.DOCTOR_FIRST].whom
    assert "days" in outcomes[ScreeningOutcome.DOCTOR_FIRST].how_soon
    assert "Ask" in outcomes[ScreeningOutcome.ASK_FIRST].whom
    assert "Stop" in texts().screening.pain.title
