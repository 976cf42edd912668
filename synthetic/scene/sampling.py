"""Drawing scenes: which bodies, poses, clothes, cameras and light, and how often."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from synthetic.body.model import Build, Flesh
from synthetic.body.person import REST_TILT_DEG, Bones
from synthetic.body.pose import ArmPose, Stance
from synthetic.clothing.accessories import Hair
from synthetic.clothing.garments import Fit
from synthetic.clothing.palette import Colour, Pattern, cloth_colour, hair_colour, skin_colour
from synthetic.clothing.wardrobe import Bottom, Outfit, Top, Tuck
from synthetic.scene.arrangement import BodyScene
from synthetic.scene.backgrounds import Background
from synthetic.scene.lighting import Exposure, Lamp, Lighting

if TYPE_CHECKING:
    from collections.abc import Mapping

_Kind = TypeVar("_Kind")

#: What shows of the tilt is drawn evenly: a bell-shaped draw makes a model's answers shrink to
#: the middle. The bones' own shape comes on top, see :data:`BONES_SD_DEG`.
TILT_RANGE_DEG = (-10.0, 30.0)
#: Spread of the bones' own shape between people: 4.2 deg in a public statistical shape model
#: of 324 people, 5 in pelves held still (Preece 2008).
BONES_SD_DEG = 4.5

#: Middle and spread of :attr:`Build.fat` that give the body mass index of ``ansur2.csv``
#: (25.5 and 27.7, SD 3.5 and 4.0) or a little more.
_FAT = {"female": (1.05, 0.65), "male": (0.85, 0.65)}
#: Whoever has not read the advice lets the arms hang.
_ARMS = {
    ArmPose.COLLAR_BONES: 0.30,
    ArmPose.FORWARD: 0.10,
    ArmPose.HANGING: 0.42,
    ArmPose.CROSSED: 0.12,
    ArmPose.BELLY: 0.06,
}
_SIZES_PX = {
    (480, 640): 0.05,
    (540, 720): 0.08,
    (600, 800): 0.14,
    (720, 960): 0.20,
    (576, 1024): 0.12,
    (750, 1000): 0.13,
    (900, 1200): 0.14,
    (960, 720): 0.05,
    (1024, 768): 0.05,
    (1280, 800): 0.04,
}
#: Their shares, and where the first lamp is: right, up, towards the camera.
_LIGHTS = {
    "soft": (0.42, (0.5, 0.6, 0.9)),
    "side": (0.23, (1.0, 0.4, 0.4)),
    "top": (0.21, (0.3, 1.0, 0.4)),
    "back": (0.08, (0.5, 0.5, -0.9)),
    "dim": (0.06, (0.6, 0.7, 0.5)),
}
_FITS = {Fit.TIGHT: 0.32, Fit.REGULAR: 0.38, Fit.LOOSE: 0.30}
#: Shares among women and among men.
_TOPS = {
    Top.BARE: (0.0, 0.20),
    Top.SPORTS_BRA: (0.12, 0.0),
    Top.SWIMSUIT: (0.05, 0.0),
    Top.VEST: (0.20, 0.14),
    Top.TSHIRT: (0.27, 0.36),
    Top.LONGSLEEVE: (0.10, 0.10),
    Top.SHIRT: (0.07, 0.10),
    Top.SWEATER: (0.06, 0.05),
    Top.HOODIE: (0.05, 0.05),
    Top.DRESS: (0.13, 0.0),
}
_BOTTOMS = {
    Bottom.BRIEFS: (0.10, 0.14),
    Bottom.TIGHT_SHORTS: (0.14, 0.10),
    Bottom.LEGGINGS: (0.30, 0.06),
    Bottom.SHORTS: (0.11, 0.29),
    Bottom.JEANS: (0.13, 0.17),
    Bottom.SLACKS: (0.07, 0.10),
    Bottom.SWEATPANTS: (0.07, 0.14),
    Bottom.SKIRT: (0.08, 0.0),
}
_HAIR = {
    Hair.BALD: (0.0, 0.15),
    Hair.SHORT: (0.16, 0.67),
    Hair.BOB: (0.2, 0.04),
    Hair.LONG: (0.22, 0.0),
    Hair.PONYTAIL: (0.22, 0.02),
    Hair.BUN: (0.16, 0.02),
    Hair.CAP: (0.04, 0.10),
}
_TOP_PATTERNS = {
    Pattern.PLAIN: 0.7,
    Pattern.STRIPES: 0.13,
    Pattern.PRINT: 0.09,
    Pattern.CHECKS: 0.08,
}
_BOTTOM_PATTERNS = {
    Pattern.PLAIN: 0.8,
    Pattern.SIDE_STRIPE: 0.08,
    Pattern.PRINT: 0.08,
    Pattern.CHECKS: 0.04,
}
_LEG_LENGTH = {
    Bottom.BRIEFS: (0.0, 1.0),
    Bottom.TIGHT_SHORTS: (0.12, 0.48),
    Bottom.LEGGINGS: (0.7, 1.0),
    Bottom.SHORTS: (0.12, 0.52),
    Bottom.JEANS: (0.93, 1.0),
    Bottom.SLACKS: (0.93, 1.0),
    Bottom.SWEATPANTS: (0.92, 1.0),
    Bottom.SKIRT: (0.25, 0.85),
    Bottom.NONE: (0.2, 0.7),
}


def sample_scene(seed: int) -> BodyScene:
    """Draw every variable of a scene from one number, always the same way."""
    # One stream for each group, so that a change in one group leaves the others as they were.
    body, pose, clothes, view, light, tilt, hidden = (
        np.random.default_rng([seed, k]) for k in range(7)
    )
    build = _draw_build(body)
    outfit = _draw_outfit(clothes, build, seed)
    size = _pick(view, _SIZES_PX)
    lowest = 0.78 if size[1] <= 720 else 0.66
    roll_spread = 0.5 if view.uniform() < 0.8 else 1.5
    lighting = _draw_lighting(light)
    arms = _pick(pose, _ARMS)
    near = (outfit.top_colours[0], outfit.bottom_colours[0])
    variation = pose.uniform(0, 1, 3)
    outline_deg = float(tilt.uniform(*TILT_RANGE_DEG))
    bones = _draw_bones(hidden)
    return BodyScene(
        seed=seed,
        tilt_deg=outline_deg + bones.shape_deg,
        build=build,
        stance=_draw_stance(pose, outline_deg),
        arms=arms,
        arm_variation=(float(variation[0]), float(variation[1]), float(variation[2])),
        fit=outfit.fit,
        outfit=outfit,
        skin_colour=skin_colour(body),
        facing="left" if view.uniform() < 0.5 else "right",
        yaw_deg=float(np.clip(view.normal(0.0, 5.5), -15, 15)),
        roll_deg=float(np.clip(view.normal(0.0, roll_spread), -3, 3)),
        pitch_deg=float(view.normal(1.0, 2.5)),
        camera_height_m=float(np.clip(view.normal(1.08, 0.25), 0.5, 1.8)),
        camera_distance_m=float(view.uniform(1.8, 4.5)),
        fill=float(view.uniform(lowest, 0.93)),
        place=(float(view.beta(3, 3)), float(view.uniform(0.2, 0.8))),
        width_px=size[0],
        height_px=size[1],
        background=str(light.choice([b.value for b in Background])),
        background_colour=_background_colour(light, near),
        lighting=lighting,
        exposure=_draw_exposure(light, lighting.kind),
        flesh=_draw_flesh(hidden),
        bones=bones,
    )


def judging_scene(seed: int) -> BodyScene:
    """Draw a scene for judging: its flesh and clothes are of kinds that training never draws.

    The skin follows the pelvis the less the further away it is, evenly, over long ways; tops are
    tunics, trouser legs and skirts wider, hems more slanted, waistbands higher.
    """
    scene = sample_scene(seed)
    rng = np.random.default_rng([seed, 7])
    outfit = scene.outfit
    flared = outfit.bottom in {Bottom.SKIRT, Bottom.NONE}
    outfit = replace(
        outfit,
        top_length=float(rng.uniform(1.05, 1.8)),
        hem_slope=float(rng.normal(0.0, 0.15)),
        waist_rise_m=outfit.waist_rise_m + float(rng.uniform(0.0, 0.05)),
        leg_width_m=float(rng.uniform(0.105, 0.13)),
        flare=float(rng.uniform(0.31, 0.38)) if flared else outfit.flare,
        sleeve_change=float(rng.uniform(-0.5, -0.3)),
    )
    return replace(scene, outfit=outfit, flesh=_draw_round_flesh(rng))


def seen_anew(scene: BodyScene, rng: np.random.Generator) -> BodyScene:
    """Return the same person before another camera."""
    return replace(
        scene,
        yaw_deg=float(np.clip(rng.normal(0.0, 5.5), -15, 15)),
        roll_deg=float(np.clip(rng.normal(0.0, 0.8), -3, 3)),
        pitch_deg=float(rng.normal(1.0, 2.5)),
        camera_height_m=float(np.clip(rng.normal(1.08, 0.25), 0.5, 1.8)),
        camera_distance_m=float(rng.uniform(1.8, 4.5)),
    )


def stood_anew(scene: BodyScene, rng: np.random.Generator) -> BodyScene:
    """Return the same person before the same camera, having taken up the stance once more."""
    stance = replace(
        scene.stance,
        trunk_lean_deg=scene.stance.trunk_lean_deg + float(rng.normal(0.0, 0.8)),
        hip_sway_percent=scene.stance.hip_sway_percent + float(rng.normal(0.0, 0.6)),
        knee_bend_deg=scene.stance.knee_bend_deg + float(rng.normal(0.0, 1.0)),
    )
    turned_deg = scene.yaw_deg + float(rng.normal(0.0, 2.5))
    return replace(scene, stance=stance, yaw_deg=float(np.clip(turned_deg, -15, 15)))


def _draw_edge(
    rng: np.random.Generator, middle_m: tuple[float, float], half_m: tuple[float, float]
) -> tuple[float, float]:
    """Draw where skin begins to follow the pelvis and where it does, or the other way round."""
    middle, half = rng.uniform(*middle_m), rng.uniform(*half_m)
    return float(middle - half), float(middle + half)


def _draw_round_flesh(rng: np.random.Generator) -> Flesh:
    half_m = 0.05, 0.11
    return Flesh(
        low_front_m=_draw_edge(rng, (-0.02, 0.06), half_m),
        low_back_m=_draw_edge(rng, (-0.07, 0.02), half_m),
        top_front_m=_draw_edge(rng, (0.16, 0.22), half_m),
        top_back_m=_draw_edge(rng, (0.16, 0.22), half_m),
        share=float(rng.uniform(0.85, 1.0)),
        is_round=True,
    )


def _draw_bones(rng: np.random.Generator) -> Bones:
    def shift() -> tuple[float, float]:
        outwards, up = rng.normal(0.0, (0.007, 0.008))
        return float(outwards), float(up)

    return Bones(
        shape_deg=float(np.clip(rng.normal(0.0, BONES_SD_DEG), -11, 11)),
        asis_shift_m=shift(),
        psis_shift_m=shift(),
        asis_share=float(rng.uniform(0.3, 0.7)),
    )


def _draw_flesh(rng: np.random.Generator) -> Flesh:
    """Draw how the skin follows the pelvis, between the groin and the waist."""
    half_m = 0.02, 0.065
    return Flesh(
        low_front_m=_draw_edge(rng, (-0.03, 0.075), half_m),
        low_back_m=_draw_edge(rng, (-0.10, 0.03), half_m),
        top_front_m=_draw_edge(rng, (0.15, 0.235), half_m),
        top_back_m=_draw_edge(rng, (0.15, 0.235), half_m),
        share=float(rng.uniform(0.85, 1.0)),
    )


def _signed(rng: np.random.Generator, spread: float, middle: float = 0.0) -> float:
    """Draw a value around 0, or another middle, at most 1 in size."""
    return float(np.clip(rng.normal(middle, spread), -1.0, 1.0))


def _draw_build(rng: np.random.Generator) -> Build:
    """Draw a body: ANSUR II's spread of build, widened, and beyond it upward.

    Anny's usual body is slimmer and deeper than the people measured there, hence the shifts.
    """
    sex = "female" if rng.uniform() < 0.5 else "male"
    middle, spread = (1.63, 0.07) if sex == "female" else (1.76, 0.075)
    muscle = float(np.clip(rng.normal(0.45, 0.2), 0.05, 0.95))
    usual, slope = _FAT[sex]
    fat = usual + slope * rng.normal() + (rng.uniform(0.4, 1.4) if rng.uniform() < 0.12 else 0.0)
    round_belly = rng.uniform() < 0.10
    belly = rng.uniform(0.4, 1.0) if round_belly else max(0.0, rng.normal(0.0, 0.2) + 0.08 * fat)
    ancestry = rng.dirichlet((0.7, 0.7, 0.7))
    return Build(
        sex=sex,
        age_years=float(rng.uniform(18, 80)),
        stature_m=float(np.clip(rng.normal(middle, spread), 1.45, 2.0)),
        fat=float(np.clip(fat, -0.85, 2.6)),
        muscle=muscle,
        proportions=float(rng.uniform(0.2, 0.95)),
        ancestry=(float(ancestry[0]), float(ancestry[1]), float(ancestry[2])),
        buttocks=_signed(rng, 0.45),
        belly=float(min(belly, 1.0)),
        belly_tone=_signed(rng, 0.45),
        hip_width=_signed(rng, 0.4),
        hip_depth=_signed(rng, 0.3, -0.35),
        chest_depth=_signed(rng, 0.35),
        chest_width=_signed(rng, 0.3),
        v_shape=_signed(rng, 0.3),
        waist=_signed(rng, 0.4),
        thighs=_signed(rng, 0.45),
        calves=_signed(rng, 0.4),
        legs=_signed(rng, 0.3),
        breasts=_signed(rng, 0.5) if sex == "female" else 0.0,
        breast_height=_signed(rng, 0.4),
        chest_muscle=_signed(rng, 0.3),
        neck=_signed(rng, 0.4),
    )


def _draw_stance(rng: np.random.Generator, outline_deg: float) -> Stance:
    """Draw how somebody stands.

    A pelvis that turns takes the lumbar curve with it, one to one (Levine and Whittle 1996);
    people whose pelvis is always tilted have no deeper curve than others (Youdas 1996). How much
    of a drawn tilt is the person's own and how much a turn away from it is drawn, too.
    """
    stepping = rng.uniform() < 0.2
    own_deg = rng.uniform(0.2, 1.0) * (outline_deg - REST_TILT_DEG) + rng.normal(0.0, 3.0)
    return Stance(
        trunk_lean_deg=float(np.clip(rng.normal(0.5, 3.5), -8, 10)),
        hip_sway_percent=float(np.clip(rng.normal(2.5, 2.5), -4, 8)),
        knee_bend_deg=float(np.clip(rng.normal(1.0, 5.0), -8, 16)),
        lordosis_deg=float(np.clip(rng.normal(0.0, 7.0) - 0.8 * own_deg, -28, 28)),
        kyphosis_deg=float(np.clip(rng.normal(3.0, 8.0), -12, 28)),
        head_forward_deg=float(np.clip(rng.normal(17, 8), -5, 45)),
        stagger_m=float(rng.uniform(-0.15, 0.15) if stepping else rng.normal(0.0, 0.015)),
        stance_m=float(rng.uniform(0.12, 0.32)),
        toe_out_deg=float(rng.normal(6.0, 6.0)),
        shoulder_turn_deg=float(np.clip(rng.normal(0.0, 4.0), -12, 12)),
    )


def _draw_lighting(rng: np.random.Generator) -> Lighting:
    kind = _pick(rng, {kind: share for kind, (share, _) in _LIGHTS.items()})
    aim = _LIGHTS[kind][1]
    lamps = []
    for index in range(int(rng.integers(2, 4))):
        spread = 0.35 if index == 0 else 0.9
        side = rng.choice([-1.0, 1.0])
        raw = np.array([aim[0] * side, aim[1], aim[2]]) + rng.normal(0, spread, 3)
        raw[1] = abs(raw[1])
        raw /= np.linalg.norm(raw)
        warmth = rng.normal(0.0, 0.06)
        strength = rng.uniform(0.6, 1.0) if index == 0 else rng.uniform(0.15, 0.45)
        lamps.append(
            Lamp(
                (float(raw[0]), float(raw[1]), float(raw[2])),
                float(strength),
                (1.0, float(1 - abs(warmth) / 2), float(np.clip(1 - warmth, 0.7, 1))),
            )
        )
    # Some light always comes back from around the camera.
    lamps.append(Lamp((0.2, 0.3, 0.93), float(rng.uniform(0.1, 0.3)), (1.0, 1.0, 1.0)))
    ambient = float(rng.uniform(0.35, 0.6) if kind in {"soft", "top"} else rng.uniform(0.22, 0.42))
    return Lighting(kind, tuple(lamps), ambient)


def _draw_exposure(rng: np.random.Generator, kind: str) -> Exposure:
    gain = float(rng.uniform(0.45, 0.7) if kind == "dim" else rng.uniform(0.8, 1.2))
    cast = 1 + rng.normal(0, 0.04, 3)
    return Exposure(
        gain=gain,
        gamma=float(rng.uniform(0.8, 1.25)),
        cast=(float(cast[0]), float(cast[1]), float(cast[2])),
        vignette=float(rng.uniform(0, 0.3)),
        blur_px=float(abs(rng.normal(0.4, 0.5))),
        noise=float(rng.uniform(0.5, 3.5) + (rng.uniform(2, 7) if kind == "dim" else 0.0)),
        jpeg_quality=int(rng.integers(55, 97)),
    )


def _background_colour(rng: np.random.Generator, near: tuple[Colour, Colour]) -> Colour:
    if rng.uniform() < 0.12:
        base = np.array(near[int(rng.integers(2))]) + rng.normal(0, 14, 3)
    elif rng.uniform() < 0.55:
        base = np.full(3, rng.uniform(110, 245)) + rng.normal(0, 10, 3)
    else:
        base = np.array(cloth_colour(rng))
    r, g, b = np.clip(base, 8, 250)
    return float(r), float(g), float(b)


def _pick(rng: np.random.Generator, shares: Mapping[_Kind, float]) -> _Kind:
    weights = np.array(list(shares.values()))
    return list(shares)[int(rng.choice(len(shares), p=weights / weights.sum()))]


def _pick_for(
    rng: np.random.Generator, sex: str, shares: Mapping[_Kind, tuple[float, float]]
) -> _Kind:
    """Draw from kinds with shares among women and men, as one of a sex would."""
    own = {kind: share[sex == "male"] for kind, share in shares.items()}
    return _pick(rng, {kind: share for kind, share in own.items() if share})


def _draw_tuck(rng: np.random.Generator, top: Top) -> Tuck:
    if top in {Top.SWEATER, Top.HOODIE}:
        return _pick(rng, {Tuck.UNTUCKED: 0.9, Tuck.CROPPED: 0.1})
    if top is Top.SHIRT:
        return _pick(rng, {Tuck.UNTUCKED: 0.4, Tuck.TUCKED: 0.6})
    return _pick(rng, {Tuck.UNTUCKED: 0.55, Tuck.TUCKED: 0.33, Tuck.CROPPED: 0.12})


def _draw_kinds(rng: np.random.Generator, sex: str) -> tuple[Top, Bottom]:
    top = _pick_for(rng, sex, _TOPS)
    bottom = _pick_for(rng, sex, _BOTTOMS)
    if top is Top.DRESS:
        bottom = Bottom.NONE
    elif top is Top.SWIMSUIT:
        bottom = Bottom.BRIEFS
    elif bottom is Bottom.BRIEFS:
        top = Top.BARE if sex == "male" else Top.SPORTS_BRA
    return top, bottom


def _draw_outfit(rng: np.random.Generator, build: Build, seed: int) -> Outfit:
    """Draw what a person wears; a big belly pushes the waistband down in front."""
    top, bottom = _draw_kinds(rng, build.sex)
    tuck = Tuck.TUCKED if top is Top.SWIMSUIT else _draw_tuck(rng, top)
    low, high = _LEG_LENGTH[bottom]
    belly = max(build.belly, build.fat, 0.0)
    main, lower = cloth_colour(rng), cloth_colour(rng)
    if top is Top.SWIMSUIT or (top is Top.SPORTS_BRA and rng.uniform() < 0.5):
        lower = main
    return Outfit(
        top=top,
        bottom=bottom,
        tuck=tuck,
        fit=_pick(rng, _FITS),
        top_looseness=float(rng.uniform()),
        bottom_looseness=float(rng.uniform()),
        waist_rise_m=float(np.clip(rng.normal(0.03, 0.04), -0.05, 0.12)),
        waist_offset_deg=float(rng.normal(0.0, 3.5) + 6.0 * belly * rng.uniform()),
        top_length=float(rng.uniform()),
        hem_slope=float(rng.normal(-0.02, 0.06)),
        leg_length=float(rng.uniform(low, high)),
        leg_width_m=float(rng.choice([0.0, 0.065, 0.08, 0.1], p=[0.4, 0.3, 0.2, 0.1])),
        flare=float(rng.uniform(0.0, 0.3)),
        sleeve_change=float(rng.uniform(-0.3, 0.05)),
        belted=bool(rng.uniform() < (0.55 if bottom in {Bottom.JEANS, Bottom.SLACKS} else 0.08)),
        shod=bool(rng.uniform() < (0.25 if bottom is Bottom.BRIEFS else 0.75)),
        hair=_pick_for(rng, build.sex, _HAIR),
        hair_volume=float(rng.uniform()),
        top_colours=(main, cloth_colour(rng)),
        bottom_colours=(lower, cloth_colour(rng)),
        belt_colour=cloth_colour(rng),
        shoe_colour=cloth_colour(rng),
        hair_colour=hair_colour(rng, build.age_years),
        patterns=(_pick(rng, _TOP_PATTERNS), _pick(rng, _BOTTOM_PATTERNS)),
        seed=seed,
    )
