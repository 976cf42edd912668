"""Workers, real ones and made-up ones: they are as this program is, alone, and gone afterwards."""

from __future__ import annotations

import logging
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dask
import distributed  # noqa: F401  (its settings come with it)
import psutil  # type: ignore[import-untyped]
import pytest

from app.cohort import CohortError, cluster
from app.cohort.cluster import connected
from app.cohort.dataset import Dataset
from app.cohort.engine import CohortProgress, run
from app.cohort.listing import find_photos
from app.cohort.measuring import CohortOptions, row_without
from tests.hostile.poisoned_measuring import PRELOAD, ROWS, WAIT_S, write_rows
from vision._version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SIGINT_BLOCKED = 1 << 1
PHOTOS, OPTIONS = 10, CohortOptions(quick=True)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Photographs, one of which ends whoever measures it, and an empty current folder."""
    (tmp_path / "photos").mkdir()
    for number in range(PHOTOS - 1):
        (tmp_path / "photos" / f"{number}.jpg").write_bytes(b"looked up")
    (tmp_path / "photos" / "5-killer.jpg").write_bytes(b"looked up")
    photos = find_photos([str(tmp_path / "photos")]).photos
    rows = [row_without(photo, OPTIONS, "made_up", "", "") for photo in photos]
    write_rows(tmp_path / "rows.json", rows)
    for name in ("cwd", "tmp"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "cwd")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    monkeypatch.setenv(ROWS, str(tmp_path / "rows.json"))
    monkeypatch.setenv(WAIT_S, "0.01")
    with dask.config.set({"distributed.worker.preload": [PRELOAD]}):
        yield tmp_path


def _look(seen: dict[str, Any]) -> None:
    """See what a run has started."""
    here = psutil.Process()
    children = [one for one in here.children() if "spawn_main" in " ".join(one.cmdline())]
    addresses = [
        connection.laddr
        for process in (here, *children)
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    listening, ports = [one.ip for one in addresses], [one.port for one in addresses]
    masks = []
    for child in children:
        status = Path(f"/proc/{child.pid}/status").read_text()
        masks += [line.split()[1] for line in status.splitlines() if line.startswith("SigBlk")]
    seen |= {"children": children, "listening": listening, "ports": ports, "masks": masks}


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_CONNECT_S", 1)


def _answers_a_stranger(port: int) -> bool:
    """Tell whether a part of Dask lets in whoever has no key."""
    try:
        with connected(f"tcp://127.0.0.1:{port}", None):
            return True
    except CohortError:
        return False


@pytest.mark.xdist_group("cohort")
@pytest.mark.timeout(180)
@pytest.mark.usefixtures("_impatient")
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_run_on_this_machine_finds_the_killer_and_leaves_nothing(folder: Path) -> None:
    seen: dict[str, Any] = {}
    level = logging.getLogger("distributed").level

    def tell(progress: CohortProgress) -> None:
        seen["dashboard"] = progress.dashboard
        if not seen.get("children"):
            _look(seen)
            seen["strangers"] = [_answers_a_stranger(port) for port in seen["ports"]]

    dataset = Dataset(str(folder / "out"))
    photos = find_photos([str(folder / "photos")]).photos
    progress = run(photos, OPTIONS, dataset, workers=1, tell=tell)
    assert (progress.failed, progress.done) == (PHOTOS, PHOTOS)
    rows = dataset.table(["path", "refused_for"]).to_pylist()
    assert Counter(row["refused_for"] for row in rows) == {"made_up": PHOTOS - 1, "killed": 1}
    assert [Path(row["path"]).name for row in rows if row["refused_for"] == "killed"] == [
        "5-killer.jpg"
    ]
    assert seen["dashboard"].startswith("http://127.0.0.1:")
    assert set(seen["listening"]) == {"127.0.0.1"}
    assert len(seen["strangers"]) >= 3
    assert not any(seen["strangers"])
    assert all(int(mask, 16) & SIGINT_BLOCKED for mask in seen["masks"])
    assert len(seen["masks"]) == 1
    assert not any(child.is_running() for child in seen["children"])
    assert [*(folder / "cwd").iterdir(), *(folder / "tmp").iterdir()] == []
    assert logging.getLogger("distributed").level == level


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize("answers", ["nobody", "somebody else"])
def test_what_is_no_scheduler_is_told(answers: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        if answers == "somebody else":
            other.listen()
        address = f"tcp://127.0.0.1:{other.getsockname()[1]}"
        with (
            pytest.raises(CohortError, match="does not answer") as told,
            connected(address, None),
        ):
            pass
    assert address in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("address", ["nonsense", "http://127.0.0.1:1", "tcp://127.0.0.1"])
@pytest.mark.usefixtures("_impatient")
def test_what_is_no_address_is_told(address: str) -> None:
    with pytest.raises(CohortError, match="does not answer"), connected(address, None):
        pass


@pytest.mark.parametrize(
    ("address", "told"),
    [("tcp://127.0.0.1:1", "has gone away"), (None, "could not be started")],
)
def test_what_goes_away_while_all_begins_is_told(
    monkeypatch: pytest.MonkeyPatch, address: str | None, told: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError("Stream is closed")

    monkeypatch.setattr(cluster, "_client_of", fail)
    monkeypatch.setattr(cluster, "_client_of_own_workers", fail)
    with pytest.raises(CohortError, match=told), connected(address, None):
        pass


@pytest.mark.xdist_group("cohort")
@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
def test_a_scheduler_that_freezes_as_all_begins_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_ANSWER_S", 0.5)
    scheduler = subprocess.Popen(
        [sys.executable, "-m", "dask", "scheduler", "--host", "127.0.0.1", "--port", "0",
         "--no-dashboard"],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert scheduler.stderr is not None
    lines = (re.search(r"tcp://127\.0\.0\.1:\d+", line) for line in scheduler.stderr)
    address = next(found[0] for found in lines if found)
    connect = cluster._client_of

    def freeze(*words: Any) -> Any:
        client = connect(*words)
        scheduler.send_signal(signal.SIGSTOP)
        return client

    monkeypatch.setattr(cluster, "_client_of", freeze)
    try:
        with pytest.raises(CohortError, match="stopped answering"), connected(address, None):
            pass
    finally:
        scheduler.kill()
        scheduler.communicate()


def test_what_a_killed_run_has_left_goes_another_day(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for name in ("beltline-cohort-old", "beltline-cohort-new", "beltline-cohort-used", "other"):
        (tmp_path / name).mkdir()
    (tmp_path / "beltline-cohort-used" / "file").touch()
    for name in ("beltline-cohort-old", "beltline-cohort-used", "other"):
        os.utime(tmp_path / name, (1.0, 1.0))
    with cluster._scratch_folder():
        pass
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"beltline-cohort-new", "beltline-cohort-used", "other"}


class _FakeCluster:
    """A client of a scheduler and one worker, somewhere else.

    Parameters
    ----------
    python, version, lacks
        What the worker has and has not.
    """

    def __init__(self, python: str = "", version: str = __version__, lacks: str = "") -> None:
        own = ".".join(map(str, sys.version_info[:3])) + ".final.0"
        self._own, self._worker = {"host": {"python": own}}, {"host": {"python": python or own}}
        self._answer = version, lacks

    @property
    def scheduler(self) -> _FakeCluster:
        return self

    def versions(self, *, packages: list[str]) -> dict[str, Any]:
        assert packages == []
        return self._own

    def broadcast(self, *, msg: dict[str, Any], on_error: str) -> dict[str, Any]:
        assert (msg["op"], on_error) == ("versions", "ignore")
        return {"tcp://10.0.0.2:1": self._worker}

    def sync(self, ask: Callable[..., Any], *, callback_timeout: float, **words: Any) -> Any:
        assert callback_timeout > 0
        return ask(**words)

    def run_on_scheduler(self, ask: Callable[[], tuple[str, str]], **_: object) -> tuple[str, str]:
        return ask()

    def run(self, _: object, **__: object) -> dict[str, tuple[str, str]]:
        return {"tcp://10.0.0.2:1": self._answer}


def test_workers_like_this_program_are_taken() -> None:
    cluster._compare_versions(_FakeCluster())


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (_FakeCluster(python="3.9.2.final.0"), ("3.9", ".".join(map(str, sys.version_info[:2])))),
        (_FakeCluster(version="9.9.9"), ("9.9.9", __version__)),
        (_FakeCluster(version="", lacks="Beltline"), ("lacks Beltline", __version__)),
        (_FakeCluster(lacks="fsspec"), ("lacks fsspec", __version__)),
    ],
)
def test_other_workers_are_told_before_anything_is_measured(
    found: _FakeCluster, told: tuple[str, ...]
) -> None:
    with pytest.raises(CohortError) as error:
        cluster._compare_versions(found)
    assert "tcp://10.0.0.2:1" in str(error.value)
    assert all(part in str(error.value) for part in told)


def test_a_machine_with_little_memory_has_fewer_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("distributed.system.MEMORY_LIMIT", 2_000_000_000)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(8), raising=False)
    assert cluster._share(None) == 1
    monkeypatch.setattr("distributed.system.MEMORY_LIMIT", 64_000_000_000)
    assert cluster._share(None) == 8
    assert cluster._share(3) == 3


def test_nothing_is_written_where_the_program_was_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    # What Python takes where nothing else can be written to.
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with cluster._scratch_folder() as folder:
        assert Path(folder).parent == tmp_path / "cache"
    assert list((tmp_path / "cache").iterdir()) == []


def test_no_folder_for_temporary_files_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail() -> str:
        raise FileNotFoundError("No usable temporary directory found")

    (tmp_path / "file").touch()
    monkeypatch.setattr(tempfile, "gettempdir", fail)
    for name in ("XDG_RUNTIME_DIR", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "file" / "below"))
    with pytest.raises(CohortError, match="TMPDIR"):
        cluster._scratch_folder()
