"""What is said about exercises, breaks and self-checks over time: the habit, never a verdict.

What may be said, and the sources, are in docs/MEASUREMENT.md, sections 6 and 7.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from app.history.progress import DAYS_A_WEEK, Unit
from app.text import squeeze
from vision.messages import Plural, translatable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from app.history.progress import Period, Progress

TITLE = "What you did"
THIS_WEEK = "This week: {done}."
NOTHING_YET = "nothing noted so far"
LAST_WEEK = "Last week: {done}."
IN_A_ROW = "{count} weeks in a row with exercises on {days} days or more."
#: Beside every count, so that nobody waits for the angle to follow.
HABIT = "The habit is what counts: in trials the tilt itself changed by 1 to 2° at most."

LEGEND, LEGEND_BETWEEN = "{signs}.", " \u00b7 "
LEGEND_EXERCISES = "\u25a0 exercises"
LEGEND_BREAKS = "\u25ae breaks"
LEGEND_SELF_CHECK = "self-check: \u25cf yes, \u25d0 partly, \u25cb no"
BAND = "Exercises, breaks and self-checks over time"
BAND_HELP = "Left and Right go from one day, week or month to the next."

DAYS = Plural(("exercises on 1 day", "exercises on {count} days"))
SETS = Plural(("1 set", "{count} sets"))
OF_EXERCISES = "{sets} of {count} different exercises"
BREAKS = Plural(("1 break", "{count} breaks"))
SOME_AWAY = "{breaks} ({count} noticed while you were away)"
SELF_CHECKS = Plural(("1 self-check", "{count} self-checks"))
POINTED: Mapping[Unit, str] = {
    Unit.DAY: "{when}: {done}.",
    Unit.WEEK: "Week from {when}: {done}.",
    Unit.MONTH: "Month from {when}: {done}.",
}

#: In the report.
REPORT_TITLE = "What was done, week by week"
REPORT_NOTE = (
    "Weeks begin on Monday. Sets as the person, a timer or the camera counted them; breaks as the "
    "person said or the computer noticed. In trials of exercises the tilt itself changed by 1 to "
    "2° at most, so this is no explanation of the angles."
)
REPORT_ROWS = ("Days with exercises", "Sets", "Breaks", "Self-check")
REPORT_WEEK = "from {day}"
REPORT_NONE = "-"
REPORT_ANSWERS = "{day}: {answers}"
REPORT_BRIEF = "Since {day}: exercises on {days} days, {sets} sets, {breaks} breaks."


def summary(progress: Progress, today: date) -> str:
    """Say this week in few words, and for how many weeks exercises were kept up.

    While nothing was done this week, last week is told as well. Empty where there is nothing
    at all.
    """
    if not progress.days:
        return ""
    week = in_week(progress.week_of(today))
    said = [THIS_WEEK.format(done=week or NOTHING_YET)]
    last_week = in_week(progress.week_of(today - timedelta(days=7)))
    if not week and last_week:
        said.append(LAST_WEEK.format(done=last_week))
    in_a_row = progress.weeks_in_a_row(today)
    if in_a_row > 1:
        said.append(IN_A_ROW.format(count=in_a_row, days=DAYS_A_WEEK))
    return " ".join(said)


def legend(progress: Progress) -> str:
    """Say what the signs of the band stand for, of those that are in it."""
    days = progress.days
    said = (
        LEGEND_EXERCISES if any(day.sets for day in days) else "",
        LEGEND_BREAKS if any(day.breaks for day in days) else "",
        LEGEND_SELF_CHECK if any(day.answers is not None for day in days) else "",
    )
    return LEGEND.format(signs=LEGEND_BETWEEN.join(part for part in said if part))


def in_week(period: Period) -> str:
    """Say on how many days there were exercises, and how many breaks; empty for nothing."""
    days = _count(period.exercise_days, DAYS)
    breaks = _count(period.breaks, BREAKS)
    checks = _count(period.self_checks, SELF_CHECKS)
    return ", ".join(part for part in (days, breaks, checks) if part)


def pointed(period: Period, when: str) -> str:
    """Say all that was done in a period; ``when`` is its first day in the reader's language."""
    days = "" if period.unit is Unit.DAY else _count(period.exercise_days, DAYS)
    parts = days, sets_text(period), breaks_text(period)
    done = ", ".join(part for part in parts if part)
    checks = _count(period.self_checks, SELF_CHECKS)
    if period.unit is not Unit.DAY or period.self_checks > 1 or not done:
        done = ", ".join(part for part in (done, checks) if part)
    said = POINTED[period.unit].format(when=when, done=done)
    answers = "" if period.answers is None else squeeze.describe_answers(period.answers)
    return f"{said} {answers}".strip()


def sets_text(period: Period) -> str:
    """Return how many sets there were, of how many exercises; empty for none."""
    sets = _count(period.sets, SETS)
    if period.exercises < 2:
        return sets
    return OF_EXERCISES.format(sets=sets, count=period.exercises)


def breaks_text(period: Period) -> str:
    """Return how many breaks there were, and how many were noticed; empty for none."""
    breaks = _count(period.breaks, BREAKS)
    if not period.breaks_away:
        return breaks
    return SOME_AWAY.format(breaks=breaks, count=period.breaks_away)


def _count(count: int, words: Plural) -> str:
    return words.of(count) if count else ""


translatable(__name__)
