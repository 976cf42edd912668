"""Relaxed, squeezed, relaxed: the test leads through its phases and keeps what is complete."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.vision.sightings import jittered, nobody, raising, sighting, swaying
from tests.vision.stick_figures import Figure, pose_of
from vision.live.events import Instruction, LivePhase, LiveState, PhasedMoment, SqueezeResult
from vision.live.squeeze import SqueezeTest
from vision.pose.estimate import Joint
from vision.result import Method

if TYPE_CHECKING:
    from collections.abc import Callable

    from vision.live.events import Sighting

STANDING = pose_of(Figure())
RELAXED, SQUEEZED = LivePhase.RELAXED, LivePhase.SQUEEZED


class Person:
    """Does what the test says, and turns the pelvis backward by so much on squeezing."""

    def __init__(self, rounds: int = 3, backward_deg: float = 6.0, fps: float = 10) -> None:
        self.test = SqueezeTest(rounds)
        self.backward_deg = backward_deg
        self.fps = fps
        self.t_ms = 0.0
        self.epoch = 0
        self.told_ms = 0.0
        self.told: Instruction | None = None
        self.moments: list[PhasedMoment] = []
        self.rng = np.random.default_rng(6)

    def obey(self, seconds: float, method: Method = Method.CONTOUR) -> list[PhasedMoment]:
        return self.show(seconds, lambda: self._obeying(method))

    def show(self, seconds: float, picture: Callable[[], Sighting]) -> list[PhasedMoment]:
        shown = []
        for _ in range(round(seconds * self.fps)):
            self.t_ms += 1000 / self.fps
            one = replace(picture(), t_ms=self.t_ms, epoch=self.epoch)
            moment = self.test.add(one)
            if moment.instruction is not self.told:
                self.told, self.told_ms = moment.instruction, self.t_ms
            shown.append(moment)
        self.moments += shown
        return shown

    def _obeying(self, method: Method) -> Sighting:
        # It takes a second to hear, to understand and to do it.
        is_late = self.t_ms - self.told_ms < 1000
        squeezes = (self.told is Instruction.SQUEEZE) is not is_late
        squeezes = squeezes and self.told in (Instruction.SQUEEZE, Instruction.RELAX)
        angle_deg = 12 - self.backward_deg * squeezes + self.rng.normal(0, 0.3)
        pose = jittered(swaying(STANDING, self.t_ms), self.rng)
        return sighting(pose=pose, tilt_deg=angle_deg, method=method)

    @property
    def phases(self) -> list[tuple[LivePhase | None, int]]:
        return [key for key, _ in groupby((m.phase, m.round_number) for m in self.moments)]

    @property
    def result(self) -> SqueezeResult:
        (result,) = (m.finished for m in self.moments if m.finished is not None)
        return result


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
