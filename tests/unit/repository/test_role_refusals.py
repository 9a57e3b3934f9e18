"""Refuse a deed for want of a role in one place, which names the roles."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Final

APP: Final = Path(__file__).resolve().parents[3] / "order_flow"
ALLOWED: Final = {
    "flow/refusals.py:refuse_without_role": "the one place",
    "outbox/people.py:require_operator": "the outbox lies below flow and may not ask it",
    "flow/cancelling/requests.py:delete_order": "asks whose order it is; the role is the exception",
}


def _asks_roles(function: ast.FunctionDef) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr == "get_roles" for node in ast.walk(function))


def _refuses(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(node, ast.Attribute) and node.attr == "PermissionError" for node in ast.walk(function)
    )


def test_roles_are_refused_in_one_place() -> None:
    """A function that reads roles and refuses by itself may forget to name them."""
    found = {
        f"{path.relative_to(APP)}:{function.name}"
        for path in APP.rglob("*.py")
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef) and _asks_roles(function) and _refuses(function)
    }
    assert found == set(ALLOWED)
