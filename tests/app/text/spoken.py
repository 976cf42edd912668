"""Every string that a person may come to read or hear."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import typer.main

from app.cli.commands import app
from app.text.language import sentences, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
#: Not for people: keys, patterns, statements for databases.
_NO_WORDS = re.compile(r"^[\w.*/%:+#-]*$|^(SELECT|PRAGMA|BEGIN|SET) |^\w+ [|] \w+")


def written() -> Iterator[tuple[str, str]]:
    """Give each piece of text in the program with its place, docstrings and keys left out."""
    for folder in ("app", "vision"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            place = path.relative_to(ROOT).as_posix()
            for line, text in _literals(path.read_text("utf-8")):
                if not _NO_WORDS.search(text.strip()):
                    yield f"{place}:{line}", text
    for key, text in sentences(texts()):
        yield f"en.toml: {key}", text


def helped() -> Iterator[tuple[str, str]]:
    """Give what the command line says of its commands and their options."""
    waiting = [("beltline", typer.main.get_command(app))]
    while waiting:
        name, command = waiting.pop()
        yield name, command.help or ""
        for option in command.params:
            yield f"{name} {option.name}", getattr(option, "help", "") or ""
        for below, inner in getattr(command, "commands", {}).items():
            waiting.append((f"{name} {below}", inner))


def _literals(source: str) -> Iterator[tuple[int, str]]:
    tree = ast.parse(source)
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in docstrings:
            continue
        if isinstance(node.value, str):
            yield node.lineno, node.value
