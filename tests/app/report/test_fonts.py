"""Letters of every script: in the report's own fonts, in the machine's, or told to be missing."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from app.history.records import Conditions, Profile
from app.report import fonts
from app.report.contents import arrange
from app.report.document import render
from app.report.flow import BODY
from app.report.fonts import font_files, load_fonts, look_anew, missing_letters, readable
from app.report.shaped import ShapedText
from tests.app.report.checks import START, Sample, make_check, text_of, trend_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_JAPANESE = "山田太郎"
_ARABIC = "محمد الأحمد"


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Path]]:
    """Return which fonts are installed: none, until a test adds some."""
    found: list[Path] = []

    @lru_cache(maxsize=1)
    def listed() -> tuple[Path, ...]:
        return tuple(found)

    monkeypatch.setattr(fonts, "system_fonts", listed)
    look_anew()
    yield found
    monkeypatch.undo()
    look_anew()


def make_font(path: Path, letters: str, *, outlines: bool = True) -> Path:
    """Make a font that shows each of these letters as a square."""
    letters = "".join(dict.fromkeys(letters))
    names = [".notdef", *(f"g{ord(letter):x}" for letter in letters)]
    square = TTGlyphPen(None)
    square.moveTo((0, 0))
    for corner in ((0, 800), (800, 800), (800, 0)):
        square.lineTo(corner)
    square.closePath()
    shape, empty = square.glyph(), TTGlyphPen(None).glyph()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(letter): f"g{ord(letter):x}" for letter in letters})
    builder.setupGlyf(dict.fromkeys(names, shape if outlines else empty))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (900, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": path.stem, "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=800)
    builder.setupPost()
    builder.save(path)
    return path


def printed(name: str, sample: Sample, note: str = "") -> bytes:
    checks = [make_check(1, sample, conditions=Conditions(note=note))]
    return render(arrange(Profile(1, name, START), checks, trend_of(checks)))


@pytest.mark.parametrize("text", ["Größe", "Юля, Ωmega", _ARABIC, "שלום", "\U0001d538 😀"])
def test_the_shipped_fonts_hold_many_scripts(bare: list[Path], text: str) -> None:
    assert not bare
    assert missing_letters(text) == ""
    assert readable(text) == text
    assert len(font_files(text, is_bold=False)) == 1


def test_what_no_font_holds_is_told_and_replaced(bare: list[Path], woman: Sample) -> None:
    assert not bare
    assert missing_letters(f"Taro {_JAPANESE}山") == _JAPANESE
    assert readable(f"Taro {_JAPANESE}") == "Taro □□□□"
    assert "stands for a letter that no font of this computer holds" in text_of(
        printed(_JAPANESE, woman)
    )


def test_a_font_of_the_machine_is_found_and_used(
    bare: list[Path], woman: Sample, tmp_path: Path
) -> None:
    bare += [make_font(tmp_path / "Other.ttf", "山"), make_font(tmp_path / "Sans.ttf", _JAPANESE)]
    assert missing_letters(_JAPANESE) == ""
    assert font_files(_JAPANESE, is_bold=False)[1:] == (bare[1],)
    data = printed(_JAPANESE, woman)
    assert "stands for a letter" not in text_of(data)
    page = PdfReader(io.BytesIO(data)).pages[0].get_contents()
    assert page is not None
    said = page.get_data().decode("latin-1")
    assert _JAPANESE.encode("utf-16-be").hex().upper() in said  # to be searched for and copied
    # Each letter is a square: four corners.
    shaped = said[said.index("ActualText") :]
    shaped = shaped[: shaped.index(" f\n")] if " f\n" in shaped else shaped
    assert shaped.count(" l") >= 3 * len(_JAPANESE)


def test_letters_of_several_fonts_are_put_together(bare: list[Path], tmp_path: Path) -> None:
    bare += [make_font(tmp_path / "a.ttf", "山"), make_font(tmp_path / "b.ttf", "田")]
    assert missing_letters("山田 Größe") == ""
    assert set(font_files("山田 Größe", is_bold=False)[1:]) == set(bare)


def test_a_font_installed_meanwhile_is_found(bare: list[Path], tmp_path: Path) -> None:
    assert missing_letters(_JAPANESE) == _JAPANESE
    bare.append(make_font(tmp_path / "new.ttf", _JAPANESE))
    look_anew()
    assert missing_letters(_JAPANESE) == ""


def test_a_damaged_font_and_one_without_outlines_are_passed_over(
    bare: list[Path], tmp_path: Path
) -> None:
    damaged = tmp_path / "noto sans damaged.ttf"
    damaged.write_bytes(b"\0\1\0\0nonsense")
    bare += [damaged, make_font(tmp_path / "noto sans.ttf", "山", outlines=False)]
    assert missing_letters("山") == "山"


def test_without_any_fonts_listed_a_report_is_made(woman: Sample, bare: list[Path]) -> None:
    assert not bare
    said = text_of(printed("Ян 山 עדי", woman, note=_ARABIC))
    assert "Forward tilt" in said


def shown(text: str, room_pt: float, most: int | None = None) -> tuple[str, ...]:
    shaped = ShapedText(text, BODY, most)
    shaped.wrap(room_pt)
    return shaped.lines


def test_arabic_is_broken_between_words(bare: list[Path]) -> None:
    assert not bare
    note = "قبل المشي كان الظهر متعبا ثم تحسن بعد التمارين"
    lines = shown(note, 100.0)
    assert len(lines) > 2
    assert " ".join(lines) == note
    cut = shown(note, 100.0, most=2)
    assert len(cut) == 2
    assert cut[-1].endswith("…")


def test_japanese_is_broken_anywhere_but_before_a_full_stop(
    bare: list[Path], tmp_path: Path
) -> None:
    note = "腰が少し痛い。昨日はよく歩いた。今日は休んだ。"
    bare.append(make_font(tmp_path / "sans.ttf", note))
    for room_pt in range(20, 200, 7):
        lines = shown(note, float(room_pt))
        assert "".join(lines) == note
        assert not any(line.startswith("。") for line in lines)


def test_arabic_is_copied_in_the_order_of_reading(woman: Sample, bare: list[Path]) -> None:
    assert not bare
    assert _ARABIC in text_of(printed(_ARABIC, woman))


@settings(max_examples=40, deadline=None)
@given(
    text=st.text(st.characters(codec="utf-8"), min_size=1, max_size=60),
    room_pt=st.floats(12, 400),
    most=st.none() | st.integers(1, 3),
)
def test_anything_is_set_in_lines_that_fit(text: str, room_pt: float, most: int | None) -> None:
    lines = shown(f"{text} א", room_pt, most)
    assert lines
    assert most is None or len(lines) <= most
    if most is None:
        kept = readable(f"{text} א")
        assert "".join(lines).replace(" ", "") == kept.replace(" ", "")


def test_a_plain_text_needs_no_shaping() -> None:
    letters = load_fonts()
    assert letters.suffice("Größe à 12°, Юля\u200b")
    assert not letters.suffice(_ARABIC)
