"""The log tells what failed and where, and nothing about anybody."""

from __future__ import annotations

import logging
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from app.system import log

if TYPE_CHECKING:
    from collections.abc import Iterator

_SECRET = "Anna's knee"
_FILE = "/home/anna/My pictures/anna_2024.jpg"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(log, "log_folder", lambda: tmp_path / "log")
    root = logging.getLogger()
    before = list(root.handlers)
    yield tmp_path / "log"
    for handler in set(root.handlers) - set(before):
        root.removeHandler(handler)
        handler.close()


def fail(error: BaseException) -> None:
    try:
        raise error
    except type(error):
        logging.getLogger("app.test").exception("It failed on %s", _FILE)


@pytest.mark.parametrize(
    "error",
    [
        ValueError(f"could not convert string to float: {_SECRET!r}"),
        KeyError(_SECRET),
        FileNotFoundError(2, "No such file or directory", _FILE),
        UnicodeEncodeError("ascii", _SECRET, 0, 1, "ordinal not in range"),
        OSError(f"{_FILE} is broken"),
        # With apostrophes, without quotes, in the words of databases, programs and groups.
        ValueError(f"There is no person named '{_SECRET}' in the history."),
        ValueError("no such person: Anna"),
        ValueError("“Anna” «Anna» Ännchen"),
        RuntimeError(f"{_SECRET!r} has no row 'knee'"),
        TypeError("can't take 'anna' of anna.jpg"),
        RuntimeError('duplicate key "name"\nDETAIL:  Key (name)=(anna) already exists.'),
        RuntimeError("no answer from http://anna:knee@10.0.0.7/video"),
        ValueError(f"~{_FILE} C:\\Users\\anna\\knee.jpg anna_knee.heic file://{_FILE}"),
        subprocess.CalledProcessError(1, ["show", _FILE, _SECRET]),
    ],
)
def test_nothing_of_a_persons_is_logged(folder: Path, error: BaseException) -> None:
    path = log.log_to_file(log.WINDOW_LOG)
    assert path == folder / "beltline.log"
    fail(error)
    said = log.read_log()
    assert type(error).__name__ in said
    assert "tests.app.system.test_log.py" in said
    for word in ("anna", "Anna", "knee", "pictures", str(Path.home()) + "/"):
        assert word not in said, said


def test_an_error_in_a_message_tells_no_more_than_a_logged_one(folder: Path) -> None:
    log.log_to_file(log.WINDOW_LOG)
    logger = logging.getLogger("app.test")
    logger.warning("It cannot be read: %s", ValueError(f"no person {_SECRET!r}"))
    logger.warning("It cannot be read: %s %s", FileNotFoundError(2, "No such file", _FILE), 12)
    logger.warning("Not there: %s", Path("anna.jpg"))
    try:
        raise ValueError("outside") from KeyError(_SECRET)
    except ValueError as error:
        error.add_note(_SECRET)
        logger.exception("Both, where %s is", Path(_FILE), stack_info=True)
    said = log.read_log()
    assert "FileNotFoundError: No such file 12" in said
    assert "nna" not in said, said
    del folder


@pytest.mark.parametrize("part", ["a", "/a", "/", "a.", "'a", "\u00e4", "A", "a:/", "a b "])
def test_a_message_without_end_takes_no_time(folder: Path, part: str) -> None:
    log.log_to_file(log.WINDOW_LOG)
    fail(ValueError(part * 300_000))
    logging.getLogger("app.test").warning("Qt: %s", part * 30_000)
    assert "ValueError" in log.read_log()
    del folder


def test_what_native_code_and_qt_say(folder: Path) -> None:
    """Qt's words pass through the log; what native code writes goes nowhere."""
    log.log_to_file(log.WINDOW_LOG)
    logging.getLogger("qt").warning("QFile: cannot open /home/anna/pictures/a b.jpg for reading")
    logging.getLogger("qt").warning("qt.gui.imageio: %s", "anna.heic: no handler")
    program = (
        "from vision.native_output import separate_streams\nimport os, sys\nseparate_streams()\n"
        "os.write(2, b'W0000 face_landmarker.cc:12 anna.jpg')\nprint('ours', file=sys.stderr)"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, check=True, capture_output=True, text=True
    )
    assert done.stderr == "ours\n"
    assert "nna" not in log.read_log()
    del folder


def test_only_the_owner_reads_them(folder: Path) -> None:
    folder.mkdir(mode=0o755)
    (folder / "beltline.log.1").write_text("earlier")
    (folder / "beltline.log.1").chmod(0o644)
    log.log_to_file(log.WINDOW_LOG)
    for _ in range(8_000):
        logging.getLogger("app.test").warning("x" * 80)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert (folder / "beltline.log.2").read_text("utf-8")


def test_what_is_said_of_code_stays(folder: Path) -> None:
    log.log_to_file(log.WINDOW_LOG)
    nobody: Any = None
    with suppress(AttributeError):
        try:
            nobody.row()
        except AttributeError:
            logging.getLogger("app.test").exception("It failed")
            raise
    assert "'NoneType' object has no attribute 'row'" in log.read_log()
    assert "Beltline 0." in log.read_log()
    del folder


def test_the_files_stay_small(folder: Path) -> None:
    log.log_to_file(log.WINDOW_LOG)
    for _ in range(12_000):
        logging.getLogger("app.test").warning("x" * 80)
    files = sorted(path.name for path in folder.iterdir())
    assert files == ["beltline.log", "beltline.log.1", "beltline.log.2"]
    assert all(path.stat().st_size <= 256 * 1024 for path in folder.iterdir())


def test_a_folder_that_takes_nothing_stops_nobody(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.write_text("a file")
    assert log.log_to_file(log.WINDOW_LOG) is None
    fail(ValueError("x"))
    assert "ValueError" in capsys.readouterr().err


def test_a_fault_in_a_library_is_told_at_the_next_start(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = (
        "from app.system import log\nfrom pathlib import Path\n"
        f"log.log_folder = lambda: Path({str(folder)!r})\n"
        "log.log_folder().mkdir(parents=True)\nlog.note_crashes()\n"
        "import os; os.abort()\n"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, check=False, timeout=30)
    assert done.returncode != 0
    told: list[object] = []
    monkeypatch.setattr("faulthandler.enable", told.append)
    log.log_to_file(log.WINDOW_LOG)
    log.note_crashes()
    assert "ended by a fault the last time" in log.read_log()
    assert "Fatal Python error" in log.read_log()
    told[0].close()  # type: ignore[attr-defined]
    del tmp_path
