"""The line between what the network says and what the colours show."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vision.belt.test_line import FIGURE, Clothes, dressed
from vision.belt.edge import (
    CELLS_PER_BIN,
    CHANNELS,
    MAP_COLUMNS,
    MAP_ROWS,
    BeltReading,
    bow_shape,
    edge_line,
    network_input,
    network_line,
)
from vision.belt.patch import CELLS_PER_TRUNK, COLUMNS, HIP_CELL, ROWS, cut_patch
from vision.result import Facing


def reading_of(angle_deg: float, middle_cell: tuple[float, float], bow: float = 0) -> BeltReading:
    """Return what a network would say that is sure of a line over 14 columns of the map."""
    bins = (np.array(middle_cell) + 0.5) / CELLS_PER_BIN - 0.5
    column, row = np.arange(MAP_COLUMNS), np.arange(MAP_ROWS)[:, None]
    ahead = column - bins[0]
    edge = bins[1] + np.tan(np.radians(angle_deg)) * ahead + bow * bow_shape(ahead / 7)
    chance = np.exp(-0.5 * ((row - edge) / 0.8) ** 2)
    chance *= (np.abs(ahead) <= 7) / chance.sum(axis=0)
    return BeltReading(0.9, 1.0, chance.astype(np.float32))


@settings(max_examples=20, deadline=None)
@given(st.floats(-15, 35), st.floats(24, 32), st.floats(-1, 1))
def test_the_networks_line_goes_through_its_chances(
    angle_deg: float, row: float, bow: float
) -> None:
    line = network_line(reading_of(angle_deg, (40.5, row), bow))
    assert line is not None
    assert line.angle_deg == pytest.approx(angle_deg, abs=0.8)
    assert line.middle_x == pytest.approx(40.5, abs=CELLS_PER_BIN / 2)
    assert line.middle_y == pytest.approx(row, abs=0.7)
    assert line.half_width == pytest.approx(14, abs=CELLS_PER_BIN)


def test_without_chances_there_is_no_line() -> None:
    nothing = BeltReading(0.9, 1.0, np.zeros((MAP_ROWS, MAP_COLUMNS), np.float32))
    assert network_line(nothing) is None


def test_colours_near_the_networks_line_make_it_finer() -> None:
    rgb, pose = dressed(FIGURE, Clothes(10.0))
    patch = cut_patch(rgb, pose, Facing.RIGHT, 0.0)
    row = HIP_CELL[1] - 0.27 * CELLS_PER_TRUNK
    rough, clean = (reading_of(angle_deg, (HIP_CELL[0], row)) for angle_deg in (13.0, 10.0))
    finer = edge_line(patch, rough)
    assert finer is not None
    assert finer.angle_deg == pytest.approx(10.0, abs=1.5)
    assert finer.apart_deg == pytest.approx(3.0, abs=0.8)
    agreed = edge_line(patch, clean)
    assert agreed is not None
    assert agreed.sd_deg < 1.5
    astray = edge_line(patch, reading_of(40.0, (HIP_CELL[0], row)))
    assert astray is not None
    assert astray.angle_deg == pytest.approx(40.0, abs=1.0)


def test_the_network_sees_bytes_of_colour_and_masks() -> None:
    rgb, pose = dressed(FIGURE, Clothes())
    patch = cut_patch(rgb, pose, Facing.RIGHT, 0.0)
    planes = network_input(patch)
    assert planes.shape == (CHANNELS, ROWS, COLUMNS)
    assert planes.min() >= 0
    assert planes.max() <= 255
    skin = planes[5]
    assert skin[22, 39] > 150
    assert skin[40, 39] < 50
