"""Make the sample pictures and their truth: ``python -m synthetic.samples``.

Pictures that are there already are kept; ``truth.csv`` is written anew.
"""

from __future__ import annotations

import argparse
import csv
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.progress import track

from synthetic.blender.studio import Blender, BlenderError, Studio, blender, develop, write_jpeg
from synthetic.body.model import Build
from synthetic.body.pose import ArmPose, Stance
from synthetic.clothing.accessories import Hair
from synthetic.clothing.garments import Fit
from synthetic.clothing.wardrobe import Bottom, Outfit, Top, Tuck
from synthetic.scene.arrangement import BodyScene, Person, build_person, scene_camera, scene_truth
from synthetic.scene.lighting import Exposure, Lighting

if TYPE_CHECKING:
    from synthetic.clothing.palette import Colour
    from synthetic.scene.camera import PinholeCamera

_JPEG_QUALITY = 90

WHITE, NAVY, BLACK = (228.0, 228.0, 224.0), (38.0, 48.0, 78.0), (38.0, 38.0, 42.0)
PALE, FAIR, OLIVE = (244.0, 208.0, 184.0), (228.0, 180.0, 148.0), (198.0, 146.0, 108.0)
BROWN, DARK, DEEP = (158.0, 106.0, 74.0), (112.0, 74.0, 50.0), (80.0, 54.0, 40.0)
EUROPEAN, AFRICAN, ASIAN = (0.05, 0.05, 0.9), (0.9, 0.05, 0.05), (0.05, 0.9, 0.05)


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


#: Somebody whose hands touch the collar-bones, in usual light before a level camera.
USUAL = BodyScene(
    seed=0,
    tilt_deg=0.0,
    build=Build("female", 33, 1.70, 0.0, 0.5, 0.6, EUROPEAN),
    stance=Stance(hip_sway_percent=2.0, stance_m=0.19, head_forward_deg=14.0),
    arms=ArmPose.COLLAR_BONES,
    arm_variation=(0.5, 0.4, 0.5),
    fit=Fit.REGULAR,
    outfit=Outfit(),
    skin_colour=FAIR,
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
    exposure=Exposure(1.0, 1.0, (1.0, 1.0, 1.0), 0.0, 0.0, noise=1.2, jpeg_quality=90),
)


def _picture_of(
    who: str,
    seed: int,
    tilt_deg: float,
    room: str,
    build: Build,
    skin: Colour,
    outfit: dict[str, Any],
    stance: dict[str, float] | None = None,
    *,
    expected: str = "measured",
    cut_at_thigh: bool = False,
    **unusual: Any,
) -> SamplePerson:
    """Return a sample picture; its name gets facing and tilt if it can be measured.

    ``outfit``, ``stance`` and ``unusual`` are the fields of :class:`Outfit`, :class:`Stance` and
    :class:`BodyScene` that differ from the usual. The seed furnishes the room, too.
    """
    worn = Outfit(seed=seed, **outfit)
    scene = replace(
        USUAL,
        seed=seed,
        tilt_deg=tilt_deg,
        build=build,
        stance=replace(USUAL.stance, **(stance or {})),
        fit=worn.fit,
        outfit=worn,
        skin_colour=skin,
        **unusual,
    )
    name = f"{who}_{scene.facing}_tilt{tilt_deg:.0f}" if expected == "measured" else who
    return SamplePerson(
        name, scene, Studio(room, seed, samples=6, threads=2), expected, cut_at_thigh
    )


def _wear(kind: Top | Bottom, colour: Colour | None = None, **cut: Any) -> dict[str, Any]:
    """Return the fields of :class:`Outfit` that say so; without a colour, it has its usual one."""
    part = "top" if isinstance(kind, Top) else "bottom"
    colours = {} if colour is None else {f"{part}_colours": (colour, WHITE)}
    return {part: kind, **colours, **cut}


def _hair(colour: Colour, style: Hair = Hair.SHORT, volume: float = 0.5) -> dict[str, Any]:
    return {"hair": style, "hair_volume": volume, "hair_colour": colour}


def _shoes(colour: Colour) -> dict[str, Any]:
    return {"shoe_colour": colour}


#: Women who can be measured.
WOMEN: tuple[SamplePerson, ...] = (
    _picture_of(
        "woman_slim",
        201,
        11.0,
        "living",
        Build("female", 27, 1.66, -0.35, 0.5, 0.7, EUROPEAN, buttocks=0.1),
        FAIR,
        _wear(Top.TSHIRT, (96, 128, 138), sleeve_change=-0.2, fit=Fit.TIGHT)
        | _wear(Bottom.LEGGINGS, leg_length=0.93)
        | _hair((96, 64, 40), Hair.PONYTAIL)
        | _shoes((205, 205, 205)),
        {"head_forward_deg": 12.0},
        yaw_deg=2.0,
    ),
    _picture_of(
        "woman_average",
        202,
        17.0,
        "gym",
        Build("female", 33, 1.70, 0.05, 0.55, 0.6, AFRICAN, buttocks=0.5),
        DARK,
        _wear(Top.VEST, (126, 44, 66), tuck=Tuck.CROPPED, top_length=0.6, fit=Fit.TIGHT)
        | _wear(Bottom.LEGGINGS, (58, 40, 62), leg_length=0.97, waist_rise_m=0.05)
        | _hair((26, 20, 18), Hair.BUN, 0.45)
        | _shoes((60, 60, 66)),
        {"lordosis_deg": 3.0},
        facing="right",
        yaw_deg=-2.0,
    ),
    _picture_of(
        "woman_older",
        203,
        0.0,
        "clinic",
        Build("female", 68, 1.60, 0.15, 0.35, 0.4, EUROPEAN, buttocks=-0.4, belly=0.1),
        PALE,
        _wear(Top.LONGSLEEVE, (150, 96, 104), top_looseness=0.1)
        | _wear(Bottom.SLACKS, (86, 84, 82), leg_length=0.97)
        | _hair((176, 174, 172))
        | _shoes((72, 58, 50)),
        {"kyphosis_deg": 10.0, "head_forward_deg": 24.0},
        yaw_deg=1.0,
    ),
    _picture_of(
        "woman_heavy",
        204,
        20.0,
        "studio",
        Build("female", 45, 1.64, 0.78, 0.45, 0.45, EUROPEAN, buttocks=0.5, belly=0.25),
        FAIR,
        _wear(Top.TSHIRT, (70, 96, 84), fit=Fit.TIGHT)
        | _wear(Bottom.LEGGINGS, BLACK, leg_length=0.9)
        | _hair((120, 60, 34), Hair.BUN),
        facing="right",
        yaw_deg=3.0,
    ),
    _picture_of(
        "woman_young",
        205,
        25.0,
        "garden",
        Build("female", 21, 1.68, -0.15, 0.6, 0.75, ASIAN, buttocks=0.4),
        OLIVE,
        _wear(Top.VEST, (44, 62, 92), tuck=Tuck.CROPPED, top_length=0.6, fit=Fit.TIGHT)
        | _wear(Bottom.TIGHT_SHORTS, (44, 62, 92), leg_length=0.3)
        | _hair((24, 20, 20), Hair.PONYTAIL, 0.7)
        | _shoes((190, 90, 70)),
        {"lordosis_deg": 4.0},
        yaw_deg=-3.0,
    ),
    _picture_of(
        "woman_loose",
        206,
        8.0,
        "living",
        Build("female", 38, 1.71, 0.1, 0.45, 0.55, ASIAN),
        FAIR,
        _wear(Top.TSHIRT, (196, 176, 142), fit=Fit.LOOSE, tuck=Tuck.UNTUCKED, top_looseness=0.5)
        | _wear(Bottom.SWEATPANTS, (104, 108, 114), bottom_looseness=0.4, leg_length=0.97)
        | _hair((34, 26, 24), Hair.PONYTAIL, 0.3),
        yaw_deg=2.0,
    ),
    _picture_of(
        "woman_hanging_arm",
        207,
        5.0,
        "studio",
        Build("female", 52, 1.67, 0.0, 0.5, 0.55, AFRICAN, buttocks=0.1),
        DEEP,
        _wear(Top.TSHIRT, (214, 190, 92), top_looseness=0.1, fit=Fit.TIGHT)
        | _wear(Bottom.LEGGINGS, NAVY, leg_length=0.95)
        | _hair((34, 28, 26))
        | _shoes((215, 215, 215)),
        facing="right",
        arms=ArmPose.HANGING,
        arm_variation=(0.1, 0.2, 0.8),
        yaw_deg=-1.0,
    ),
)

#: Men who can be measured.
MEN: tuple[SamplePerson, ...] = (
    _picture_of(
        "man_average",
        211,
        8.0,
        "living",
        Build("male", 35, 1.79, 0.0, 0.5, 0.6, EUROPEAN),
        FAIR,
        _wear(Top.TSHIRT, (92, 110, 140))
        | _wear(Bottom.SHORTS, (58, 60, 62), leg_length=0.42)
        | _hair((84, 58, 38))
        | _shoes((196, 196, 198)),
        facing="right",
        yaw_deg=1.5,
    ),
    _picture_of(
        "man_heavy",
        212,
        5.0,
        "clinic",
        Build("male", 50, 1.77, 0.85, 0.5, 0.4, EUROPEAN, belly=0.55, buttocks=-0.1),
        FAIR,
        _wear(Top.TSHIRT, (120, 52, 48), tuck=Tuck.UNTUCKED, top_length=0.15)
        | _wear(Bottom.SWEATPANTS, (76, 80, 88), leg_length=0.97, bottom_looseness=0.1)
        | _hair((70, 60, 52), volume=0.3),
        yaw_deg=-2.0,
    ),
    _picture_of(
        "man_muscular",
        213,
        14.0,
        "gym",
        Build("male", 29, 1.83, -0.05, 0.9, 0.75, AFRICAN, buttocks=0.35, chest_muscle=0.3),
        BROWN,
        _wear(Top.BARE, fit=Fit.TIGHT)
        | _wear(Bottom.TIGHT_SHORTS, (34, 36, 42), leg_length=0.35)
        | _hair((24, 20, 18), volume=0.1)
        | _shoes((170, 50, 44)),
        facing="right",
        yaw_deg=-3.0,
    ),
    _picture_of(
        "man_older",
        214,
        -5.0,
        "studio",
        Build("male", 72, 1.73, 0.05, 0.35, 0.45, EUROPEAN, buttocks=-0.6, belly=0.1),
        PALE,
        _wear(Top.SHIRT, (168, 190, 214), top_looseness=0.15)
        | _wear(Bottom.SLACKS, (140, 122, 96), leg_length=0.98, belted=True, bottom_looseness=0.15)
        | _hair((188, 186, 184), volume=0.2)
        | _shoes((70, 46, 32)),
        {"kyphosis_deg": 8.0, "head_forward_deg": 22.0},
        facing="right",
        yaw_deg=1.0,
    ),
    _picture_of(
        "man_slim",
        215,
        11.0,
        "studio",
        Build("male", 24, 1.81, -0.45, 0.45, 0.6, ASIAN),
        OLIVE,
        _wear(Top.TSHIRT, (210, 208, 202), top_looseness=0.1)
        | _wear(
            Bottom.JEANS,
            (66, 88, 128),
            leg_length=0.98,
            belted=True,
            bottom_looseness=0.0,
            leg_width_m=0.0,
        )
        | _hair((28, 24, 22), volume=0.7)
        | _shoes((215, 215, 212)),
        yaw_deg=-1.0,
    ),
    _picture_of(
        "man_arms_forward",
        216,
        17.0,
        "garden",
        Build("male", 41, 1.76, 0.15, 0.6, 0.55, EUROPEAN, buttocks=0.3),
        OLIVE,
        _wear(Top.VEST, (60, 64, 70), fit=Fit.TIGHT)
        | _wear(Bottom.TIGHT_SHORTS, (28, 30, 36), leg_length=0.42)
        | _hair((60, 44, 34), volume=0.2)
        | _shoes((60, 100, 140)),
        {"lordosis_deg": 2.0},
        arms=ArmPose.FORWARD,
        yaw_deg=2.0,
    ),
)

#: People who must be refused.
REFUSED: tuple[SamplePerson, ...] = (
    _picture_of(
        "woman_frontal",
        221,
        12.0,
        "clinic",
        Build("female", 36, 1.68, 0.0, 0.5, 0.6, EUROPEAN),
        FAIR,
        _wear(Top.TSHIRT, (128, 110, 150), fit=Fit.TIGHT)
        | _wear(Bottom.LEGGINGS)
        | _hair((150, 108, 64), Hair.BUN, 0.4)
        | _shoes((205, 205, 205)),
        arms=ArmPose.HANGING,
        yaw_deg=90.0,
        expected="not_side_on",
    ),
    _picture_of(
        "man_cut_at_thigh_right",
        222,
        10.0,
        "living",
        Build("male", 44, 1.80, 0.2, 0.5, 0.5, AFRICAN),
        DEEP,
        _wear(Top.TSHIRT, (66, 100, 112))
        | _wear(Bottom.SHORTS, leg_length=0.42)
        | _hair((26, 22, 20), volume=0.1),
        facing="right",
        expected="body_cut_off",
        cut_at_thigh=True,
    ),
)

#: Those who can be measured, then those who must be refused.
SAMPLES: tuple[SamplePerson, ...] = (*WOMEN, *MEN, *REFUSED)


def sample_camera(sample: SamplePerson, person: Person) -> PinholeCamera:
    """Return the camera of a sample; a cut one is zoomed until the thighs leave the picture."""
    camera = scene_camera(sample.scene, person)
    if not sample.cut_at_thigh:
        return camera
    points = np.concatenate([mesh.vertices for mesh in person.meshes])
    highest = points[points[:, 2].argmax()]
    hip, knee = person.hips, person.body.joint("lowerleg01.L")
    thigh = hip + 0.55 * (knee - hip)
    top, low = (float(y) for y in camera.project(np.stack([highest, thigh]))[:, 1])
    zoom = 0.95 * camera.height_px / (low - top)
    x, y = camera.centre_px
    middle = float(camera.project(hip[None])[0, 0])
    centre = (
        camera.width_px / 2 + zoom * (x - middle),
        camera.height_px + zoom * (y - low),
    )
    return replace(camera, focal_px=camera.focal_px * zoom, centre_px=centre)


def truth_row(sample: SamplePerson) -> dict[str, str]:
    """Return a sample's line of ``truth.csv``.

    A frontal view has no facing, and none of its points can be read as a side view's.
    """
    scene = sample.scene
    person = build_person(scene)
    truth = scene_truth(scene, person, sample_camera(sample, person))
    side_on = sample.expected != "not_side_on"
    angle = truth.belt_deg if side_on else None
    points = {
        "asis": truth.asis_px,
        "psis": truth.psis_px,
        "belt_front": truth.belt_front_px,
        "belt_back": truth.belt_back_px,
    }
    return {
        "file": f"{sample.name}.jpg",
        "expected": sample.expected,
        "facing": truth.facing if side_on else "",
        "tilt_deg": f"{round(truth.tilt_deg, 2) + 0.0:.2f}",
        "belt_line_deg": "" if angle is None else f"{angle:.2f}",
        **{
            f"{name}_{axis}_px": f"{point[k]:.1f}" if point is not None and side_on else ""
            for name, point in points.items()
            for k, axis in enumerate("xy")
        },
        "yaw_deg": f"{truth.yaw_deg:.1f}",
        "roll_deg": f"{truth.roll_deg:.1f}",
        "fit": truth.fit,
        "top": truth.top,
        "bottom": truth.bottom,
        "arms": truth.arms,
    }


def write_truth(path: Path) -> None:
    """Write ``truth.csv``: one line for each sample picture."""
    rows = [truth_row(sample) for sample in SAMPLES]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def draw_sample(worker: Blender, sample: SamplePerson, folder: Path) -> None:
    """Draw one sample picture."""
    scene = sample.scene
    camera = sample_camera(sample, build_person(scene))
    rgb = develop(worker.draw(scene, sample.studio, camera), scene.exposure.noise, scene.seed)
    write_jpeg(folder / f"{sample.name}.jpg", rgb, _JPEG_QUALITY)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("sample_images"))
    parser.add_argument("--only", nargs="+", help="names of samples to draw again")
    parser.add_argument("--python", help="a Python that has bpy")
    arguments = parser.parse_args()
    chosen = arguments.only or []
    unknown = set(chosen) - {sample.name for sample in SAMPLES}
    if unknown:
        parser.error(f"no sample is called {', '.join(sorted(unknown))}")
    arguments.out.mkdir(parents=True, exist_ok=True)
    write_truth(arguments.out / "truth.csv")
    missing = [
        sample
        for sample in SAMPLES
        if sample.name in chosen or not (chosen or (arguments.out / f"{sample.name}.jpg").exists())
    ]
    try:
        with blender(arguments.python) as worker:
            for sample in track(missing, description="Sample pictures"):
                draw_sample(worker, sample, arguments.out)
    except BlenderError as error:
        parser.exit(1, f"{error}\n")


if __name__ == "__main__":
    main()
