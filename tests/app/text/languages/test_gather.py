"""The language files hold every text of the program, and nothing else."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from app.text.languages import catalogue, gather
from app.text.languages.catalogue import Translation, available, path_of, read_entries
from app.text.languages.gather import merged, sources

if TYPE_CHECKING:
    from pathlib import Path

FILES = [language for language in available() if language != "en"]


@pytest.mark.parametrize("language", FILES)
def test_every_text_is_in_the_file(language: str) -> None:
    """``python -m app.text.languages.gather`` brings a file up to date."""
    had = [
        (entry.context, entry.source, entry.is_plural) for entry in read_entries(path_of(language))
    ]
    wanted = [(entry.context, entry.source, entry.is_plural) for entry in sources()]
    assert had == wanted


def test_texts_of_the_window_and_of_modules_are_found() -> None:
    found = {(entry.context, entry.source) for entry in sources()}
    assert ("SettingsPage", "Appearance") in found
    assert ("app.text.check", "Angle of the belt line") in found
    assert any(context == "guidance" for context, _ in found)
    assert any(context == "vision.reasons" for context, _ in found)
    assert not any(re.fullmatch(r"[\W\d_]*", source) for _, source in found)


def test_translations_outlive_a_move_and_go_with_their_text() -> None:
    had = [Translation("old", "Title", ("Titel",)), Translation("old", "Gone", ("Weg",))]
    wanted = [Translation("new", "Title"), Translation("new", "More")]
    assert merged(wanted, had) == [
        Translation("new", "Title", ("Titel",)),
        Translation("new", "More"),
    ]


def test_a_file_is_made_and_filled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path)
    said = [Translation("a", "One"), Translation("a", "{count} two", is_plural=True)]
    monkeypatch.setattr(gather, "sources", lambda: said)
    pairs = tmp_path / "pairs.json"
    pairs.write_text(json.dumps({"One": "Eins", "{count} two": ["zwei", "{count} zwei"]}))
    gather.main([f"de={pairs}"])
    assert capsys.readouterr().out == "de: 2 texts, 0 without a translation\n"
    assert read_entries(tmp_path / "de.ts") == [
        Translation("a", "One", ("Eins",)),
        Translation("a", "{count} two", ("zwei", "{count} zwei"), is_plural=True),
    ]
    gather.main([])
    assert len(read_entries(tmp_path / "de.ts")) == 2
