"""What the page on exports tells to run."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from fhir.resources.R4B.bundle import Bundle

from app.study.forms.fhir import fhir_files
from app.study.forms.tidy import tidy_files
from tests.app.study.forms.studies import ROWS
from tests.app.text.spoken import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (ROOT / "docs" / "EXPORTS.md").read_text(encoding="utf-8")
READ_TABLE, FOR_SERVER = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def run(code: str, folder: Path, files: dict[str, bytes], into: pytest.MonkeyPatch) -> Any:
    for name, data in files.items():
        (folder / name).write_bytes(data)
    into.chdir(folder)
    names: dict[str, Any] = {}
    exec(code, names)
    return names


def test_python_reads_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = run(READ_TABLE, tmp_path, tidy_files(ROWS), monkeypatch)["study"]
    assert list(study["subject"]) == [row.subject for row in ROWS]
    assert study["tilt_deg"].dropna().tolist() == [-3.125, 3.125]
    assert study["belt"].dropna().tolist() == [2, 1]
    assert study["rated_at"][3] == pd.Timestamp("2026-05-31T04:50:30Z")


def test_python_makes_a_transaction(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(FOR_SERVER, tmp_path, fhir_files("trial", ROWS), monkeypatch)
    made = (tmp_path / "transaction.json").read_bytes()
    Bundle.model_validate_json(made)
    entries = json.loads(made)["entry"]
    assert {entry["request"]["method"] for entry in entries} == {"POST"}


@pytest.mark.parametrize("files", [tidy_files([]), fhir_files("trial", [])])
def test_the_page_names_every_file(files: dict[str, bytes]) -> None:
    assert all(name in PAGE for name in files)
