"""What is due waits while somebody is occupied, and is given as soon as they are not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from app.breaks.courtesy import NO_ANSWER_S, Courtesy
from app.system.calm.occupied import Occupied
from app.system.clock import Instant

if TYPE_CHECKING:
    from collections.abc import Callable

MORNING = datetime(2026, 6, 1, 9, tzinfo=UTC)


class Door:
    """Somebody to be disturbed or not, whose answers come when the test wants them."""

    def __init__(self, *, has_questions: bool = True) -> None:
        self.questions: list[Callable[[Occupied | None], None]] = []
        self.given = 0
        self.now_s = 1000.0
        ask = self.questions.append if has_questions else None
        self.courtesy = Courtesy(ask, self.look)

    def look(self, *, after_s: float = 0.0) -> None:
        """Look once, as the schedule does while something is due."""
        self.now_s += after_s
        if self.courtesy.holds:
            self.courtesy.hold(Instant(self.now_s, MORNING))
        else:
            self.given += 1
            self.courtesy.give()


def test_whoever_is_free_is_reminded_at_once() -> None:
    door = Door()
    door.look()
    assert (door.given, len(door.questions)) == (0, 1)
    door.questions.pop()(None)
    assert door.given == 1
    assert door.courtesy.last_reason is None


def test_whoever_is_occupied_is_asked_again_every_half_minute_and_told_why() -> None:
    door = Door()
    for _ in range(40):
        door.look(after_s=15)
        if door.questions:
            door.questions.pop()(Occupied.MICROPHONE)
            assert door.courtesy.reason is Occupied.MICROPHONE
    assert door.given == 0
    asked = 0
    for _ in range(40):
        door.look(after_s=15)
        asked += len(door.questions)
        for answer in door.questions:
            answer(Occupied.CAMERA)
        door.questions.clear()
    assert asked == 20
    while not door.questions:
        door.look(after_s=15)
    door.questions.pop()(None)
    assert door.given == 1
    assert (door.courtesy.reason, door.courtesy.last_reason) == (None, Occupied.CAMERA)


def test_the_next_one_did_not_wait() -> None:
    door = Door()
    door.look()
    door.questions.pop()(Occupied.KEPT_ON)
    door.look(after_s=30)
    door.questions.pop()(None)
    assert door.courtesy.last_reason is Occupied.KEPT_ON
    door.look(after_s=900)
    assert door.courtesy.last_reason is None
    door.questions.pop()(None)
    assert door.given == 2
    assert door.courtesy.last_reason is None


def test_no_answer_silences_nobody() -> None:
    door = Door()
    door.look()
    door.look(after_s=NO_ANSWER_S - 1)
    assert (door.given, len(door.questions)) == (0, 1)
    door.look(after_s=1)
    assert door.given == 1
    door.questions.pop()(Occupied.CAMERA)
    assert door.courtesy.reason is None


def test_an_answer_that_comes_too_late_counts_for_nothing() -> None:
    door = Door()
    door.look()
    door.courtesy.forget()
    door.questions[0](None)
    assert door.given == 0
    door.look()
    door.questions[0](None)
    assert door.given == 0
    door.questions[1](None)
    door.questions[1](None)
    assert door.given == 1


@pytest.mark.parametrize(("has_questions", "is_wanted"), [(False, True), (True, False)])
def test_who_wants_no_courtesy_is_not_asked(has_questions: bool, is_wanted: bool) -> None:
    door = Door(has_questions=has_questions)
    door.courtesy.is_wanted = is_wanted
    door.look()
    assert (door.given, door.questions) == (1, [])
