"""The report's sentences and cells, filled with one person's checks."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from app.guidance import history_words, posture_words, report_words, squeeze_words, words
from app.guidance.result_words import warnings
from app.history.change import change_between
from app.report_text import headline
from vision._version import __version__
from vision.result import Method
from vision.tilt_text import interval_text, tilt_text, whole_deg

if TYPE_CHECKING:
    from app.history.records import Check, CheckRow, Squeeze
    from app.report.contents import Contents
    from app.report.trend_points import TrendPoints
    from vision.result import TiltEstimate

_HASH_DIGITS = 12
#: Points nearer to the suggested ones than this were left as they were.
_SAME_PLACE_PX = 0.5


def dates(contents: Contents) -> str:
    """Say how many checks there are and from when to when."""
    days = [report_words.day_text(check.row.taken_at) for check in contents.checks]
    count = contents.total_count
    if count == 1:
        return report_words.ONE_CHECK.format(day=days[0])
    if count > len(days):  # when the others were taken is not known here
        return report_words.CHECKS_UP_TO.format(count=count, last=days[0])
    if days[0] == days[-1]:
        return report_words.CHECKS_OF_ONE_DAY.format(count=count, day=days[0])
    return report_words.CHECKS.format(count=count, first=days[-1], last=days[0])


def answers(check: Check) -> tuple[str, ...]:
    """Say where the angle of a check comes from, and what was measured beside it."""
    result = check.result
    said = [" ".join(history_words.describe_repeats(check.repeats, check.row.repeat_spread_deg))]
    said = [text for text in said if text]
    said.append(history_words.rests_on(result.tilt.method))
    beside = (result.marked, result.stickers, result.contour)
    also = [t for t in beside if t is not None and t.method is not result.tilt.method]
    for tilt in also:
        text = headline(tilt)
        said.append(f"Also, {words.METHOD_WORDS[tilt.method]}: {text[0].lower()}{text[1:]}.")
    if also:
        said.append(words.OTHER_METHOD)
    if result.belt_line is not None and result.tilt.method is not Method.BELT:
        said.append(f"{headline(result.belt_line.tilt)}. {words.BELT_LINE_NOT_PELVIS}")
    return tuple(said)


def change(earlier: Check, newest: Check) -> str | None:
    """Say whether the angle changed; None where two checks cannot be compared."""
    found = change_between(earlier.row, newest.row)
    if found is None:
        return None
    days = [report_words.day_text(check.row.taken_at) for check in (earlier, newest)]
    method = newest.row.tilt.method
    what = history_words.describe_change(method, found)
    said = report_words.CHANGE.format(earlier=days[0], newest=days[1], change=what)
    differ = history_words.conditions_differ(earlier.row.conditions, newest.row.conditions)
    return " ".join((said, *differ))


def caption(check: Check) -> str:
    """Say which check a picture shows."""
    row = check.row
    said = report_words.PICTURE_CAPTION.format(
        when=report_words.time_text(row.taken_at),
        angle=angle(row.tilt),
        method=words.METHOD_WORDS[row.tilt.method],
    )
    repeats = history_words.repeats_briefly(row.repeat_count)
    return f"{said}, {repeats}" if repeats else said


def squeeze(test: Squeeze) -> str:
    """Say what a squeeze test gave and what the person answered."""
    said = squeeze_words.REPORT_LINE.format(
        when=report_words.day_text(test.taken_at),
        turned=squeeze_words.describe_turn(test.result).lower(),
        noise=squeeze_words.noise_briefly(test.result),
        answers=squeeze_words.describe_answers(test.answers),
    )
    return " ".join(said.split())


def angle(tilt: TiltEstimate) -> str:
    """Return an angle with its interval; a belt line is not called a tilt."""
    if tilt.method is not Method.BELT:
        return tilt_text(tilt)
    whole = whole_deg(tilt.angle_deg)
    template = report_words.BELT_LOWER if whole > 0 else report_words.BELT_HIGHER
    template = template if whole else report_words.BELT_LEVEL
    return template.format(angle=abs(whole), interval=interval_text(tilt))


def trend_notes(points: TrendPoints, method: Method) -> str:
    """Say what points, bars and band of the chart are."""
    bars = report_words.TREND_BARS
    if points.each > 1:
        bars = report_words.TREND_MIDDLES.format(count=points.count, each=points.each)
    belt = method is Method.BELT
    return f"{bars} {report_words.NO_RANGE_FOR_BELT if belt else report_words.USUAL_RANGE}"


def table_row(row: CheckRow) -> tuple[str, ...]:
    """Return the cells of one check, in the order of :data:`report_words.COLUMNS`."""
    return (
        report_words.time_text(row.taken_at),
        angle(row.tilt),
        _method(row),
        row.conditions.garment,
        history_words.arms_name(row.conditions.arms),
        row.conditions.note,
    )


def _method(row: CheckRow) -> str:
    name = report_words.METHODS_SHORT[row.tilt.method]
    if row.repeat_count < 2:
        return name
    return history_words.WITH_REPEATS.format(name=name, count=row.repeat_count)


def posture_rows(check: Check) -> tuple[tuple[str, str], ...]:
    """Return each part of the body, and what it does."""
    return tuple(
        (line.part, line.text) for line in posture_words.describe_posture(check.result.posture)
    )


def sway_back(check: Check) -> str | None:
    """Say that the body stands in sway-back, where it does."""
    return words.SWAY_BACK if posture_words.is_sway_back(check.result.posture) else None


def capture_rows(check: Check) -> tuple[tuple[str, str], ...]:
    """Return how a picture was taken: what the person said, what the program saw."""
    conditions, capture = check.row.conditions, check.result.capture
    unknown = report_words.NOT_SAID
    roll = abs(whole_deg(capture.roll_deg))
    camera = report_words.CAMERA_TURNED if roll else report_words.CAMERA_LEVEL
    level = camera[capture.vertical].format(roll=roll)
    rows = [
        (report_words.CLOTHES, conditions.garment or unknown),
        (report_words.ARMS, history_words.arms_name(conditions.arms) or unknown),
        (report_words.SIDE_ON, report_words.SIDE_ON_TURNED.format(yaw=round(capture.yaw_deg))),
        (report_words.CAMERA, level),
        (report_words.POINTS, _points(check)),
        (report_words.NOTICED, _noticed(check)),
        (report_words.NOTE, conditions.note),
    ]
    return tuple((name, text) for name, text in rows if text)


def versions(contents: Contents) -> str:
    """Say which programs and models made the report and its numbers."""
    made = contents.newest.result.provenance
    said = [
        report_words.MADE_BY.format(version=__version__),
        report_words.MEASURED_BY.format(
            version=made.version,
            pose=made.pose_model_sha256[:_HASH_DIGITS],
            contour=made.contour_model_sha256[:_HASH_DIGITS],
        ),
    ]
    used = sorted({check.result.provenance.version for check in contents.checks})
    if len(used) > 1:
        said.append(report_words.SEVERAL_VERSIONS.format(versions=", ".join(used)))
    return " ".join(said)


def _points(check: Check) -> str:
    if check.result.tilt.method is not Method.MARKED or check.result.points is None:
        return ""
    suggested, points = check.suggested_points, check.result.points
    if suggested is None:
        return report_words.POINTS_BY_HAND
    ends = (suggested.asis_px, points.asis_px), (suggested.psis_px, points.psis_px)
    kept = all(math.dist(was, now) < _SAME_PLACE_PX for was, now in ends)
    return report_words.POINTS_KEPT if kept else report_words.POINTS_MOVED


def _noticed(check: Check) -> str:
    seen = [reason.message for reason in warnings(check.result)]
    return " ".join(seen) or report_words.NOTHING_NOTICED
