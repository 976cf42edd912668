"""A language file: every English text of the program beside its translation.

The files are Qt Linguist's (``.ts``), so whoever translates opens them in that program. What is
missing in one, or was spoilt, stays English.
"""

from __future__ import annotations

import string
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Xml

from vision.messages import Plural, english_form

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).parents[1] / "data"
SUFFIX = ".ts"


def _form_from_two(count: float) -> int:
    return 0 if 0 <= count < 2 else 1


def _arabic_form(count: float) -> int:
    if count in {0, 1, 2}:
        return int(count)
    last = int(count) % 100
    if 3 <= last <= 10:
        return 3
    return 4 if last >= 11 else 5


#: How many forms a word has beside a number, and which one each number takes: the cardinal rules
#: of Unicode's CLDR 46, for whole numbers. A language that is not here has two, as English has.
PLURALS: dict[str, tuple[int, Callable[[float], int]]] = {
    "fr": (2, _form_from_two),
    "ar": (6, _arabic_form),
}


class BadLanguageFile(Exception):
    """A language file that cannot be used at all."""


@dataclass(frozen=True, slots=True)
class Translation:
    """One text of a language file.

    Attributes
    ----------
    context
        The module or the window's class that says it.
    source
        In English; of a sentence about a number, the form for several.
    forms
        Its translation, one for each form; empty while there is none.
    is_plural
        Whether it has forms.
    """

    context: str
    source: str
    forms: tuple[str, ...] = ()
    is_plural: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """What a language file holds.

    Attributes
    ----------
    language
        ISO 639 code, such as ``de``.
    faults
        Sources of the entries that are missing or spoilt, and so stay English.
    """

    language: str
    faults: tuple[str, ...] = ()
    _by_place: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    _anywhere: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def text(self, context: str, source: str) -> str:
        """Return a text in this language; as it is where the file has none for it."""
        found = self._find(context, source, 1)
        return found[0] if found else source

    def plural(self, context: str, source: Plural) -> Plural:
        """Return all forms of a sentence about a number."""
        count, form_of = plural_rule(self.language)
        found = self._find(context, source.forms[-1], count)
        return Plural(found, form_of) if found else source

    def _find(self, context: str, source: str, count: int) -> tuple[str, ...]:
        """Return the forms of a text; none where its place, or any, has not so many of it."""
        found = self._by_place.get((context, source)) or self._anywhere.get(source, ())
        return found if len(found) == count else ()


def plural_rule(language: str) -> tuple[int, Callable[[float], int]]:
    """Return how many forms a language has, and which of them a number takes."""
    return PLURALS.get(language, (2, english_form))


def catalogue_of(language: str, entries: list[Translation]) -> Catalogue:
    """Return a catalogue of all entries that can be used."""
    count, _ = plural_rule(language)
    faults: list[str] = []
    by_place: dict[tuple[str, str], tuple[str, ...]] = {}
    anywhere: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        wanted = count if entry.is_plural else 1
        if len(entry.forms) != wanted or not all(map(_fits(entry), entry.forms)):
            faults.append(entry.source)
            continue
        by_place[entry.context, entry.source] = entry.forms
        anywhere.setdefault(entry.source, entry.forms)
    return Catalogue(language, tuple(faults), by_place, anywhere)


def _fits(entry: Translation) -> Callable[[str], bool]:
    """Return what tells whether a translation is there and has the same places to fill in."""
    wanted = places(entry.source)

    def fits(form: str) -> bool:
        # "One picture" needs no {count}, and "none" no {day}.
        found = places(form)
        has_them = found <= wanted if entry.is_plural else found == wanted
        return bool(form.strip()) and has_them

    return fits


def places(text: str) -> frozenset[str]:
    """Return what is filled into a text, such as ``{name}`` or ``{count:,}``.

    A text with a stray brace has one that no other has, so that it fits nothing.
    """
    try:
        fields = [each for each in string.Formatter().parse(text) if each[1] is not None]
    except ValueError:
        return frozenset({text})
    return frozenset(str(name) for _, name, _, _ in fields)


def read_entries(path: Path) -> list[Translation]:
    """Return all entries of a language file.

    Raises
    ------
    BadLanguageFile
        If there is none, or it is no such file.
    """
    try:
        root = Xml.parse(path).getroot()
    except (OSError, Xml.ParseError, ValueError) as error:
        raise BadLanguageFile(str(error)) from error
    return [
        _entry(context.findtext("name", ""), message)
        for context in root.iter("context")
        for message in context.iter("message")
    ]


def _entry(context: str, message: Xml.Element) -> Translation:
    source, is_plural = message.findtext("source", ""), message.get("numerus") == "yes"
    said = message.find("translation")
    forms: tuple[str, ...] = ()
    if said is not None and said.get("type") is None:
        texts = [each.text or "" for each in said.iter("numerusform")] if is_plural else []
        forms = tuple(texts) if is_plural else ((said.text or ""),)
    return Translation(context, source, forms, is_plural)


def path_of(language: str) -> Path:
    """Return where a language's file is."""
    return FOLDER / f"{language}{SUFFIX}"


def available() -> tuple[str, ...]:
    """Return the codes of the languages that there are, English first."""
    return ("en", *sorted(path.stem for path in FOLDER.glob(f"*{SUFFIX}")))
