"""Rendered people in motion: the right words, no capture while something is wrong.

The films are made by ``python -m synthetic.clips --small``; noise and tremble, which do not
pack, are added here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest

from vision.camera.capture import Camera, CameraFrame
from vision.live.check import LiveCheck
from vision.live.events import Instruction, LivePhase, LiveState, SqueezeResult
from vision.live.range_test import RangeTest
from vision.live.squeeze import SqueezeTest
from vision.live.view import LiveView
from vision.range_of_motion import RangeResult
from vision.result import Z_90

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from vision.live.events import Moment, Sighting

CLIPS = Path(__file__).parents[2] / "clips"
NOISE_SD = 2.5
JITTER_PX = 0.5
#: A second of being told, and three of being measured.
CAPTURE_MS = 4000.0


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    truth: dict[str, Any]
    moments: tuple[Moment, ...]

    @property
    def right_ms(self) -> float:
        return 1000 * float(self.truth["right_from_s"])

    def said_before(self, t_ms: float) -> set[Instruction | None]:
        return {moment.instruction for moment in self.moments if moment.t_ms < t_ms}


def filmed(name: str) -> Iterator[CameraFrame]:
    """Yield a clip's pictures as a camera would show them."""
    random = np.random.default_rng(3)
    noise: list[NDArray[np.float32]] = []
    with Camera(CLIPS / f"{name}.mp4") as camera:
        for number, frame in enumerate(camera):
            if not noise:
                shape = frame.rgb.shape
                noise = [random.normal(0, NOISE_SD, shape).astype(np.float32) for _ in range(4)]
            dx, dy = random.normal(0, JITTER_PX, 2)
            moved = cv2.warpAffine(
                frame.rgb,
                np.array([[1, 0, dx], [0, 1, dy]]),
                frame.rgb.shape[1::-1],
                borderMode=cv2.BORDER_REPLICATE,
            )
            rgb = np.clip(moved + noise[number % 4], 0, 255).astype(np.uint8)
            yield CameraFrame(rgb, frame.t_ms)


def truth_of(name: str) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads((CLIPS / f"{name}.json").read_text("utf-8"))
    return truth


def sightings(name: str) -> Iterator[Sighting]:
    """Look at every picture of a clip, one while the next is begun."""
    view, before = LiveView(), None
    try:
        for frame in filmed(name):
            under_way = view.begin(frame)
            if before is not None:
                yield before.result()
            before = under_way
        if before is not None:
            yield before.result()
    finally:
        view.close()


def watch(name: str) -> Watched:
    check = LiveCheck(1)
    return Watched(truth_of(name), tuple(check.add(seen) for seen in sightings(name)))


def assert_captured_after(clip: Watched, right_ms: float, most_spread_deg: float = 1.5) -> None:
    """Check that one capture came, after all was right, and near the truth."""
    captures = [moment for moment in clip.moments if moment.capture is not None]
    assert len(captures) == 1
    assert captures[0].t_ms - CAPTURE_MS >= right_ms - 500
    capture = captures[0].capture
    assert capture is not None
    tilt = capture.result.tilt
    # The rendered bodies share the shape of their bones.
    assert abs(tilt.angle_deg - clip.truth["tilt_deg"]) <= Z_90 * tilt.doubt.own_deg
    assert capture.spread_deg < most_spread_deg
    assert captures[0].finished is not None


def test_standing_still_is_measured_at_once_and_the_number_is_steady() -> None:
    clip = watch("still_5")
    assert_captured_after(clip, 0.0)
    shown = [m.tilt.angle_deg for m in clip.moments if m.tilt is not None and m.t_ms > 1500]
    assert np.std(shown) <= 0.5


def test_somebody_who_turns_is_told_which_way_and_measured_once_side_on() -> None:
    clip = watch("turn_0")
    # The clip's person faces right and shows some of the back.
    wanted = Instruction.TURN_RIGHT if clip.truth["facing"] == "right" else Instruction.TURN_LEFT
    assert clip.said_before(2000) == {wanted}
    assert_captured_after(clip, clip.right_ms)


def test_two_people_are_not_measured() -> None:
    clip = watch("second_person_0")
    assert clip.said_before(clip.right_ms - 1000) <= {Instruction.ONE_PERSON, None}
    assert Instruction.ONE_PERSON in clip.said_before(1000)
    assert_captured_after(clip, clip.right_ms - 500)


def test_an_arm_in_front_is_asked_away_first() -> None:
    clip = watch("arm_in_front_0")
    assert clip.said_before(clip.right_ms - 1200) == {Instruction.RAISE_FISTS}
    # The arms have only just come up.
    assert_captured_after(clip, clip.right_ms, 2.0)


def test_somebody_who_walks_through_is_not_measured() -> None:
    clip = watch("walk_through_0")
    states = {moment.state for moment in clip.moments}
    assert LiveState.CAPTURING not in states
    assert LiveState.CAPTURED not in states


def test_a_squeeze_that_turns_the_pelvis_is_seen() -> None:
    truth = truth_of("squeeze_2")
    test = SqueezeTest()
    moments = [test.add(seen) for seen in sightings("squeeze_2")]
    results = [moment.finished for moment in moments if moment.finished is not None]
    (result,) = results
    assert isinstance(result, SqueezeResult)
    assert result.is_more_than_noise
    assert result.backward_deg == pytest.approx(truth["change_deg"], abs=2.0)
    assert {moment.instruction for moment in moments[-60:]} >= {Instruction.DONE}


def test_a_range_is_found_between_tucked_and_arched() -> None:
    truth = truth_of("range_0")
    test = RangeTest()
    moments = [test.add(seen) for seen in sightings("range_0")]
    (result,) = (moment.finished for moment in moments if moment.finished is not None)
    assert isinstance(result, RangeResult)
    assert result.rounds == 3
    assert result.range_deg.low <= truth["change_deg"] <= result.range_deg.high
    assert result.place_percent.low <= truth["place_percent"] <= result.place_percent.high
    told = [one for one, _ in groupby(moment.phase for moment in moments) if one is not None]
    assert told == 3 * [LivePhase.ARCHED, LivePhase.TUCKED, LivePhase.RELAXED]
