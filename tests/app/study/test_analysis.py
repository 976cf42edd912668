"""Which figures come of which rows of the long table."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from app.study.agreement import (
    IccForm,
    intraclass_correlations,
    limits_of_agreement,
    measurement_error,
    repeat_error,
)
from app.study.analysis import ALL_RATERS, analyse, count_pictures, form_of, read_ratings
from app.study.design import Design
from app.study.table import AUTOMATIC, StudyRow
from tests.app.study.simulated import Scatter, simulated_rows

pytestmark = pytest.mark.xdist_group("statistics")

WHOLE = Scatter(unmarkable=0.0)
DESIGN = Design(raters=3, repeats=2, subjects=15)


def test_the_table_becomes_arrays_whatever_its_order() -> None:
    rows = simulated_rows(DESIGN, scatter=WHOLE)
    ratings = read_ratings(rows)
    assert ratings.tilt_deg.shape == (15, 3, 2)
    row = rows[37]
    place = ratings.subjects.index(row.subject), ratings.raters.index(row.rater), row.repeat - 1
    assert ratings.tilt_deg[place] == row.tilt_deg
    again = read_ratings(sorted(rows, key=lambda row: (row.subject, row.rater)))
    assert np.array_equal(ratings.tilt_deg, again.tilt_deg)


def test_each_comparison_is_of_the_ratings_that_it_names() -> None:
    rows = simulated_rows(DESIGN, scatter=WHOLE)
    ratings, found = read_ratings(rows), analyse(rows)
    automatic = ratings.automatic_deg["contour"]
    means = ratings.tilt_deg.mean(axis=2)

    names = [(pair.first, pair.second) for pair in found.automatic_pairs]
    assert names == [(AUTOMATIC, name) for name in (*ratings.raters, ALL_RATERS)]
    one = limits_of_agreement(automatic, means[:, 1])
    assert found.automatic_pairs[1].limits == one
    everyone = limits_of_agreement(automatic, means.mean(axis=1))
    assert found.automatic_pairs[-1].limits == everyone

    first = ratings.tilt_deg[:, :, 0]
    assert found.raters_together.forms == tuple(intraclass_correlations(first))
    assert found.raters_together.error == measurement_error(first)
    pair = found.rater_pairs[2]
    assert (pair.first, pair.second) == ("rater-2", "rater-3")
    limits = limits_of_agreement(
        ratings.tilt_deg[:, 1].ravel(), ratings.tilt_deg[:, 2].ravel(), list(np.arange(30) // 2)
    )
    assert pair.limits == limits
    assert (limits.pairs, limits.subjects) == (30, 15)

    own, together = found.repeats_of[0], found.repeats_of[-1]
    assert own.error == repeat_error(ratings.tilt_deg[:, 0])
    assert form_of(own.forms, IccForm.ONE)
    assert together.rater == ALL_RATERS
    assert together.error == repeat_error(ratings.tilt_deg.reshape(-1, 2))
    assert found.mixed is not None
    assert found.mixed.missing == 0


def test_all_raters_mean_leaves_out_who_lacks_a_rater() -> None:
    rows = [
        replace(row, tilt_deg=None, status="unmarkable")
        if (row.subject, row.rater) == ("s003", "rater-1")
        else row
        for row in simulated_rows(DESIGN, scatter=WHOLE)
    ]
    limits = [pair.limits for pair in analyse(rows).automatic_pairs]
    assert [one.subjects for one in limits if one] == [14, 15, 15, 14]


def test_methods_are_not_mixed_and_a_belt_line_is_no_tilt() -> None:
    rows = simulated_rows(Design(raters=2, repeats=1, subjects=12), scatter=WHOLE)
    own = [row for row in rows if row.rater == AUTOMATIC]
    methods = dict(zip((row.subject for row in own), ["stickers"] * 5 + ["belt"] * 2, strict=False))
    rows = [
        replace(row, method=methods.get(row.subject, row.method)) if row in own else row
        for row in rows
    ]
    counts = {
        (pair.method, pair.second): pair.limits.subjects
        for pair in analyse(rows).automatic_pairs
        if pair.limits
    }
    assert counts["contour", ALL_RATERS] == counts["contour", "rater-1"] == 5
    assert counts["stickers", ALL_RATERS] == 5


def test_pictures_are_counted_with_time_and_reasons() -> None:
    rows = [
        StudyRow("a", "r", 1, status="rated", tilt_deg=1.0, seconds=10.0,
                 rated_at="2026-03-02T09:00:00+00:00"),
        StudyRow("a", "r", 2, status="rated", tilt_deg=2.0, seconds=20.0,
                 rated_at="2026-03-03T09:00:00+00:00"),
        StudyRow("b", "r", 1, status="unmarkable", seconds=30.0, rated_at="soon"),
        StudyRow("b", "r", 2),
        StudyRow("a", AUTOMATIC, 1, status="rejected", reasons="blurred too_dark"),
        StudyRow("b", AUTOMATIC, 1, status="error", reasons="changed"),
    ]  # fmt: skip
    (counted,) = count_pictures(rows)
    assert (counted.asked, counted.answered, counted.unmarkable, counted.open) == (4, 2, 1, 1)
    assert counted.seconds == (15, 20, 25)
    assert counted.hours_apart == (24, 24, 24)
    found = analyse(rows)
    assert found.open == 1
    assert (found.automatic.answered, found.automatic.unmarkable) == (0, 2)
    assert dict(found.refused_for) == {"blurred": 1, "too_dark": 1, "changed": 1}
    assert found.automatic_pairs == ()


def test_the_belt_line_is_found_or_not_beside_beltline() -> None:
    rows = []
    for number, (seen, found) in enumerate([(0, 0), (1, 2), (2, 2), (0, 0), (2, 0), (2, 2)]):
        subject = f"s{number}"
        rows.append(StudyRow(subject, "r", 1, status="rated", tilt_deg=float(number), belt=seen))
        rows.append(StudyRow(subject, "q", 1, status="rated", tilt_deg=float(number), belt=seen))
        rows.append(
            StudyRow(subject, AUTOMATIC, 1, "", "contour", "measured", number * 1.1, belt=found)
        )
    belts = {(belt.first, belt.second): belt for belt in analyse(rows).belts}
    own = belts[AUTOMATIC, "r"]
    assert own.photos == 6
    assert own.same_share == pytest.approx(5 / 6)
    assert own.kappa is not None
    assert own.kappa.value == pytest.approx(2 / 3)
    both = belts["r", "q"]
    assert both.kappa is not None
    assert both.kappa.value == 1


@pytest.mark.parametrize(
    ("raters", "repeats", "subjects"), [(1, 1, 3), (1, 2, 3), (2, 1, 3), (2, 3, 4), (4, 1, 3)]
)
@pytest.mark.parametrize("kind", ["all alike", "nothing", "scattered"])
def test_any_study_has_figures_or_the_reasons_why_not(
    raters: int, repeats: int, subjects: int, kind: str
) -> None:

    design = Design(raters=raters, repeats=repeats, subjects=subjects)
    alike = Scatter(subjects_deg=0, raters_deg=0, rest_deg=0, unmarkable=0)
    scatter = {"all alike": alike, "nothing": replace(alike, unmarkable=1.1)}.get(
        kind, Scatter(unmarkable=0.3)
    )
    found = analyse(simulated_rows(design, scatter=scatter, automatic=kind != "nothing"))
    assert len(found.counts) == raters
    assert bool(found.mixed) != bool(found.why_not_mixed)
    for pair in (*found.automatic_pairs, *found.rater_pairs):
        assert pair.limits is not None or pair.why
    assert len(found.repeats_of) == (0 if repeats == 1 else raters + (raters > 1))


def test_plans_rest_on_what_was_found() -> None:
    found = analyse(simulated_rows(DESIGN, scatter=WHOLE))
    form = form_of(found.raters_together.forms, IccForm.AGREEMENT)
    limits = found.automatic_pairs[-1].limits
    assert form
    assert limits
    expected = {plan.figure: plan.expected for plan in found.plans}
    assert expected == {"icc": form.icc.value, "limits": limits.sd}
    subjects = [plan.subjects for plan in found.plans if plan.figure == "icc"]
    assert subjects == sorted(subjects, reverse=True)
    assert math.isfinite(sum(subjects))
