"""The usual person of a sample picture, from which all others are told apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from synthetic.blender.studio import Studio
from synthetic.body.model import Build
from synthetic.body.pose import ArmPose, Stance
from synthetic.clothing.accessories import Hair
from synthetic.clothing.garments import Fit
from synthetic.clothing.palette import Colour, Pattern
from synthetic.clothing.wardrobe import Bottom, Outfit, Top, Tuck
from synthetic.scene.arrangement import BodyScene
from synthetic.scene.lighting import Exposure, Lighting

_PLAIN = (Pattern.PLAIN, Pattern.PLAIN)
_OUTFIT = Outfit(
    top=Top.TSHIRT,
    bottom=Bottom.LEGGINGS,
    tuck=Tuck.TUCKED,
    fit=Fit.REGULAR,
    top_looseness=0.2,
    bottom_looseness=0.3,
    waist_rise_m=0.03,
    waist_offset_deg=0.0,
    top_length=0.4,
    hem_slope=0.0,
    leg_length=0.95,
    leg_width_m=0.065,
    flare=0.1,
    sleeve_change=0.0,
    belted=False,
    shod=True,
    hair=Hair.SHORT,
    hair_volume=0.5,
    top_colours=((200, 200, 198), (60, 60, 60)),
    bottom_colours=((45, 48, 56), (200, 200, 200)),
    belt_colour=(60, 40, 28),
    shoe_colour=(70, 74, 80),
    hair_colour=(52, 36, 26),
    patterns=_PLAIN,
    seed=1,
)
_SCENE = BodyScene(
    seed=1,
    tilt_deg=11.0,
    build=Build(),
    stance=Stance(hip_sway_percent=2.0, stance_m=0.19, head_forward_deg=14.0),
    arms=ArmPose.COLLAR_BONES,
    arm_variation=(0.5, 0.4, 0.5),
    fit=Fit.REGULAR,
    outfit=_OUTFIT,
    skin_colour=(214, 160, 124),
    facing="left",
    yaw_deg=0.0,
    roll_deg=0.0,
    pitch_deg=0.0,
    camera_height_m=0.98,
    camera_distance_m=3.0,
    fill=0.84,
    place=(0.5, 0.55),
    width_px=900,
    height_px=1200,
    background="wall",
    background_colour=(200, 200, 200),
    lighting=Lighting("soft", (), 0.4),
    exposure=Exposure(
        gain=1.0,
        gamma=1.0,
        cast=(1.0, 1.0, 1.0),
        vignette=0.0,
        blur_px=0.0,
        noise=1.2,
        jpeg_quality=90,
    ),
)


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """One sample picture.

    Attributes
    ----------
    name
        File name without its ending.
    scene, studio
        Everything in the picture.
    expected
        ``measured`` or the reason for which the program must refuse.
    cut_at_thigh
        Whether the picture ends above the knees.
    """

    name: str
    scene: BodyScene
    studio: Studio
    expected: str = "measured"
    cut_at_thigh: bool = False


def person(
    name: str,
    seed: int,
    tilt_deg: float,
    room: str,
    build: Build,
    skin: Colour,
    outfit: dict[str, Any],
    stance: dict[str, float] | None = None,
    **scene: Any,
) -> SamplePerson:
    """Return a sample that differs from the usual one in what is named.

    Parameters
    ----------
    name, seed, tilt_deg, build
        Who it is; the seed furnishes the room, too.
    room
        One of :data:`synthetic.blender.studio.ROOMS`.
    skin
        0..255.
    outfit, stance, scene
        Fields of :class:`Outfit`, :class:`Stance` and :class:`BodyScene`, and ``expected`` and
        ``cut_at_thigh`` of :class:`SamplePerson`.
    """
    expected = scene.pop("expected", "measured")
    cut = scene.pop("cut_at_thigh", False)
    worn = replace(_OUTFIT, seed=seed, **outfit)
    made = replace(
        _SCENE,
        seed=seed,
        tilt_deg=tilt_deg,
        build=build,
        skin_colour=skin,
        outfit=worn,
        fit=worn.fit,
        stance=replace(_SCENE.stance, **(stance or {})),
        **scene,
    )
    return SamplePerson(name, made, Studio(room, seed, samples=6, threads=2), expected, cut)


WHITE, NAVY, BLACK = (228.0, 228.0, 224.0), (38.0, 48.0, 78.0), (38.0, 38.0, 42.0)
PALE, FAIR, OLIVE = (244.0, 208.0, 184.0), (228.0, 180.0, 148.0), (198.0, 146.0, 108.0)
BROWN, DARK, DEEP = (158.0, 106.0, 74.0), (112.0, 74.0, 50.0), (80.0, 54.0, 40.0)
EUROPEAN, AFRICAN, ASIAN = (0.05, 0.05, 0.9), (0.9, 0.05, 0.05), (0.05, 0.9, 0.05)
