"""Programs killed at any moment: nothing told is lost, and nothing is left behind.

The long form (``--hostile``) kills 2,200 times. Real processes are killed with SIGKILL; they are
forked from one that has the history's modules loaded (:mod:`tests.hostile.nursery`), because
loading them takes ten times as long as what is tried.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
CLONE = Path(__file__).parents[2]
#: So many of a hundred are killed at work at least; the others had just ended.
AT_WORK_PERCENT = 50


@pytest.fixture(scope="module")
def try_deeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, range], None]]:
    """Do something with every seed, each in a process that is killed."""
    folder = tmp_path_factory.mktemp("nursery")
    command = [sys.executable, "-m", "tests.hostile.nursery", str(folder)]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(CLONE)}
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=CLONE,
        env=environment,
        text=True,
    ) as nursery:
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        ask, answers = nursery.stdin, nursery.stdout

        def attempt(name: str, seeds: range) -> None:
            killed = told = 0
            failed: list[str] = []
            for seed in seeds:
                ask.write(f"{name} {seed}\n")
                ask.flush()
                outcome = json.loads(answers.readline())
                killed += outcome["was_killed"]
                told += outcome["told"]
                failed += [f"seed {seed}: {problem}" for problem in outcome["problems"]]
            print(f"{name}: {killed} of {len(seeds)} killed at work, {told} things were told")
            assert failed == []
            if len(seeds) >= 100:
                assert 100 * killed >= AT_WORK_PERCENT * len(seeds)

        yield attempt
        ask.close()


@pytest.mark.rounds(short=3, long=200)
def test_first_starts(try_deeds: Callable[[str, range], None], seeds: range) -> None:
    try_deeds("start", seeds)


@pytest.mark.rounds(short=10, long=1000)
def test_saves(try_deeds: Callable[[str, range], None], seeds: range) -> None:
    try_deeds("save", seeds)


@pytest.mark.rounds(short=4, long=200)
def test_upgrades(try_deeds: Callable[[str, range], None], seeds: range) -> None:
    try_deeds("upgrade", seeds)


@pytest.mark.rounds(short=4, long=200)
def test_backups(try_deeds: Callable[[str, range], None], seeds: range) -> None:
    try_deeds("backup", seeds)


@pytest.mark.rounds(short=4, long=200)
def test_restores(try_deeds: Callable[[str, range], None], seeds: range) -> None:
    try_deeds("restore", seeds)


@pytest.mark.rounds(short=4, long=200)
def test_imports(try_deeds: Callable[[str, range], None], seeds: range) -> None:
    try_deeds("import", seeds)


@pytest.mark.rounds(short=4, long=200)
def test_deletions(try_deeds: Callable[[str, range], None], seeds: range) -> None:
    try_deeds("delete", seeds)
