"""How often the intervals of a study's figures hold the truth, over simulated studies."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from app.study.agreement import (
    IccForm,
    intraclass_correlations,
    limits_of_agreement,
    measurement_error,
)
from app.study.mixed import mixed_model

if TYPE_CHECKING:
    from app.study.agreement import Estimate

#: Standard deviations in degrees: between people, between raters, of each mark.
_SUBJECTS_DEG, _RATERS_DEG, _REST_DEG = 5.0, 1.0, 1.5
_Z = 1.959963984540054


def coverage(studies: int, subjects: int = 30, raters: int = 3) -> dict[str, tuple[float, int]]:
    """Return in what share of studies, and of how many, each figure's interval holds the truth."""
    held: dict[str, list[bool]] = defaultdict(list)
    between, by_rater, rest = _SUBJECTS_DEG**2, _RATERS_DEG**2, _REST_DEG**2
    agreement = between / (between + by_rater + rest)
    sem = np.sqrt(by_rater + rest)
    for seed in range(studies):
        rng = np.random.default_rng(seed)

        def note(name: str, found: Estimate, truth: float) -> None:
            held[name].append(found.low <= truth <= found.high)

        person = rng.normal(0, _SUBJECTS_DEG, (subjects, 1))
        bias = rng.normal(0, _RATERS_DEG, (1, raters))
        marks = person + bias + rng.normal(0, _REST_DEG, (subjects, raters))
        forms = {one.form: one.icc for one in intraclass_correlations(marks)}
        note("ICC(2,1)", forms[IccForm.AGREEMENT], agreement)
        note(
            "ICC(2,k)",
            forms[IccForm.AGREEMENT_MEAN],
            between / (between + (by_rater + rest) / raters),
        )
        note("ICC(3,1)", forms[IccForm.CONSISTENCY], between / (between + rest))
        note("ICC(3,k)", forms[IccForm.CONSISTENCY_MEAN], between / (between + rest / raters))
        alike = person + rng.normal(0, _REST_DEG, (subjects, raters))
        forms = {one.form: one.icc for one in intraclass_correlations(alike)}
        note("ICC(1,1)", forms[IccForm.ONE], between / (between + rest))
        note("ICC(1,k)", forms[IccForm.ONE_MEAN], between / (between + rest / raters))
        error = measurement_error(marks)
        note("SEM", error.sem, sem)
        note("SEM, consistency", error.sem_consistency, _REST_DEG)
        note("MDC95", error.mdc95, _Z * np.sqrt(2) * sem)
        pair = limits_of_agreement(marks[:, 0], marks[:, 1])
        away = float(bias[0, 0] - bias[0, 1])
        spread = np.sqrt(2) * _REST_DEG
        note("Bland-Altman: bias", pair.bias, away)
        note("Bland-Altman: limit", pair.upper, away + _Z * spread)
        note("Bland-Altman: slope of none", pair.slope, 0.0)
        twice = np.repeat(rng.normal(0, 1.0, subjects), 2) + rng.normal(0, spread, 2 * subjects)
        several = limits_of_agreement(
            twice, np.zeros_like(twice), list(np.repeat(range(subjects), 2))
        )
        note("Bland-Altman, repeats: bias", several.bias, 0.0)
        note("Bland-Altman, repeats: limit", several.upper, _Z * float(np.hypot(1.0, spread)))
        if seed < studies:
            two = np.concatenate(
                [marks, person + bias + rng.normal(0, _REST_DEG, marks.shape)], axis=1
            )
            two[rng.random(two.shape) < 0.1] = np.nan
            names = np.repeat(np.arange(subjects), 2 * raters)
            whom = np.tile(np.arange(raters), 2 * subjects)
            model = mixed_model(two.ravel(), list(map(str, names)), list(map(str, whom)))
            note("Mixed model: ICC", model.icc, agreement)
            note("Mixed model: SEM", model.sem, float(sem))
            note("Mixed model: subjects", model.subjects_sd, _SUBJECTS_DEG)
            note("Mixed model: raters", model.raters_sd, _RATERS_DEG)
    return {name: (float(np.mean(all_)), len(all_)) for name, all_ in held.items()}
