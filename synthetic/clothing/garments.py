"""Garments: from leggings to skirts, from bare straps to dresses, and the belt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

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
from synthetic.body.mesh import Surface, clipped, smoothed

if TYPE_CHECKING:
    from numpy.typing import NDArray

_COS = np.cos(np.arange(COLUMNS) * 2 * np.pi / COLUMNS)


class Fit(StrEnum):
    """How closely clothes follow the body."""

    TIGHT = "tight"
    REGULAR = "regular"
    LOOSE = "loose"


@dataclass(frozen=True, slots=True)
class Cloth:
    """How a garment falls.

    Attributes
    ----------
    ease_m
        Room between skin and cloth.
    slope
        As in :func:`synthetic.body.drape.hang`.
    fold_m
        Depth of folds.
    bridge
        As in :func:`synthetic.body.drape.bridged`.
    """

    ease_m: float
    slope: float
    fold_m: float
    bridge: int


def cloth_for(fit: Fit, looseness: float, heavy: bool = False) -> Cloth:
    """Return how a garment of a fit falls.

    Parameters
    ----------
    looseness
        0..1 within the fit.
    heavy
        Stiff or thick cloth such as denim or fleece: rounder, fewer small folds.
    """
    ranges = {
        Fit.TIGHT: ((0.003, 0.009), (2.5, 0.9), (0.0003, 0.0015), 2),
        Fit.REGULAR: ((0.009, 0.022), (0.7, 0.25), (0.0020, 0.0045), 4),
        Fit.LOOSE: ((0.020, 0.045), (0.22, 0.02), (0.0040, 0.0100), 8),
    }
    ease, slope, fold, bridge = ranges[fit]

    def between(ends: tuple[float, float]) -> float:
        return ends[0] + looseness * (ends[1] - ends[0])

    return Cloth(
        between(ease) + (0.005 if heavy else 0.0),
        between(slope),
        between(fold) * (0.7 if heavy else 1.0),
        bridge * (2 if heavy else 1),
    )


@dataclass(frozen=True, slots=True)
class WaistLine:
    """The plane of a waistband: its height at y = 0 and its rise towards the back.

    Attributes
    ----------
    height_m, slope
        As in :func:`synthetic.body.drape.plane_edge`; slope is the tangent of the belt angle.
    """

    height_m: float
    slope: float

    def above(self, vertices: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return how far vertices, shape (n, 3), are above the plane, m."""
        rise: NDArray[np.float32] = vertices[:, 2] - self.height_m - self.slope * vertices[:, 1]
        return rise.astype(np.float32)


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


def skin_tight(
    figure: Figure, keep: NDArray[np.float32], offset_m: float, smoothing: int
) -> Surface:
    """Return the part of the skin where ``keep`` is positive, moved outwards.

    Parameters
    ----------
    keep
        Shape (V,).
    offset_m
        Distance from the skin.
    smoothing
        Rounds of smoothing, which bridges small hollows.
    """
    faces = figure.body.model.faces
    chosen = faces[(keep[faces] > -1e-9).any(1)]
    raised = figure.body.vertices.copy()
    used, compact = np.unique(chosen, return_inverse=True)
    local = smoothed(raised[used], compact.reshape(-1, 3).astype(np.int32), smoothing)
    outwards = np.einsum("ij,ij->i", local - raised[used], figure.normals[used])
    raised[used] += np.maximum(outwards, 0)[:, None] * figure.normals[used]
    return clipped(raised + offset_m * figure.normals, chosen, keep)


def tight_bottom(figure: Figure, waist: WaistLine, hem_m: float, offset_m: float) -> Surface:
    """Return leggings or tight shorts from the waist line to a hem at a height."""
    where = regions()
    vertices = figure.body.vertices
    keep = np.minimum(-waist.above(vertices), vertices[:, 2] - hem_m)
    keep = np.where(where.arm > 0.25, -1.0, np.minimum(keep, 0.45 - where.foot))
    return skin_tight(figure, keep.astype(np.float32), offset_m, 3)


def briefs(figure: Figure, waist: WaistLine, leg_cut: float, offset_m: float) -> Surface:
    """Return underwear or swimwear; ``leg_cut`` 0 = boxer-like, 1 = high at the sides."""
    where = regions()
    vertices = figure.body.vertices
    line = figure.crotch_m + (0.02 + 0.75 * leg_cut * np.abs(vertices[:, 0])) - 0.03
    line = line - (1 - leg_cut) * 0.06 - 0.25 * leg_cut * np.maximum(vertices[:, 1], 0.0)
    keep = np.minimum(-waist.above(vertices), vertices[:, 2] - line)
    keep = np.where(where.arm > 0.25, -1.0, keep).astype(np.float32)
    return skin_tight(figure, keep, offset_m, 2)


def _mid_plane_limit(tube: Tube) -> NDArray[np.float64]:
    """Return the radius at which each ray of a leg's tube meets the plane between the legs."""
    sign = np.sign(tube.centre[:, :1])
    inwards = -sign * _COS[None]
    room = np.abs(tube.centre[:, :1]) + 0.002
    limit: NDArray[np.float64] = np.where(inwards > 1e-3, room / np.maximum(inwards, 1e-3), 9.0)
    return limit


def leg_tubes(
    figure: Figure,
    cloth: Cloth,
    waist: WaistLine,
    hem_m: float,
    leg_width_m: float,
    elastic_hem: bool,
    rng: np.random.Generator,
) -> list[Surface]:
    """Return two trouser legs, each with its half of the seat, that meet in the middle.

    Parameters
    ----------
    hem_m
        Height at which the legs end.
    leg_width_m
        Least radius below the knee: slim 0, wide 0.12.
    elastic_hem
        Whether the hem is gathered, as in sweatpants.
    """
    pieces = []
    for body_tube in figure.legs:
        limit = _mid_plane_limit(body_tube)
        top = plane_edge(body_tube, waist.height_m, waist.slope)
        z = body_tube.heights[:, None]
        room = np.clip((top[None] - z) / 0.10, 0.15, 1.0)
        radius = bridged(body_tube.radius, cloth.bridge) + 0.004 + cloth.ease_m * room
        below_knee = np.clip((figure.knee_m + 0.1 - z) / 0.15, 0.0, 1.0)
        radius = np.maximum(radius, leg_width_m * below_knee)
        start = body_tube.ring_index(float(top.max()))
        draped = hang(body_tube.with_radius(radius), cloth.slope, start)
        amplitude = cloth.fold_m * np.clip((top[None] - z) / 0.15, 0.1, 1.0)
        stacking = 1.0 + 1.5 * np.clip((figure.ankle_m + 0.15 - z) / 0.15, 0.0, 1.0)
        draped = folds(draped, amplitude * stacking, rng)
        if elastic_hem:
            edge = np.full(COLUMNS, hem_m)
            draped = gathered(draped, body_tube, edge, 0.008, 0.7)
        draped = gathered(draped, body_tube, top, 0.006 + 0.2 * cloth.ease_m, 0.6)
        smallest = np.minimum(body_tube.radius + 0.004, limit)
        radius = np.maximum(np.minimum(draped.radius, limit), smallest)
        bottom = np.minimum(np.full(COLUMNS, hem_m), top - 0.05)
        pieces.append(tube_mesh(draped.with_radius(radius), top, bottom))
    return pieces


def skirt(
    figure: Figure,
    cloth: Cloth,
    waist: WaistLine,
    hem_m: float,
    flare: float,
    rng: np.random.Generator,
) -> Surface:
    """Return a skirt; ``flare`` is how many metres it widens for each metre down."""
    body_tube = figure.trunk
    top = plane_edge(body_tube, waist.height_m, waist.slope)
    radius = bridged(body_tube.radius, 16) + 0.005
    z = body_tube.heights[:, None]
    radius = radius + cloth.ease_m * np.clip((top[None] - z) / 0.12, 0.0, 1.0)
    start = body_tube.ring_index(float(top.max()))
    draped = hang(body_tube.with_radius(radius), min(cloth.slope, 0.35) - flare, start)
    draped = folds(draped, cloth.fold_m * 1.6 * np.clip((top[None] - z) / 0.25, 0.0, 1.5), rng)
    draped = gathered(draped, body_tube, top, 0.006, 0.8)
    draped = draped.with_radius(np.maximum(draped.radius, body_tube.radius + 0.004))
    return tube_mesh(draped, top, np.full(COLUMNS, hem_m))


def sports_bra(figure: Figure, under_m: float, offset_m: float) -> Surface:
    """Return a sports bra that ends ``under_m`` below the armpits."""
    where = regions()
    vertices = figure.body.vertices
    keep = np.minimum(vertices[:, 2] - (figure.armpit_m - under_m), -0.16 - where.along_arm)
    keep = np.minimum(keep, where.neck_gap_m - 0.025)
    keep = np.where(where.arm > 0.5, -1.0, keep).astype(np.float32)
    return skin_tight(figure, keep, offset_m, 4)


def _covered(cut: TopCut, above_end: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return what of the skin a top covers where positive: arms, and the trunk above an end."""
    where = regions()
    keep = np.minimum(cut.sleeve - where.along_arm, where.neck_gap_m - cut.neckline_m)
    keep = np.where(where.arm < 0.25, np.minimum(keep, above_end), keep)
    covered: NDArray[np.float32] = np.minimum(keep, 0.5 - where.hand).astype(np.float32)
    return covered


def tight_top(figure: Figure, cut: TopCut, offset_m: float) -> Surface:
    """Return a top like a second skin, such as a running shirt or a swimsuit's upper part."""
    keep = _covered(cut, cut.hem.above(figure.body.vertices))
    return skin_tight(figure, keep, offset_m, 4)


def _yoke(figure: Figure, cloth: Cloth, cut: TopCut, join_m: float) -> Surface:
    """Return shoulders and sleeves, made from the skin."""
    where = regions()
    body = figure.body
    keep = _covered(cut, body.vertices[:, 2] - join_m)
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


def outside_of(figure: Figure, others: list[Surface]) -> Tube:
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
    worn_below: list[Surface],
    flare: float,
    rng: np.random.Generator,
) -> list[Surface]:
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


def belt(outside: Tube, waist: WaistLine, width_m: float, thickness_m: float) -> Surface:
    """Return a band around the trousers just below their upper edge.

    Parameters
    ----------
    outside
        Radii of everything under the belt.
    """
    middle = WaistLine(waist.height_m - width_m / 2 - 0.003, waist.slope)
    raised = outside.with_radius(bridged(outside.radius, 16) + thickness_m)
    top = plane_edge(raised, middle.height_m + width_m / 2, waist.slope)
    return tube_mesh(raised, top, top - width_m, ring_m=0.01)
