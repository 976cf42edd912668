"""What a line may hold that a terminal shows: nothing that it would obey."""

from __future__ import annotations

import json
import re
import sys

#: Control characters, and those that turn the direction of writing round or break a line.
_SINGLE = r"\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
#: What a terminal obeys: sequences that begin with an escape (colours, the cursor, the title,
#: what goes into the clipboard) with all that belongs to them, and single characters.
_OBEYED = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]?"
    rf"|[{_SINGLE}]"
)
#: What json leaves as it is.
_UNESCAPED = re.compile(f"[{_SINGLE}]")


def plain(text: str) -> str:
    """Return a text on one line, without what a terminal would obey.

    Names and notes are somebody's words, and names of files may be anybody's.
    """
    return _OBEYED.sub("", text).replace("\n", " ")


def printable(text: str) -> str:
    """Return what standard output can show of a text: a name may hold what no encoding can."""
    encoding = sys.stdout.encoding or "utf-8"
    text = plain(text)
    if "°".encode(encoding, "ignore") == b"":
        text = text.replace("°", " deg")
    return text.encode(encoding, "backslashreplace").decode(encoding)


def as_line(document: dict[str, object]) -> bytes:
    r"""Return one JSON object, UTF-8 whatever the locale says, ended by a newline.

    Bytes of a name that are no UTF-8 (lone surrogates in a Python string) are written as JSON's
    own ``\udcxx`` escapes, so that the line stays valid UTF-8 and Python reads the same name
    back; so is what a terminal would obey.
    """
    text = json.dumps(document, ensure_ascii=False, allow_nan=False)
    text = _UNESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return text.encode("utf-8", "backslashreplace") + b"\n"
