"""An angle that goes up and comes back: how far, how quickly, and how long it stays.

Also what all exercises need on the way there: a body without odd pictures, which of its legs
is meant, and whether it has moved away.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from vision.coach.events import RepetitionPhase, Seen
from vision.pose.estimate import side_joints

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from _typeshed import DataclassInstance
    from numpy.typing import NDArray

    from vision.coach.events import Attempt, CoachCue, LegSide
    from vision.pose.estimate import Joint

Body = TypeVar("Body", bound="DataclassInstance")


#: Two odd pictures in five do no harm at 15 pictures a second, one in three at 10.
_WITHIN_MS = 280.0
#: Section 7 of docs/MEASUREMENT.md: between the start and the top of what counts, and the
#: least that each way takes.
HYSTERESIS_DEG, FASTEST_S = 15.0, 0.5
#: Landmarks read a rest that is low enough up to this much too high in some bodies. Such a
#: rest is one if the way to the top is far enough all the same, and then the end of the way
#: down is where it began, give or take a little.
_START_SLACK_DEG, _BACK_SLACK_DEG = 6.0, 4.0
#: What is less than this is no movement; breathing and jitter stay well below.
_LEAST_DEG = 6.0
#: Whoever stays within so many degrees for so long is at a start.
_STILL_DEG, _STILL_MS = 5.0, 450.0
#: A rest that has drifted up by less than the hysteresis, and stays there, is the new start.
_DRIFT_MS = 2500.0
#: Without pictures for longer, nobody knows what happened in between.
LONGEST_GAP_MS = 700.0
#: Somebody at the top wavers by this much without having left it.
_WAVER_DEG = 3.0
#: What turned before the top is over when this share of the way up is left.
_BACK_SHARE = 0.35
#: A way is timed between these shares of it: both ends of a movement are slow.
_LOW_SHARE, _HIGH_SHARE = 0.15, 0.85
_STAYS_S = 1.0
#: A start is the lowest of so long.
_BEFORE_MS = 3000.0
#: This share of the pictures may say otherwise.
_STRAY_SHARE = 0.2


def leg_joints(side: LegSide) -> list[Joint]:
    """Return shoulder, hip, knee and ankle of a side."""
    return side_joints(side, "shoulder", "hip", "knee", "ankle")


def has_moved_away(
    places_px: Iterable[NDArray[np.float64]], from_px: NDArray[np.float64], most_px: float
) -> bool:
    """Tell whether points that should stay where they were are further off for a while.

    Parameters
    ----------
    places_px
        Where they are in each picture, shape (n, 2).
    from_px
        Where they were, shape (n, 2).
    most_px
        No further than this they are where they were.
    """
    away = [bool((np.hypot(*(place - from_px).T) > most_px).any()) for place in places_px]
    return sum(away) > _STRAY_SHARE * len(away)


class MedianFilter:
    """The median over the last quarter of a second."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, NDArray[np.float64]]] = deque()

    def reset(self) -> None:
        """Begin anew."""
        self._seen.clear()

    def add(self, t_ms: float, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Take the next values, shape (n,), and return what they are without outliers."""
        self._seen.append((t_ms, values))
        while self._seen[0][0] <= t_ms - _WITHIN_MS:
            self._seen.popleft()
        return np.asarray(np.median([seen for _, seen in self._seen], axis=0), np.float64)

    def steadied(self, t_ms: float, body: Body) -> Body:
        """Return a body whose numbers and arrays of numbers are what they are without outliers."""
        values = {field.name: getattr(body, field.name) for field in fields(body)}
        values = {name: v for name, v in values.items() if isinstance(v, float | np.ndarray)}
        left = self.add(t_ms, np.concatenate([np.ravel(value) for value in values.values()]))
        for name, value in values.items():
            part, left = left[: np.size(value)], left[np.size(value) :]
            values[name] = float(part[0]) if isinstance(value, float) else part.reshape(value.shape)
        return replace(body, **values)


@dataclass(frozen=True, slots=True)
class Stroke:
    """One way up and back.

    Attributes
    ----------
    has_reached_top
        Whether it went all the way up.
    is_from_start
        Whether it began low enough, and went far enough from there.
    bottom_deg, top_deg
        The angle where it began, and the highest.
    up_s, down_s
        How long each way took from standing still to standing still; None when no picture
        was taken on the way.
    hold_s
        Time at the top.
    """

    has_reached_top: bool
    is_from_start: bool
    bottom_deg: float
    top_deg: float
    up_s: float | None
    down_s: float | None
    hold_s: float

    @property
    def is_quick(self) -> bool:
        """Whether a way took less than :data:`FASTEST_S`."""
        return any(way_s is not None and way_s < FASTEST_S for way_s in (self.up_s, self.down_s))

    @property
    def is_too_quick(self) -> bool:
        """Whether it was all so quick that it does not count.

        Whoever stays at the top has not bounced off it, however quickly they came.
        """
        is_unknown = self.up_s is None or self.down_s is None
        return (self.is_quick or is_unknown) and self.hold_s < _STAYS_S


class RepetitionDetector:
    """Follows an angle; feed it with every picture's, in order.

    Parameters
    ----------
    start_deg, top_deg
        At most the one is the start, at least the other the top.
    drop_deg
        Whoever sinks by more than this from their highest has left the top for good, and is
        back only when nearly as low as they began. None: both tell the thresholds.

    Attributes
    ----------
    phase
        Where the angle is now.
    hold_s
        Time at the top so far.
    """

    def __init__(self, start_deg: float, top_deg: float, drop_deg: float | None = None) -> None:
        self._start_deg, self._top_deg, self._drop_deg = start_deg, top_deg, drop_deg
        self.reset()

    def reset(self) -> None:
        """Begin anew, wherever somebody is now."""
        self.phase = RepetitionPhase.UNKNOWN
        self.hold_s = 0.0
        self._bottom_deg = self._peak_deg = 0.0
        self._has_been_top = False
        self._track: list[tuple[float, float]] = []

    @property
    def left_share(self) -> float:
        """How much of the way up is left, 1 at the highest and 0 where it began."""
        way_deg = self._peak_deg - self._bottom_deg
        return (self._track[-1][1] - self._bottom_deg) / way_deg if way_deg > 0 else 0.0

    @property
    def is_still(self) -> bool:
        """Whether they have hardly moved of late."""
        return bool(self._track) and self._is_still(self._track[-1][0], _STILL_MS)

    def add(self, t_ms: float, angle_deg: float) -> Stroke | None:
        """Take the next angle; return the way that has come to its end, if one has."""
        if self._track and t_ms - self._track[-1][0] > LONGEST_GAP_MS:
            self.reset()
        step_ms = t_ms - self._track[-1][0] if self._track else 0.0
        self._track.append((t_ms, angle_deg))
        if self.phase is RepetitionPhase.UNKNOWN:
            if self._is_still(t_ms, _STILL_MS):
                self.phase = RepetitionPhase.START
            return None
        if self.phase is RepetitionPhase.START:
            self._rest(t_ms, angle_deg)
            return None
        self._move(angle_deg, step_ms)
        if self._is_back(angle_deg):
            return self._come_back()
        self._notice_drift(t_ms, angle_deg)
        return None

    def seen(
        self,
        wish: CoachCue | None,
        angle_deg: float | None = None,
        attempt: Attempt | None = None,
        *,
        is_lying: bool = True,
    ) -> Seen:
        """Return what a picture shows, in the phase that was reached with it."""
        return Seen(
            wish=wish,
            phase=self.phase,
            is_lying=is_lying,
            is_low=angle_deg is None or angle_deg <= self.start_deg,
            angle_deg=angle_deg,
            hold_s=self.hold_s,
            attempt=attempt,
        )

    def _rest(self, t_ms: float, angle_deg: float) -> None:
        self._forget_before(t_ms - _BEFORE_MS)
        self._bottom_deg = min(angle for _, angle in self._track)
        if angle_deg >= self._bottom_deg + _LEAST_DEG:
            self.phase, self._peak_deg = RepetitionPhase.RISING, angle_deg
            self._move(angle_deg, 0.0)

    def _move(self, angle_deg: float, step_ms: float) -> None:
        self._peak_deg = max(self._peak_deg, angle_deg)
        if self.phase is RepetitionPhase.TOP:
            self.hold_s += step_ms / 1000.0
            if angle_deg < self._leaving_deg:
                self.phase = RepetitionPhase.FALLING
        elif angle_deg >= self._top_deg and not (self._has_been_top and self._drop_deg):
            self.phase, self._has_been_top = RepetitionPhase.TOP, True

    @property
    def _leaving_deg(self) -> float:
        leaving_deg = self._top_deg - _WAVER_DEG
        if self._drop_deg is None:
            return leaving_deg
        return max(leaving_deg, self._peak_deg - self._drop_deg)

    @property
    def start_deg(self) -> float:
        """At most this is the start, where somebody rests now."""
        most_deg = self._start_deg + _START_SLACK_DEG
        return min(max(self._start_deg, self._bottom_deg + _BACK_SLACK_DEG), most_deg)

    def at_share(self, share: float) -> float:
        """Return the angle at a share of the way up, 0 where it began and 1 at the highest."""
        return self._bottom_deg + share * (self._peak_deg - self._bottom_deg)

    def _is_back(self, angle_deg: float) -> bool:
        back_deg = self.at_share(_BACK_SHARE)
        if self._has_been_top and self._bottom_deg <= self.start_deg:
            if self._drop_deg is None:
                return angle_deg <= self.start_deg
            back_deg = min(back_deg, self.start_deg)
        return angle_deg <= back_deg and self._peak_deg - angle_deg >= _LEAST_DEG / 2

    def _come_back(self) -> Stroke | None:
        """Close the way and begin the next one where this one ended."""
        stroke = _stroke(self._track, self._has_been_top, self.hold_s, self._start_deg)
        track = self._track[-1:]
        self.reset()
        self._track, self.phase = track, RepetitionPhase.START
        return stroke

    def _notice_drift(self, t_ms: float, angle_deg: float) -> None:
        is_near = angle_deg < self._bottom_deg + HYSTERESIS_DEG
        if self.phase is RepetitionPhase.RISING and is_near and self._is_still(t_ms, _DRIFT_MS):
            self.phase = RepetitionPhase.START
            self._forget_before(t_ms - _DRIFT_MS)

    def _is_still(self, t_ms: float, within_ms: float) -> bool:
        angles_deg = [angle for ms, angle in self._track if ms >= t_ms - within_ms]
        is_long = self._track[0][0] <= t_ms - within_ms
        return is_long and max(angles_deg) - min(angles_deg) <= _STILL_DEG

    def _forget_before(self, t_ms: float) -> None:
        while len(self._track) > 1 and self._track[0][0] < t_ms:
            self._track.pop(0)


def _stroke(
    track: Sequence[tuple[float, float]], has_reached_top: bool, hold_s: float, start_deg: float
) -> Stroke:
    times_s = np.array([t_ms for t_ms, _ in track]) / 1000.0
    angles_deg = np.array([angle_deg for _, angle_deg in track])
    peak = int(np.argmax(angles_deg))
    top_deg = float(angles_deg[peak])
    bottom_deg = float(angles_deg[: peak + 1].min())
    shares = (angles_deg - bottom_deg) / max(top_deg - bottom_deg, 1e-9)
    return Stroke(
        has_reached_top=has_reached_top,
        is_from_start=bottom_deg <= start_deg + _START_SLACK_DEG
        and top_deg - bottom_deg >= HYSTERESIS_DEG,
        bottom_deg=bottom_deg,
        top_deg=top_deg,
        up_s=_way_s(times_s[: peak + 1], shares[: peak + 1]),
        # Told backwards, the way down is a way up.
        down_s=_way_s(-times_s[peak:][::-1], shares[peak:][::-1]),
        hold_s=hold_s,
    )


def _way_s(times_s: NDArray[np.float64], shares: NDArray[np.float64]) -> float | None:
    """Return how long a way to the top took, from stillness to stillness.

    The slow ends of it drown in the jitter, so its middle is timed and taken for the middle
    of a movement that eases in and out.
    """
    high = int(np.argmax(shares >= _HIGH_SHARE))
    below = np.flatnonzero(shares[:high] <= _LOW_SHARE)
    low = int(below[-1]) if len(below) else 0
    if high - low < 2 and len(below):
        return None
    from_share = max(float(shares[low]), _LOW_SHARE)
    if high == 0 or from_share >= _HIGH_SHARE:
        return None
    begin_s = np.interp(from_share, shares[low : low + 2], times_s[low : low + 2])
    end_s = np.interp(_HIGH_SHARE, shares[high - 1 : high + 1], times_s[high - 1 : high + 1])
    return float(end_s - begin_s) / (_eased(_HIGH_SHARE) - _eased(from_share))


def _eased(share: float) -> float:
    """Return the share of the time after which a movement has come this share of its way."""
    return float(np.arccos(1.0 - 2.0 * share) / np.pi)
