"""Letters: which fonts, what they hold, what stands in for a letter that they lack.

DejaVu Sans holds Latin, Greek and Cyrillic and may be embedded freely. It comes with
matplotlib, which mediapipe needs and so every installation has; only its files are read,
matplotlib is never imported. Should they be missing, Vera, which comes with reportlab and
from which DejaVu was made, stands in: it holds Western European letters only.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont

#: By which names reportlab knows the fonts once they are loaded.
REGULAR, BOLD = "Beltline", "Beltline-Bold"
#: Stands for a letter that the font does not hold; the second where it has no box either.
_STAND_INS = ("\u25a1", "?")
#: Written from right to left or in joined forms, which takes more than placing letters.
_UNSHAPED = frozenset({"R", "AL", "AN"})
_SILENT = frozenset({"Cc", "Cf"})
_LAST_CODE_POINT = 0xFFFF
_VERA = Path("Vera.ttf"), Path("VeraBd.ttf")


class Letters(dict[int, str]):
    """What to print for each code point, found out when it is first asked for.

    Parameters
    ----------
    held
        The code points that both fonts hold.

    Attributes
    ----------
    stand_in
        The sign for a letter that is missing.
    """

    def __init__(self, held: frozenset[int]) -> None:
        super().__init__()
        self._held = held
        self.stand_in = _STAND_INS[ord(_STAND_INS[0]) not in held]

    def printable(self, text: str) -> str:
        """Return the text on one line, in letters that both fonts hold.

        A letter that is missing loses its accent, or else becomes :attr:`stand_in`.
        """
        joined = " ".join(unicodedata.normalize("NFC", text).split())
        return joined.translate(self)

    def lack(self, text: str) -> bool:
        """Tell whether something of the text would be shown by :attr:`stand_in`."""
        return self.printable(text).count(self.stand_in) > text.count(self.stand_in)

    def __missing__(self, code: int) -> str:
        """Return the letter, without its accent if need be, or the sign for a missing one."""
        self[code] = shown = self._shown(chr(code))
        return shown

    def _shown(self, character: str) -> str:
        category = unicodedata.category(character)
        if category in _SILENT:
            return ""
        if self._hold(character):
            return character
        plain = unicodedata.normalize("NFKD", character)
        plain = "".join(c for c in plain if not unicodedata.category(c).startswith("M"))
        if not plain:
            return ""
        return plain if all(map(self._hold, plain)) else self.stand_in

    def _hold(self, character: str) -> bool:
        code = ord(character)
        # Beyond the first plane reportlab writes a wrong letter into the text to be copied.
        if code > _LAST_CODE_POINT or unicodedata.bidirectional(character) in _UNSHAPED:
            return False
        return code in self._held


@lru_cache(maxsize=1)
def load_fonts() -> Letters:
    """Make the report's fonts known to reportlab, once, and return the letters they hold."""
    files = next((pair for pair in _candidates() if all(map(Path.is_file, pair))), _VERA)
    # Fonts of its own reportlab finds without a folder.
    fonts = [TTFont(name, str(file)) for name, file in zip((REGULAR, BOLD), files, strict=True)]
    for font in fonts:
        # reportlab would keep the first font of a name, and print boxes for what it lacks.
        font.unregister()
        registerFont(font)
    return Letters(frozenset.intersection(*(frozenset(font.face.charToGlyph) for font in fonts)))


def _candidates() -> list[tuple[Path, Path]]:
    found = find_spec("matplotlib")
    places = found.submodule_search_locations if found else None
    folders = [Path(place) / "mpl-data" / "fonts" / "ttf" for place in places or ()]
    return [(folder / "DejaVuSans.ttf", folder / "DejaVuSans-Bold.ttf") for folder in folders]
