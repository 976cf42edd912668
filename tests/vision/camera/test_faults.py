"""Black pictures and frozen ones are told apart from dark, quiet and still ones."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from vision.camera.capture import Camera, CameraFrame, CameraProblem
from vision.camera.faults import PictureFaults
from vision.live.events import Instruction
from vision.live.session import instruction_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

SAMPLE = Path(__file__).parents[3] / "sample_images" / "woman_slim_left_tilt11.jpg"
SIZE = 320, 480
FPS = 15
NOISE = np.random.default_rng(1).standard_normal((7, 480, 320, 3), np.float32)


@pytest.fixture(scope="module")
def person() -> NDArray[np.uint8]:
    bgr = cv2.imread(str(SAMPLE))
    assert bgr is not None
    return np.asarray(cv2.resize(bgr, SIZE, interpolation=cv2.INTER_AREA), np.uint8)


def noisy(rgb: NDArray[np.uint8], number: int, level: float = 2.0) -> NDArray[np.uint8]:
    height_px, width_px = rgb.shape[:2]
    noise = NOISE[number % len(NOISE), :height_px, :width_px]
    return np.clip(rgb + level * noise, 0, 255).astype(np.uint8)


def problems(frames: Iterable[CameraFrame]) -> list[tuple[float, CameraProblem | None]]:
    """Return when which problem began or ended, in seconds."""
    faults = PictureFaults()
    told: list[tuple[float, CameraProblem | None]] = []
    for frame in frames:
        problem = faults.judge(frame).problem
        if not told or told[-1][1] is not problem:
            told.append((round(frame.t_ms / 1000, 2), problem))
    return told


def clip(
    picture: Callable[[int], NDArray[np.uint8]], seconds: float, fps: int = FPS
) -> Iterable[CameraFrame]:
    for number in range(round(seconds * fps)):
        yield CameraFrame(picture(number), number * 1000 / fps)


def film(path: Path, picture: Callable[[int], NDArray[np.uint8]], seconds: float) -> Path:
    code = cv2.VideoWriter.fourcc(*("MJPG" if path.suffix == ".avi" else "mp4v"))
    writer = cv2.VideoWriter(str(path), code, FPS, SIZE)
    assert writer.isOpened()
    for number in range(round(seconds * FPS)):
        writer.write(picture(number))
    writer.release()
    return path


def test_a_covered_lens_is_black_after_a_second() -> None:
    dark = np.zeros((120, 160, 3), np.uint8)
    assert problems(clip(lambda n: noisy(dark, n, 3.0), 2)) == [
        (0.0, None),
        (1.0, CameraProblem.BLACK),
    ]


def test_a_moment_of_darkness_is_no_fault(person: NDArray[np.uint8]) -> None:
    dark = np.zeros_like(person)
    told = problems(clip(lambda n: noisy(dark if 10 < n < 22 else person, n), 3))
    assert told == [(0.0, None)]


def test_a_dim_room_with_a_lamp_is_not_black() -> None:
    room = np.full((120, 160, 3), 3, np.uint8)
    room[:20, :20] = 120
    assert problems(clip(lambda n: noisy(room, n), 2)) == [(0.0, None)]


@pytest.mark.parametrize("fps", [5, 30])
def test_the_same_bits_for_three_seconds_are_frozen(person: NDArray[np.uint8], fps: int) -> None:
    told = problems(clip(lambda n: noisy(person, min(n, 2 * fps)), 7, fps))
    times_s, kinds = zip(*told, strict=True)
    assert kinds == (None, CameraProblem.STALLED, CameraProblem.FROZEN)
    assert times_s[1] == pytest.approx(3.0, abs=0.2)
    assert times_s[2] == pytest.approx(5.0, abs=0.3)


def test_a_repeated_picture_is_not_a_new_one(person: NDArray[np.uint8]) -> None:
    faults = PictureFaults()
    frames = [CameraFrame(noisy(person, n // 2), n * 33.0) for n in range(6)]
    assert [faults.judge(frame).is_new for frame in frames] == [True, False] * 3


def test_one_changed_pixel_makes_a_new_picture(person: NDArray[np.uint8]) -> None:
    faults, other = PictureFaults(), person.copy()
    other[101, 101] ^= 1
    assert faults.judge(CameraFrame(person, 0.0)).is_new
    assert faults.judge(CameraFrame(other, 33.0)).is_new


def test_a_camera_that_goes_on_is_believed_at_once(person: NDArray[np.uint8]) -> None:
    told = problems(clip(lambda n: noisy(person, 0 if n < 4 * FPS else n), 6))
    assert told[-2][1] is CameraProblem.FROZEN
    assert told[-1] == (4.0, None)


@pytest.mark.parametrize("name", ["film.mp4", "film.avi"])
def test_a_film_of_one_picture_is_frozen(
    tmp_path: Path, person: NDArray[np.uint8], name: str
) -> None:
    with Camera(film(tmp_path / name, lambda _: noisy(person, 0), 5)) as source:
        told = problems(source)
    assert told[-1][1] is CameraProblem.FROZEN
    assert told[-1][0] == pytest.approx(3.0, abs=0.3)


@pytest.mark.parametrize("name", ["film.mp4", "film.avi"])
def test_a_film_that_freezes_midway_and_goes_on(
    tmp_path: Path, person: NDArray[np.uint8], name: str
) -> None:
    def picture(number: int) -> NDArray[np.uint8]:
        return noisy(person, number if not 3 * FPS < number < 9 * FPS else 0)

    with Camera(film(tmp_path / name, picture, 12)) as source:
        told = problems(source)
    (frozen_s,) = (t_s for t_s, problem in told if problem is CameraProblem.FROZEN)
    assert frozen_s == pytest.approx(6.0, abs=0.8)
    assert told[-1][1] is None
    assert told[-1][0] == pytest.approx(9.5, abs=0.6)


@pytest.mark.parametrize("name", ["film.mp4", "film.avi"])
@pytest.mark.parametrize("level", [1.0, 3.0])
def test_a_quiet_room_is_not_frozen(
    tmp_path: Path, person: NDArray[np.uint8], name: str, level: float
) -> None:
    with Camera(film(tmp_path / name, lambda n: noisy(person, n, level), 5)) as source:
        assert problems(source) == [(0.0, None)]


def test_somebody_who_sways_in_a_film_without_noise_is_not_frozen(
    tmp_path: Path, person: NDArray[np.uint8]
) -> None:
    def picture(number: int) -> NDArray[np.uint8]:
        shift = np.array([[1, 0, np.sin(number / FPS * 2)], [0, 1, 0]])
        return np.asarray(cv2.warpAffine(person, shift, SIZE), np.uint8)

    with Camera(film(tmp_path / "film.mp4", picture, 6)) as source:
        assert problems(source) == [(0.0, None)]


def test_pictures_may_change_their_size(person: NDArray[np.uint8]) -> None:
    sizes = [(480, 320), (481, 321), (64, 48), (480, 320)]
    frames = [
        CameraFrame(np.full((*size, 3), 90, np.uint8), n * 33.0) for n, size in enumerate(sizes)
    ]
    faults = PictureFaults()
    assert all(faults.judge(frame).is_new for frame in frames)


def test_each_problem_has_what_is_shown_instead_of_an_instruction() -> None:
    shown = {problem: instruction_for(problem) for problem in CameraProblem}
    assert shown.pop(CameraProblem.BLACK) is Instruction.PICTURE_BLACK
    assert shown.pop(CameraProblem.FROZEN) is Instruction.PICTURE_FROZEN
    assert set(shown.values()) == {Instruction.NO_PICTURE}
