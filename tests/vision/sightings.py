"""What a live view would say of stick figures, picture by picture, without any model."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tests import made_up_results
from tests.made_up_results import NOWHERE, measured, rejected
from tests.vision.stick_figures import Figure, pose_of
from vision.image.frame import Frame
from vision.live.events import Sighting
from vision.pose.estimate import Joint
from vision.quality import Light, assess_quality
from vision.reasons import refusal
from vision.result import (
    Capture,
    Measured,
    Method,
    Posture,
    ReasonCode,
    Rejected,
    Severity,
    VerticalSource,
)
from vision.scene import (
    Scene,
    estimate_facing,
    estimate_signed_yaw_deg,
    given_vertical,
    seen_vertical,
)

if TYPE_CHECKING:
    from vision.pose.estimate import PoseEstimate

GOOD_LIGHT = Light(brightness=220.0, sharpness=0.3)
#: Half width of the interval of every picture here.
HALF_DEG = 5.0


def sighting(
    figure: Figure | None = None,
    t_ms: float = 0.0,
    *,
    pose: PoseEstimate | None = None,
    tilt_deg: float = 12.0,
    half_deg: float = HALF_DEG,
    method: Method = Method.CONTOUR,
    light: Light = GOOD_LIGHT,
    others: tuple[PoseEstimate, ...] = (),
    is_level_known: bool = True,
    epoch: int = 0,
) -> Sighting:
    """Return what a picture of the figure, or of this pose of it, shows; the gate is the real one.

    A faultless side view reads as turned by 6 deg, as the estimate allows for MediaPipe's faults.
    """
    figure = Figure() if figure is None else figure
    pose = pose_of(figure) if pose is None else pose
    facing, yaw_deg = estimate_facing(pose), estimate_signed_yaw_deg(pose)
    reasons = assess_quality(
        Scene(
            frame=frame_of(figure),
            people=(pose, *others),
            level=pose,
            facing=facing,
            yaw_deg=abs(yaw_deg),
            vertical=given_vertical(0.0) if is_level_known else seen_vertical(None),
        ),
        light,
    )
    seen = {
        "source": "clip",
        "facing": facing,
        "posture": Posture(0.0, 2.0, 178.0, 14.0),
        "capture": Capture(abs(yaw_deg), 0.0, VerticalSource.ASSUMED, pose.trunk_px, 1, 1.0),
        "landmarks": {"left_hip": (*pose.xy_px[Joint.LEFT_HIP].tolist(), 0.99)},
    }
    result: Measured | Rejected
    if any(reason.severity is Severity.REFUSE for reason in reasons):
        result = rejected(*reasons, **seen)
    else:
        tilt = made_up_results.tilt(tilt_deg, half_deg, method)
        result = measured(tilt, no_belt_line=None, reasons=reasons, outline_px=NOWHERE, **seen)
    return Sighting(t_ms, epoch, frame_of(figure), result, pose, yaw_deg, light.sharpness)


def nobody(
    t_ms: float = 0.0, *codes: ReasonCode, figure: Figure | None = None, epoch: int = 0
) -> Sighting:
    """Return a picture in which nobody is found, for these reasons."""
    reasons = tuple(refusal(code) for code in codes or (ReasonCode.NO_PERSON,))
    result = rejected(*reasons, source="clip")
    frame = frame_of(Figure() if figure is None else figure)
    return Sighting(t_ms, epoch, frame, result, None, None, 0.0)


def frame_of(figure: Figure) -> Frame:
    """Return a black picture of the figure's size that takes no memory."""
    rgb = np.broadcast_to(np.zeros(3, np.uint8), (figure.height_px, figure.width_px, 3))
    return Frame(rgb, figure.width_px, figure.height_px, "clip")


def jittered(
    pose: PoseEstimate, rng: np.random.Generator, sd_trunks: float = 0.01, sd_px: float = 1.0
) -> PoseEstimate:
    """Return the pose as an estimator finds it in the next picture of the same moment."""
    sd = float(np.hypot(sd_trunks * pose.trunk_px, sd_px))
    noise = rng.normal(0, sd, pose.xy_px.shape)
    world = rng.normal(0, sd_trunks * 0.5, pose.world_m.shape)
    return replace(
        pose,
        xy_px=(pose.xy_px + noise).astype(np.float32),
        world_m=(pose.world_m + world).astype(np.float32),
    )


def swaying(pose: PoseEstimate, t_ms: float) -> PoseEstimate:
    """Return the pose of somebody who stands quietly: 1 cm of sway and breathing.

    The body sways about the ankles, so that the hips move by half a centimetre.
    """
    trunk_px = pose.trunk_px
    ankle_y = float(pose.xy_px[Joint.LEFT_ANKLE, 1])
    shoulder_y = float(pose.mid_shoulder_px[1])
    height = np.clip((ankle_y - pose.xy_px[:, 1]) / (ankle_y - shoulder_y), 0, 1.2)
    xy = pose.xy_px.copy()
    xy[:, 0] += (0.02 * trunk_px * np.sin(2 * np.pi * 0.3 * t_ms / 1000) * height).astype(
        np.float32
    )
    upper = xy[:, 1] < shoulder_y + 0.3 * trunk_px
    xy[upper, 1] += np.float32(0.01 * trunk_px * np.sin(2 * np.pi * 0.25 * t_ms / 1000))
    return replace(pose, xy_px=xy)


def raising(pose: PoseEstimate, above_nose_trunks: float, joint: Joint) -> PoseEstimate:
    """Return the pose with this wrist so far above the nose, and its elbow half-way there."""
    elbow = Joint(joint - 2)
    shoulder = Joint(joint - 4)
    xy = pose.xy_px.copy()
    xy[joint] = xy[Joint.NOSE] - [0, above_nose_trunks * pose.trunk_px]
    xy[elbow] = (xy[joint] + xy[shoulder]) / 2
    return replace(pose, xy_px=xy)
