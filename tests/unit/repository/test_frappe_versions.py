"""One source for Frappe 15 and 16: each difference between them, and what only one of them takes."""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import frappe
import pytest

from order_flow import frappe_versions
from order_flow.outbox.transaction import is_connection_lost

APP = Path(__file__).resolve().parents[3] / "order_flow"
RELEASES = pytest.mark.parametrize("version", ["15.0.0-dev", "15.101.1", "16.9.0"])
READS = {"get_all", "get_list", "get_value", "get_values"}
"""Functions of the framework that take columns and an order."""


@RELEASES
def test_no_objection_asks_the_others(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    """15 takes the first answer for the decision, 16 takes None for a refusal."""
    monkeypatch.setattr(frappe, "__version__", version)
    assert frappe_versions.no_objection() is (True if version.startswith("16") else None)


@RELEASES
def test_the_largest_value_is_a_column(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    monkeypatch.setattr(frappe, "__version__", version)
    expected: Any = "max(creation) as newest"
    if version.startswith("16"):
        expected = {"MAX": "creation", "as": "newest"}
    assert frappe_versions.largest("creation", "newest") == expected


class FileOf15:
    """Decodes what is UTF-8."""

    def get_content(self) -> str | bytes:
        content = "订单号".encode("gb18030")
        return content


class FileOf16:
    """Decodes by the first encoding that takes the bytes, and the last of them takes nearly all."""

    def get_content(self, encodings: Any = None) -> str | bytes:
        content = "订单号".encode("gb18030")
        return content.decode("cp1252") if encodings is None else content


@pytest.mark.parametrize("file", [FileOf15(), FileOf16()])
def test_a_file_is_read_as_it_was_sent(file: Any) -> None:
    assert frappe_versions.raw_content(file) == "订单号".encode("gb18030")


class AsText:
    """A file of plain text, which the framework decodes."""

    def get_content(self) -> str:
        return "订单号"


def test_a_decoded_file_is_bytes_again() -> None:
    assert frappe_versions.raw_content(AsText()) == "订单号".encode()


class DriverError(Exception):
    """What the driver of 16 raises."""


class DriverInterfaceError(DriverError):
    """Its error for a connection that was closed here."""


@pytest.fixture
def mysqlclient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The driver of 16 as this process would have loaded it."""
    driver = ModuleType("MySQLdb")
    driver.__dict__.update(Error=DriverError, InterfaceError=DriverInterfaceError)
    monkeypatch.setitem(sys.modules, "MySQLdb", driver)


@pytest.mark.usefixtures("mysqlclient")
@pytest.mark.parametrize(
    ("error", "lost"),
    [
        (DriverError(2006, "server has gone away"), True),
        (DriverError(2013, "lost connection during query"), True),
        (DriverInterfaceError(0, ""), True),
        (DriverError(1205, "lock wait timeout"), False),
        (ValueError(2006), False),
    ],
)
def test_both_drivers_tell_of_a_lost_connection(error: Exception, lost: bool) -> None:
    assert is_connection_lost(error) is lost


def test_hooks_of_rights_never_say_none_by_themselves() -> None:
    """In 16 a hook that returns None refuses everybody."""
    hooks = {"document_permission", "file_permission", "task_permission"}
    returned = {
        ast.unparse(node.value) if node.value else "None"
        for path in (APP / "security").glob("*.py")
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef) and function.name in hooks
        for node in ast.walk(function)
        if isinstance(node, ast.Return)
    }
    assert "no_objection()" in returned
    assert "None" not in returned


def test_lists_take_names_of_fields_only() -> None:
    """16 refuses functions and conditions of SQL in columns and in the order."""
    found = [
        f"{path.relative_to(APP)}:{text.lineno}: {text.value}"
        for path in sorted(APP.rglob("*.py"))
        if path.name != "frappe_versions.py"
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in READS
        for text in _columns_and_order(call)
        if "(" in text.value or " is " in text.value.lower() or "case " in text.value.lower()
    ]
    assert found == []


def _columns_and_order(call: ast.Call) -> list[Any]:
    """Literal texts among a call's columns and its order; filters and messages are others' matter."""
    named = [
        word.value for word in call.keywords if word.arg in ("fields", "fieldname", "order_by", "group_by")
    ]
    return [
        part
        for value in (*call.args[2:3], *named)
        for part in ast.walk(value)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]


def _filters() -> list[tuple[str, Any]]:
    """Stored filters of cards and charts, each with the file it stands in."""
    found = []
    for path in sorted([*APP.rglob("number_card/*/*.json"), *APP.rglob("dashboard_chart/*/*.json")]):
        stored = json.loads(json.loads(path.read_text(encoding="utf-8")).get("filters_json") or "[]")
        found += [(path.name, row) for row in stored if isinstance(row, list)]
    return found


def test_filters_of_cards_have_four_parts() -> None:
    """16 drops a filter with a fifth part: a card would count everything."""
    filters = _filters()
    assert len(filters) > 20
    assert [(name, row) for name, row in filters if len(row) != 4] == []
