"""Places to stand in, with their light; runs inside Blender's Python.

Axes as in :mod:`synthetic.blender.props`. Each room reaches as far as a portrait picture
taken from three metres away shows, and is open towards the camera.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from synthetic.blender import materials as paints
from synthetic.blender import props
from synthetic.blender.materials import bpy, linear, mathutils

if TYPE_CHECKING:
    import random

    from synthetic.blender.materials import Rgb
    from synthetic.blender.props import Place, Stage

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


def _ground(stage: Stage, material: Any, reach_m: float = 6.0) -> None:
    r = reach_m
    stage.shape("floor", [(-r, -r, 0), (r, -r, 0), (r, r, 0), (-r, r, 0)], [(0, 1, 2, 3)], material)


def _shell(stage: Stage, y: float, floor: Any, wall: Any, skirting: Rgb) -> None:
    """Lay a floor and put up a wall with its skirting."""
    _ground(stage, floor)
    stage.shape("wall", [(-5, y, 0), (5, y, 0), (5, y, 2.7), (-5, y, 2.7)], [(0, 1, 2, 3)], wall)
    stage.box((-5, y - 0.018, 0.0), (5, y, 0.1), paints.paint(skirting, 0.4), 0.004)


def _shine(stage: Stage, light: Any, at: Place, direction: Any) -> None:
    """Put a light at a place, shining in a direction."""
    lamp = bpy.data.objects.new(light.name, light)
    turn = direction.to_track_quat("-Z", "Y").to_matrix().to_4x4()
    lamp.matrix_world = stage.turn @ mathutils.Matrix.Translation(at) @ turn
    bpy.context.scene.collection.objects.link(lamp)


def _lamp(stage: Stage, at: Place, aim: Place, size_m: float, watt: float, rgb: Rgb) -> None:
    light = bpy.data.lights.new("lamp", "AREA")
    light.size, light.energy, light.color = size_m, watt, linear(rgb)[:3]
    _shine(stage, light, at, mathutils.Vector(aim) - mathutils.Vector(at))


def _world() -> Any:
    """Return the node tree of a new surrounding light."""
    world = bpy.data.worlds.new("world")
    world.use_nodes = True
    bpy.context.scene.world = world
    return world.node_tree


def _daylight(stage: Stage, least: float, most: float) -> None:
    """Light a room through a big window beside the camera, with a soft ceiling."""
    rng = stage.rng
    side, strength = _free_side(rng), rng.uniform(least, most)
    cool: Rgb = rng.choice([(1.0, 0.97, 0.92), (0.93, 0.97, 1.0), (1.0, 0.99, 0.97)])
    at = (side * rng.uniform(2.0, 2.8), rng.uniform(-2.6, -1.4), rng.uniform(1.7, 2.4))
    _lamp(stage, at, (0.0, 0.1, 1.0), rng.uniform(1.4, 2.2), 150.0 * strength, cool)
    _lamp(stage, (-side * 2.2, -2.2, 1.5), (0.0, 0.3, 1.0), 2.2, 42.0 * strength, (1.0, 0.96, 0.9))
    _lamp(stage, (0.0, 0.2, 2.9), (0.0, 0.2, 0.0), 2.6, 55.0 * strength, (1.0, 0.97, 0.93))
    background = _world().nodes["Background"]
    background.inputs[0].default_value = linear((0.86, 0.9, 0.97))
    background.inputs[1].default_value = 0.32 * strength


def _free_side(rng: random.Random) -> float:
    """Draw left (-1) or right (+1)."""
    return rng.choice([-1.0, 1.0])


def _sky(stage: Stage) -> None:
    """Light an open place by sun and sky."""
    rng = stage.rng
    tree = _world()
    sky = tree.nodes.new("ShaderNodeTexSky")
    sky.sky_type, sky.sun_disc = "NISHITA", False
    sky.sun_elevation = math.radians(rng.uniform(35, 55))
    sky.air_density, sky.dust_density = 1.0, 1.5
    tree.links.new(sky.outputs[0], tree.nodes["Background"].inputs[0])
    tree.nodes["Background"].inputs[1].default_value = 0.2
    light = bpy.data.lights.new("sun", "SUN")
    light.energy, light.angle = rng.uniform(2.0, 3.0), math.radians(2.5)
    light.color = (1.0, 0.93, 0.82)
    aim = (_free_side(rng) * rng.uniform(0.5, 1.0), rng.uniform(0.5, 1.0), -1.2)
    _shine(stage, light, (0.0, 0.0, 0.0), mathutils.Vector(aim))


def living(stage: Stage) -> None:
    """Furnish a living room."""
    rng = stage.rng
    y = rng.uniform(1.0, 1.5)
    joint, plank_m = (0.12, 0.08, 0.05), (1.1, 0.14)
    planks = paints.bricks(rng.choice(_WOODS), joint, plank_m, 0.002, 0.12, 0.4, grain=True)
    _shell(stage, y, planks, paints.paint(rng.choice(_WALLS)), (0.9, 0.89, 0.87))
    side = _free_side(rng)
    kind = rng.randrange(4)
    if kind == 0:
        cover: Rgb = rng.choice([(0.35, 0.4, 0.45), (0.55, 0.48, 0.4), (0.3, 0.38, 0.34)])
        props.sofa(stage, side * 0.95, y, cover)
        props.picture(stage, side * 0.62, y, 1.5, 0.5, 0.65)
    elif kind == 1:
        props.shelf(stage, side * 0.85, y, 0.8)
    elif kind == 2:
        props.window(stage, side * 0.72, y, 0.8, 0.95, 2.1)
        props.radiator(stage, side * 0.75, y, 0.75)
        props.curtain(stage, side * 1.25, y, 0.3, (0.7, 0.66, 0.58))
    else:
        props.door(stage, side * 0.72, y, rng.choice([(0.88, 0.87, 0.84), (0.5, 0.56, 0.55)]))
    if kind != 0 and rng.random() < 0.7:
        props.plant(stage, -side * rng.uniform(0.7, 0.85), y - 0.3, rng.uniform(1.0, 1.4))
    else:
        props.picture(stage, -side * 0.68, y, 1.45, 0.4, 0.55)
    _daylight(stage, 0.85, 1.1)


def _wall_bars(stage: Stage, side: float, y: float) -> None:
    beech = paints.wood((0.72, 0.55, 0.36))
    ends = side * 0.35, side * 1.2
    low, high = sorted(ends)
    for x in ends:
        stage.box((x - 0.025, y - 0.14, 0), (x + 0.025, y - 0.02, 2.4), beech, 0.006)
    for k in range(15):
        z = 0.13 + 0.15 * k, 0.165 + 0.15 * k
        stage.box((low, y - 0.12, z[0]), (high, y - 0.085, z[1]), beech, 0.014)


def gym(stage: Stage) -> None:
    """Furnish a gym."""
    rng = stage.rng
    y = rng.uniform(1.2, 1.7)
    if rng.random() < 0.5:
        floor = paints.mottled((0.16, 0.17, 0.18), (0.24, 0.25, 0.26), 260.0, 0.0006)
    else:
        beech, joint = (0.72, 0.55, 0.36), (0.3, 0.2, 0.12)
        floor = paints.bricks(beech, joint, (1.4, 0.07), 0.001, 0.08, 0.3, grain=True)
    if rng.random() < 0.4:
        brick, mortar = (0.72, 0.7, 0.67), (0.6, 0.58, 0.55)
        wall = paints.bricks(brick, mortar, (0.24, 0.075), 0.006, 0.06, 0.8, upright=True)
    else:
        wall = paints.paint(rng.choice(_WALLS))
    _shell(stage, y, floor, wall, (0.3, 0.3, 0.32))
    side = _free_side(rng)
    _wall_bars(stage, side, y)
    ball: Rgb = rng.choice([(0.15, 0.35, 0.6), (0.55, 0.2, 0.2), (0.5, 0.52, 0.55)])
    turns = [math.pi * k / 24 for k in range(25)]
    arc = [(0.3 * math.sin(turn), 0.3 - 0.3 * math.cos(turn)) for turn in turns]
    stage.lathe((-side * rng.uniform(0.75, 0.95), y - 0.38, 0.0), arc, paints.paint(ball, 0.35))
    mat: Rgb = rng.choice([(0.2, 0.4, 0.45), (0.35, 0.25, 0.45), (0.25, 0.27, 0.3)])
    rubber = paints.mottled(mat, mat, 300.0, 0.0005)
    stage.box((-0.95, -0.45, 0.0), (0.95, 0.45, 0.008), rubber, 0.003)
    weight = [(0.0, 0.0), (0.07, 0.0), (0.1, 0.06), (0.09, 0.13), (0.04, 0.18), (0.0, 0.185)]
    for k in range(2):
        black = paints.paint((0.12, 0.12, 0.13), 0.5)
        stage.lathe((side * (0.55 + 0.3 * k), y - 0.4, 0.0), weight, black)
    _daylight(stage, 0.9, 1.15)


def clinic(stage: Stage) -> None:
    """Furnish a treatment room."""
    rng = stage.rng
    y = rng.uniform(1.1, 1.5)
    floor = paints.mottled((0.62, 0.64, 0.64), (0.70, 0.71, 0.70), 60.0, 0.0002, 0.35)
    wall: Rgb = rng.choice([(0.88, 0.9, 0.9), (0.8, 0.87, 0.84), (0.9, 0.87, 0.82)])
    _shell(stage, y, floor, paints.paint(wall), (0.5, 0.53, 0.55))
    side = _free_side(rng)
    white, steel = paints.paint((0.87, 0.88, 0.88), 0.35), paints.metal((0.72, 0.73, 0.75))
    vinyl: Rgb = rng.choice([(0.16, 0.33, 0.42), (0.25, 0.42, 0.36), (0.2, 0.22, 0.3)])
    inner, drawers = side * 0.42, -side * 0.85
    low, high = sorted((inner, side * 2.2))
    stage.box((low, y - 0.75, 0.62), (high, y - 0.1, 0.74), paints.paint(vinyl, 0.45), 0.03)
    stage.box((low + 0.03, y - 0.7, 0.57), (high - 0.03, y - 0.15, 0.62), steel)
    for at in (y - 0.68, y - 0.2):
        x = inner + side * 0.1
        stage.box((x - 0.02, at - 0.02, 0), (x + 0.02, at + 0.02, 0.58), steel)
    stage.box((drawers - 0.3, y - 0.42, 0.0), (drawers + 0.3, y, 0.88), white, 0.006)
    for k in range(3):
        z = 0.08 + 0.265 * k
        front = (drawers - 0.28, y - 0.435, z), (drawers + 0.28, y - 0.4, z + 0.25)
        stage.box(*front, white, 0.006)
        stage.box((drawers - 0.08, y - 0.45, z + 0.19), (drawers + 0.08, y - 0.43, z + 0.2), steel)
    props.picture(stage, side * 0.75, y, 1.5, 0.5, 0.7)
    if rng.random() < 0.6:
        props.window(stage, -side * 0.8, y, 0.6, 1.15, 2.05)
    _daylight(stage, 0.9, 1.1)


def studio(stage: Stage) -> None:
    """Set up a plain wall with a door, as in a hallway."""
    rng = stage.rng
    y = rng.uniform(0.8, 1.2)
    tone: Rgb = rng.choice([(0.55, 0.53, 0.5), (0.66, 0.63, 0.58), (0.38, 0.4, 0.42)])
    tiles = paints.bricks(tone, (0.4, 0.39, 0.37), (0.6, 0.6), 0.003, 0.05, 0.35)
    _shell(stage, y, tiles, paints.paint(rng.choice(_WALLS)), (0.88, 0.87, 0.85))
    side = _free_side(rng)
    leaf: Rgb = rng.choice([(0.88, 0.87, 0.84), (0.62, 0.45, 0.3), (0.35, 0.42, 0.45)])
    props.door(stage, side * 0.8, y, leaf)
    if rng.random() < 0.6:
        props.picture(stage, -side * 0.7, y, 1.5, 0.45, 0.6)
    else:
        props.plant(stage, -side * 0.8, y - 0.28, rng.uniform(0.9, 1.3))
    _daylight(stage, 0.85, 1.1)


def garden(stage: Stage) -> None:
    """Lay out a terrace with grass, a fence and shrubs under the sky."""
    rng = stage.rng
    _ground(stage, paints.mottled((0.2, 0.27, 0.1), (0.33, 0.38, 0.16), 90.0, 0.01), 30.0)
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
            x, ahead, up = wide * r * out[0], deep * r * out[1], tall * r * out[2]
            places.append(((middle + x, y - 0.45 + ahead, 0.1 + up), out))
        green: Rgb = rng.choice([(0.2, 0.33, 0.1), (0.26, 0.36, 0.14), (0.3, 0.34, 0.18)])
        props.leaves(stage, places, 0.09, 0.045, green)
    _sky(stage)


ROOMS = {"living": living, "gym": gym, "clinic": clinic, "studio": studio, "garden": garden}
