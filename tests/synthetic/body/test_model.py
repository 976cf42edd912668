"""Which skin follows the pelvis, and by how much."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("anny")

from synthetic.body.model import Build, Flesh, load_body_model, phenotype_of
from synthetic.body.person import body_mass_index

#: (x, y, z) on the default body: at the ASIS and the sacrum, at chest and knee, on a hand.
PELVIS = np.array([[0.1, -0.1, 0.11], [0.03, 0.08, 0.1]], np.float32)
AWAY = np.array([[0.0, -0.1, 0.35], [0.0, 0.1, 0.3], [0.1, 0.0, -0.4], [0.4, 0.0, 0.1]], np.float32)

metres = st.floats(-0.25, 0.25, width=32)
places = st.lists(st.tuples(metres, metres, metres), min_size=1, max_size=20).map(
    lambda all_m: np.array(all_m, np.float32)
)


@st.composite
def edges(draw: st.DrawFn, low_m: float, high_m: float) -> tuple[float, float]:
    middle, half = draw(st.floats(low_m, high_m)), draw(st.floats(0.02, 0.11))
    return middle - half, middle + half


fleshes = st.builds(
    Flesh,
    low_front_m=edges(-0.03, 0.07),
    low_back_m=edges(-0.1, 0.03),
    top_front_m=edges(0.15, 0.23),
    top_back_m=edges(0.15, 0.23),
    share=st.floats(0.5, 1),
    is_round=st.booleans(),
)


def test_the_skin_over_the_bones_follows_and_that_far_off_does_not() -> None:
    np.testing.assert_allclose(Flesh().follows(PELVIS), 1, atol=1e-6)
    np.testing.assert_array_equal(Flesh().follows(AWAY), 0)


@given(fleshes, places)
def test_skin_follows_by_a_share_of_what_the_bone_does(flesh: Flesh, rest: np.ndarray) -> None:
    follows = flesh.follows(rest)
    assert follows.shape == (len(rest),)
    assert follows.dtype == np.float32
    assert (follows >= 0).all()
    assert (follows <= flesh.share + 1e-6).all()
    whole = replace(flesh, share=1.0).follows(rest)
    np.testing.assert_allclose(follows, flesh.share * whole, atol=1e-6)


@given(fleshes, places)
def test_left_and_right_follow_alike(flesh: Flesh, rest: np.ndarray) -> None:
    np.testing.assert_array_equal(
        flesh.follows(rest), flesh.follows(rest * np.array([-1, 1, 1], np.float32))
    )


@given(fleshes)
def test_nothing_follows_outside_the_edges(flesh: Flesh) -> None:
    z = np.linspace(-0.4, 0.4, 161, dtype=np.float32)
    for y, low, top in (
        (-0.1, flesh.low_front_m, flesh.top_front_m),
        (0.1, flesh.low_back_m, flesh.top_back_m),
    ):
        follows = flesh.follows(np.column_stack([np.zeros_like(z), np.full_like(z, y), z]))
        np.testing.assert_allclose(follows[(z < low[0]) | (z > top[1])], 0, atol=1e-6)
        between = (z > low[1]) & (z < top[0])
        np.testing.assert_allclose(follows[between], flesh.share, atol=1e-5)


def test_round_flesh_fades_evenly_and_the_other_at_its_edges() -> None:
    sharp = Flesh(low_front_m=(0.0, 0.1))
    z = np.linspace(0.0, 0.1, 11, dtype=np.float32)
    front = np.column_stack([np.zeros_like(z), np.full_like(z, -0.1), z])
    np.testing.assert_allclose(
        replace(sharp, is_round=True).follows(front), np.linspace(0, 1, 11), atol=1e-5
    )
    told = sharp.follows(front)
    assert told[1] < 0.05
    assert told[5] == pytest.approx(0.5, abs=1e-5)
    assert told[9] > 0.95


def test_front_and_back_have_edges_of_their_own() -> None:
    flesh = Flesh(low_front_m=(0.05, 0.06), low_back_m=(-0.1, -0.09))
    front, back = flesh.follows(np.array([[0, -0.1, 0.0], [0, 0.1, 0.0]], np.float32))
    assert (front, back) == (0, 1)


def test_the_usual_flesh_is_what_the_model_is_bound_by() -> None:
    model = load_body_model()
    for weights in (model.weights, model.own_weights):
        np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-3)
    band = Flesh().follows(model.default_rest) * model.bound
    root = model.bones["root"]
    told = (1 - band)[:, None] * model.own_weights
    told[:, root] += band
    np.testing.assert_allclose(model.weights, told, atol=1e-6)
    assert (band > 0.5).sum() > 200


def test_arms_are_never_bound_to_the_pelvis() -> None:
    model = load_body_model()
    hands = [i for name, i in model.bones.items() if "finger" in name or "wrist" in name]
    is_hand = model.own_weights[:, hands].sum(axis=1) > 0.9
    assert is_hand.any()
    assert not model.bound[is_hand].any()


@pytest.mark.parametrize("sex", ["female", "male"])
def test_weight_goes_on_rising_beyond_the_heaviest(sex: str) -> None:
    model = load_body_model()
    by_fat = []
    for fat in (-0.8, 0.0, 1.0, 1.6, 2.4):
        build = Build(sex=sex, stature_m=1.7, fat=fat)
        vertices, _ = model.rest(*phenotype_of(build))
        assert np.ptp(vertices[:, 2]) == pytest.approx(1.7, abs=0.01)
        by_fat.append(body_mass_index(vertices, model.faces))
    assert (np.diff(by_fat) > 1.0).all()
