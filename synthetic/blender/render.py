"""Draws scene files with Blender's Cycles; runs inside Blender's Python.

A job is a line of JSON on standard input, ``{"scene": FILE.npz, "picture": FILE.png}``; each
is answered by one line, ``done FILE``. :func:`synthetic.blender.studio.write_scene_file` writes
the files.
"""

from __future__ import annotations

import json
import os
import random
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from synthetic.blender.materials import bmesh, bpy, cloth, hair, mathutils, shoe, skin, strand
from synthetic.blender.props import Stage
from synthetic.blender.rooms import ROOMS

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Cloth this close over the skin hides it, m.
_COVER_M = 0.09
#: Rings of skin kept under the edge of cloth.
_KEPT_RINGS = 3


def _linear(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    value = rgb.astype(np.float32) / 255
    light = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    full = np.ones((len(rgb), 4), np.float32)
    full[:, :3] = light
    return full


def _mesh(
    name: str,
    vertices: NDArray[np.float32],
    faces: NDArray[np.int32],
    rgb: NDArray[np.uint8],
    *,
    quads: bool = True,
) -> Any:
    """Return a smooth mesh with its colours, of mostly quadrilaterals where asked."""
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(vertices.tolist(), [], faces.tolist())
    colours = mesh.color_attributes.new("colour", "FLOAT_COLOR", "POINT")
    colours.data.foreach_set("color", _linear(rgb).ravel())
    edit = bmesh.new()
    edit.from_mesh(mesh)
    if quads:
        bmesh.ops.join_triangles(
            edit, faces=edit.faces[:], angle_face_threshold=0.7, angle_shape_threshold=1.2
        )
    else:
        bmesh.ops.remove_doubles(edit, verts=edit.verts[:], dist=0.0015)
    edit.to_mesh(mesh)
    edit.free()
    mesh.polygons.foreach_set("use_smooth", [True] * len(mesh.polygons))
    return mesh


def _uncovered(
    vertices: NDArray[np.float32],
    faces: NDArray[np.int32],
    clothes: list[tuple[NDArray[np.float32], NDArray[np.int32]]],
) -> NDArray[np.int32]:
    """Return the skin's triangles that cloth does not hide; none can then poke through it."""
    from mathutils.bvhtree import BVHTree

    if not clothes:
        return faces
    starts = np.cumsum([0] + [len(v) for v, _ in clothes[:-1]])
    points = np.concatenate([v for v, _ in clothes]).tolist()
    triangles = np.concatenate([f + s for (_, f), s in zip(clothes, starts, strict=True)]).tolist()
    tree = BVHTree.FromPolygons(points, triangles)
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    across = np.cross(b - a, c - a)
    normals = np.zeros_like(vertices)
    for k in range(3):
        np.add.at(normals, faces[:, k], across)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    covered = np.zeros(len(vertices), bool)
    for index, (at, out) in enumerate(zip(vertices, normals, strict=True)):
        direction = mathutils.Vector(out.tolist())
        hit, facing, _, _ = tree.ray_cast(
            mathutils.Vector((at - 0.012 * out).tolist()), direction, _COVER_M
        )
        covered[index] = hit is not None and facing.dot(direction) > 0.2
    for _ in range(_KEPT_RINGS):
        edge = faces[~covered[faces].all(1)]
        covered[edge.ravel()] = False
    return faces[~covered[faces].all(1)]


def _place(mesh: Any, material: Any, smooth_levels: int, thickness_m: float = 0.0) -> Any:
    mesh.materials.append(material)
    thing = bpy.data.objects.new(mesh.name, mesh)
    bpy.context.scene.collection.objects.link(thing)
    if thickness_m > 0:
        solid = thing.modifiers.new("thickness", "SOLIDIFY")
        solid.thickness, solid.offset = thickness_m, -1.0
    if smooth_levels:
        rounder = thing.modifiers.new("smooth", "SUBSURF")
        rounder.levels = rounder.render_levels = smooth_levels
    return thing


def _area_m2(vertices: NDArray[np.float32], faces: NDArray[np.int32]) -> float:
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)


def _grow(thing: Any, strands: dict[str, Any], area_m2: float) -> None:
    """Let hair grow from a surface, combed backwards and down."""
    thing.data.materials.append(strand(tuple(strands["rgb"])))
    growth = thing.modifiers.new("strands", "PARTICLE_SYSTEM").particle_system
    settings = growth.settings
    settings.type = "HAIR"
    settings.count = int(60_000 * area_m2)
    settings.hair_step, settings.render_step = 4, 3
    settings.hair_length = strands["length_m"]
    lie = 1 - strands["lift"]
    speed = strands["length_m"] / 4
    settings.normal_factor = speed * strands["lift"]
    settings.object_align_factor = (
        0.0,
        speed * lie * (1 - strands["fall"]),
        -speed * lie * strands["fall"],
    )
    settings.factor_random = 0.25 * speed
    settings.child_type = "INTERPOLATED"
    settings.rendered_child_count = 12
    settings.clump_factor, settings.roughness_1, settings.roughness_endpoint = 0.15, 0.004, 0.004
    settings.root_radius, settings.tip_radius, settings.radius_scale = 0.35, 0.08, 0.001
    settings.material = len(thing.data.materials)


def _dress(meshes: list[dict[str, Any]], arrays: Any) -> None:
    parts = [
        (part, *(arrays[f"{kind}{index}"] for kind in ("vertices", "faces", "rgb")))
        for index, part in enumerate(meshes)
    ]
    clothes = [(v, f) for part, v, f, _ in parts if part["material"] in {"cloth", "shoe"}]
    for part, vertices, faces, rgb in parts:
        kind = part["material"]
        if kind == "skin":
            faces = _uncovered(vertices, faces, clothes)
            _place(_mesh(part["name"], vertices, faces, rgb), skin(), 1)
        elif kind == "cloth":
            # What was cut out of the skin has slivers along its edges that must not be rounded.
            woven = part["woven"]
            piece = _mesh(part["name"], vertices, faces, rgb, quads=woven)
            _place(piece, cloth(**part["fabric"]), int(woven), 0.0015 if woven else 0.0)
        elif kind == "hair":
            head = _place(_mesh(part["name"], vertices, faces, rgb), hair(), 1)
            if part["strands"] is not None:
                _grow(head, part["strands"], _area_m2(vertices, faces))
        else:
            _place(_mesh(part["name"], vertices, faces, rgb), shoe(), 1)


def _aim(view: dict[str, Any], size_px: tuple[int, int]) -> None:
    width, height = size_px
    lens = bpy.data.cameras.new("camera")
    lens.sensor_fit, lens.sensor_width = "HORIZONTAL", 36.0
    lens.lens = view["focal_px"] * 36.0 / width
    lens.shift_x = (width / 2 - view["centre_px"][0]) / width
    lens.shift_y = (view["centre_px"][1] - height / 2) / width
    lens.dof.use_dof = True
    lens.dof.focus_distance, lens.dof.aperture_fstop = view["focus_m"], 5.6
    camera = bpy.data.objects.new("camera", lens)
    camera.matrix_world = mathutils.Matrix(view["matrix"])
    bpy.context.scene.collection.objects.link(camera)
    bpy.context.scene.camera = camera


def _settings(description: dict[str, Any], picture: Path) -> None:
    scene = bpy.context.scene
    render, cycles = scene.render, scene.cycles
    render.engine = "CYCLES"
    render.resolution_x, render.resolution_y = description["size_px"]
    render.resolution_percentage = 100
    render.threads_mode, render.threads = "FIXED", description["threads"]
    render.image_settings.file_format = "PNG"
    render.image_settings.color_mode = "RGB"
    render.filepath = str(picture)
    cycles.device = "CPU"
    cycles.samples = description["samples"]
    cycles.seed = description["seed"] % 2**31
    cycles.use_adaptive_sampling = True
    cycles.adaptive_threshold = 0.06
    cycles.use_denoising = True
    cycles.denoiser = "OPENIMAGEDENOISE"
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 3, 2, 1
    cycles.transmission_bounces = 0
    cycles.caustics_reflective = cycles.caustics_refractive = False
    scene.view_settings.view_transform = "AgX"
    scene.view_settings.look = "AgX - Medium High Contrast"
    scene.view_settings.exposure = description["exposure"]


def render_file(scene_file: Path, picture: Path) -> None:
    """Draw one scene file into a PNG picture."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    with np.load(scene_file) as arrays:
        description = json.loads(str(arrays["description"]))
        _dress(description["meshes"], arrays)
    stage = Stage(mathutils.Matrix(description["turn"]), random.Random(description["seed"]))
    ROOMS[description["room"]](stage)
    _aim(description["camera"], description["size_px"])
    _settings(description, picture)
    bpy.ops.render.render(write_still=True)


def main() -> None:
    """Answer jobs until standard input ends."""
    # Blender chats on standard output; answers must be alone there.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        job = json.loads(line)
        render_file(Path(job["scene"]), Path(job["picture"]))
        answers.write(f"done {job['picture']}\n")
        answers.flush()


if __name__ == "__main__":
    main()
