"""Training crops: shifted, turned, scaled and worn as masks of real photographs are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from synthetic.dataset import WIDE_PX
from vision.silhouette import CROP_PX, CROP_TRUNKS

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True)
class Wear:
    """How much a training crop is disturbed; the defaults follow MediaPipe's own jitter.

    Attributes
    ----------
    shift_trunks, log_scale, turn_deg
        Standard deviations of place, size and roll. A turned crop has a turned truth.
    edge
        Largest shift of the mask's level at the edge, 0..1: a mask drawn too wide or narrow.
    hole_share
        Share of crops with a patch missing from, or stuck to, the body.
    """

    shift_trunks: float = 0.03
    log_scale: float = 0.04
    turn_deg: float = 2.0
    edge: float = 0.25
    hole_share: float = 0.3


NO_WEAR = Wear(0.0, 0.0, 0.0, 0.0, 0.0)


def crop_and_wear(
    wide: Tensor, tilt_deg: Tensor, wear: Wear, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Cut the contour model's crop out of wide crops, disturbed at random.

    Parameters
    ----------
    wide
        Shape (n, ``WIDE_PX``, ``WIDE_PX``), uint8.
    tilt_deg
        Shape (n,): the truth in the undisturbed crop.
    wear
        How strongly to disturb.
    generator
        Source of all randomness.

    Returns
    -------
    tuple of Tensor
        Crops of shape (n, 1, ``CROP_PX``, ``CROP_PX``), 0..1, and their truth in deg.
    """
    count = len(wide)

    def normal(sd: float) -> Tensor:
        return torch.randn(count, generator=generator) * sd

    turn_deg = normal(wear.turn_deg)
    turn = torch.deg2rad(turn_deg)
    zoom = CROP_PX / WIDE_PX * torch.exp(normal(wear.log_scale))
    # Wide-crop units run from -1 to 1 over CROP_TRUNKS * WIDE_PX / CROP_PX trunks.
    shift = 2 * wear.shift_trunks * CROP_PX / (CROP_TRUNKS * WIDE_PX)
    # From a point of the crop to the wide crop, turning back what the content turned
    # clockwise (y points down): the front end, on the right, goes down by turn_deg.
    theta = torch.stack(
        [
            torch.stack([zoom * turn.cos(), zoom * turn.sin(), normal(shift)], dim=1),
            torch.stack([-zoom * turn.sin(), zoom * turn.cos(), normal(shift)], dim=1),
        ],
        dim=1,
    )
    grid = functional.affine_grid(theta, [count, 1, CROP_PX, CROP_PX], align_corners=False)
    crops = functional.grid_sample(
        wide.unsqueeze(1).float() / 255, grid, mode="bilinear", align_corners=False
    )
    if wear.edge > 0:
        crops = _wear_edge(crops, wear.edge, generator)
    if wear.hole_share > 0:
        crops = _patch(crops, wear.hole_share, generator)
    return crops, tilt_deg + turn_deg


def _wear_edge(crops: Tensor, largest: float, generator: torch.Generator) -> Tensor:
    """Draw each mask a little too wide or narrow, and its edge softer or harder."""
    shape = (len(crops), 1, 1, 1)
    level = (torch.rand(shape, generator=generator) * 2 - 1) * largest
    gain = torch.exp(torch.randn(shape, generator=generator) * 0.3).clamp(0.6, 3.0)
    worn = ((crops - 0.5 + level) * gain + 0.5).clamp(0, 1)
    # A raised level must not fill the empty background.
    return worn * (worn > 0.05)


def _patch(crops: Tensor, share: float, generator: torch.Generator) -> Tensor:
    """Cut one soft disc out of some crops and stick one onto others."""
    count, _, side, _ = crops.shape
    place = torch.rand(count, 2, generator=generator) * side
    radius = 2 + torch.rand(count, generator=generator) * side * 0.06
    chosen = torch.rand(count, generator=generator)
    axis = torch.arange(side, dtype=torch.float32)
    distance = (
        (axis.view(1, 1, -1) - place[:, 0].view(-1, 1, 1)) ** 2
        + (axis.view(1, -1, 1) - place[:, 1].view(-1, 1, 1)) ** 2
    ).sqrt()
    disc = ((radius.view(-1, 1, 1) - distance) / 2 + 0.5).clamp(0, 1).unsqueeze(1)
    cut = (chosen < share / 2).view(-1, 1, 1, 1)
    stuck = (chosen > 1 - share / 2).view(-1, 1, 1, 1)
    crops = torch.where(cut, crops * (1 - disc), crops)
    return torch.where(stuck, torch.maximum(crops, disc), crops)
