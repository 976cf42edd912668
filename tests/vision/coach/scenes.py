"""Stick figures doing exercises, as what a coach is fed with."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tests.vision.coach.lying_figures import (
    Bridge,
    Camera,
    SideLying,
    bridge_joints,
    course,
    lying_joints,
    seen,
    sightings,
)
from vision.coach.events import LegSide
from vision.pose.estimate import Joint

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vision.coach.coaching import Coach
    from vision.coach.events import BodySighting, CoachMoment, CoachState, FormFault

LOW_DEG, HIGH_DEG = 137.0, 174.0
#: Down, and up, with time to stand still at either end.
Way = tuple[float, float]
BRIDGE, LYING, SIDE_ON = Bridge(), SideLying(), Camera()
FRONT = Camera(height_m=0.6)
FROM_FEET = Camera(yaw_deg=48.0, height_m=0.9)


def up_and_down(
    top: float, low: float = LOW_DEG, *, up_s: float = 1.2, hold_s: float = 1.0, rest_s: float = 0.8
) -> tuple[Way, ...]:
    """Return one repetition that ends with a rest."""
    return ((top, up_s), (top, hold_s), (low, up_s), (low, rest_s))


def bridging(
    *ways: Way,
    body: Bridge = BRIDGE,
    camera: Camera = SIDE_ON,
    fps: float = 15.0,
    low: float = LOW_DEG,
) -> list[BodySighting]:
    """Return somebody on their back whose hips go these ways, after a second's rest."""
    hips_deg = course((low, 1.0), *ways, start=low, fps=fps)
    poses = [seen(bridge_joints(replace(body, hip_deg=hip)), camera) for hip in hips_deg]
    return sightings(poses, fps)


def lifting(
    *ways: Way,
    body: SideLying = LYING,
    camera: Camera = FRONT,
    ahead_deg: float = -4.0,
    low: float = -4.0,
) -> list[BodySighting]:
    """Return somebody on their side whose upper leg goes these ways, after a second's rest."""
    lifts_deg = course((low, 1.0), *ways, start=low)
    poses = [
        seen(lying_joints(replace(body, lift_deg=lift, forward_deg=ahead_deg)), camera)
        for lift in lifts_deg
    ]
    return sightings(poses)


def moments(coach: Coach, pictures: Iterable[BodySighting]) -> list[CoachMoment]:
    """Return what a coach says of every picture."""
    return [coach.add(picture) for picture in pictures]


def faults(said: Sequence[CoachMoment]) -> list[FormFault]:
    """Return the faults that were named, in order."""
    return [moment.fault for moment in said if moment.fault is not None]


def states(said: Sequence[CoachMoment]) -> list[CoachState]:
    """Return the states in order, each once as long as it stays."""
    return [
        moment.state
        for before, moment in zip([None, *said], said, strict=False)
        if before is None or before.state is not moment.state
    ]


def mirrored(picture: BodySighting) -> BodySighting:
    """Return a picture as a mirror shows it: the left of the body becomes its right."""
    if picture.pose is None:
        return picture
    pose, width_px = picture.pose, picture.size_px[0]
    order = [0, 4, 5, 6, 1, 2, 3, 8, 7, 10, 9]
    order += [index + 1 if index % 2 else index - 1 for index in range(11, 33)]
    flip = [-1.0, 1.0, 1.0]
    return replace(
        picture,
        pose=replace(
            pose,
            xy_px=((pose.xy_px - [width_px, 0]) * flip[:2])[order].astype(np.float32),
            depth_px=pose.depth_px[order],
            world_m=(pose.world_m * flip)[order].astype(np.float32),
            visibility=pose.visibility[order],
        ),
    )


def other(side: LegSide | None) -> LegSide | None:
    """Return the other leg."""
    if side is None:
        return None
    return LegSide.LEFT if side is LegSide.RIGHT else LegSide.RIGHT


def legs_swapped(picture: BodySighting) -> BodySighting:
    """Return a picture in which knees, ankles and feet are mistaken for one another."""
    if picture.pose is None:
        return picture
    order = [*range(Joint.LEFT_KNEE)]
    order += [index + 1 if index % 2 else index - 1 for index in range(Joint.LEFT_KNEE, 33)]
    pose = picture.pose
    swapped = replace(pose, xy_px=pose.xy_px[order], world_m=pose.world_m[order])
    return replace(picture, pose=swapped)
