"""Whether a picture lies on its side or the person in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.vision.stick_figures import Figure, pose_of
from vision.pose.turned import Turned, who_is_turned
from vision.result import Facing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from vision.pose.estimate import PoseEstimate

LANDSCAPE = np.zeros((600, 1000, 3), np.uint8)


class Estimator:
    """Sees the given people in upright pictures only, and remembers what it was shown."""

    def __init__(self, *people: PoseEstimate) -> None:
        self.people = people
        self.shown: NDArray[np.uint8] | None = None

    def estimate(self, rgb: NDArray[np.uint8]) -> Sequence[PoseEstimate]:
        assert rgb.flags.c_contiguous
        self.shown = rgb
        return self.people if rgb.shape[0] > rgb.shape[1] else ()


def looked(*upright: Figure, roll_deg: float = 90) -> Turned:
    lying = pose_of(Figure(roll_deg=roll_deg))
    return who_is_turned(LANDSCAPE, lying, Estimator(*map(pose_of, upright)))


@pytest.mark.parametrize("facing", Facing)
@pytest.mark.parametrize("roll_deg", [90, -90])
def test_somebody_who_stands_when_the_picture_is_turned(facing: Facing, roll_deg: float) -> None:
    assert looked(Figure(facing=facing), roll_deg=roll_deg) is Turned.PICTURE


@pytest.mark.parametrize("figure", [Figure(knee_deg=90), Figure(hip_ahead_m=0.3, lean_deg=-20)])
def test_somebody_who_is_bent_whichever_way_it_is_turned(figure: Figure) -> None:
    assert looked(figure) is Turned.PERSON


def test_a_straight_body_that_points_its_toes_may_be_either() -> None:
    assert looked(Figure(roll_deg=25)) is Turned.UNSURE


def test_nobody_is_found_in_the_turned_picture() -> None:
    assert looked() is Turned.UNSURE


@pytest.mark.parametrize(("roll_deg", "head"), [(90, "left"), (-90, "right")])
def test_the_head_comes_up(roll_deg: float, head: str) -> None:
    rgb = LANDSCAPE.copy()
    column = slice(0, 100) if head == "left" else slice(-100, None)
    rgb[:, column] = 255
    estimator = Estimator()
    who_is_turned(rgb, pose_of(Figure(roll_deg=roll_deg)), estimator)
    assert estimator.shown is not None
    assert estimator.shown[:100].min() == 255
    assert estimator.shown[200:].max() == 0
