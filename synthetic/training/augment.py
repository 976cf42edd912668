"""Training crops: shifted, turned, scaled and worn as masks of real photographs are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from synthetic.training.dataset import WIDE_PX
from vision.silhouette import CROP_HEIGHT_PX, CROP_TRUNKS_HIGH, CROP_WIDTH_PX

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True)
class Wear:
    """How much a training crop is disturbed; the defaults follow MediaPipe's own jitter.

    Attributes
    ----------
    shift_trunks, log_scale, turn_deg
        Standard deviations of place, size and roll.
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


@dataclass(frozen=True, slots=True)
class Moved:
    """How each crop lies in its wide crop.

    Attributes
    ----------
    turn_deg
        Shape (n,): how far the content was turned clockwise; the front end, on the right,
        went down by as much.
    to_wide
        Shape (n, 2, 2): from pixels of the crop to those of the wide crop, both counted
        from the middle.
    shift_px
        Shape (n, 2): where the crop's middle lies, from the wide crop's middle.
    """

    turn_deg: Tensor
    to_wide: Tensor
    shift_px: Tensor

    def to_crop(self, points_px: Tensor) -> Tensor:
        """Return where points of the wide crop lie, in crop pixels from its middle.

        Parameters
        ----------
        points_px
            Shape (n, 2 k): x, y of k points for each crop.
        """
        centred = points_px.view(len(points_px), -1, 2) - (WIDE_PX - 1) / 2
        shifted = (centred - self.shift_px[:, None]).transpose(1, 2)
        placed: Tensor = torch.linalg.solve(self.to_wide, shifted)
        return placed.transpose(1, 2).flatten(1)


def _draw_moves(count: int, wear: Wear, generator: torch.Generator) -> Moved:
    def normal(sd: float, *shape: int) -> Tensor:
        return torch.randn(count, *shape, generator=generator) * sd

    turn_deg = normal(wear.turn_deg)
    turn, scale = torch.deg2rad(turn_deg), torch.exp(normal(wear.log_scale))
    # Turning back what the content turned clockwise (y points down).
    rows = [
        torch.stack([turn.cos(), turn.sin()], dim=1),
        torch.stack([-turn.sin(), turn.cos()], dim=1),
    ]
    shift_px = normal(wear.shift_trunks * CROP_HEIGHT_PX / CROP_TRUNKS_HIGH, 2)
    return Moved(turn_deg, scale.view(-1, 1, 1) * torch.stack(rows, dim=1), shift_px)


def crop_and_wear(wide: Tensor, wear: Wear, generator: torch.Generator) -> tuple[Tensor, Moved]:
    """Cut the contour model's crop out of wide crops, disturbed at random.

    Parameters
    ----------
    wide
        Shape (n, ``WIDE_PX``, ``WIDE_PX``), uint8.
    wear
        How strongly to disturb.
    generator
        Source of all randomness.

    Returns
    -------
    tuple
        Crops of shape (n, 1, ``CROP_HEIGHT_PX``, ``CROP_WIDTH_PX``), 0..1, and how they lie.
    """
    moved = _draw_moves(len(wide), wear, generator)
    # affine_grid counts from -1 to 1 over each side.
    half_px = torch.tensor([CROP_WIDTH_PX / 2, CROP_HEIGHT_PX / 2])
    theta = torch.cat([moved.to_wide * half_px, moved.shift_px[:, :, None]], dim=2) / (WIDE_PX / 2)
    size = [len(wide), 1, CROP_HEIGHT_PX, CROP_WIDTH_PX]
    grid = functional.affine_grid(theta, size, align_corners=False)
    crops = functional.grid_sample(
        wide.unsqueeze(1).float() / 255, grid, mode="bilinear", align_corners=False
    )
    if wear.edge > 0:
        crops = _wear_edge(crops, wear.edge, generator)
    if wear.hole_share > 0:
        crops = _patch(crops, wear.hole_share, generator)
    return crops, moved


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
    count, _, height, width = crops.shape
    place = torch.rand(count, 2, generator=generator) * torch.tensor([width, height])
    radius = 2 + torch.rand(count, generator=generator) * 7.5
    chosen = torch.rand(count, generator=generator)
    x, y = (torch.arange(side, dtype=torch.float32) for side in (width, height))
    distance = (
        (x.view(1, 1, -1) - place[:, 0].view(-1, 1, 1)) ** 2
        + (y.view(1, -1, 1) - place[:, 1].view(-1, 1, 1)) ** 2
    ).sqrt()
    disc = ((radius.view(-1, 1, 1) - distance) / 2 + 0.5).clamp(0, 1).unsqueeze(1)
    cut = (chosen < share / 2).view(-1, 1, 1, 1)
    stuck = (chosen > 1 - share / 2).view(-1, 1, 1, 1)
    crops = torch.where(cut, crops * (1 - disc), crops)
    return torch.where(stuck, torch.maximum(crops, disc), crops)
