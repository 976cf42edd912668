"""The live check as a program of its own, whose memory, threads and open files are watched."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CLONE = Path(__file__).parents[2]
#: A view that needs no model, for what is about the camera alone.
WITHOUT_MODEL = """
import app.cli.live_stream
from app.__main__ import main
from tests.app.cli.test_live import View
app.cli.live_stream.LiveView = View
main()
"""


@dataclass(frozen=True, slots=True)
class Footprint:
    """What a process takes up.

    Attributes
    ----------
    memory_mb, peak_mb
        Now, and at most so far.
    threads, files
        How many there are, and how many are open.
    """

    memory_mb: float
    peak_mb: float
    threads: int
    files: int


def footprint_of(process: int | str = "self") -> Footprint:
    """Return what a process takes up; on Linux."""
    place = Path("/proc", str(process))
    status = (place / "status").read_text()

    def number(name: str) -> int:
        return int(status.partition(f"{name}:")[2].split()[0])

    files = len(list((place / "fd").iterdir()))
    memory_mb, peak_mb = number("VmRSS") / 1000, number("VmHWM") / 1000
    return Footprint(memory_mb, peak_mb, number("Threads"), files)


class LiveProgram:
    """``beltline live --json`` while it runs."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        #: All that it has printed so far.
        self.lines: list[dict[str, Any]] = []
        self.complaints = ""
        self._readers = [
            threading.Thread(target=read, daemon=True) for read in (self._read, self._read_errors)
        ]
        for reader in self._readers:
            reader.start()

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def footprint(self) -> Footprint:
        return footprint_of(self._process.pid)

    def sees(self, since: int = 0) -> bool:
        """Tell whether it has had a picture since it had printed so many lines."""
        return any(line["state"] != "lost" for line in self.lines[since:])

    def end(self) -> None:
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        self._process.kill()
        for reader in self._readers:
            reader.join(5)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.append(json.loads(line))

    def _read_errors(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self.complaints += line.decode()


@contextmanager
def live_program(address: str, *, has_model: bool = True) -> Iterator[LiveProgram]:
    """Have the program follow a camera."""
    code = ["-m", "app"] if has_model else ["-c", WITHOUT_MODEL]
    command = [sys.executable, *code, "live", "--json", "--camera", address]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=CLONE, stdout=pipe, stderr=pipe) as process:
        live = LiveProgram(process)
        try:
            yield live
        finally:
            live.end()


def wait_until(is_true: Callable[[], bool], at_most_s: float) -> bool:
    """Wait for something; tell whether it came."""
    until_s = time.monotonic() + at_most_s
    while time.monotonic() < until_s:
        if is_true():
            return True
        time.sleep(0.05)
    return False
