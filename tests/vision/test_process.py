"""The program as a process: its threads, and what importing it costs."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

import vision
from tests.vision.stick_figures import Figure, pose_of
from vision import Measured, Rejected, measure_photo
from vision.image.frame import frame_from_array, load_frame
from vision.result import ReasonCode

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample_images" / "man_average_right_tilt8.jpg"
FIGURE = Figure(trunk_px=120, width_px=320, height_px=500, hip_px=(160.0, 240.0))


def pictures_of_people() -> list[Path]:
    """Return some committed pictures; without any, the estimator sees drawn figures."""
    return sorted((ROOT / "sample_images").glob("*.jpg"))[:4]


def drawn_figures() -> list[NDArray[np.uint8]]:
    pictures = []
    for shade in (40, 90, 140, 200):
        rgb = np.full((500, 320, 3), 255 - shade // 3, np.uint8)
        figure = replace(FIGURE, lean_deg=shade / 40)
        rgb[pose_of(figure, with_mask=True).mask > 0.5] = (shade, shade // 2 + 40, 60)
        pictures.append(rgb)
    return pictures


def numbers_of(result: Measured | Rejected) -> tuple[object, ...]:
    tilt = result.tilt if isinstance(result, Measured) else None
    return tilt, result.reasons, result.posture, result.capture, dict(result.landmarks)


def test_four_threads_give_the_answers_of_one() -> None:
    frames = [load_frame(path) for path in pictures_of_people()]
    frames = frames or [frame_from_array(rgb) for rgb in drawn_figures()]
    one_by_one = [numbers_of(measure_photo(frame)) for frame in frames]
    with ThreadPoolExecutor(4) as pool:
        together = [numbers_of(result) for result in pool.map(measure_photo, frames * 3)]
    assert together == one_by_one * 3


FIRST_CALLS = """
import sys, threading
import numpy as np
from vision.pipeline import measure_photo, shared_estimator
start = threading.Barrier(4)
found = []
def work():
    start.wait()
    found.append((type(measure_photo(np.zeros((64, 48, 3), np.uint8))), shared_estimator()))
threads = [threading.Thread(target=work) for _ in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(len(found), len(set(found)))
print("still heard", file=sys.stderr)
"""


def test_the_first_calls_may_come_from_several_threads() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FIRST_CALLS], cwd=ROOT, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    # One estimator for all of them, and standard error given back afterwards.
    assert done.stdout.split() == ["4", "1"]
    assert done.stderr == "still heard\n"


ON_CORES = """
import os, sys
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:int(sys.argv[1])])
from vision import measure_photo
print(repr(measure_photo(sys.argv[2]).tilt))
"""


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="cores are not ours to choose")
def test_one_core_gives_the_answer_of_many() -> None:
    said = {
        subprocess.run(
            [sys.executable, "-c", ON_CORES, cores, str(SAMPLE)], cwd=ROOT, capture_output=True,
            text=True, timeout=120, check=True,
        ).stdout
        for cores in ("1", "64")
    }  # fmt: skip
    assert len(said) == 1


@pytest.mark.parametrize(("megapixels", "is_small"), [(0.3, True), (95, False)])
def test_the_size_of_a_picture_changes_little(
    megapixels: float, is_small: bool, tmp_path: Path
) -> None:
    rgb = load_frame(SAMPLE).rgb
    factor = float(np.sqrt(megapixels * 1e6 / (rgb.shape[0] * rgb.shape[1])))
    resized = cv2.resize(rgb, None, fx=factor, fy=factor, interpolation=cv2.INTER_LINEAR)
    path = tmp_path / "resized.jpg"
    path.write_bytes(cv2.imencode(".jpg", cv2.cvtColor(resized, cv2.COLOR_RGB2BGR))[1].tobytes())
    before, found = (measure_photo(each, quick=True) for each in (SAMPLE, path))
    assert isinstance(before, Measured)
    assert isinstance(found, Measured)
    assert found.tilt.angle_deg == pytest.approx(before.tilt.angle_deg, abs=1.5)
    assert (ReasonCode.TOO_SMALL in {reason.code for reason in found.reasons}) == is_small


# -- what importing costs


def imported_by(statement: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; {statement}; print(*sys.modules)"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return set(done.stdout.split())


def test_importing_vision_imports_nothing_heavy() -> None:
    heavy = {"cv2", "numpy", "PIL", "mediapipe", "pillow_heif"}
    assert not imported_by("import vision; vision.__version__") & heavy


def test_importing_the_pipeline_does_not_import_mediapipe() -> None:
    found = imported_by("import vision.pipeline")
    assert "vision" in found
    assert not found & {"vision.pose.hollow", "mediapipe", "PyQt6", "sqlalchemy"}
    assert not found & {"torch", "matplotlib"}


def test_every_public_name_is_there() -> None:
    for name in vision.__all__:
        assert getattr(vision, name) is not None
    with pytest.raises(AttributeError, match="no_such_name"):
        vision.no_such_name  # noqa: B018
