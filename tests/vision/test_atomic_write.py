"""A file is there whole, or as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from vision.atomic_write import atomic_write, why_not_written


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
