"""What every live test does with a picture before, between and after its measurements."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, Generic, TypeVar

from vision.live.events import Instruction, LiveState, Moment, SqueezeMoment
from vision.live.standing import Watch

if TYPE_CHECKING:
    from vision.live.events import Sighting
    from vision.live.standing import StancePlace, Watched
    from vision.result import TiltEstimate

Told = TypeVar("Told", Moment, SqueezeMoment)


class Follower(ABC, Generic[Told]):
    """Follows one live test; feed it with every sighting in order.

    Time is the pictures' own. The test begins once the person stands right and still, and ends
    after its last measurement or when they raise an arm.
    """

    def __init__(self) -> None:
        self._watch = Watch()
        self._is_over = self._is_cancelled = False

    def add(self, sighting: Sighting) -> Told:
        """Look at the next picture; nothing is measured any more once the test has ended."""
        watched = self._watch.add(sighting)
        t_ms, tilt, standing = sighting.t_ms, watched.tilt, watched.standing
        if self._is_over:
            return self._moment(t_ms, LiveState.CAPTURED, Instruction.DONE, tilt)
        if watched.is_arm_raised and not self._is_cancelled:
            self._is_cancelled = True
            self._drop()
            return replace(self._moment(t_ms, standing.state, None, tilt), is_cancelled=True)
        if self._is_cancelled:
            return self._moment(t_ms, standing.state, None, tilt)
        if watched.is_elsewhere:
            self._break_off(t_ms)
        moment = self._go_on(sighting, watched)
        if moment is not None:
            return moment
        if standing.place is None:
            return self._moment(t_ms, standing.state, standing.instruction, tilt)
        return self._begin(standing.place, t_ms, tilt)

    def lose(self, t_ms: float, instruction: Instruction) -> Told:
        """Take note that the camera gives nothing of use; what is complete is kept.

        Parameters
        ----------
        t_ms
            The last picture's time, or a later one.
        instruction
            ``picture_black``, ``picture_frozen`` or ``no_picture``.
        """
        if self._is_over:
            return self._moment(t_ms, LiveState.CAPTURED, Instruction.DONE, None)
        self._break_off(t_ms)
        self._watch.forget()
        return self._moment(t_ms, LiveState.LOST, instruction, None)

    def _interrupt(self, t_ms: float, tilt: TiltEstimate | None) -> Told:
        """Ask for what has just ended a measurement."""
        standing = self._watch.stance.interrupt()
        return self._moment(t_ms, standing.state, standing.instruction, tilt)

    @abstractmethod
    def _begin(self, place: StancePlace, t_ms: float, tilt: TiltEstimate | None) -> Told:
        """Begin to measure somebody who stands right and still."""

    @abstractmethod
    def _go_on(self, sighting: Sighting, watched: Watched) -> Told | None:
        """Go on with what is under way; None when nothing is."""

    @abstractmethod
    def _break_off(self, t_ms: float) -> None:
        """End what is under way: pictures were missing."""

    @abstractmethod
    def _drop(self) -> None:
        """End what is under way for good."""

    @abstractmethod
    def _moment(
        self, t_ms: float, state: LiveState, cue: Instruction | None, tilt: TiltEstimate | None
    ) -> Told:
        """Return what is shown and said."""
