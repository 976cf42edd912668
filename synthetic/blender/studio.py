"""Photographic pictures of scenes with Blender.

Bodies, clothes, cameras and truth are those of :mod:`synthetic.scene.arrangement`; rooms, light and
surfaces are others than :mod:`synthetic.scene.render` draws, so that these pictures test a model
that has been trained on those. Blender runs in a process of its own, in any Python that has
the package ``bpy``.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import cv2
import numpy as np

from synthetic.blender.look import fabric_of, finished_meshes, strands_of
from synthetic.body.drape import COLUMNS
from synthetic.body.mesh import Material
from synthetic.scene.arrangement import BodyScene, build_person
from synthetic.training.dataset import jpeg_of, whole_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from synthetic.scene.camera import PinholeCamera

#: Names in :data:`synthetic.blender.rooms.ROOMS`.
ROOMS = ("living", "gym", "clinic", "studio", "garden")
#: The environment variable that names a Python with ``bpy``.
PYTHON_VARIABLE = "BELTLINE_BLENDER_PYTHON"


class BlenderError(RuntimeError):
    """Blender is missing or failed; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Studio:
    """What Blender adds to a scene.

    Attributes
    ----------
    room
        One of :data:`ROOMS`.
    seed
        Furnishes and lights it.
    samples
        Light paths for each pixel; what noise is left is taken out.
    threads
        Cores to use.
    exposure
        Stops, + = brighter.
    """

    room: str
    seed: int
    samples: int = 6
    threads: int = 1
    exposure: float = 0.0


def blender_python() -> str:
    """Return a Python that can import ``bpy``.

    Raises
    ------
    BlenderError
        When there is none.
    """
    named = os.environ.get(PYTHON_VARIABLE)
    if named:
        return named
    if importlib.util.find_spec("bpy") is not None:
        return sys.executable
    raise BlenderError(
        "Blender's package bpy is not installed here. Install it (pip install bpy==4.5.*, "
        f"Python 3.11), or name a Python that has it with --python or {PYTHON_VARIABLE}."
    )


def _rows(axes: list[Any], origin: Any = 0.0) -> list[list[float]]:
    """Return the 4x4 matrix with these columns."""
    matrix = np.eye(4)
    matrix[:3, :3] = np.stack(axes, axis=1)
    matrix[:3, 3] = origin
    rows: list[list[float]] = matrix.tolist()
    return rows


def write_scene_file(path: Path, scene: BodyScene, studio: Studio, camera: PinholeCamera) -> None:
    """Write everything that :mod:`synthetic.blender.render` needs: arrays and one JSON text."""
    arrays: dict[str, Any] = {}
    parts: list[dict[str, Any]] = []
    for index, mesh in enumerate(finished_meshes(scene, build_person(scene))):
        arrays[f"vertices{index}"], arrays[f"faces{index}"] = mesh.vertices, mesh.faces
        arrays[f"rgb{index}"] = mesh.rgb
        part: dict[str, Any] = {"name": mesh.name, "material": mesh.material.value}
        if mesh.material is Material.CLOTH:
            part["woven"] = len(mesh.faces) == 2 * len(mesh.vertices) - 2 * COLUMNS
            part["fabric"] = asdict(fabric_of(scene, mesh.name))
        if mesh.material is Material.HAIR:
            strands = strands_of(scene, sum(p["name"] == "hair" for p in parts))
            part["strands"] = None if strands is None else asdict(strands)
        parts.append(part)
    away, right = camera.forward * (1, 1, 0), np.cross(camera.forward, camera.up)
    away /= np.linalg.norm(away)
    up = np.array([0.0, 0.0, 1.0])
    description = {
        "meshes": parts,
        **asdict(studio),
        "size_px": [camera.width_px, camera.height_px],
        # From picture axes (right, away, up) to the person's.
        "turn": _rows([np.cross(away, up), away, up]),
        "camera": {
            "matrix": _rows([right, camera.up, -camera.forward], camera.position),
            "focal_px": camera.focal_px,
            "centre_px": list(camera.centre_px),
            "focus_m": float(-(camera.position @ camera.forward)),
        },
    }
    np.savez(path, description=np.array(json.dumps(description)), **arrays)


class Blender:
    """One Blender process that draws picture after picture."""

    def __init__(self, process: subprocess.Popen[str], folder: Path, log: IO[str]) -> None:
        self._process, self._folder, self._log = process, folder, log

    def draw(self, scene: BodyScene, studio: Studio, camera: PinholeCamera) -> NDArray[np.uint8]:
        """Return the picture of a scene, shape (height, width, 3), RGB.

        Raises
        ------
        BlenderError
            When Blender ends without it.
        """
        scene_file, picture = self._folder / "scene.npz", self._folder / "picture.png"
        write_scene_file(scene_file, scene, studio, camera)
        picture.unlink(missing_ok=True)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            job = {"scene": str(scene_file), "picture": str(picture)}
            self._process.stdin.write(json.dumps(job) + "\n")
            self._process.stdin.flush()
        answer = self._process.stdout.readline()
        bgr = cv2.imread(str(picture)) if answer.startswith("done") else None
        if bgr is None:
            self._log.seek(0)
            raise BlenderError(f"Blender drew nothing:\n{self._log.read()[-2000:]}")
        return np.ascontiguousarray(bgr[..., ::-1]).astype(np.uint8)


@contextlib.contextmanager
def blender(python: str | None = None) -> Iterator[Blender]:
    """Run Blender for the time of a ``with`` block.

    Parameters
    ----------
    python
        A Python with ``bpy``; by default :func:`blender_python`.
    """
    root = str(Path(__file__).resolve().parents[2])
    with (
        tempfile.TemporaryDirectory() as folder,
        (Path(folder) / "log.txt").open("w+", encoding="utf-8") as log,
    ):
        process = subprocess.Popen(
            [python or blender_python(), "-m", "synthetic.blender.render"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            cwd=root,
            env={**os.environ, "PYTHONPATH": root},
        )
        try:
            yield Blender(process, Path(folder), log)
        finally:
            process.communicate()


def develop(rgb: NDArray[np.uint8], noise: float, seed: int) -> NDArray[np.uint8]:
    """Return a picture with the faint vignette and noise of a camera.

    Parameters
    ----------
    noise
        Standard deviation, 0..255.
    """
    height, width = rgb.shape[:2]
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    light = 1 - 0.05 * (x**2 + y**2)
    grain = np.random.default_rng(seed).normal(0.0, noise, rgb.shape)
    developed: NDArray[np.uint8] = np.clip(rgb * light[..., None] + grain, 0, 255).astype(np.uint8)
    return developed


def write_jpeg(path: Path, rgb: NDArray[np.uint8], quality: int) -> None:
    """Write a picture so that it is either there whole or not at all."""
    with whole_file(path) as file:
        file.write(jpeg_of(rgb, quality))
