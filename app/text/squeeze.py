"""What is said about the squeeze test; context, never a verdict.

What may be said, and the sources, are in docs/MEASUREMENT.md, section 6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.history.records import Ability
from vision.messages import Plural, translatable
from vision.result import span_text, whole_deg

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.history.records import SqueezeAnswers
    from vision.live.events import SqueezeResult

TITLE = "Squeeze test"
TITLE_SEVERAL = "Squeeze tests"
RESULT_TITLE = "Result of the squeeze test"

BRIEF_BACK = "{angle}° back ({interval})"
BRIEF_FORWARD = "{angle}° forward ({interval})"
BRIEF_NONE = "0° ({interval})"
TURNED_BACK = "Turned back {angle}° on squeezing (likely {interval})"
TURNED_FORWARD = "Turned forward {angle}° on squeezing (likely {interval})"
NOT_TURNED = "Turned by less than 1° on squeezing (likely {interval})"
MORE_THAN_NOISE = "That is more than a pelvis moves by itself in somebody who stands still."
NO_MORE_THAN_NOISE = (
    "That is no more than a pelvis moves by itself in somebody who stands still, so it may be "
    "chance."
)
MORE_BRIEFLY, NO_MORE_BRIEFLY = "more than standing still varies", "may be chance"
#: In a list, whose column says so.
MORE_COLUMN, MORE_YES, MORE_NO = "A real turn", "yes", "may be chance"
EACH_ROUND = "One by one: {angles}."
#: What the test is, and what it is not.
SELF_CHECK = (
    "This shows whether the pelvis turned when you squeezed, not how strong a muscle is. If "
    "something troubles you, ask a physiotherapist."
)

#: What a person is asked, by the fields of :class:`app.history.records.SqueezeAnswers`.
ASK_BOTH = "Could you squeeze both sides of your buttocks together?"
ASK_LEFT = "Could you squeeze the left side alone?"
ASK_RIGHT = "Could you squeeze the right side alone?"
COULD_SQUEEZE = "Could you squeeze your buttocks?"
BOTH, LEFT, RIGHT = "Both together", "Left alone", "Right alone"
ABILITY_NAMES: Mapping[Ability, str] = {
    Ability.YES: "yes",
    Ability.PARTLY: "partly",
    Ability.NO: "no",
}
NOT_SAID = "not said"
ANSWERS = "Could squeeze both sides: {both}; the left alone: {left}; the right alone: {right}."
#: In the report.
REPORT_LINE = "Newest squeeze test, {when}: {turned}, {noise}. {answers}"
NEWEST = "Newest, {when}: {turned} on squeezing"
COUNTED = "Squeeze tests ({count})"
BACK, FORWARD = "back", "forward"
TESTS = Plural(("1 squeeze test", "{count} squeeze tests"))


def describe_turn(result: SqueezeResult) -> str:
    """Say how far the pelvis turned, with the likely range, in whole degrees."""
    angle, interval = whole_deg(result.backward_deg), _interval(result)
    if angle == 0:
        return NOT_TURNED.format(interval=interval)
    template = TURNED_BACK if angle > 0 else TURNED_FORWARD
    return template.format(angle=abs(angle), interval=interval)


def turn_text(result: SqueezeResult) -> str:
    """Say the same in few words, for lists."""
    angle = whole_deg(result.backward_deg)
    template = BRIEF_BACK if angle > 0 else BRIEF_FORWARD if angle else BRIEF_NONE
    return template.format(angle=abs(angle), interval=_interval(result))


def describe_noise(result: SqueezeResult) -> str:
    """Say whether that is more than standing still varies by itself."""
    return MORE_THAN_NOISE if result.is_more_than_noise else NO_MORE_THAN_NOISE


def noise_briefly(result: SqueezeResult) -> str:
    """Say the same in a few words."""
    return MORE_BRIEFLY if result.is_more_than_noise else NO_MORE_BRIEFLY


def describe_rounds(result: SqueezeResult) -> str:
    """Say how far the pelvis turned in each round; empty where none is known."""
    turns = [_turn(whole_deg(one.backward_deg)) for one in result.rounds]
    return EACH_ROUND.format(angles=", ".join(turns)) if turns else ""


def describe_answers(answers: SqueezeAnswers) -> str:
    """Say what the person said; empty where they said nothing."""
    given = answers.both, answers.left, answers.right
    if all(answer is None for answer in given):
        return ""
    both, left, right = map(ability_name, given)
    return ANSWERS.format(both=both, left=left, right=right)


def ability_name(ability: Ability | None) -> str:
    """Return an answer in words."""
    return NOT_SAID if ability is None else ABILITY_NAMES[ability]


def count_tests(count: int) -> str:
    """Return a number of squeeze tests in words."""
    return TESTS.of(count)


def _turn(angle: int) -> str:
    if angle == 0:
        return "0°"
    return f"{abs(angle)}° {BACK if angle > 0 else FORWARD}"


def _interval(result: SqueezeResult) -> str:
    """Return both ends; directions are spelt out only where they are not the angle's own."""
    angle, low, high = map(whole_deg, (result.backward_deg, result.low_deg, result.high_deg))
    if angle != 0 and min(low * angle, high * angle) >= 0:
        first, last = sorted((abs(low), abs(high)))
        return span_text(str(first), str(last))
    ends = (f"{abs(end)} {BACK if end > 0 else FORWARD}" if end else "0" for end in (low, high))
    return span_text(*ends)


translatable(__name__)
