"""The contour network: from where an outline runs to tilt, spread and fit of clothes.

While it learns it is also asked where ASIS and PSIS lie and how the rest of the body is
shaped. Learning these too keeps it from reading a curve of the back or a belly for the
pelvis on the bodies it knows. How a network learns step by step and is shipped is the same
for the belt's.
"""

from __future__ import annotations

import hashlib
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.nn import functional

from synthetic.scene.sampling import TILT_RANGE_DEG
from synthetic.training.dataset import SIDE_FACTS, whole_file
from vision.model_files import CHECKSUMS, FOLDER
from vision.silhouette import EDGES, ROWS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from torch import Tensor

#: The network works in units near one; these bring it to degrees.
TILT_MIDDLE_DEG = 10.0
TILT_SCALE_DEG = 10.0
#: Keeps the spread finite while training; far outside what is ever learnt.
_LOG_SD_RANGE = (-4.0, 2.0)
YAW_SCALE_DEG = 10.0
#: Spread of the tilts that are drawn evenly for training, and the share of it from which on an
#: outline that says next to nothing is not made to say more.
_DRAWN_SD_DEG = (TILT_RANGE_DEG[1] - TILT_RANGE_DEG[0]) / 12**0.5
_MOST_OF_PRIOR = 0.65
#: The points are answered in these, from the middle of the look.
POINT_SCALE_TRUNKS = 0.1
WIDTHS = (32, 42, 64, 85)
DROPOUT = 0.3
_POINT_COORDINATES = 4
_MAIN_ANSWERS = 3
#: Dimensions of a batch of pictures, for which channels last is faster still.
_PICTURES = 4
_PARTS = ("network", "average", "optimizer", "schedule")


class _Residual(nn.Module):
    """Two convolutions along the rows whose answer is added to what went in."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.change = nn.Sequential(
            nn.Conv1d(channels, channels, 5, padding=2, bias=False),
            nn.BatchNorm1d(channels),
            nn.ReLU(),
            nn.Conv1d(channels, channels, 5, padding=2, bias=False),
            nn.BatchNorm1d(channels),
        )

    def forward(self, features: Tensor) -> Tensor:
        return functional.relu(features + self.change(features))


def _halved(inputs: int, outputs: int, reach: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv1d(inputs, outputs, reach, stride=2, padding=reach // 2, bias=False),
        nn.BatchNorm1d(outputs),
        nn.ReLU(),
    )


class ContourNetwork(nn.Module):
    """Rows and yaw in, raw answers out; :class:`DegreesOut` makes them readable.

    An outline is a few lines, not a picture: convolutions along its rows read it as well as
    those over the mask's pixels did, and sooner. The last features are flattened, not
    averaged: where an edge lies is the answer.
    """

    def __init__(self, widths: tuple[int, ...] = WIDTHS, hidden: int = 256) -> None:
        super().__init__()
        layers: list[nn.Module] = [_halved(EDGES, widths[0], 9)]
        for inputs, outputs in pairwise(widths):
            layers += [_Residual(inputs), _halved(inputs, outputs, 5)]
        last = widths[-1] * (ROWS >> len(widths))
        self.features = nn.Sequential(
            *layers, _Residual(widths[-1]), nn.Flatten(), nn.Dropout(DROPOUT)
        )
        self.mix = nn.Sequential(nn.Linear(last + 2, hidden), nn.ReLU(), nn.Dropout(DROPOUT))
        self.head = nn.Linear(hidden, _MAIN_ANSWERS + _POINT_COORDINATES + len(SIDE_FACTS))

    def forward(self, rows: Tensor, yaw_deg: Tensor) -> Tensor:
        """Return shape (n, 13).

        The columns are the scaled tilt, the log of the scaled spread, the logit of loose
        fit, ASIS and PSIS in the look and the side facts, all of these scaled.

        Parameters
        ----------
        rows
            Shape (n, ``EDGES``, ``ROWS``), see :func:`vision.silhouette.rows_of`.
        yaw_deg
            Shape (n, 1): estimated yaw, + = front turned towards the camera.
        """
        yaw = yaw_deg / YAW_SCALE_DEG
        features = torch.cat([self.features(rows), yaw, yaw * yaw], dim=1)
        raw: Tensor = self.head(self.mix(features))
        return raw


def split_raw(raw: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return tilt in deg, log of the spread in scaled units, and the loose-fit logit."""
    tilt_deg = raw[:, 0] * TILT_SCALE_DEG + TILT_MIDDLE_DEG
    return tilt_deg, raw[:, 1].clamp(*_LOG_SD_RANGE), raw[:, 2]


def split_aside(raw: Tensor) -> tuple[Tensor, Tensor]:
    """Return the points, shape (n, 4), and the side facts, shape (n, 6), both scaled."""
    aside = raw[:, _MAIN_ANSWERS:]
    return aside[:, :_POINT_COORDINATES], aside[:, _POINT_COORDINATES:]


def without_prior(tilt_deg: Tensor, sd_deg: Tensor) -> tuple[Tensor, Tensor]:
    """Return what the outline alone says, and the spread of that.

    A network learns the mean of all tilts that an outline may have, among those that were drawn:
    the less it sees, the nearer to their middle it answers. So a change would read too small, and
    the smaller the looser the clothes. For normal distributions, with ``k = (sd / prior) ** 2``::

        alone = middle + (tilt - middle) / (1 - k)
        sd_alone = sd / sqrt(1 - k)

    The drawn tilts, whose middle and spread are known, are taken out again.
    """
    known = 1 - (sd_deg / _DRAWN_SD_DEG).clamp(max=_MOST_OF_PRIOR) ** 2
    return TILT_MIDDLE_DEG + (tilt_deg - TILT_MIDDLE_DEG) / known, sd_deg / torch.sqrt(known)


class DegreesOut(nn.Module):
    """What ships: (n, 5), the mean over the members.

    Tilt deg, calibrated spread deg, probability of loose clothes, and where the middle of the
    pelvis lies, forward and down from the middle of the look, trunk lengths. Where members
    disagree the spread grows.
    """

    def __init__(
        self, members: Sequence[nn.Module], sd_factor: float, *, by_outline_alone: bool = True
    ) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)
        self.sd_factor = sd_factor
        self.by_outline_alone = by_outline_alone

    def forward(self, rows: Tensor, yaw_deg: Tensor) -> Tensor:
        """Return the five answers for each look."""
        raws = [member(rows, yaw_deg) for member in self.members]
        answers = [split_raw(raw) for raw in raws]
        points = torch.stack([split_aside(raw)[0] for raw in raws]).mean(dim=0)
        pelvis = (points[:, :2] + points[:, 2:]) * (POINT_SCALE_TRUNKS / 2)
        tilts_deg = torch.stack([tilt_deg for tilt_deg, _, _ in answers])
        tilt_deg = tilts_deg.mean(dim=0)
        sds_deg = torch.stack([torch.exp(log_sd) * TILT_SCALE_DEG for _, log_sd, _ in answers])
        disagreement = ((tilts_deg - tilt_deg) ** 2).mean(dim=0)
        sd_deg = torch.sqrt((sds_deg**2).mean(dim=0) + disagreement)
        if self.by_outline_alone:
            tilt_deg, sd_deg = without_prior(tilt_deg, sd_deg)
        sd_deg = sd_deg * self.sd_factor
        loose = torch.stack([torch.sigmoid(logit) for _, _, logit in answers]).mean(dim=0)
        return torch.cat([torch.stack([tilt_deg, sd_deg, loose], dim=1), pelvis], dim=1)


class Run:
    """A network that learns, its running average and everything needed to go on later.

    Attributes
    ----------
    network, average
        What learns, and what ships.
    checkpoint
        The file to go on from.
    shape
        What a checkpoint must share with this run to be taken up.
    """

    def __init__(
        self,
        make: Callable[[], nn.Module],
        steps: int,
        rates: tuple[float, float],
        checkpoint: Path,
        shape: tuple[int, ...],
    ) -> None:
        """Begin a run of a number of steps with a top learning rate and a weight decay."""
        rate, decay = rates
        self.network, self.average = make(), make()
        self.average.load_state_dict(self.network.state_dict())
        self.optimizer = torch.optim.AdamW(self.network.parameters(), rate, weight_decay=decay)
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimizer, rate, total_steps=steps + 1
        )
        self.checkpoint, self.shape = checkpoint, shape

    def state(self) -> dict[str, Any]:
        """Return all that a later run needs."""
        return {"shape": self.shape} | {name: getattr(self, name).state_dict() for name in _PARTS}

    def restore(self, state: dict[str, Any]) -> None:
        """Take up a state."""
        for name in _PARTS:
            getattr(self, name).load_state_dict(state[name])

    def resume(self) -> None:
        """Take up the checkpoint, if one of the same run is there."""
        if self.checkpoint.exists():
            state = torch.load(self.checkpoint, weights_only=True)
            if tuple(state["shape"]) == self.shape:
                self.restore(state)

    def keep(self) -> None:
        """Write the checkpoint."""
        with whole_file(self.checkpoint) as file:
            torch.save(self.state(), file)

    def answer(self, inputs: Tensor, *more: Tensor) -> Any:
        """Return the network's answer for a batch."""
        # Half precision: twice as fast on recent processors.
        if inputs.dim() == _PICTURES:
            inputs = inputs.contiguous(memory_format=torch.channels_last)
        with torch.autocast(inputs.device.type, dtype=torch.bfloat16):
            return self.network(inputs, *more)

    @torch.no_grad()
    def _average(self, share: float) -> None:
        states = self.average.state_dict(), self.network.state_dict()
        for kept, new in zip(*(state.values() for state in states), strict=True):
            if kept.dtype.is_floating_point:
                kept.lerp_(new, share)
            else:
                kept.copy_(new)

    def learn(self, loss: Tensor, averaging: float) -> None:
        """Take one step, and the running average this share of the way to the network."""
        self.optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimizer.step()
        self.schedule.step()
        self._average(averaging)


def ship(model: nn.Module, name: str, inputs: Mapping[str, tuple[int, ...]], outputs: str) -> str:
    """Export a model as ONNX to where it ships, list its checksum, SHA-256, and return that.

    Parameters
    ----------
    model, name
        What is exported, and the file's name.
    inputs
        Their names and shapes.
    """
    torch.onnx.export(
        model.eval(),
        tuple(torch.zeros(shape) for shape in inputs.values()),
        str(FOLDER / name),
        input_names=list(inputs),
        output_names=[outputs],
        dynamo=False,
    )
    path = FOLDER / CHECKSUMS
    others = [line for line in path.read_text("ascii").splitlines() if line.split()[1] != name]
    checksum = hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()
    path.write_text("\n".join([*others, f"{checksum}  {name}", ""]), encoding="ascii")
    return checksum
