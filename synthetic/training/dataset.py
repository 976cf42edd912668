"""What is kept of each rendered picture, in shards that are written once and whole.

A shard is one ``.npz`` file of a few dozen bodies. The wide crop holds more of the mask
than the contour model sees, at the same scale, so that training can shift, turn and scale
it; pictures are kept only where the whole pipeline is to be run on them again.
"""

from __future__ import annotations

import json
import multiprocessing
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import cv2
import numpy as np

from vision.image.frame import frame_from_bytes
from vision.pipeline import measure_photo
from vision.pose.estimate import Joint
from vision.pose.second_mask import second_mask
from vision.result import Facing
from vision.silhouette import (
    CROP_HEIGHT_PX,
    CROP_TRUNKS_HIGH,
    CROP_WIDTH_PX,
    crop_transform,
    cut_mask,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from vision.geometry import Point
    from vision.pose.estimate import PoseEstimate
    from vision.result import Measured, Rejected

PictureT = TypeVar("PictureT", bound="KnownPicture")

#: Side of the wide crop, cut as finely as a careful look does.
WIDE_PX = 384
_FINER = 2
#: Its scale.
WIDE_PER_TRUNK_PX = _FINER * CROP_HEIGHT_PX / CROP_TRUNKS_HIGH
SHARD_BODIES = 50
#: Fewer pictures are measured before processes of their own have started.
_WORTH_PROCESSES = 40
#: First seed of each part; the parts never meet.
FIRST_SEED = {
    "train": 0,
    "calibrate": 10_000_000,
    "test": 20_000_000,
    "yaw": 40_000_000,
    "outlines": 50_000_000,
    "judge": 70_000_000,
    "judge_sweep": 80_000_000,
    "judge_change": 90_000_000,
}
#: Parts that no network is ever trained on, with flesh and clothes of other kinds. What a network
#: says of its own error is put right on the first of them: by the rules of its training it would
#: think too well of itself.
JUDGING = frozenset({"calibrate", "judge", "judge_sweep", "judge_change"})
#: Bodies of the part ``yaw`` are turned evenly up to this far.
YAW_RANGE_DEG = 60.0
#: Every body of the part ``judge_sweep`` is rendered at each of these tilts, the bones' own shape
#: left out, by another camera each time.
SWEEP_TILTS_DEG = (-5.0, 0.0, 5.0, 10.0, 15.0, 20.0, 25.0)
#: Every body of the part ``judge_change`` is photographed on three days, five times each: the
#: pelvis is as on the first day, and then turned further by so much, but for what a standing
#: pelvis changes from day to day anyway.
CHANGES_DEG = (0.0, 0.0, 6.0)
SHOTS_A_DAY = 5
#: In these parts the pictures themselves are kept.
WITH_PICTURES = frozenset({"test"}) | JUDGING


#: Facts beside the tilt that a network may be asked for while it learns, as columns.
SIDE_FACTS = (
    "lordosis_deg",
    "kyphosis_deg",
    "trunk_lean_deg",
    "hip_sway_percent",
    "knee_bend_deg",
    "bmi",
)


@dataclass(frozen=True, slots=True)
class KnownPicture:
    """A rendered picture with its truth.

    Attributes
    ----------
    jpeg
        The picture, encoded; empty where none is kept.
    truth
        :meth:`synthetic.scene.arrangement.Truth.to_dict`, and ``shot``: its number among the
        pictures of one body.
    """

    jpeg: bytes
    truth: dict[str, Any]

    @property
    def rgb(self) -> NDArray[np.uint8]:
        """The picture, decoded; shape (height, width, 3)."""
        decoded = cv2.imdecode(np.frombuffer(self.jpeg, np.uint8), cv2.IMREAD_COLOR_RGB)
        return np.asarray(decoded, np.uint8)


@dataclass(frozen=True, slots=True)
class Sample(KnownPicture):
    """One rendered body as the pose estimator saw it.

    Attributes
    ----------
    wide, second
        Shape (``WIDE_PX``, ``WIDE_PX``), uint8: the mask, and another network's; 255 = surely
        the person.
    xy_px, depth_px, world_m, visibility
        As in :class:`vision.pose.estimate.PoseEstimate`.
    size_px
        Shape (2,): width and height of the picture.
    facing
        "left" or "right", as the pipeline took it.
    """

    wide: NDArray[np.uint8]
    second: NDArray[np.uint8]
    xy_px: NDArray[np.float32]
    depth_px: NDArray[np.float32]
    world_m: NDArray[np.float32]
    visibility: NDArray[np.float32]
    size_px: NDArray[np.int32]
    facing: str

    def wide_matrix(self) -> NDArray[np.float64]:
        """Return the 2x3 matrix from picture pixels to the wide crop."""
        hip = self.xy_px[[Joint.LEFT_HIP, Joint.RIGHT_HIP]].mean(axis=0)
        shoulder = self.xy_px[[Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER]].mean(axis=0)
        return wide_transform(hip, float(np.hypot(*(shoulder - hip))), Facing(self.facing))


def wide_transform(hip_px: Point, trunk_px: float, facing: Facing) -> NDArray[np.float64]:
    """Return the 2x3 matrix of the contour model's crop, but finer, wider and not levelled."""
    return _finer(_coarse_transform(hip_px, trunk_px, facing))


def _coarse_transform(hip_px: Point, trunk_px: float, facing: Facing) -> NDArray[np.float64]:
    matrix = crop_transform(hip_px, trunk_px, facing, roll_deg=0.0)
    matrix[:, 2] += (WIDE_PX / _FINER - np.array([CROP_WIDTH_PX, CROP_HEIGHT_PX])) / 2
    return matrix


def _finer(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    finer = matrix * _FINER
    # Pixels are counted from the middle of the first.
    finer[:, 2] += (_FINER - 1) / 2
    return finer


def wide_crops(
    rgb: NDArray[np.uint8], pose: PoseEstimate, facing: Facing
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return both masks around the pelvis, of a person as the pose estimator found them.

    The first is cut as a quick look cuts it, the second as a careful one does.
    """
    matrix = _coarse_transform(pose.mid_hip_px, pose.trunk_px, facing)
    small, size = (WIDE_PX // _FINER, WIDE_PX // _FINER), (WIDE_PX, WIDE_PX)
    quick = cv2.resize(cut_mask(rgb, pose.mask, matrix, small), size)
    careful = cut_mask(rgb, second_mask(rgb, pose), _finer(matrix), size, _FINER)
    first, second = (np.clip(np.rint(cut * 255), 0, 255) for cut in (quick, careful))
    return first.astype(np.uint8), second.astype(np.uint8)


def jpeg_of(rgb: NDArray[np.uint8], quality: int = 92) -> bytes:
    """Return a picture, encoded."""
    bgr = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)
    return cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file for writing that is then either there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".tmp")
    with unfinished.open("wb") as file:
        yield file
    unfinished.replace(path)


def save_shard(path: Path, samples: Sequence[Sample]) -> None:
    """Write a shard."""
    columns: dict[str, Any] = {}
    for field in fields(Sample):
        values = [getattr(sample, field.name) for sample in samples]
        if field.name == "truth":
            values = [json.dumps(value) for value in values]
        if field.name == "jpeg":
            columns["jpeg_ends"] = np.cumsum([len(value) for value in values], dtype=np.int64)
            columns["jpeg"] = np.frombuffer(b"".join(values), np.uint8)
        else:
            columns[field.name] = np.array(values)
    with whole_file(path) as file:
        np.savez_compressed(file, **columns)


def load_shard(path: Path) -> list[Sample]:
    """Read back what :func:`save_shard` wrote."""
    with np.load(path) as file:
        columns = {name: file[name] for name in file.files}
    ends = columns.pop("jpeg_ends").tolist()
    pictures = columns.pop("jpeg").tobytes()
    truths, facings = columns.pop("truth").tolist(), columns.pop("facing").tolist()
    return [
        Sample(
            jpeg=pictures[start:end],
            truth=json.loads(truths[i]),
            facing=facings[i],
            **{name: column[i] for name, column in columns.items()},
        )
        for i, (start, end) in enumerate(zip([0, *ends], ends, strict=False))
    ]


def shards_of(folder: Path, part: str) -> list[Path]:
    """Return the finished shards of a part, in order.

    Raises
    ------
    FileNotFoundError
        When the part has not been made.
    """
    paths = sorted((folder / part).glob("*.npz"))
    if not paths:
        raise FileNotFoundError(
            f"No shards in {folder / part}: run python -m synthetic.training.make first."
        )
    return paths


def load_part(folder: Path, part: str) -> list[Sample]:
    """Read every finished shard of a part, in order; there must be one."""
    return [sample for path in shards_of(folder, part) for sample in load_shard(path)]


def outline_tilt_deg(truth: dict[str, Any]) -> float:
    """Return the tilt as far as an outline can show it: without the bones' own shape."""
    return float(truth["tilt_deg"] - truth["shape_deg"])


def apparent_tilt_deg(truth: dict[str, Any]) -> float:
    """Return the same as it lies in the picture.

    A camera turned clockwise lifts whatever lies to the right.
    """
    front_sign = 1 if truth["facing"] == "right" else -1
    return outline_tilt_deg(truth) - front_sign * float(truth["roll_deg"])


def lessons_of(
    seen: Sequence[tuple[dict[str, Any], NDArray[np.float64]]],
) -> dict[str, NDArray[np.float32]]:
    """Return what is to be learnt from wide crops: columns, float32, with a row for each.

    Parameters
    ----------
    seen
        The truth, and the matrix by which the crop was cut.

    Returns
    -------
    dict
        ``tilt_deg``: tilt as it lies in the crop, see :func:`apparent_tilt_deg`; ``loose``: 1
        where the clothes are loose, else 0; ``points_px``, shape (n, 4): mid-line ASIS x, y and
        PSIS x, y in the wide crop; ``facts``, shape (n, 6): the values of :data:`SIDE_FACTS`;
        ``yaw_deg``: how far the front is turned towards the camera.
    """
    points = [
        (np.array([truth["mid_asis_px"], truth["mid_psis_px"]]) @ cut[:, :2].T + cut[:, 2]).ravel()
        for truth, cut in seen
    ]
    columns = {
        "tilt_deg": [apparent_tilt_deg(truth) for truth, _ in seen],
        "loose": [truth["fit"] == "loose" for truth, _ in seen],
        "points_px": points,
        "facts": [[truth[name] for name in SIDE_FACTS] for truth, _ in seen],
        "yaw_deg": [truth["yaw_deg"] for truth, _ in seen],
    }
    return {name: np.array(values, np.float32) for name, values in columns.items()}


def load_other(folder: Path) -> list[KnownPicture]:
    """Read what ``python -m synthetic.blender`` left in a folder, if there is one."""
    return [
        KnownPicture(
            path.with_suffix(".jpg").read_bytes(), json.loads(path.read_text(encoding="utf-8"))
        )
        for path in sorted(folder.glob("*.json"))
    ]


def replay(
    samples: Sequence[PictureT], *, quick: bool = False
) -> Iterator[tuple[PictureT, Measured | Rejected]]:
    """Measure each kept picture from its encoded bytes, as a user's file would be.

    Many of them on all cores, each by a process of its own.
    """
    if len(samples) < _WORTH_PROCESSES:
        yield from ((sample, _measured(sample.jpeg, quick)) for sample in samples)
        return
    # Neither torch nor MediaPipe survives a fork.
    with multiprocessing.get_context("spawn").Pool() as pool:
        measure = partial(_measured, quick=quick)
        results = pool.imap(measure, (sample.jpeg for sample in samples))
        yield from zip(samples, results, strict=True)


def _measured(jpeg: bytes, quick: bool) -> Measured | Rejected:
    return measure_photo(frame_from_bytes(jpeg, "sample"), quick=quick)
