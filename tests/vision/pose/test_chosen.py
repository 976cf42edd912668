"""One of several people: who is meant, who is measured, and when nobody can be."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.vision.stick_figures import Figure, pose_of
from vision.image.frame import load_frame
from vision.marks.points import PointsError
from vision.pipeline import measure_photo
from vision.pose.chosen import box_of, chosen_first, look_alone
from vision.result import Measured, PersonBox, ReasonCode, Rejected, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from vision.pose.estimate import PoseEstimate

SAMPLES = Path(__file__).parents[3] / "sample_images"
MAN, WOMAN = SAMPLES / "man_average_right_tilt8.jpg", SAMPLES / "woman_slim_left_tilt11.jpg"
SIZE_PX = WIDE, HIGH = 1400, 1000


def standing_at(x_px: float, trunk_px: float = 240.0) -> PoseEstimate:
    figure = Figure(width_px=WIDE, height_px=HIGH, hip_px=(x_px, 480.0), trunk_px=trunk_px)
    return pose_of(figure, with_mask=True)


class Sees:
    """Finds these people in whatever picture, and keeps it."""

    def __init__(self, *people: PoseEstimate) -> None:
        self.people = people
        self.seen: list[NDArray[np.uint8]] = []

    def estimate(self, rgb: NDArray[np.uint8]) -> Sequence[PoseEstimate]:
        self.seen.append(rgb)
        return self.people


def side_by_side(one: Path, other: Path, cut_px: int = 0) -> NDArray[np.uint8]:
    """Return two pictures as one, less so many columns where they meet."""
    left, right = load_frame(one).rgb, load_frame(other).rgb
    return np.ascontiguousarray(np.hstack([left[:, : left.shape[1] - cut_px], right[:, cut_px:]]))


def test_whoever_is_at_the_point_comes_first() -> None:
    left, right = standing_at(300), standing_at(1000)
    for point, meant in (((300, 480), left), ((1000, 250), right)):
        first, second = chosen_first([left, right], point, SIZE_PX)
        assert first is meant
        assert second is not meant
    assert chosen_first([left, right], (650, 480), SIZE_PX) == []


def test_of_boxes_that_overlap_the_nearer_hips_are_meant() -> None:
    left, right = standing_at(600), standing_at(680)
    assert chosen_first([left, right], (655, 480), SIZE_PX)[0] is right
    assert chosen_first([left, right], (625, 480), SIZE_PX)[0] is left


def test_a_box_holds_the_body_and_stays_in_the_picture() -> None:
    pose = standing_at(20)
    box = box_of(pose, SIZE_PX, scale=2.0)
    assert box.left_px == 0
    assert box.right_px > 2 * pose.xy_px[:, 0].max()
    assert box.top_px < 2 * pose.xy_px[:, 1].min()
    assert box.holds(box.middle_px)
    assert not box.holds((box.right_px + 1, box.top_px))


def test_the_others_are_painted_over_and_the_rest_stays() -> None:
    meant, other = standing_at(300), standing_at(1000)
    rgb = np.random.default_rng(1).integers(0, 256, (HIGH, WIDE, 3), np.uint8)
    estimator = Sees(meant)
    found = look_alone(rgb, meant, [other], estimator)
    assert found is not None
    alone, pose = found
    assert pose is meant
    assert alone.shape == rgb.shape
    assert alone is estimator.seen[0]
    cut = int((meant.xy_px[:, 0].max() + other.xy_px[:, 0].min()) / 2)
    assert (alone[:, : cut - 1] == rgb[:, : cut - 1]).all()
    assert (alone[:, cut + 1 :] == alone[:, cut + 1 : cut + 2]).all()


@pytest.mark.parametrize("hip_x_px", [300, 380, 440])
def test_somebody_too_near_is_no_other_to_be_painted_over(hip_x_px: float) -> None:
    meant, other = standing_at(300), standing_at(hip_x_px)
    rgb = np.zeros((HIGH, WIDE, 3), np.uint8)
    assert look_alone(rgb, meant, [other], Sees(meant)) is None


def test_a_small_figure_behind_is_passed_over() -> None:
    meant, far_off = standing_at(600), standing_at(610, trunk_px=60)
    rgb = np.zeros((HIGH, WIDE, 3), np.uint8)
    assert look_alone(rgb, meant, [far_off], Sees(meant, far_off)) is not None


def test_somebody_seen_only_when_the_others_are_gone_counts() -> None:
    meant, hidden, other = standing_at(600), standing_at(700), standing_at(1200)
    rgb = np.zeros((HIGH, WIDE, 3), np.uint8)
    assert look_alone(rgb, meant, [other], Sees(meant, hidden)) is None
    assert look_alone(rgb, meant, [other], Sees()) is None


@pytest.mark.parametrize("pair", [(MAN, WOMAN), (WOMAN, MAN)])
def test_each_of_two_gives_what_they_give_alone(pair: tuple[Path, Path]) -> None:
    both = side_by_side(*pair, cut_px=100)
    refused = measure_photo(both)
    assert isinstance(refused, Rejected)
    assert len(refused.people) == 2
    for path, box in zip(pair, refused.people, strict=True):
        alone, chosen = measure_photo(path), measure_photo(both, person_at=box.middle_px)
        assert isinstance(alone, Measured)
        assert isinstance(chosen, Measured)
        assert abs(chosen.tilt.angle_deg - alone.tilt.angle_deg) < alone.tilt.doubt.reading_deg
        assert chosen.facing is alone.facing
        assert chosen.capture.people == 2
        told = {reason.code: reason.severity for reason in chosen.reasons}
        assert told[ReasonCode.PERSON_CHOSEN] is Severity.WARN


def test_two_who_touch_are_refused_whoever_is_meant() -> None:
    both = side_by_side(MAN, WOMAN, cut_px=330)
    refused = measure_photo(both, quick=True)
    assert isinstance(refused, Rejected)
    assert len(refused.people) == 2
    for box in refused.people:
        result = measure_photo(both, person_at=box.middle_px, quick=True)
        assert isinstance(result, Rejected)
        assert result.reasons[0].code is ReasonCode.PEOPLE_TOUCH
        assert result.people == refused.people


def test_one_alone_is_measured_without_a_word() -> None:
    frame = load_frame(MAN)
    middle = frame.width_px / 2, frame.height_px / 2
    assert measure_photo(frame, person_at=middle, quick=True) == measure_photo(frame, quick=True)


def test_a_place_where_nobody_is_is_told() -> None:
    with pytest.raises(PointsError, match="Nobody was found"):
        measure_photo(MAN, person_at=(5.0, 5.0))


def test_a_point_on_the_edge_belongs_to_the_box() -> None:
    box = PersonBox(10, 20, 30, 60)
    assert box.holds((10, 60))
    assert box.middle_px == (20, 40)
