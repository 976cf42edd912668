"""The second mask lies on the person who was found, wherever they are, and on nobody else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vision.stick_figures import Figure, pose_of
from vision.pose import second_mask as second_mask_module
from vision.pose.second_mask import second_mask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


FIGURE = Figure(
    lean_deg=6, knee_deg=170, trunk_px=150, width_px=420, height_px=620, hip_px=(205.0, 280.0)
)


def picture_of(*masks: NDArray[np.float32]) -> NDArray[np.uint8]:
    """People in dark clothes before a light wall; their edges are sharp."""
    sharp = np.clip(8 * (np.max(masks, axis=0) - 0.5) + 0.5, 0, 1)
    grey = 210 - 170 * sharp
    return np.repeat(np.rint(grey).astype(np.uint8)[..., None], 3, axis=2)


def overlap(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    first, second = one > 0.5, other > 0.5
    return float((first & second).sum() / (first | second).sum())


class DarknessNetwork:
    """Sees people where the picture is dark."""

    def run(self, planes: NDArray[np.float32]) -> NDArray[np.float32]:
        assert planes.shape == (1, 3, 320, 192)
        assert planes.flags.c_contiguous
        # Undone: the mean and spread of its first plane.
        red = planes[0, 0] * np.float32(0.229) + np.float32(0.485)
        assert red.max() <= 1.0001
        return np.asarray(np.clip((0.95 - red) / 0.7, 0, 1).reshape(1, -1), np.float32)


@pytest.fixture
def by_darkness(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_mask_module, "_shared_network", DarknessNetwork)


@pytest.fixture(scope="module")
def by_darkness_throughout() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(second_mask_module, "_shared_network", DarknessNetwork)
        yield


def test_the_network_finds_a_drawn_person() -> None:
    pose = pose_of(FIGURE, with_mask=True)
    mask = second_mask(picture_of(pose.mask), pose)
    assert mask.shape == pose.mask.shape
    assert mask.dtype == np.float32
    assert mask.min() >= 0
    assert mask.max() <= 1
    assert overlap(mask, pose.mask) > 0.85


def test_the_first_mask_only_tells_who_is_meant() -> None:
    pose = pose_of(FIGURE, with_mask=True)
    kernel = np.ones((9, 9), np.uint8)
    thin = replace(pose, mask=np.asarray(cv2.erode(pose.mask, kernel), np.float32))
    picture = picture_of(pose.mask)
    mask = second_mask(picture, thin)
    assert overlap(mask, pose.mask) > overlap(thin.mask, pose.mask) + 0.05
    np.testing.assert_allclose(mask, second_mask(picture, pose), atol=0.05)


def test_somebody_else_is_left_out() -> None:
    figure = replace(FIGURE, width_px=700)
    pose = pose_of(figure, with_mask=True)
    other = pose_of(replace(figure, hip_px=(500.0, 280.0)), with_mask=True)
    mask = second_mask(picture_of(pose.mask, other.mask), pose)
    assert mask[other.mask > 0.5].max() == 0


@settings(max_examples=25)
@given(st.floats(40, 380), st.floats(60, 560), st.floats(30, 330))
@pytest.mark.usefixtures("by_darkness_throughout")
def test_the_mask_comes_back_to_where_the_person_is(
    x_px: float, y_px: float, trunk_px: float
) -> None:
    pose = pose_of(replace(FIGURE, hip_px=(x_px, y_px), trunk_px=trunk_px), with_mask=True)
    mask = second_mask(picture_of(pose.mask), pose)
    y, x = np.mgrid[: mask.shape[0], : mask.shape[1]]
    for axis in (x, y):
        seen, told = (
            float((axis * (one > 0.5)).sum() / (one > 0.5).sum()) for one in (mask, pose.mask)
        )
        # Of the strip of 320 by 192 pixels that the network sees.
        assert abs(seen - told) < 0.5 + pose.extent_px / 320
    assert overlap(mask, pose.mask) > 0.9


@pytest.mark.usefixtures("by_darkness")
def test_a_dark_picture_is_brightened_first() -> None:
    pose = pose_of(FIGURE, with_mask=True)
    picture = picture_of(pose.mask)
    dim = np.asarray(picture // 5, np.uint8)
    np.testing.assert_allclose(second_mask(dim, pose), second_mask(picture, pose), atol=0.06)


@pytest.mark.usefixtures("by_darkness")
def test_a_black_picture_gives_numbers_as_well() -> None:
    pose = pose_of(FIGURE, with_mask=True)
    mask = second_mask(np.zeros((*pose.mask.shape, 3), np.uint8), pose)
    assert np.isfinite(mask).all()
