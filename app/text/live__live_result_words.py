"""What is said of a live check once it has ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.text import live
from vision.result import Severity
from vision.series import RefusedSeries, Series

if TYPE_CHECKING:
    from vision.live.events import FinishedCheck
    from vision.result import TiltEstimate


@dataclass(frozen=True, slots=True)
class LiveResultWords:
    """A result in words.

    Attributes
    ----------
    caption, value, likely
        What the number is, the number, its interval; of a refusal, value is what is wrong
        and likely is empty.
    lines
        What else belongs to it.
    spoken
        The same in one or two sentences.
    """

    caption: str
    value: str
    likely: str
    lines: tuple[str, ...]
    spoken: str


def describe_check(finished: FinishedCheck) -> LiveResultWords:
    """Say what a live check gave."""
    series = finished.series
    if isinstance(series, RefusedSeries):
        return _refused(finished, series)
    tilt = series.tilt if isinstance(series, Series) else finished.best.result.tilt
    value, likely = live.number(tilt), live.likely(tilt)
    return LiveResultWords(
        caption=live.CAPTION,
        value=value,
        likely=likely,
        lines=_origin(finished),
        spoken=live.SPOKEN_RESULT.format(value=_aloud(value), likely=likely),
    )


def _origin(finished: FinishedCheck) -> tuple[str, ...]:
    captures, series = finished.captures, finished.series
    frames = sum(capture.frames for capture in captures)
    if not isinstance(series, Series):
        spread = live.degrees(captures[0].spread_deg)
        return (
            live.ONE_REPEAT.format(frames=frames),
            live.ONE_PICTURE.format(spread=spread),
        )
    apart = live.degrees(series.range_deg)
    return (
        live.REPEATS.format(count=len(captures), range=apart, frames=frames),
        live.SPREAD.format(spread=live.degrees(series.spread_deg)),
        live.each_angle(_tilts(finished)),
    )


def _refused(finished: FinishedCheck, series: RefusedSeries) -> LiveResultWords:
    reasons = [reason for reason in series.reasons if reason.severity is Severity.REFUSE]
    said = tuple(f"{reason.message} {reason.fix}" for reason in reasons)
    return LiveResultWords(
        caption="",
        value=live.REFUSED,
        likely="",
        lines=(*said, live.each_angle(_tilts(finished)), live.NOT_SAVED),
        spoken=live.SPOKEN_REFUSED,
    )


def _tilts(finished: FinishedCheck) -> list[TiltEstimate]:
    return [capture.result.tilt for capture in finished.captures]


def _aloud(value: str) -> str:
    """Return an angle as a voice can read it."""
    return value.replace("°", " degrees")
