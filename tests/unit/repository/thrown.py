"""Collects what the code of reviews, gates, money, changes and clocks refuses with, from its source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

APP: Final = Path(__file__).parents[3] / "order_flow"
_FLOW: Final = (
    "changes/*", "clocks/*", "desk/manual_events", "desk/money_actions", "gates/overrides",
    "lifecycle/approvals", "lifecycle/checking", "lifecycle/evidence", "lifecycle/overriding",
    "lifecycle/planning", "money/credit", "money/credit_raises", "money/entry",
    "money/letters_of_credit", "money/payments", "money/settling", "orders/numbers", "orders/progress",
    "records/attachments", "records/numbers", "reviews/*", "sign_offs/*",
)  # fmt: skip
_DOCTYPES: Final = (
    "change_*", "clock_*", "credit_raise_request", "customer_price", "gate_override", "letter_of_credit*",
    "open_point", "order_evidence", "order_payment", "review_*", "working_*",
)  # fmt: skip
_METHODS: Final = ("changes", "clocks", "gates", "money", "reviews")
_THROWERS: Final = {"throw", "refuse_without_role", "require_role"}


def sources() -> Iterator[Path]:
    """Every module that may refuse something of issue 3."""
    for name in _FLOW:
        yield from sorted((APP / "flow").glob(f"{name}.py"))
    for name in _DOCTYPES:
        yield from sorted((APP / "order_flow" / "doctype").glob(f"{name}/*.py"))
    for name in _METHODS:
        yield APP / "api" / f"{name}.py"


def thrown_texts() -> dict[str, set[str]]:
    """The texts that are thrown, each with the modules that throw it."""
    found: dict[str, set[str]] = {}
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in _THROWERS:
                for text in _translated(node):
                    found.setdefault(text, set()).add(str(path.relative_to(APP)))
    return found


def pattern_of(text: str) -> re.Pattern[str]:
    """Matches whatever a text can become once its places are filled in."""
    parts = re.split(r"\{[a-z_0-9]*\}", text)
    return re.compile(".*".join(re.escape(part) for part in parts), re.DOTALL)


def _name(function: ast.expr) -> str:
    return getattr(function, "attr", "") or getattr(function, "id", "")


def _translated(call: ast.Call) -> Iterator[str]:
    for node in ast.walk(call):
        if isinstance(node, ast.Call) and _name(node.func) == "_" and isinstance(node.args[0], ast.Constant):
            text = node.args[0].value
            if isinstance(text, str) and text.endswith((".", "!", "?")) and " " in text:
                yield text
