from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from tests.house.reaching import reaches
from tests.house.source import read_tree
from tests.house.structure import (
    broad_excepts,
    folder_circles,
    full_folders,
    import_circles,
    imports_between,
    imports_outside,
    long_functions,
    long_modules,
    names_for_two_things,
    said_twice,
    shared_prefixes,
    short_modules,
    translated_variables,
    with_one_importer,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.house.source import Tree


class _Built(Protocol):
    def __call__(self, files: dict[str, str]) -> Tree: ...


@pytest.fixture
def built(tmp_path: Path) -> _Built:
    """Write files, by path and text, and read them as a tree."""

    def build(files: dict[str, str]) -> Tree:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return read_tree(tmp_path)

    return build


@pytest.mark.parametrize(
    "back",
    [
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from app.a import A",
        "def late():\n    import app.a",
        "from . import a",
        "from .a import A",
        "from importlib import import_module\nimport_module('app.a')",
    ],
)
def test_circle_is_found_however_it_is_closed(built: _Built, back: str) -> None:
    tree = built({"app/a.py": "from app.b import B", "app/b.py": back, "app/c.py": "import app.a"})
    (circle,) = import_circles(tree)
    assert circle.endswith(": app.a, app.b")


def test_chain_is_no_circle(built: _Built) -> None:
    tree = built({"app/a.py": "from app import b", "app/b.py": "import app.c", "app/c.py": ""})
    assert import_circles(tree) == []
    assert tree.arrows["app.a"] == {"app.b": 1}


def test_name_from_a_package_leads_to_the_package(built: _Built) -> None:
    tree = built(
        {"vision/__init__.py": "from vision.a import A", "app/b.py": "from vision import A"}
    )
    assert tree.arrows == {"vision": {}, "app.b": {"vision": 1}}


def test_folders_in_a_circle_of_modules_that_are_in_none(built: _Built) -> None:
    one_way = {"app/one/a.py": "import app.two.c", "app/two/c.py": ""}
    assert folder_circles(built(one_way)) == []
    (circle,) = folder_circles(built({"app/one/b.py": "", "app/two/d.py": "import app.one.b"}))
    assert circle.endswith(": app.one, app.two")


def test_folder_and_the_one_above_are_no_circle(built: _Built) -> None:
    tree = built({"app/a.py": "import app.one.b", "app/c.py": "", "app/one/b.py": "import app.c"})
    assert folder_circles(tree) == []


def test_fullest_folder_comes_first_without_its_door(built: _Built) -> None:
    names = ["app/__init__.py", "app/a.py", "app/b.py", "vision/c.py"]
    assert full_folders(built(dict.fromkeys(names, "")), 0) == [
        "app: 2 modules",
        "vision: 1 modules",
    ]


@pytest.mark.parametrize("gui", ["app/gui"])
def test_module_with_one_importer(built: _Built, gui: str) -> None:
    package = gui.replace("/", ".")
    both = f"import {package}.two\n"
    files = {"a.py": both + f"import {package}.one", "b.py": both, "one.py": "", "two.py": ""}
    tree = built({f"{gui}/{name}": text for name, text in files.items()})
    assert with_one_importer(tree) == [f"{gui}/one.py: only {package}.a imports it"]


def test_name_for_two_things(built: _Built) -> None:
    text = "class _Row:\n    class Inner: ...\nclass {}: ..."
    tree = built({"app/a.py": text.format("A"), "vision/b.py": text.format("B")})
    assert names_for_two_things(tree) == ["_Row: app/a.py:1, vision/b.py:1"]


def test_lines_said_twice_whatever_is_between(built: _Built) -> None:
    lines = [f"x{n} = {n}" for n in range(8)]
    spread = ["import os", *lines[:3], "", "# why", "import re", "f(", ")", *lines[3:]]
    tree = built({"app/a.py": "\n".join(lines), "app/b.py": "\n".join(spread), "app/c.py": "y = 1"})
    # The call is a telling line, its lone bracket is not: three lines before it, five after.
    assert said_twice(tree) == []
    assert said_twice(tree, most=4) == ["app/a.py:4: also at app/b.py:10"]
    spread.remove("f(")
    tree = built({"app/b.py": "\n".join(spread).replace(" = ", "   =  ").replace("\n)", "")})
    assert said_twice(tree) == ["app/a.py:1: also at app/b.py:2"]


def test_long_and_short_modules(built: _Built) -> None:
    files = {"app/long.py": "x = 1\n" * 4, "app/short.py": "x = 1\n", "app/__init__.py": ""}
    tree = built(files)
    assert long_modules(tree, 3) == ["app/long.py: 4 lines"]
    assert long_modules(tree, 4) == []
    assert short_modules(tree, 4) == ["app/short.py: 1 lines"]


def test_three_of_one_prefix(built: _Built) -> None:
    names = ["app/a_one.py", "app/_a_two.py", "app/a.py", "app/b_one.py", "app/b_two.py"]
    (place,) = shared_prefixes(built(dict.fromkeys([*names, "vision/b.py"], "")))
    assert place.startswith("app: 3 modules begin with 'a': ")


def test_long_function(built: _Built) -> None:
    tree = built({"app/a.py": "def f():\n    x = 1\n    return x\n"})
    assert long_functions(tree, 2) == ["app/a.py:1: f has 3 lines"]
    assert long_functions(tree, 3) == []


@pytest.mark.parametrize("kind", ["", " Exception", " (OSError, BaseException)", " Exception as e"])
def test_broad_except(built: _Built, kind: str) -> None:
    text = f"try:\n    pass\nexcept{kind}:\n    pass\n"
    assert broad_excepts(built({"app/a.py": text})) == ["app/a.py:3: a broad except"]
    narrow = text.replace("except" + kind, "except OSError")
    assert broad_excepts(built({"app/a.py": narrow})) == []


@pytest.mark.parametrize(
    ("call", "is_found"),
    [
        ("self.tr('Save')", False),
        ("self.tr('{n} checks').format(n=n)", False),
        ("self.tr(words.SAVE)", True),
        ("page.tr(f'{n} checks')", True),
        ("QCoreApplication.translate('Page', 'Save')", False),
        ("QCoreApplication.translate('Page', SAVE)", True),
        ("text.translate(table)", False),
    ],
)
def test_tr_on_a_variable(built: _Built, call: str, is_found: bool) -> None:
    assert bool(translated_variables(built({"app/a.py": call}))) is is_found


def test_imports_outside_their_home(built: _Built) -> None:
    text = "def late():\n    from PyQt6.QtCore import Qt"
    tree = built({"app/gui/a.py": text, "app/guide.py": text, "benchmarks/b.py": text})
    outside = imports_outside(tree, ["PyQt6"], ["app.gui"], ["app", "vision"])
    assert outside == ["app/guide.py:2: imports PyQt6.QtCore.Qt"]


def test_imports_between_pages(built: _Built) -> None:
    tree = built(
        {
            "app/gui/check/a.py": "import app.gui.check.b\nimport app.gui.widgets",
            "app/gui/check/b.py": "from app.gui.live import c",
            "app/gui/live/c.py": "",
            "app/gui/widgets.py": "",
        }
    )
    found = imports_between(tree, ["app.gui.check", "app.gui.live"])
    assert found == ["app/gui/check/b.py:1: imports app.gui.live.c"]


_PARTS = """
from PyQt6.QtWidgets import QLabel, QPushButton, QWidget

class Card(QWidget):
    done = pyqtSignal()
    def __init__(self):
        self.count = 3
        self.title, self.button = QLabel(), make()

class Layout:
    def __init__(self, card: Card):
        self.card = card
        self.size = Size()

class Size: ...

def make() -> QPushButton | None: ...
"""


@pytest.mark.parametrize(
    ("line", "is_reach"),
    [
        ("self._anything.card.show()", True),
        ("self._anything.card.title.setText('')", True),
        ("layout.card.show()", True),
        ("home = layout.card; home.show()", True),
        ("for part in (self, layout.card): part.show()", True),
        ("self._card.button.hide()", True),
        ("self.inherited.title.hide()", True),
        ("self.lent().card.hide()", True),
        # Its own child, its child's own doings, what is no part, and handing on.
        ("self._card.show()", False),
        ("self._card.done.connect(self.show)", False),
        ("self._card.count.bit_length()", False),
        ("self._anything.size.width()", False),
        ("take(self._anything.card)", False),
        ("unknown.card.show()", False),
    ],
)
def test_reach_into_another_ones_children(built: _Built, line: str, is_reach: bool) -> None:
    page = f"""
from __future__ import annotations
from app.gui import PublicLayout as Any
from app.gui.parts import Card, Layout

class Special(Card): ...

class Page(QWidget):
    def __init__(self, layout: Layout | None):
        self._anything = Any(self)
        self._card = Card()
        self.inherited: Special = find()
    def lent(self) -> Layout: ...
    def go(self, layout: Layout, unknown):
        {line}
"""
    door = "from app.gui.parts import Layout as PublicLayout"
    files = {"app/gui/__init__.py": door, "app/gui/parts.py": _PARTS, "app/gui/page.py": page}
    assert bool(reaches(built(files))) is is_reach, reaches(built(files))


def test_chain_counts_once_and_each_place_counts(built: _Built) -> None:
    page = "from app.gui.parts import Layout\ndef go(at: Layout):\n"
    page += "    at.card.title.font().bold()\n    at.card.show(); at.card.hide()\n"
    tree = built({"app/gui/parts.py": _PARTS, "app/gui/page.py": page})
    assert reaches(tree) == [
        "app/gui/page.py:3: at.card.title.font",
        "app/gui/page.py:4: at.card.show",
        "app/gui/page.py:4: at.card.hide",
    ]
