"""Fit the yaw estimate of ``vision.side_view``: ``python -m synthetic.fit_yaw``.

Reads the part ``yaw``, whose bodies are turned by up to 60 deg, so that the fit holds for
pictures that must be refused, and the part ``calibrate``, whose bodies stand as people do
who try to stand side-on. Prints the coefficients to put there, and how well they do.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from synthetic.dataset import Sample, load_part
from vision.pose import PoseEstimate
from vision.quality import YAW_LIMITS_DEG
from vision.result import Facing
from vision.side_view import side_spread

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BANDS_DEG = ((0, 5), (5, 10), (10, 15), (15, 20), (20, 30), (30, 60))


def spread_of(sample: Sample) -> NDArray[np.float64]:
    """Return the features of a kept sample, shape (4,)."""
    pose = PoseEstimate(
        sample.xy_px,
        sample.depth_px,
        sample.world_m,
        sample.visibility,
        mask=np.empty((0, 0), np.float32),
    )
    return side_spread(pose)


def fit(parts: list[list[Sample]]) -> NDArray[np.float64]:
    """Return four weights and an offset for the sine of yaw, each part counting alike."""
    rows, sines, weights = [], [], []
    for samples in parts:
        rows.append(np.array([[*spread_of(sample), 1.0] for sample in samples]))
        sines.append(np.sin(np.radians([sample.truth["yaw_deg"] for sample in samples])))
        weights.append(np.full(len(samples), 1 / len(samples)))
    root = np.sqrt(np.concatenate(weights))
    solution = np.linalg.lstsq(
        np.concatenate(rows) * root[:, None], np.concatenate(sines) * root, rcond=None
    )
    coefficients: NDArray[np.float64] = solution[0]
    return coefficients


def _report(name: str, samples: list[Sample], coefficients: NDArray[np.float64]) -> None:
    rows = np.array([[*spread_of(sample), 1.0] for sample in samples])
    answer = np.abs(np.degrees(np.arcsin(np.clip(rows @ coefficients, -1, 1))))
    truth = np.abs([sample.truth["yaw_deg"] for sample in samples])
    print(f"{name}: mean absolute error {np.abs(answer - truth).mean():.1f} deg")
    for low, high in _BANDS_DEG:
        band = (truth >= low) & (truth < high)
        if band.any():
            refused = (answer[band] > YAW_LIMITS_DEG[0]).mean()
            print(
                f"  true {low} to {high} deg: n {band.sum()}, mean answer "
                f"{answer[band].mean():.1f}, refused {refused:.0%}"
            )


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("data"))
    folder = parser.parse_args().data
    parts = {
        name: [s for s in load_part(folder, name) if s.facing == Facing(s.truth["facing"])]
        for name in ("calibrate", "yaw")
    }
    coefficients = fit(list(parts.values()))
    print("coefficients:", np.array2string(coefficients, precision=3, separator=", "))
    for name, samples in parts.items():
        _report(name, samples, coefficients)


if __name__ == "__main__":
    main()
