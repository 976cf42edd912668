"""The belt network: from a levelled patch around the waist to where the bottoms begin."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from vision.belt.edge import CHANNELS

_STEM, _MIDDLE, _DEEP, _HIDDEN = 16, 32, 48, 32
#: Keeps the spread finite while training; far outside what is ever learnt.
_LOG_ERROR_RANGE = (-2.0, 4.0)


def _conv(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    )


class BeltNet(nn.Module):
    """Patches in, raw answers out; :class:`ChancesOut` makes them readable.

    Down to an eighth and up again to half the patch's size, so that what lies far off has
    its say in where the line lies. Whether it shows is judged by what is seen along it and
    by the whole.
    """

    def __init__(self) -> None:
        super().__init__()
        self.fine = nn.Sequential(_conv(CHANNELS, _STEM, 2), _conv(_STEM, _STEM))
        self.middle = nn.Sequential(_conv(_STEM, _MIDDLE, 2), _conv(_MIDDLE, _MIDDLE))
        self.deep = nn.Sequential(_conv(_MIDDLE, _DEEP, 2), _conv(_DEEP, _DEEP))
        self.up_middle = nn.ConvTranspose2d(_DEEP, _MIDDLE, 2, stride=2)
        self.join_middle = _conv(_MIDDLE, _MIDDLE)
        self.up_fine = nn.ConvTranspose2d(_MIDDLE, _STEM, 2, stride=2)
        self.join_fine = _conv(_STEM, _STEM)
        self.where = nn.Conv2d(_STEM, 1, 1)
        self.nowhere = nn.Conv2d(2 * _STEM, 1, 1)
        self.judge = nn.Sequential(
            nn.Linear(_STEM + _MIDDLE + 2 * _DEEP, _HIDDEN),
            nn.ReLU(),
            nn.Dropout(0.2),
            nn.Linear(_HIDDEN, 2),
        )

    def forward(self, patches: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return what is asked of each patch.

        The logit that the edge shows, (n,), the log of the mean error of its angle, deg,
        (n,), and for each column the logit of each bin and, last, of none: (n, 1 + rows,
        columns).

        Parameters
        ----------
        patches
            Shape (n, ``CHANNELS``, ``ROWS``, ``COLUMNS``), 0..255.
        """
        fine = self.fine((patches - 128.0) / 64.0)
        middle = self.middle(fine)
        deep = self.deep(middle)
        half = self.join_middle(self.up_middle(deep) + middle)
        full = self.join_fine(self.up_fine(half) + fine)
        where = self.where(full)
        columns = [full.mean(dim=2, keepdim=True), full.amax(dim=2, keepdim=True)]
        where = torch.cat([where, self.nowhere(torch.cat(columns, dim=1))], dim=2)
        chance = torch.softmax(where, dim=2)[:, :, :-1]
        along = (full * chance).sum(dim=(2, 3)) / (chance.sum(dim=(2, 3)) + 1)
        whole = [half.mean(dim=(2, 3)), deep.mean(dim=(2, 3)), deep.amax(dim=(2, 3))]
        judged = self.judge(torch.cat([along, *whole], dim=1))
        return judged[:, 0], judged[:, 1].clamp(*_LOG_ERROR_RANGE), where[:, 0]


class ChancesOut(nn.Module):
    """What ships: likelihood, error to expect in deg, then the chances of all bins row by row."""

    def __init__(self, network: BeltNet) -> None:
        super().__init__()
        self.network = network

    def forward(self, patches: Tensor) -> Tensor:
        """Return shape (n, 2 + bins)."""
        shows, log_error, where = self.network(patches)
        chance = torch.softmax(where, dim=1)[:, :-1].flatten(1)
        return torch.cat([torch.sigmoid(shows)[:, None], log_error.exp()[:, None], chance], dim=1)
