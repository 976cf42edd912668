"""What is said beside a result, by rules that are data."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.history.comparison import Change
from app.text.advice import Advice, Facts, Target, advise, advise_on, fits
from app.text.language import texts
from tests import made_up_results
from tests.app.history.made_up import WHEN, measured
from vision.reasons import WARNINGS, warning
from vision.result import Method, Posture, ReasonCode

if TYPE_CHECKING:
    from collections.abc import Callable

STRAIGHT = Posture(1.0, 2.0, 176.0, 10.0)


def facts(
    angle_deg: float = 12.0,
    method: Method = Method.CONTOUR,
    width_deg: float = 7.0,
    posture: frozenset[str] = frozenset(),
    change_deg: float | None = None,
    warnings: frozenset[ReasonCode] = frozenset(),
) -> Facts:
    tilt = made_up_results.tilt(angle_deg, width_deg / 2, method)
    change = None if change_deg is None else Change(change_deg, 8.0)
    return Facts(tilt, posture, change, warnings)


def said(advice: Advice) -> str:
    return " ".join(each(advice))


def each(advice: Advice) -> tuple[str, ...]:
    steps = (step.text for step in (advice.next_, *advice.steps))
    return (advice.change, *advice.is_, *advice.is_not, *advice.posture, *steps)


def test_a_belt_line_is_not_called_a_tilt() -> None:
    advice = advise_on(facts(method=Method.BELT))
    assert "not the tilt of your pelvis" in advice.is_[0]
    assert "usual" not in " ".join(advice.is_)
    assert "3 to 20" not in said(advice)
    assert "same clothes" in said(advice)


@pytest.mark.parametrize(
    ("angle_deg", "words"),
    [
        (12.0, "lies within that"),
        (3.0, "lies within that"),
        (2.6, "lies within that"),  # 3 in whole degrees
        (20.4, "lies within that"),
        (20.6, "This is more"),
        (2.4, "This is less"),
        (-0.4, "This is less"),
        (-0.6, "the other way"),
    ],
)
def test_the_usual_range_is_told_as_context(angle_deg: float, words: str) -> None:
    assert words in said(advise_on(facts(angle_deg)))


def test_what_a_number_cannot_tell_stands_beside_every_one() -> None:
    for method in Method:
        advice = advise_on(facts(method=method))
        assert "good from bad" in advice.is_not[0]
        assert re.search(r"how well (your )?muscles work", advice.is_not[0])
    assert "computer-made bodies" in said(advise_on(facts()))
    assert "computer-made bodies" not in said(advise_on(facts(method=Method.MARKED)))


def test_a_forward_tilt_may_be_a_sign_and_no_other_is() -> None:
    for angle_deg, is_sign in ((12.0, True), (3.0, True), (2.0, False), (-8.0, False)):
        for method in Method:
            assert ("may be a sign" in said(advise_on(facts(angle_deg, method)))) is is_sign


def test_the_chain_of_steps_leads_to_the_pages() -> None:
    targets = [step.target for step in advise_on(facts()).steps]
    assert targets == [Target.EXERCISES, Target.SIT_LESS, Target.SOMEONE]


def test_a_doubtful_picture_comes_first() -> None:
    loose = advise_on(facts(warnings=frozenset({ReasonCode.LOOSE_CLOTHING})))
    assert loose.next_.target is Target.CHECK
    assert loose.next_.text == f"{WARNINGS[ReasonCode.LOOSE_CLOTHING][1]} Then check again."
    both = advise_on(facts(warnings=frozenset({ReasonCode.LENS_LOW, ReasonCode.LOOSE_CLOTHING})))
    assert both.next_ == loose.next_, "one thing at a time"
    wide = advise_on(facts(width_deg=9.5))
    assert "narrow the likely range" in wide.steps[0].text
    assert "narrow the" not in said(advise_on(facts(width_deg=8.5)))
    assert "narrow the" not in said(advise_on(facts(width_deg=12.0, method=Method.MARKED)))


def test_why_the_range_is_wide_is_said_of_a_contour_alone() -> None:
    for method in Method:
        assert ("the shape of your bones" in said(advise_on(facts(method=method)))) is (
            method is Method.CONTOUR
        )


def test_what_counts_as_a_change_is_said_before_there_is_one() -> None:
    # 1.96 * sqrt(2 * (2.7 ** 2 + 1.6 ** 2)) = 8.7, in whole degrees.
    assert "under 9° between two pictures is no real change" in said(advise_on(facts()))


def test_a_change_is_real_or_none() -> None:
    assert advise_on(facts(change_deg=4.0)).change == "No real change since last time."
    since = replace(facts(change_deg=-12.4), change=Change(-12.4, 8.0, since=WHEN))
    assert advise_on(since).change == "12° further backward than on 1 Mar 2026: a real change."
    since = replace(since, change=Change(1.0, 8.0, since=WHEN))
    assert advise_on(since).change == "No real change since 1 Mar 2026."
    real = advise_on(facts(change_deg=-12.4))
    assert real.change == "12° further backward than last time: a real change."
    assert "another day" in real.next_.text
    belt = advise_on(facts(9.0, Method.BELT, change_deg=12.4))
    assert belt.change.startswith("12° lower in front than last time: a real change")
    first = advise_on(facts())
    assert "first" in first.change
    assert "last check" not in said(first)


def test_what_can_hide_a_tilt_has_its_own_sentence() -> None:
    swayed = replace(measured(), posture=Posture(-5.0, 9.0, 187.0, 24.0))
    advice = advise(swayed)
    assert len(advice.posture) == 3
    assert "can hide a forward tilt" in advice.posture[0]
    assert advise(replace(measured(), posture=STRAIGHT)).posture == ()
    assert advise(replace(measured(), posture=Posture(None, None, None, None))).posture == ()


def test_warnings_of_the_measurement_reach_the_rules() -> None:
    arms = replace(measured(), reasons=(warning(ReasonCode.ARMS_OVER_PELVIS),))
    assert "fists on your collar-bones" in advise(arms).next_.text


def test_every_rule_is_said_somewhere() -> None:
    found = set()
    postures = [frozenset[str](), *(frozenset({name}) for name in _POSTURES)]
    for method in Method:
        for angle_deg in (-5.0, 1.0, 12.0, 30.0):
            for change_deg in (None, 3.0, 15.0):
                for posture in postures:
                    for code in (None, *ReasonCode):
                        warned = frozenset({code} if code is not None else ())
                        for width_deg in (6.0, 12.0):
                            advice = advise_on(
                                facts(angle_deg, method, width_deg, posture, change_deg, warned)
                            )
                            found |= set(each(advice))
    unsaid = [rule.text for rule in texts().advice if not any(map(_said_as(rule.text), found))]
    assert unsaid == []


def _said_as(template: str) -> Callable[[str], object]:
    """Return what tells whether a text is this one with something filled in."""
    return re.compile(re.sub(r"\\\{\w+\\\}", ".+", re.escape(template))).fullmatch


_POSTURES = ("sway_back", "knees_back", "head_forward")
_facts = st.builds(
    facts,
    angle_deg=st.floats(-60, 60),
    method=st.sampled_from(Method),
    width_deg=st.floats(0, 40),
    posture=st.frozensets(st.sampled_from(_POSTURES)),
    change_deg=st.none() | st.floats(-40, 40),
    warnings=st.frozensets(st.sampled_from(ReasonCode)),
)


@given(_facts)
def test_whatever_comes_something_is_said_under_each_heading(given_facts: Facts) -> None:
    advice = advise_on(given_facts)
    assert advice.is_
    assert advice.is_not
    assert advice.steps
    assert "{" not in said(advice)
    assert len(said(advice)) < 1700
    targets = [step.target for step in advice.steps]
    assert len(targets) == len(set(targets))


@given(_facts)
def test_one_rule_of_each_group_is_said_and_it_is_the_first(given_facts: Facts) -> None:
    firsts: dict[tuple[str, str], str] = {}
    for rule in texts().advice:
        if fits(rule, given_facts):
            firsts.setdefault((rule.block, rule.group), rule.text)
    advice = advise_on(given_facts)
    given_texts = each(advice)
    assert len(given_texts) == len(firsts)
    assert {text for text in firsts.values() if "{" not in text} <= set(given_texts)
