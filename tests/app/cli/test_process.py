"""The command line as a program of its own: encodings, pipes, signals, start-up."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.system.shell import Status

CLONE = Path(__file__).parents[3]
PROGRAM = [sys.executable, "-m", "app"]
#: A program of its own in which the answer takes long or is made up. It hears Ctrl-C, though
#: these tests may run where a shell has told its children to take no notice.
FAKED = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
import app.cli.one_photo
from app.__main__ import main
def measure(frame, **asked):
    {body}
app.cli.one_photo.measure_photo = measure
main()
"""


def run(arguments: list[str | bytes], **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*PROGRAM, *arguments],
        cwd=CLONE,
        env=os.environ | environment,
        capture_output=True,
        timeout=120,
        check=False,
    )


def faked(body: str) -> list[str]:
    return [sys.executable, "-c", FAKED.format(body=body)]


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom app.__main__ import main\n"
        "sys.argv = ['beltline', 'measure', '--help']\n"
        "try: main()\n"
        "except SystemExit as left: assert left.code == 0\n"
        "heavy = {'numpy', 'cv2', 'mediapipe', 'PIL', 'rich', 'matplotlib'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {heavy}' if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=CLONE, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "latin-1"},
    ],
)
def test_json_is_utf8_in_every_locale(tmp_path: Path, environment: dict[str, str]) -> None:
    name = os.fsencode(tmp_path / "Größe mit Leer.jpg")
    done = run(["measure", "--json", name], **environment)
    assert done.returncode == 3, done.stderr
    assert json.loads(done.stdout.decode("utf-8"))["status"] == "error"
    assert done.stderr == b""
    text = run(["measure", name], **environment)
    assert text.returncode == 3, text.stderr
    assert b"No number: " in text.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/\xff\xfe.jpg"
    done = run(["measure", "--json", name])
    assert done.returncode == 3, done.stderr
    assert os.fsencode(json.loads(done.stdout.decode("utf-8"))["source"]) == name
    text = run(["measure", name])
    assert text.returncode == 3, text.stderr
    assert b"\\udcff" in text.stdout


def test_a_closed_pipe_ends_quietly(photo: Path) -> None:
    command = [*PROGRAM, "measure", "--json", *["gone.jpg"] * 3]
    read_end, write_end = os.pipe()
    os.close(read_end)
    try:
        done = subprocess.run(
            command, cwd=CLONE, stdout=write_end, stderr=subprocess.PIPE, timeout=60, check=False
        )
    finally:
        os.close(write_end)
    assert done.stderr == b""
    assert done.returncode == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_full_disk_is_one_sentence(options: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*PROGRAM, "measure", *options, "gone.jpg"],
            cwd=CLONE,
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert done.returncode == Status.FAILED
    assert done.stderr.startswith(b"beltline: The results cannot be written: no space left")
    assert len(done.stderr.splitlines()) == 1


def test_each_line_leaves_before_the_next_photograph(photo: Path) -> None:
    """The second photograph hangs; the first one's line is there, and Ctrl-C ends it."""
    command = [*faked("time.sleep(60)"), "measure", "--json", "gone.jpg", str(photo)]
    with subprocess.Popen(
        command, cwd=CLONE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as program:
        assert program.stdout is not None
        assert json.loads(program.stdout.readline())["source"] == "gone.jpg"
        program.send_signal(signal.SIGINT)
        rest, complaints = program.communicate(timeout=30)
    assert program.returncode == 130
    assert rest == b""
    assert b"Traceback" not in complaints


def test_a_bug_leaves_its_traceback_on_standard_error(photo: Path) -> None:
    command = [*faked("raise ZeroDivisionError"), "measure", "--json", str(photo), "gone.jpg"]
    done = subprocess.run(command, cwd=CLONE, capture_output=True, timeout=60, check=False)
    assert done.returncode == Status.FAILED
    assert b"ZeroDivisionError" in done.stderr
    codes = [json.loads(line)["reasons"][0]["code"] for line in done.stdout.splitlines()]
    assert codes == ["internal_error", "unreadable"]
