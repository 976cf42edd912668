"""Many photographs in several processes: the same answers, and an end as clean as with one."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from app.errors import BrokenInstallation
from app.system import cores
from app.system.cores import worker_count
from app.system.shell import Status
from tests.app.cli.runner import beltline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.app.cli.runner import Request

CLONE = Path(__file__).parents[3]
SAMPLES = sorted((CLONE / "sample_images").glob("*.jpg"))
#: One process runs them all: each measures with two.
pytestmark = pytest.mark.xdist_group("workers")
ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
_MARK = "BELTLINE_TEST_MARK"
#: Much longer than it takes: the machine may be busy.
_END_S = 15.0
_BUSY_S = 100.0


@pytest.fixture
def mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """By which the processes of a test are known; each has a history of its own."""
    found = uuid4().hex
    monkeypatch.setenv(_MARK, found)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("BELTLINE_DATABASE_URL", raising=False)
    return found


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "app", "measure", "--json", *map(str, arguments)]


def measure(*arguments: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        command(*arguments), cwd=CLONE, capture_output=True, timeout=_BUSY_S, check=False
    )


def processes(mark: str) -> Iterator[tuple[int, bytes]]:
    """Give the number and the command line of each process with a mark, but this one."""
    wanted = f"{_MARK}={mark}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if int(process.name) != os.getpid() and wanted in (process / "environ").read_bytes():
                yield int(process.name), (process / "cmdline").read_bytes()
        except OSError:  # gone, or somebody else's
            continue


def workers(mark: str) -> list[int]:
    return [number for number, line in processes(mark) if b"spawn_main" in line]


def assert_none_is_left(mark: str) -> None:
    until_s = time.monotonic() + _END_S
    while (left := [*processes(mark)]) and time.monotonic() < until_s:
        time.sleep(0.05)
    assert left == []


@pytest.fixture
def started(mark: str) -> Iterator[subprocess.Popen[bytes]]:
    """A program that measures for long with two processes, and hears what ends it."""

    def prepare() -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)

    with subprocess.Popen(
        command(*SAMPLES * 4, "--quick", "--workers", 2),
        cwd=CLONE,
        bufsize=0,  # or lines after the first would wait where `communicate` does not look
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=prepare,
    ) as program:
        yield program
        program.kill()


@pytest.mark.timeout(200)  # of the clock, on a busy machine; it takes some seconds
def test_two_processes_say_draw_and_keep_the_same_though_one_is_killed(
    mark: str, tmp_path: Path
) -> None:
    given = [*SAMPLES, tmp_path / "gone.jpg"]
    found: list[list[dict[str, Any]]] = []
    for count in ("1", "2"):
        kept = "--save", "--profile", f"Ana {count}", "--overlay", tmp_path / count
        with subprocess.Popen(
            command(*given, "--quick", "--workers", count, *kept),
            cwd=CLONE,
            bufsize=0,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as program:
            assert program.stdout is not None
            first = program.stdout.readline()
            if count == "2" and sys.platform == "linux":
                os.kill(workers(mark)[0], signal.SIGKILL)
            out, said = program.communicate(timeout=_BUSY_S)
        assert (program.returncode, said) == (Status.NOT_ALL_MEASURED, b"")
        found.append([json.loads(line) for line in (first + out).splitlines()])
    one, two = found
    assert [line["source"] for line in one] == [str(path) for path in given]
    for line in (*one, *two):
        # The second run is kept after the first.
        line["check_id"] = line["check_id"] is not None
    assert two == one
    drawn = {path.name: path.read_bytes() for path in (tmp_path / "1").iterdir()}
    assert drawn == {path.name: path.read_bytes() for path in (tmp_path / "2").iterdir()}
    assert len(drawn) == len(SAMPLES)
    pictures = [path.read_bytes() for path in (tmp_path / "data").rglob("*.jpg")]
    assert len(pictures) == 2 * len(set(pictures)) > 0


def test_the_careful_look_is_the_same_too(mark: str) -> None:
    given = SAMPLES[0], "gone.jpg"
    one, two = (measure(*given, "--workers", count) for count in (1, 2))
    assert two.stdout == one.stdout
    assert two.returncode == one.returncode
    assert json.loads(one.stdout.splitlines()[0])["status"] == "measured"


@ON_LINUX
@pytest.mark.parametrize(
    ("number", "is_early"),
    [(signal.SIGINT, False), (signal.SIGTERM, True), (signal.SIGHUP, True)],
)
def test_a_signal_to_all_ends_all(
    mark: str, started: subprocess.Popen[bytes], number: signal.Signals, is_early: bool
) -> None:
    """A terminal sends to every process that it started, and some of them only just begin."""
    wait_for_work(mark, started, is_early=is_early)
    os.killpg(started.pid, number)
    begun_s = time.monotonic()
    out, said = started.communicate(timeout=_BUSY_S)
    assert (started.returncode, said) == (128 + number, b"")
    assert all(json.loads(line) for line in out.splitlines())
    assert time.monotonic() - begun_s < _END_S
    assert_none_is_left(mark)


@ON_LINUX
def test_a_reader_that_leaves_ends_all(mark: str, started: subprocess.Popen[bytes]) -> None:
    assert started.stdout is not None
    started.stdout.readline()
    started.stdout.close()
    assert started.wait(_BUSY_S) == Status.PIPE_CLOSED
    assert started.stderr is not None
    assert started.stderr.read() == b""
    assert_none_is_left(mark)


@ON_LINUX
def test_when_the_program_is_killed_its_processes_leave(
    mark: str, started: subprocess.Popen[bytes]
) -> None:
    wait_for_work(mark, started, is_early=True)
    started.kill()
    assert_none_is_left(mark)


def wait_for_work(mark: str, program: subprocess.Popen[bytes], *, is_early: bool) -> None:
    """Wait until a process begins, or until the first line is there."""
    assert program.stdout is not None
    while is_early and not workers(mark):
        time.sleep(0.01)
    if not is_early:
        program.stdout.readline()


@pytest.mark.parametrize(
    "arguments",
    [
        ("measure", 1),
        ("measure", 2, "--series"),
        ("measure", 3),
        ("measure", 15, "--quick"),
        ("measure", 9, "--workers", "1"),
        ("range", 9),
    ],
)
def test_few_photographs_start_no_process(
    tmp_path: Path,
    photo: Path,
    answers: list[Request],
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, int, str],
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("no process was wanted")

    name, count, *options = arguments
    monkeypatch.setattr("app.cli.batch.worker_count", worker_count)
    monkeypatch.setattr(cores, "core_count", lambda: 8)
    monkeypatch.setattr("app.cli.batch.PhotoWorkers", refuse)
    given = [str(shutil.copy(photo, tmp_path / f"{number}.jpg")) for number in range(count)]
    if name == "range":
        positions = ["--tucked", "--relaxed", "--arched"] * 3
        given = [str(one) for pair in zip(positions, given, strict=True) for one in pair]
    beltline(name, *given, *options)
    assert len(answers) == count


def test_many_photographs_have_as_many_as_pay(
    photo: Path, answers: list[Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    counts: list[int] = []

    def note(count: int, work: object) -> None:
        del work
        counts.append(count)
        raise BrokenInstallation("Enough is known.")

    monkeypatch.setattr("app.cli.batch.worker_count", worker_count)
    monkeypatch.setattr(cores, "core_count", lambda: 4)
    monkeypatch.setattr(cores, "free_bytes", lambda: 1 << 40)
    monkeypatch.setattr("app.cli.batch.PhotoWorkers", note)
    for given in ([photo] * 100, [photo] * 13, [photo] * 2 + ["--workers", "9"]):
        assert "Enough is known." in beltline("measure", *given).stderr
    assert counts == [4, 3, 2]
    assert answers == []
