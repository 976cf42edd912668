"""How somebody stood before the camera, and in what they stand otherwise than the last time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from app.history.errors import HistoryError
from app.history.records import Arms, Conditions, RowQuery
from vision.result import Facing, VerticalSource

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from app.history.records import Check
    from app.history.store import History
    from vision.result import Measured, Rejected

#: Below this visibility a landmark is not believed.
_VISIBLE = 0.5
#: Where a wrist is, from the shoulder, in hip-to-shoulder spans: how far down (least, most) and
#: how far ahead (least, most). Between these nobody can tell.
_WRIST_PLACES: Mapping[Arms, tuple[float, float, float, float]] = {
    Arms.COLLAR_BONES: (-0.25, 0.3, -0.3, 0.5),
    Arms.CROSSED: (0.35, 0.65, -0.2, 0.6),
    Arms.HANGING: (0.75, 1.5, -0.6, 0.5),
    Arms.FORWARD: (-0.5, 0.6, 0.75, 2.0),
}
#: Pictures whose shapes differ by less are taken to be of one kind of camera, held alike.
_SAME_SHAPE = 0.03
#: A body that fills this much more or less of the picture stands nearer or further away.
_NEARER = 1.15
#: A lens is told to be higher by this slope of its line of sight, and by so many of its doubts.
_HIGHER_DEG, _HIGHER_SDS = 4.0, 2.0
_TILTED_DEG = 3.0


class StanceDifference(StrEnum):
    """In what the last time was otherwise than now, what matters most first."""

    FACING = "facing"
    FURTHER = "further"
    NEARER = "nearer"
    ARMS = "arms"
    CLOTHES = "clothes"
    CAMERA_HIGHER = "camera_higher"
    CAMERA_LOWER = "camera_lower"
    CAMERA_LEVELLER = "camera_leveller"
    CAMERA_TILTED = "camera_tilted"


@dataclass(frozen=True, slots=True)
class SeenStance:
    """How somebody stood, as far as it shows or was said; what is not known is None or empty.

    Attributes
    ----------
    facing
        Which edge of the picture they looked towards; to the left, their left side shows.
    arms, garment
        Where the arms were, and what was worn.
    trunk_share
        Hip-to-shoulder span as a share of the picture's height.
    shape
        Width of the picture over its height.
    roll_deg
        How far the camera was turned.
    down_deg, down_sd_deg
        See :class:`vision.result.Lens`.
    """

    facing: Facing
    arms: Arms | None
    garment: str
    trunk_share: float
    shape: float
    roll_deg: float | None
    down_deg: float | None
    down_sd_deg: float


def stance_of(
    result: Measured | Rejected, size_px: tuple[int, int], said: Conditions | None = None
) -> SeenStance | None:
    """Return how somebody stands in a picture; None where nobody is seen.

    Parameters
    ----------
    size_px
        Width and height of the full picture.
    said
        What the person said, which counts more than what shows.
    """
    capture, facing, (width_px, height_px) = result.capture, result.facing, size_px
    if capture is None or facing is None or min(size_px) <= 0:
        return None
    said = said or Conditions()
    lens = capture.lens
    return SeenStance(
        facing=facing,
        arms=said.arms or arms_in(result.landmarks, facing),
        garment=said.garment.strip(),
        trunk_share=capture.trunk_px / height_px,
        shape=width_px / height_px,
        roll_deg=None if capture.vertical is VerticalSource.ASSUMED else capture.roll_deg,
        down_deg=lens.down_deg if lens is not None else None,
        down_sd_deg=lens.down_sd_deg if lens is not None else 0.0,
    )


def kept_stance(check: Check) -> SeenStance | None:
    """Return how somebody stood in a check of the history."""
    return stance_of(check.result, check.size_px, check.row.conditions)


def arms_in(landmarks: Mapping[str, tuple[float, float, float]], facing: Facing) -> Arms | None:
    """Return where the arm on the camera's side is; None where that cannot be told."""
    side = facing.value
    parts = [landmarks.get(f"{side}_{part}") for part in ("shoulder", "hip", "wrist")]
    if any(part is None or part[2] < _VISIBLE for part in parts):
        return None
    (shoulder_x, shoulder_y), (hip_x, hip_y), (wrist_x, wrist_y) = (
        part[:2] for part in parts if part is not None
    )
    trunk_px = math.hypot(hip_x - shoulder_x, hip_y - shoulder_y)
    if trunk_px <= 0:
        return None
    down = (wrist_y - shoulder_y) / trunk_px
    ahead = (wrist_x - shoulder_x) / trunk_px * (1 if facing is Facing.RIGHT else -1)
    for arms, (least, most, behind, before) in _WRIST_PLACES.items():
        if least <= down <= most and behind <= ahead <= before:
            return arms
    return None


def stance_differences(then: SeenStance, now: SeenStance) -> tuple[StanceDifference, ...]:
    """Tell in what somebody stood otherwise then, as far as both are known."""
    found = set(_nearness(then, now)) | set(_camera(then, now))
    if then.facing is not now.facing:
        found.add(StanceDifference.FACING)
    if then.arms is not None and now.arms is not None and then.arms is not now.arms:
        found.add(StanceDifference.ARMS)
    clothes = {Conditions(one.garment).clothes for one in (then, now)}
    if len(clothes) > 1 and "" not in clothes:
        found.add(StanceDifference.CLOTHES)
    return tuple(one for one in StanceDifference if one in found)


def last_check(history: History, profile_id: int, before: datetime | None = None) -> Check | None:
    """Return a person's newest check, or the newest before a moment; None without one."""
    rows = history.rows(RowQuery(profile_id, until=before), 0, 1)
    try:
        return history.check(rows[0].id) if rows else None
    except (HistoryError, ValueError):  # deleted meanwhile, or tampered with: no help then
        return None


def _nearness(then: SeenStance, now: SeenStance) -> list[StanceDifference]:
    """Compare how much of the picture the body fills, which only alike pictures tell."""
    shares = then.trunk_share, now.trunk_share
    if abs(then.shape / now.shape - 1) > _SAME_SHAPE or min(shares) <= 0:
        return []
    if now.trunk_share > _NEARER * then.trunk_share:
        return [StanceDifference.FURTHER]
    return [StanceDifference.NEARER] if then.trunk_share > _NEARER * now.trunk_share else []


def _camera(then: SeenStance, now: SeenStance) -> list[StanceDifference]:
    found = []
    if then.down_deg is not None and now.down_deg is not None:
        higher_deg = then.down_deg - now.down_deg
        doubt_deg = math.hypot(then.down_sd_deg, now.down_sd_deg)
        if abs(higher_deg) >= max(_HIGHER_DEG, _HIGHER_SDS * doubt_deg):
            found.append(
                StanceDifference.CAMERA_HIGHER if higher_deg > 0 else StanceDifference.CAMERA_LOWER
            )
    if then.roll_deg is not None and now.roll_deg is not None:
        more_deg = abs(then.roll_deg) - abs(now.roll_deg)
        if abs(more_deg) >= _TILTED_DEG:
            found.append(
                StanceDifference.CAMERA_TILTED if more_deg > 0 else StanceDifference.CAMERA_LEVELLER
            )
    return found
