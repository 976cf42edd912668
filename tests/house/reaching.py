"""Where the program reaches past a widget, or past the holder of some, into its children.

A *part* is a widget of Qt's or of pyqtgraph's, one of the program's own that is built on
such a one, or an object of the program's windows that holds parts in attributes, as a
layout does. ``owner.part.anything`` is a reach if ``owner`` is not ``self``, its class is
one of the program's windows' and its attribute ``part`` holds a part. The owner should
have a method or a signal for it instead.

Classes are told from annotations and from what is assigned, whatever the names are, and a
local name for a part (``home = parts.home``) hides nothing. Each chain of dots counts once.
What lies in lists and dictionaries is not followed, and a part that is handed on whole is
no reach.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from tests.house.source import GUI, lies_in, nodes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.house.source import Module, Tree

_Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
#: Where the classes are from that everything seen on the screen is built on.
_WIDGETS = ("PyQt6.QtWidgets", "pyqtgraph")


def reaches(tree: Tree) -> list[str]:
    """Find them, in the program alone: tests and benchmarks may press any button."""
    code = _Code(tree)
    found: dict[tuple[str, int, int], str] = {}
    for module in tree.within("app"):
        for scope in code.scopes_of(module):
            for node in scope.nodes:
                if isinstance(node, ast.Attribute) and code.is_reached(node.value, scope):
                    place = module.at(node.lineno, ast.unparse(node))
                    # The longest part of a chain comes first.
                    found.setdefault((module.name, node.lineno, node.col_offset), place)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class _Scope:
    """A function, what its names may stand for, and the class it is a method of.

    A name stands for the annotations or the values that it was ever given.
    """

    module: Module
    owner: str = ""
    nodes: tuple[ast.AST, ...] = ()
    names: dict[str, list[tuple[ast.expr, bool]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Class:
    name: str
    node: ast.ClassDef
    module: Module
    #: What is assigned to attributes: annotation or value, and the scope it stands in.
    attributes: dict[str, list[tuple[ast.expr, bool, _Scope]]] = field(default_factory=dict)


class _Code:
    """Tells what expressions stand for, as far as the source says so."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._symbols = {module.name: dict(_symbols_of(module)) for module in tree}
        self._functions: dict[str, tuple[_Function, Module]] = {}
        self._kinds: dict[tuple[str, str], str] = {}
        self._parts: dict[str, bool] = {}

    @cached_property
    def _classes(self) -> dict[str, _Class]:
        found = {}
        for module in self._tree.within("app"):
            for node in module.tree.body:
                name = f"{module.name}.{getattr(node, 'name', '')}"
                if isinstance(node, ast.ClassDef):
                    found[name] = _Class(name, node, module)
                    _note_attributes(found[name], list(self.scopes_of(module, node)))
                elif isinstance(node, _Function):
                    self._functions[name] = node, module
        return found

    def scopes_of(self, module: Module, only: ast.ClassDef | None = None) -> Iterator[_Scope]:
        """Go through the functions of a module, or of one class of it."""
        for outer in [only] if only is not None else module.tree.body:
            owner = f"{module.name}.{outer.name}" if isinstance(outer, ast.ClassDef) else ""
            for node in outer.body if isinstance(outer, ast.ClassDef) else [outer]:
                nodes = tuple(nodes_of(node))
                yield _Scope(module, owner, nodes, _names_in(nodes))

    def is_reached(self, expression: ast.expr, scope: _Scope, depth: int = 9) -> bool:
        """Tell whether an expression is a child that was taken from its owner."""
        if isinstance(expression, ast.Name) and depth:
            return any(
                not is_annotation and self.is_reached(value, scope, depth - 1)
                for value, is_annotation in scope.names.get(expression.id, ())
            )
        if not isinstance(expression, ast.Attribute):
            return False
        is_own = isinstance(expression.value, ast.Name) and expression.value.id == "self"
        owner = "" if is_own else self.kind_of(expression.value, scope)
        return lies_in(owner, GUI) and self._is_part(self._attribute(owner, expression.attr))

    def kind_of(self, node: ast.expr, scope: _Scope, depth: int = 9) -> str:
        """Return the full name of the class that an expression is of, empty for unknown."""
        if not depth:
            return ""
        if isinstance(node, ast.Name):
            if node.id == "self":
                return scope.owner
            given = scope.names.get(node.id, [])
            return _first(self._kind_given(*one, scope, depth - 1) for one in given)
        if isinstance(node, ast.Attribute):
            return self._attribute(self.kind_of(node.value, scope, depth - 1), node.attr)
        if isinstance(node, ast.Call):
            made = self._resolved(node.func, scope.module)
            if made in self._classes or not isinstance(node.func, ast.Attribute):
                return self._returned(made)
            owner = self.kind_of(node.func.value, scope, depth - 1)
            return self._attribute(owner, node.func.attr) if owner else self._returned(made)
        if isinstance(node, ast.IfExp):
            return _first(self.kind_of(part, scope, depth - 1) for part in (node.body, node.orelse))
        if isinstance(node, ast.BoolOp):
            return _first(self.kind_of(part, scope, depth - 1) for part in node.values)
        return ""

    def _kind_given(self, node: ast.expr, is_annotation: bool, scope: _Scope, depth: int) -> str:
        if is_annotation:
            return self._annotated(node, scope.module)
        return self.kind_of(node, scope, depth)

    def _attribute(self, owner: str, name: str) -> str:
        """Return the class of an attribute, a property or what a method returns."""
        known = self._classes.get(owner)
        if known is None:
            return ""
        if (owner, name) not in self._kinds:
            self._kinds[owner, name] = ""  # until it is known, if it leads to itself
            given = known.attributes.get(name, [])
            kind = _first(self._kind_given(node, said, at, 9) for node, said, at in given)
            if not kind:
                kind = _first(self._attribute(base, name) for base in self._bases(known))
            self._kinds[owner, name] = kind
        return self._kinds[owner, name]

    def _is_part(self, kind: str) -> bool:
        if lies_in(kind, _WIDGETS):
            return True
        known = self._classes.get(kind)
        if known is None or not lies_in(kind, GUI):
            return False
        if kind not in self._parts:
            self._parts[kind] = False  # until it is known, if it holds its own kind
            self._parts[kind] = any(map(self._is_part, self._bases(known))) or any(
                self._is_part(self._attribute(kind, name)) for name in known.attributes
            )
        return self._parts[kind]

    def _bases(self, known: _Class) -> list[str]:
        return [self._resolved(base, known.module) for base in known.node.bases]

    def _returned(self, made: str) -> str:
        if made in self._functions:
            function, module = self._functions[made]
            return self._annotated(function.returns, module) if function.returns else ""
        return made

    def _annotated(self, node: ast.expr, module: Module) -> str:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node = ast.parse(node.value, mode="eval").body
        if isinstance(node, ast.BinOp):
            return _first(self._annotated(side, module) for side in (node.left, node.right))
        return self._resolved(node, module)

    def _resolved(self, node: ast.expr, module: Module) -> str:
        """Return the full name of what a dotted name stands for, through re-exports."""
        if not isinstance(node, ast.Name | ast.Attribute):
            return ""
        first, _, rest = ast.unparse(node).partition(".")
        name = self._symbols[module.name].get(first, "")
        name = f"{name}.{rest}" if name and rest else name
        for _ in range(9):
            home, _, last = name.rpartition(".")
            further = self._symbols.get(home, {}).get(last, name)
            if further == name:
                break
            name = further
        return name


def _symbols_of(module: Module) -> Iterator[tuple[str, str]]:
    for node in module.nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield (
                    (alias.asname, alias.name) if alias.asname else (alias.name.split(".")[0],) * 2
                )
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name, f"{module.base_of(node)}.{alias.name}"
    for node in module.tree.body:
        if isinstance(node, ast.ClassDef | _Function):
            yield node.name, f"{module.name}.{node.name}"


def _names_in(nodes: tuple[ast.AST, ...]) -> dict[str, list[tuple[ast.expr, bool]]]:
    names: dict[str, list[tuple[ast.expr, bool]]] = {}
    for node in nodes:
        if isinstance(node, ast.arg) and node.annotation is not None:
            names.setdefault(node.arg, []).append((node.annotation, True))
        for target, value, is_annotation in _assignments(node):
            if isinstance(target, ast.Name):
                names.setdefault(target.id, []).append((value, is_annotation))
    return names


def _note_attributes(known: _Class, scopes: list[_Scope]) -> None:
    for scope, statement in zip(scopes, known.node.body, strict=True):
        if isinstance(statement, _Function) and statement.returns is not None:
            known.attributes.setdefault(statement.name, []).append((statement.returns, True, scope))
        for target, value, said in _assignments(statement):  # in the class itself
            if isinstance(target, ast.Name):
                known.attributes.setdefault(target.id, []).append((value, said, scope))
        for node in scope.nodes:
            for target, value, said in _assignments(node):
                if isinstance(target, ast.Attribute) and ast.unparse(target.value) == "self":
                    known.attributes.setdefault(target.attr, []).append((value, said, scope))


def _assignments(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr, bool]]:
    """Yield what is assigned to, its annotation or value, and which of the two it is."""
    if isinstance(node, ast.AnnAssign):
        yield node.target, node.annotation, True
    elif isinstance(node, ast.NamedExpr):
        yield node.target, node.value, False
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                for one, value in zip(target.elts, node.value.elts, strict=False):
                    yield one, value, False
            else:
                yield target, node.value, False
    elif isinstance(node, ast.For) and isinstance(node.iter, ast.Tuple | ast.List):
        for value in node.iter.elts:
            yield node.target, value, False


def _first(kinds: Iterator[str]) -> str:
    return next((kind for kind in kinds if kind), "")
