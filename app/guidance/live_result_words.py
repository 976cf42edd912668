"""What is said of a live check once it has ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.guidance import live_words
from vision.result import Severity
from vision.series import RefusedSeries, Series

if TYPE_CHECKING:
    from vision.live.moments import FinishedCheck
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
    value, likely = live_words.number(tilt), live_words.likely(tilt)
    return LiveResultWords(
        caption=live_words.CAPTION,
        value=value,
        likely=likely,
        lines=_origin(finished),
        spoken=live_words.SPOKEN_RESULT.format(value=_aloud(value), likely=likely),
    )


def _origin(finished: FinishedCheck) -> tuple[str, ...]:
    captures, series = finished.captures, finished.series
    frames = sum(capture.frames for capture in captures)
    if not isinstance(series, Series):
        spread = live_words.degrees(captures[0].spread_deg)
        return (
            live_words.ONE_REPEAT.format(frames=frames),
            live_words.ONE_PICTURE.format(spread=spread),
        )
    apart = live_words.degrees(series.range_deg)
    return (
        live_words.REPEATS.format(count=len(captures), range=apart, frames=frames),
        live_words.SPREAD.format(spread=live_words.degrees(series.spread_deg)),
        live_words.each_angle(_tilts(finished)),
    )


def _refused(finished: FinishedCheck, series: RefusedSeries) -> LiveResultWords:
    reasons = [reason for reason in series.reasons if reason.severity is Severity.REFUSE]
    said = tuple(f"{reason.message} {reason.fix}" for reason in reasons)
    return LiveResultWords(
        caption="",
        value=live_words.REFUSED,
        likely="",
        lines=(*said, live_words.each_angle(_tilts(finished)), live_words.NOT_SAVED),
        spoken=live_words.SPOKEN_REFUSED,
    )


def _tilts(finished: FinishedCheck) -> list[TiltEstimate]:
    return [capture.result.tilt for capture in finished.captures]


def _aloud(value: str) -> str:
    """Return an angle as a voice can read it."""
    return value.replace("°", " degrees")
