"""Places to stand in, with their light; runs inside Blender's Python.

Axes as in :mod:`synthetic.blender.props`. Each room reaches as far as a portrait picture
taken from three metres away shows, and is open towards the camera.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from synthetic.blender import props
from synthetic.blender import surfaces as paints
from synthetic.blender.light import daylight, free_side, sky

if TYPE_CHECKING:
    from synthetic.blender.materials import Rgb
    from synthetic.blender.props import Stage

_WALLS: tuple[Rgb, ...] = (
    (0.86, 0.85, 0.81),
    (0.74, 0.79, 0.79),
    (0.83, 0.77, 0.68),
    (0.62, 0.68, 0.63),
    (0.76, 0.71, 0.72),
    (0.56, 0.63, 0.70),
    (0.88, 0.88, 0.88),
    (0.70, 0.58, 0.48),
)
_WOODS: tuple[Rgb, ...] = (
    (0.62, 0.45, 0.29),
    (0.45, 0.30, 0.19),
    (0.72, 0.60, 0.45),
    (0.50, 0.42, 0.35),
)


def _floor(stage: Stage, material: Any, reach_m: float = 6.0) -> None:
    stage.shape(
        "floor",
        [
            (-reach_m, -reach_m, 0),
            (reach_m, -reach_m, 0),
            (reach_m, reach_m, 0),
            (-reach_m, reach_m, 0),
        ],
        [(0, 1, 2, 3)],
        material,
    )


def _wall(stage: Stage, y: float, material: Any, high_m: float = 2.7) -> None:
    stage.shape(
        "wall", [(-5, y, 0), (5, y, 0), (5, y, high_m), (-5, y, high_m)], [(0, 1, 2, 3)], material
    )


def _skirting(stage: Stage, y: float, rgb: Rgb) -> None:
    stage.box((-5, y - 0.018, 0.0), (5, y, 0.1), paints.paint(rgb, 0.4), 0.004)


def living(stage: Stage) -> None:
    """Furnish a living room."""
    rng = stage.rng
    y = rng.uniform(1.0, 1.5)
    timber = rng.choice(_WOODS)
    _floor(
        stage, paints.bricks(timber, (0.12, 0.08, 0.05), (1.1, 0.14), 0.002, 0.12, 0.4, grain=True)
    )
    _wall(stage, y, paints.paint(rng.choice(_WALLS)))
    _skirting(stage, y, (0.9, 0.89, 0.87))
    side = free_side(rng)
    kind = rng.randrange(4)
    if kind == 0:
        props.sofa(
            stage,
            side * 0.95,
            y,
            rng.choice([(0.35, 0.4, 0.45), (0.55, 0.48, 0.4), (0.3, 0.38, 0.34)]),
        )
        props.picture(stage, side * 0.62, y, 1.5, 0.5, 0.65)
    elif kind == 1:
        props.shelf(stage, side * 0.85, y, 0.8)
    elif kind == 2:
        props.window(stage, side * 0.72, y, 0.8, 0.95, 2.1)
        props.radiator(stage, side * 0.75, y, 0.75)
        props.curtain(stage, side * 1.25, y, 0.3, (0.7, 0.66, 0.58))
    else:
        props.handle(stage, side * 0.72, y, rng.choice([(0.88, 0.87, 0.84), (0.5, 0.56, 0.55)]))
    if kind != 0 and rng.random() < 0.7:
        props.plant(stage, -side * rng.uniform(0.7, 0.85), y - 0.3, rng.uniform(1.0, 1.4))
    else:
        props.picture(stage, -side * 0.68, y, 1.45, 0.4, 0.55)
    daylight(stage, free_side(rng), rng.uniform(0.85, 1.1))


def _wall_bars(stage: Stage, side: float, y: float) -> None:
    beech = paints.wood((0.72, 0.55, 0.36))
    for edge in (0.35, 1.2):
        stage.box(
            (side * edge - 0.025, y - 0.14, 0), (side * edge + 0.025, y - 0.02, 2.4), beech, 0.006
        )
    low, high = sorted((side * 0.35, side * 1.2))
    for k in range(15):
        stage.box(
            (low, y - 0.12, 0.13 + 0.15 * k), (high, y - 0.085, 0.165 + 0.15 * k), beech, 0.014
        )


def gym(stage: Stage) -> None:
    """Furnish a gym."""
    rng = stage.rng
    y = rng.uniform(1.2, 1.7)
    if rng.random() < 0.5:
        _floor(stage, paints.mottled((0.16, 0.17, 0.18), (0.24, 0.25, 0.26), 260.0, 0.0006))
    else:
        _floor(
            stage,
            paints.bricks(
                (0.72, 0.55, 0.36), (0.3, 0.2, 0.12), (1.4, 0.07), 0.001, 0.08, 0.3, grain=True
            ),
        )
    if rng.random() < 0.4:
        _wall(
            stage,
            y,
            paints.bricks(
                (0.72, 0.7, 0.67), (0.6, 0.58, 0.55), (0.24, 0.075), 0.006, 0.06, 0.8, upright=True
            ),
        )
    else:
        _wall(stage, y, paints.paint(rng.choice(_WALLS)))
    _skirting(stage, y, (0.3, 0.3, 0.32))
    side = free_side(rng)
    _wall_bars(stage, side, y)
    ball: Rgb = rng.choice([(0.15, 0.35, 0.6), (0.55, 0.2, 0.2), (0.5, 0.52, 0.55)])
    arc = [
        (0.3 * math.sin(math.pi * k / 24), 0.3 - 0.3 * math.cos(math.pi * k / 24))
        for k in range(25)
    ]
    stage.lathe((-side * rng.uniform(0.75, 0.95), y - 0.38, 0.0), arc, paints.paint(ball, 0.35))
    mat: Rgb = rng.choice([(0.2, 0.4, 0.45), (0.35, 0.25, 0.45), (0.25, 0.27, 0.3)])
    stage.box(
        (-0.95, -0.45, 0.0), (0.95, 0.45, 0.008), paints.mottled(mat, mat, 300.0, 0.0005), 0.003
    )
    for k in range(2):
        x = side * (0.55 + 0.3 * k)
        stage.lathe(
            (x, y - 0.4, 0.0),
            [(0.0, 0.0), (0.07, 0.0), (0.1, 0.06), (0.09, 0.13), (0.04, 0.18), (0.0, 0.185)],
            paints.paint((0.12, 0.12, 0.13), 0.5),
        )
    daylight(stage, free_side(rng), rng.uniform(0.9, 1.15))


def clinic(stage: Stage) -> None:
    """Furnish a treatment room."""
    rng = stage.rng
    y = rng.uniform(1.1, 1.5)
    _floor(stage, paints.mottled((0.62, 0.64, 0.64), (0.70, 0.71, 0.70), 60.0, 0.0002, 0.35))
    _wall(
        stage, y, paints.paint(rng.choice([(0.88, 0.9, 0.9), (0.8, 0.87, 0.84), (0.9, 0.87, 0.82)]))
    )
    _skirting(stage, y, (0.5, 0.53, 0.55))
    side = free_side(rng)
    white, steel = paints.paint((0.87, 0.88, 0.88), 0.35), paints.metal((0.72, 0.73, 0.75))
    vinyl: Rgb = rng.choice([(0.16, 0.33, 0.42), (0.25, 0.42, 0.36), (0.2, 0.22, 0.3)])
    inner, outer = side * 0.42, side * 2.2
    low, high = sorted((inner, outer))
    stage.box((low, y - 0.75, 0.62), (high, y - 0.1, 0.74), paints.paint(vinyl, 0.45), 0.03)
    stage.box((low + 0.03, y - 0.7, 0.57), (high - 0.03, y - 0.15, 0.62), steel)
    for at in (y - 0.68, y - 0.2):
        x = inner + side * 0.1
        stage.box((x - 0.02, at - 0.02, 0), (x + 0.02, at + 0.02, 0.58), steel)
    stage.box((-side * 0.85 - 0.3, y - 0.42, 0.0), (-side * 0.85 + 0.3, y, 0.88), white, 0.006)
    for k in range(3):
        z = 0.08 + 0.265 * k
        stage.box(
            (-side * 0.85 - 0.28, y - 0.435, z),
            (-side * 0.85 + 0.28, y - 0.4, z + 0.25),
            white,
            0.006,
        )
        stage.box(
            (-side * 0.85 - 0.08, y - 0.45, z + 0.19),
            (-side * 0.85 + 0.08, y - 0.43, z + 0.2),
            steel,
        )
    props.picture(stage, side * 0.75, y, 1.5, 0.5, 0.7)
    if rng.random() < 0.6:
        props.window(stage, -side * 0.8, y, 0.6, 1.15, 2.05)
    daylight(stage, free_side(rng), rng.uniform(0.9, 1.1))


def studio(stage: Stage) -> None:
    """Set up a plain wall with a handle, as in a hallway."""
    rng = stage.rng
    y = rng.uniform(0.8, 1.2)
    tone: Rgb = rng.choice([(0.55, 0.53, 0.5), (0.66, 0.63, 0.58), (0.38, 0.4, 0.42)])
    _floor(stage, paints.bricks(tone, (0.4, 0.39, 0.37), (0.6, 0.6), 0.003, 0.05, 0.35))
    _wall(stage, y, paints.paint(rng.choice(_WALLS)))
    _skirting(stage, y, (0.88, 0.87, 0.85))
    side = free_side(rng)
    props.handle(
        stage,
        side * 0.8,
        y,
        rng.choice([(0.88, 0.87, 0.84), (0.62, 0.45, 0.3), (0.35, 0.42, 0.45)]),
    )
    if rng.random() < 0.6:
        props.picture(stage, -side * 0.7, y, 1.5, 0.45, 0.6)
    else:
        props.plant(stage, -side * 0.8, y - 0.28, rng.uniform(0.9, 1.3))
    daylight(stage, free_side(rng), rng.uniform(0.85, 1.1))


def garden(stage: Stage) -> None:
    """Lay out a terrace with grass, a fence and shrubs under the sky."""
    rng = stage.rng
    _floor(stage, paints.mottled((0.2, 0.27, 0.1), (0.33, 0.38, 0.16), 90.0, 0.01), 30.0)
    stone = paints.bricks((0.6, 0.57, 0.52), (0.35, 0.33, 0.3), (0.5, 0.4), 0.008, 0.07, 0.8)
    stage.box((-8, -6, 0.0), (8, 0.7, 0.002), stone, 0.0)
    y = rng.uniform(2.2, 3.0)
    timber = paints.wood(rng.choice([(0.5, 0.38, 0.27), (0.42, 0.4, 0.37), (0.58, 0.45, 0.3)]), 0.8)
    for k in range(-26, 26):
        x = k * 0.125
        stage.box((x, y - 0.012 * (k % 2), 0.05), (x + 0.118, y + 0.02, 1.75), timber, 0.003)
    for _ in range(3):
        middle, wide = rng.uniform(-1.6, 1.6), rng.uniform(0.4, 0.6)
        tall, deep = rng.uniform(0.6, 1.3), rng.uniform(0.3, 0.4)
        places: list[tuple[props.Place, props.Place]] = []
        for _ in range(1500):
            a, b = rng.uniform(0, 2 * math.pi), math.acos(rng.uniform(-0.2, 1))
            out = (math.sin(b) * math.cos(a), math.sin(b) * math.sin(a), math.cos(b))
            r = rng.uniform(0.75, 1.0)
            places.append(
                (
                    (
                        middle + wide * r * out[0],
                        y - 0.45 + deep * r * out[1],
                        0.1 + tall * r * out[2],
                    ),
                    out,
                )
            )
        props.leaves(
            stage,
            places,
            0.09,
            0.045,
            rng.choice([(0.2, 0.33, 0.1), (0.26, 0.36, 0.14), (0.3, 0.34, 0.18)]),
        )
    sky(stage)


ROOMS = {"living": living, "gym": gym, "clinic": clinic, "studio": studio, "garden": garden}
