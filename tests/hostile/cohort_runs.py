"""Runs of `beltline cohort measure` to be disturbed: their processes, and what is left of them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import psutil  # type: ignore[import-untyped]
from PIL import Image, ImageEnhance

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CLONE = Path(__file__).parents[2]
SAMPLES = CLONE / "sample_images"
_MARK = "BELTLINE_TEST_MARK"
_PATIENCE_S = 240.0
_GONE_S = 15.0


def make_photos(folder: Path, count: int, width_px: int = 540) -> None:
    """Fill a folder with small photographs, no two the same."""
    folder.mkdir()
    samples = sorted(SAMPLES.glob("*.jpg"))
    for number in range(count):
        with Image.open(samples[number % len(samples)]) as picture:
            small = picture.resize((width_px, width_px * picture.height // picture.width))
            share = 0.9 + 0.2 * number / count
            ImageEnhance.Brightness(small).enhance(share).save(folder / f"{number:04}.jpg")


def wait_until(is_so: Callable[[], bool], limit_s: float = _PATIENCE_S) -> bool:
    """Wait until something is so, and tell whether it came about."""
    until_s = time.monotonic() + limit_s
    while not (so := is_so()) and time.monotonic() < until_s:
        time.sleep(0.02)
    return so


class Processes:
    """Processes that are known by a mark in their environment.

    Parameters
    ----------
    folder
        Where they run, and leave nothing.
    environment
        What they know beside this process's.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._mark = uuid4().hex
        self._begun: list[subprocess.Popen[bytes]] = []
        self.folder = folder
        self.folder.mkdir()
        (self.folder / "tmp").mkdir()
        self._environment = os.environ | environment | {
            _MARK: self._mark,
            "PYTHONPATH": str(CLONE),
            "TMPDIR": str(self.folder / "tmp"),
            "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "10s",
        }  # fmt: skip

    def begin(self, *arguments: str, errors: Path) -> subprocess.Popen[bytes]:
        """Start a module of Python's with arguments."""
        with errors.open("wb") as stream:
            process = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                cwd=self.folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=stream,
                start_new_session=True,
            )
        self._begun.append(process)
        return process

    def running(self) -> list[psutil.Process]:
        """Return those that run."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                is_alive = process.status() != psutil.STATUS_ZOMBIE
                if is_alive and process.environ().get(_MARK) == self._mark:
                    found.append(process)
        return found

    def left(self) -> list[str]:
        """Return what is still there after a while that is enough to end in."""
        wait_until(lambda: not self.running(), _GONE_S)
        return [" ".join(process.cmdline()) for process in self.running()]

    def end(self) -> None:
        """End all of them at once."""
        for process in self.running():
            with suppress(psutil.Error):
                process.kill()
        for begun in self._begun:
            begun.wait()


def workers_of(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """Return the workers that a process keeps going."""
    with suppress(psutil.Error):
        children = psutil.Process(process.pid).children()
        return [child for child in children if "spawn_main" in " ".join(child.cmdline())]
    return []


class FarCluster:
    """A scheduler on loopback with two nannies, a worker each, all of them processes.

    Parameters
    ----------
    processes
        Starts them.
    """

    def __init__(self, processes: Processes) -> None:
        self._processes = processes
        self.scheduler: subprocess.Popen[bytes] | None = None
        self.nannies: list[subprocess.Popen[bytes]] = []
        self._log = processes.folder / "log"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{free.getsockname()[1]}"

    def begin_missing(self) -> None:
        """Start what does not run."""
        begin = self._processes.begin
        if self.scheduler is None or self.scheduler.poll() is not None:
            # Nannies that have lost it end by themselves, in their own time.
            for nanny in self.nannies:
                os.killpg(nanny.pid, signal.SIGKILL)
                nanny.wait()
            self.nannies = []
            self.scheduler = begin(
                *("distributed.cli.dask_scheduler", "--host", self.address),
                *("--no-dashboard", "--dashboard-address", "127.0.0.1:0"),
                errors=self._log,
            )
        self.nannies = [nanny for nanny in self.nannies if nanny.poll() is None]
        while len(self.nannies) < 2:
            nanny = begin(
                *("distributed.cli.dask_worker", self.address, "--nthreads", "1"),
                *("--host", "127.0.0.1", "--no-dashboard"),
                errors=self._log,
            )
            self.nannies.append(nanny)
