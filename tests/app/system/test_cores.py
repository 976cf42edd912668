"""How many processes measure: by what this process may use, as the system tells it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from app.system import cores
from app.system.cores import WORKER_BYTES, core_count, free_bytes, worker_count

if TYPE_CHECKING:
    from pathlib import Path

_MB = 2**20


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight cores, and memory for many processes."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    monkeypatch.setattr(cores, "free_bytes", lambda: 100 * WORKER_BYTES)


def own_groups(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "own"
    path.write_text(text)
    return path


def put(folder: Path, **texts: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name.replace("__", ".")).write_text(text)


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize(
    ("photographs", "is_quick", "expected"),
    [
        *[
            (1, False, 1),
            (2, False, 1),
            (3, False, 1),
            (7, False, 1),
            (8, False, 2),
            (13, False, 3),
        ],
        *[(1746, False, 8), (23, True, 1), (24, True, 2), (1746, True, 8)],
    ],
)
def test_few_photographs_need_no_processes(
    photographs: int, is_quick: bool, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cores, "core_count", lambda: 8)
    assert worker_count(photographs, is_quick=is_quick) == expected


@pytest.mark.usefixtures("machine")
def test_one_core_is_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cores, "core_count", lambda: 1)
    assert worker_count(1000, is_quick=False) == 1


@pytest.mark.parametrize(("room", "expected"), [(0, 1), (1, 1), (3, 3), (20, 8)])
@pytest.mark.usefixtures("machine")
def test_no_more_processes_than_there_is_memory_for(
    monkeypatch: pytest.MonkeyPatch, room: int, expected: int
) -> None:
    monkeypatch.setattr(cores, "core_count", lambda: 8)
    monkeypatch.setattr(cores, "free_bytes", lambda: room * WORKER_BYTES)
    assert worker_count(1000, is_quick=False) == expected


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize(
    ("quota", "expected"),
    [("max 100000", 8), ("200000 100000", 2), ("50000 100000", 1), ("nonsense", 8), ("0 0", 8)],
)
def test_a_container_has_a_share_of_the_cores(tmp_path: Path, quota: str, expected: int) -> None:
    put(tmp_path / "groups" / "mine", cpu__max=quota)
    own = own_groups(tmp_path, "0::/mine/inner\n")
    assert core_count(tmp_path / "groups", own) == expected


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize(("quota", "expected"), [("-1", 8), ("300000", 3)])
def test_an_older_container_as_well(tmp_path: Path, quota: str, expected: int) -> None:
    folder = tmp_path / "groups" / "cpu,cpuacct"
    put(folder, cpu__cfs_quota_us=quota, cpu__cfs_period_us="100000")
    own = own_groups(tmp_path, "5:memory:/elsewhere\n4:cpu,cpuacct:/docker/1234\n")
    assert core_count(tmp_path / "groups", own) == expected


@pytest.mark.usefixtures("machine")
def test_without_control_groups_all_cores_are_ours(tmp_path: Path) -> None:
    assert core_count(tmp_path, tmp_path / "none") == 8
    assert core_count(tmp_path, own_groups(tmp_path, "\n:\n0::")) == 8


def test_this_machine_has_cores_and_memory() -> None:
    assert 1 <= core_count() <= (os.cpu_count() or 1)
    assert free_bytes() > 0


@pytest.mark.parametrize("memory", ["", "MemAvailable:\n", "MemAvailable: much kB\n"])
def test_memory_that_is_not_told(tmp_path: Path, memory: str) -> None:
    path = tmp_path / "meminfo"
    path.write_text(memory)
    assert free_bytes(path, tmp_path, tmp_path / "none") > 0
    assert free_bytes(tmp_path / "none", tmp_path, tmp_path / "none") > 0


@pytest.mark.parametrize(
    ("names", "idle"),
    [
        (("memory__max", "memory__current"), "inactive_file"),
        (("memory__limit_in_bytes", "memory__usage_in_bytes"), "total_inactive_file"),
    ],
)
def test_memory_of_a_container(tmp_path: Path, names: tuple[str, str], idle: str) -> None:
    machine = tmp_path / "meminfo"
    machine.write_text(f"MemTotal: 999999 kB\nMemAvailable: {1000 * 1024} kB\n")
    groups, own = tmp_path / "groups", own_groups(tmp_path, "0::/mine\n")
    limits = {names[0]: str(600 * _MB), names[1]: str(500 * _MB)}
    put(groups / "mine", **limits, memory__stat=f"other 1\n{idle} {200 * _MB}\n")
    assert free_bytes(machine, groups, own) == 300 * _MB
    put(groups / "mine", **limits, memory__stat="")
    assert free_bytes(machine, groups, own) == 100 * _MB
    put(groups / "mine", **{names[0]: "max"})
    assert free_bytes(machine, groups, own) == 1000 * _MB
