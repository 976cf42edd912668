"""A repeat begins only after the stance was really left."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.vision.sightings import jittered, nobody, sighting, swaying
from tests.vision.stick_figures import Figure, pose_of
from vision.live.standing import Leaving, place_of
from vision.pose.estimate import Joint

if TYPE_CHECKING:
    from collections.abc import Callable

    from vision.pose.estimate import PoseEstimate

STANDING = pose_of(Figure())
LEFT_FOOT = (Joint.LEFT_KNEE, Joint.LEFT_ANKLE, Joint.LEFT_HEEL, Joint.LEFT_FOOT_INDEX)
RIGHT_FOOT = (Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE, Joint.RIGHT_HEEL, Joint.RIGHT_FOOT_INDEX)


def left_after_s(
    pose_at: Callable[[float], PoseEstimate | None],
    fps: int = 15,
    *,
    knows_place: bool = True,
    length_s: float = 12.0,
) -> float | None:
    rng = np.random.default_rng(1)
    leaving = Leaving(place_of(sighting(pose=STANDING)) if knows_place else None, 0.0)
    for n in range(1, round(length_s * fps)):
        t_ms = n * 1000 / fps
        pose = pose_at(t_ms)
        one = nobody(t_ms) if pose is None else sighting(t_ms=t_ms, pose=jittered(pose, rng))
        if leaving.add(one):
            return t_ms / 1000
    return None


def aside(trunks: float) -> PoseEstimate:
    shift = np.array([trunks * STANDING.trunk_px, 0], np.float32)
    return replace(STANDING, xy_px=STANDING.xy_px + shift)


def marching(t_ms: float, steps_s: float = 1.6, lift_trunks: float = 0.25) -> PoseEstimate:
    step, share = divmod(t_ms / 1000 * steps_s, 1)
    xy = STANDING.xy_px.copy()
    foot = list(LEFT_FOOT if step % 2 else RIGHT_FOOT)
    xy[foot, 1] -= np.float32(lift_trunks * STANDING.trunk_px * max(0, np.sin(np.pi * share)))
    return replace(STANDING, xy_px=xy)


@pytest.mark.parametrize("fps", [5, 15, 60])
def test_standing_on_is_not_leaving(fps: int) -> None:
    assert left_after_s(lambda t_ms: swaying(STANDING, t_ms), fps) is None


@pytest.mark.parametrize("fps", [5, 15, 60])
def test_a_step_away_is(fps: int) -> None:
    found = left_after_s(lambda t_ms: aside(0.7 if t_ms > 2000 else 0), fps)
    assert found == pytest.approx(2.4, abs=0.21)


def test_half_a_step_is_not() -> None:
    assert left_after_s(lambda t_ms: aside(0.35)) is None


def test_nobody_there_is() -> None:
    assert left_after_s(lambda t_ms: None if t_ms > 2000 else STANDING) == pytest.approx(
        2.4, abs=0.1
    )


def test_a_few_odd_pictures_are_not() -> None:
    assert left_after_s(lambda t_ms: None if t_ms % 1000 < 250 else STANDING) is None
    assert left_after_s(lambda t_ms: aside(3) if t_ms % 1000 < 250 else STANDING) is None


@pytest.mark.parametrize("fps", [8, 15, 60])
def test_marching_on_the_spot_is_once_it_is_over(fps: int) -> None:
    def five_steps(t_ms: float) -> PoseEstimate:
        return marching(t_ms - 1000) if 1000 <= t_ms < 4125 else STANDING

    found = left_after_s(five_steps, fps)
    assert found is not None
    assert 4.0 < found < 4.9


def test_two_steps_are_too_few_and_little_steps_too_small() -> None:
    assert left_after_s(lambda t_ms: marching(t_ms) if t_ms < 1250 else STANDING) is None
    assert left_after_s(lambda t_ms: marching(t_ms, lift_trunks=0.05)) is None


def test_after_the_camera_was_lost_the_place_is_where_the_person_is_then() -> None:
    assert left_after_s(lambda t_ms: aside(2), knows_place=False) is None
    found = left_after_s(lambda t_ms: aside(2 if t_ms < 3000 else 3), knows_place=False)
    assert found == pytest.approx(3.4, abs=0.1)
    assert left_after_s(lambda t_ms: None, knows_place=False) == pytest.approx(0.4, abs=0.1)
