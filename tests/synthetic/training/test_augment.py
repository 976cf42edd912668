from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from synthetic.training.augment import NO_WEAR, Wear, crop_and_wear
from synthetic.training.dataset import WIDE_PX
from vision.silhouette import CROP_HEIGHT_PX, CROP_WIDTH_PX

if TYPE_CHECKING:
    from torch import Tensor


def ramp(angle_deg: float) -> Tensor:
    """A half plane below a line through the middle whose right end is lower by the angle."""
    y, x = np.mgrid[:WIDE_PX, :WIDE_PX] - (WIDE_PX - 1) / 2
    height = y - np.tan(np.radians(angle_deg)) * x
    picture: Tensor = torch.from_numpy(np.clip(height + 0.5, 0, 1) * 255).to(torch.uint8)
    return picture[None]


def line_angle_deg(crop: Tensor) -> float:
    """Angle of the edge of a half plane, + = right end lower."""
    edge = CROP_HEIGHT_PX - crop[0].double().numpy().sum(axis=0)
    columns = np.arange(CROP_WIDTH_PX)
    middle = slice(15, CROP_WIDTH_PX - 15)
    return float(np.degrees(np.arctan(np.polyfit(columns[middle], edge[middle], 1)[0])))


def test_undisturbed_crop_is_the_middle_of_the_wide_crop() -> None:
    wide = torch.randint(0, 256, (2, WIDE_PX, WIDE_PX), dtype=torch.uint8)
    crops, moved = crop_and_wear(wide, NO_WEAR, torch.Generator())
    above, left = (WIDE_PX - CROP_HEIGHT_PX) // 2, (WIDE_PX - CROP_WIDTH_PX) // 2
    inner = wide[:, above:-above, left:-left].float() / 255
    assert torch.allclose(crops[:, 0], inner, atol=1e-4)
    assert moved.turn_deg.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("seed", range(6))
def test_a_turned_crop_has_a_turned_truth(seed: int) -> None:
    wear = Wear(shift_trunks=0.02, log_scale=0.05, turn_deg=5.0, edge=0.0, hole_share=0.0)
    generator = torch.Generator().manual_seed(seed)
    crops, moved = crop_and_wear(ramp(7.0), wear, generator)
    turned_deg = 7.0 + float(moved.turn_deg)
    assert abs(turned_deg - 7.0) > 0.1
    assert line_angle_deg(crops[0]) == pytest.approx(turned_deg, abs=0.3)


@pytest.mark.parametrize("seed", range(6))
def test_a_point_moves_with_its_crop(seed: int) -> None:
    wear = Wear(shift_trunks=0.05, log_scale=0.1, turn_deg=5.0, edge=0.0, hole_share=0.0)
    wide = torch.zeros(1, WIDE_PX, WIDE_PX, dtype=torch.uint8)
    wide[0, 84:87, 109:112] = 255
    crops, moved = crop_and_wear(wide, wear, torch.Generator().manual_seed(seed))
    light = crops[0, 0].double().numpy()
    y, x = np.mgrid[:CROP_HEIGHT_PX, :CROP_WIDTH_PX]
    seen = [(light * x).sum() / light.sum(), (light * y).sum() / light.sum()]
    middle = [(CROP_WIDTH_PX - 1) / 2, (CROP_HEIGHT_PX - 1) / 2]
    told = moved.to_crop(torch.tensor([[110.0, 85.0]]))[0].numpy() + middle
    np.testing.assert_allclose(told, seen, atol=0.1)


def test_worn_crops_stay_masks() -> None:
    wide = torch.zeros(64, WIDE_PX, WIDE_PX, dtype=torch.uint8)
    wide[:, 60:130, 60:130] = 255
    crops, _ = crop_and_wear(wide, Wear(), torch.Generator().manual_seed(1))
    assert crops.shape == (64, 1, CROP_HEIGHT_PX, CROP_WIDTH_PX)
    assert float(crops.min()) >= 0.0
    assert float(crops.max()) <= 1.0
    assert 0.02 < float(crops.mean()) < 0.9
