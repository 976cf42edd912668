"""A desk for several pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.gui.check import measurement
from tests.app.gui.check.several.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    made = Desk(qtbot, tmp_path)
    monkeypatch.setattr(measurement, "measure", made.measure)
    yield made
    made.close()
