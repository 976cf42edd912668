"""Training goes on where it stopped, and what it ships is what it trained."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import torch

from synthetic.training.augment import NO_WEAR, Moved, TrainingData, crop_and_wear
from synthetic.training.dataset import SIDE_FACTS, WIDE_PX
from synthetic.training.network import ContourNetwork, DegreesOut, split_raw
from synthetic.training.train import BATCH, PICTURE_REPEATS, Trainer, loss_of
from vision.silhouette import CROP_HEIGHT_PX, CROP_WIDTH_PX

if TYPE_CHECKING:
    from pathlib import Path


def some_data(rows: int, seed: int) -> TrainingData:
    generator = torch.Generator().manual_seed(seed)
    return TrainingData(
        torch.randint(0, 256, (rows, WIDE_PX, WIDE_PX), dtype=torch.uint8, generator=generator),
        torch.rand(rows, generator=generator) * 40 - 10,
        (torch.rand(rows, generator=generator) < 0.3).float(),
        torch.rand(rows, 4, generator=generator) * WIDE_PX,
        torch.randn(rows, len(SIDE_FACTS), generator=generator) * 5,
    )


def unmoved(rows: int) -> Moved:
    wide = torch.zeros(rows, WIDE_PX, WIDE_PX, dtype=torch.uint8)
    return crop_and_wear(wide, NO_WEAR, torch.Generator())[1]


def trainer(checkpoint: Path, epochs: int = 3) -> Trainer:
    return Trainer(some_data(140, 1), some_data(128, 2), epochs, checkpoint)


def test_an_epoch_shows_every_outline_once_and_every_picture_several_times(
    tmp_path: Path,
) -> None:
    run = trainer(tmp_path / "checkpoint.pt")
    # A tenth of the pictures is held out.
    assert run.rows == PICTURE_REPEATS * 126 + 128
    assert run.steps == run.rows // BATCH


def test_an_interrupted_run_ends_like_an_uninterrupted_one(tmp_path: Path) -> None:
    whole = trainer(tmp_path / "whole.pt")
    for _ in range(3):
        whole.run_epoch()
    first = trainer(tmp_path / "broken.pt")
    first.run_epoch()
    second = trainer(tmp_path / "broken.pt")
    second.resume()
    assert second.epoch == 1
    second.run_epoch()
    second.run_epoch()
    for one, other in zip(
        whole.average.state_dict().values(), second.average.state_dict().values(), strict=True
    ):
        assert torch.allclose(one.float(), other.float(), atol=1e-4)


def test_a_checkpoint_of_another_run_is_not_taken_up(tmp_path: Path) -> None:
    trainer(tmp_path / "checkpoint.pt").run_epoch()
    other = trainer(tmp_path / "checkpoint.pt", epochs=4)
    other.resume()
    assert other.epoch == 0


def test_the_loss_wants_the_truth_and_an_honest_spread() -> None:
    batch = replace(some_data(1, 3), tilt_deg=torch.tensor([15.0]), loose=torch.tensor([0.0]))

    def loss(answer: float, log_sd: float) -> float:
        aside = torch.zeros(4 + len(SIDE_FACTS))
        raw = torch.cat([torch.tensor([answer, log_sd, -5.0]), aside])
        return float(loss_of(raw[None], batch, unmoved(1)))

    assert loss(0.5, -1.0) < loss(0.9, -1.0)
    # 4 deg off: a spread of about that says less wrong than a tenth of it.
    assert loss(0.9, -0.9) < loss(0.9, -3.2)


def test_what_ships_is_the_network_in_degrees() -> None:
    network = ContourNetwork().eval()
    crops = torch.rand(2, 1, CROP_HEIGHT_PX, CROP_WIDTH_PX)
    with torch.no_grad():
        tilt_deg, log_sd, loose = (part.numpy() for part in split_raw(network(crops)))
        shipped = DegreesOut([network], sd_factor=2.0)(crops).numpy()
    np.testing.assert_allclose(shipped[:, 0], tilt_deg, rtol=1e-5)
    np.testing.assert_allclose(shipped[:, 1], 20 * np.exp(log_sd), rtol=1e-4)
    np.testing.assert_allclose(shipped[:, 2], 1 / (1 + np.exp(-loose)), rtol=1e-5)


def test_members_that_disagree_widen_the_spread() -> None:
    members = [ContourNetwork().eval() for _ in range(2)]
    members[1].load_state_dict(members[0].state_dict())
    with torch.no_grad():
        members[1].state_dict()["head.5.bias"][0] += 0.8
        crops = torch.rand(3, 1, CROP_HEIGHT_PX, CROP_WIDTH_PX)
        alone, both = (DegreesOut(m, 1.0)(crops).numpy() for m in (members[:1], members))
    np.testing.assert_allclose(both[:, 0], alone[:, 0] + 4, rtol=1e-4)
    np.testing.assert_allclose(both[:, 1], np.hypot(alone[:, 1], 4), rtol=1e-4)
