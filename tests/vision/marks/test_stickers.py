"""Painted people with painted stickers: found where they are, or refused with a reason."""

from __future__ import annotations

import colorsys
import math
import os
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.made_up_results import LENS
from tests.vision.stick_figures import Figure, mirrored, pose_of
from vision.marks.points import (
    PLACING_SD_DEG,
    STANDING_OUT_SD_DEG,
    bony_points,
    measure_stickers_deg,
    stickers_sd_deg,
)
from vision.marks.stickers import NoStickers, StickerColour, StickerDoubt, Stickers, find_stickers
from vision.result import Facing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision.pose.estimate import PoseEstimate

#: Where ASIS and PSIS are on the stick figure, whose trunk is a capsule 0.11 m thick:
#: metres ahead of and above the hip.
ASIS_M, PSIS_M = (0.06, 0.09), (-0.12, 0.13)
RADIUS_M = 0.015
VIVID = {
    StickerColour.GREEN: (20, 210, 60),
    StickerColour.PINK: (255, 40, 150),
    StickerColour.ORANGE: (250, 110, 10),
    StickerColour.BLUE: (20, 100, 240),
}
GREY, WALL = (96, 98, 104), (200, 198, 190)
UPRIGHT = Figure()


@dataclass(frozen=True)
class Painted:
    """A painted picture of a person, and its pose."""

    figure: Figure
    rgb: NDArray[np.uint8]
    pose: PoseEstimate

    def px(self, place_m: tuple[float, float]) -> tuple[float, float]:
        """Return the pixel of a place, metres ahead of and above the hip."""
        per_m = self.figure.trunk_px / 0.5
        return (
            self.figure.hip_px[0] + self.figure.facing.front_sign * place_m[0] * per_m,
            self.figure.hip_px[1] - place_m[1] * per_m,
        )

    def dot(
        self,
        place_m: tuple[float, float],
        colour: tuple[int, int, int],
        radius_m: float = RADIUS_M,
        *,
        square: bool = False,
    ) -> Painted:
        """Paint a dot with soft edges."""
        x, y = self.px(place_m)
        radius_px = radius_m * self.figure.trunk_px / 0.5
        top, left = (max(int(middle - radius_px) - 1, 0) for middle in (y, x))
        rgb = self.rgb.copy()
        part = rgb[top : int(y + radius_px) + 3, left : int(x + radius_px) + 3]
        rows, columns = np.ogrid[: part.shape[0], : part.shape[1]]
        away = np.maximum if square else np.hypot
        gap = away(np.abs(columns + (left - x)), np.abs(rows + (top - y))) - radius_px
        cover = np.clip(0.5 - gap, 0, 1)[..., None]
        part[:] = np.rint((1 - cover) * part + cover * np.array(colour))
        return replace(self, rgb=rgb)

    def find(self) -> Stickers | NoStickers:
        return find_stickers(self.rgb, self.pose, self.figure.facing)


@cache
def _posed(figure: Figure) -> PoseEstimate:
    return pose_of(figure, with_mask=True)


@cache
def person(figure: Figure = UPRIGHT, clothes: tuple[int, int, int] = GREY) -> Painted:
    """Paint a person in one colour before a wall."""
    pose = _posed(figure)
    body = np.clip(pose.mask, 0, 1)[..., None]
    rgb = np.rint((1 - body) * np.array(WALL) + body * np.array(clothes)).astype(np.uint8)
    return Painted(figure, rgb, pose)


def with_both(painted: Painted, rgb: tuple[int, int, int]) -> Painted:
    return painted.dot(ASIS_M, rgb).dot(PSIS_M, rgb)


def doubt_of(painted: Painted) -> StickerDoubt:
    found = painted.find()
    assert isinstance(found, NoStickers)
    return found.reason


def stickers_in(painted: Painted) -> Stickers:
    found = painted.find()
    assert isinstance(found, Stickers)
    return found


def assert_both_found(painted: Painted, tolerance_px: float = 0.6) -> None:
    found = stickers_in(painted)
    assert found.asis_px == pytest.approx(painted.px(ASIS_M), abs=tolerance_px)
    assert found.psis_px == pytest.approx(painted.px(PSIS_M), abs=tolerance_px)


@pytest.mark.parametrize("colour", list(StickerColour))
@pytest.mark.parametrize("facing", list(Facing))
def test_both_stickers_are_found_to_the_pixel(colour: StickerColour, facing: Facing) -> None:
    painted = with_both(person(Figure(facing=facing)), VIVID[colour])
    assert_both_found(painted)
    found = stickers_in(painted)
    assert found.colour is colour
    assert found.diameter_px == pytest.approx(2 * RADIUS_M * 480, rel=0.15)


@settings(max_examples=15, deadline=None)
@given(
    hue_deg=st.sampled_from([100, 120, 145, 312, 330, 22, 32, 205, 225]),
    value=st.floats(0.75, 1.0),
    light=st.floats(0.45, 1.0),
)
def test_any_vivid_shade_in_any_light(hue_deg: int, value: float, light: float) -> None:
    r, g, b = (round(255 * c) for c in colorsys.hsv_to_rgb(hue_deg / 360, 0.9, value))
    painted = with_both(person(), (r, g, b))
    assert_both_found(replace(painted, rgb=(painted.rgb * light).astype(np.uint8)))


@settings(max_examples=10, deadline=None)
@given(trunk_px=st.floats(125, 330), dx=st.floats(-40, 40), dy=st.floats(-40, 40))
def test_any_size_and_place(trunk_px: float, dx: float, dy: float) -> None:
    figure = Figure(
        trunk_px=trunk_px,
        width_px=round(1.4 * trunk_px) + 90,
        height_px=round(2.2 * trunk_px) + 90,
        hip_px=(0.7 * trunk_px + 45 + dx, 1.4 * trunk_px + 45 + dy),
    )
    assert_both_found(
        with_both(person(figure), VIVID[StickerColour.GREEN]), max(0.6, trunk_px / 240)
    )


def test_a_mirrored_picture_gives_the_mirrored_points_and_the_same_tilt() -> None:
    painted = with_both(person(), VIVID[StickerColour.PINK])
    here = stickers_in(painted)
    other_pose = mirrored(painted.pose)
    there = find_stickers(np.ascontiguousarray(painted.rgb[:, ::-1]), other_pose, Facing.LEFT)
    assert isinstance(there, Stickers)
    last = painted.rgb.shape[1] - 1
    assert there.asis_px == pytest.approx((last - here.asis_px[0], here.asis_px[1]), abs=0.6)
    assert there.psis_px == pytest.approx((last - here.psis_px[0], here.psis_px[1]), abs=0.6)
    tilts = [
        measure_stickers_deg(here, painted.pose, Facing.RIGHT, 0.0, LENS)[0],
        measure_stickers_deg(there, other_pose, Facing.LEFT, 0.0, LENS)[0],
    ]
    assert tilts[0] == pytest.approx(tilts[1], abs=0.6)


def test_none_and_one() -> None:
    green = VIVID[StickerColour.GREEN]
    assert doubt_of(person()) is StickerDoubt.NONE_SEEN
    assert doubt_of(person().dot(ASIS_M, green)) is StickerDoubt.ONLY_ONE
    assert doubt_of(person().dot(PSIS_M, green)) is StickerDoubt.ONLY_ONE


def test_a_third_makes_doubt_but_one_of_another_colour_does_not() -> None:
    both = with_both(person(), VIVID[StickerColour.GREEN])
    third_m = (-0.02, 0.12)
    assert doubt_of(both.dot(third_m, VIVID[StickerColour.GREEN])) is StickerDoubt.MORE_THAN_TWO
    assert_both_found(both.dot(third_m, VIVID[StickerColour.PINK]))


def test_a_pair_of_each_of_two_colours_makes_doubt() -> None:
    both = with_both(person(), VIVID[StickerColour.GREEN])
    other = both.dot((0.07, 0.0), VIVID[StickerColour.BLUE])
    other = other.dot((-0.12, 0.06), VIVID[StickerColour.BLUE])
    assert doubt_of(other) is StickerDoubt.MORE_THAN_TWO


@pytest.mark.parametrize("colour", list(StickerColour))
def test_clothes_of_that_colour_are_named(colour: StickerColour) -> None:
    painted = with_both(person(clothes=VIVID[colour]), VIVID[colour])
    assert painted.find() == NoStickers(StickerDoubt.CLOTHING_OF_THAT_COLOUR, colour)
    bare = person(clothes=VIVID[colour])
    assert bare.find() == NoStickers(StickerDoubt.CLOTHING_OF_THAT_COLOUR, colour)


def test_paler_clothes_of_that_hue_do_no_harm() -> None:
    assert_both_found(
        with_both(person(clothes=(50, 60, 105)), VIVID[StickerColour.BLUE]), tolerance_px=1.0
    )


@pytest.mark.parametrize("radius_m", [0.004, 0.05])
def test_what_is_too_small_or_too_large_is_no_sticker(radius_m: float) -> None:
    green = VIVID[StickerColour.GREEN]
    painted = person().dot(ASIS_M, green, radius_m).dot(PSIS_M, green, radius_m)
    assert isinstance(painted.find(), NoStickers)


def test_a_bar_is_no_sticker() -> None:
    green = VIVID[StickerColour.GREEN]
    painted = person().dot(PSIS_M, green)
    for step in range(6):
        painted = painted.dot((0.02 + 0.012 * step, 0.09), green, 0.006, square=True)
    assert doubt_of(painted) is StickerDoubt.ONLY_ONE


@pytest.mark.parametrize(
    ("front_m", "back_m"),
    [
        ((0.05, -0.2), (-0.05, -0.2)),  # on the thighs
        ((0.06, 0.35), (-0.1, 0.36)),  # on the ribs
        ((0.06, 0.09), (-0.02, 0.12)),  # the hind one on the flank
        ((0.06, 0.09), (0.05, 0.0)),  # both in front
        ((0.06, 0.25), (-0.12, 0.02)),  # too steep
        ((0.30, 0.09), (-0.32, 0.13)),  # in the room, before and behind
    ],
)
def test_dots_elsewhere_are_no_stickers(
    front_m: tuple[float, float], back_m: tuple[float, float]
) -> None:
    green = VIVID[StickerColour.GREEN]
    assert isinstance(person().dot(front_m, green).dot(back_m, green).find(), NoStickers)


def test_round_things_in_the_room_do_no_harm() -> None:
    green = VIVID[StickerColour.GREEN]
    painted = with_both(person(), green)
    assert_both_found(painted.dot((0.3, 0.1), green).dot((-0.3, 0.1), green))


def test_a_person_at_the_very_edge_of_the_picture() -> None:
    painted = with_both(person(), VIVID[StickerColour.GREEN])
    cut = replace(painted.pose, xy_px=painted.pose.xy_px - np.float32(5000))
    assert find_stickers(painted.rgb, cut, Facing.RIGHT) == NoStickers(StickerDoubt.NONE_SEEN)


def test_a_grey_picture_shows_none() -> None:
    painted = with_both(person(), VIVID[StickerColour.GREEN])
    grey = cv2.cvtColor(painted.rgb, cv2.COLOR_RGB2GRAY)
    shown = replace(painted, rgb=np.ascontiguousarray(np.dstack([grey] * 3), np.uint8))
    assert doubt_of(shown) is StickerDoubt.NONE_SEEN


@pytest.mark.parametrize("facing", list(Facing))
@pytest.mark.parametrize("roll_deg", [-2.0, 0.0, 2.0])
def test_tilt_is_that_of_the_line_between_the_points(facing: Facing, roll_deg: float) -> None:
    painted = with_both(person(Figure(facing=facing)), VIVID[StickerColour.GREEN])
    found = stickers_in(painted)
    tilt_deg, sd_deg = measure_stickers_deg(found, painted.pose, facing, roll_deg, LENS)
    # The trunk of the figure is upright: its back tells nothing new about the height.
    drawn_deg = math.degrees(math.atan2(PSIS_M[1] - ASIS_M[1], ASIS_M[0] - PSIS_M[0]))
    assert tilt_deg == pytest.approx(drawn_deg + facing.front_sign * roll_deg, abs=0.6)
    assert sd_deg > math.hypot(PLACING_SD_DEG, stickers_sd_deg(found))


@pytest.mark.parametrize("facing", list(Facing))
def test_a_lens_above_the_hips_is_taken_out(facing: Facing) -> None:
    painted = with_both(person(Figure(facing=facing)), VIVID[StickerColour.GREEN])
    tilts_deg = [
        measure_stickers_deg(
            stickers_in(painted), painted.pose, facing, 0.0, replace(LENS, down_deg=down_deg)
        )[0]
        for down_deg in (-8.0, 0.0, 8.0)
    ]
    nearer_m, apart_m = 0.083, ASIS_M[0] - PSIS_M[0]
    step_deg = math.degrees(math.atan(nearer_m / apart_m * math.tan(math.radians(8))))
    assert np.diff(tilts_deg) == pytest.approx([-step_deg, -step_deg], abs=0.3)


def test_a_sticker_over_a_sloping_back_is_brought_down_to_it() -> None:
    """A body that leans forward has a back which faces upwards."""
    lean_deg, out_m = 20.0, 0.04
    lean = math.radians(lean_deg)
    figure = Figure(lean_deg=lean_deg)
    along, back = (
        np.array([math.sin(lean), math.cos(lean)]),
        np.array([-math.cos(lean), math.sin(lean)]),
    )
    bone_m = 0.15 * along + 0.11 * back
    x, y = bone_m + out_m * back
    painted = person(figure).dot(ASIS_M, VIVID[StickerColour.GREEN])
    painted = painted.dot((float(x), float(y)), VIVID[StickerColour.GREEN])
    found = stickers_in(painted)
    points = bony_points(found, painted.pose, Facing.RIGHT)
    assert points.asis_px == found.asis_px
    assert points.psis_px[1] == pytest.approx(painted.px((0.0, float(bone_m[1])))[1], abs=2.5)
    assert points.psis_px[1] > found.psis_px[1] + 3


def test_without_a_mask_the_sticker_is_the_point() -> None:
    found = Stickers(StickerColour.GREEN, (350.0, 440.0), (260.0, 420.0), 0.5, 14.0)
    points = bony_points(found, pose_of(Figure()), Facing.RIGHT)
    assert (points.asis_px, points.psis_px) == (found.asis_px, found.psis_px)


@given(distance_px=st.floats(20, 500), sd_px=st.floats(0.1, 3))
def test_doubt_grows_with_each_of_its_sources(distance_px: float, sd_px: float) -> None:
    found = Stickers(StickerColour.BLUE, (100 + distance_px, 100), (100, 100), sd_px, 14)
    nearer = replace(found, asis_px=(100 + distance_px / 2, 100.0))
    assert STANDING_OUT_SD_DEG < stickers_sd_deg(found) < stickers_sd_deg(nearer)


PHOTOS = Path(
    os.environ.get("BELTLINE_PHOTOS", Path(__file__).parents[4] / "shared" / "photos")
).absolute()


@pytest.mark.skipif(
    not (PHOTOS / "standing").is_dir(), reason="BELTLINE_PHOTOS names no folder of photographs"
)
def test_no_real_photograph_of_a_standing_person_shows_stickers() -> None:
    from vision.image.frame import as_frame
    from vision.pose.mediapipe import shared_estimator
    from vision.scene import estimate_facing

    for path in sorted((PHOTOS / "standing").glob("*.jpg")):
        frame = as_frame(path)
        pose = shared_estimator().estimate(frame.rgb)[0]
        assert isinstance(find_stickers(frame.rgb, pose, estimate_facing(pose)), NoStickers)
