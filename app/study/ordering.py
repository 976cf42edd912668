"""In which order a rater sees the photographs: at random, and never one soon after itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random


def fair_distance(subjects: int) -> int:
    """Return how many places lie at least between two looks at one photograph.

    Half of all photographs: whoever remembers one has seen as many others since. From three
    photographs on, none follows itself.
    """
    return (subjects + 1) // 2


def shuffled_blocks(subjects: Sequence[str], repeats: int, random: Random) -> list[list[str]]:
    """Return the order for one rater: each repeat is a block that holds every subject once.

    Parameters
    ----------
    subjects
        Each once.
    repeats
        How many blocks there are.
    random
        Gives the same order for the same seed.
    """
    first = list(subjects)
    random.shuffle(first)
    blocks = [first]
    while len(blocks) < repeats:
        blocks.append(_next_block(blocks[-1], random))
    return blocks


def _next_block(before: Sequence[str], random: Random) -> list[str]:
    """Return another order in which each subject keeps the fair distance from its last place.

    Who came last in the block before may choose from the fewest places, and chooses first;
    whoever chooses later has those places and more. So every order that is allowed is as
    likely as any other.
    """
    count = len(before)
    free = list(range(count))
    chosen: dict[int, str] = {}
    for place in reversed(range(count)):
        earliest = place - count + fair_distance(count)
        open_to_it = [one for one in free if one >= earliest]
        taken = random.choice(open_to_it)
        free.remove(taken)
        chosen[taken] = before[place]
    return [chosen[place] for place in range(count)]
