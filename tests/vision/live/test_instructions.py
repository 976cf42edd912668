"""For everything that is wrong with a picture, the one thing to do about it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.vision.sightings import GOOD_LIGHT, nobody, sighting
from tests.vision.stick_figures import Figure, mirrored, moved, pose_of, with_step
from vision.live.events import Instruction, Sighting
from vision.live.instructions import Correction, find_corrections
from vision.pose.estimate import Joint
from vision.quality import Light
from vision.reasons import refusal
from vision.result import Facing, Measured, ReasonCode, Rejected

FACING = st.sampled_from(Facing)
SWAPPED = {
    Instruction.TURN_LEFT: Instruction.TURN_RIGHT,
    Instruction.TURN_RIGHT: Instruction.TURN_LEFT,
}


def first(sighting: Sighting, *, is_moving: bool = False) -> Instruction | None:
    corrections = find_corrections(sighting, is_moving=is_moving)
    return corrections[0].instruction if corrections else None


def instructions(sighting: Sighting) -> list[Instruction | None]:
    return [correction.instruction for correction in find_corrections(sighting)]


def heading_deg(figure: Figure) -> float:
    """Return where the figure looks, seen from above: 0 = right, 90 = away from the camera."""
    if figure.facing is Facing.RIGHT:
        return -figure.yaw_deg
    return 180 + figure.yaw_deg


def looking(heading: float) -> Figure:
    heading = (heading + 90) % 360 - 90
    if heading <= 90:
        return Figure(facing=Facing.RIGHT, yaw_deg=-heading)
    return Figure(facing=Facing.LEFT, yaw_deg=heading - 180)


@pytest.mark.parametrize("facing", Facing)
def test_a_good_picture_leaves_nothing_to_wish_for(facing: Facing) -> None:
    assert find_corrections(sighting(Figure(facing=facing))) == ()
    assert find_corrections(sighting(Figure(facing=facing)), is_moving=True) == ()


@pytest.mark.parametrize(
    ("codes", "instruction"),
    [
        ([ReasonCode.NO_PERSON], Instruction.STEP_INTO_VIEW),
        ([ReasonCode.TOO_SMALL], Instruction.COME_CLOSER),
        ([ReasonCode.SEVERAL_PEOPLE, ReasonCode.TOO_SMALL], Instruction.ONE_PERSON),
    ],
)
def test_nobody_found(codes: list[ReasonCode], instruction: Instruction) -> None:
    assert first(nobody(0, *codes)) is instruction


@pytest.mark.parametrize(
    ("figure", "instruction"),
    [
        (Figure(hip_px=(320, 620)), Instruction.STEP_BACK),
        (Figure(hip_px=(320, 300)), Instruction.STEP_BACK),
        (Figure(trunk_px=420), Instruction.STEP_BACK),
        (Figure(hip_px=(-10, 480)), Instruction.MOVE_TO_MIDDLE),
        (Figure(hip_px=(650, 480)), Instruction.MOVE_TO_MIDDLE),
        (Figure(trunk_px=100), Instruction.COME_CLOSER),
        (Figure(knee_deg=120), Instruction.STAND_UPRIGHT),
        (Figure(lean_deg=40), Instruction.STAND_UPRIGHT),
        (Figure(yaw_deg=50), Instruction.TURN_LEFT),
        (Figure(arms="hanging"), Instruction.RAISE_FISTS),
    ],
)
def test_what_the_body_does_wrong(figure: Figure, instruction: Instruction) -> None:
    for facing in Facing:
        expected = instruction if facing is Facing.RIGHT else SWAPPED.get(instruction, instruction)
        (correction, *_) = find_corrections(sighting(replace(figure, facing=facing)))
        assert correction.instruction is expected
        assert not correction.is_soft


@pytest.mark.parametrize(
    ("is_moving", "instruction"),
    [(False, Instruction.FEET_TOGETHER), (True, Instruction.STAND_STILL)],
)
def test_a_step_is_no_stance(is_moving: bool, instruction: Instruction) -> None:
    assert first(sighting(pose=with_step(0.4)), is_moving=is_moving) is instruction


@pytest.mark.parametrize("roll_deg", [90, -90, 180])
def test_a_picture_on_its_side_or_its_head(roll_deg: float) -> None:
    figure = Figure(roll_deg=roll_deg, width_px=1200, height_px=1200, hip_px=(600, 600))
    assert first(sighting(figure)) is Instruction.TURN_CAMERA


def test_somebody_who_bends_down_is_no_turned_picture() -> None:
    assert first(sighting(Figure(lean_deg=80))) is Instruction.STAND_UPRIGHT


@pytest.mark.parametrize(
    ("light", "is_moving", "instruction"),
    [
        (Light(20, 0.3), False, Instruction.MORE_LIGHT),
        (Light(220, 0.1), False, Instruction.STEADY_CAMERA),
        (Light(220, 0.1), True, Instruction.STAND_STILL),
        (Light(220, 0.17), True, None),
    ],
)
def test_light_and_blur(light: Light, is_moving: bool, instruction: Instruction | None) -> None:
    assert first(sighting(light=light), is_moving=is_moving) is instruction


def test_two_people_are_asked_to_be_one() -> None:
    other = pose_of(Figure(hip_px=(120, 480)))
    assert first(sighting(others=(other,))) is Instruction.ONE_PERSON


def test_a_smaller_second_person_is_a_soft_wish() -> None:
    other = pose_of(Figure(hip_px=(120, 480), trunk_px=90))
    corrections = find_corrections(sighting(others=(other,)))
    assert corrections == (
        Correction(Instruction.ONE_PERSON, ReasonCode.SEVERAL_PEOPLE, is_soft=True),
    )


@pytest.mark.parametrize(
    ("picture", "instruction"),
    [
        (sighting(Figure(yaw_deg=22)), Instruction.TURN_LEFT),
        (sighting(Figure(yaw_deg=-7)), Instruction.TURN_RIGHT),
        (sighting(Figure(roll_deg=8), is_level_known=False), Instruction.LEVEL_CAMERA),
        (sighting(light=Light(70, 0.3)), Instruction.MORE_LIGHT),
        (sighting(Figure(hip_px=(320, 590))), Instruction.STEP_BACK),
    ],
)
def test_what_would_only_be_better_is_wished_for_softly(
    picture: Sighting, instruction: Instruction
) -> None:
    assert isinstance(picture.result, Measured)
    (correction,) = find_corrections(picture)
    assert (correction.instruction, correction.is_soft) == (instruction, True)


def test_a_camera_that_leans_far_is_to_be_levelled() -> None:
    (correction,) = find_corrections(sighting(Figure(roll_deg=13), is_level_known=False))
    assert correction == Correction(Instruction.LEVEL_CAMERA, ReasonCode.CAMERA_TILTED)


def test_nobody_is_asked_to_come_so_close_that_they_do_not_fit() -> None:
    figure = Figure(width_px=320, height_px=240, trunk_px=66, hip_px=(160, 116))
    corrections = find_corrections(sighting(figure))
    assert corrections[0] == Correction(Instruction.FINER_PICTURE, ReasonCode.TOO_SMALL)
    farther = replace(figure, trunk_px=50)
    assert first(sighting(farther)) is Instruction.COME_CLOSER


def test_what_cannot_be_mended_on_the_spot_is_not_wished_for() -> None:
    small = sighting(Figure(trunk_px=150))
    assert {reason.code for reason in small.result.reasons} == {ReasonCode.TOO_SMALL}
    assert find_corrections(small) == ()
    assumed = sighting(is_level_known=False)
    assert ReasonCode.VERTICAL_ASSUMED in {reason.code for reason in assumed.result.reasons}
    assert find_corrections(assumed) == ()


def test_a_refusal_without_a_remedy_still_forbids_measuring() -> None:
    refused = nobody()
    result = replace(refused.result, reasons=(refusal(ReasonCode.NO_BELT_LINE),))
    assert isinstance(result, Rejected)
    assert find_corrections(replace(refused, result=result)) == (
        Correction(None, ReasonCode.NO_BELT_LINE),
    )


def test_the_most_urgent_comes_first() -> None:
    turned = Figure(yaw_deg=40, arms="hanging")
    found = instructions(sighting(turned, light=Light(220, 0.1)))
    assert found[:2] == [Instruction.TURN_LEFT, Instruction.STEADY_CAMERA]
    # In the dark nobody knows how somebody stands.
    dark = instructions(sighting(turned, light=Light(20, 0.1)))
    assert dark == [Instruction.MORE_LIGHT, Instruction.STEADY_CAMERA]
    assert instructions(sighting(Figure(yaw_deg=22, arms="hanging"))) == [
        Instruction.RAISE_FISTS,
        Instruction.TURN_LEFT,
    ]


@pytest.mark.parametrize("heading", [*range(25, 50, 5), *range(135, 160, 5), *range(200, 340, 5)])
def test_whoever_turns_as_told_comes_closer_to_side_on(heading: int) -> None:
    """Turning to one's left is counter-clockwise as seen from above."""
    figure = looking(heading)
    assert heading_deg(figure) % 360 == heading
    told = first(sighting(figure))
    step_deg = {Instruction.TURN_LEFT: 8, Instruction.TURN_RIGHT: -8}.get(told or Instruction.HOLD)
    if step_deg is None:
        # Nearly a good side view already: the estimate is a few degrees off.
        assert told is None
        assert abs(figure.yaw_deg) < 28
        return
    assert abs(looking(heading + step_deg).yaw_deg) < abs(figure.yaw_deg)


def test_where_the_facing_is_a_guess_so_is_the_way_to_turn() -> None:
    frontal = sighting(Figure(yaw_deg=50))
    assert first(replace(frontal, yaw_deg=75.0)) is Instruction.TURN_SIDE_ON
    assert first(replace(frontal, yaw_deg=None)) is Instruction.TURN_SIDE_ON


@settings(deadline=None)
@given(
    FACING,
    st.floats(-70, 70),
    st.floats(-20, 20),
    st.sampled_from(["chest", "hanging", "forward"]),
    st.floats(80, 260),
    st.floats(-20, 660),
)
def test_a_mirrored_picture_swaps_left_and_right_and_nothing_else(
    facing: Facing, yaw_deg: float, lean_deg: float, arms: str, trunk_px: float, hip_x: float
) -> None:
    figure = Figure(
        facing=facing,
        yaw_deg=yaw_deg,
        lean_deg=lean_deg,
        arms=arms,
        trunk_px=trunk_px,
        hip_px=(hip_x, 480.0),
    )
    pose = pose_of(figure)
    # At the very limit of what stands upright, rounding decides.
    assume(abs(abs(lean_deg) - 20.0) > 0.01)
    # The last column's outer half has no counterpart before the first column.
    assume(not (np.abs(pose.xy_px[:, 0] - 639.5) <= 0.51).any())
    assume(not (np.abs(pose.xy_px[:, 0] + 0.5) <= 0.51).any())
    one, other = sighting(figure, pose=pose), sighting(figure, pose=mirrored(pose))
    assert [
        None if found is None else SWAPPED.get(found, found) for found in instructions(one)
    ] == instructions(other)


def test_invented_legs_below_the_picture_ask_for_a_step_back() -> None:
    below = moved(pose_of(Figure()), *(j for j in Joint if j >= Joint.LEFT_KNEE), to_px=(320, 1100))
    assert first(sighting(pose=below)) is Instruction.STEP_BACK


def test_a_foot_beside_the_picture_asks_for_the_middle() -> None:
    pose = moved(pose_of(Figure()), Joint.LEFT_FOOT_INDEX, to_px=(-5, 900))
    (correction,) = find_corrections(sighting(pose=pose))
    assert correction == Correction(
        Instruction.MOVE_TO_MIDDLE, ReasonCode.BODY_CUT_OFF, is_soft=True
    )


def test_the_light_of_the_tests_is_good() -> None:
    assert np.isfinite([GOOD_LIGHT.brightness, GOOD_LIGHT.sharpness]).all()
    assert find_corrections(sighting(light=GOOD_LIGHT)) == ()
