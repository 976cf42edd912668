"""What is said about the range test; context, never a verdict.

What may be said, and the sources, are in docs/MEASUREMENT.md, section 6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vision.messages import Plural, translatable
from vision.range_of_motion import RefusedRange
from vision.result import tilt_text, whole_deg

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.history.ranges import RangeChange, RangeTaken
    from vision.range_of_motion import Likely, RangeResult

TITLE, TITLE_SEVERAL = "Range test", "Range tests"
RESULT_TITLE, EARLIER = "Result of the range test", "Earlier range tests:"
#: What the three positions are, by the fields of :class:`vision.range_of_motion.PositionTilts`.
TUCKED, RELAXED, ARCHED = "Tucked", "Relaxed", "Arched"
POSITIONS: Mapping[str, str] = {"tucked": TUCKED, "relaxed": RELAXED, "arched": ARCHED}
HOW: Mapping[str, str] = {
    "tucked": "Your bottom tucked under, as far as is comfortable.",
    "relaxed": "Standing as you usually do.",
    "arched": "Your bottom stuck out, as far as is comfortable.",
}

TURNED = "Your pelvis can turn by {range}° (likely {low} to {high}°)"
PLACE = "Standing relaxed, it is {place} % of the way from tucked to arched (likely {interval})"
BEYOND_TUCKED = (
    "Standing relaxed, it was tilted even further back than when you tucked: {place} % of the "
    "way from tucked to arched (likely {interval})"
)
BEYOND_ARCHED = (
    "Standing relaxed, it was tilted even further forward than when you arched: {place} % of "
    "the way from tucked to arched (likely {interval})"
)
EACH_POSITION = "Tucked: {tucked}. Relaxed: {relaxed}. Arched: {arched}."
EACH_ROUND = "Middle of {count} rounds."
#: What it means, what it does not, and why it is sure.
MEANING = (
    "0 % is as far tucked as you went, 100 % as far arched. Both numbers are surer than one angle "
    "by itself: the shape of your bones, which no camera sees, does not change them."
)
NOT_MEANING = (
    "No place is the right one, and this is no test of strength or health. Compare it with your "
    "own later tests, in similar clothes. If something troubles you, ask a physiotherapist."
)
#: Both in one sentence, above a list of tests.
ABOUT = (
    "How far you could turn your pelvis, and where you stood in between: 0 % is as far tucked as "
    "you went, 100 % as far arched. No place is the right one."
)
BRIEF = "{range}° ({low} to {high}), relaxed at {place} % ({interval})"
BRIEF_RANGE = "{range}° ({low} to {high})"
BRIEF_PLACE = "{place} % ({interval})"
SPOKEN = "Done. Your pelvis can turn by {range} degrees. Relaxed, it is at {place} per cent."
SPOKEN_REFUSED = "Done. {message} {fix}"
NO_RESULT = "No range this time"

NEWEST = "Newest, {when}: {brief}"
COUNTED = "Range tests ({count})"
PERCENTS = "{low} to {high} %"
TESTS = Plural(("1 range test", "{count} range tests"))
#: In the report and in ``beltline history list``.
REPORT_LINE = (
    "Newest range test, {when}: the pelvis turned by {range}° (likely {low} to {high}°) between "
    "tucked and arched; relaxed standing lay at {place} % of the way (likely {interval}). The "
    "person's own range: the shape of the bones drops out of it. {change}"
)
LIST_LINE = "Range test {number}: {brief}, {source}"
TREND_TITLE = "{profile}, range tests measured {method}: {count}"
SOURCES: Mapping[str, str] = {"live": "in front of a camera", "photographs": "from photographs"}

SINCE = "Since the first one measured this way, {when}: {range} {place}"
WIDER, NARROWER = "The range is {size}° wider.", "The range is {size}° narrower."
NO_RANGE_CHANGE = "No real change of the range (under {least}°)."
NEARER_ARCHED = "Relaxed standing moved {size} % towards arched."
NEARER_TUCKED = "Relaxed standing moved {size} % towards tucked."
NO_PLACE_CHANGE = "No real change of the place in it (under {least} %)."

#: Three photographs.
FROM_PHOTOGRAPHS = "From three photographs"
FROM_PHOTOGRAPHS_ABOUT = (
    "Choose one side-on picture of each position: same day, same clothes, fists on your "
    "collar-bones, camera level at belt height."
)
CHOOSE, NOT_CHOSEN, WORK_OUT = "Choose…", "no picture yet", "Work it out"
MEASURING = "Measuring the three pictures…"
FAILED = "Beltline itself failed on these pictures. Please report what happened."
KEPT = "Kept in the history as range test {number}."
SCALE = "Where you stand relaxed between tucked and arched"


def describe_range(result: RangeResult) -> str:
    """Say how far the pelvis turns, with the likely range, in whole degrees."""
    return TURNED.format(range=whole_deg(result.range_deg.value), **_ends(result.range_deg))


def describe_place(result: RangeResult) -> str:
    """Say where relaxed standing lies in it, in whole per cent; beyond the ends in full."""
    place = whole_deg(result.place_percent.value)
    template = BEYOND_TUCKED if place < 0 else BEYOND_ARCHED if place > 100 else PLACE
    return template.format(place=_number(place), interval=_percents(result.place_percent))


def describe_positions(result: RangeResult) -> str:
    """Say each position's angle, which the shape of the bones makes less sure."""
    return EACH_POSITION.format(
        tucked=tilt_text(result.tucked),
        relaxed=tilt_text(result.relaxed),
        arched=tilt_text(result.arched),
    )


def describe_rounds(result: RangeResult) -> str:
    """Say how many rounds there were; empty for one."""
    return EACH_ROUND.format(count=result.rounds) if result.rounds > 1 else ""


def describe_refusal(refused: RefusedRange) -> str:
    """Say why there is no range, and what to do about it."""
    return " ".join(f"{reason.message} {reason.fix}" for reason in refused.reasons)


def spoken(result: RangeResult | RefusedRange) -> str:
    """Return what a voice says when the test has ended."""
    if isinstance(result, RefusedRange):
        reason = result.reasons[0]
        return SPOKEN_REFUSED.format(message=reason.message, fix=reason.fix)
    place = whole_deg(result.place_percent.value)
    return SPOKEN.format(range=whole_deg(result.range_deg.value), place=place)


def brief(result: RangeResult) -> str:
    """Say range and place in few words, for lists."""
    return BRIEF.format(**_range_words(result), **_place_words(result))


def brief_range(result: RangeResult) -> str:
    """Say the range in few words."""
    return BRIEF_RANGE.format(**_range_words(result))


def brief_place(result: RangeResult) -> str:
    """Say the place in few words."""
    return place_words(result.place_percent)


def place_words(place: Likely) -> str:
    """Say a place with its interval."""
    return BRIEF_PLACE.format(place=_number(whole_deg(place.value)), interval=_percents(place))


def report_line(result: RangeResult, when: str, change: str = "") -> str:
    """Say it all in the report's one paragraph."""
    said = REPORT_LINE.format(
        when=when, change=change, **_range_words(result), **_place_words(result)
    )
    return " ".join(said.split())


def describe_change(change: RangeChange, when: str) -> str:
    """Say whether range and place changed since a day."""
    range_said = NO_RANGE_CHANGE.format(least=round(change.least_range_deg))
    if change.is_wider_or_narrower:
        template = WIDER if change.range_deg > 0 else NARROWER
        range_said = template.format(size=abs(whole_deg(change.range_deg)))
    place_said = NO_PLACE_CHANGE.format(least=round(change.least_place_percent))
    if change.is_elsewhere:
        template = NEARER_ARCHED if change.place_percent > 0 else NEARER_TUCKED
        place_said = template.format(size=abs(whole_deg(change.place_percent)))
    return SINCE.format(when=when, range=range_said, place=place_said)


def list_parts(test: RangeTaken) -> tuple[str, str]:
    """Return what a line about a test says after its time and its owner: numbers, and note."""
    said = LIST_LINE.format(
        number=test.id, brief=brief(test.result), source=SOURCES[test.kept.source]
    )
    return said, " ".join(test.kept.note.split())


def count_tests(count: int) -> str:
    """Return a number of range tests in words."""
    return TESTS.of(count)


def _range_words(result: RangeResult) -> dict[str, int]:
    return {"range": whole_deg(result.range_deg.value), **_ends(result.range_deg)}


def _place_words(result: RangeResult) -> dict[str, str]:
    place = result.place_percent
    return {"place": _number(whole_deg(place.value)), "interval": _percents(place)}


def _ends(likely: Likely) -> dict[str, int]:
    return {"low": whole_deg(likely.low), "high": whole_deg(likely.high)}


def _percents(likely: Likely) -> str:
    return PERCENTS.format(low=_number(whole_deg(likely.low)), high=_number(whole_deg(likely.high)))


def _number(whole: int) -> str:
    """Return a number with a minus sign that is as wide as it should be."""
    return f"\N{MINUS SIGN}{-whole}" if whole < 0 else str(whole)


translatable(__name__)
