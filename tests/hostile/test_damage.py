"""Whatever is wrong with the database file: no traceback, no write into it, all saved."""

from __future__ import annotations

import logging
import shutil
import sqlite3
import traceback
from contextlib import closing, suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from PyQt6.QtWidgets import QApplication
from typer.testing import CliRunner

from app import Page
from app.cli import app
from app.gui.background.history import HistoryHandle
from app.gui.main_window import MainWindow
from app.history.db.damage.salvage import salvage
from app.history.errors import HistoryError
from app.history.exchange.files import export_file
from app.history.place import URL_VARIABLE, Place
from app.history.records import RowKind
from app.history.store import History
from app.settings import SettingsFile
from app.system.shell import Status
from app.text.doctor import Finding, Health
from tests import made_up_results
from tests.hostile.damaged import Known, build, damage

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

_NAMES = "history.sqlite3", "history.sqlite3-wal"
_ENDINGS = {Status.DONE, Status.WRONG_USAGE, Status.NOT_ALL_MEASURED, Status.FAILED}


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Known:
    return build(tmp_path_factory.mktemp("whole") / "beltline")


@pytest.fixture(scope="module")
def exported(known: Known, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("exported") / "all.json"
    folder = tmp_path_factory.mktemp("copied") / "beltline"
    shutil.copytree(known.folder, folder)
    with History.open(Place(folder)) as history:
        export_file(history, path)
    return path


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A readable picture of nobody."""
    path = tmp_path_factory.mktemp("photo") / "side.jpg"
    Image.new("RGB", (320, 480), "lightgrey").save(path)
    return path


@pytest.fixture(autouse=True)
def quick_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have doctor look at the history alone, and measure without a model."""
    for part in ("_models", "_measuring", "_screen", "_camera"):
        found = Finding(part, Health.WORKS, "")
        monkeypatch.setattr(
            import_module("app.gui.help.examining"), part, lambda found=found: found
        )
    monkeypatch.setattr(
        "app.cli.one_photo.measure_photo", lambda frame, **asked: made_up_results.measured()
    )
    monkeypatch.delenv(URL_VARIABLE, raising=False)


def _commands(out: Path, exported: Path, photo: Path) -> list[list[str]]:
    history = [
        *("list", "list --json", "list --profile Ana", "trend", "trend --json", "bin"),
        *("show 2", "show 3 --json", "compare 2 5", "compare 1 4 --json", "profiles", "copies"),
        *("profile Ana --id 7", "restore 0", "delete 4 --yes", "empty-bin --yes"),
    ]
    files = [("export", "a.csv"), ("export", "a.json"), ("backup", "a.zip")]
    return [
        ["doctor"],
        *(["history", *line.split()] for line in history),
        *(["history", name, "--out", str(out / file)] for name, file in files),
        ["history", "export", "--ranges", "--out", str(out / "ranges.csv")],
        ["report", "--out", str(out / "a.pdf")],
        ["history", "import", str(exported)],
        ["measure", str(photo), "--save", "--json"],
        ["calibrate", "--profile", "Me", "--forget"],
    ]


def _is_damaged(path: Path) -> bool:
    """Tell by SQLite's own look, on a copy, whether a file is damaged."""
    copy = path.with_name("looked at")
    try:
        for end in ("", "-wal"):
            with suppress(FileNotFoundError):
                shutil.copyfile(path.with_name(path.name + end), copy.with_name(copy.name + end))
        with closing(sqlite3.connect(copy)) as raw:
            return [row[0] for row in raw.execute("PRAGMA integrity_check")] != ["ok"]
    except sqlite3.Error:
        return True
    finally:
        for end in ("", "-wal", "-shm"):
            copy.with_name(copy.name + end).unlink(missing_ok=True)


def _bytes(folder: Path) -> list[bytes]:
    paths = [folder / name for name in _NAMES]
    return [(path.read_bytes() if path.exists() else b"") for path in paths]


def _run(command: list[str]) -> str:
    result = CliRunner().invoke(app, command)
    error = result.exception
    if error is not None and not isinstance(error, SystemExit):
        raise AssertionError(f"{' '.join(command)}: {error!r}") from error
    assert result.exit_code in _ENDINGS, (command, result.exit_code)
    assert "Traceback" not in result.output, (command, result.output)
    assert "left_hip" not in result.stderr, command
    return result.output


def _readable(known: Known, folder: Path) -> set[int]:
    """Return the checks of which every byte, or every value, is what it was."""
    path = Place(folder).database
    data, whole = path.read_bytes(), Place(known.folder).database.read_bytes()
    size = known.page_bytes
    found = {
        number
        for number, pages in known.pages.items()
        if all(
            data[at * size : at * size + size] == whole[at * size : at * size + size]
            for at in pages
        )
    }
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as raw:
        raw.text_factory = bytes
        for number in known.rows["checks"]:
            with suppress(sqlite3.Error):
                if all(_same(raw, known, table, number) for table in ("checks", "details")):
                    found.add(number)
                else:
                    found.discard(number)
    return found


def _same(raw: sqlite3.Connection, known: Known, table: str, number: int) -> bool:
    row = raw.execute(f"SELECT * FROM {table} WHERE rowid = ?", [number]).fetchone()
    wanted = tuple(
        one.encode() if isinstance(one, str) else one for one in known.rows[table][number]
    )
    return bool(row == wanted)


def _assert_salvaged(known: Known, folder: Path, readable: set[int]) -> None:
    saved = salvage(Place(folder))
    with closing(sqlite3.connect(saved.path)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
        columns = [row[1] for row in raw.execute("PRAGMA table_info(details)")]
        kept = {row[0]: row for row in raw.execute("SELECT * FROM details")}
        angles = dict(raw.execute("SELECT id, angle_deg FROM checks"))
    angle_at = _check_columns(known).index("angle_deg")
    for number in readable:
        assert number in kept, f"check {number} was not saved"
        assert kept[number] == known.rows["details"][number], columns
        assert angles[number] == known.rows["checks"][number][angle_at]
    lost = {row.id for row in saved.lost if row.kind is RowKind.CHECK}
    assert not lost & readable


def _check_columns(known: Known) -> list[str]:
    with closing(sqlite3.connect(Place(known.folder).database)) as raw:
        return [row[1] for row in raw.execute("PRAGMA table_info(checks)")]


def _attack(
    known: Known, exported: Path, photo: Path, scratch: Path, seed: int, every: int = 1
) -> None:
    folder, out = scratch / "beltline", scratch / "out"
    out.mkdir()
    damage(known, folder, seed)
    before, is_damaged = _bytes(folder), _is_damaged(Place(folder).database)
    readable = _readable(known, folder)
    _assert_salvaged(known, folder, readable)
    assert _bytes(folder) == before
    for command in _commands(out, exported, photo)[seed % every :: every]:
        _run(command)
        if is_damaged:
            assert _bytes(folder) == before, f"{' '.join(command)} wrote into a damaged file"
    # Whatever was done meanwhile, what can be read can be gone on with.
    _run(["history", "salvage", "--out", str(out / "saved.sqlite3")])
    if (out / "saved.sqlite3").exists():
        _run(["history", "use-copy", str(out / "saved.sqlite3"), "--yes"])
        assert CliRunner().invoke(app, ["history", "list"]).exit_code == 0
        assert CliRunner().invoke(app, ["doctor"]).exit_code == 0


@pytest.mark.timeout(300)  # of the clock, on a busy machine; it takes some seconds
@pytest.mark.rounds(short=13, long=300)
def test_every_command_on_a_damaged_file(
    seeds: range,
    known: Known,
    exported: Path,
    photo: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    pytestconfig: pytest.Config,
) -> None:
    # In every run each file meets a third of the commands.
    every = 1 if pytestconfig.getoption("hostile") else 3
    failed = []
    for seed in seeds:
        scratch = tmp_path / f"seed {seed}"
        scratch.mkdir()
        monkeypatch.setenv("XDG_DATA_HOME", str(scratch))
        try:
            _attack(known, exported, photo, scratch, seed, every)
        except Exception as error:  # the other seeds say more
            failed.append(f"seed {seed}: {''.join(traceback.format_exception(error)[-6:])}")
        shutil.rmtree(scratch)
    assert not failed, "\n".join(failed)


@pytest.mark.rounds(short=3, long=60)
def test_the_window_on_a_damaged_file(
    seeds: range, known: Known, tmp_path: Path, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    for seed in (5 * seed for seed in seeds):
        folder = tmp_path / f"seed {seed}" / "beltline"
        folder.parent.mkdir()
        damage(known, folder, seed)
        before, is_damaged = _bytes(folder), _is_damaged(Place(folder).database)
        _look_at_pages(qtbot, folder)
        for record in caplog.records:
            assert record.exc_info is None, f"seed {seed}: {record.getMessage()}"
            assert record.levelno < logging.CRITICAL
        if is_damaged:
            assert _bytes(folder) == before, f"seed {seed}"
        caplog.clear()


def _look_at_pages(qtbot: QtBot, folder: Path) -> None:
    failed: list[Any] = []
    handle = HistoryHandle(lambda: History.open(Place(folder)))
    window = MainWindow(SettingsFile(folder.parent / "settings.json"), handle, warm_up=False)
    qtbot.addWidget(window)
    window.service.failed.connect(failed.append)
    window.pages.failed.connect(failed.append)
    window.show()
    window.service.load()
    for page in (Page.HISTORY, Page.SETTINGS, Page.EXERCISES, Page.HISTORY):
        window.show_page(page)
        qtbot.waitUntil(lambda: not window.jobs.awaited, timeout=20_000)
        QApplication.processEvents()
    window.close()
    handle.close()
    assert all(isinstance(error, HistoryError) for error in failed), failed
