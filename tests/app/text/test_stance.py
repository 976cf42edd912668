"""How the last stance is named, in one sentence each."""

from __future__ import annotations

from dataclasses import replace

from app.history.records import Arms
from app.history.stance import SeenStance, StanceDifference
from app.text.stance import BEFORE, remind, say_differences
from vision.result import Facing

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


def test_every_difference_has_words() -> None:
    for one in StanceDifference:
        assert say_differences(THEN, [one]).startswith("Last time you stood ")
