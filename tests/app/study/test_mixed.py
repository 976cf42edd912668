"""The mixed model: equal to the classical figures where nothing is missing."""

from __future__ import annotations

import math

import numpy as np
import pytest

from app.study.agreement import (
    IccForm,
    TooFewRatings,
    intraclass_correlations,
    measurement_error,
    repeat_error,
)
from app.study.mixed import MixedModel, mixed_model

pytestmark = pytest.mark.xdist_group("statistics")


def fitted(marks: np.ndarray) -> MixedModel:
    """Fit marks of shape (subjects, raters, repeats)."""
    subject, rater, _ = np.indices(marks.shape)
    return mixed_model(
        marks.ravel(), subject.ravel().astype(str).tolist(), rater.ravel().astype(str).tolist()
    )


def made_up(subjects: int = 20, raters: int = 3, repeats: int = 1, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    person = rng.normal(0, 5, (subjects, 1, 1))
    rater = rng.normal(0, 1.5, (1, raters, 1))
    own = rng.normal(0, 1, (subjects, raters, 1))
    return np.asarray(person + rater + own + rng.normal(0, 1, (subjects, raters, repeats)))


def test_without_missing_marks_it_tells_what_the_analysis_of_variance_tells() -> None:
    marks = made_up()
    model = fitted(marks)
    forms = {one.form: one.icc for one in intraclass_correlations(marks[:, :, 0])}
    error = measurement_error(marks[:, :, 0])
    assert model.icc.value == pytest.approx(forms[IccForm.AGREEMENT].value, abs=2e-3)
    assert model.sem.value == pytest.approx(error.sem.value, rel=2e-3)
    assert model.rest_sd.value == pytest.approx(error.sem_consistency.value, rel=2e-3)
    assert model.mdc95.value == pytest.approx(1.96 * math.sqrt(2) * model.sem.value, rel=1e-4)
    assert (model.marks, model.missing) == (60, 0)
    assert math.isnan(model.repeats_sd.value)
    assert math.isnan(model.icc_repeats.value)


def test_repeats_are_told_apart_from_the_rest() -> None:
    marks = made_up(repeats=2)
    model = fitted(marks)
    assert model.repeats_sd.value == pytest.approx(repeat_error(marks.reshape(-1, 2)).sem.value)
    assert model.repeats_sd.value < model.rest_sd.value < model.sem.value
    assert model.icc.value < model.icc_repeats.value < 1


def test_some_missing_marks_change_little() -> None:
    marks = made_up(subjects=40, repeats=2)
    whole = fitted(marks)
    marks[np.random.default_rng(2).random(marks.shape) < 0.15] = np.nan
    some = fitted(marks)
    assert some.missing == np.isnan(marks).sum() > 0
    assert some.sem.value == pytest.approx(whole.sem.value, rel=0.15)
    assert some.icc.low < whole.icc.value < some.icc.high


def test_the_same_marks_give_the_same_intervals() -> None:
    assert fitted(made_up(subjects=8)).icc == fitted(made_up(subjects=8)).icc


@pytest.mark.parametrize(
    "marks",
    [
        np.ones((2, 3, 2)),
        made_up(raters=1, repeats=2),
        np.full((5, 3, 2), np.nan),
        made_up(subjects=700),
    ],
    ids=["two subjects", "one rater", "nothing", "too many"],
)
def test_too_little_or_too_much_is_told(marks: np.ndarray) -> None:
    with pytest.raises(TooFewRatings, match="A mixed model"):
        fitted(marks)


@pytest.mark.parametrize(
    "marks",
    [
        np.ones((5, 3, 1)),
        np.tile(np.arange(5.0)[:, None, None], (1, 3, 2)),
        (np.arange(5.0)[:, None] + np.arange(3.0))[:, :, None],
    ],
    ids=["all alike", "raters alike", "added up"],
)
def test_marks_without_chance_are_told(marks: np.ndarray) -> None:
    with pytest.raises(TooFewRatings, match="leave nothing to chance"):
        fitted(marks)
