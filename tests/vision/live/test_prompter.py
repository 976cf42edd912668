"""One instruction at a time, without flicker, and nobody is stuck for ever."""

from __future__ import annotations

from itertools import cycle, groupby, islice
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.live.events import Instruction
from vision.live.instructions import PATIENCE_MS, Correction, Patience, Prompter
from vision.result import ReasonCode

if TYPE_CHECKING:
    from collections.abc import Iterable

BACK = Correction(Instruction.STEP_BACK, ReasonCode.BODY_CUT_OFF)
LEFT = Correction(Instruction.TURN_LEFT, ReasonCode.NOT_SIDE_ON)
RIGHT = Correction(Instruction.TURN_RIGHT, ReasonCode.NOT_SIDE_ON)
ONE = Correction(Instruction.ONE_PERSON, ReasonCode.SEVERAL_PEOPLE)
HOPELESS = Correction(None, ReasonCode.TOO_SMALL)
DIM = Correction(Instruction.MORE_LIGHT, ReasonCode.TOO_DARK, is_soft=True)
TURNED = Correction(Instruction.TURN_LEFT, ReasonCode.NOT_SIDE_ON, is_soft=True)
FPS = pytest.mark.parametrize("fps", [5, 15, 30, 60])


def shown(corrections: Iterable[Correction | None], fps: float = 30) -> list[Correction | None]:
    prompter = Prompter()
    return [prompter.add(correction, n * 1000 / fps) for n, correction in enumerate(corrections)]


def seconds(correction: Correction | None, s: float, fps: float = 30) -> list[Correction | None]:
    return [correction] * round(s * fps)


def test_the_first_picture_is_spoken_for_at_once() -> None:
    assert shown([BACK]) == [BACK]
    assert shown([None]) == [None]


@FPS
def test_another_wish_is_shown_once_it_was_there_for_half_a_second(fps: int) -> None:
    found = shown([*seconds(BACK, 2, fps), *seconds(LEFT, 2, fps)], fps)
    runs = [(correction, len(list(run))) for correction, run in groupby(found)]
    assert [correction for correction, _ in runs] == [BACK, LEFT]
    late_ms = (runs[0][1] - 2 * fps) * 1000 / fps
    assert 400 <= late_ms <= 600


@FPS
def test_a_wish_that_is_met_disappears_after_half_a_second(fps: int) -> None:
    found = shown([*seconds(BACK, 2, fps), *seconds(None, 2, fps)], fps)
    assert found[2 * fps] is BACK
    assert found[-1] is None


@FPS
def test_single_pictures_change_nothing(fps: int) -> None:
    corrections = seconds(BACK, 4, fps)
    corrections[fps :: max(2, fps // 3)] = [None] * len(corrections[fps :: max(2, fps // 3)])
    assert set(shown(corrections, fps)) == {BACK}


def test_two_wishes_in_turn_do_not_flicker() -> None:
    assert set(shown(islice(cycle([LEFT, RIGHT]), 300))) == {LEFT}
    assert set(shown([LEFT, *islice(cycle([None, LEFT]), 300)])) == {LEFT}


def test_what_nobody_wants_any_more_goes_even_if_others_alternate() -> None:
    found = shown([*seconds(BACK, 1), *islice(cycle([LEFT, RIGHT]), 90)])
    assert found[-1] in (LEFT, RIGHT)
    assert len(list(groupby(found))) == 2


@given(st.lists(st.sampled_from([None, BACK, LEFT, RIGHT, HOPELESS]), max_size=200))
def test_no_two_changes_are_closer_than_half_a_second(corrections: list[Correction | None]) -> None:
    runs = [len(list(run)) for _, run in groupby(shown(corrections, 30))]
    assert all(length >= 14 for length in runs[1:-1])


def test_a_second_person_is_named_at_once() -> None:
    found = shown([*seconds(LEFT, 1), ONE, *seconds(LEFT, 0.2)])
    assert found[30] is ONE
    assert found[-1] is ONE


def test_the_same_words_for_another_reason_take_its_reason() -> None:
    still = Correction(Instruction.STAND_STILL, None)
    blurred = Correction(Instruction.STAND_STILL, ReasonCode.BLURRED)
    assert shown([blurred, still]) == [blurred, still]


def test_after_a_reset_nothing_waits() -> None:
    prompter = Prompter()
    prompter.add(BACK, 0)
    prompter.reset()
    assert prompter.add(LEFT, 10) is LEFT


def test_what_is_put_stands_for_half_a_second() -> None:
    prompter = Prompter()
    prompter.add(None, 0)
    prompter.put(BACK)
    found = [prompter.add(None, n * 33.3) for n in range(1, 40)]
    assert found[10] is BACK
    assert found[-1] is None


def patient(
    course: list[tuple[tuple[Correction, ...], float]], fps: float = 10
) -> tuple[Correction, ...]:
    """Return what is left after going through corrections, each for some seconds."""
    patience, t_ms = Patience(), 0.0
    left: tuple[Correction, ...] = ()
    for corrections, length_s in course:
        for _ in range(round(length_s * fps)):
            t_ms += 1000 / fps
            left = patience.left(corrections, t_ms)
    return left


def test_a_soft_wish_is_accepted_after_a_while() -> None:
    seconds_ = PATIENCE_MS / 1000
    assert patient([((DIM,), seconds_ - 0.2)]) == (DIM,)
    assert patient([((DIM,), seconds_ + 0.3)]) == ()


def test_several_soft_wishes_wait_together() -> None:
    assert patient([((DIM, TURNED), 8.3)]) == ()


def test_a_hard_wish_is_never_accepted() -> None:
    assert patient([((LEFT,), 60)]) == (LEFT,)


def test_the_wait_begins_anew_when_something_else_is_wrong() -> None:
    assert patient([((DIM,), 6), ((BACK, DIM), 1), ((DIM,), 6)]) == (DIM,)
    assert patient([((DIM,), 6), ((BACK, DIM), 0.2), ((DIM,), 2.5)]) == ()


def test_what_was_accepted_stays_so_and_another_wish_is_asked_for() -> None:
    assert patient([((DIM,), 9), ((BACK,), 1), ((DIM,), 0.1)]) == ()
    assert patient([((DIM,), 9), ((DIM, TURNED), 0.1)]) == (TURNED,)


def test_a_new_stance_is_asked_for_what_belongs_to_it() -> None:
    patience = Patience()
    for n in range(90):
        patience.left((DIM, TURNED), n * 100)
    patience.next_stance()
    assert patience.left((DIM, TURNED), 9000) == (TURNED,)
    patience.forget()
    assert patience.left((DIM, TURNED), 9100) == (DIM, TURNED)
