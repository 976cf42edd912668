"""A file is there whole, or as it was."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from vision.atomic_write import (
    atomic_write,
    close_folder,
    close_to_others,
    make_own_folder,
    open_private,
    why_not_written,
)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_a_file_is_made_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    for data in (b"first", b"second"):
        atomic_write(path, data)
        assert path.read_bytes() == data
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_is_left_of_a_file_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"as it was")

    def fail(part: Path, target: Path) -> None:
        assert part.read_bytes() == b"new"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="No space left"):
        atomic_write(path, b"new")
    assert path.read_bytes() == b"as it was"
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_is_left_when_a_signal_comes_in_between(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", end)
    with pytest.raises(KeyboardInterrupt):
        atomic_write(tmp_path / "file", b"new")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as told:
        atomic_write(tmp_path / "none" / "a.bin", b"")
    assert why_not_written(told.value) == "no such file or directory"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (IsADirectoryError(21, "Is a directory"), "it is a folder"),
        (OSError(28, "No space left on device"), "no space left on device"),
        (OSError("Something else."), "something else"),
    ],
)
def test_the_reason_stands_inside_a_sentence(error: OSError, said: str) -> None:
    assert why_not_written(error) == said


def test_only_the_owner_reads_what_is_made_here(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        make_own_folder(tmp_path / "own")
        atomic_write(tmp_path / "own" / "a.bin", b"x")
        for mode in ("a", "a", "w"):
            with open_private(tmp_path / "own" / "b.txt", mode, encoding="utf-8") as file:
                file.write("x")
    finally:
        os.umask(before)
    assert mode_of(tmp_path / "own") == 0o700
    assert [mode_of(path) for path in (tmp_path / "own").iterdir()] == [0o600] * 2
    # What lay open before is closed when it is written anew.
    (tmp_path / "own" / "a.bin").chmod(0o644)
    atomic_write(tmp_path / "own" / "a.bin", b"y")
    assert mode_of(tmp_path / "own" / "a.bin") == 0o600


def test_what_earlier_versions_left_open_is_closed(tmp_path: Path) -> None:
    own, elsewhere = tmp_path / "own", tmp_path / "elsewhere"
    (own / "pictures" / "deep").mkdir(parents=True)
    elsewhere.write_text("somebody's")
    for path in (own / "a", own / "pictures" / "b", own / "pictures" / "deep" / "c"):
        path.write_text("x")
        path.chmod(0o644)
    (own / "read_only").write_text("x")
    (own / "read_only").chmod(0o444)
    for folder in (own, own / "pictures", own / "pictures" / "deep"):
        folder.chmod(0o755)
    elsewhere.chmod(0o644)
    (own / "link").symlink_to(elsewhere)
    close_folder(own)
    found = {path.name: mode_of(path) for path in own.rglob("*") if not path.is_symlink()}
    files = {"a": 0o600, "b": 0o600, "c": 0o600, "read_only": 0o400}
    assert found == files | {"pictures": 0o700, "deep": 0o700}
    assert mode_of(own) == 0o700
    assert mode_of(elsewhere) == 0o644
    close_to_others(own / "link", own / "nothing")
    close_folder(own / "nothing")
    assert mode_of(elsewhere) == 0o644
