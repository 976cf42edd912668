"""Agreement where marks are missing: a mixed model uses every mark that there is."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.study.agreement import Estimate, TooFewRatings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_DRAWS, _SEED = 40_000, 1
_TAILS = 0.025, 0.975


@dataclass(frozen=True, slots=True)
class MixedModel:
    """What single marks differ by, each as a standard deviation in degrees.

    Attributes
    ----------
    subjects_sd, raters_sd, rest_sd
        Between subjects, between raters in general, and whatever else.
    icc
        Agreement of single marks, the same that ``ICC(2,1)`` is where none is missing.
    sem, mdc95
        Standard error of measurement, raters' differences in it, and the smallest change that
        is more.
    marks
        How many marks were used.
    """

    subjects_sd: Estimate
    raters_sd: Estimate
    rest_sd: Estimate
    icc: Estimate
    sem: Estimate
    mdc95: Estimate
    marks: int


def mixed_model(
    tilt_deg: NDArray[np.float64], subjects: Sequence[str], raters: Sequence[str]
) -> MixedModel:
    """Fit crossed random effects of subjects and raters to marks of which some are missing.

    Parameters
    ----------
    tilt_deg
        One angle for each mark; NaN where it is missing.
    subjects, raters
        Of whom, and by whom, each is.

    Raises
    ------
    TooFewRatings
        With fewer than three subjects or two raters, or no more marks than these.

    Notes
    -----
    Restricted maximum likelihood by statsmodels. Intervals are generalised ones (Weerahandi
    1993, JASA 88:899-905; for crossed designs Burdick, Borror and Montgomery 2005, chapter 3)
    around what least squares finds for each subject and rater.
    """
    is_there = np.isfinite(tilt_deg)
    whose = np.unique(np.asarray(subjects)[is_there], return_inverse=True)[1]
    whom = np.unique(np.asarray(raters)[is_there], return_inverse=True)[1]
    of_subject, of_rater = np.bincount(whose), np.bincount(whom)
    freedom = len(whose) - len(of_subject) - len(of_rater) + 1
    if len(of_subject) < 3 or len(of_rater) < 2 or freedom < 1:
        raise TooFewRatings(
            "Agreement needs three subjects and two raters at least, and most of the marks; "
            f"there are {len(whose)} marks of {len(of_subject)} subjects by {len(of_rater)}.",
            "Rate more photographs.",
        )
    parts = _fit(tilt_deg[is_there], whose, whom)
    drawn = _drawn(tilt_deg[is_there], whose, whom)
    subject, rater, rest = parts
    drawn_subject, drawn_rater, drawn_rest = drawn
    sem = np.sqrt(rater + rest), np.sqrt(drawn_rater + drawn_rest)
    mdc = 1.959963984540054 * np.sqrt(2)
    return MixedModel(
        subjects_sd=_estimate(np.sqrt(subject), np.sqrt(drawn_subject)),
        raters_sd=_estimate(np.sqrt(rater), np.sqrt(drawn_rater)),
        rest_sd=_estimate(np.sqrt(rest), np.sqrt(drawn_rest)),
        icc=_estimate(
            subject / (subject + rater + rest),
            drawn_subject / (drawn_subject + drawn_rater + drawn_rest),
        ),
        sem=_estimate(*sem),
        mdc95=_estimate(mdc * sem[0], mdc * sem[1]),
        marks=len(whose),
    )


def _fit(
    tilt_deg: NDArray[np.float64], whose: NDArray[np.intp], whom: NDArray[np.intp]
) -> tuple[float, float, float]:
    """Return the variances between subjects, between raters, and of the rest."""
    import pandas as pd
    import statsmodels.formula.api as smf
    from statsmodels.tools.sm_exceptions import ConvergenceWarning

    table = pd.DataFrame({"deg": tilt_deg, "subject": whose, "rater": whom, "all": 1})
    crossed = {"subject": "0 + C(subject)", "rater": "0 + C(rater)"}
    model = smf.mixedlm("deg ~ 1", table, groups="all", vc_formula=crossed)
    with warnings.catch_warnings():
        # Raters who hardly differ have a variance at the edge, which is worth no word.
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.simplefilter("ignore", RuntimeWarning)
        warnings.simplefilter("ignore", UserWarning)
        fit = model.fit(reml=True)
    found = dict(zip(model.exog_vc.names, fit.vcomp, strict=True))
    return float(found["subject"]), float(found["rater"]), float(fit.scale)


@dataclass(frozen=True, slots=True)
class _Spread:
    """How far the effects of subjects, or of raters, are apart.

    Attributes
    ----------
    squared
        Variance of the effects as least squares finds them; the rest adds to it.
    share
        How much of the rest's variance it holds.
    freedom
        Degrees of freedom.
    """

    squared: float
    share: float
    freedom: int


def _drawn(
    tilt_deg: NDArray[np.float64], whose: NDArray[np.intp], whom: NDArray[np.intp]
) -> tuple[NDArray[np.float64], ...]:
    """Draw the three variances as they may be, given what was found.

    Not around what restricted likelihood found, which is never below zero: intervals around
    that are too wide where raters hardly differ.
    """
    subjects, raters, rest, freedom = _spreads(tilt_deg, whose, whom)
    rng = np.random.default_rng(_SEED)
    drawn_rest = rest * freedom / rng.chisquare(freedom, _DRAWS)
    drawn = [
        np.clip(
            one.squared * one.freedom / rng.chisquare(one.freedom, _DRAWS) - drawn_rest * one.share,
            0.0,
            None,
        )
        for one in (subjects, raters)
    ]
    return drawn[0], drawn[1], drawn_rest


def _spreads(
    tilt_deg: NDArray[np.float64], whose: NDArray[np.intp], whom: NDArray[np.intp]
) -> tuple[_Spread, _Spread, float, int]:
    """Return the spread of subjects and of raters, the rest's variance, and its freedom."""
    subjects, raters = int(whose.max()) + 1, int(whom.max()) + 1
    design = np.zeros((len(tilt_deg), subjects + raters))
    at = np.arange(len(tilt_deg))
    design[at, whose] = design[at, subjects + whom] = 1.0
    inverse = np.linalg.pinv(design.T @ design, hermitian=True)
    effects = inverse @ design.T @ tilt_deg
    freedom = len(tilt_deg) - subjects - raters + 1
    rest = float(((tilt_deg - design @ effects) ** 2).sum()) / freedom

    def spread(block: slice) -> _Spread:
        count = block.stop - block.start
        centred = np.eye(count) - 1 / count
        share = float(np.trace(centred @ inverse[block, block])) / (count - 1)
        return _Spread(float(effects[block].var(ddof=1)), share, count - 1)

    return (
        spread(slice(0, subjects)),
        spread(slice(subjects, subjects + raters)),
        rest,
        freedom,
    )


def _estimate(value: float, drawn: NDArray[np.float64]) -> Estimate:
    low, high = np.quantile(drawn, _TAILS)
    return Estimate(float(value), float(low), float(high))
