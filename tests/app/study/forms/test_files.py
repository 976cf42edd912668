from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.study import StudyError
from app.study.forms import files
from app.study.forms.files import csv_bytes, write_together

if TYPE_CHECKING:
    from pathlib import Path


def test_a_table_is_as_rfc_4180_has_it() -> None:
    data = csv_bytes(["a", "b"], [["1,5", 'said "no"'], ["two\nlines", ""]])
    assert data == b'a,b\r\n"1,5","said ""no"""\r\n"two\nlines",\r\n'


def test_all_files_appear(tmp_path: Path) -> None:
    write_together(tmp_path / "new", {"a": b"1", "b": b"2"}, replaces=False)
    assert {path.name: path.read_bytes() for path in (tmp_path / "new").iterdir()} == {
        "a": b"1",
        "b": b"2",
    }


def test_a_disk_that_fills_up_leaves_none_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> None:
        if path.name.endswith("b"):
            raise OSError(28, "No space left on device")
        path.write_bytes(data)

    monkeypatch.setattr(files, "atomic_write", full)
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(StudyError, match="no space left on device"):
        write_together(tmp_path, {"a": b"1", "b": b"2"}, replaces=True)
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_bytes() == b"old"


@pytest.mark.parametrize("name", ["file", "no\0name"])
def test_a_folder_that_is_none_is_told_in_a_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StudyError, match="cannot be written"):
        write_together(tmp_path / name, {"a": b""}, replaces=True)


def test_a_folder_in_a_files_place_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(StudyError, match="is there already"):
        write_together(tmp_path, {"a": b""}, replaces=True)
