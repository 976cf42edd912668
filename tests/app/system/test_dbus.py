"""Whether a program keeps the screen on, asked of stand-ins for the desktops on a real bus."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.app.tray.test_on_a_desktop import CLONE, desktop
from tests.app.tray.test_on_a_desktop import pytestmark as needs_bus

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = needs_bus
_ASK = """
import time
from PyQt6.QtCore import QCoreApplication
app = QCoreApplication([])
from app.system import dbus
began_s = time.monotonic()
print(dbus.is_kept_on())
print(time.monotonic() - began_s)
"""


def asked(folder: Path, *parts: str) -> tuple[str, float]:
    """Return the answer and for how long it was waited for, seconds."""
    with desktop(folder, *parts) as made:
        done = subprocess.run(
            [sys.executable, "-c", _ASK],
            cwd=CLONE,
            env=made.environment,
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
    assert done.stderr == ""
    answer, took_s = done.stdout.split()
    return answer, float(took_s)


@pytest.mark.parametrize(
    ("parts", "answer"),
    [
        (("gnome", "film"), "True"),
        (("gnome",), "False"),
        (("kde", "film"), "True"),
        # A download keeps KDE awake, and is none of the others' business there.
        (("kde", "others"), "False"),
        (("others",), "True"),
        (("confused",), "None"),
        (("confused", "others"), "True"),
        ((), "None"),
    ],
)
def test_the_first_that_knows_is_believed(
    tmp_path: Path, parts: tuple[str, ...], answer: str
) -> None:
    assert asked(tmp_path, *parts)[0] == answer


def test_a_desktop_that_hangs_is_left_alone(tmp_path: Path) -> None:
    answer, took_s = asked(tmp_path, "gnome", "film", "slow")
    assert answer == "None"
    assert took_s < 1.5
