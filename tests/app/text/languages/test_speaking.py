"""Which language is spoken, and what happens when its file is not whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.text import check
from app.text.languages import catalogue, speaking
from app.text.languages.catalogue import Translation
from app.text.languages.gather import write_entries
from vision.messages import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TITLE = check.START_TITLE


@pytest.fixture(autouse=True)
def english_afterwards(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv(speaking.VARIABLE, raising=False)
    yield
    speaking.speak("en")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Look for language files there."""
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("choice", "system", "language"),
    [
        ("de", ("fr",), "de"),
        ("system", ("de-AT", "en"), "de"),
        ("system", ("nl-NL", "fr-FR"), "fr"),
        ("system", ("nl_NL",), "en"),
        ("system", (), "en"),
        ("tlh", ("es_MX",), "es"),
        ("ar", (), "en"),
    ],
)
def test_the_language_is_the_chosen_one_or_the_system_s(
    choice: str, system: tuple[str, ...], language: str
) -> None:
    assert speaking.language_for(choice, system) == language


@pytest.mark.parametrize("forced", ["pseudo", "pseudo-rtl", "en"])
def test_the_environment_comes_first(monkeypatch: pytest.MonkeyPatch, forced: str) -> None:
    monkeypatch.setenv(speaking.VARIABLE, forced)
    assert speaking.language_for("de") == forced


def test_a_language_nobody_knows_is_not_forced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(speaking.VARIABLE, "../de")
    assert speaking.language_for("de") == "de"


def test_everything_is_said_in_it_and_back(folder: Path) -> None:
    write_entries(folder / "de.ts", "de", [Translation("app.text.check", TITLE, ("Wie weit?",))])
    assert speaking.speak("de") == ""
    assert (check.START_TITLE, spoken()) == ("Wie weit?", "de")
    assert speaking.speak("en") == ""
    assert (check.START_TITLE, spoken()) == (TITLE, "en")


def test_a_missing_entry_stays_english_and_is_told_once(folder: Path) -> None:
    entries = [
        Translation("app.text.check", TITLE),
        Translation("app.text.check", "Drawing", ("Bild",)),
    ]
    write_entries(folder / "de.ts", "de", entries)
    assert speaking.speak("de") == speaking.SPOILT
    assert check.START_TITLE == TITLE
    assert check.STANCE_DRAWING != check.DRAWING


@pytest.mark.parametrize("damage", [b"", b"<TS>", None])
def test_a_damaged_file_leaves_all_english_and_is_told(folder: Path, damage: bytes | None) -> None:
    if damage is not None:
        (folder / "de.ts").write_bytes(damage)
    assert speaking.speak("de") == speaking.UNREADABLE
    assert (check.START_TITLE, spoken()) == (TITLE, "en")


def test_a_made_up_language_changes_every_word() -> None:
    assert speaking.speak("pseudo") == ""
    assert check.START_TITLE.startswith("⟦")
    assert spoken() == "pseudo"
