"""Sentences that can be said in another language.

A module whose constants are sentences ends with ``translatable(__name__)``. They are English in
the source; once a language is chosen, they are that language's. So they are looked up where they
are said (``words.TITLE``), and never copied when a module is imported. A sentence inside a
function is given to :func:`tr`, as is what a member of an enumeration or a class holds.
"""

from __future__ import annotations

import dataclasses
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Protocol

_CONSTANT = re.compile(r"_?[A-Z][A-Z0-9_]*\Z")


def english_form(count: float) -> int:
    """Return which form of an English word stands beside a number: 0 for one, else 1."""
    return 0 if count == 1 else 1


@dataclasses.dataclass(frozen=True, slots=True)
class Plural:
    """A sentence about a number of things, in each form that its language has.

    Attributes
    ----------
    forms
        In English for one and for any other number; other languages have one to six.
    form_of
        Returns which of them a number takes.
    """

    forms: tuple[str, ...]
    form_of: Callable[[float], int] = english_form

    def of(self, number: float, /, **values: object) -> str:
        """Say it of a number of things, which is ``{count}`` unless ``values`` have that, too."""
        return self.forms[self.form_of(number)].format(**{"count": number} | values)


class Translator(Protocol):
    """Knows a language; is found again by being itself.

    Attributes
    ----------
    language
        ISO 639 code, such as ``de``.
    """

    @property
    def language(self) -> str:
        """Return the code."""

    def __hash__(self) -> int:
        """Return a number for it."""

    def text(self, context: str, source: str) -> str:
        """Return an English text of a module in this language; itself where it is not known."""

    def plural(self, context: str, source: Plural) -> Plural:
        """Return all forms of a sentence."""


_english: dict[str, dict[str, object]] = {}
_translator: Translator | None = None


def tr(source: str) -> str:
    """Return an English text in the language that is spoken now.

    Where a text stands inside a function, as a literal: that is how it is found for translation.
    """
    return source if _translator is None else _translator.text("", source)


def translatable(module: str, but: tuple[str, ...] = ()) -> None:
    """Offer a module's constants for translation; to be called at its end.

    Parameters
    ----------
    module
        Its ``__name__``.
    but
        Names of constants that nobody reads, such as keys.
    """
    _english[module] = {
        name: value
        for name, value in vars(sys.modules[module]).items()
        if _CONSTANT.match(name) and name not in but
    }
    if _translator is not None:
        _translate(module, _translator)


def translate_with(translator: Translator | None) -> None:
    """Say every sentence in another language from now on, in English for None.

    Modules that are imported later follow.
    """
    global _translator
    _translator = translator
    for module in _english:
        _translate(module, translator)


def current_translator() -> Translator | None:
    """Return who translates now; None for English."""
    return _translator


def spoken() -> str:
    """Return the code of the language that is spoken."""
    return "en" if _translator is None else _translator.language


def in_english(module: str) -> Iterator[str | Plural]:
    """Give every text of a translatable module, in the order in which it stands there."""
    for value in _english[module].values():
        yield from _texts(value)
    for kind in vars(sys.modules[module]).values():
        if isinstance(kind, type) and kind.__module__ == module:
            yield from _of_class(kind)


def named_texts(module: str) -> frozenset[str]:
    """Return the names of a translatable module's constants that have a text in them."""
    return frozenset(name for name, value in _english[module].items() if any(_texts(value)))


def offered() -> tuple[str, ...]:
    """Return the names of the translatable modules that are loaded."""
    return tuple(_english)


def _translate(module: str, translator: Translator | None) -> None:
    place = vars(sys.modules[module])
    for name, value in _english[module].items():
        place[name] = value if translator is None else _said(value, module, translator)


def _said(value: object, context: str, translator: Translator) -> object:
    """Return a constant with every text in it translated; the very same where there is none."""
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return translator.text(context, value)
    if isinstance(value, Plural):
        return translator.plural(context, value)
    if isinstance(value, tuple | list):
        said = [_said(each, context, translator) for each in value]
        if hasattr(value, "_make"):
            return value._make(said)
        return tuple(said) if isinstance(value, tuple) else said
    if isinstance(value, Mapping):
        return {key: _said(each, context, translator) for key, each in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = (each.name for each in dataclasses.fields(value) if each.init)
        parts = {name: _said(getattr(value, name), context, translator) for name in fields}
        return dataclasses.replace(value, **parts)
    return value


def _of_class(kind: type) -> Iterator[str | Plural]:
    """Give the pairs of texts that an enumeration holds, or the constants of another class."""
    if issubclass(kind, Enum):
        yield from _texts([each.value for each in kind if isinstance(each.value, tuple)])
    else:
        named = vars(kind).items()
        yield from _texts([value for name, value in named if _CONSTANT.match(name)])


def _texts(value: object) -> Iterator[str | Plural]:
    if isinstance(value, Enum):
        return
    if isinstance(value, str | Plural):
        yield value
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from _texts(getattr(value, field.name))
