from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from app.report import ReportError
from app.study.design import Design
from app.study.protocol import photographs_sha256, write_protocol
from app.text.measurement import INTENDED_USE
from tests.app.study.studies import let_all_stand_alone, small_study
from vision._version import __version__
from vision.model_files import POSE_BUNDLE, expected_sha256

if TYPE_CHECKING:
    from pathlib import Path

    from app.study.design import Study

DESIGN = Design(raters=3, repeats=2, subjects=30)


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    let_all_stand_alone(monkeypatch)
    return small_study(tmp_path)


def page(path: Path) -> str:
    """Return the text of the one page there is."""
    (only,) = PdfReader(io.BytesIO(path.read_bytes())).pages
    return " ".join(only.extract_text().split())


def test_a_planned_study(tmp_path: Path) -> None:
    write_protocol(tmp_path / "page.pdf", DESIGN)
    told = page(tmp_path / "page.pdf")
    for part in (
        "Raters: 3. Subjects: 30, one photograph of each.",
        "60 pictures a rater, 180 in all",
        "between two looks at the same one is 14 or more",
        "What leaves the computer Nothing.",
        "Faces are not hidden",
        INTENDED_USE,
        f"Beltline {__version__}, Python",
        expected_sha256(POSE_BUNDLE),
        "once the study is made",
    ):
        assert part in told, part


def test_a_study_that_is_made(study: Study, tmp_path: Path) -> None:
    out = tmp_path / "page.pdf"
    write_protocol(out, study.key.design, study)
    told = page(out)
    for part in ("seed 1,", study.key.study, photographs_sha256(study), str(study.folder)[-40:]):
        assert part in told.replace(" ", " "), part
    first = out.read_bytes()
    write_protocol(out, study.key.design, study)
    assert out.read_bytes() == first, "the same study gives the same page"


def test_looks_that_are_not_repeated_are_not_spoken_of(tmp_path: Path) -> None:
    write_protocol(tmp_path / "page.pdf", Design(raters=2, repeats=1, subjects=30))
    assert "two looks" not in page(tmp_path / "page.pdf")


def test_the_longest_design_and_folder_are_one_page(study: Study, tmp_path: Path) -> None:
    study.folder = tmp_path / ("long name " * 40)
    design = Design(raters=50, repeats=10, subjects=10_000)
    write_protocol(tmp_path / "page.pdf", design, study)
    assert "50" in page(tmp_path / "page.pdf")


def test_the_checksum_of_all_photographs_can_be_made_by_hand(study: Study) -> None:
    lines = "".join(sorted(f"{photo.sha256}\n" for photo in study.key.photos))
    assert photographs_sha256(study) == hashlib.sha256(lines.encode()).hexdigest()


@pytest.mark.parametrize("name", ["page.txt", "gone/page.pdf", "x" * 300 + ".pdf"])
def test_a_place_that_cannot_be_written_to(tmp_path: Path, name: str) -> None:
    with pytest.raises(ReportError):
        write_protocol(tmp_path / name, DESIGN)
