"""Made-up languages keep what has to be filled in."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text.languages.catalogue import places
from app.text.languages.pseudo import FIRST, LAST, PSEUDO, PseudoLanguage
from vision.messages import Plural

WORDS = st.text("abz, .", min_size=1)
KEPT = st.sampled_from(["{name}", "{count:,}", "<b>", "</b>", "&nbsp;", "\n"])


@pytest.mark.parametrize("language", PSEUDO)
@given(parts=st.lists(st.one_of(WORDS, KEPT)))
def test_places_and_tags_stay(language: str, parts: list[str]) -> None:
    source = "".join(parts)
    said = PseudoLanguage(language).text("", source)
    assert places(said) == places(source)
    assert sorted(re.findall("<[^>]*>|&nbsp;", said)) == sorted(
        re.findall("<[^>]*>|&nbsp;", source)
    )
    assert said.endswith("\n") == source.endswith("\n") or not source.strip()


def test_each_looks_as_it_should() -> None:
    assert PseudoLanguage("pseudo").text("", "Open {name}") == f"{FIRST}Óƥéñ {{name}}{LAST}"
    longer = PseudoLanguage("pseudo-long").text("", "Open the photograph…")
    assert longer.startswith("Open the photograph")
    assert longer.endswith("…")
    assert 1.4 * len("Open the photograph") <= len(longer) <= 1.6 * len("Open the photograph…")
    turned = PseudoLanguage("pseudo-rtl").text("", "Open {name}")
    assert all("؀" <= letter <= "ۿ" for letter in turned.partition(" ")[0])


def test_plurals_keep_their_forms() -> None:
    said = PseudoLanguage("pseudo").plural("", Plural(("one", "{count} more")))
    assert said.of(1) == "⟦óñé⟧"
    assert said.of(4) == "⟦4 ɱóŕé⟧"
