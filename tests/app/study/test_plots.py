"""Plots that any program shows and a copy in grey tells."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from app.study.analysis import analyse, read_ratings
from app.study.design import Design
from app.study.plots import Plot, draw_plots
from tests.app.study.simulated import simulated_rows

if TYPE_CHECKING:
    from app.study.table import StudyRow

pytestmark = pytest.mark.xdist_group("statistics")


def drawn(rows: list[StudyRow]) -> list[Plot]:
    return draw_plots(read_ratings(rows), analyse(rows))


@pytest.fixture(scope="module")
def plots() -> list[Plot]:
    return drawn(simulated_rows(Design(raters=3, repeats=2, subjects=10)))


def test_each_question_has_its_plot(plots: list[Plot]) -> None:
    assert [plot.name for plot in plots] == [
        "bland_altman_automatic_contour",
        "scatter_automatic_contour",
        "bland_altman_raters",
        "differences_by_rater",
        "repeats",
    ]
    for plot in plots:
        assert plot.caption.endswith(".")
        size = Image.open(io.BytesIO(plot.png)).size
        assert size == (round(200 * plot.width_in), round(200 * plot.height_in))


def test_an_svg_is_whole_and_without_foreign_fonts_or_colours(plots: list[Plot]) -> None:
    for plot in plots:
        root = ET.fromstring(plot.svg)
        assert root.tag.endswith("svg")
        assert b"<text" not in plot.svg  # letters are outlines
        assert b"http://" not in re.sub(rb'(xmlns[:\w]*|rdf:\w+)="[^"]*"', b"", plot.svg).replace(
            b"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd", b""
        ).replace(b"http://purl.org/dc/dcmitype/StillImage", b"")
        for colour in re.findall(rb"#[0-9a-f]{6}", plot.svg):
            parts = [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
            assert max(parts) - min(parts) <= 32, colour  # as good as grey


def test_the_same_study_gives_the_same_plots(plots: list[Plot]) -> None:
    rows = simulated_rows(Design(raters=3, repeats=2, subjects=10))
    assert [plot.svg for plot in drawn(rows)] == [plot.svg for plot in plots]


def test_what_cannot_be_drawn_is_left_out() -> None:
    one = simulated_rows(Design(raters=1, repeats=1, subjects=5), automatic=False)
    assert drawn(one) == []
    two = simulated_rows(Design(raters=1, repeats=1, subjects=5))
    assert [plot.name.partition("_")[0] for plot in drawn(two)] == ["bland", "scatter"]


def test_many_raters_are_shown_in_part_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.study.plots._PANELS_MAX", 2)
    monkeypatch.setattr("app.study.plots._RATERS_SHOWN", 2)
    plots = drawn(simulated_rows(Design(raters=3, repeats=2, subjects=3), automatic=False))
    captions = {plot.name: plot.caption for plot in plots}
    assert "first 2 of 3 pairs" in captions["bland_altman_raters"]
    assert "first 2 of 3 raters" in captions["repeats"]
