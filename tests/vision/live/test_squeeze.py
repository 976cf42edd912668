"""Relaxed, squeezed, relaxed: the test leads through its phases and keeps what is complete."""

from __future__ import annotations

from itertools import groupby

import pytest

from tests.vision.led_person import STANDING, LedPerson
from tests.vision.sightings import nobody, raising, sighting
from tests.vision.stick_figures import Figure
from vision.live.events import Instruction, LivePhase, LiveState, SqueezeResult
from vision.live.squeeze import SqueezeTest
from vision.pose.estimate import Joint
from vision.result import Method

RELAXED, SQUEEZED = LivePhase.RELAXED, LivePhase.SQUEEZED


class Person(LedPerson[SqueezeTest]):
    """Turns the pelvis backward by so much on squeezing."""

    def __init__(self, rounds: int = 3, backward_deg: float = 6.0, fps: float = 10) -> None:
        tilts_deg = {Instruction.RELAX: 12.0, Instruction.SQUEEZE: 12.0 - backward_deg}
        super().__init__(SqueezeTest(rounds), tilts_deg, fps=fps)

    @property
    def result(self) -> SqueezeResult:
        found = super().result
        assert isinstance(found, SqueezeResult)
        return found


@pytest.mark.parametrize("fps", [5, 10, 60])
def test_three_rounds_from_beginning_to_end(fps: int) -> None:
    person = Person(fps=fps)
    person.obey(34)
    assert person.phases == [
        (None, 0),
        (RELAXED, 1),
        (SQUEEZED, 1),
        (RELAXED, 1),
        (SQUEEZED, 2),
        (RELAXED, 2),
        (SQUEEZED, 3),
        (RELAXED, 3),
        (None, 3),
    ]
    result = person.result
    assert len(result.rounds) == 3
    assert result.backward_deg == pytest.approx(6, abs=0.4)
    assert result.low_deg < 6 < result.high_deg
    assert result.is_more_than_noise
    # The rest between two squeezes serves both.
    assert result.rounds[0].after_deg == result.rounds[1].before_deg
    last = person.moments[-1]
    assert (last.state, last.instruction) == (LiveState.CAPTURED, Instruction.DONE)


def test_the_phases_last_as_long_as_they_should() -> None:
    person = Person(rounds=1)
    person.obey(16)
    lengths_s = [
        len(list(run)) / 10 for phase, run in groupby(m.phase for m in person.moments) if phase
    ]
    assert lengths_s == [3, 5, 4]
    in_test = [m for m in person.moments if m.phase]
    assert [m.seconds_left for m in in_test[:3]] == pytest.approx([3, 2.9, 2.8])
    assert in_test[30].seconds_left == pytest.approx(5)
    assert {m.state for m in in_test} == {LiveState.CAPTURING}
    assert {(m.phase, m.instruction) for m in in_test} == {
        (RELAXED, Instruction.RELAX),
        (SQUEEZED, Instruction.SQUEEZE),
    }


def test_somebody_who_cannot_turn_the_pelvis_is_not_told_that_they_did() -> None:
    person = Person(backward_deg=0.0)
    person.obey(34)
    assert person.result.backward_deg == pytest.approx(0, abs=0.4)
    assert not person.result.is_more_than_noise


def test_it_does_not_begin_while_something_is_wrong() -> None:
    person = Person()
    shown = person.show(12, lambda: sighting(Figure(arms="hanging")))
    assert {moment.instruction for moment in shown} == {Instruction.RAISE_FISTS}
    assert {(moment.phase, moment.round_number) for moment in shown} == {(None, 0)}


def test_moving_away_does_the_round_again_and_keeps_the_others() -> None:
    person = Person()
    # The first round takes 1.5 + 3 + 5 + 4 s; the second is broken in its squeeze.
    person.obey(16)
    assert (person.moments[-1].phase, person.moments[-1].round_number) == (SQUEEZED, 2)
    shown = person.show(1.5, lambda: sighting(Figure(hip_px=(450, 480))))
    assert shown[-1].phase is None
    assert shown[-1].round_number == 2
    assert shown[-1].instruction is Instruction.STAND_STILL
    person.obey(30)
    numbers = [number for phase, number in person.phases if phase is SQUEEZED]
    assert numbers == [1, 2, 2, 3]
    result = person.result
    assert len(result.rounds) == 3
    assert result.backward_deg == pytest.approx(6, abs=0.5)
    assert result.rounds[0].after_deg != result.rounds[1].before_deg


@pytest.mark.parametrize("seconds", [0.2, 0.9])
def test_a_short_lapse_breaks_nothing(seconds: float) -> None:
    person = Person()
    person.obey(16)
    person.show(seconds, nobody)
    person.obey(18)
    assert [number for phase, number in person.phases if phase is SQUEEZED] == [1, 2, 3]
    assert len(person.result.rounds) == 3


def test_what_is_wrong_for_longer_is_said() -> None:
    person = Person()
    person.obey(6)
    shown = person.show(1.5, lambda: sighting(Figure(arms="hanging")))
    assert (shown[-1].state, shown[-1].instruction) == (
        LiveState.ADJUST,
        Instruction.RAISE_FISTS,
    )


def test_a_lost_camera_keeps_complete_rounds() -> None:
    person = Person()
    person.obey(16)
    lost = person.test.lose(person.t_ms, Instruction.NO_PICTURE)
    assert (lost.state, lost.instruction) == (LiveState.LOST, Instruction.NO_PICTURE)
    assert (lost.phase, lost.round_number) == (None, 2)
    person.epoch += 1
    person.obey(30)
    assert len(person.result.rounds) == 3
    done = person.test.lose(person.t_ms, Instruction.NO_PICTURE)
    assert (done.state, done.instruction) == (LiveState.CAPTURED, Instruction.DONE)


@pytest.mark.parametrize("what", ["epoch", "gap"])
def test_missing_pictures_break_a_round(what: str) -> None:
    person = Person()
    person.obey(6)
    if what == "epoch":
        person.epoch += 1
    else:
        person.t_ms += 1200
    assert person.obey(0.1)[0].phase is None


def thin(person: Person, seconds: float) -> None:
    """Show one good picture every 0.9 s: too few for any phase, but never none for long."""
    for _ in range(round(seconds / 0.9)):
        person.obey(0.1)
        person.show(0.8, nobody)


def test_a_phase_with_too_few_good_pictures_is_gone_through_again() -> None:
    person = Person(rounds=1)
    person.obey(4.6)
    assert person.moments[-1].phase is SQUEEZED
    thin(person, 5.4)
    person.obey(12)
    squeezing = [moment for moment in person.moments if moment.phase is SQUEEZED]
    assert len(squeezing) == 100
    assert len(person.result.rounds) == 1


def test_with_two_rounds_the_test_ends_early_if_a_phase_cannot_be_measured() -> None:
    person = Person()
    person.obey(1.5 + 3 + 2 * 9 + 0.3)
    assert (person.moments[-1].phase, person.moments[-1].round_number) == (SQUEEZED, 3)
    thin(person, 20)
    assert len(person.result.rounds) == 2


def test_with_fewer_it_begins_the_round_anew() -> None:
    person = Person(rounds=2)
    person.obey(4.6)
    thin(person, 20)
    assert person.moments[-1].phase is None
    person.obey(30)
    assert len(person.result.rounds) == 2


def test_all_phases_are_of_one_method() -> None:
    person = Person(rounds=1)
    person.obey(4.6)
    person.obey(5, Method.STICKERS)
    person.obey(12)
    # The squeeze measured by stickers did not count and was asked for once more.
    assert len([m for m in person.moments if m.phase is SQUEEZED]) == 100
    assert person.result.backward_deg == pytest.approx(6, abs=0.5)


def test_a_raised_arm_cancels_once_and_nothing_follows() -> None:
    person = Person()
    person.obey(6)
    person.show(2, lambda: sighting(pose=raising(STANDING, 0.8, Joint.LEFT_WRIST)))
    person.obey(10)
    (moment,) = (moment for moment in person.moments if moment.is_cancelled)
    after = [m for m in person.moments if m.t_ms >= moment.t_ms]
    assert {(m.instruction, m.phase, m.finished) for m in after} == {(None, None, None)}


def test_a_test_without_rounds_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one round"):
        SqueezeTest(0)
