"""The belt network's lessons and its loss, on made-up ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from synthetic.belt import (
    CUTS,
    BeltNet,
    BeltTrainer,
    ChancesOut,
    Lessons,
    bow_trunks,
    edge_rows,
    loss_of,
    worn,
)
from vision.belt.edge import CHANNELS, MAP_COLUMNS, MAP_ROWS
from vision.belt.patch import COLUMNS, ROWS

if TYPE_CHECKING:
    from pathlib import Path


def made_up(pictures: int) -> Lessons:
    rng = np.random.default_rng(1)
    count = pictures * CUTS
    row = np.full((count, MAP_COLUMNS), np.nan, np.float32)
    shows = np.arange(count) % 2 == 0
    row[shows, 14:28] = 16.0
    planes = rng.integers(0, 256, (count, CHANNELS, ROWS, COLUMNS), np.uint8)
    return Lessons(planes, row, shows, shows.copy())


def test_an_edge_runs_from_end_to_end_and_bows_between() -> None:
    ends = np.array([[10.0, 30.0], [30.0, 34.0]])
    rows = edge_rows(ends, 0.0, np.array([9.0, 10.0, 20.0, 30.0, 31.0]))
    np.testing.assert_allclose(rows, [np.nan, 30, 32, 34, np.nan])
    assert edge_rows(ends, 2.0, np.array([20.0]))[0] == pytest.approx(32 + 2 * 0.8)


def test_a_camera_above_the_waist_sees_its_near_side_lower() -> None:
    truth = {"stature_m": 1.7, "camera_distance_m": 3.0}
    assert bow_trunks(truth | {"camera_height_m": 1.5}) > 0.01
    assert bow_trunks(truth | {"camera_height_m": 0.6}) < -0.01


def test_what_ships_gives_likelihood_error_and_chances() -> None:
    torch.manual_seed(0)
    patches = torch.rand(2, CHANNELS, ROWS, COLUMNS) * 255
    answer = ChancesOut(BeltNet().eval())(patches)
    assert answer.shape == (2, 2 + MAP_ROWS * MAP_COLUMNS)
    assert ((answer[:, 0] > 0) & (answer[:, 0] < 1)).all()
    assert (answer[:, 1] > 0).all()
    assert (answer[:, 2:].reshape(2, MAP_ROWS, MAP_COLUMNS).sum(1) <= 1 + 1e-5).all()


def test_a_right_answer_costs_less_than_a_wrong_one() -> None:
    row = torch.full((1, MAP_COLUMNS), float("nan"))
    row[0, 14:28] = torch.linspace(14, 18, 14)
    bins = torch.arange(float(MAP_ROWS))[:, None]
    costs = []
    for shift, logit in ((0.0, 4.0), (5.0, -4.0)):
        where = -0.5 * ((bins - torch.nan_to_num(row[0]) - shift) / 0.6) ** 2
        none = torch.where(torch.isfinite(row), -9.0, 99.0)
        where = torch.cat([where, none])[None]
        answer = (torch.tensor([logit]), torch.zeros(1), where)
        yes = torch.ones(1, dtype=torch.bool)
        costs.append(float(loss_of(answer, row, yes, yes)))
    assert 0 <= costs[0] < costs[1]


def test_another_light_leaves_the_masks_alone() -> None:
    planes = torch.from_numpy(made_up(1).planes[:2])
    changed = worn(planes)
    assert torch.equal(changed[:, 3:], planes[:, 3:].float())
    assert not torch.equal(changed[:, :3], planes[:, :3].float())
    assert changed.min() >= 0
    assert changed.max() <= 255


def test_a_run_that_stopped_goes_on_as_if_it_had_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("synthetic.belt._KEPT_EVERY", 1)
    monkeypatch.setattr("synthetic.belt.BATCH", 4)
    lessons = made_up(6)
    whole = BeltTrainer(lessons, 2, tmp_path / "whole.pt")
    for _ in range(2):
        whole.run_step()
    first = BeltTrainer(lessons, 2, tmp_path / "parts.pt")
    first.run_step()
    second = BeltTrainer(lessons, 2, tmp_path / "parts.pt")
    second.resume()
    assert second.step == 1
    second.run_step()
    for kept, again in zip(
        whole.average.state_dict().values(), second.average.state_dict().values(), strict=True
    ):
        torch.testing.assert_close(kept, again)
