from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from synthetic.augment import NO_WEAR, Wear, crop_and_wear
from synthetic.dataset import WIDE_PX
from vision.silhouette import CROP_PX

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
    edge = CROP_PX - crop[0].double().numpy().sum(axis=0)
    columns = np.arange(CROP_PX)
    middle = slice(20, CROP_PX - 20)
    return float(np.degrees(np.arctan(np.polyfit(columns[middle], edge[middle], 1)[0])))


def test_undisturbed_crop_is_the_middle_of_the_wide_crop() -> None:
    wide = torch.randint(0, 256, (2, WIDE_PX, WIDE_PX), dtype=torch.uint8)
    crops, tilt_deg = crop_and_wear(wide, torch.tensor([3.0, 4.0]), NO_WEAR, torch.Generator())
    margin = (WIDE_PX - CROP_PX) // 2
    inner = wide[:, margin:-margin, margin:-margin].float() / 255
    assert torch.allclose(crops[:, 0], inner, atol=1e-4)
    assert tilt_deg.tolist() == [3.0, 4.0]


@pytest.mark.parametrize("seed", range(6))
def test_a_turned_crop_has_a_turned_truth(seed: int) -> None:
    wear = Wear(shift_trunks=0.02, log_scale=0.05, turn_deg=5.0, edge=0.0, hole_share=0.0)
    generator = torch.Generator().manual_seed(seed)
    crops, tilt_deg = crop_and_wear(ramp(7.0), torch.tensor([7.0]), wear, generator)
    assert abs(float(tilt_deg) - 7.0) > 0.1
    assert line_angle_deg(crops[0]) == pytest.approx(float(tilt_deg), abs=0.3)


def test_worn_crops_stay_masks() -> None:
    wide = torch.zeros(64, WIDE_PX, WIDE_PX, dtype=torch.uint8)
    wide[:, 60:130, 60:130] = 255
    crops, _ = crop_and_wear(wide, torch.zeros(64), Wear(), torch.Generator().manual_seed(1))
    assert crops.shape == (64, 1, CROP_PX, CROP_PX)
    assert float(crops.min()) >= 0.0
    assert float(crops.max()) <= 1.0
    assert 0.02 < float(crops.mean()) < 0.9
