"""From pictures to a state and one instruction, and to whether measuring may begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.vision.sightings import nobody, sighting
from tests.vision.stick_figures import Figure, pose_of
from vision.live.events import Instruction, LiveState
from vision.live.standing import StanceFollower, StanceReading
from vision.quality import Light

if TYPE_CHECKING:
    from vision.live.events import Sighting

STEP_MS = 50.0
DIM = Light(70, 0.3)


class Room:
    """Feeds a stance with pictures of things that last for some time."""

    def __init__(self) -> None:
        self.stance = StanceFollower()
        self.t_ms = 0.0

    def show(
        self, seconds: float, figure: Figure | None = None, **how: object
    ) -> list[StanceReading]:
        return [self.stance.add(self._picture(figure, how)) for _ in range(round(20 * seconds))]

    def _picture(self, figure: Figure | None, how: dict[str, object]) -> Sighting:
        self.t_ms += STEP_MS
        if how.get("empty"):
            return nobody(self.t_ms)
        return sighting(figure, self.t_ms, **how)  # type: ignore[arg-type]


@pytest.fixture
def room() -> Room:
    return Room()


def test_an_empty_room_is_searched(room: Room) -> None:
    (standing,) = room.show(0.05, empty=True)
    assert (standing.state, standing.instruction) == (
        LiveState.SEARCHING,
        Instruction.STEP_INTO_VIEW,
    )
    assert standing.place is None
    assert not standing.is_usable


def test_somebody_who_stands_right_is_ready_and_then_still(room: Room) -> None:
    found = room.show(2)
    assert {standing.state for standing in found} == {LiveState.READY}
    assert {standing.instruction for standing in found} == {None}
    assert all(standing.is_usable for standing in found)
    first = next(n for n, standing in enumerate(found) if standing.place is not None)
    assert first * STEP_MS == 1500


def test_an_instruction_has_to_be_gone_before_measuring_begins(room: Room) -> None:
    turned = room.show(3, Figure(yaw_deg=40))
    assert (turned[-1].state, turned[-1].instruction) == (
        LiveState.ADJUST,
        Instruction.TURN_LEFT,
    )
    for standing in room.show(4):
        if standing.place is not None:
            assert (standing.state, standing.instruction) == (LiveState.READY, None)
    assert standing.place is not None


def test_standing_still_with_hanging_arms_never_suffices(room: Room) -> None:
    found = room.show(20, Figure(arms="hanging"))
    assert {standing.instruction for standing in found} == {Instruction.RAISE_FISTS}
    assert not any(standing.place or standing.is_usable for standing in found)


def test_a_soft_wish_is_asked_for_and_then_accepted(room: Room) -> None:
    found = room.show(12, light=DIM)
    assert found[100].instruction is Instruction.MORE_LIGHT
    assert found[100].state is LiveState.ADJUST
    first = next(n for n, standing in enumerate(found) if standing.place is not None)
    assert 8000 <= first * STEP_MS <= 9000
    assert found[-1].state is LiveState.READY


def test_a_number_that_hovers_about_its_limit_stays_usable(room: Room) -> None:
    assert room.show(1, light=DIM)[-1].is_usable
    assert room.show(1, Figure(yaw_deg=22))[-1].is_usable
    other = pose_of(Figure(hip_px=(120, 480), trunk_px=90))
    assert not room.show(1, others=(other,))[-1].is_usable
    assert not room.show(1, Figure(hip_px=(320, 590)))[-1].is_usable


def test_somebody_who_is_right_but_moves_is_asked_to_stand_still(room: Room) -> None:
    found = []
    for n in range(40):
        found += room.show(0.05, Figure(hip_px=(280 + 4 * n, 480)))
    assert found[-1].state is LiveState.READY
    assert found[-1].instruction is Instruction.STAND_STILL
    assert not any(standing.place for standing in found)
    assert room.show(3, Figure(hip_px=(436, 480)))[-1].place is not None


def test_what_interrupts_is_said_at_once_and_stillness_awaited_anew(room: Room) -> None:
    room.show(2)
    standing = room.stance.interrupt()
    assert (standing.state, standing.instruction) == (LiveState.READY, Instruction.STAND_STILL)
    found = room.show(2)
    assert not any(one.place for one in found[:29])
    assert found[-1].place is not None
    room.show(0.1, Figure(yaw_deg=40))
    standing = room.stance.interrupt()
    assert (standing.state, standing.instruction) == (LiveState.ADJUST, Instruction.TURN_LEFT)


def test_forgetting_begins_anew(room: Room) -> None:
    room.show(9, light=DIM)
    room.stance.forget()
    assert room.show(0.05, light=DIM)[0].instruction is Instruction.MORE_LIGHT


def test_the_next_stance_keeps_what_was_accepted_of_the_room(room: Room) -> None:
    assert room.show(12, light=DIM)[-1].place is not None
    room.stance.next_stance()
    found = room.show(2, light=DIM)
    assert found[0].place is None
    assert found[-1].place is not None


def test_a_picture_that_is_too_small_for_good_wants_more_pixels(room: Room) -> None:
    tiny = Figure(width_px=320, height_px=240, trunk_px=66, hip_px=(160, 116))
    found = room.show(2, tiny)
    assert found[-1].state is LiveState.ADJUST
    assert found[-1].instruction is Instruction.FINER_PICTURE
    assert found[-1].place is None
