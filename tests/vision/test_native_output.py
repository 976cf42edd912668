"""What native code writes to standard error reaches no terminal, our own words do."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from vision.image.frame import load_frame
from vision.native_output import overheard, quiet
from vision.reasons import PhotoError

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
SEPARATED = """
import os, sys
from vision.native_output import separate_streams
separate_streams()
os.write(2, b"chatter")
print("our own word, ÄÖ", file=sys.stderr)
"""
CRASH = SEPARATED + "import ctypes; ctypes.string_at(0)"


def run(code: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=os.environ | variables,
        stderr=subprocess.PIPE, timeout=50, check=False,
    )  # fmt: skip


def test_a_programs_own_words_arrive_and_native_ones_do_not() -> None:
    done = run(SEPARATED)
    assert done.returncode == 0
    assert done.stderr.startswith(b"our own word")
    assert b"chatter" not in done.stderr


def test_a_letter_that_the_terminal_does_not_know_is_no_failure() -> None:
    done = run(SEPARATED, PYTHONIOENCODING="ascii")
    assert done.stderr.strip() == rb"our own word, \xc4\xd6"


def test_a_crash_in_native_code_is_told_with_where_it_happened() -> None:
    done = run(CRASH)
    assert done.returncode != 0
    assert b"Current thread" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="the shell closes descriptors another way there")
def test_a_program_without_standard_error_runs() -> None:
    code = "from vision.native_output import separate_streams as s; s(); import sys; print(1)"
    done = subprocess.run(
        ["sh", "-c", '"$0" -c "$1" 2>&-', sys.executable, code], cwd=ROOT, timeout=50, check=False
    )
    assert done.returncode == 0


def damaged_tiff(path: Path) -> Path:
    """Write a picture whose rows cannot be unpacked."""
    Image.effect_noise((400, 400), 40).save(path, compression="tiff_lzw")
    data = bytearray(path.read_bytes())
    data[2000:60000] = b"\xff" * 58000
    path.write_bytes(data)
    return path


def test_a_damaged_tiff_writes_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(PhotoError):
        load_frame(damaged_tiff(tmp_path / "side.tif"))
    assert capfd.readouterr().err == ""


def test_standard_error_is_back_when_the_last_thread_has_left(
    capfd: pytest.CaptureFixture[str],
) -> None:
    inside, leave = threading.Barrier(3, timeout=20), threading.Event()

    def write_within() -> None:
        with quiet():
            inside.wait()
            os.write(2, b"within ")
            leave.wait(20)

    threads = [threading.Thread(target=write_within) for _ in range(2)]
    each(threads, threading.Thread.start)
    inside.wait()
    with quiet():
        os.write(2, b"within ")
    os.write(2, b"still within ")
    leave.set()
    each(threads, threading.Thread.join)
    os.write(2, b"after")
    assert capfd.readouterr().err == "after"


def test_what_is_overheard_reaches_no_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    def speak() -> int:
        os.write(2, b"a grumble")
        return 7

    assert overheard(speak) == (7, "a grumble")
    with quiet():
        assert overheard(speak) == (7, "a grumble")
        os.write(2, b"muted")
    os.write(2, b"after")
    assert capfd.readouterr().err == "after"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it takes a disk")
def test_listening_needs_no_folder_to_write_to(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> str:
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr("tempfile._get_default_tempdir", fail)
    monkeypatch.setattr("tempfile.tempdir", None)
    assert overheard(lambda: os.write(2, b"damaged")) == (7, "damaged")


def test_a_call_that_fails_leaves_standard_error_as_it_was(
    capfd: pytest.CaptureFixture[str],
) -> None:
    def fail() -> None:
        os.write(2, b"a grumble")
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        overheard(fail)
    os.write(2, b"after")
    assert capfd.readouterr().err == "after"


def each(threads: list[threading.Thread], do: Callable[[threading.Thread], None]) -> None:
    for thread in threads:
        do(thread)
