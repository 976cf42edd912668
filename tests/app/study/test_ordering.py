from __future__ import annotations

from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from app.study.ordering import fair_distance, shuffled_blocks

ANY_COUNT, ANY_REPEATS, ANY_SEED = st.integers(3, 60), st.integers(1, 6), st.integers(0, 2**32)


def subjects(count: int) -> list[str]:
    return [f"S{number}" for number in range(count)]


@given(ANY_COUNT, ANY_REPEATS, ANY_SEED)
def test_each_block_holds_every_subject_once(count: int, repeats: int, seed: int) -> None:
    blocks = shuffled_blocks(subjects(count), repeats, Random(seed))
    assert len(blocks) == repeats
    assert all(sorted(block) == sorted(subjects(count)) for block in blocks)


@given(ANY_COUNT, ANY_REPEATS, ANY_SEED)
def test_nobody_comes_again_soon(count: int, repeats: int, seed: int) -> None:
    blocks = shuffled_blocks(subjects(count), repeats, Random(seed))
    order = [one for block in blocks for one in block]
    for subject in subjects(count):
        places = [place for place, one in enumerate(order) if one == subject]
        gaps = [later - earlier for earlier, later in pairwise(places)]
        assert all(gap >= max(2, fair_distance(count)) for gap in gaps)


@given(ANY_COUNT, ANY_REPEATS, ANY_SEED)
def test_a_seed_brings_an_order_back(count: int, repeats: int, seed: int) -> None:
    once, again = (shuffled_blocks(subjects(count), repeats, Random(seed)) for _ in range(2))
    assert once == again


def test_every_order_that_is_allowed_comes_about_as_often() -> None:
    seen: dict[tuple[str, ...], int] = {}
    for seed in range(4000):
        first, second = shuffled_blocks(subjects(4), 2, Random(seed))
        # Told by the places in the block before, every first block gives the same orders.
        order = tuple(str(first.index(one)) for one in second)
        seen[order] = seen.get(order, 0) + 1
    # The last of four has three places, the one before too, then two, then one.
    assert len(seen) == 3 * 3 * 2
    assert all(abs(count - 4000 / 18) < 5 * (4000 / 18) ** 0.5 for count in seen.values())
