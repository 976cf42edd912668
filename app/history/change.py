"""How two checks differ, and whether that is more than chance."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from vision.result import Method
from vision.series import DEFAULT_CHANGE_DEG

if TYPE_CHECKING:
    from app.history.records import CheckRow


class Unlike(StrEnum):
    """Why two checks are not compared."""

    PROFILES = "profiles"
    METHODS = "methods"
    GARMENTS = "garments"


@dataclass(frozen=True, slots=True)
class Change:
    """The difference between two checks by one method.

    Attributes
    ----------
    difference_deg
        The second angle less the first; + = further forward.
    smallest_deg
        The smallest change that counts between single photographs (docs/MEASUREMENT.md,
        section 5): less is no real change.
    """

    difference_deg: float
    smallest_deg: float = DEFAULT_CHANGE_DEG

    @property
    def is_real(self) -> bool:
        """Whether the difference is as large as the smallest change that counts."""
        return abs(self.difference_deg) >= self.smallest_deg


def why_unlike(first: CheckRow, second: CheckRow) -> Unlike | None:
    """Tell why two checks cannot be compared; None when they can.

    Belt lines are compared in the same garment only, because its cut and the belly set
    their offset; where nobody said what was worn, that is not known.
    """
    if first.profile_id != second.profile_id:
        return Unlike.PROFILES
    if first.tilt.method is not second.tilt.method:
        return Unlike.METHODS
    if first.tilt.method is Method.BELT:
        worn = [row.conditions.garment.strip().casefold() for row in (first, second)]
        if not worn[0] or worn[0] != worn[1]:
            return Unlike.GARMENTS
    return None


def change_between(first: CheckRow, second: CheckRow) -> Change | None:
    """Return how the second check differs from the first.

    Returns
    -------
    Change or None
        None where the two cannot be compared; :func:`why_unlike` tells why.
    """
    if why_unlike(first, second) is not None:
        return None
    return Change(second.tilt.angle_deg - first.tilt.angle_deg)
