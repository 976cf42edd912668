"""Train the contour model and write it where it ships: ``python -m synthetic.train``.

Reads the parts ``outlines``, ``train`` and ``calibrate`` that ``python -m synthetic.make``
made. A
checkpoint after each epoch lets an interrupted run go on where it stopped.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from torch.nn import functional

from synthetic.augment import NO_WEAR, Wear, crop_and_wear
from synthetic.dataset import Sample, apparent_tilt_deg, load_part
from synthetic.network import TILT_SCALE_DEG, ContourNetwork, split_raw
from synthetic.outlines import load_outlines
from synthetic.ship import calibrated_factor, write_model

if TYPE_CHECKING:
    from torch import Tensor

SEED = 7
BATCH = 64
TOP_LEARNING_RATE = 2e-3
WEIGHT_DECAY = 0.02
#: Weight of telling loose clothing from the rest, beside reading the tilt.
LOOSE_WEIGHT = 0.1
#: Each step the shipped weights move this share towards the current ones.
AVERAGING = 0.005
VALIDATION_SHARE = 0.05
EPOCHS = 24
SEEN_ONLY_EPOCHS = 10


@dataclass(frozen=True, slots=True)
class Plan:
    """How long to train: epochs in all, and how many of them, at the end, without outlines."""

    epochs: int
    seen_only_epochs: int


@dataclass(frozen=True, slots=True)
class TrainingData:
    """Columns of equal length: crops, apparent tilt in deg, 1 where the clothes are loose."""

    wide: Tensor
    tilt_deg: Tensor
    loose: Tensor

    def rows(self, index: Tensor) -> TrainingData:
        """Return some rows."""
        return TrainingData(self.wide[index], self.tilt_deg[index], self.loose[index])


def is_usable(sample: Sample) -> bool:
    """Tell whether the pose estimator found this body, and looking the right way."""
    hip = sample.xy_px[23:25].mean(axis=0)
    shoulder = sample.xy_px[11:13].mean(axis=0)
    pelvis = (np.array(sample.truth["asis_px"]) + np.array(sample.truth["psis_px"])) / 2
    near = np.hypot(*(hip - pelvis)) < 0.5 * np.hypot(*(shoulder - hip))
    return bool(near) and sample.facing == sample.truth["facing"]


def training_data(samples: list[Sample]) -> TrainingData:
    """Collect the usable samples."""
    usable = [sample for sample in samples if is_usable(sample)]
    return TrainingData(
        torch.from_numpy(np.stack([sample.wide for sample in usable])),
        torch.tensor([apparent_tilt_deg(sample.truth) for sample in usable]),
        torch.tensor([float(sample.truth["fit"] == "loose") for sample in usable]),
    )


def loss_of(raw: Tensor, tilt_deg: Tensor, loose: Tensor) -> Tensor:
    """Return the loss: Gaussian likelihood weighted by the spread, and the fit of clothes.

    Weighting each sample by its own (detached) spread keeps hard bodies from being given
    up early (Seitzer et al. 2022, beta = 0.5).
    """
    answer_deg, log_sd, loose_logit = split_raw(raw)
    error = (answer_deg - tilt_deg) / TILT_SCALE_DEG
    likelihood = log_sd + 0.5 * (error / log_sd.exp()) ** 2
    spread = log_sd.detach().exp()
    return (spread * likelihood).mean() + LOOSE_WEIGHT * (
        functional.binary_cross_entropy_with_logits(loose_logit, loose)
    )


class Trainer:
    """The network, its running average and everything needed to go on later."""

    def __init__(
        self, seen: TrainingData, outlines: TrainingData, plan: Plan, checkpoint: Path
    ) -> None:
        torch.manual_seed(SEED)
        self.generator = torch.Generator().manual_seed(SEED)
        held_out = int(len(seen.tilt_deg) * VALIDATION_SHARE)
        order = torch.randperm(len(seen.tilt_deg), generator=self.generator)
        self.validation, self.seen = seen.rows(order[:held_out]), seen.rows(order[held_out:])
        self.outlines = outlines
        self.network = ContourNetwork()
        self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = ContourNetwork()
        self.average.load_state_dict(self.network.state_dict())
        self.optimizer = torch.optim.AdamW(
            self.network.parameters(), TOP_LEARNING_RATE, weight_decay=WEIGHT_DECAY
        )
        self.plan, self.epoch, self.checkpoint = plan, 0, checkpoint
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimizer,
            TOP_LEARNING_RATE,
            total_steps=sum(self.steps_in(epoch) for epoch in range(plan.epochs)) + 1,
        )

    @property
    def shape(self) -> tuple[int, ...]:
        """What a checkpoint must share with this run to be taken up."""
        return *asdict(self.plan).values(), len(self.seen.tilt_deg), len(self.outlines.tilt_deg)

    def rows_in(self, epoch: int) -> int:
        """Return how many rows an epoch goes through: at the end no true outlines."""
        with_outlines = epoch < self.plan.epochs - self.plan.seen_only_epochs
        return len(self.seen.tilt_deg) + len(self.outlines.tilt_deg) * with_outlines

    def steps_in(self, epoch: int) -> int:
        """Return the number of batches in an epoch."""
        return self.rows_in(epoch) // BATCH

    def state(self) -> dict[str, object]:
        """Return all that a later run needs."""
        return {
            "shape": self.shape,
            "epoch": self.epoch,
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict(),
            "generator": self.generator.get_state(),
            "dropout": torch.get_rng_state(),
        }

    def resume(self) -> None:
        """Take up the checkpoint, if one of the same run is there."""
        if not self.checkpoint.exists():
            return
        state = torch.load(self.checkpoint, weights_only=True)
        if tuple(state["shape"]) != self.shape:
            return
        self.epoch = state["epoch"]
        for name in ("network", "average", "optimizer", "schedule"):
            getattr(self, name).load_state_dict(state[name])
        self.generator.set_state(state["generator"])
        torch.set_rng_state(state["dropout"])

    def run_epoch(self) -> None:
        """Go once through the data and save a checkpoint."""
        self.network.train()
        order = torch.randperm(self.rows_in(self.epoch), generator=self.generator)
        for step in range(self.steps_in(self.epoch)):
            batch = self._rows(order[step * BATCH : (step + 1) * BATCH])
            crops, tilt_deg = crop_and_wear(batch.wide, batch.tilt_deg, Wear(), self.generator)
            # Half precision and channels last: twice as fast on recent processors.
            crops = crops.contiguous(memory_format=torch.channels_last)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                raw = self.network(crops)
            loss = loss_of(raw.float(), tilt_deg, batch.loose)
            self.optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            self.optimizer.step()
            self.schedule.step()
            self._follow()
        self.epoch += 1
        unfinished = self.checkpoint.with_suffix(".tmp")
        torch.save(self.state(), unfinished)
        unfinished.replace(self.checkpoint)

    def _rows(self, index: Tensor) -> TrainingData:
        """Return rows by their number, true outlines after those seen by the estimator."""
        count = len(self.seen.tilt_deg)
        first = self.seen.rows(index[index < count])
        second = self.outlines.rows(index[index >= count] - count)
        return TrainingData(
            torch.cat([first.wide, second.wide]),
            torch.cat([first.tilt_deg, second.tilt_deg]),
            torch.cat([first.loose, second.loose]),
        )

    @torch.no_grad()
    def _follow(self) -> None:
        # Early on the average must forget the random start.
        share = AVERAGING if self.epoch else 10 * AVERAGING
        for kept, new in zip(
            self.average.state_dict().values(), self.network.state_dict().values(), strict=True
        ):
            if kept.dtype.is_floating_point:
                kept.lerp_(new, share)
            else:
                kept.copy_(new)

    @torch.no_grad()
    def validation_mae_deg(self) -> float:
        """Return the mean absolute error of the averaged network, crops undisturbed."""
        self.average.eval()
        crops, tilt_deg = crop_and_wear(
            self.validation.wide, self.validation.tilt_deg, NO_WEAR, self.generator
        )
        answer_deg = split_raw(self.average(crops))[0]
        return float((answer_deg - tilt_deg).abs().mean())


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--seen-only-epochs", type=int, default=SEEN_ONLY_EPOCHS)
    arguments = parser.parse_args()
    seen = training_data(load_part(arguments.data, "train"))
    outlines = TrainingData(*(torch.from_numpy(a) for a in load_outlines(arguments.data)))
    plan = Plan(arguments.epochs, arguments.seen_only_epochs)
    trainer = Trainer(seen, outlines, plan, arguments.data / "checkpoint.pt")
    trainer.resume()
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns) as bar:
        task = bar.add_task("training", total=plan.epochs, completed=trainer.epoch)
        while trainer.epoch < plan.epochs:
            trainer.run_epoch()
            text = f"epoch {trainer.epoch}: held-out error {trainer.validation_mae_deg():.2f} deg"
            bar.update(task, advance=1, description=text)
    write_model(trainer.average, sd_factor=1.0)
    factor = calibrated_factor(load_part(arguments.data, "calibrate"))
    print(f"spread multiplied by {factor:.3f}; SHA-256 {write_model(trainer.average, factor)}")


if __name__ == "__main__":
    main()
