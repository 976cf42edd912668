"""The reminder runs all day, so it loads nothing heavy; and its clock."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.system import clock

_ROOT = Path(__file__).parents[3]
_HEAVY = {"PyQt6", "alembic", "cv2", "matplotlib", "mediapipe", "numpy", "sqlalchemy"}
_LOAD = """
import importlib, pkgutil, sys
import app.breaks
for module in pkgutil.iter_modules(app.breaks.__path__):
    importlib.import_module(f"app.breaks.{module.name}")
print(*{name.partition(".")[0] for name in sys.modules})
"""


def test_no_screen_no_database_and_no_measuring_is_loaded() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LOAD], cwd=_ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "pydantic" in loaded
    assert loaded & _HEAVY == set()


def test_the_clock_runs_forward_and_knows_its_zone() -> None:
    first = clock.now()
    time.sleep(0.02)
    second = clock.now()
    assert 0.015 < second.elapsed_s - first.elapsed_s < 5
    assert second.local.utcoffset() is not None
    assert abs(second.local - datetime.now(UTC)) < timedelta(seconds=5)
