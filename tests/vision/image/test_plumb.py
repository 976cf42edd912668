"""The camera's roll found in painted rooms with known roll, and not found where none shows."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthetic.scene.camera import View, make_view
from synthetic.scene.rooms import (
    EMPTY,
    SLANTED,
    Part,
    Room,
    door,
    fill_polygon,
    ladder,
    paint_room,
)
from tests.vision.stick_figures import Figure, mirrored, pose_of
from vision.geometry import roll_from_plumb_deg
from vision.image.frame import load_frame
from vision.image.plumb import MAX_ROLL_DEG, FoundPlumb, find_lines, find_plumb, off_people
from vision.pose.mediapipe import shared_estimator

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision.pose.estimate import PoseEstimate

SIZE = (480, 750)
#: Drawn smaller than by default, for speed.
FIGURE = Figure(trunk_px=180.0, width_px=SIZE[0], height_px=SIZE[1], hip_px=(240.0, 360.0))
SAMPLES = Path(__file__).parents[3] / "sample_images"
PHOTOS = Path(
    os.environ.get("BELTLINE_PHOTOS", Path(__file__).parents[4] / "shared" / "photos")
).absolute()
AT_BOTH_SIDES = (-0.75, 0.75)


def wall(view: View, things: list[tuple[list[Part], float]]) -> NDArray[np.uint8]:
    """Paint dark things at places along a light wall, three metres away."""
    camera = view.camera
    picture = np.full((camera.height_px, camera.width_px, 3), 190, np.uint8)
    for parts, at_m in things:
        for part in parts:
            flat = part.corners_m()
            corners = np.column_stack([flat[:, 0] + at_m, np.full(len(flat), 3.0), flat[:, 1]])
            shade = 120 * part.shade
            fill_polygon(picture, camera, corners, (shade, shade * 0.9, shade * 0.8))
    noise = np.random.default_rng(3).normal(0, 2, picture.shape)
    soft = np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.8), np.float64)
    return np.clip(soft + noise, 0, 255).astype(np.uint8)


def two_doors(roll_deg: float, pitch_deg: float = 0.0) -> NDArray[np.uint8]:
    view = make_view(*SIZE, roll_deg=roll_deg, pitch_deg=pitch_deg)
    a_door = door(np.random.default_rng(0))
    return wall(view, [(a_door, at_m) for at_m in AT_BOTH_SIDES])


@lru_cache
def _pose_with_mask(figure: Figure) -> PoseEstimate:
    return pose_of(figure, with_mask=True)


def with_person(
    picture: NDArray[np.uint8], figure: Figure
) -> tuple[NDArray[np.uint8], PoseEstimate]:
    """Stand a person in upright stripes in front of a picture."""
    pose = _pose_with_mask(figure)
    together = picture.copy()
    on_person = pose.mask > 0.5
    together[on_person] = (70, 60, 90)
    together[on_person & (np.arange(picture.shape[1]) // 12 % 2 == 0)] = (220, 210, 200)
    return together, pose


def found_in(picture: NDArray[np.uint8], roll_deg: float) -> FoundPlumb | None:
    """Look for plumb lines around a person who stands in balance."""
    rgb, pose = with_person(picture, replace(FIGURE, roll_deg=roll_deg))
    return find_plumb(rgb, [pose])


@pytest.mark.parametrize("roll_deg", [-6.0, 0.0, 4.0])
@pytest.mark.parametrize("pitch_deg", [-8.0, 3.0, 9.0])
def test_a_plumb_line_leans_by_roll_less_convergence_times_distance(
    roll_deg: float, pitch_deg: float
) -> None:
    camera = make_view(*SIZE, roll_deg=roll_deg, pitch_deg=pitch_deg).camera
    convergence_deg = np.degrees(np.tan(np.radians(pitch_deg)) / camera.focal_px)
    for x_m in (-0.7, -0.2, 0.5, 0.8):
        top, foot = camera.project(np.array([[x_m, 3.0, 2.0], [x_m, 3.0, 0.4]]))
        lean_deg = roll_from_plumb_deg(top, foot)
        turn = np.radians(lean_deg)
        place = (top + foot) / 2 - camera.centre_px
        distance = place @ [np.cos(turn), -np.sin(turn)]
        assert lean_deg == pytest.approx(roll_deg - convergence_deg * distance, abs=0.03)


@given(roll_deg=st.floats(-7, 7), pitch_deg=st.floats(-7, 9))
@settings(max_examples=15, deadline=None)
def test_roll_is_found_whatever_the_pitch(roll_deg: float, pitch_deg: float) -> None:
    found = found_in(two_doors(roll_deg, pitch_deg), roll_deg)
    assert found is not None
    assert found.roll_deg == pytest.approx(roll_deg, abs=0.4)
    assert abs(found.roll_deg - roll_deg) < 2.5 * found.sd_deg


@given(pitch_deg=st.floats(-9, 9))
@settings(max_examples=10, deadline=None)
def test_how_lines_converge_tells_the_pitch(pitch_deg: float) -> None:
    found = found_in(two_doors(0.0, pitch_deg), 0.0)
    assert found is not None
    assert found.convergence is not None
    # The camera's focal length is 0.9 of the longer side.
    shown_deg = np.degrees(np.arctan(np.radians(found.convergence.deg_per_side) * 0.9))
    sd_deg = 0.9 * found.convergence.sd_deg
    assert shown_deg == pytest.approx(pitch_deg, abs=max(1.5, 2.5 * sd_deg))
    assert sd_deg < 2


def test_the_person_may_stand_anywhere() -> None:
    picture = two_doors(1.0, 6.0)
    for hip_x in (195.0, 240.0, 285.0):
        rgb, pose = with_person(picture, replace(FIGURE, roll_deg=1.0, hip_px=(hip_x, 360.0)))
        found = find_plumb(rgb, [pose])
        assert found is not None
        assert found.roll_deg == pytest.approx(1.0, abs=0.4)


def test_an_uncertain_optical_axis_widens_the_answer() -> None:
    picture = two_doors(0.0, 7.0)
    sd_deg = []
    for hip_x in (240.0, 285.0, 330.0):
        pose = replace(
            pose_of(replace(FIGURE, hip_px=(hip_x, 360.0))), mask=np.zeros(SIZE[::-1], np.float32)
        )
        found = find_plumb(picture, [pose])
        assert found is not None
        sd_deg.append(found.sd_deg)
    assert sd_deg == sorted(sd_deg)
    assert sd_deg[2] > sd_deg[0] + 0.1


@pytest.mark.parametrize("roll_deg", [-3.0, 0.0, 5.0])
def test_mirroring_turns_the_sign(roll_deg: float) -> None:
    rgb, pose = with_person(two_doors(roll_deg, 4.0), replace(FIGURE, roll_deg=roll_deg))
    found = find_plumb(rgb, [pose])
    other = find_plumb(np.ascontiguousarray(rgb[:, ::-1]), [mirrored(pose)])
    assert found is not None
    assert other is not None
    assert other.roll_deg == pytest.approx(-found.roll_deg, abs=0.2)


@given(scale=st.floats(0.6, 1.6))
@settings(max_examples=6, deadline=None)
def test_the_size_of_the_picture_does_not_matter(scale: float) -> None:
    picture, pose = with_person(two_doors(3.0, 4.0), replace(FIGURE, roll_deg=3.0))
    size = (round(SIZE[0] * scale), round(SIZE[1] * scale))
    mask = np.asarray(cv2.resize(pose.mask, size), np.float32)
    scaled = replace(pose, xy_px=pose.xy_px * np.float32(scale), mask=mask)
    found = find_plumb(np.asarray(cv2.resize(picture, size), np.uint8), [scaled])
    assert found is not None
    assert found.roll_deg == pytest.approx(3.0, abs=0.4)


@given(x=st.integers(0, 30), y=st.integers(0, 60))
@settings(max_examples=6, deadline=None)
def test_trimming_the_edges_changes_little(x: int, y: int) -> None:
    picture, pose = with_person(two_doors(-2.0), replace(FIGURE, roll_deg=-2.0))
    moved = replace(
        pose,
        xy_px=pose.xy_px - np.array([x, y], np.float32),
        mask=np.ascontiguousarray(pose.mask[y:, x:]),
    )
    found = find_plumb(np.ascontiguousarray(picture[y:, x:]), [moved])
    assert found is not None
    assert found.roll_deg == pytest.approx(-2.0, abs=0.3)


def test_what_was_found_can_be_drawn() -> None:
    rgb, pose = with_person(two_doors(2.0), replace(FIGURE, roll_deg=2.0))
    found = find_plumb(rgb, [pose])
    assert found is not None
    segments = found.segments_px
    assert segments.dtype == np.float32
    assert segments.shape[1] == 4
    assert (segments >= 0).all()
    assert (segments <= [*SIZE, *SIZE]).all()
    assert (segments[:, 1] < segments[:, 3]).all()
    for x1, y1, x2, y2 in segments.tolist():
        assert roll_from_plumb_deg((x1, y1), (x2, y2)) == pytest.approx(2.0, abs=1.0)


def test_lines_on_the_person_are_left_out() -> None:
    plain = np.full((SIZE[1], SIZE[0], 3), 190, np.uint8)
    rgb, pose = with_person(plain, FIGURE)
    assert len(find_lines(rgb)) > 5
    assert len(off_people(find_lines(rgb), [pose])) == 0
    assert find_plumb(rgb, [pose]) is None


def test_one_level_door_confirms_and_one_leaning_door_is_not_believed() -> None:
    view = make_view(*SIZE, roll_deg=0.0, pitch_deg=0.0)
    upright = door(np.random.default_rng(0))
    found = found_in(wall(view, [(upright, 0.7)]), 0.0)
    assert found is not None
    assert found.roll_deg == pytest.approx(0.0, abs=0.3)
    for lean_deg in (-7.0, -3.0, 3.0, 7.0):
        leaning = [replace(part, lean_deg=lean_deg) for part in upright]
        assert found_in(wall(view, [(leaning, 0.7)]), 0.0) is None


def test_a_staff_alone_is_not_believed() -> None:
    view = make_view(*SIZE, roll_deg=0.0, pitch_deg=0.0)
    for lean_deg in (0.0, 4.0):
        staff = [Part(-0.02, 0.0, 0.04, 1.8, 0.5, lean_deg)]
        assert found_in(wall(view, [(staff, 0.6)]), 0.0) is None


def test_a_ladder_does_not_outvote_two_doors() -> None:
    view = make_view(*SIZE, roll_deg=1.5, pitch_deg=0.0)
    a_door = door(np.random.default_rng(0))
    a_ladder = ladder(np.random.default_rng(1))
    things = [(a_ladder, -0.45), (a_door, -0.8), (a_door, 0.75)]
    found = found_in(wall(view, things), 1.5)
    assert found is not None
    assert found.roll_deg == pytest.approx(1.5, abs=0.4)


def test_two_answers_are_none() -> None:
    view = make_view(*SIZE, roll_deg=0.0, pitch_deg=0.0)
    tall = [Part(-0.04, 0.0, 0.08, 2.1, 0.5)]
    leaning = [replace(part, lean_deg=5.0) for part in tall]
    things = [(tall, -0.8), (leaning, -0.5), (tall, 0.5), (leaning, 0.7)]
    assert found_in(wall(view, things), 0.0) is None


def test_a_roll_under_which_the_person_would_fall_is_not_believed() -> None:
    picture = two_doors(6.0)
    assert found_in(picture, 6.0) is not None
    assert found_in(picture, 0.0) is None


@pytest.mark.parametrize("roll_deg", [-15.0, 15.0])
def test_a_camera_turned_too_far_gives_nothing(roll_deg: float) -> None:
    found = found_in(two_doors(roll_deg), roll_deg)
    assert found is None


def test_without_anyone_there_is_no_answer() -> None:
    assert find_plumb(two_doors(1.0), []) is None


@pytest.mark.parametrize("shape", [(1, 1), (3, 2), (40, 30)])
def test_tiny_pictures_break_nothing(shape: tuple[int, int]) -> None:
    pose = replace(pose_of(FIGURE), mask=np.zeros(shape, np.float32))
    assert find_plumb(np.full((*shape, 3), 99, np.uint8), [pose]) is None


@pytest.mark.parametrize("kind", EMPTY)
def test_nothing_is_found_where_there_are_no_lines(kind: Room) -> None:
    for seed in range(6):
        view = make_view(*SIZE, roll_deg=1.0, pitch_deg=3.0)
        picture, roll_deg = paint_room(kind, view, np.random.default_rng(seed))
        assert found_in(picture.astype(np.uint8), roll_deg) is None


@pytest.mark.parametrize("kind", [kind for kind in SLANTED if kind != Room.PICTURE_OF_PICTURE])
def test_slanted_things_alone_are_not_believed(kind: Room) -> None:
    for seed in range(6):
        view = make_view(*SIZE, roll_deg=0.0, pitch_deg=2.0)
        picture, roll_deg = paint_room(kind, view, np.random.default_rng(seed))
        assert found_in(picture.astype(np.uint8), roll_deg) is None


@pytest.mark.parametrize("kind", [Room.CUPBOARD, Room.TILES, Room.CORNER, Room.FURNISHED])
def test_every_kind_of_plumb_room_gives_right_answers(kind: Room) -> None:
    errors = []
    for seed in range(6):
        view = make_view(*SIZE, roll_deg=1.5, pitch_deg=float(seed - 2))
        picture, roll_deg = paint_room(kind, view, np.random.default_rng(seed))
        found = found_in(picture.astype(np.uint8), roll_deg)
        if found is not None:
            errors.append(abs(found.roll_deg - roll_deg))
    assert len(errors) >= 3
    assert np.mean(errors) < 0.35
    assert max(errors) < 1.0


def test_sample_pictures_are_level() -> None:
    found = []
    for path in sorted(SAMPLES.glob("*.jpg")):
        rgb = load_frame(path).rgb
        found.append(find_plumb(rgb, shared_estimator().estimate(rgb)))
    rolls = [plumb.roll_deg for plumb in found if plumb is not None]
    assert len(rolls) >= 10
    assert max(map(abs, rolls)) < 0.5


@pytest.mark.skipif(not PHOTOS.is_dir(), reason="BELTLINE_PHOTOS names no folder of photographs")
@pytest.mark.parametrize(("folder", "roll_deg"), [("standing", 0.0), ("roll15", 15.0)])
def test_real_photographs_get_no_roll_that_they_do_not_have(folder: str, roll_deg: float) -> None:
    for path in sorted((PHOTOS / folder).glob("*.jpg")):
        rgb = load_frame(path).rgb
        found = find_plumb(rgb, shared_estimator().estimate(rgb))
        if found is not None:
            assert abs(found.roll_deg) <= MAX_ROLL_DEG
            assert found.roll_deg == pytest.approx(roll_deg, abs=2.5)
