"""Training goes on where it stopped, and what it ships is what it trained."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from synthetic.dataset import WIDE_PX
from synthetic.network import ContourNetwork, DegreesOut, split_raw
from synthetic.train import Plan, Trainer, TrainingData, loss_of
from vision.silhouette import CROP_PX

if TYPE_CHECKING:
    from pathlib import Path


def some_data(rows: int, seed: int) -> TrainingData:
    generator = torch.Generator().manual_seed(seed)
    return TrainingData(
        torch.randint(0, 256, (rows, WIDE_PX, WIDE_PX), dtype=torch.uint8, generator=generator),
        torch.rand(rows, generator=generator) * 40 - 10,
        (torch.rand(rows, generator=generator) < 0.3).float(),
    )


def trainer(checkpoint: Path, epochs: int = 3) -> Trainer:
    return Trainer(some_data(140, 1), some_data(128, 2), Plan(epochs, 1), checkpoint)


def test_the_last_epochs_leave_out_the_outlines(tmp_path: Path) -> None:
    run = trainer(tmp_path / "checkpoint.pt")
    assert [run.rows_in(epoch) for epoch in range(3)] == [133 + 128, 133 + 128, 133]


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
    tilt_deg, loose = torch.tensor([15.0]), torch.tensor([0.0])

    def loss(answer: float, log_sd: float) -> float:
        return float(loss_of(torch.tensor([[answer, log_sd, -5.0]]), tilt_deg, loose))

    assert loss(0.5, -1.0) < loss(0.9, -1.0)
    # 4 deg off: a spread of about that says less wrong than a tenth of it.
    assert loss(0.9, -0.9) < loss(0.9, -3.2)


def test_what_ships_is_the_network_in_degrees() -> None:
    network = ContourNetwork().eval()
    crops = torch.rand(2, 1, CROP_PX, CROP_PX)
    with torch.no_grad():
        tilt_deg, log_sd, loose = (part.numpy() for part in split_raw(network(crops)))
        shipped = DegreesOut(network, sd_factor=2.0)(crops).numpy()
    np.testing.assert_allclose(shipped[:, 0], tilt_deg, rtol=1e-5)
    np.testing.assert_allclose(shipped[:, 1], 20 * np.exp(log_sd), rtol=1e-5)
    np.testing.assert_allclose(shipped[:, 2], 1 / (1 + np.exp(-loose)), rtol=1e-5)
