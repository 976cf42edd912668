"""Beltline's own measurements of a study's photographs, kept beside the answers."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from app.study import StudyError, automatic
from app.study.automatic import KEPT, all_rows, automatic_rows
from app.study.design import Design, Study, StudyPhoto
from app.study.table import AUTOMATIC, StudyRow
from tests.app.study.simulated import simulated_study
from vision.pipeline import measure_photo
from vision.result import Measured

SAMPLES = Path(__file__).parents[3] / "sample_images"
GOOD, CUT = SAMPLES / "man_average_right_tilt8.jpg", SAMPLES / "man_cut_at_thigh_right.jpg"
DESIGN = Design(raters=1, repeats=1, subjects=3)


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """A study of a photograph that can be measured, one that cannot, and one that is damaged."""
    damaged = tmp_path / "damaged.jpg"
    damaged.write_bytes(GOOD.read_bytes()[:500])
    photos = [Path(shutil.copy(photo, tmp_path)) for photo in (GOOD, CUT)]
    return simulated_study(tmp_path / "study", DESIGN, photos=[*photos, damaged])


def test_each_photograph_is_measured_once_by_the_one_pipeline(study: Study) -> None:
    told: list[str] = []
    good, cut, damaged = automatic_rows(study, told.append)
    expected = measure_photo(GOOD)
    assert isinstance(expected, Measured)
    assert (good.status, good.rater, good.method) == ("measured", AUTOMATIC, "contour")
    assert good.tilt_deg == expected.tilt.angle_deg
    assert (good.low_deg, good.high_deg) == (expected.tilt.low_deg, expected.tilt.high_deg)
    assert good.belt == (2 if expected.belt_line else 0)
    assert good.photo_sha256 == study.key.photos[0].sha256
    assert (cut.status, cut.tilt_deg, cut.reasons) == ("rejected", None, "body_cut_off")
    assert (damaged.status, damaged.reasons) == ("error", "unreadable")
    assert told[0] == "Measuring photograph 1 of 3"

    told.clear()
    assert automatic_rows(study, told.append) == [good, cut, damaged]
    assert told == ["Measuring photograph 3 of 3"]  # it may have been put back
    assert all_rows(study, told.append)[-1] == damaged
    assert len(all_rows(study, told.append)) == 6


def test_what_is_kept_survives_damage_and_belongs_to_one_version(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[str] = []

    def pretended(path: Path, photo: StudyPhoto) -> StudyRow:
        measured.append(photo.subject)
        return StudyRow(photo.subject, AUTOMATIC, 1, status="rejected", photo_sha256=photo.sha256)

    monkeypatch.setattr(automatic, "_measured", pretended)
    automatic_rows(study, lambda _: None)
    kept = study.folder / KEPT
    lines = [line for line in kept.read_bytes().split(b"\n") if line]
    # A pulled plug, and somebody's own line.
    kept.write_bytes(lines[0] + b"\nnonsense\n" + lines[1] + b"\n" + lines[2][:40])
    measured.clear()
    automatic_rows(study, lambda _: None)
    assert measured == ["s002"]
    measured.clear()
    automatic_rows(study, lambda _: None)
    assert measured == []
    monkeypatch.setattr(automatic, "__version__", "99")
    automatic_rows(study, lambda _: None)
    assert measured == ["s000", "s001", "s002"]


def test_a_file_that_changed_or_went_is_a_row(study: Study) -> None:
    changed, gone = (Path(photo.path) for photo in study.key.photos[1:])
    changed.write_bytes(b"other")
    gone.unlink()
    (study.folder / KEPT).write_text(
        json.dumps({"measured_by": "nobody", "row": {"subject": "s000"}}), encoding="utf-8"
    )
    Path(study.key.photos[0].path).unlink()
    found = [(row.status, row.reasons) for row in automatic_rows(study, lambda _: None)]
    assert found == [("error", "unreadable"), ("error", "changed"), ("error", "unreadable")]


def test_where_nothing_can_be_kept_a_sentence_says_so(study: Study) -> None:
    (study.folder / KEPT).mkdir()
    with pytest.raises(StudyError, match="cannot be read: it is a folder"):
        automatic_rows(study, lambda _: None)
