"""Damaged pictures of every format: a picture or a sentence, and never a traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.hostile.mutated_pictures import FORMATS, Outcome, usual_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CLONE = Path(__file__).parents[2]
#: Of those that show something else: what is measured in the long form; each takes 0.3 s.
MEASURED_OF_EACH = 60
LONGEST_S = 10.0
#: These hold sums over their pixels. In all others nobody can tell what a bit has changed, unless
#: the decoder stumbles over what follows it.
GUARDED = {"png", "deflate-tiff"}


@pytest.mark.rounds(short=12, long=2_000)
@pytest.mark.parametrize("name", FORMATS)
def test_a_damaged_picture_is_a_picture_or_a_sentence(name: str, seeds: range) -> None:
    is_long = len(seeds) > 12
    found = list(tries(name, seeds, MEASURED_OF_EACH if is_long else 0))
    assert [each["seed"] for each in found] == list(seeds)
    counts = Counter(each["outcome"] for each in found)
    differing = [each for each in found if each["outcome"] == Outcome.DIFFERS]
    print(f"\n{name}: {dict(counts)}", silent_numbers(name, differing) if is_long else "")
    failed = [each for each in found if each["outcome"] == Outcome.FAILED]
    assert failed == [], f"seed {failed[0]['seed']}: {failed[0]['said']}"
    slow = [(each["seed"], each["took_s"]) for each in found if each["took_s"] > LONGEST_S]
    assert slow == []
    if name in GUARDED:
        assert [each["seed"] for each in differing if each["share"] > 0.02] == []


def tries(name: str, seeds: Sequence[int], measured_of: int) -> Iterator[dict[str, Any]]:
    """Have a process of its own try them; one that dies is begun anew with the next."""
    left = list(seeds)
    while left:
        command = [sys.executable, "-m", "tests.hostile.mutated_pictures", name, str(measured_of)]
        said = subprocess.run(
            [*command, *map(str, left)], cwd=CLONE, capture_output=True, text=True, check=False
        )
        under_way = None
        for line in map(json.loads, said.stdout.splitlines()):
            if "begins" in line:
                under_way = line["begins"]
                left.remove(under_way)
            else:
                under_way = None
                yield line
        assert said.returncode == 0 or under_way is not None, said.stderr
        if under_way is not None:
            why = f"the process ended with {said.returncode}: {said.stderr[-500:]}"
            yield {"seed": under_way, "outcome": Outcome.FAILED, "said": why, "took_s": 0.0}


def silent_numbers(name: str, differing: Sequence[dict[str, Any]]) -> str:
    """Say how many pictures that show something else give a number, and how far it is off."""
    usual = usual_of(name).angle_deg
    assert usual is not None
    silent = [each for each in differing if each["angle_deg"] is not None and not each["is_warned"]]
    visibly = [each for each in silent if each["share"] > 0.02]
    off = [abs(each["angle_deg"] - usual) for each in silent]
    far = [each["seed"] for each, gap_deg in zip(silent, off, strict=True) if gap_deg > 3]
    return (
        f"of {min(MEASURED_OF_EACH, len(differing))} measured {len(silent)} give a number without "
        f"a word, {len(visibly)} of them visibly changed, {len(far)} over 3 deg off: {far}"
    )
