"""Phones see whole people, from the height and with the lens that were drawn."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("anny")
pytest.importorskip("pyvista")

from synthetic.scene.arrangement import build_person, extent_px
from synthetic.scene.phone import FOCAL_RANGE_MM, HEIGHT_RANGE_M, hold_phone, in_room
from synthetic.scene.render import render_person
from synthetic.scene.rooms import Room
from synthetic.scene.sampling import sample_scene

SEEDS = range(5)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_whole_person_is_seen_by_the_drawn_lens(seed: int) -> None:
    scene = sample_scene(seed)
    person = build_person(scene)
    phone = hold_phone(scene, person)
    camera = phone.camera
    low, high = extent_px(camera, person)
    assert (low >= 0).all()
    assert (high <= [camera.width_px, camera.height_px]).all()
    assert camera.centre_px == (camera.width_px / 2, camera.height_px / 2)
    assert FOCAL_RANGE_MM[0] <= phone.focal_mm <= FOCAL_RANGE_MM[1]
    assert HEIGHT_RANGE_M[0] <= camera.position[2] <= HEIGHT_RANGE_M[1]
    diagonal = math.hypot(camera.width_px, camera.height_px)
    assert camera.focal_px / diagonal == pytest.approx(phone.focal_mm / math.hypot(36, 24))
    assert -math.degrees(math.asin(camera.forward[2])) == pytest.approx(phone.scene.pitch_deg)


def test_a_seed_always_holds_the_phone_alike() -> None:
    scene = sample_scene(3)
    person = build_person(scene)
    assert hold_phone(scene, person).scene == hold_phone(scene, person).scene


def test_the_person_stands_before_the_room() -> None:
    scene = replace(sample_scene(2), background="plain")
    person = build_person(scene)
    phone = hold_phone(scene, person)
    rendered = render_person(phone.scene, person, phone.camera)
    rgb = in_room(rendered, phone, Room.FURNISHED)
    assert rgb.shape == rendered.rgb.shape
    inside = rendered.silhouette > 0.99
    apart = np.abs(rgb.astype(float) - rendered.rgb).mean(axis=2)
    assert apart[inside].mean() < apart[~inside].mean() / 2
