"""The readable table of who may what (``tests/site/rights``), and the same read from the app's definitions.

Letters of a cell: r read, w write, c create, d delete, s submit, x cancel, a amend, p print, m mail, t
report, e export, i import, h share; ``o`` behind them: only one's own. ``1:r``: fields of level 1.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any, Final

from order_flow.domain.access.row_rules import RULES, RolesOnly, RowOf
from order_flow.domain.states import Role

DEFINITIONS: Final = Path(__file__).parents[1] / "order_flow" / "order_flow"
TABLES: Final = Path(__file__).parent / "site" / "rights"
LETTERS: Final = {
    "read": "r",
    "write": "w",
    "create": "c",
    "delete": "d",
    "submit": "s",
    "cancel": "x",
    "amend": "a",
    "print": "p",
    "email": "m",
    "report": "t",
    "export": "e",
    "import": "i",
    "share": "h",
    "select": "l",
}
ROLES: Final = ("System Manager", *(role.value for role in Role))
TABLE_OF_ROWS: Final = "rows of "

Rights = dict[str, dict[str, str]]
"""Cells by DocType and role."""


def read_table(name: str) -> Rights:
    """A table of the repository.

    Args:
        name: file name without its ending.
    """
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    head = rows[0]
    return {row[0]: dict(zip(head[1:], row[1:], strict=True)) for row in rows[1:]}


def cell_of(permissions: list[dict[str, Any]], role: str) -> str:
    """The rights that a role has by a DocType's permissions."""
    parts = []
    for level in sorted({int(row.get("permlevel") or 0) for row in permissions if row["role"] == role}):
        rows = [row for row in permissions if row["role"] == role and int(row.get("permlevel") or 0) == level]
        letters = "".join(letter for right, letter in LETTERS.items() if any(row.get(right) for row in rows))
        own = "o" if all(row.get("if_owner") for row in rows) else ""
        parts.append(f"{level}:{letters}{own}" if level else letters + own)
    return " ".join(parts)


def definitions() -> dict[str, dict[str, Any]]:
    """The app's DocTypes as the repository defines them."""
    found = (json.loads(path.read_text(encoding="utf-8")) for path in DEFINITIONS.glob("doctype/*/*.json"))
    return {definition["name"]: definition for definition in found}


def defined_rights() -> Rights:
    """What the app's definitions give to whom, in the table's words."""
    known = definitions()
    table: Rights = {}
    for name in sorted(known):
        definition = known[name]
        if definition.get("istable"):
            parents = sorted(
                parent
                for parent, other in known.items()
                if any(df.get("options") == name and df["fieldtype"] == "Table" for df in other["fields"])
            )
            cells = {"limited people see": rule_words(name), **dict.fromkeys(ROLES, "")}
            table[name] = {"kind": TABLE_OF_ROWS + " / ".join(parents), **cells}
            continue
        rights = {role: cell_of(definition.get("permissions", []), role) for role in ROLES}
        table[name] = {"kind": "document", "limited people see": rule_words(name), **rights}
    return table


def rule_words(doctype: str) -> str:
    """The rule of rows in a reader's words."""
    rule = RULES[doctype]
    if isinstance(rule, RolesOnly):
        return "all"
    if isinstance(rule, RowOf):
        return "with the document"
    return {"InCare": "in care", "HangsOn": "with its order or customer", "LinkedTo": "of own customers"}.get(
        type(rule).__name__, "with what it is about"
    )


def write_table(name: str, rights: Rights) -> None:
    """Write a table anew, for the one who has changed rights on purpose and reads the difference."""
    TABLES.mkdir(exist_ok=True)
    columns = list(next(iter(rights.values())))
    with (TABLES / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["DocType", *columns])
        writer.writerows(
            [doctype, *(cells[column] for column in columns)] for doctype, cells in rights.items()
        )


if __name__ == "__main__":
    write_table("doctypes", defined_rights())
