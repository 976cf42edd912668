"""The rules that the shape of the house is held to, each with a name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.house.reaching import reaches
from tests.house.source import Tree, read_tree
from tests.house.structure import (
    LIMITS,
    folder_circles,
    full_folders,
    import_circles,
    imports_between,
    imports_outside,
    long_modules,
    names_for_two_things,
    shared_prefixes,
    short_modules,
    translated_variables,
)

if TYPE_CHECKING:
    from collections.abc import Callable

#: Short files that are no doors, by how their path ends, and why they are as short.
SHORT_FOR_A_REASON = {
    "migrations/env.py": "alembic looks for a file of this name",
    "versions/v0003_first.py": "alembic wants the version that the first upgrade begins with",
    "versions/v0005_lens_and_calibration.py": "alembic wants a file for each step of the schema",
    "versions/v0006_clients.py": "alembic wants a file for each step of the schema",
}

#: What ships, and the training code. Benchmarks may use what they measure.
_PROGRAM = ("app", "vision", "synthetic")
_PAGES = tuple(
    f"app.gui.{page}"
    for page in ("check", "live", "exercises", "history", "breaks", "settings", "rating")
)


@dataclass(frozen=True, slots=True)
class Rule:
    """What is wanted and why, how it is found out, and what to do about a place."""

    wanted: str
    broken: Callable[[Tree], list[str]]
    remedy: str


def _unexplained_crumbs(tree: Tree) -> list[str]:
    ends = tuple(SHORT_FOR_A_REASON)
    return [place for place in short_modules(tree) if not place.split(":")[0].endswith(ends)]


def _qt_abroad(tree: Tree) -> list[str]:
    homes = ("app.gui", "app.tray", "app.system")
    return imports_outside(tree, ["PyQt6", "pyqtgraph"], homes, _PROGRAM)


def _database_abroad(tree: Tree) -> list[str]:
    return imports_outside(tree, ["sqlalchemy", "alembic"], ["app.history.db"], _PROGRAM)


def _mediapipe_abroad(tree: Tree) -> list[str]:
    return imports_outside(tree, ["mediapipe"], ["vision.pose"], _PROGRAM)


def _pages_together(tree: Tree) -> list[str]:
    missing = [f"{page}: no such folder" for page in _PAGES if not tree.within(page)]
    return missing + imports_between(tree, _PAGES)


RULES = {
    "no import circle": Rule(
        "No module leads back to itself by imports, those for type checking counted: each can "
        "be read with what lies below it alone.",
        import_circles,
        "Move what both need into a module below both.",
    ),
    "no circle of folders": Rule(
        "No folder leads back to itself by imports.",
        folder_circles,
        "Move the module to the folder that it serves, or what both need below both.",
    ),
    "no crowded folder": Rule(
        f"A folder holds at most {LIMITS.modules_in_a_folder} modules, `__init__` aside.",
        full_folders,
        "Put modules that belong together into a folder that is called after what they do, or "
        "into one module.",
    ),
    "a common prefix is a folder": Rule(
        f"At most {LIMITS.modules_with_one_prefix} modules of a folder begin with one word.",
        shared_prefixes,
        "Give the word a folder, and take it off the names.",
    ),
    "no endless module": Rule(
        f"A module has at most {LIMITS.lines_in_a_module} lines.",
        long_modules,
        "Cut it where two things meet, not in the middle.",
    ),
    "no crumbs": Rule(
        f"A module has at least {LIMITS.fewest_lines_in_a_module} lines, doors aside.",
        _unexplained_crumbs,
        "Put it where it is used. If it has to be a file of its own, name it in "
        "SHORT_FOR_A_REASON.",
    ),
    "a widget's children are its own": Rule(
        "Nobody but a widget, or a layout, touches the widgets it is made of.",
        reaches,
        "Give the widget a method or a signal for what is wanted, or let one class be both.",
    ),
    "tr() takes a sentence": Rule(
        "What is to be translated stands in the call in quotation marks, or no tool finds it.",
        translated_variables,
        "Write the sentence into the call, or translate it where it is written.",
    ),
    "one name, one thing": Rule(
        "No two classes outside the tests have the same name.",
        names_for_two_things,
        "Rename one after what sets it apart.",
    ),
    "Qt at home": Rule(
        "PyQt6 and pyqtgraph are imported in app/gui, app/tray and app/system alone.",
        _qt_abroad,
        "Move what needs the screen there, and what does not out of its way.",
    ),
    "the database at home": Rule(
        "SQLAlchemy and alembic are imported in app/history/db alone.",
        _database_abroad,
        "Move the query there; what it returns is a record.",
    ),
    "mediapipe at home": Rule(
        "mediapipe is imported in vision/pose alone.",
        _mediapipe_abroad,
        "Ask vision.pose for what is needed.",
    ),
    "pages apart": Rule(
        f"The pages of the window ({', '.join(_PAGES)}) import nothing of one another.",
        _pages_together,
        "Move what two pages need to app/gui/widgets or below, or let the window join them by "
        "a signal.",
    ),
}


@pytest.fixture(scope="module")
def house() -> Tree:
    return read_tree(Path(__file__).parents[2])


@pytest.mark.parametrize("name", RULES)
def test_rule_holds(name: str, house: Tree) -> None:
    rule = RULES[name]
    places = rule.broken(house)
    if places:
        shown = "\n".join(f"  {place}" for place in places)
        pytest.fail(
            f"{rule.wanted}\nIt is not so in {len(places)} places:\n{shown}\n"
            f"What to do: {rule.remedy}",
            pytrace=False,
        )


def test_lists_name_what_there_is(house: Tree) -> None:
    paths = [module.path.as_posix() for module in house]
    for end in SHORT_FOR_A_REASON:
        assert any(path.endswith(end) for path in paths), f"{end} is gone: take it out"
