"""The page about how to stand: one page on either paper, with all its words and drawings."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from app.report import ReportError
from app.report.sheet import PaperSize, render_sheet, write_sheet
from app.text import measurement
from app.text.help import sheet as words

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("paper", PaperSize)
def test_it_is_one_page_that_says_everything(paper: PaperSize) -> None:
    (page,) = PdfReader(io.BytesIO(render_sheet(paper))).pages
    assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(
        paper.value, abs=0.01
    )
    said = " ".join(page.extract_text().split())
    for sentence in (
        words.TITLE,
        words.THREE_METRES,
        *words.CAMERA_STEPS,
        *words.YOU_STEPS,
        words.MEASURED_TEXT,
        *words.MEANING_TEXTS,
        words.SOURCES,
        measurement.INTENDED_USE,
        words.FOOT,
    ):
        assert sentence in said
    assert len(page.images) == 2, "somebody from the front, and from the side"


@pytest.mark.parametrize("paper", PaperSize)
def test_nothing_stands_outside_the_margins(paper: PaperSize) -> None:
    (page,) = PdfReader(io.BytesIO(render_sheet(paper))).pages
    places: list[float] = []
    page.extract_text(
        visitor_text=lambda text, cm, tm, font, size: (
            places.append(tm[4] * cm[0] + cm[4]) if text.strip() else None
        )
    )
    width = paper.value[0]
    assert min(places) > 30
    assert max(places) < width - 30


def test_longer_words_still_fit_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a language that needs a fifth more letters."""
    for name in ("CAMERA_STEPS", "YOU_STEPS", "MEANING_TEXTS"):
        longer = tuple(text + " " + text[: len(text) // 5] for text in getattr(words, name))
        monkeypatch.setattr(words, name, longer)
    for paper in PaperSize:
        assert len(PdfReader(io.BytesIO(render_sheet(paper))).pages) == 1


def test_the_same_page_has_the_same_bytes_and_tells_nothing_of_anybody(tmp_path: Path) -> None:
    out = tmp_path / "page.pdf"
    write_sheet(out, PaperSize.A4)
    assert out.read_bytes() == render_sheet(PaperSize.A4)
    about = PdfReader(out).metadata
    assert about is not None
    assert (about.title, about.author) == (words.TITLE, "")


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    for wrong in (tmp_path / "page.txt", tmp_path / "nowhere" / "page.pdf"):
        with pytest.raises(ReportError):
            write_sheet(wrong, PaperSize.LETTER)
