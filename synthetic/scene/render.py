"""Rendering scenes off-screen with pyvista."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pyvista
from vtkmodules.util import numpy_support
from vtkmodules.vtkRenderingCore import vtkWindowToImageFilter

from synthetic.body.mesh import NamedMesh, vertex_normals
from synthetic.scene.arrangement import BodyScene, Person, build_person, scene_camera, scene_truth
from synthetic.scene.backgrounds import Background, paint_background
from synthetic.scene.lighting import Lighting, expose

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from synthetic.scene.arrangement import Truth
    from synthetic.scene.camera import PinholeCamera


@dataclass(frozen=True, slots=True)
class Rendered:
    """A rendered picture.

    Attributes
    ----------
    rgb
        Shape (height, width, 3), uint8, C-contiguous.
    silhouette
        Shape (height, width), float32, 0..1: the person's true coverage of each pixel.
    truth
        What is known about it.
    """

    rgb: NDArray[np.uint8]
    silhouette: NDArray[np.float32]
    truth: Truth


_to_numpy: Any = numpy_support.vtk_to_numpy


class RenderStage:
    """One plotter for all pictures of a process: a new one for each would leak memory."""

    def __init__(self) -> None:
        os.environ.setdefault("PYVISTA_OFF_SCREEN", "true")
        plotter: Any = pyvista.Plotter(off_screen=True, window_size=[480, 640], lighting="none")
        self._plotter = plotter
        plotter.set_background("black")
        plotter.enable_anti_aliasing("msaa", multi_samples=4)
        window = plotter.render_window
        window.SetAlphaBitPlanes(1)

        # The plotter's own screenshot would render every picture a second time.
        self._reader = vtkWindowToImageFilter()
        self._reader.SetInput(window)
        self._reader.SetInputBufferTypeToRGBA()
        self._reader.ReadFrontBufferOff()
        self._reader.ShouldRerenderOff()

    def draw(
        self, meshes: tuple[NamedMesh, ...], camera: PinholeCamera, lighting: Lighting
    ) -> NDArray[np.uint8]:
        """Return RGBA, shape (height, width, 4); colour is premultiplied with coverage."""
        plotter = self._plotter
        plotter.clear_actors()
        plotter.remove_all_lights()
        plotter.window_size = [camera.width_px, camera.height_px]
        plotter.add_mesh(
            _joined(meshes),
            scalars="rgb",
            rgb=True,
            smooth_shading=False,
            ambient=lighting.ambient,
            diffuse=0.85,
            specular=0.06,
            specular_power=12.0,
            show_scalar_bar=False,
            render=False,
            reset_camera=False,
        ).prop.SetInterpolationToPhong()
        right = np.cross(camera.forward, camera.up)
        for lamp in lighting.lamps:
            x, y, z = lamp.direction
            towards = right * x + camera.up * y - camera.forward * z
            light = pyvista.Light(
                position=tuple(towards),
                focal_point=(0, 0, 0),
                color=lamp.rgb,
                intensity=lamp.intensity,
                light_type="scene light",
            )
            light.positional = False
            plotter.add_light(light)
        self._aim(camera)
        plotter.render_window.Render()
        self._reader.Modified()
        self._reader.Update()
        image = self._reader.GetOutput()
        width, height, _ = image.GetDimensions()
        flat = _to_numpy(image.GetPointData().GetScalars())
        # VTK owns that memory and overwrites it with the next picture.
        picture: NDArray[np.uint8] = flat.reshape(height, width, -1)[::-1].copy()
        return picture

    def _aim(self, camera: PinholeCamera) -> None:
        view = self._plotter.camera
        view.position = tuple(camera.position)
        view.focal_point = tuple(camera.position + camera.forward)
        view.up = tuple(camera.up)
        view.view_angle = camera.view_angle_deg
        view.SetWindowCenter(
            1 - 2 * camera.centre_px[0] / camera.width_px,
            2 * camera.centre_px[1] / camera.height_px - 1,
        )
        view.clipping_range = (0.2, 30.0)


def _joined(meshes: tuple[NamedMesh, ...]) -> pyvista.PolyData:
    vertices = np.concatenate([mesh.vertices for mesh in meshes])
    normals = np.concatenate([vertex_normals(mesh.vertices, mesh.faces) for mesh in meshes])
    starts = np.cumsum([0] + [len(mesh.vertices) for mesh in meshes[:-1]])
    faces = np.concatenate([m.faces + s for m, s in zip(meshes, starts, strict=True)])
    padded = np.column_stack([np.full(len(faces), 3, faces.dtype), faces])
    surface = pyvista.PolyData(vertices, padded.ravel())
    surface.point_data["rgb"] = np.concatenate([mesh.rgb for mesh in meshes])
    surface.point_data.active_normals = normals
    return surface


@lru_cache(maxsize=1)
def stage() -> RenderStage:
    """Return the process's one stage."""
    return RenderStage()


def _floor_shadow(person: Person, camera: PinholeCamera, lighting: Lighting) -> NDArray[np.float32]:
    """Return how much light reaches each pixel of the ground, shape (height, width), 0..1."""
    height, width = camera.height_px // 4, camera.width_px // 4
    right = np.cross(camera.forward, camera.up)
    x, y, z = lighting.lamps[0].direction
    towards = right * x + camera.up * y - camera.forward * z
    points = np.concatenate([mesh.vertices[::3] for mesh in person.meshes]).astype(np.float64)
    ground = points - towards * (points[:, 2] / max(towards[2], 0.25))[:, None]
    ground[:, 2] = 0.0
    contact = points[points[:, 2] < 0.12] * (1, 1, 0)
    shade = np.zeros((height, width), np.float32)
    for spot, depth, size in ((ground, 0.35, 5), (contact, 0.5, 3)):
        layer = np.zeros((height, width), np.float32)
        ahead = spot[(spot - camera.position) @ camera.forward > 0.3]
        place = np.round(camera.project(ahead) / 4).astype(int)
        inside = ((place >= 0) & (place < (width, height))).all(1)
        layer[place[inside, 1], place[inside, 0]] = 1
        spread = cv2.dilate(layer, np.ones((3, 3), np.uint8))
        soft = cv2.GaussianBlur(spread, (0, 0), size / 2).astype(np.float32)
        shade = np.maximum(shade, np.float32(depth) * soft)
    full = cv2.resize(shade, (camera.width_px, camera.height_px))
    return (1 - full).astype(np.float32)


def render(scene: BodyScene) -> Rendered:
    """Render a scene."""
    person = build_person(scene)
    return render_person(scene, person, scene_camera(scene, person))


def render_person(scene: BodyScene, person: Person, camera: PinholeCamera) -> Rendered:
    """Render a person, and whatever else is among their meshes, in a scene's place and light."""
    rgba = stage().draw(person.meshes, camera, scene.lighting).astype(np.float32)
    rng = np.random.default_rng([scene.seed, 77])
    behind = paint_background(
        Background(scene.background), scene.background_colour, camera, scene.roll_deg, rng
    )
    behind *= _floor_shadow(person, camera, scene.lighting)[..., None]
    cover = rgba[..., 3:] / 255
    picture = (rgba[..., :3] + (1 - cover) * behind).astype(np.float32)
    return Rendered(
        rgb=expose(picture, scene.exposure, rng),
        silhouette=np.ascontiguousarray(cover[..., 0]),
        truth=scene_truth(scene, person, camera),
    )
