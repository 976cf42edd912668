"""Arch, tuck, relax: each counts once it is held, and what goes wrong is not kept."""

from __future__ import annotations

import pytest

from tests.vision.led_person import STANDING, LedPerson
from tests.vision.sightings import nobody, raising, sighting
from tests.vision.stick_figures import Figure, pose_of
from vision.live.events import Instruction, LivePhase, LiveState
from vision.live.range_test import RangeTest
from vision.pose.estimate import Joint
from vision.range_of_motion import RangeResult, RefusedRange
from vision.result import Method, ReasonCode

ARCHED, TUCKED, RELAXED = LivePhase.ARCHED, LivePhase.TUCKED, LivePhase.RELAXED
ROUND = [ARCHED, TUCKED, RELAXED]
MOVES = {
    Instruction.ARCH: 22.0,
    Instruction.ARCH_FURTHER: 22.0,
    Instruction.ARCH_THE_OTHER_WAY: 22.0,
    Instruction.TUCK: 2.0,
    Instruction.STAND_AS_USUAL: 12.0,
}


class Person(LedPerson[RangeTest]):
    """Arches to 22 deg, tucks to 2 deg and stands at 12 deg, unless told to do otherwise."""

    def __init__(self, rounds: int = 3, fps: float = 10, **moves_deg: float) -> None:
        moves = MOVES | {Instruction(name): deg for name, deg in moves_deg.items()}
        super().__init__(RangeTest(rounds), moves, fps=fps)

    @property
    def measured(self) -> RangeResult:
        assert isinstance(self.result, RangeResult)
        return self.result

    @property
    def refused_for(self) -> ReasonCode:
        assert isinstance(self.result, RefusedRange)
        (reason,) = self.result.reasons
        return reason.code


@pytest.mark.parametrize("fps", [5, 10, 30])
def test_three_rounds_from_beginning_to_end(fps: int) -> None:
    person = Person(fps=fps)
    person.obey(40)
    assert [phase for phase, _ in person.phases if phase] == 3 * ROUND
    result = person.measured
    assert result.rounds == 3
    assert result.range_deg.value == pytest.approx(20, abs=0.5)
    assert result.place_percent.value == pytest.approx(50, abs=3)
    assert result.range_deg.low < 20 < result.range_deg.high
    assert result.place_percent.low < 50 < result.place_percent.high
    last = person.moments[-1]
    assert (last.state, last.instruction) == (LiveState.CAPTURED, Instruction.DONE)


def test_each_position_is_held_for_two_seconds_and_says_how_much_is_left() -> None:
    person = Person(rounds=2)
    person.obey(30)
    arching = [m for m in person.moments if m.phase is ARCHED and m.round_number == 1]
    # Hearing and obeying takes 1.5 s, holding 2 s.
    assert len(arching) == pytest.approx(35, abs=3)
    assert arching[0].seconds_left == 2.0
    assert arching[0].progress == 0.0
    assert arching[-1].seconds_left == pytest.approx(0.1, abs=0.11)
    assert {m.instruction for m in arching} == {Instruction.ARCH}


def test_somebody_slow_is_waited_for() -> None:
    person = Person()
    person.late_ms = 3500.0
    person.obey(70)
    assert person.measured.range_deg.value == pytest.approx(20, abs=0.6)
    assert person.measured.place_percent.value == pytest.approx(50, abs=4)


def test_somebody_who_does_not_move_gets_no_range() -> None:
    person = Person(arch=12.0, arch_further=12.0, tuck=12.0)
    person.obey(60)
    assert person.refused_for is ReasonCode.NO_MOVEMENT
    told = {moment.instruction for moment in person.moments}
    assert Instruction.ARCH_FURTHER in told


def test_the_wrong_way_is_said_and_then_refused() -> None:
    person = Person(arch=2.0, tuck=22.0, arch_the_other_way=2.0)
    person.obey(70)
    assert Instruction.ARCH_THE_OTHER_WAY in {moment.instruction for moment in person.moments}
    assert person.refused_for is ReasonCode.WRONG_WAY


def test_a_first_round_the_wrong_way_is_forgotten() -> None:
    person = Person(arch=2.0, tuck=22.0)
    person.obey(22)
    assert person.moments[-1].instruction is Instruction.ARCH_THE_OTHER_WAY
    person.tilts_deg = MOVES
    person.obey(50)
    assert person.measured.rounds == 3
    assert person.measured.range_deg.value == pytest.approx(20, abs=0.5)


@pytest.mark.parametrize(
    ("figure", "instruction"),
    [
        (Figure(yaw_deg=35.0), {Instruction.TURN_LEFT, Instruction.TURN_RIGHT}),
        (Figure(hip_px=(450, 480)), {Instruction.STAND_STILL}),
    ],
)
def test_turning_or_moving_away_is_said_and_the_round_done_again(
    figure: Figure, instruction: set[Instruction]
) -> None:
    person = Person()
    person.obey(14)
    before = person.moments[-1]
    assert (before.phase, before.round_number) == (ARCHED, 2)
    shown = person.show(1.5, lambda: sighting(figure, pose=pose_of(figure)))
    assert shown[-1].phase is None
    assert shown[-1].instruction in instruction
    person.obey(60)
    assert person.measured.rounds == 3
    assert person.measured.range_deg.value == pytest.approx(20, abs=0.6)


def test_somebody_who_leaves_for_good_leaves_no_range() -> None:
    person = Person()
    person.obey(14)
    person.show(10, nobody)
    assert person.moments[-1].instruction is Instruction.STEP_INTO_VIEW
    assert all(moment.finished is None for moment in person.moments)
    found = person.test.finish_now()
    assert isinstance(found, RefusedRange)
    assert [reason.code for reason in found.reasons] == [ReasonCode.TOO_FEW_ROUNDS]


def test_two_complete_rounds_are_enough_to_end_early() -> None:
    person = Person()
    person.obey(26)
    assert person.moments[-1].round_number == 3
    found = person.test.finish_now()
    assert isinstance(found, RangeResult)
    assert found.rounds == 2


def test_all_positions_are_of_one_method() -> None:
    person = Person()
    person.obey(14)
    person.obey(4, Method.STICKERS)
    person.obey(60)
    assert person.measured.method is Method.CONTOUR


def test_a_raised_arm_cancels_and_nothing_follows() -> None:
    person = Person()
    person.obey(6)
    person.show(2, lambda: sighting(pose=raising(STANDING, 0.8, Joint.LEFT_WRIST)))
    person.obey(10)
    (moment,) = (moment for moment in person.moments if moment.is_cancelled)
    after = [m for m in person.moments if m.t_ms >= moment.t_ms]
    assert {(m.instruction, m.phase, m.finished) for m in after} == {(None, None, None)}


def test_one_round_is_too_few() -> None:
    with pytest.raises(ValueError, match="at least two rounds"):
        RangeTest(1)
