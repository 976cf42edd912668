"""What a shell does to a program: streams that are closed or full, and signals."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from app.system.shell import Status

CLONE = Path(__file__).parents[3]
linux = pytest.mark.skipif(sys.platform != "linux", reason="such devices and signals are there")
pytestmark = linux
#: A program of its own that does what a test says.
PROGRAM = """
import sys, time
from app.system import shell
shell.begin()
def command():
    {body}
sys.exit(shell.run(command, lambda sentence: print(sentence, file=sys.stderr)))
"""
LINES = "for number in range(20_000): print(number)"
WAITS = 'print("ready", flush=True); time.sleep(30)'


def program(
    body: str, stdout: Any = subprocess.PIPE, *, closed: tuple[int, ...] = (), room: int = 0
) -> subprocess.Popen[bytes]:
    """Start it, with these streams closed, and so many bytes of room in any file."""

    def prepare() -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        if room:
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
        for descriptor in closed:
            os.close(descriptor)

    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM.format(body=body)],
        cwd=CLONE,
        stdout=stdout,
        stderr=subprocess.PIPE,
        preexec_fn=prepare,
    )


def end(started: subprocess.Popen[bytes]) -> tuple[int, bytes, bytes]:
    out, said = started.communicate(timeout=60)
    return started.returncode, out, said


def test_all_is_well() -> None:
    status, out, said = end(program(LINES))
    assert (status, said) == (Status.DONE, b"")
    assert out.split() == [str(number).encode() for number in range(20_000)]


def test_a_closed_output_is_told() -> None:
    status, _, said = end(program("print(1)", closed=(1,)))
    assert status == Status.FAILED
    assert said.startswith(b"The results cannot be written: standard output is closed.")
    assert len(said.splitlines()) == 1
    assert end(program("pass", closed=(1,)))[::2] == (Status.DONE, b""), "nothing was to be told"


def test_a_write_that_fails_half_way_is_told(tmp_path: Path) -> None:
    path = tmp_path / "out"
    with path.open("wb") as file:
        status, _, said = end(program(LINES, file, room=20_000))
    assert status == Status.FAILED
    assert said.startswith(b"The results cannot be written: file too large.")
    assert path.stat().st_size == 20_000


def test_nobody_who_reads_is_no_fault() -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    started = program(LINES, write_end)
    os.close(write_end)
    assert end(started)[::2] == (Status.PIPE_CLOSED, b"")


def test_an_output_that_does_not_wait_is_waited_for() -> None:
    read_end, write_end = os.pipe()
    os.set_blocking(write_end, False)
    started = program(LINES, write_end)
    os.close(write_end)
    time.sleep(0.5)
    with os.fdopen(read_end, "rb") as reader:
        assert len(reader.read().split()) == 20_000
    assert end(started)[::2] == (Status.DONE, b"")


def test_a_standard_error_that_takes_nothing_changes_no_status() -> None:
    with Path("/dev/full").open("wb") as full:
        body = 'print("for nobody", file=sys.stderr, flush=True); sys.exit(3)'
        started = subprocess.Popen(
            [sys.executable, "-c", PROGRAM.format(body=body)], cwd=CLONE, stderr=full
        )
        assert started.wait(60) == 3
    assert end(program(body, closed=(2,)))[0] == 3


def test_no_file_takes_the_place_of_a_closed_stream(tmp_path: Path) -> None:
    """Else what a library prints would go into the database."""
    kept = tmp_path / "kept"
    body = (
        f'import os; file = open({str(kept)!r}, "w"); file.write("kept"); file.flush(); '
        'os.system("echo rubbish; echo more >&2")'
    )
    status, _, _ = end(program(body, closed=(0, 1, 2)))
    assert status == Status.DONE
    assert kept.read_text() == "kept"


def test_a_bug_keeps_its_traceback() -> None:
    status, _, said = end(program("raise ZeroDivisionError"))
    assert status == Status.FAILED
    assert b"Traceback" in said
    assert b"ZeroDivisionError" in said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_in_good_order(number: signal.Signals) -> None:
    body = f'try: {WAITS}\n    finally: print("in order")'
    started = program(body)
    assert started.stdout is not None
    started.stdout.readline()
    started.send_signal(number)
    assert end(started) == (128 + number, b"in order\n", b"")


def test_one_that_is_not_to_be_heard_is_not_heard() -> None:
    code = PROGRAM.format(body='print("ready", flush=True); time.sleep(1); print("done")')
    started = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=CLONE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
    )
    assert started.stdout is not None
    started.stdout.readline()
    started.send_signal(signal.SIGHUP)
    assert end(started) == (Status.DONE, b"done\n", b"")


def test_whoever_asks_twice_in_a_moment_is_not_impatient_and_later_is() -> None:
    body = f'try: {WAITS}\n    finally: print("ending", flush=True); time.sleep(30)'
    started = program(body)
    assert started.stdout is not None
    started.stdout.readline()
    for _ in range(2):
        started.send_signal(signal.SIGTERM)
        time.sleep(0.2)
    assert started.stdout.readline() == b"ending\n"
    assert started.poll() is None
    time.sleep(2.2)
    started.send_signal(signal.SIGTERM)
    assert end(started) == (128 + signal.SIGTERM, b"", b"")


def test_a_signal_in_a_destructor_is_heard_again() -> None:
    body = (
        "class Slow:\n"
        '        def __del__(self): print("ready", flush=True); time.sleep(1)\n'
        "    Slow()\n"
        "    time.sleep(30)"
    )
    started = program(body)
    assert started.stdout is not None
    started.stdout.readline()
    started.send_signal(signal.SIGTERM)
    assert end(started) == (128 + signal.SIGTERM, b"", b"")
