"""One worker by itself: what holds it up ends it, and nobody measures in another way."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import cv2
import pytest

from app.cohort import CohortError, worker
from app.cohort.listing import CohortPhoto
from app.cohort.measuring import Chunk, CohortOptions
from app.cohort.worker import ChunkAttempt, get_ready, try_chunk
from vision._version import __version__

CLONE = Path(__file__).parents[3]
OPTIONS = CohortOptions(quick=True)
HELD_UP = """
import ctypes
from app.cohort.worker import _watched

with _watched(60.0):
    pass
with _watched(0.2):
    {hold}
print("still there")
"""
#: Native code that lets no other thread of Python's run meanwhile.
HOLDS_PYTHON = "ctypes.PyDLL(None).sleep(30)"
SLEEPS = "__import__('time').sleep(30)"


def attempt(*paths: str, version: str = __version__) -> ChunkAttempt:
    photos = tuple(CohortPhoto(path, "unreadable") for path in paths)
    return ChunkAttempt(Chunk(photos, OPTIONS), "run", 3, 17, 60.0, version)


@pytest.fixture
def _is_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "get_ready", lambda: None)


@pytest.mark.parametrize("hold", [HOLDS_PYTHON, SLEEPS])
@pytest.mark.skipif(sys.platform == "win32", reason="sleep is Unix's")
def test_what_never_returns_ends_the_worker(hold: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", HELD_UP.format(hold=hold)],
        cwd=CLONE, capture_output=True, timeout=50, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")


@pytest.mark.usefixtures("_is_ready")
def test_a_chunk_gives_its_rows_in_order() -> None:
    rows = try_chunk(attempt("/nowhere/b.jpg", "/nowhere/a.jpg"))
    assert rows is not None
    assert [row["path"] for row in rows] == ["/nowhere/b.jpg", "/nowhere/a.jpg"]
    assert {row["status"] for row in rows} == {"error"}


@pytest.mark.usefixtures("_is_ready")
def test_another_version_measures_nothing() -> None:
    with pytest.raises(CohortError) as told:
        try_chunk(attempt("/nowhere/a.jpg", version="9.9.9"))
    assert "9.9.9" in str(told.value)
    assert __version__ in str(told.value)


@pytest.mark.usefixtures("_is_ready")
def test_threads_of_one_worker_measure_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inside = threading.Event()
    may_end = threading.Event()
    at_once: list[bool] = []

    def slowly(_: Chunk) -> list[object]:
        at_once.append(inside.is_set())
        inside.set()
        may_end.wait(10)
        inside.clear()
        return []

    monkeypatch.setattr(worker, "measure_chunk", slowly)
    threads = [
        threading.Thread(target=try_chunk, args=(attempt("/nowhere/a.jpg"),)) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    assert inside.wait(10)
    may_end.set()
    for thread in threads:
        thread.join(10)
    assert at_once == [False, False]


def test_a_worker_takes_one_core(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[bool] = []
    before = cv2.getNumThreads()
    monkeypatch.setattr(worker, "warm_up", lambda: loaded.append(True))
    try:
        get_ready.__wrapped__()  # type: ignore[attr-defined]
        assert cv2.getNumThreads() == 1
    finally:
        cv2.setNumThreads(before)
    assert loaded == [True]
