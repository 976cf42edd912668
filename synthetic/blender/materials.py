"""Surfaces of people for Blender: skin, cloth, hair, shoes; and how shaders are built.

Runs inside Blender's Python and knows nothing of the rest of the package. Colours are
sRGB, 0..1; lengths are metres.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Blender publishes no type information.
bpy: Any = import_module("bpy")

Rgb = tuple[float, float, float]


def linear(rgb: Rgb) -> tuple[float, float, float, float]:
    """Return an sRGB colour as linear light with full opacity."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb)
    return (red, green, blue, 1.0)


def add(
    tree: Any, kind: str, inputs: Mapping[str | int, Any] | None = None, **settings: Any
) -> Any:
    """Add a node; inputs may be values or sockets of other nodes."""
    node = tree.nodes.new(kind)
    for name, value in settings.items():
        setattr(node, name, value)
    for key, value in (inputs or {}).items():
        if isinstance(value, bpy.types.NodeSocket):
            tree.links.new(value, node.inputs[key])
        else:
            node.inputs[key].default_value = value
    return node


def new_material(name: str) -> tuple[Any, Any, Any]:
    """Return a new material, its node tree and its principled shader."""
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    return material, material.node_tree, material.node_tree.nodes["Principled BSDF"]


def position(tree: Any, stretch: Rgb = (1.0, 1.0, 1.0)) -> Any:
    """Return where on its object a point is, with each axis stretched."""
    where = add(tree, "ShaderNodeTexCoord").outputs["Object"]
    return add(tree, "ShaderNodeMapping", {"Vector": where, "Scale": stretch}).outputs[0]


def noise(
    tree: Any, vector: Any, scale: float, detail: float = 3.0, distortion: float = 0.0
) -> Any:
    """Return smooth noise, about 0..1, with ``scale`` bumps a metre."""
    node = add(
        tree,
        "ShaderNodeTexNoise",
        {"Vector": vector, "Scale": scale, "Detail": detail, "Distortion": distortion},
    )
    return node.outputs[0]


def ranged(tree: Any, value: Any, low: float, high: float, ends: tuple[float, float]) -> Any:
    """Map a value from ``ends`` to low..high."""
    node = add(
        tree,
        "ShaderNodeMapRange",
        {"Value": value, "From Min": ends[0], "From Max": ends[1], "To Min": low, "To Max": high},
    )
    return node.outputs[0]


def scaled(tree: Any, colour: Any, factor: Any) -> Any:
    """Multiply a colour by a number."""
    node = add(
        tree,
        "ShaderNodeVectorMath",
        {0: colour, "Scale": factor},
        operation="SCALE",
    )
    return node.outputs[0]


def mixed(tree: Any, factor: Any, first: Any, second: Any) -> Any:
    """Blend two colours; factor 1 gives the second."""
    node = tree.nodes.new("ShaderNodeMix")
    node.data_type = "RGBA"
    for socket, value in (
        (node.inputs[0], factor),
        (node.inputs[6], first),
        (node.inputs[7], second),
    ):
        if isinstance(value, bpy.types.NodeSocket):
            tree.links.new(value, socket)
        else:
            socket.default_value = value
    return node.outputs[2]


def bump(tree: Any, height: Any, depth_m: float, below: Any = None) -> Any:
    """Return normals roughened by a height of a given depth."""
    inputs: dict[str | int, Any] = {"Height": height, "Distance": depth_m, "Strength": 1.0}
    if below is not None:
        inputs["Normal"] = below
    return add(tree, "ShaderNodeBump", inputs).outputs[0]


def assign(tree: Any, shader: Any, **inputs: Any) -> None:
    """Give values or sockets to a principled shader's inputs."""
    names = {
        "colour": "Base Color",
        "roughness": "Roughness",
        "normal": "Normal",
        "sheen": "Sheen Weight",
        "metallic": "Metallic",
        "specular": "Specular IOR Level",
    }
    for key, value in inputs.items():
        socket = shader.inputs[names[key]]
        if isinstance(value, bpy.types.NodeSocket):
            tree.links.new(value, socket)
        else:
            socket.default_value = value


def skin() -> Any:
    """Return skin: the mesh's own colours, softly blotched, warm at grazing angles."""
    material, tree, shader = new_material("skin")
    own = add(tree, "ShaderNodeVertexColor", layer_name="colour").outputs[0]
    where = position(tree)
    blotch = ranged(tree, noise(tree, where, 14.0, 2.0), 0.91, 1.08, (0.35, 0.65))
    fine = ranged(tree, noise(tree, where, 160.0, 1.0), 0.96, 1.04, (0.3, 0.7))
    assign(
        tree,
        shader,
        colour=scaled(tree, scaled(tree, own, blotch), fine),
        roughness=0.5,
        specular=0.4,
    )
    # Light under the skin, for the price of a tint: at two millimetres a pixel no more shows.
    shader.inputs["Sheen Weight"].default_value = 0.12
    shader.inputs["Sheen Tint"].default_value = (1.0, 0.55, 0.42, 1.0)
    return material


def cloth(crease_m: float, weave_m: float, sheen: float, roughness: float, wear: float) -> Any:
    """Return cloth in the mesh's own colours.

    Parameters
    ----------
    crease_m
        Depth of soft creases of a few centimetres.
    weave_m
        Size of the threads that still show; 0 for smooth cloth.
    sheen, roughness
        As Blender's principled shader takes them.
    wear
        0..1: how much the colour varies, as in washed denim.
    """
    material, tree, shader = new_material("cloth")
    own = add(tree, "ShaderNodeVertexColor", layer_name="colour").outputs[0]
    where = position(tree)
    crease = noise(tree, position(tree, (1.0, 1.0, 2.2)), 9.0, 2.5, 1.1)
    normal = bump(tree, crease, 2.6 * crease_m)
    shade = scaled(
        tree,
        own,
        ranged(tree, noise(tree, where, 7.0, 3.0), 1 - 0.25 * wear, 1 + 0.25 * wear, (0.35, 0.65)),
    )
    if weave_m > 0:
        threads = noise(tree, where, 0.6 / weave_m, 0.0)
        shade = scaled(tree, shade, ranged(tree, threads, 0.84, 1.14, (0.3, 0.7)))
    assign(
        tree, shader, colour=shade, roughness=roughness, sheen=sheen, specular=0.25, normal=normal
    )
    shader.inputs["Sheen Roughness"].default_value = 0.4
    return material


def hair() -> Any:
    """Return hair in the mesh's own colours: strands as fine streaks."""
    material, tree, shader = new_material("hair")
    own = add(tree, "ShaderNodeVertexColor", layer_name="colour").outputs[0]
    strands = noise(tree, position(tree, (1.0, 1.0, 0.12)), 420.0, 2.0, 0.4)
    locks = noise(tree, position(tree, (1.0, 1.0, 0.25)), 55.0, 3.0, 0.8)
    shade = scaled(tree, own, ranged(tree, strands, 0.6, 1.3, (0.3, 0.7)))
    shade = scaled(tree, shade, ranged(tree, locks, 0.75, 1.25, (0.3, 0.7)))
    normal = bump(tree, strands, 0.004, bump(tree, locks, 0.012))
    assign(
        tree, shader, colour=scaled(tree, shade, 0.9), roughness=0.6, specular=0.2, normal=normal
    )
    return material


def strand(rgb: Rgb) -> Any:
    """Return single hairs, each a shade of its own."""
    material, tree, shader = new_material("strand")
    each = add(tree, "ShaderNodeHairInfo").outputs["Random"]
    shade = scaled(tree, linear(rgb)[:3], ranged(tree, each, 0.9, 2.0, (0.0, 1.0)))
    assign(tree, shader, colour=shade, roughness=0.45, specular=0.4)
    return material


def shoe() -> Any:
    """Return shoe leather or mesh in the mesh's own colours."""
    material, tree, shader = new_material("shoe")
    own = add(tree, "ShaderNodeVertexColor", layer_name="colour").outputs[0]
    assign(tree, shader, colour=own, roughness=0.55)
    return material
