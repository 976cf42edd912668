"""How well changes of one body are followed, and what calibrating once is worth.

Bodies seen several times: swept through tilts, and photographed on three days.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from synthetic.evaluate.report import agreement, grouped, measured_pairs
from synthetic.training.dataset import (
    CHANGES_DEG,
    SHOTS_A_DAY,
    SWEEP_TILTS_DEG,
    load_part,
    outline_tilt_deg,
)
from vision.marks.calibration import Calibration, CalibrationPair, calibrate, calibrated
from vision.result import Doubt, Method, TiltEstimate
from vision.series import MARKS_REPEAT_SHARE, Series, assess_series

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from synthetic.evaluate.report import Report
    from synthetic.training.dataset import Sample
    from vision.result import Measured

    #: A picture of a body and what was said of it, by its number among the body's pictures.
    Seen = dict[int, tuple[Sample, Measured]]

#: What marked points err by when they are felt and placed by hand, a standard deviation, deg.
_MARKS_SD_DEG = 2.0
_THEN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SweptBody:
    """One body at several tilts, in rising order; shapes (n,), deg.

    Attributes
    ----------
    truth_deg
        What is to be told; with or without the bones' own shape, as the question has it.
    answer_deg
        What was told; NaN where the picture was refused.
    """

    truth_deg: NDArray[np.float64]
    answer_deg: NDArray[np.float64]

    @property
    def seen(self) -> SweptBody:
        """The pictures that were measured."""
        known = ~np.isnan(self.answer_deg)
        return SweptBody(self.truth_deg[known], self.answer_deg[known])


@dataclass(frozen=True, slots=True)
class SweepFigures:
    """What sweeps show.

    Attributes
    ----------
    bodies
        How many bodies were measured at two tilts or more.
    mae_deg
        Mean absolute error of single answers.
    offset_sd_deg
        Spread of the bodies' own mean errors: what a change is free of.
    within_sd_deg
        Spread of the answers around truth and the body's own mean error.
    within_median_deg
        Half of the answers lie no further from there.
    within_slope
        By how many degrees the answer moves for one of the truth, within a body.
    steps_rising, bodies_rising
        Shares: of steps between neighbouring measured tilts that rise, and of bodies whose
        steps all do.
    calibrated_mae_deg
        Mean absolute error when one picture of the body, each in turn, tells its offset.
    """

    bodies: int
    mae_deg: float
    offset_sd_deg: float
    within_sd_deg: float
    within_median_deg: float
    within_slope: float
    steps_rising: float
    bodies_rising: float
    calibrated_mae_deg: float


def sweep_figures(bodies: Sequence[SweptBody]) -> SweepFigures:
    """Judge sweeps; at least one body must be measured at two tilts."""
    seen = [body.seen for body in bodies]
    seen = [body for body in seen if len(body.truth_deg) > 1]
    errors = [body.answer_deg - body.truth_deg for body in seen]
    own = [error - error.mean() for error in errors]
    freedom = sum(len(error) - 1 for error in errors)
    turned = np.concatenate([body.truth_deg - body.truth_deg.mean() for body in seen])
    followed = np.concatenate([body.answer_deg - body.answer_deg.mean() for body in seen])
    steps = [np.diff(body.answer_deg) > 0 for body in seen]
    return SweepFigures(
        bodies=len(seen),
        mae_deg=float(np.abs(np.concatenate(errors)).mean()),
        offset_sd_deg=float(np.std([error.mean() for error in errors])),
        within_sd_deg=float(np.sqrt(sum((part**2).sum() for part in own) / freedom)),
        within_median_deg=float(np.median(np.abs(np.concatenate(own)))),
        within_slope=float(turned @ followed / (turned @ turned)),
        steps_rising=float(np.concatenate(steps).mean()),
        bodies_rising=float(np.mean([step.all() for step in steps])),
        calibrated_mae_deg=float(np.mean([_calibrated_mae_deg(error) for error in errors])),
    )


def _calibrated_mae_deg(error_deg: NDArray[np.float64]) -> float:
    """Return the mean error left when each picture in turn tells the offset of the others."""
    apart = np.abs(error_deg[:, None] - error_deg[None])
    count = len(error_deg)
    return float(apart.sum() / (count * (count - 1)))


def swept_bodies(bodies: Sequence[Seen], shots: int) -> list[SweptBody]:
    """Return the outlines' answers about bodies swept through tilts, the bones' shape left out."""
    swept = []
    for seen in bodies:
        truth, answer = np.full(shots, np.nan), np.full(shots, np.nan)
        for shot, (sample, result) in seen.items():
            truth[shot] = outline_tilt_deg(sample.truth)
            answer[shot] = result.contour.angle_deg if result.contour else np.nan
        swept.append(SweptBody(truth, answer))
    return swept


def calibrated_answers(
    seen: Sequence[tuple[Sample, Measured]],
    by: Sequence[tuple[Sample, Measured]],
    rng: np.random.Generator,
) -> list[Measured]:
    """Return answers as they are once a body was calibrated by marks in other pictures of it.

    The marks lie as somebody places them who feels for the bones: with an error that all of
    them share and one of each picture.
    """
    shared_deg = _MARKS_SD_DEG * np.sqrt(1 - MARKS_REPEAT_SHARE) * rng.standard_normal()
    pairs = []
    for sample, result in by:
        own_deg = _MARKS_SD_DEG * np.sqrt(MARKS_REPEAT_SHARE) * rng.standard_normal()
        angle_deg = float(sample.truth["tilt_deg"] + shared_deg + own_deg)
        marks = TiltEstimate(Method.MARKED, angle_deg, Doubt(_MARKS_SD_DEG, 0.0, 0.0))
        if result.contour is not None:
            sha256 = result.provenance.contour_model_sha256
            pairs.append(CalibrationPair(_THEN, marks, result.contour, sha256))
    calibration = calibrate(pairs)
    if not isinstance(calibration, Calibration):
        return []
    outlines = [result for _, result in seen if result.contour is not None]
    return [
        calibrated(replace(result, tilt=result.contour), calibration)
        for result in outlines
        if result.contour is not None
    ]


@dataclass(frozen=True, slots=True)
class ChangeFigures:
    """What was said of bodies photographed on three days.

    Attributes
    ----------
    compared, claimed
        Pairs of days between which nothing was changed, and of how many of these a real change
        was told nevertheless.
    turned, found
        The same where the pelvis was turned by 6 deg, and how often that was told.
    smallest_deg
        The mean change from which one counts as real.
    error_sd_deg
        Spread of told minus true change.
    """

    compared: int
    claimed: int
    turned: int
    found: int
    smallest_deg: float
    error_sd_deg: float


def change_figures(bodies: Sequence[Seen], shots: int) -> ChangeFigures:
    """Judge what is told of changes between medians of so many pictures a day."""
    pairs = []
    for seen in bodies:
        days = [_day(seen, day, shots) for day in range(len(CHANGES_DEG))]
        for (first, before), (second, after) in combinations(enumerate(days), 2):
            if before is not None and after is not None:
                turned_deg = CHANGES_DEG[second] - CHANGES_DEG[first]
                pairs.append(_TwoDays(before, after, turned_deg))
    still = [pair for pair in pairs if pair.turned_deg == 0]
    turned = [pair for pair in pairs if pair.turned_deg > 0]
    return ChangeFigures(
        compared=len(still),
        claimed=sum(abs(pair.told_deg) >= pair.smallest_deg for pair in still),
        turned=len(turned),
        found=sum(pair.told_deg >= pair.smallest_deg for pair in turned),
        smallest_deg=float(np.mean([pair.smallest_deg for pair in pairs])),
        error_sd_deg=float(np.std([pair.told_deg - pair.true_deg for pair in pairs])),
    )


@dataclass(frozen=True, slots=True)
class _Day:
    """What one day's pictures say together, and the true tilt of the outline."""

    series: Series
    true_deg: float


@dataclass(frozen=True, slots=True)
class _TwoDays:
    """Two days, between which the pelvis was turned on purpose, or was not."""

    before: _Day
    after: _Day
    turned_deg: float

    @property
    def told_deg(self) -> float:
        return self.after.series.tilt.angle_deg - self.before.series.tilt.angle_deg

    @property
    def true_deg(self) -> float:
        return self.after.true_deg - self.before.true_deg

    @property
    def smallest_deg(self) -> float:
        """The change from which one is told, as :mod:`app.history.comparison` rounds it up."""
        return math.ceil(max(day.series.smallest_change_deg for day in (self.before, self.after)))


def _day(seen: Seen, day: int, shots: int) -> _Day | None:
    numbers = [day * SHOTS_A_DAY + number for number in range(shots)]
    outlines = [seen[number] for number in numbers if number in seen]
    answers = [replace(result, tilt=result.contour) for _, result in outlines if result.contour]
    if len(answers) < shots:
        return None
    series = assess_series(answers)
    true_deg = outline_tilt_deg(outlines[0][0].truth)
    return _Day(series, true_deg) if isinstance(series, Series) else None


def seen_bodies(samples: list[Sample], what: str) -> tuple[list[Seen], int]:
    """Measure pictures of bodies seen several times; and return how many were refused."""
    pairs, refused = measured_pairs(samples, what)
    by_body = grouped(pairs, lambda pair: str(pair[0].truth["seed"]))
    bodies = [
        {sample.truth["shot"]: (sample, said) for sample, said in b} for b in by_body.values()
    ]
    return bodies, refused.total()


def judge(report: Report, folder: Path) -> None:
    """Report on sweeps, on changes and on calibrating."""
    _judge_sweeps(report, load_part(folder, "judge_sweep"))
    bodies, refused = seen_bodies(load_part(folder, "judge_change"), "three days")
    rows = []
    for shots in (3, SHOTS_A_DAY):
        told = change_figures(bodies, shots)
        claimed, found = f"{told.claimed} of {told.compared}", f"{told.found} of {told.turned}"
        sizes = f"{told.smallest_deg:.1f}", f"{told.error_sd_deg:.2f}"
        rows.append([f"medians of {shots}", claimed, found, *sizes])
    columns = "", "told where there is none", "6 deg found", "smallest deg", "error SD deg"
    report.table(f"Change between days, {len(bodies)} bodies ({refused} refused)", columns, rows)
    _judge_calibrated(report, bodies)


def _judge_sweeps(report: Report, samples: list[Sample]) -> None:
    bodies, refused = seen_bodies(samples, "sweeps")
    by_fit = grouped(bodies, lambda seen: str(next(iter(seen.values()))[0].truth["fit"]))
    parts = {"all": bodies} | {fit: by_fit[fit] for fit in sorted(by_fit, reverse=True)}
    figures = [sweep_figures(swept_bodies(part, len(SWEEP_TILTS_DEG))) for part in parts.values()]
    rows = [
        ["mean absolute error, single answers, deg", *(f"{one.mae_deg:.2f}" for one in figures)],
        ["the body's own offset, SD, deg", *(f"{one.offset_sd_deg:.2f}" for one in figures)],
        ["around the body's own mean, SD, deg", *(f"{one.within_sd_deg:.2f}" for one in figures)],
        ["half of them within, deg", *(f"{one.within_median_deg:.2f}" for one in figures)],
        ["slope within a body", *(f"{one.within_slope:.2f}" for one in figures)],
        ["steps of 5 deg that rise", *(f"{one.steps_rising:.0%}" for one in figures)],
        ["bodies that rise at every step", *(f"{one.bodies_rising:.0%}" for one in figures)],
        [
            "calibrated by one picture, mean absolute error, deg",
            *(f"{one.calibrated_mae_deg:.2f}" for one in figures),
        ],
    ]
    title = (
        f"{figures[0].bodies} bodies swept from {SWEEP_TILTS_DEG[0]:g} to "
        f"{SWEEP_TILTS_DEG[-1]:g} deg by 5, another camera each time ({refused} of "
        f"{len(samples)} refused)"
    )
    columns = (f"{fit}, {one.bodies}" for fit, one in zip(parts, figures, strict=True))
    report.table(title, ("", *columns), rows)


def _judge_calibrated(report: Report, bodies: Sequence[Seen]) -> None:
    """Report on answers about bones of drawn shape, before and after calibrating by marks."""
    rng = np.random.default_rng(11)
    by_name: dict[str, list[tuple[float, TiltEstimate]]] = {}
    for seen in bodies:
        days = [
            [seen[n] for n in range(day * SHOTS_A_DAY, (day + 1) * SHOTS_A_DAY) if n in seen]
            for day in range(len(CHANGES_DEG))
        ]
        if not days[0]:
            continue
        later = [picture for day in days[1:] for picture in day]
        known = [sample.truth["tilt_deg"] for sample, said in later if said.contour]
        outlines = [said.contour for _, said in later if said.contour]
        by_name.setdefault("not calibrated, one picture", []).extend(
            zip(known, outlines, strict=True)
        )
        for count in (1, 3, SHOTS_A_DAY):
            name = f"calibrated by {count}, one picture"
            answers = calibrated_answers(later, days[0][:count], rng)
            by_name.setdefault(name, []).extend(
                (true, said.tilt) for true, said in zip(known, answers, strict=False)
            )
        for day in days[1:]:
            series = assess_series(calibrated_answers(day, days[0], rng))
            if isinstance(series, Series):
                name = f"calibrated by {SHOTS_A_DAY}, medians of {SHOTS_A_DAY}"
                by_name.setdefault(name, []).append((day[0][0].truth["tilt_deg"], series.tilt))
    rows = {
        name: agreement(
            [true for true, _ in pairs],
            [said.angle_deg for _, said in pairs],
            [(said.low_deg, said.high_deg) for _, said in pairs],
        )
        for name, pairs in by_name.items()
        if pairs
    }
    report.agreements("Bones of drawn shape: marks err by 2 deg, as placed by hand", rows)
