"""What is known of how somebody stood, and in what they stood otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.history.change.stance import (
    SeenStance,
    StanceDifference,
    arms_in,
    kept_stance,
    last_check,
    stance_differences,
    stance_of,
)
from app.history.records import Arms, Conditions, NewCheck
from tests import made_up_results
from tests.app.history.made_up import WHEN, measured
from vision.image.frame import load_frame
from vision.pipeline import measure_photo
from vision.result import Capture, Facing, VerticalSource

if TYPE_CHECKING:
    from app.history.records import Profile
    from app.history.store import History

SAMPLES = Path(__file__).parents[4] / "sample_images"
SIZE_PX = 900, 1600
THEN = SeenStance(Facing.LEFT, Arms.COLLAR_BONES, "", 0.24, 0.5625, 0.0, -2.0, 2.0)


@pytest.mark.parametrize(
    ("now", "differences"),
    [
        (THEN, ()),
        (replace(THEN, facing=Facing.RIGHT), (StanceDifference.FACING,)),
        (replace(THEN, trunk_share=0.28), (StanceDifference.FURTHER,)),
        (replace(THEN, trunk_share=0.20), (StanceDifference.NEARER,)),
        (replace(THEN, trunk_share=0.26), ()),
        (replace(THEN, trunk_share=0.35, shape=1.78), ()),
        (replace(THEN, arms=Arms.HANGING), (StanceDifference.ARMS,)),
        (replace(THEN, arms=None), ()),
        (replace(THEN, garment="jeans"), ()),
        (replace(THEN, down_deg=-9.0), (StanceDifference.CAMERA_HIGHER,)),
        (replace(THEN, down_deg=5.0), (StanceDifference.CAMERA_LOWER,)),
        (replace(THEN, down_deg=5.0, down_sd_deg=4.0), ()),
        (replace(THEN, down_deg=None), ()),
        (replace(THEN, roll_deg=-4.0), (StanceDifference.CAMERA_LEVELLER,)),
        (replace(THEN, roll_deg=None), ()),
        (
            replace(THEN, arms=Arms.CROSSED, facing=Facing.RIGHT),
            (StanceDifference.FACING, StanceDifference.ARMS),
        ),
    ],
)
def test_only_what_is_known_of_both_and_differs_clearly_is_a_difference(
    now: SeenStance, differences: tuple[StanceDifference, ...]
) -> None:
    assert stance_differences(THEN, now) == differences


def test_the_same_clothes_in_other_letters_are_the_same() -> None:
    then, now = replace(THEN, garment="Blue  jeans"), replace(THEN, garment="blue jeans")
    assert stance_differences(then, now) == ()
    assert stance_differences(then, replace(now, garment="shorts")) == (StanceDifference.CLOTHES,)


@pytest.mark.parametrize(
    ("name", "arms"),
    [
        ("man_slim_left_tilt11", Arms.COLLAR_BONES),
        ("woman_hanging_arm_right_tilt5", Arms.HANGING),
        ("man_arms_forward_left_tilt17", Arms.FORWARD),
    ],
)
def test_where_the_arms_are_is_read_off_a_picture(name: str, arms: Arms) -> None:
    frame = load_frame(SAMPLES / f"{name}.jpg")
    result = measure_photo(frame, quick=True)
    stance = stance_of(result, (frame.width_px, frame.height_px))
    assert stance is not None
    assert stance.arms is arms
    assert 0.2 < stance.trunk_share < 0.3


def test_arms_that_are_not_seen_are_not_known() -> None:
    seen = {"left_shoulder": (0.0, 0.0, 0.9), "left_hip": (0.0, 100.0, 0.9)}
    assert arms_in(seen, Facing.LEFT) is None
    assert arms_in({**seen, "left_wrist": (0.0, 90.0, 0.2)}, Facing.LEFT) is None
    assert arms_in({**seen, "left_wrist": (0.0, 90.0, 0.9)}, Facing.LEFT) is Arms.HANGING
    assert arms_in({**seen, "left_wrist": (-100.0, 10.0, 0.9)}, Facing.LEFT) is Arms.FORWARD


def test_nobody_has_no_stance() -> None:
    assert stance_of(made_up_results.rejected(), SIZE_PX) is None


def test_the_newest_check_is_the_last_one_and_what_was_said_counts(
    history: History, me: Profile
) -> None:
    assert last_check(history, me.id) is None
    capture = Capture(4.0, 1.5, VerticalSource.FOUND, 400.0, 1, 0.5)
    said = Conditions("black leggings", Arms.CROSSED)
    for days in (1, 0):  # not in the order of time
        garment = replace(said, garment=f"{said.garment} {days}")
        result = replace(measured(), capture=capture)
        at = WHEN + timedelta(days=days)
        history.save(NewCheck(me.id, at, result, SIZE_PX, garment))
    newest = last_check(history, me.id)
    assert newest is not None
    stance = kept_stance(newest)
    assert stance is not None
    assert (stance.garment, stance.arms) == ("black leggings 1", Arms.CROSSED)
    assert stance.trunk_share == 400 / 1600
    assert stance.roll_deg == 1.5
    earlier = last_check(history, me.id, newest.row.taken_at)
    assert earlier is not None
    assert earlier.row.conditions.garment == "black leggings 0"
    history.delete([newest.row.id, earlier.row.id])
    assert last_check(history, me.id) is None
