"""What is never said, in any string of the program; and one word for one thing."""

from __future__ import annotations

import re

import pytest

from app.text.measurement import INTENDED_USE
from tests.app.text.spoken import helped, written

#: docs/MEASUREMENT.md, section 6.
FORBIDDEN = re.compile(
    r"diagnos|abnormal|weak glutes|\bcorrected\b|patholog|dysfunction|(wrong|bad) posture", re.I
)
#: The only two that speak of a diagnosis: who makes one.
OF_A_DIAGNOSIS = (
    INTENDED_USE,
    "You want to know what a number on a screen cannot tell: for a diagnosis somebody has to "
    "examine you.",
)
#: A word that was replaced, by the one that stands for the thing.
REPLACED = {
    r"\bglutes?\b": "buttocks",
    r"\bclench|\btighten": "squeeze",
    r"(?<!-)\bprofiles?\b": "person, people",
    r"\bnot noted\b": "not said",
    r"\banew\b": "again",
}
#: For programs: the contract's and the formats' own words.
_FOR_PROGRAMS = re.compile(
    r"^app/(history/(db|exchange)|gui/history/page)|^app/(tray/service|gui/background)"
)


def everything() -> list[tuple[str, str]]:
    return [*written(), *helped()]


def test_there_is_much_to_look_through() -> None:
    found = everything()
    places = {place.split(":")[0].split(" ")[0] for place, _ in found}
    assert len(found) > 1500
    assert {"app/text/check.py", "app/report/texts.py", "vision/reasons.py", "en.toml"} <= places
    assert any(place == "beltline history delete" for place, _ in found)


def test_no_word_is_said_that_must_not_be() -> None:
    said = [
        (place, text)
        for place, text in everything()
        if FORBIDDEN.search(text) and text not in OF_A_DIAGNOSIS
    ]
    assert said == []


def test_both_sentences_on_a_diagnosis_are_there() -> None:
    assert set(OF_A_DIAGNOSIS) <= {text for _, text in everything()}


@pytest.mark.parametrize(("word", "instead"), REPLACED.items())
def test_one_word_stands_for_one_thing(word: str, instead: str) -> None:
    pattern = re.compile(word, re.I)
    said = [
        (place, text)
        for place, text in everything()
        if pattern.search(text) and not _FOR_PROGRAMS.search(place) and "{profile" not in text
    ]
    assert said == [], f"say {instead}"
