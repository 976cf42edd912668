"""The report's sentences and cells, filled with one person's checks."""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING

from app.history.comparison import change_between
from app.history.progress import level_of
from app.history.ranges import range_change
from app.text import history, measurement, range_test, report
from app.text import squeeze as squeeze_words
from app.text.change import progress as progress_words
from app.text.languages.wording import day_text, inside, time_text
from app.text.measurement import warnings
from vision._version import __version__
from vision.result import Method, interval_text, tilt_text, whole_deg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.history.progress import Period, Progress
    from app.history.ranges import RangeTaken
    from app.history.records import Check, CheckRow, Profile, Squeeze
    from app.report.contents import Contents
    from app.report.trend import TrendPoints
    from vision.result import TiltEstimate

_HASH_DIGITS = 12
#: Points nearer to the suggested ones than this were left as they were.
_SAME_PLACE_PX = 0.5


def dates(contents: Contents) -> str:
    """Say how many checks there are and from when to when."""
    days = [day_text(check.row.taken_at) for check in contents.checks]
    count = contents.total_count
    if count == 1:
        return report.ONE_CHECK.format(day=days[0])
    if count > len(days):  # when the others were taken is not known here
        return report.CHECKS_UP_TO.format(count=count, last=days[0])
    if days[0] == days[-1]:
        return report.CHECKS_OF_ONE_DAY.format(count=count, day=days[0])
    return report.CHECKS.format(count=count, first=days[-1], last=days[0])


def known_of(profile: Profile) -> str:
    """Say a client's ID and year of birth, as far as they are known."""
    said = [report.CLIENT_ID.format(number=profile.client_id)] if profile.client_id else []
    if profile.birth_year is not None:
        said.append(report.BORN.format(year=profile.birth_year))
    return ", ".join(said)


def answers(check: Check) -> tuple[str, ...]:
    """Say where the angle of a check comes from, and what was measured beside it."""
    result = check.result
    said = [" ".join(history.describe_repeats(check.repeats, check.row.repeat_spread_deg))]
    said = [text for text in said if text]
    said.append(history.rests_on(result.tilt.method, result.calibrated_at))
    others = measurement.other_tilts(result)
    said += map(measurement.also, others)
    if others:
        said.append(measurement.OTHER_METHOD)
    if result.belt_line is not None and result.tilt.method is not Method.BELT:
        said.append(measurement.belt_sentence(result, measurement.headline))
    return tuple(said)


def change(earlier: Check, newest: Check) -> str | None:
    """Say whether the angle changed; None where two checks cannot be compared."""
    found = change_between(earlier.row, newest.row)
    if found is None:
        return None
    days = [day_text(check.row.taken_at) for check in (earlier, newest)]
    method = newest.row.tilt.method
    what = history.describe_change(method, found)
    said = report.CHANGE.format(earlier=days[0], newest=days[1], change=what)
    differ = history.conditions_differ(earlier.row.conditions, newest.row.conditions)
    return " ".join((said, *differ))


def caption(check: Check) -> str:
    """Say which check a picture shows."""
    row = check.row
    said = report.PICTURE_CAPTION.format(
        when=time_text(row.taken_at),
        angle=angle(row.tilt),
        method=measurement.METHOD_WORDS[row.tilt.method],
    )
    repeats = history.repeats_briefly(row.repeat_count)
    return f"{said}, {repeats}" if repeats else said


def squeeze(test: Squeeze) -> str:
    """Say what a squeeze test gave and what the person answered."""
    said = squeeze_words.REPORT_LINE.format(
        when=day_text(test.taken_at),
        turned=inside(squeeze_words.describe_turn(test.result)),
        noise=squeeze_words.noise_briefly(test.result),
        answers=squeeze_words.describe_answers(test.answers),
    )
    return " ".join(said.split())


def range_tests(tests: Sequence[RangeTaken]) -> str:
    """Say what the newest of some range tests gave, and how it differs from the first."""
    first, newest = tests[0], tests[-1]
    changed = None if newest is first else range_change(first.result, newest.result)
    said = ""
    if changed is not None:
        said = range_test.describe_change(changed, day_text(first.taken_at))
    return range_test.report_line(newest.result, day_text(newest.taken_at), said)


def week_cell(row: int, week: Period) -> str:
    """Return what one row of :data:`app.text.change.progress.REPORT_ROWS` says of a week."""
    level = None if week.answers is None else level_of(week.answers)
    said = squeeze_words.ability_name(level) if level is not None else ""
    cells = (str(week.exercise_days), str(week.sets), str(week.breaks), said)
    return progress_words.REPORT_NONE if cells[row] in ("", "0") else cells[row]


def self_checks(progress: Progress) -> tuple[str, ...]:
    """Say what the first and the last self-check were answered."""
    said = [(day.first, day.answers) for day in progress.days if day.answers is not None]
    shown = [said[0], said[-1]] if len(said) > 1 else said
    return tuple(
        progress_words.REPORT_ANSWERS.format(
            day=day_text(day), answers=squeeze_words.describe_answers(given)
        )
        for day, given in shown
    )


def done_briefly(progress: Progress) -> str:
    """Say all that was done in one sentence, where there is no room for more."""
    days = progress.days
    return progress_words.REPORT_BRIEF.format(
        day=day_text(days[0].first),
        days=sum(day.exercise_days for day in days),
        sets=sum(day.sets for day in days),
        breaks=sum(day.breaks for day in days),
    )


def angle(tilt: TiltEstimate) -> str:
    """Return an angle with its interval; a belt line is not called a tilt."""
    if tilt.method is not Method.BELT:
        return tilt_text(tilt)
    whole = whole_deg(tilt.angle_deg)
    template = report.BELT_LOWER if whole > 0 else report.BELT_HIGHER
    template = template if whole else report.BELT_LEVEL
    return template.format(angle=abs(whole), interval=interval_text(tilt))


def all_together(contents: Contents) -> str:
    """Say what all checks of the trend say together; empty where they are too few."""
    line, zone = contents.line, contents.newest.row.taken_at.tzinfo
    if line is None:
        return ""
    ends = (datetime.fromtimestamp(at_s, zone) for at_s in (line.first_s, line.last_s))
    first, last = map(day_text, ends)
    return history.describe_line(line, contents.trend.method, first, last, len(contents.trend.ids))


def trend_notes(points: TrendPoints, method: Method) -> str:
    """Say what points, bars and band of the chart are."""
    bars = report.TREND_BARS
    if points.each > 1:
        bars = report.TREND_MIDDLES.format(count=points.count, each=points.each)
    belt = method is Method.BELT
    return f"{bars} {report.NO_RANGE_FOR_BELT if belt else report.USUAL_RANGE}"


def table_row(row: CheckRow) -> tuple[str, ...]:
    """Return the cells of one check, in the order of :data:`app.text.report.COLUMNS`."""
    return (
        time_text(row.taken_at),
        angle(row.tilt),
        history.method_briefly(row, report.METHODS_SHORT),
        row.conditions.garment,
        history.arms_name(row.conditions.arms),
        row.conditions.note,
    )


def capture_rows(check: Check) -> tuple[tuple[str, str], ...]:
    """Return how a picture was taken: what the person said, what the program saw."""
    conditions, capture = check.row.conditions, check.result.capture
    unknown = report.NOT_SAID
    roll = abs(whole_deg(capture.roll_deg))
    camera = report.CAMERA_TURNED if roll else report.CAMERA_LEVEL
    level = camera[capture.vertical].format(roll=roll)
    rows = [
        (report.CLOTHES, conditions.garment or unknown),
        (report.ARMS, history.arms_name(conditions.arms) or unknown),
        (report.SIDE_ON, report.SIDE_ON_TURNED.format(yaw=round(capture.yaw_deg))),
        (report.CAMERA, level),
        (report.POINTS, _points(check)),
        (report.NOTICED, _noticed(check)),
        (report.NOTE, conditions.note),
    ]
    return tuple((name, text) for name, text in rows if text)


def versions(contents: Contents) -> str:
    """Say which programs and models made the report and its numbers."""
    made = contents.newest.result.provenance
    said = [
        report.MADE_BY.format(version=__version__),
        report.MEASURED_BY.format(
            version=made.version,
            pose=made.pose_model_sha256[:_HASH_DIGITS],
            contour=made.contour_model_sha256[:_HASH_DIGITS],
        ),
    ]
    used = sorted({check.result.provenance.version for check in contents.checks})
    if len(used) > 1:
        said.append(report.SEVERAL_VERSIONS.format(versions=", ".join(used)))
    return " ".join(said)


def _points(check: Check) -> str:
    if check.result.tilt.method is not Method.MARKED or check.result.points is None:
        return ""
    suggested, points = check.suggested_points, check.result.points
    if suggested is None:
        return report.POINTS_BY_HAND
    ends = (suggested.asis_px, points.asis_px), (suggested.psis_px, points.psis_px)
    kept = all(math.dist(was, now) < _SAME_PLACE_PX for was, now in ends)
    return report.POINTS_KEPT if kept else report.POINTS_MOVED


def _noticed(check: Check) -> str:
    seen = [reason.message for reason in warnings(check.result)]
    return " ".join(seen) or report.NOTHING_NOTICED
