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
    Look,
    TrainingData,
    Wear,
    joined,
    load_outlines,
    load_pictures,
    look,
)
from synthetic.training.dataset import load_part, outline_tilt_deg, replay
from synthetic.training.network import (
    POINT_SCALE_TRUNKS,
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
from vision.silhouette import EDGES, ROWS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from torch import Tensor, nn

    from synthetic.training.dataset import Sample

SEED = 7
BATCH = 256
TOP_LEARNING_RATE = 3e-3
WEIGHT_DECAY = 0.05
#: Weight of telling loose clothing from the rest, beside reading the tilt.
LOOSE_WEIGHT = 0.1
#: Weights of finding ASIS and PSIS and of guessing the side facts, which nobody asks later.
POINTS_WEIGHT = 0.5
FACTS_WEIGHT = 0.15
#: In the order of ``SIDE_FACTS``, about what the sampling draws.
_FACTS_MIDDLE = torch.tensor([0.0, 3.0, 0.5, 2.5, 1.0, 26.5])
_FACTS_SPREAD = torch.tensor([9.5, 8.0, 3.5, 2.5, 5.0, 6.0])
#: Each step the shipped weights move this share towards the current ones.
AVERAGING = 0.003
VALIDATION_SHARE = 0.1
EPOCHS = 45
#: Networks whose mean answers; they differ by their random start and order.
MEMBERS = 2
#: How often each epoch shows a picture for every time it shows an outline: pictures are
#: fewer, and only they hold the estimator's own faults.
PICTURE_REPEATS = 3


def loss_of(raw: Tensor, seen: Look, batch: TrainingData) -> Tensor:
    """Return the loss: Gaussian likelihood weighted by the spread, and what is asked aside.

    Weighting each sample by its own (detached) spread keeps hard bodies from being given
    up early (Seitzer et al. 2022, beta = 0.5).
    """
    tilt_deg, points, loose, facts = (
        torch.from_numpy(column)
        for column in (seen.tilt_deg, seen.points_trunks, batch.loose, batch.facts)
    )
    answer_deg, log_sd, loose_logit = split_raw(raw)
    error = (answer_deg - tilt_deg) / TILT_SCALE_DEG
    likelihood = log_sd + 0.5 * (error / log_sd.exp()) ** 2
    spread = log_sd.detach().exp()
    points_answer, facts_answer = split_aside(raw)
    return (
        (spread * likelihood).mean()
        + LOOSE_WEIGHT * functional.binary_cross_entropy_with_logits(loose_logit, loose)
        + POINTS_WEIGHT * functional.smooth_l1_loss(points_answer, points / POINT_SCALE_TRUNKS)
        + FACTS_WEIGHT
        * functional.smooth_l1_loss(facts_answer, (facts - _FACTS_MIDDLE) / _FACTS_SPREAD)
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
        # Both masks of a body, which follow each other, are held out or are not.
        held_out = 2 * int(len(seen) / 2 * VALIDATION_SHARE)
        self.validation, pictures = seen.rows(slice(held_out)), seen.rows(slice(held_out, None))
        self.lessons = joined([*PICTURE_REPEATS * [pictures], outlines])
        self.epochs, self.epoch, self.seed = epochs, 0, seed
        #: How many batches an epoch goes through.
        self.steps = len(self.lessons) // BATCH
        shape = epochs, len(pictures), len(outlines)
        rates = TOP_LEARNING_RATE, WEIGHT_DECAY
        super().__init__(ContourNetwork, epochs * self.steps, rates, checkpoint, shape)

    def state(self) -> dict[str, Any]:
        """Return all that a later run needs."""
        return super().state() | {"epoch": self.epoch, "dropout": torch.get_rng_state()}

    def restore(self, state: dict[str, Any]) -> None:
        """Take up a state."""
        super().restore(state)
        self.epoch = state["epoch"]
        torch.set_rng_state(state["dropout"])

    def run_epoch(self) -> None:
        """Go once through the data and save a checkpoint."""
        self.network.train()
        rng = np.random.default_rng([self.seed, self.epoch])
        order = rng.permutation(len(self.lessons))
        for step in range(self.steps):
            batch = self.lessons.rows(order[step * BATCH : (step + 1) * BATCH])
            seen = look(batch, Wear(), rng)
            raw = self.answer(torch.from_numpy(seen.rows), torch.from_numpy(seen.yaw_deg))
            # Early on the average must forget the random start.
            done = self.epoch * self.steps + step
            self.learn(loss_of(raw.float(), seen, batch), max(AVERAGING, 1 / (done + 1)))
        self.epoch += 1
        self.keep()

    def validation_mae_deg(self) -> float:
        """Return the mean absolute error of the averaged network, looks undisturbed."""
        return float(np.abs(errors_deg(self.average.eval(), self.validation)).mean())


@torch.no_grad()
def errors_deg(network: nn.Module, data: TrainingData) -> NDArray[np.float32]:
    """Return by how much a network errs on outlines looked at without disturbance, shape (n,)."""
    seen = look(data, NO_WEAR, np.random.default_rng(0))
    raw = network(torch.from_numpy(seen.rows), torch.from_numpy(seen.yaw_deg))
    return np.asarray(split_raw(raw)[0].numpy() - seen.tilt_deg, np.float32)


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
    inputs = {"rows": (1, EDGES, ROWS), "yaw_deg": (1, 1)}
    return ship(DegreesOut(members, sd_factor), CONTOUR_MODEL, inputs, "tilt_sd_loose_pelvis")


def calibrated_factor(samples: list[Sample]) -> float:
    """Return the factor on the spread that makes 90 % intervals hold the truth that often.

    Runs the pipeline's quick look with the model just written, whose factor must be 1, on the
    pictures of bodies that are drawn by other rules than those of training.
    """
    errors, spreads, rolls = [], [], []
    for sample, result in replay(samples, quick=True):
        if isinstance(result, Measured) and result.contour is not None:
            errors.append(result.contour.angle_deg - outline_tilt_deg(sample.truth))
            spreads.append(result.contour.doubt.reading_deg)
            rolls.append(result.contour.doubt.roll_deg)
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
    parser.add_argument("--only", type=int, help="train this member alone, and ship nothing")
    arguments = parser.parse_args()
    seen, outlines = load_pictures(arguments.data), load_outlines(arguments.data)
    numbers = range(arguments.members) if arguments.only is None else [arguments.only]
    members = []
    for number in numbers:
        checkpoint = arguments.data / f"checkpoint{number}.pt"
        trainer = Trainer(seen, outlines, arguments.epochs, checkpoint, SEED + number)
        members.append(trained(trainer, f"member {number + 1}"))
    if arguments.only is not None:
        return
    write_model(members, sd_factor=1.0)
    factor = calibrated_factor(load_part(arguments.data, "calibrate"))
    print(f"spread multiplied by {factor:.3f}; SHA-256 {write_model(members, factor)}")


if __name__ == "__main__":
    main()
