"""All figures of a study, worked out from its long table.

Which ratings each comparison takes:

- automatic against rater: each rater's mean over the repeats, and the mean of all raters' means
  where each of them has one;
- rater against rater: the first rating of each photograph for correlations, and all ratings,
  the how manieth of one with the how manieth of the other, for limits of agreement;
- repeat against repeat: all ratings of one rater;
- the mixed model: every rating that there is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from app.study.agreement import (
    IccForm,
    TooFewRatings,
    intraclass_correlations,
    limits_of_agreement,
    measurement_error,
    repeat_error,
    subjects_for_icc,
    subjects_for_limits,
    weighted_kappa,
)
from app.study.mixed import mixed_model
from app.study.table import AUTOMATIC

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from app.study.agreement import Estimate, Icc, Limits, MeasurementError, RepeatError
    from app.study.mixed import MixedModel
    from app.study.table import StudyRow

Got = TypeVar("Got")
#: Stands for the mean of all raters where a rater's name does.
ALL_RATERS = "all raters"
#: Only these tell the same thing as two marked points do; a belt line does not.
_METHODS = ("contour", "stickers")
_ICC_WIDTHS, _LIMITS_DEG = (0.1, 0.2, 0.3), (0.5, 1.0, 2.0)
_BELT_LEVELS, _BELT_PARTLY, _BELT_CLEARLY = 3, 1, 2
_HOUR_S = 3600.0


@dataclass(frozen=True, slots=True, eq=False)
class Ratings:
    """The long table as arrays; NaN where there is nothing.

    Attributes
    ----------
    subjects, raters
        What the first and second index stand for.
    tilt_deg, belt
        Shape (subjects, raters, repeats): angle, and how well the belt line was seen.
    automatic_deg
        Method to shape (subjects,): what Beltline measured.
    automatic_low_deg, automatic_high_deg
        The ends of its 90 % intervals, whatever the method.
    automatic_belt
        Shape (subjects,): 2 where Beltline found the belt line, else 0.
    """

    subjects: tuple[str, ...]
    raters: tuple[str, ...]
    tilt_deg: NDArray[np.float64]
    belt: NDArray[np.float64]
    automatic_deg: dict[str, NDArray[np.float64]]
    automatic_low_deg: NDArray[np.float64]
    automatic_high_deg: NDArray[np.float64]
    automatic_belt: NDArray[np.float64]

    @property
    def repeats(self) -> int:
        """Return how many times each rater was shown each photograph."""
        return int(self.tilt_deg.shape[2])

    def of_rater(self, rater: str) -> NDArray[np.float64]:
        """Return a rater's mean over the repeats for each subject, or that of all raters.

        The latter only where each of them has a mean: else a rater's habit would look like a
        difference between subjects.
        """
        means = _mean(self.tilt_deg)
        if rater == ALL_RATERS:
            return np.asarray(means.mean(axis=1), np.float64)
        return means[:, self.raters.index(rater)]


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """How two ways to measure agree, the first less the second.

    Attributes
    ----------
    method
        Of the automatic measurement, if it is one.
    limits, forms
        Limits of agreement in degrees, and intraclass correlations.
    why
        Why something could not be worked out; else empty.
    """

    first: str
    second: str
    method: str
    limits: Limits | None
    forms: tuple[Icc, ...]
    why: str


@dataclass(frozen=True, slots=True)
class RatersAgreement:
    """How all raters agree: correlations and error of single first ratings."""

    forms: tuple[Icc, ...]
    error: MeasurementError | None
    why: str


@dataclass(frozen=True, slots=True)
class RepeatAgreement:
    """How one rater's repeats agree; of all raters together without correlations and limits."""

    rater: str
    forms: tuple[Icc, ...]
    error: RepeatError | None
    limits: Limits | None
    why: str


@dataclass(frozen=True, slots=True)
class BeltAgreement:
    """How two agree on the belt line: kappa, and in what share of photographs they say the same."""

    first: str
    second: str
    kappa: Estimate | None
    same_share: float
    photos: int
    why: str


@dataclass(frozen=True, slots=True)
class Counted:
    """What became of the pictures of one rater, or of the automatic measurements.

    Attributes
    ----------
    asked, answered, unmarkable, open
        Pictures: of the worklist, with both points, where the points could not be told, and
        not yet rated. Automatic: all, measured, refused or unreadable, and none.
    seconds
        Lower quarter, middle and upper quarter of the time for a picture; empty where nobody
        measured it.
    hours_apart
        Least, middle and most time between two ratings of one photograph; empty likewise.
    """

    rater: str
    asked: int
    answered: int
    unmarkable: int
    open: int
    seconds: tuple[float, ...] = ()
    hours_apart: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class SizePlan:
    """How many subjects the next study needs for an interval of some width.

    Attributes
    ----------
    figure
        ``icc`` or ``limits``.
    wanted
        Width of the whole interval of the ICC, or how far the limits of agreement may be off
        to either side in degrees.
    expected
        The ICC, or the standard deviation of the differences in degrees, of this study.
    subjects
        How many.
    """

    figure: str
    wanted: float
    expected: float
    subjects: int


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything that a report tells of a study."""

    subjects: int
    repeats: int
    raters: tuple[str, ...]
    counts: tuple[Counted, ...]
    automatic: Counted
    refused_for: tuple[tuple[str, int], ...]
    automatic_pairs: tuple[PairAgreement, ...]
    raters_together: RatersAgreement
    rater_pairs: tuple[PairAgreement, ...]
    repeats_of: tuple[RepeatAgreement, ...]
    belts: tuple[BeltAgreement, ...]
    mixed: MixedModel | None
    why_not_mixed: str
    plans: tuple[SizePlan, ...]

    @property
    def open(self) -> int:
        """Return how many pictures are not yet rated."""
        return sum(counted.open for counted in self.counts)


def read_ratings(rows: Sequence[StudyRow]) -> Ratings:
    """Return a long table as arrays."""
    subjects = tuple(sorted({row.subject for row in rows}))
    raters = tuple(dict.fromkeys(row.rater for row in rows if row.rater != AUTOMATIC))
    repeats = max((row.repeat for row in rows if row.rater != AUTOMATIC), default=1)
    tilt_deg = np.full((len(subjects), len(raters), repeats), np.nan)
    belt = np.full_like(tilt_deg, np.nan)
    by_method = {method: np.full(len(subjects), np.nan) for method in _METHODS}
    low_deg, high_deg, found = (np.full(len(subjects), np.nan) for _ in range(3))
    of_subject = {subject: number for number, subject in enumerate(subjects)}
    of_rater = {rater: number for number, rater in enumerate(raters)}
    for row in rows:
        place = of_subject[row.subject]
        if row.rater != AUTOMATIC:
            tilt_deg[place, of_rater[row.rater], row.repeat - 1] = _number(row.tilt_deg)
            belt[place, of_rater[row.rater], row.repeat - 1] = _number(row.belt)
        elif row.status == "measured":
            found[place] = _number(row.belt)
            if row.method in by_method:
                by_method[row.method][place] = _number(row.tilt_deg)
                low_deg[place], high_deg[place] = _number(row.low_deg), _number(row.high_deg)
    return Ratings(subjects, raters, tilt_deg, belt, by_method, low_deg, high_deg, found)


def analyse(rows: Sequence[StudyRow]) -> Analysis:
    """Return all figures of a study.

    Parameters
    ----------
    rows
        The long table: raters' answers and automatic measurements.
    """
    ratings = read_ratings(rows)
    own = [row for row in rows if row.rater == AUTOMATIC]
    pairs = tuple(_automatic_pairs(ratings))
    together = _together(ratings)
    mixed, why_not = _mixed(ratings)
    refused = Counter(
        code for row in own if row.status != "measured" for code in row.reasons.split()
    )
    return Analysis(
        subjects=len(ratings.subjects),
        repeats=ratings.repeats,
        raters=ratings.raters,
        counts=count_pictures(rows),
        automatic=_counted(AUTOMATIC, rows),
        refused_for=tuple(refused.most_common()),
        automatic_pairs=pairs,
        raters_together=together,
        rater_pairs=tuple(_rater_pairs(ratings)),
        repeats_of=tuple(_repeats(ratings)),
        belts=tuple(_belts(ratings)),
        mixed=mixed,
        why_not_mixed=why_not,
        plans=tuple(_plans(ratings.raters, together, mixed, pairs)),
    )


def count_pictures(rows: Sequence[StudyRow]) -> tuple[Counted, ...]:
    """Return what became of each rater's pictures."""
    raters = dict.fromkeys(row.rater for row in rows if row.rater != AUTOMATIC)
    return tuple(_counted(rater, rows) for rater in raters)


def form_of(forms: Iterable[Icc], form: IccForm) -> Icc | None:
    """Return the intraclass correlation of a form, if there is one."""
    return next((one for one in forms if one.form is form), None)


def _number(value: float | None) -> float:
    return np.nan if value is None else float(value)


def _mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return means over the last axis of what is there; NaN where nothing is."""
    counts = np.isfinite(values).sum(axis=-1)
    sums = np.nansum(values, axis=-1)
    means = np.full(sums.shape, np.nan)
    np.divide(sums, counts, out=means, where=counts > 0)
    return means


def _tried(work: Callable[[], Got]) -> tuple[Got | None, str]:
    """Return what comes of it, or else why nothing does."""
    try:
        return work(), ""
    except TooFewRatings as error:
        return None, str(error)


def _pair(
    names: tuple[str, str, str],
    singles: tuple[NDArray[np.float64], NDArray[np.float64]],
    several: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None,
) -> PairAgreement:
    """Return the agreement of two; limits from ``several`` of each subject, if given."""
    first, second = several or (singles[0][:, None], singles[1][:, None])
    whose = np.indices(first.shape)[0].ravel()
    limits, why = _tried(lambda: limits_of_agreement(first.ravel(), second.ravel(), list(whose)))
    forms, why_no_forms = _tried(lambda: tuple(intraclass_correlations(np.stack(singles, 1))))
    return PairAgreement(*names, limits, forms or (), why or why_no_forms)


def _automatic_pairs(ratings: Ratings) -> Iterable[PairAgreement]:
    names = [*ratings.raters, *([ALL_RATERS] if len(ratings.raters) > 1 else [])]
    for method, automatic_deg in ratings.automatic_deg.items():
        if not np.isfinite(automatic_deg).any():
            continue
        for name in names:
            yield _pair((AUTOMATIC, name, method), (automatic_deg, ratings.of_rater(name)))


def _together(ratings: Ratings) -> RatersAgreement:
    first = ratings.tilt_deg[:, :, 0]
    forms, why = _tried(lambda: tuple(intraclass_correlations(first)))
    error, why_not = _tried(lambda: measurement_error(first))
    return RatersAgreement(forms or (), error, why or why_not)


def _rater_pairs(ratings: Ratings) -> Iterable[PairAgreement]:
    for one, other in combinations(range(len(ratings.raters)), 2):
        first, second = ratings.tilt_deg[:, one], ratings.tilt_deg[:, other]
        names = ratings.raters[one], ratings.raters[other], ""
        yield _pair(names, (first[:, 0], second[:, 0]), (first, second))


def _repeats(ratings: Ratings) -> Iterable[RepeatAgreement]:
    if ratings.repeats < 2:
        return
    for number, rater in enumerate(ratings.raters):
        yield _repeats_of(rater, ratings.tilt_deg[:, number])
    if len(ratings.raters) > 1:
        every = ratings.tilt_deg.reshape(-1, ratings.repeats)
        error, why = _tried(lambda: repeat_error(every))
        yield RepeatAgreement(ALL_RATERS, (), error, None, why)


def _repeats_of(rater: str, marks: NDArray[np.float64]) -> RepeatAgreement:
    error, why = _tried(lambda: repeat_error(marks))
    forms, why_no_forms = _tried(lambda: tuple(intraclass_correlations(marks)))
    limits, why_no_limits = _tried(lambda: limits_of_agreement(marks[:, 0], marks[:, 1]))
    return RepeatAgreement(rater, forms or (), error, limits, why or why_no_forms or why_no_limits)


def _mixed(ratings: Ratings) -> tuple[MixedModel | None, str]:
    subject, rater, _ = np.indices(ratings.tilt_deg.shape)
    return _tried(
        lambda: mixed_model(
            ratings.tilt_deg.ravel(),
            [ratings.subjects[number] for number in subject.ravel()],
            [ratings.raters[number] for number in rater.ravel()],
        )
    )


def _belts(ratings: Ratings) -> Iterable[BeltAgreement]:
    belts = {rater: ratings.belt[:, number, 0] for number, rater in enumerate(ratings.raters)}
    found = ratings.automatic_belt
    for rater, belt in belts.items():
        # A machine finds it or not; a rater who sees part of it has found it, too.
        seen = np.where(belt >= _BELT_PARTLY, _BELT_CLEARLY, belt)
        yield _belt((AUTOMATIC, rater), found / _BELT_CLEARLY, seen / _BELT_CLEARLY, 2)
    for one, other in combinations(ratings.raters, 2):
        yield _belt((one, other), belts[one], belts[other], _BELT_LEVELS)


def _belt(
    names: tuple[str, str],
    first: NDArray[np.float64],
    second: NDArray[np.float64],
    levels: int,
) -> BeltAgreement:
    is_pair = np.isfinite(first) & np.isfinite(second)
    one, other = (values[is_pair].astype(int).tolist() for values in (first, second))
    kappa, why = _tried(lambda: weighted_kappa(one, other, levels))
    same = float(np.mean(np.equal(one, other))) if one else np.nan
    return BeltAgreement(*names, kappa, same, len(one), why)


def _counted(rater: str, rows: Sequence[StudyRow]) -> Counted:
    own = [row for row in rows if row.rater == rater]
    states = Counter(row.status for row in own)
    seconds = [row.seconds for row in own if row.seconds is not None]
    return Counted(
        rater,
        len(own),
        states["rated"] + states["measured"],
        states["unmarkable"] + states["rejected"] + states["error"],
        states["open"],
        _three(seconds, (0.25, 0.5, 0.75)),
        _three(_hours_apart(own), (0.0, 0.5, 1.0)),
    )


def _three(values: Sequence[float], shares: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(map(float, np.quantile(values, shares))) if values else ()


def _hours_apart(rows: Sequence[StudyRow]) -> list[float]:
    """Return the times between the ratings of the same photographs that were rated in a row."""
    times: dict[str, list[float]] = {}
    for row in rows:
        try:
            times.setdefault(row.subject, []).append(
                datetime.fromisoformat(row.rated_at).timestamp()
            )
        except (ValueError, OverflowError, OSError):
            continue
    return [gap / _HOUR_S for all_ in times.values() for gap in np.diff(sorted(all_)).tolist()]


def _plans(
    raters: Sequence[str],
    together: RatersAgreement,
    mixed: MixedModel | None,
    pairs: Sequence[PairAgreement],
) -> Iterable[SizePlan]:
    form = form_of(together.forms, IccForm.AGREEMENT)
    icc = form.icc.value if form else mixed.icc.value if mixed else np.nan
    if np.isfinite(icc):
        for width in _ICC_WIDTHS:
            yield SizePlan("icc", width, icc, subjects_for_icc(icc, len(raters), width))
    # Against all raters, as far as there are several; by outline before stickers.
    whole = raters[0] if len(raters) == 1 else ALL_RATERS
    limits = next((pair.limits for pair in pairs if pair.limits and pair.second == whole), None)
    if limits is not None and limits.sd > 0:
        for half_deg in _LIMITS_DEG:
            yield SizePlan("limits", half_deg, limits.sd, subjects_for_limits(limits.sd, half_deg))
