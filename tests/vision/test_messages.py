"""Constants that change with the language that is spoken."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import StrEnum
from types import ModuleType
from typing import NamedTuple

import pytest

from vision import messages
from vision.messages import (
    Plural,
    current_translator,
    in_english,
    offered,
    translatable,
    translate_with,
)


class Shout:
    """Says everything in capitals, with its place."""

    def text(self, context: str, source: str) -> str:
        return f"{context}: {source.upper()}"

    def plural(self, _: str, source: Plural) -> Plural:
        return Plural(tuple(map(str.upper, source.forms)), lambda _: 0)


class Way(StrEnum):
    UP = "up"


class Pair(NamedTuple):
    message: str
    number: int


@dataclass(frozen=True)
class Card:
    title: str
    width_px: int


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Make a module that nobody has imported yet."""
    monkeypatch.setattr(messages, "_english", {})
    made = ModuleType("told")
    vars(made).update(
        TITLE="Title",
        _STEPS=("one", "two"),
        WAYS={Way.UP: "upwards"},
        PAIR=Pair("there", 3),
        CARDS=[Card("card", 10)],
        COUNT=Plural(("one thing", "{count} things")),
        WAY=Way.UP,
        WIDTH_PX=640,
        KEY="key",
        lower="not a constant",
    )
    monkeypatch.setitem(sys.modules, "told", made)
    return made


def test_constants_are_that_language_s_once_it_is_chosen(module: ModuleType) -> None:
    translatable("told", but=("KEY",))
    before = dict(vars(module))
    translate_with(Shout())
    try:
        assert isinstance(current_translator(), Shout)
        assert module.TITLE == "told: TITLE"
        assert module._STEPS == ("told: ONE", "told: TWO")
        assert module.WAYS == {Way.UP: "told: UPWARDS"}
        assert Pair("told: THERE", 3) == module.PAIR
        assert [Card("told: CARD", 10)] == module.CARDS
        assert module.COUNT.of(7) == "ONE THING"
        assert (module.WAY, module.WIDTH_PX) == (Way.UP, 640)
        assert (module.KEY, module.lower) == ("key", "not a constant")
    finally:
        translate_with(None)
    assert dict(vars(module)) == before


def test_a_module_that_is_imported_later_follows(module: ModuleType) -> None:
    translate_with(Shout())
    try:
        translatable("told")
        assert module.TITLE == "told: TITLE"
        assert "Title" in list(in_english("told"))
        assert "told" in offered()
    finally:
        translate_with(None)
    assert module.TITLE == "Title"


@pytest.mark.parametrize(("count", "said"), [(0, "0 b"), (1, "one a"), (2, "2 b"), (21, "21 b")])
def test_english_has_a_form_for_one_and_one_for_all_else(count: int, said: str) -> None:
    assert Plural(("one {what}", "{count} {what}")).of(count, what=said[-1]) == said
