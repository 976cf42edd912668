"""The first reason that holds is told, and nothing that fails silences anybody."""

from __future__ import annotations

import pytest

from app.system.calm.occupied import Occupied, first_of
from app.text import breaks


def fail() -> bool:
    raise ValueError("nobody knows")


def test_the_first_reason_that_holds_is_told() -> None:
    never: list[str] = []

    def further() -> bool:
        never.append("asked")
        return True

    questions = (
        (Occupied.MICROPHONE, lambda: None),
        (Occupied.CAMERA, lambda: False),
        (Occupied.KEPT_ON, lambda: True),
        (Occupied.FULL_SCREEN, further),
    )
    assert first_of(questions) is Occupied.KEPT_ON
    assert never == []


def test_a_question_that_fails_is_noted_and_counts_as_no(
    caplog: pytest.LogCaptureFixture,
) -> None:
    questions = ((Occupied.MICROPHONE, fail), (Occupied.CAMERA, lambda: True))
    assert first_of(questions) is Occupied.CAMERA
    assert "microphone" in caplog.text
    assert first_of(questions[:1]) is None
    assert first_of(()) is None


@pytest.mark.parametrize("reason", Occupied)
def test_each_reason_has_its_sentences(reason: Occupied) -> None:
    for said in (breaks.SILENT[reason], breaks.WAITED[reason]):
        assert said.endswith(".")
        assert len(said.split()) <= 14
