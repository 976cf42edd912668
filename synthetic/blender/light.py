"""Light in Blender's rooms; runs inside Blender's Python. Axes as in the props."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from synthetic.blender.materials import Rgb, bpy, linear

if TYPE_CHECKING:
    import random

    from synthetic.blender.props import Place, Stage


def _lamp(stage: Stage, at: Place, aim: Place, size_m: float, watt: float, rgb: Rgb) -> None:
    from mathutils import Matrix, Vector

    light = bpy.data.lights.new("lamp", "AREA")
    light.size, light.energy, light.color = size_m, watt, linear(rgb)[:3]
    lamp = bpy.data.objects.new("lamp", light)
    turn = (Vector(aim) - Vector(at)).to_track_quat("-Z", "Y").to_matrix().to_4x4()
    lamp.matrix_world = stage.turn @ Matrix.Translation(at) @ turn
    bpy.context.scene.collection.objects.link(lamp)


def _ambience(rgb: Rgb, strength: float) -> None:
    world = bpy.data.worlds.new("world")
    world.use_nodes = True
    background = world.node_tree.nodes["Background"]
    background.inputs[0].default_value = linear(rgb)
    background.inputs[1].default_value = strength
    bpy.context.scene.world = world


def daylight(stage: Stage, side: float, strength: float) -> None:
    """Light a room through a big window beside the camera, with a soft ceiling."""
    rng = stage.rng
    cool: Rgb = rng.choice([(1.0, 0.97, 0.92), (0.93, 0.97, 1.0), (1.0, 0.99, 0.97)])
    at = (side * rng.uniform(2.0, 2.8), rng.uniform(-2.6, -1.4), rng.uniform(1.7, 2.4))
    _lamp(stage, at, (0.0, 0.1, 1.0), rng.uniform(1.4, 2.2), 150.0 * strength, cool)
    _lamp(stage, (-side * 2.2, -2.2, 1.5), (0.0, 0.3, 1.0), 2.2, 42.0 * strength, (1.0, 0.96, 0.9))
    _lamp(stage, (0.0, 0.2, 2.9), (0.0, 0.2, 0.0), 2.6, 55.0 * strength, (1.0, 0.97, 0.93))
    _ambience((0.86, 0.9, 0.97), 0.32 * strength)


def free_side(rng: random.Random) -> float:
    """Draw left (-1) or right (+1)."""
    return rng.choice([-1.0, 1.0])


def sky(stage: Stage) -> None:
    """Light an open place by sun and sky."""
    rng = stage.rng
    world = bpy.data.worlds.new("world")
    world.use_nodes = True
    tree = world.node_tree
    sky = tree.nodes.new("ShaderNodeTexSky")
    sky.sky_type, sky.sun_disc = "NISHITA", False
    sky.sun_elevation = math.radians(rng.uniform(35, 55))
    sky.air_density, sky.dust_density = 1.0, 1.5
    tree.links.new(sky.outputs[0], tree.nodes["Background"].inputs[0])
    tree.nodes["Background"].inputs[1].default_value = 0.2
    bpy.context.scene.world = world
    light = bpy.data.lights.new("sun", "SUN")
    light.energy, light.angle = rng.uniform(2.0, 3.0), math.radians(2.5)
    light.color = (1.0, 0.93, 0.82)
    sun = bpy.data.objects.new("sun", light)
    from mathutils import Matrix, Vector

    aim = Vector((free_side(rng) * rng.uniform(0.5, 1.0), rng.uniform(0.5, 1.0), -1.2))
    sun.matrix_world = (
        stage.turn @ Matrix.Identity(4) @ aim.to_track_quat("-Z", "Y").to_matrix().to_4x4()
    )
    bpy.context.scene.collection.objects.link(sun)
