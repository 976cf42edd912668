"""What is said about exercises, breaks and self-checks."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.history.diary import Break, BreakKind, Content, Entry, ExerciseSet, SelfCheck
from app.history.progress import Period, Progress, Unit, progress_of
from app.history.records import Ability, SqueezeAnswers
from app.text import breaks as sit_less_words
from app.text.change import progress as progress_words

TODAY = date(2026, 3, 4)
MONDAY, SUNDAY = date(2026, 3, 2), date(2026, 3, 8)
NEVER = ("diagnos", "abnormal", "weak", "correct", "better", "worse", "should have", "lazy")


def week(days: int = 0, taken: int = 0, away: int = 0) -> Period:
    return Period(
        Unit.WEEK,
        MONDAY,
        SUNDAY,
        exercise_days=days,
        sets=3 * days,
        breaks_taken=taken,
        breaks_away=away,
    )


def before(period: Period, weeks: int = 1) -> Period:
    first, last = (day.toordinal() - 7 * weeks for day in (period.first, period.last))
    return Period(
        Unit.WEEK,
        date.fromordinal(first),
        date.fromordinal(last),
        period.exercise_days,
        period.sets,
        breaks_taken=period.breaks_taken,
    )


def progress(*weeks: Period) -> Progress:
    """Return weeks, oldest first, and some days so that it is not empty."""
    return Progress(days=weeks, weeks=weeks)


@pytest.mark.parametrize(
    ("weeks", "said"),
    [
        ((week(3, 12, 9),), "This week: exercises on 3 days, 21 breaks."),
        ((week(1, 1),), "This week: exercises on 1 day, 1 break."),
        ((week(0, 4),), "This week: 4 breaks."),
        (
            (before(week(2, 5)),),
            "This week: nothing noted so far. Last week: exercises on 2 days, 5 breaks.",
        ),
        ((before(week(2), 5),), "This week: nothing noted so far."),
        (
            (before(week(2)), week(2)),
            "This week: exercises on 2 days. 2 weeks in a row with exercises on 2 days or more.",
        ),
        ((), ""),
    ],
)
def test_this_week_in_words(weeks: tuple[Period, ...], said: str) -> None:
    assert progress_words.summary(progress(*weeks), TODAY) == said


def test_a_day_is_told_in_full() -> None:
    answers = SqueezeAnswers(Ability.YES, Ability.PARTLY, None)
    day = Period(Unit.DAY, TODAY, TODAY, 1, 4, 2, 3, 2, 1, answers)
    assert progress_words.pointed(day, "4 Mar 2026") == (
        "4 Mar 2026: 4 sets of 2 different exercises, 5 breaks (2 noticed while you were away). "
        "Could squeeze both sides: yes; the left alone: partly; the right alone: not said."
    )
    alone = Period(Unit.DAY, TODAY, TODAY, self_checks=1, answers=answers)
    assert progress_words.pointed(alone, "4 Mar 2026").startswith("4 Mar 2026: 1 self-check. Could")
    assert progress_words.pointed(week(2, 1), "2 Mar 2026") == (
        "Week from 2 Mar 2026: exercises on 2 days, 6 sets, 1 break."
    )


def test_the_legend_names_what_is_there() -> None:
    assert progress_words.legend(progress(week(1))) == "\u25a0 exercises."
    both = progress_words.legend(progress(week(1, 1)))
    assert both == "\u25a0 exercises · \u25ae breaks."


CONTENTS = st.one_of(
    st.builds(ExerciseSet, st.sampled_from(["glute_bridge", "leg_lift"]), st.integers(1, 9)),
    st.builds(Break, st.sampled_from(BreakKind)),
    st.builds(SelfCheck, st.builds(SqueezeAnswers, *[st.sampled_from(Ability)] * 3)),
)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 3, 1), timezones=st.just(UTC))


@given(st.lists(st.tuples(MOMENTS, CONTENTS), min_size=1, max_size=30))
def test_whatever_was_done_makes_plain_sentences(
    kept: list[tuple[datetime, Content]],
) -> None:
    done = progress_of(Entry(1, 1, at, content) for at, content in kept)
    for period in (*done.days, *done.weeks, *done.months):
        said = progress_words.pointed(period, "2 Mar 2026")
        assert said.endswith(".")
        assert not re.search(r"[{}]|\b0 |\b1 (days|sets|breaks|self-checks)|  |, ,|: ?[.,]", said)


def texts_of(module: object) -> list[str]:
    found: list[str] = []
    for value in vars(module).values():
        values = value if isinstance(value, tuple) else (value,)
        found += [text for text in values if isinstance(text, str)]
    return found


@pytest.mark.parametrize("module", [progress_words, sit_less_words])
def test_nothing_judges_or_promises(module: object) -> None:
    text = " ".join(texts_of(module)).lower()
    assert len(text) > 500
    for word in NEVER:
        assert word not in text, word


def test_the_tilt_is_not_promised_to_follow() -> None:
    assert "1 to 2° at most" in progress_words.HABIT
    assert "1 to 2° at most" in progress_words.REPORT_NOTE


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (25.4, "Next reminder in about 25 minutes."),
        (1.4, "Next reminder in about a minute."),
        (0.0, "Next reminder in about a minute."),
        (None, sit_less_words.NOT_DUE_NOW),
    ],
)
def test_the_next_reminder(minutes: float | None, said: str) -> None:
    assert sit_less_words.next_text(minutes) == said


def test_breaks_of_today() -> None:
    assert sit_less_words.today_text(0, 0, "") == "No break noted today so far."
    assert sit_less_words.today_text(1, 1, "14:05") == (
        "1 break today, at 14:05. 1 of them was noticed because you were away."
    )
    assert sit_less_words.today_text(5, 2, "14:05") == (
        "5 breaks today, the last at 14:05. 2 of them were noticed because you were away."
    )
