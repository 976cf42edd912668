from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("anny")

from hypothesis import given, settings
from hypothesis import strategies as st

from synthetic.body.model import Build
from synthetic.exercises.limbs import shape_of
from synthetic.exercises.pose import (
    Bridge,
    SideLying,
    angle_deg,
    bridge_skeleton,
    hip_middle_m,
    lying_skeleton,
    resting_hip_deg,
    rolling_skeleton,
    side_skeleton,
    sit_up_skeleton,
    squat_skeleton,
    walking_skeleton,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from synthetic.body.pose import Skeleton
    from synthetic.exercises.limbs import Shape

CLOSE_DEG = 1.0
CLOSE_M = 0.02
MIRRORED = np.array([-1.0, 1.0, 1.0])


def build(name: str) -> Build:
    return {
        "slim woman": Build(sex="female", stature_m=1.62, fat=-0.4),
        "heavy man": Build(sex="male", stature_m=1.82, fat=0.6, belly=0.3),
    }[name]


@pytest.fixture(scope="module", params=["slim woman", "heavy man"])
def shape(request: pytest.FixtureRequest) -> Shape:
    return shape_of(build(request.param))


def joint(shape: Shape, skeleton: Skeleton, bone: str) -> NDArray[np.float64]:
    return np.asarray(skeleton.heads[shape.model.bones[bone]])


def from_side(shape: Shape, skeleton: Skeleton, bone: str, sides: str = "LR") -> complex:
    """Return where a joint is seen from the side, the feet towards 0 and up towards i."""
    y, z = np.mean([joint(shape, skeleton, f"{bone}.{side}")[1:] for side in sides], axis=0)
    return complex(-y, z)


def hip_deg(shape: Shape, skeleton: Skeleton, sides: str = "LR") -> float:
    """Return the angle at the hip over the body, counted from thigh to trunk."""
    shoulder = from_side(shape, skeleton, "upperarm01")
    hip, knee = (from_side(shape, skeleton, bone, sides) for bone in ("upperleg01", "lowerleg01"))
    ahead = skeleton.turns[0] @ (0.0, hip_middle_m(shape), 0.0)
    hip += complex(-ahead[1], ahead[2])
    return float(np.angle((shoulder - hip) / (knee - hip), deg=True) % 360)


def knee_deg(shape: Shape, skeleton: Skeleton, sides: str = "LR") -> float:
    hip, knee, ankle = (
        from_side(shape, skeleton, bone, sides) for bone in ("upperleg01", "lowerleg01", "foot")
    )
    return float(abs(np.angle((hip - knee) / (ankle - knee), deg=True)))


def skin(shape: Shape, skeleton: Skeleton, *bones: str) -> NDArray[np.float32]:
    """Return the skin that follows some bones most, shape (n, 3)."""
    chosen = [i for name, i in shape.model.bones.items() if name.startswith(bones)]
    follows = shape.model.weights[:, chosen].sum(axis=1) > 0.6
    return np.asarray(skeleton.skin(shape.model, shape.vertices)[follows])


@pytest.mark.parametrize("wanted_deg", [142.0, 165.0, 179.0, 181.0, 195.0])
def test_a_bridge_has_the_asked_hip(shape: Shape, wanted_deg: float) -> None:
    skeleton = bridge_skeleton(shape, Bridge(wanted_deg))
    assert hip_deg(shape, skeleton) == pytest.approx(wanted_deg, abs=CLOSE_DEG)


@pytest.mark.parametrize("wanted_deg", [72.0, 90.0, 110.0, 135.0, 147.0])
def test_the_feet_stand_where_the_asked_knee_puts_them(shape: Shape, wanted_deg: float) -> None:
    skeleton = bridge_skeleton(shape, Bridge(180.0, wanted_deg))
    assert knee_deg(shape, skeleton) == pytest.approx(wanted_deg, abs=2.0)


@settings(max_examples=15)
@given(wanted_deg=st.floats(146, 198), foot_deg=st.floats(70, 118))
def test_any_bridge_comes_out_as_asked(wanted_deg: float, foot_deg: float) -> None:
    shape = shape_of(build("slim woman"))
    skeleton = bridge_skeleton(shape, Bridge(wanted_deg, foot_deg))
    assert hip_deg(shape, skeleton) == pytest.approx(wanted_deg, abs=CLOSE_DEG)
    soles = skin(shape, skeleton, "foot", "toe")[:, 2]
    assert abs(float(soles.min())) < CLOSE_M


def test_feet_and_shoulders_stay_on_the_floor_while_the_hips_rise(shape: Shape) -> None:
    low_deg = resting_hip_deg(shape, 104.0)
    low, high = (bridge_skeleton(shape, Bridge(deg, 104.0)) for deg in (low_deg, 178.0))
    for bone in ("foot.L", "foot.R", "upperarm01.L", "upperarm01.R"):
        moved = joint(shape, high, bone) - joint(shape, low, bone)
        assert float(np.linalg.norm(moved)) < CLOSE_M
    for skeleton in (low, high):
        assert abs(float(skin(shape, skeleton, "spine01")[:, 2].min())) < 2 * CLOSE_M
        assert abs(float(skin(shape, skeleton, "head")[:, 2].min())) < 2 * CLOSE_M
    assert abs(float(skin(shape, low, "root")[:, 2].min())) < CLOSE_M
    assert float(skin(shape, high, "root")[:, 2].min()) > 0.08


def test_buttocks_on_the_floor_mean_bent_hips(shape: Shape) -> None:
    angles = [resting_hip_deg(shape, knee) for knee in (90.0, 104.0, 118.0)]
    assert angles == sorted(angles)
    assert 120 < angles[0] < angles[-1] < 150


def test_a_bridge_is_its_own_mirror_image(shape: Shape) -> None:
    skeleton = bridge_skeleton(shape, Bridge(170.0))
    for bone in ("upperarm01", "wrist", "upperleg01", "lowerleg01", "foot"):
        left, right = (joint(shape, skeleton, f"{bone}.{side}") for side in "LR")
        np.testing.assert_allclose(left, right * MIRRORED, atol=0.002)


@pytest.mark.parametrize(("free", "standing"), [("L", "R"), ("R", "L")])
def test_on_one_leg_the_standing_leg_has_the_angle_and_the_free_one_is_straight(
    shape: Shape, free: str, standing: str
) -> None:
    skeleton = bridge_skeleton(shape, Bridge(172.0, 104.0, free))
    assert hip_deg(shape, skeleton, standing) == pytest.approx(172.0, abs=CLOSE_DEG)
    assert hip_deg(shape, skeleton, free) == pytest.approx(172.0, abs=2.0)
    assert knee_deg(shape, skeleton, free) == pytest.approx(180.0, abs=CLOSE_DEG)
    raised = bridge_skeleton(shape, Bridge(172.0, 104.0, free, free_up_deg=20.0))
    assert hip_deg(shape, raised, free) == pytest.approx(152.0, abs=2.0)


def test_a_pelvis_hangs_down_on_the_free_side(shape: Shape) -> None:
    skeleton = bridge_skeleton(shape, Bridge(165.0, 104.0, "L", roll_deg=10.0))
    left, right = (joint(shape, skeleton, f"upperleg01.{side}") for side in "LR")
    dropped_deg = math.degrees(math.atan2(right[2] - left[2], abs(left[0] - right[0])))
    assert dropped_deg == pytest.approx(10.0, abs=CLOSE_DEG)


def thigh(shape: Shape, skeleton: Skeleton, side: str) -> NDArray[np.float64]:
    span = joint(shape, skeleton, f"lowerleg01.{side}") - joint(
        shape, skeleton, f"upperleg01.{side}"
    )
    return np.asarray(span / np.linalg.norm(span))


@pytest.mark.parametrize("lift_deg", [-6.0, 0.0, 15.0, 33.0, 55.0])
@pytest.mark.parametrize(("top", "low"), [("L", "R"), ("R", "L")])
def test_a_lifted_thigh_has_the_asked_angle_to_the_other(
    shape: Shape, lift_deg: float, top: str, low: str
) -> None:
    skeleton = side_skeleton(shape, SideLying(lift_deg, top, forward_deg=0.0))
    upper, lower = thigh(shape, skeleton, top), thigh(shape, skeleton, low)
    between_deg = math.degrees(math.acos(np.clip(upper @ lower, -1, 1)))
    assert between_deg == pytest.approx(abs(lift_deg), abs=CLOSE_DEG)
    assert math.copysign(1, upper[2] - lower[2]) == math.copysign(1, lift_deg)
    hips = [joint(shape, skeleton, f"upperleg01.{side}")[2] for side in (top, low)]
    assert hips[0] - hips[1] > 0.1


@pytest.mark.parametrize("forward_deg", [-12.0, 0.0, 25.0])
@pytest.mark.parametrize("top", ["L", "R"])
def test_a_thigh_comes_forward_by_the_asked_angle(
    shape: Shape, forward_deg: float, top: str
) -> None:
    skeleton = side_skeleton(shape, SideLying(30.0, top, forward_deg))
    nose = skin(shape, skeleton, "eye").mean(axis=0) - joint(shape, skeleton, "neck03")
    front = math.copysign(1, float(nose[0]))
    x, y, _ = thigh(shape, skeleton, top)
    assert math.degrees(math.atan2(front * x, -y)) == pytest.approx(forward_deg, abs=CLOSE_DEG)


@pytest.mark.parametrize("top", ["L", "R"])
def test_a_pelvis_rolls_away_from_the_face(shape: Shape, top: str) -> None:
    low = "R" if top == "L" else "L"
    skeleton = side_skeleton(shape, SideLying(30.0, top, roll_deg=25.0))
    nose = skin(shape, skeleton, "eye").mean(axis=0) - joint(shape, skeleton, "neck03")
    line = joint(shape, skeleton, f"upperleg01.{top}") - joint(shape, skeleton, f"upperleg01.{low}")
    rolled_deg = math.degrees(math.atan2(-math.copysign(1, float(nose[0])) * line[0], line[2]))
    assert rolled_deg == pytest.approx(25.0, abs=CLOSE_DEG)


def test_the_other_side_up_is_the_mirror_image(shape: Shape) -> None:
    left = side_skeleton(shape, SideLying(28.0, "L", 8.0, 10.0, 30.0, 60.0))
    right = side_skeleton(shape, SideLying(28.0, "R", 8.0, 10.0, 30.0, 60.0))
    for bone in ("upperarm01", "wrist", "upperleg01", "lowerleg01", "foot"):
        for side, other in (("L", "R"), ("R", "L")):
            np.testing.assert_allclose(
                joint(shape, left, f"{bone}.{side}"),
                joint(shape, right, f"{bone}.{other}") * MIRRORED,
                atol=0.003,
            )


def test_the_lower_leg_bends_as_asked(shape: Shape) -> None:
    skeleton = side_skeleton(
        shape, SideLying(0.0, "L", 0.0, lower_hip_deg=30.0, lower_knee_deg=60.0)
    )
    hip, knee, ankle = (
        joint(shape, skeleton, f"{bone}.R") for bone in ("upperleg01", "lowerleg01", "foot")
    )
    cosine = (hip - knee) @ (ankle - knee) / np.linalg.norm(hip - knee)
    knee_at_deg = math.degrees(math.acos(cosine / np.linalg.norm(ankle - knee)))
    assert knee_at_deg == pytest.approx(120.0, abs=CLOSE_DEG)
    straight = thigh(shape, skeleton, "L") @ thigh(shape, skeleton, "R")
    assert math.degrees(math.acos(straight)) == pytest.approx(30.0, abs=CLOSE_DEG)


def test_an_angle_knows_on_which_side_its_corner_lies() -> None:
    start, end, up = np.array([-1.0, 0, 0]), np.array([1.0, 0, 0]), np.array([0, 0, 1.0])
    below, above = np.array([0, 0, -0.2]), np.array([0, 0, 0.2])
    assert angle_deg(start, below, end, up) == pytest.approx(157.38, abs=0.01)
    assert angle_deg(start, above, end, up) == pytest.approx(202.62, abs=0.01)


def test_other_movements_do_what_their_names_say(shape: Shape) -> None:
    def height(skeleton: Skeleton, bone: str) -> float:
        return float(joint(shape, skeleton, bone)[2])

    standing, sitting = squat_skeleton(shape, 0.0), squat_skeleton(shape, 1.0)
    assert height(standing, "upperleg01.L") - height(sitting, "upperleg01.L") > 0.25
    stride = walking_skeleton(shape, 1.0)
    assert joint(shape, stride, "foot.L")[1] < joint(shape, stride, "foot.R")[1] - 0.4
    raised = lying_skeleton(shape, legs_up_deg=(50.0, 0.0))
    assert height(raised, "foot.L") > 0.5 > 0.2 > height(raised, "foot.R")
    flat, upright = sit_up_skeleton(shape, 0.0), sit_up_skeleton(shape, 1.0)
    assert height(upright, "head") - height(flat, "head") > 0.4
    np.testing.assert_allclose(
        joint(shape, flat, "foot.L"), joint(shape, upright, "foot.L"), atol=CLOSE_M
    )
    aside = rolling_skeleton(shape, 90.0)
    assert height(aside, "upperleg01.L") - height(aside, "upperleg01.R") > 0.15


def test_the_hip_is_in_the_middle_of_the_body(shape: Shape) -> None:
    level_m = float(shape.head("upperleg01.L")[2])
    hips = np.abs(shape.vertices[:, 2] - level_m) < 0.03
    trunk = np.abs(shape.vertices[:, 0]) < 0.2
    y = shape.vertices[hips & trunk, 1]
    middle_m = float(shape.head("upperleg01.L")[1]) + hip_middle_m(shape)
    assert middle_m == pytest.approx((y.min() + y.max()) / 2, abs=0.01)
