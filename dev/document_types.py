"""Write the fields of every DocType into its class, as the framework does where it exports types itself.

Run it after a change of a DocType: ``.bench/frappe-bench/env/bin/python -m dev.document_types``.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import frappe
from frappe.types.exporter import TypeExporter, start_block

ROOT: Final = Path(__file__).resolve().parents[1]
DOCTYPES: Final = ROOT / "order_flow" / "order_flow" / "doctype"
PACKAGE: Final = "order_flow.order_flow.doctype"


class FieldsOfJson(TypeExporter):
    """The framework's exporter, reading the JSON and no site."""

    def __init__(self, description: Path) -> None:
        self.doc = frappe._dict(json.loads(description.read_text(encoding="utf-8")))
        # A virtual field is a property of the class.
        self.doc.fields = [frappe._dict(field) for field in self.doc.fields if not field.get("is_virtual")]
        self.doctype = self.doc.name
        self.field_types: dict[str, str] = {}
        self.imports = {"from frappe.types import DF"}
        self.indent = " " * 4
        self.controller_path = description.with_suffix(".py")

    def _get_doctype_imports(self, doctype: str) -> tuple[str, str]:
        """Name the class of a table's rows by the framework's own rule."""
        folder, name = doctype.lower().replace(" ", "_").replace("-", "_"), doctype.replace(" ", "")
        return f"from {PACKAGE}.{folder}.{folder} import {name}", name

    def _replace_or_add_code(self, new_code: str) -> None:
        """Leave the place to the framework where the class has a block; else put it below the docstring."""
        code = self.controller_path.read_text(encoding="utf-8")
        if start_block not in code:
            (first,) = (
                node.body[0]
                for node in ast.parse(code).body
                if isinstance(node, ast.ClassDef) and node.name == self.doctype.replace(" ", "")
            )
            lines = code.splitlines()
            lines.insert(first.end_lineno or first.lineno, f"\n{new_code}\n")
            self.controller_path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        else:
            super()._replace_or_add_code(new_code)

    def fields(self) -> list[str]:
        """Return the annotations that the class should have."""
        return field_annotations(ast.parse("class _:\n" + self._generate_code()))


def field_annotations(tree: ast.AST) -> list[str]:
    """Return the fields that stand in a file for type checkers only, however they are laid out."""
    return sorted(
        ast.unparse(field)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for field in node.body
        if isinstance(field, ast.AnnAssign)
    )


def exporters() -> Iterator[FieldsOfJson]:
    """Yield one for each DocType of the app that has fields."""
    for path in sorted(DOCTYPES.glob("*/*.json")):
        if path.stem == path.parent.name:
            yield FieldsOfJson(path)


def main() -> None:
    """Write the blocks and lay them out."""
    changed: list[Any] = [exporter.controller_path for exporter in exporters()]
    for exporter in exporters():
        exporter.export_types()
    for command in (["format", "--quiet"], ["check", "--fix", "--quiet"], ["format", "--quiet"]):
        subprocess.run([sys.executable, "-m", "ruff", *command, *changed], check=True)


if __name__ == "__main__":
    main()
