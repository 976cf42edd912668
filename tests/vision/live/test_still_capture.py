"""Three seconds of good pictures make one measurement; anything else makes none."""

from __future__ import annotations

import math
import weakref
from dataclasses import replace
from statistics import median, stdev
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import made_up_results
from tests.vision.sightings import HALF_DEG, frame_of, sighting
from tests.vision.stick_figures import Figure, pose_of
from vision.image.frame import frame_from_array
from vision.live.check import CaptureRun, median_tilt, with_tilt
from vision.live.standing import place_of
from vision.quality import Light
from vision.result import Measured, Method, TiltEstimate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

    from numpy.typing import NDArray

    from vision.live.events import Sighting

POSE = pose_of(Figure())
ANGLES = st.lists(st.integers(-300, 300).map(lambda n: n / 10), min_size=2, max_size=30)


def run_of(t_ms: float = 0.0) -> CaptureRun:
    place = place_of(sighting(pose=POSE))
    assert place is not None
    return CaptureRun(place, t_ms)


def fed(
    fps: float = 20,
    length_s: float = 4.5,
    picture: Callable[[float], Sighting] | None = None,
    is_usable: Callable[[float], bool] = lambda t_ms: True,
) -> CaptureRun:
    run = run_of()
    for n in range(1, round(fps * length_s) + 1):
        if run.is_broken or run.capture is not None:
            break
        t_ms = n * 1000 / fps
        one = sighting(pose=POSE) if picture is None else picture(t_ms)
        run.add(replace(one, t_ms=t_ms), is_usable(t_ms))
    return run


def tilts_of(angles_deg: Sequence[float]) -> list[TiltEstimate]:
    return [made_up_results.tilt(a, HALF_DEG) for a in angles_deg]


@pytest.mark.parametrize("fps", [5, 20, 60])
def test_only_the_three_seconds_after_the_lead_in_count(fps: int) -> None:
    run = fed(fps, picture=lambda t_ms: sighting(pose=POSE, tilt_deg=90 if t_ms < 1000 else t_ms))
    assert run.capture is not None
    assert run.capture.frames == 3 * fps + 1
    assert run.capture.median_deg == pytest.approx(2500)
    assert run.progress == 1


def test_progress_begins_when_pictures_count() -> None:
    run = run_of()
    for t_ms, progress in ((500, 0), (1000, 0), (1600, 0.2), (2200, 0.4)):
        run.add(replace(sighting(pose=POSE), t_ms=t_ms), is_usable=True)
        assert run.progress == pytest.approx(progress)


def test_the_sharpest_picture_stands_for_the_capture_with_the_median() -> None:
    sharpest = frame_of(Figure())

    def picture(t_ms: float) -> Sighting:
        if t_ms == 2000:
            one = sighting(pose=POSE, tilt_deg=20, light=Light(220, 0.4))
            return replace(one, frame=sharpest)
        return sighting(pose=POSE, tilt_deg=10 + (t_ms / 50) % 3)

    capture = fed(picture=picture).capture
    assert capture is not None
    assert capture.frame is sharpest
    assert capture.median_deg == 11
    assert capture.result.contour == capture.result.tilt
    angles_deg = [20 if n == 40 else 10 + n % 3 for n in range(20, 81)]
    assert capture.spread_deg == pytest.approx(stdev(angles_deg))


@pytest.mark.parametrize("lapse_ms", [50, 250])
def test_a_short_lapse_is_only_not_counted(lapse_ms: int) -> None:
    run = fed(is_usable=lambda t_ms: not 2000 <= t_ms < 2000 + lapse_ms)
    assert run.capture is not None
    assert run.capture.frames == 61 - lapse_ms // 50


@pytest.mark.parametrize("begins_ms", [100, 2000])
def test_a_longer_lapse_ends_the_capture(begins_ms: int) -> None:
    run = fed(is_usable=lambda t_ms: not begins_ms <= t_ms < begins_ms + 400)
    assert run.is_broken
    assert run.capture is None


@pytest.mark.parametrize(
    "figure",
    [Figure(hip_px=(350, 480)), Figure(yaw_deg=18), Figure(arms="forward"), Figure(knee_deg=160)],
)
def test_moving_ends_the_capture(figure: Figure) -> None:
    moved = pose_of(figure)
    run = fed(picture=lambda t_ms: sighting(pose=moved if t_ms > 2000 else POSE))
    assert run.is_broken


def test_pictures_that_stay_away_end_the_capture() -> None:
    run = run_of()
    for t_ms in (100, 200, 1000):
        run.add(replace(sighting(pose=POSE), t_ms=t_ms), is_usable=True)
    assert run.is_broken


def test_too_few_good_pictures_are_no_capture() -> None:
    # Every other picture is bad, never for long.
    assert fed(is_usable=lambda t_ms: t_ms % 100 == 0).is_broken
    # All are good, but seven are not enough.
    assert fed(fps=2).is_broken
    assert fed(fps=3).capture is not None


def test_one_method_only_counts() -> None:
    def picture(t_ms: float) -> Sighting:
        if t_ms % 300 == 0:
            return sighting(pose=POSE, tilt_deg=40, method=Method.STICKERS, light=Light(220, 0.9))
        return sighting(pose=POSE, tilt_deg=12)

    capture = fed(picture=picture).capture
    assert capture is not None
    assert capture.result.tilt.method is Method.CONTOUR
    assert (capture.median_deg, capture.spread_deg) == (12, 0)
    assert capture.result.stickers is None
    assert capture.frames < 55


def test_two_methods_of_half_the_pictures_each_are_no_capture() -> None:
    def picture(t_ms: float) -> Sighting:
        method = Method.STICKERS if t_ms % 100 == 0 else Method.CONTOUR
        return sighting(pose=POSE, method=method)

    assert fed(picture=picture).is_broken


def test_no_picture_but_the_sharpest_is_held() -> None:
    run = run_of()
    pictures: list[weakref.ref[NDArray[np.uint8]]] = []
    for n in range(1, 70):
        rgb = np.zeros((4, 4, 3), np.uint8)
        pictures.append(weakref.ref(rgb))
        one = sighting(pose=POSE, light=Light(220, 0.3 + (n % 7) / 100))
        run.add(replace(one, t_ms=n * 50.0, frame=frame_from_array(rgb)), is_usable=True)
        del one, rgb
        assert sum(picture() is not None for picture in pictures) <= 1


@settings(deadline=None)
@given(ANGLES, st.randoms(use_true_random=False))
def test_the_order_of_the_pictures_does_not_matter(angles_deg: list[float], random: Random) -> None:
    spread_deg = stdev(angles_deg)
    tilt = median_tilt(tilts_of(angles_deg), spread_deg)
    shuffled = angles_deg.copy()
    random.shuffle(shuffled)
    assert median_tilt(tilts_of(shuffled), spread_deg) == tilt
    assert tilt.angle_deg == median(angles_deg)


@given(ANGLES)
def test_a_capture_is_no_surer_than_a_picture(angles_deg: list[float]) -> None:
    tilt = median_tilt(tilts_of(angles_deg), stdev(angles_deg))
    assert tilt.half_width_deg >= HALF_DEG - 1e-9


def test_the_interval_worked_by_hand() -> None:
    angles_deg = [10.0, 12.0, 14.0, 11.0, 13.0] * 12
    spread_deg = stdev(angles_deg)
    tilt = median_tilt(tilts_of(angles_deg), spread_deg)
    # Sixty pictures count as fifteen.
    own = 1.645 * math.sqrt(math.pi / 2) * spread_deg / math.sqrt(15)
    assert tilt.high_deg == pytest.approx(12 + math.hypot(HALF_DEG, own))
    assert tilt.low_deg == pytest.approx(12 - math.hypot(HALF_DEG, own))


@pytest.mark.parametrize("method", Method)
def test_the_tilt_replaces_the_estimate_of_its_own_method(method: Method) -> None:
    result = sighting(pose=POSE).result
    assert isinstance(result, Measured)
    tilt = made_up_results.tilt(3.0, 2.0, method)
    changed = with_tilt(result, tilt)
    assert changed.tilt is tilt
    own = {
        Method.CONTOUR: changed.contour,
        Method.STICKERS: changed.stickers,
        Method.MARKED: changed.marked,
    }
    if method in own:
        assert own[method] is tilt
