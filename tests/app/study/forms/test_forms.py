from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.study import StudyError
from app.study.forms import FormKind, export
from tests.app.study.forms.studies import MEASURED, SECRET, make_study

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    FormKind.TIDY: ["study.csv", "study_dictionary.csv", "study_dictionary.json"],
    FormKind.REDCAP: ["redcap_dictionary.csv", "redcap_import.csv"],
    FormKind.FHIR: ["study.fhir.json"],
}


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("kind", list(FormKind))
def test_each_kind_has_its_files_and_says_so_on_one_line(tmp_path: Path, kind: FormKind) -> None:
    study, out = make_study(tmp_path / "study"), tmp_path / "new" / "out"
    said = export(study, out, kind.value, [MEASURED])
    assert names_in(out) == FILES[kind]
    assert "\n" not in said
    assert all(name in said for name in FILES[kind])
    written = b"".join(path.read_bytes() for path in out.iterdir())
    assert b"S1" in written
    assert SECRET.encode() not in written
    assert str(tmp_path).encode() not in written


def test_the_line_counts_what_was_written(tmp_path: Path) -> None:
    study = make_study(tmp_path / "study")
    assert export(study, tmp_path / "a", "tidy", [MEASURED]) == (
        f"7 rows of 3 subjects are in '{tmp_path / 'a'}': study.csv, study_dictionary.csv and "
        "study_dictionary.json."
    )
    # One picture is not rated yet.
    assert export(study, tmp_path / "b", "fhir") == (
        f"5 observations of 3 subjects are in '{tmp_path / 'b'}': study.fhir.json."
    )


def test_all_kinds_go_into_one_folder(tmp_path: Path) -> None:
    study = make_study(tmp_path / "study")
    for kind in FormKind:
        export(study, tmp_path / "out", kind)
    assert names_in(tmp_path / "out") == sorted(name for names in FILES.values() for name in names)


def test_an_unknown_kind_names_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="Take tidy, redcap or fhir"):
        export(make_study(tmp_path / "study"), tmp_path / "out", "spss")
    assert not (tmp_path / "out").exists()


def test_files_that_are_there_stay_until_they_may_be_replaced(tmp_path: Path) -> None:
    study, out = make_study(tmp_path / "study"), tmp_path / "out"
    out.mkdir()
    (out / "study_dictionary.csv").write_text("mine")
    with pytest.raises(StudyError, match=r"study_dictionary\.csv' is there already"):
        export(study, out, "tidy")
    assert names_in(out) == ["study_dictionary.csv"]
    assert (out / "study_dictionary.csv").read_text() == "mine"
    export(study, out, "tidy", replaces=True)
    assert (out / "study_dictionary.csv").read_text().startswith("column,")
