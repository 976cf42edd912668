"""Brightness and sharpness of pictures made bright, dark, sharp or smeared."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from tests.vision.stick_figures import Figure, pose_of, textured_picture
from vision.quality import BRIGHTNESS_LIMITS, SHARPNESS_LIMITS, assess_light

if TYPE_CHECKING:
    from numpy.typing import NDArray

FIGURE = Figure()
POSE = pose_of(FIGURE)


def scene() -> NDArray[np.uint8]:
    """Return a sharp picture: a bright figure on a darker striped ground."""
    picture = np.full((FIGURE.height_px, FIGURE.width_px, 3), 70, np.uint8)
    picture[::40] = 120
    person = pose_of(FIGURE, with_mask=True).mask > 0.5
    picture[person] = (220, 190, 170)
    picture[person & (np.indices(person.shape).sum(axis=0) % 50 < 20)] = (60, 60, 90)
    return picture


SCENE = scene()


def test_a_sharp_bright_scene_is_fine() -> None:
    light = assess_light(SCENE, POSE)
    assert light.brightness > BRIGHTNESS_LIMITS[1]
    assert light.sharpness > SHARPNESS_LIMITS[1]


def test_brightness_is_that_of_the_brighter_parts() -> None:
    for grey in (0, 30, 128, 255):
        assert assess_light(np.full_like(SCENE, grey), POSE).brightness == pytest.approx(grey)
    mostly_black = np.zeros_like(SCENE)
    mostly_black[120:250, 280:380] = 200
    assert assess_light(mostly_black, POSE).brightness > 180


def test_brightness_falls_with_the_light() -> None:
    found = [
        assess_light((SCENE * share).astype(np.uint8), POSE).brightness
        for share in (1.0, 0.5, 0.2, 0.05)
    ]
    assert found == sorted(found, reverse=True)
    assert found[-1] < BRIGHTNESS_LIMITS[0]


@pytest.mark.parametrize("across", [True, False])
def test_motion_blur_in_either_direction_shows(across: bool) -> None:
    found = []
    for length_px in (1, 5, 9, 15, 25, 61):
        size = (length_px, 1) if across else (1, length_px)
        found.append(assess_light(np.asarray(cv2.blur(SCENE, size), np.uint8), POSE).sharpness)
    assert found[:4] == sorted(found[:4], reverse=True)
    assert found[0] > SHARPNESS_LIMITS[1]
    assert max(found[3:]) < SHARPNESS_LIMITS[0]


@pytest.mark.parametrize("scale", [0.7, 1.5])
def test_sharpness_does_not_depend_on_the_size_of_the_picture(scale: float) -> None:
    blurred = np.asarray(cv2.GaussianBlur(SCENE, (0, 0), 3), np.uint8)
    larger = np.asarray(cv2.resize(blurred, None, fx=scale, fy=scale), np.uint8)
    pose = replace(POSE, xy_px=POSE.xy_px * np.float32(scale))
    expected = assess_light(blurred, POSE).sharpness
    assert assess_light(larger, pose).sharpness == pytest.approx(expected, abs=0.04)


def test_only_the_surroundings_of_the_person_count() -> None:
    dark_person = textured_picture(FIGURE, brightest=20)
    left, right = POSE.xy_px[:, 0].min() - 100, POSE.xy_px[:, 0].max() + 100
    dark_person[:, : int(left)] = 255
    dark_person[:, int(right) :] = 255
    assert assess_light(dark_person, POSE).brightness < 25


@pytest.mark.parametrize("shift", [(-5000.0, 0.0), (5000.0, 5000.0), (0.0, -5000.0)])
def test_a_person_outside_the_picture_breaks_nothing(shift: tuple[float, float]) -> None:
    outside = replace(POSE, xy_px=POSE.xy_px + np.array(shift, np.float32))
    light = assess_light(SCENE, outside)
    assert 0 <= light.brightness <= 255
    assert 0 < light.sharpness <= 1


def test_a_tiny_picture_and_an_even_one_count_as_sharp() -> None:
    tiny = replace(POSE, xy_px=POSE.xy_px / np.float32(400))
    assert assess_light(np.full((3, 2, 3), 99, np.uint8), tiny).sharpness == 1
    assert assess_light(np.full_like(SCENE, 99), POSE).sharpness == 1
