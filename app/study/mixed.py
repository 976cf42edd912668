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
    1993, JASA 88:899-905; for crossed designs Burdick, Borror and Montgomery 2005, chapter 3),
    with harmonic means for the number of marks of each subject and rater.
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
    drawn = _drawn(parts, of_subject, of_rater, freedom)
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


def _drawn(
    parts: tuple[float, float, float],
    of_subject: NDArray[np.intp],
    of_rater: NDArray[np.intp],
    freedom: int,
) -> tuple[NDArray[np.float64], ...]:
    """Draw the three variances as they may be, given what was found."""
    rng = np.random.default_rng(_SEED)
    subject, rater, rest = parts
    drawn_rest = rest * freedom / rng.chisquare(freedom, _DRAWS)
    drawn = []
    for part, counts in ((subject, of_subject), (rater, of_rater)):
        # The spread of means over so many marks each.
        share = float((1 / counts).mean())
        means = (part + rest * share) * (len(counts) - 1) / rng.chisquare(len(counts) - 1, _DRAWS)
        drawn.append(np.clip(means - drawn_rest * share, 0.0, None))
    return drawn[0], drawn[1], drawn_rest


def _estimate(value: float, drawn: NDArray[np.float64]) -> Estimate:
    low, high = np.quantile(drawn, _TAILS)
    return Estimate(float(value), float(low), float(high))
