"""Figures on how the program's files are cut and who imports whom.

``python -m tests.house.structure`` prints them; with ``--list`` also the places behind each.
The files are read as text, and nothing of the program is imported.
"""

from __future__ import annotations

import argparse
import ast
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from tests.house.reaching import reaches
from tests.house.source import FOLDERS, GUI, last_name, lies_in, read_tree, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tests.house.source import Module, Tree

#: Modules that are there to be entered by; how short they are says nothing.
DOORS = frozenset({"__init__", "__main__", "_version"})


@dataclass(frozen=True, slots=True)
class Limits:
    """What the house is held to."""

    modules_in_a_folder: int = 15
    lines_in_a_module: int = 600
    fewest_lines_in_a_module: int = 40
    modules_with_one_prefix: int = 2
    lines_in_a_function: int = 50
    lines_said_twice: int = 5


LIMITS = Limits()


def import_circles(tree: Tree) -> list[str]:
    """Find the groups of modules in which each leads to each other by imports."""
    return [
        f"{len(group)} modules import each other in a circle: {', '.join(group)}"
        for group in _circles({name: set(to) for name, to in tree.arrows.items()})
    ]


def folder_circles(tree: Tree) -> list[str]:
    """Find the groups of folders in which each leads to each other by imports.

    A folder leads to another if a module that lies directly in it imports one that lies
    directly in the other. A folder and one above it are one matter, so these do not count.
    """
    arrows: dict[str, set[str]] = defaultdict(set)
    for name, imported in tree.arrows.items():
        here = tree.modules[name].folder
        there = {tree.modules[other].folder for other in imported}
        arrows[here] |= {to for to in there if not lies_in(to, [here]) and not lies_in(here, [to])}
    return [
        f"{len(group)} folders import each other in a circle: {', '.join(group)}"
        for group in _circles(arrows)
    ]


def full_folders(tree: Tree, most: int = LIMITS.modules_in_a_folder) -> list[str]:
    """Find folders with too many modules, the fullest first; ``__init__`` does not count."""
    counts = Counter(module.folder for module in tree if module.path.stem != "__init__")
    return [f"{folder}: {count} modules" for folder, count in counts.most_common() if count > most]


def with_one_importer(tree: Tree) -> list[str]:
    """Find modules of the windows that exactly one module outside the tests imports."""
    importers = defaultdict(list)
    for name, imported in tree.arrows.items():
        for other in imported:
            importers[other].append(name)
    return [
        f"{module.path}: only {importers[module.name][0]} imports it"
        for module in tree.within(*GUI)
        if module.path.stem not in DOORS and len(importers[module.name]) == 1
    ]


def names_for_two_things(tree: Tree) -> list[str]:
    """Find names that more than one module gives to a class of its own, private ones too."""
    places = defaultdict(list)
    for module in tree:
        for node in module.tree.body:
            if isinstance(node, ast.ClassDef):
                places[node.name].append(f"{module.path}:{node.lineno}")
    return [f"{name}: {', '.join(at)}" for name, at in sorted(places.items()) if len(at) > 1]


def said_twice(tree: Tree, most: int = LIMITS.lines_said_twice) -> list[str]:
    """Find pairs of places that share more than some lines to the letter, each pair once.

    Empty lines, comments, imports and lone brackets are passed over, and white space counts
    as one space.
    """
    size = most + 1
    lines = {module.name: _telling_lines(module) for module in tree}
    places = defaultdict(list)
    for name, own in lines.items():
        for start in range(len(own) - most):
            places[tuple(text for _, text in own[start : start + size])].append((name, start))
    found = []
    for spots in places.values():
        for (one, here), (other, there) in combinations(spots, 2):
            # A pair is where sameness begins; what follows belongs to it.
            begins = not (here and there) or lines[one][here - 1][1] != lines[other][there - 1][1]
            if begins and (one != other or there - here >= size):
                first, second = lines[one][here][0], lines[other][there][0]
                found.append(
                    tree.modules[one].at(first, f"also at {tree.modules[other].path}:{second}")
                )
    return sorted(found)


def long_modules(tree: Tree, most: int = LIMITS.lines_in_a_module) -> list[str]:
    """Find modules with too many lines."""
    return [f"{module.path}: {module.lines} lines" for module in tree if module.lines > most]


def short_modules(tree: Tree, fewest: int = LIMITS.fewest_lines_in_a_module) -> list[str]:
    """Find modules with too few lines, doors aside."""
    return [
        f"{module.path}: {module.lines} lines"
        for module in tree
        if module.lines < fewest and module.path.stem not in DOORS
    ]


def shared_prefixes(tree: Tree, most: int = LIMITS.modules_with_one_prefix) -> list[str]:
    """Find folders where too many names begin with the same word: it should be a folder."""
    groups = defaultdict(list)
    for module in tree:
        if module.path.stem not in DOORS:
            prefix = module.path.stem.strip("_").split("_")[0]
            groups[module.folder, prefix].append(module.path.stem)
    return [
        f"{folder}: {len(stems)} modules begin with {prefix!r}: {', '.join(stems)}"
        for (folder, prefix), stems in groups.items()
        if len(stems) > most
    ]


def long_functions(tree: Tree, most: int = LIMITS.lines_in_a_function) -> list[str]:
    """Find functions with too many lines, from ``def`` to the last."""
    found = []
    for module in tree:
        for node in module.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > most:
                    found.append(module.at(node.lineno, f"{node.name} has {lines} lines"))
    return found


def broad_excepts(tree: Tree) -> list[str]:
    """Find ``except`` clauses that also catch what nobody thought of."""
    broad = {"Exception", "BaseException"}
    found = []
    for module in tree:
        for node in module.nodes:
            if isinstance(node, ast.ExceptHandler):
                kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
                if any(kind is None or last_name(kind) in broad for kind in kinds):
                    found.append(module.at(node.lineno, "a broad except"))
    return found


def translated_variables(tree: Tree) -> list[str]:
    """Find ``tr`` and ``translate`` with something else than a sentence in quotation marks.

    The tool that collects sentences for translators reads the source: one that is in a
    variable never reaches them.
    """
    found = []
    for module in tree.within("app"):
        for node in module.nodes:
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            owner, name = last_name(node.func.value), node.func.attr
            is_qt = name == "translate" and owner.endswith(("Application", "QTranslator"))
            sentence = node.args[:1] if name == "tr" else node.args[1:2] if is_qt else []
            if any(not text_of(part) for part in sentence):
                found.append(module.at(node.lineno, ast.unparse(node)))
    return found


def imports_outside(
    tree: Tree, packages: Iterable[str], homes: Iterable[str], looked_at: Iterable[str] = FOLDERS
) -> list[str]:
    """Find imports of some packages in modules outside the homes they are to be kept in."""
    packages, homes = tuple(packages), tuple(homes)
    found = []
    for module in tree.within(*looked_at):
        if not lies_in(module.name, homes):
            lines = {line: name for name, line in module.imports if lies_in(name, packages)}
            found += [module.at(line, f"imports {name}") for line, name in lines.items()]
    return found


def imports_between(tree: Tree, packages: Iterable[str]) -> list[str]:
    """Find imports from one of some packages in another of them."""
    packages = tuple(packages)
    return [
        tree.modules[name].at(line, f"imports {other}")
        for package in packages
        for name, imported in tree.arrows.items()
        if lies_in(name, [package])
        for other, line in imported.items()
        if lies_in(other, packages) and not lies_in(other, [package])
    ]


def _circles(arrows: Mapping[str, set[str]]) -> list[list[str]]:
    reached = {start: _reached(arrows, start) for start in arrows}
    groups = {
        tuple(sorted(other for other in reached[one] if one in reached.get(other, ())))
        for one in arrows
    }
    return [list(group) for group in sorted(groups, key=lambda g: (-len(g), g)) if len(group) > 1]


def _reached(arrows: Mapping[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    ahead = [start]
    while ahead:
        new = arrows.get(ahead.pop(), set()) - found
        found |= new
        ahead.extend(new)
    return found


def _telling_lines(module: Module) -> list[tuple[int, str]]:
    passed = {
        line
        for node in module.nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    folded = ((at, " ".join(text.split())) for at, text in enumerate(module.text.splitlines(), 1))
    return [
        (line, text)
        for line, text in folded
        if line not in passed and not text.startswith("#") and re.search(r"\w", text)
    ]


#: What is counted, by what it is called; the count is that of the places.
FIGURES: dict[str, Callable[[Tree], list[str]]] = {
    "import circles": import_circles,
    "circles of folders": folder_circles,
    "folders over 15 modules": full_folders,
    "window modules with one importer": with_one_importer,
    "reaches into another widget's children": reaches,
    "class names for two things": names_for_two_things,
    "pairs of places with six or more equal lines": said_twice,
    "modules over 600 lines": long_modules,
    "modules under 40 lines": short_modules,
    "prefixes that three or more modules share": shared_prefixes,
    "functions over 50 lines": long_functions,
    "broad excepts": broad_excepts,
    "tr() on a variable": translated_variables,
}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parents[2])
    parser.add_argument("--list", action="store_true", help="print the places as well")
    options = parser.parse_args()
    tree = read_tree(options.folder)
    print(f"{len(tree.modules):7,}  modules outside the tests")
    print(f"{sum(module.lines for module in tree):7,}  lines in them")
    print(f"         the fullest folder is {full_folders(tree, 0)[0]}")
    for name, find in FIGURES.items():
        places = find(tree)
        print(f"{len(places):7,}  {name}")
        if options.list:
            print(*(f"           {place}" for place in places), sep="\n")


if __name__ == "__main__":
    main()
