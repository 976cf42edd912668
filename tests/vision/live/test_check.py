"""A whole live check without a hand on the computer, and everything that can interrupt it."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vision.sightings import HALF_DEG, jittered, nobody, raising, sighting, swaying
from tests.vision.stick_figures import Figure, pose_of
from vision.live.check import LiveCheck, finished_check
from vision.live.events import Instruction, LiveState, Moment, Sighting, StillCapture
from vision.pose.estimate import Joint
from vision.quality import Light
from vision.result import Facing, Measured, Method
from vision.series import RefusedSeries, Series

if TYPE_CHECKING:
    from collections.abc import Callable

STANDING = pose_of(Figure())
AWAY = Figure(hip_px=(480, 480))
Step = tuple[LiveState, Instruction | None]
READY = (LiveState.READY, None)
HOLD = (LiveState.CAPTURING, Instruction.HOLD)
MARCH = (LiveState.CAPTURED, Instruction.MARCH)
DONE = (LiveState.CAPTURED, Instruction.DONE)
NOBODY = (LiveState.SEARCHING, Instruction.STEP_INTO_VIEW)


class Film:
    """Shows a live check things that last for some seconds, and keeps what it said."""

    def __init__(self, repeats: int = 1, fps: float = 20) -> None:
        self.check = LiveCheck(repeats)
        self.fps = fps
        self.t_ms = 0.0
        self.epoch = 0
        self.moments: list[Moment] = []
        self.rng = np.random.default_rng(4)

    def show(self, seconds: float, picture: Callable[[float], Sighting]) -> list[Moment]:
        shown = []
        for _ in range(round(seconds * self.fps)):
            self.t_ms += 1000 / self.fps
            one = replace(picture(self.t_ms), t_ms=self.t_ms, epoch=self.epoch)
            shown.append(self.check.add(one))
        self.moments += shown
        return shown

    def stand(self, seconds: float = 6.0, tilt_deg: float = 12.0) -> list[Moment]:
        """Show somebody who stands as well as people do."""

        def picture(t_ms: float) -> Sighting:
            pose = jittered(swaying(STANDING, t_ms), self.rng)
            return sighting(pose=pose, tilt_deg=tilt_deg + self.rng.normal(0, 0.5))

        return self.show(seconds, picture)

    def leave(self, seconds: float = 1.5) -> list[Moment]:
        return self.show(seconds, lambda t_ms: nobody())

    def pose(self, seconds: float, figure: Figure) -> list[Moment]:
        pose = pose_of(figure)
        return self.show(seconds, lambda t_ms: sighting(figure, pose=pose))

    @property
    def steps(self) -> list[Step]:
        return [key for key, _ in groupby((m.state, m.instruction) for m in self.moments)]

    @property
    def captures(self) -> list[StillCapture]:
        return [moment.capture for moment in self.moments if moment.capture is not None]


@pytest.mark.parametrize("fps", [5, 20, 60])
def test_one_capture_from_beginning_to_end(fps: int) -> None:
    film = Film(fps=fps)
    film.leave(1)
    film.stand(7)
    assert film.steps == [NOBODY, READY, HOLD, DONE]
    (capture,) = film.captures
    assert capture.median_deg == pytest.approx(12, abs=0.5)
    assert capture.spread_deg == pytest.approx(0.5, abs=0.25)
    (end,) = (moment for moment in film.moments if moment.finished is not None)
    assert end.capture is capture
    assert end.finished is not None
    assert end.finished.captures == (capture,)
    assert end.finished.best is capture
    assert end.finished.series is None
    # 1.5 s of stillness, 1 s to hear of it, 3 s of measuring.
    assert end.t_ms == pytest.approx(6500, abs=2.5 * 1000 / fps)
    assert (end.taken, end.wanted) == (1, 1)
    assert [moment.capture for moment in film.stand(10)] == [None] * round(10 * fps)


def test_progress_runs_from_nothing_to_nearly_all_while_it_is_measured() -> None:
    film = Film()
    film.stand()
    shown = [m.progress for m in film.moments if m.state is LiveState.CAPTURING]
    assert shown[:20] == [0] * 20
    assert shown == sorted(shown)
    assert shown[-1] > 0.95
    assert {m.progress for m in film.moments if m.state is not LiveState.CAPTURING} == {0}


def test_three_repeats_and_their_series() -> None:
    film = Film(3)
    for tilt_deg in (11.0, 12.0, 14.0):
        film.stand(tilt_deg=tilt_deg)
        film.leave()
    assert film.steps == [READY, HOLD, MARCH, NOBODY, READY, HOLD, MARCH, NOBODY, READY, HOLD, DONE]
    assert [moment.taken for moment in film.moments if moment.capture] == [1, 2, 3]
    (finished,) = (moment.finished for moment in film.moments if moment.finished)
    assert finished.captures == tuple(film.captures)
    assert finished.best is film.captures[1]
    assert isinstance(finished.series, Series)
    assert finished.series.tilt.angle_deg == pytest.approx(12, abs=0.3)
    assert finished.series.count == 3


def test_standing_on_gives_no_second_repeat() -> None:
    film = Film(2)
    film.stand(30)
    assert len(film.captures) == 1
    assert film.steps == [READY, HOLD, MARCH]


def test_a_step_away_and_back_gives_the_next_repeat() -> None:
    film = Film(2)
    film.stand()
    film.pose(1, AWAY)
    film.stand()
    assert len(film.captures) == 2


def test_repeats_too_far_apart_are_told_so() -> None:
    film = Film(2)
    film.stand(tilt_deg=5)
    film.leave()
    film.stand(tilt_deg=16)
    (finished,) = (moment.finished for moment in film.moments if moment.finished)
    assert isinstance(finished.series, RefusedSeries)
    assert len(finished.captures) == 2


@pytest.mark.parametrize(
    ("figure", "instruction"),
    [
        (Figure(yaw_deg=40), Instruction.TURN_LEFT),
        (Figure(facing=Facing.LEFT, yaw_deg=40), Instruction.TURN_RIGHT),
        (Figure(arms="hanging"), Instruction.RAISE_FISTS),
        (Figure(hip_px=(320, 640)), Instruction.STEP_BACK),
        (Figure(knee_deg=110), Instruction.STAND_UPRIGHT),
    ],
)
def test_nothing_is_captured_while_something_is_wrong(
    figure: Figure, instruction: Instruction
) -> None:
    film = Film()
    film.pose(20, figure)
    assert film.steps == [(LiveState.ADJUST, instruction)]
    assert film.captures == []


def test_a_turn_to_side_on_is_guided_and_then_measured() -> None:
    film = Film()
    film.show(5, lambda t_ms: sighting(Figure(yaw_deg=max(6.0, 45 - 8 * t_ms / 1000))))
    film.pose(8, Figure(yaw_deg=6))
    assert film.steps[0] == (LiveState.ADJUST, Instruction.TURN_LEFT)
    assert film.steps[-2:] == [HOLD, DONE]
    assert not any(i is Instruction.TURN_RIGHT for _, i in film.steps)


def test_a_walk_through_the_picture_is_never_captured() -> None:
    film = Film()

    def walking(t_ms: float) -> Sighting:
        return sighting(Figure(hip_px=(60 + t_ms / 12, 480)))

    film.leave(1)
    film.show(6, walking)
    film.leave(1)
    assert LiveState.CAPTURING not in {moment.state for moment in film.moments}
    assert film.steps[-1] == NOBODY


@pytest.mark.parametrize(
    ("picture", "instruction"),
    [
        (lambda t_ms: sighting(Figure(arms="hanging")), Instruction.RAISE_FISTS),
        (lambda t_ms: sighting(Figure(hip_px=(365, 480))), Instruction.STAND_STILL),
        (lambda t_ms: nobody(), Instruction.STEP_INTO_VIEW),
        (
            lambda t_ms: sighting(others=(pose_of(Figure(hip_px=(120, 480))),)),
            Instruction.ONE_PERSON,
        ),
        (lambda t_ms: sighting(light=Light(20, 0.3)), Instruction.MORE_LIGHT),
    ],
)
def test_what_goes_wrong_in_a_capture_ends_it_and_is_said(
    picture: Callable[[float], Sighting], instruction: Instruction
) -> None:
    film = Film(2)
    film.stand()
    film.leave()
    film.stand(4)
    assert film.moments[-1].state is LiveState.CAPTURING
    shown = film.show(0.5, picture)
    assert shown[-1].state is not LiveState.CAPTURING
    assert shown[-1].instruction is instruction
    assert shown[-1].taken == 1
    film.stand(7)
    assert len(film.captures) == 2


def test_one_bad_picture_in_a_capture_is_only_left_out() -> None:
    film = Film()
    film.stand(4)
    film.show(0.1, lambda t_ms: nobody())
    film.stand(3)
    assert film.steps == [READY, HOLD, DONE]
    assert film.captures[0].frames == 61 - 2


def test_a_raised_arm_cancels_once_and_nothing_follows() -> None:
    up = raising(STANDING, 0.8, Joint.LEFT_WRIST)
    for before_s in (1.0, 3.5, 8.0):
        film = Film(3)
        film.stand(before_s)
        taken = len(film.captures)
        film.show(2, lambda t_ms: sighting(pose=up))
        film.stand(8)
        (moment,) = (moment for moment in film.moments if moment.is_cancelled)
        assert len(film.captures) == taken
        assert {m.instruction for m in film.moments if m.t_ms >= moment.t_ms} == {None}


def test_an_arm_raised_after_the_end_cancels_nothing() -> None:
    film = Film()
    film.stand(7)
    film.show(2, lambda t_ms: sighting(pose=raising(STANDING, 0.8, Joint.LEFT_WRIST)))
    assert not any(moment.is_cancelled for moment in film.moments)


@pytest.mark.parametrize("instruction", [Instruction.PICTURE_BLACK, Instruction.NO_PICTURE])
def test_a_lost_camera_keeps_the_repeats(instruction: Instruction) -> None:
    film = Film(2)
    film.stand()
    film.leave()
    film.stand(4)
    lost = film.check.lose(film.t_ms, instruction)
    assert (lost.state, lost.instruction) == (LiveState.LOST, instruction)
    assert (lost.taken, lost.wanted, lost.tilt, lost.capture) == (1, 2, None, None)
    film.epoch += 1
    film.moments.clear()
    film.stand(6)
    assert film.steps == [READY, HOLD, DONE]
    (finished,) = (moment.finished for moment in film.moments if moment.finished)
    assert len(finished.captures) == 2


def test_whoever_was_to_march_when_the_camera_was_lost_still_is() -> None:
    film = Film(2)
    film.stand()
    film.check.lose(film.t_ms, Instruction.NO_PICTURE)
    film.epoch += 1
    film.stand(8)
    assert film.moments[-1].instruction is Instruction.MARCH
    film.leave()
    film.stand()
    assert len(film.captures) == 2


@pytest.mark.parametrize("what", ["epoch", "size", "gap"])
def test_missing_pictures_end_a_capture(what: str) -> None:
    film = Film()
    film.stand(4)
    assert film.moments[-1].state is LiveState.CAPTURING
    figure = Figure()
    if what == "epoch":
        film.epoch += 1
    elif what == "gap":
        film.t_ms += 900
    else:
        figure = Figure(width_px=700)
    shown = film.pose(1.2, figure)
    assert LiveState.CAPTURING not in {moment.state for moment in shown}
    film.pose(6, figure)
    assert len(film.captures) == 1


def test_nothing_is_said_of_the_camera_after_the_end() -> None:
    film = Film()
    film.stand(7)
    moment = film.check.lose(film.t_ms, Instruction.NO_PICTURE)
    assert (moment.state, moment.instruction) == DONE


def test_finishing_early_takes_what_there_is() -> None:
    film = Film(5)
    assert film.check.finish_now() is None
    film.stand()
    finished = film.check.finish_now()
    assert finished is not None
    assert finished.captures == tuple(film.captures)
    film.leave()
    film.stand()
    assert len(film.captures) == 1
    assert film.steps[-1] == DONE


def test_after_nothing_could_be_finished_the_check_goes_on() -> None:
    film = Film()
    film.stand(2)
    assert film.check.finish_now() is None
    film.stand(6)
    assert len(film.captures) == 1


def test_a_check_without_repeats_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one repeat"):
        LiveCheck(0)


def test_the_number_shown_is_steady_and_the_one_kept_is_the_median_of_raw_ones() -> None:
    film = Film()
    rng = np.random.default_rng(8)
    angles_deg = list(rng.normal(12, 1, 200))
    left = iter(angles_deg)
    film.show(6, lambda t_ms: sighting(tilt_deg=next(left)))
    shown = [moment.tilt.angle_deg for moment in film.moments if moment.tilt is not None]
    assert np.std(shown[20:]) < 0.4
    begun = next(n for n, m in enumerate(film.moments) if m.state is LiveState.CAPTURING)
    assert film.captures[0].median_deg == np.median(angles_deg[begun + 20 : begun + 81])


@pytest.mark.parametrize("what", ["epoch", "size", "lost"])
def test_the_number_shown_begins_anew_when_pictures_were_missing(what: str) -> None:
    film = Film()
    film.stand(1, tilt_deg=12)
    film.epoch += what == "epoch"
    if what == "lost":
        film.check.lose(film.t_ms, Instruction.PICTURE_BLACK)
    figure = Figure(width_px=700 if what == "size" else 640)
    (moment,) = film.show(0.05, lambda t_ms: sighting(figure, tilt_deg=30))
    assert moment.tilt is not None
    assert moment.tilt.angle_deg == 30


def test_a_picture_that_gives_no_number_shows_none() -> None:
    film = Film()
    film.pose(1, Figure(yaw_deg=40))
    assert {moment.tilt for moment in film.moments} == {None}
    assert film.leave()[-1].tilt is None
    tilt = film.stand(1)[-1].tilt
    assert tilt is not None
    assert tilt.high_deg - tilt.low_deg == pytest.approx(2 * HALF_DEG)


def test_repeats_of_two_methods_have_no_common_number() -> None:
    captures = []
    for tilt_deg, method in ((12, Method.CONTOUR), (3, Method.STICKERS), (14, Method.CONTOUR)):
        one = sighting(
            pose=pose_of(Figure(trunk_px=240 + tilt_deg)), tilt_deg=tilt_deg, method=method
        )
        assert isinstance(one.result, Measured)
        captures.append(StillCapture(one.result, one.frame, 60, 0.5))
    finished = finished_check(captures)
    assert isinstance(finished.series, RefusedSeries)
    assert finished.best in (captures[0], captures[2])


PICTURES: list[Callable[[], Sighting]] = [
    lambda: sighting(pose=STANDING),
    lambda: sighting(pose=STANDING, light=Light(70, 0.3)),
    lambda: sighting(Figure(yaw_deg=40)),
    lambda: sighting(Figure(yaw_deg=22)),
    lambda: sighting(Figure(arms="hanging")),
    lambda: sighting(Figure(hip_px=(480, 480))),
    nobody,
]


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(st.sampled_from(PICTURES), st.floats(0.1, 9), st.integers(0, 9)), max_size=12
    ),
    st.sampled_from([5, 12]),
)
def test_whatever_happens_pictures_count_only_while_the_person_is_told_to_hold(
    course: list[tuple[Callable[[], Sighting], float, int]], fps: int
) -> None:
    film = Film(2, fps)
    for make, seconds, luck in course:
        one = make()
        if luck == 0:
            film.epoch += 1
        if luck == 1:
            film.moments.append(film.check.lose(film.t_ms, Instruction.PICTURE_FROZEN))
        film.show(seconds, lambda t_ms, one=one: one)  # type: ignore[misc]
    before = LiveState.LOST
    for moment in film.moments:
        capturing = moment.state is LiveState.CAPTURING
        assert capturing == (moment.instruction is Instruction.HOLD)
        if moment.capture is not None:
            assert before is LiveState.CAPTURING
            assert moment.capture.frames >= 8
        assert (moment.state is LiveState.LOST) == (
            moment.instruction is Instruction.PICTURE_FROZEN
        )
        assert 0 <= moment.taken <= moment.wanted == 2
        before = moment.state
