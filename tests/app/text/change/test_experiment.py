"""What is said about planned weeks."""

from __future__ import annotations

from datetime import date

from app.history.change.experiment import Compared, Difference, Planned
from app.text.change import experiment as said


def test_the_week_and_what_was_done() -> None:
    plan = Planned(1, date(2026, 3, 2), (True, False) * 6, 1, 4, ())
    assert said.describe_week(plan, 0) == "Week 1 of 12: do your exercises, and make a check."
    assert said.describe_week(plan, 3) == "Week 4 of 12: no exercises, but make a check."
    assert said.describe_followed(plan) == (
        "Exercises: 1 day in weeks with them, 4 days in weeks without."
    )


def test_chance_has_its_say() -> None:
    tilt = Difference(Compared.TILT, 6, -1.2, -3.4, 1.1, 0.4)
    assert said.describe_difference(tilt) == (
        "Tilt: 1° less forward in weeks with exercises (likely \u22121° to 3°). Chance alone does "
        "as much in 40 of 100 such plans, so this shows no difference."
    )
    wider = Difference(Compared.RANGE, 8, 4.0, 2.0, 6.0, 2 / 256)
    assert said.describe_difference(wider) == (
        "Range: 4° wider in weeks with exercises (likely 2° to 6°). Chance alone does as much in "
        "only 1 of 100 such plans."
    )
    assert "too few" in said.describe_difference(Difference(Compared.TILT, 3, 1.0, -2.0, 4.0))
    assert "the same" in said.describe_difference(Difference(Compared.TILT, 6, 0.2, -2, 2, 0.9))
    assert said.describe_difference(Difference(Compared.TILT, 1)) == said.NONE_YET[Compared.TILT]
