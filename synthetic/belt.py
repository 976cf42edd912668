"""Train the belt network, ship and calibrate it: ``python -m synthetic.belt``.

Renders the pictures that are not there yet, cuts them, trains, and writes the model where
``vision.belt.edge`` reads it; about an hour on two cores, most of it for the pictures.
Every stage goes on where an interrupted run stopped. Then prints, on the part ``calibrate``,
what each least likelihood would find and invent, and how the spread of the angle is worked
out, to be put into ``vision.belt.line``. Judge the result with
``python -m synthetic.evaluate.belt``.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, fields, replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import torch
from rich.progress import track
from torch import Tensor, nn
from torch.nn import functional

from synthetic.clothing.wardrobe import Top
from synthetic.evaluate.belt import VISIBLE_LAB, stored_pictures, visible_step_lab
from synthetic.scene.sampling import sample_scene
from synthetic.training.dataset import SHARD_BODIES, save_shard, whole_file
from synthetic.training.make import observe
from synthetic.training.network import Run, ship
from vision.belt.edge import (
    CELLS_PER_BIN,
    CHANNELS,
    MAP_COLUMNS,
    MAP_ROWS,
    BeltNetwork,
    EdgeLine,
    bow_shape,
    edge_line,
    network_input,
)
from vision.belt.line import LEAST_LIKELIHOOD, MOST_SD_DEG, sd_deg
from vision.belt.patch import CELLS_PER_TRUNK, COLUMNS, ROWS, cut_patch, trunk_columns
from vision.model_files import BELT_MODEL
from vision.pose.mediapipe import shared_estimator
from vision.result import Z_90
from vision.scene import estimate_facing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from synthetic.evaluate.belt import Picture
    from synthetic.scene.arrangement import BodyScene
    from vision.pose.estimate import PoseEstimate

PICTURES = 4_200
#: Share of the errors that the interval is to hold.
_HELD = 0.9
#: The part of the data set that holds the pictures, and the first of its seeds.
PART = "belt"
FIRST_SEED = 61_000_000
#: Every picture is cut once as it is and so many times as a worse pose would place it.
CUTS = 12
#: Standard deviations of that: trunk lengths, log of the size, deg.
_SHIFT_TRUNKS, _LOG_SIZE, _TURN_DEG = 0.03, 0.06, 6.0
#: A body's half breadth at the waist, the waist's height and the trunk's length: shares of
#: the stature.
_HALF_BREADTH, _WAIST_HEIGHT, _TRUNK = 0.09, 0.58, 0.29
#: The network's channels from fine to coarse, and its last hidden layer.
_STEM, _MIDDLE, _DEEP, _HIDDEN = 16, 32, 48, 32
#: Keeps the spread finite while training; far outside what is ever learnt.
_LOG_ERROR_RANGE = (-2.0, 4.0)
SEED = 7
STEPS, BATCH = 5_000, 64
TOP_LEARNING_RATE, WEIGHT_DECAY = 3e-3, 0.02
#: Each step the shipped weights move this share towards the current ones.
AVERAGING = 0.01
_KEPT_EVERY = 250
#: Weights of finding the edge in each column, of its angle, and of knowing how far that is off.
_WHERE_WEIGHT, _ANGLE_WEIGHT, _ERROR_WEIGHT = 0.6, 0.5, 0.1
#: An edge that a person hardly sees counts so much less; it should rather not be told.
_UNSEEN = 0.3
_EDGE_BINS = 0.6
_ANGLE_SCALE_DEG = 1.5
_LEAST_COLUMNS = 5
_EPSILON = 1e-6
#: Spread of each column's row that is there anyway, and what keeps height, slope and bow
#: small: as in ``vision.belt.line``.
_COLUMN_VARIANCE = 0.25
_RIDGE = torch.tensor([3e-4, 3e-3, 0.3])


@dataclass(frozen=True, slots=True)
class Lessons:
    """Columns of equal length, one row for each cut.

    Attributes
    ----------
    planes
        Shape (n, ``CHANNELS``, ``ROWS``, ``COLUMNS``), uint8:
        :func:`vision.belt.edge.network_input`.
    row
        Shape (n, ``MAP_COLUMNS``), float32: the edge in each column of the map, bins from
        the top; NaN where it does not run or does not show.
    shows, seen
        Shape (n,), bool: whether there is an edge, and whether a person sees it.
    """

    planes: NDArray[np.uint8]
    row: NDArray[np.float32]
    shows: NDArray[np.bool_]
    seen: NDArray[np.bool_]


def _is_wanted(scene: BodyScene) -> bool:
    """Leave out half of the easy ones: bare skin above, and dresses."""
    easy = scene.outfit.top in {Top.BARE, Top.SPORTS_BRA, Top.DRESS}
    return not (easy and scene.seed % 2)


def make_pictures(folder: Path, count: int) -> None:
    """Render the missing pictures of the first ``count`` scenes."""
    for first in track(range(0, count, SHARD_BODIES), "rendering"):
        path = folder / PART / f"{first:07d}.npz"
        if path.exists():
            continue
        scenes = (sample_scene(FIRST_SEED + first + n) for n in range(SHARD_BODIES))
        found = (observe(s, keep_picture=True) for s in scenes if _is_wanted(s))
        save_shard(path, [sample for sample in found if sample is not None])


def bow_trunks(truth: dict[str, Any]) -> float:
    """Return how far the waist's near side is seen below its ends, trunk lengths."""
    above_m = truth["camera_height_m"] - _WAIST_HEIGHT * truth["stature_m"]
    return float(_HALF_BREADTH / _TRUNK * above_m / truth["camera_distance_m"])


def edge_rows(
    ends: NDArray[np.float64], bow_cells: float, columns: NDArray[np.floating]
) -> NDArray[np.float64]:
    """Return the edge's row in each column, all in cells; NaN beyond the ends.

    Parameters
    ----------
    ends
        Shape (2, 2): back and front end, x and y.
    """
    (back_x, back_y), (front_x, front_y) = ends
    across = 2 * (columns - back_x) / max(front_x - back_x, 1e-6) - 1
    rows = back_y + (across + 1) / 2 * (front_y - back_y) + bow_cells * bow_shape(across)
    return np.where(np.abs(across) <= 1, rows, np.nan)


def _misplaced(pose: PoseEstimate, rng: np.random.Generator) -> PoseEstimate:
    """Return the pose a little moved and of another size."""
    size = np.exp(rng.normal(0, _LOG_SIZE))
    shift = rng.normal(0, _SHIFT_TRUNKS * pose.trunk_px, 2)
    hip = pose.mid_hip_px
    moved = (pose.xy_px - hip) * size + hip + shift
    return replace(pose, xy_px=moved.astype(np.float32))


def _cuts(
    picture: Picture, count: int
) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.float32], bool, bool]]:
    rgb, truth = picture
    people = shared_estimator().estimate(rgb)
    if not people or (facing := estimate_facing(people[0])).value != truth["facing"]:
        return
    rng = np.random.default_rng(truth["seed"])
    shows = truth["belt_deg"] is not None
    seen = visible_step_lab(rgb, truth) >= VISIBLE_LAB
    middles = (np.arange(float(MAP_COLUMNS)) + 0.5) * CELLS_PER_BIN - 0.5
    for number in range(count):
        pose = _misplaced(people[0], rng) if number else people[0]
        turn_deg = rng.normal(0, _TURN_DEG) if number else 0.0
        patch = cut_patch(rgb, pose, facing, truth["roll_deg"] + turn_deg)
        rows = np.full(MAP_COLUMNS, np.nan)
        if shows:
            to_patch = np.asarray(cv2.invertAffineTransform(patch.to_picture))
            ends = [to_patch @ [*truth[name], 1.0] for name in ("belt_back_px", "belt_front_px")]
            rows = edge_rows(np.array(ends), bow_trunks(truth) * CELLS_PER_TRUNK, middles)
        row = ((rows + 0.5) / CELLS_PER_BIN - 0.5).astype(np.float32)
        planes = np.clip(np.rint(network_input(patch)), 0, 255).astype(np.uint8)
        yield planes, row, shows, seen


def cut_lessons(pictures: Iterable[Picture], cuts: int) -> Lessons:
    """Cut every picture in which the person is found, looking the right way."""
    found = [cut for picture in pictures for cut in _cuts(picture, cuts)]
    planes, row, shows, seen = zip(*found, strict=True)
    return Lessons(np.stack(planes), np.stack(row), np.array(shows), np.array(seen))


def cached_lessons(folder: Path, count: int) -> Lessons:
    """Return the lessons, cut anew only when there are none of this many pictures."""
    path = folder / f"belt_lessons_{count}.npz"
    if path.exists():
        with np.load(path) as file:
            return Lessons(**{field.name: file[field.name] for field in fields(Lessons)})
    make_pictures(folder, count)
    lessons = cut_lessons(track(stored_pictures(folder, PART), "cutting"), CUTS)
    with whole_file(path) as file:
        np.savez(file, **{field.name: getattr(lessons, field.name) for field in fields(Lessons)})
    return lessons


def _conv(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    )


class BeltNet(nn.Module):
    """Levelled patches in, raw answers out; :class:`ChancesOut` makes them readable.

    Down to an eighth and up again to half the patch's size, so that what lies far off has
    its say in where the line lies. Whether it shows is judged by what is seen along it and
    by the whole.
    """

    def __init__(self) -> None:
        super().__init__()
        self.fine = nn.Sequential(_conv(CHANNELS, _STEM, 2), _conv(_STEM, _STEM))
        self.middle = nn.Sequential(_conv(_STEM, _MIDDLE, 2), _conv(_MIDDLE, _MIDDLE))
        self.deep = nn.Sequential(_conv(_MIDDLE, _DEEP, 2), _conv(_DEEP, _DEEP))
        self.up_middle = nn.ConvTranspose2d(_DEEP, _MIDDLE, 2, stride=2)
        self.join_middle = _conv(_MIDDLE, _MIDDLE)
        self.up_fine = nn.ConvTranspose2d(_MIDDLE, _STEM, 2, stride=2)
        self.join_fine = _conv(_STEM, _STEM)
        self.where = nn.Conv2d(_STEM, 1, 1)
        self.nowhere = nn.Conv2d(2 * _STEM, 1, 1)
        self.judge = nn.Sequential(
            nn.Linear(_STEM + _MIDDLE + 2 * _DEEP, _HIDDEN),
            nn.ReLU(),
            nn.Dropout(0.2),
            nn.Linear(_HIDDEN, 2),
        )

    def forward(self, patches: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return what is asked of each patch.

        The logit that the edge shows, (n,), the log of the mean error of its angle, deg,
        (n,), and for each column the logit of each bin and, last, of none: (n, 1 + rows,
        columns).

        Parameters
        ----------
        patches
            Shape (n, ``CHANNELS``, ``ROWS``, ``COLUMNS``), 0..255.
        """
        fine = self.fine((patches - 128.0) / 64.0)
        middle = self.middle(fine)
        deep = self.deep(middle)
        half = self.join_middle(self.up_middle(deep) + middle)
        full = self.join_fine(self.up_fine(half) + fine)
        where = self.where(full)
        columns = [full.mean(dim=2, keepdim=True), full.amax(dim=2, keepdim=True)]
        where = torch.cat([where, self.nowhere(torch.cat(columns, dim=1))], dim=2)
        chance = torch.softmax(where, dim=2)[:, :, :-1]
        along = (full * chance).sum(dim=(2, 3)) / (chance.sum(dim=(2, 3)) + 1)
        whole = [half.mean(dim=(2, 3)), deep.mean(dim=(2, 3)), deep.amax(dim=(2, 3))]
        judged = self.judge(torch.cat([along, *whole], dim=1))
        return judged[:, 0], judged[:, 1].clamp(*_LOG_ERROR_RANGE), where[:, 0]


class ChancesOut(nn.Module):
    """What ships: likelihood, error to expect in deg, then the chances of all bins row by row."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, patches: Tensor) -> Tensor:
        """Return shape (n, 2 + bins)."""
        shows, log_error, where = self.network(patches)
        chance = torch.softmax(where, dim=1)[:, :-1].flatten(1)
        return torch.cat([torch.sigmoid(shows)[:, None], log_error.exp()[:, None], chance], dim=1)


def worn(planes: Tensor) -> Tensor:
    """Return patches in another light: brightness, contrast, hue and noise are drawn anew."""
    planes = planes.float()
    drawn = torch.randn(len(planes), 6, 1, 1)
    lightness = planes[:, :1] * torch.exp(0.2 * drawn[:, :1]) + 12 * drawn[:, 1:2]
    turn = 0.35 * drawn[:, 2]
    cos, sin, chroma = turn.cos(), turn.sin(), torch.exp(0.25 * drawn[:, 3:4])
    a, b = planes[:, 1] - 128, planes[:, 2] - 128
    hue = torch.stack([cos * a - sin * b, sin * a + cos * b], dim=1)
    lab = torch.cat([lightness, hue * chroma + 4 * drawn[:, 4:6] + 128], dim=1)
    noise = 4 * torch.rand(len(planes), 1, 1, 1) * torch.randn_like(lab)
    return torch.cat([(lab + noise).clamp(0, 255), planes[:, 3:]], dim=1)


def _slopes_deg(row: Tensor, weight: Tensor, across: Tensor, half: Tensor) -> Tensor:
    """Return the angle of the line through each row of heights, shape (n,), deg."""
    bow = torch.sqrt((1 - across**2).clamp_min(0.04)) - 0.2
    basis = torch.stack([torch.ones_like(across), across, bow], dim=2)
    pull = torch.einsum("nc,nci,ncj->nij", weight, basis, basis) + torch.diag(_RIDGE)
    middle = (weight * row).sum(1) / weight.sum(1).clamp_min(1e-3)
    drop = torch.einsum("nc,nci->ni", weight * (row - middle[:, None]), basis)
    return torch.rad2deg(torch.atan(torch.linalg.solve(pull, drop)[:, 1] / half))


def _angle_errors_deg(where: Tensor, row: Tensor, inside: Tensor) -> Tensor:
    """Return found minus true angle, shape (n,), deg."""
    bins, columns = torch.arange(float(MAP_ROWS)), torch.arange(float(MAP_COLUMNS))
    first = torch.where(inside, columns, float(MAP_COLUMNS)).amin(1)
    last = torch.where(inside, columns, -1.0).amax(1)
    half = ((last - first) / 2).clamp_min(2)
    across = ((columns - ((first + last) / 2)[:, None]) / half[:, None]).clamp(-1, 1)
    chance = where.softmax(1)[:, :-1]
    total = chance.sum(1)
    found = (chance * bins[:, None]).sum(1) / (total + _EPSILON)
    variance = (chance * (bins[:, None] - found[:, None]) ** 2).sum(1) / (total + _EPSILON)
    weight = inside * total / (variance + _COLUMN_VARIANCE)
    true_deg = _slopes_deg(torch.nan_to_num(row), inside.float(), across, half)
    return _slopes_deg(found, weight, across, half) - true_deg


def loss_of(
    answer: tuple[Tensor, Tensor, Tensor], row: Tensor, shows: Tensor, seen: Tensor
) -> Tensor:
    """Return the loss of a batch: does it show, in which row, at what angle, how surely."""
    logit, log_error, where = (part.float() for part in answer)
    judged = torch.where(shows & ~seen, _UNSEEN, 1.0)
    told = functional.binary_cross_entropy_with_logits(logit, seen.float(), reduction="none")
    inside = torch.isfinite(row) & (row > -0.5) & (row < MAP_ROWS - 0.5)
    counts = torch.where(seen, 1.0, _UNSEEN)
    apart = torch.arange(float(MAP_ROWS))[:, None] - torch.nan_to_num(row)[:, None]
    target = inside[:, None] * torch.exp(-0.5 * (apart / _EDGE_BINS) ** 2)
    target = target / target.sum(1, keepdim=True).clamp_min(_EPSILON)
    target = torch.cat([target, (~inside).float()[:, None]], dim=1)
    column = -(target * functional.log_softmax(where, 1)).sum(1)
    column_counts = (counts * inside.any(1))[:, None].expand_as(column)
    whole = counts * (inside.sum(1) >= _LEAST_COLUMNS)
    error_deg = _angle_errors_deg(where, row, inside)
    scaled = error_deg / _ANGLE_SCALE_DEG
    angle = functional.smooth_l1_loss(scaled, torch.zeros_like(scaled), reduction="none")
    # Errors as a Laplace distribution has them: a few are large.
    doubt = error_deg.detach().abs() * torch.exp(-log_error) + log_error
    return (
        (told * judged).sum() / judged.sum().clamp_min(1)
        + _WHERE_WEIGHT * (column * column_counts).sum() / column_counts.sum().clamp_min(1)
        + ((_ANGLE_WEIGHT * angle + _ERROR_WEIGHT * doubt) * whole).sum() / whole.sum().clamp_min(1)
    )


class BeltTrainer(Run):
    """A run of the belt network; each step draws by its own seed."""

    def __init__(self, lessons: Lessons, steps: int, checkpoint: Path) -> None:
        torch.manual_seed(SEED)
        self.columns = [torch.from_numpy(getattr(lessons, f.name)) for f in fields(lessons)]
        self.step = 0
        shape = steps, len(lessons.seen)
        super().__init__(BeltNet, steps, (TOP_LEARNING_RATE, WEIGHT_DECAY), checkpoint, shape)

    def state(self) -> dict[str, Any]:
        """Return all that a later run needs."""
        return super().state() | {"step": self.step}

    def restore(self, state: dict[str, Any]) -> None:
        """Take up a state."""
        super().restore(state)
        self.step = state["step"]

    def run_step(self) -> None:
        """Learn from one batch: any one cut of each of its pictures."""
        pictures = self.shape[1] // CUTS
        first = self.step * BATCH
        epoch = torch.Generator().manual_seed(SEED + first // pictures)
        order = torch.randperm(pictures, generator=epoch)
        torch.manual_seed(SEED + self.step)
        picture = order[torch.arange(first, first + BATCH) % pictures]
        index = picture * CUTS + torch.randint(0, CUTS, (BATCH,))
        planes, row, shows, seen = (column[index] for column in self.columns)
        loss = loss_of(self.answer(worn(planes)), row, shows, seen)
        # Early on the average must forget the random start.
        self.learn(loss, AVERAGING if self.step > _KEPT_EVERY else 10 * AVERAGING)
        self.step += 1
        if self.step % _KEPT_EVERY == 0:
            self.keep()


def trained(lessons: Lessons, steps: int, checkpoint: Path) -> nn.Module:
    """Train to the end, from the checkpoint if there is one, and return the average."""
    trainer = BeltTrainer(lessons, steps, checkpoint)
    trainer.resume()
    for _ in track(range(trainer.step, steps), "training"):
        trainer.run_step()
    return trainer.average.eval()


@dataclass(frozen=True, slots=True)
class ReadLine:
    """What is read from one picture, and what is true.

    Attributes
    ----------
    likelihood, edge
        The network's; no edge where the trunk or the line is not to be found.
    belt_deg
        None where no edge shows.
    seen
        Whether a person sees the edge.
    """

    likelihood: float
    edge: EdgeLine | None
    belt_deg: float | None
    seen: bool

    @property
    def believed(self) -> float:
        """The likelihood, or 0 where the angle is too much in doubt to be told."""
        told = self.edge is not None and sd_deg(self.edge) <= MOST_SD_DEG
        return self.likelihood if told else 0.0


def read_all(pictures: Iterable[Picture], network: BeltNetwork) -> list[ReadLine]:
    """Return what the network and the colours say about each picture with a person."""
    known = []
    for rgb, truth in pictures:
        for pose in shared_estimator().estimate(rgb)[:1]:
            patch = cut_patch(rgb, pose, estimate_facing(pose), truth["roll_deg"])
            reading = network.read(patch)
            edge = None if trunk_columns(patch) is None else edge_line(patch, reading)
            shows = truth["belt_deg"] is not None
            seen = shows and visible_step_lab(rgb, truth) >= VISIBLE_LAB
            known.append(ReadLine(reading.likelihood, edge, truth["belt_deg"], seen))
    return known


def fit_spread(known: list[ReadLine]) -> tuple[float, float]:
    """Return the factors on both causes of spread that hold 90 % of the errors most tightly."""
    told = [(k.edge, k.belt_deg) for k in known if k.believed >= LEAST_LIKELIHOOD]
    pairs = [(edge, deg) for edge, deg in told if edge is not None and deg is not None]
    causes = np.array([[edge.sd_deg, edge.apart_deg] for edge, _ in pairs])
    error_deg = np.array([abs(edge.angle_deg - deg) for edge, deg in pairs])

    def loss(factors: tuple[float, float]) -> float:
        over = error_deg - Z_90 * (causes @ factors)
        # The pinball loss: smallest where nine in ten errors lie below.
        return float(np.maximum(_HELD * over, (_HELD - 1) * over).mean())

    tried = product(np.arange(0.5, 2.01, 0.05).tolist(), np.arange(0, 1.01, 0.05).tolist())
    return min(tried, key=loss)


def calibrate(pictures: Iterable[Picture]) -> None:
    """Print what each least likelihood finds and invents, and the factors of the spread."""
    known = read_all(pictures, BeltNetwork())
    believed = np.array([k.believed for k in known])
    seen = np.array([k.seen for k in known])
    none = np.array([k.belt_deg is None for k in known])
    for least in np.arange(0.4, 0.96, 0.05):
        kept = believed >= least
        shares = f"{kept[seen].mean():.1%} found, {kept[none].mean():.1%} invented"
        print(f"from {least:.2f}: {shares}")
    factor, apart = fit_spread(known)
    print(f"standard deviation: {factor:.2f} times, and {apart:.2f} for each degree apart")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--count", type=int, default=PICTURES, help="scenes to draw")
    parser.add_argument("--steps", type=int, default=STEPS)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    lessons = cached_lessons(arguments.data, arguments.count)
    network = trained(lessons, arguments.steps, arguments.data / "belt_checkpoint.pt")
    inputs = {"patch": (1, CHANNELS, ROWS, COLUMNS)}
    checksum = ship(ChancesOut(network), BELT_MODEL, inputs, "likelihood_error_chances")
    print("SHA-256", checksum)
    calibrate(track(list(stored_pictures(arguments.data, "calibrate")), "calibrating"))


if __name__ == "__main__":
    main()
