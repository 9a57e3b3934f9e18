"""Every giver of a task goes through the one mechanism, for a reason whose receivers are known and tested."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from order_flow.domain.states import Role
from order_flow.domain.tasks.reasons import (
    DONE_BY_HAND,
    ENDS_WHEN_GOODS_LEFT,
    OUTLIVES_ITS_ORDER,
    RECEIVERS,
    TaskReason,
)

APP = Path(__file__).resolve().parents[3] / "order_flow"
MECHANISM = APP / "flow" / "tasks" / "giving.py"


def _calls() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted(APP.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "keep_task":
                yield f"{path.relative_to(APP)}:{node.lineno}", node


def _reason(call: ast.Call) -> str:
    reason = call.args[2]
    if ast.unparse(call).startswith("keep_task(task.role, order, reason,"):
        return ""  # as the table of wanted tasks says
    is_member = isinstance(reason, ast.Attribute) and ast.unparse(reason.value) == "TaskReason"
    assert is_member, f"{ast.unparse(call)}: the reason is no member of TaskReason"
    assert isinstance(reason, ast.Attribute)
    return reason.attr


def test_every_reason_has_its_receivers_and_a_giver() -> None:
    """The site test opens every pair of RECEIVERS over HTTP; a reason nobody gives would prove nothing."""
    assert set(RECEIVERS) == set(TaskReason)
    by_facts = re.findall(
        r"TaskReason\.([A-Z_]+)", (APP / "domain" / "tasks" / "of_orders.py").read_text("utf-8")
    )
    given = {_reason(call) for _place, call in _calls()} | set(by_facts)
    assert {reason for reason in TaskReason if reason.name not in given} == set()


def test_givers_name_roles_that_their_reason_knows() -> None:
    wrong = []
    for place, call in _calls():
        role = call.args[0]
        if isinstance(role, ast.Attribute) and ast.unparse(role.value) == "Role":
            known = RECEIVERS[TaskReason[_reason(call)]].roles
            if Role[role.attr] not in known:
                wrong.append(f"{place}: {role.attr} is no receiver of {_reason(call)}")
    assert wrong == []


def test_nobody_builds_a_task_by_hand() -> None:
    wrong = []
    for path in sorted(APP.rglob("*.py")):
        if path == MECHANISM:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Dict):
                pairs = zip(node.keys, node.values, strict=True)
                if any(
                    isinstance(key, ast.Constant)
                    and key.value == "doctype"
                    and isinstance(value, ast.Constant)
                    and value.value == "ToDo"
                    for key, value in pairs
                ):
                    wrong.append(f"{path.relative_to(APP)}:{node.lineno}")
            makes = isinstance(node, ast.Call) and ast.unparse(node.func).endswith("new_doc")
            if makes and isinstance(node, ast.Call) and ast.unparse(node.args[0]) == "'ToDo'":
                wrong.append(f"{path.relative_to(APP)}:{node.lineno}")
    assert wrong == []


WITH_ITS_PAPER = {
    "close_tasks": {"DATE_PROPOSED", "CHANGE_INFORMED"},
    "close_ship_tasks": {"DISPATCH", "SHIP_IN_WDT"},
    "tell_of_low_stock": {"LOW_STOCK"},
    "closed": {"DISCREPANCY"},
    "follow_calling_off": {"CHANGE_REFUSED"},
    "end_task_named": {"INTAKE_REFUSED"},
    "end_calls": {"CUSTOMER_CALL"},
    "end_calls_about": {"CUSTOMER_CALL"},
    "follow_review": {"REVIEW_ANSWER", "REVIEW_LATE"},
}
"""Reasons whose tasks end together: by the function that ends all tasks of a paper or of a name."""


def _named_in_enders() -> Iterator[str]:
    for path in sorted(APP.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("end_task", "end_given_task"):
                yield from re.findall(r"TaskReason\.([A-Z_]+)", ast.unparse(node))
            if isinstance(node, ast.FunctionDef):
                yield from WITH_ITS_PAPER.get(node.name, ())


def test_every_task_ends_when_its_reason_ends() -> None:
    """A reason ends by a fact, or is one of the few that only a person can close."""
    by_facts = re.findall(
        r"TaskReason\.([A-Z_]+)", (APP / "domain" / "tasks" / "of_orders.py").read_text("utf-8")
    )
    ended = {*_named_in_enders(), *by_facts, *(reason.name for reason in ENDS_WHEN_GOODS_LEFT)}
    by_hand = {reason.name for reason in DONE_BY_HAND}
    assert {reason.name for reason in TaskReason} - ended == by_hand


_MAKES_MESSAGES = {"Message", "joined", "text_of"}


def _is_message(node: ast.AST, function: ast.FunctionDef) -> bool:
    """Whether an expression is a ``Message`` that nobody translated yet."""
    if isinstance(node, ast.IfExp):
        return _is_message(node.body, function) and _is_message(node.orelse, function)
    if isinstance(node, ast.Name):
        given = [
            each.value
            for each in ast.walk(function)
            if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == node.id
        ]
        return bool(given) and all(_is_message(value, function) for value in given)
    if isinstance(node, ast.Attribute):
        return ast.unparse(node) == "task.text"  # ``WantedTask``, typed
    makes = isinstance(node, ast.Call) and ast.unparse(node.func) in _MAKES_MESSAGES
    return makes and not any(
        isinstance(part, ast.Call) and ast.unparse(part.func) in ("_", "frappe._") for part in ast.walk(node)
    )


def _badly_worded(source: str) -> list[str]:
    """Texts of tasks that would be in the language of whoever gives them."""
    wrong = []
    for function in ast.walk(ast.parse(source)):
        if not isinstance(function, ast.FunctionDef):
            continue
        for call in ast.walk(function):
            is_giver = isinstance(call, ast.Call) and ast.unparse(call.func) == "keep_task"
            if is_giver and isinstance(call, ast.Call) and not _is_message(call.args[3], function):
                wrong.append(f"{function.name}: {ast.unparse(call.args[3])}")
    return wrong


def test_texts_of_tasks_are_translated_where_they_are_stored() -> None:
    """C6: a giver hands over the sentence, ``keep_task`` says it in the site's language."""
    wrong = {str(path.relative_to(APP)): _badly_worded(path.read_text("utf-8")) for path in APP.rglob("*.py")}
    assert {path: calls for path, calls in wrong.items() if calls} == {}


def test_translated_texts_of_tasks_are_found() -> None:
    def giver(text: str) -> str:
        return f"def give(order):\n    words = {text}\n    keep_task(ROLE, order, REASON, words)"

    for text in ('_("Do {0}").format(1)', 'f"Do {order}"', "'Do it'", 'Message("{0}", _(state))'):
        assert _badly_worded(giver(text)) != []
    for text in ('Message("Do {0}", 1)', 'joined([Message("a"), other], ", ")'):
        assert _badly_worded(giver(text)) == []


def test_names_of_reasons_tell_them_apart() -> None:
    """A task is known by the beginning of its name."""
    values = [reason.value for reason in TaskReason]
    assert [
        (one, other) for one in values for other in values if one != other and other.startswith(f"{one}-")
    ] == []
    assert set(TaskReason) > OUTLIVES_ITS_ORDER
