"""How far measurements of the same things agree: the figures that reviewers ask for.

Each has its form by name, its interval, and where the formula is from. Angles are in degrees
here, but nothing depends on that.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from app.errors import AppError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

LEVEL = 0.95
_TAILS = (1 - LEVEL) / 2, (1 + LEVEL) / 2
#: So many standard deviations hold 95 % of a normal distribution.
_Z = 1.959963984540054
#: Fewer pairs or subjects tell nothing about agreement.
_LEAST = 3
#: An ICC below is what rounding makes of nothing.
_ICC_LEAST = -1e6


class TooFewRatings(AppError):
    """There is not enough to work agreement out from."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with the ends of its 95 % interval; NaN where there is no interval."""

    value: float
    low: float
    high: float


class IccForm(StrEnum):
    """Shrout and Fleiss's name of each intraclass correlation."""

    ONE = "ICC(1,1)"
    AGREEMENT = "ICC(2,1)"
    CONSISTENCY = "ICC(3,1)"
    ONE_MEAN = "ICC(1,k)"
    AGREEMENT_MEAN = "ICC(2,k)"
    CONSISTENCY_MEAN = "ICC(3,k)"


#: The names that McGraw and Wong (1996) gave the same six, which pingouin uses.
_MCGRAW_WONG = {
    "ICC(1,1)": IccForm.ONE,
    "ICC(A,1)": IccForm.AGREEMENT,
    "ICC(C,1)": IccForm.CONSISTENCY,
    "ICC(1,k)": IccForm.ONE_MEAN,
    "ICC(A,k)": IccForm.AGREEMENT_MEAN,
    "ICC(C,k)": IccForm.CONSISTENCY_MEAN,
}


@dataclass(frozen=True, slots=True)
class Icc:
    """An intraclass correlation of some form, over so many subjects and raters."""

    form: IccForm
    icc: Estimate
    subjects: int
    raters: int


def intraclass_correlations(ratings: NDArray[np.float64]) -> list[Icc]:
    """Return all six forms of the intraclass correlation.

    Parameters
    ----------
    ratings
        A row for each subject, a column for each rater or repeat; whoever lacks one is left
        out whole (:func:`mixed_model` uses them).

    Raises
    ------
    TooFewRatings
        With fewer than three whole subjects or two raters.

    Notes
    -----
    Shrout and Fleiss (1979), Intraclass correlations, Psychological Bulletin 86:420-428;
    intervals as McGraw and Wong (1996), Psychological Methods 1:30-46; by pingouin. NaN where
    subjects do not differ; without an interval where raters do not.
    """
    import pandas as pd
    import pingouin

    whole = _whole(ratings)
    subjects, raters = whole.shape
    row, column = np.indices(whole.shape)
    table = pd.DataFrame({"subject": row.ravel(), "rater": column.ravel(), "deg": whole.ravel()})
    with warnings.catch_warnings():
        # Nothing over nothing where all ratings are alike; and pingouin's own use of pandas.
        warnings.simplefilter("ignore", RuntimeWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        # It would give the ends with two decimals: near one, an interval is hardly wider.
        pingouin.options["round.column.CI95"] = None
        found = pingouin.intraclass_corr(table, targets="subject", raters="rater", ratings="deg")
    return [
        Icc(
            _MCGRAW_WONG[kind],
            _icc(Estimate(float(icc), *map(float, ends)), whole),
            subjects,
            raters,
        )
        for kind, icc, ends in zip(found["Type"], found["ICC"], found["CI95"], strict=True)
    ]


@dataclass(frozen=True, slots=True)
class MeasurementError:
    """How far one measurement is from another of the same subject.

    Attributes
    ----------
    sem
        Standard error of measurement, with what raters differ by always in it (agreement).
    sem_consistency
        The same without what raters differ by always.
    mdc95
        Smallest change between two measurements that is more than this error, at 95 %:
        1.96 times the square root of two times ``sem``.
    """

    sem: Estimate
    sem_consistency: Estimate
    mdc95: Estimate


def measurement_error(ratings: NDArray[np.float64]) -> MeasurementError:
    """Return the standard error of measurement and what follows from it.

    Parameters
    ----------
    ratings
        As for :func:`intraclass_correlations`.

    Notes
    -----
    Weir (2005), Journal of Strength and Conditioning Research 19:231-240. The interval of the
    sum of two mean squares is Graybill and Wang's (1980) modified large-sample one, JASA
    75:869-873; that of a single mean square is the chi-squared one.
    """
    whole = _whole(ratings)
    n, k = whole.shape
    rows, columns = whole.mean(axis=1, keepdims=True), whole.mean(axis=0, keepdims=True)
    rest = whole - rows - columns + whole.mean()
    rest_ms = float((rest**2).sum()) / ((n - 1) * (k - 1))
    raters_ms = n * float(((columns - whole.mean()) ** 2).sum()) / (k - 1)
    # What raters differ by, and the rest: both are in the difference of two measurements.
    squares = [(1 / n, raters_ms, k - 1), ((n - 1) / n, rest_ms, (n - 1) * (k - 1))]
    sem = _root(_sum_of_squares(squares))
    consistency = _root(_sum_of_squares([(1.0, rest_ms, (n - 1) * (k - 1))]))
    return MeasurementError(sem, consistency, _change(sem))


@dataclass(frozen=True, slots=True)
class RepeatError:
    """How far repeated measurements of the same subject by the same rater lie apart.

    Attributes
    ----------
    sem
        Standard deviation within a subject.
    mdc95
        Bland and Altman's repeatability coefficient: 1.96 times the square root of two times
        ``sem``; two measurements differ by less in 95 % of cases.
    repeated
        How many times something was measured again.
    """

    sem: Estimate
    mdc95: Estimate
    repeated: int


def repeat_error(repeats: NDArray[np.float64]) -> RepeatError:
    """Return the error within subjects.

    Parameters
    ----------
    repeats
        A row for each subject (or each subject of each rater), a column for each repeat; NaN
        where one is missing. Rows with a single one tell nothing and are passed over.

    Raises
    ------
    TooFewRatings
        With fewer than three rows of two or more.

    Notes
    -----
    Bland and Altman (1996), Measurement error, BMJ 312:1654; the interval is the chi-squared one.
    """
    counts = np.isfinite(repeats).sum(axis=1)
    several, counts = repeats[counts >= 2], counts[counts >= 2]
    if len(several) < _LEAST:
        raise TooFewRatings(
            f"Repeats need {_LEAST} photographs that were rated twice; there are {len(several)}.",
            "Rate more photographs.",
        )
    freedom = int((counts - 1).sum())
    from_mean = several - np.nanmean(several, axis=1, keepdims=True)
    sem = _root(_sum_of_squares([(1.0, float(np.nansum(from_mean**2)) / freedom, freedom)]))
    return RepeatError(sem, _change(sem), freedom)


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of agreement of two ways to measure, as Bland and Altman draw them.

    Attributes
    ----------
    bias
        Mean of the first less the second.
    lower, upper
        Between these lie 95 % of such differences.
    sd
        Standard deviation of a single difference.
    slope
        By how much the difference grows with each unit of the mean: proportional bias.
    slope_p
        How likely a slope as steep is where there is none.
    pairs, subjects
        How many of each.
    """

    bias: Estimate
    lower: Estimate
    upper: Estimate
    sd: float
    slope: Estimate
    slope_p: float
    pairs: int
    subjects: int


def limits_of_agreement(
    first: NDArray[np.float64],
    second: NDArray[np.float64],
    subjects: Sequence[object] | None = None,
    *,
    as_published: bool = False,
) -> Limits:
    """Return bias and limits of agreement of pairs.

    Parameters
    ----------
    first, second
        One measurement each of every pair; pairs that lack one are left out.
    subjects
        Whose pair each is, where there are several of a subject; None: one pair each.
    as_published
        With two standard deviations and the intervals of 1986, which are a little too narrow
        with few subjects, instead of 1.96 and exact ones.

    Raises
    ------
    TooFewRatings
        With pairs of fewer than three subjects.

    Notes
    -----
    Bland and Altman (1986), Lancet 327:307-310. Exact intervals by the noncentral t
    distribution: Carkeet (2015), Optometry and Vision Science 92:e71-e80. Several pairs of one
    subject: variance within and between subjects as Bland and Altman (2007), Journal of
    Biopharmaceutical Statistics 17:571-582, section 3, with the intervals of Zou (2013),
    Statistical Methods in Medical Research 22:630-642.
    """
    names = np.arange(len(first)) if subjects is None else np.asarray(subjects)
    is_pair = np.isfinite(first) & np.isfinite(second)
    first, second, names = first[is_pair], second[is_pair], names[is_pair]
    _, whose = np.unique(names, return_inverse=True)
    counts = np.bincount(whose)
    if len(counts) < _LEAST:
        raise TooFewRatings(
            f"Agreement needs pairs of {_LEAST} subjects at least; there are {len(counts)}.",
            "Rate more photographs.",
        )
    differences = first - second
    slope, slope_p = _slope((first + second) / 2, differences, whose)
    if counts.max() > 1:
        bias, lower, upper, sd = _clustered(differences, whose, counts)
    else:
        bias, lower, upper, sd = _single(differences, as_published=as_published)
    return Limits(bias, lower, upper, sd, slope, slope_p, len(differences), len(counts))


def weighted_kappa(first: Sequence[int], second: Sequence[int], levels: int) -> Estimate:
    """Return Cohen's kappa with linear weights.

    Parameters
    ----------
    first, second
        What each of two raters found, from 0 to ``levels - 1`` in order.

    Notes
    -----
    Cohen (1968), Psychological Bulletin 70:213-220; interval by Fleiss, Cohen and Everitt's
    (1969) large-sample error; by statsmodels. NaN where both always say the same one thing:
    there is nothing by chance to compare with. Without an interval where all agree.
    """
    from statsmodels.stats.inter_rater import cohens_kappa

    if len(first) < _LEAST:
        raise TooFewRatings(
            f"Kappa needs {_LEAST} photographs at least; there are {len(first)}.",
            "Rate more photographs.",
        )
    table = np.zeros((levels, levels))
    np.add.at(table, (np.asarray(first), np.asarray(second)), 1)
    if (table.sum(axis=0) > 0).sum() == 1 and (table.sum(axis=1) > 0).sum() == 1:
        return Estimate(np.nan, np.nan, np.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a spread of nothing over nothing
        found = cohens_kappa(table, wt="linear")
    low, high = float(found.kappa_low), float(found.kappa_upp)
    if not high > low:
        # The formula's error is nothing where all agree, which no few photographs can show.
        return Estimate(float(found.kappa), np.nan, np.nan)
    return Estimate(float(found.kappa), max(-1.0, low), min(high, 1.0))


def subjects_for_icc(icc: float, raters: int, width: float) -> int:
    """Return how many subjects make the 95 % interval of an ICC this wide.

    Bonett (2002), Statistics in Medicine 21:1331-1335. An ICC below nothing counts as nothing.
    """
    icc = min(max(icc, 0.0), 1.0)
    wanted = 8 * _Z**2 * (1 - icc) ** 2 * (1 + (raters - 1) * icc) ** 2
    wanted /= raters * (raters - 1) * width**2
    if raters == 2 and icc >= 0.7:
        wanted += 5 * icc
    return max(_LEAST, int(np.ceil(wanted)) + 1)


def subjects_for_limits(sd: float, half_width: float) -> int:
    """Return how many pairs make the limits of agreement sure to this on either side.

    Bland and Altman (1986): the error of a limit is about the root of three over n times
    the standard deviation of the differences.
    """
    return max(_LEAST, int(np.ceil(3 * (_Z * sd / half_width) ** 2)))


def _whole(ratings: NDArray[np.float64]) -> NDArray[np.float64]:
    whole = ratings[np.isfinite(ratings).all(axis=1)]
    if len(whole) < _LEAST or whole.shape[1] < 2:
        raise TooFewRatings(
            f"Agreement needs {_LEAST} subjects rated twice at least; "
            f"there are {len(whole)} with {whole.shape[1]} ratings each.",
            "Rate more photographs.",
        )
    return whole


def _sum_of_squares(squares: Sequence[tuple[float, float, int]]) -> Estimate:
    """Return the sum of weight times mean square, of so many degrees of freedom each."""
    from scipy.stats import chi2

    value = sum(weight * square for weight, square, _ in squares)
    below = above = 0.0
    for weight, square, freedom in squares:
        least, most = (freedom / chi2.ppf(tail, freedom) for tail in _TAILS[::-1])
        below += (weight * square * (1 - least)) ** 2
        above += (weight * square * (most - 1)) ** 2
    return Estimate(value, max(0.0, value - np.sqrt(below)), value + np.sqrt(above))


def _icc(found: Estimate, whole: NDArray[np.float64]) -> Estimate:
    """Return an estimate as it stands, but for what comes of nothing over nothing."""
    spread = _noise(whole)
    # Where raters differ more than subjects, the formulas for means may divide by nothing.
    is_any = _ICC_LEAST < found.value <= 1 + spread
    if np.ptp(whole.mean(axis=1)) <= spread or not is_any:
        return Estimate(np.nan, np.nan, np.nan)
    if np.ptp(whole, axis=1).max() <= spread:
        return Estimate(1.0, np.nan, np.nan)
    has_ends = found.low <= found.value <= found.high
    return found if has_ends else Estimate(found.value, np.nan, np.nan)


def _noise(values: NDArray[np.float64]) -> float:
    """Return what numbers of this size differ by through rounding alone."""
    return 1e-12 * max(1.0, float(np.abs(values).max()))


def _change(sem: Estimate) -> Estimate:
    """Return the smallest change of two measurements that is more than their error, at 95 %."""
    times = float(np.sqrt(2)) * _Z
    return Estimate(times * sem.value, times * sem.low, times * sem.high)


def _root(estimate: Estimate) -> Estimate:
    return Estimate(*map(float, np.sqrt([estimate.value, estimate.low, estimate.high])))


def _single(
    differences: NDArray[np.float64], *, as_published: bool
) -> tuple[Estimate, Estimate, Estimate, float]:
    """Return bias, limits and spread of one difference each."""
    from scipy.stats import nct, t

    n = len(differences)
    bias, sd = float(differences.mean()), float(differences.std(ddof=1))
    far, root = float(t.ppf(_TAILS[1], n - 1)), float(np.sqrt(n))
    mean = Estimate(bias, bias - far * sd / root, bias + far * sd / root)
    if as_published:
        reach, error = 2 * sd, far * sd * float(np.sqrt(3 / n))
        lower, upper = (
            Estimate(limit, limit - error, limit + error) for limit in (bias - reach, bias + reach)
        )
        return mean, lower, upper, sd
    near, off = (float(nct.ppf(tail, n - 1, _Z * root)) * sd / root for tail in _TAILS)
    upper = Estimate(bias + _Z * sd, bias + near, bias + off)
    lower = Estimate(bias - _Z * sd, bias - off, bias - near)
    return mean, lower, upper, sd


def _clustered(
    differences: NDArray[np.float64], whose: NDArray[np.intp], counts: NDArray[np.intp]
) -> tuple[Estimate, Estimate, Estimate, float]:
    """Return bias, limits and spread where subjects have several differences."""
    from scipy.stats import chi2, t

    n = len(counts)
    means = np.bincount(whose, differences) / counts
    within_freedom = len(differences) - n
    within = float(((differences - means[whose]) ** 2).sum()) / within_freedom
    # Unweighted means: the mean of each subject's mean, as if one difference were drawn of each.
    between, usual = float(means.var(ddof=1)), n / float((1 / counts).sum())
    variance = between + (1 - 1 / usual) * within
    bias, sd = float(means.mean()), float(np.sqrt(variance))
    error = float(np.sqrt(between / n))
    far = float(t.ppf(_TAILS[1], n - 1))
    mean = Estimate(bias, bias - far * error, bias + far * error)
    parts = (between, n - 1), ((1 - 1 / usual) * within, within_freedom)
    below = sum((s * (1 - f / chi2.ppf(_TAILS[1], f))) ** 2 for s, f in parts)
    above = sum((s * (f / chi2.ppf(_TAILS[0], f) - 1)) ** 2 for s, f in parts)
    sd_low, sd_high = np.sqrt(max(0.0, variance - np.sqrt(below))), np.sqrt(variance + above**0.5)
    near = float(np.hypot(far * error, _Z * (sd - sd_low)))
    off = float(np.hypot(far * error, _Z * (sd_high - sd)))
    upper = Estimate(bias + _Z * sd, bias + _Z * sd - near, bias + _Z * sd + off)
    lower = Estimate(bias - _Z * sd, bias - _Z * sd - off, bias - _Z * sd + near)
    return mean, lower, upper, sd


def _slope(
    means: NDArray[np.float64], differences: NDArray[np.float64], whose: NDArray[np.intp]
) -> tuple[Estimate, float]:
    """Return the slope of differences over means, and its p; pairs of a subject hang together.

    NaN where all means, or all differences, are the same.
    """
    import statsmodels.api as sm

    if np.ptp(means) <= _noise(means) or np.ptp(differences) <= _noise(means):
        return Estimate(np.nan, np.nan, np.nan), np.nan
    model = sm.OLS(differences, sm.add_constant(means))
    is_single = len(whose) == whose.max() + 1
    fit = (
        model.fit()
        if is_single
        else model.fit(cov_type="cluster", cov_kwds={"groups": whose}, use_t=True)
    )
    low, high = fit.conf_int()[1]
    return Estimate(float(fit.params[1]), float(low), float(high)), float(fit.pvalues[1])
