"""Fit the yaw estimate of ``vision.scene``: ``python -m synthetic.evaluate.fit_yaw``.

Reads the part ``yaw``, whose bodies are turned by up to 60 deg, so that the fit holds for
pictures that must be refused, and the part ``calibrate``, whose bodies stand as people do
who try to stand side-on. Prints the coefficients to put there, and how well they do.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console

from synthetic.evaluate.report import Report
from synthetic.training.dataset import Sample, load_part
from vision.pose.estimate import PoseEstimate
from vision.quality import YAW_LIMITS_DEG
from vision.result import Facing
from vision.scene import estimate_yaw_deg, side_spread

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: What lies beyond is refused anyway.
_INSIDE_DEG = 20.0
_BANDS_DEG = ((0, 5), (5, 10), (10, 15), (15, 20), (20, 30), (30, 60))


def pose_of(sample: Sample) -> PoseEstimate:
    """Return the pose of a kept sample, without its mask."""
    none = np.empty((0, 0), np.float32)
    return PoseEstimate(sample.xy_px, sample.depth_px, sample.world_m, sample.visibility, mask=none)


def fit(parts: list[list[Sample]]) -> NDArray[np.float64]:
    """Return four weights and an offset for the sine of yaw, each part counting alike."""
    rows, sines, weights = [], [], []
    for samples in parts:
        rows.append(np.array([[*side_spread(pose_of(sample)), 1.0] for sample in samples]))
        sines.append(np.sin(np.radians([sample.truth["yaw_deg"] for sample in samples])))
        weights.append(np.full(len(samples), 1 / len(samples)))
    root = np.sqrt(np.concatenate(weights))
    solution = np.linalg.lstsq(
        np.concatenate(rows) * root[:, None], np.concatenate(sines) * root, rcond=None
    )
    coefficients: NDArray[np.float64] = solution[0]
    return coefficients


def _rightly_faced(samples: list[Sample]) -> list[Sample]:
    return [sample for sample in samples if sample.facing == Facing(sample.truth["facing"])]


def judge(report: Report, name: str, samples: list[Sample]) -> None:
    """Report how well the shipped coefficients tell the yaw, by how far bodies are turned.

    Samples whose facing is told wrong are left out.
    """
    rows, samples = [], _rightly_faced(samples)
    answer = np.array([estimate_yaw_deg(pose_of(sample)) for sample in samples])
    truth = np.abs([sample.truth["yaw_deg"] for sample in samples])
    inside = np.abs(answer - truth)[truth <= _INSIDE_DEG]
    report.text(
        f"Yaw, {name}: mean absolute error {inside.mean():.1f} deg inside {_INSIDE_DEG:g} deg."
    )
    for low, high in _BANDS_DEG:
        band = (truth >= low) & (truth < high)
        if band.any():
            refused = f"{(answer[band] > YAW_LIMITS_DEG[0]).mean():.0%}"
            error = f"{np.abs(answer - truth)[band].mean():.1f}"
            cells = (str(band.sum()), error, f"{answer[band].mean():.1f}", refused)
            rows.append([f"{low} to {high} deg", *cells])
    report.table(f"Yaw, {name}", ("true", "n", "MAE deg", "mean answer deg", "refused"), rows)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("data"))
    folder = parser.parse_args().data
    parts = {name: _rightly_faced(load_part(folder, name)) for name in ("calibrate", "yaw")}
    coefficients = fit(list(parts.values()))
    print("coefficients:", np.array2string(coefficients, precision=3, separator=", "))
    report = Report(Console())
    for name, samples in parts.items():
        judge(report, name, samples)


if __name__ == "__main__":
    main()
