"""Train the contour model and write it where it ships: ``python -m synthetic.training.train``.

Reads the parts ``outlines``, ``train`` and ``calibrate`` that ``python -m synthetic.training.make``
made. A checkpoint after each epoch lets an interrupted run go on where it stopped.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from torch.nn import functional

from synthetic.training.augment import NO_WEAR, Moved, Wear, crop_and_wear
from synthetic.training.data import TrainingData, joined, load_pictures, load_true_outlines
from synthetic.training.dataset import load_part
from synthetic.training.network import (
    TILT_SCALE_DEG,
    ContourNetwork,
    move_average,
    split_aside,
    split_raw,
)
from synthetic.training.ship import calibrated_factor, write_model

if TYPE_CHECKING:
    from torch import Tensor

SEED = 7
BATCH = 128
TOP_LEARNING_RATE = 2e-3
WEIGHT_DECAY = 0.02
#: Weight of telling loose clothing from the rest, beside reading the tilt.
LOOSE_WEIGHT = 0.1
#: Weights of finding ASIS and PSIS and of guessing the side facts, which nobody asks later.
POINTS_WEIGHT = 0.5
FACTS_WEIGHT = 0.15
_POINT_SCALE_PX = 5.0
#: In the order of ``SIDE_FACTS``, about what the sampling draws.
_FACTS_MIDDLE = torch.tensor([11.0, 0.0, 3.0, 0.5, 2.5, 1.0, 22.5])
_FACTS_SPREAD = torch.tensor([3.7, 7.0, 8.0, 3.5, 2.5, 5.0, 3.3])
#: Each step the shipped weights move this share towards the current ones.
AVERAGING = 0.005
VALIDATION_SHARE = 0.1
EPOCHS = 12
#: Networks whose mean answers; they differ by their random start and order.
MEMBERS = 2
#: How often each epoch shows a picture for every time it shows an outline: pictures are
#: fewer, and only they hold the estimator's own faults.
PICTURE_REPEATS = 3


def loss_of(raw: Tensor, batch: TrainingData, moved: Moved) -> Tensor:
    """Return the loss: Gaussian likelihood weighted by the spread, and what is asked aside.

    Weighting each sample by its own (detached) spread keeps hard bodies from being given
    up early (Seitzer et al. 2022, beta = 0.5).
    """
    answer_deg, log_sd, loose_logit = split_raw(raw)
    error = (answer_deg - batch.tilt_deg - moved.turn_deg) / TILT_SCALE_DEG
    likelihood = log_sd + 0.5 * (error / log_sd.exp()) ** 2
    spread = log_sd.detach().exp()
    points, facts = split_aside(raw)
    points_truth = moved.to_crop(batch.points_px) / _POINT_SCALE_PX
    facts_truth = (batch.facts - _FACTS_MIDDLE) / _FACTS_SPREAD
    return (
        (spread * likelihood).mean()
        + LOOSE_WEIGHT * functional.binary_cross_entropy_with_logits(loose_logit, batch.loose)
        + POINTS_WEIGHT * functional.smooth_l1_loss(points, points_truth)
        + FACTS_WEIGHT * functional.smooth_l1_loss(facts, facts_truth)
    )


class Trainer:
    """The network, its running average and everything needed to go on later."""

    def __init__(
        self,
        seen: TrainingData,
        outlines: TrainingData,
        epochs: int,
        checkpoint: Path,
        seed: int = SEED,
    ) -> None:
        torch.manual_seed(seed)
        self.generator = torch.Generator().manual_seed(seed)
        held_out = int(len(seen) * VALIDATION_SHARE)
        order = torch.randperm(len(seen), generator=self.generator)
        self.validation, self.seen = seen.rows(order[:held_out]), seen.rows(order[held_out:])
        self.outlines = outlines
        self.network = ContourNetwork()
        self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = ContourNetwork()
        self.average.load_state_dict(self.network.state_dict())
        self.optimizer = torch.optim.AdamW(
            self.network.parameters(), TOP_LEARNING_RATE, weight_decay=WEIGHT_DECAY
        )
        self.epochs, self.epoch, self.checkpoint = epochs, 0, checkpoint
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimizer,
            TOP_LEARNING_RATE,
            total_steps=epochs * self.steps + 1,
        )

    @property
    def shape(self) -> tuple[int, ...]:
        """What a checkpoint must share with this run to be taken up."""
        return self.epochs, len(self.seen), len(self.outlines)

    @property
    def rows(self) -> int:
        """How many rows an epoch goes through."""
        return PICTURE_REPEATS * len(self.seen) + len(self.outlines)

    @property
    def steps(self) -> int:
        """The number of batches in an epoch."""
        return self.rows // BATCH

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
        order = torch.randperm(self.rows, generator=self.generator)
        for step in range(self.steps):
            batch = self._rows(order[step * BATCH : (step + 1) * BATCH])
            crops, moved = crop_and_wear(batch.wide, Wear(), self.generator)
            # Half precision and channels last: twice as fast on recent processors.
            crops = crops.contiguous(memory_format=torch.channels_last)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                raw = self.network(crops)
            loss = loss_of(raw.float(), batch, moved)
            self.optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            self.optimizer.step()
            self.schedule.step()
            # Early on the average must forget the random start.
            share = AVERAGING if self.epoch else 10 * AVERAGING
            move_average(self.average, self.network, share)
        self.epoch += 1
        unfinished = self.checkpoint.with_suffix(".tmp")
        torch.save(self.state(), unfinished)
        unfinished.replace(self.checkpoint)

    def _rows(self, index: Tensor) -> TrainingData:
        """Return rows by their number: the pictures, several times over, then the outlines."""
        pictures = PICTURE_REPEATS * len(self.seen)
        return joined(
            self.seen.rows(index[index < pictures] % len(self.seen)),
            self.outlines.rows(index[index >= pictures] - pictures),
        )

    @torch.no_grad()
    def validation_mae_deg(self) -> float:
        """Return the mean absolute error of the averaged network, crops undisturbed."""
        self.average.eval()
        crops, _ = crop_and_wear(self.validation.wide, NO_WEAR, self.generator)
        answer_deg = split_raw(self.average(crops))[0]
        return float((answer_deg - self.validation.tilt_deg).abs().mean())


def trained(trainer: Trainer, name: str) -> ContourNetwork:
    """Train to the end, from the checkpoint if there is one, and return the average."""
    trainer.resume()
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns) as bar:
        task = bar.add_task(name, total=trainer.epochs, completed=trainer.epoch)
        while trainer.epoch < trainer.epochs:
            trainer.run_epoch()
            error_deg = trainer.validation_mae_deg()
            text = f"{name}, epoch {trainer.epoch}: held-out error {error_deg:.2f} deg"
            bar.update(task, advance=1, description=text)
    return trainer.average.eval()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--members", type=int, default=MEMBERS)
    arguments = parser.parse_args()
    seen, outlines = load_pictures(arguments.data), load_true_outlines(arguments.data)
    members = []
    for number in range(arguments.members):
        checkpoint = arguments.data / f"checkpoint{number}.pt"
        trainer = Trainer(seen, outlines, arguments.epochs, checkpoint, SEED + number)
        members.append(trained(trainer, f"member {number + 1}"))
    write_model(members, sd_factor=1.0)
    factor = calibrated_factor(load_part(arguments.data, "calibrate"))
    print(f"spread multiplied by {factor:.3f}; SHA-256 {write_model(members, factor)}")


if __name__ == "__main__":
    main()
