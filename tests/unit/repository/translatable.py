"""Collects every text of the app that a person may read and the framework can translate."""

from __future__ import annotations

import ast
import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from order_flow.defaults.boards import OPEN_ORDERS
from order_flow.defaults.shipped_change_kinds import SHIPPED_KINDS
from order_flow.defaults.shipped_reviews import SHIPPED
from order_flow.domain.changes.model import ChangeStep
from order_flow.domain.clocks.times import Standing
from order_flow.domain.gates.checks import Result
from order_flow.domain.gates.data import OpenPoint
from order_flow.domain.gates.model import GateCode
from order_flow.domain.goods.allocation import AllocationKey
from order_flow.domain.goods.shipments import ShipmentStep
from order_flow.domain.money.credit_raise import RaiseState, RaiseStep
from order_flow.domain.money.payments import OverpaymentAnswer, PaymentKind
from order_flow.domain.orders.forms import Form
from order_flow.domain.orders.line_progress import ProgressKind
from order_flow.domain.orders.log import Punctuality
from order_flow.domain.reviews.model import DueUnit, MeetingKind, PointKind, ReviewEvent, ReviewStatus
from order_flow.domain.reviews.sign_offs import Answer, Department, Outcome
from order_flow.domain.states import OrderState, OrderStep, Role
from order_flow.integrations.wdt.stages import WarehouseStage

APP: Final = Path(__file__).parents[3] / "order_flow"
DEFINITIONS: Final = APP / "order_flow"
CLOCK_RULES: Final = APP / "defaults" / "clock_rules.json"
_JS_CALL: Final = re.compile(r'__\(\s*"((?:[^"\\]|\\.)*)"')
_JS_ANY_CALL: Final = re.compile(r"(?<![\w.])__\(\s*(\S)")
_JINJA_CALL: Final = re.compile(r'(?<![\w.])_\(\s*"((?:[^"\\]|\\.)*)"')
_JINJA_ANY_CALL: Final = re.compile(r"(?<![\w.])_\(\s*(\S)")
_HEADER: Final = re.compile(r"<[^>]*>")
_SENTENCE: Final = re.compile(r"[A-Z'{].*\s.*[.!?]")
_TRANSLATED: Final = {"_", "Message"}
_HAS_LETTERS: Final = re.compile(r"[^\W\d_]", re.UNICODE)
_FOR_DEVELOPERS: Final = {"ValueError", "TypeError", "AssertionError"}
_PAGES: Final = ("Notification", "Web Form")
"""Definitions whose own texts people read, and whose templates may translate some."""
_PAGE_TEXTS: Final = (
    "subject",
    "message",
    "introduction_text",
    "success_title",
    "success_message",
    "button_label",
    "list_title",
)
_STEPS: Final = {"transitions": "action", "states": "state"}
"""Names that a Workflow shows on buttons and in lists."""
_LABELS: Final = ("label", "title", "format", "description")

_WORDS: Final = (
    WarehouseStage,
    OrderState,
    OrderStep,
    Role,
    Department,
    Answer,
    Outcome,
    ChangeStep,
    ShipmentStep,
    ProgressKind,
    OpenPoint,
    Result,
    ReviewEvent,
    ReviewStatus,
    MeetingKind,
    PointKind,
    DueUnit,
    Standing,
    RaiseState,
    RaiseStep,
    PaymentKind,
    OverpaymentAnswer,
    Form,
    Punctuality,
    AllocationKey,
)
"""Enums whose values people read."""

Places = dict[str, set[str]]
"""Where each text stands, by text."""


def collect() -> Places:
    """Every translatable text of the app, with the files it comes from."""
    places: Places = defaultdict(set)
    for path in sorted(APP.rglob("*.py")):
        _add(places, path, python_texts(path.read_text(encoding="utf-8")))
        _add(places, path, event_names(path.read_text(encoding="utf-8")))
    for path in sorted(APP.rglob("*_dashboard.py")):
        _add(places, path, dashboard_labels(path.read_text(encoding="utf-8")))
    for path in sorted(APP.rglob("*.js")):
        _add(places, path, javascript_texts(path.read_text(encoding="utf-8")))
    for path in sorted(APP.rglob("*.html")):
        _add(places, path, template_texts(path.read_text(encoding="utf-8")))
    for path in sorted(DEFINITIONS.rglob("*.json")):
        _add(places, path, definition_texts(json.loads(path.read_text(encoding="utf-8"))))
    for path in sorted([*(APP / "domain").rglob("*.py"), *(APP / "defaults").rglob("shipped_*.py")]):
        _add(places, path, sentences(path.read_text(encoding="utf-8")))
    _add(places, APP / "domain", domain_texts())
    _add(places, CLOCK_RULES, (rule["title"] for rule in json.loads(CLOCK_RULES.read_text(encoding="utf-8"))))
    return dict(places)


def _add(places: Places, path: Path, texts: Iterator[str]) -> None:
    for text in texts:
        if text.strip():
            places[text].add(str(path.relative_to(APP.parent)))


def dashboard_labels(source: str) -> Iterator[str]:
    """Labels of a form's connections; the form translates them.

    Raises:
        ValueError: one is translated where it is kept for readers of every language.
    """
    if "_(" in source:
        raise ValueError("a dashboard's labels are kept for all readers; write them in English, without _()")
    yield from re.findall(r'"label": "([^"]+)"', source)


def event_names(source: str) -> Iterator[str]:
    """Names of the events in an order's trail and of the streams; the steps come with the domain."""
    yield from re.findall(r'^(?:[A-Z]+_EVENT|(?:[A-Z]+_)?STREAM) = "([^"]+)"$', source, re.MULTILINE)


def python_texts(source: str) -> Iterator[str]:
    """Literal first arguments of ``_()`` and ``Message()``, and the labels of repair buttons.

    Raises:
        ValueError: a call that builds its text, which no table could translate.
    """
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id in _TRANSLATED and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                if _HAS_LETTERS.search(first.value):
                    yield first.value
            elif isinstance(first, ast.JoinedStr | ast.BinOp):
                raise ValueError(f"line {node.lineno}: {node.func.id}() needs a literal with numbered places")
        elif node.func.id == "Repair" and isinstance(node.args[1], ast.Constant):
            yield str(node.args[1].value)


def javascript_texts(source: str) -> Iterator[str]:
    """Literal first arguments of ``__()``.

    Raises:
        ValueError: a call with single quotes or a template, which this collector would overlook.
    """
    for match in _JS_ANY_CALL.finditer(source):
        if match[1] in "'`":
            line = source.count("\n", 0, match.start()) + 1
            raise ValueError(f"line {line}: write the text of __() in double quotes")
    for match in _JS_CALL.finditer(source):
        yield str(json.loads(f'"{match[1]}"'))


def template_texts(source: str) -> Iterator[str]:
    """Literal first arguments of ``_()`` in a Jinja template and of ``__()`` in a report's page for printing.

    Raises:
        ValueError: a call with single quotes, which this collector would overlook.
    """
    yield from javascript_texts(source)
    for match in _JINJA_ANY_CALL.finditer(source):
        if match[1] == "'":
            line = source.count("\n", 0, match.start()) + 1
            raise ValueError(f"line {line}: write the text of _() in double quotes")
    for match in _JINJA_CALL.finditer(source):
        yield str(json.loads(f'"{match[1]}"'))


def definition_texts(definition: dict[str, Any]) -> Iterator[str]:
    """What people read of one definition: DocType, report, print format, workflow, web form and the like."""
    yield definition.get("name", "")
    yield from _labels(definition)
    for key in ("fields", "links", "shortcuts", "filters", "columns", "web_form_fields"):
        for row in definition.get(key, ()):
            yield from _labels(row)
            if row.get("fieldtype") == "Select":
                yield from row.get("options", "").split("\n")
    for table, key in _STEPS.items():
        yield from (row[key] for row in definition.get(table, ()) if key in row)
    if definition.get("doctype") in _PAGES:
        yield from _page_texts(definition)
    if definition.get("doctype") == "Workspace":
        for block in json.loads(definition["content"]):
            if block["type"] == "header":
                yield _HEADER.sub("", block["data"]["text"])


def _page_texts(definition: dict[str, Any]) -> Iterator[str]:
    """Texts of a mail or a web page; of those with parts in Jinja only what the template translates."""
    for key in _PAGE_TEXTS:
        text = definition.get(key) or ""
        if "{{" in text or "{%" in text:
            yield from template_texts(text)
        elif re.search(r"[A-Za-z]", text):
            yield text


def _labels(row: dict[str, Any]) -> Iterator[str]:
    for key in _LABELS:
        text = row.get(key) or ""
        if re.search(r"[A-Za-z]", text):
            yield text


def sentences(source: str) -> Iterator[str]:
    """Whole sentences among the literals of a domain module: what its refusals and gates say to people."""
    tree = ast.parse(source)
    passed_over = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in _FOR_DEVELOPERS:
            passed_over |= {id(part) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in passed_over:
            continue
        if isinstance(node.value, str) and _SENTENCE.fullmatch(node.value):
            yield node.value


def domain_texts() -> Iterator[str]:
    """What the domain says in its own words, translated at the edge."""
    for words in _WORDS:
        yield from (word.value for word in words)
    yield OPEN_ORDERS
    yield from (code.label for code in GateCode)
    yield from (kind.name for kind in SHIPPED_KINDS)
    yield from (shipped.template.name for shipped in SHIPPED)


def read_table(language: str) -> list[list[str]]:
    """The rows of one translation file, as the framework reads them."""
    with (APP / "translations" / f"{language}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))
