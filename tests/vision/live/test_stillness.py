"""Quiet standing is still, at any rate of pictures; everything else is not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.vision.sightings import jittered, nobody, raising, sighting, swaying
from tests.vision.stick_figures import Figure, pose_of
from vision.live.standing import STILL_MS, Stillness, place_of
from vision.pose.estimate import Joint, PoseEstimate
from vision.result import Facing

if TYPE_CHECKING:
    from collections.abc import Callable

    from vision.live.events import Sighting

FPS = pytest.mark.parametrize("fps", [5, 15, 60])
STANDING = pose_of(Figure())


def seen(
    pose_at: Callable[[float], PoseEstimate], fps: int, length_s: float = 4.0, seed: int = 0
) -> list[Sighting]:
    rng = np.random.default_rng(seed)
    times_ms = [n * 1000 / fps for n in range(round(length_s * fps))]
    return [sighting(t_ms=t_ms, pose=jittered(pose_at(t_ms), rng)) for t_ms in times_ms]


def stills(sightings: list[Sighting]) -> list[bool]:
    stillness, found = Stillness(), []
    for one in sightings:
        stillness.add(one)
        found.append(stillness.place is not None)
    return found


def shifted(x_trunks: float, y_trunks: float = 0.0) -> PoseEstimate:
    shift = np.array([x_trunks, y_trunks], np.float32) * np.float32(STANDING.trunk_px)
    return replace(STANDING, xy_px=STANDING.xy_px + shift)


@FPS
def test_swaying_breathing_and_jitter_are_still(fps: int) -> None:
    shares = []
    for seed in range(5):
        found = stills(seen(lambda t_ms: swaying(STANDING, t_ms), fps, 8, seed))
        first = found.index(True)
        assert first * 1000 / fps == pytest.approx(STILL_MS, abs=1000 / fps)
        shares.append(np.mean(found[first:]))
    assert np.mean(shares) > 0.97


MOVES: dict[str, Callable[[float], PoseEstimate]] = {
    "a walk through the picture at 1 m/s": lambda t_ms: shifted(2 * t_ms / 1000 - 4),
    "a slow shuffle at 8 cm/s": lambda t_ms: shifted(0.16 * t_ms / 1000),
    "a slow turn, 8 deg a second": lambda t_ms: pose_of(Figure(yaw_deg=30 - 8 * t_ms / 1000)),
    "steps on the spot": lambda t_ms: pose_of(
        Figure(knee_deg=180 if t_ms % 1000 < 500 else 130, trunk_px=240)
    ),
    "rocking by 6 cm": lambda t_ms: shifted(0.12 * np.sin(2 * np.pi * t_ms / 1200)),
    "bobbing by 6 cm": lambda t_ms: shifted(0, 0.12 * np.sin(2 * np.pi * t_ms / 1200)),
    "an arm that goes up and down": lambda t_ms: raising(
        STANDING, -0.6 + 0.5 * np.sin(2 * np.pi * t_ms / 2000), Joint.RIGHT_WRIST
    ),
}


@FPS
@pytest.mark.parametrize("name", MOVES)
def test_movement_is_not_still(name: str, fps: int) -> None:
    assert not any(stills(seen(MOVES[name], fps)))


@FPS
def test_a_single_step_is_not_still_until_it_is_over_for_a_while(fps: int) -> None:
    found = stills(seen(lambda t_ms: shifted(0.5 if t_ms >= 3000 else 0), fps, 6))
    assert found[3 * fps - 1]
    assert not any(found[round(3.3 * fps) : round(4.2 * fps)])
    assert found[-1]


def test_arms_that_are_raised_and_stay_there_are_still_afterwards() -> None:
    def pose_at(t_ms: float) -> PoseEstimate:
        return pose_of(Figure(arms="hanging" if t_ms < 2000 else "chest"))

    found = stills(seen(pose_at, 30, 5))
    assert found[59]
    assert not any(found[75:100])
    assert found[-1]


def test_a_person_who_moves_is_known_to_soon_and_not_for_long() -> None:
    stillness, moving = Stillness(), []
    for one in seen(lambda t_ms: shifted(0.3 * np.clip(t_ms / 1000 - 2, 0, 1)), 30, 6):
        stillness.add(one)
        moving.append(stillness.is_moving)
    assert not any(moving[:60])
    assert all(moving[75:90])
    assert not any(moving[115:])


@pytest.mark.parametrize("step_ms", [600, 400])
def test_few_pictures_do_not_show_stillness(step_ms: int) -> None:
    sightings = [sighting(t_ms=n * step_ms, pose=STANDING) for n in range(20)]
    assert any(stills(sightings)) is (step_ms == 400)


def test_a_gap_begins_anew() -> None:
    times_ms = [*range(0, 3000, 50), *range(3800, 6000, 50)]
    found = stills([sighting(t_ms=t_ms) for t_ms in times_ms])
    assert found[59]
    after = found[60:]
    assert not any(after[:29])
    assert after[-1]


def test_a_picture_in_which_nobody_is_found_interrupts_nothing() -> None:
    stillness = Stillness()
    for n in range(60):
        stillness.add(sighting(t_ms=n * 50))
    stillness.add(nobody(3000))
    assert stillness.place is None
    stillness.add(sighting(t_ms=3050))
    assert stillness.place is not None


def test_turning_round_is_not_still() -> None:
    sightings = [
        sighting(Figure(facing=Facing.LEFT if n < 40 else Facing.RIGHT), t_ms=n * 50)
        for n in range(90)
    ]
    found = stills(sightings)
    assert found[39]
    # The new facing is strange as long as there is more than a little of the old.
    assert not any(found[40:60])
    assert found[-1]


def test_a_reset_begins_anew() -> None:
    stillness = Stillness()
    for n in range(60):
        stillness.add(sighting(t_ms=n * 50))
    stillness.reset()
    stillness.add(sighting(t_ms=3000))
    assert stillness.place is None


def test_a_place_is_held_by_who_stays_there() -> None:
    place = place_of(sighting())
    assert place is not None
    for pose, is_held in (
        (shifted(0.05), True),
        (shifted(0.15), False),
        (shifted(0, 0.15), False),
        (raising(STANDING, 0.0, Joint.RIGHT_WRIST), False),
        (pose_of(Figure(yaw_deg=5)), True),
        (pose_of(Figure(yaw_deg=16)), False),
        (pose_of(Figure(facing=Facing.LEFT)), False),
    ):
        other = place_of(sighting(pose=pose))
        assert other is not None
        assert place.is_held_by(other) is is_held


def test_nobody_has_no_place() -> None:
    assert place_of(nobody()) is None
    flat = replace(STANDING, xy_px=np.zeros_like(STANDING.xy_px))
    assert place_of(replace(sighting(), pose=flat)) is None
