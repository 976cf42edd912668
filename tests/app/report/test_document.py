"""Whatever the words, a report fits on two pages and nothing runs over an edge."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.pdfbase.pdfmetrics import stringWidth

from app.history.change.trend_line import TrendLine
from app.history.records import Arms, Conditions, Profile, Trend
from app.report import fonts
from app.report.contents import arrange
from app.report.flow import BODY, PAGE_ROOM_PT, TABLE, Text
from app.report.fonts import Letters, load_fonts
from app.report.picture import person_region
from app.report.trend import angle_marks, choose_points, date_marks, time_span_s
from tests.app.report.checks import START, Sample, make_check, placed, tilt, trend_of
from vision.reasons import WARNINGS, warning
from vision.result import BONES_SD_DEG, Method

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray
    from reportlab.lib.styles import ParagraphStyle

TEXTS = st.text(st.characters(codec="utf-8"), max_size=40)
LONG = st.builds(lambda text, times: text * times, TEXTS, st.integers(1, 40))
ANGLES = st.floats(-60, 60)


@pytest.fixture
def plain_letters(monkeypatch: pytest.MonkeyPatch) -> Iterator[Letters]:
    """Return the letters of an installation that lacks DejaVu."""
    monkeypatch.setattr(fonts, "_candidates", list)
    load_fonts.cache_clear()
    yield load_fonts()
    monkeypatch.undo()
    load_fonts.cache_clear()
    load_fonts()


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    name=LONG,
    texts=st.lists(LONG, min_size=1, max_size=6),
    count=st.integers(1, 70),
    extra=st.integers(0, 5000),
    shown=st.booleans(),
    warned=st.integers(0, len(WARNINGS)),
)
def test_two_pages_hold_anything(
    woman: Sample,
    kept: Path,
    name: str,
    texts: list[str],
    count: int,
    extra: int,
    shown: bool,
    warned: int,
) -> None:
    reasons = tuple(warning(code, 12) for code in list(WARNINGS)[:warned])
    checks = []
    for number in range(count):
        text = texts[number % len(texts)]
        worn = Conditions(text, Arms.COLLAR_BONES, text[::-1])
        picture = kept / "woman.jpg" if shown and number in (0, count - 1) else None
        check = make_check(number, woman, days=number, conditions=worn, picture=picture)
        checks.append(replace(check, result=replace(check.result, reasons=reasons)))
    line = TrendLine(0.0, 1e7, -7.0, 6.0, 3.0, count, ()) if count > 3 else None
    whole = checks, trend_of(checks), count + extra
    contents = replace(arrange(Profile(1, name, START), *whole), line=line)
    parts = placed(contents)
    assert {part.page for part in parts} <= {1, 2}
    for page in (1, 2):
        bottom = 0.0
        for part in (part for part in parts if part.page == page):
            assert part.top_pt >= bottom - 1e-6
            bottom = part.bottom_pt
            assert bottom <= PAGE_ROOM_PT + 1e-6


def lines_of(text: str, style: ParagraphStyle, room: float, most: int | None = None) -> list[str]:
    paragraph = Text(text, style, most)
    paragraph.wrap(room, PAGE_ROOM_PT)
    return [" ".join(words) for _, words in paragraph.blPara.lines]


@settings(max_examples=60, deadline=None)
@given(text=LONG, room=st.floats(20, 500), most=st.none() | st.integers(1, 5))
def test_no_line_is_wider_than_its_room(text: str, room: float, most: int | None) -> None:
    lines = lines_of(text, BODY, room, most)
    widths = [stringWidth(line, BODY.fontName, BODY.fontSize) for line in lines]
    assert all(width <= room + 1e-9 for width in widths)
    assert most is None or len(lines) <= most
    if most is None:
        printable = load_fonts().printable(text)
        assert "".join(lines).replace(" ", "") == printable.replace(" ", "")


def test_a_text_that_is_cut_says_so() -> None:
    assert lines_of("eins zwei drei vier", TABLE, 40.0, 1)[0].endswith("…")
    assert lines_of("eins", TABLE, 40.0, 1) == ["eins"]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Gro\u0308ße", "Größe"),
        ("two\nlines\tand  gaps", "two lines and gaps"),
        ("\u200bzero\u00adwidth\x07", "zerowidth"),
        ("李", "□"),
        ("😀", "□"),
        ("שלום", "□□□□"),
        ("\ud800", "□"),
        ("ﬃ①", "ﬃ①"),
        ("\U0001d400", "A"),
    ],
)
def test_what_the_font_lacks_is_replaced(written: str, shown: str) -> None:
    assert load_fonts().printable(written) == shown
    assert load_fonts().lack(written) == ("□" in shown)


def test_without_dejavu_western_letters_remain(plain_letters: Letters) -> None:
    assert plain_letters.printable("Größe à 12°") == "Größe à 12°"
    assert plain_letters.printable("Ō Юля") == f"O {plain_letters.stand_in * 3}"
    assert plain_letters.lack("Юля")
    assert not plain_letters.lack("Why?")


def many(count: int, days: float = 1.0) -> Trend:
    steps = np.arange(count, dtype=np.float64)
    angle = np.asarray(12.0 + 6.0 * np.sin(steps), np.float64)
    at_s = np.asarray(START.timestamp() + 86_400.0 * days * steps, np.float64)
    return trend_with(angle, at_s, 2.3)


def trend_with(
    angle_deg: NDArray[np.float64], at_s: NDArray[np.float64], reading_deg: float
) -> Trend:
    count = len(angle_deg)
    parts = (np.full(count, sd) for sd in (reading_deg, 1.0, BONES_SD_DEG))
    return Trend(Method.CONTOUR, np.arange(count), at_s, angle_deg, *parts)


def test_few_points_are_all_shown_and_many_become_medians() -> None:
    assert choose_points(many(90)).each == 1
    points = choose_points(many(20_000))
    assert len(points.at_s) == 90
    assert points.count == 20_000
    assert points.each == 223
    assert (points.low_deg < points.angle_deg).all()
    assert (points.angle_deg < points.high_deg).all()
    assert (np.diff(points.at_s) > 0).all()


@given(middle=ANGLES, reading=st.floats(0, 70), count=st.integers(1, 5), belt=st.booleans())
def test_the_axes_enclose_everything(middle: float, reading: float, count: int, belt: bool) -> None:
    angle = np.full(count, middle)
    at_s = START.timestamp() + np.arange(count, dtype=np.float64)
    trend = trend_with(angle, at_s, reading)
    half = float(trend.change_half_deg[0])
    points = choose_points(trend)
    marks = angle_marks(points, not belt)
    assert marks[0] <= min(0.0, middle - half) + 1e-9
    assert marks[-1] >= max(0.0 if belt else 20.0, middle + half) - 1e-9
    assert 2 <= len(marks) <= 9
    first, last = time_span_s(points)
    assert first < points.at_s[0]
    assert points.at_s[-1] < last


@pytest.mark.parametrize(
    ("count", "days", "named"), [(1, 1, 1), (5, 0.01, 1), (3, 1, 3), (9, 90, 5)]
)
def test_dates_are_named_once(count: int, days: float, named: int) -> None:
    marks = date_marks(choose_points(many(count, days)), START.tzinfo)
    texts = [mark.text for mark in marks]
    assert len(texts) == len(set(texts)) == named
    assert texts[0] == "3 Jan 2026"


@pytest.mark.parametrize("aspect", [0.4, 0.8, 2.0])
def test_the_person_is_in_the_part_that_is_shown(woman: Sample, aspect: float) -> None:
    region = person_region(make_check(1, woman), aspect)
    low, high = woman.result.outline_px.min(axis=0), woman.result.outline_px.max(axis=0)
    assert region.left_px <= low[0]
    assert region.top_px <= low[1]
    assert region.left_px + region.width_px >= high[0]
    assert region.top_px + region.height_px >= high[1]
    assert region.left_px >= 0
    assert region.left_px + region.width_px <= woman.size_px[0]


def test_without_an_outline_the_whole_picture_is_shown(woman: Sample) -> None:
    check = make_check(1, woman, answer=tilt(3.0))
    check = replace(check, result=replace(check.result, outline_px=np.empty((0, 2), np.float32)))
    region = person_region(check, 0.8)
    assert (region.width_px, region.height_px) == woman.size_px


@pytest.mark.parametrize("letter", ["a", "\u0639", "\u4e2d", "\U0001f600"])
def test_a_word_of_a_million_letters_holds_nothing_up(letter: str) -> None:
    text = Text(letter * 1_000_000, BODY, 3)
    text.wrap(300.0, PAGE_ROOM_PT)
    assert text.height == pytest.approx(3 * BODY.leading)
    assert len(text.frags[0].text) < 10_000
    assert fonts.missing_letters(letter * 1_000_000) in {"", letter}
