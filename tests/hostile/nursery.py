"""Processes that are killed: forked from one that has everything loaded, so that each is cheap.

Run as ``python -m tests.hostile.nursery FOLDER``. It reads lines of a deed's name and a seed, and
answers each with a line of JSON (:class:`Outcome`). A seed's process does the deed on a folder of
its own and is killed (SIGKILL) at a moment that the seed draws, from its beginning to a little
after it would have ended; another process then looks at what is left. The nursery itself opens
no database and starts no thread, so what it forks is as whole as a program just started.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
import traceback
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.hostile.deeds import DEEDS, Tell, make_templates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Some come after their deed's end: it may be told as done just then.
_BEYOND = 1.05
_KILLED = -signal.SIGKILL


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one try.

    Attributes
    ----------
    was_killed
        Whether it was still at work.
    told
        How many things it had told as done.
    problems
        What was lost, or left behind.
    """

    was_killed: bool
    told: int
    problems: list[str]


class Nursery:
    """Lets processes be born and killed.

    Parameters
    ----------
    folder
        Holds the templates, and one folder at a time for what is tried.
    """

    def __init__(self, folder: Path) -> None:
        self._templates, self._folder = folder / "templates", folder / "trial"
        self._spans_s: dict[str, float] = {}
        self._templates.mkdir()
        self._in_a_process(lambda _: make_templates(self._templates))

    def attempt(self, name: str, seed: int) -> Outcome:
        """Do a deed, kill who does it, and look at what is left."""
        if name not in self._spans_s:
            self._prepare(name)
            began = time.perf_counter()
            self._in_a_process(lambda tell: DEEDS[name].do(self._folder, tell))
            self._spans_s[name] = time.perf_counter() - began
        self._prepare(name)
        share = random.Random(f"{name} {seed}").uniform(0, _BEYOND)
        told, status = self._kill_after(name, share * self._spans_s[name])
        if status not in (0, _KILLED):
            return Outcome(False, len(told), [f"it failed by itself: {told[-1:]}"])
        found = self._in_a_process(
            lambda tell: [tell(one) for one in DEEDS[name].look(self._folder, told)]
        )
        return Outcome(status == _KILLED, len(told), found)

    def _prepare(self, name: str) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        shutil.copytree(self._templates / DEEDS[name].template, self._folder)

    def _kill_after(self, name: str, wait_s: float) -> tuple[list[str], int]:
        with _born(lambda tell: DEEDS[name].do(self._folder, tell)) as (pid, reader):
            time.sleep(wait_s)
            os.kill(pid, signal.SIGKILL)
            told = _lines(reader)
            return told, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    def _in_a_process(self, work: Callable[[Tell], object]) -> list[str]:
        with _born(work) as (pid, reader):
            told = _lines(reader)
            if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) != 0:
                told.append("looking at it failed")
            return told


@contextmanager
def _born(work: Callable[[Tell], object]) -> Iterator[tuple[int, int]]:
    """Let a process work; give its number and where to read what it tells, line by line."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.close(reader)
            work(lambda text: os.write(writer, f"{json.dumps(text)}\n".encode()))
            status = 0
        except BaseException:
            os.write(writer, f"{json.dumps(traceback.format_exc())}\n".encode())
        finally:
            os._exit(status)
    os.close(writer)
    try:
        yield pid, reader
    finally:
        os.close(reader)


def _lines(reader: int) -> list[str]:
    with os.fdopen(os.dup(reader), "rb") as stream:
        return [json.loads(line) for line in stream if line.endswith(b"\n")]


def _main() -> None:
    nursery = Nursery(Path(sys.argv[1]))
    for line in sys.stdin:
        name, seed = line.split()
        print(json.dumps(asdict(nursery.attempt(name, int(seed)))), flush=True)


if __name__ == "__main__":
    _main()
