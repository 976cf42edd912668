"""What is shown follows the pictures' angles, each with its picture's interval."""

from __future__ import annotations

import numpy as np
import pytest

from tests.vision.sightings import HALF_DEG, nobody, sighting
from tests.vision.stick_figures import Figure
from vision.live.smoothing import ShownTilt
from vision.result import Facing, Method


def test_the_interval_moves_with_the_number() -> None:
    shown = ShownTilt()
    shown.add(sighting(t_ms=0, tilt_deg=10))
    tilt = shown.add(sighting(t_ms=33, tilt_deg=14))
    assert tilt is not None
    assert 10 < tilt.angle_deg < 11
    assert tilt.angle_deg - tilt.low_deg == pytest.approx(HALF_DEG)
    assert tilt.high_deg - tilt.angle_deg == pytest.approx(HALF_DEG)


def test_a_refused_picture_shows_no_number_and_a_short_one_forgets_nothing() -> None:
    shown = ShownTilt()
    shown.add(sighting(t_ms=0, tilt_deg=10))
    assert shown.add(nobody(33)) is None
    assert shown.add(sighting(Figure(yaw_deg=50), t_ms=66)) is None
    tilt = shown.add(sighting(t_ms=100, tilt_deg=14))
    assert tilt is not None
    assert tilt.angle_deg < 12


@pytest.mark.parametrize("what", ["method", "facing", "gap", "reset"])
def test_another_kind_of_number_begins_anew(what: str) -> None:
    shown = ShownTilt()
    shown.add(sighting(t_ms=0, tilt_deg=10))
    if what == "reset":
        shown.reset()
    tilt = shown.add(
        sighting(
            Figure(facing=Facing.LEFT if what == "facing" else Facing.RIGHT),
            t_ms=1100 if what == "gap" else 33,
            tilt_deg=14,
            method=Method.STICKERS if what == "method" else Method.CONTOUR,
        )
    )
    assert tilt is not None
    assert tilt.angle_deg == 14


def test_a_still_person_has_a_still_number() -> None:
    rng = np.random.default_rng(3)
    shown = ShownTilt()
    tilts = [
        shown.add(sighting(t_ms=n * 50, tilt_deg=rng.normal(12, 1), half_deg=rng.normal(5, 0.1)))
        for n in range(300)
    ]
    assert np.std([tilt.angle_deg for tilt in tilts[20:] if tilt is not None]) < 0.4
