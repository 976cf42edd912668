"""What to say beside a result: what the number is, what it is not, and what to do next.

The sentences and the rules that choose them are in the language file
(:mod:`app.text.language`); here they are only applied.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from app import Page
from app.history.comparison import smallest_between_single
from app.text.language import texts
from app.text.languages.wording import day_text
from app.text.measurement import KNEE_BEYOND_ABOVE_DEG, is_sway_back
from vision.messages import translatable
from vision.reasons import WARNINGS
from vision.result import Z_90, Severity, direction, whole_deg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.history.comparison import Change
    from app.text.language import AdviceRule
    from vision.result import Measured, Posture, ReasonCode, TiltEstimate

#: Ears so far ahead of the shoulders are told; most people stand at 5 to 15 deg.
HEAD_FORWARD_DEG = 20.0


class Target(StrEnum):
    """Where in the program a step leads."""

    EXERCISES = Page.EXERCISES.value
    SIT_LESS = Page.BREAKS.value
    LIVE = Page.LIVE.value
    CHECK = Page.CHECK.value
    SOMEONE = "someone"


@dataclass(frozen=True, slots=True)
class NextStep:
    """Something to do.

    Attributes
    ----------
    text
        A sentence or two.
    target
        Where in the program it is done; None for nowhere.
    """

    text: str
    target: Target | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """What to say beside a result.

    Attributes
    ----------
    change
        How it differs from the last check like it; where nothing is known of one, that it is
        the first.
    next_
        The one thing to do now.
    is_, is_not
        What the number is, and what it is not.
    posture
        What of the rest of the body can hide or shift a tilt; may be empty.
    steps
        What else to do, in order.
    """

    change: str
    next_: NextStep
    is_: tuple[str, ...]
    is_not: tuple[str, ...]
    posture: tuple[str, ...]
    steps: tuple[NextStep, ...]


LAST_TIME, ON_DAY = "last time", "on {day}"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules look at.

    Attributes
    ----------
    tilt
        The answer.
    posture
        Names of what stands out: ``sway_back``, ``knees_back``, ``head_forward``.
    change
        Against the last check like this one; None without one.
    warnings
        Codes of what qualifies the picture.
    """

    tilt: TiltEstimate
    posture: frozenset[str] = frozenset()
    change: Change | None = None
    warnings: frozenset[ReasonCode] = frozenset()


def advise(result: Measured, change: Change | None = None) -> Advice:
    """Return what to say beside a measurement.

    Parameters
    ----------
    change
        Against the last check like this one, or None.
    """
    warned = frozenset(r.code for r in result.reasons if r.severity is Severity.WARN)
    return advise_on(Facts(result.tilt, stands_out(result.posture), change, warned))


def advise_on(facts: Facts, rules: Sequence[AdviceRule] | None = None) -> Advice:
    """Apply the rules: of each group, the first that fits is said."""
    chosen: dict[tuple[str, str], AdviceRule] = {}
    for rule in texts().advice if rules is None else rules:
        if (rule.block, rule.group) not in chosen and fits(rule, facts):
            chosen[rule.block, rule.group] = rule
    said = chosen.values()

    def of(block: str) -> tuple[str, ...]:
        return tuple(_filled(rule, facts) for rule in said if rule.block == block)

    def steps(block: str) -> tuple[NextStep, ...]:
        return tuple(
            NextStep(_filled(rule, facts), None if rule.target is None else Target(rule.target))
            for rule in said
            if rule.block == block
        )

    change, next_ = " ".join(of("change")), (*steps("next"), NextStep(""))[0]
    return Advice(change, next_, of("is"), of("is_not"), of("posture"), steps("steps"))


def fits(rule: AdviceRule, facts: Facts) -> bool:
    """Tell whether everything that a rule asks for is so."""
    tilt = facts.tilt
    angle_deg = whole_deg(tilt.angle_deg)
    change = None if facts.change is None else ("real" if facts.change.is_real else "none")
    width_deg = 2 * Z_90 * tilt.doubt.own_deg
    return (
        (not rule.method or tilt.method in rule.method)
        and (rule.from_deg is None or angle_deg >= rule.from_deg)
        and (rule.to_deg is None or angle_deg <= rule.to_deg)
        and (rule.wider_than_deg is None or width_deg > rule.wider_than_deg)
        and (not rule.posture or not facts.posture.isdisjoint(rule.posture))
        and (not rule.change or change in rule.change)
        and (not rule.reason or not facts.warnings.isdisjoint(rule.reason))
    )


def stands_out(posture: Posture) -> frozenset[str]:
    """Return the names of what in a posture can hide or shift a tilt."""
    knee_deg, head_deg = posture.knee_angle_deg, posture.head_forward_deg
    found = {
        "sway_back": is_sway_back(posture),
        "knees_back": knee_deg is not None and knee_deg > KNEE_BEYOND_ABOVE_DEG,
        "head_forward": head_deg is not None and head_deg >= HEAD_FORWARD_DEG,
    }
    return frozenset(name for name, is_so in found.items() if is_so)


def _filled(rule: AdviceRule, facts: Facts) -> str:
    change = facts.change
    difference = 0 if change is None else whole_deg(change.difference_deg)
    day = None if change is None or change.since is None else day_text(change.since)
    fixes = (WARNINGS[code][1] for code in rule.reason if code in facts.warnings)
    return rule.text.format(
        difference=abs(difference),
        way=direction(difference, facts.tilt.method),
        since=day or LAST_TIME,
        then=ON_DAY.format(day=day) if day else LAST_TIME,
        smallest=smallest_between_single(facts.tilt),
        fix=next(fixes, ""),
    )


translatable(__name__)
