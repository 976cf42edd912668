"""Every command with standard output closed, full or unread, and ended by a signal."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.system.shell import Status
from tests.hostile.shell_calls import (
    CALLS,
    CLOSED,
    ENDING,
    Call,
    Home,
    commands,
    furnish,
    wait_until_heard,
)

if TYPE_CHECKING:
    import signal
    from collections.abc import Callable

    Begin = Callable[[], Home]

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as only Linux does"),
    pytest.mark.xdist_group("shell"),
]
_LONGEST_S = 120
#: A window that stays is ended at some moment of so many seconds.
_STAYS_S = 4.0
#: In every run; the long form has all.
_SHORT = {("list",), ("delete",)}
_INTERRUPTED = 128


@dataclass(frozen=True, slots=True)
class Usual:
    """What a command does when nothing comes in between."""

    status: int
    duration_s: float
    before: tuple[object, ...]
    after: tuple[object, ...]


@pytest.fixture(scope="module")
def begin(tmp_path_factory: pytest.TempPathFactory) -> Begin:
    folder = tmp_path_factory.mktemp("shell")
    model = folder / "model"
    deletion = furnish(model)
    numbers = iter(range(1_000_000))
    return lambda: Home(model, deletion, folder / f"home{next(numbers)}")


@pytest.fixture(scope="module")
def usual(begin: Begin) -> Callable[[Call], Usual]:
    known: dict[Call, Usual] = {}

    def look(call: Call) -> Usual:
        if call not in known:
            home = begin()
            before, started_s = home.state(), time.monotonic()
            process = home.begin(call)
            if call.stays:
                known[call] = Usual(Status.DONE, _STAYS_S, before, before)
                process.kill()
                process.communicate()
                home.remove()
                return known[call]
            out, said = process.communicate(timeout=_LONGEST_S)
            duration_s = time.monotonic() - started_s
            assert call.told.encode() in out, (str(call), out, said)
            assert _beside_hint(call, said) == b"", (str(call), said)
            known[call] = Usual(process.returncode, duration_s, before, home.state())
            assert home.leavings() == [], str(call)
            home.remove()
        return known[call]

    return look


def chosen(request: pytest.FixtureRequest) -> list[Call]:
    is_long = request.config.getoption("hostile")
    return [call for call in CALLS if is_long or call.path[-1:] in _SHORT]


def test_every_command_is_called() -> None:
    assert {call.path for call in CALLS} == commands()


@pytest.mark.parametrize("output", ["closed", "full", "unread"])
def test_an_output_that_takes_nothing(
    begin: Begin,
    usual: Callable[[Call], Usual],
    request: pytest.FixtureRequest,
    output: str,
) -> None:
    calls = chosen(request)
    for call in calls:
        if not call.stays:
            home = begin()
            status, said = _without_output(home, call, output)
            _assert_told(call, output, status, said)
            if call.is_whole:
                assert home.state() == usual(call).after, (str(call), output)
            assert home.leavings() == [], (str(call), output)
            home.remove()
    home = begin()
    for path in {call.path for call in calls} | {("--version",), ("history",)}:
        helped = Call(path, () if path == ("--version",) else ("--help",))
        _assert_told(helped, output, *_without_output(home, helped, output))


def _without_output(home: Home, call: Call, output: str) -> tuple[int, bytes]:
    if output == "closed":
        process = home.begin(call, CLOSED)
    elif output == "full":
        with Path("/dev/full").open("wb") as full:
            process = home.begin(call, full)
    else:
        read_end, write_end = os.pipe()
        os.close(read_end)
        process = home.begin(call, write_end)
        os.close(write_end)
    _, said = process.communicate(timeout=_LONGEST_S)
    return process.returncode, _beside_hint(call, said)


def _beside_hint(call: Call, said: bytes) -> bytes:
    lines = said.splitlines(keepends=True)
    hint = call.hint.encode()
    return b"".join(line for line in lines if not hint or not line.startswith(hint))


def _assert_told(call: Call, output: str, status: int, said: bytes) -> None:
    if output == "unread":
        assert (status, said) == (Status.PIPE_CLOSED, b""), str(call)
        return
    assert status == Status.FAILED, (str(call), output, said)
    (line,) = said.splitlines()
    assert line.startswith(b"beltline: The results cannot be written: "), (str(call), line)


@pytest.mark.rounds(short=1, long=20)
def test_a_signal_at_any_moment(
    begin: Begin,
    usual: Callable[[Call], Usual],
    request: pytest.FixtureRequest,
    seeds: range,
) -> None:
    failed = []
    for seed in seeds:
        for call in chosen(request):
            for number in ENDING:
                home = begin()
                try:
                    _end_by(number, call, home, usual(call), seed)
                except AssertionError as error:
                    failed.append(f"seed {seed}, {call}, {number.name}: {error}")
                home.remove()
    assert not failed, "\n".join(failed)


def _end_by(number: signal.Signals, call: Call, home: Home, usual: Usual, seed: int) -> None:
    moment_s = random.Random(f"{seed} {call} {number}").uniform(0, usual.duration_s)
    process = home.begin(call)
    wait_until_heard(process)
    try:
        process.wait(moment_s)
    except subprocess.TimeoutExpired:
        process.send_signal(number)
    out, said = process.communicate(timeout=_LONGEST_S)
    told = bool(out.strip()) and call.told.encode() in out
    ended = {_INTERRUPTED + number, -number}
    is_right = process.returncode in ended or (process.returncode == usual.status and told)
    assert is_right, (process.returncode, moment_s, out, said)
    assert len(_beside_hint(call, said).splitlines()) <= 1, said.decode()
    assert b"Traceback" not in said, said.decode()
    state = home.state()
    if call.is_resumed and not told:
        home.begin(call).communicate(timeout=_LONGEST_S)
        assert home.state() == usual.after
    elif told or call.is_whole:
        allowed = {usual.after} if told else {usual.before, usual.after}
        assert state in allowed, (state, usual, told)
    assert home.leavings() == []
