import numpy as np
import pytest
from scipy.stats import chi2, norm
from typer.testing import CliRunner

from app.study.agreement import IccForm, intraclass_correlations
from app.study.mixed import _spreads
from benchmarks.study import app, simulated

#: Pingouin says it in words that pandas is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore:The inplace keyword:DeprecationWarning")

_SUBJECTS, _RATERS = 30, 3


@pytest.fixture(scope="module")
def marks() -> np.ndarray:
    rng = np.random.default_rng(5)
    return (
        rng.normal(0, 5, (_SUBJECTS, 1))
        + rng.normal(0, 1, (1, _RATERS))
        + rng.normal(0, 1.5, (_SUBJECTS, _RATERS))
    )


def test_a_few_studies_give_every_figure_a_share() -> None:
    tally = simulated(3)
    assert {"ICC(2,1)", "SEM", "Bland-Altman: bias", "Mixed model: raters' SD"} <= set(tally.held)
    assert all(len(held) == 3 for held in tally.held.values())
    assert np.mean([tally.percent(name) for name in tally.held]) > 70


def test_the_figure_is_named_on_the_command_line() -> None:
    told = CliRunner().invoke(app, ["coverage", "--studies", "2"])
    assert told.exit_code == 0
    assert "2 studies of 30 subjects" in told.stdout


def test_intervals_of_single_and_mean_are_the_same_one(marks: np.ndarray) -> None:
    # Spearman and Brown: each end of the mean's interval follows from the single one's, to the
    # last digit; with two decimals it would not.
    forms = {one.form: one.icc for one in intraclass_correlations(marks)}
    for single, mean in (
        (IccForm.ONE, IccForm.ONE_MEAN),
        (IccForm.AGREEMENT, IccForm.AGREEMENT_MEAN),
        (IccForm.CONSISTENCY, IccForm.CONSISTENCY_MEAN),
    ):
        for end in ("low", "high"):
            one = getattr(forms[single], end)
            expected = _RATERS * one / (1 + (_RATERS - 1) * one)
            assert getattr(forms[mean], end) == pytest.approx(expected, abs=1e-12)


def test_spreads_of_a_whole_table_are_those_of_its_means(marks: np.ndarray) -> None:
    whose, whom = (index.ravel() for index in np.indices(marks.shape))
    subjects, raters, rest, freedom = _spreads(marks.ravel(), whose, whom)
    assert subjects.squared == pytest.approx(marks.mean(axis=1).var(ddof=1))
    assert raters.squared == pytest.approx(marks.mean(axis=0).var(ddof=1))
    assert subjects.share == pytest.approx(1 / _RATERS)
    assert raters.share == pytest.approx(1 / _SUBJECTS)
    assert freedom == (_SUBJECTS - 1) * (_RATERS - 1)
    left = marks - marks.mean(axis=0) - marks.mean(axis=1, keepdims=True) + marks.mean()
    assert rest == pytest.approx(float((left**2).sum()) / freedom)


def test_spread_with_marks_missing_holds_the_share_that_it_tells() -> None:
    # With no difference between raters, what their effects are apart is the rest's share alone.
    rng = np.random.default_rng(2)
    whose, whom = (index.ravel() for index in np.indices((12, 4)))
    is_there = rng.random(whose.size) > 0.3
    whose, whom = whose[is_there], whom[is_there]
    times = 1500
    apart = [_spreads(rng.normal(0, 1, whose.size), whose, whom)[1] for _ in range(times)]
    mean = float(np.mean([one.squared for one in apart]))
    # Three degrees of freedom: the standard deviation of one is 0.82 of its mean.
    error = norm.ppf(0.9999) * chi2(3).std() / 3 / np.sqrt(times)
    assert mean == pytest.approx(apart[0].share, rel=error)
