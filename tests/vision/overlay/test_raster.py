"""Letters on a picture: those of Western Europe whole, others as far as a font holds them."""

from __future__ import annotations

import pytest

from vision.overlay import raster
from vision.overlay.raster import TextRow, set_text


@pytest.mark.parametrize("text", ["für Größe é ñ", "17° nach vorn"])
def test_accents_are_drawn(text: str) -> None:
    plate = set_text([TextRow(text, 30, coloured=False)], 600, 200)
    assert " ".join(row.text for row in plate.rows) == text


def test_letters_that_no_font_holds_are_left_out() -> None:
    plate = set_text([TextRow("ab مرحبا cd", 30, coloured=False)], 600, 200)
    assert " ".join(row.text for row in plate.rows) == "ab cd"


def test_without_that_font_accents_are_taken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raster, "_western_font", lambda: None)
    plate = set_text([TextRow("für Größe", 30, coloured=False)], 600, 200)
    assert " ".join(row.text for row in plate.rows) == "fur Grosse"
