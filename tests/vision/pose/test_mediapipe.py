"""What surrounds MediaPipe, without MediaPipe."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tests.vision.stick_figures import Figure, pose_of
from vision.pose.mediapipe import brightness_leans_left, distinct_people

PICTURES = arrays.arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(3)))


@settings(deadline=None)
@given(PICTURES)
def test_a_picture_and_its_mirror_image_choose_the_same_form(rgb: np.ndarray) -> None:
    mirrored = np.ascontiguousarray(rgb[:, ::-1])
    chosen, again = (
        picture[:, ::-1] if brightness_leans_left(picture) else picture
        for picture in (rgb, mirrored)
    )
    columns = rgb[::8].astype(int).sum(axis=(0, 2))
    if columns @ (2 * np.arange(len(columns)) - len(columns) + 1) != 0:
        np.testing.assert_array_equal(chosen, again)


def test_a_picture_brighter_on_the_left_leans_left() -> None:
    rgb = np.zeros((4, 6, 3), np.uint8)
    rgb[:, 1] = 9
    assert brightness_leans_left(rgb)
    assert not brightness_leans_left(np.ascontiguousarray(rgb[:, ::-1]))


@pytest.mark.parametrize(("hip_x_px", "kept"), [(330.0, 1), (430.0, 1), (450.0, 2)])
def test_one_person_found_twice_is_one_person(hip_x_px: float, kept: int) -> None:
    # The trunk of the first is 240 px long.
    main, other = pose_of(Figure()), pose_of(Figure(trunk_px=200.0, hip_px=(hip_x_px, 480.0)))
    assert distinct_people([main, other])[:1] == [main]
    assert len(distinct_people([main, other])) == kept
