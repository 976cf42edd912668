"""Fit the judgement of ``vision.belt_judge``: ``python -m synthetic.fit_belt``.

Reads the part ``calibrate``. Prints the regression's weights, what each least likelihood
would find and invent, and the coefficients of the angle's standard deviation; judge the
result with ``python -m synthetic.evaluate_belt``.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from rich.progress import track

from synthetic.evaluate_belt import VISIBLE_LAB, stored_pictures, visible_step_lab
from vision.belt_judge import FEATURES, in_pattern, line_features
from vision.belt_line import LEAST_HOLD, LEAST_LIKELIHOOD
from vision.belt_patch import CELLS_PER_TRUNK, cut_patch
from vision.belt_search import Lines, find_lines, trunk_columns
from vision.mediapipe_pose import shared_estimator
from vision.scene import Z_90
from vision.side_view import estimate_facing

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: A line counts as the belt line when its angle is this close, and its height no further
#: above or below the true one than this, trunk lengths: tucked tops bulge over the edge,
#: and a belt's lower edge will do.
_CLOSE_DEG = 5.0
_ABOVE_TRUNKS, _BELOW_TRUNKS = 0.06, 0.125
_RIDGE = 1.0
_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class Candidates:
    """The lines found in one picture.

    Attributes
    ----------
    features
        Shape (n, ``len(FEATURES)``).
    useless
        Shape (n,): whether each is ruled out, as an edge of stripes or seen too little of.
    hold
        Shape (n,): the mean hold of the columns on each.
    right
        Shape (n,): whether each is the belt line.
    error_deg
        Shape (n,); NaN without a true angle.
    shows, seen
        Whether there is an edge, and whether a person sees it.
    """

    features: NDArray[np.float64]
    useless: NDArray[np.bool_]
    hold: NDArray[np.float64]
    right: NDArray[np.bool_]
    error_deg: NDArray[np.float64]
    shows: bool
    seen: bool


def candidates_of(rgb: NDArray[np.uint8], truth: dict[str, Any]) -> Candidates | None:
    """Return the lines of a picture, or None when nobody, or the wrong way round, is found."""
    people = shared_estimator().estimate(rgb)
    if not people or (facing := estimate_facing(people[0])).value != truth["facing"]:
        return None
    patch = cut_patch(rgb, people[0], facing, truth["roll_deg"])
    trunk = trunk_columns(patch)
    lines = find_lines(patch, trunk) if trunk is not None else None
    if lines is None:
        return None
    shows = truth["belt_deg"] is not None
    right = np.zeros(len(lines.line), bool)
    error_deg = np.full(len(lines.line), np.nan)
    if shows:
        to_patch = np.asarray(cv2.invertAffineTransform(patch.to_picture))
        ends = [to_patch @ [*truth[name], 1.0] for name in ("belt_back_px", "belt_front_px")]
        below, error_deg = _offsets(lines, np.array(ends), truth["belt_deg"])
        right = (below > -_ABOVE_TRUNKS) & (below < _BELOW_TRUNKS)
        right &= np.abs(error_deg) < _CLOSE_DEG
    seen = visible_step_lab(rgb, truth) >= VISIBLE_LAB
    features, hold = line_features(patch, lines), lines.hold.mean(axis=1)
    useless = in_pattern(lines) | (hold < LEAST_HOLD)
    return Candidates(features, useless, hold, right, error_deg, shows, seen)


def _offsets(
    lines: Lines, ends: NDArray[np.float64], belt_deg: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how far lines lie below the true one, trunk lengths, and their angles' errors."""
    half_width = (len(lines.across) - 1) / 2
    slope = lines.line[:, 1] / half_width
    ahead = ends[:, 0].mean() - lines.first_column - half_width
    below = lines.line[:, 0] - 0.5 + slope * ahead - ends[:, 1].mean()
    return below / CELLS_PER_TRUNK, np.degrees(np.arctan(slope)) - belt_deg


def fit_logistic(
    features: NDArray[np.float64], right: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], float]:
    """Return weights and offset of a logistic regression, by Newton's method."""
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-9
    rows = np.column_stack([(features - mean) / spread, np.ones(len(features))])
    ridge = np.diag([_RIDGE] * len(spread) + [0.0])
    solution = np.zeros(rows.shape[1])
    for _ in range(40):
        chance = 1 / (1 + np.exp(-rows @ solution))
        curvature = (rows * (chance * (1 - chance))[:, None]).T @ rows + ridge
        solution -= np.linalg.solve(curvature, rows.T @ (chance - right) + ridge @ solution)
    weights = solution[:-1] / spread
    return weights, float(solution[-1] - weights @ mean)


def fit_spread(
    causes: NDArray[np.float64], error_deg: NDArray[np.float64]
) -> tuple[float, tuple[float, ...]]:
    """Return the standard deviation that holds 90 % of the errors most tightly.

    Parameters
    ----------
    causes
        Shape (n, 3): doubt, scatter and looseness of each line.
    error_deg
        Shape (n,).

    Returns
    -------
    tuple
        What it is at best, and what it grows by with each cause, deg.
    """
    best, least = (0.0, (0.0, 0.0, 0.0)), np.inf
    grown = list(product(np.arange(0, 6.1, 0.5).tolist(), repeat=3))
    for base in np.arange(0.3, 2.0, 0.2).tolist():
        for by in grown:
            over = np.abs(error_deg) - Z_90 * (base + causes @ by)
            # The pinball loss: smallest where nine in ten errors lie below.
            loss = float(np.maximum(_SHARE * over, (_SHARE - 1) * over).mean())
            if loss < least:
                best, least = (base, by), loss
    return best


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("data"))
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    pictures = track(list(stored_pictures(arguments.data, "calibrate")), "searching")
    people = [found for picture in pictures if (found := candidates_of(*picture)) is not None]
    features = np.concatenate([person.features for person in people])
    weights, offset = fit_logistic(features, np.concatenate([person.right for person in people]))
    for name, weight in zip(FEATURES, weights, strict=True):
        print(f"{name}: {weight:.3f}")
    print(f"offset: {offset:.3f}")
    chances = [
        np.where(p.useless, 0, 1 / (1 + np.exp(-(p.features @ weights + offset)))) for p in people
    ]
    likelihood = np.array([chance.max() for chance in chances])
    seen, shows = (np.array([getattr(p, name) for p in people]) for name in ("seen", "shows"))
    for least in np.arange(0.4, 0.9, 0.05):
        kept = likelihood >= least
        shares = f"{kept[seen].mean():.1%} found, {kept[~shows].mean():.1%} invented"
        print(f"from {least:.2f}: {shares}")
    best = [(p, int(chance.argmax())) for p, chance in zip(people, chances, strict=True)]
    error_deg = np.array([p.error_deg[i] for p, i in best])
    causes = np.array([[p.features[i, FEATURES.index("scatter")], 1 - p.hold[i]] for p, i in best])
    kept = shows & (likelihood >= LEAST_LIKELIHOOD)
    base, by = fit_spread(np.column_stack([1 - likelihood, causes])[kept], error_deg[kept])
    print(f"standard deviation: {base:.1f} deg, with doubt, scatter and looseness: {by}")


if __name__ == "__main__":
    main()
