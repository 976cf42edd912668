"""The contour network: a small CNN from a canonical crop to tilt, spread and fit of clothes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn

from vision.silhouette import CROP_PX

if TYPE_CHECKING:
    from torch import Tensor

#: The network works in units near one; these bring it to degrees.
TILT_MIDDLE_DEG = 10.0
TILT_SCALE_DEG = 10.0
#: Keeps the spread finite while training; far outside what is ever learnt.
_LOG_SD_RANGE = (-4.0, 2.0)


def _block(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
        nn.Conv2d(outputs, outputs, 3, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    )


class ContourNetwork(nn.Module):
    """Crop in, raw answers out; :class:`DegreesOut` makes them readable.

    The last feature map is flattened, not averaged: where an edge lies is the answer.
    """

    def __init__(self, widths: tuple[int, ...] = (16, 24, 40, 64, 96)) -> None:
        super().__init__()
        blocks = [_block(a, b) for a, b in zip((1, *widths), widths, strict=False)]
        side = CROP_PX >> len(widths)
        self.features = nn.Sequential(*blocks)
        self.head = nn.Sequential(
            nn.Flatten(),
            nn.Dropout(0.2),
            nn.Linear(widths[-1] * side * side, 128),
            nn.ReLU(),
            nn.Dropout(0.2),
            nn.Linear(128, 3),
        )

    def forward(self, crops: Tensor) -> Tensor:
        """Return shape (n, 3): scaled tilt, log of the scaled spread, logit of loose fit.

        Parameters
        ----------
        crops
            Shape (n, 1, ``CROP_PX``, ``CROP_PX``), 0..1.
        """
        raw: Tensor = self.head(self.features(crops))
        return raw


def split_raw(raw: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return tilt in deg, log of the spread in scaled units, and the loose-fit logit."""
    tilt_deg = raw[:, 0] * TILT_SCALE_DEG + TILT_MIDDLE_DEG
    return tilt_deg, raw[:, 1].clamp(*_LOG_SD_RANGE), raw[:, 2]


class DegreesOut(nn.Module):
    """The network as it ships: (n, 3) of tilt deg, calibrated spread deg, loose probability."""

    def __init__(self, network: ContourNetwork, sd_factor: float) -> None:
        super().__init__()
        self.network = network
        self.sd_factor = sd_factor

    def forward(self, crops: Tensor) -> Tensor:
        """Return the three answers for each crop."""
        tilt_deg, log_sd, loose = split_raw(self.network(crops))
        sd_deg = torch.exp(log_sd) * (TILT_SCALE_DEG * self.sd_factor)
        return torch.stack([tilt_deg, sd_deg, torch.sigmoid(loose)], dim=1)
