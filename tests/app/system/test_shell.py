"""What a shell does to a program: streams that are closed or full, and signals."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from app.system import shell
from app.system.shell import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

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
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LINES = "for number in range(20_000): print(number)"
WAITS = 'print("ready", flush=True); time.sleep(30)'


def program(
    body: str, stdout: Any = subprocess.PIPE, *, closed: tuple[int, ...] = (), room: int = 0
) -> subprocess.Popen[bytes]:
    """Start it, with these streams closed, and so many bytes of room in any file."""

    def prepare() -> None:
        for number in ENDING:
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


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """This process as the program begins; what it tells."""
    monkeypatch.setattr(shell, "separate_streams", lambda: None)
    monkeypatch.setattr(shell._Signals, "heard", None)
    monkeypatch.setattr(shell._Signals, "ending_since_s", None)
    for name in ("stdout", "stderr", "excepthook", "unraisablehook"):
        monkeypatch.setattr(sys, name, getattr(sys, name))
    before = {number: signal.getsignal(number) for number in ENDING}
    for number in ENDING:
        signal.signal(number, signal.SIG_DFL)
    shell.begin()
    yield []
    for number, handler in before.items():
        signal.signal(number, handler)


def send(number: signal.Signals) -> None:
    os.kill(os.getpid(), number)


def test_what_a_command_leaves_with(begun: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    def leave(status: object) -> NoReturn:
        raise SystemExit(status)

    assert shell.run(lambda: print("done"), begun.append) == Status.DONE
    assert shell.run(lambda: leave(None), begun.append) == Status.DONE
    assert shell.run(lambda: leave(3), begun.append) == Status.NOT_ALL_MEASURED
    assert shell.run(lambda: leave("why"), begun.append) == Status.FAILED
    assert capfd.readouterr() == ("done\n", "")
    assert shell.run(lambda: 1 // 0, begun.append) == Status.FAILED
    assert "ZeroDivisionError" in capfd.readouterr().err
    assert begun == []


def test_a_signal_is_heard_once(begun: list[str]) -> None:
    ended: list[type[BaseException] | None] = []

    def command() -> None:
        try:
            send(signal.SIGTERM)
            time.sleep(1)
        finally:
            ended.append(sys.exc_info()[0])
            send(signal.SIGTERM)  # a terminal that is closed sends two
            time.sleep(0.01)
            ended.append(sys.exc_info()[0])

    assert shell.run(command, begun.append) == 128 + signal.SIGTERM
    assert ended == [shell.Ended, shell.Ended]
    assert begun == []


def test_what_a_signal_breaks_is_no_bug(
    begun: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    def command() -> None:
        try:
            send(signal.SIGINT)
            time.sleep(1)
        except KeyboardInterrupt:
            raise RuntimeError from None

    assert shell.run(command, begun.append) == 128 + signal.SIGINT
    assert capfd.readouterr() == ("", "")


def test_a_signal_that_nobody_can_raise_is_sent_again(begun: list[str]) -> None:
    class Slow:
        def __del__(self) -> None:
            send(signal.SIGHUP)
            time.sleep(0.1)

    def command() -> None:
        Slow()
        time.sleep(5)

    assert shell.run(command, begun.append) == 128 + signal.SIGHUP


def test_whoever_hears_in_a_way_of_their_own_gives_the_same_status(begun: list[str]) -> None:
    shell.hear(lambda number, _: shell.note_signal(number))
    assert shell.run(lambda: send(signal.SIGTERM), begun.append) == 128 + signal.SIGTERM


@pytest.mark.parametrize("is_told", [True, False])
def test_a_full_stream_fails_once(is_told: bool) -> None:
    with Path("/dev/full").open("w") as full:
        stream = shell._guarded(full, is_told=is_told)
        told = pytest.raises(shell.OutputLost, match="No space left")
        with told if is_told else nullcontext():
            stream.write("x" * 100_000)
        stream.write("more")
        stream.flush()
        stream.close()


def test_a_stream_that_does_not_wait_is_waited_for() -> None:
    read_end, write_end = os.pipe()
    os.set_blocking(write_end, False)
    with os.fdopen(write_end, "w") as pipe, os.fdopen(read_end, "rb") as reader:
        stream = shell._guarded(pipe, is_told=True)
        text = "0123456789" * 30_000
        reading = threading.Timer(0.2, lambda: got.append(reader.read(len(text))))
        got: list[bytes] = []
        reading.start()
        stream.write(text)
        stream.flush()
        reading.join()
        assert got == [text.encode()]


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


@pytest.mark.parametrize("number", ENDING)
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
