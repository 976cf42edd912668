"""An arm that is raised and held ends a check; scratching one's head does not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.vision.sightings import nobody, raising, sighting
from tests.vision.stick_figures import Figure, mirrored, moved, pose_of
from vision.live.standing import RaisedArm, is_arm_raised
from vision.pose.estimate import Joint
from vision.result import Facing

if TYPE_CHECKING:
    from vision.pose.estimate import PoseEstimate

DOWN = pose_of(Figure())
UP = raising(DOWN, 0.8, Joint.RIGHT_WRIST)


def asked(course: list[tuple[PoseEstimate | None, float]], fps: float = 20) -> list[float]:
    """Return the times, s, at which the end is asked for; poses each last for some seconds."""
    arm, found, n = RaisedArm(), [], 0
    for pose, length_s in course:
        for _ in range(round(length_s * fps)):
            t_ms = n * 1000 / fps
            if arm.add(nobody(t_ms) if pose is None else sighting(t_ms=t_ms, pose=pose)):
                found.append(t_ms / 1000)
            n += 1
    return found


@pytest.mark.parametrize("joint", [Joint.LEFT_WRIST, Joint.RIGHT_WRIST])
@pytest.mark.parametrize("facing", Facing)
def test_either_arm_counts_whichever_way_the_person_faces(facing: Facing, joint: Joint) -> None:
    pose = pose_of(Figure(facing=facing))
    assert is_arm_raised(raising(pose, 0.8, joint))
    assert is_arm_raised(mirrored(raising(pose, 0.8, joint)))
    assert not is_arm_raised(pose)


@pytest.mark.parametrize("arms", ["chest", "hanging", "forward"])
def test_other_arms_do_not_count(arms: str) -> None:
    assert not is_arm_raised(pose_of(Figure(arms=arms)))


@pytest.mark.parametrize("above_nose", [-0.1, 0.0, 0.1, 0.2])
def test_a_hand_at_the_head_does_not_count(above_nose: float) -> None:
    assert not is_arm_raised(raising(DOWN, above_nose, Joint.LEFT_WRIST))


def test_an_arm_that_is_not_seen_does_not_count() -> None:
    visibility = UP.visibility.copy()
    visibility[Joint.RIGHT_WRIST] = 0.3
    assert not is_arm_raised(replace(UP, visibility=visibility))


def test_a_wrist_above_a_hanging_elbow_is_a_mistake() -> None:
    elbow = moved(UP, Joint.RIGHT_ELBOW, to_px=(320, 400))
    assert not is_arm_raised(elbow)


@pytest.mark.parametrize("fps", [5, 20, 60])
def test_it_has_to_be_held_for_a_while_and_ends_once(fps: int) -> None:
    found = asked([(DOWN, 2), (UP, 5)], fps)
    assert len(found) == 1
    assert found[0] == pytest.approx(2.7 + 0.5 / fps, abs=0.01 + 0.5 / fps)
    assert asked([(DOWN, 2), (UP, 0.5), (DOWN, 2), (UP, 0.5)], fps) == []


def test_each_raising_counts_once() -> None:
    assert len(asked([(DOWN, 1), (UP, 2), (DOWN, 1), (UP, 2)])) == 2


def test_whoever_comes_with_a_raised_arm_has_to_lower_it_first() -> None:
    assert asked([(UP, 5)]) == []
    assert asked([(UP, 2), (DOWN, 0.3), (UP, 2)]) == []
    assert len(asked([(UP, 2), (DOWN, 0.8), (UP, 2)])) == 1


def test_single_pictures_that_say_otherwise_do_not_matter() -> None:
    flicker: list[tuple[PoseEstimate | None, float]] = [(UP, 0.3), (None, 0.1)] * 4
    assert len(asked([(DOWN, 2), *flicker])) == 1
    assert asked([(DOWN, 2), *[(UP, 0.1), (DOWN, 0.3)] * 6]) == []


def test_a_gap_or_a_reset_asks_for_a_lowered_arm_anew() -> None:
    arm = RaisedArm()
    for n in range(20):
        assert not arm.add(sighting(t_ms=n * 50, pose=DOWN))
    assert not any(arm.add(sighting(t_ms=2000 + n * 50, pose=UP)) for n in range(40))
    for n in range(20):
        assert not arm.add(sighting(t_ms=4000 + n * 50, pose=DOWN))
    arm.reset()
    assert not any(arm.add(sighting(t_ms=5000 + n * 50, pose=UP)) for n in range(40))
