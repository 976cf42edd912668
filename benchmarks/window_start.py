"""How soon the window is on the screen: ``python -m benchmarks.window_start``.

Each round starts a program of its own, as a person does, and times it from outside, from the
start of the process to the first painted window. The first round, which reads files from the
disk, is told apart. Needs a screen; without one Qt's offscreen platform stands in.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.table import print_table, verdict

TARGET_S = 1.0
_PROGRAM = """
import sys, time
from app.gui.app import open_window
from app.system.qt import check_screen, create_app, keep_own_qt
keep_own_qt()
check_screen()
app = create_app()
window = open_window(app)
while not window.windowHandle().isExposed():
    app.processEvents()
window.repaint()
print(time.time(), "mediapipe" in sys.modules, flush=True)
window.close()
"""


def start_s(folder: Path) -> tuple[float, bool]:
    """Return the seconds until the window is painted, and whether mediapipe was loaded."""
    environment = os.environ | {
        "BELTLINE_CONFIG_DIR": str(folder / "config"),
        "XDG_DATA_HOME": str(folder / "data"),
    }
    begun = time.time()
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    at, loaded = done.stdout.split()
    return float(at) - begun, loaded == "True"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with tempfile.TemporaryDirectory() as folder:
        first, *warm = [start_s(Path(folder)) for _ in range(rounds + 1)]
    seconds = [taken for taken, _ in warm]
    middle = statistics.median(seconds)
    print_table(
        f"From start to window, {rounds} warm starts: seconds",
        ("first", "median", "slowest", "target", "of target", "mediapipe loaded", ""),
        [
            (
                f"{first[0]:.2f}",
                f"{middle:.2f}",
                f"{max(seconds):.2f}",
                f"{TARGET_S:.1f}",
                f"{middle / TARGET_S:.2f}",
                "yes" if any(loaded for _, loaded in warm) else "no",
                verdict(middle, TARGET_S),
            )
        ],
    )


if __name__ == "__main__":
    main()
