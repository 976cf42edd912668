"""A camera whose pictures, and what is seen in them, are written down beforehand."""

from __future__ import annotations

import time
from concurrent.futures import Future
from dataclasses import replace
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

from tests.vision.sightings import jittered, nobody, raising, sighting, swaying
from tests.vision.stick_figures import Figure, pose_of
from vision.camera.capture import CameraFrame, CameraInfo, CameraProblem
from vision.camera.stream import FeedEvent
from vision.pose.estimate import Joint

if TYPE_CHECKING:
    import pytest

    from app.gui.background.camera import LiveFeed, LiveLook
    from vision.camera.capture import CameraSource
    from vision.live.events import Sighting

MomentT = TypeVar("MomentT")
FPS = 10.0
NAME = "Desk camera"
_STANDING = pose_of(Figure())


class Seen(Generic[MomentT]):
    """Everything that a feed says."""

    def __init__(self, feed: LiveFeed) -> None:
        self.looks: list[LiveLook[MomentT]] = []
        self.moments: list[MomentT] = []
        self.problems: list[CameraProblem | None] = []
        self.errors: list[Exception] = []
        feed.arrived.connect(self.looks.append)
        feed.happened.connect(self.moments.append)
        feed.troubled.connect(self.problems.append)
        feed.failed.connect(self.errors.append)


class Script:
    """What happens in front of the camera; a pause of the camera is a pause of the script.

    Attributes
    ----------
    opened
        Sources and sizes asked for, in order.
    on
        How many cameras are on.
    views
        How many views were opened, and closed.
    """

    def __init__(self) -> None:
        self.steps: list[Sighting | CameraProblem | Exception] = []
        self.opened: list[tuple[CameraSource, tuple[int, int]]] = []
        self.on = self.views_opened = self.views_closed = 0
        self.at = 0
        self.pace_s = 0.0
        self.opening_s = 0.0
        self._rng = np.random.default_rng(4)

    def stand(self, seconds: float = 6.5, tilt_deg: float = 12.0) -> Script:
        for _ in range(round(seconds * FPS)):
            t_ms = 1000 * len(self.steps) / FPS
            pose = jittered(swaying(_STANDING, t_ms), self._rng)
            self.steps.append(sighting(pose=pose, tilt_deg=tilt_deg + self._rng.normal(0, 0.5)))
        return self

    def leave(self, seconds: float = 1.5) -> Script:
        self.steps += [nobody()] * round(seconds * FPS)
        return self

    def turn_away(self, seconds: float = 2.0) -> Script:
        figure = Figure(yaw_deg=35.0)
        self.steps += [sighting(figure, pose=pose_of(figure))] * round(seconds * FPS)
        return self

    def raise_arm(self, seconds: float = 1.5) -> Script:
        lowered = sighting(pose=_STANDING)
        raised = sighting(pose=raising(_STANDING, 0.5, Joint.RIGHT_WRIST))
        self.steps += [lowered] * 10 + [raised] * round(seconds * FPS)
        return self

    def trouble(self, problem: CameraProblem, times: int = 1) -> Script:
        self.steps += [problem] * times
        return self

    def breaks(self, error: Exception) -> Script:
        self.steps.append(error)
        return self

    def cut(self) -> Script:
        """Drop what has not been shown yet."""
        del self.steps[self.at :]
        return self

    def install(self, monkeypatch: pytest.MonkeyPatch, name: str | None = NAME) -> Script:
        """Have this camera be the only one there is; without a name there is none."""
        cameras = () if name is None else (CameraInfo(0, name),)
        monkeypatch.setattr("vision.camera.capture.list_cameras", lambda: cameras)
        monkeypatch.setattr(
            "vision.camera.stream.NewestFrame",
            lambda source, wanted_px: ScriptedFeed(self, source, wanted_px),
        )
        monkeypatch.setattr("vision.live.view.LiveView", lambda: ScriptedView(self))
        return self


class ScriptedFeed:
    """Stands in for :class:`vision.camera.stream.NewestFrame`."""

    def __init__(self, script: Script, source: CameraSource, wanted_px: tuple[int, int]) -> None:
        self._script = script
        self._script.opened.append((source, wanted_px))
        self._count = self._epoch = 0
        self._is_on = self._is_stopped = False

    def start(self) -> None:
        self._is_on = True
        self._script.on += 1

    def take(self, timeout_s: float) -> FeedEvent | None:
        script = self._script
        if self._is_stopped or script.at >= len(script.steps):
            time.sleep(min(timeout_s, 0.02))
            return None
        time.sleep(script.pace_s)
        self._count += 1
        t_ms = 1000 * self._count / FPS
        step = script.steps[script.at]
        script.at += 1
        if isinstance(step, CameraProblem):
            self._epoch += 1
            return FeedEvent(None, step, self._epoch, t_ms)
        rgb = np.zeros((100, 64, 3), np.uint8)
        return FeedEvent(CameraFrame(rgb, t_ms), None, self._epoch, t_ms)

    def ask_to_stop(self) -> None:
        self._is_stopped = True

    def close(self, at_most_s: float = 1.0) -> bool:
        del at_most_s
        if self._is_on:
            self._is_on = False
            self._script.on -= 1
        return True


class ScriptedView:
    """Stands in for :class:`vision.live.view.LiveView`."""

    def __init__(self, script: Script) -> None:
        time.sleep(script.opening_s)
        self._script = script
        script.views_opened += 1

    def begin(self, frame: CameraFrame, epoch: int = 0) -> Future[Sighting]:
        answer: Future[Sighting] = Future()
        step = self._script.steps[self._script.at - 1]
        if isinstance(step, Exception):
            answer.set_exception(step)
        else:
            assert not isinstance(step, CameraProblem)
            answer.set_result(replace(step, t_ms=frame.t_ms, epoch=epoch))
        return answer

    def close(self) -> None:
        self._script.views_closed += 1
