"""What the reminder costs while nothing happens: ``python -m benchmarks.tray_idle``.

Starts it as the window does, with a folder of its own, lets it settle, and watches the process
from outside: memory that is resident, and processor time per time that passes. Needs a screen;
without one Qt's offscreen platform stands in. Linux only, which tells both in ``/proc``.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.table import print_table, verdict

MEMORY_MB, CPU_PERCENT = 80.0, 0.1
_SETTLE_S = 5.0
#: Measuring, a picture library and a database are what it must do without.
_HEAVY = ("mediapipe", "cv2", "numpy", "sqlalchemy")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process holds and has used."""

    resident_mb: float
    cpu_s: float


def cost_of(process: int) -> Cost:
    """Return what a process costs by now."""
    # The name of the program, in brackets, may hold anything; what counts comes after it.
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
    return Cost(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, ticks / os.sysconf("SC_CLK_TCK"))


def loaded(process: int) -> list[str]:
    """Return which heavy libraries lie in a process's memory."""
    mapped = Path(f"/proc/{process}/maps").read_text("utf-8", "replace")
    return [name for name in _HEAVY if f"/{name}/" in mapped]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=120.0)
    watched_s = parser.parse_args().seconds
    environment = dict(os.environ)
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    with tempfile.TemporaryDirectory() as folder:
        environment |= {
            "BELTLINE_CONFIG_DIR": folder,
            "XDG_DATA_HOME": folder,
            "XDG_STATE_HOME": folder,
        }
        Path(folder, "reminder.json").write_text('{"is_on": true}', encoding="utf-8")
        command = [sys.executable, "-m", "app.tray", "--quiet"]
        with subprocess.Popen(command, env=environment) as tray:
            time.sleep(_SETTLE_S)
            before = cost_of(tray.pid)
            time.sleep(watched_s)
            after = cost_of(tray.pid)
            heavy = loaded(tray.pid)
            tray.terminate()
    percent = 100 * (after.cpu_s - before.cpu_s) / watched_s
    memory_mb = max(before.resident_mb, after.resident_mb)
    print_table(
        f"The reminder at rest, {watched_s:.0f} s",
        ("figure", "measured", "target", "of target", ""),
        [
            (
                "resident memory, MB",
                f"{memory_mb:.1f}",
                f"{MEMORY_MB:.0f}",
                f"{memory_mb / MEMORY_MB:.2f}",
                verdict(memory_mb, MEMORY_MB),
            ),
            (
                "processor, % of one core",
                f"{percent:.3f}",
                f"{CPU_PERCENT:.1f}",
                f"{percent / CPU_PERCENT:.2f}",
                verdict(percent, CPU_PERCENT),
            ),
            ("heavy libraries", ", ".join(heavy) or "none", "none", "", verdict(len(heavy), 0)),
        ],
    )


if __name__ == "__main__":
    main()
