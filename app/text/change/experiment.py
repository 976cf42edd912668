"""What is said about weeks with and without exercises; never more than the weeks can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.history.change.experiment import PAIRS_LEAST, Compared
from vision.messages import Plural, translatable
from vision.result import whole_deg

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.history.change.experiment import Difference, Planned

TITLE = "Did the exercises help me?"
ABOUT = (
    "Plan some weeks with your exercises and some without; chance decides which. Make a check "
    "every week, in the same clothes. At the end Beltline tells you whether the two kinds of weeks "
    "differ by more than chance."
)
LIMITS = (
    "This shows only what comes and goes within a week, not strength that lasts longer, nor how "
    "you feel. In trials the tilt itself changed by 1 to 2° at most."
)
CHOICE, WEEKS = "How long", "{count} weeks"
START, END = "Plan these weeks from today", "End this plan"
STARTED, ENDED = "Planned {count} weeks", "Ended the plan"
WEEK_WITH = "Week {week} of {count}: do your exercises, and make a check."
WEEK_WITHOUT = "Week {week} of {count}: no exercises, but make a check."
OVER = "The plan ended on {day}."
SINCE = "Planned on {day}."
FOLLOWED = "Exercises: {with_} in weeks with them, {without} in weeks without."
DAYS = Plural(("1 day", "{count} days"))

#: By what is compared: nothing measured yet, and more and less of it.
NONE_YET: Mapping[Compared, str] = {
    Compared.TILT: "Tilt: nothing to compare yet. It takes a check in weeks of both kinds.",
    Compared.RANGE: "Range: nothing to compare yet. It takes a range test in weeks of both kinds.",
}
MORE: Mapping[Compared, str] = {
    Compared.TILT: "Tilt: {mean}° more forward in weeks with exercises (likely {low} to {high}).",
    Compared.RANGE: "Range: {mean}° wider in weeks with exercises (likely {low} to {high}).",
}
LESS: Mapping[Compared, str] = {
    Compared.TILT: "Tilt: {mean}° less forward in weeks with exercises (likely {low} to {high}).",
    Compared.RANGE: "Range: {mean}° narrower in weeks with exercises (likely {low} to {high}).",
}
SAME: Mapping[Compared, str] = {
    Compared.TILT: "Tilt: the same in weeks with and without exercises (likely {low} to {high}).",
    Compared.RANGE: "Range: the same in weeks with and without exercises (likely {low} to {high}).",
}
TOO_FEW = "{pairs} of {least} pairs of weeks so far: too few to tell it from chance."
BY_CHANCE = "Chance alone does as much in {often} of 100 such plans, so this shows no difference."
HARDLY_CHANCE = "Chance alone does as much in only {often} of 100 such plans."
HARDLY_EVER = "Chance alone does as much in fewer than 1 of 100 such plans."


def describe_week(plan: Planned, week: int) -> str:
    """Say what a week of the plan, counted from 0, is for."""
    said = WEEK_WITH if plan.weeks[week] else WEEK_WITHOUT
    return said.format(week=week + 1, count=len(plan.weeks))


def describe_followed(plan: Planned) -> str:
    """Say on how many days there were exercises, in which weeks."""
    days = (_days(count) for count in (plan.days_with, plan.days_without))
    with_, without = days
    return FOLLOWED.format(with_=with_, without=without)


def describe_difference(difference: Difference) -> str:
    """Say how weeks with exercises differ from weeks without, and what chance has to do with it."""
    mean_deg = difference.mean_deg
    if mean_deg is None or difference.low_deg is None or difference.high_deg is None:
        return NONE_YET[difference.what]
    mean = whole_deg(mean_deg)
    low, high = whole_deg(difference.low_deg), whole_deg(difference.high_deg)
    if mean < 0:
        low, high = -high, -low
    template = SAME if mean == 0 else MORE if mean > 0 else LESS
    said = template[difference.what].format(mean=abs(mean), low=_signed(low), high=_signed(high))
    return f"{said} {_chance(difference)}"


def _chance(difference: Difference) -> str:
    if difference.chance is None:
        return TOO_FEW.format(pairs=difference.pairs, least=PAIRS_LEAST)
    often = round(100 * difference.chance)
    if not difference.is_real:
        return BY_CHANCE.format(often=often)
    return HARDLY_CHANCE.format(often=often) if often else HARDLY_EVER


def _days(count: int) -> str:
    return DAYS.of(count)


def _signed(angle_deg: int) -> str:
    """Return degrees with a minus that is one."""
    return f"{angle_deg}°".replace("-", "\u2212")


translatable(__name__)
