"""Several photographs of one stance together, as text for a person."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from app.text import measurement
from app.text.measurement__report_text import TextLine, headline
from vision.format import whole_deg
from vision.series import OWN_CHANGE_FROM, Series

if TYPE_CHECKING:
    from vision.series import Outlier, RefusedSeries


def describe_series(series: Series | RefusedSeries, given: int) -> tuple[TextLine, ...]:
    """Say what came of the photographs together.

    Parameters
    ----------
    series
        Their median, or the reasons why there is none.
    given
        How many photographs were named, whatever became of each.
    """
    notes = [TextLine(f"- {reason.message} {reason.fix}") for reason in series.reasons]
    notes += [_outlier_line(outlier) for outlier in series.outliers]
    title = TextLine(measurement.SERIES_TITLE, indent=0)
    if not isinstance(series, Series):
        return title, TextLine(measurement.SERIES_REFUSED_HEADLINE, strong=True), *notes
    gap = [TextLine("")] if notes else []
    return (
        title,
        TextLine(headline(series.tilt), strong=True),
        _origin_line(series, given),
        TextLine(measurement.SERIES_RANGE),
        *gap,
        *notes,
        TextLine(""),
        _change_line(series),
    )


def _origin_line(series: Series, given: int) -> TextLine:
    left_out = measurement.SERIES_LEFT_OUT.format(given=given) if series.count < given else ""
    text = measurement.SERIES_ORIGIN.format(
        count=series.count,
        left_out=left_out,
        method=measurement.METHOD_WORDS[series.tilt.method],
        range=_amount(series.range_deg, "up to "),
        spread=_amount(series.spread_deg),
    )
    return TextLine(text)


def _outlier_line(outlier: Outlier) -> TextLine:
    template = (
        measurement.OUTLIER_FORWARD if outlier.deviation_deg > 0 else measurement.OUTLIER_BACKWARD
    )
    return TextLine(
        "- " + template.format(source=outlier.source, off=abs(whole_deg(outlier.deviation_deg)))
    )


def _change_line(series: Series) -> TextLine:
    own = series.count >= OWN_CHANGE_FROM
    template = measurement.CHANGE_OWN if own else measurement.CHANGE_DEFAULT
    # Rounded up: a whole degree below the limit must not read as a change.
    change = math.ceil(series.smallest_change_deg)
    return TextLine(template.format(change=change, enough=OWN_CHANGE_FROM))


def _amount(angle_deg: float, most: str = "") -> str:
    rounded = whole_deg(angle_deg)
    return f"{most}{rounded}°" if rounded else "less than 1°"
