"""Surfaces of rooms for Blender: paint, wood, planks, carpet, leaves.

Runs inside Blender's Python. Colours are sRGB, 0..1; lengths are metres.
"""

from __future__ import annotations

from typing import Any

from synthetic.blender.materials import (
    Rgb,
    add,
    assign,
    bump,
    linear,
    mixed,
    new_material,
    noise,
    position,
    ranged,
    scaled,
)


def paint(rgb: Rgb, roughness: float = 0.7) -> Any:
    """Return an evenly coloured surface, such as a wall, with faint unevenness."""
    material, tree, shader = new_material("paint")
    where = position(tree)
    uneven = ranged(tree, noise(tree, where, 1.3, 1.0), 0.95, 1.04, (0.3, 0.7))
    assign(tree, shader, colour=scaled(tree, linear(rgb)[:3], uneven), roughness=roughness)
    return material


def metal(rgb: Rgb, roughness: float = 0.3) -> Any:
    """Return bare metal."""
    material, tree, shader = new_material("metal")
    assign(tree, shader, colour=linear(rgb), roughness=roughness, metallic=1.0)
    return material


def glow(rgb: Rgb, strength: float) -> Any:
    """Return a surface that shines, such as the sky behind a window."""
    material, tree, shader = new_material("glow")
    where = position(tree)
    leaves = ranged(tree, noise(tree, where, 5.0, 5.0), 0.55, 1.25, (0.35, 0.65))
    assign(tree, shader, colour=(0.0, 0.0, 0.0, 1.0))
    tree.links.new(scaled(tree, linear(rgb)[:3], leaves), shader.inputs["Emission Color"])
    shader.inputs["Emission Strength"].default_value = strength
    return material


def wood(rgb: Rgb, roughness: float = 0.45) -> Any:
    """Return wood with its grain along x."""
    material, tree, shader = new_material("wood")
    grain = noise(tree, position(tree, (0.35, 6.0, 6.0)), 9.0, 3.0, 0.5)
    shade = scaled(tree, linear(rgb)[:3], ranged(tree, grain, 0.72, 1.2, (0.3, 0.7)))
    assign(tree, shader, colour=shade, roughness=roughness)
    return material


def _two_shades(rgb: Rgb, vary: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
    base = linear(rgb)[:3]
    light = tuple(min(1.0, c * (1 + vary)) for c in base)
    return (*light, 1.0), (*(c * (1 - vary) for c in base), 1.0)


def _laid(
    tree: Any,
    where: Any,
    shades: tuple[tuple[float, ...], tuple[float, ...]],
    joint: Rgb,
    size_m: tuple[float, float],
    joint_m: float,
    offset: float,
) -> Any:
    """Return the node that lays pieces in rows, each row shifted by a share of a piece."""
    laid: dict[str | int, Any] = {
        "Vector": where,
        "Color1": shades[0],
        "Color2": shades[1],
        "Mortar": linear(joint),
        "Scale": 1.0,
        "Mortar Size": joint_m,
        "Mortar Smooth": 0.3,
        "Bias": 0.0,
        "Brick Width": size_m[0],
        "Row Height": size_m[1],
    }
    return add(tree, "ShaderNodeTexBrick", laid, offset=offset)


def bricks(
    rgb: Rgb,
    joint: Rgb,
    size_m: tuple[float, float],
    joint_m: float,
    vary: float,
    roughness: float,
    *,
    grain: bool = False,
    upright: bool = False,
) -> Any:
    """Return planks, tiles, paving or brickwork.

    Parameters
    ----------
    joint
        Colour between the pieces.
    size_m
        Length and width of a piece.
    vary
        How differently the pieces are coloured.
    grain
        Whether they are wooden.
    upright
        Whether the surface is a wall (x and z) rather than a floor (x and y).
    """
    material, tree, shader = new_material("bricks")
    where = add(tree, "ShaderNodeTexCoord").outputs["Object"]
    if upright:
        turned = add(tree, "ShaderNodeMapping", {"Vector": where, "Rotation": (-1.5707963, 0, 0)})
        where = turned.outputs[0]
    wall = _laid(
        tree, where, _two_shades(rgb, vary), joint, size_m, joint_m, 0.37 if grain else 0.5
    )
    shade = wall.outputs["Color"]
    stretch = (1.0, 9.0, 1.0) if grain else (1.0, 1.0, 1.0)
    streaks = noise(
        tree,
        add(tree, "ShaderNodeMapping", {"Vector": where, "Scale": stretch}).outputs[0],
        3.5 if grain else 18.0,
        3.0,
        0.4,
    )
    shade = scaled(tree, shade, ranged(tree, streaks, 0.75, 1.18, (0.3, 0.7)))
    raised = ranged(tree, wall.outputs["Fac"], 1.0, 0.0, (0.0, 1.0))
    assign(tree, shader, colour=shade, roughness=roughness, normal=bump(tree, raised, 0.0025))
    return material


def mottled(first: Rgb, second: Rgb, scale: float, rough_m: float, roughness: float = 0.9) -> Any:
    """Return two colours in patches: carpet, rubber flooring, earth, leaves."""
    material, tree, shader = new_material("mottled")
    where = position(tree)
    fine, coarse = noise(tree, where, scale, 3.0), noise(tree, where, scale / 14, 1.0)
    factor = ranged(tree, fine, 0.0, 1.0, (0.35, 0.65))
    shade = mixed(tree, factor, linear(first), linear(second))
    shade = scaled(tree, shade, ranged(tree, coarse, 0.82, 1.15, (0.3, 0.7)))
    assign(
        tree,
        shader,
        colour=shade,
        roughness=roughness,
        specular=0.2,
        normal=bump(tree, fine, rough_m),
    )
    return material


def leaf(rgb: Rgb) -> Any:
    """Return leaves: each island of the mesh a shade of its own, light shining through."""
    material, tree, shader = new_material("leaf")
    each = add(tree, "ShaderNodeNewGeometry").outputs["Random Per Island"]
    shade = scaled(tree, linear(rgb)[:3], ranged(tree, each, 0.55, 1.35, (0.0, 1.0)))
    assign(tree, shader, colour=shade, roughness=0.5)
    shader.inputs["Transmission Weight"].default_value = 0.0
    shader.inputs["Subsurface Weight"].default_value = 0.1
    return material
