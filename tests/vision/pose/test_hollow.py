"""MediaPipe's pose landmarker without the rest of MediaPipe, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from vision.pose.hollow import hollow_packages

ROOT = Path(__file__).parents[3]
PHOTO = ROOT / "sample_images" / "man_average_right_tilt8.jpg"
MEASURE = """
from vision import measure_photo
def tilt():
    return measure_photo(sys.argv[1], quick=True).tilt.angle_deg
"""
WHOLE_AFTERWARDS = f"""
import sys
{MEASURE}
ours = tilt()
loaded = [name for name in ("mediapipe", "matplotlib", "sounddevice") if name in sys.modules]
import mediapipe as mp
from mediapipe.tasks.python import vision
print(loaded, mp.Image.__name__, vision.FaceLandmarker.__name__, mp.tasks.vision is vision)
from vision.pose.mediapipe import Landmarker
from vision.image.frame import load_frame
found = Landmarker(1, is_video=False).native.detect(
    mp.Image(mp.ImageFormat.SRGB, load_frame(sys.argv[1]).rgb))
print(len(found.pose_landmarks), ours == tilt())
"""
WHOLE_BEFORE = f"""
import sys
import mediapipe
from mediapipe.tasks.python.vision import pose_landmarker
{MEASURE}
tilt()
from vision.pose.mediapipe import shared_estimator
print(sys.modules["mediapipe"] is mediapipe, hasattr(mediapipe, "tasks"))
print(type(shared_estimator()._landmarkers[0].native) is pose_landmarker.PoseLandmarker)
"""
MANY_THREADS = f"""
import sys
from concurrent.futures import ThreadPoolExecutor
{MEASURE}
with ThreadPoolExecutor(4) as threads:
    answers = [thread.result() for thread in [threads.submit(tilt) for _ in range(4)]]
print(len(set(answers)), "mediapipe" in sys.modules)
"""
MOVED = f"""
import sys
from vision.pose import hollow
# As in a version in which something lies elsewhere, or needs what its package does.
class Elsewhere:
    def find_spec(self, name, path, target=None):
        is_hollow = any(isinstance(finder, hollow._Hollow) for finder in sys.meta_path)
        if name == "mediapipe.tasks.python.core.base_options" and is_hollow:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Elsewhere())
{MEASURE}
print(type(tilt()).__name__, "mediapipe" in sys.modules)
"""


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (WHOLE_AFTERWARDS, "[] Image FaceLandmarker True\n1 True\n"),
        (WHOLE_BEFORE, "True True\nTrue\n"),
        (MANY_THREADS, "1 False\n"),
        (MOVED, "float True\n"),
    ],
    ids=["whole afterwards", "whole before", "many threads", "moved"],
)
def test_nothing_is_loaded_that_a_pose_does_not_need(code: str, said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", code, str(PHOTO)],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, said), done.stderr


def test_what_fails_leaves_nothing_behind() -> None:
    finders = tuple(sys.meta_path)
    if "mediapipe" in sys.modules:
        pytest.skip("something else has loaded all of it")
    with pytest.raises(ImportError), hollow_packages():
        import_module("mediapipe.tasks.python.no_such_module")
    assert [name for name in sys.modules if name.startswith("mediapipe")] == []
    assert tuple(sys.meta_path) == finders
