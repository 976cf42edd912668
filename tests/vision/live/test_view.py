"""A camera's pictures go through the photograph's own pipeline, and give its answers."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from vision import measure_photo
from vision.camera.capture import CameraFrame
from vision.image.frame import load_frame
from vision.live.events import StillCapture
from vision.live.view import LiveView, with_belt_line
from vision.pipeline import reject_unseen
from vision.result import Facing, Measured, ReasonCode, Rejected

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from vision.image.frame import Frame

SAMPLES = Path(__file__).parents[3] / "sample_images"
HEIGHT_PX, WIDTH_PX = 720, 960
STEP_MS = 40.0


def picture(name: str, *, height_px: int = HEIGHT_PX) -> NDArray[np.uint8]:
    """Return a sample person in the middle of a wide picture."""
    rgb = load_frame(SAMPLES / name).rgb
    width_px = round(rgb.shape[1] * height_px / rgb.shape[0])
    small = cv2.resize(rgb, (width_px, height_px), interpolation=cv2.INTER_AREA)
    left = (WIDTH_PX - width_px) // 2
    right = WIDTH_PX - width_px - left
    edge = cv2.copyMakeBorder(small, 0, 0, left, right, cv2.BORDER_REPLICATE)
    return np.asarray(edge, np.uint8)


def noisy(rgb: NDArray[np.uint8], seed: int) -> NDArray[np.uint8]:
    """Return the picture as a camera would show it once more."""
    noise = np.random.default_rng(seed).normal(0, 2, rgb.shape)
    return np.clip(rgb + noise, 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def man() -> NDArray[np.uint8]:
    return picture("man_average_right_tilt8.jpg")


@pytest.fixture(scope="module")
def woman() -> NDArray[np.uint8]:
    return picture("woman_slim_left_tilt11.jpg")


@pytest.fixture(scope="module")
def empty() -> NDArray[np.uint8]:
    return np.full((HEIGHT_PX, WIDTH_PX, 3), 190, np.uint8)


@pytest.fixture
def view() -> Iterator[LiveView]:
    view = LiveView("clip")
    yield view
    view.close()


def angles_deg(view: LiveView, rgb: NDArray[np.uint8], count: int) -> list[float]:
    sightings = [view.look(CameraFrame(noisy(rgb, n), n * STEP_MS)) for n in range(count)]
    results = [sighting.result for sighting in sightings]
    return [result.tilt.angle_deg for result in results if isinstance(result, Measured)]


def test_it_says_what_a_photograph_of_the_same_moment_says(
    view: LiveView, man: NDArray[np.uint8]
) -> None:
    live_deg = angles_deg(view, man, 8)
    photo = measure_photo(man, quick=True)
    assert isinstance(photo, Measured)
    assert len(live_deg) == 8
    # The two look at slightly different crops of the person; repeats of a photograph of one
    # scene differ by 0.3 deg.
    assert np.median(live_deg) == pytest.approx(photo.tilt.angle_deg, abs=1.0)
    assert np.std(live_deg[2:]) < 0.6


def test_a_mirrored_film_gives_the_same_angle_and_the_other_facing(
    view: LiveView, man: NDArray[np.uint8]
) -> None:
    mirror = np.ascontiguousarray(man[:, ::-1])
    first = view.look(CameraFrame(man, 0.0))
    second = view.look(CameraFrame(mirror, STEP_MS), epoch=1)
    assert (first.facing, second.facing) == (Facing.RIGHT, Facing.LEFT)
    assert isinstance(first.result, Measured)
    assert isinstance(second.result, Measured)
    assert second.result.tilt.angle_deg == pytest.approx(first.result.tilt.angle_deg, abs=0.5)


def test_answers_come_in_order_and_carry_their_picture(
    view: LiveView, man: NDArray[np.uint8]
) -> None:
    waiting = [view.begin(CameraFrame(man, n * STEP_MS), epoch=3) for n in range(5)]
    sightings = [future.result(timeout=10) for future in waiting]
    assert [sighting.t_ms for sighting in sightings] == [n * STEP_MS for n in range(5)]
    assert all(sighting.epoch == 3 for sighting in sightings)
    assert all(np.shares_memory(sighting.frame.rgb, man) for sighting in sightings)


@pytest.mark.parametrize("times_ms", [(500, 400, 100, 0), (0, 0, 0, 0), (0, 1e9, 5, 1e9)])
def test_a_clock_that_jumps_does_no_harm(
    view: LiveView, man: NDArray[np.uint8], times_ms: tuple[float, ...]
) -> None:
    for t_ms in times_ms:
        assert isinstance(view.look(CameraFrame(man, t_ms)).result, Measured)


def test_an_empty_room_then_a_person(
    view: LiveView, empty: NDArray[np.uint8], man: NDArray[np.uint8]
) -> None:
    nobody = view.look(CameraFrame(empty, 0.0))
    assert isinstance(nobody.result, Rejected)
    assert [reason.code for reason in nobody.result.reasons] == [ReasonCode.NO_PERSON]
    assert (nobody.pose, nobody.yaw_deg, nobody.facing) == (None, None, None)
    assert isinstance(view.look(CameraFrame(man, STEP_MS)).result, Measured)


def test_nobody_is_looked_for_closely_only_now_and_then(
    view: LiveView, empty: NDArray[np.uint8], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = 0

    def counted(frame: Frame) -> Rejected:
        nonlocal calls
        calls += 1
        return reject_unseen(frame)

    monkeypatch.setattr("vision.live.view.reject_unseen", counted)
    for n in range(10):
        view.look(CameraFrame(empty, n * STEP_MS))
    assert calls == 1


def test_a_second_person_is_seen_within_a_second(
    view: LiveView, man: NDArray[np.uint8], woman: NDArray[np.uint8]
) -> None:
    both = np.ascontiguousarray(np.hstack([man[:, 240:720], woman[:, 240:720]]))
    alone = np.ascontiguousarray(np.hstack([man[:, 240:720], man[:, -480:]]))
    assert isinstance(view.look(CameraFrame(alone, 0.0)).result, Measured)
    results = [view.look(CameraFrame(both, t_ms)).result for t_ms in (200.0, 400.0, 800.0, 820.0)]
    codes = {reason.code for reason in results[-1].reasons}
    assert isinstance(results[-1], Rejected)
    assert ReasonCode.SEVERAL_PEOPLE in codes


def test_whoever_is_larger_is_followed_in_the_end(
    view: LiveView, man: NDArray[np.uint8], woman: NDArray[np.uint8]
) -> None:
    small = cv2.resize(woman[:, 240:720], (240, 360), interpolation=cv2.INTER_AREA)
    wall = np.full((HEIGHT_PX, WIDTH_PX, 3), 185, np.uint8)
    wall[300:660, :240] = small
    first = view.look(CameraFrame(wall.copy(), 0.0))
    assert first.facing is Facing.LEFT
    wall[:, 480:] = man[:, 240:720]
    sightings = [view.look(CameraFrame(wall, 800.0 + n * STEP_MS)) for n in range(20)]
    assert sightings[-1].facing is Facing.RIGHT


def test_pictures_may_change_their_size(view: LiveView, man: NDArray[np.uint8]) -> None:
    half = np.ascontiguousarray(cv2.resize(man, None, fx=0.75, fy=0.75), np.uint8)
    for n, rgb in enumerate((man, half, man)):
        sighting = view.look(CameraFrame(rgb, n * STEP_MS))
        assert isinstance(sighting.result, Measured)
        hip = sighting.result.landmarks["left_hip"]
        assert 0 < hip[0] < rgb.shape[1]
        assert 0.4 * rgb.shape[0] < hip[1] < 0.7 * rgb.shape[0]


def test_four_thousand_pixels_are_measured_in_pixels_of_the_camera(
    view: LiveView, man: NDArray[np.uint8]
) -> None:
    large = np.asarray(cv2.resize(man, None, fx=4.0, fy=4.0), np.uint8)
    sighting = view.look(CameraFrame(large, 0.0))
    small = measure_photo(man)
    assert isinstance(sighting.result, Measured)
    assert isinstance(small, Measured)
    assert sighting.result.capture.trunk_px == pytest.approx(4 * small.capture.trunk_px, rel=0.03)


def test_turning_has_a_sign(view: LiveView) -> None:
    frontal = view.look(CameraFrame(picture("woman_frontal.jpg"), 0.0))
    assert frontal.yaw_deg is not None
    assert frontal.yaw_deg > 30


def test_the_kept_picture_gets_its_belt_line(view: LiveView, man: NDArray[np.uint8]) -> None:
    result = view.look(CameraFrame(man, 0.0)).result
    assert isinstance(result, Measured)
    assert result.belt_line is None
    assert result.no_belt_line is None
    frame = load_frame(SAMPLES / "man_average_right_tilt8.jpg")
    whole = with_belt_line(StillCapture(result, frame, 10, 0.5))
    assert whole.tilt == result.tilt
    assert (whole.belt_line is None) is not (whole.no_belt_line is None)


def test_a_picture_that_cannot_be_used_frees_its_place(view: LiveView) -> None:
    wrong = CameraFrame(np.zeros((4, 4), np.uint8), 0.0)
    for _ in range(4):
        with pytest.raises(Exception, match=r".+"):
            view.look(wrong)


def test_closing_is_quick_while_pictures_are_under_way(man: NDArray[np.uint8]) -> None:
    view = LiveView()
    view.begin(CameraFrame(man, 0.0))
    view.begin(CameraFrame(man, STEP_MS))
    started_s = time.monotonic()
    view.close()
    assert time.monotonic() - started_s < 1.0
