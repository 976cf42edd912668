"""Train the contour model and write it where it ships: ``python -m synthetic.training.train``.

Reads the parts ``outlines``, ``train`` and ``calibrate`` that ``python -m synthetic.training.make``
made. A checkpoint after each epoch lets an interrupted run go on where it stopped.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from torch.nn import functional

from synthetic.training.augment import (
    NO_WEAR,
    Moved,
    TrainingData,
    Wear,
    crop_and_wear,
    joined,
    load_outlines,
    load_pictures,
)
from synthetic.training.dataset import load_part, replay
from synthetic.training.network import (
    TILT_SCALE_DEG,
    ContourNetwork,
    DegreesOut,
    Run,
    ship,
    split_aside,
    split_raw,
)
from vision.model_files import CONTOUR_MODEL
from vision.result import INTERVAL_LEVEL, Z_90, Measured
from vision.silhouette import CROP_HEIGHT_PX, CROP_WIDTH_PX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor, nn

    from synthetic.training.dataset import Sample

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


class Trainer(Run):
    """A run of the contour network."""

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
        self.epochs, self.epoch = epochs, 0
        #: How many rows and batches an epoch goes through.
        self.rows = PICTURE_REPEATS * len(self.seen) + len(self.outlines)
        self.steps = self.rows // BATCH
        shape = epochs, len(self.seen), len(outlines)
        rates = TOP_LEARNING_RATE, WEIGHT_DECAY
        super().__init__(ContourNetwork, epochs * self.steps, rates, checkpoint, shape)

    def state(self) -> dict[str, Any]:
        """Return all that a later run needs."""
        return super().state() | {
            "epoch": self.epoch,
            "generator": self.generator.get_state(),
            "dropout": torch.get_rng_state(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Take up a state."""
        super().restore(state)
        self.epoch = state["epoch"]
        self.generator.set_state(state["generator"])
        torch.set_rng_state(state["dropout"])

    def run_epoch(self) -> None:
        """Go once through the data and save a checkpoint."""
        self.network.train()
        order = torch.randperm(self.rows, generator=self.generator)
        for step in range(self.steps):
            batch = self._rows(order[step * BATCH : (step + 1) * BATCH])
            crops, moved = crop_and_wear(batch.wide, Wear(), self.generator)
            loss = loss_of(self.answer(crops).float(), batch, moved)
            # Early on the average must forget the random start.
            self.learn(loss, AVERAGING if self.epoch else 10 * AVERAGING)
        self.epoch += 1
        self.keep()

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


def trained(trainer: Trainer, name: str) -> nn.Module:
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


def write_model(members: Sequence[nn.Module], sd_factor: float) -> str:
    """Ship the networks as one model and return its SHA-256."""
    shape = 1, 1, CROP_HEIGHT_PX, CROP_WIDTH_PX
    return ship(DegreesOut(members, sd_factor), CONTOUR_MODEL, shape, "crop", "tilt_sd_loose")


def calibrated_factor(samples: list[Sample]) -> float:
    """Return the factor on the spread that makes 90 % intervals hold the truth that often.

    Runs the pipeline with the model just written, whose factor must be 1, on the pictures
    of bodies that training never saw.
    """
    errors, spreads, rolls = [], [], []
    for sample, result in replay(samples):
        if isinstance(result, Measured):
            errors.append(result.tilt.angle_deg - sample.truth["tilt_deg"])
            spreads.append(result.tilt.doubt.reading_deg)
            rolls.append(result.tilt.doubt.roll_deg)
    # The factor with which each body's interval would just reach its truth.
    left = np.square(np.array(errors) / Z_90) - np.square(rolls)
    needed = np.sqrt(np.clip(left, 0, None)) / np.array(spreads)
    return float(np.quantile(needed, INTERVAL_LEVEL))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--members", type=int, default=MEMBERS)
    arguments = parser.parse_args()
    seen, outlines = load_pictures(arguments.data), load_outlines(arguments.data)
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
