"""The guidance: whole, plain, and without words that must not be said."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from app.text.language import FILE, PLACEHOLDERS, BadTexts, read_texts, sentences, texts
from vision.messages import Plural, translate_with

ENGLISH = FILE.read_text("utf-8")
#: docs/MEASUREMENT.md and the rules it rests on: never said of a person.
FORBIDDEN = (
    "abnormal",
    "weak glutes",
    "corrected",
    "patholog",
    "dysfunction",
    "wrong posture",
    "bad posture",
    "gluteal amnesia",
    "psis",
    "asis",
)
#: Names and labels, which are no sentences.
LABELS = re.compile(
    r"(\.title|\.shown|\.name|\.seen_from|\.code|\.group|\.block|\.target|^dose\..*"
    r"|\.(posture|change)\.\d+)$"
)


def changed(old: str, new: str, text: str = ENGLISH) -> str:
    assert old in text
    return text.replace(old, new, 1)


def test_sentences_end_like_sentences() -> None:
    checked = 0
    for key, sentence in sentences(texts()):
        if sentence and not LABELS.search(key):
            assert sentence[-1] in ".?!”", key
            checked += 1
    assert checked > 100


def test_no_word_is_said_that_must_not_be() -> None:
    for key, sentence in sentences(texts()):
        for word in FORBIDDEN:
            assert word not in sentence.casefold(), key


def test_a_diagnosis_is_only_what_somebody_else_makes() -> None:
    said = [sentence for _, sentence in sentences(texts()) if "diagnos" in sentence.casefold()]
    assert len(said) == 1
    assert "somebody has to examine you" in said[0]


def test_what_may_be_a_sign_is_said_as_no_more() -> None:
    rules = [rule.text for rule in texts().advice if "switch on" in rule.text]
    assert rules
    assert all("may be a sign" in text for text in rules)


def test_placeholders_are_filled_in_only_where_somebody_does() -> None:
    used = {key for key, sentence in sentences(texts()) if "{" in sentence}
    of_changes = {
        f"advice.{number}.text"
        for number, rule in enumerate(texts().advice)
        if rule.change == ("real",)
    }
    of_results = {f"advice.{number}.text" for number in range(len(texts().advice))}
    assert used <= set(PLACEHOLDERS) | of_results
    assert used & of_changes


def test_whoever_is_to_be_warned_is_warned_everywhere() -> None:
    said = texts()
    (not_to_wait,) = (one for one in said.someone.sections if one.title == "When not to wait")
    for text in (said.screening.pain.how_soon, not_to_wait.lines[0]):
        for sign in ("between the legs", "bladder", "bowel", "leg that gets weak", "both legs"):
            assert sign in text
        assert "emergency number now" in text
    for sign in ("fall", "fever", "cancer", "weight", "night", "bones", "steroid", "hot", "carry"):
        assert sign in not_to_wait.lines[1]


def test_what_is_not_known_is_told() -> None:
    (known,) = (one for one in texts().someone.sections if one.title.startswith("What is known"))
    assert "not an established medical condition" in known.lines[0]
    assert "no study" in known.lines[0]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (changed("[self_check]", "[self_checks]"), "self_check"),
        (changed("spoken = ", "said = "), r"coach\.cues\.step_into_view"),
        (changed("from_deg = 3\n", 'from_deg = "three"\n'), r"advice\.\d+\.from_deg"),
        (
            changed("{difference}° further", "{distance}° further"),
            r"advice\.\d+\.text: an unknown placeholder",
        ),
        (changed("{difference}° further", "{difference° further"), r"advice\.\d+\.text"),
        (
            changed("{difference}° further", "{difference:d}° further"),
            r"advice\.\d+\.text: .* more than a name",
        ),
        (changed("Sit less: ", "Sit less by {difference}: "), r"advice\.\d+\.text: an unknown"),
        (
            changed("hold {hold} s", "hold {sets} s"),
            r"dose\.one_hold: an unknown placeholder, sets",
        ),
        (changed("hold_s = 15", "hold_s = inf"), r"exercises\.single_leg_bridge\.hold_s"),
        (changed("sets = 2\n", "sets = 0\n"), r"exercises\.glute_bridge\.sets"),
        (changed('code = "fever"', 'code = "injury"'), "twice"),
        (changed('title = "See someone"', 'title = " See someone"'), r"someone\.title"),
        (changed('method = ["belt"]', 'method = ["tape"]'), r"advice\.1\.method"),
        (ENGLISH + "\n[extra]\nword = 1\n", "extra"),
        ("[advice", "damaged"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_its_key(text: str, complaint: str) -> None:
    with pytest.raises(BadTexts, match=complaint):
        read_texts(text)


@pytest.mark.parametrize(
    ("table", "name"),
    [("cues", "lift_one_leg"), ("faults", "too_fast")],
)
def test_nothing_may_be_missing(table: str, name: str) -> None:
    lines = [line for line in ENGLISH.splitlines() if not line.startswith(f"{name} = ")]
    with pytest.raises(BadTexts, match=rf"coach\.{table}: missing {name}"):
        read_texts("\n".join(lines))


def test_an_exercise_may_not_be_missing() -> None:
    start = ENGLISH.index("[exercises.leg_lift]")
    end = ENGLISH.index("# ---", start)
    with pytest.raises(BadTexts, match="exercises: missing leg_lift"):
        read_texts(ENGLISH[:start] + ENGLISH[end:])


def test_every_sentence_and_no_code_is_said_in_another_language() -> None:
    class Louder:
        language = "loud"

        def text(self, _: str, source: str) -> str:
            return source.upper()

        def plural(self, _: str, source: Plural) -> Plural:
            return source

    english = dict(sentences(texts()))
    translate_with(Louder())
    try:
        louder, rules = dict(sentences(texts())), texts().advice
    finally:
        translate_with(None)
    assert louder == {key: sentence.upper() for key, sentence in english.items()}
    assert [(rule.group, rule.block, rule.method) for rule in rules] == [
        (rule.group, rule.block, rule.method) for rule in texts().advice
    ]
    assert dict(sentences(texts())) == english


def test_the_file_is_what_its_reader_says() -> None:
    raw: dict[str, Any] = tomllib.loads(ENGLISH)
    assert [rule["text"] for rule in raw["advice"]] == [rule.text for rule in texts().advice]
