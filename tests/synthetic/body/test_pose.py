"""How bones take the skin along."""

from __future__ import annotations

import math

import numpy as np
import pytest

pytest.importorskip("anny")

from synthetic.body.model import Build, Flesh, load_body_model, phenotype_of
from synthetic.body.pose import Stance, connect, spine_turns

ROUND = Flesh((-0.08, 0.08), (-0.1, 0.06), (0.12, 0.28), (0.12, 0.28), 0.9, is_round=True)


def turned(tilt_deg: float, flesh: Flesh | None) -> tuple[np.ndarray, np.ndarray]:
    """Skin of a body whose pelvis alone has been turned, and where the bone takes it along."""
    model = load_body_model()
    vertices, heads = model.rest(*phenotype_of(Build()))
    rest = heads.astype(np.float64)
    skeleton = connect(model, rest, spine_turns(model, rest, Stance(), tilt_deg), rest[0])
    root = model.bones["root"]
    stiff = (vertices - rest[root]) @ skeleton.turns[root].T + skeleton.heads[root]
    return skeleton.skin(model, vertices, flesh), stiff


def test_no_flesh_given_is_the_usual() -> None:
    (skin, _), (same, _) = turned(12.0, None), turned(12.0, Flesh())
    np.testing.assert_allclose(skin, same, atol=1e-5)


@pytest.mark.parametrize("flesh", [Flesh(), ROUND])
def test_skin_that_follows_wholly_goes_with_the_pelvis(flesh: Flesh) -> None:
    model = load_body_model()
    skin, stiff = turned(15.0, flesh)
    follows = flesh.follows(model.default_rest) * model.bound
    wholly = follows > flesh.share - 1e-4
    assert wholly.sum() > 50
    # What does not follow the pelvis goes with its own bones: at most so far from it.
    slack_m = (1 - flesh.share) * 0.05 + 1e-5
    assert np.linalg.norm(skin - stiff, axis=1)[wholly].max() < slack_m


def test_skin_that_does_not_follow_goes_with_its_own_bones() -> None:
    model = load_body_model()
    alone = Flesh(share=0.0)
    (skin, _), (bare, _) = turned(15.0, ROUND), turned(15.0, alone)
    outside = ROUND.follows(model.default_rest) == 0
    np.testing.assert_allclose(skin[outside], bare[outside], atol=1e-6)
    # Anny's own skin lags behind, which is what binding it is for.
    assert np.linalg.norm(skin - bare, axis=1).max() > 0.01


def test_arms_beside_the_hips_are_not_taken_along() -> None:
    model = load_body_model()
    high, low = (0.3, 0.4), (-0.3, -0.2)
    flesh = Flesh(low, low, high, high)
    (skin, _), (bare, _) = turned(15.0, flesh), turned(15.0, Flesh(share=0.0))
    arms = (flesh.follows(model.default_rest) > 0.5) & ~model.bound
    assert arms.sum() > 50
    np.testing.assert_allclose(skin[arms], bare[arms], atol=1e-6)


def test_a_pelvis_turned_forward_lowers_what_is_in_front() -> None:
    model = load_body_model()
    (level, _), (tilted, _) = turned(0.0, None), turned(15.0, None)
    _, y, z = model.default_rest.T
    band = Flesh().follows(model.default_rest) * model.bound > 0.99
    front, back = (band & where & (z < 0.12) for where in (y < -0.08, y > 0.06))
    depth_m = level[back, 1].mean() - level[front, 1].mean()
    sunk_m, risen_m = (tilted[part, 2].mean() - level[part, 2].mean() for part in (front, back))
    assert risen_m - sunk_m == pytest.approx(depth_m * math.sin(math.radians(15)), rel=0.1)
