"""The language files hold every text of the program, and nothing else."""

from __future__ import annotations

import ast
import json
import re
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from app.text.languages import catalogue, gather
from app.text.languages.catalogue import (
    Translation,
    available,
    catalogue_of,
    path_of,
    read_entries,
)
from app.text.languages.gather import ROOT, merged, sources
from app.text.languages.speaking import OFFERED
from vision.messages import named_texts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ENDS_SO = re.compile(r"^translatable\(\s*__name__", re.MULTILINE)
_TAG = re.compile(r"<[^>]*>")
_FORBIDDEN = {
    "de": ("haltungsfehler", "fehlhaltung", "falsche haltung", "krankhaft", "fehlstellung"),
    "es": ("mala postura", "postura incorrecta", "patológic", "anormal", "disfunción"),
    "fr": ("mauvaise posture", "posture incorrecte", "patholog", "anormal", "dysfonction"),
}
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
    assert ("vision.camera.capture", "No camera was found.") in found
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


def test_no_text_is_copied_when_a_module_is_imported() -> None:
    """A copy stays in the language that was spoken then."""
    found = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in sorted(ROOT.glob("app/**/*.py"))
        # The command line speaks English.
        if path.relative_to(ROOT).parts[1] not in ("cli", "study", "cohort")
        for line, name in _copies(path.read_text("utf-8"))
    ]
    assert found == []


def test_copies_are_found() -> None:
    code = (
        "from app.text import check as words, live\n"
        "from app.text.people import NOBODY\n"
        "ALL = {'a': words.START_TITLE}\n"
        "class Card:\n    title = live.CUES\n    def say(self, text=live.READY):\n"
        "        return live.READY, self.other.NAME\n"
    )
    assert [name for _, name in _copies(code)] == [
        "NOBODY",
        "words.START_TITLE",
        "live.CUES",
        "live.READY",
    ]


def _ends(text: str) -> tuple[bool, bool]:
    return text[:1].isspace(), text[-1:].isspace()


def _copies(code: str) -> Iterator[tuple[int, str]]:
    """Give each text that a module takes from another while it is imported."""
    tree, modules = ast.parse(code), {}
    is_translatable = _ENDS_SO.search(code)
    for node in tree.body:
        if not isinstance(node, ast.ImportFrom) or node.module is None:
            continue
        for each in node.names:
            if _offers(f"{node.module}.{each.name}"):
                modules[each.asname or each.name] = f"{node.module}.{each.name}"
            elif each.name in _offers(node.module) and not is_translatable:
                yield node.lineno, each.name
    if is_translatable:
        # Constants made of constants are replaced with them; a function's defaults are not.
        yield from ((part.lineno, part.id) for part in _constants_in_defaults(tree))
    for part in () if is_translatable else _run_on_import(tree):
        if (
            isinstance(part, ast.Attribute)
            and isinstance(part.value, ast.Name)
            and part.attr in _offers(modules.get(part.value.id, ""))
        ):
            yield part.lineno, f"{part.value.id}.{part.attr}"


def _constants_in_defaults(tree: ast.Module) -> Iterator[ast.Name]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            for default in (*node.args.defaults, *node.args.kw_defaults):
                for part in () if default is None else ast.walk(default):
                    if isinstance(part, ast.Name) and part.id.isupper():
                        yield part


def _run_on_import(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            for default in (*child.args.defaults, *child.args.kw_defaults):
                if default is not None:
                    yield from ast.walk(default)
        elif not isinstance(child, ast.Lambda):
            yield child
            yield from _run_on_import(child)


@cache
def _offers(module: str) -> frozenset[str]:
    """Return the names of a module's constants that have a text in them."""
    path = ROOT / (module.replace(".", "/") + ".py")
    if not path.is_file() or not _ENDS_SO.search(path.read_text("utf-8")):
        return frozenset()
    import_module(module)
    return named_texts(module)


@pytest.mark.parametrize("language", sorted(set(OFFERED) - {"en"}))
def test_a_language_that_is_offered_is_whole(language: str) -> None:
    entries = read_entries(path_of(language))
    assert catalogue_of(language, entries).faults == ()
    wrong = [
        entry.source
        for entry in entries
        for form in entry.forms
        if entry.source.endswith("…") != form.endswith("…")
        or entry.source.count("\n") != form.count("\n")
        or sorted(_TAG.findall(entry.source)) != sorted(_TAG.findall(form))
        or _ends(entry.source) != _ends(form)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", sorted(set(OFFERED) - {"en"}))
def test_what_must_not_be_said_is_said_in_no_language(language: str) -> None:
    """docs/MEASUREMENT.md: context and habit, never a verdict on a person."""
    said = [form for entry in read_entries(path_of(language)) for form in entry.forms]
    for word in _FORBIDDEN[language]:
        assert [form for form in said if word in form.casefold()] == []
