"""What is to be learnt moves with the look; outlines are worn and stay outlines."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("anny")
pytest.importorskip("pyvista")

from synthetic.training.augment import (
    NO_WEAR,
    Look,
    TrainingData,
    Wear,
    edges_of_wide,
    is_usable,
    joined,
    load_pictures,
    look,
)
from synthetic.training.dataset import SIDE_FACTS, WIDE_PER_TRUNK_PX, WIDE_PX, save_shard
from tests.synthetic.training.made_up_samples import masks_of, sample
from vision.silhouette import (
    CROP_HEIGHT_PX,
    CROP_TRUNKS_HIGH,
    CROP_WIDTH_PX,
    EDGES,
    PELVIS_ABOVE_TRUNKS,
    ROWS,
    TRUNKS_PER_UNIT,
    Placing,
    edges_of,
    rows_of,
)

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

#: Shifts, sizes and turns alone, larger than in training.
MOVED = replace(NO_WEAR, shift_trunks=0.06, log_scale=0.08, turn_deg=5.0)
#: Edges alone.
WORN = replace(
    Wear(),
    shift_trunks=0.0,
    log_scale=0.0,
    turn_deg=0.0,
    centred_share=0.0,
    bend=0.0,
    log_depth=0.0,
)


def wavy(forward_px: NDArray[np.float64], down_px: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far inside a wavy trunk a place is, pixels."""
    front, back = front_px(down_px), -40 + 7 * np.cos(down_px / 70)
    return np.asarray(np.minimum(front - forward_px, forward_px - back), np.float64)


def front_px(down_px: NDArray[np.float64]) -> NDArray[np.float64]:
    return 42 + 8 * np.sin(down_px / 60)


def leaning(forward_px: NDArray[np.float64], down_px: NDArray[np.float64]) -> NDArray[np.float64]:
    return 40 - np.abs(forward_px + 0.1 * down_px)


def outline(inside_px: NDArray[np.float64]) -> NDArray[np.uint8]:
    """A wide crop with a soft edge, shape (1, ``WIDE_PX``, ``WIDE_PX``)."""
    return np.rint(255 * np.clip(0.5 + inside_px / 8, 0, 1)).astype(np.uint8)[None]


MIDDLE_PX = (WIDE_PX - 1) / 2
DOWN_PX, FORWARD_PX = np.mgrid[:WIDE_PX, :WIDE_PX] - MIDDLE_PX


def data_of(
    wide: NDArray[np.uint8], asis_px: tuple[float, float], psis_px: tuple[float, float]
) -> TrainingData:
    """One outline with its points, forward and down from the middle of the wide crop."""
    return TrainingData(
        edges=edges_of_wide(wide),
        tilt_deg=np.array([11.0], np.float32),
        loose=np.array([0.0], np.float32),
        points_px=np.array([[*asis_px, *psis_px]], np.float32) + np.float32(MIDDLE_PX),
        facts=np.zeros((1, len(SIDE_FACTS)), np.float32),
        yaw_deg=np.array([4.0], np.float32),
    )


ASIS_PX = (float(front_px(np.array(-20.0))), -20.0)
WAVY = data_of(outline(wavy(FORWARD_PX, DOWN_PX)), ASIS_PX, (-30.0, -35.0))
LEANING = data_of(outline(leaning(FORWARD_PX, DOWN_PX)), (40.0, 0.0), (-40.0, 0.0))
DOWN_TRUNKS = (np.arange(ROWS) - (ROWS - 1) / 2) / ROWS * CROP_TRUNKS_HIGH


def many(data: TrainingData, count: int) -> TrainingData:
    return joined([data] * count)


def rng() -> np.random.Generator:
    return np.random.default_rng(6)


# -- what is kept


def test_rows_and_joining_undo_each_other() -> None:
    data = joined([WAVY, LEANING, WAVY])
    assert len(data) == 3
    for column in fields(TrainingData):
        own = getattr(joined([data.rows(slice(2)), data.rows(np.array([2]))]), column.name)
        np.testing.assert_array_equal(own, getattr(data, column.name))
    np.testing.assert_array_equal(data.rows(np.array([1])).edges, LEANING.edges)


def test_edges_are_kept_to_a_tenth_of_a_pixel() -> None:
    wide = np.concatenate(
        [outline(wavy(FORWARD_PX, DOWN_PX)), outline(leaning(FORWARD_PX, DOWN_PX))]
    )
    kept = edges_of_wide(wide)
    assert kept.shape == (2, EDGES, WIDE_PX)
    assert kept.dtype == np.float16
    for edges, crop in zip(kept, wide, strict=True):
        exact = edges_of((crop / 255).astype(np.float32))
        np.testing.assert_allclose(edges[:4], exact[:4], atol=0.06)
        np.testing.assert_array_equal(edges[5], exact[5])


def test_somebody_else_or_the_wrong_way_round_is_no_lesson() -> None:
    assert is_usable(sample(1))
    assert not is_usable(replace(sample(1), facing="left"))
    far = replace(sample(1), xy_px=sample(1).xy_px + np.array([90, 0], np.float32))
    assert not is_usable(far)


def test_each_picture_is_there_twice_by_either_mask(tmp_path: Path) -> None:
    samples = [sample(1), replace(sample(2), facing="left"), sample(3)]
    save_shard(tmp_path / "train" / "0000000.npz", samples)
    data = load_pictures(tmp_path)
    assert len(data) == 4
    told = [edges_of_wide(mask[None])[0] for kept in (1, 3) for mask in masks_of(kept)]
    np.testing.assert_array_equal(data.edges, told)
    for own in (data.tilt_deg, data.points_px, data.yaw_deg):
        np.testing.assert_array_equal(own[::2], own[1::2])
    assert data.yaw_deg[0] != data.yaw_deg[2]


# -- what a look sees


def test_an_undisturbed_look_is_what_the_pipeline_sees() -> None:
    seen = look(WAVY, NO_WEAR, rng())
    as_it_is = Placing.beside([(0.0, 0.0)])
    rows = rows_of(WAVY.edges.astype(np.float32), WIDE_PER_TRUNK_PX, as_it_is)
    np.testing.assert_array_equal(seen.rows, rows)
    assert seen.tilt_deg.tolist() == [11.0]
    assert seen.yaw_deg.tolist() == [[4.0]]
    told = np.array([*ASIS_PX, -30.0, -35.0]) / WIDE_PER_TRUNK_PX
    np.testing.assert_allclose(seen.points_trunks[0], told, atol=1e-5)


def at_front(seen: Look) -> NDArray[np.float64]:
    """How far from the front edge ASIS is told to be, trunk lengths."""
    forward, down = seen.points_trunks[:, 0], seen.points_trunks[:, 1]
    edge = [np.interp(at, DOWN_TRUNKS, row) for at, row in zip(down, seen.rows[:, 0], strict=True)]
    return np.asarray(forward - TRUNKS_PER_UNIT * np.array(edge), np.float64)


@pytest.mark.parametrize("centred_share", [0.0, 1.0])
def test_a_point_moves_with_its_look(centred_share: float) -> None:
    seen = look(many(WAVY, 40), replace(MOVED, centred_share=centred_share), rng())
    assert np.ptp(seen.points_trunks[:, 0]) > 0.05
    np.testing.assert_allclose(at_front(seen), 0, atol=0.004)


def leans_deg(seen: Look) -> NDArray[np.float64]:
    """How far a leaning strip's front edge is turned clockwise from upright."""
    middle = slice(ROWS // 4, -ROWS // 4)
    slopes = [
        np.polyfit(DOWN_TRUNKS[middle], TRUNKS_PER_UNIT * row[middle], 1)[0]
        for row in seen.rows[:, 0]
    ]
    return np.asarray(-np.degrees(np.arctan(slopes)), np.float64)


def test_the_truth_turns_with_its_look() -> None:
    (own,) = leans_deg(look(LEANING, NO_WEAR, rng()))
    seen = look(many(LEANING, 40), MOVED, rng())
    assert np.std(seen.tilt_deg) == pytest.approx(5.0, rel=0.4)
    np.testing.assert_allclose(leans_deg(seen) - own, seen.tilt_deg - 11.0, atol=0.05)


def test_two_points_turn_with_their_look_as_the_tilt_does() -> None:
    seen = look(many(WAVY, 40), MOVED, rng())
    forward, down = (seen.points_trunks[:, :2] - seen.points_trunks[:, 2:]).T
    own = np.degrees(np.arctan2(ASIS_PX[1] + 35.0, ASIS_PX[0] + 30.0))
    np.testing.assert_allclose(
        np.degrees(np.arctan2(down, forward)) - own, seen.tilt_deg - 11.0, atol=1e-3
    )


def test_centred_looks_have_the_pelvis_at_its_usual_place() -> None:
    wear = replace(NO_WEAR, centred_share=1.0)
    seen = look(many(WAVY, 5), wear, rng())
    middle = seen.points_trunks.reshape(-1, 2, 2).mean(axis=1)
    np.testing.assert_allclose(middle, [[0.0, -PELVIS_ABOVE_TRUNKS]] * 5, atol=1e-5)


def test_some_looks_are_centred_and_the_others_lie_about_the_crop() -> None:
    wear = replace(NO_WEAR, centred_share=0.4)
    seen = look(many(WAVY, 2000), wear, rng())
    down = seen.points_trunks.reshape(-1, 2, 2).mean(axis=1)[:, 1]
    is_centred = np.isclose(down, -PELVIS_ABOVE_TRUNKS, atol=1e-4)
    assert is_centred.mean() == pytest.approx(0.4, abs=0.05)
    np.testing.assert_allclose(down[~is_centred], -27.5 / WIDE_PER_TRUNK_PX, atol=1e-5)


def test_the_yaw_is_told_as_badly_as_it_is_estimated() -> None:
    seen = look(many(WAVY, 2000), replace(NO_WEAR, yaw_deg=5.0), rng())
    assert seen.yaw_deg.shape == (2000, 1)
    assert seen.yaw_deg.mean() == pytest.approx(4.0, abs=0.5)
    assert seen.yaw_deg.std() == pytest.approx(5.0, rel=0.1)


# -- worn edges


def test_worn_edges_wobble_about_the_true_ones() -> None:
    data = many(WAVY, 500)
    plain, worn = look(data, NO_WEAR, rng()).rows, look(data, WORN, rng()).rows
    assert np.isfinite(worn).all()
    off_px = (worn - plain)[:, :4] * TRUNKS_PER_UNIT * WIDE_PER_TRUNK_PX
    assert np.abs(off_px.mean(axis=(0, 2))).max() < 0.25
    assert 0.5 < off_px.std() < 3
    np.testing.assert_array_equal(worn[:, 5], plain[:, 5])


def test_a_mask_drawn_too_wide_is_wide_in_front_and_behind() -> None:
    wear = replace(NO_WEAR, level_px=2.0)
    data = many(WAVY, 50)
    off = look(data, wear, rng()).rows - look(data, NO_WEAR, rng()).rows
    front, back, foremost, hindmost, body, _ = off.transpose(1, 0, 2)
    assert front.std() * TRUNKS_PER_UNIT * WIDE_PER_TRUNK_PX == pytest.approx(2.0, rel=0.3)
    np.testing.assert_allclose(back, -front, atol=1e-4)
    np.testing.assert_allclose((foremost, hindmost), (front, back), atol=1e-4)
    np.testing.assert_allclose(body, front - back, atol=1e-4)


def test_what_is_body_grows_as_the_edges_part() -> None:
    data = many(WAVY, 30)
    off = look(data, WORN, rng()).rows - look(data, NO_WEAR, rng()).rows
    np.testing.assert_allclose(off[:, 4], off[:, 0] - off[:, 1], atol=1e-4)


def test_rows_without_a_body_stay_empty_however_worn() -> None:
    wide = outline(wavy(FORWARD_PX, DOWN_PX))
    wide[:, : WIDE_PX // 2] = 0
    seen = look(many(data_of(wide, (0, 0), (0, 0)), 20), WORN, rng())
    np.testing.assert_array_equal(seen.rows[:, :, : ROWS // 2 - 2], 0)
    assert (seen.rows[:, 5, ROWS // 2 + 2 :] == 1).all()


# -- another trunk, other thighs


#: Rows within a fifth of a trunk length of the pelvis.
NEAR_PELVIS = np.abs(DOWN_TRUNKS + PELVIS_ABOVE_TRUNKS) < 0.2


def test_bodies_are_bent_above_and_below_the_pelvis_but_not_there() -> None:
    data = many(WAVY, 300)
    seen, plain = look(data, replace(NO_WEAR, bend=0.1), rng()), look(data, NO_WEAR, rng())
    off_trunks = (seen.rows - plain.rows)[:, :4] * TRUNKS_PER_UNIT
    np.testing.assert_allclose(off_trunks[..., NEAR_PELVIS], 0, atol=1e-5)
    # Front and back alike.
    np.testing.assert_allclose(off_trunks[:, 0], off_trunks[:, 1], atol=1e-4)
    assert 0.02 < off_trunks[:, 0, 0].std() < 0.1
    assert 0.02 < off_trunks[:, 0, -1].std() < 0.1
    assert abs(np.corrcoef(off_trunks[:, 0, 0], off_trunks[:, 0, -1])[0, 1]) < 0.2
    np.testing.assert_array_equal(seen.tilt_deg, plain.tilt_deg)
    np.testing.assert_array_equal(seen.points_trunks, plain.points_trunks)


def test_bodies_are_deeper_above_and_below_the_pelvis_but_not_there() -> None:
    data = many(WAVY, 300)
    seen = look(data, replace(NO_WEAR, log_depth=0.1), rng())
    plain = look(data, NO_WEAR, rng())
    deeper = seen.rows[:, 4] / plain.rows[:, 4]
    np.testing.assert_allclose(deeper[:, NEAR_PELVIS], 1, atol=1e-5)
    assert np.log(deeper[:, 0]).std() == pytest.approx(0.1, rel=0.2)
    assert np.log(deeper[:, -1]).std() == pytest.approx(0.1, rel=0.2)
    np.testing.assert_allclose(
        seen.rows[:, 0] - seen.rows[:, 1], deeper * (plain.rows[:, 0] - plain.rows[:, 1]), atol=1e-3
    )


@pytest.mark.parametrize("wear", [Wear(), replace(Wear(), bend=3.0)])
def test_no_edge_is_bent_out_of_what_is_looked_at(wear: Wear) -> None:
    half_units = CROP_WIDTH_PX / CROP_HEIGHT_PX * CROP_TRUNKS_HIGH / 2 / TRUNKS_PER_UNIT
    rows = look(many(WAVY, 200), wear, rng()).rows
    assert np.abs(rows[:, :4]).max() <= half_units + 1e-5
    assert (rows[:, 0] >= rows[:, 1]).all()


def test_the_same_draw_gives_the_same_look() -> None:
    data = many(WAVY, 3)
    one, same, other = (look(data, Wear(), np.random.default_rng(seed)) for seed in (1, 1, 2))
    for field in fields(Look):
        np.testing.assert_array_equal(getattr(one, field.name), getattr(same, field.name))
    assert np.abs(one.rows - other.rows).max() > 0.01
