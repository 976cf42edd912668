"""Things that stand in Blender's rooms; runs inside Blender's Python.

Places are picture axes, metres: x to the picture's right, y away from the camera, z up,
the person's place on the floor at the origin.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from synthetic.blender import materials as paints
from synthetic.blender.materials import Rgb, bpy, mathutils

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

Place = tuple[float, float, float]


def _grid(rows: int, columns: int, *, closed: bool = False) -> list[tuple[int, ...]]:
    """Return the quadrilaterals between rows of points, where asked with their ends joined."""
    return [
        (row + k, row + (k + 1) % columns, row + columns + (k + 1) % columns, row + columns + k)
        for row in range(0, (rows - 1) * columns, columns)
        for k in range(columns if closed else columns - 1)
    ]


@dataclass(frozen=True, slots=True)
class Stage:
    """Where things are put.

    Attributes
    ----------
    turn
        Blender's 4x4 matrix from picture axes to the scene's axes.
    rng
        Draws everything that varies.
    """

    turn: Any
    rng: random.Random

    def put(self, name: str, mesh: Any, material: Any, bevel_m: float = 0.0) -> Any:
        """Place a mesh given in picture axes and return its object."""
        mesh.materials.append(material)
        thing = bpy.data.objects.new(name, mesh)
        thing.matrix_world = self.turn @ thing.matrix_world
        bpy.context.scene.collection.objects.link(thing)
        if bevel_m > 0:
            bevel = thing.modifiers.new("bevel", "BEVEL")
            bevel.width, bevel.segments, bevel.harden_normals = bevel_m, 3, True
            mesh.polygons.foreach_set("use_smooth", [True] * len(mesh.polygons))
        return thing

    def shape(
        self,
        name: str,
        points: Sequence[Place],
        faces: Sequence[Sequence[int]],
        material: Any,
        *,
        smooth: bool = False,
    ) -> Any:
        """Place a mesh given by points and faces."""
        mesh = bpy.data.meshes.new(name)
        mesh.from_pydata(points, [], faces)
        if smooth:
            mesh.polygons.foreach_set("use_smooth", [True] * len(mesh.polygons))
        return self.put(name, mesh, material)

    def box(self, low: Place, high: Place, material: Any, bevel_m: float = 0.004) -> Any:
        """Place a box between two corners; its own origin is its middle."""
        middle = tuple((a + b) / 2 for a, b in zip(low, high, strict=True))
        half = [(b - a) / 2 for a, b in zip(low, high, strict=True)]
        corners = list(product(*((-side, side) for side in half)))
        faces = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
        mesh = bpy.data.meshes.new("box")
        mesh.from_pydata(corners, [], faces)
        thing = self.put("box", mesh, material, min(bevel_m, 0.45 * min(half) * 2))
        thing.location = (self.turn @ mathutils.Matrix.Translation(middle)).to_translation()
        return thing

    def lathe(self, at: Place, profile: Sequence[tuple[float, float]], material: Any) -> Any:
        """Place a turned shape: (radius, height) from bottom to top."""
        around = 32
        angles = [2 * math.pi * k / around for k in range(around)]
        points = [
            (at[0] + r * math.cos(angle), at[1] + r * math.sin(angle), at[2] + h)
            for r, h in profile
            for angle in angles
        ]
        faces = _grid(len(profile), around, closed=True)
        return self.shape("lathe", points, faces, material, smooth=True)


def leaves(
    stage: Stage, places: Sequence[tuple[Place, Place]], length_m: float, width_m: float, rgb: Rgb
) -> None:
    """Place many leaves, each from a point towards a direction, drooping."""
    points: list[Place] = []
    faces: list[tuple[int, ...]] = []
    for start, direction in places:
        size = stage.rng.uniform(0.7, 1.2)
        norm = math.sqrt(sum(c * c for c in direction)) or 1.0
        dx, dy, dz = (c / norm * length_m * size for c in direction)
        flat = math.hypot(dx, dy) or 1.0
        sx, sy = -dy / flat * width_m * size / 2, dx / flat * width_m * size / 2
        base = len(points)
        for part, wide in ((0.0, 0.25), (0.35, 1.0), (0.7, 0.8), (1.0, 0.02)):
            x, y = start[0] + dx * part, start[1] + dy * part
            z = start[2] + dz * part - 0.45 * length_m * size * part**2
            points += [(x - sx * wide, y - sy * wide, z), (x + sx * wide, y + sy * wide, z)]
        faces += [(base + k, base + k + 1, base + k + 3, base + k + 2) for k in (0, 2, 4)]
    stage.shape("leaves", points, faces, paints.leaf(rgb), smooth=True)


def plant(stage: Stage, x: float, y: float, height_m: float) -> None:
    """Place a pot plant on the floor."""
    rng = stage.rng
    pot = rng.choice([(0.75, 0.72, 0.68), (0.45, 0.25, 0.18), (0.2, 0.22, 0.25)])
    stage.lathe(
        (x, y, 0.0),
        [(0.0, 0.0), (0.11, 0.0), (0.15, 0.26), (0.14, 0.28), (0.125, 0.24), (0.0, 0.24)],
        paints.paint(pot, 0.5),
    )
    places: list[tuple[Place, Place]] = []
    for _ in range(60):
        angle, lift = rng.uniform(0, 2 * math.pi), rng.uniform(0.3, 1.6)
        stem = rng.uniform(0.25, 1.0) * (height_m - 0.45)
        start = (x + 0.03 * math.cos(angle), y + 0.03 * math.sin(angle), 0.26 + stem)
        places.append((start, (math.cos(angle), math.sin(angle), lift)))
    leaves(stage, places, 0.34, 0.07, rng.choice([(0.2, 0.36, 0.14), (0.16, 0.3, 0.16)]))
    stage.lathe((x, y, 0.2), [(0.018, 0.0), (0.01, height_m - 0.4)], paints.wood((0.3, 0.25, 0.15)))


def picture(
    stage: Stage, x: float, wall_y: float, z: float, width_m: float, height_m: float
) -> None:
    """Hang a framed print on a wall."""
    rng = stage.rng
    frame = paints.wood(rng.choice([(0.12, 0.1, 0.09), (0.55, 0.4, 0.25), (0.85, 0.84, 0.8)]))
    w, h = width_m / 2, height_m / 2
    stage.box((x - w, wall_y - 0.03, z - h), (x + w, wall_y, z + h), frame, 0.003)
    stage.box(
        (x - w + 0.02, wall_y - 0.033, z - h + 0.02),
        (x + w - 0.02, wall_y - 0.01, z + h - 0.02),
        paints.paint((0.9, 0.89, 0.86)),
        0.001,
    )
    first: Rgb = rng.choice([(0.25, 0.35, 0.42), (0.45, 0.4, 0.33), (0.5, 0.33, 0.27)])
    second: Rgb = rng.choice([(0.75, 0.72, 0.65), (0.6, 0.66, 0.68), (0.82, 0.75, 0.62)])
    print_of = paints.mottled(first, second, rng.uniform(3, 9), 0.0, 0.5)
    stage.box(
        (x - 0.68 * w, wall_y - 0.035, z - 0.68 * h),
        (x + 0.68 * w, wall_y - 0.01, z + 0.68 * h),
        print_of,
        0.001,
    )


def door(stage: Stage, x: float, wall_y: float, rgb: Rgb) -> None:
    """Set a panelled door with its frame into a wall; plumb edges, as in a real room."""
    leaf_paint, trim = paints.paint(rgb, 0.4), paints.paint((0.9, 0.89, 0.86), 0.4)
    half, top = 0.43, 2.03
    for side in (-1, 1):
        low, high = sorted((x + side * half, x + side * (half + 0.08)))
        stage.box((low, wall_y - 0.025, 0.0), (high, wall_y, top + 0.08), trim, 0.006)
    stage.box(
        (x - half - 0.08, wall_y - 0.026, top), (x + half + 0.08, wall_y, top + 0.08), trim, 0.006
    )
    stage.box((x - half, wall_y - 0.012, 0.005), (x + half, wall_y, top), leaf_paint, 0.002)
    for low_z, high_z in ((0.15, 0.85), (1.05, 1.9)):
        for cx in (x - 0.2, x + 0.2):
            stage.box(
                (cx - 0.14, wall_y - 0.022, low_z), (cx + 0.14, wall_y, high_z), leaf_paint, 0.008
            )
    stage.lathe(
        (x + 0.36, wall_y - 0.07, 1.0),
        [(0.0, -0.025), (0.022, -0.012), (0.022, 0.012), (0.0, 0.025)],
        paints.metal((0.7, 0.66, 0.6)),
    )


def window(
    stage: Stage, x: float, wall_y: float, width_m: float, low_m: float, high_m: float
) -> None:
    """Set a bright window with frame, sill and bars into a wall."""
    trim = paints.paint((0.9, 0.9, 0.88), 0.4)
    w = width_m / 2
    stage.box(
        (x - w, wall_y - 0.006, low_m),
        (x + w, wall_y, high_m),
        paints.glow(stage.rng.choice([(0.82, 0.9, 1.0), (0.8, 0.88, 0.82)]), 2.2),
        0.0,
    )
    edges = [(x - w - 0.06, x - w), (x + w, x + w + 0.06), (x - 0.02, x + 0.02)]
    for low, high in edges:
        stage.box((low, wall_y - 0.05, low_m - 0.05), (high, wall_y, high_m + 0.05), trim)
    for z in (low_m - 0.05, high_m, low_m + 0.62 * (high_m - low_m)):
        stage.box((x - w - 0.06, wall_y - 0.048, z), (x + w + 0.06, wall_y, z + 0.05), trim)
    stage.box(
        (x - w - 0.1, wall_y - 0.14, low_m - 0.08), (x + w + 0.1, wall_y, low_m - 0.045), trim
    )


def curtain(stage: Stage, x: float, wall_y: float, width_m: float, rgb: Rgb) -> None:
    """Hang a curtain to the floor."""
    rng = stage.rng
    columns, phase = 91, rng.uniform(0, 6)
    points: list[Place] = []
    for z, deep in ((0.02, 1.0), (0.9, 0.9), (2.5, 0.6)):
        for k in range(columns):
            part = k / (columns - 1)
            wave = math.sin(part * 38 * width_m + phase) + 0.5 * math.sin(part * 61 * width_m)
            points.append((x + (part - 0.5) * width_m, wall_y - 0.12 - 0.03 * deep * wave, z))
    cloth = paints.mottled(rgb, rgb, 300.0, 0.0004)
    stage.shape("curtain", points, _grid(3, columns), cloth, smooth=True)


def shelf(stage: Stage, x: float, wall_y: float, width_m: float) -> None:
    """Stand a bookcase against a wall."""
    rng = stage.rng
    board = paints.wood(rng.choice([(0.6, 0.45, 0.3), (0.85, 0.83, 0.8), (0.3, 0.2, 0.14)]))
    low, high, front = x - width_m / 2, x + width_m / 2, wall_y - 0.3
    for side in (low, high - 0.02):
        stage.box((side, front, 0.0), (side + 0.02, wall_y, 1.9), board)
    levels = [0.06, 0.43, 0.8, 1.17, 1.54, 1.88]
    for z in levels:
        stage.box((low, front, z), (high, wall_y, z + 0.022), board)
    stage.box((low, wall_y - 0.02, 0.06), (high, wall_y - 0.005, 1.9), board, 0.0)
    for z in levels[:-1]:
        at = low + 0.04
        while at < high - 0.1 and rng.random() > 0.06:
            thick, tall = rng.uniform(0.015, 0.05), rng.uniform(0.19, 0.31)
            colour = (rng.uniform(0.1, 0.7), rng.uniform(0.1, 0.6), rng.uniform(0.1, 0.6))
            stage.box(
                (at, front + rng.uniform(0.04, 0.1), z + 0.022),
                (at + thick, wall_y - 0.05, z + 0.022 + tall),
                paints.paint(colour, 0.6),
                0.002,
            )
            at += thick + 0.002


def sofa(stage: Stage, x: float, wall_y: float, rgb: Rgb) -> None:
    """Stand a sofa against a wall."""
    darker: Rgb = (0.85 * rgb[0], 0.85 * rgb[1], 0.85 * rgb[2])
    fabric = paints.mottled(rgb, darker, 300.0, 0.0006)
    back = wall_y - 0.06
    stage.box((x - 0.95, back - 0.85, 0.1), (x + 0.95, back, 0.3), fabric, 0.03)
    stage.box((x - 0.95, back - 0.24, 0.25), (x + 0.95, back, 0.82), fabric, 0.08)
    for side in (-1, 1):
        low, high = sorted((x + side * 0.77, x + side * 0.97))
        stage.box((low, back - 0.85, 0.1), (high, back, 0.6), fabric, 0.07)
        low, high = sorted((x + side * 0.005, x + side * 0.765))
        stage.box((low, back - 0.87, 0.29), (high, back - 0.2, 0.46), fabric, 0.05)
        stage.box((low, back - 0.36, 0.44), (high, back - 0.16, 0.86), fabric, 0.07)
    for cx in (x - 0.9, x + 0.84):
        stage.box(
            (cx, back - 0.8, 0.0), (cx + 0.05, back - 0.75, 0.1), paints.wood((0.25, 0.17, 0.1))
        )


def radiator(stage: Stage, x: float, wall_y: float, width_m: float) -> None:
    """Hang a ribbed radiator on a wall."""
    white = paints.paint((0.9, 0.9, 0.89), 0.35)
    count = int(width_m / 0.05)
    for k in range(count):
        low = x - width_m / 2 + k * 0.05
        stage.box((low, wall_y - 0.11, 0.14), (low + 0.042, wall_y - 0.03, 0.72), white, 0.018)
