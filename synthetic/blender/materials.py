"""Surfaces of people and rooms for Blender: skin, cloth, hair; paint, wood, planks, leaves.

Runs inside Blender's Python and knows nothing of the rest of the package. Colours are
sRGB, 0..1; lengths are metres.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Blender publishes no type information, and brings the others along only once it is there.
bpy: Any = import_module("bpy")
bmesh: Any = import_module("bmesh")
mathutils: Any = import_module("mathutils")

Rgb = tuple[float, float, float]

_SHADER_INPUTS = {
    "colour": "Base Color",
    "roughness": "Roughness",
    "normal": "Normal",
    "sheen": "Sheen Weight",
    "sheen_tint": "Sheen Tint",
    "sheen_roughness": "Sheen Roughness",
    "metallic": "Metallic",
    "specular": "Specular IOR Level",
    "transmission": "Transmission Weight",
    "subsurface": "Subsurface Weight",
    "emission": "Emission Color",
    "emission_strength": "Emission Strength",
}


def linear(rgb: Rgb) -> tuple[float, float, float, float]:
    """Return an sRGB colour as linear light with full opacity."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb)
    return (red, green, blue, 1.0)


class _Nodes:
    """A new material and the nodes that work out what its principled shader is given.

    Inputs of nodes may be values or outputs of other nodes.
    """

    def __init__(self, name: str) -> None:
        self.material = bpy.data.materials.new(name)
        self.material.use_nodes = True
        self.tree = self.material.node_tree
        self.shader = self.tree.nodes["Principled BSDF"]

    def _give(self, socket: Any, value: Any) -> None:
        if isinstance(value, bpy.types.NodeSocket):
            self.tree.links.new(value, socket)
        else:
            socket.default_value = value

    def add(self, kind: str, inputs: Mapping[Any, Any] | None = None, **settings: Any) -> Any:
        """Add a node and return it."""
        node = self.tree.nodes.new(kind)
        for name, value in settings.items():
            setattr(node, name, value)
        for key, value in (inputs or {}).items():
            self._give(node.inputs[key], value)
        return node

    def own_colour(self) -> Any:
        """Return the mesh's own colours."""
        return self.add("ShaderNodeVertexColor", layer_name="colour").outputs[0]

    def object_place(self) -> Any:
        """Return where on its object a point is."""
        return self.add("ShaderNodeTexCoord").outputs["Object"]

    def mapped(self, place: Any, **changes: Any) -> Any:
        """Return a place with its axes stretched (``Scale``) or turned (``Rotation``)."""
        return self.add("ShaderNodeMapping", {"Vector": place, **changes}).outputs[0]

    def position(self, stretch: Rgb = (1.0, 1.0, 1.0)) -> Any:
        """Return where on its object a point is, with each axis stretched."""
        return self.mapped(self.object_place(), Scale=stretch)

    def noise(self, place: Any, scale: float, detail: float, distortion: float = 0.0) -> Any:
        """Return smooth noise, about 0..1, with ``scale`` bumps a metre."""
        inputs = {"Vector": place, "Scale": scale, "Detail": detail, "Distortion": distortion}
        return self.add("ShaderNodeTexNoise", inputs).outputs[0]

    def ranged(
        self, value: Any, low: float, high: float, ends: tuple[float, float] = (0.3, 0.7)
    ) -> Any:
        """Map a value from ``ends`` to low..high."""
        inputs = {"From Min": ends[0], "From Max": ends[1], "To Min": low, "To Max": high}
        return self.add("ShaderNodeMapRange", {"Value": value, **inputs}).outputs[0]

    def scaled(self, colour: Any, factor: Any) -> Any:
        """Multiply a colour by a number."""
        inputs = {0: colour, "Scale": factor}
        return self.add("ShaderNodeVectorMath", inputs, operation="SCALE").outputs[0]

    def mixed(self, factor: Any, first: Any, second: Any) -> Any:
        """Blend two colours; factor 1 gives the second."""
        inputs = {0: factor, 6: first, 7: second}
        return self.add("ShaderNodeMix", inputs, data_type="RGBA").outputs[2]

    def bump(self, height: Any, depth_m: float, **below: Any) -> Any:
        """Return normals roughened by a height of a given depth; ``Normal``: those below."""
        inputs = {"Height": height, "Distance": depth_m, "Strength": 1.0, **below}
        return self.add("ShaderNodeBump", inputs).outputs[0]

    def finished(self, **inputs: Any) -> Any:
        """Return the material, its shader given values or nodes' outputs."""
        for key, value in inputs.items():
            self._give(self.shader.inputs[_SHADER_INPUTS[key]], value)
        return self.material


def skin() -> Any:
    """Return skin: the mesh's own colours, softly blotched, warm at grazing angles."""
    nodes = _Nodes("skin")
    own, where = nodes.own_colour(), nodes.position()
    blotch = nodes.ranged(nodes.noise(where, 14.0, 2.0), 0.91, 1.08, (0.35, 0.65))
    fine = nodes.ranged(nodes.noise(where, 160.0, 1.0), 0.96, 1.04)
    return nodes.finished(
        colour=nodes.scaled(nodes.scaled(own, blotch), fine),
        roughness=0.5,
        specular=0.4,
        # Light under the skin, for the price of a tint: at two millimetres a pixel no more shows.
        sheen=0.12,
        sheen_tint=(1.0, 0.55, 0.42, 1.0),
    )


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
    nodes = _Nodes("cloth")
    own, where = nodes.own_colour(), nodes.position()
    crease = nodes.noise(nodes.position((1.0, 1.0, 2.2)), 9.0, 2.5, 1.1)
    normal = nodes.bump(crease, 2.6 * crease_m)
    washed = nodes.noise(where, 7.0, 3.0)
    varied = nodes.ranged(washed, 1 - 0.25 * wear, 1 + 0.25 * wear, (0.35, 0.65))
    shade = nodes.scaled(own, varied)
    if weave_m > 0:
        threads = nodes.noise(where, 0.6 / weave_m, 0.0)
        shade = nodes.scaled(shade, nodes.ranged(threads, 0.84, 1.14))
    return nodes.finished(
        colour=shade,
        roughness=roughness,
        sheen=sheen,
        specular=0.25,
        normal=normal,
        sheen_roughness=0.4,
    )


def hair() -> Any:
    """Return hair in the mesh's own colours: strands as fine streaks."""
    nodes = _Nodes("hair")
    own = nodes.own_colour()
    strands = nodes.noise(nodes.position((1.0, 1.0, 0.12)), 420.0, 2.0, 0.4)
    locks = nodes.noise(nodes.position((1.0, 1.0, 0.25)), 55.0, 3.0, 0.8)
    shade = nodes.scaled(own, nodes.ranged(strands, 0.6, 1.3))
    shade = nodes.scaled(shade, nodes.ranged(locks, 0.75, 1.25))
    normal = nodes.bump(strands, 0.004, Normal=nodes.bump(locks, 0.012))
    colour = nodes.scaled(shade, 0.9)
    return nodes.finished(colour=colour, roughness=0.6, specular=0.2, normal=normal)


def strand(rgb: Rgb) -> Any:
    """Return single hairs, each a shade of its own."""
    nodes = _Nodes("strand")
    each = nodes.add("ShaderNodeHairInfo").outputs["Random"]
    shade = nodes.scaled(linear(rgb)[:3], nodes.ranged(each, 0.9, 2.0, (0.0, 1.0)))
    return nodes.finished(colour=shade, roughness=0.45, specular=0.4)


def shoe() -> Any:
    """Return shoe leather or mesh in the mesh's own colours."""
    nodes = _Nodes("shoe")
    return nodes.finished(colour=nodes.own_colour(), roughness=0.55)


def paint(rgb: Rgb, roughness: float = 0.7) -> Any:
    """Return an evenly coloured surface, such as a wall, with faint unevenness."""
    nodes = _Nodes("paint")
    uneven = nodes.ranged(nodes.noise(nodes.position(), 1.3, 1.0), 0.95, 1.04)
    return nodes.finished(colour=nodes.scaled(linear(rgb)[:3], uneven), roughness=roughness)


def metal(rgb: Rgb, roughness: float = 0.3) -> Any:
    """Return bare metal."""
    return _Nodes("metal").finished(colour=linear(rgb), roughness=roughness, metallic=1.0)


def glow(rgb: Rgb, strength: float) -> Any:
    """Return a surface that shines, such as the sky behind a window."""
    nodes = _Nodes("glow")
    leaves = nodes.ranged(nodes.noise(nodes.position(), 5.0, 5.0), 0.55, 1.25, (0.35, 0.65))
    return nodes.finished(
        colour=(0.0, 0.0, 0.0, 1.0),
        emission=nodes.scaled(linear(rgb)[:3], leaves),
        emission_strength=strength,
    )


def wood(rgb: Rgb, roughness: float = 0.45) -> Any:
    """Return wood with its grain along x."""
    nodes = _Nodes("wood")
    grain = nodes.noise(nodes.position((0.35, 6.0, 6.0)), 9.0, 3.0, 0.5)
    shade = nodes.scaled(linear(rgb)[:3], nodes.ranged(grain, 0.72, 1.2))
    return nodes.finished(colour=shade, roughness=roughness)


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
    nodes = _Nodes("bricks")
    where = nodes.object_place()
    if upright:
        where = nodes.mapped(where, Rotation=(-1.5707963, 0, 0))
    base = linear(rgb)[:3]
    laid = {
        "Vector": where,
        "Color1": (*(min(1.0, c * (1 + vary)) for c in base), 1.0),
        "Color2": (*(c * (1 - vary) for c in base), 1.0),
        "Mortar": linear(joint),
        "Scale": 1.0,
        "Mortar Size": joint_m,
        "Mortar Smooth": 0.3,
        "Bias": 0.0,
        "Brick Width": size_m[0],
        "Row Height": size_m[1],
    }
    # Each row is shifted by this share of a piece.
    wall = nodes.add("ShaderNodeTexBrick", laid, offset=0.37 if grain else 0.5)
    stretched = nodes.mapped(where, Scale=(1.0, 9.0, 1.0) if grain else (1.0, 1.0, 1.0))
    streaks = nodes.noise(stretched, 3.5 if grain else 18.0, 3.0, 0.4)
    shade = nodes.scaled(wall.outputs["Color"], nodes.ranged(streaks, 0.75, 1.18))
    raised = nodes.ranged(wall.outputs["Fac"], 1.0, 0.0, (0.0, 1.0))
    return nodes.finished(colour=shade, roughness=roughness, normal=nodes.bump(raised, 0.0025))


def mottled(first: Rgb, second: Rgb, scale: float, rough_m: float, roughness: float = 0.9) -> Any:
    """Return two colours in patches: carpet, rubber flooring, earth, leaves."""
    nodes = _Nodes("mottled")
    where = nodes.position()
    fine, coarse = nodes.noise(where, scale, 3.0), nodes.noise(where, scale / 14, 1.0)
    factor = nodes.ranged(fine, 0.0, 1.0, (0.35, 0.65))
    shade = nodes.mixed(factor, linear(first), linear(second))
    shade = nodes.scaled(shade, nodes.ranged(coarse, 0.82, 1.15))
    normal = nodes.bump(fine, rough_m)
    return nodes.finished(colour=shade, roughness=roughness, specular=0.2, normal=normal)


def leaf(rgb: Rgb) -> Any:
    """Return leaves: each island of the mesh a shade of its own, light shining through."""
    nodes = _Nodes("leaf")
    each = nodes.add("ShaderNodeNewGeometry").outputs["Random Per Island"]
    shade = nodes.scaled(linear(rgb)[:3], nodes.ranged(each, 0.55, 1.35, (0.0, 1.0)))
    return nodes.finished(colour=shade, roughness=0.5, transmission=0.0, subsurface=0.1)
