"""The contour network: a small CNN from a canonical crop to tilt, spread and fit of clothes.

While it learns it is also asked where ASIS and PSIS lie and how the rest of the body is
shaped. Learning these too keeps it from reading a curve of the back or a belly for the
pelvis on the bodies it knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn

from synthetic.training.dataset import SIDE_FACTS
from vision.silhouette import CROP_HEIGHT_PX, CROP_WIDTH_PX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

#: The network works in units near one; these bring it to degrees.
TILT_MIDDLE_DEG = 10.0
TILT_SCALE_DEG = 10.0
#: Keeps the spread finite while training; far outside what is ever learnt.
_LOG_SD_RANGE = (-4.0, 2.0)
_POINT_COORDINATES = 4
_MAIN_ANSWERS = 3


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

    def __init__(self, widths: tuple[int, ...] = (24, 48, 80, 128), hidden: int = 160) -> None:
        super().__init__()
        stem = 16
        cells = (CROP_WIDTH_PX >> len(widths) + 1) * (CROP_HEIGHT_PX >> len(widths) + 1)
        self.features = nn.Sequential(
            nn.Conv2d(1, stem, 5, stride=2, padding=2, bias=False),
            nn.BatchNorm2d(stem),
            nn.ReLU(),
            *(_block(a, b) for a, b in zip((stem, *widths), widths, strict=False)),
        )
        self.head = nn.Sequential(
            nn.Flatten(),
            nn.Dropout(0.2),
            nn.Linear(widths[-1] * cells, hidden),
            nn.ReLU(),
            nn.Dropout(0.2),
            nn.Linear(hidden, _MAIN_ANSWERS + _POINT_COORDINATES + len(SIDE_FACTS)),
        )

    def forward(self, crops: Tensor) -> Tensor:
        """Return shape (n, 14).

        The columns are the scaled tilt, the log of the scaled spread, the logit of loose
        fit, ASIS and PSIS in the crop and the side facts, all of these scaled.

        Parameters
        ----------
        crops
            Shape (n, 1, ``CROP_HEIGHT_PX``, ``CROP_WIDTH_PX``), 0..1.
        """
        raw: Tensor = self.head(self.features(crops))
        return raw


def split_raw(raw: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return tilt in deg, log of the spread in scaled units, and the loose-fit logit."""
    tilt_deg = raw[:, 0] * TILT_SCALE_DEG + TILT_MIDDLE_DEG
    return tilt_deg, raw[:, 1].clamp(*_LOG_SD_RANGE), raw[:, 2]


def split_aside(raw: Tensor) -> tuple[Tensor, Tensor]:
    """Return the points, shape (n, 4), and the side facts, shape (n, 7), both scaled."""
    aside = raw[:, _MAIN_ANSWERS:]
    return aside[:, :_POINT_COORDINATES], aside[:, _POINT_COORDINATES:]


class DegreesOut(nn.Module):
    """What ships: (n, 3) of tilt deg, calibrated spread deg, probability of loose clothes.

    The answer is the mean over the members; where they disagree the spread grows.
    """

    def __init__(self, members: Sequence[ContourNetwork], sd_factor: float) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)
        self.sd_factor = sd_factor

    def forward(self, crops: Tensor) -> Tensor:
        """Return the three answers for each crop."""
        answers = [split_raw(member(crops)) for member in self.members]
        tilts_deg = torch.stack([tilt_deg for tilt_deg, _, _ in answers])
        tilt_deg = tilts_deg.mean(dim=0)
        sds_deg = torch.stack([torch.exp(log_sd) * TILT_SCALE_DEG for _, log_sd, _ in answers])
        disagreement = ((tilts_deg - tilt_deg) ** 2).mean(dim=0)
        sd_deg = torch.sqrt((sds_deg**2).mean(dim=0) + disagreement) * self.sd_factor
        loose = torch.stack([torch.sigmoid(logit) for _, _, logit in answers]).mean(dim=0)
        return torch.stack([tilt_deg, sd_deg, loose], dim=1)


@torch.no_grad()
def move_average(average: torch.nn.Module, network: torch.nn.Module, share: float) -> None:
    """Take the running average this share of the way to a network."""
    for kept, new in zip(average.state_dict().values(), network.state_dict().values(), strict=True):
        if kept.dtype.is_floating_point:
            kept.lerp_(new, share)
        else:
            kept.copy_(new)
