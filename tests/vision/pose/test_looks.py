"""Other cuts of a picture show the same person in the same place."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vision.stick_figures import Figure, pose_of
from vision.pose.looks import look_again, mean_pose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from vision.pose.estimate import PoseEstimate

FIGURE = Figure(trunk_px=60.0, width_px=320, height_px=420, hip_px=(170.0, 210.0))
KNOWN = pose_of(FIGURE, with_mask=True)


def numbered(width_px: int, height_px: int) -> NDArray[np.uint8]:
    """A picture whose pixels tell where they are: red and green right, green and blue down."""
    y, x = np.mgrid[:height_px, :width_px]
    return np.stack([x % 256, (x >> 8 << 4) + (y >> 8), y % 256], axis=2).astype(np.uint8)


def corner_of(cut: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Where the upper left corner of a cut was, x and y."""
    red, green, blue = cut[0, 0].astype(np.int64)
    return np.array([((green >> 4) << 8) + red, ((green & 15) << 8) + blue])


def off_by(pose: PoseEstimate, *off_px: float) -> PoseEstimate:
    return replace(pose, xy_px=pose.xy_px + np.array(off_px, np.float32))


class Onlooker:
    """Sees in each cut what is in the whole picture, and keeps what it was shown."""

    def __init__(self, *people: PoseEstimate) -> None:
        self.people = people
        self.corners: list[NDArray[np.int64]] = []
        self.sizes: list[tuple[int, int]] = []
        self.mirrored: list[bool] = []

    def __call__(self, cut: NDArray[np.uint8], is_mirrored: bool) -> Sequence[PoseEstimate]:
        corner = corner_of(cut)
        self.corners.append(corner)
        self.sizes.append((cut.shape[1], cut.shape[0]))
        self.mirrored.append(is_mirrored)
        (x, y), (height, width) = corner, cut.shape[:2]
        return [
            replace(off_by(one, -x, -y), mask=one.mask[y : y + height, x : x + width])
            for one in self.people
        ]


PICTURE = numbered(*FIGURE.size_px)


def assert_same(one: PoseEstimate, other: PoseEstimate) -> None:
    for field in fields(one):
        first, second = getattr(one, field.name), getattr(other, field.name)
        assert first.dtype == second.dtype
        np.testing.assert_allclose(first, second, atol=1e-3)


def test_every_look_finds_the_person_where_they_are() -> None:
    onlooker = Onlooker(KNOWN)
    again = look_again(PICTURE, KNOWN, onlooker)
    assert len(again) == len(onlooker.corners) >= 4
    for pose in again:
        np.testing.assert_allclose(pose.xy_px, KNOWN.xy_px, atol=1e-3)
        assert pose.mask.shape == KNOWN.mask.shape
        # The wider cuts hold all of the mask, the closest one all but hair and soles.
        assert np.abs(pose.mask - KNOWN.mask).mean() < 0.02


def test_looks_on_several_threads_come_in_the_same_order() -> None:
    with ThreadPoolExecutor(4) as pool:
        beside = look_again(PICTURE, KNOWN, Onlooker(KNOWN), pool)
    for one, other in zip(look_again(PICTURE, KNOWN, Onlooker(KNOWN)), beside, strict=True):
        assert_same(one, other)
        np.testing.assert_array_equal(one.mask, other.mask)


def test_looks_differ_in_cut_and_in_mirror_form() -> None:
    onlooker = Onlooker(KNOWN)
    look_again(PICTURE, KNOWN, onlooker)
    forms = list(zip(map(tuple, onlooker.corners), onlooker.mirrored, strict=True))
    assert len(set(forms)) == len(forms)
    assert onlooker.mirrored.count(True) == onlooker.mirrored.count(False)


def test_a_mirrored_picture_is_looked_at_in_the_other_forms() -> None:
    own, other = Onlooker(), Onlooker()
    look_again(PICTURE, KNOWN, own)
    look_again(np.ascontiguousarray(PICTURE[:, ::-1]), KNOWN, other)
    assert own.mirrored == [not form for form in other.mirrored]


@settings(max_examples=30)
@given(st.floats(-60, 380), st.floats(-60, 480), st.floats(20, 120))
def test_cuts_lie_in_the_picture_and_hold_what_of_the_person_does(
    x_px: float, y_px: float, trunk_px: float
) -> None:
    known = pose_of(replace(FIGURE, hip_px=(x_px, y_px), trunk_px=trunk_px))
    onlooker = Onlooker(known)
    look_again(PICTURE, known, onlooker)
    seen = known.xy_px[known.is_inside(FIGURE.size_px)]
    for corner, size in zip(onlooker.corners, onlooker.sizes, strict=True):
        assert min(size) > 0
        assert (corner + size <= FIGURE.size_px).all()
        assert (seen >= corner).all()
        assert (seen <= corner + size).all()


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(off_by(KNOWN, 30.0, 0.0), id="somebody beside"),
        pytest.param(off_by(KNOWN, 0.0, -20.0), id="somebody above"),
        pytest.param(pose_of(replace(FIGURE, trunk_px=80.0)), id="too large"),
        pytest.param(pose_of(replace(FIGURE, trunk_px=45.0)), id="too small"),
    ],
)
def test_a_look_that_sees_somebody_else_is_left_out(other: PoseEstimate) -> None:
    assert look_again(PICTURE, KNOWN, Onlooker(other)) == []
    found = look_again(PICTURE, KNOWN, Onlooker(other, KNOWN))
    assert len(found) == len(look_again(PICTURE, KNOWN, Onlooker(KNOWN)))
    for pose in found:
        np.testing.assert_allclose(pose.xy_px, KNOWN.xy_px, atol=1e-3)


def test_a_look_that_sees_nobody_is_left_out() -> None:
    assert look_again(PICTURE, KNOWN, Onlooker()) == []


def test_a_person_found_a_little_otherwise_is_the_same_person() -> None:
    other = off_by(pose_of(replace(FIGURE, trunk_px=66.0), with_mask=True), 4.0, -5.0)
    for pose in look_again(PICTURE, KNOWN, Onlooker(other, KNOWN)):
        np.testing.assert_allclose(pose.xy_px, other.xy_px, atol=1e-3)


def test_the_mean_of_one_look_is_that_look() -> None:
    assert_same(mean_pose([KNOWN]), KNOWN)


@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=1, max_size=5))
def test_chance_is_averaged_out(offs: list[tuple[float, float]]) -> None:
    shares = np.linspace(0, 1, len(offs)).astype(np.float32)
    poses = [
        replace(off_by(KNOWN, *off), mask=KNOWN.mask * share, visibility=KNOWN.visibility * share)
        for off, share in zip(offs, shares, strict=True)
    ]
    mean = mean_pose(poses)
    told = replace(
        off_by(KNOWN, *np.mean(offs, axis=0)),
        mask=KNOWN.mask * shares.mean(),
        visibility=KNOWN.visibility * shares.mean(),
    )
    assert_same(mean, told)
