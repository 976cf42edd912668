"""Train the belt network, ship and calibrate it: ``python -m synthetic.belt``.

Renders the pictures that are not there yet, cuts them, trains, and writes the model where
``vision.belt.network`` reads it; about an hour on two cores, most of it for the pictures.
Every stage goes on where an interrupted run stopped. Then prints, on the part ``calibrate``,
what each least likelihood would find and invent, and how the spread of the angle is worked
out, to be put into ``vision.belt.line``. Judge the result with
``python -m synthetic.evaluate.belt``.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, fields
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import torch
from rich.progress import track

from synthetic.belt.lessons import CUTS, PART, Lessons, cut_lessons, make_pictures
from synthetic.belt.training import STEPS, ChancesOut, trained
from synthetic.evaluate.belt import VISIBLE_LAB, stored_pictures, visible_step_lab
from synthetic.training.dataset import whole_file
from synthetic.training.network import ship
from vision.belt.edge import EdgeLine, edge_line
from vision.belt.line import LEAST_LIKELIHOOD, MOST_SD_DEG, sd_deg
from vision.belt.network import CHANNELS, BeltNetwork
from vision.belt.patch import COLUMNS, ROWS, cut_patch
from vision.belt.search import trunk_columns
from vision.model_files import BELT_MODEL
from vision.pose.mediapipe import shared_estimator
from vision.scene import Z_90
from vision.side_view import estimate_facing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from synthetic.evaluate.belt import Picture

PICTURES = 4_200
_SHARE = 0.9


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
        return float(np.maximum(_SHARE * over, (_SHARE - 1) * over).mean())

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
    shape = 1, CHANNELS, ROWS, COLUMNS
    checksum = ship(ChancesOut(network), BELT_MODEL, shape, "patch", "likelihood_error_chances")
    print("SHA-256", checksum)
    calibrate(track(list(stored_pictures(arguments.data, "calibrate")), "calibrating"))


if __name__ == "__main__":
    main()
