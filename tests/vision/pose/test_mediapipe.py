"""What surrounds MediaPipe, without MediaPipe."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from time import sleep
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tests.vision.stick_figures import Figure, pose_of
from vision.pose.mediapipe import MediaPipePose, brightness_leans_left, distinct_people

if TYPE_CHECKING:
    from vision.pose.estimate import PoseEstimate

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


class SlowLandmarker:
    """Finds nobody, in a hundredth of a second, one call at a time."""

    made = 0

    def __init__(self, most_people: int, *, is_video: bool) -> None:
        type(self).made += 1
        self._lock = Lock()

    def detect(self, rgb: np.ndarray) -> list[PoseEstimate]:
        assert self._lock.acquire(blocking=False), "lent twice at once"
        sleep(0.01)
        self._lock.release()
        return []


@pytest.fixture
def pose(monkeypatch: pytest.MonkeyPatch) -> MediaPipePose:
    """A pose estimator that counts its landmarkers."""
    monkeypatch.setattr(SlowLandmarker, "made", 0)
    monkeypatch.setattr("vision.pose.mediapipe.Landmarker", SlowLandmarker)
    return MediaPipePose()


@pytest.mark.parametrize(("cores", "most"), [(1, 1), (2, 2), (8, 3)])
def test_calls_that_wait_for_one_another_get_landmarkers_as_there_are_cores(
    cores: int, most: int, pose: MediaPipePose, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cv2, "getNumThreads", lambda: cores)
    rgb = np.zeros((8, 8, 3), np.uint8)
    with ThreadPoolExecutor(4) as pool:
        # As one careful look asks: one photograph by itself is not worth another landmarker.
        list(pool.map(lambda n: pose.look(rgb, n % 2 == 1), range(6)))
        assert SlowLandmarker.made == 1
        # How many of them have to wait is up to how busy the machine is.
        for _ in range(20):
            list(pool.map(lambda n: pose.look(rgb, n % 2 == 1), range(60)))
            if SlowLandmarker.made == most:
                break
    assert SlowLandmarker.made == most


def test_calls_one_after_another_need_no_second_landmarker(pose: MediaPipePose) -> None:
    for _ in range(40):
        pose.estimate(np.zeros((8, 8, 3), np.uint8))
    assert SlowLandmarker.made == 1
