"""U2-Net's small form, whole as published or with its dear convolutions made thin.

Qin et al. 2020, Pattern Recognition 106:107404. Nothing here learns; ``synthetic.mask`` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn import functional

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

#: Levels of each stage from fine to coarse; None = the coarse ones, which reach wider instead.
_LEVELS = (7, 6, 5, 4, None, None)
_WIDE, _NARROW = 64, 16
_FLAT_DILATIONS = (1, 2, 4, 8)


@dataclass(frozen=True, slots=True)
class Thin:
    """How thin a stage's dear convolutions are; None = as they are in the teacher.

    Attributes
    ----------
    first
        Channels that the first one reads and has in the middle.
    down
        Channels that the next one reads.
    last
        Channels that the last one has in the middle.
    """

    first: tuple[int, int] | None = None
    down: int | None = None
    last: int | None = None


#: From fine to coarse, on the way down and on the way up. Where the way up reads two inputs, thin
#: ones spare drawing 64 channels larger and joining them to 64 more.
_DOWN_THIN = (Thin(None, 16, 24), Thin((48, 48), 16, 32), *4 * [Thin()])
_UP_THIN = (
    Thin((32, 32), 16, 24),
    Thin((48, 48), 16, 32),
    Thin((64, 64)),
    Thin((64, 64)),
    Thin((64, 64)),
)
WHOLE = Thin()


def _larger(picture: Tensor, like: Tensor) -> Tensor:
    size = like.shape[2:]
    return functional.interpolate(picture, size=size, mode="bilinear", align_corners=False)


class Conv(nn.Module):
    """A convolution of 3 by 3, and ReLU, of one input, or of a coarse one and a fine one."""

    def __init__(self, inputs: int, outputs: int, dilation: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, 3, padding=dilation, dilation=dilation)

    def forward(self, *parts: Tensor) -> Tensor:
        """Return shape (n, outputs, height, width)."""
        fine = parts[-1]
        joined = torch.cat([*(_larger(part, fine) for part in parts[:-1]), fine], dim=1)
        answer: Tensor = functional.relu(self.conv(joined))
        return answer


class ThinConv(nn.Module):
    """The same with few channels in the middle.

    A coarse input is made thin before it is drawn larger, which comes to the same.
    """

    def __init__(self, inputs: Sequence[int], read: int | None, middle: int, outputs: int) -> None:
        super().__init__()
        parts = [nn.Conv2d(part, read, 1, bias=False) for part in inputs] if read else []
        self.reads = nn.ModuleList(parts)
        self.middle = nn.Conv2d(read or sum(inputs), middle, 3, padding=1, bias=False)
        self.out = nn.Conv2d(middle, outputs, 1)

    def forward(self, *parts: Tensor) -> Tensor:
        """Return shape (n, outputs, height, width)."""
        fine = parts[-1]
        if self.reads:
            thin = [read(part) for read, part in zip(self.reads, parts, strict=True)]
            fine = sum((_larger(part, thin[-1]) for part in thin[:-1]), thin[-1])
        answer: Tensor = functional.relu(self.out(self.middle(fine)))
        return answer


class SmallUNet(nn.Module):
    """A small U-net, whose answer is added to what its first convolution gives.

    Parameters
    ----------
    levels
        How often it halves and one more; None = never: convolutions reach wider instead.
    inputs, outputs
        Channels of each input, and of the answer.
    thin
        How thin it is.
    """

    def __init__(self, levels: int | None, inputs: Sequence[int], outputs: int, thin: Thin) -> None:
        super().__init__()
        self.is_flat = levels is None
        count = (levels or len(_FLAT_DILATIONS)) - 1
        *reach, deepest = _FLAT_DILATIONS if levels is None else (*count * [1], 2)
        self.first: nn.Module = Conv(sum(inputs), outputs)
        if thin.first is not None:
            self.first = ThinConv(inputs, *thin.first, outputs)
        down: list[nn.Module] = [Conv(outputs, _NARROW, reach[0])]
        if thin.down is not None:
            down = [ThinConv([outputs], thin.down, _NARROW, _NARROW)]
        down += [Conv(_NARROW, _NARROW, dilation) for dilation in reach[1:]]
        self.down = nn.ModuleList(down)
        self.bottom = Conv(_NARROW, _NARROW, deepest)
        up: list[nn.Module] = [Conv(2 * _NARROW, _NARROW, dilation) for dilation in reach[:0:-1]]
        up.append(Conv(2 * _NARROW, outputs, reach[0]))
        if thin.last is not None:
            up[-1] = ThinConv([2 * _NARROW], None, thin.last, outputs)
        self.up = nn.ModuleList(up)

    def forward(self, *parts: Tensor) -> Tensor:
        """Return shape (n, outputs, height, width)."""
        first = self.first(*parts)
        seen, passed = first, []
        for number, conv in enumerate(self.down):
            seen = conv(functional.max_pool2d(seen, 2) if number and not self.is_flat else seen)
            passed.append(seen)
        seen = self.bottom(seen)
        for conv, beside in zip(self.up, reversed(passed), strict=True):
            seen = conv(torch.cat([_larger(seen, beside), beside], dim=1))
        added: Tensor = seen + first
        return added


class MaskNet(nn.Module):
    """U2-Net's small form, whole or thin.

    Parameters
    ----------
    is_thin
        Whether it is the one that ships.
    """

    def __init__(self, is_thin: bool) -> None:
        super().__init__()
        down_thin = _DOWN_THIN if is_thin else len(_LEVELS) * (WHOLE,)
        up_thin = _UP_THIN if is_thin else (len(_LEVELS) - 1) * (WHOLE,)
        inputs = (3, *(len(_LEVELS) - 1) * [_WIDE])
        self.down = nn.ModuleList(
            SmallUNet(levels, [channels], _WIDE, thin)
            for levels, channels, thin in zip(_LEVELS, inputs, down_thin, strict=True)
        )
        self.up = nn.ModuleList(
            SmallUNet(levels, [_WIDE, _WIDE], _WIDE, thin)
            for levels, thin in reversed(list(zip(_LEVELS, up_thin, strict=False)))
        )
        self.sides = nn.ModuleList(nn.Conv2d(_WIDE, 1, 3, padding=1) for _ in _LEVELS)
        self.join = nn.Conv2d(len(_LEVELS), 1, 1)

    def forward(self, planes: Tensor) -> list[Tensor]:
        """Return logits: of all sides joined, then of each side from fine to coarse.

        Parameters
        ----------
        planes
            Shape (n, 3, height, width), :func:`vision.pose.second_mask.network_input`; sides that
            can be halved five times.
        """
        passed: list[Tensor] = []
        for stage in self.down:
            passed.append(stage(functional.max_pool2d(passed[-1], 2) if passed else planes))
        seen = [passed.pop()]
        for stage in self.up:
            seen.append(stage(seen[-1], passed.pop()))
        sides = [side(one) for side, one in zip(self.sides, reversed(seen), strict=True)]
        drawn = [sides[0], *(_larger(side, sides[0]) for side in sides[1:])]
        return [self.join(torch.cat(drawn, dim=1)), *sides]

    def convs(self) -> list[nn.Module]:
        """Return all convolutions with ReLU in the order in which they are at work."""
        return [module for module in self.modules() if isinstance(module, Conv | ThinConv)]


def teacher_from(path: Path) -> MaskNet:
    """Return the network as published, from its ONNX file."""
    graph = onnx.load(str(path)).graph
    weights = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    kernels = [
        [torch.from_numpy(weights[name].copy()) for name in node.input[1:]]
        for node in graph.node
        if node.op_type == "Conv"
    ]
    teacher = MaskNet(is_thin=False)
    answering = [*teacher.sides, teacher.join]
    hidden = [one.conv for one in teacher.convs() if isinstance(one, Conv)]
    for convs, wanted in ((hidden, False), (answering, True)):
        theirs = [pair for pair in kernels if (len(pair[0]) == 1) is wanted]
        for conv, (weight, bias) in zip(convs, theirs, strict=True):
            assert conv.weight.shape == weight.shape
            conv.weight.data, conv.bias.data = weight, bias
    return teacher.eval()


class MaskOut(nn.Module):
    """What ships: how likely each pixel is the person."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, planes: Tensor) -> Tensor:
        """Return shape (n, 1, height, width), 0..1."""
        return torch.sigmoid(self.network(planes)[0])
