"""What makes no sense in a file of ours is told in the language that is spoken."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from app.history.errors import ExportFailed, ImportRefused
from app.history.exchange.backup import restore_backup, write_backup
from app.history.exchange.csv_format import COLUMNS
from app.history.exchange.files import export_file, import_file, read_file
from app.history.exchange.model import FORMAT, FORMAT_KEY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.history.store import History

    Asks = Callable[[History, Path], object]

BEGINS = f'{{"{FORMAT_KEY}": {FORMAT}, '
ENDS = '"squeezes": [], "diary": []}'
#: Exports of which each is wrong in a way of its own.
SPOILT = [
    BEGINS,
    BEGINS + '"profiles": []}',
    BEGINS + BEGINS[1:] + '"profiles": []}',
    BEGINS + '"profiles": [], "checks": [3], ' + ENDS,
    BEGINS + '"profiles": [], "checks": [{}], ' + ENDS,
    BEGINS + '"profiles": [{"name": " "}], "checks": [], ' + ENDS,
    BEGINS + '"profiles": [{"name": "A"}], "checks": [], ' + ENDS,
    BEGINS + '"profiles": ' + "[" * 99 + "]" * 99 + "}",
    f"{FORMAT_KEY},profile\n{FORMAT},A\n",
    f"{','.join(COLUMNS)}\n{FORMAT},A\n",
]


@pytest.mark.parametrize("content", SPOILT)
def test_why_nothing_was_imported(
    tmp_path: Path, content: str, in_pseudo: Callable[[str], bool]
) -> None:
    path = tmp_path / "export"
    path.write_text(content, "utf-8")
    with pytest.raises(ImportRefused) as caught, read_file(path) as found:
        list(found.checks)
    assert in_pseudo(caught.value.message)
    assert in_pseudo(caught.value.fix)
    why = caught.value.message.partition("(")[2].rpartition(")")[0]
    assert in_pseudo(why)


@pytest.mark.parametrize(
    "ask",
    [
        lambda history, folder: export_file(history, folder / "checks.txt"),
        lambda history, folder: export_file(history, folder / "none" / "checks.csv"),
        lambda history, folder: write_backup(history, folder / "none" / "all.zip"),
        lambda history, folder: import_file(history, folder / "none.csv"),
        lambda history, folder: import_file(history, folder),
        lambda history, folder: import_file(history, folder / "other.zip"),
        lambda history, folder: restore_backup(history, folder / "none.zip"),
        lambda history, folder: restore_backup(history, folder / "other.zip"),
        lambda history, folder: restore_backup(history, folder / "text.zip"),
    ],
)
@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_what_cannot_be_written_or_read(
    history: History, tmp_path: Path, ask: Asks, in_pseudo: Callable[[str], bool]
) -> None:
    zipfile.ZipFile(tmp_path / "other.zip", "w").close()
    (tmp_path / "text.zip").write_text("no archive")
    with pytest.raises((ExportFailed, ImportRefused)) as caught:
        ask(history, tmp_path)
    assert in_pseudo(caught.value.message)
    assert in_pseudo(caught.value.fix)
