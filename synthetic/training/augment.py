"""Training crops: what is kept of them, and how they are worn as real photographs' masks are."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

from synthetic.training.dataset import WIDE_PX, lessons_of, load_part, shards_of
from vision.silhouette import CROP_HEIGHT_PX, CROP_TRUNKS_HIGH, CROP_WIDTH_PX

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

    from synthetic.training.dataset import Sample


@dataclass(frozen=True, slots=True)
class TrainingData:
    """Columns of equal length: wide crops and what is to be learnt from them.

    See :func:`synthetic.training.dataset.lessons_of`.
    """

    wide: Tensor
    tilt_deg: Tensor
    loose: Tensor
    points_px: Tensor
    facts: Tensor

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.tilt_deg)

    def rows(self, index: Tensor) -> TrainingData:
        """Return some rows."""
        return TrainingData(*(getattr(self, field.name)[index] for field in fields(self)))


def joined(first: TrainingData, second: TrainingData) -> TrainingData:
    """Return the rows of both, one after the other."""
    return TrainingData(
        *(
            torch.cat([getattr(first, field.name), getattr(second, field.name)])
            for field in fields(first)
        )
    )


def _is_usable(sample: Sample) -> bool:
    """Tell whether the pose estimator found this body, and looking the right way."""
    hip = sample.xy_px[23:25].mean(axis=0)
    shoulder = sample.xy_px[11:13].mean(axis=0)
    pelvis = (np.array(sample.truth["asis_px"]) + np.array(sample.truth["psis_px"])) / 2
    near = np.hypot(*(hip - pelvis)) < 0.5 * np.hypot(*(shoulder - hip))
    return bool(near) and sample.facing == sample.truth["facing"]


def load_pictures(folder: Path) -> TrainingData:
    """Return the usable samples of the part ``train``: masks that the real estimator drew."""
    usable = [sample for sample in load_part(folder, "train") if _is_usable(sample)]
    lessons = lessons_of([(sample.truth, sample.wide_matrix()) for sample in usable])
    wide = torch.from_numpy(np.stack([sample.wide for sample in usable]))
    return TrainingData(wide, **{name: torch.from_numpy(c) for name, c in lessons.items()})


def load_outlines(folder: Path) -> TrainingData:
    """Return the part ``outlines``."""
    paths, parts = shards_of(folder, "outlines"), []
    for path in paths:
        with np.load(path) as shard:
            parts.append({name: shard[name] for name in shard.files if name != "wide"})
    columns = {
        name: torch.from_numpy(np.concatenate([part[name] for part in parts])) for name in parts[0]
    }
    # Gigabytes in all: filled in place, never there twice.
    wide = torch.empty(len(columns["tilt_deg"]), WIDE_PX, WIDE_PX, dtype=torch.uint8)
    filled = 0
    for path in paths:
        with np.load(path) as shard:
            crops = torch.from_numpy(shard["wide"])
        wide[filled : filled + len(crops)] = crops
        filled += len(crops)
    return TrainingData(wide, **columns)


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
