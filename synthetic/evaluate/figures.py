"""The figures by which answers are judged against the truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of answers with truths.

    Attributes
    ----------
    count
        How many pairs.
    mae_deg
        Mean absolute error.
    bias_deg
        Mean of answer minus truth.
    slope
        Of the least-squares line of answer over truth; 1 is ideal, below 1 the answers
        shrink towards the middle. NaN for fewer than three pairs.
    correlation
        Pearson's; NaN likewise.
    coverage
        Share of truths inside their intervals; NaN where there are none.
    half_width_deg
        Mean half width of the intervals; NaN likewise.
    """

    count: int
    mae_deg: float
    bias_deg: float
    slope: float
    correlation: float
    coverage: float
    half_width_deg: float


def agreement(
    truth_deg: Sequence[float] | NDArray[np.float64],
    answer_deg: Sequence[float] | NDArray[np.float64],
    interval_deg: Sequence[tuple[float, float]] | None = None,
) -> Agreement:
    """Compare answers with truths, pair by pair.

    Parameters
    ----------
    truth_deg, answer_deg
        Equally long, at least one pair.
    interval_deg
        Low and high end for each answer.
    """
    truth, answer = np.asarray(truth_deg, float), np.asarray(answer_deg, float)
    error = answer - truth
    slope = correlation = coverage = half_width = float("nan")
    if len(truth) > 2 and np.ptp(truth) > 0 and np.ptp(answer) > 0:
        slope = float(np.polyfit(truth, answer, 1)[0])
        correlation = float(np.corrcoef(truth, answer)[0, 1])
    if interval_deg is not None:
        low, high = np.asarray(interval_deg, float).T
        coverage = float(((low <= truth) & (truth <= high)).mean())
        half_width = float((high - low).mean() / 2)
    return Agreement(
        count=len(truth),
        mae_deg=float(np.abs(error).mean()),
        bias_deg=float(error.mean()),
        slope=slope,
        correlation=correlation,
        coverage=coverage,
        half_width_deg=half_width,
    )


def ridge_answers(
    train_x: NDArray[np.float64],
    train_y: NDArray[np.float64],
    test_x: NDArray[np.float64],
    strength: float = 1.0,
) -> NDArray[np.float64]:
    """Fit standardised ridge regression on one set and answer another.

    Parameters
    ----------
    train_x, train_y
        Shapes (n, k) and (n,).
    test_x
        Shape (m, k).
    strength
        Weight of the penalty, per sample of unit variance.
    """
    middle, spread = train_x.mean(axis=0), train_x.std(axis=0) + 1e-9
    x = (train_x - middle) / spread
    weights = np.linalg.solve(
        x.T @ x + strength * np.eye(x.shape[1]), x.T @ (train_y - train_y.mean())
    )
    answers: NDArray[np.float64] = (test_x - middle) / spread @ weights + train_y.mean()
    return answers
