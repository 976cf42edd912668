"""What is said about standing the same way again; left is the person's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.history.change.stance import SeenStance, StanceDifference, kept_stance, stance_differences
from app.history.records import Arms
from app.text.history import listed
from vision.messages import translatable
from vision.result import Facing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.history.records import Check

LAST_TIME = "Last time you stood {how}."
BEFORE = "At the check before, you stood {how}."
EARLIER = "In the earlier one you stood {how}."
SAME = "You stand as you did last time."
SHOW = "Show how you stood last time"
SHOW_TIP = "The outline of your last check, so that you can stand the same way again"

_SIDES: Mapping[Facing, str] = {
    Facing.LEFT: "with your left side to the camera",
    Facing.RIGHT: "with your right side to the camera",
}
_ARMS: Mapping[Arms, str] = {
    Arms.COLLAR_BONES: "with your fists on your collar-bones",
    Arms.HANGING: "with your arms hanging down",
    Arms.CROSSED: "with your arms crossed on your chest",
    Arms.FORWARD: "with your arms stretched forward",
}
_IN_CLOTHES = "in {garment}"
_PLAIN: Mapping[StanceDifference, str] = {
    StanceDifference.FURTHER: "further away",
    StanceDifference.NEARER: "nearer",
    StanceDifference.CAMERA_HIGHER: "with the camera higher up",
    StanceDifference.CAMERA_LOWER: "with the camera lower down",
    StanceDifference.CAMERA_LEVELLER: "with the camera more level",
    StanceDifference.CAMERA_TILTED: "with the camera more tilted",
}


def remind(then: SeenStance) -> str:
    """Say how somebody stood the last time."""
    said = [_SIDES[then.facing]]
    if then.arms is not None:
        said.append(_ARMS[then.arms])
    if then.garment:
        said.append(_IN_CLOTHES.format(garment=then.garment))
    return LAST_TIME.format(how=listed(said))


def say_differences(then: SeenStance, found: Sequence[StanceDifference], template: str = "") -> str:
    """Say in one sentence in what somebody stood otherwise then; empty for nothing."""
    said = [_one(then, one) for one in found]
    return (template or LAST_TIME).format(how=listed(said)) if said else ""


def stances_differ(earlier: Check, later: Check) -> str:
    """Say how the stances of two checks differ, but for clothes and arms; empty for no way."""
    then, now = kept_stance(earlier), kept_stance(later)
    if then is None or now is None:
        return ""
    found = [
        one
        for one in stance_differences(then, now)
        if one not in (StanceDifference.ARMS, StanceDifference.CLOTHES)
    ]
    return say_differences(then, found, EARLIER)


def _one(then: SeenStance, one: StanceDifference) -> str:
    if one is StanceDifference.FACING:
        return _SIDES[then.facing]
    if one is StanceDifference.ARMS and then.arms is not None:
        return _ARMS[then.arms]
    if one is StanceDifference.CLOTHES:
        return _IN_CLOTHES.format(garment=then.garment)
    return _PLAIN[one]


translatable(__name__)
