"""How often the intervals of a study's figures hold the truth, over simulated studies.

``python -m benchmarks study coverage``
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer

from app.study.agreement import (
    IccForm,
    intraclass_correlations,
    limits_of_agreement,
    measurement_error,
)
from app.study.mixed import mixed_model
from benchmarks.shared import print_table

if TYPE_CHECKING:
    from app.study.agreement import Estimate

app = typer.Typer(no_args_is_help=True)

#: In so many of a hundred studies a 95 % interval shall hold the truth.
TARGET_PERCENT = 93.0, 97.0
#: Standard deviations in degrees: between people, between raters, of each mark.
_SUBJECTS_DEG, _RATERS_DEG, _REST_DEG = 5.0, 1.0, 1.5
_SOME_DEG = 1.0
_LOST = 0.1
_Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Tally:
    """By figure, whether the interval of each study held the truth."""

    held: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))

    def note(self, name: str, found: Estimate, truth: float) -> None:
        """Count one study's interval."""
        self.held[name].append(found.low <= truth <= found.high)

    def percent(self, name: str) -> float:
        """Return in how many of a hundred studies the interval held the truth."""
        return 100 * float(np.mean(self.held[name]))


@app.callback()
def _study() -> None:
    """Keep the figure's name on the command line, though there is but one."""


@app.command("coverage")
def coverage(
    studies: Annotated[int, typer.Option(help="how many are simulated")] = 1000,
    subjects: int = 30,
    raters: int = 3,
) -> None:
    """Count how often the 95 % intervals of a study's figures hold the truth.

    Each study draws people, raters and marks from known normal distributions. With 1,000
    studies, chance alone moves a figure by 0.7 of a hundred (one standard deviation).
    """
    tally = simulated(studies, subjects, raters)
    low, high = TARGET_PERCENT
    print_table(
        f"{studies} studies of {subjects} subjects and {raters} raters: held of a hundred "
        f"(target {low:g} to {high:g})",
        ["figure", "held", ""],
        [
            [name, f"{tally.percent(name):.1f}",
             "met" if low <= tally.percent(name) <= high else "MISSED"]
            for name in tally.held
        ],
    )  # fmt: skip


def simulated(studies: int, subjects: int = 30, raters: int = 3) -> Tally:
    """Simulate so many studies, the same ones each time, and return what held."""
    tally = Tally()
    for seed in range(studies):
        rng = np.random.default_rng(seed)
        person = rng.normal(0, _SUBJECTS_DEG, (subjects, 1))
        bias = rng.normal(0, _RATERS_DEG, (1, raters))
        marks = person + bias + rng.normal(0, _REST_DEG, (subjects, raters))
        alike = person + rng.normal(0, _REST_DEG, (subjects, raters))
        _agreement(tally, marks, alike)
        _limits(tally, rng, marks, float(bias[0, 0] - bias[0, 1]))
        again = person + bias + rng.normal(0, _REST_DEG, marks.shape)
        _with_marks_missing(tally, rng, np.concatenate([marks, again], axis=1))
    return tally


def _agreement(tally: Tally, marks: np.ndarray, alike: np.ndarray) -> None:
    """Count the correlations and errors of marks by raters who differ, and by ones who don't."""
    raters = marks.shape[1]
    between, by_rater, rest = _SUBJECTS_DEG**2, _RATERS_DEG**2, _REST_DEG**2
    forms = {one.form: one.icc for one in intraclass_correlations(marks)}
    for single, mean, other in (
        (IccForm.AGREEMENT, IccForm.AGREEMENT_MEAN, by_rater + rest),
        (IccForm.CONSISTENCY, IccForm.CONSISTENCY_MEAN, rest),
    ):
        tally.note(single, forms[single], between / (between + other))
        tally.note(mean, forms[mean], between / (between + other / raters))
    forms = {one.form: one.icc for one in intraclass_correlations(alike)}
    tally.note(IccForm.ONE, forms[IccForm.ONE], between / (between + rest))
    tally.note(IccForm.ONE_MEAN, forms[IccForm.ONE_MEAN], between / (between + rest / raters))
    error, sem = measurement_error(marks), float(np.hypot(_RATERS_DEG, _REST_DEG))
    tally.note("SEM", error.sem, sem)
    tally.note("SEM, consistency", error.sem_consistency, _REST_DEG)
    tally.note("MDC95", error.mdc95, _Z * np.sqrt(2) * sem)


def _limits(tally: Tally, rng: np.random.Generator, marks: np.ndarray, away_deg: float) -> None:
    """Count Bland and Altman's limits for two raters, and for two differences a subject."""
    subjects, spread = len(marks), float(np.sqrt(2) * _REST_DEG)
    pair = limits_of_agreement(marks[:, 0], marks[:, 1])
    tally.note("Bland-Altman: bias", pair.bias, away_deg)
    tally.note("Bland-Altman: upper limit", pair.upper, away_deg + _Z * spread)
    tally.note("Bland-Altman: lower limit", pair.lower, away_deg - _Z * spread)
    tally.note("Bland-Altman: slope of none", pair.slope, 0.0)
    twice = np.repeat(rng.normal(0, _SOME_DEG, subjects), 2) + rng.normal(0, spread, 2 * subjects)
    several = limits_of_agreement(twice, np.zeros_like(twice), list(np.repeat(range(subjects), 2)))
    tally.note("Bland-Altman, repeats: bias", several.bias, 0.0)
    far = _Z * float(np.hypot(_SOME_DEG, spread))
    tally.note("Bland-Altman, repeats: limit", several.upper, far)


def _with_marks_missing(tally: Tally, rng: np.random.Generator, twice: np.ndarray) -> None:
    """Count the mixed model's figures where one mark in ten is missing."""
    twice[rng.random(twice.shape) < _LOST] = np.nan
    subjects, marks = twice.shape
    names = [str(name) for name in np.repeat(np.arange(subjects), marks)]
    whom = [str(name) for name in np.tile(np.arange(marks // 2), 2 * subjects)]
    model = mixed_model(twice.ravel(), names, whom)
    between, other = _SUBJECTS_DEG**2, _RATERS_DEG**2 + _REST_DEG**2
    tally.note("Mixed model: ICC", model.icc, between / (between + other))
    tally.note("Mixed model: SEM", model.sem, float(np.sqrt(other)))
    tally.note("Mixed model: subjects' SD", model.subjects_sd, _SUBJECTS_DEG)
    tally.note("Mixed model: raters' SD", model.raters_sd, _RATERS_DEG)
