"""The canonical crop, the same whatever the size, place, facing and camera roll; its outline."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tests.vision.stick_figures import Figure, mirrored, pose_of
from vision import silhouette
from vision.result import Facing
from vision.silhouette import (
    CAREFUL_SHARE,
    CENTRE_ABOVE_HIP_TRUNKS,
    CROP_HEIGHT_PX,
    CROP_TRUNKS_HIGH,
    CROP_WIDTH_PX,
    EDGES,
    PELVIS_ABOVE_TRUNKS,
    ROWS,
    TRUNKS_PER_UNIT,
    ContourReading,
    Placing,
    canonical_crop,
    crop_transform,
    edges_of,
    outline_px,
    read_carefully,
    read_quickly,
    rows_of,
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


class _Exact:
    """The guided filter as it is written (He et al. 2013), in double precision."""

    def __init__(self, guide: NDArray[np.float32], reach_px: int, least: float) -> None:
        self._colours = [np.ascontiguousarray(guide[..., i], np.float64) for i in range(3)]
        self._size, self._least = (2 * reach_px + 1, 2 * reach_px + 1), least

    def filter(self, cut: NDArray[np.float32]) -> NDArray[np.float64]:
        colours, mean = self._colours, self._mean
        means, level = [mean(plane) for plane in colours], mean(cut)
        covariance = np.empty((*cut.shape, 3, 3))
        along = np.empty((*cut.shape, 3, 1))
        for i in range(3):
            along[..., i, 0] = mean(colours[i] * cut) - means[i] * level
            for j in range(3):
                covariance[..., i, j] = mean(colours[i] * colours[j]) - means[i] * means[j]
        slope = np.linalg.solve(covariance + self._least * np.eye(3), along)[..., 0]
        offset = level - sum(slope[..., i] * means[i] for i in range(3))
        return np.asarray(sum(mean(slope[..., i]) * colours[i] for i in range(3)) + mean(offset))

    def _mean(self, plane: NDArray[np.floating]) -> NDArray[np.float64]:
        blurred = cv2.blur(plane.astype(np.float64), self._size, borderType=cv2.BORDER_REFLECT)
        return np.asarray(blurred, np.float64)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([0.0, 0.5, 2.0]),
    st.floats(0, 255),
    st.floats(0, 255),
    st.sampled_from([0.0, 40.0, 90.0]),
)
# As a print on a curtain: single precision by the colours themselves is off by a tenth.
@example(seed=0, noise=0.5, body=40.0, wall=120.0, texture=90.0)
def test_a_mask_is_drawn_as_the_filter_says_whatever_the_colours(
    seed: int, noise: float, body: float, wall: float, texture: float
) -> None:
    """Also where all colours change together, which single precision does not like."""
    random = np.random.default_rng(seed)
    soft = cv2.GaussianBlur(POSE.mask, (0, 0), 2)
    grain = np.asarray(random.normal(0, 1, soft.shape), np.float64)
    pattern = texture * np.sign(cv2.GaussianBlur(grain, (0, 0), 3))
    grey = wall + (body - wall) * soft[..., None] + pattern[..., None]
    grey = grey + random.normal(0, noise, (*soft.shape, 3))
    rgb = np.clip(np.rint(grey), 0, 255).astype(np.uint8)
    matrix = crop_transform(POSE.mid_hip_px, POSE.trunk_px, Facing.RIGHT, 0.0)
    size = CROP_WIDTH_PX, CROP_HEIGHT_PX
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(silhouette, "_GRIDS_PX", (0.0,))
        drawn = silhouette.cut_mask(rgb, POSE.mask, matrix, size)
        patch.setattr(silhouette, "_TO_BRIGHTNESS", np.eye(3, 4, dtype=np.float32))
        patch.setattr("cv2.ximgproc.createGuidedFilter", _Exact)
        expected = silhouette.cut_mask(rgb, POSE.mask, matrix, size)
    np.testing.assert_allclose(drawn, expected, atol=1e-3)


def test_masks_are_cut_together_and_beside_as_one_by_one() -> None:
    rgb, other = picture_of(POSE), np.roll(POSE.mask, 20, axis=1)
    matrix = crop_transform(POSE.mid_hip_px, POSE.trunk_px, Facing.RIGHT, 0.0)
    size = CROP_WIDTH_PX, CROP_HEIGHT_PX
    with ThreadPoolExecutor(2) as beside:
        together = silhouette.cut_masks(rgb, [POSE.mask, other], matrix, size, (1, 4.0), beside)
    for cut, mask in zip(together, (POSE.mask, other), strict=True):
        np.testing.assert_array_equal(cut, silhouette.cut_mask(rgb, mask, matrix, size, 1, 4.0))
    assert np.abs(together[0] - together[1]).max() > 0.5


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


# -- the outline in the picture


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


# -- where the outline runs

#: Of the outlines that are drawn as a careful look would cut them.
PER_TRUNK_PX = 116.0
#: A crop that reaches beyond whatever look is taken at it, width and height.
ROOMY_PX = (321, 463)


def front_trunks(down_trunks: NDArray[np.float64]) -> NDArray[np.float64]:
    return 0.34 + 0.09 * np.sin(2.1 * down_trunks + 0.6)


def back_trunks(down_trunks: NDArray[np.float64]) -> NDArray[np.float64]:
    return -0.31 + 0.08 * np.cos(1.7 * down_trunks - 0.4)


def drawn(
    shift: tuple[float, float] = (0.0, 0.0), scale: float = 1.0, turn_deg: float = 0.0
) -> NDArray[np.float32]:
    """A wavy trunk, drawn as a look sees it that lies so beside the trunk's own middle."""
    height, width = ROOMY_PX[1], ROOMY_PX[0]
    down, forward = np.mgrid[:height, :width] - np.array([height - 1, width - 1])[:, None, None] / 2
    # Turned back: the look has the front, on the right, lower by the angle.
    own = scale * (forward + 1j * down) / PER_TRUNK_PX * np.exp(-1j * np.radians(turn_deg))
    own += complex(*shift)
    inside = np.minimum(front_trunks(own.imag) - own.real, own.real - back_trunks(own.imag))
    return np.asarray(np.clip(0.5 + inside / scale * PER_TRUNK_PX / 4, 0, 1), np.float32)


def placing(shift: tuple[float, float], scale: float, turn_deg: float) -> Placing:
    beside = Placing.beside([shift])
    return replace(
        beside, scale=np.array([scale], np.float32), turn_deg=np.array([turn_deg], np.float32)
    )


AS_IT_IS = Placing.beside([(0.0, 0.0)])
#: Of the outermost edges, of how much is body and of whether any is, in the mirror.
MIRROR_SIGNS = np.array([[-1], [-1], [1], [1]], np.float32)


@given(st.floats(-40, 40), st.floats(-0.9, 0.9), st.floats(2, 9))
def test_the_edge_of_a_half_plane_is_found_between_pixels(
    at_px: float, lean: float, softness_px: float
) -> None:
    rows = np.arange(41) - 20
    edge = at_px + lean * rows
    x = np.arange(161) - 80
    crop = np.clip(0.5 + (edge[:, None] - x) / softness_px, 0, 1).astype(np.float32)
    edges = edges_of(crop)
    assert edges.shape == (EDGES, 41)
    assert edges.dtype == np.float32
    for front in (0, 2):
        np.testing.assert_allclose(edges[front], edge, atol=0.01)
    # The body goes on where the crop ends.
    for back in (1, 3):
        np.testing.assert_array_equal(edges[back], -80.5)
    # Summing pixels along a ramp is exact to an eighth of its step from one to the next.
    np.testing.assert_allclose(edges[4], edge + 80.5, atol=1 / (8 * softness_px) + 0.005)
    np.testing.assert_array_equal(edges[5], 1)


@given(st.floats(-15, 15), st.floats(-15, 15), st.floats(12, 45), st.floats(12, 60))
def test_an_ellipse_has_its_edges_where_it_was_drawn(
    right_px: float, down_px: float, half_width_px: float, half_height_px: float
) -> None:
    x, y = np.arange(-75, 76), np.arange(-80, 81)
    high = 1 - ((y - down_px) / half_height_px) ** 2
    half = half_width_px * np.sqrt(np.clip(high, 0, None))
    crop = np.clip(0.5 + (half[:, None] - np.abs(x - right_px)) / 3, 0, 1)
    crop[high <= 0] = 0
    edges = edges_of(crop.astype(np.float32))
    clear = half > 4
    for row, sign in enumerate((1, -1, 1, -1)):
        np.testing.assert_allclose(edges[row, clear], right_px + sign * half[clear], atol=0.01)
    np.testing.assert_allclose(edges[4, clear], 2 * half[clear], atol=0.1)
    nobody = high <= 0
    np.testing.assert_array_equal(edges[:, nobody], 0)


def test_an_arm_ahead_and_a_tail_behind_are_told_apart_from_the_trunk() -> None:
    crop = np.zeros((1, 60), np.float32)
    for start, end in ((3, 6), (10, 31), (40, 50)):
        crop[0, start:end] = 1
    front, back, foremost, hindmost, body, is_any = edges_of(crop)[:, 0]
    assert (hindmost, back, front, foremost) == (2.5 - 29.5, 9.5 - 29.5, 30.5 - 29.5, 49.5 - 29.5)
    assert (body, is_any) == (34, 1)


def test_nobody_has_no_edges() -> None:
    np.testing.assert_array_equal(edges_of(np.full((7, 20), 0.4, np.float32))[[0, 1, 2, 3, 5]], 0)


@given(arrays.arrays(np.float32, (3, 24), elements=st.floats(0, 1, width=32)))
def test_edges_keep_their_order_whatever_the_mask(crop: NDArray[np.float32]) -> None:
    front, back, foremost, hindmost, body, is_any = edges_of(crop)
    np.testing.assert_array_equal(is_any, (crop > 0.5).any(axis=1))
    some = is_any > 0
    assert (hindmost[some] <= back[some] + 1e-4).all()
    assert (back[some] < front[some] + 1e-4).all()
    assert (front[some] <= foremost[some] + 1e-4).all()
    assert (np.abs(np.stack([foremost, hindmost])) <= 12).all()
    np.testing.assert_allclose(body, crop.sum(axis=1), rtol=1e-5)


@given(arrays.arrays(np.float32, (2, 25), elements=st.sampled_from([0.0, 0.25, 0.75, 1.0])))
def test_a_mirrored_mask_has_mirrored_edges(crop: NDArray[np.float32]) -> None:
    own, other = edges_of(crop), edges_of(np.ascontiguousarray(crop[:, ::-1]))
    np.testing.assert_allclose(own[[2, 3, 4, 5]], other[[3, 2, 4, 5]] * MIRROR_SIGNS, atol=1e-4)


def test_rows_tell_where_the_outline_runs_in_quarters_of_a_trunk() -> None:
    rows = rows_of(edges_of(drawn())[None], PER_TRUNK_PX, AS_IT_IS)
    assert rows.shape == (1, EDGES, ROWS)
    assert rows.dtype == np.float32
    down = (np.arange(ROWS) - (ROWS - 1) / 2) / ROWS * CROP_TRUNKS_HIGH
    front, back = (curve(down) / TRUNKS_PER_UNIT for curve in (front_trunks, back_trunks))
    told = np.stack([front, back, front, back, front - back, np.ones(ROWS)])
    np.testing.assert_allclose(rows[0], told, atol=0.01)


@settings(max_examples=40)
@given(
    st.tuples(st.floats(-0.15, 0.15), st.floats(-0.2, 0.2)),
    st.floats(0.85, 1.15),
    st.floats(-8, 8),
)
def test_another_look_is_the_outline_drawn_so(
    shift: tuple[float, float], scale: float, turn_deg: float
) -> None:
    asked = placing(shift, scale, turn_deg)
    rows = rows_of(edges_of(drawn())[None], PER_TRUNK_PX, asked)
    there = rows_of(edges_of(drawn(shift, scale, turn_deg))[None], PER_TRUNK_PX, AS_IT_IS)
    np.testing.assert_allclose(rows[:, :4], there[:, :4], atol=0.02)
    # How much is body is read off the unturned row, near enough.
    np.testing.assert_allclose(rows[:, 4], there[:, 4], atol=0.02 + 0.08 * abs(turn_deg))
    np.testing.assert_array_equal(rows[:, 5], 1)


def test_several_looks_at_once_are_those_one_by_one() -> None:
    rng = np.random.default_rng(5)
    edges = np.stack([edges_of(drawn()), edges_of(drawn((0.1, 0.05), 0.9, 3.0))])
    both = Placing(
        rng.normal(0, 0.05, (2, 2)).astype(np.float32),
        np.array([0.95, 1.1], np.float32),
        np.array([4, -2], np.float32),
    )
    rows = rows_of(edges, PER_TRUNK_PX, both)
    one = rows_of(edges[:1], PER_TRUNK_PX, both)
    for index in range(2):
        alone = Placing(*(getattr(both, f.name)[[index]] for f in fields(Placing)))
        np.testing.assert_allclose(
            rows[index], rows_of(edges[[index]], PER_TRUNK_PX, alone)[0], atol=1e-5
        )
        np.testing.assert_allclose(
            one[index], rows_of(edges[:1], PER_TRUNK_PX, alone)[0], atol=1e-5
        )


def test_rows_reach_no_further_than_the_crop() -> None:
    half_units = CROP_WIDTH_PX / CROP_HEIGHT_PX * CROP_TRUNKS_HIGH / 2 / TRUNKS_PER_UNIT
    rows = rows_of(edges_of(drawn())[None], PER_TRUNK_PX, Placing.beside([(-0.6, 0.0)]))
    assert rows[0, 0].max() == pytest.approx(half_units)
    assert (rows[0, :4] <= half_units + 1e-5).all()
    # What is cut off in front is no body either.
    np.testing.assert_allclose(rows[0, 4], rows[0, 0] - rows[0, 1], atol=0.02)


def test_rows_without_a_body_are_empty() -> None:
    crop = drawn()
    crop[: len(crop) // 2] = 0
    rows = rows_of(edges_of(crop)[None], PER_TRUNK_PX, AS_IT_IS)
    np.testing.assert_array_equal(rows[0, :, : ROWS // 2 - 2], 0)
    np.testing.assert_array_equal(rows[0, 5, ROWS // 2 + 2 :], 1)


# -- how often it is read


#: What is answered of an outline that is centred as it should be.
CENTRED = ContourReading(10.0, 3.0, 0.2)


class Recorder:
    """A contour model that tells what is set, in turn, and keeps what it was shown."""

    def __init__(self, *readings: ContourReading) -> None:
        self.readings = readings
        self.shown: list[NDArray[np.float32]] = []
        self.yaws: set[float] = set()

    def read(self, rows: NDArray[np.float32], yaw_deg: float) -> list[ContourReading]:
        self.shown.append(rows)
        self.yaws.add(yaw_deg)
        return [self.readings[(len(self.shown) - 1) % len(self.readings)]] * len(rows)


class ByWidth(Recorder):
    """Reads 6 deg off the outline that it sees first, and 14 off a wider one."""

    def read(self, rows: NDArray[np.float32], yaw_deg: float) -> list[ContourReading]:
        self.shown.append(rows)
        is_wide = np.median(rows[:, 4]) > np.median(self.shown[0][:, 4]) + 0.05
        return [replace(CENTRED, tilt_deg=14.0 if is_wide else 6.0)] * len(rows)


def recorded(monkeypatch: pytest.MonkeyPatch, *readings: ContourReading) -> Recorder:
    recorder = Recorder(*readings)
    monkeypatch.setattr(silhouette, "shared_model", lambda: recorder)
    return recorder


PICTURE = picture_of(POSE)
SIDE = (Facing.RIGHT, 0.0, 6.0)
MASKS = (POSE.mask, POSE.mask)


def test_a_quick_look_is_one_at_the_canonical_crop(monkeypatch: pytest.MonkeyPatch) -> None:
    told = ContourReading(12.0, 3.0, 0.4, (0.1, 0.0))
    recorder = recorded(monkeypatch, told)
    assert read_quickly(PICTURE, POSE, SIDE) == told
    assert recorder.yaws == {6.0}
    (rows,) = recorder.shown
    edges = edges_of(CROP)
    assert rows.shape == (1, EDGES, ROWS)
    np.testing.assert_allclose(
        rows[0, :5] * TRUNKS_PER_UNIT * CROP_HEIGHT_PX / CROP_TRUNKS_HIGH, edges[:5], atol=0.02
    )


def test_careful_looks_see_on_the_whole_what_a_quick_one_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recorder = recorded(monkeypatch, CENTRED)
    read_quickly(PICTURE, POSE, SIDE)
    read_carefully(PICTURE, POSE, MASKS, SIDE)
    (quick,), *careful = recorder.shown
    assert [len(rows) for rows in careful] == [1, 12, 1, 12]
    for rows in careful:
        middle = rows.mean(axis=0)
        assert np.median(np.abs(middle - quick)[:4]) < 0.02
        assert np.abs(middle - quick)[:4].mean() < 0.08
        assert abs(np.median((middle - quick)[:2].mean(axis=0))) < 0.005


def test_careful_looks_differ_in_place_and_size(monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = recorded(monkeypatch, CENTRED)
    read_carefully(PICTURE, POSE, MASKS, SIDE)
    around = recorder.shown[1]
    width = np.median(around[:, 0] - around[:, 1], axis=1)
    # By turns, what is seen larger is told as smaller.
    assert (width[::2] > 1.04 * width[1::2]).all()
    middles = np.median(around[:, 0] + around[:, 1], axis=1) / 2
    assert 0.06 < np.ptp(middles) * TRUNKS_PER_UNIT < 0.12


def test_further_looks_are_centred_on_the_pelvis(monkeypatch: pytest.MonkeyPatch) -> None:
    forward, down = 0.05, 0.11
    found = replace(CENTRED, pelvis_trunks=(forward, down - PELVIS_ABOVE_TRUNKS))
    recorder = recorded(monkeypatch, found)
    read_carefully(PICTURE, POSE, MASKS, SIDE)
    first, around = recorder.shown[0][0], recorder.shown[1].mean(axis=0)
    place = np.arange(ROWS) + down / CROP_TRUNKS_HIGH * ROWS
    for edge in range(2):
        # Down to where the first look ends.
        there = np.interp(place, np.arange(ROWS), first[edge])[:-12] - forward / TRUNKS_PER_UNIT
        # Where the neck meets the shoulder the edge is not steep.
        assert np.quantile(np.abs(around[edge, :-12] - there), 0.9) < 0.05


def test_a_pelvis_told_far_off_is_not_gone_after(monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = recorded(monkeypatch, replace(CENTRED, pelvis_trunks=(9.0, -9.0)))
    read_carefully(PICTURE, POSE, MASKS, SIDE)
    first, around = recorder.shown[0][0], recorder.shown[1]
    for look in around:
        assert 0 < np.median(first[0] - look[0]) < 1.2


def test_masks_that_agree_are_as_sure_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    recorded(monkeypatch, CENTRED)
    told = read_carefully(PICTURE, POSE, MASKS, SIDE)
    assert told.tilt_deg == pytest.approx(10.0)
    assert told.sd_deg == pytest.approx(CAREFUL_SHARE * 3.0)
    assert told.loose_probability == pytest.approx(0.2)


def test_masks_that_disagree_meet_in_the_middle_and_are_less_sure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recorder = ByWidth()
    monkeypatch.setattr(silhouette, "shared_model", lambda: recorder)
    wide = np.asarray(cv2.dilate(POSE.mask, np.ones((1, 41), np.uint8)), np.float32)
    plain_wall = np.full((*POSE.mask.shape, 3), 128, np.uint8)
    told = read_carefully(plain_wall, POSE, (POSE.mask, wide), SIDE)
    assert told.tilt_deg == pytest.approx(10.0)
    assert told.sd_deg == pytest.approx(CAREFUL_SHARE * np.hypot(3.0, 4.0))


def test_a_mask_counts_by_how_sure_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    sure, unsure = replace(CENTRED, tilt_deg=8.0), replace(CENTRED, tilt_deg=18.0, sd_deg=6.0)
    recorded(monkeypatch, sure, sure, unsure, unsure)
    told = read_carefully(PICTURE, POSE, MASKS, SIDE)
    # Four parts to one.
    assert told.tilt_deg == pytest.approx(10.0)
    spread = np.std([8, 8, 8, 8, 18])
    own = np.sqrt((4 * 9 + 36) / 5)
    assert told.sd_deg == pytest.approx(CAREFUL_SHARE * np.hypot(own, spread))
