"""What the second mask's network learns from, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from synthetic.mask import SIDE_PX, MaskLessons, MaskTrainer, fit, loss_of, weights_of, worn
from synthetic.unet import Conv, MaskNet, ThinConv
from tests.vision.stick_figures import Figure, pose_of

if TYPE_CHECKING:
    from pathlib import Path

HEIGHT, WIDTH = 64, 32


def made_up(count: int) -> MaskLessons:
    rng = np.random.default_rng(1)
    sizes = [(HEIGHT, WIDTH), *((HEIGHT >> n, WIDTH >> n) for n in range(6))]
    return MaskLessons(
        rng.integers(0, 256, (count, HEIGHT, WIDTH, 3), np.uint8),
        rng.uniform(0.1, 1, (count, HEIGHT // 4, WIDTH // 4)).astype(np.float16),
        tuple(rng.normal(0, 3, (count, *size)).astype(np.float16) for size in sizes),
    )


def test_another_light_keeps_the_pictures_size() -> None:
    rgb = np.random.default_rng(0).integers(0, 256, (40, 30, 3), np.uint8)
    pictures = [worn(rgb, np.random.default_rng(seed)) for seed in range(30)]
    assert {(one.shape, one.dtype) for one in pictures} == {(rgb.shape, np.dtype(np.uint8))}
    assert len({one.tobytes() for one in pictures}) > 20


def test_what_is_read_later_counts_most() -> None:
    figure = Figure(trunk_px=70, width_px=SIDE_PX, height_px=SIDE_PX, hip_px=(160.0, 160.0))
    weights = weights_of(pose_of(figure).xy_px)
    assert weights.shape == (SIDE_PX, SIDE_PX)
    hip, foot, corner = weights[150, 160], weights[300, 160], weights[5, 5]
    assert hip > 2 * foot > 2 * corner > 0


def seen_and_said(whole: Conv, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Random places, and what a convolution answers there before ReLU."""
    seen = torch.rand(count, whole.conv.in_channels, 3, 3)
    with torch.no_grad():
        return seen, whole.conv(seen)[:, :, 1, 1]


@pytest.mark.parametrize("read", [None, 3])
def test_a_thin_convolution_becomes_the_one_it_stands_for_where_that_is_thin(
    read: int | None,
) -> None:
    torch.manual_seed(3)
    whole, thin = Conv(8, 6), ThinConv([5, 3], read, 2, 6)
    # Six answers that are made of two, which come of three readings of what goes in.
    few = torch.randn(2, 3, 3, 3)
    kernel = torch.einsum("ob,bahw,ai->oihw", torch.randn(6, 2), few, torch.randn(3, 8))
    whole.conv.weight.data = kernel
    seen, said = seen_and_said(whole, 4_000)
    assert fit(thin, whole, seen, said) < 1e-3
    coarse, fine = torch.rand(1, 5, 8, 8), torch.rand(1, 3, 8, 8)
    inputs = (coarse, fine) if read else (torch.cat([coarse, fine], dim=1),)
    with torch.no_grad():
        wanted, got = whole(coarse, fine), thin(*inputs)
    assert float((got - wanted).square().mean() / wanted.var()) < 1e-2


def test_the_teachers_own_answer_costs_nothing_and_another_does() -> None:
    lessons = made_up(2)
    wanted = [torch.from_numpy(one.astype(np.float32)) for one in lessons.answers]
    weight = torch.from_numpy(lessons.weight.astype(np.float32))
    own = [one[:, None] for one in wanted]
    assert float(loss_of(own, wanted, weight)) == pytest.approx(0, abs=1e-5)
    assert float(loss_of([one + 1 for one in own], wanted, weight)) > 0.1
    # Where nothing counts nothing costs.
    wrong = [one.clone() for one in own]
    wrong[0][:, :, : HEIGHT // 2] += 5
    weight[:, : HEIGHT // 8] = 0
    assert float(loss_of(wrong, wanted, weight)) < 0.05


def test_an_interrupted_run_ends_like_an_unbroken_one(tmp_path: Path) -> None:
    torch.manual_seed(0)
    start, lessons = MaskNet(is_thin=True), made_up(10)
    whole = MaskTrainer(start, lessons, 4, tmp_path / "whole.pt")
    losses = [whole.run_step() for _ in range(4)]
    broken = MaskTrainer(start, lessons, 4, tmp_path / "broken.pt")
    begun = [broken.run_step() for _ in range(2)]
    broken.keep()
    resumed = MaskTrainer(start, lessons, 4, tmp_path / "broken.pt")
    resumed.resume()
    assert resumed.step == 2
    assert [*begun, *(resumed.run_step() for _ in range(2))] == pytest.approx(losses, rel=1e-4)
    for one, other in zip(whole.average.parameters(), resumed.average.parameters(), strict=True):
        torch.testing.assert_close(one, other)
