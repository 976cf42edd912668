"""Render clips of people in motion: ``python -m synthetic.clips --out data/clips``.

Each becomes a film, and a JSON file beside it with what is true in it: what people do second
by second, and what a live check ought to make of it. A finished clip is passed over, so that
an interrupted run goes on where it stopped. Everybody breathes and sways a little, the camera
trembles by about a pixel, and every picture has a sensor noise of its own. About five pictures
a second on two cores.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from synthetic.body.person import PelvicPoints
from synthetic.body.pose import ArmPose, about_z
from synthetic.scene.arrangement import BodyScene, Person, build_person, scene_camera
from synthetic.scene.backgrounds import Background, paint_background
from synthetic.scene.film import ramp, trembled, write_film
from synthetic.scene.lighting import expose
from synthetic.scene.render import stage
from synthetic.scene.sampling import sample_scene

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


#: Apart from the seeds of every part that trains, calibrates or judges the models.
FIRST_SEED = 95_000_000
FPS = 12.0
_WIDE_PX, _TALL_PX = (1280, 720), (720, 1280)
#: Standard deviations: of the camera's tremble, and of what its automatic exposure does.
_JITTER_PX = 0.5
_FLICKER = 0.004
_QUALITY = 95.0
#: Clips of the tests: width in pixels that is kept, and seconds.
_SMALL = {
    "still_5": (560, 7.0),
    "turn_0": (600, 10.5),
    "second_person_0": (1280, 12.5),
    "arm_in_front_0": (520, 11.0),
    "walk_through_0": (1280, 6.5),
    "squeeze_2": (520, 33.5),
    "range_0": (560, 42.0),
}
#: Breaths a second, and how far chest and shoulders move: 1 % of a trunk of half a metre.
_BREATH_HZ = 0.25
_BREATH_M = 0.005
#: Sway of a quiet stance at the height of the hips: frequencies, and amplitudes to the
#: front and to the side (a few mm in all).
_SWAY_HZ = (0.17, 0.43, 0.71)
_SWAY_M = ((0.0025, 0.0012), (0.0012, 0.0008), (0.0006, 0.0004))
#: Fists are raised along the trunk: shares of the way at which the kind of arm changes, and
#: where :data:`ArmPose.BELLY` begins and ends if it is allowed beyond its usual 0..1.
_SWUNG, _RAISED = 0.3, 0.97
_FROM_BELLY, _TO_COLLAR = 2.0, -5.6
_SWING = 1.5

#: Of a range test: standing still first, each position, and the way into it. The test waits for
#: whoever is slower than its words.
_STILL_S, _POSITION_S, _MOVING_S = 2.4, 4.4, 0.8

Poses: TypeAlias = Callable[[float], tuple["Pose", ...]]


@dataclass(frozen=True, slots=True)
class Pose:
    """What one person does at one moment.

    Attributes
    ----------
    tilt_deg
        Pelvic tilt; + = anterior.
    yaw_deg
        Turned about the body's own axis; + = the front towards the camera.
    ahead_m, nearer_m
        Moved towards the edge of the picture that is faced, and towards the camera.
    stride_m
        How far the left foot is put ahead of the right, beside the usual stance.
    fists_up
        0 = arms as they hung, 1 = fists on the collar-bones.
    """

    tilt_deg: float
    yaw_deg: float = 0.0
    ahead_m: float = 0.0
    nearer_m: float = 0.0
    stride_m: float = 0.0
    fists_up: float = 1.0


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
    RANGE = "range"


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
    change_deg
        How far a squeeze turns the pelvis backward, or a range test from tucked to arched;
        else 0.
    place_percent
        Where relaxed standing lies in that range, else 0.
    """

    name: str
    kind: ClipKind
    scenes: tuple[BodyScene, ...]
    poses: Poses
    seconds: float
    right_from_s: float | None
    change_deg: float = 0.0
    place_percent: float = 0.0


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
        (_range, 4),
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


def position_share(t_s: float, place: float) -> float:
    """Return where in its range a pelvis is, 0 = tucked, 1 = arched, relaxed at ``place``.

    Arch, tuck, relax, three times, :data:`_POSITION_S` each, after a time of standing still.
    """
    share = place
    for number, wanted in enumerate(3 * (1.0, 0.0, place)):
        begins_s = _STILL_S + number * _POSITION_S
        share += (wanted - share) * ramp(t_s, begins_s, begins_s + _MOVING_S)
    return share


def _range(number: int) -> Clip:
    scene = person(800 + number)
    range_deg, place = 16.0, (0.5, 0.3, 0.7, 0.5)[number % 4]
    relaxed_deg = float(np.clip(scene.tilt_deg, 4.0, 16.0))
    scene = replace(scene, tilt_deg=relaxed_deg)

    def poses(t_s: float) -> tuple[Pose, ...]:
        # In half degrees: a new tilt is a new body.
        turned_deg = round(2 * range_deg * (position_share(t_s, place) - place)) / 2
        return (Pose(relaxed_deg + turned_deg),)

    return Clip(
        f"range_{number}", ClipKind.RANGE, (scene,), poses, 42.0, 0.0, range_deg, 100 * place
    )


def _arms_on_the_way(scene: BodyScene, share: float) -> BodyScene:
    """Return a scene with the arms between how they hang and the collar-bones."""
    if share <= 0.0:
        return scene
    if share >= _RAISED:
        return replace(scene, arms=ArmPose.COLLAR_BONES, arm_variation=(0.5, 0.4, 0.5))
    u, v, w = scene.arm_variation
    if share < _SWUNG and scene.arms is ArmPose.HANGING:
        return replace(scene, arm_variation=(u + _SWING * share / _SWUNG, v, w))
    height = float(np.interp(share, (_SWUNG, _RAISED), (_FROM_BELLY, _TO_COLLAR)))
    if scene.arms is ArmPose.BELLY:
        height = float(np.interp(share, (0.0, _RAISED), (u, _TO_COLLAR)))
    return replace(scene, arms=ArmPose.BELLY, arm_variation=(height, v, w))


def _feet_m(person: Person) -> float:
    """Return how far back the ankles are."""
    return float(person.body.joint("foot.L")[1] + person.body.joint("foot.R")[1]) / 2


def _smooth(x: NDArray[np.float64], low: float, high: float) -> NDArray[np.float64]:
    t = np.clip((x - low) / (high - low), 0.0, 1.0)
    return np.asarray(t * t * (3 - 2 * t))


def _breathed(
    points: NDArray[np.float64], person: Person, t_s: float, phase: float
) -> NDArray[np.float64]:
    """Return points moved by a breath, its phase in turns: shoulders up, chest forward.

    The pelvis and all below the waist stay where they are.
    """
    breath_m = _BREATH_M * math.sin(2 * math.pi * (_BREATH_HZ * t_s + phase))
    hips_m, shoulders_m = float(person.hips[2]), float(person.shoulders[2])
    above = _smooth(points[:, 2], hips_m + 0.4 * (shoulders_m - hips_m), shoulders_m)
    in_front = 1 - _smooth(points[:, 1] - float(person.shoulders[1]), -0.10, 0.04)
    chest = above * (1 - _smooth(points[:, 2], shoulders_m + 0.02, shoulders_m + 0.12))
    moved = points.copy()
    moved[:, 1] -= breath_m * chest * in_front
    moved[:, 2] += breath_m * above
    return moved


def _swayed(points: NDArray[np.float64], t_s: float, phase: float) -> NDArray[np.float64]:
    """Return points moved by quiet sway: the further above the feet, the more.

    Heights stay as they are, and with them the tilt (but for thousandths of a degree).
    """
    turns = [2 * math.pi * (hz * t_s + phase * (k + 1)) for k, hz in enumerate(_SWAY_HZ)]
    ahead_m = sum(m[0] * math.sin(turn) for m, turn in zip(_SWAY_M, turns, strict=True))
    aside_m = sum(m[1] * math.cos(turn) for m, turn in zip(_SWAY_M, turns, strict=True))
    return np.asarray(points + points[:, 2:] * np.array([aside_m, -ahead_m, 0.0]))


def posed(scene: BodyScene, pose: Pose, t_s: float) -> Person:
    """Return the person of a scene as they are at a moment.

    A new tilt, step or arm gives a new body in new folds of its clothes. Breath and sway
    move what is there, clothes included, so that nothing else changes from one picture to
    the next.

    Parameters
    ----------
    scene
        The person as they stand; the arms are those that hang.
    pose
        What they do.
    t_s
        For breath and sway, which nobody can stop.
    """
    stance = replace(scene.stance, stagger_m=scene.stance.stagger_m + pose.stride_m)
    now = replace(scene, tilt_deg=pose.tilt_deg, stance=stance)
    person = build_person(_arms_on_the_way(now, pose.fists_up))
    usual = build_person(_arms_on_the_way(scene, 1.0))
    feet_kept_m = np.array([0.0, _feet_m(usual) - _feet_m(person), 0.0])
    side = 1.0 if scene.facing == "left" else -1.0
    turn = about_z(side * pose.yaw_deg)
    place = np.array([side * pose.nearer_m, -pose.ahead_m, 0.0])
    phase = (scene.seed % 97) / 97

    def moved(points: NDArray[np.floating]) -> NDArray[np.float64]:
        breathed = _breathed(np.asarray(points, np.float64), person, t_s, phase)
        return np.asarray((_swayed(breathed, t_s, phase) + feet_kept_m) @ turn.T + place)

    return replace(
        person,
        meshes=tuple(
            replace(mesh, vertices=moved(mesh.vertices).astype(np.float32))
            for mesh in person.meshes
        ),
        pelvis=PelvicPoints(moved(person.pelvis.asis), moved(person.pelvis.psis)),
        belt_ring=None if person.belt_ring is None else moved(person.belt_ring),
        shoulders=moved(person.shoulders[None])[0],
        hips=moved(person.hips[None])[0],
    )


def frames(clip: Clip, *, trembles: bool = True) -> Iterator[NDArray[np.uint8]]:
    """Yield a clip's pictures, shape (height, width, 3), red, green, blue.

    Parameters
    ----------
    clip
        What to render.
    trembles
        Whether camera and exposure waver.
    """
    scene = clip.scenes[0]
    random = np.random.default_rng([scene.seed, 5])
    camera = scene_camera(scene, _usual(scene))
    # The room stays as it is; the floor's shadow is left out.
    behind = paint_background(
        Background(scene.background),
        scene.background_colour,
        camera,
        scene.roll_deg,
        np.random.default_rng([scene.seed, 77]),
    )
    gain = scene.exposure.gain
    for index in range(round(clip.seconds * FPS)):
        t_s = index / FPS
        people = [
            posed(other, pose, t_s)
            for other, pose in zip(clip.scenes, clip.poses(t_s), strict=True)
        ]
        meshes = tuple(mesh for one in people for mesh in one.meshes)
        rgba = stage().draw(meshes, camera, scene.lighting).astype(np.float32)
        picture = rgba[..., :3] + (1 - rgba[..., 3:] / 255) * behind
        moved = trembled(picture, random, _JITTER_PX * trembles)
        flicker = gain * (1 + float(random.normal(0, _FLICKER)) * trembles)
        yield expose(moved, replace(scene.exposure, gain=flicker), random)


def truth(clip: Clip) -> dict[str, object]:
    """Return what is true in a clip."""
    scene = clip.scenes[0]
    return {
        "name": clip.name,
        "kind": clip.kind.value,
        "tilt_deg": round(_usual(scene).pelvis.tilt_deg, 2),
        "facing": scene.facing,
        "fit": scene.fit.value,
        "right_from_s": clip.right_from_s,
        "change_deg": clip.change_deg,
        "place_percent": clip.place_percent,
        "fps": FPS,
        "seconds": clip.seconds,
    }


def write_clip(clip: Clip, folder: Path) -> Path:
    """Render a clip into a folder, whole or not at all."""
    path = folder / f"{clip.name}.avi"
    if path.exists():
        return path
    return write_film(path, frames(clip), truth(clip), FPS, _QUALITY)


def write_small(clip: Clip, folder: Path, width_px: int, seconds: float) -> Path:
    """Render a clip's beginning into a file small enough to be kept with the tests.

    Noise and tremble do not pack; whoever reads the film adds them.
    """
    scenes = tuple(
        replace(scene, exposure=replace(scene.exposure, noise=0.0)) for scene in clip.scenes
    )
    quiet = replace(clip, scenes=scenes, seconds=seconds)
    left = (clip.scenes[0].width_px - width_px) // 2
    pictures = (
        np.ascontiguousarray(rgb[:, left : left + width_px])
        for rgb in frames(quiet, trembles=False)
    )
    return write_film(folder / f"{clip.name}.mp4", pictures, truth(quiet), FPS, _QUALITY)


def _usual(scene: BodyScene) -> Person:
    """Return a person as they stand when nothing is wrong."""
    return posed(scene, Pose(scene.tilt_deg), 0.0)


def main() -> None:
    """Render what is not there yet."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("data/clips"))
    parser.add_argument("--only", default="", help="names that begin so")
    parser.add_argument("--small", action="store_true", help="only those of the tests, small")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for clip in all_clips():
        if arguments.small:
            if clip.name in _SMALL:
                print(write_small(clip, arguments.out, *_SMALL[clip.name]), flush=True)
            continue
        if clip.name.startswith(arguments.only):
            print(write_clip(clip, arguments.out), flush=True)


if __name__ == "__main__":
    main()
