"""A head hidden in a picture: nothing of the face stays, everything else does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from tests import made_up_results
from vision.image.frame import Frame, load_frame
from vision.overlay.face import blur_face
from vision.pipeline import measure_photo
from vision.reasons import warning
from vision.result import Measured, ReasonCode

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SAMPLES = Path(__file__).parents[3] / "sample_images"
#: With a plait that reaches beyond the head.
_NAME = "woman_young_left_tilt25.jpg"
_FACE = ("nose", "left_eye", "right_eye", "mouth_left", "mouth_right", "left_ear", "right_ear")


@pytest.fixture(scope="module")
def frame() -> Frame:
    return load_frame(_SAMPLES / _NAME)


@pytest.fixture(scope="module")
def result(frame: Frame) -> Measured:
    found = measure_photo(frame, quick=True)
    assert isinstance(found, Measured)
    return found


def _size(frame: Frame) -> tuple[int, int]:
    return frame.width_px, frame.height_px


def _detail(rgb: NDArray[np.uint8], result: Measured, share: float = 1.0) -> float:
    """Return how much brightness jumps from pixel to pixel about the ear."""
    x, y, _ = result.landmarks["left_ear"]
    reach = 0.25 * result.capture.trunk_px
    rows = slice(round(share * (y - reach)), round(share * (y + reach)))
    columns = slice(round(share * (x - reach)), round(share * (x + reach)))
    grey = cv2.cvtColor(rgb[rows, columns], cv2.COLOR_RGB2GRAY)
    return float(np.abs(cv2.Laplacian(grey, cv2.CV_64F)).max())


def test_the_head_changes_and_nothing_below_the_shoulders(frame: Frame, result: Measured) -> None:
    before = frame.rgb.copy()
    hidden = blur_face(frame.rgb, result, _size(frame))
    assert hidden is not None
    assert np.array_equal(frame.rgb, before)  # a copy
    changed = (hidden != frame.rgb).any(axis=2)
    share = frame.width_px / frame.rgb.shape[1]
    rows, columns = np.nonzero(changed)
    assert rows.max() * share < result.landmarks["left_shoulder"][1] + 0.05 * frame.height_px
    ear = result.landmarks["left_ear"]
    assert np.abs(columns * share - ear[0]).max() < 0.75 * result.capture.trunk_px
    for name in _FACE:
        x, y, _ = result.landmarks[name]
        spot = changed[round(y / share) - 6 : round(y / share) + 7, round(x / share) - 6 :][:, :13]
        assert spot.mean() > 0.8, name
    assert _detail(hidden, result) < 0.1 * _detail(frame.rgb, result)


def test_the_outline_above_the_shoulders_is_hidden_with_its_hair(
    frame: Frame, result: Measured
) -> None:
    hidden = blur_face(frame.rgb, result, _size(frame))
    assert hidden is not None
    mask = np.zeros(frame.rgb.shape[:2], np.uint8)
    share = frame.width_px / frame.rgb.shape[1]
    cv2.fillPoly(mask, [np.round(result.outline_px / share).astype(np.int32)], 1)
    mask[round(result.landmarks["left_ear"][1] / share) :] = 0
    same = (hidden == frame.rgb).all(axis=2) & mask.astype(bool)
    assert same.sum() < 0.02 * mask.sum()


def test_a_bun_of_hair_beyond_the_circle_is_hidden_too() -> None:
    rgb = np.random.default_rng(1).integers(0, 255, (400, 300, 3), np.uint8)
    bun = np.array([[140, 60], [225, 60], [225, 75], [150, 75], [150, 300], [140, 300]], np.float32)
    capture = replace(made_up_results.measured().capture, trunk_px=100.0)
    landmarks = {
        "left_ear": (150.0, 80.0, 0.9),
        "nose": (130.0, 80.0, 0.9),
        "left_shoulder": (150.0, 130.0, 0.9),
    }
    result = made_up_results.measured(outline_px=bun, capture=capture, landmarks=landmarks)
    hidden = blur_face(rgb, result, (300, 400))
    assert hidden is not None
    assert (hidden[62:74, 195:215] != rgb[62:74, 195:215]).any(axis=2).mean() > 0.95
    assert np.array_equal(hidden[:, 240:], rgb[:, 240:])
    assert np.array_equal(hidden[130:], rgb[130:])


def test_a_smaller_copy_is_hidden_in_the_same_place(frame: Frame, result: Measured) -> None:
    small = np.asarray(cv2.resize(frame.rgb, None, fx=0.3, fy=0.3), np.uint8)
    hidden = blur_face(small, result, _size(frame))
    assert hidden is not None
    share = small.shape[1] / frame.width_px
    assert _detail(hidden, result, share) < 0.2 * _detail(small, result, share)


def test_no_picture_is_better_than_a_face() -> None:
    rgb = np.zeros((40, 30, 3), np.uint8)
    nobody = made_up_results.rejected()
    no_head = made_up_results.measured()  # a hip was seen
    unseen = made_up_results.measured(landmarks={"nose": (10.0, 10.0, 0.0)})
    two = made_up_results.measured(
        landmarks={"nose": (10.0, 10.0, 0.9)}, capture=replace(no_head.capture, people=2)
    )
    for result in (nobody, no_head, unseen, two):
        assert blur_face(rgb, result, (30, 40)) is None


def test_a_head_outside_the_picture_leaves_it_as_it_is() -> None:
    rgb = np.random.default_rng(1).integers(0, 255, (400, 300, 3), np.uint8)
    result = made_up_results.measured(
        landmarks={"left_ear": (150.0, -150.0, 0.0), "nose": (130.0, -150.0, 0.0)},
        reasons=(warning(ReasonCode.HEAD_HIDDEN),),
        capture=replace(made_up_results.measured().capture, trunk_px=100.0),
    )
    hidden = blur_face(rgb, result, (300, 400))
    assert hidden is not None
    assert np.array_equal(hidden, rgb)
