"""The network that the second mask comes from, whole and thin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from torch.nn import functional

from synthetic.unet import MaskNet, MaskOut, ThinConv, teacher_from

if TYPE_CHECKING:
    from pathlib import Path

#: The smallest that can be halved as often as it is.
HEIGHT, WIDTH = 64, 32


@pytest.mark.parametrize("is_thin", [False, True])
def test_it_answers_at_full_size_and_at_every_half_of_it(is_thin: bool) -> None:
    with torch.no_grad():
        joined, *sides = MaskNet(is_thin)(torch.rand(2, 3, HEIGHT, WIDTH))
    assert joined.shape == (2, 1, HEIGHT, WIDTH)
    for number, side in enumerate(sides):
        assert side.shape == (2, 1, HEIGHT >> number, WIDTH >> number)


def test_thin_convolutions_stand_for_whole_ones() -> None:
    whole, thin = (MaskNet(is_thin).convs() for is_thin in (False, True))
    assert len(thin) == len(whole)
    assert sum(isinstance(one, ThinConv) for one in thin) > 5
    assert not any(isinstance(one, ThinConv) for one in whole)
    for one, other in zip(thin, whole, strict=True):
        if isinstance(one, ThinConv):
            assert sum(p.numel() for p in one.parameters()) < sum(
                p.numel() for p in other.parameters()
            )


def test_a_coarse_input_is_made_thin_first_which_comes_to_the_same() -> None:
    torch.manual_seed(0)
    conv = ThinConv([6, 4], 3, 2, 5)
    coarse, fine = torch.rand(1, 6, 4, 4), torch.rand(1, 4, 8, 8)
    larger = functional.interpolate(coarse, size=(8, 8), mode="bilinear", align_corners=False)
    read = conv.reads[0](larger) + conv.reads[1](fine)
    wanted = functional.relu(conv.out(conv.middle(read)))
    torch.testing.assert_close(conv(coarse, fine), wanted)


# PyTorch's own: the exporter that writes what OpenCV reads is its older one.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_network_read_from_its_file_answers_as_it_did(tmp_path: Path) -> None:
    torch.manual_seed(0)
    written, planes = MaskNet(is_thin=False).eval(), torch.rand(1, 3, HEIGHT, WIDTH)
    path = tmp_path / "written.onnx"
    torch.onnx.export(MaskOut(written), (planes,), str(path), dynamo=False)
    with torch.no_grad():
        for one, other in zip(teacher_from(path)(planes), written(planes), strict=True):
            torch.testing.assert_close(one, other)
        assert ((MaskOut(written)(planes) > 0) & (MaskOut(written)(planes) < 1)).all()
