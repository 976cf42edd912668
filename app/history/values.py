"""Text as databases, files and searches can take it."""

from __future__ import annotations

import json
import unicodedata


def clean_text(text: str) -> str:
    """Return text that every database and file can hold: no NUL, nothing but characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def search_text(garment: str, note: str) -> str:
    """Return what a search looks through; what is searched for goes through it too."""
    return unicodedata.normalize("NFKC", f"{garment}\n{note}").casefold()


def json_text(value: object) -> str:
    """Return the shortest JSON of a list or mapping."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
