"""Keep the language files complete: ``python -m app.text.languages.gather``, in a checkout.

Every text of the program is looked up in its source; a language file keeps the translations that
still belong to one, and gets the new ones as unfinished.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Xml

from app.text.language import GUIDANCE, texts_to_translate
from app.text.languages.catalogue import (
    Translation,
    available,
    path_of,
    places,
    read_entries,
)
from vision.messages import Plural, in_english

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).parents[3]
_WORD = re.compile(r"[^\W\d_]{2}")


def sources() -> list[Translation]:
    """Return every text of the program, module by module, without a translation."""
    found: dict[tuple[str, str], Translation] = {}
    for context, text in _all():
        source = text.forms[-1] if isinstance(text, Plural) else text
        if _WORD.search(re.sub(r"{[^{}]*}", "", source)) or len(places(source)) > 1:
            entry = Translation(context, source, is_plural=isinstance(text, Plural))
            found.setdefault((context, source), entry)
    return list(found.values())


def _all() -> Iterator[tuple[str, str | Plural]]:
    for path in sorted(ROOT.glob("vision/**/*.py")) + sorted(ROOT.glob("app/**/*.py")):
        code = path.read_text("utf-8")
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if re.search(r"^translatable\(\s*__name__", code, re.MULTILINE):
            import_module(module)
            yield from ((module, text) for text in in_english(module))
        if re.search(r"\btr\(", code):
            yield from _of_functions(module, ast.parse(code))
    for path in sorted(ROOT.glob("app/assets/exercises/*.json")):
        index = json.loads(path.read_text("utf-8"))
        yield from (("pictures", entry["alt"]) for entry in index.values())
    yield from ((GUIDANCE, text) for text in texts_to_translate())


def _of_functions(module: str, tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Give each literal that ``self.tr`` or ``tr`` is called with, and the class or module."""
    for outer in tree.body:
        for node in ast.walk(outer):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called, text = node.func, node.args[0]
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                if isinstance(called, ast.Attribute) and called.attr == "tr":
                    yield getattr(outer, "name", module), text.value
                elif isinstance(called, ast.Name) and called.id == "tr":
                    yield module, text.value


def merged(wanted: Iterable[Translation], had: Iterable[Translation]) -> list[Translation]:
    """Return the wanted entries with the translations that there were, from any place."""
    by_place: dict[tuple[str, str], tuple[str, ...]] = {}
    anywhere: dict[tuple[str, bool], tuple[str, ...]] = {}
    for entry in had:
        by_place[entry.context, entry.source] = entry.forms
        if entry.forms:
            anywhere.setdefault((entry.source, entry.is_plural), entry.forms)
    return [
        Translation(
            entry.context,
            entry.source,
            by_place.get((entry.context, entry.source))
            or anywhere.get((entry.source, entry.is_plural), ()),
            entry.is_plural,
        )
        for entry in wanted
    ]


def write_entries(path: Path, language: str, entries: Iterable[Translation]) -> None:
    """Write a language file as Qt Linguist does."""
    root = Xml.Element("TS", version="2.1", language=language, sourcelanguage="en")
    contexts: dict[str, Xml.Element] = {}
    for entry in entries:
        if entry.context not in contexts:
            contexts[entry.context] = Xml.SubElement(root, "context")
            Xml.SubElement(contexts[entry.context], "name").text = entry.context
        message = Xml.SubElement(contexts[entry.context], "message")
        if entry.is_plural:
            message.set("numerus", "yes")
        Xml.SubElement(message, "source").text = entry.source
        said = Xml.SubElement(message, "translation")
        if not entry.forms:
            said.set("type", "unfinished")
        elif entry.is_plural:
            for form in entry.forms:
                Xml.SubElement(said, "numerusform").text = form
        else:
            said.text = entry.forms[0]
    Xml.indent(root, " " * 4)
    text = Xml.tostring(root, "unicode")
    path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{text}\n', "utf-8")


def update(language: str, more: Iterable[Translation] = ()) -> list[Translation]:
    """Bring a language's file up to date and return what is in it."""
    path = path_of(language)
    had = read_entries(path) if path.exists() else []
    entries = merged(sources(), [*more, *had])
    write_entries(path, language, entries)
    return entries


def _from_pairs(path: Path) -> list[Translation]:
    """Return translations from a JSON object: English to a text, or to a list of forms."""
    pairs = json.loads(path.read_text("utf-8"))
    return [
        Translation(
            "", source, tuple(said) if isinstance(said, list) else (said,), isinstance(said, list)
        )
        for source, said in pairs.items()
    ]


def main(arguments: list[str]) -> None:
    """Update the files of the languages named, or of all; ``de=FILE.json`` adds translations."""
    for argument in arguments or [each for each in available() if each != "en"]:
        language, _, file = argument.partition("=")
        entries = update(language, _from_pairs(Path(file)) if file else ())
        missing = sum(not entry.forms for entry in entries)
        print(f"{language}: {len(entries)} texts, {missing} without a translation")


if __name__ == "__main__":
    main(sys.argv[1:])
