"""How two checks differ, and whether that is more than chance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from vision.result import Method
from vision.series import (
    DAY_TO_DAY_SD_DEG,
    OWN_CHANGE_FROM,
    change_sd_deg,
    repeats_sd_deg,
    smallest_change_deg,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.history.records import CheckRow, Conditions
    from app.history.store import History
    from vision.result import TiltEstimate


#: So many earlier checks are looked through for one that can be compared.
LOOK_BACK = 60


class Unlike(StrEnum):
    """Why two checks are not compared."""

    PROFILES = "profiles"
    METHODS = "methods"
    GARMENTS = "garments"
    CALIBRATIONS = "calibrations"


class Limit(StrEnum):
    """Where the smallest change that counts comes from.

    ``repeats``: worked out from the repeats of both checks, which were taken alike.
    ``single_pictures``: from what measuring one body, and a standing pelvis from day to day,
    differ by; neither is made of repeats. ``mixed``: the same, and at least one is, but they do
    not give a limit of their own.
    """

    REPEATS = "repeats"
    SINGLE_PICTURES = "single_pictures"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Change:
    """The difference between two checks by one method.

    Attributes
    ----------
    difference_deg
        The second angle less the first; + = further forward.
    smallest_deg
        The smallest change that counts (docs/MEASUREMENT.md, section 5), a whole number:
        less is no real change.
    limit
        Where that comes from.
    since
        When the first was taken, if known.
    """

    difference_deg: float
    smallest_deg: float
    limit: Limit = Limit.SINGLE_PICTURES
    since: datetime | None = None

    @property
    def is_real(self) -> bool:
        """Whether the difference is as large as the smallest change that counts."""
        return abs(self.difference_deg) >= self.smallest_deg


def why_unlike(first: CheckRow, second: CheckRow) -> Unlike | None:
    """Tell why two checks cannot be compared; None when they can.

    Belt lines are compared in the same garment only, because its cut and the belly set
    their offset; where nobody said what was worn, that is not known. Calibrated checks are
    compared where they rest on one calibration, since another one shifts them all.
    """
    if first.profile_id != second.profile_id:
        return Unlike.PROFILES
    if first.tilt.method is not second.tilt.method:
        return Unlike.METHODS
    garments = {first.conditions.clothes, second.conditions.clothes}
    if first.tilt.method is Method.BELT and (len(garments) > 1 or "" in garments):
        return Unlike.GARMENTS
    if first.calibrated_at != second.calibrated_at:
        return Unlike.CALIBRATIONS
    return None


def change_between(first: CheckRow, second: CheckRow) -> Change | None:
    """Return how the second check differs from the first.

    What the bones' shape leaves in doubt is the same in both and left out. Where both are
    medians of at least five repeats, in the same clothes and with the arms in the same place
    as far as anybody said, the larger of their own limits holds
    (:func:`vision.series.repeats_sd_deg`). Else it comes from what measuring one body differs
    by (:func:`vision.series.change_sd_deg`); where clothes or arms differ, the two share less,
    and all that reading and camera leave in doubt counts.

    Returns
    -------
    Change or None
        None where the two cannot be compared; :func:`why_unlike` tells why.
    """
    if why_unlike(first, second) is not None:
        return None
    difference_deg = second.tilt.angle_deg - first.tilt.angle_deg
    rows = first, second
    # Repeats say nothing of what differs with clothes or arms.
    is_alike = are_alike(first.conditions, second.conditions)
    own_deg = [_own_sd_deg(row) for row in rows]
    known_deg = [sd_deg for sd_deg in own_deg if sd_deg is not None]
    if is_alike and len(known_deg) == len(rows):
        larger_deg = max(known_deg)
        smallest_deg = _rounded_up(larger_deg, larger_deg)
        return Change(difference_deg, smallest_deg, Limit.REPEATS, first.taken_at)
    has_repeats = any(row.repeat_count > 1 for row in rows)
    limit = Limit.MIXED if has_repeats else Limit.SINGLE_PICTURES
    smallest_deg = _rounded_up(*(_sd_deg(row, is_alike) for row in rows))
    return Change(difference_deg, smallest_deg, limit, first.taken_at)


def smallest_between_single(tilt: TiltEstimate) -> int:
    """Return the smallest change that counts between two pictures as sure as this one, deg."""
    sd_deg = change_sd_deg(tilt)
    return int(_rounded_up(sd_deg, sd_deg))


def change_since_last(history: History, row: CheckRow) -> Change | None:
    """Return how a check differs from the last one like it; None without one.

    Parameters
    ----------
    row
        A check of the history, or one that is not kept yet.
    """
    from app.history.records import RowQuery  # a photograph's text is told without

    query = RowQuery(row.profile_id, method=row.tilt.method, until=row.taken_at)
    rows = [earlier for earlier in history.rows(query, 0, LOOK_BACK) if earlier.id != row.id]
    earlier = last_like(row, rows)
    return None if earlier is None else change_between(earlier, row)


def last_like(row: CheckRow, earlier: Sequence[CheckRow]) -> CheckRow | None:
    """Return the check that another is best compared with.

    Parameters
    ----------
    earlier
        Newest first.

    Returns
    -------
    CheckRow or None
        The newest in the same clothes and with the arms in the same place; where there is none,
        or nobody said what they were, the newest that can be compared at all.
    """
    can = [one for one in earlier if change_between(one, row) is not None]
    is_said = bool(row.conditions.clothes) or row.conditions.arms is not None
    alike = (one for one in can if is_said and are_alike(one.conditions, row.conditions))
    return next(alike, can[0] if can else None)


def are_alike(one: Conditions, other: Conditions) -> bool:
    """Tell whether nobody said that clothes or arms differed."""
    return one.clothes == other.clothes and one.arms is other.arms


def _rounded_up(first_sd_deg: float, second_sd_deg: float) -> float:
    """Return their limit in whole degrees: one below it must not read as a change."""
    return float(math.ceil(smallest_change_deg(first_sd_deg, second_sd_deg)))


def _sd_deg(row: CheckRow, is_alike: bool) -> float:
    """Return by how much a check may differ from the other by itself."""
    alike_deg = change_sd_deg(row.tilt, row.repeat_count, row.repeat_spread_deg or 0.0)
    if is_alike:
        return alike_deg
    return max(alike_deg, math.hypot(row.tilt.doubt.own_deg, DAY_TO_DAY_SD_DEG))


def _own_sd_deg(row: CheckRow) -> float | None:
    """Return the same by a check's own repeats, if they are enough."""
    if row.repeat_count < OWN_CHANGE_FROM or row.repeat_spread_deg is None:
        return None
    return repeats_sd_deg(row.repeat_spread_deg, row.repeat_count)
