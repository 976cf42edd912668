"""Made-up languages, which show whoever works on the program what a translation will meet.

``pseudo`` writes every text in ⟦brackets⟧ with accents: what stands without was never offered
for translation, what lacks its end was cut. ``pseudo-long`` is 40 % longer than English,
``pseudo-rtl`` is written from right to left in Arabic letters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from vision.messages import Plural

PSEUDO = ("pseudo", "pseudo-long", "pseudo-rtl")
FIRST, LAST = "⟦", "⟧"
_LONGER = 0.4
_PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ACCENTED = "áƀçđéƒǵĥíĵķļɱñóƥɋŕšţúṽŵẋýžÁƁÇĐÉƑǴĤÍĴĶĻṀÑÓƤɊŔŠŢÚṼŴẊÝŽ"
_ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنه" * 2
#: What a translation keeps as it is: places to fill in, tags, entities.
_KEPT = re.compile(r"({[^{}]*}|<[^<>]*>|&[a-z]+;|%n)")
_LETTERS = {
    "pseudo": str.maketrans(_PLAIN, _ACCENTED),
    "pseudo-rtl": str.maketrans(_PLAIN, _ARABIC),
}


@dataclass(frozen=True, slots=True)
class PseudoLanguage:
    """Makes up a translation of any text.

    Attributes
    ----------
    language
        One of :data:`PSEUDO`.
    """

    language: str

    def text(self, context: str, source: str) -> str:
        """Return the text, still readable, as this language would have it."""
        return _made_up(self.language, source)

    def plural(self, context: str, source: Plural) -> Plural:
        """Return both forms."""
        return Plural(tuple(self.text(context, form) for form in source.forms), source.form_of)


@cache
def _made_up(language: str, source: str) -> str:
    body = source.rstrip("\n")
    if not body.strip():
        return source
    if language == "pseudo-long":
        return _longer(body) + source[len(body) :]
    parts = _KEPT.split(body)
    letters = _LETTERS[language]
    said = "".join(part if at % 2 else part.translate(letters) for at, part in enumerate(parts))
    said = f"{FIRST}{said}{LAST}" if language == "pseudo" else said
    return said + source[len(body) :]


def _longer(source: str) -> str:
    """Return a text with as many letters more as some languages need, in words of usual length."""
    letters = len(_KEPT.sub("", source))
    more = round(letters * _LONGER + 0.5)
    filler = "".join(("lo" * more)[at] + (" " if at % 9 == 8 else "") for at in range(more))
    tail = re.search(r"(</[^<>]*>)*[.…:?!]*\Z", source)
    end = tail.start() if tail else len(source)
    glue = "" if letters < 9 else " "
    return source[:end] + glue + filler.strip() + source[end:]
