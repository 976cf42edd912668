"""Render the bodies of the drawings that show how to stand: ``python -m synthetic.stance``.

Each is cut out of its ground, so that the window can lay it on any colour, and all have one
scale. The window draws frames, camera and lines around them itself.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from synthetic.body.pose import ArmPose, Stance
from synthetic.clothing.accessories import Hair
from synthetic.clothing.garments import Fit
from synthetic.clothing.wardrobe import Bottom, Outfit, Top, Tuck
from synthetic.samples import BROWN, USUAL, WHITE
from synthetic.scene.arrangement import build_person, scene_camera
from synthetic.scene.lighting import Lamp, Lighting
from synthetic.scene.render import stage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from synthetic.scene.arrangement import BodyScene

#: Of a standing body; rendered larger and shrunk, for smooth edges.
_HEIGHT_PX, _LARGER = 600, 3
_QUALITY = 88
_LIGHT = Lighting(
    "soft",
    (
        Lamp((-0.35, 0.80, 0.49), 0.62, (1.0, 0.98, 0.95)),
        Lamp((0.70, 0.35, 0.62), 0.30, (0.95, 0.98, 1.0)),
    ),
    0.46,
)
_TEAL, _BLUE = (72.0, 150.0, 156.0), (112.0, 128.0, 178.0)
_STANDS = replace(
    USUAL,
    tilt_deg=11.0,
    arms=ArmPose.COLLAR_BONES,
    fit=Fit.TIGHT,
    outfit=Outfit(
        top=Top.TSHIRT,
        bottom=Bottom.LEGGINGS,
        tuck=Tuck.TUCKED,
        top_colours=(_TEAL, WHITE),
        bottom_colours=(_BLUE, WHITE),
        shoe_colour=(225.0, 225.0, 228.0),
        hair=Hair.BUN,
        hair_colour=(74.0, 56.0, 46.0),
    ),
    skin_colour=BROWN,
    facing="right",
    camera_distance_m=9.0,
    width_px=_HEIGHT_PX * _LARGER,
    height_px=_HEIGHT_PX * _LARGER,
    fill=0.96,
)
#: File name -> who is seen.
_SEEN: Mapping[str, BodyScene] = {
    "side": _STANDS,
    "front": replace(_STANDS, yaw_deg=90.0),
    "bent": replace(
        _STANDS,
        stance=Stance(knee_bend_deg=55.0, trunk_lean_deg=22.0, stance_m=0.19),
    ),
}


def draw_bodies() -> dict[str, NDArray[np.uint8]]:
    """Return each body cut out: shape (height, width, 4), red, green, blue and coverage."""
    first = scene_camera(_STANDS, build_person(_STANDS))
    found = {}
    for name, scene in _SEEN.items():
        person = build_person(scene)
        camera = replace(
            scene_camera(scene, person), focal_px=first.focal_px, centre_px=first.centre_px
        )
        rgba = stage().draw(person.meshes, camera, _LIGHT).astype(np.float32)
        # Colour comes premultiplied with coverage; files keep it as it is.
        rgba[..., :3] /= np.maximum(rgba[..., 3:] / 255, 1 / 255)
        whole = Image.fromarray(np.clip(rgba, 0, 255).astype(np.uint8))
        box = whole.getchannel("A").getbbox()
        cut = whole.crop(box)
        small = cut.resize((cut.width // _LARGER, cut.height // _LARGER), Image.Resampling.LANCZOS)
        found[name] = np.asarray(small)
    return found


def main() -> None:
    """Render all bodies anew."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("app/assets/stance"))
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    for name, rgba in draw_bodies().items():
        picture = Image.fromarray(rgba)
        picture.save(out / f"{name}.webp", quality=_QUALITY, method=6)


if __name__ == "__main__":
    main()
