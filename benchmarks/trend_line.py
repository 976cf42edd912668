"""What is said of made-up histories: how often a change where there is none, and where there is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer

from app.history.change.trend_line import fit_trend
from app.history.records import DatedAngles
from benchmarks.shared import judged, print_table
from vision.result import Method
from vision.series import DAY_TO_DAY_SD_DEG, WITHIN_BODY_SD_DEG

if TYPE_CHECKING:
    from app.history.change.trend_line import TrendLine

FALSE_ALARMS_TARGET = 5.0
COUNTS, CHANGES_DEG = (6, 10, 20, 40, 80), (0.0, 3.0, 5.0, 7.0)
_OUTLIER_DEG, _DAY_S = 9.0, 86_400.0


@dataclass(frozen=True, slots=True)
class MadeUp:
    """How a history is drawn.

    Attributes
    ----------
    checks, days
        How many, and over how long.
    change_deg
        From the first to the last day, evenly.
    levels
        So many sets of clothes, each with an offset of its own (SD 2.5 deg), worn at random.
    within_sd_deg
        What measuring this body differs by; the program goes by
        :data:`vision.series.WITHIN_BODY_SD_DEG`.
    outliers
        The share of checks that are off by 9 deg.
    """

    checks: int
    days: int = 365
    change_deg: float = 0.0
    levels: int = 1
    within_sd_deg: float = WITHIN_BODY_SD_DEG
    outliers: float = 0.0


def made_up(plan: MadeUp, rng: np.random.Generator) -> DatedAngles:
    """Draw a history; now and then two checks fall on one day and share how somebody stood."""
    day = np.sort(rng.integers(0, plan.days, plan.checks))
    day[0], day[-1] = 0, plan.days
    level = rng.integers(0, plan.levels, plan.checks)
    stance_deg = rng.normal(0.0, DAY_TO_DAY_SD_DEG, plan.days + 1)
    angle_deg = (
        12.0
        + plan.change_deg * day / plan.days
        + rng.normal(0.0, 2.5, plan.levels)[level]
        + stance_deg[day]
        + rng.normal(0.0, plan.within_sd_deg, plan.checks)
        + (rng.random(plan.checks) < plan.outliers) * rng.choice((-1, 1)) * _OUTLIER_DEG
    )
    none = np.zeros(plan.checks)
    return DatedAngles(
        method=Method.CONTOUR,
        taken_at_s=day * _DAY_S + rng.uniform(0, _DAY_S, plan.checks),
        day=day,
        angle_deg=angle_deg,
        reading_deg=none + 2.5,
        roll_deg=none + 0.5,
        repeats=none.astype(np.int64),
        repeat_spread_deg=none,
        level=level,
        has_clothes=none == 0,
    )


def some_person(checks: int, rng: np.random.Generator) -> MadeUp:
    """Draw how somebody measures: one to three sets of clothes, steadier or less than most."""
    within_deg = WITHIN_BODY_SD_DEG * float(np.exp(rng.normal(0.0, 0.2)))
    days = int(rng.integers(60, 730))
    return MadeUp(checks, days, 0.0, int(rng.integers(1, 4)), within_deg, outliers=0.02)


def seen(line: TrendLine | None, change_deg: float) -> bool:
    """Tell whether a change that way is told; of none, whether any is."""
    return line is not None and line.is_real and (change_deg == 0 or line.change_deg > 0)


def trend_line(
    histories: Annotated[int, typer.Option(help="drawn for each line of the table")] = 1000,
) -> None:
    """Draw histories and count the changes told where there is none, and the real ones seen."""
    rng = np.random.default_rng(2026)
    rows, false_alarms = [], Counter[int]()
    for checks in COUNTS:
        told: Counter[float] = Counter()
        for _ in range(histories):
            person = some_person(checks, rng)
            for change_deg in CHANGES_DEG:
                line = fit_trend(made_up(replace(person, change_deg=change_deg), rng))
                told[change_deg] += seen(line, change_deg)
        false_alarms[checks] = told[0.0]
        shares = [100 * told[change_deg] / histories for change_deg in CHANGES_DEG]
        rows.append([f"{checks}", *(f"{share:.1f}" for share in shares)])
    share = 100 * sum(false_alarms.values()) / (histories * len(COUNTS))
    seen_deg = [f"{change_deg:g} deg seen, %" for change_deg in CHANGES_DEG[1:]]
    print_table(
        f"{histories} made-up histories each: a change is told, %",
        ["checks", "where there is none", *seen_deg],
        rows,
    )
    print_table(
        "All of them", ["what", "%", "target", "of target", ""],
        [["told where there is none", *judged(share, FALSE_ALARMS_TARGET)]],
    )  # fmt: skip
