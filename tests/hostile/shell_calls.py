"""Every command of the program with something to do, and a process to do it in."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import cv2
import numpy as np
from PIL import Image
from typer.core import TyperGroup
from typer.main import get_command

from app.cli import app
from app.cohort.dataset import Dataset
from app.exercises.shared_list import write_list
from app.history.db.damage.salvage import salvage
from app.history.exchange.backup import write_backup
from app.history.exchange.files import export_file
from app.history.place import Place
from app.history.records import NewCheck
from app.history.store import History
from tests import made_up_results
from tests.app.cohort.made_up_rows import filled
from tests.app.cohort.made_up_rows import photos as made_up_photos
from tests.app.exercises.made_up_lists import a_list
from tests.app.study.studies import rated_study

if TYPE_CHECKING:
    from collections.abc import Iterator

CLONE = Path(__file__).parents[2]
SAMPLES = CLONE / "sample_images"
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_MARK = "BELTLINE_TEST_MARK"
_TABLES = ("profiles", "checks", "squeezes", "diary", "pictures")
_GONE_S = 5.0


@dataclass(frozen=True, slots=True)
class Call:
    """One command with its arguments.

    Attributes
    ----------
    path, arguments
        The command's names, and what follows them; ``{name}`` is a thing in the place.
    told
        What stands in standard output once all is done and kept; any output where empty.
    stays
        Whether it runs until it is told to end.
    is_whole
        Whether nothing is printed before all is done, and nothing kept before all is.
    is_resumed
        Whether the same command once more brings what is missing when it was broken off.
    hint
        What standard error says when all goes well; nothing where empty.
    """

    path: tuple[str, ...]
    arguments: tuple[str, ...] = ()
    told: str = ""
    stays: bool = False
    is_whole: bool = True
    is_resumed: bool = False
    hint: str = ""

    def __str__(self) -> str:
        """Name the command."""
        return " ".join(("beltline", *self.path))


_WATCH = "beltline: While it runs, watch it in a browser: "
_PHOTO, _OTHER, _THIRD = "{photo.jpg}", "{other.jpg}", "{third.jpg}"
CALLS = (
    Call((), stays=True),
    Call(("open",), (_PHOTO,), stays=True),
    Call(("live",), stays=True),
    Call(("live",), ("--json", "--camera", "{film.avi}"), '"t_ms"', is_whole=False),
    Call(("tray",), stays=True),
    Call(("doctor",)),
    Call(("shortcut",), told="in your menu now"),
    Call(("report",), ("--out", "{out.pdf}")),
    Call(("measure",), (_PHOTO, "--quick", "--save", "--json"), '"check_id": '),
    Call(
        ("measure",),
        (_PHOTO, _OTHER, _THIRD, "--series", "--quick", "--workers", "2", "--json"),
        '"series": ',
        is_whole=False,
    ),
    Call(
        ("calibrate",),
        (_PHOTO, "--profile", "Me", "--asis", "310", "310", "--psis", "230", "300", "--json"),
        '"calibration": ',
        is_whole=False,
    ),
    Call(
        ("range",),
        ("--tucked", _THIRD, "--relaxed", _PHOTO, "--arched", _OTHER, "--save", "--json"),
        '"range_id": ',
        is_whole=False,
    ),
    Call(
        ("cohort", "measure"),
        (_PHOTO, "--out", "{new}", "--quick", "--workers", "1"),
        "1 measured, ",
        hint=_WATCH,
    ),
    Call(("cohort", "status"), ("{rows}",), "2 measured, "),
    Call(("cohort", "merge"), ("{rows}", "--out", "{all.parquet}"), "2 rows "),
    Call(("exercises", "export"), ("--out", "{out.beltline-exercises}")),
    Call(("exercises", "import"), ("{a.beltline-exercises}",), "Me has this list now: "),
    Call(("exercises", "undo"), told="is in the bin"),
    Call(("history", "list")),
    Call(("history", "trend")),
    Call(("history", "show"), ("1",)),
    Call(("history", "compare"), ("1", "2")),
    Call(("history", "delete"), ("2", "--for-good")),
    Call(("history", "bin")),
    Call(("history", "restore"), ("{deletion}",)),
    Call(("history", "empty-bin"), ("--yes",)),
    Call(("history", "profiles")),
    Call(("history", "profile"), ("Me", "--id", "K-17")),
    Call(("history", "export"), ("--out", "{out.csv}")),
    Call(("history", "backup"), ("--out", "{out.zip}")),
    Call(("history", "salvage"), ("--out", "{out.sqlite3}")),
    Call(("history", "copies")),
    Call(("history", "use-copy"), ("{saved.sqlite3}", "--yes")),
    Call(("history", "import"), ("{all.json}",)),
    Call(("history", "import"), ("{all.zip}",), is_resumed=True),
    Call(
        ("study", "init"),
        ("{new}", "--design", "raters=1,repeats=1,subjects=3", "--photos", "{people.csv}"),
        "The seed is ",
    ),
    Call(("study", "rate"), ("{study/raters/rater-1}",), stays=True),
    Call(("study", "import"), ("{study}", "{study/raters/rater-1}"), "answers of rater-1"),
    Call(("study", "status"), ("{study}",)),
    Call(("study", "report"), ("{study}", "--out", "{report}")),
    Call(("study", "export"), ("{study}", "--out", "{export}")),
    Call(("study", "protocol"), ("{study}", "--out", "{out.pdf}")),
)


def commands() -> set[tuple[str, ...]]:
    """Return the names of all commands that the program has, and of none at all."""

    def walk(command: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        if not isinstance(command, TyperGroup):
            yield path
            return
        for name, inner in command.commands.items():
            yield from walk(inner, (*path, name))

    return {(), *walk(get_command(app), ())}


def furnish(home: Path) -> str:
    """Fill a folder with a history, photographs, a film and exports; return a deletion's name."""
    home.mkdir()
    sizes = {"photo": "man_average_right_tilt8", "other": "man_muscular_right_tilt14"}
    for name, sample in (sizes | {"third": "man_older_right_tilt-5"}).items():
        with Image.open(SAMPLES / f"{sample}.jpg") as picture:
            picture.resize((540, 720)).save(home / f"{name}.jpg")
    _film(home / "film.avi", home / "photo.jpg")
    filled(Dataset(str(home / "rows")), made_up_photos("a", "b"))
    with History.open(Place(home / "elsewhere")) as another:
        _keep(another, 3, datetime(2026, 3, 1, 9, tzinfo=UTC))
        export_file(another, home / "all.json")
        write_backup(another, home / "all.zip")
    shutil.rmtree(home / "elsewhere")
    write_list(home / "a.beltline-exercises", a_list())
    people = "".join(f"{name}.jpg,{name}\n" for name in (*sizes, "third"))
    (home / "people.csv").write_text(f"photo,subject\n{people}")
    rated_study(home / "study", home / "people.csv")
    (home / "config").mkdir()
    with History.open(Place(home / "data" / "beltline")) as history:
        _keep(history, 4, datetime(2026, 1, 5, 9, tzinfo=UTC))
        own, whose = a_list(), history.default_profile().id
        noted = [(datetime(2026, 1, 5, 9, tzinfo=UTC), own.plan)]
        history.note_all(whose, noted, tuple(own.pictures.values()))
        deletion = history.delete([4])
    salvage(history.place, home / "saved.sqlite3")
    return deletion


def _keep(history: History, count: int, first: datetime) -> None:
    whose = history.default_profile()
    picture = np.full((240, 120, 3), 128, np.uint8)
    for number in range(count):
        result = made_up_results.measured(made_up_results.tilt(8.0 + number))
        taken_at = first + timedelta(days=7 * number)
        history.save(NewCheck(whose.id, taken_at, result, (120, 240), rgb=picture))


def _film(path: Path, photo: Path) -> None:
    bgr = cv2.imread(str(photo))
    assert bgr is not None
    height, width = bgr.shape[:2]
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (width, height))
    for _ in range(10):
        writer.write(bgr)
    writer.release()


class Home:
    """A furnished folder of its own, and processes that know no other.

    Parameters
    ----------
    model
        What :func:`furnish` has filled.
    deletion
        The name that it returned.
    path
        Where the copy of it is to be.
    """

    def __init__(self, model: Path, deletion: str, path: Path) -> None:
        shutil.copytree(model, path)
        self.path, self._deletion = path, deletion
        self._fonts = model.with_name("fonts")
        self._temporary = path / "tmp"
        self._temporary.mkdir()
        (path / "run").mkdir(mode=0o700)
        self._mark = uuid4().hex

    def begin(self, call: Call, stdout: Any = subprocess.PIPE) -> subprocess.Popen[bytes]:
        """Start a command; ``stdout`` as for Popen, or -1000 for a closed one."""
        # Where it is wanted, a window starts it as well, and it outlives that.
        is_wanted = "true" if call.path == ("tray",) else "false"
        (self.path / "config" / "reminder.json").write_text(f'{{"is_on": {is_wanted}}}')

        def prepare() -> None:
            for number in ENDING:  # a shell may have told its children to take no notice
                signal.signal(number, signal.SIG_DFL)
            if stdout == CLOSED:
                os.close(1)

        return subprocess.Popen(
            [sys.executable, "-m", "app", *call.path, *self.filled(call)],
            cwd=CLONE,
            env=os.environ | self.environment() | {"PYTHONPATH": str(CLONE)},
            stdin=subprocess.DEVNULL,
            stdout=None if stdout == CLOSED else stdout,
            stderr=subprocess.PIPE,
            preexec_fn=prepare,
            start_new_session=True,
        )

    def environment(self) -> dict[str, str]:
        """Return the variables by which a process knows this folder and no other."""
        return {
            "HOME": str(self.path),
            "TMPDIR": str(self._temporary),
            "XDG_DATA_HOME": str(self.path / "data"),
            "XDG_CACHE_HOME": str(self.path / "cache"),
            "XDG_STATE_HOME": str(self.path / "state"),
            "XDG_RUNTIME_DIR": str(self.path / "run"),
            "BELTLINE_CONFIG_DIR": str(self.path / "config"),
            "DBUS_SESSION_BUS_ADDRESS": "",
            # Looking for the machine's fonts takes seconds, and tells nothing here.
            "MPLCONFIGDIR": str(self._fonts),
            _MARK: self._mark,
        }

    @property
    def database(self) -> Path:
        """The history's file."""
        return self.path / "data" / "beltline" / "history.sqlite3"

    def filled(self, call: Call) -> list[str]:
        """Return a call's arguments with the names of what lies here."""

        def fill(text: str) -> str:
            if not text.startswith("{"):
                return text
            return self._deletion if text == "{deletion}" else str(self.path / text[1:-1])

        return [fill(text) for text in call.arguments]

    def state(self) -> tuple[object, ...]:
        """Return what the history holds, as far as it is the same after the same command."""
        found: list[object] = []
        with sqlite3.connect(self.database) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            for table in _TABLES:
                hidden = "" if table == "pictures" else ", SUM(hidden_by IS NOT NULL)"
                found += database.execute(f"SELECT COUNT(*){hidden} FROM {table}").fetchall()
            found += database.execute("SELECT name, client_id FROM profiles").fetchall()
        database.close()
        return tuple(found)

    def leavings(self) -> list[str]:
        """Return what should not be there any more: temporary files and processes."""
        part_files = [str(path) for path in self.path.rglob("*.part*")]
        files = [str(path) for path in self._temporary.rglob("*")]
        until_s = time.monotonic() + _GONE_S
        while (running := self._running()) and time.monotonic() < until_s:
            time.sleep(0.05)
        return [*part_files, *files, *running]

    def _running(self) -> list[str]:
        mark = f"{_MARK}={self._mark}".encode()
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (process / "environ").read_bytes():
                    found.append(f"process {(process / 'cmdline').read_bytes()!r}")
            except OSError:  # gone, or somebody else's
                continue
        return found

    def remove(self) -> None:
        """Delete all of it."""
        shutil.rmtree(self.path)


#: For :meth:`Home.begin`: start without standard output.
CLOSED = -1000


def wait_until_heard(process: subprocess.Popen[bytes]) -> None:
    """Wait until the program itself hears what ends it, and not Python, which only starts."""
    bit = 1 << (signal.SIGTERM - 1)
    while process.poll() is None:
        status = Path(f"/proc/{process.pid}/status").read_text()
        (caught,) = (line for line in status.splitlines() if line.startswith("SigCgt:"))
        if int(caught.split()[1], 16) & bit:
            return
        time.sleep(0.002)
