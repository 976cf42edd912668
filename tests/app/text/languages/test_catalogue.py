"""Language files: what is whole is used, all else stays English."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.text.languages.catalogue import (
    BadLanguageFile,
    Translation,
    available,
    catalogue_of,
    path_of,
    places,
    plural_rule,
    read_entries,
)
from app.text.languages.gather import write_entries
from vision.messages import Plural

if TYPE_CHECKING:
    from pathlib import Path

THINGS = Plural(("one thing", "{count} things"))


def test_a_text_is_looked_for_in_its_place_first_and_then_anywhere() -> None:
    catalogue = catalogue_of(
        "de", [Translation("a", "Lower", ("Senken",)), Translation("b", "Lower", ("Tiefer",))]
    )
    assert catalogue.text("b", "Lower") == "Tiefer"
    assert catalogue.text("elsewhere", "Lower") == "Senken"
    assert catalogue.text("a", "Higher") == "Higher"
    assert catalogue.faults == ()


@pytest.mark.parametrize(
    "forms",
    [(), ("",), ("  ",), ("{nam} ist da",), ("ist da",), ("{name} ist {da",), ("{name}", "{name}")],
)
def test_what_is_missing_or_spoilt_stays_english(forms: tuple[str, ...]) -> None:
    catalogue = catalogue_of(
        "de", [Translation("a", "{name} is here", forms), Translation("a", "x", ("y",))]
    )
    assert catalogue.text("a", "{name} is here") == "{name} is here"
    assert catalogue.text("a", "x") == "y"
    assert catalogue.faults == ("{name} is here",)


@pytest.mark.parametrize(
    ("language", "counts"),
    [
        ("de", {0: 1, 1: 0, 2: 1, 21: 1}),
        ("fr", {0: 0, 1: 0, 2: 1, 101: 1}),
        ("ar", {0: 0, 1: 1, 2: 2, 3: 3, 10: 3, 11: 4, 99: 4, 100: 5, 102: 5, 103: 3, 111: 4}),
    ],
)
def test_each_number_takes_the_form_that_its_language_has(
    language: str, counts: dict[int, int]
) -> None:
    how_many, form_of = plural_rule(language)
    assert {count: form_of(count) for count in counts} == counts
    forms = tuple(f"{{count}} form {number}" for number in range(how_many))
    catalogue = catalogue_of(language, [Translation("a", THINGS.forms[-1], forms, is_plural=True)])
    said = catalogue.plural("a", THINGS)
    assert {said.of(count) for count in counts} == {
        f"{count} form {form}" for count, form in counts.items()
    }


def test_a_plain_text_of_another_place_is_no_plural_and_the_other_way_round() -> None:
    plain = Translation("elsewhere", "{count} pictures", ("صور {count}",))
    forms = tuple(f"{number} {{count}}" for number in range(6))
    plural = Translation("elsewhere", "{count} lists", forms, is_plural=True)
    found = catalogue_of("ar", [plain, plural])
    assert found.faults == ()
    pictures = Plural(("1 picture", "{count} pictures"))
    assert found.plural("here", pictures) == pictures
    assert found.text("here", "{count} lists") == "{count} lists"
    assert found.text("here", "{count} pictures") == "صور {count}"


def test_a_language_with_too_few_forms_stays_english() -> None:
    entry = Translation("a", THINGS.forms[-1], ("eins", "viele"), is_plural=True)
    assert catalogue_of("ar", [entry]).plural("a", THINGS) is THINGS
    assert catalogue_of("de", [entry]).plural("a", THINGS).of(1) == "eins"


def test_a_file_comes_back_as_it_was_written(tmp_path: Path) -> None:
    entries = [
        Translation("a", "One\nTwo <b>&amp;</b> “x”", ("Eins\nZwei <b>&</b> „x“",)),
        Translation("a", "Not yet"),
        Translation("b", "{count} things", ("ein Ding", "{count} Dinge"), is_plural=True),
    ]
    write_entries(tmp_path / "de.ts", "de", entries)
    assert read_entries(tmp_path / "de.ts") == entries
    assert (tmp_path / "de.ts").read_text("utf-8").startswith("<?xml")


@pytest.mark.parametrize("damage", [b"", b"<TS><context>", b"\xff\xfe\x00", b"not at all"])
def test_a_damaged_file_is_told(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "de.ts"
    path.write_bytes(damage)
    with pytest.raises(BadLanguageFile):
        read_entries(path)


def test_a_file_that_is_not_there_is_told() -> None:
    with pytest.raises(BadLanguageFile):
        read_entries(path_of("tlh"))


def test_places_are_found() -> None:
    assert places("{a} and {b:,} and {a}") == {"a", "b"}
    assert places("{a") == {"{a"}
    assert available()[0] == "en"
