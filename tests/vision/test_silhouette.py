"""The canonical crop: the same whatever the size, place, facing and camera roll."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vision.stick_figures import Figure, mirrored, pose_of
from vision.result import Facing
from vision.silhouette import (
    CENTRE_ABOVE_HIP_TRUNKS,
    CROP_HEIGHT_PX,
    CROP_TRUNKS_HIGH,
    CROP_WIDTH_PX,
    canonical_crop,
    crop_transform,
    outline_px,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision.pose.estimate import PoseEstimate

#: Bent, leaning and swaying, so that front and back differ.
FIGURE = Figure(
    lean_deg=9, knee_deg=160, hip_ahead_m=0.05, head_ahead_deg=20, trunk_px=150,
    width_px=360, height_px=620, hip_px=(180.0, 290.0),
)  # fmt: skip
POSE = pose_of(FIGURE, with_mask=True)


def picture_of(pose: PoseEstimate) -> NDArray[np.uint8]:
    """A person in dark clothes before a light wall."""
    grey = 200 - 140 * pose.mask
    return np.repeat(np.rint(grey).astype(np.uint8)[..., None], 3, axis=2)


def crop_of(pose: PoseEstimate, facing: Facing, roll_deg: float) -> NDArray[np.float32]:
    return canonical_crop(picture_of(pose), pose, facing, roll_deg)


CROP = crop_of(POSE, Facing.RIGHT, 0.0)


def test_perfectly_black_parts_give_numbers_as_well() -> None:
    picture = picture_of(POSE)
    picture[:, 100:] = 0
    for share in (0.02, 0.2, 0.6):
        picture[: int(share * len(picture))] = 0
        crop = canonical_crop(picture, POSE, Facing.RIGHT, 0.0)
        assert np.isfinite(crop).all()


def test_crop_holds_probabilities() -> None:
    assert CROP.shape == (CROP_HEIGHT_PX, CROP_WIDTH_PX)
    assert CROP.dtype == np.float32
    assert CROP.flags.c_contiguous
    assert CROP.min() == 0
    assert CROP.max() == 1
    assert 0.15 < CROP.mean() < 0.6


@pytest.mark.parametrize("facing", Facing)
@settings(deadline=None)
@given(roll_deg=st.floats(-30, 30), trunk_px=st.floats(20, 400))
def test_hip_and_shoulder_have_one_place_in_the_crop(
    facing: Facing, roll_deg: float, trunk_px: float
) -> None:
    pose = pose_of(Figure(facing=facing, roll_deg=roll_deg, trunk_px=trunk_px))
    matrix = crop_transform(pose.mid_hip_px, pose.trunk_px, facing, roll_deg)
    hip, shoulder = (matrix @ [*point, 1] for point in (pose.mid_hip_px, pose.mid_shoulder_px))
    trunk_in_crop = CROP_HEIGHT_PX / CROP_TRUNKS_HIGH
    hip_y = (CROP_HEIGHT_PX - 1) / 2 + CENTRE_ABOVE_HIP_TRUNKS * trunk_in_crop
    np.testing.assert_allclose(hip, [(CROP_WIDTH_PX - 1) / 2, hip_y], atol=1e-3)
    np.testing.assert_allclose(shoulder, hip - [0, trunk_in_crop], atol=0.02)


def test_the_front_is_to_the_right() -> None:
    for pose, facing in ((POSE, Facing.RIGHT), (mirrored(POSE), Facing.LEFT)):
        matrix = crop_transform(pose.mid_hip_px, pose.trunk_px, facing, 0.0)
        hip, toe = (matrix @ [*point, 1] for point in (pose.mid_hip_px, pose.xy_px[31]))
        assert toe[0] > hip[0] + 5
        assert toe[1] > hip[1]


def test_a_mirrored_picture_gives_the_same_crop() -> None:
    crop = crop_of(mirrored(POSE), Facing.LEFT, 0.0)
    np.testing.assert_allclose(crop, CROP, atol=0.02)


@settings(max_examples=10, deadline=None)
@given(st.floats(90, 260), st.floats(-20, 20), st.floats(-20, 20))
def test_size_and_place_do_not_matter(trunk_px: float, right_px: float, down_px: float) -> None:
    scale = trunk_px / FIGURE.trunk_px
    figure = replace(
        FIGURE, trunk_px=trunk_px, width_px=round(360 * scale), height_px=round(620 * scale),
        hip_px=(180 * scale + right_px, 290 * scale + down_px),
    )  # fmt: skip
    crop = crop_of(pose_of(figure, with_mask=True), Facing.RIGHT, 0.0)
    # What lies outside a picture is cut off; the middle is always inside.
    np.testing.assert_allclose(crop[20:-20, 30:-30], CROP[20:-20, 30:-30], atol=0.04)


@settings(max_examples=10, deadline=None)
@given(st.floats(-15, 15), st.sampled_from(Facing))
def test_a_known_camera_roll_is_undone(roll_deg: float, facing: Facing) -> None:
    figure = replace(FIGURE, roll_deg=roll_deg, facing=facing)
    crop = crop_of(pose_of(figure, with_mask=True), facing, roll_deg)
    np.testing.assert_allclose(crop[10:-10, 25:-25], CROP[10:-10, 25:-25], atol=0.04)


def test_an_unknown_camera_roll_turns_the_crop() -> None:
    rolled = crop_of(pose_of(replace(FIGURE, roll_deg=10), with_mask=True), Facing.RIGHT, 0.0)
    assert np.abs(rolled - CROP).mean() > 0.03


def test_a_body_without_length_gives_a_crop_all_the_same() -> None:
    flat = replace(POSE, xy_px=np.zeros_like(POSE.xy_px))
    assert np.isfinite(crop_of(flat, Facing.LEFT, 5.0)).all()


@pytest.mark.parametrize("width_px", [-3, 3])
def test_an_edge_moves_towards_that_of_the_picture(width_px: int) -> None:
    kernel = np.ones((1, 2 * abs(width_px) + 1), np.uint8)
    change = cv2.dilate if width_px > 0 else cv2.erode
    wrong = replace(POSE, mask=np.asarray(change(POSE.mask, kernel), np.float32))
    plain_wall = np.full((*POSE.mask.shape, 3), 128, np.uint8)
    left_alone = np.abs(canonical_crop(plain_wall, wrong, Facing.RIGHT, 0.0) - CROP).mean()
    refined = np.abs(canonical_crop(picture_of(POSE), wrong, Facing.RIGHT, 0.0) - CROP).mean()
    assert refined < 0.9 * left_alone


def test_a_wobbling_edge_is_evened_out() -> None:
    rng = np.random.default_rng(4)
    rows = POSE.mask.shape[0]
    sway = np.asarray(cv2.resize(rng.normal(0, 2.0, (40, 1)), (1, rows)), np.float32)
    y, x = np.mgrid[:rows, : POSE.mask.shape[1]].astype(np.float32)
    swayed = cv2.remap(POSE.mask, x + sway, y, cv2.INTER_LINEAR)
    wobbly = replace(POSE, mask=np.asarray(swayed, np.float32))
    matrix = crop_transform(POSE.mid_hip_px, POSE.trunk_px, Facing.RIGHT, 0.0)
    size = (CROP_WIDTH_PX, CROP_HEIGHT_PX)
    plain, raw = (cv2.warpAffine(one.mask, matrix, size) for one in (POSE, wobbly))
    refined = canonical_crop(picture_of(POSE), wobbly, Facing.RIGHT, 0.0)
    assert np.abs(refined - CROP).mean() < 0.75 * np.abs(raw - plain).mean()


def test_outline_follows_the_largest_part() -> None:
    mask = np.zeros((100, 80), np.float32)
    mask[20:71, 10:41] = 0.9
    mask[80:90, 60:70] = 1.0
    mask[:, 75:] = 0.4
    outline = outline_px(mask)
    assert outline.dtype == np.float32
    np.testing.assert_array_equal(outline.min(axis=0), [10, 20])
    np.testing.assert_array_equal(outline.max(axis=0), [40, 70])


def test_no_mask_has_no_outline() -> None:
    assert outline_px(np.full((20, 20), 0.3, np.float32)).shape == (0, 2)


def test_outline_of_a_figure_encloses_its_hip_and_shoulder() -> None:
    outline = outline_px(POSE.mask)
    for x, y in (POSE.mid_hip_px, POSE.mid_shoulder_px):
        assert cv2.pointPolygonTest(outline, (float(x), float(y)), measureDist=False) > 0
