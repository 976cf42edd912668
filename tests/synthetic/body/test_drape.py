from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from synthetic.body.drape import COLUMNS, STEP_M, Tube, bridged, gathered, hang, measure, tube_mesh
from synthetic.body.mesh import clipped, grid_faces, vertex_normals

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray


def _tube(radius_at: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> Tube:
    heights = np.arange(1.0, 0.0, -STEP_M)
    radius = np.repeat(radius_at(heights)[:, None], COLUMNS, axis=1)
    return Tube(heights, np.zeros((len(heights), 2)), radius)


def test_plumb_cloth_keeps_the_widest_radius_above_it() -> None:
    tube = _tube(lambda z: 0.1 + 0.05 * np.exp(-(((z - 0.6) / 0.1) ** 2)))
    fallen = hang(tube, 0.0).radius
    below = tube.heights < 0.6
    np.testing.assert_allclose(fallen[below], tube.radius.max(), atol=1e-12)
    np.testing.assert_array_equal(fallen[tube.heights > 0.61], tube.radius[tube.heights > 0.61])


def test_cloth_with_a_slope_comes_back_by_that_slope() -> None:
    tube = _tube(lambda z: np.where(z > 0.5, 0.2, 0.1))
    fallen = hang(tube, 0.25)
    assert fallen.radius[fallen.ring_index(0.3), 0] == pytest.approx(0.2 - 0.25 * 0.2, abs=0.005)


def test_cloth_never_enters_the_body_and_hangs_plumb_under_a_moving_centre() -> None:
    tube = _tube(lambda z: 0.1 + 0.0 * z)
    centre = np.stack([np.zeros(100), 0.3 * (1 - tube.heights)], axis=1)
    leaning = Tube(tube.heights, centre, tube.radius)
    fallen = hang(leaning, 0.0)
    assert (fallen.radius >= leaning.radius - 1e-12).all()
    front = 3 * COLUMNS // 4
    front_y = fallen.centre[:, 1] - fallen.radius[:, front]
    np.testing.assert_allclose(front_y, front_y[0], atol=1e-9)


def test_bridging_spans_a_cleft_and_leaves_a_circle_alone() -> None:
    circle = np.full((1, COLUMNS), 0.2)
    np.testing.assert_allclose(bridged(circle, 16), circle, atol=1e-12)
    cleft = circle.copy()
    cleft[0, 10] = 0.12
    assert bridged(cleft, 2)[0, 10] > 0.19


def test_an_elastic_edge_holds_cloth_close() -> None:
    body = _tube(lambda z: 0.1 + 0.0 * z)
    wide = body.with_radius(body.radius + 0.1)
    held = gathered(wide, body, np.full(COLUMNS, 0.5), 0.005, 0.5)
    assert held.radius[held.ring_index(0.5), 0] == pytest.approx(0.105, abs=0.003)
    assert held.radius[held.ring_index(0.9), 0] == pytest.approx(0.2, abs=0.003)


def test_measuring_a_cylinder_gives_its_radius() -> None:
    angle = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    z = np.arange(0.0, 1.0, 0.004)
    points = np.stack(
        [
            np.tile(0.15 * np.cos(angle), len(z)),
            np.tile(0.15 * np.sin(angle) + 0.02, len(z)),
            np.repeat(z, len(angle)),
        ],
        axis=1,
    ).astype(np.float32)
    heights = np.arange(0.9, 0.1, -STEP_M)
    tube = measure(points, heights, np.tile([0.0, 0.02], (len(heights), 1)))
    np.testing.assert_allclose(tube.radius, 0.15, atol=1e-3)


def test_tube_meshes_are_closed_around_and_face_outwards() -> None:
    tube = _tube(lambda z: 0.1 + 0.0 * z)
    vertices, faces = tube_mesh(tube, np.full(COLUMNS, 0.8), np.full(COLUMNS, 0.4))
    assert faces.max() == len(vertices) - 1
    normals = vertex_normals(vertices, faces)
    outwards = (normals[:, :2] * vertices[:, :2]).sum(1)
    assert (outwards > 0).all()


def test_clipping_cuts_exactly_at_the_line() -> None:
    grid = np.stack(np.meshgrid(np.linspace(0, 1, 11), np.linspace(0, 1, 11)), -1).reshape(-1, 2)
    vertices = np.column_stack([grid, np.zeros(len(grid))]).astype(np.float32)
    rows = np.arange(10)[:, None] * 11 + np.arange(10)
    a = rows.ravel()
    faces = np.concatenate(
        [np.stack([a, a + 1, a + 11], 1), np.stack([a + 1, a + 12, a + 11], 1)]
    ).astype(np.int32)
    keep = (vertices[:, 0] + 0.5 * vertices[:, 1] - 0.62).astype(np.float32)
    kept, triangles = clipped(vertices, faces, keep)
    corners = kept[triangles]
    area = 0.5 * np.abs(
        np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])[:, 2]
    )
    assert area.sum() == pytest.approx(1 - (0.62 + 0.12) / 2, abs=1e-4)
    assert (kept[:, 0] + 0.5 * kept[:, 1]).min() == pytest.approx(0.62, abs=1e-5)
    assert grid_faces(2, 3).shape == (6, 3)
