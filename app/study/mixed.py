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
#: Two thousand took 40 s; so many marks need no model.
_CELLS_MAX = 2_000
#: Less of the variance than this is rounding: the fit does not end well then.
_LEAST_REST = 1e-6
_NAN = Estimate(np.nan, np.nan, np.nan)


@dataclass(frozen=True, slots=True)
class MixedModel:
    """What single marks differ by, each as a standard deviation in degrees.

    Attributes
    ----------
    subjects_sd, raters_sd, rest_sd
        Between subjects, between raters in general, and whatever else.
    repeats_sd
        The part of the rest by which one rater's marks of one picture differ; NaN without
        repeats.
    icc
        Agreement of single marks of different raters, the same that ``ICC(2,1)`` is where none
        is missing.
    icc_repeats
        Agreement of single marks of the same rater; NaN without repeats.
    sem, mdc95
        Standard error of measurement, raters' differences in it, and the smallest change that
        is more.
    marks, missing
        How many marks were used, and how many of those that were asked for are not there.
    """

    subjects_sd: Estimate
    raters_sd: Estimate
    rest_sd: Estimate
    repeats_sd: Estimate
    icc: Estimate
    icc_repeats: Estimate
    sem: Estimate
    mdc95: Estimate
    marks: int
    missing: int


@dataclass(frozen=True, slots=True)
class _Cells:
    """One mean for each subject and rater that have marks together.

    Attributes
    ----------
    means
        Of the marks of each.
    whose, whom
        Numbers of its subject and rater.
    share
        Mean of one over the number of marks.
    repeats, repeated
        Variance of single marks within, and its degrees of freedom.
    """

    means: NDArray[np.float64]
    whose: NDArray[np.intp]
    whom: NDArray[np.intp]
    share: float
    repeats: float
    repeated: int

    @property
    def of_subject(self) -> NDArray[np.intp]:
        """Return how many raters each subject has."""
        return np.bincount(self.whose)

    @property
    def of_rater(self) -> NDArray[np.intp]:
        """Return how many subjects each rater has."""
        return np.bincount(self.whom)

    @property
    def freedom(self) -> int:
        """Return degrees of freedom of what neither subject nor rater explains."""
        return len(self.means) - len(self.of_subject) - len(self.of_rater) + 1


def mixed_model(
    tilt_deg: NDArray[np.float64], subjects: Sequence[str], raters: Sequence[str]
) -> MixedModel:
    """Fit crossed random effects of subjects and raters to marks of which some are missing.

    Parameters
    ----------
    tilt_deg
        One angle for each mark; NaN where it is missing.
    subjects, raters
        Of whom, and by whom, each is; several of both the same are repeats.

    Raises
    ------
    TooFewRatings
        With fewer than three subjects or two raters, no more marks than these, or far more
        than any model needs.

    Notes
    -----
    Restricted maximum likelihood by statsmodels, of the means of each rater's repeats
    (unweighted means: Searle, Casella and McCulloch 1992, Variance Components); repeats apart
    from them. Intervals are generalised ones (Weerahandi 1993, JASA 88:899-905;
    for crossed designs Burdick, Borror and Montgomery 2005, chapter 3) around what least squares
    finds for each subject and rater.
    """
    is_there = np.isfinite(tilt_deg)
    cells = _cells(tilt_deg[is_there], np.asarray(subjects)[is_there], np.asarray(raters)[is_there])
    people, raters_there = len(cells.of_subject), len(cells.of_rater)
    if people < 3 or raters_there < 2 or cells.freedom < 1:
        raise TooFewRatings(
            "A mixed model needs three subjects and two raters at least, and most of the marks; "
            f"there are {is_there.sum()} marks of {people} subjects by {raters_there}.",
            "Rate more photographs.",
        )
    if len(cells.means) > _CELLS_MAX:
        raise TooFewRatings(
            f"A mixed model takes {_CELLS_MAX} marks at most; there are {len(cells.means)}.",
            "With so many, the figures of photographs that all rated tell the same.",
        )
    return _model(cells, _fit(cells), int(is_there.sum()), int((~is_there).sum()))


def _cells(
    tilt_deg: NDArray[np.float64], subjects: NDArray[np.str_], raters: NDArray[np.str_]
) -> _Cells:
    whose = np.unique(subjects, return_inverse=True)[1]
    whom = np.unique(raters, return_inverse=True)[1]
    pairs, cell = np.unique(np.stack([whose, whom]), axis=1, return_inverse=True)
    counts = np.bincount(cell)
    means = np.bincount(cell, tilt_deg) / counts
    repeated = len(tilt_deg) - len(counts)
    within = float(((tilt_deg - means[cell]) ** 2).sum())
    return _Cells(
        *(means, pairs[0], pairs[1]),
        share=float((1 / counts).mean()) if len(counts) else 1.0,
        repeats=within / repeated if repeated else np.nan,
        repeated=repeated,
    )


def _fit(cells: _Cells) -> tuple[float, float, float]:
    """Return the variances between subjects, between raters, and of the rest of the means."""
    import pandas as pd
    import statsmodels.formula.api as smf
    from statsmodels.tools.sm_exceptions import ConvergenceWarning

    spread = float(cells.means.std()) or 1.0
    table = pd.DataFrame(
        {
            "deg": (cells.means - cells.means.mean()) / spread,
            "subject": cells.whose,
            "rater": cells.whom,
            "all": 1,
        }
    )
    crossed = {"subject": "0 + C(subject)", "rater": "0 + C(rater)"}
    model = smf.mixedlm("deg ~ 1", table, groups="all", vc_formula=crossed)
    with warnings.catch_warnings():
        # Raters who hardly differ have a variance at the edge, which is worth no word.
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.simplefilter("ignore", RuntimeWarning)
        warnings.simplefilter("ignore", UserWarning)
        try:
            fit = model.fit(reml=True)
        except np.linalg.LinAlgError as error:
            raise _no_chance() from error
    if not fit.scale > _LEAST_REST:
        raise _no_chance()
    found = dict(zip(model.exog_vc.names, fit.vcomp * spread**2, strict=True))
    return float(found["subject"]), float(found["rater"]), float(fit.scale) * spread**2


def _no_chance() -> TooFewRatings:
    return TooFewRatings(
        "A mixed model cannot be worked out: the marks leave nothing to chance.",
        "Look whether they were marked, and not copied.",
    )


def _model(
    cells: _Cells, parts: tuple[float, float, float], marks: int, missing: int
) -> MixedModel:
    """Return figures of single marks, from what means of repeats differ by."""
    rng = np.random.default_rng(_SEED)
    subject, rater, rest = parts
    drawn_subject, drawn_rater, drawn_rest = _drawn(cells, rng)
    repeats_sd = icc_repeats = _NAN
    if cells.repeated:
        # A single mark has more of what repeats differ by than the mean of several.
        drawn = cells.repeats * cells.repeated / rng.chisquare(cells.repeated, _DRAWS)
        own = max(0.0, rest - cells.share * cells.repeats)
        drawn_own = np.clip(drawn_rest - cells.share * drawn, 0.0, None)
        rest, drawn_rest = own + cells.repeats, drawn_own + drawn
        repeats_sd = _estimate(np.sqrt(cells.repeats), np.sqrt(drawn))
        icc_repeats = _share(subject + own, cells.repeats, drawn_subject + drawn_own, drawn)
    sem = _estimate(np.sqrt(rater + rest), np.sqrt(drawn_rater + drawn_rest))
    times = 1.959963984540054 * float(np.sqrt(2))
    return MixedModel(
        subjects_sd=_estimate(np.sqrt(subject), np.sqrt(drawn_subject)),
        raters_sd=_estimate(np.sqrt(rater), np.sqrt(drawn_rater)),
        rest_sd=_estimate(np.sqrt(rest), np.sqrt(drawn_rest)),
        repeats_sd=repeats_sd,
        icc=_share(subject, rater + rest, drawn_subject, drawn_rater + drawn_rest),
        icc_repeats=icc_repeats,
        sem=sem,
        mdc95=Estimate(times * sem.value, times * sem.low, times * sem.high),
        marks=marks,
        missing=missing,
    )


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


def _drawn(cells: _Cells, rng: np.random.Generator) -> tuple[NDArray[np.float64], ...]:
    """Draw the three variances as they may be, given what was found.

    Not around what restricted likelihood found, which is never below zero: intervals around
    that are too wide where raters hardly differ.
    """
    subjects, raters, rest, freedom = _spreads(cells.means, cells.whose, cells.whom)
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


def _share(
    part: float,
    other: float,
    drawn_part: NDArray[np.float64],
    drawn_other: NDArray[np.float64],
) -> Estimate:
    """Return a part's share in the whole; NaN where there is nothing."""
    if part + other <= 0:
        return _NAN
    return _estimate(part / (part + other), drawn_part / (drawn_part + drawn_other))


def _estimate(value: float, drawn: NDArray[np.float64]) -> Estimate:
    low, high = np.quantile(drawn, _TAILS)
    return Estimate(float(value), float(low), float(high))
