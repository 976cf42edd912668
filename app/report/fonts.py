"""The letters of the report: those that come with Beltline, and those of the machine's fonts.

DejaVu Sans holds Latin, Greek, Cyrillic, Arabic and Hebrew and may be embedded freely. It comes
with matplotlib, which mediapipe needs and so every installation has. Should its files be missing,
Vera, which comes with reportlab and from which DejaVu was made, stands in: it holds Western
European letters only. What neither holds, such as Japanese, is looked for in the fonts of the
machine. matplotlib itself is imported only then.
"""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont

from vision.native_output import keep_fonts_quiet

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: By which names reportlab knows the fonts once they are loaded.
REGULAR, BOLD = "Beltline", "Beltline-Bold"
#: Stands for a letter that no font holds; the second where the first is lacking, too.
_STAND_INS = ("\u25a1", "?")
#: Written from right to left or in joined forms, which takes more than placing letters.
_UNSHAPED = frozenset({"R", "AL", "AN"})
_SILENT = frozenset({"Cc", "Cf"})
#: Not silent in every language: they join letters, or keep them apart.
_JOINERS = "\u200c\u200d"
_LAST_CODE_POINT = 0xFFFF
_VERA = Path("Vera.ttf"), Path("VeraBd.ttf")
#: Of two files that hold a letter, the one with more of the first and fewer of the second.
_GOOD_NAMES = ("noto", "sans")
_ODD_NAMES = (
    *("serif", "mono", "light", "thin", "black", "italic", "oblique", "condensed"),
    *("medium", "semi", "extra", "narrow", "emoji", "symbol", "lastresort"),
)


class Letters(dict[int, str]):
    """What to print for each code point, found out when it is first asked for.

    Parameters
    ----------
    held
        The code points that both fonts hold.
    files
        Where the two fonts are: regular and bold.

    Attributes
    ----------
    stand_in
        The sign for a letter that is missing.
    """

    def __init__(self, held: frozenset[int], files: tuple[Path, Path]) -> None:
        super().__init__()
        self._held, self.files = held, files
        self.stand_in = _STAND_INS[ord(_STAND_INS[0]) not in held]

    def printable(self, text: str) -> str:
        """Return the text on one line, in letters that both fonts hold.

        A letter that is missing loses its accent, or else becomes :attr:`stand_in`.
        """
        return on_one_line(text).translate(self)

    def lack(self, text: str) -> bool:
        """Tell whether something of the text would be shown by :attr:`stand_in`."""
        return self.printable(text).count(self.stand_in) > text.count(self.stand_in)

    def suffice(self, text: str) -> bool:
        """Tell whether placing their letters one after the other gives the text."""
        return all(self._hold(letter) or is_silent(letter) for letter in on_one_line(text))

    def __missing__(self, code: int) -> str:
        """Return the letter, without its accent if need be, or the sign for a missing one."""
        self[code] = shown = self._shown(chr(code))
        return shown

    def _shown(self, character: str) -> str:
        if is_silent(character):
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


def on_one_line(text: str) -> str:
    """Return the text in one way of writing its letters, without needless gaps."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def is_silent(character: str) -> bool:
    """Tell whether a character shows nothing by itself."""
    return unicodedata.category(character) in _SILENT


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
    held = frozenset.intersection(*(frozenset(font.face.charToGlyph) for font in fonts))
    regular, bold = (Path(font.face.filename) for font in fonts)
    return Letters(held, (regular, bold))


def _candidates() -> list[tuple[Path, Path]]:
    found = find_spec("matplotlib")
    places = found.submodule_search_locations if found else None
    folders = [Path(place) / "mpl-data" / "fonts" / "ttf" for place in places or ()]
    return [(folder / "DejaVuSans.ttf", folder / "DejaVuSans-Bold.ttf") for folder in folders]


def font_files(text: str, *, is_bold: bool) -> tuple[Path, ...]:
    """Return which files hold a text together; the report's own font is the first.

    Letters that no font of this machine holds are passed over, see :func:`missing_letters`.
    """
    own = load_fonts().files[is_bold]
    wanted = sorted({letter for letter in on_one_line(text) if not _is_held(own, letter)})
    found = {letter: _file_with(letter, is_bold) for letter in wanted}
    known = "".join(letter for letter, file in found.items() if file is not None)
    # One file for all of them looks better than a mixture.
    together = _file_with(known, is_bold) if known else None
    files = [together] if together else [found[letter] for letter in known]
    return own, *dict.fromkeys(file for file in files if file is not None)


def missing_letters(text: str) -> str:
    """Return the letters of a text, each once, that no font of this machine holds."""
    letters = load_fonts()
    lacking = [one for one in dict.fromkeys(on_one_line(text)) if letters.lack(one)]
    return "".join(letter for letter in lacking if _is_lost(letter))


def readable(text: str) -> str:
    """Return the text on one line, in letters that some font of this machine holds.

    The others lose their accents, or else become the sign for a missing letter.
    """
    letters = load_fonts()

    def shown(letter: str) -> str:
        if is_silent(letter):
            return letter if letter in _JOINERS else ""
        return letters[ord(letter)] if _is_lost(letter) else letter

    return "".join(map(shown, on_one_line(text)))


def _is_lost(letter: str) -> bool:
    """Tell whether no font of this machine holds a letter as it is."""
    own = load_fonts().files[0]
    return not _is_held(own, letter) and _file_with(letter, False) is None


def look_anew() -> None:
    """Forget what the machine's fonts hold: one may have been installed meanwhile."""
    _file_with.cache_clear()
    system_fonts.cache_clear()


@lru_cache(maxsize=4096)
def _file_with(letters: str, is_bold: bool) -> Path | None:
    """Return the best file that holds all of these letters, or None."""

    def rank(file: Path) -> tuple[int, str]:
        name = file.stem.lower()
        odd = sum(one in name for one in _ODD_NAMES) + (is_bold != ("bold" in name))
        return odd - sum(one in name for one in _GOOD_NAMES), name

    files = sorted(system_fonts(), key=rank)
    return next((file for file in files if all(_is_held(file, one) for one in letters)), None)


@lru_cache(maxsize=1)
def system_fonts() -> tuple[Path, ...]:
    """Return the files of the fonts that are installed on this machine."""
    keep_fonts_quiet()
    try:
        from matplotlib.font_manager import findSystemFonts
    except ImportError:
        return ()
    return tuple(map(Path, findSystemFonts()))


def _is_held(file: Path, letter: str) -> bool:
    """Tell whether a font shows a letter."""
    if letter.isspace() or is_silent(letter):
        return True
    held = _code_points(file)
    place = int(np.searchsorted(held, ord(letter)))
    return place < len(held) and held[place] == ord(letter) and _has_outline(file, letter)


@cache
def _code_points(file: Path) -> NDArray[np.uint32]:
    """Return which code points a font holds, in order; none for one that cannot be used."""
    # A damaged font is none; neither is one that holds small pictures only.
    with suppress(ImportError, RuntimeError, OSError, ValueError):
        from matplotlib.ft2font import FT2Font

        font = FT2Font(str(file))
        if font.scalable:
            return np.sort(np.fromiter(font.get_charmap(), np.uint32))
    return np.empty(0, np.uint32)


@lru_cache(maxsize=4096)
def _has_outline(file: Path, letter: str) -> bool:
    """Tell whether a letter of a font can be drawn, and not only shown as a small picture."""
    from matplotlib.ft2font import FT2Font, LoadFlags

    with suppress(RuntimeError, OSError):
        font = FT2Font(str(file))
        font.load_char(ord(letter), flags=LoadFlags.NO_HINTING)
        return len(font.get_path()[0]) > 0
    return False
