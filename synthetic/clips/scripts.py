"""What people do in clips, second by second, and what a live check ought to make of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from synthetic.body.pose import ArmPose
from synthetic.clips.people import Pose
from synthetic.scene.backgrounds import Background
from synthetic.scene.film import ramp
from synthetic.scene.sampling import sample_scene

if TYPE_CHECKING:
    from synthetic.scene.arrangement import BodyScene

#: Apart from the seeds of every part that trains, calibrates or judges the models.
FIRST_SEED = 95_000_000
FPS = 12.0
_WIDE_PX, _TALL_PX = (1280, 720), (720, 1280)
#: From standing right: still for 1.5 s, a second to hear it, three seconds measured.
_CAPTURE_S = 5.5

Poses: TypeAlias = Callable[[float], tuple[Pose, ...]]


class ClipKind(StrEnum):
    """What a clip shows."""

    STILL = "still"
    TURN = "turn"
    WALK_THROUGH = "walk_through"
    SECOND_PERSON = "second_person"
    ARM_IN_FRONT = "arm_in_front"
    STEP_BACK = "step_back"
    COME_CLOSER = "come_closer"
    SQUEEZE = "squeeze"


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """One clip.

    Attributes
    ----------
    name, kind
        The file's name without its ending; what it shows.
    scenes
        One for each person; the first brings camera, room and light.
    poses
        What each person does at a time in seconds.
    seconds
        Its length.
    right_from_s
        From when on the first person stands right; None for never.
    fill
        How much of the picture's height the first person fills at first.
    change_deg
        How far a squeeze turns the pelvis backward, else 0.
    """

    name: str
    kind: ClipKind
    scenes: tuple[BodyScene, ...]
    poses: Poses
    seconds: float
    right_from_s: float | None
    change_deg: float = 0.0


def all_clips() -> tuple[Clip, ...]:
    """Return every clip, those of standing still first."""
    makers = (
        (_still, 16),
        (_turn, 8),
        (_second_person, 4),
        (_arm_in_front, 4),
        (_walk_through, 4),
        (_step_back, 2),
        (_come_closer, 2),
        (_squeeze, 8),
    )
    return tuple(maker(number) for maker, count in makers for number in range(count))


def person(number: int, *, arms: ArmPose = ArmPose.COLLAR_BONES, tall: bool = False) -> BodyScene:
    """Return somebody in front of a webcam on a table: level, in usual light, side-on."""
    scene = sample_scene(FIRST_SEED + number)
    random = np.random.default_rng([FIRST_SEED, number])
    width_px, height_px = _TALL_PX if tall else _WIDE_PX
    stance = replace(scene.stance, stagger_m=float(random.normal(0, 0.01)), shoulder_turn_deg=0.0)
    exposure = replace(scene.exposure, blur_px=0.5, noise=2.5, gain=1.0, jpeg_quality=92)
    return replace(
        scene,
        stance=stance,
        arms=arms,
        tilt_deg=float(random.uniform(-2, 24)),
        yaw_deg=0.0,
        roll_deg=0.0,
        pitch_deg=0.0,
        camera_height_m=float(random.uniform(0.85, 1.05)),
        camera_distance_m=3.0,
        fill=0.88 if not tall else 0.7,
        place=(0.5, 0.5),
        width_px=width_px,
        height_px=height_px,
        background=Background.ROOM.value if number % 2 else Background.PLAIN.value,
        exposure=exposure,
        lighting=replace(scene.lighting, ambient=max(scene.lighting.ambient, 0.35)),
    )


def _still(number: int) -> Clip:
    scene = person(number, tall=number % 4 == 3)
    still = Pose(scene.tilt_deg)
    return Clip(f"still_{number}", ClipKind.STILL, (scene,), lambda t_s: (still,), 13.0, 0.0)


def _turn(number: int) -> Clip:
    scene = person(100 + number)
    begin_deg = 40.0 if number % 2 else -40.0

    def poses(t_s: float) -> tuple[Pose, ...]:
        return (Pose(scene.tilt_deg, yaw_deg=begin_deg * (1 - ramp(t_s, 1.0, 4.5))),)

    return Clip(f"turn_{number}", ClipKind.TURN, (scene,), poses, 12.0, 4.5)


def _walk_through(number: int) -> Clip:
    scene = person(200 + number)

    def poses(t_s: float) -> tuple[Pose, ...]:
        stride_m = 0.32 * np.sin(2 * np.pi * t_s / 1.1)
        return (Pose(scene.tilt_deg, ahead_m=-2.6 + 0.8 * t_s, stride_m=round(float(stride_m), 1)),)

    return Clip(f"walk_through_{number}", ClipKind.WALK_THROUGH, (scene,), poses, 6.5, None)


def _second_person(number: int) -> Clip:
    first, second = person(300 + number), person(310 + number)
    second = replace(second, facing=first.facing)
    leaves_s = 5.0

    def poses(t_s: float) -> tuple[Pose, ...]:
        beside_m = 0.95 + 2.2 * ramp(t_s, leaves_s, leaves_s + 2.5)
        return Pose(first.tilt_deg), Pose(second.tilt_deg, ahead_m=beside_m)

    scenes = (first, second)
    return Clip(
        f"second_person_{number}", ClipKind.SECOND_PERSON, scenes, poses, 14.0, leaves_s + 2.0
    )


def _arm_in_front(number: int) -> Clip:
    scene = person(400 + number, arms=ArmPose.HANGING)
    raised_s = 5.0

    def poses(t_s: float) -> tuple[Pose, ...]:
        # Eight places on the way: each is a new body.
        up = round(8 * ramp(t_s, raised_s - 1.0, raised_s)) / 8
        return (Pose(scene.tilt_deg, fists_up=up),)

    return Clip(f"arm_in_front_{number}", ClipKind.ARM_IN_FRONT, (scene,), poses, 12.0, raised_s)


def _step_back(number: int) -> Clip:
    scene = person(500 + number)
    back_s = 6.0

    def poses(t_s: float) -> tuple[Pose, ...]:
        return (Pose(scene.tilt_deg, nearer_m=1.2 * (1 - ramp(t_s, 3.5, back_s))),)

    return Clip(f"step_back_{number}", ClipKind.STEP_BACK, (scene,), poses, 13.0, back_s)


def _come_closer(number: int) -> Clip:
    scene = person(600 + number)
    there_s = 6.5

    def poses(t_s: float) -> tuple[Pose, ...]:
        return (Pose(scene.tilt_deg, nearer_m=-3.2 * (1 - ramp(t_s, 3.0, there_s))),)

    return Clip(f"come_closer_{number}", ClipKind.COME_CLOSER, (scene,), poses, 13.5, there_s)


def squeezed_share(t_s: float) -> float:
    """Return how far a squeeze is done, 0..1, by the times of :mod:`vision.live.squeeze`.

    Standing still for 1.5 s and resting for 3 s come first; a second passes until an order
    is obeyed.
    """
    begins_s, share = 4.5, 0.0
    for _ in range(3):
        obeyed_s = begins_s + 0.6
        share += ramp(t_s, obeyed_s, obeyed_s + 0.5)
        share -= ramp(t_s, obeyed_s + 5.0, obeyed_s + 5.5)
        begins_s += 9.0
    return share


def _squeeze(number: int) -> Clip:
    scene = person(700 + number)
    change_deg = (0.0, 3.0, 6.0, 10.0)[number % 4]

    def poses(t_s: float) -> tuple[Pose, ...]:
        # In half degrees: a new tilt is a new body.
        back_deg = round(2 * change_deg * squeezed_share(t_s)) / 2
        return (Pose(scene.tilt_deg - back_deg),)

    return Clip(f"squeeze_{number}", ClipKind.SQUEEZE, (scene,), poses, 33.5, 0.0, change_deg)
