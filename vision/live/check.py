"""A live check from the first picture to the last repeat, without a hand on the computer."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from statistics import median, stdev
from typing import TYPE_CHECKING, Any

from vision.live.events import FinishedCheck, Instruction, LiveState, Moment, StillCapture
from vision.live.standing import LONGEST_GAP_MS, Follower, Leaving, place_of
from vision.result import Measured, Method, TiltEstimate
from vision.series import MEDIAN_INFLATION, assess_series, middle_tilt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vision.image.frame import Frame
    from vision.live.events import Sighting
    from vision.live.standing import StancePlace, StanceReading


#: While "hold still" is being said; these pictures do not count.
LEAD_IN_MS = 1000.0
MEASURED_MS = 3000.0
#: Pictures that cannot be used for longer than this end a capture.
_LONGEST_LAPSE_MS = 300.0
_FEWEST_GOOD = 8
_GOOD_SHARE = 0.6
#: A body sways slowly: so many pictures a second say something new, at most.
_INDEPENDENT_PER_S = 5


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """The sharpest good picture of one method so far."""

    sharpness: float
    result: Measured
    frame: Frame


class CaptureRun:
    """A capture that is under way; holds one picture for each method, however long it takes.

    Parameters
    ----------
    place
        Where the person stands.
    t_ms
        When it begins.

    Attributes
    ----------
    is_broken
        Whether it came to nothing: the person moved, or too few pictures were good.
    capture
        What came of it, once it is over.
    """

    def __init__(self, place: StancePlace, t_ms: float) -> None:
        self.is_broken = False
        self.capture: StillCapture | None = None
        self._place = place
        self._counts_from_ms = t_ms + LEAD_IN_MS
        self._t_ms = self._good_ms = t_ms
        self._pictures = 0
        self._tilts: list[TiltEstimate] = []
        self._sharpest: dict[Method, _Kept] = {}

    @property
    def progress(self) -> float:
        """How much of the measuring is done, 0..1; 0 during the lead-in."""
        return min(max((self._t_ms - self._counts_from_ms) / MEASURED_MS, 0.0), 1.0)

    def add(self, sighting: Sighting, is_usable: bool) -> None:
        """Look at the next picture.

        Parameters
        ----------
        sighting
            What it shows.
        is_usable
            Whether it may count, as far as the gate is concerned.
        """
        gap_ms, self._t_ms = sighting.t_ms - self._t_ms, sighting.t_ms
        place = place_of(sighting)
        is_good = is_usable and place is not None and self._place.is_held_by(place)
        if is_good:
            self._good_ms = sighting.t_ms
        lapse_ms = sighting.t_ms - self._good_ms
        if gap_ms > LONGEST_GAP_MS or lapse_ms > _LONGEST_LAPSE_MS:
            self.is_broken = True
            return
        if sighting.t_ms >= self._counts_from_ms:
            self._pictures += 1
            if is_good and isinstance(sighting.result, Measured):
                self._keep(sighting, sighting.result)
        if self.progress >= 1.0:
            self._finish()

    def _keep(self, sighting: Sighting, result: Measured) -> None:
        self._tilts.append(result.tilt)
        best = self._sharpest.get(result.tilt.method)
        if best is None or sighting.sharpness > best.sharpness:
            kept = _Kept(sighting.sharpness, result, sighting.frame)
            self._sharpest[result.tilt.method] = kept

    def _finish(self) -> None:
        if not self._tilts:
            self.is_broken = True
            return
        method = Counter(tilt.method for tilt in self._tilts).most_common(1)[0][0]
        tilts = [tilt for tilt in self._tilts if tilt.method is method]
        if len(tilts) < max(_FEWEST_GOOD, _GOOD_SHARE * self._pictures):
            self.is_broken = True
            return
        spread_deg = stdev(tilt.angle_deg for tilt in tilts)
        sharpest = self._sharpest[method]
        result = with_tilt(sharpest.result, median_tilt(tilts, spread_deg))
        self.capture = StillCapture(result, sharpest.frame, len(tilts), spread_deg)


def median_tilt(tilts: Sequence[TiltEstimate], spread_deg: float) -> TiltEstimate:
    """Return the median of pictures of one stance, with its doubt.

    ::

        reading = hypot(single, sqrt(pi / 2) * spread / sqrt(n))

    ``single`` is the median of the pictures' own: they all show the same body in the same
    clothes and so share the method's error, which no number of them averages away. The other
    part is the median's standard error. Pictures that follow each other quickly show the
    same sway; no more than five a second count as ``n``.

    Parameters
    ----------
    tilts
        Of one method, at least one, in any order.
    spread_deg
        Sample standard deviation of their angles.
    """
    independent = min(len(tilts), _INDEPENDENT_PER_S * MEASURED_MS / 1000)
    error_deg = MEDIAN_INFLATION * spread_deg / math.sqrt(independent)
    return middle_tilt(tilts, lambda single_deg: math.hypot(single_deg, error_deg))


def with_tilt(result: Measured, tilt: TiltEstimate) -> Measured:
    """Return a measurement with another tilt, and so the estimate of the same method.

    A belt line stays as it was seen, and so does the contour behind a calibrated tilt.
    """
    has_none = tilt.method in (Method.BELT, Method.CALIBRATED)
    own: dict[str, Any] = {} if has_none else {tilt.method.value: tilt}
    return replace(result, tilt=tilt, **own)


class LiveCheck(Follower[Moment]):
    """Follows one check: stand, hold still, be measured, march, and once more.

    Parameters
    ----------
    repeats
        How many captures make a check, at least 1.
    """

    def __init__(self, repeats: int = 1) -> None:
        if repeats < 1:
            raise ValueError(f"a check needs at least one repeat, got {repeats}")
        super().__init__()
        self._wanted = repeats
        self._captures: list[StillCapture] = []
        self._run: CaptureRun | None = None
        self._place: StancePlace | None = None
        self._leaving: Leaving | None = None

    def finish_now(self) -> FinishedCheck | None:
        """End the check with the repeats taken so far; None when there are none."""
        if not self._captures:
            return None
        self._is_over, self._run, self._leaving = True, None, None
        return finished_check(self._captures)

    def _begin(self, place: StancePlace, t_ms: float, tilt: TiltEstimate | None) -> Moment:
        self._place, self._run = place, CaptureRun(place, t_ms)
        return self._moment(t_ms, LiveState.CAPTURING, Instruction.HOLD, tilt)

    def _go_on(
        self, sighting: Sighting, standing: StanceReading, tilt: TiltEstimate | None
    ) -> Moment | None:
        if self._leaving is not None:
            return self._leave(self._leaving, sighting, tilt)
        if self._run is None:
            return None
        self._run.add(sighting, standing.is_usable)
        return self._measured(self._run, sighting.t_ms, tilt)

    def _drop(self) -> None:
        self._run, self._leaving = None, None

    def _break_off(self, t_ms: float) -> None:
        """End a capture. Whoever was to leave the stance still is, wherever they are now."""
        self._run = None
        if self._leaving is not None:
            self._leaving = Leaving(None, t_ms)

    def _leave(self, leaving: Leaving, sighting: Sighting, tilt: TiltEstimate | None) -> Moment:
        if not leaving.add(sighting):
            return self._moment(sighting.t_ms, LiveState.CAPTURED, Instruction.MARCH, tilt)
        self._leaving = None
        self._stance.next_stance()
        standing = self._stance.add(sighting)
        return self._moment(sighting.t_ms, standing.state, standing.instruction, tilt)

    def _measured(self, run: CaptureRun, t_ms: float, tilt: TiltEstimate | None) -> Moment:
        if run.is_broken:
            self._run = None
            return self._interrupt(t_ms, tilt)
        if run.capture is None:
            moment = self._moment(t_ms, LiveState.CAPTURING, Instruction.HOLD, tilt)
            return replace(moment, progress=run.progress)
        self._run = None
        self._captures.append(run.capture)
        if len(self._captures) < self._wanted:
            self._leaving = Leaving(self._place, t_ms)
            moment = self._moment(t_ms, LiveState.CAPTURED, Instruction.MARCH, tilt)
            return replace(moment, capture=run.capture)
        moment = self._moment(t_ms, LiveState.CAPTURED, Instruction.DONE, tilt)
        return replace(moment, capture=run.capture, finished=self.finish_now())

    def _moment(
        self, t_ms: float, state: LiveState, cue: Instruction | None, tilt: TiltEstimate | None
    ) -> Moment:
        taken = len(self._captures)
        return Moment(t_ms, state, cue, tilt, taken=taken, wanted=self._wanted)


def finished_check(captures: Sequence[StillCapture]) -> FinishedCheck:
    """Put captures of one stance together.

    Repeats of different methods have no common median, which the series says; the picture
    is then chosen among those of the commonest method.

    Parameters
    ----------
    captures
        At least one, in the order in which they were taken.
    """
    methods = Counter(capture.result.tilt.method for capture in captures)
    method = methods.most_common(1)[0][0]
    alike = [capture for capture in captures if capture.result.tilt.method is method]
    middle_deg = median(capture.median_deg for capture in alike)
    return FinishedCheck(
        captures=tuple(captures),
        best=min(alike, key=lambda capture: abs(capture.median_deg - middle_deg)),
        series=assess_series([c.result for c in captures]) if len(captures) > 1 else None,
    )
