"""How the last stance is named, in one sentence each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.history.change.stance import SeenStance, StanceDifference
from app.history.place import Place
from app.history.records import Arms, Conditions
from app.history.store import History
from app.text.change.stance import BEFORE, remind, say_differences, stances_differ
from tests.app.gui import kept_checks
from vision.result import Facing

if TYPE_CHECKING:
    from pathlib import Path

THEN = SeenStance(Facing.LEFT, Arms.COLLAR_BONES, "black leggings", 0.24, 0.56, 0.0, 0.0, 2.0)


def test_a_reminder_names_side_arms_and_clothes() -> None:
    assert remind(THEN) == (
        "Last time you stood with your left side to the camera, with your fists on your "
        "collar-bones and in black leggings."
    )
    plain = replace(THEN, arms=None, garment="", facing=Facing.RIGHT)
    assert remind(plain) == "Last time you stood with your right side to the camera."


def test_differences_are_named_as_they_were_then() -> None:
    said = say_differences(THEN, [StanceDifference.ARMS])
    assert said == "Last time you stood with your fists on your collar-bones."
    assert say_differences(THEN, []) == ""
    several = [StanceDifference.FURTHER, StanceDifference.CAMERA_HIGHER]
    assert say_differences(THEN, several, BEFORE) == (
        "At the check before, you stood further away and with the camera higher up."
    )


def test_two_kept_checks_tell_how_their_stances_differ(tmp_path: Path) -> None:
    turned = replace(kept_checks.measured(), facing=Facing.LEFT)
    with History.open(Place(tmp_path)) as history:
        first = kept_checks.keep(history, result=turned)
        second = kept_checks.keep(history, 7, conditions=Conditions("jeans", Arms.HANGING))
    assert stances_differ(first, second) == (
        "In the earlier one you stood with your left side to the camera."
    ), "clothes and arms are told elsewhere"
    assert stances_differ(first, first) == ""


def test_every_difference_has_words() -> None:
    for one in StanceDifference:
        assert say_differences(THEN, [one]).startswith("Last time you stood ")
