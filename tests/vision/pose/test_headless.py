"""Sample pictures cut at the neck are measured, and told of themselves; other cuts are not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from vision.image.frame import frame_from_array, load_frame
from vision.marks.lens import lowering
from vision.marks.points import measure_marked_deg
from vision.pipeline import measure_photo
from vision.pose.estimate import Joint
from vision.pose.headless import HEADLESS_SD_DEG, is_head_outside, with_stand_in_head
from vision.pose.mediapipe import shared_estimator
from vision.result import BonyPoints, Measured, Rejected, Severity
from vision.result import ReasonCode as Code

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision.pose.estimate import PoseEstimate

FOLDER = Path(__file__).parents[3] / "sample_images"
NAMES = ("man_average_right_tilt8", "woman_average_right_tilt17", "woman_slim_left_tilt11")
#: Above the middle of the shoulders, in trunk lengths.
NECK, CHEST, WAIST, THIGH = -0.12, 0.35, 0.7, 1.4


@dataclass(frozen=True, slots=True, eq=False)
class Whole:
    """A sample picture, what it measures, and its person."""

    rgb: NDArray[np.uint8]
    result: Measured
    pose: PoseEstimate

    def cut(self, below_trunks: float) -> tuple[NDArray[np.uint8], int]:
        """Return the picture below a line across the body, and how much was cut off."""
        y = int(self.pose.mid_shoulder_px[1] + below_trunks * self.pose.trunk_px)
        return np.ascontiguousarray(self.rgb[y:]), y


@cache
def whole(name: str) -> Whole:
    rgb = load_frame(FOLDER / f"{name}.jpg").rgb
    result = measure_photo(frame_from_array(rgb))
    assert isinstance(result, Measured)
    return Whole(rgb, result, shared_estimator().estimate(rgb)[0])


@cache
def headless(name: str) -> Measured:
    result = measure_photo(whole(name).cut(NECK)[0])
    assert isinstance(result, Measured), result.reasons
    return result


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_cut_at_the_neck_gives_about_the_same_number(name: str) -> None:
    result, before = headless(name), whole(name).result
    assert result.facing is before.facing
    assert result.tilt.angle_deg == pytest.approx(before.tilt.angle_deg, abs=2 * HEADLESS_SD_DEG)
    assert Code.HEAD_HIDDEN in {reason.code for reason in result.reasons}
    assert all(reason.severity is Severity.WARN for reason in result.reasons)
    assert result.tilt == result.contour
    assert result.tilt.doubt.reading_deg >= np.hypot(HEADLESS_SD_DEG, 1)
    assert result.tilt.doubt.bones_deg == before.tilt.doubt.bones_deg


@pytest.mark.parametrize("name", NAMES)
def test_everything_is_told_in_the_pixels_of_the_picture(name: str) -> None:
    result, before = headless(name), whole(name)
    rgb, cut_px = before.cut(NECK)
    for joint in ("left_hip", "right_knee", "left_ankle"):
        x, y, _ = before.result.landmarks[joint]
        reach = 0.15 * before.pose.trunk_px
        assert result.landmarks[joint][:2] == pytest.approx((x, y - cut_px), abs=reach)
    assert result.outline_px[:, 1].min() >= 0
    assert result.outline_px[:, 1].max() < rgb.shape[0]
    if result.belt_line is not None and before.result.belt_line is not None:
        x, y = before.result.belt_line.front_px
        assert result.belt_line.front_px == pytest.approx((x, y - cut_px), abs=20)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_said_of_a_head_that_nobody_saw(name: str) -> None:
    result = headless(name)
    assert result.posture.head_forward_deg is None
    assert result.posture.trunk_lean_deg is not None
    assert all(result.landmarks[joint.name.lower()][2] == 0 for joint in Joint if joint <= 10)


def test_the_mirror_image_gives_the_same_answer() -> None:
    rgb, _ = whole(NAMES[0]).cut(NECK)
    mirror = measure_photo(np.ascontiguousarray(rgb[:, ::-1]))
    assert isinstance(mirror, Measured)
    assert mirror.facing is not headless(NAMES[0]).facing
    assert mirror.tilt.angle_deg == pytest.approx(headless(NAMES[0]).tilt.angle_deg, abs=0.5)


def test_marked_points_and_a_vertical_are_those_of_the_picture() -> None:
    rgb, _ = whole(NAMES[0]).cut(NECK)
    x, y, _ = headless(NAMES[0]).landmarks["right_hip"]
    points = BonyPoints((x + 40, y - 20), (x - 40, y - 32))
    result = measure_photo(rgb, points=points, vertical=((10, 5), (10, 500)))
    assert isinstance(result, Measured)
    assert result.points == points
    assert result.marked is not None
    assert result.capture.lens is not None
    seen = lowering(result.capture.lens, result.capture.trunk_px)
    by_hand_deg, _ = measure_marked_deg(points, result.facing, result.capture.roll_deg, seen)
    assert result.marked.angle_deg == pytest.approx(by_hand_deg, abs=0.1)
    assert result.marked.doubt.reading_deg < HEADLESS_SD_DEG


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("below_trunks", [CHEST, WAIST, THIGH])
def test_a_body_of_which_more_is_missing_gives_no_number(name: str, below_trunks: float) -> None:
    assert isinstance(measure_photo(whole(name).cut(below_trunks)[0]), Rejected)


@pytest.mark.parametrize("seed", range(3))
def test_no_head_makes_a_person_of_a_room(seed: int) -> None:
    rng = np.random.default_rng(seed)
    room = np.full((600, 450, 3), rng.integers(60, 220, 3), np.uint8)
    room[400:] //= 2
    room[:, 200:240] = rng.integers(0, 255, 3)
    assert with_stand_in_head(room, shared_estimator()) is None


def test_only_a_head_above_the_picture_is_outside() -> None:
    pose = whole(NAMES[0]).pose
    assert not is_head_outside(pose)
    assert is_head_outside(replace(pose, xy_px=pose.xy_px - np.array([0, 400], np.float32)))
