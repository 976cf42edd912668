"""What is known about a rendered picture."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

Pixel = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Truth:
    """The truth behind one picture; pixels have x right, y down.

    Attributes
    ----------
    seed
        Of the scene.
    tilt_deg
        Pelvic tilt of the mid-line ASIS to PSIS against gravity's horizontal in the sagittal
        plane, whatever the camera does; + = anterior.
    rest_tilt_deg
        The same on the unposed body: its bone shape.
    facing
        ``left`` or ``right``: the edge of the picture the person looks to.
    yaw_deg
        + = the front is turned towards the camera, - = away.
    roll_deg
        + = the camera was turned clockwise; the scene leans counter-clockwise.
    pitch_deg
        + = the camera looks down.
    asis_px, psis_px
        The points of the side near the camera.
    mid_asis_px, mid_psis_px
        Half-way between left and right.
    belt_front_px, belt_back_px, belt_deg
        Where the upper edge of the bottom meets the silhouette, and the angle of the line
        between, roll undone, + = front lower; None when no edge shows.
    trunk_lean_deg, hip_sway_percent, knee_bend_deg, lordosis_deg, kyphosis_deg, \
head_forward_deg
        As drawn, see :class:`synthetic.body.pose.Stance`.
    arms, top, bottom, tuck, fit, hair, belted, shod
        Names of kinds.
    sex, age_years, stature_m, bmi, body_fat
        The body; ``body_fat`` runs from -1 (thin) to 1 (obese).
    camera_height_m, camera_distance_m, focal_px
        The camera.
    width_px, height_px, trunk_px
        The picture's size and the hip-to-shoulder span.
    background, light
        Names of kinds.
    """

    seed: int
    tilt_deg: float
    rest_tilt_deg: float
    facing: str
    yaw_deg: float
    roll_deg: float
    pitch_deg: float
    asis_px: Pixel
    psis_px: Pixel
    mid_asis_px: Pixel
    mid_psis_px: Pixel
    belt_front_px: Pixel | None
    belt_back_px: Pixel | None
    belt_deg: float | None
    trunk_lean_deg: float
    hip_sway_percent: float
    knee_bend_deg: float
    lordosis_deg: float
    kyphosis_deg: float
    head_forward_deg: float
    arms: str
    top: str
    bottom: str
    tuck: str
    fit: str
    hair: str
    belted: bool
    shod: bool
    sex: str
    age_years: float
    stature_m: float
    bmi: float
    body_fat: float
    camera_height_m: float
    camera_distance_m: float
    focal_px: float
    width_px: int
    height_px: int
    trunk_px: float
    background: str
    light: str

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON; pixels become lists of two numbers."""
        plain = asdict(self)
        return {key: list(v) if isinstance(v, tuple) else v for key, v in plain.items()}


def line_angle_deg(front_px: Pixel, back_px: Pixel, roll_deg: float) -> float:
    """Return the angle of a line back to front, + = front lower in the scene.

    Parameters
    ----------
    roll_deg
        Camera roll, + = clockwise, which is undone.
    """
    roll = math.radians(roll_deg)
    dx, dy = front_px[0] - back_px[0], front_px[1] - back_px[1]
    # The picture shows the scene turned counter-clockwise by the roll; turn it back.
    x = dx * math.cos(roll) - dy * math.sin(roll)
    y = dx * math.sin(roll) + dy * math.cos(roll)
    return math.degrees(math.atan2(y, abs(x)))
