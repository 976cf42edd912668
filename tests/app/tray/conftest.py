"""A reminder whose clock and keyboard are told what to say."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from app.breaks.preferences import ReminderPreferences
from app.system.clock import Instant
from app.tray.service import Files, Inputs, ReminderService

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.system.calm.occupied import Occupied

#: A Tuesday.
MORNING = datetime(2026, 3, 3, 9, 0, tzinfo=timezone(timedelta(hours=1)))
TICK_S = 15.0


@dataclass
class World:
    """Time passes as it is told."""

    files: Files
    passed_s: float = 0.0
    idle_s: float | None = 0.0
    occupied: Occupied | None = None
    asked: int = 0
    services: list[ReminderService] = field(default_factory=list)

    def now(self) -> Instant:
        return Instant(1000.0 + self.passed_s, MORNING + timedelta(seconds=self.passed_s))

    def service(self, **chosen: object) -> ReminderService:
        """Return a reminder as a process has just started it, on by default."""
        preferences = ReminderPreferences.model_validate({"is_on": True, **chosen})
        made = ReminderService(
            preferences, self.files, Inputs(self.now, lambda: self.idle_s, self.ask)
        )
        self.services.append(made)
        return made

    def ask(self, then: Callable[[Occupied | None], None]) -> None:
        """Answer at once whether somebody may be disturbed."""
        self.asked += 1
        then(self.occupied)

    def sit(self, service: ReminderService, minutes: float) -> None:
        """Let somebody work at the computer."""
        for _ in range(round(60 * minutes / TICK_S)):
            self.passed_s += TICK_S
            service.tick()

    def go(self, service: ReminderService, minutes: float) -> None:
        """Let nobody touch the computer, then somebody again."""
        begun_s = self.passed_s
        for _ in range(round(60 * minutes / TICK_S)):
            self.passed_s += TICK_S
            self.idle_s = self.passed_s - begun_s
            service.tick()
        self.idle_s = 0.0
        self.passed_s += TICK_S
        service.tick()


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "data" / "breaks.jsonl", tmp_path / "data" / "memory.json")


@pytest.fixture
def world(qtbot: QtBot, files: Files) -> Iterator[World]:
    made = World(files)
    yield made
    for service in made.services:
        service.stop()


@pytest.fixture
def own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep this test's processes apart from all others."""
    config = tmp_path / "config"
    config.mkdir()
    monkeypatch.setenv("BELTLINE_CONFIG_DIR", str(config))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return config
