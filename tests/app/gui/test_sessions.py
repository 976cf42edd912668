"""A few short sessions of random clicks and keys: no exception, no lost check, no dead key.

``python -m benchmarks window sessions`` does many, longer ones, and measures its pictures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.sessions import RandomSession, only_here
from tests.app.gui.outcomes import FRONTAL, SAMPLE

if TYPE_CHECKING:
    from pathlib import Path

    from PyQt6.QtWidgets import QApplication

_STEPS = 25


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_that_must_not_happen_happens(
    qapp: QApplication, tmp_path: Path, instant: list[dict[str, object]], seed: int
) -> None:
    with only_here(tmp_path):
        outcome = RandomSession(qapp, tmp_path / "own", seed, [SAMPLE, FRONTAL]).run(_STEPS)
    assert outcome.faults == []
    assert outcome.steps == _STEPS
    assert outcome.found + outcome.binned + outcome.purged >= outcome.saved
    del instant
