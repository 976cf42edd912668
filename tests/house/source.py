"""The program's files as text: what they import, and everything else that stands in them.

Nothing of the program is imported.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

#: What is looked at: everything but the tests.
FOLDERS = ("app", "vision", "synthetic", "benchmarks")
#: Where the windows are; the second is the name they have today.
GUI = ("app.gui",)


# No slots here and below: what is found out is remembered in the object.
@dataclass(frozen=True)
class Module:
    """One file.

    Attributes
    ----------
    name
        As it is imported; a package's ``__init__.py`` has the package's name.
    path
        From the root of the tree.
    """

    name: str
    path: Path
    text: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        """How long the file is."""
        return len(self.text.splitlines())

    @property
    def folder(self) -> str:
        """The package that the file lies in, itself for an ``__init__.py``."""
        return ".".join(self.path.parent.parts)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Everything in the file, from top to bottom."""
        return nodes_of(self.tree)

    def at(self, line: int, what: str) -> str:
        """Return a place in the file the way compilers write it, to be clicked on."""
        return f"{self.path}:{line}: {what}"

    @cached_property
    def imports(self) -> tuple[tuple[str, int], ...]:
        """Every name that is imported anywhere in the file, in full, and the line.

        Imports in functions and for type checking alone are imports too: whoever reads the
        one file has to know the other.
        """
        found: list[tuple[str, int]] = []
        for node in self.nodes:
            if isinstance(node, ast.Import):
                found += [(alias.name, node.lineno) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                base = self.base_of(node)
                found += [(f"{base}.{alias.name}", node.lineno) for alias in node.names]
            elif isinstance(node, ast.Call) and last_name(node.func) == "import_module":
                found += [(name, node.lineno) for name in map(text_of, node.args[:1]) if name]
        return tuple(found)

    def base_of(self, node: ast.ImportFrom) -> str:
        """Return the module that names are imported from, in full."""
        if not node.level:
            return node.module or ""
        package = self.folder.split(".")
        up = package[: len(package) - node.level + 1]
        return ".".join([*up, node.module] if node.module else up)


@dataclass(frozen=True)
class Tree:
    """All files, by module name."""

    modules: Mapping[str, Module]

    def __iter__(self) -> Iterator[Module]:
        return iter(self.modules.values())

    def within(self, *packages: str) -> list[Module]:
        """Return the modules of some packages."""
        return [module for module in self if lies_in(module.name, packages)]

    @cached_property
    def arrows(self) -> dict[str, dict[str, int]]:
        """For each module those that it imports, and the line where it first does."""
        return {module.name: self._imported_by(module) for module in self}

    def _imported_by(self, module: Module) -> dict[str, int]:
        found: dict[str, int] = {}
        for name, line in module.imports:
            # What is imported may be something in a module: the module then counts.
            while name not in self.modules and "." in name:
                name = name.rpartition(".")[0]
            if name in self.modules and name != module.name:
                found.setdefault(name, line)
        return found


def read_tree(root: Path) -> Tree:
    """Read the program's files below a folder."""
    modules = {}
    for path in sorted(path for folder in FOLDERS for path in (root / folder).rglob("*.py")):
        inside = path.relative_to(root)
        parts = inside.with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        text = path.read_text(encoding="utf-8")
        modules[name] = Module(name, inside, text, ast.parse(text, str(inside)))
    return Tree(modules)


def nodes_of(tree: ast.AST) -> list[ast.AST]:
    """Return everything in a piece of code from top to bottom, the longer before the shorter."""
    return sorted(
        ast.walk(tree), key=lambda at: (getattr(at, "lineno", 0), getattr(at, "col_offset", 0))
    )


def lies_in(name: str, packages: Iterable[str]) -> bool:
    """Tell whether a module is one of some packages, or in one."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def last_name(node: ast.expr) -> str:
    """Return what comes after the last dot."""
    return ast.unparse(node).rpartition(".")[2]


def text_of(node: ast.expr) -> str:
    """Return a text that stands in the source in quotation marks, empty for anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
