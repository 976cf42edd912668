"""The belt network, from a levelled patch around the waist to where the bottoms begin.

How it learns: what it is asked, and one batch after the other.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import torch
from rich.progress import track
from torch import Tensor, nn
from torch.nn import functional

from synthetic.belt.lessons import CUTS, Lessons
from synthetic.training.network import Run
from vision.belt.network import CHANNELS, MAP_COLUMNS, MAP_ROWS

if TYPE_CHECKING:
    from pathlib import Path

_STEM, _MIDDLE, _DEEP, _HIDDEN = 16, 32, 48, 32
#: Keeps the spread finite while training; far outside what is ever learnt.
_LOG_ERROR_RANGE = (-2.0, 4.0)
SEED = 7
STEPS, BATCH = 5_000, 64
TOP_LEARNING_RATE, WEIGHT_DECAY = 3e-3, 0.02
#: Each step the shipped weights move this share towards the current ones.
AVERAGING = 0.01
_KEPT_EVERY = 250
#: Weights of finding the edge in each column, of its angle, and of knowing how far that is off.
_WHERE_WEIGHT, _ANGLE_WEIGHT, _ERROR_WEIGHT = 0.6, 0.5, 0.1
#: An edge that a person hardly sees counts so much less; it should rather not be told.
_UNSEEN = 0.3
_EDGE_BINS = 0.6
_ANGLE_SCALE_DEG = 1.5
_LEAST_COLUMNS = 5
_EPSILON = 1e-6
#: Spread of each column's row that is there anyway, and what keeps height, slope and bow
#: small: as in ``vision.belt.line``.
_COLUMN_VARIANCE = 0.25
_RIDGE = torch.tensor([3e-4, 3e-3, 0.3])


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

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, patches: Tensor) -> Tensor:
        """Return shape (n, 2 + bins)."""
        shows, log_error, where = self.network(patches)
        chance = torch.softmax(where, dim=1)[:, :-1].flatten(1)
        return torch.cat([torch.sigmoid(shows)[:, None], log_error.exp()[:, None], chance], dim=1)


def worn(planes: Tensor) -> Tensor:
    """Return patches in another light: brightness, contrast, hue and noise are drawn anew."""
    planes = planes.float()
    drawn = torch.randn(len(planes), 6, 1, 1)
    lightness = planes[:, :1] * torch.exp(0.2 * drawn[:, :1]) + 12 * drawn[:, 1:2]
    turn = 0.35 * drawn[:, 2]
    cos, sin, chroma = turn.cos(), turn.sin(), torch.exp(0.25 * drawn[:, 3:4])
    a, b = planes[:, 1] - 128, planes[:, 2] - 128
    hue = torch.stack([cos * a - sin * b, sin * a + cos * b], dim=1)
    lab = torch.cat([lightness, hue * chroma + 4 * drawn[:, 4:6] + 128], dim=1)
    noise = 4 * torch.rand(len(planes), 1, 1, 1) * torch.randn_like(lab)
    return torch.cat([(lab + noise).clamp(0, 255), planes[:, 3:]], dim=1)


def _slopes_deg(row: Tensor, weight: Tensor, across: Tensor, half: Tensor) -> Tensor:
    """Return the angle of the line through each row of heights, shape (n,), deg."""
    bow = torch.sqrt((1 - across**2).clamp_min(0.04)) - 0.2
    basis = torch.stack([torch.ones_like(across), across, bow], dim=2)
    pull = torch.einsum("nc,nci,ncj->nij", weight, basis, basis) + torch.diag(_RIDGE)
    middle = (weight * row).sum(1) / weight.sum(1).clamp_min(1e-3)
    drop = torch.einsum("nc,nci->ni", weight * (row - middle[:, None]), basis)
    return torch.rad2deg(torch.atan(torch.linalg.solve(pull, drop)[:, 1] / half))


def _angle_errors_deg(where: Tensor, row: Tensor, inside: Tensor) -> Tensor:
    """Return found minus true angle, shape (n,), deg."""
    bins, columns = torch.arange(float(MAP_ROWS)), torch.arange(float(MAP_COLUMNS))
    first = torch.where(inside, columns, float(MAP_COLUMNS)).amin(1)
    last = torch.where(inside, columns, -1.0).amax(1)
    half = ((last - first) / 2).clamp_min(2)
    across = ((columns - ((first + last) / 2)[:, None]) / half[:, None]).clamp(-1, 1)
    chance = where.softmax(1)[:, :-1]
    total = chance.sum(1)
    found = (chance * bins[:, None]).sum(1) / (total + _EPSILON)
    variance = (chance * (bins[:, None] - found[:, None]) ** 2).sum(1) / (total + _EPSILON)
    weight = inside * total / (variance + _COLUMN_VARIANCE)
    true_deg = _slopes_deg(torch.nan_to_num(row), inside.float(), across, half)
    return _slopes_deg(found, weight, across, half) - true_deg


def loss_of(
    answer: tuple[Tensor, Tensor, Tensor], row: Tensor, shows: Tensor, seen: Tensor
) -> Tensor:
    """Return the loss of a batch: does it show, in which row, at what angle, how surely."""
    logit, log_error, where = (part.float() for part in answer)
    judged = torch.where(shows & ~seen, _UNSEEN, 1.0)
    told = functional.binary_cross_entropy_with_logits(logit, seen.float(), reduction="none")
    inside = torch.isfinite(row) & (row > -0.5) & (row < MAP_ROWS - 0.5)
    counts = torch.where(seen, 1.0, _UNSEEN)
    apart = torch.arange(float(MAP_ROWS))[:, None] - torch.nan_to_num(row)[:, None]
    target = inside[:, None] * torch.exp(-0.5 * (apart / _EDGE_BINS) ** 2)
    target = target / target.sum(1, keepdim=True).clamp_min(_EPSILON)
    target = torch.cat([target, (~inside).float()[:, None]], dim=1)
    column = -(target * functional.log_softmax(where, 1)).sum(1)
    column_counts = (counts * inside.any(1))[:, None].expand_as(column)
    whole = counts * (inside.sum(1) >= _LEAST_COLUMNS)
    error_deg = _angle_errors_deg(where, row, inside)
    scaled = error_deg / _ANGLE_SCALE_DEG
    angle = functional.smooth_l1_loss(scaled, torch.zeros_like(scaled), reduction="none")
    # Errors as a Laplace distribution has them: a few are large.
    doubt = error_deg.detach().abs() * torch.exp(-log_error) + log_error
    return (
        (told * judged).sum() / judged.sum().clamp_min(1)
        + _WHERE_WEIGHT * (column * column_counts).sum() / column_counts.sum().clamp_min(1)
        + ((_ANGLE_WEIGHT * angle + _ERROR_WEIGHT * doubt) * whole).sum() / whole.sum().clamp_min(1)
    )


class BeltTrainer(Run):
    """A run of the belt network; each step draws by its own seed."""

    def __init__(self, lessons: Lessons, steps: int, checkpoint: Path) -> None:
        torch.manual_seed(SEED)
        self.columns = [torch.from_numpy(getattr(lessons, f.name)) for f in fields(lessons)]
        self.step = 0
        shape = steps, len(lessons.seen)
        super().__init__(BeltNet, steps, (TOP_LEARNING_RATE, WEIGHT_DECAY), checkpoint, shape)

    def state(self) -> dict[str, Any]:
        """Return all that a later run needs."""
        return super().state() | {"step": self.step}

    def restore(self, state: dict[str, Any]) -> None:
        """Take up a state."""
        super().restore(state)
        self.step = state["step"]

    def run_step(self) -> None:
        """Learn from one batch: any one cut of each of its pictures."""
        pictures = self.shape[1] // CUTS
        first = self.step * BATCH
        epoch = torch.Generator().manual_seed(SEED + first // pictures)
        order = torch.randperm(pictures, generator=epoch)
        torch.manual_seed(SEED + self.step)
        picture = order[torch.arange(first, first + BATCH) % pictures]
        index = picture * CUTS + torch.randint(0, CUTS, (BATCH,))
        planes, row, shows, seen = (column[index] for column in self.columns)
        loss = loss_of(self.answer(worn(planes)), row, shows, seen)
        # Early on the average must forget the random start.
        self.learn(loss, AVERAGING if self.step > _KEPT_EVERY else 10 * AVERAGING)
        self.step += 1
        if self.step % _KEPT_EVERY == 0:
            self.keep()


def trained(lessons: Lessons, steps: int, checkpoint: Path) -> nn.Module:
    """Train to the end, from the checkpoint if there is one, and return the average."""
    trainer = BeltTrainer(lessons, steps, checkpoint)
    trainer.resume()
    for _ in track(range(trainer.step, steps), "training"):
        trainer.run_step()
    return trainer.average.eval()
