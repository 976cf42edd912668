"""What is said about squeeze tests."""

from __future__ import annotations

import re

import pytest

from app.history.records import Ability, SqueezeAnswers
from app.text import squeeze as said
from vision.live.events import SqueezeResult, SqueezeRound


def result(backward_deg: float, low_deg: float, high_deg: float) -> SqueezeResult:
    rounds = (SqueezeRound(12.0, 6.0, 12.0), SqueezeRound(12.0, 12.2, 12.0))
    return SqueezeResult(backward_deg, low_deg, high_deg, True, rounds)


@pytest.mark.parametrize(
    ("turned", "whole", "brief"),
    [
        (
            result(6.2, 4.4, 8.0),
            "Turned back 6° on squeezing (likely 4 to 8)",
            "6° back (4 to 8)",
        ),
        (
            result(1.4, -1.0, 3.8),
            "Turned back 1° on squeezing (likely 1 forward to 4 back)",
            "1° back (1 forward to 4 back)",
        ),
        (
            result(-2.6, -4.0, -1.0),
            "Turned forward 3° on squeezing (likely 1 to 4)",
            "3° forward (1 to 4)",
        ),
        (
            result(0.4, -0.4, 1.2),
            "Turned by less than 1° on squeezing (likely 0 to 1 back)",
            "0° (0 to 1 back)",
        ),
    ],
)
def test_the_turn_is_told_in_whole_degrees(turned: SqueezeResult, whole: str, brief: str) -> None:
    assert said.describe_turn(turned) == whole
    assert said.turn_text(turned) == brief


def test_each_round_is_told_briefly() -> None:
    assert said.describe_rounds(result(3, 1, 5)) == "One by one: 6° back, 0°."
    assert said.describe_rounds(SqueezeResult(3, 1, 5, True, ())) == ""


def test_answers_are_told_where_any_was_given() -> None:
    assert said.describe_answers(SqueezeAnswers()) == ""
    assert said.describe_answers(SqueezeAnswers(Ability.YES, None, Ability.NO)) == (
        "Could squeeze both sides: yes; the left alone: not said; the right alone: no."
    )


def test_more_than_noise_or_maybe_chance() -> None:
    more, less = result(6, 4, 8), SqueezeResult(1, -1, 3, False, ())
    assert said.describe_noise(more) == said.MORE_THAN_NOISE
    assert "may be chance" in said.describe_noise(less)
    assert (said.noise_briefly(more), said.noise_briefly(less)) == (
        "more than standing still varies",
        "may be chance",
    )


def test_a_number_of_tests() -> None:
    assert (said.count_tests(1), said.count_tests(3)) == ("1 squeeze test", "3 squeeze tests")


def test_every_answer_has_a_name_and_no_verdict_is_spoken() -> None:
    assert {said.ability_name(ability) for ability in Ability} == set(said.ABILITY_NAMES.values())
    everything = " ".join(value for value in vars(said).values() if isinstance(value, str))
    assert not re.search(
        r"diagnos|abnormal|weak|corrected|better|worse|\bgood|\bbad\b|ASIS|PSIS|glute", everything
    )
