"""Training looks at outlines: what is kept of them, and how they are worn as real masks are."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from synthetic.training.dataset import WIDE_PER_TRUNK_PX, WIDE_PX, lessons_of, load_part, shards_of
from vision.silhouette import (
    CROP_HEIGHT_PX,
    CROP_TRUNKS_HIGH,
    CROP_WIDTH_PX,
    PELVIS_ABOVE_TRUNKS,
    ROWS,
    TRUNKS_PER_UNIT,
    Placing,
    edges_of,
    rows_of,
)

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from synthetic.training.dataset import Sample


@dataclass(frozen=True, slots=True)
class TrainingData:
    """Columns of equal length: outlines of wide crops and what is to be learnt from them.

    See :func:`vision.silhouette.edges_of` and :func:`synthetic.training.dataset.lessons_of`.
    Edges are kept in half precision.
    """

    edges: NDArray[np.float16]
    tilt_deg: NDArray[np.float32]
    loose: NDArray[np.float32]
    points_px: NDArray[np.float32]
    facts: NDArray[np.float32]
    yaw_deg: NDArray[np.float32]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.tilt_deg)

    def rows(self, index: NDArray[np.intp] | slice) -> TrainingData:
        """Return some rows."""
        return TrainingData(*(getattr(self, field.name)[index] for field in fields(self)))


def joined(parts: list[TrainingData]) -> TrainingData:
    """Return the rows of all, one after the other."""
    return TrainingData(
        *(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(TrainingData))
    )


def edges_of_wide(wide: NDArray[np.uint8]) -> NDArray[np.float16]:
    """Return where outlines run in wide crops, shape (n, ``WIDE_PX``, ``WIDE_PX``), 0..255."""
    edges = [edges_of(crop.astype(np.float32) / np.float32(255)) for crop in wide]
    return np.stack(edges).astype(np.float16)


def is_usable(sample: Sample) -> bool:
    """Tell whether the pose estimator found this body, and looking the right way."""
    hip = sample.xy_px[23:25].mean(axis=0)
    shoulder = sample.xy_px[11:13].mean(axis=0)
    pelvis = (np.array(sample.truth["asis_px"]) + np.array(sample.truth["psis_px"])) / 2
    near = np.hypot(*(hip - pelvis)) < 0.5 * np.hypot(*(shoulder - hip))
    return bool(near) and sample.facing == sample.truth["facing"]


def load_pictures(folder: Path) -> TrainingData:
    """Return the usable samples of the part ``train``: masks that the real networks drew.

    Each is there twice in a row, by the pose estimator's mask and by the second one.
    """
    usable = [sample for sample in load_part(folder, "train") if is_usable(sample)]
    twice = [sample for sample in usable for _ in range(2)]
    masks = np.stack([mask for sample in usable for mask in (sample.wide, sample.second)])
    lessons = lessons_of([(sample.truth, sample.wide_matrix()) for sample in twice])
    return TrainingData(edges_of_wide(masks), **lessons)


def load_outlines(folder: Path) -> TrainingData:
    """Return the part ``outlines``."""
    parts = []
    for path in shards_of(folder, "outlines"):
        with np.load(path) as shard:
            lessons = {name: shard[name] for name in shard.files if name != "wide"}
            parts.append(TrainingData(edges_of_wide(shard["wide"]), **lessons))
    return joined(parts)


@dataclass(frozen=True, slots=True)
class Wear:
    """How much a training look is disturbed; the defaults follow MediaPipe's own jitter.

    Attributes
    ----------
    shift_trunks, log_scale, turn_deg
        Standard deviations of place, size and roll.
    level_px, own_level_px
        Of how much too wide or narrow a mask is drawn, wide crop's pixels: all edges alike, and
        each for itself.
    wobble_px
        Largest spread of an edge's slow wobble.
    fine_px
        Largest spread of each row for itself.
    bump_share
        Share of edges with a bump or a dent.
    centred_share
        Share of looks centred on the pelvis itself, as the second look's are.
    yaw_deg
        Standard deviation of the error of the estimated yaw.
    bend, log_depth
        How far what lies well above the pelvis, and what lies well below, is moved forwards for
        each trunk length that it is away, and by how much it is made deeper. The tilt stays.
    """

    shift_trunks: float = 0.03
    log_scale: float = 0.04
    turn_deg: float = 2.0
    level_px: float = 0.7
    own_level_px: float = 0.3
    wobble_px: float = 1.2
    fine_px: float = 0.4
    bump_share: float = 0.12
    centred_share: float = 0.35
    yaw_deg: float = 4.7
    bend: float = 0.08
    log_depth: float = 0.05


NO_WEAR = Wear(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
#: The rows' distance from the middle of a pelvis, trunk lengths down, and how far from there
#: trunk and thighs begin that may be bent, become softly so, and are deeper in full.
_BELOW_PELVIS_TRUNKS = (
    (np.arange(ROWS) - (ROWS - 1) / 2) / ROWS * CROP_TRUNKS_HIGH + PELVIS_ABOVE_TRUNKS
).astype(np.float32)
_TRUNK_FROM, _THIGHS_FROM, _SOFTLY, _DEEPER_AFTER = 0.22, 0.25, 0.25, 0.15
_WIDEST_UNITS = np.float32(CROP_WIDTH_PX / CROP_HEIGHT_PX * CROP_TRUNKS_HIGH / 2 / TRUNKS_PER_UNIT)
#: An edge wobbles between so many places, evenly from the top to the bottom.
_KNOTS = 21
_BUMP_PX, _BUMP_ROWS = 5.0, (2.0, 12.0)


@dataclass(frozen=True, slots=True)
class Look:
    """Looks at n outlines, and what is to be seen there.

    Attributes
    ----------
    rows, yaw_deg
        What the network is given; shapes (n, ``EDGES``, ``ROWS``) and (n, 1).
    tilt_deg
        Shape (n,): the tilt as it lies in the look.
    points_trunks
        Shape (n, 4): ASIS forward and down from the look's middle, then PSIS.
    """

    rows: NDArray[np.float32]
    yaw_deg: NDArray[np.float32]
    tilt_deg: NDArray[np.float32]
    points_trunks: NDArray[np.float32]


def look(data: TrainingData, wear: Wear, rng: np.random.Generator) -> Look:
    """Look at outlines as the pipeline would, disturbed at random."""
    points = (data.points_px.reshape(-1, 2, 2) - (WIDE_PX - 1) / 2) / WIDE_PER_TRUNK_PX
    placing = _draw_placing(points.mean(axis=1), wear, rng)
    rows = rows_of(data.edges.astype(np.float32), WIDE_PER_TRUNK_PX, placing)
    if wear.level_px > 0:
        _wear_edges(rows, wear, rng)
    if wear.bend > 0 or wear.log_depth > 0:
        _bend(rows, wear, rng)
    off = points - placing.shift_trunks[:, None]
    turn = np.radians(placing.turn_deg)
    cos, sin = (part / placing.scale for part in (np.cos(turn), np.sin(turn)))
    forward = cos[:, None] * off[..., 0] - sin[:, None] * off[..., 1]
    down = sin[:, None] * off[..., 0] + cos[:, None] * off[..., 1]
    noise_deg = rng.normal(0.0, wear.yaw_deg, len(data))
    return Look(
        rows=rows,
        yaw_deg=(data.yaw_deg + noise_deg).astype(np.float32)[:, None],
        # Clockwise takes the front, on the right, down.
        tilt_deg=data.tilt_deg + placing.turn_deg,
        points_trunks=np.stack([forward, down], axis=2).reshape(-1, 4).astype(np.float32),
    )


def _draw_placing(
    pelvis_trunks: NDArray[np.float32], wear: Wear, rng: np.random.Generator
) -> Placing:
    count = len(pelvis_trunks)

    def normal(sd: float, *shape: int) -> NDArray[np.float32]:
        return (sd * rng.standard_normal((count, *shape), np.float32)).astype(np.float32)

    shift = normal(wear.shift_trunks, 2)
    is_centred = rng.random((count, 1)) < wear.centred_share
    around = pelvis_trunks + np.array([0.0, PELVIS_ABOVE_TRUNKS], np.float32)
    shift = np.where(is_centred, around + np.float32(0.7) * shift, shift)
    return Placing(shift.astype(np.float32), np.exp(normal(wear.log_scale)), normal(wear.turn_deg))


def _wear_edges(rows: NDArray[np.float32], wear: Wear, rng: np.random.Generator) -> None:
    """Move the edges as masks do: too wide, too narrow, wobbling, with bumps and dents."""
    count = len(rows)

    def normal(sd: float, *shape: int) -> NDArray[np.float32]:
        return np.float32(sd) * rng.standard_normal((count, *shape), np.float32)

    outward = np.array([1.0, -1.0, 1.0, -1.0], np.float32).reshape(1, 4, 1)
    level = normal(wear.level_px, 1, 1) + normal(wear.own_level_px, 4, 1)
    size = rng.random((2, count, 1, 1), np.float32)
    slow = _between_knots(size[0] * normal(wear.wobble_px, 2, _KNOTS))
    off = slow + size[1] * normal(wear.fine_px, 2, ROWS) + _bumps(count, wear, rng)
    # Where the longest run of body ends at the outermost edges, both move alike.
    moved = (outward * level + np.tile(off, (1, 2, 1))) / np.float32(
        WIDE_PER_TRUNK_PX * TRUNKS_PER_UNIT
    )
    rows[:, :4] += moved * rows[:, 5:]
    rows[:, 4] += (moved[:, 0] - moved[:, 1]) * rows[:, 5]


def _bend(rows: NDArray[np.float32], wear: Wear, rng: np.random.Generator) -> None:
    """Give bodies another trunk and other thighs.

    Whoever leans or is deeper elsewhere stands no differently in the pelvis. A network that sees
    that errs less on flesh and clothes of other kinds than it knows.
    """
    away = np.stack(
        [
            np.clip(-_BELOW_PELVIS_TRUNKS - _TRUNK_FROM, 0, None),
            np.clip(_BELOW_PELVIS_TRUNKS - _THIGHS_FROM, 0, None),
        ]
    )
    away = away * away / (away + np.float32(_SOFTLY))
    parts = rng.standard_normal((2, len(rows), 2), np.float32)
    forward = np.float32(wear.bend / TRUNKS_PER_UNIT) * (parts[0] @ away)
    deeper = np.exp(np.float32(wear.log_depth) * (parts[1] @ np.minimum(1, away / _DEEPER_AFTER)))
    middle = (rows[:, 0] + rows[:, 1]) / 2
    for edge in range(4):
        moved = (rows[:, edge] - middle) * deeper + middle + forward
        rows[:, edge] = np.clip(moved, -_WIDEST_UNITS, _WIDEST_UNITS) * rows[:, 5]
    rows[:, 4] *= deeper


def _between_knots(values: NDArray[np.float32]) -> NDArray[np.float32]:
    place = np.linspace(0, _KNOTS - 1 - 1e-3, ROWS, dtype=np.float32)
    low = place.astype(int)
    share = place - low
    return np.asarray((1 - share) * values[..., low] + share * values[..., low + 1], np.float32)


def _bumps(count: int, wear: Wear, rng: np.random.Generator) -> NDArray[np.float32]:
    shape = (count, 2, 1)
    height_px = (rng.random(shape) < wear.bump_share) * rng.normal(0.0, _BUMP_PX, shape)
    at, half = rng.uniform(0, ROWS, shape), rng.uniform(*_BUMP_ROWS, shape)
    off = np.abs(np.arange(ROWS, dtype=np.float32) - at.astype(np.float32))
    shape_of_bump = np.clip(1 - off / half.astype(np.float32), 0, None)
    return np.asarray(height_px.astype(np.float32) * shape_of_bump, np.float32)
