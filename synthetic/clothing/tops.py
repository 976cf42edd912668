"""Tops: bare straps, vests, shirts, sweaters, dresses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synthetic.body.drape import (
    COLUMNS,
    Tube,
    bridged,
    folds,
    gathered,
    hang,
    measure,
    plane_edge,
    surface_points,
    tube_mesh,
)
from synthetic.body.fitting import Figure, regions
from synthetic.body.mesh import clipped, smoothed
from synthetic.clothing.garments import Cloth, WaistLine, skin_tight

_Surface = tuple[NDArray[np.float32], NDArray[np.int32]]


@dataclass(frozen=True, slots=True)
class TopCut:
    """The cut of a top.

    Attributes
    ----------
    sleeve
        Where the sleeves end: below 0 none, 0.6 short, 1 elbow, 1.95 wrist.
    neckline_m
        How much wider than a crew neck the neckline is.
    hem
        Heights where the hem plane crosses y = 0, with its rise to the back.
    elastic_hem
        Whether the hem is gathered, as in a sweater.
    tucked
        Whether the hem is inside the bottom.
    """

    sleeve: float
    neckline_m: float
    hem: WaistLine
    elastic_hem: bool
    tucked: bool


def sports_bra(figure: Figure, under_m: float, offset_m: float) -> _Surface:
    """Return a sports bra that ends ``under_m`` below the armpits."""
    where = regions()
    vertices = figure.body.vertices
    keep = np.minimum(vertices[:, 2] - (figure.armpit_m - under_m), -0.16 - where.along_arm)
    keep = np.minimum(keep, where.neck_gap_m - 0.025)
    keep = np.where(where.arm > 0.5, -1.0, keep).astype(np.float32)
    return skin_tight(figure, keep, offset_m, 4)


def tight_top(figure: Figure, cut: TopCut, offset_m: float) -> _Surface:
    """Return a top like a second skin, such as a running shirt or a swimsuit's upper part."""
    where = regions()
    keep = np.minimum(cut.sleeve - where.along_arm, where.neck_gap_m - cut.neckline_m)
    trunk = where.arm < 0.25
    keep = np.where(trunk, np.minimum(keep, cut.hem.above(figure.body.vertices)), keep)
    keep = np.minimum(keep, 0.5 - where.hand).astype(np.float32)
    return skin_tight(figure, keep, offset_m, 4)


def _yoke(figure: Figure, cloth: Cloth, cut: TopCut, join_m: float) -> _Surface:
    """Return shoulders and sleeves, made from the skin."""
    where = regions()
    body = figure.body
    keep = np.minimum(cut.sleeve - where.along_arm, where.neck_gap_m - cut.neckline_m)
    trunk = where.arm < 0.25
    keep = np.where(trunk, np.minimum(keep, body.vertices[:, 2] - join_m), keep)
    keep = np.minimum(keep, 0.5 - where.hand).astype(np.float32)
    # A sleeve stands off more towards its end, and cloth is smoother than the skin below it.
    along = np.clip(where.along_arm / max(cut.sleeve, 0.3), 0.0, 1.0) * (where.arm > 0.3)
    lift = (0.004 + 0.35 * cloth.ease_m * (1 + 1.2 * along)).astype(np.float32)
    raised = body.vertices + lift[:, None] * figure.normals
    candidates = body.model.faces[(keep[body.model.faces] > 0).any(1)]
    used, compact = np.unique(candidates, return_inverse=True)
    faces = compact.reshape(-1, 3).astype(np.int32)
    cloth_points = smoothed(raised[used], faces, 2 + int(200 * cloth.ease_m))
    gap = np.einsum("ij,ij->i", cloth_points - body.vertices[used], figure.normals[used])
    pushed = cloth_points + np.maximum(0.004 - gap, 0)[:, None] * figure.normals[used]
    return clipped(pushed.astype(np.float32), faces, keep[used])


def outside_of(figure: Figure, others: list[_Surface]) -> Tube:
    """Return radii of the trunk together with garments on it."""
    tube = figure.trunk
    for vertices, faces in others:
        worn = measure(surface_points(vertices, faces), tube.heights, tube.centre)
        top, bottom = float(vertices[:, 2].max()), float(vertices[:, 2].min())
        covered = (tube.heights < top) & (tube.heights > bottom)
        radius = np.where(covered[:, None], np.maximum(tube.radius, worn.radius), tube.radius)
        tube = tube.with_radius(radius)
    return tube


def loose_top(
    figure: Figure,
    cloth: Cloth,
    cut: TopCut,
    waist: WaistLine | None,
    worn_below: list[_Surface],
    flare: float,
    rng: np.random.Generator,
) -> list[_Surface]:
    """Return a top that hangs from chest and shoulder blades.

    Parameters
    ----------
    waist
        Where a tucked top, or a dress with a waist, is held; None when nothing holds it.
    worn_below
        Bottoms over which an untucked top falls.
    flare
        Metres it widens for each metre down.
    """
    under = figure.trunk if cut.tucked else outside_of(figure, worn_below)
    z = under.heights[:, None]
    start = under.ring_index(figure.armpit_m + 0.05 * figure.scale)
    join = np.full(COLUMNS, figure.armpit_m + 0.01)
    room = np.clip((join[None] + 0.02 - z) / 0.12, 0.0, 1.0)
    own = bridged(figure.trunk.radius, cloth.bridge * 2) + 0.006
    # Cloth over cloth lies close: the room inside a garment does not add to that of the next.
    radius = np.maximum(own + cloth.ease_m * (0.35 + 0.65 * room), under.radius + 0.005)
    draped = hang(under.with_radius(radius), cloth.slope - flare, start)
    draped = folds(draped, cloth.fold_m * (0.25 + 0.75 * room), rng)
    bottom = plane_edge(draped, cut.hem.height_m, cut.hem.slope)
    if waist is not None:
        held = plane_edge(under, waist.height_m, waist.slope)
        # Cloth pulled up a little bulges over the band before it falls.
        draped = gathered(draped, under, held, 0.003, 0.5 + 12 * cloth.fold_m)
        if cut.tucked:
            bottom = held - 0.03
    if cut.elastic_hem:
        draped = gathered(draped, under, bottom, 0.007, 0.9)
    close = 0.001 if cut.tucked else 0.004
    draped = draped.with_radius(np.maximum(draped.radius, under.radius + close))
    trunk_part = tube_mesh(draped, join, np.minimum(bottom, join - 0.05))
    return [_yoke(figure, cloth, cut, figure.armpit_m - 0.03), trunk_part]
