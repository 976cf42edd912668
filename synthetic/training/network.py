"""The contour network: a small CNN from a canonical crop to tilt, spread and fit of clothes.

While it learns it is also asked where ASIS and PSIS lie and how the rest of the body is
shaped. Learning these too keeps it from reading a curve of the back or a belly for the
pelvis on the bodies it knows. How a network learns step by step and is shipped is the same
for the belt's.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from synthetic.training.dataset import SIDE_FACTS, whole_file
from vision.model_files import CHECKSUMS, FOLDER
from vision.silhouette import CROP_HEIGHT_PX, CROP_WIDTH_PX

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from torch import Tensor

#: The network works in units near one; these bring it to degrees.
TILT_MIDDLE_DEG = 10.0
TILT_SCALE_DEG = 10.0
#: Keeps the spread finite while training; far outside what is ever learnt.
_LOG_SD_RANGE = (-4.0, 2.0)
_POINT_COORDINATES = 4
_MAIN_ANSWERS = 3
_PARTS = ("network", "average", "optimizer", "schedule")


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

    def __init__(self, members: Sequence[nn.Module], sd_factor: float) -> None:
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
        self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
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

    def answer(self, inputs: Tensor) -> Any:
        """Return the network's answer for a batch."""
        # Half precision and channels last: twice as fast on recent processors.
        inputs = inputs.contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return self.network(inputs)

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


def ship(model: nn.Module, name: str, shape: tuple[int, ...], inputs: str, outputs: str) -> str:
    """Export a model as ONNX to where it ships, list its checksum, SHA-256, and return that.

    Parameters
    ----------
    model, name
        What is exported, and the file's name.
    shape
        Of its input, which is called ``inputs``.
    """
    torch.onnx.export(
        model.eval(),
        (torch.zeros(shape),),
        str(FOLDER / name),
        input_names=[inputs],
        output_names=[outputs],
        dynamo=False,
    )
    path = FOLDER / CHECKSUMS
    others = [line for line in path.read_text("ascii").splitlines() if line.split()[1] != name]
    checksum = hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()
    path.write_text("\n".join([*others, f"{checksum}  {name}", ""]), encoding="ascii")
    return checksum
