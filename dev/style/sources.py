"""The Python files of a checkout, parsed once, and the small questions the points ask of them."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

APP: Final = "order_flow"
TESTS: Final = "tests"
SETTINGS: Final = "pyproject.toml"
DOCTYPE: Final = "doctype"
REPORT: Final = "report"
FRAMEWORK: Final = "frappe"
GENERATED: Final = re.compile(
    r"^ *# begin: auto-generated types\n.*?^ *# end: auto-generated types\n\n?", re.DOTALL | re.MULTILINE
)
"""The fields that `dev.document_types` writes."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One Python file.

    Args:
        path: its place below the root of the checkout.
        text: its content.
    """

    path: Path
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed file."""
        return ast.parse(self.text, filename=str(self.path))

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the file."""
        return tuple(ast.walk(self.tree))

    @cached_property
    def lines(self) -> int:
        """Number of lines, blank ones included; what a script writes into a class is nobody's to read."""
        return len(GENERATED.sub("", self.text).splitlines())

    def calls(self) -> Iterator[ast.Call]:
        """Every call in the file."""
        return (node for node in self.nodes if isinstance(node, ast.Call))

    def functions(self) -> Iterator[Function]:
        """Every function and method, nested ones included."""
        return (node for node in self.nodes if isinstance(node, Function))

    def public_functions(self) -> Iterator[Function]:
        """Functions of the module and methods of its classes whose name has no leading underscore."""
        bodies = [self.tree.body, *(node.body for node in self.tree.body if isinstance(node, ast.ClassDef))]
        for body in bodies:
            for node in body:
                if isinstance(node, Function) and not node.name.startswith("_"):
                    yield node

    def uses_framework(self) -> bool:
        """Whether the file imports Frappe anywhere."""
        for node in self.nodes:
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            else:
                continue
            if any(name.split(".")[0] == FRAMEWORK for name in names):
                return True
        return False

    def is_below(self, folder: str) -> bool:
        """Whether the file is the named one, or lies anywhere below the named folder."""
        return self.path.is_relative_to(folder)

    def is_controller(self) -> bool:
        """Whether the file is the controller of a DocType: `doctype/x/x.py`."""
        return self.path.parent.parent.name == DOCTYPE and self.path.stem == self.path.parent.name


@dataclass(frozen=True)
class Checkout:
    """What the points are measured on.

    Args:
        app: files of the app.
        tests: files of the tests.
        scripts: lines of each JavaScript file of the app.
        strict: folders and files that mypy checks.
    """

    app: tuple[Source, ...]
    tests: tuple[Source, ...]
    scripts: dict[Path, int] = field(default_factory=dict)
    strict: tuple[str, ...] = ()

    @cached_property
    def app_lines(self) -> int:
        """Lines of the app."""
        return sum(source.lines for source in self.app)

    def per_thousand(self, count: int) -> float:
        """A count for every 1,000 lines of the app."""
        return 1000 * count / self.app_lines if self.app_lines else 0.0


def read_checkout(root: Path) -> Checkout:
    """Read the app and the tests below a folder.

    Raises:
        SyntaxError: a file is no Python; raised when its tree is first asked for.
    """
    return Checkout(
        app=_sources(root, APP),
        tests=_sources(root, TESTS),
        scripts={
            path.relative_to(root): len(path.read_text(encoding="utf-8").splitlines())
            for path in sorted((root / APP).rglob("*.js"))
        },
        strict=_strict_folders(root / SETTINGS),
    )


def _strict_folders(settings: Path) -> tuple[str, ...]:
    if not settings.exists():
        return ()
    return tuple(tomllib.loads(settings.read_text(encoding="utf-8"))["tool"]["mypy"]["files"])


def _sources(root: Path, folder: str) -> tuple[Source, ...]:
    return tuple(
        Source(path.relative_to(root), path.read_text(encoding="utf-8"))
        for path in sorted((root / folder).rglob("*.py"))
    )


def docstring_lines(function: Function) -> int:
    """Lines that a function's documentation takes."""
    if ast.get_docstring(function) is None:
        return 0
    first = function.body[0]
    return (first.end_lineno or first.lineno) - first.lineno + 1


def length(function: Function) -> int:
    """Lines of a function from its `def`, its documentation left out."""
    return (function.end_lineno or function.lineno) - function.lineno + 1 - docstring_lines(function)


def arguments(function: Function) -> list[ast.arg]:
    """Every argument but the `self` or `cls` of a method."""
    spec = function.args
    named = [*spec.posonlyargs, *spec.args]
    if named and named[0].arg in ("self", "cls"):
        named = named[1:]
    return [*named, *spec.kwonlyargs, *(arg for arg in (spec.vararg, spec.kwarg) if arg)]


def is_annotated(function: Function) -> bool:
    """Whether every argument and the result have a type."""
    return function.returns is not None and all(arg.annotation for arg in arguments(function))


def called_name(node: ast.expr) -> str:
    """The dotted name of what a decorator or call names: `frappe.db.sql`; empty for anything else."""
    if isinstance(node, ast.Call):
        return called_name(node.func)
    if isinstance(node, ast.Attribute):
        return f"{called_name(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""
