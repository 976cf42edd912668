"""Who has the history open: among programs, and after one was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from app.history.db.lease import FolderLease

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(not hasattr(os, "O_DIRECTORY"), reason="there are no such locks")
HOLD = """
import sys
from pathlib import Path
from app.history.db.lease import FolderLease
lease = FolderLease(Path(sys.argv[1]))
lease.share()
print(lease.is_alone, flush=True)
sys.stdin.read()
"""


@contextmanager
def another_program(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == b"True\n"
        yield program


def test_who_comes_first_is_alone_until_it_goes(tmp_path: Path) -> None:
    first = FolderLease(tmp_path)
    first.share()
    second = FolderLease(tmp_path)
    second.share()
    assert (first.is_alone, second.is_alone) == (True, False)
    first.close()
    third = FolderLease(tmp_path)
    assert not third.is_alone
    for one in (first, second, third):
        one.close()
    last = FolderLease(tmp_path)
    assert last.is_alone
    last.close()


def test_a_killed_program_holds_nothing(tmp_path: Path) -> None:
    with another_program(tmp_path) as program:
        meanwhile = FolderLease(tmp_path)
        assert not meanwhile.is_alone
        meanwhile.close()
        program.send_signal(signal.SIGKILL)
    after = FolderLease(tmp_path)
    assert after.is_alone
    after.close()


def test_a_folder_that_is_not_there_is_nobodys(tmp_path: Path) -> None:
    lease = FolderLease(tmp_path / "none")
    lease.share()
    assert not lease.is_alone
    lease.close()
