"""What all tests share."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PyQt6.QtWidgets import QApplication

    from tests.keyrings import MemoryKeyring

#: A slow machine is no fault of the program's: hypothesis makes its table of letters in the
#: first test that needs it, and other programs may be running.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
#: For a long look now and then: pytest -m hypothesis --hypothesis-profile thorough
settings.register_profile("thorough", settings.get_profile("patient"), max_examples=20_000)
#: Windows are tested without a screen, unless somebody wants to see them.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
#: No test asks the keyring of whoever runs it.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"

#: The training code's own tests need its extra; the user's suite runs without.
_HAS_SYNTHETIC = all(find_spec(name) is not None for name in ("anny", "pyvista", "torch"))
collect_ignore = [] if _HAS_SYNTHETIC else ["synthetic"]


@pytest.fixture
def ring() -> Iterator[MemoryKeyring]:
    """A keyring of this test's own."""
    import keyring

    from tests.keyrings import MemoryKeyring

    before = keyring.get_keyring()
    made = MemoryKeyring()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


@pytest.fixture
def in_pseudo() -> Iterator[Callable[[str], bool]]:
    """Speak the made-up language; give what tells whether a text is in it from end to end."""
    from app.text.languages.pseudo import FIRST, LAST
    from app.text.languages.speaking import ENGLISH, speak

    speak("pseudo")
    yield lambda text: text.startswith(FIRST) and text.endswith(LAST)
    speak(ENGLISH)


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    """Qt with the same letters (matplotlib brings them) and the same dates on every machine."""
    from PyQt6.QtCore import QLocale
    from PyQt6.QtGui import QFont, QFontDatabase

    from app.system.qt import keep_english_messages

    keep_english_messages()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    found = find_spec("matplotlib")
    assert found is not None
    assert found.origin is not None
    fonts = Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"
    for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"):
        assert QFontDatabase.addApplicationFont(str(fonts / name)) >= 0
    qapp.setFont(QFont("DejaVu Sans", 9))
    return qapp


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("hostile", "tests/hostile")
    group.addoption("--hostile", action="store_true", help="the long form, for hours")
    group.addoption("--first-seed", type=int, default=0, metavar="N", help="begin with this seed")


def pytest_report_header() -> str | None:
    if _HAS_SYNTHETIC:
        return None
    return "tests/synthetic: left out, it needs pip install '.[test,synthetic]'"
