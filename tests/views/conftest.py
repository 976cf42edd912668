"""The Check page, with a cupboard for a history and a pipeline that needs no model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.views import check_work
from app.views.check_page import CheckPage, CheckPreferences
from app.workers.jobs import Jobs
from app.workers.measuring import Answer, Photo
from tests.views.outcomes import SAMPLE, Cupboard, measured, rejected

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


@pytest.fixture
def cupboard() -> Cupboard:
    return Cupboard()


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    assert made.close(5000)


@pytest.fixture
def remembered() -> list[CheckPreferences]:
    return []


@pytest.fixture
def page(
    qtbot: QtBot, jobs: Jobs, cupboard: Cupboard, remembered: list[CheckPreferences]
) -> Iterator[CheckPage]:
    made = CheckPage(jobs, cupboard, remember=remembered.append, sample=SAMPLE)
    qtbot.addWidget(made)
    made.resize(920, 640)
    made.show()
    yield made
    made.close()


@pytest.fixture
def instant(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """Answer without a model: names with "front" are refused; collect what was asked."""
    asked: list[dict[str, object]] = []

    def measure(photo: Photo, points: object = None, vertical: object = None) -> Answer:
        asked.append({"name": photo.frame.source, "points": points, "vertical": vertical})
        return Answer(rejected() if "front" in photo.frame.source else measured(), ())

    monkeypatch.setattr(check_work, "measure", measure)
    return asked
