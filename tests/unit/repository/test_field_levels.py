"""The table of DocTypes with fields of higher permission levels is complete (R-388)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from order_flow.security.field_levels import LEVELLED

ROOT = Path(__file__).parents[3] / "order_flow" / "order_flow" / "doctype"
DEFINITIONS: dict[str, dict[str, Any]] = {
    found["name"]: found for found in (json.loads(path.read_text()) for path in ROOT.glob("*/*.json"))
}


def _levels(doctype: str) -> set[int]:
    return {field.get("permlevel", 0) for field in DEFINITIONS[doctype]["fields"]}


def test_every_doctype_with_levels_is_in_the_table() -> None:
    """A field put on a level is kept out of answers, too."""
    levelled = {name for name in DEFINITIONS if _levels(name) - {0}}
    assert set(LEVELLED) == levelled


def test_rows_go_by_the_documents_they_stand_on() -> None:
    """Rights on rows are those of the document; every document with such a table is named."""
    for doctype, parents in LEVELLED.items():
        if DEFINITIONS[doctype].get("istable"):
            holders = {
                name
                for name, found in DEFINITIONS.items()
                if any(field.get("options") == doctype for field in found["fields"])
            }
            assert set(parents) == holders
        else:
            assert parents == (doctype,)


def test_the_warehouse_has_no_level_and_everybody_else_has() -> None:
    """Whoever reads a document reads its prices, but for the warehouse; a product's cost is for few."""
    for doctype, level in (
        ("Order", 1),
        ("Change Notice", 1),
        ("Customer", 1),
        ("Order Event", 1),
        ("Product", 2),
    ):
        rows = DEFINITIONS[doctype]["permissions"]
        readers = {row["role"] for row in rows if row.get("read") and not row.get("permlevel")}
        levelled = {row["role"] for row in rows if row.get("read") and row.get("permlevel") == level}
        assert readers - levelled == {"Warehouse"}, doctype
        writers = {row["role"] for row in rows if row.get("write") and not row.get("permlevel")}
        assert {
            row["role"] for row in rows if row.get("write") and row.get("permlevel") == level
        } == writers - {"Warehouse"}
