"""Somebody in front of the camera who does what a test says, a second after it is said."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

from tests.vision.sightings import jittered, sighting, swaying
from tests.vision.stick_figures import Figure, pose_of
from vision.result import Method

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from vision.live.events import Instruction, LivePhase, PhasedMoment, PhasedResult, Sighting
    from vision.live.phases import PhasedTest

TestT = TypeVar("TestT", bound="PhasedTest")
STANDING = pose_of(Figure())
#: It takes this long to hear, to understand and to do it.
LATE_MS = 1000.0


class LedPerson(Generic[TestT]):
    """Follows a test picture by picture.

    Parameters
    ----------
    test
        What leads them.
    tilts_deg
        The tilt that each instruction brings about.
    rest_deg
        The tilt otherwise.
    """

    def __init__(
        self,
        test: TestT,
        tilts_deg: Mapping[Instruction, float],
        rest_deg: float = 12.0,
        fps: float = 10,
    ) -> None:
        self.test, self.tilts_deg, self.fps = test, tilts_deg, fps
        self.t_ms = self.told_ms = 0.0
        self.epoch = 0
        self.told: Instruction | None = None
        self.late_ms = LATE_MS
        self.moments: list[PhasedMoment] = []
        self.rng = np.random.default_rng(6)
        self.rest_deg = self._deg = self._before_deg = rest_deg

    def obey(self, seconds: float, method: Method = Method.CONTOUR) -> list[PhasedMoment]:
        return self.show(seconds, lambda: self._obeying(method))

    def show(self, seconds: float, picture: Callable[[], Sighting]) -> list[PhasedMoment]:
        shown = []
        for _ in range(round(seconds * self.fps)):
            self.t_ms += 1000 / self.fps
            moment = self.test.add(replace(picture(), t_ms=self.t_ms, epoch=self.epoch))
            if moment.instruction is not self.told:
                self.told, self.told_ms = moment.instruction, self.t_ms
                self._before_deg = self._deg
                told = self.told
                self._deg = self.rest_deg if told is None else self.tilt_after(told)
            shown.append(moment)
        self.moments += shown
        return shown

    def tilt_after(self, told: Instruction) -> float:
        return self.tilts_deg.get(told, self.rest_deg)

    def _obeying(self, method: Method) -> Sighting:
        is_late = self.t_ms - self.told_ms < self.late_ms
        angle_deg = (self._before_deg if is_late else self._deg) + self.rng.normal(0, 0.3)
        pose = jittered(swaying(STANDING, self.t_ms), self.rng)
        return sighting(pose=pose, tilt_deg=angle_deg, method=method)

    @property
    def phases(self) -> list[tuple[LivePhase | None, int]]:
        return [key for key, _ in groupby((m.phase, m.round_number) for m in self.moments)]

    @property
    def result(self) -> PhasedResult:
        (result,) = (m.finished for m in self.moments if m.finished is not None)
        return result
