"""Reads desktop files as a desktop does, by the rules of the desktop entry specification."""

from __future__ import annotations

import re
from configparser import RawConfigParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def groups_of(path: Path) -> dict[str, dict[str, str]]:
    """Return each group's keys and values as they stand there."""
    parser = RawConfigParser(strict=True, delimiters=("=",), interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    assert parser.read(path, "utf-8") == [str(path)]
    return {name: dict(parser[name]) for name in parser.sections()}


def text_of(value: str) -> str:
    """Return what a value says."""
    return re.sub(r"\\(.)", lambda found: {"n": "\n"}.get(found[1], found[1]), value)


def words_of(exec_line: str) -> list[str]:
    """Take a command apart, and leave out the shell that starts programs with odd names."""
    text = text_of(exec_line)
    found = re.findall(r'"((?:[^"\\`$]|\\["\\`$])*)"(?: |$)|([^" ]+)(?: |$)', text, re.S)
    plain = [re.sub(r'\\(["\\`$])', r"\1", quoted) or bare for quoted, bare in found]
    words = [one.replace("%%", "%") for one in plain]
    return words[3:] if words[:3] == ["/bin/sh", "-c", 'exec "$0" "$@"'] else words
