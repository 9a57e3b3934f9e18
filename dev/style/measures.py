"""One function for each point of style: from a checkout to a number."""

from __future__ import annotations

import ast
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from statistics import median
from typing import Final

from dev.style.sources import (
    DOCTYPE,
    REPORT,
    Checkout,
    Function,
    arguments,
    called_name,
    is_annotated,
    length,
)

RAW_SQL: Final = ("frappe.db.sql", "frappe.db.multisql", "frappe.db.sql_list")
WITH_VERBS: Final = ("endpoint", "guest_endpoint", "open_endpoint")
WHITELIST: Final = "frappe.whitelist"
STATE_ENUMS: Final = ("State", "Status", "Step")
ENUM_BASES: Final = ("StrEnum", "Enum", "enum.StrEnum", "enum.Enum")
QUESTIONS: Final = ("What", "Whether", "Which", "Who", "Whose", "Where", "When", "How")
BROAD: Final = ("Exception", "BaseException")


def app_files(checkout: Checkout) -> float:
    """Python files of the app."""
    return len(checkout.app)


def app_lines(checkout: Checkout) -> float:
    """Lines of the app's Python files."""
    return checkout.app_lines


def largest_file(checkout: Checkout) -> float:
    """Lines of the app's longest Python file."""
    return max((source.lines for source in checkout.app), default=0)


def largest_script(checkout: Checkout) -> float:
    """Lines of the app's longest JavaScript file."""
    return max(checkout.scripts.values(), default=0)


def modules_in_a_folder(checkout: Checkout) -> float:
    """Modules of the fullest folder; the folders of DocTypes and reports are the framework's."""
    counts = Counter(
        source.path.parent
        for source in checkout.app
        if source.path.name != "__init__.py" and not {DOCTYPE, REPORT} & set(source.path.parts)
    )
    return max(counts.values(), default=0)


def _lengths(checkout: Checkout) -> list[int]:
    return sorted(length(function) for source in checkout.app for function in source.functions())


def function_median(checkout: Checkout) -> float:
    """Lines of the middle function."""
    return median(_lengths(checkout) or [0])


def function_p90(checkout: Checkout) -> float:
    """Lines that nine of ten functions do not exceed."""
    lengths = _lengths(checkout)
    return lengths[math.ceil(0.9 * len(lengths)) - 1] if lengths else 0


def function_max(checkout: Checkout) -> float:
    """Lines of the longest function."""
    return max(_lengths(checkout), default=0)


def controller_median(checkout: Checkout) -> float:
    """Lines of the middle DocType controller."""
    return median([source.lines for source in checkout.app if source.is_controller()] or [0])


def controller_max(checkout: Checkout) -> float:
    """Lines of the longest DocType controller."""
    return max((source.lines for source in checkout.app if source.is_controller()), default=0)


def without_framework(checkout: Checkout) -> float:
    """Percent of the app's lines in files that import no Frappe."""
    return _percent(
        sum(source.lines for source in checkout.app if not source.uses_framework()), checkout.app_lines
    )


def _public(checkout: Checkout) -> list[Function]:
    return [function for source in checkout.app for function in source.public_functions()]


def documented(checkout: Checkout) -> float:
    """Percent of public functions with a docstring."""
    return _share(ast.get_docstring(function) is not None for function in _public(checkout))


def annotated(checkout: Checkout) -> float:
    """Percent of public functions whose arguments and result all have a type."""
    return _share(is_annotated(function) for function in _public(checkout))


def strictly_typed(checkout: Checkout) -> float:
    """Percent of the app's lines that mypy checks in strict mode."""
    checked = (
        source.lines for source in checkout.app if any(source.is_below(folder) for folder in checkout.strict)
    )
    return _percent(sum(checked), checkout.app_lines)


def any_arguments(checkout: Checkout) -> float:
    """Arguments of the app's functions whose type is `Any`."""
    return sum(
        isinstance(arg.annotation, ast.Name) and arg.annotation.id == "Any"
        for source in checkout.app
        for function in source.functions()
        for arg in arguments(function)
    )


def question_docstrings(checkout: Checkout) -> float:
    """Percent of docstrings that open with a question word instead of a verb or a noun."""
    openings = [
        text.split(None, 1)[0].rstrip(",.:")
        for source in checkout.app
        for function in source.functions()
        if (text := ast.get_docstring(function))
    ]
    return _share(word in QUESTIONS for word in openings)


def test_lines(checkout: Checkout) -> float:
    """Lines of tests for every line of the app."""
    lines = sum(source.lines for source in checkout.tests)
    return lines / checkout.app_lines if checkout.app_lines else 0.0


def _handlers(checkout: Checkout) -> Iterator[ast.ExceptHandler]:
    for source in checkout.app:
        yield from (node for node in source.nodes if isinstance(node, ast.ExceptHandler))


def excepts(checkout: Checkout) -> float:
    """Except clauses for every 1,000 lines."""
    return checkout.per_thousand(sum(1 for _ in _handlers(checkout)))


def bare_excepts(checkout: Checkout) -> float:
    """Except clauses that name no error."""
    return sum(handler.type is None for handler in _handlers(checkout))


def broad_excepts(checkout: Checkout) -> float:
    """Except clauses that catch `Exception` or everything."""
    return sum(
        isinstance(handler.type, ast.Name) and handler.type.id in BROAD for handler in _handlers(checkout)
    )


def state_words(checkout: Checkout) -> frozenset[str]:
    """Values of every enum of the app whose name ends with State, Status or Step."""
    return frozenset(
        statement.value.value
        for source in checkout.app
        for node in source.nodes
        if isinstance(node, ast.ClassDef)
        and node.name.endswith(STATE_ENUMS)
        and any(called_name(base) in ENUM_BASES for base in node.bases)
        for statement in node.body
        if isinstance(statement, ast.Assign)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def state_literals(checkout: Checkout) -> float:
    """Comparisons with a state that is written as text instead of as a member of its enum."""
    words = state_words(checkout)
    return sum(
        isinstance(side, ast.Constant) and isinstance(side.value, str) and side.value in words
        for source in checkout.app
        for node in source.nodes
        if isinstance(node, ast.Compare)
        for side in (node.left, *node.comparators)
    )


def endpoints(checkout: Checkout) -> list[Function]:
    """Functions that REST can call."""
    return [
        function
        for source in checkout.app
        for function in source.functions()
        if any(_opens(decorator) for decorator in function.decorator_list)
    ]


def _opens(decorator: ast.expr) -> bool:
    return called_name(decorator) in (*WITH_VERBS, WHITELIST)


def endpoint_count(checkout: Checkout) -> float:
    """Functions that REST can call."""
    return len(endpoints(checkout))


def typed_endpoints(checkout: Checkout) -> float:
    """Percent of the endpoints whose arguments and result all have a type."""
    return _share(is_annotated(function) for function in endpoints(checkout))


def verb_bound_endpoints(checkout: Checkout) -> float:
    """Percent of the endpoints that name the HTTP methods they answer."""
    return _share(
        any(_names_verbs(decorator) for decorator in function.decorator_list)
        for function in endpoints(checkout)
    )


def _names_verbs(decorator: ast.expr) -> bool:
    if not isinstance(decorator, ast.Call):
        return False
    if called_name(decorator) in WITH_VERBS:
        return bool(decorator.args)
    return any(keyword.arg == "methods" for keyword in decorator.keywords)


def raw_sql(checkout: Checkout) -> float:
    """Calls with SQL as text for every 1,000 lines."""
    return checkout.per_thousand(
        sum(called_name(call.func) in RAW_SQL for source in checkout.app for call in source.calls())
    )


def ignored_permissions(checkout: Checkout) -> float:
    """Places that set `ignore_permissions` for every 1,000 lines."""
    return checkout.per_thousand(
        sum(
            keyword.arg == "ignore_permissions"
            for source in checkout.app
            for call in source.calls()
            for keyword in call.keywords
        )
    )


def _percent(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 100.0


def _share(answers: Iterable[bool]) -> float:
    """Percent of the answers that are yes; 100 when there are none."""
    known = list(answers)
    return _percent(sum(known), len(known))
